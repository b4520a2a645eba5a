# Used from 10 · notebooks/10_speed.ipynb
"""Pictures of notebook 10: where the time goes, each step of the road, the race, and cost against length."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, many, mapping, number, optional, path
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from helpers.plots.words import between, counted, decimal, listed, short


@checked(parts=mapping())
def time_shares(parts, title="") -> None:
    """Seconds of a task by its parts, as bars with their shares.

    Parameters
    ----------
    parts : dict of str to float
        Name to seconds.
    title : str
    """
    _, axes = plt.subplots(figsize=(7, 0.6 + 0.4 * len(parts)))
    names, seconds = list(parts), np.array(list(parts.values()))
    axes.barh(names, seconds, color=BLUE)
    for i, value in enumerate(seconds):
        axes.annotate(f"{value / seconds.sum():.0%}", (value, i), (4, 0), textcoords="offset points", va="center")
    axes.set(xlabel="milliseconds a batch", title=title, xlim=(0, 1.12 * seconds.max()))
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    show(_alt_time_shares(parts, title))


def _alt_time_shares(parts, title) -> str:
    """The figure in words."""
    total = sum(parts.values())
    bars = listed(f"{name} {short(value)} ({value / total:.0%})" for name, value in parts.items())
    what = f", {title}" if title else ""
    return f"Bars of milliseconds a batch{what}, with their shares: {bars}. In all {short(total)}."


@checked(rates=mapping(), limit=optional(number(above=0)))
def road(rates, limit=None, label="") -> None:
    """Center words a second after each step, on a logarithmic axis, with a limit as a line.

    Parameters
    ----------
    rates : dict of str to float
        Step to center words a second, in order.
    limit : float, optional
        What the machine's arithmetic would allow.
    label : str
        Of the limit.
    """
    _, axes = plt.subplots(figsize=(8, 0.8 + 0.42 * len(rates)))
    names, values = list(rates), np.array(list(rates.values()))
    axes.scatter(values, names, c=[VERMILION, *[BLUE] * (len(names) - 1)], s=50, zorder=3)  # a log axis has no bars
    for i, value in enumerate(values):
        note = f"{value:,.0f}" + (f"   x {value / values[0]:.1f}" if i else "")
        axes.annotate(note, (value, i), (-8, 0), textcoords="offset points", va="center", ha="right")
    if limit is not None:
        axes.axvline(limit, color="0.3", ls="--", label=label)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1))
    axes.set(xscale="log", xlabel="center words a second", xlim=(values.min() / 30, 2 * max(values.max(), limit or 0)))
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    show(_alt_road(rates, limit, label))


def _alt_road(rates, limit, label) -> str:
    """The figure in words."""
    first = next(iter(rates.values()), 1)
    steps = (
        f"{name}: {value:,.0f}" + (f", {value / first:.1f} times the first" if i else "")
        for i, (name, value) in enumerate(rates.items())
    )
    line = "" if limit is None else f" A dashed line, {label or 'the limit'}, at {short(limit)}."
    return f"Dots on a logarithmic axis, center words a second after each step: {'; '.join(steps)}.{line}"


SYSTEMS = {
    "book": "the book's loop",
    "reference": "this course, 05",
    "torch": "PyTorch alone",
    "numba": "Numba kernel",
    "triton": "Triton kernel",
    "gensim": "gensim",
}
LEVELS = ("book", "gensim")  # systems whose best loss is a line to compare with


def best(rows: list[dict], system: str) -> dict | None:
    """The row of a system with the lowest held-out loss; None where it has none."""
    mine = [row for row in rows if row["system"] == system and row["heldout"] is not None]
    return min(mine, key=lambda row: row["heldout"], default=None)


@checked(result=mapping(), path=optional(path()))
def race(result, path: str | Path | None = None) -> None:
    """Held-out loss at the end of training against its seconds, a point for each length; bars are ranges over runs.

    Parameters
    ----------
    result : dict
        As ``python -m experiments.race`` stores it.
    path : path, optional
        Write a PNG there instead of showing it.
    """
    figure, axes = plt.subplots(figsize=(8, 4.2))
    styles = zip(SYSTEMS, ("X", "o", "s", "D", "P", "^"), (VERMILION, PURPLE, SKY, BLUE, GREEN, ORANGE))
    for system, marker, color in styles:
        rows = [row for row in result["rows"] if row["system"] == system and row["heldout"] is not None]
        if not rows:
            continue
        at = np.array([row["seconds"] for row in rows]), [row["heldout"] for row in rows]
        around = np.abs(np.array([row["seconds_range"] for row in rows]).T - at[0])
        axes.errorbar(*at, xerr=around, fmt=marker, color=color, ms=6, lw=1, label=SYSTEMS[system], zorder=3)
        if system in LEVELS:
            label = f"best loss of {SYSTEMS[system]}"
            axes.axhline(best(rows, system)["heldout"], color=color, ls=":", lw=1, label=label)
    axes.set(xscale="log", xlabel="seconds of training", ylabel="held-out loss at its end")
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    if path is None:
        show(_alt_race(result))
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, bbox_inches="tight")
        plt.close(figure)


def _alt_race(result) -> str:
    """The figure in words."""
    found, lines = [], [name for system, name in SYSTEMS.items() if system in LEVELS and best(result["rows"], system)]
    for system, name in SYSTEMS.items():
        row = best(result["rows"], system)
        if row is not None:
            rows = [x for x in result["rows"] if x["system"] == system and x["heldout"] is not None]
            lasted = between((x["seconds"] for x in rows), 1)
            found.append(
                f"{name}, {counted(len(rows), 'point')}, {lasted} seconds: best {decimal(row['heldout'], 4)} after "
                f"{decimal(row['seconds'], 1)}"
            )
    return (
        "Dots with ranges: held-out loss at the end of training against its seconds on a logarithmic axis, a point for "
        f"each length. {'; '.join(found) or 'No run ended'}. Dotted lines: the best losses of {listed(lines)}."
    )


@checked(rows=many(mapping()), exponent=number())
def scaling(rows, exponent) -> None:
    """Seconds of an epoch against the length of the text, both axes logarithmic.

    Parameters
    ----------
    rows : list of dict
        With ``times`` and ``seconds``.
    exponent : float
        Fitted slope.
    """
    _, axes = plt.subplots(figsize=(5.5, 3.4))
    times, seconds = (np.array([row[key] for row in rows], dtype=float) for key in ("times", "seconds"))
    fitted = np.exp(np.log(seconds).mean() + exponent * (np.log(times) - np.log(times).mean()))
    axes.plot(times, fitted, color="0.5", lw=1, label=f"length to the power {exponent:.2f}")
    axes.plot(times, seconds, "o", color=BLUE, label="one epoch")
    axes.set(xscale="log", yscale="log", xlabel="length of the text, in PTBs", ylabel="seconds")
    axes.set_xticks(times, [f"{n:g}" for n in times])
    axes.grid(alpha=0.3)
    axes.legend()
    show(_alt_scaling(times, seconds, exponent))


def _alt_scaling(times, seconds, exponent) -> str:
    """The figure in words."""
    points = listed(f"{short(s)} at {n:g}" for n, s in zip(times, seconds))
    return (
        "Dots, both axes logarithmic: seconds of one epoch against the length of the text, in Penn Treebanks (PTBs): "
        f"{points}. A line through them: length to the power {decimal(exponent)}."
    )
