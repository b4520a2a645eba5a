# Used from 13 · notebooks/13_context.ipynb
"""Pictures of notebook 13: what a mixed word's vector is made of, attention, layers, and claims."""

from __future__ import annotations

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, many, mapping, number, words
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from helpers.plots.words import between, correlation, counted, course, decimal, listed, short, with_interval
from helpers.shapes import array

COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)


@checked(share=array("n"), weight=array("n"), first=array("n"), second=array("n"))
def mixed_words(share, weight, first, second) -> None:
    """What the vector of a word with two senses is made of, by the share that the first sense has of its uses.

    Parameters
    ----------
    share, weight : np.ndarray, shape (n,)
        Of the first word: its part of the uses, and of the two words' weights in the mixed word's vector.
    first, second : np.ndarray, shape (n,)
        How many of the mixed word's ten neighbours are neighbours of each.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.plot([0, 1], [0, 1], color="0.5", ls=":", label="weight = share")
    left.plot(share, weight, "o", color=BLUE, ms=4, alpha=0.6, label="a mixed word")
    left.set(xlabel="first word's share of the uses", ylabel="its weight in the vector", ylim=(-0.2, 1.2))
    left.legend()
    bins = [rows for rows in np.array_split(np.argsort(share), 6) if len(rows)]
    middle = [share[rows].mean() for rows in bins]
    for name, values, color, look in (("first", first, BLUE, "o-"), ("second", second, VERMILION, "s--")):
        right.plot(middle, [values[rows].mean() for rows in bins], look, color=color, label=f"of the {name} word")
    right.set(
        xlabel="first word's share of the uses, means of sixths", ylabel="neighbours of ten, mean", ylim=(0, None)
    )
    right.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3)
    show(
        _alt_mixed_words(share, weight, middle, *([values[rows].mean() for rows in bins] for values in (first, second)))
    )


def _alt_mixed_words(share, weight, middle, first, second) -> str:
    """The figure in words; ``first`` and ``second`` are means at the places ``middle``."""
    at = [f"share {decimal(place)}" for place in middle]
    return (
        f"Two panels. Left, scatter of {counted(len(share), 'mixed word')}: the first word's share of the uses, "
        f"{between(share)}, against its weight in the vector, {between(weight)}, beside the line where the two are "
        f"equal.{correlation(share, weight)} Right, means over sixths of that share: of ten neighbours the first "
        f"word's are {course(at, first, 1)}; the second word's are {course(at, second, 1)}."
    )


@checked(texts=many(words(least=1), least=1), weights=many(array("...", least=0), least=1))
def attention(texts, weights) -> None:
    """Attention weights as pictures, one beside the other: a row a query, a column a key.

    Parameters
    ----------
    texts : list of list of str
        The words of each.
    weights : list of np.ndarray, shape (n, n)
    """
    _, panels = plt.subplots(1, len(texts), figsize=(4.6 * len(texts), 4.2), squeeze=False)
    use_fonts_for([word for text in texts for word in text])
    most = max(rows.max() for rows in weights)
    for axes, text, rows in zip(panels[0], texts, weights):
        shown = axes.imshow(rows, cmap="Blues", vmin=0, vmax=most)
        names = [plain(word) for word in text]
        axes.set_xticks(range(len(text)), names, rotation=90)
        axes.set_yticks(range(len(text)), names)
        axes.set(xlabel="is looked at", ylabel="looks")
    plt.colorbar(shown, ax=panels[0].tolist(), shrink=0.7, label="weight")
    show(_alt_attention(texts, weights))


def _alt_attention(texts, weights) -> str:
    """The figure in words: of each text, the pairs of words with the most weight."""
    panels = []
    for text, rows in zip(texts, weights):
        most = np.argsort(-rows, axis=None, kind="stable")[:4]
        pairs = [(text[i], text[j], rows[i, j]) for i, j in zip(*np.unravel_index(most, rows.shape))]
        largest = listed(f"{a} at {b} {decimal(weight)}" for a, b, weight in pairs)
        panels.append(f"{' '.join(text)}: the most weight has {largest}; the mean is {decimal(rows.mean())}.")
    grids = counted(len(texts), "square grid")
    return (
        f"{grids} of attention weights, darker for more: a row for the word that looks, a column for the one that "
        + ("is looked at. " + " ".join(panels))
    )


@checked(curves=mapping(), lines=mapping())
def layers(curves, lines) -> None:
    """How well two senses are told apart after each layer, beside ways that have none.

    Parameters
    ----------
    curves : dict of str to list of dict
        Way to ``estimate``, ``low`` and ``high`` after each layer, 0 first.
    lines : dict of str to dict
        The same of the ways without layers.
    """
    _, axes = plt.subplots(figsize=(7, 3.4))
    looks = (VERMILION, "o-"), (ORANGE, "s--"), (PURPLE, "^:")
    for k, ((name, found), (color, look)) in enumerate(zip(curves.items(), looks)):
        values = [x["estimate"] for x in found]
        reach = [[x["estimate"] - x["low"] for x in found], [x["high"] - x["estimate"] for x in found]]
        places = [layer + 0.06 * k for layer in range(len(found))]
        axes.errorbar(places, values, reach, fmt=look, color=color, capsize=3, label=f"encoder, {plain(name)}")
    for (name, x), color in zip(lines.items(), (BLUE, GREEN)):
        axes.axhline(x["estimate"], color=color, ls="--", label=plain(name))
        axes.axhspan(x["low"], x["high"], color=color, alpha=0.15)
    axes.set_xticks(range(max(map(len, curves.values()))))
    axes.set(xlabel="layers passed", ylabel="adjusted Rand index")
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(_alt_layers(curves, lines))


def _alt_layers(curves, lines) -> str:
    """The figure in words."""
    found = []
    for name, values in list(curves.items())[:3]:
        along = course((f"layer {i}" for i in range(len(values))), (x["estimate"] for x in values))
        last = f", with an interval of {between((values[-1]['low'], values[-1]['high']))}" if values else ""
        found.append(f"Encoder, {name}: {along}{last}.")
    found += [
        f"Level line, {name}: {with_interval(x['estimate'], x['low'], x['high'])}."
        for name, x in list(lines.items())[:2]
    ]
    return "Lines with intervals: adjusted Rand index by the number of layers passed. " + " ".join(found)


@checked(rows=many(mapping(), least=1), chance=number(least=0, most=1))
def claims(rows, chance) -> None:
    """Accuracy by what a document costs.

    Parameters
    ----------
    rows : list of dict
        ``name``, ``operations`` a document, and ``accuracy``, a dict of ``estimate``, ``low`` and ``high``.
    chance : float
        The accuracy of guessing.
    """
    _, axes = plt.subplots(figsize=(7.5, 3.6))
    use_fonts_for([row["name"] for row in rows])
    looks = zip(cycle((*COLORS, SKY, "black", "0.5", "0.3")), cycle("os^Dv*P<>X"))  # 9 and 10: no row lacks its own
    for row, (color, marker) in zip(rows, looks):
        x = row["accuracy"]
        reach = [[x["estimate"] - x["low"]], [x["high"] - x["estimate"]]]
        label = plain(row["name"])
        axes.errorbar(row["operations"], x["estimate"], reach, fmt=marker, color=color, capsize=3, label=label)
    axes.axhline(chance, color="0.5", ls=":", label="guessing")
    axes.set(xscale="log", xlabel="operations a document", ylabel="texts labelled rightly", ylim=(0, 1))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(_alt_claims(rows, chance))


def _alt_claims(rows, chance) -> str:
    """The figure in words."""
    found = [(row["name"], row["operations"], row["accuracy"]) for row in sorted(rows, key=lambda r: r["operations"])]
    dots = "; ".join(
        f"{name}, {short(cost)}: {with_interval(x['estimate'], x['low'], x['high'])}" for name, cost, x in found
    )
    return (
        "Dots with intervals: share of the texts labelled rightly, by the operations that a document costs on a "
        f"logarithmic axis, the cheapest first. {dots}. Guessing: {decimal(chance)}."
    )
