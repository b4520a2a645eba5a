# Used from 09 · notebooks/09_why_it_works.ipynb
"""Pictures of notebook 09: optima, scores against what theory says, and what each approximation buys."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke

from helpers.arguments import checked, instance, many, mapping, whole, words
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from helpers.plots.words import between, correlation, counted, course, decimal, listed, short, vector
from helpers.shapes import array


@checked(pairs=mapping())
def pair_losses(pairs) -> None:
    """Expected loss of single pairs against their score, with the minimum marked.

    Parameters
    ----------
    pairs : dict of str to (float, float)
        For each pair of words, its expected contexts N and noise words M.
    """
    _, axes = plt.subplots(figsize=(6.5, 3.4))
    use_fonts_for(pairs)
    score = np.linspace(-6, 5, 300)
    for (name, (N, M)), color in zip(pairs.items(), (BLUE, VERMILION, GREEN, PURPLE)):

        def loss(s, N=N, M=M):
            return (N * np.logaddexp(0, -s) + M * np.logaddexp(0, s)) / (N + M)

        axes.plot(score, loss(score), color=color, label=plain(f"{name}: N / M = {N / M:.2f}"))
        axes.plot(np.log(N / M), loss(np.log(N / M)), "o", color=color)
    axes.set(xlabel="score u · v", ylabel="loss for one draw of the pair", ylim=(0, 3))
    axes.grid(alpha=0.3)
    axes.legend()
    show(_alt_pair_losses(dict(list(pairs.items())[:4])))


def _alt_pair_losses(pairs) -> str:
    """The figure in words."""
    curves = []
    for name, (N, M) in pairs.items():
        best = np.log(N / M)
        lowest = (N * np.logaddexp(0, -best) + M * np.logaddexp(0, best)) / (N + M)
        curves.append(f"{name}, N / M = {decimal(N / M)}: at score {decimal(best)}, loss {decimal(lowest)}")
    return (
        "Curves, one a pair of words: the loss for one draw of the pair over the score u · v from −6 to 5. Each falls "
        f"to one minimum, which is marked, and rises again. {'; '.join(curves)}."
    )


@checked(panels=mapping())
def score_scatter(panels, label="log N / M") -> None:
    """Trained scores against the scores that theory asks for, one panel a case.

    Parameters
    ----------
    panels : dict of str to (np.ndarray, np.ndarray)
        Title to theory and trained scores, shape (n,) each.
    label : str
        Of the horizontal axis.
    """
    figure, all_axes = plt.subplots(1, len(panels), figsize=(3.6 * len(panels), 3.6), sharex=True, sharey=True)
    for axes, (title, (theory, trained)) in zip(np.atleast_1d(all_axes), panels.items()):
        low, high = min(theory.min(), trained.min()), max(theory.max(), trained.max())
        axes.plot([low, high], [low, high], color="0.6", lw=1, label="trained = formula")
        axes.scatter(theory, trained, s=6, alpha=0.5, color=BLUE, lw=0, label="a pair of words")
        off = np.abs(theory - trained)
        axes.set(title=f"{title}\nerror: median {np.median(off):.2f}, largest {off.max():.2f}", xlabel=label)
        axes.grid(alpha=0.3)
    np.atleast_1d(all_axes)[0].set_ylabel("trained score u · v")
    np.atleast_1d(all_axes)[0].legend(loc="lower right")
    show(_alt_score_scatter(panels, label))


def _alt_score_scatter(panels, label) -> str:
    """The figure in words."""
    found = []
    for title, (theory, trained) in panels.items():
        off = np.abs(theory - trained)
        found.append(
            f"{title}: {counted(len(theory), 'pair')}, formula {between(theory)}, trained {between(trained)}; the two "
            f"differ by {decimal(np.median(off))} in the median, {decimal(off.max())} at most."
            f"{correlation(theory, trained)}"
        )
    return (
        f"{counted(len(panels), 'scatter plot')} of pairs of words: trained score u · v against {label}, beside the "
        f"line where the two are equal. {' '.join(found)}"
    )


@checked(gaps=mapping(), weight=array("N"), error=array("N"), dim=whole(1))
def fit_by_dimension(gaps, weight, error, dim) -> None:
    """What is lost at low dimension, and on which pairs.

    Parameters
    ----------
    gaps : dict of int to float
        Dimension to loss above the optimum.
    weight, error : np.ndarray, shape (n,)
        Weight and absolute error of each pair at one low dimension.
    dim : int
        That dimension.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    left.plot(list(gaps), list(gaps.values()), "o-", color=BLUE)
    left.set(xscale="log", yscale="log", xlabel="dimension D", ylabel="loss above the lowest possible")
    left.set_xticks(list(gaps), [str(D) for D in gaps])
    left.minorticks_off()
    right.scatter(weight, error, s=6, alpha=0.4, color=BLUE, lw=0, label="a pair")
    order = [rows for rows in np.array_split(np.argsort(weight), 10) if len(rows)]
    medians = [np.median(error[i]) for i in order]
    right.plot(
        [np.median(weight[i]) for i in order], medians, "o-", color=VERMILION, label="median of each tenth"
    )  # fmt: skip
    right.set(xscale="log", yscale="log", title=f"D = {dim}", xlabel="weight of the pair in the loss")
    right.set_ylabel("|trained score - log N / M|")
    right.legend(loc="upper right")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    show(_alt_fit_by_dimension(gaps, medians, len(weight), dim))


def _alt_fit_by_dimension(gaps, medians, n, dim) -> str:
    """The figure in words; ``medians`` are the errors of the pairs' tenths by weight."""
    left = listed(f"{short(gap)} at D = {D}" for D, gap in gaps.items())
    tenths = course([f"tenth {i + 1}" for i in range(len(medians))], medians)
    return (
        f"Two panels, axes logarithmic. Left, a line: loss above the lowest possible, {left}. Right, scatter of "
        f"{counted(n, 'pair')} at D = {dim}: the error |trained score − log N / M| against the pair's weight in the "
        f"loss. Medians of tenths, the lightest pairs first: {tenths}."
    )


@checked(points=array("N 2"), names=words("N"), traits=many(instance(tuple, list), letter="N"))
def people(points, names, traits) -> None:
    """The eight people in the plane; a line joins two who differ in one trait.

    Parameters
    ----------
    points : np.ndarray, shape (n, 2)
    names : list of str, length n
    traits : list of tuple of str, length n
        Rank, gender and age of each.
    """
    _, axes = plt.subplots(figsize=(6, 4.4))
    use_fonts_for(names)
    drawn = set()
    for i, one in enumerate(traits):
        for j in range(i):
            differ = [k for k, (a, b) in enumerate(zip(one, traits[j])) if a != b]
            if len(differ) == 1:
                k = differ[0]
                name = None if k in drawn else ("rank", "gender", "age")[k]
                drawn.add(k)
                axes.plot(*points[[i, j]].T, color=(PURPLE, BLUE, ORANGE)[k], lw=2, alpha=0.7, label=name, zorder=1)
    axes.scatter(*points.T, color="black", s=22, zorder=2)
    for name, point in zip(names, points):
        text = axes.annotate(name, point, (6, 5), textcoords="offset points", fontsize=10, parse_math=False)
        text.set_path_effects([withStroke(linewidth=4, foreground="white")])  # over the lines
    axes.set(xlabel="first principal component", ylabel="second", aspect="equal")
    axes.margins(0.15)
    axes.legend(title="the two differ in", loc="upper left", bbox_to_anchor=(1, 1))
    show(_alt_people(points, names, traits))


def _alt_people(points, names, traits) -> str:
    """The figure in words."""
    places = listed((f"{name} {vector(point)}" for name, point in zip(names, points)), 8)
    pairs = [(a, b) for i, a in enumerate(traits) for b in traits[:i]]
    differ = [[k for k, (x, y) in enumerate(zip(a, b)) if x != y] for a, b in pairs]
    lines = listed(f"{differ.count([k])} in {trait}" for k, trait in enumerate(("rank", "gender", "age")))
    return (
        f"{counted(len(names), 'word')} for people as dots, by first and second principal component: {places}. Lines "
        f"join two who differ in one trait: {lines}."
    )


@checked(rows=mapping())
def objectives(rows) -> None:
    """Time against two measures of quality, one point an objective, with the seeds' standard deviation.

    Parameters
    ----------
    rows : dict of str to dict of str to np.ndarray
        Name to ``{"ms": ..., "bits": ..., "WordSim-353": ...}``: one time of a step, and a value a seed.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), sharex=True)
    for (name, row), color in zip(rows.items(), (SKY, BLUE, GREEN, ORANGE, PURPLE, VERMILION)):
        for axes, measure in ((left, "bits"), (right, "WordSim-353")):
            y = row[measure]
            axes.errorbar(row["ms"], y.mean(), yerr=y.std(ddof=1), fmt="o", color=color, capsize=3, label=plain(name))
    left.set(xscale="log", xlabel="milliseconds a step", ylabel="bits for a context word, held-out text")
    ticks = [t for t in (2, 5, 10, 20, 50, 100, 200, 500) if 0.7 < t / min(row["ms"] for row in rows.values())]
    left.set_xticks(ticks, [str(t) for t in ticks])
    left.minorticks_off()
    left.set_xlim(None, 1.4 * max(row["ms"] for row in rows.values()))
    right.set(xlabel="milliseconds a step", ylabel="WordSim-353, Spearman's rho")
    right.legend(loc="upper left", bbox_to_anchor=(1, 1), title="bars: standard\ndeviation over seeds")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    show(_alt_objectives(rows))


def _alt_objectives(rows) -> str:
    """The figure in words."""
    found = "; ".join(
        f"{name}, {short(row['ms'])} ms: {decimal(row['bits'].mean())} bits, rho {decimal(row['WordSim-353'].mean())}"
        for name, row in list(rows.items())[:6]
    )
    return (
        "Two panels, one dot an objective with the standard deviation over seeds, against milliseconds a step on a "
        "logarithmic axis: left, bits for a context word of held-out text; right, Spearman's rho on WordSim-353. "
        f"{found}."
    )
