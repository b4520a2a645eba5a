# Run by make run, make book · tests/course/test_site.py
"""The pages beside the chapters: the first page, how to cite, and one for each module of helpers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from course import readme
from course.site import TITLE
from course.site.links import Links

CAPTIONS = {"chapters": "The course", "beside": "Beside it", "code": "The code"}


def index(chapters, source: Path, beside: Sequence[str], *, code: bool, paper: bool) -> str:
    """The first page: what the book is, its chapters, and all that lies beside them."""
    rows = [
        f"| [{first.title or stem}]({stem}.ipynb) | {first.question} | {_work(first.time)} |"
        for stem, first in chapters
    ]
    parts = [
        f"# {TITLE}",
        "word2vec, from an empty table of numbers to trained, measured and explained word vectors: skip-gram with "
        "negative sampling, in notebooks that run, for who knows Python and the basics of PyTorch. Numbers come from "
        "the cells, and what takes hours from stored runs, each with its command.",
        "\n".join(["| chapter | question | time |", "|---|---|---|", *rows]),
    ]
    toctrees = {"chapters": [stem for stem, _ in chapters], "beside": list(beside)}
    toctrees["code"] = ["api/index"] if code else []
    for name, entries in toctrees.items():
        if entries:
            parts.append("\n".join(["```{toctree}", ":hidden:", f":caption: {CAPTIONS[name]}", "", *entries, "```"]))
    if "start" in beside:
        parts.append("To read, begin with 01. To run the notebooks and answer the exercises: [install](start.md).")
    live = [] if paper else sorted((source / "live").glob("*.html"))
    if live:
        titles = [re.search("<h1>(.*?)</h1>", path.read_text(encoding="utf-8"))[1] for path in live]
        shown = "\n".join(f"- [{title}](site:live/{path.name})" for title, path in zip(titles, live))
        parts += ["## Pages that compute", "In any browser, without a network.", shown]
    if code:
        parts += ["## Slides", "A [deck](site:slides/index.html) for each chapter, for the room."]
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


def dotted(path: Path, root: Path) -> str:
    """A module's name, by its file."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def write_modules(root: Path, target: Path, links: Links) -> None:
    """A page for each module: what its first line says of notebooks and tests, and its docstrings."""
    target.mkdir()
    chapters = {stem[:2]: stem for stem in (Path(page).stem for page in links.pages.values()) if stem[:2].isdigit()}

    def chapter_link(number):
        return f"[{number[1]}](../{chapters[number[1]]}.ipynb)" if number[1] in chapters else number[1]

    names = []
    for path in readme.modules("helpers"):
        name = dotted(path, root)
        first = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ")
        first = re.sub(r"notebooks/(\d\d)_\w+\.ipynb", r"\1", first)
        first = re.sub(r"(?<![\d.])(\d\d)(?![\d.])", chapter_link, first)
        page = f"# {name}\n\n{first}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```\n"
        (target / f"{name}.md").write_text(page, encoding="utf-8")
        names.append(name)
    text = links.point((root / "helpers" / "README.md").read_text(encoding="utf-8"), "helpers", "api")
    known = set(names)

    def row(match):
        name = f"helpers.{match[1].replace('/', '.')}"
        return f"| [`{match[1]}`]({name}.md) |" if name in known else match[0]

    text = re.sub(r"^\| `([\w/]+)` \|", row, text, flags=re.MULTILINE)
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])
    (target / "index.md").write_text(f"{text}\n\n{toctree}\n", encoding="utf-8")
