# Used from 12 · notebooks/12_subwords.ipynb
"""The picture of notebook 12: how often a word has to be seen."""

from __future__ import annotations

import matplotlib.pyplot as plt

from helpers.arguments import checked, many, mapping, number, whole
from helpers.plots.showing import show
from helpers.plots.style import BLUE, ORANGE, VERMILION
from helpers.plots.words import decimal, listed

LOOKS = {"words": (BLUE, "o-"), "subwords": (VERMILION, "s-"), "spelling": (ORANGE, "^--")}


@checked(levels=many(whole(), least=2), curves=mapping(), ceiling=number())
def occurrences(levels, curves, ceiling) -> None:
    """How many of ten neighbours are right, by how often the word was in the text.

    Parameters
    ----------
    levels : list of int
        Occurrences.
    curves : dict of str to list of uncertainty.Interval
        Of "words", "subwords" and "spelling": an interval for each level.
    ceiling : float
        What two models of the whole text share.
    """
    _, axes = plt.subplots(figsize=(7, 3.4))
    places = range(len(levels))
    for k, (name, found) in enumerate(curves.items()):
        color, look = LOOKS[name]
        values = [x.estimate for x in found]
        reach = [[x.estimate - x.low for x in found], [x.high - x.estimate for x in found]]
        moved = [place + 0.04 * (k - 1) for place in places]
        axes.errorbar(moved, values, reach, fmt=look, color=color, capsize=3, label=name)
    axes.axhline(ceiling, color="0.4", ls=":", label="another seed")
    axes.set_xticks(places, [str(n) for n in levels])
    axes.set(xlabel="occurrences left in the text", ylabel="right ones of ten neighbours, share", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(_alt_occurrences(levels, curves, ceiling))


def _alt_occurrences(levels, curves, ceiling) -> str:
    """The figure in words."""
    lines = "; ".join(f"{name}: {', '.join(decimal(x.estimate) for x in found)}" for name, found in curves.items())
    widest = max((x.high - x.low for found in curves.values() for x in found), default=0.0)
    return (
        "Lines with intervals: of ten neighbours the share of right ones, for words that were left "
        f"{listed(map(str, levels))} times in the text. {lines}. The widest interval: {decimal(widest)} from end to "
        f"end. A level line, another seed: {decimal(ceiling)}."
    )
