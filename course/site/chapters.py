# Run by make run, make book · tests/course/test_site.py
"""A chapter: a notebook as a page that is read."""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Iterator
from html import escape

import nbformat
from nbformat.v4 import new_markdown_cell

from checks import steps
from checks.verdict import prose
from course import notebook_files, solutions
from course.site.links import Links
from helpers.plots.showing import tag


def chapter(nb, solved: dict, links: Links, stem: str, *, paper: bool = False) -> nbformat.NotebookNode:
    """A notebook as a page that is read: what cannot be answered there is folded or left out.

    Exercises keep their text; in place of the cells to write in and to check stand hints in steps, then the reasoning
    and the solution. Outputs that are to be guessed first are folded.
    """
    nb = copy.deepcopy(nb)
    opening = notebook_files.opening(nb)
    asked = solutions.exercises(nb)
    cells, guessed, turn, first = [], False, False, True
    for cell in nb.cells:
        name, role = cell.metadata.get("exercise"), cell.metadata.get("role")
        if cell.cell_type == "markdown":
            if name == "intro":
                cell.source = "## Exercises\n\n" + INTRO
            cell.source = links.point(cell.source if cells or paper else _head(cell.source, stem, links), "notebooks")
            if guessed and not paper:
                cell.source = _answer_folded(cell.source)
            guessed = False
        elif role == "stub":
            cell = new_markdown_cell(folded(name, asked[name], solved.get(name), links, paper=paper))
        elif role == "check" or cell.source.startswith("checks.progress("):
            turn = role == "check"
            continue
        else:
            _mark(cell, "The cell that sets up" if first else "The course's own" if turn else "")
            guessed, turn, first = "hide-output" in cell.metadata.tags, False, False
        cells.append(cell)
    nb.cells = cells
    nb.metadata["myst"] = {"html_meta": {"description": opening.question, "property=og:title": opening.title}}
    return nb


INTRO = (
    "To answer them, open the notebook: each exercise has a cell to write in and a cell that checks it, on inputs that "
    "are drawn anew. Here stand their texts and, folded, hints in steps, what is often done wrong, and solutions."
)
STILL = (
    "This page is the notebook as it ran, its exercises unsolved. What can be moved, typed in or run there stands "
    "still here."
)


def _head(text: str, stem: str, links: Links) -> str:
    """The opening with the ways to the notebook's file and its slides under the title, and what a page is not."""
    ways = f"[Notebook file](site:notebooks/{stem}.ipynb) · [Slides](site:slides/{stem}.html)"
    if "README.md" in links.pages:
        ways += " · [How to run it](../README.md)"
    return re.sub(r"\A(# .*)$", rf"\1\n\n{ways}\n\n*{STILL}*", text, count=1, flags=re.MULTILINE)


def _answer_folded(text: str) -> str:
    """The paragraph after an output that was to be guessed, which says what was right, behind a line to click on."""
    answer, _, rest = text.partition("\n\n")
    return text if answer.startswith("#") else f"{_details('The answer', answer)}\n\n{rest}"


def _mark(cell, fold: str) -> None:
    """Tags and figures' texts as myst-nb reads them; with ``fold`` the code is behind a line that says so."""
    tags = cell.metadata.setdefault("tags", [])
    if fold:
        tags.append("hide-input")
        cell.metadata.setdefault("mystnb", {}).update(code_prompt_show=fold, code_prompt_hide=fold)
    if cell.metadata.get("jupyter", {}).get("outputs_hidden") and cell.outputs:
        tags.append("hide-output")
        cell.metadata.setdefault("mystnb", {}).update(
            code_prompt_show="What came out", code_prompt_hide="What came out"
        )
    for output in cell.outputs:
        about = output.get("metadata", {}).get("image/png", {})
        image = {key: str(about[name]) for key, name in (("alt", "alt"), ("width", "width")) if name in about}
        if image:
            cell.metadata.setdefault("mystnb", {})["image"] = image
            output.data.pop("text/html", None)


def folded(name: str, task, solution, links: Links, *, paper: bool = False) -> str:
    """An exercise's signature, hints, reasoning and solution, each behind a line to click on."""
    parts = []
    if isinstance(task.answer.source, str) and "def " in task.answer.source:
        parts.append(f"```python\n{task.answer.source}\n```")
    ways = [] if paper else [(f"Hint {i}", step) for i, step in enumerate(steps.of(name), 1)]
    parts += [_details(number, f"<p>{prose(step)}</p>") for number, step in ways]
    known = [] if paper else mistakes(name)
    hints = [_details(mistake, f"<p>{prose(hint)}</p>") for mistake, hint in known]
    if hints:
        parts.append(_details("What is often done wrong, and a hint for each", "\n\n".join(hints)))
    if solution:
        reasoning = solution.reasoning.removeprefix("**Reasoning.** ")
        parts.append(_details("Reasoning", links.point(reasoning, f"notebooks/{solutions.SOLUTIONS}")))
        outputs = "\n\n".join(_shown([solution.answer, solution.check]))
        value = getattr(_check(name), "value", None)
        value = f"```text\nmy_{name} is {value:.6g}\n```\n\n" if isinstance(value, float) else ""
        parts.append(_details("Solution", f"```python\n{solution.answer.source}\n```\n\n{value}{outputs}"))
    return "\n\n".join(parts)


def _details(summary: str, content: str) -> str:
    return f'<details class="course"><summary>{escape(summary)}</summary>\n\n{content}\n\n</details>'


def mistakes(name: str) -> list[tuple[str, str]]:
    """The wrong answers that an exercise's check knows, and its hint for each; none where it asks for letters."""
    return [(one.name, one.hint) for one in getattr(_check(name), "mistakes", ())]


def _check(name: str):
    import checks

    return getattr(checks, name, None)


def _shown(cells) -> Iterator[str]:
    for output in (output for cell in cells for output in cell.outputs):
        data = output.get("data", {})
        if "image/png" in data:
            yield tag(base64.b64decode(data["image/png"]), output.metadata.get("image/png", {}).get("alt", ""))
        else:
            text = output.get("text", data.get("text/plain", "")).rstrip()
            yield f"```text\n{text}\n```"
