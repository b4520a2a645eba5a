# Run by make slides · tests/course/test_slides.py
"""What stands on the slides: the cells that the metadata marks, and the short form of the prose around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import nbformat

from course import notebook_files

TYPES = ("slide", "subslide", "fragment", "skip", "notes", "-")
ASIDE = re.compile(r"(?<!\S)\((?=[A-Z])[^()]*(?:\([^()]*\)[^()]*)*[.?!]\)\s*")  # sentences in brackets: not for a slide
SHORT = 60  # words of prose on a slide, at most; the rest is for the speaker


@dataclass
class Slide:
    """One slide.

    Attributes
    ----------
    heading : str
        Of the section; the same heading stays until the next.
    text : str
        Short Markdown: a sentence or two, and the displayed formulas.
    cells : list of NotebookNode
        Code cells, shown with their outputs.
    reading : str
        What the output says; a fragment, so that a class can answer first.
    notes : list of str
        All prose, for the speaker's view.
    """

    heading: str
    text: str = ""
    cells: list[nbformat.NotebookNode] = field(default_factory=list)
    reading: str = ""
    notes: list[str] = field(default_factory=list)


def slide_type(cell: nbformat.NotebookNode) -> str:
    """The cell's ``slideshow.slide_type``, ``"skip"`` where it has none.

    Raises
    ------
    ValueError
        If it is none of the types that Jupyter knows.
    """
    value = cell.metadata.get("slideshow", {}).get("slide_type", "skip")
    if value not in TYPES:
        raise ValueError(f"a cell has slide_type {value!r}: give one of {', '.join(TYPES)}")
    return value


def outline(nb: nbformat.NotebookNode) -> list[Slide]:
    """The slides of a notebook, in order; the first has its title and its question.

    A cell of type ``slide`` or ``subslide`` begins a slide; ``-`` and ``fragment`` stay on it.

    Raises
    ------
    ValueError
        For a type that Jupyter does not know, or a notebook without a marked cell.
    """
    slides: list[Slide] = []
    heading = ""
    for i, cell in enumerate(nb.cells):
        kind = slide_type(cell)
        if cell.cell_type == "markdown":
            heading = (headings(cell.source) or [heading])[-1]
        if kind in ("slide", "subslide"):
            slides.append(Slide(heading))
        if not slides or kind == "skip":
            continue
        slide = slides[-1]
        if cell.cell_type == "markdown":
            slide.notes.append(cell.source)
            if kind != "notes":
                said = slides[-2].reading if len(slides) > 1 else ""  # stands on the slide before
                given = cell.metadata["slideshow"].get("text")
                text = short(_without(cell.source, said)) if given is None else given
                slide.text = "\n\n".join(filter(None, (slide.text, text)))
        else:
            slide.cells.append(cell)
            slide.reading = reading(nb.cells, i)
            if slide.reading:
                slide.notes.append(nb.cells[i + 1].source)
    if not slides:
        raise ValueError("no cell is marked as a slide: set slideshow.slide_type in the cells' metadata")
    opening = notebook_files.opening(nb)
    slides[0] = Slide(opening.title, opening.question, notes=[nb.cells[0].source])
    return slides


def headings(markdown: str) -> list[str]:
    """The headings of a Markdown text, code blocks left out."""
    return re.findall(r"^#{1,3} +(.+)$", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL), re.MULTILINE)


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences. A full stop inside of a formula, a number or an abbreviation ends none.

    Examples
    --------
    >>> sentences("It is $a. B$ or 0.5. So Mikolov et al. (2013) say. Yes?")
    ['It is $a. B$ or 0.5.', 'So Mikolov et al. (2013) say.', 'Yes?']
    """
    text = " ".join(paragraph.split())
    kept = re.findall(r"\$[^$]+\$|`[^`]+`|\[[^\]]*\]\([^)]*\)", text)
    for n, piece in enumerate(kept):
        text = text.replace(piece, f"\x00{n}\x00", 1)
    parts = re.split(r"(?<=[.?!])(?<!et al\.)(?<!e\.g\.)(?<!vs\.) +(?=[\"(*]*[A-Z\x00])", text)
    return [re.sub("\x00(\\d+)\x00", lambda m: kept[int(m.group(1))], part) for part in parts]


def short(markdown: str, words: int = SHORT) -> str:
    """The short form of a cell's prose: what follows its last heading, cut to a few sentences, formulas kept.

    The first sentence says what it is about, the last what comes next, so these are kept first; lists keep the first
    sentence of each item.
    """
    body = re.split(r"^#{1,3} +.+$", markdown, flags=re.MULTILINE)[-1].strip()
    blocks = [block.strip() for block in re.split(r"\n\s*\n", body) if block.strip()]
    if any(re.match(r"\d+\. |- ", block) for block in blocks):
        items = re.findall(r"^(\d+\. |- )(.+(?:\n  +.+)*)", body, re.MULTILINE)
        return "\n".join(mark + sentences(text)[0] for mark, text in items)
    told = [(b, block) for b, block in enumerate(blocks) if not block.startswith(("$$", "|", "```"))]
    prose = [(b, sentence) for b, block in told for sentence in sentences(ASIDE.sub("", block))]
    count = {i: len(sentence.split()) for i, (_, sentence) in enumerate(prose)}
    chosen: list[int] = []
    for i in [0, len(prose) - 1, *range(1, len(prose) - 1)]:
        if i in count and i not in chosen and sum(count[j] for j in chosen) + count[i] <= words:
            chosen.append(i)
    lines = []
    for b, block in enumerate(blocks):
        if block.startswith(("$$", "|")):
            lines.append(block)
        said = [prose[i][1] for i in sorted(chosen) if prose[i][0] == b]
        if said:
            lines.append(" ".join(said))
    return "\n\n".join(lines)


def reading(cells: Sequence[nbformat.NotebookNode], i: int) -> str:
    """The first sentences of the prose right after a code cell, or an empty text where a new subject begins."""
    given = cells[i].metadata.get("slideshow", {}).get("reading")
    if given is not None:
        return given
    if i + 1 == len(cells) or cells[i + 1].cell_type != "markdown":
        return ""
    first = re.split(r"\n\s*\n", cells[i + 1].source.strip())[0]
    found = sentences(ASIDE.sub("", first))
    if not found[0] or first.startswith(("#", "$$", "|", "```", "- ", "1. ")) or announces(found[0]):
        return ""
    two = " ".join(found[:2])
    return two if len(two.split()) <= 32 and len(found) > 1 and not announces(found[1]) else found[0]


def _without(markdown: str, said: str) -> str:
    """The text without sentences that begin it, however its lines were broken."""
    pattern = r"\s+".join(map(re.escape, said.split()))
    return re.sub(rf"\A\s*{pattern}\s*", "", markdown) if said else markdown


def announces(sentence: str) -> bool:
    """Whether a sentence says what comes next, and so reads no output."""
    return not re.search(r"[.?!][*)\"]*$", sentence) or re.match(r"(Now|Next|Here|First|Then)\b", sentence) is not None
