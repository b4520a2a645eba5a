# Used from 04 · tests/helpers/book/test_book.py
"""What keeps the book's package from running, and the command that mends it.

It needs nothing but the standard library, so that `course.check_env` can ask it where packages are missing.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.files import ROOT

PIN = re.compile(r"([A-Za-z0-9_.-]+)==([^\s;#]+)\s*(?:;\s*([^#]*))?")
MARKER = re.compile(r'python_version (<|>=) "3\.(\d+)"')


@dataclass(frozen=True)
class Fault:
    """Why a package cannot be used: ``missing`` if it is not there at all, in words, and what to do."""

    what: str
    remedy: str
    missing: bool = False


def pins(path: Path = ROOT / "requirements.txt", minor: int = sys.version_info[1]) -> Iterator[tuple[str, str, str]]:
    """The lines of requirements.txt that hold for a Python.

    Parameters
    ----------
    path : Path
    minor : int
        The second number of the Python's version. Default: this one's.

    Yields
    ------
    tuple of str
        Package, pinned version, and the section that it stands in.

    Raises
    ------
    ValueError
        For a marker that asks for something else than Python's version.
    """
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"# -- ([^,(']+)", line)
        pin = PIN.match(line)
        if heading:
            section = heading.group(1).strip()
        elif pin and holds((pin.group(3) or "").strip(), minor):
            yield pin.group(1), pin.group(2), section


def holds(marker: str, minor: int) -> bool:
    """Whether an environment marker is true of Python 3.``minor``; an empty one is.

    Examples
    --------
    >>> holds('python_version < "3.14"', 9), holds('python_version >= "3.14"', 9)
    (True, False)
    """
    found = MARKER.fullmatch(marker)
    if marker and not found:
        raise ValueError(f"the marker {marker!r} is not of the form python_version < (or >=) a version")
    return not found or (minor < int(found.group(2))) == (found.group(1) == "<")


def install(*packages: str, options: str = "") -> str:
    """The command that installs packages in their pinned versions.

    Examples
    --------
    >>> install("no_such")
    'pip install no_such'
    """
    pinned = {name: f"{name}=={version}" for name, version, _ in pins()}
    return " ".join(["pip install", *options.split(), *(pinned.get(name, name) for name in packages)])


def find_fault(package: str = "d2l") -> Fault | None:
    """Import ``"d2l"`` as the book does, or ``"torchvision"``, which it needs and does not declare.

    Returns
    -------
    Fault or None
        None where the package works; the import is paid once.
    """
    try:
        importlib.import_module("d2l.torch" if package == "d2l" else package)
        display = importlib.import_module("IPython.display")
    except Exception as error:  # a broken torchvision raises RuntimeError, a missing one ImportError
        return explain(error, package)
    if package == "d2l" and not hasattr(display, "set_matplotlib_formats"):
        return Fault("d2l.Animator needs IPython below 9, which still had set_matplotlib_formats", install("ipython"))
    return None


def explain(error: Exception, package: str = "d2l") -> Fault:
    """Each way in which the import fails has its own remedy."""
    text = str(error).splitlines()[0] if str(error) else ""
    if "torchvision::nms" in text:
        remedy = install("torch", "torchvision", options="--force-reinstall")
        return Fault(f"torchvision does not match torch: they come from different builds ({text})", remedy)
    if isinstance(error, ModuleNotFoundError) and error.name and "." not in error.name:
        return Fault(f"the package {error.name!r} is missing", install(error.name), error.name == package)
    return Fault(f"{package} does not import ({type(error).__name__}: {text})", install(package))
