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

from course import notebook_files, solutions
from course.site.links import Links
from helpers.plots.showing import tag


def chapter(nb, solved: dict, links: Links, stem: str, *, paper: bool = False) -> nbformat.NotebookNode:
    """A notebook as a page that is read: what cannot be answered there is folded or left out.

    Exercises keep their text; in place of the cells to write in and to check stand hints in steps, then the reasoning
    and the solution. Outputs that are to be guessed first are folded.
    """
    nb = copy.deepcopy(nb)
    question = notebook_files.opening(nb).question
    asked = solutions.exercises(nb)
    cells, first = [], True
    for cell in nb.cells:
        name, role = cell.metadata.get("exercise"), cell.metadata.get("role")
        if cell.cell_type == "markdown":
            cell.source = links.point(cell.source, "notebooks")
            if not cells and not paper:
                cell.source = _head(cell.source, stem)
            if name == "intro":
                cell.source = links.point("## Exercises\n\n" + INTRO.replace("STEM", f"{stem}.ipynb"))
        elif role == "stub":
            cell = new_markdown_cell(folded(name, asked[name], solved.get(name), links, paper=paper))
        elif role == "check" or cell.source.startswith("checks.progress("):
            continue
        else:
            _mark(cell, first)
            first = False
        cells.append(cell)
    nb.cells = cells
    nb.metadata["myst"] = {"html_meta": {"description": question, "property=og:title": stem}}
    return nb


INTRO = (
    "To answer them, open the [notebook](site:notebooks/STEM): each exercise has a cell to write in and a cell that "
    "checks it, on inputs drawn anew each time. Here stand their texts, hints, and the worked solutions, folded."
)


def _head(text: str, stem: str) -> str:
    """The opening with the ways to the notebook's file and its slides under the title."""
    ways = f"[Notebook file](site:notebooks/{stem}.ipynb) · [Slides](site:slides/{stem}.html)"
    return re.sub(r"\A(# .*)$", rf"\1\n\n{ways}", text, count=1, flags=re.MULTILINE)


def _mark(cell, first: bool) -> None:
    """Tags and figures' texts as myst-nb reads them."""
    tags = cell.metadata.setdefault("tags", [])
    if first:
        tags.append("hide-input")
    if cell.metadata.get("jupyter", {}).get("outputs_hidden") and cell.outputs:
        tags.append("hide-output")
        cell.metadata.setdefault("mystnb", {})["code_prompt_show"] = "What came out"
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
    known = [] if paper else mistakes(name)
    hints = [_details(mistake, f"<p>{escape(hint)}</p>") for mistake, hint in known]
    if hints:
        parts.append(_details("Hints: usual mistakes", "\n\n".join(hints)))
    if solution:
        reasoning = solution.reasoning.removeprefix("**Reasoning.** ")
        parts.append(_details("Reasoning", links.point(reasoning, f"notebooks/{solutions.SOLUTIONS}")))
        outputs = "\n\n".join(_shown([solution.answer, solution.check]))
        parts.append(_details("Solution", f"```python\n{solution.answer.source}\n```\n\n{outputs}"))
    return "\n\n".join(parts)


def _details(summary: str, content: str) -> str:
    return f'<details class="course"><summary>{escape(summary)}</summary>\n\n{content}\n\n</details>'


def mistakes(name: str) -> list[tuple[str, str]]:
    """The wrong answers that an exercise's check knows, and its hint for each; none where it asks for letters."""
    import checks

    check = getattr(checks, name, None)
    return [(one.name, one.hint) for one in getattr(check, "mistakes", ())]


def _shown(cells) -> Iterator[str]:
    for output in (output for cell in cells for output in cell.outputs):
        data = output.get("data", {})
        if "image/png" in data:
            yield tag(base64.b64decode(data["image/png"]), output.metadata.get("image/png", {}).get("alt", ""))
        else:
            text = output.get("text", data.get("text/plain", "")).rstrip()
            yield f"```text\n{text}\n```"
