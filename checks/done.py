# Used from 01 · tests/checks/test_mine.py
"""Which pieces and exercises are done: a table for a notebook, or for the course."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from helpers.files import ROOT

HEADING = re.compile(r"### (Your turn|Exercise) (\d+\.\d+) · (.+)")


@dataclass(frozen=True)
class Progress:
    """The exercises of one notebook or of all, and which of them are done.

    Attributes
    ----------
    rows : tuple of (str, str, bool)
        The heading's number and title, the exercise's name, whether an answer to it passed its check.
    """

    rows: tuple[tuple[str, str, bool], ...]

    def __str__(self) -> str:
        done = sum(is_done for *_, is_done in self.rows)
        lines = [f"{'done' if is_done else '   -'}  {title}" for title, _, is_done in self.rows]
        return "\n".join([*lines, f"{done} of {len(self.rows)} done"])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        cells = "".join(
            f"<tr><td style='text-align: left'>{escape(title)}</td><td>{'done' if is_done else '–'}</td></tr>"
            for title, _, is_done in self.rows
        )
        return {"text/plain": str(self), "text/html": f"<table>{cells}</table>"}


def progress(notebook: int | None = None) -> Progress:
    """Which exercises of a notebook are done, the pieces of *Your turn* among them; default: of all notebooks.

    Done is what passed its check in a notebook, in this session or an earlier one: `checks.mine` keeps it.
    """
    from checks import NAMES, mine

    numbers = NAMES if notebook is None else [notebook]
    done, rows = mine.done(), []
    for number in numbers:
        titles = _titles(number)
        rows += [(titles.get(name, name), name, name in done) for name in NAMES[number]]
    return Progress(tuple(rows))


def _titles(number: int) -> dict[str, str]:
    """The exercises' headings by name, as the notebook has them; empty where it is not there."""
    found = {}
    for path in (ROOT / "notebooks").glob(f"{number:02}_*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            heading = HEADING.match("".join(cell["source"]))
            if heading and "exercise" in cell["metadata"]:
                kind, place, title = heading.groups()
                found[cell["metadata"]["exercise"]] = f"{kind} {place} · {title}"
    return found
