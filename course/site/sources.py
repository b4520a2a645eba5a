# Run by make run, make book · tests/course/test_site.py
"""What Sphinx reads: a chapter for each notebook, and the pages beside them, in one folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat

from course import notebook_files, readme, solutions
from course.site import TITLE
from course.site.beside import cite, dotted, index, write_modules
from course.site.chapters import chapter
from course.site.links import Links

# Texts of the root that have a page, and its name.
TEXTS = {
    "README.md": "start",
    "TEACHING.md": "teaching",
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
}


def write_sources(
    paths: Sequence[Path], target: Path, source: Path, *, root: Path | None = None, paper: bool = False
) -> set[str]:
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
    paper : bool
        Leave out what needs a screen.

    Returns
    -------
    set of str
        Files that the pages link to and that have to come along, seen from the parent of ``source``.
    """
    pages = {f"notebooks/{path.name}": path.name for path in paths}
    pages |= {f"notebooks/{path.name}": path.name for path in source.glob("*.md")}
    if root:
        pages |= {name: f"{page}.md" for name, page in TEXTS.items()}
        pages["helpers/README.md"] = "api/index.md"
        pages |= {
            path.relative_to(root).as_posix(): f"api/{dotted(path, root)}.md" for path in readme.modules("helpers")
        }
    links = Links(source.parent, pages, paper)
    chapters = []
    for path in paths:
        nb = notebook_files.read(path)
        answers = source / solutions.SOLUTIONS / path.name
        solved = solutions.exercises(notebook_files.read(answers)) if answers.is_file() else {}
        chapters.append((path.stem, notebook_files.opening(nb)))
        nbformat.write(chapter(nb, solved, links, path.stem, paper=paper), target / path.name)
    beside = _texts(source, target, links)
    if root:
        beside += _guides(root, target, links)
        write_modules(root, target / "api", links)
    if (source / "images").is_dir():
        shutil.copytree(source / "images", target / "images")
    (target / "index.md").write_text(index(chapters, source, beside, code=bool(root), paper=paper), encoding="utf-8")
    return links.along


def _texts(source: Path, target: Path, links: Links) -> list[str]:
    for path in sorted(source.glob("*.md")):
        text = links.point(path.read_text(encoding="utf-8"), "notebooks")
        (target / path.name).write_text(text, encoding="utf-8")
    return [path.stem for path in sorted(source.glob("*.md"))]


def _guides(root: Path, target: Path, links: Links) -> list[str]:
    found = {page: root / name for name, page in TEXTS.items() if (root / name).is_file()}
    for page, path in found.items():
        text = path.read_text(encoding="utf-8").replace(f"# {TITLE}\n", "# Install, run, cite\n")
        text = links.point(text.replace("](notebooks/images/", "](images/"))
        (target / f"{page}.md").write_text(text, encoding="utf-8")
    (target / "cite.md").write_text(cite(root / "CITATION.cff"), encoding="utf-8")
    return [*found, "cite"]
