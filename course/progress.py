# Run by python -m course.progress · tests/checks/test_mine.py
"""python -m course.progress [NN ...]: which pieces and exercises are done, of all notebooks or of some."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import checks


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.progress", description=__doc__.partition(": ")[2])
    parser.add_argument("numbers", nargs="*", type=int, choices=list(checks.NAMES), metavar="NN", help="default: all")
    for number in parser.parse_args(argv).numbers or checks.NAMES:
        print(f"{number:02}\n{checks.progress(number)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
