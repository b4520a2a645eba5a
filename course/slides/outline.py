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
BARE = 3  # words: an answer as short as "(b)." takes the next sentence with it
SHORT = 60  # words of prose on a slide, at most; the rest is for the speaker


@dataclass
class Part:
    """A part of a slide.

    Attributes
    ----------
    kind : str
        ``"text"``, ``"guess"``, a question with its answers, ``"cell"``, or ``"reading"``, what an output says; it
        comes up last, so that a class can answer first.
    text : str
        Markdown.
    cell : NotebookNode or None
        A code cell, shown with its outputs.
    answers : bool
        Whether the cell's outputs answer a question, and are to come up on a key.
    note : str
        The whole prose, for the speaker's view.
    """

    kind: str
    text: str = ""
    cell: nbformat.NotebookNode | None = None
    answers: bool = False
    note: str = ""


@dataclass
class Slide:
    """What belongs together, on one slide or a few.

    Attributes
    ----------
    heading : str
        Of the section; the same heading stays until the next.
    parts : list of Part
    notes : list of str
        Prose for the speaker that belongs to no part.
    """

    heading: str
    parts: list[Part] = field(default_factory=list)
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
    heading = said = guess = ""
    for i, cell in enumerate(nb.cells):
        kind = slide_type(cell)
        if cell.cell_type == "markdown":
            heading = heading if "exercise" in cell.metadata else (headings(cell.source) or [heading])[-1]
            guess = guess_of(cell.source) or guess
        answers = cell.cell_type == "code" and bool(cell.metadata.get("jupyter", {}).get("outputs_hidden"))
        if kind in ("slide", "subslide"):
            slides.append(Slide(heading))
        if slides and kind == "notes":
            slides[-1].notes.append(cell.source)
        elif slides and kind != "skip" and cell.cell_type == "markdown":
            slides[-1].parts.append(_told(cell, said))
        elif slides and kind != "skip":
            if answers and guess:
                slides[-1].parts.append(Part("guess", guess))
            slides[-1].parts.append(Part("cell", cell=cell, answers=answers))
            said = reading(nb.cells, i)
            if said:
                slides[-1].parts.append(Part("reading", said, note=nb.cells[i + 1].source))
        guess = "" if answers else guess
    if not slides:
        raise ValueError("no cell is marked as a slide: set slideshow.slide_type in the cells' metadata")
    if any(part.cell for part in slides[0].parts):
        raise ValueError(
            "a code cell is marked before the second slide: the first has the title and the question alone"
        )
    opening = notebook_files.opening(nb)
    slides[0] = Slide(opening.title, [Part("text", opening.question, note=nb.cells[0].source)])
    return slides


def _told(cell: nbformat.NotebookNode, said: str) -> Part:
    """A cell of prose in short, without what was said as the reading of the output before, and without its guess."""
    given = cell.metadata["slideshow"].get("text")
    body = _without(cell.source, said).replace(f"**Guess first.** {_guess(cell.source)}", "")
    return Part("text", short(body) if given is None else given, note=cell.source)


def _guess(markdown: str) -> str:
    found = re.search(r"\*\*Guess first\.\*\* ((?:.|\n(?!\n))+)", markdown)
    return found[1] if found else ""


def guess_of(markdown: str) -> str:
    """The question of a *Guess first* with its answers, on one line, or an empty text."""
    return " ".join(_guess(markdown).split())


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
    first, *rest = re.split(r"\n\s*\n", cells[i + 1].source.strip())
    if len(first.split()) <= BARE and rest and not rest[0].startswith(("#", "$$", "|", "```", "- ", "**Guess")):
        first = f"{first} {rest[0]}"
    found = sentences(ASIDE.sub("", first))
    if not found[0] or first.startswith(("#", "$$", "|", "```", "- ", "1. ", "**Guess")) or announces(found[0]):
        return ""
    two = " ".join(found[:2])
    more = len(two.split()) <= 32 or len(found[0].split()) <= BARE
    return two if more and len(found) > 1 and not announces(found[1]) else found[0]


def _without(markdown: str, said: str) -> str:
    """The text without sentences that begin it, however its lines were broken."""
    pattern = r"\s+".join(map(re.escape, said.split()))
    return re.sub(rf"\A\s*{pattern}\s*", "", markdown) if said else markdown


def announces(sentence: str) -> bool:
    """Whether a sentence says what comes next, and so reads no output."""
    return not re.search(r"[.?!][*)\"]*$", sentence) or re.match(r"(Now|Next|Here|First|Then)\b", sentence) is not None
