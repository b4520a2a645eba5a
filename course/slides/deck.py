# Run by make slides · tests/course/test_slides.py
"""Slides to one HTML page: reveal.js, formulas as MathML, pictures, fonts and styles inside of the file."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

import nbformat

from course import notebook_files, site
from course.slides.blocks import blocks, without_links
from course.slides.guide import Guide, guides
from course.slides.layout import HEIGHT, WIDTH, Block, Page, pages
from course.slides.outline import Slide, outline

HERE = Path(__file__).parent
REVEAL = HERE / "reveal"  # reveal.js 5.2.1, MIT license, as published
FONTS = {
    "Iosevka": HERE / "fonts" / "mono.woff2",  # a part of Iosevka 500, half as wide as high; OFL, mono.LICENSE
    "STIX Two Math": HERE.parent / "site" / "static" / "math.woff2",  # a part of it; OFL, math.LICENSE
}

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
hash: true, slideNumber: 'c/t', transition: 'none', pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1,
plugins: [RevealNotes]}});"""

NOTHING = Guide()  # where TEACHING.md says nothing


def _read(name: str) -> str:
    return (REVEAL / name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """A script to stand inside of a page: an end tag in it would end it."""
    return _read(name).replace("</script", "<\\/script")


@cache
def style() -> str:
    """The styles of a deck: reveal.js's but for its own idea of paper, the code's colours, ours, and the fonts."""
    from pygments.formatters import HtmlFormatter

    reveal = re.sub(r"@media print\{html:not\(\.print-pdf\)(?:[^{}]*\{[^{}]*\})+\}", "", _read("reveal.css"))
    code = "\n".join(line for line in HtmlFormatter().get_style_defs(".highlight").split("\n") if " ." in line)
    fonts = "\n".join(
        f'@font-face {{ font-family: "{name}"; src: url(data:font/woff2;base64,{data}) format("woff2"); }}'
        for name, data in ((name, base64.b64encode(path.read_bytes()).decode()) for name, path in FONTS.items())
    )
    return "\n".join((_read("reset.css"), reveal, code, fonts, _read("../deck.css")))


def deck(nb: nbformat.NotebookNode, guide: Guide = NOTHING) -> tuple[str, int]:
    """A notebook's slides as one HTML page.

    Parameters
    ----------
    nb : NotebookNode
        Executed, with cells marked for slides.
    guide : Guide
        What TEACHING.md says of it, for the speaker's notes.

    Returns
    -------
    str
        The page; it loads nothing.
    int
        The number of slides.

    Raises
    ------
    ValueError
        If no cell is marked, or one in a way that Jupyter does not know; if the guide asks in a section that is not
        shown.
    """
    title, *slides = outline(nb)
    sections = [_title(title, guide)]
    asked = set()
    for heading, group in groupby(slides, key=lambda slide: slide.heading):
        here = [(n, question) for n, (name, question) in enumerate(guide.questions) if heading.startswith(name)]
        questions = [question for n, question in here if n not in asked]
        asked.update(n for n, _ in here)
        sections += [
            _section(heading, page, questions if i == 0 else ()) for i, page in enumerate(pages(_blocks(list(group))))
        ]
    lost = [question for n, question in enumerate(guide.questions) if n not in asked]
    if lost:
        raise ValueError(f"TEACHING.md asks in a section that has no slide: {lost[0][0]!r}")
    scripts = "\n".join(f"<script>{_script(name)}</script>" for name in ("reveal.js", "notes.js"))
    name = escape(title.heading)
    head = (
        f'<meta charset="utf-8">\n<title>{name}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style()}</style>"
    )
    shown = f'<div class="reveal"><div class="slides">\n{"".join(sections)}</div></div>'
    body = f'<main><h1 class="unseen">{name}</h1>{shown}</main>\n{scripts}\n<script>{START}</script>'
    html = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    return html, len(sections)


def _blocks(slides: Sequence[Slide]) -> list[Block]:
    """The blocks of a section; what the speaker alone has of a part goes to the next block, at the end to the last."""
    found: list[Block] = []
    for group, slide in enumerate(slides):
        untold = tuple(slide.notes)
        for part in slide.parts:
            here = blocks(part, group) if part.cell or part.text else []
            untold += () if here else (part.note,)
            if here and untold:
                here[0], untold = replace(here[0], notes=untold + here[0].notes), ()
            found += here
        if untold and found:
            found[-1] = replace(found[-1], notes=found[-1].notes + untold)
    return found


def _title(slide: Slide, guide: Guide) -> str:
    heading = f"<h2>{escape(slide.heading)}</h2>"
    question = slide.parts[0]
    notes = _notes([guide.about, question.note])
    return f'<section class="title"><div class="page">{heading}{site.markdown(question.text)}</div>{notes}</section>\n'


def _notes(notes: Sequence[str], questions: Sequence[str] = ()) -> str:
    asked = "".join(f'<p class="ask"><strong>Ask:</strong> {_inline(question)}</p>' for question in questions)
    text = "\n\n".join(re.sub(r"^#+ .*$", "", note, flags=re.MULTILINE) for note in dict.fromkeys(notes) if note)
    told = site.markdown(text) if text.strip() else ""
    return f'<aside class="notes">{without_links(asked + told)}</aside>' if asked or told else ""


def _section(heading: str, page: Page, questions: Sequence[str]) -> str:
    shown, behind, key = [], False, -1
    for n, block in enumerate(page.blocks):
        html = block.html
        late = block.late and n > 0  # what comes first has come on a key already, with its slide
        behind = behind or late
        if behind:
            same = block.kind in ("printed", "picture", "table") and shown and page.blocks[n - 1].late
            key += 0 if same and key >= 0 else 1
            html = re.sub(r'class="', 'class="fragment ', html, count=1)
            html = html.replace(">", f' data-fragment-index="{key}">', 1)
        shown.append(html)
    if page.beside:
        picture = next(i for i, block in enumerate(page.blocks) if block.kind == "picture")
        words = "".join(html for i, html in enumerate(shown) if i != picture)
        body = f'<div class="beside"><div class="words">{words}</div>{shown[picture]}</div>'
    else:
        body = "".join(shown)
    notes = _notes([note for block in page.blocks for note in block.notes], questions)
    inner = f"<h2>{_inline(heading)}</h2>{body}"
    return f'<section><div class="page" style="--size: {page.font}px">{inner}</div>{notes}</section>\n'


def _inline(text: str) -> str:
    return re.sub(r"</?p>", "", without_links(site.markdown(text))).strip()


def write_decks(paths: Sequence[Path], target: Path) -> dict[str, int]:
    """Write a deck for each notebook, and ``index.html`` with their titles.

    Returns
    -------
    dict of str to int
        Slides of each notebook.
    """
    counts, rows, asked = {}, [], guides()
    for path in paths:
        nb = notebook_files.read(path)
        try:
            html, counts[path.stem] = deck(nb, asked.get(path.stem[:2], NOTHING))
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
