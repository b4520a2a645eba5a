# Used from 01 · tests/checks/test_shown.py
"""How a failing answer is shown: the input, yours and the wanted value side by side, the first place that differs."""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import torch

from checks.compare import Difference, as_arrays, shape
from checks.running import Raised

ROWS, COLUMNS = 8, 8  # of a grid: more are left out, around the first place that differs
LONG = 300  # characters of an argument


@dataclass(frozen=True)
class Shown:
    """A text and the same in columns, as HTML."""

    text: str
    html: str

    def __add__(self, other: Shown) -> Shown:
        return Shown(f"{self.text}\n{other.text}" if self.text else other.text, self.html + other.html)


def line(text: str) -> Shown:
    """A sentence."""
    return Shown(text, f"<div>{escape(text)}</div>")


def code(before: str, text: str) -> Shown:
    """A sentence that ends in code."""
    return Shown(f"{before} {text}", f"<div>{escape(before)} <code>{escape(text)}</code></div>")


def show(value: Any) -> str:
    """A value for a line: arrays as nested lists, four digits, long ones cut."""
    if isinstance(value, Raised):
        return f"an error: {value.kind}: {value.text}"
    if isinstance(value, types.FunctionType):
        return value.__name__
    if isinstance(value, torch.nn.Module):
        return f"{' '.join(str(value).split())} with " + ", ".join(
            f"{name} {show(x)}" for name, x in value.named_parameters()
        )
    if isinstance(value, torch.Tensor) and value.is_meta:
        return f"a tensor of shape {tuple(value.shape)} on the device meta"
    if isinstance(value, int) and value.bit_length() > 10_000:  # repr() refuses those
        return f"a whole number of {value.bit_length()} bits"
    numbers = as_arrays(value) if isinstance(value, (torch.Tensor, np.ndarray, np.generic, float)) else value
    if isinstance(numbers, np.ndarray):
        text = np.array2string(
            numbers,
            separator=", ",
            threshold=60,
            max_line_width=10_000,
            formatter={"float": "{:.4g}".format, "int": str},
        )
        text = " ".join(text.split())
    elif isinstance(value, (list, tuple)) and any(isinstance(x, (torch.Tensor, np.ndarray)) for x in value):
        text = "[" + ", ".join(map(show, value)) + "]"
    else:
        text = " ".join(repr(value).split()) if isinstance(value, torch.optim.Optimizer) else repr(value)
    return text if len(text) <= LONG else text[: LONG - 4] + " ..."


def arguments(names: Sequence[str], values: Sequence[Any]) -> Shown:
    """The input, an argument a line."""
    width = max(map(len, names), default=0)
    text = "\n".join(f"  {name:{width}} = {show(value)}" for name, value in zip(names, values))
    return Shown(text, f"<pre style='margin: .2em 0; white-space: pre-wrap'>{escape(text)}</pre>")


def beside(found: Any, wanted: Any, different: Difference | None) -> Shown:
    """Yours and the wanted value side by side, and the first place where they differ."""
    if isinstance(found, Raised) or isinstance(wanted, Raised) or different is None:
        return _two(Shown(show(found), ""), Shown(show(wanted), "")) + Shown("", "")
    mine, theirs, index = different.mine, different.wanted, different.index
    place = "".join(f"[{key!r}]" for key in different.path)
    within = line(f"In the part {place} of what is returned:") if place else Shown("", "")
    if not (isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray)):
        both = within + _two(*(_plain(x, y) for x, y in ((mine, found), (theirs, wanted))))
        counts = f"Yours has {len(mine)} items, wanted are {len(theirs)}." if different.kind == "length" else ""
        return both + line(counts) if counts else both
    digits = _digits(mine, theirs, index) if different.kind == "value" else 4
    start = _start(index)
    grids = [_grid(x, different.where, start, digits) for x in (mine, theirs)]
    shown = within + _two(*grids)
    if different.kind == "shape":
        return shown + line(f"Your shape is {shape(mine)}, wanted is {shape(theirs)}.")
    if not theirs.ndim:
        return shown
    here = f"[{', '.join(map(str, index))}]"
    count = int(different.where.sum())
    said = f"First difference at {here}: yours {_number(mine[index], digits)}, wanted {_number(theirs[index], digits)}."
    return shown + line(said + (f" {count} of {theirs.size} entries differ." if theirs.size > 1 else ""))


def _plain(value: Any, whole: Any) -> Shown:
    if isinstance(value, (list, dict)):
        return Shown(show(whole), "")
    return Shown(f"{show(value)}  ({type(value).__name__})" if not isinstance(value, np.ndarray) else show(value), "")


def _number(value: Any, digits: int) -> str:
    return f"{value:.{digits}g}" if isinstance(value, (float, np.floating)) else str(value)


def _digits(mine: np.ndarray, theirs: np.ndarray, index: tuple) -> int:
    """As many digits as it takes to see the first difference."""
    for digits in range(4, 17):
        if f"{float(mine[index]):.{digits}g}" != f"{float(theirs[index]):.{digits}g}":
            return digits
    return 17


def _start(index: tuple) -> list[int]:
    """The first row and column that are shown."""
    return [max(0, i - ROWS // 2) if i >= ROWS else 0 for i in index]


def _grid(array: np.ndarray, where: np.ndarray | None, start: Sequence[int], digits: int) -> Shown:
    """Rows and columns of an array, around ``start``; marked are the entries that differ."""
    if array.size == 0 or array.ndim == 0:
        text = _number(array[()], digits) if array.ndim == 0 else f"empty, of shape {array.shape}"
        return Shown(text, "")
    head, lead = "", ()
    if array.ndim > 2:
        lead = tuple(int(i) for i in np.argwhere(where)[0])[: array.ndim - 2] if where is not None else (0,) * 9
        lead = lead[: array.ndim - 2]
        head = f"[{', '.join(map(str, lead))}, :, :]" if array.size > array[lead].size else ""
        array, where = array[lead], where[lead] if where is not None else None
    start = list(start)[len(lead) :]
    flat = array.ndim == 1
    array = np.atleast_2d(array)
    where = np.zeros(array.shape, bool) if where is None else np.atleast_2d(where)
    start = [0, 0] if len(start) < 1 else [0, start[0]] if flat else start
    rows, columns = slice(start[0], start[0] + ROWS), slice(start[1], start[1] + COLUMNS)
    cut = array.shape[0] > rows.stop or array.shape[1] > columns.stop or any(start)
    cells, marks = array[rows, columns], where[rows, columns]
    texts = [[_number(x, digits) for x in row] for row in cells]
    width = max(len(text) for row in texts for text in row)
    lines = [
        " ".join(f"{text:>{width}}{'*' if mark else ' '}" for text, mark in zip(row, marked)).rstrip()
        for row, marked in zip(texts, marks)
    ]
    lead_line = [head] if head else []
    if cut:
        lines.append(f"... of {' x '.join(map(str, array.shape))}")
    style = "padding: 0 .5em; text-align: right; border: 1px solid #8884"
    table = "".join(
        "<tr>"
        + "".join(
            f"<td style='{style}{'; background: #D55E0044; font-weight: bold' if mark else ''}'>{escape(text)}</td>"
            for text, mark in zip(row, marked)
        )
        + "</tr>"
        for row, marked in zip(texts, marks)
    )
    html = f"<div>{escape(head)}</div><table style='margin: 0'>{table}</table>" + ("<div>…</div>" if cut else "")
    return Shown("\n".join(lead_line + lines), html)


def _two(mine: Shown, theirs: Shown) -> Shown:
    """Two grids side by side under their names."""
    left, right = (shown.text.split("\n") for shown in (mine, theirs))
    wide = max(len("yours"), *(len(row) for row in left))
    if wide + max(len(row) for row in right) > 110:  # one above the other
        text = "\n".join(["  yours:", *(f"    {row}" for row in left), "  wanted:", *(f"    {row}" for row in right)])
    else:
        n = max(len(left), len(right))
        pairs = zip(["yours", *left, *[""] * n], ["wanted", *right, *[""] * n])
        text = "\n".join(f"  {x:{wide}}   {y}".rstrip() for x, y in list(pairs)[: n + 1])
    parts = [
        f"<div><b>{name}</b>{shown.html or '<pre style=margin:0>' + escape(shown.text) + '</pre>'}</div>"
        for name, shown in (("yours", mine), ("wanted", theirs))
    ]
    html = f"<div style='display: flex; gap: 2em; flex-wrap: wrap; margin: .3em 0'>{''.join(parts)}</div>"
    return Shown(text, html)


def raised(error: Raised) -> Shown:
    """The error, and the line of the answer that it came from."""
    said = line(f"Your function raised {error.kind}: {error.text}")
    if error.source:
        return said + code(f"in its line {error.line}:", error.source)
    return said


def names_of(function: Callable, n: int, other: Callable | None = None) -> list[str]:
    """The names of ``n`` arguments, as the function has them, or else the other one."""
    import inspect

    for each in (function, other):
        try:
            names = list(inspect.signature(each).parameters.values())
        except (TypeError, ValueError):
            continue
        plain = [x.name for x in names if x.kind in (x.POSITIONAL_ONLY, x.POSITIONAL_OR_KEYWORD)]
        if len(plain) >= n:
            return plain[:n]
    return [f"argument {i}" for i in range(1, n + 1)]
