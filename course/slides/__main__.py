# Run by make slides · tests/course/test_slides.py
"""The command ``python -m course.slides``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course import notebook_files
from course.folders import own_folder
from course.slides.deck import write_decks
from helpers.files import ROOT


def main(argv: Sequence[str] | None = None) -> int:
    """Write the decks; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.slides", description="a slide deck for each notebook")
    parser.add_argument("names", nargs="*", help="notebooks (default: all)")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "slides")
    args = parser.parse_args(argv)
    try:
        paths = notebook_files.find(names=args.names)
        with own_folder(args.build, "course.slides", empty=False) as folder:
            counts = write_decks(paths, folder)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for name, count in counts.items():
        print(f"{name}: {count} slides")
    print(f"open {args.build / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
