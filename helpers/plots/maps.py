# Used from 06 · notebooks/06_exploration.ipynb
"""Pictures of notebook 06: maps of words, and results over seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from helpers.arguments import checked, instance, many, mapping, one_of, text, whole, words
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from helpers.plots.words import between, counted, decimal, listed
from helpers.shapes import array
from helpers.vectors import TABLES

# One colour a theme: the colour-blind-safe set, then two darker ones.
THEME_COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, "#555555", "#8C4A00")
OTHER = "#BBBBBB"  # words of no theme, or of no list


POINTS = array("n 2", least=-1e300, most=1e300)
WORDS = words("n")


def _themes(name, value, sizes):
    """Groups of words by name."""
    groups = instance(Mapping, wanted="a mapping of names to words")(name, value, sizes)
    return {
        text("a name")(f"{name}'s key", t, {}): many(text("a word"))(f"{name}[{t!r}]", g, {}) for t, g in groups.items()
    }


THEMES = _themes


@checked(words=words(), themes=mapping())
def theme_colors(words, themes) -> dict[str, str]:
    """The colour of each word that belongs to a theme."""
    return {w: c for (_, group), c in zip(themes.items(), THEME_COLORS) for w in group if w in set(words)}


@checked(words=words(), themes=mapping())
def theme_handles(words, themes) -> list:
    """What a legend needs: a dot for each theme, and one for the words of none."""
    color = theme_colors(words, themes)
    names = [(plain(t), c) for t, c in zip(themes, THEME_COLORS) if c in color.values()]
    names += [("other frequent words", OTHER)] if set(words) - set(color) else []
    return [plt.Line2D([], [], marker="o", ls="", color=c, label=name) for name, c in names]


@checked(points=POINTS, words=WORDS, themes=THEMES, title=instance(str, wanted="a text"))
def word_map(points, words, themes, title="") -> None:
    """Words in the plane, the themes in colour; a label is left out where it would cover another.

    Parameters
    ----------
    points : np.ndarray, shape (n, 2)
    words : list of str, length n
    themes : dict of str to sequence of str
    title : str
    """
    use_fonts_for([*words, *themes, title])
    color = theme_colors(words, themes)
    figure, axes = plt.subplots(figsize=(9, 7))
    axes.scatter(*np.transpose(points), s=8, c=[color.get(w, OTHER) for w in words])
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, parse_math=False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(handles=theme_handles(words, themes), loc="upper left", bbox_to_anchor=(1, 1))
    place_labels(axes, points, words, color)
    show(describe_map(points, words, themes, title))


@checked(points=POINTS, words=WORDS, themes=THEMES)
def describe_map(points, words, themes, title="") -> str:
    """A map of words in words: its themes, where each lies, and how far they keep together.

    Parameters
    ----------
    points, words, themes, title : as in `word_map`
    """
    color, points = theme_colors(words, themes), np.asarray(points, dtype=float)
    theme_of = {word: theme for theme, _ in zip(themes, THEME_COLORS) for word in themes[theme] if word in color}
    inside = [i for i, word in enumerate(words) if word in color]
    parts = []
    for theme in themes:
        group = [i for i in inside if theme_of[words[i]] == theme]
        if group:
            where = _where(np.median(points[group], axis=0), points)
            parts.append(f"{theme} {where} ({', '.join(words[i] for i in group[:2])})")
    text = f"Map of {counted(len(words), 'word')} as dots in the plane{f', {title}' if title else ''}. "
    text += f"In colour {counted(len(inside), 'word')} of {counted(len(parts), 'theme')}"
    text += f"; the middles of the themes, with two of their words: {'; '.join(parts)}." if parts else "."
    if len(inside) > 1:
        apart = np.linalg.norm(points[inside][:, None] - points[inside], axis=2)
        np.fill_diagonal(apart, np.inf)
        alike = sum(theme_of[words[i]] == theme_of[words[inside[j]]] for i, j in zip(inside, apart.argmin(axis=1)))
        text += f" Of the {len(inside)}, {alike} have one of their theme as the nearest coloured dot."
    return text


def _where(point, points) -> str:
    """In which ninth of a map a point lies."""
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = ((point - low) / np.where(high > low, high - low, 1) * 3).clip(0, 2).astype(int)
    column, row = ("left", "", "right")[x], ("bottom", "", "top")[y]
    return "centre" if not column + row else " ".join(filter(None, [row, column]))


@checked(points=array("N 2"), words=words("N"), color=mapping())
def place_labels(axes, points, words, color, *, only=False) -> None:
    """Write words beside their points, the coloured ones first, and leave out what would cover another.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    points : np.ndarray, shape (n, 2)
    words : list of str, length n
    color : dict of str to str
        As `theme_colors` gives it.
    only : bool
        The coloured words alone.
    """
    use_fonts_for(words)
    axes.figure.canvas.draw()  # fixes the layout, so that the labels' sizes are known
    taken: list = []
    for i in sorted(range(len(words)), key=lambda i: words[i] not in color):
        theme = words[i] in color
        if only and not theme:
            continue
        style = {"color": color.get(words[i], "0.45"), "fontsize": 9 if theme else 7, "parse_math": False}
        style["path_effects"] = [withStroke(linewidth=2, foreground="white")]  # to be read where a dot is behind it
        for dx, dy, ha in ((4, 2, "left"), (-4, 2, "right"), (4, -8, "left"), (-4, -8, "right"), (0, 5, "center")):
            label = axes.annotate(words[i], points[i], (dx, dy), textcoords="offset points", ha=ha, **style)
            box = label.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            label.remove()


@checked(runs=many(mapping()), which=one_of(*TABLES), k=whole(1), mark=words())
def seed_counts(runs, which="center", k=10, mark=()) -> None:
    """In how many runs each word is among the k nearest.

    Parameters
    ----------
    runs : list of dict
        As `calibrate.load` has them.
    which : str
        A table.
    mark : sequence of str
        Words drawn in green: the ones that a reader would accept. None: no key.
    """
    seen = Counter(word for run in runs for word, _ in run["neighbours"][which][:k])
    words = [word for word, _ in seen.most_common(25)]
    figure, axes = plt.subplots(figsize=(6.4, 0.21 * len(words) + 0.9))
    use_fonts_for(words)
    place = range(len(words))[::-1]  # the most frequent on top
    axes.barh(place, [seen[w] for w in words], color=[GREEN if w in mark else OTHER for w in words])
    axes.set_yticks(place, words, parse_math=False)
    axes.set(xlabel=f"runs of {len(runs)} that have the word among the {k} nearest", xlim=(0, len(runs)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="y", length=0, labelsize=9)
    if set(mark) & set(words):
        keys = (("on the list of related words", GREEN), ("not on it", OTHER))
        axes.legend(handles=[Patch(color=c, label=name) for name, c in keys], loc="lower right")
    show(_alt_seed_counts(seen, words, len(runs), k, set(mark)))


def _alt_seed_counts(seen, words, runs, k, mark) -> str:
    """The figure in words."""
    bars = listed((f"{word} {seen[word]}" for word in words), 15)
    others = [word for word in words if word not in mark]
    said = f" Not on the list of related words: {listed(others)}." if len(others) < len(words) else ""
    return f"Bars: how many of {counted(runs, 'run')} have a word among the {k} nearest. {bars}.{said}"


@checked(results=mapping(), labels=mapping())
def tables_compared(results, labels) -> None:
    """One dot a run for each table, with the mean: several measures side by side.

    Parameters
    ----------
    results : dict of str to dict of str to list of float
        Measure, table, one value a seed.
    labels : dict of str to str
        The axis label of each measure.
    """
    figure, grid = plt.subplots(1, len(results), figsize=(4.2 * len(results), 3.1), sharey=True, squeeze=False)
    named = {}
    for axes, (measure, tables) in zip(grid.flat, results.items()):
        for row, (name, values) in enumerate(tables.items()):
            jitter = np.linspace(-0.22, 0.22, len(values))
            color = VERMILION if name == "tied" else BLUE
            dots = axes.plot(values, row + jitter, ".", color=color, ms=5, alpha=0.6)
            mean = axes.plot([np.mean(values)] * 2, [row - 0.35, row + 0.35], color="black", lw=2)
            named |= {"a seed, one table for both roles" if name == "tied" else "a seed, two tables": dots[0]}
        axes.set_yticks(range(len(tables)), list(tables), parse_math=False)
        axes.set(xlabel=labels[measure], ylim=(len(tables) - 0.5, -0.5))
        axes.grid(axis="x", alpha=0.3)
        if all(isinstance(value, int) for values in tables.values() for value in values):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.legend([*named.values(), mean[0]], [*named, "mean"], loc="outside lower center", ncols=3)
    show(_alt_tables_compared(results, labels))


def _alt_tables_compared(results, labels) -> str:
    """The figure in words."""
    panels = []
    for measure, tables in results.items():
        rows = "; ".join(
            f"{name} {decimal(np.mean(values))}, {counted(len(values), 'seed')} from {between(values)}"
            for name, values in tables.items()
        )
        panels.append(f"{labels[measure]}: {rows}.")
    return f"Rows of dots, one a seed, with the mean of each row, by table. {' '.join(panels)}"
