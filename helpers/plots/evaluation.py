# Used from 07 · notebooks/07_evaluation.ipynb
"""Pictures of notebook 07: scores with their uncertainty, stability, sweeps."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, mapping, number, optional, text
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, VERMILION
from helpers.plots.words import between, correlation, counted, course, decimal, listed
from helpers.shapes import array


@checked(human=array("N"), cosine=array("N"), pairs=mapping())
def ratings(human, cosine, pairs=(), title="") -> None:
    """Cosine against human rating, some pairs by name.

    Parameters
    ----------
    human, cosine : np.ndarray, shape (n,)
    pairs : dict of str to (float, float)
        Label to rating and cosine.
    title : str
    """
    _, axes = plt.subplots(figsize=(6.5, 4))
    use_fonts_for(dict(pairs))
    axes.scatter(human, cosine, s=12, color=BLUE, alpha=0.5, lw=0)
    for label, (x, y) in dict(pairs).items():
        axes.plot(x, y, "o", color=VERMILION, ms=5)
        # of the labels on one side of the picture, those of the higher points above and of the lower ones below
        lower = sum((a > 7) == (x > 7) and b > y for a, b in dict(pairs).values())
        side, up = (-5 if x > 7 else 5), (-12 if lower % 2 else 4)
        axes.annotate(
            label, (x, y), (side, up), textcoords="offset points", ha="right" if side < 0 else "left", parse_math=False
        )
    axes.set(xlabel="people's rating, 0 to 10", ylabel="cosine of the two vectors")
    axes.set_title(title, parse_math=False)
    axes.grid(alpha=0.3)
    show(_alt_ratings(human, cosine, dict(pairs), title))


def _alt_ratings(human, cosine, pairs, title) -> str:
    """The figure in words."""
    marked = listed(f"{label}, rated {decimal(x)}, cosine {decimal(y)}" for label, (x, y) in pairs.items())
    return (
        f"Scatter of {counted(len(human), 'word pair')}{f' of {title}' if title else ''}: cosine of the two vectors, "
        f"{between(cosine)}, against people's rating from 0 to 10.{correlation(human, cosine)}"
        f"{f' Marked: {marked}.' if pairs else ''}"
    )


@checked(seeds=mapping(), intervals=mapping())
def two_uncertainties(seeds, intervals) -> None:
    """Scores of several tables: the dots are seeds, the bar is the interval over words, pairs and seeds.

    Parameters
    ----------
    seeds : dict of str to dict of str to np.ndarray
        Measure to table to one score a seed.
    intervals : dict of str to dict of str to (float, float)
        Measure to table to the interval.
    """
    figure, all_axes = plt.subplots(1, len(seeds), figsize=(4.3 * len(seeds), 3.4), sharey=True, squeeze=False)
    for axes, (measure, tables) in zip(all_axes[0], seeds.items()):
        for i, (name, values) in enumerate(tables.items()):
            bar = axes.plot(
                [i - 0.2] * 2, intervals[measure][name], color=ORANGE, lw=4, label="95 %, other pairs, words, seeds"
            )
            jitter = np.linspace(-0.04, 0.16, len(values))
            dots = axes.plot(i + jitter, values, "o", color=BLUE, ms=4, label="a seed")
            mean = axes.plot([i - 0.08, i + 0.2], [values.mean()] * 2, color="black", lw=2, label="mean of the seeds")
        axes.set_xticks(range(len(tables)), list(tables))
        axes.set_title(measure)
        axes.grid(axis="y", alpha=0.3)
    all_axes[0, 0].set_ylabel("Spearman's rho")
    figure.legend(handles=[*bar, *dots, *mean], loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)
    show(_alt_two_uncertainties(seeds, intervals))


def _alt_two_uncertainties(seeds, intervals) -> str:
    """The figure in words."""
    panels = []
    for measure, tables in seeds.items():
        rows = (
            f"{name} {decimal(values.mean())}, {between(values)}, {between(intervals[measure][name])}"
            for name, values in tables.items()
        )
        panels.append(f"{measure}: {'; '.join(rows)}.")
    return (
        f"{counted(len(seeds), 'panel')} of Spearman's rho by table: the mean of the seeds, their range, and the 95 % "
        f"interval over other pairs, words and seeds. {' '.join(panels)}"
    )


@checked(counts=array("N", "integers", least=0), shared=array("N"), chance=number())
def stability(counts, shared, chance) -> None:
    """Share of neighbours that two seeds have in common, against the words' frequency.

    Parameters
    ----------
    counts : np.ndarray of int, shape (n,)
    shared : np.ndarray, shape (n,)
        For each word, the mean over pairs of seeds.
    chance : float
    """
    _, axes = plt.subplots(figsize=(7.5, 3.6))
    axes.scatter(counts, shared, s=4, alpha=0.15, color=BLUE, lw=0, label="a word")
    edges = np.array([0, 12, 15, 20, 30, 50, 100, 200, 500, 1000, np.inf])
    bands = [np.flatnonzero((counts >= low) & (counts < high)) for low, high in zip(edges[:-1], edges[1:])]
    bands = [band for band in bands if len(band) >= 5]
    middle = [np.median(counts[band]) for band in bands]
    quarters = np.array([np.quantile(shared[band], (0.25, 0.75)) for band in bands]).reshape(-1, 2)
    axes.fill_between(middle, *quarters.T, color=ORANGE, alpha=0.35, lw=0, label="middle half of a band")
    means = [shared[band].mean() for band in bands]
    axes.plot(middle, means, "o-", color=VERMILION, label="mean of a band")
    axes.axhline(chance, color="0.4", ls=":", label=f"chance, {chance:.1%}")
    axes.set(xscale="log", xlabel="times the word was seen", ylabel="share of 10 neighbours kept", ylim=(-0.02, 1))
    axes.grid(alpha=0.3)
    legend = axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    legend.legend_handles[0].set(alpha=1, sizes=[16])
    show(_alt_stability(counts, shared, chance, middle, means))


def _alt_stability(counts, shared, chance, middle, means) -> str:
    """The figure in words; ``means`` are those of bands of words whose median counts are ``middle``."""
    bands = course((f"{decimal(n, 0)} times" for n in middle), (100 * mean for mean in means), 0)
    return (
        f"Scatter of {counted(len(counts), 'word')}: of 10 neighbours the share that two seeds have in common, "
        f"{between(100 * shared, 0)} %, against the times the word was seen, {between(counts, 0)}, on a logarithmic "
        f"axis. Means of bands of words, in per cent: {bands}. By chance: {chance:.1%}."
    )


@checked(axes_values=mapping(), measures=mapping(), limits=optional(mapping()))
def sweep(axes_values, measures, limits=None) -> None:
    """Small multiples: a row for each measure, a column for each setting; mean and standard deviation over seeds.

    Parameters
    ----------
    axes_values : dict of str to list of (str, bool)
        Setting to the labels of its values and whether each is the base.
    measures : dict of str to dict of str to list of np.ndarray
        Measure to setting to one array of seeds for each value.
    limits : dict of str to (float, float), optional
        Measure to the range to show; the value of a point outside is written at the edge.
    """
    shape = (len(measures), len(axes_values))
    figure, grid = plt.subplots(*shape, figsize=(2.1 * shape[1], 2.3 * shape[0]), sharey="row", squeeze=False)
    for i, (measure, columns) in enumerate(measures.items()):
        low, high = (limits or {}).get(measure, (-np.inf, np.inf))
        for axes, (setting, labels) in zip(grid[i], axes_values.items()):
            mean = np.array([v.mean() for v in columns[setting]])
            error = [v.std(ddof=1) if len(v) > 1 else 0 for v in columns[setting]]
            bars = axes.errorbar(
                range(len(mean)), mean, yerr=error, fmt="o-", color=BLUE, capsize=3, ms=4, lw=1,
                label="mean and standard deviation over seeds",
            )  # fmt: skip
            base = [j for j, (_, is_base) in enumerate(labels) if is_base]
            dots = axes.plot(base, mean[base], "o", color=VERMILION, ms=7, zorder=3, label="the base")
            axes.set_xticks(range(len(labels)), [label for label, _ in labels], fontsize=8)
            axes.grid(alpha=0.3)
            for x in np.flatnonzero((mean < low) | (mean > high)):
                axes.annotate(f"↑ {mean[x]:.2f}", (x, high), (0, -9), textcoords="offset points", fontsize=8)
            if np.isfinite(high):
                axes.set_ylim(low, high)
            if i == len(measures) - 1:
                axes.set_xlabel(setting)
        grid[i, 0].set_ylabel(measure)
    figure.legend(handles=[bars, *dots], loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=2)
    show(_alt_sweep(axes_values, measures))


def _alt_sweep(axes_values, measures) -> str:
    """The figure in words: of each panel the lowest and the highest mean, and where they are."""
    rows = []
    for measure, columns in measures.items():
        panels = []
        for setting, labels in axes_values.items():
            found = sorted((float(values.mean()), label) for values, (label, _) in zip(columns[setting], labels))
            ends = [f"{decimal(mean, 3)} at {label}" for mean, label in (found[0], found[-1])] if found else ["none"]
            panels.append(f"{setting} {' to '.join(dict.fromkeys(ends))}")
        rows.append(f"{measure}: {'; '.join(panels)}.")
    base = [f"{name} {label}" for name, labels in axes_values.items() for label, is_base in labels if is_base]
    return (
        f"{counted(len(measures) * len(axes_values), 'small chart')} of means over seeds, a row a measure, a column a "
        f"setting: the lowest to the highest mean, each at which value. {' '.join(rows)} The base: {listed(base)}."
    )


@checked(groups=mapping(), score=text())
def loss_against_score(groups, score="WordSim-353") -> None:
    """Held-out loss against a score, one dot a run.

    Parameters
    ----------
    groups : dict of str to (np.ndarray, np.ndarray)
        Name to losses and scores.
    score : str
    """
    _, axes = plt.subplots(figsize=(7, 3.8))
    markers = ("o", "s", "^", "D", "v", "P", "X", "*")
    colors = (BLUE, ORANGE, GREEN, PURPLE, "#56B4E9", "0.4", VERMILION, "black")
    for (name, (loss, value)), marker, color in zip(groups.items(), markers, colors):
        last = name == "base"  # drawn over the others
        axes.scatter(loss, value, s=60 if last else 26, marker=marker, color=color, alpha=0.8, lw=0, label=plain(name))
    axes.set(xlabel="held-out loss, windows and noise of the base", ylabel=f"{score}, Spearman's rho")
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), title="setting moved")
    show(_alt_loss_against_score(dict(list(groups.items())[: len(markers)]), score))


def _alt_loss_against_score(groups, score) -> str:
    """The figure in words."""
    parts = (
        f"{name}, {counted(len(loss), 'run')}: loss {between(loss, 3)}, rho {between(value)}"
        for name, (loss, value) in groups.items()
    )
    both = [np.concatenate([group[i] for group in groups.values()]) if groups else np.zeros(0) for i in (0, 1)]
    return (
        f"Scatter of {counted(len(both[0]), 'run')}: Spearman's rho on {score} against the held-out loss, by the "
        f"setting that was moved.{correlation(*both)} {'; '.join(parts)}."
    )
