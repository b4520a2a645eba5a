# Run by make book, make pdf · tests/course/test_site.py
"""The book from the stored notebooks, without running them; the command behind ``make book`` and ``make pdf``.

python -m course.site            build/book/, pages that need no network
python -m course.site --pdf      build/two-vectors-per-word.pdf, printed by the Chromium that is installed
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course import notebook_files
from course.folders import NotOurs, own_folder
from course.site import SiteFailed
from course.site.browsing import NoBrowser
from course.site.build import write_book
from course.site.pdf import write_pdf
from helpers.files import ROOT


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.site", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="notebooks (default: all)")
    parser.add_argument("--pdf", action="store_true", help="print it")
    parser.add_argument("--to", type=Path, help="where it goes (default: under build/)")
    args = parser.parse_args(argv)
    target = args.to or ROOT / "build" / ("two-vectors-per-word.pdf" if args.pdf else "book")
    try:
        paths = notebook_files.find(names=args.names)
        if args.pdf:
            pages = write_pdf(paths, target, notebook_files.NOTEBOOKS)
            print(f"{pages} pages: {target}")
        else:
            with own_folder(target, "course.site") as folder:
                said = write_book(paths, folder, notebook_files.NOTEBOOKS, root=ROOT)
            print(f"{said}open {target / 'index.html'}")
    except (NotOurs, NoBrowser, OSError, SiteFailed) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
