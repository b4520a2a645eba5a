# Run by python -m course.readme · tests/test_house.py
"""The map of `helpers`: ``python -m course.readme`` writes helpers/README.md from the first line of each module."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.files import ROOT, atomic_write

# The order of the modules on the page; the folders follow.
LINE = (
    "files corpus sampling batches model training vectors formats maps evaluation uses counts theory softmax subwords "
    "glove plots controls"
).split()
PACKAGES = ("helpers", "checks", "course", "experiments")
FIRST = re.compile(
    r"# (Taught in|Used|Run by) ([^·]+?)(?: · exercised in ([^·]+))? · ((?:tests|notebooks)/\S+(?: \S+)*)"
)
HEAD = """# helpers: what the notebooks teach, and import once they have taught it

    text -> corpus -> sampling -> batches -> model -> loss -> training -> vectors

Each word after *text* is a module here, and a notebook teaches it (the loss is in `model`); imports point backwards
along the line, which needs nothing beside it: `texts` (where text comes from), `engines` (the same training by other
means), `book` (d2l's chapter as printed), and the rest. A test compares what is taught with its notebook's cell.

| module | what it is | taught in | exercised in | tests |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Place:
    """What a module's first line says, and its docstring's first sentence.

    Attributes
    ----------
    path : Path
    taught : str
        The notebook's number, ``"used from 04"``, or ``"run by"`` and a command.
    exercised : str
        Numbers of exercises, such as ``"4.2, 4.3"``; empty where there are none.
    tests : str
        Files or folders from the root, parted by blanks.
    what : str
    """

    path: Path
    taught: str
    exercised: str
    tests: str
    what: str


def place(path: Path) -> Place:
    """Read a module's first line: ``# Taught in 04 · exercised in 4.2 · tests/helpers/test_sampling.py``.

    Raises
    ------
    ValueError
        If the first line does not say so.
    """
    source = path.read_text(encoding="utf-8")
    first, _, rest = source.partition("\n")
    found = FIRST.fullmatch(first)
    if not found:
        raise ValueError(
            f"{path.relative_to(ROOT)} begins with {first!r}; its first line says where it is taught and tested: "
            "# Taught in 04 · exercised in 4.2 · tests/helpers/test_sampling.py"
        )
    kind, taught, exercised, tests = found.groups()
    doc = re.search(r'"""(.+?)(?:"""|\n\n)', rest, re.S)
    what = re.split(r"(?<=[a-z)`])[.;] ", " ".join(doc.group(1).split()))[0].rstrip(".") if doc else ""
    return Place(path, taught if kind == "Taught in" else f"{kind.lower()} {taught}", exercised or "", tests, what)


def modules(*packages: str) -> Iterator[Path]:
    """The modules of packages, in the order of their paths, without the commands' entry points."""
    for package in packages or PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if path.name != "__main__.py")


def page() -> str:
    """helpers/README.md, with the texts, the plots and the controls as a row each."""
    rows = []
    for path in modules("helpers"):
        name = path.relative_to(ROOT / "helpers").with_suffix("").as_posix()
        if name.endswith("__init__") != name.startswith(("texts/", "plots/", "controls/")):
            continue
        at, name = place(path), name.removesuffix("/__init__")
        exercised = at.exercised
        if path.stem == "__init__":  # a folder in one row, with the exercises of its modules
            exercised = ", ".join(filter(None, (place(one).exercised for one in sorted(path.parent.glob("*.py")))))
        tests = ", ".join(test.removeprefix("tests/").removesuffix(".py") for test in at.tests.split())
        rank = (0, LINE.index(name)) if name in LINE else (1, 0)
        rows.append((rank, f"| `{name}` | {at.what} | {at.taught} | {exercised} | {tests} |"))
    rows.sort(key=lambda row: row[0])
    return HEAD + "\n".join(row for _, row in rows) + "\n"


def main() -> int:
    """The command line: write the page."""
    argparse.ArgumentParser(prog="python -m course.readme", description=__doc__).parse_args()
    with atomic_write(ROOT / "helpers" / "README.md") as part:
        part.write_text(page(), encoding="utf-8")
    print("wrote helpers/README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
