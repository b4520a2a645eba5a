# Run by python -m experiments.context · tests/experiments/test_context.py
"""Store what notebook 13 computes by its optional packages: ``python -m experiments.context ptb wiki``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import nbclient
import nbformat

from experiments import results
from experiments.results.context import MADE_FOR
from helpers.files import ROOT


def main(argv: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m experiments.context", description=__doc__)
    parser.add_argument("corpus", nargs="+", choices=MADE_FOR)
    path = ROOT / "notebooks" / "13_context.ipynb"
    asked = parser.parse_args(argv).corpus
    missing = [corpus for corpus in MADE_FOR if not (results.FOLDER / f"context_{corpus}.json").is_file()]
    for corpus in (*missing, *asked):  # each shows a result of the other, so what is missing is made in two passes
        os.environ |= {"WORD2VEC_CONTEXT": "record", "WORD2VEC_CORPUS": corpus}
        nb, where = nbformat.read(path, as_version=4), {"metadata": {"path": str(path.parent)}}
        nbclient.NotebookClient(nb, resources=where, timeout=600, allow_errors=corpus in missing).execute()
        missing = [other for other in missing if other != corpus]
        print(f"context_{corpus}.json is written")


if __name__ == "__main__":
    main()
