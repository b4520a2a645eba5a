# Run by python -m experiments.context · tests/experiments/test_context.py
"""Store what notebook 13 computes by its optional packages: ``python -m experiments.context ptb wiki``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import nbclient
import nbformat

from course import notebook_files
from experiments.results.context import MADE_FOR


def main(argv: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m experiments.context", description=__doc__)
    parser.add_argument("corpus", nargs="+", choices=MADE_FOR)
    path = notebook_files.NOTEBOOKS / "13_context.ipynb"
    for corpus in parser.parse_args(argv).corpus:
        os.environ |= {"WORD2VEC_CONTEXT": "record", "WORD2VEC_CORPUS": corpus}
        nb = nbformat.read(path, as_version=4)
        nbclient.NotebookClient(nb, resources={"metadata": {"path": str(path.parent)}}, timeout=600).execute()
        print(f"context_{corpus}.json is written")


if __name__ == "__main__":
    main()
