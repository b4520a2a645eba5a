# Run by make slides · tests/course/test_slides.py
"""Parts of the outline as blocks of HTML: code as it fits, printed lines broken at sensible places, pictures."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

import nbformat

from course import site
from course.slides.layout import CODE, CODE_COLUMNS, COLUMNS, LEAST, ROOM, Block
from course.slides.outline import Part

MOST, MOST_CODE = 15, 17  # printed lines and lines of code on a slide; what is longer goes on to the next
HANG = 4  # blanks before what is left of a broken line
ANSWER = re.compile(r"(?<!\S)(?=\([a-f]\) )")


def blocks(part: Part, group: int) -> list[Block]:
    """A part of the outline as blocks, in the order in which they are shown."""
    if part.kind == "cell":
        return _cell(part, group)
    text = options(part.text) if part.kind == "guess" else part.text
    html = f'<div class="{part.kind}">{without_links(site.markdown(text))}</div>'
    return [Block(part.kind, html, text, group, late=part.kind == "reading", notes=(part.note,))]


def options(guess: str) -> str:
    """A question with each of its answers on a line of its own.

    Examples
    --------
    >>> options("Which? (a) One. (b) Two. And then? (c) None.")
    'Which?\\n\\n- (a) One.\\n- (b) Two.\\n\\nAnd then?\\n\\n- (c) None.'
    """
    text = " ".join(guess.split())
    first, *answers = [piece.strip() for piece in ANSWER.split(text)]
    if not first.endswith(("?", ".", ":")) or not answers:
        return text
    lines = [first, ""]
    for answer in answers:
        said = re.match(r"(.*?[.,;]?) ((?:And|Notebook|If)\b.*[?])$", answer)
        lines.append(f"- {said[1] if said else answer}")
        lines += ["", said[2], ""] if said else []
    return "\n".join(lines)


def without_links(html: str) -> str:
    """The text of links without the links: a deck stands alone."""
    return re.sub(r"</?a\b[^>]*>", "", html)


# -- a cell: its code, or where it is, and its outputs


def _cell(part: Part, group: int) -> list[Block]:
    cell, marks = part.cell, part.cell.metadata.get("slideshow", {})
    results = [block for output in _wanted(cell.outputs, marks.get("lines")) for block in _output(output)]
    results = [replace(block, group=group, late=part.answers) for block in results]
    code = _code(cell)
    wanted = marks.get("code", "mirrors" in cell.metadata or _room(code, results))
    if wanted:
        return [*(replace(piece, group=group) for piece in code), *results]
    where = f'<div class="where">In [{cell.execution_count}] of the notebook</div>'
    return [Block("where", where, group=group, late=part.answers), *results] if results else []


def _room(code: Sequence[Block], results: Sequence[Block]) -> bool:
    """Whether a slide has room for the code and for what it prints; code that draws stays in the notebook."""
    if any(block.kind == "picture" for block in results):
        return False
    lines = sum(block.text.count("\n") + 1 for block in code)
    printed = sum(block.text.count("\n") + 1 for block in results)
    return 1.3 * LEAST * CODE * lines + 1.25 * LEAST * printed + 40 <= ROOM


def _code(cell: nbformat.NotebookNode) -> list[Block]:
    """The code as one block, or as more where a slide has no room for it."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    found = []
    for lines in evenly(broken(cell.source.split("\n"), CODE_COLUMNS), MOST_CODE):
        source = "\n".join(lines)
        html = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n")
        found.append(Block("code", f'<pre class="code highlight">{html}</pre>', source))
    return found


def _output(output: nbformat.NotebookNode) -> list[Block]:
    data = output.get("data", {})
    html = data.get("text/html", "")
    if "image/png" in data:
        about = output.get("metadata", {}).get("image/png", {})
        return [_picture(data["image/png"].strip(), about.get("alt") or data.get("text/plain", "a figure"), about)]
    if "<img" in html:
        source = re.search(r'src="data:image/png;base64,([^"]+)"', html)
        alt = re.search(r'alt="([^"]*)"', html)
        wide = re.search(r'<img[^>]* width="(\d+)"', html)
        return [_picture(source[1], unescape(alt[1]) if alt else "", {"width": int(wide[1])} if wide else {})]
    if html:
        rows = re.findall(r"<tr\b.*?</tr>", html, re.DOTALL) or [html]
        lines = [" " + re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "  ", row))).strip() for row in rows]
        return [Block("table", f'<div class="table">{without_links(html)}</div>', "\n".join(lines))]
    if "text/latex" in data:
        return [Block("text", site.mathml(data["text/latex"].strip().strip("$"), block=True), "$$\\frac{x}{x}$$")]
    return [_printed(lines) for lines in printed(_text(output).split("\n"))] if _text(output) else []


def _text(output: nbformat.NotebookNode) -> str:
    """What an output prints; an empty text if it shows something else."""
    data = output.get("data", {})
    if {"image/png", "text/html", "text/latex"} & set(data):
        return ""
    text = output.get("text", data.get("text/plain", "\n".join(output.get("traceback", [])))).rstrip()
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _wanted(outputs: Sequence[nbformat.NotebookNode], wanted: str | None) -> list[nbformat.NotebookNode]:
    """The outputs with the printed lines that ``slideshow.lines`` names, counted through all of them."""
    if wanted is None:
        return list(outputs)
    found, total = [], 0
    for output in outputs:
        lines = squeezed(_text(output).split("\n")) if _text(output) else []
        kept = {n - total for n in _numbers(wanted)} & set(range(1, len(lines) + 1))
        total += len(lines)
        if kept:
            found.append(nbformat.v4.new_output("stream", text="\n".join(chosen(lines, kept))))
        elif not lines:
            found.append(output)
    if not _numbers(wanted) <= set(range(1, total + 1)):
        raise ValueError(f"slideshow.lines is {wanted!r}, and the outputs have {total} lines")
    return found


def _printed(lines: Sequence[str]) -> Block:
    text = "\n".join(lines)
    return Block("printed", f'<pre class="printed">{escape(text)}</pre>', text)


def _picture(data: str, alt: str, about: dict) -> Block:
    width, height = struct.unpack(">II", base64.b64decode(data)[16:24])
    wide = about.get("width") or width
    html = f'<div class="figure"><img alt="{escape(" ".join(alt.split()))}" src="data:image/png;base64,{data}"></div>'
    return Block("picture", html, size=(wide, wide * height / width))


# -- printed lines


def printed(lines: Sequence[str]) -> list[list[str]]:
    """Printed lines for one slide or more, none of them too long."""
    return evenly(broken([line.rstrip() for line in squeezed(lines)], COLUMNS), MOST)


def evenly(lines: Sequence[str], most: int) -> list[list[str]]:
    """Lines in as few pieces as go, about equally long, cut where the indentation is small.

    Examples
    --------
    >>> [len(piece) for piece in evenly(["a", "  b", "c", "d"], 3)]
    [2, 2]
    """
    count, cuts = -(-len(lines) // most), [0]
    for n in range(1, count):
        aim = round(n * len(lines) / count)
        near = [i for i in range(aim - 2, aim + 3) if cuts[-1] < i < len(lines) and i - cuts[-1] <= most]
        near = [i for i in near if len(lines) - i <= most * (count - n)] or near
        cuts.append(min(near, key=lambda i: (len(lines[i]) - len(lines[i].lstrip()), abs(i - aim))))
    return [list(lines[a:b]) for a, b in zip(cuts, [*cuts[1:], len(lines)])]


def _numbers(wanted: str) -> set[int]:
    """The lines of ``"1-3, 7"``."""
    found: set[int] = set()
    for piece in filter(str.strip, wanted.split(",")):
        first, _, last = piece.strip().partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def chosen(lines: Sequence[str], kept: set[int]) -> list[str]:
    """The lines of these numbers, counted from 1; between them is said how many are left out.

    Examples
    --------
    >>> chosen(["a", "b", "c", "d"], {1, 4})
    ['a', '[2 lines left out]', 'd']
    """
    shown, out = [], 0
    for n, line in enumerate([*lines, None], 1):
        if n in kept or line is None:
            shown += [f"[{out} line{'s' * (out > 1)} left out]"] if out else []
            shown += [] if line is None else [line]
            out = 0
        else:
            out += 1
    return shown


def squeezed(lines: Sequence[str]) -> list[str]:
    """Where lines are too long, columns of blanks that all lines share are cut down to two.

    Examples
    --------
    >>> squeezed(["a" * 50 + " " * 40 + "b", "c" + " " * 89 + "d"])[1] == "c" + " " * 51 + "d"
    True
    """
    if max(map(len, lines)) <= COLUMNS:
        return list(lines)
    for cut in range(len(lines)):  # a table and what stands below it have columns of their own
        found = _narrowed(lines[:cut]) + _narrowed(lines[cut:])
        if max(map(len, found)) <= COLUMNS:
            return found
    return _narrowed(lines)


def _narrowed(lines: Sequence[str]) -> list[str]:
    longest = max(map(len, lines), default=0)
    padded = [line.ljust(longest) for line in lines]
    blank = [all(line[i] == " " for line in padded) for i in range(longest)]
    kept = [i for i in range(longest) if not (i >= 2 and blank[i] and blank[i - 1] and blank[i - 2])]
    return ["".join(line[i] for i in kept).rstrip() for line in padded]


def broken(lines: Sequence[str], columns: int) -> list[str]:
    """Lines of at most so many characters: broken at a mark, else a blank, the rest indented.

    Examples
    --------
    >>> broken(["one two; three four"], 12)
    ['one two;', '    three', '    four']
    """
    out = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + HANG)
        while len(line) > columns:
            head = line[: columns + 1]
            marks = [m.end() for m in re.finditer(r"[;:|,](?= )|  (?=\S)", head) if m.end() > columns // 2]
            at = marks[-1] if marks else head.rfind(" ", len(indent) + 1)
            at = at if at > len(indent) else columns
            out.append(line[:at].rstrip())
            line = indent + line[at:].lstrip()
        out.append(line)
    return out
