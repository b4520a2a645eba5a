# Used from 01 · tests/helpers/texts/test_samples.py
"""Where gensim's sample data lies, found without importing gensim: evaluation sets, and a sample of Wikipedia.

On a Python that gensim has no wheel for, the wheel of another is unpacked into data/ and its data read there.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from helpers.arguments import checked, text
from helpers.files import ROOT

VERSION = "4.4.0"  # of gensim: what is in its wheel is what the course reads
TARGET = ROOT / "data" / "gensim"  # the wheel, unpacked, on a Python that gensim has no wheel for; never on sys.path
REMEDY = f"pip install --no-deps --only-binary=:all: --python-version 3.13 --target data/gensim gensim=={VERSION}"


class SampleMissing(FileNotFoundError):
    """gensim's sample data is neither in an installed gensim nor in data/; the message says how to get it."""


@checked(name=text("the name of a file, such as 'wordsim353.tsv'"))
def sample(name: str) -> Path:
    """Path of a file of gensim's sample data.

    Parameters
    ----------
    name : str
        Such as ``"wordsim353.tsv"``.

    Returns
    -------
    Path
        In the installed gensim, else under ``data/gensim``.

    Raises
    ------
    SampleMissing
        If it is in neither.
    """
    spec = find_spec("gensim")
    installed = [Path(spec.origin).parent.parent] if spec and spec.origin else []
    for place in (*installed, TARGET):
        path = place / "gensim" / "test" / "test_data" / name
        if os.path.isfile(path):  # false, too, for a name that no system takes
            return path
    raise SampleMissing(
        f"{name} is not there: it is in gensim's wheel, of which the course reads the data alone here. From the "
        f"folder of the course:\n    {REMEDY}"
    )
