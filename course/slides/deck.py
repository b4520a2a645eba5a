# Run by make slides · tests/course/test_slides.py
"""Slides to one HTML page: reveal.js, formulas as MathML, pictures and styles inside of the file."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Sequence
from html import escape
from pathlib import Path

import nbformat

from course import notebook_files, site
from course.slides.outline import Slide, outline

REVEAL = Path(__file__).with_name("reveal")  # reveal.js 5.2.1, MIT license, as published
WIDTH, HEIGHT = 1280, 720  # px
OUTPUT_LINES = 14  # of printed text; what is longer ends with the number of lines left out
WITH_FIGURE = 3  # lines of code above or beside a figure; longer code stays in the notebook
TOGETHER = 18  # lines of code and of printed output; where there are more, the code stays in the notebook
TWO_COLUMNS = 20  # lines of code
SMALL = 98  # characters: code with a longer line is set in a smaller font
MANY = 12  # lines of code: so is more of it
LONG_FORMULA = 110  # characters of LaTeX: set smaller, to fit the width
NARROW = 62  # characters: printed output with a longer line stands below a figure and its words, not beside
TALL = 1.95  # width over height: a taller figure stands beside the words, a wider one below them

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slides</title>
<style>:root { color-scheme: light dark; } body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem;
  font: 1.05rem/1.6 system-ui, sans-serif; }</style>
</head>
<body><main>CONTENT</main></body>
</html>
"""
START = f"""Reveal.initialize({{width: {WIDTH}, height: {HEIGHT}, margin: 0, minScale: 0.2, maxScale: 3, center: false,
hash: true, slideNumber: 'c/t', transition: 'none', plugins: [RevealNotes]}});"""


def _read(name: str) -> str:
    return (REVEAL / name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """A script to stand inside of a page: an end tag in it would end it."""
    return _read(name).replace("</script", "<\\/script")


def deck(nb: nbformat.NotebookNode) -> tuple[str, int]:
    """A notebook's slides as one HTML page.

    Parameters
    ----------
    nb : NotebookNode
        Executed, with cells marked for slides.

    Returns
    -------
    str
        The page; it loads nothing.
    int
        The number of slides.

    Raises
    ------
    ValueError
        If no cell is marked, or one in a way that Jupyter does not know.
    """
    from pygments.formatters import HtmlFormatter

    slides = outline(nb)
    sections = [_title(slides[0]), *map(_section, slides[1:])]
    style = "\n".join(
        (_read("reset.css"), _read("reveal.css"), HtmlFormatter().get_style_defs(".highlight"), _read("../deck.css"))
    )
    scripts = "\n".join(f"<script>{_script(name)}</script>" for name in ("reveal.js", "notes.js"))
    head = (
        f'<meta charset="utf-8">\n<title>{escape(slides[0].heading)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style}</style>"
    )
    shown = f'<div class="reveal"><div class="slides">\n{"".join(sections)}</div></div>'
    body = f"{shown}\n{scripts}\n<script>{START}</script>"
    html = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    return html, len(sections)


def _title(slide: Slide) -> str:
    heading = f"<h1>{escape(slide.heading)}</h1>"
    return f'<section class="title">{heading}{site.markdown(slide.text)}{_notes(slide)}</section>\n'


def _notes(slide: Slide) -> str:
    text = "\n\n".join(re.sub(r"^#+ .*$", "", note, flags=re.MULTILINE) for note in slide.notes)
    return f'<aside class="notes">{_without_links(site.markdown(text))}</aside>' if text.strip() else ""


def _section(slide: Slide) -> str:
    parts = {"heading": f"<h2>{_inline(slide.heading)}</h2>"}
    if slide.text:
        long = any(len(formula) > LONG_FORMULA for formula in re.findall(r"\$\$(.+?)\$\$", slide.text, re.DOTALL))
        text = _without_links(site.markdown(slide.text))
        parts["text"] = f'<div class="text{" long" if long else ""}">{text}</div>'
    figures = [output for cell in slide.cells for output in cell.outputs if "image/png" in output.get("data", {})]
    if slide.cells:
        parts["code"] = _code(slide.cells, bool(figures))
        parts["printed"] = "".join(_output(o) for cell in slide.cells for o in cell.outputs if o not in figures)
    if slide.reading:
        parts["reading"] = f'<div class="reading fragment">{_without_links(site.markdown(slide.reading))}</div>'
    notes = _notes(slide)
    pictures = "".join(map(_output, figures))
    if len(figures) == 1 and _aspect(figures[0]) < TALL:
        wide = max(map(len, parts["printed"].splitlines()), default=0) > NARROW
        below = parts.pop("printed") if wide else ""
        words = "".join(part for name, part in parts.items() if name != "heading")
        body = f'<div class="beside"><div>{words}</div>{pictures}</div>{below}'
        return f"<section>{parts['heading']}{body}{notes}</section>\n"
    order = ("heading", "text", "code", "pictures", "printed", "reading")
    shown = "".join((parts | {"pictures": pictures}).get(name, "") for name in order)
    return f"<section>{shown}{notes}</section>\n"


def _aspect(output: nbformat.NotebookNode) -> float:
    """Width over height of a PNG, which stand in its header."""
    width, height = struct.unpack(">II", base64.b64decode(output.data["image/png"])[16:24])
    return width / height


def _inline(text: str) -> str:
    return re.sub(r"</?p>", "", site.markdown(text)).strip()


def _without_links(html: str) -> str:
    """The text of links without the links: a deck stands alone."""
    return re.sub(r"</?a\b[^>]*>", "", html)


def _code(cells: Sequence[nbformat.NotebookNode], figure: bool) -> str:
    """The code, in a smaller font or two columns where there is much of it; with an output a short one alone."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lines = [line for cell in cells for line in cell.source.splitlines()]
    printed = sum(_output(output).count("\n") + 1 for cell in cells for output in cell.outputs)
    much = len(lines) > WITH_FIGURE or max(map(len, lines)) > SMALL
    if much if figure else printed and len(lines) + printed > TOGETHER:
        counts = ", ".join(f"In [{cell.execution_count}]" for cell in cells)
        return f'<div class="where">the code is in {counts} of the notebook</div>'
    classes = ["code"]
    if max(map(len, lines)) > SMALL or len(lines) > MANY:
        classes.append("small")
    if len(lines) > TWO_COLUMNS:
        classes.append("two")
    code = "".join(highlight(cell.source, PythonLexer(), HtmlFormatter()) for cell in cells)
    return f'<div class="{" ".join(classes)}">{code}</div>'


def _output(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    if "image/png" in data:
        alt = escape(data.get("text/plain", "figure"))
        return f'<div class="figure"><img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}"></div>'
    if "text/html" in data:
        return f'<div class="html">{data["text/html"]}</div>'
    if "text/latex" in data:
        return site.mathml(data["text/latex"].strip().strip("$"), block=True)
    text = output.get("text", data.get("text/plain", "\n".join(output.get("traceback", [])))).rstrip()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    if len(lines) > OUTPUT_LINES:
        lines = [*lines[: OUTPUT_LINES - 1], f"... {len(lines) - OUTPUT_LINES + 1} more lines"]
    return f'<pre class="printed">{escape(chr(10).join(lines))}</pre>' if text else ""


def write_decks(paths: Sequence[Path], target: Path) -> dict[str, int]:
    """Write a deck for each notebook, and ``index.html`` with their titles.

    Returns
    -------
    dict of str to int
        Slides of each notebook.
    """
    counts, rows = {}, []
    for path in paths:
        nb = notebook_files.read(path)
        try:
            html, counts[path.stem] = deck(nb)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None
        notebook_files.replace(target / f"{path.stem}.html", html.encode("utf-8"))
        title = escape(notebook_files.opening(nb).title)
        rows.append(f'<li><a href="{path.stem}.html">{title}</a>, {counts[path.stem]} slides</li>')
    keys = (
        "Space or the arrows move on, S opens the speaker's view with the full prose, ?print-pdf in the address prints."
    )
    content = f"<h1>{site.TITLE}</h1><p>{keys}</p><ul>{''.join(rows)}</ul>"
    notebook_files.replace(target / "index.html", INDEX.replace("CONTENT", content).encode("utf-8"))
    return counts
