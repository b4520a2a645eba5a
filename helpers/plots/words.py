# Used from 01 · tests/helpers/plots/test_alt_texts.py
"""Numbers and lists as the alternative texts of the figures write them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from helpers.evaluation import spearman


def decimal(value: float, digits: int = 2) -> str:
    """A number with some decimals, and a minus that a screen reader says.

    Examples
    --------
    >>> decimal(0.4567), decimal(-1234.5, 0), decimal(-0.001), decimal(float("nan"))
    ('0.46', '−1,234', '0.00', 'none')
    """
    if math.isnan(value):
        return "none"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not float(text.replace(",", "")) else text.replace("-", "−")


def short(value: float) -> str:
    """A number of any size with three digits that count.

    Examples
    --------
    >>> short(0.00012345), short(-2.5), short(3), short(56789.0), short(2.4e9)
    ('0.000123', '−2.5', '3', '56,789', '2.4 × 10^9')
    """
    if not math.isfinite(value):
        return "none" if math.isnan(value) else "−infinite" if value < 0 else "infinite"
    if value and not 1e-5 <= abs(value) < 1e7:
        power = math.floor(math.log10(abs(value)))
        return f"{value / 10**power:.3g} × 10^{power}".replace("-", "−")
    text = f"{value:,.0f}" if abs(value) >= 1000 else np.format_float_positional(float(f"{value:.3g}"), trim="-")
    return text.replace("-", "−")


def counted(n: int, noun: str, more: str = "") -> str:
    """A number of things; ``more`` is the plural of a noun that does not end in s there.

    Examples
    --------
    >>> counted(1, "pair"), counted(1200, "pair"), counted(2, "matrix", "matrices")
    ('1 pair', '1,200 pairs', '2 matrices')
    """
    return f"{n:,} {noun if n == 1 else more or noun + 's'}"


def listed(items: Iterable[str], most: int = 12) -> str:
    """A list as a sentence has it, cut off after some; with semicolons where commas stand in it.

    Examples
    --------
    >>> listed("abc"), listed("abcde", 3), listed([]), listed(["a, 1", "b, 2"])
    ('a, b and c', 'a, b, c and 2 more', 'none', 'a, 1; b, 2')
    """
    items = list(items)
    shown = items if len(items) <= most else [*items[:most], f"{len(items) - most:,} more"]
    if any(", " in item for item in shown):
        return "; ".join(shown)
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]])) or "none"


def between(values: Iterable[float], digits: int = 2) -> str:
    """The lowest and the highest of some values; NaN is left out.

    Examples
    --------
    >>> between([0.3, 0.1, 0.2], 1), between([2.0, 2.0], 0), between([])
    ('0.1 to 0.3', '2', 'none')
    """
    values = np.asarray(list(values), dtype=float)
    values = values[~np.isnan(values)]
    ends = [decimal(end, digits) for end in (values.min(), values.max())] if len(values) else ["none"]
    return " to ".join(dict.fromkeys(ends))


def course(places: Iterable, values: Iterable[float], digits: int = 2) -> str:
    """The first and the last of a curve's values, and the highest and the lowest where these are others.

    Examples
    --------
    >>> course([0, 1, 2], [0.1, 0.5, 0.3])
    '0.10 at 0, 0.50 at 1 (the highest) and 0.30 at 2'
    >>> course(["a"], [1.0], 0), course([], [])
    ('1 at a', 'none')
    """
    places, values = list(places), [float(value) for value in values]
    if not values or all(map(math.isnan, values)):
        return "none"
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    ends = {decimal(values[0], digits), decimal(values[-1], digits)}
    chosen = {0: "", len(values) - 1: ""}
    for i, said in ((high, " (the highest)"), (low, " (the lowest)")):
        if decimal(values[i], digits) not in ends:
            chosen[i] = said
    return listed(f"{decimal(values[i], digits)} at {places[i]}{chosen[i]}" for i in sorted(chosen))


def series(places: Iterable, values: Iterable[float], digits: int = 2, most: int = 8) -> str:
    """All values of a short curve, else its `course`.

    Examples
    --------
    >>> series([1, 2, 3], [0.3, 0.2, 0.1], 1), series([1, 2, 3], [0.3, 0.2, 0.1], 1, most=2)
    ('0.3, 0.2, 0.1', '0.3 at 1 and 0.1 at 3')
    """
    values = list(values)
    if len(values) > most:
        return course(places, values, digits)
    return ", ".join(decimal(value, digits) for value in values) or "none"


def correlation(x: Iterable[float], y: Iterable[float]) -> str:
    """A sentence with the rank correlation; empty where there is none.

    Examples
    --------
    >>> correlation([1, 2, 3], [1, 3, 2]), correlation([1, 2], [5, 5])
    (' Rank correlation 0.50.', '')
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    rho = spearman(x, y) if len(x) > 1 else float("nan")
    return "" if math.isnan(rho) else f" Rank correlation {decimal(rho)}."


def vector(values: Iterable[float], digits: int = 2, most: int = 6) -> str:
    """A vector's first numbers.

    Examples
    --------
    >>> vector([0.5, -1.0]), vector([1, 2, 3], 0, most=2)
    ('(0.50, −1.00)', '(1, 2, ...)')
    """
    numbers = [decimal(float(x), digits) for x in values]
    return f"({', '.join(numbers[:most])}{', ...' if len(numbers) > most else ''})"


def with_interval(estimate: float, low: float, high: float, digits: int = 2) -> str:
    """An estimate with its interval.

    Examples
    --------
    >>> with_interval(0.5, 0.4, 0.61)
    '0.50 (0.40 to 0.61)'
    """
    return f"{decimal(estimate, digits)} ({decimal(low, digits)} to {decimal(high, digits)})"
