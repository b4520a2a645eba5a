# Run by make run, make book · tests/course/test_site.py
"""What Sphinx reads: a chapter for each notebook, and the pages beside them, in one folder."""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from course import notebook_files, solutions
from course.site import ALONG, TITLE
from helpers.plots.showing import tag

# Texts of the root that have a page, and its name.
TEXTS = {"TEACHING.md": "teaching", "CHANGELOG.md": "changelog", "CONTRIBUTING.md": "contributing"}
CAPTIONS = {"chapters": "The course", "beside": "Beside it", "code": "The code"}


@dataclass
class Links:
    """Where links lead in the book, and which files have to come along for them.

    Attributes
    ----------
    root : Path
        Of the project.
    pages : dict of str to str
        A path, seen from the root, to the source of its page.
    along : set of str
        Paths of files that were linked to and have no page: they are copied.
    """

    root: Path
    pages: dict[str, str]
    along: set[str] = field(default_factory=set)

    def point(self, text: str, folder: str = "") -> str:
        """A Markdown text with its links, made for a file in ``folder``, made for a page of the book."""
        code = r"(```.*?```|`[^`\n]*`)"
        parts = re.split(code, text, flags=re.DOTALL)
        link = r"\]\((?![a-z][a-z0-9+.-]*:|#|images/)([^)\s#]+)(#[^)\s]*)?\)"
        parts[::2] = [re.sub(link, lambda m: f"]({self._to(folder, m[1])}{m[2] or ''})", part) for part in parts[::2]]
        return "".join(parts)

    def _to(self, folder: str, address: str) -> str:
        path = os.path.normpath(os.path.join(folder, address)).replace(os.sep, "/")
        if path in self.pages:
            return self.pages[path]
        inside = path.removeprefix("notebooks/")
        if inside.split("/")[0] in ALONG:
            return f"site:{inside}"
        if inside.startswith(f"{solutions.SOLUTIONS}/") and inside.endswith(".ipynb"):
            return f"{Path(inside).name}#exercises"
        if not (self.root / path).is_file():  # a folder has no page
            return path
        self.along.add(path)
        return f"site:files/{path}"


def write_sources(paths: Sequence[Path], target: Path, source: Path, *, root: Path | None = None) -> set[str]:
    """Write what Sphinx reads into a folder.

    Parameters
    ----------
    paths : sequence of Path
        Executed notebooks, in order.
    target : Path
    source : Path
        The folder that the notebooks come from; solutions, the glossary and pictures lie there.
    root : Path, optional
        Of the project whose guide, changelog and modules get pages; without it there are the chapters alone.

    Returns
    -------
    set of str
        Files that the pages link to and that have to come along, seen from the parent of ``source``.
    """
    pages = {f"notebooks/{path.name}": path.name for path in paths}
    pages |= {f"notebooks/{path.name}": path.name for path in source.glob("*.md")}
    if root:
        pages |= {name: f"{page}.md" for name, page in TEXTS.items()} | {"README.md": "index.md"}
        pages |= {"helpers/README.md": "api/index.md"} | {
            str(p.relative_to(root)): _api(p, root) for p in modules(root)
        }
    links = Links(source.parent, pages)
    chapters = []
    for path in paths:
        nb = notebook_files.read(path)
        answers = source / solutions.SOLUTIONS / path.name
        solved = solutions.exercises(notebook_files.read(answers)) if answers.is_file() else {}
        chapters.append((path.stem, notebook_files.opening(nb)))
        nbformat.write(chapter(nb, solved, links, path.stem), target / path.name)
    beside = _texts(source, target, links)
    if root:
        beside += _guides(root, target, links)
        write_modules(root, target / "api", links)
    if (source / "images").is_dir():
        shutil.copytree(source / "images", target / "images")
    (target / "index.md").write_text(index(chapters, source, beside, code=bool(root)), encoding="utf-8")
    return links.along


def _texts(source: Path, target: Path, links: Links) -> list[str]:
    for path in sorted(source.glob("*.md")):
        text = links.point(path.read_text(encoding="utf-8"), "notebooks")
        (target / path.name).write_text(text, encoding="utf-8")
    return [path.stem for path in sorted(source.glob("*.md"))]


def _guides(root: Path, target: Path, links: Links) -> list[str]:
    found = {page: root / name for name, page in TEXTS.items() if (root / name).is_file()}
    for page, path in found.items():
        (target / f"{page}.md").write_text(links.point(path.read_text(encoding="utf-8")), encoding="utf-8")
    (target / "cite.md").write_text(cite(root / "CITATION.cff"), encoding="utf-8")
    return [*found, "cite"]


# -- a chapter


def chapter(nb, solved: dict, links: Links, stem: str) -> nbformat.NotebookNode:
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
            if not cells:
                cell.source = _head(cell.source, stem)
            if name == "intro":
                cell.source = re.sub(
                    r"\n\n.*", "\n\n" + INTRO.replace("STEM", f"{stem}.ipynb"), cell.source, flags=re.DOTALL
                )
        elif role == "stub":
            cell = new_markdown_cell(folded(name, asked[name], solved.get(name), links))
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


def folded(name: str, task, solution, links: Links) -> str:
    """An exercise's signature, hints, reasoning and solution, each behind a line to click on."""
    parts = []
    if isinstance(task.answer.source, str) and "def " in task.answer.source:
        parts.append(f"```python\n{task.answer.source}\n```")
    if mistakes(name):
        parts.append(_details("Hints: usual mistakes", "\n\n".join(_details(*h) for h in mistakes(name))))
    if solution:
        parts.append(
            _details("Reasoning", links.point(re.sub(r"\A\*\*Reasoning\.\*\* ", "", solution.reasoning), "notebooks"))
        )
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
            import base64

            yield tag(base64.b64decode(data["image/png"]), output.metadata.get("image/png", {}).get("alt", ""))
        else:
            text = output.get("text", data.get("text/plain", "")).rstrip()
            yield f"```text\n{text}\n```"


# -- the pages beside the chapters


def index(chapters, source: Path, beside: Sequence[str], *, code: bool) -> str:
    """The first page: what the book is, its chapters, and all that lies beside them."""
    rows = [
        f"| [{opening.title or stem}]({stem}.ipynb) | {opening.question} | {_work(opening.time)} |"
        for stem, opening in chapters
    ]
    live = []
    for path in sorted((source / "live").glob("*.html")):
        title = re.search("<h1>(.*?)</h1>", path.read_text(encoding="utf-8"))[1]
        live.append(f"- [{title}](site:live/{path.name})")
    parts = [
        f"# {TITLE}",
        "word2vec, from an empty table of numbers to trained, measured and explained word vectors. Every number on a page "
        "was computed by the cell above it.",
        "\n".join(["| chapter | question | time |", "|---|---|---|", *rows]),
    ]
    if live:
        parts += ["## Pages that compute", "In any browser, without a network.", "\n".join(live)]
    parts += ["A deck of [slides](site:slides/index.html) for each chapter." if code else ""]
    toctrees = {
        "chapters": [stem for stem, _ in chapters],
        "beside": list(beside),
        "code": ["api/index"] if code else [],
    }
    for name, entries in toctrees.items():
        if entries:
            parts.append("\n".join(["```{toctree}", ":hidden:", f":caption: {CAPTIONS[name]}", "", *entries, "```"]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _work(time: str) -> str:
    """Of a notebook's time the minutes to work through it, where it says them."""
    found = re.search(r"(\d+) minutes to work", time)
    return f"{found[1]} min" if found else time


def cite(path: Path) -> str:
    """How to cite, from CITATION.cff."""
    import yaml

    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    year = str(found["date-released"])[:4]
    lines = [
        "@software{two_vectors_per_word,",
        f"  title = {{{found['title']}}},",
        f"  author = {{{{{found['authors'][0]['name']}}}}},",
        f"  version = {{{found['version']}}},",
        f"  year = {{{year}}},",
        f"  license = {{{found['license']}}}",
        "}",
    ]
    text = f"# How to cite\n\n{found['message']}\n\n```bibtex\n" + "\n".join(lines) + "\n```\n\n"
    for work in found["references"]:
        names = ", ".join(f"{who['given-names']} {who['family-names']}" for who in work["authors"])
        text += f"- {names}: [{work['title']}]({work['url']}), {work['year']}.\n"
    return text


# -- a page for each module


def modules(root: Path) -> list[Path]:
    """The modules of `helpers`, packages by their ``__init__.py``, what is private left out."""
    found = sorted((root / "helpers").rglob("*.py"))
    return [path for path in found if not re.match(r"_(?!_init__)", path.name) and path.name != "__main__.py"]


def _api(path: Path, root: Path) -> str:
    return f"api/{_dotted(path, root)}.md"


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def write_modules(root: Path, target: Path, links: Links) -> None:
    """A page for each module: what its first line says of notebooks and tests, and its docstrings."""
    target.mkdir()
    names = []
    for path in modules(root):
        name = _dotted(path, root)
        first = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ")
        chapters = {stem[:2]: stem for stem in (Path(page).stem for page in links.pages.values()) if stem[:2].isdigit()}
        first = re.sub(r"notebooks/(\d\d_\w+)\.ipynb", lambda m: m[1][:2], first)
        first = re.sub(
            r"(?<![\d.])(\d\d)(?![\d.])",
            lambda m: f"[{m[1]}](../{chapters[m[1]]}.ipynb)" if m[1] in chapters else m[1],
            first,
        )
        page = f"# {name}\n\n{first}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```\n"
        (target / f"{name}.md").write_text(page, encoding="utf-8")
        names.append(name)
    text = links.point((root / "helpers" / "README.md").read_text(encoding="utf-8"), "helpers")
    known = set(names)

    def row(match):
        name = f"helpers.{match[1].replace('/', '.')}"
        return f"| [`{match[1]}`]({name}.md) |" if name in known else match[0]

    text = re.sub(r"^\| `([\w/]+)` \|", row, text, flags=re.MULTILINE)
    text = re.sub(r"\]\(api/", "](", text)
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])
    (target / "index.md").write_text(f"{text}\n\n{toctree}\n", encoding="utf-8")
