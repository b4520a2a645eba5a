# Run by make run, make book, make pdf · tests/course/test_site.py
"""Sphinx, run on the sources."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course.site import ALONG, SiteFailed
from course.site.sources import write_sources
from course.slides import write_decks
from helpers.files import ROOT

HERE = Path(__file__).resolve().parent


def write_book(
    paths: Sequence[Path], target: Path, source: Path, *, root: Path | None = None, builder: str = "html"
) -> str:
    """Build the book.

    Parameters
    ----------
    paths : sequence of Path
        Executed notebooks, in order.
    target : Path
        The folder for the pages.
    source : Path
        The folder that the notebooks come from.
    root : Path, optional
        Of the project: with it the book has its guide, its changelog, its modules and its slides.
    builder : str
        Sphinx's: ``"html"``, or ``"singlehtml"`` for paper.

    Returns
    -------
    str
        Sphinx's warnings, empty if there are none.

    Raises
    ------
    SiteFailed
        If Sphinx ends with an error.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        sources.mkdir()
        files = write_sources(paths, sources, source, root=root, paper=builder == "singlehtml")
        said = _sphinx(sources, target, builder, Path(folder) / "trees")
    for page in target.glob("*.html"):  # myst-nb names each fold alike, whatever its line says
        _edit(page, ' aria-label="Toggle hidden content"', "")
    static = target / "_static"  # what the theme's makers need and no reader does: three megabytes
    for path in (*static.rglob("*.map"), static / "webpack-macros.html"):
        path.unlink(missing_ok=True)
    for along in ALONG:
        if (source / along).is_dir():
            shutil.copytree(source / along, target / along, dirs_exist_ok=True)
    for page in (target / "live").glob("*.html"):  # it leads to a notebook, here to its chapter
        _edit(page, r'(href="\.\./\d\d_\w+)\.ipynb"', r'\1.html"')
    copies = {target / "files" / name: source.parent / name for name in files}
    copies |= {target / "notebooks" / path.name: path for path in paths}
    for place, path in copies.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    if root:
        (target / "slides").mkdir(exist_ok=True)
        write_decks(paths, target / "slides")
    return said


def _sphinx(sources: Path, target: Path, builder: str, trees: Path) -> str:
    """Run Sphinx; returns its warnings."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-c", str(HERE), "-d", str(trees)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    done = subprocess.run([*command, str(sources), str(target)], cwd=ROOT, env=env, capture_output=True, text=True)
    said = done.stderr.replace(f"{sources}{os.sep}", "")
    if done.returncode:
        raise SiteFailed(said[-4000:])
    return said


def _edit(page: Path, pattern: str, by: str) -> None:
    page.write_text(re.sub(pattern, by, page.read_text(encoding="utf-8")), encoding="utf-8")
