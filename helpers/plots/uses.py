# Used from 08 · notebooks/08_uses_and_bias.ipynb
"""Pictures of notebook 08: neighbours kept, effects beside those of random words, accuracy of classifiers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, many, mapping, number, whole, words
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, VERMILION
from helpers.plots.words import between, counted, decimal, listed, with_interval
from helpers.shapes import array

COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)


@checked(kept=mapping(), k=whole(1))
def neighbours_kept(kept, k=10) -> None:
    """How many of k neighbours words keep from one table to another: the share of words, a curve for each comparison.

    Parameters
    ----------
    kept : dict of str to np.ndarray, shape (n,)
        Comparison to the mean number of each word.
    k : int
    """
    _, axes = plt.subplots(figsize=(7, 3.2))
    use_fonts_for(kept)
    edges = np.arange(-0.5, k + 1)
    for (name, values), color, marker in zip(kept.items(), COLORS, "os^Dv"):
        share = np.histogram(values, edges)[0] / len(values)
        axes.plot(range(k + 1), share, f"{marker}-", color=color, label=plain(name))
    axes.set(xlabel=f"neighbours of {k} that two tables share, rounded", ylabel="share of the words", ylim=(0, None))
    axes.set_xticks(range(k + 1))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(_alt_neighbours_kept(kept, k))


def _alt_neighbours_kept(kept, k) -> str:
    """The figure in words."""
    curves = []
    for (name, values), _ in zip(kept.items(), COLORS):
        share = np.histogram(values, np.arange(-0.5, k + 1))[0] / max(1, len(values))
        most = int(share.argmax())
        curves.append(
            f"{name}, {counted(len(values), 'word')}: {share[0]:.0%} keep 0, most often {most} ({share[most]:.0%}), "
            f"{share[-1]:.0%} keep all {k}; mean {decimal(np.mean(values)) if len(values) else 'none'}"
        )
    return f"Lines: share of the words by how many of {k} neighbours two tables share, rounded. {'; '.join(curves)}."


@checked(effects=many(array("S")), random=many(mapping()), names=words())
def association(effects, random, names) -> None:
    """Effect sizes of an association test over seeds, and their mean beside those of words drawn at random.

    Parameters
    ----------
    effects : list of np.ndarray
        For each test, one effect a seed.
    random : list of dict of str to np.ndarray, shape (R,)
        For each test, what was drawn to the mean effects over the seeds.
    names : list of str
    """
    figure, axes = plt.subplots(figsize=(7.5, 1 + 0.9 * len(names)))
    use_fonts_for(names)
    for i, (seeds, nulls) in enumerate(zip(effects, random)):
        first = i == 0
        axes.plot(seeds, np.full(len(seeds), i - 0.28), "o", color=BLUE, ms=5, label="a seed" if first else None)
        axes.plot([seeds.mean()] * 2, [i - 0.4, i + 0.42], color="black", lw=2, label="their mean" if first else None)
        for j, ((what, values), color) in enumerate(zip(nulls.items(), (ORANGE, GREEN, PURPLE))):
            place = np.full(len(values), i - 0.06 + 0.22 * j)
            label = f"random: {plain(what)}" if first else None
            axes.plot(values, place, "|", color=color, ms=9, alpha=0.5, label=label)
    axes.axvline(0, color="0.4", lw=1)
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.set(xlabel="WEAT effect, in standard deviations of the targets", ylim=(len(names) - 0.3, -0.6))
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=5)
    show(_alt_association(effects, random, names))


def _alt_association(effects, random, names) -> str:
    """The figure in words."""
    rows = []
    for name, seeds, nulls in zip(names, effects, random):
        drawn = ", ".join(f"{what} {between(values)}" for what, values in nulls.items())
        rows.append(f"{name}: mean {decimal(seeds.mean())}, seeds {between(seeds)}; random {drawn or 'none'}.")
    return (
        "Rows of dots, one a test: its effect over the seeds, in standard deviations of the targets, above the effects "
        f"of words drawn at random; a line marks 0. {' '.join(rows)}"
    )


@checked(sizes=many(whole(1)), curves=mapping(), dims=mapping(), lines=mapping(), chance=number())
def classifier(sizes, curves, dims, lines, chance) -> None:
    """Accuracy against the number of labelled texts, and against the dimension; bars are 95 % intervals.

    Parameters
    ----------
    sizes : sequence of int
        Labelled texts a class.
    curves : dict of str to list of uncertainty.Interval
        Input to one interval a size.
    dims : dict of int to uncertainty.Interval
        Dimension of random vectors to their interval at the largest size.
    lines : dict of str to (int, uncertainty.Interval)
        Other inputs at that size: their dimension, and the interval.
    chance : float
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    use_fonts_for([*curves, *lines])
    color = dict(zip([*curves, *(name for name in lines if name not in curves)], COLORS))
    marker = dict(zip(color, "osD^v"))
    for i, (name, found) in enumerate(curves.items()):
        places = np.array(sizes) * 1.04**i
        _bars(left, places, found, f"{marker[name]}-", color[name], name)
    _bars(right, list(dims), list(dims.values()), f"{marker['random vectors']}-", color["random vectors"])
    for name, (dim, found) in lines.items():
        new = name if name not in curves else None
        _bars(right, [dim], [found], marker[name], color[name], new)
    for axes in (left, right):
        line = axes.axhline(chance, color="0.4", ls=":", label="chance" if axes is left else None)
        axes.set(xscale="log")
        axes.grid(alpha=0.3)
    left.set(xlabel="labelled texts a class", ylabel="accuracy on other files", ylim=(0, 0.8))
    left.set_xticks(sizes, [str(n) for n in sizes])
    right.set(xlabel=f"dimension, at {sizes[-1]} texts a class")
    ticks = sorted({*dims, *(dim for dim, _ in lines.values())})
    close = [n < 2 * low for low, n in zip([0, *ticks], ticks)]  # their labels would touch
    right.set_xticks(ticks, ["\n" * below + str(n) for n, below in zip(ticks, close)])
    for axes in (left, right):
        axes.minorticks_off()
    handles = [h for axes in (left, right) for h in axes.get_legend_handles_labels()[0] if h is not line]
    right.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1), title="bars: 95 % intervals")
    show(_alt_classifier(sizes, curves, dims, lines, chance))


def _alt_classifier(sizes, curves, dims, lines, chance) -> str:
    """The figure in words."""
    left = "; ".join(f"{name} {_interval(found[0])} to {_interval(found[-1])}" for name, found in curves.items())
    right = [f"random vectors, {dim:,}: {_interval(found)}" for dim, found in dims.items()]
    right += [f"{name}, {dim:,}: {_interval(found)}" for name, (dim, found) in lines.items()]
    return (
        "Two panels, accuracy on other files with 95 % intervals. Left, lines from "
        f"{sizes[0]} to {sizes[-1]} labelled texts a class: {left}. Right, by dimension, at {sizes[-1]} texts a class: "
        f"{listed(right)}. Chance: {decimal(chance)}."
    )


def _interval(found) -> str:
    return with_interval(found.estimate, found.low, found.high)


def _bars(axes, places, found, style, color, name=None):
    middle = np.array([each.estimate for each in found])
    ends = np.abs(np.array([[each.low, each.high] for each in found]).T - middle)
    label = None if name is None else plain(name)
    axes.errorbar(places, middle, yerr=ends, fmt=style, color=color, capsize=3, ms=5, lw=1, label=label)
