# Run by make slides · tests/course/test_slides.py
"""Which blocks stand on one slide, and in which size: what is printed is never set in less than `LEAST` pixels.

Heights are reckoned from lines and characters, a little too large; `tests/course/browser/test_decks.py` measures them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1280, 720  # px of a slide
ROOM, LINE = 578, 1200  # px that a heading leaves: height, and width between the margins
LEAST, SIZES = 28, (36, 34, 32, 30, 28)  # px of prose and of what is printed
CODE = 24 / 28  # size of code over that of prose: 24 px at least
MONO = 0.5  # width over height of a character of the font for code, which the decks hold
COLUMNS, CODE_COLUMNS = int(LINE / (LEAST * MONO)), int((LINE - 26) / (LEAST * CODE * MONO))
GAP, BESIDE = 14, 28  # px between blocks, and between a picture and the words beside it
WIDEST = 0.62  # of the width for a picture that stands beside words
SMALLEST = 0.72  # of the size that a picture has on a slide of its own
MATH_TALL, MATH_LINE, MATH_SIGN = (
    3.0,
    1.9,
    0.5,
)  # over the size: a row of a formula with a fraction or a sum, without, a sign
PROSE = ("text", "guess", "reading")
NARROW, BROAD = "fijlrtI.,:;'|!()[] ", "mwMWQOG%@"


@dataclass(frozen=True)
class Block:
    """A piece of a slide.

    Attributes
    ----------
    kind : str
        ``"text"``, ``"guess"``, ``"where"``, ``"code"``, ``"printed"``, ``"table"``, ``"picture"`` or ``"reading"``.
    html : str
    text : str
        What it is measured by: Markdown, or lines as they are broken.
    group : int
        Blocks of one group belong together.
    size : tuple of float
        Width and height of a picture, in CSS pixels.
    late : bool
        It comes on a key: the answer to a question.
    notes : tuple of str
        Markdown for the speaker.
    """

    kind: str
    html: str
    text: str = ""
    group: int = 0
    size: tuple[float, float] = (0, 0)
    late: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One slide: its blocks, the size of its words, whether its picture stands beside them, and what is used."""

    blocks: tuple[Block, ...]
    font: float
    beside: bool = False
    fill: float = 1.0
    cost: float = 0.0


def width_of(text: str, font: float) -> float:
    """The width of prose in Arial's like, to some per cent and not below."""
    plain = re.sub(r"\\[a-zA-Z]+|[{}$^_\\*`]|\]\([^)]*\)", "", text)
    wide = sum(0.29 if c in NARROW else 0.86 if c in BROAD else 0.69 if c.isupper() else 0.56 for c in plain)
    return font * wide


def height(block: Block, font: float, width: float) -> float:
    """The height of a block at a size and width; infinite where a line does not fit."""
    if block.kind == "where":
        return 30.0
    if block.kind in PROSE:
        pieces = [piece for piece in re.split(r"\n\s*\n", block.text) if piece.strip()]
        inner = width - (18 if block.kind == "reading" else 0)
        return sum(_paragraph(piece, font, inner) for piece in pieces) + 10 * (len(pieces) - 1)
    lines = block.text.split("\n")
    size, edge = (font * CODE, 26) if block.kind == "code" else (font, 0)
    if max(map(len, lines)) * size * MONO > width - edge:
        return math.inf
    if block.kind == "table":
        return len(lines) * (size * 1.25 + 8)
    return len(lines) * size * (1.3 if edge else 1.25) + (18 if edge else 0)


def _paragraph(piece: str, font: float, width: float) -> float:
    formula = re.fullmatch(r"\$\$(.+?)\$\$[.,;]?", piece.strip(), re.DOTALL)
    if formula:
        rows = re.split(r"\\\\", formula[1])
        if font > LEAST and max(map(_signs, rows)) * font * MATH_SIGN > width:
            return math.inf
        tall = [MATH_TALL if re.search(r"\\(d?frac|sum|prod)", row) else MATH_LINE for row in rows]
        return sum(tall) * font
    items = re.findall(r"^(?:\d+\. |- |\|)(.+(?:\n  +.+)*)", piece, re.MULTILINE) or [piece]
    inner = width - (40 if len(items) > 1 else 0)
    inner -= 1.2 * font  # what a broken line leaves empty
    lines = [max(1, math.ceil(width_of(" ".join(item.split()), font) / inner)) for item in items]
    return sum(lines) * font * 1.36 + (len(items) - 1) * 8


def _signs(latex: str) -> int:
    """About how many signs a formula is wide."""
    text = re.sub(r"\\(?:text|mathrm|operatorname|mathbf)|\\,|\\;", "", latex)
    text = re.sub(r"\\d?frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{", r"{\1", text).replace("\\qquad", "....")
    return len(re.sub(r"[{}^_&\s]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


def _tall(blocks: Sequence[Block], font: float, width: float) -> float:
    return sum(height(block, font, width) for block in blocks) + GAP * max(0, len(blocks) - 1)


def fit(blocks: Sequence[Block]) -> Page | None:
    """A slide of these blocks in the largest size that fits, or None."""
    blocks = tuple(blocks)
    pictures = [block for block in blocks if block.kind == "picture"]
    words = [block for block in blocks if block.kind != "picture"]
    if len(pictures) > 1:
        return None
    if not pictures:
        for font in SIZES:
            tall = _tall(words, font, LINE)
            if tall <= ROOM:
                fill = tall / ROOM
                return Page(blocks, font, fill=fill, cost=max(0.0, 0.45 - fill) * 3)
        return None
    (wide, tall), best = pictures[0].size, 0.0
    alone = min(LINE / wide, ROOM / tall)
    found = None
    room = ROOM - _tall(words, LEAST, LINE) - (GAP if words else 0)
    if room > 0 and (scale := min(LINE / wide, room / tall)) >= SMALLEST * alone:
        found, best = Page(blocks, LEAST, cost=3 * math.log(alone / scale)), scale
    across = min(ROOM * wide / tall, WIDEST * LINE)
    if words and across / wide > best and across / wide >= SMALLEST * alone:
        for font in SIZES:
            if _tall(words, font, LINE - across - BESIDE) <= ROOM:
                return Page(blocks, font, beside=True, cost=3 * math.log(alone / (across / wide)))
    return found


def _parted(before: Block, after: Block) -> float:
    """What it costs to turn the page between two blocks."""
    if before.group != after.group:
        return 0.0
    if after.kind == "reading":
        return 4.0
    if before.kind == "where":
        return 9.0
    return {"text": 0.4, "guess": 0.1, "code": 0.8, "reading": -0.4}.get(before.kind, 0.7)


def _joined(blocks: Sequence[Block]) -> float:
    """What it costs to have these on one page: groups stay apart, and nothing stands behind a late answer."""
    groups = len({block.group for block in blocks})
    behind = any(
        a.group != b.group and any(c.late for c in blocks[:i]) for i, (a, b) in enumerate(zip(blocks, blocks[1:]), 1)
    )
    return math.inf if behind else 0.5 * (groups - 1)


def pages(blocks: Sequence[Block]) -> list[Page]:
    """The blocks of a section on slides: few, none nearly empty, pictures large, a result and its reading together."""
    best: list[tuple[float, list[Page]]] = [(0.0, [])]
    for end in range(1, len(blocks) + 1):
        options = []
        for start in range(end):
            page = fit(blocks[start:end])
            if page is None and end - start == 1:
                page = Page((blocks[start],), LEAST)
            if page is None:
                continue
            parted = _parted(blocks[start - 1], blocks[start]) if start else 0.0
            cost = best[start][0] + 1 + page.cost + parted + _joined(blocks[start:end])
            if cost < math.inf:
                options.append((cost, start, page))
        cost, start, page = min(options, key=lambda option: option[:2])
        best.append((cost, [*best[start][1], page]))
    return best[-1][1]
