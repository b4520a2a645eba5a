# Run by make run · tests/course/test_run.py
"""The HTML book: executed notebooks as pages that need no network and no script; formulas become MathML here."""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

import nbformat

from course import notebook_files

TITLE = "Two Vectors per Word"
ALONG = ("images", "live")  # folders beside the notebooks that go with them
CSS = """
:root { --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --code: #f6f8fa; --link: #0b5cad; --page: #ffffff; }
body { color: var(--ink); background: var(--page); max-width: 52rem; margin: 0 auto; padding: 1rem 1.2rem 4rem;
  font: 1.05rem/1.6 Georgia, "Liberation Serif", serif; }
h1, h2, h3, nav, th, .prompt { font-family: system-ui, "Liberation Sans", sans-serif; line-height: 1.25; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
a { color: var(--link); } .anchor-link { visibility: hidden; text-decoration: none; margin-left: .3em; }
h1:hover .anchor-link, h2:hover .anchor-link, h3:hover .anchor-link { visibility: visible; }
nav { display: flex; justify-content: space-between; gap: 1rem; font-size: .9rem; margin: .5rem 0 1.5rem; }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86rem; line-height: 1.45; }
.input_area pre { background: var(--code); border: 1px solid var(--line); border-radius: 4px; padding: .6rem .8rem; }
.output pre { padding: 0 .8rem; margin: .4rem 0; } pre { overflow-x: auto; }
.output_stderr pre, .output_error pre { color: #a40e26; }
.prompt { color: var(--soft); font-size: .75rem; } .output .prompt, .text_cell .prompt { display: none; }
img, svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .35rem .7rem; text-align: left;
  border-bottom: 1px solid var(--line); vertical-align: top; }
math[display="block"] { margin: 1rem 0; overflow-x: auto; overflow-y: hidden; }
summary { color: var(--link); cursor: pointer; font: .9rem system-ui, "Liberation Sans", sans-serif; }
@media print { details.guess::details-content { content-visibility: visible; height: auto; }
  summary { display: none; } }
blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 1rem; color: var(--soft); }
"""
# What was guessed first is shown on request, and on paper.
FOLDED = """{% extends 'basic/index.html.j2' %}
{% block output_group %}
{%- if cell.metadata.get("jupyter", {}).get("outputs_hidden") -%}
<details class="guess"><summary>What came out</summary>{{ super() }}</details>
{%- else -%}{{ super() }}{%- endif -%}
{% endblock output_group %}"""


class FormulaError(ValueError):
    """A formula that could not be written as MathML."""


def mathml(latex: str, *, block: bool = False) -> str:
    """A LaTeX formula as MathML, which browsers draw by themselves.

    Raises
    ------
    FormulaError
        If a command is not known: it would stand on the page as text.

    Examples
    --------
    >>> mathml("x^2").partition("<mrow>")[2]
    '<msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """
    from latex2mathml.converter import convert

    known = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", latex.strip())  # the package knows one of the two
    try:
        found = convert(known, display="block" if block else "inline")
    except Exception as error:  # the package raises a class for each kind of slip
        raise FormulaError(f"{latex.strip()!r}: {type(error).__name__}") from error
    left = re.search(r">\s*(?:(?:&#x0005C;|\\)[A-Za-z]+|&amp;|&)\s*<", found)
    if left:
        raise FormulaError(f"{latex.strip()!r}: {left.group(0)[1:-1].strip()!r} is not understood")
    return found


def markdown(source: str) -> str:
    """Markdown as HTML, formulas as MathML.

    Raises
    ------
    FormulaError
        If a formula has a command that is not known.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body):
            return mathml(body, block=True)

        def inline_math(self, body):
            return mathml(body)

        def latex_environment(self, name, body):
            return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


def body(nb: nbformat.NotebookNode) -> str:
    """The cells of a notebook as HTML, without a page around them."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="basic")
    exporter.raw_template = FOLDED
    exporter.register_filter("markdown2html", markdown)
    nb = copy.deepcopy(nb)
    label = ""
    for cell in nb.cells:
        label = _heading(cell) or label
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/latex" in data and "text/html" not in data:
                data["text/html"] = mathml(data["text/latex"].strip().strip("$"), block=True)
            if "image/png" in data:  # what a screen reader says of a figure
                output.metadata.setdefault("image/png", {}).setdefault("alt", f"Figure: {label}")
    return exporter.from_notebook_node(nb)[0]


def _heading(cell) -> str:
    found = re.findall(r"^#+ +(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []
    return found[-1].strip() if found else ""


def relink(html: str, source: Path, target: Path, pages: Sequence[str]) -> str:
    """Point relative links, made for the folder ``source``, right from a page in the folder ``target``.

    Links among the notebooks and to ``glossary.md`` lead to their pages, what is in `ALONG` was copied, anything else
    stays where it is.
    """

    def point(match):
        before, address, after = match.groups()
        path, hash_, anchor = address.partition("#")
        stem = path.removesuffix(".ipynb").removesuffix(".md")
        if re.match(r"[a-z][a-z0-9+.-]*:|/", address) or not path or path.split("/")[0] in ALONG:
            return match.group(0)
        if path.endswith((".ipynb", ".md")) and stem in pages:
            return f"{before}{stem}.html{hash_}{anchor}{after}"
        moved = os.path.relpath(source / path, target).replace(os.sep, "/")
        return f"{before}{moved}{hash_}{anchor}{after}"

    return re.sub(r'(<(?:a|img)\b[^>]*?\b(?:href|src)=")([^"]+)(")', point, html)


def anchor(heading: str) -> str:
    """A heading's anchor as GitHub makes it: lower case, hyphens for blanks, no other signs.

    Examples
    --------
    >>> anchor("Spearman's correlation"), anchor("t-SNE")
    ('spearmans-correlation', 't-sne')
    """
    return re.sub(r"[^\w-]", "", unescape(heading).lower().replace(" ", "-"))


def page(title: str, content: str, *, links: str = "") -> str:
    """A whole page, styled from within."""
    from pygments.formatters import HtmlFormatter

    style = CSS + HtmlFormatter().get_style_defs(".highlight")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n{links}\n<main>{content}</main>\n{links}\n</body>\n</html>\n"
    )


def write_book(paths: Sequence[Path], target: Path, source: Path) -> None:
    """Write ``index.html`` and a page for each notebook.

    Parameters
    ----------
    paths : sequence of Path
        Executed notebooks, in order.
    target : Path
        The folder for the pages.
    source : Path
        The folder that the notebooks come from: their links and pictures are relative to it.
    """
    target.mkdir(parents=True, exist_ok=True)
    for folder in ALONG:
        if (source / folder).is_dir():
            shutil.copytree(source / folder, target / folder, dirs_exist_ok=True)
    stems, texts = [path.stem for path in paths], [path.stem for path in sorted(source.glob("*.md"))]
    notebooks = [notebook_files.read(path) for path in paths]
    openings = [notebook_files.opening(nb) for nb in notebooks]
    rows = []
    for i, (stem, nb, first) in enumerate(zip(stems, notebooks, openings)):
        title = first.title or stem
        before = f'<a href="{stems[i - 1]}.html" rel="prev">← {escape(openings[i - 1].title)}</a>' if i else ""
        after = ""
        if i + 1 < len(stems):
            after = f'<a href="{stems[i + 1]}.html" rel="next">{escape(openings[i + 1].title)} →</a>'
        links = f'<nav><span>{before}</span><a href="index.html">Contents</a><span>{after}</span></nav>'
        html = page(title, relink(body(nb), source, target, [*stems, *texts]), links=links)
        notebook_files.replace(target / f"{stem}.html", html.encode("utf-8"))
        rows.append(
            f'<tr><td><a href="{stem}.html">{escape(title)}</a></td><td>{escape(first.question)}</td>'
            f"<td>{escape(first.time)}</td></tr>"
        )
    for text in texts:
        html = markdown((source / f"{text}.md").read_text(encoding="utf-8"))
        # Anchors as GitHub makes them, which is what links in the notebooks are made for.
        html = re.sub(r'(id|href)="(#?)([^"/]+)"', lambda m: f'{m[1]}="{m[2]}{anchor(m[3])}"', html)
        title = text.capitalize()
        html = page(title, html, links='<nav><a href="index.html">Contents</a></nav>')
        notebook_files.replace(target / f"{text}.html", html.encode("utf-8"))
        rows.append(f'<tr><td><a href="{text}.html">{title}</a></td><td></td><td></td></tr>')
    for live in sorted((source / "live").glob("*.html")):
        title = re.search("<h1>(.*?)</h1>", live.read_text(encoding="utf-8"))[1]
        rows.append(f'<tr><td><a href="live/{live.name}">{title}</a></td><td>A page that computes.</td><td></td></tr>')
    table = "<table><tr><th>Notebook</th><th>Question</th><th>Time</th></tr>\n" + "\n".join(rows) + "</table>"
    index = page(TITLE, f"<h1>{TITLE}</h1><p>word2vec, from an empty table to trained vectors.</p>{table}")
    notebook_files.replace(target / "index.html", index.encode("utf-8"))
