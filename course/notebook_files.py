# Used by the other commands · tests/course/test_run.py
"""Notebook files: which there are, how each opens, and the one form in which they are stored."""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.controls.control import WIDGET
from helpers.files import ROOT, atomic_write

NOTEBOOKS = ROOT / "notebooks"
LANES = ("strict", "lax")  # how a notebook's stored outputs are compared: all of them, or the tagged cells alone
# Where a notebook that was opened alone, as on Colab or Kaggle, fetches the course. Nobody has published it yet: who
# does, or forks it, names the address here, then `python -m course.notebook_files` writes it into all notebooks.
REPOSITORY = "https://github.com/two-vectors-per-word/two-vectors-per-word"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
# What front ends and runs leave behind in a cell's metadata: it differs from run to run and says nothing to a reader.
RUN_METADATA = ("ExecuteTime", "collapsed", "colab", "execution", "outputId", "scrolled", "trusted", "vscode")


def first_lines(places: Iterable[str] = ("..", "."), repository: str = REPOSITORY) -> tuple[str, ...]:
    """The lines that a notebook's first code cell begins with: find `helpers`, or fetch the repository beside it.

    In a checkout they import what every kernel has loaded and print nothing. Alone they clone without history and
    show what git says; after a restart of the kernel the clone is found. The clone's folder is on the path before it
    is there, which Python remembers: hence ``invalidate_caches``.

    Parameters
    ----------
    places : iterable of str
        Where the root may be, seen from where the kernel runs.
    repository : str
        Anything that ``git clone`` takes.
    """
    folder = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    paths = ", ".join(f'"{place}"' for place in (*places, folder))
    return (
        f"import os; import sys; sys.path[:0] = [{paths}]  # the root, wherever Jupyter runs",
        f'import importlib.util; origin = "{repository}"',
        'if not importlib.util.find_spec("helpers"):  # opened alone, as on Colab or Kaggle: fetch the course',
        '    print(os.popen(f"git clone --depth 1 {origin} 2>&1").read()); importlib.invalidate_caches()',
    )


FIRST_LINES = first_lines()
FIRST_LINES_SOLUTIONS = first_lines(("..", ".", "../.."))


@dataclass(frozen=True)
class Opening:
    """What a notebook's first cell says of it; an empty string where it does not say."""

    title: str
    question: str
    time: str


def find(folder: Path = NOTEBOOKS, names: Iterable[str] = ()) -> list[Path]:
    """The numbered notebooks of a folder, in order.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        Only these: a file name, a path, a stem or a number (``02``). Default: all.

    Raises
    ------
    FileNotFoundError
        For a name that is none of them.

    Examples
    --------
    >>> find(names=["no_such"])
    Traceback (most recent call last):
        ...
    FileNotFoundError: 'no_such' is no notebook in notebooks/
    """
    found = sorted(path for path in folder.glob("[0-9][0-9]_*.ipynb"))
    chosen = []
    for name in names:
        stem = Path(name).name.removesuffix(".ipynb")
        match = [path for path in found if stem in (path.stem, path.stem[:2])]
        if not match:
            raise FileNotFoundError(f"{name!r} is no notebook in {folder.name}/")
        chosen += match
    return sorted(set(chosen)) or found


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook as nbformat 4."""
    return nbformat.read(path, as_version=4)


def lane(nb: nbformat.NotebookNode) -> str:
    """``"strict"`` or ``"lax"``, from the notebook's own metadata: the one place where the split is written down.

    Raises
    ------
    ValueError
        If the metadata names no lane.
    """
    value = nb.metadata.get("lane")
    if value not in LANES:
        raise ValueError(f"the notebook's metadata has lane {value!r}: give one of {', '.join(LANES)}")
    return value


def opening(nb: nbformat.NotebookNode) -> Opening:
    """Title, question and time from the first cell.

    Examples
    --------
    >>> first = nbformat.v4.new_markdown_cell("# 07 · Test\\n\\n**Question.** Why\\nthis?")
    >>> opening(nbformat.v4.new_notebook(cells=[first]))
    Opening(title='07 · Test', question='Why this?', time='')
    """
    first = nb.cells[0].source if nb.cells and nb.cells[0].cell_type == "markdown" else ""
    title = re.match(r"# +(.+)", first)
    return Opening(title.group(1).strip() if title else "", part(first, "Question."), part(first, "Time."))


def part(markdown: str, label: str) -> str:
    """The paragraph that a bold label opens, on one line."""
    found = re.search(rf"^\*\*{re.escape(label)}\*\*(.*?)(?=\n\s*\n|\Z)", markdown, re.MULTILINE | re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def work_minutes(nb: nbformat.NotebookNode) -> int:
    """Minutes to work through a notebook, by one rule for all of them, rounded up to 5.

    150 words of prose a minute, 5 lines of code a minute, and what the exercises say of themselves
    (``*code, aim 2, 8 minutes*``).
    """
    minutes = 0.0
    for cell in nb.cells:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if "exercise" in cell.metadata:
            stated = re.search(r"^\*.*?(\d+) minutes?\*$", cell.source, re.MULTILINE)
            minutes += int(stated.group(1)) if stated and cell.cell_type == "markdown" else 0
        elif cell.cell_type == "code":
            minutes += len(lines) / 5
        else:
            words = re.sub(r"\]\([^)]*\)", "]", re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " x ", cell.source, flags=re.DOTALL))
            minutes += len(words.split()) / 150
    return 5 * -(-round(minutes) // 5)


def clear(nb: nbformat.NotebookNode) -> None:
    """Forget outputs and counts, so that what is there after a run comes from that run."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def normalise(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Bring an executed notebook into the form that is stored: the same run gives the same bytes. Works in place.

    Counts are 1..n, pieces of one stream are one output, widgets (which need a live kernel) and the metadata of the
    run are left out; a widget that comes with a static form, HTML or a picture, leaves that.
    """
    count = 0
    for cell in nb.cells:
        for key in RUN_METADATA:
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        cell.outputs = _merged(output for output in map(_without_widget, cell.outputs) if output is not None)
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            output.pop("transient", None)
            if output.output_type == "execute_result":
                output.execution_count = count
    kept = {key: nb.metadata[key] for key in ("lane", "title") if key in nb.metadata}
    nb.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE, **kept})
    return nb


def _without_widget(output):
    """The output without its widget: what else it shows, HTML or a picture, or None where there is nothing else."""
    data = output.get("data", {})
    if WIDGET not in data:
        return output
    if not any(mime.startswith(("text/html", "image/")) for mime in data):
        return None
    del data[WIDGET]
    return output


def _merged(outputs):
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def write(nb: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook whole or not at all."""
    nbformat.validate(nb)
    replace(path, nbformat.writes(nb).rstrip("\n").encode("utf-8") + b"\n")


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with atomic_write(path) as part:
        part.write_bytes(data)


def pictures(nb: nbformat.NotebookNode) -> dict[str, bytes]:
    """The last PNG of each cell that the metadata ``"picture": "name"`` marks, by name.

    Raises
    ------
    ValueError
        If a marked cell has shown no PNG, or its picture's name is none of a file in that folder.
    """
    found = {}
    for cell in nb.cells:
        name = cell.metadata.get("picture")
        if not name:
            continue
        if re.search(r"[^\w.-]|^\.", name):
            raise ValueError(f"In [{cell.execution_count}] is marked as the picture {name!r}: give a file's bare name")
        images = [output["data"]["image/png"] for output in cell.outputs if "image/png" in output.get("data", {})]
        if not images:
            raise ValueError(f"In [{cell.execution_count}] is marked as the picture {name!r} and shows no PNG")
        found[name.removesuffix(".png")] = base64.b64decode(images[-1])
    return found


def write_first_lines(path: Path, lines: Iterable[str]) -> bool:
    """Put lines where a notebook's first code cell finds `helpers`; nothing else in the file changes.

    Returns
    -------
    bool
        Whether the file was another before.

    Raises
    ------
    ValueError
        If the cell does not begin with such lines, or the file is not in the form that is stored.
    """
    text = path.read_text(encoding="utf-8")
    nb = json.loads(text)
    cell = next(cell for cell in nb["cells"] if cell["cell_type"] == "code")
    source = "".join(cell["source"])
    old = re.match(
        r"import (os; import )?sys; sys\.path\[:0\] = .*\n(import importlib.*\nif not .*\n    print.*\n)?", source
    )
    if not old or _stored(nb) != text:
        raise ValueError(f"{path.name} does not begin with the line that finds helpers, or is not in the stored form")
    cell["source"] = ("\n".join(lines) + "\n" + source[old.end() :]).splitlines(keepends=True)
    if _stored(nb) != text:
        replace(path, _stored(nb).encode("utf-8"))
    return _stored(nb) != text


def _stored(nb: dict) -> str:
    return json.dumps(nb, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """The command line: write the first lines into all notebooks, solutions too; or print the time that each takes."""
    parser = argparse.ArgumentParser(prog="python -m course.notebook_files", description=main.__doc__)
    parser.add_argument("verb", nargs="?", choices=("write", "time"), default="write")
    if parser.parse_args().verb == "time":
        for path in find():
            nb = read(path)
            print(f"{path.stem:20} {work_minutes(nb):4} minutes to work through; it says: {opening(nb).time}")
        return 0
    for folder, lines in ((NOTEBOOKS, FIRST_LINES), (NOTEBOOKS / "solutions", FIRST_LINES_SOLUTIONS)):
        for path in find(folder):
            if write_first_lines(path, lines):
                print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
