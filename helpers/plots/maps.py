# Used from 06 · notebooks/06_exploration.ipynb
"""Pictures of notebook 06: maps of words, on paper and under the mouse, and results over seeds."""

from __future__ import annotations

import hashlib
import html
import json
from collections import Counter
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import ArgumentError, checked, instance, many, mapping, one_of, text, whole, words
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.style import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from helpers.shapes import array
from helpers.vectors import TABLES

# One colour a theme: the colour-blind-safe set, then two darker ones.
THEME_COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, "#555555", "#8C4A00")


POINTS = array("n 2", least=-1e300, most=1e300)
WORDS = words("n")


def _themes(name, value, sizes):
    """Groups of words by name."""
    groups = instance(Mapping, wanted="a mapping of names to words")(name, value, sizes)
    return {
        text("a name")(f"{name}'s key", t, {}): many(text("a word"))(f"{name}[{t!r}]", g, {}) for t, g in groups.items()
    }


def _maps(name, value, sizes):
    """Maps by title."""
    maps = instance(Mapping, wanted="a mapping of titles to points")(name, value, sizes)
    if not maps:
        raise ArgumentError(f"{name} is empty; give one map at least")
    return {title: POINTS(f"{name}[{title!r}]", points, sizes) for title, points in maps.items()}


@checked(words=words(), themes=mapping())
def theme_colors(words, themes) -> dict[str, str]:
    """The colour of each word that belongs to a theme."""
    return {w: c for (_, group), c in zip(themes.items(), THEME_COLORS) for w in group if w in set(words)}


@checked(points=POINTS, words=WORDS, themes=_themes, title=instance(str, wanted="a text"))
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
    axes.scatter(*np.transpose(points), s=8, c=[color.get(w, "0.75") for w in words])
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, parse_math=False)
    for side in axes.spines.values():
        side.set_visible(False)
    handles = [plt.Line2D([], [], marker="o", ls="", color=c, label=plain(t)) for t, c in zip(themes, THEME_COLORS)]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1))
    place_labels(axes, points, words, color)
    plt.show()


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
        for dx, dy, ha in ((4, 2, "left"), (-4, 2, "right"), (4, -8, "left"), (-4, -8, "right"), (0, 5, "center")):
            label = axes.annotate(words[i], points[i], (dx, dy), textcoords="offset points", ha=ha, **style)
            box = label.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            label.remove()


@checked(maps=_maps, words=WORDS, themes=_themes)
def small_maps(maps, words, themes) -> None:
    """Several maps of the same words side by side, without labels.

    Parameters
    ----------
    maps : dict of str to np.ndarray of shape (n, 2)
        Points by title.
    words, themes : as in `word_map`
    """
    color = theme_colors(words, themes)
    columns = min(3, len(maps))
    rows = -(-len(maps) // columns)
    _, grid = plt.subplots(rows, columns, figsize=(3.1 * columns, 3 * rows), squeeze=False)
    order = sorted(range(len(words)), key=lambda i: words[i] in color)  # the themes on top
    for axes, (title, points) in zip(grid.flat, maps.items()):
        axes.scatter(*points[order].T, s=7, c=[color.get(words[i], GREY) for i in order])
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, fontsize=9, parse_math=False)
    plt.show()


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
        Words drawn in green: the ones that a reader would accept.
    """
    seen = Counter(word for run in runs for word, _ in run["neighbours"][which][:k])
    words = [word for word, _ in seen.most_common(25)]
    figure, axes = plt.subplots(figsize=(6.4, 0.21 * len(words) + 0.9))
    use_fonts_for(words)
    place = range(len(words))[::-1]  # the most frequent on top
    axes.barh(place, [seen[w] for w in words], color=[GREEN if w in mark else "0.7" for w in words])
    axes.set_yticks(place, words, parse_math=False)
    axes.set(xlabel=f"runs of {len(runs)} that have the word among the {k} nearest", xlim=(0, len(runs)))
    axes.tick_params(axis="y", length=0, labelsize=9)
    plt.show()


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
    _, grid = plt.subplots(1, len(results), figsize=(4.2 * len(results), 2.8), sharey=True, squeeze=False)
    for axes, (measure, tables) in zip(grid.flat, results.items()):
        for row, (name, values) in enumerate(tables.items()):
            jitter = np.linspace(-0.22, 0.22, len(values))
            axes.plot(values, row + jitter, ".", color=VERMILION if name == "tied" else BLUE, ms=5, alpha=0.6)
            axes.plot([np.mean(values)] * 2, [row - 0.35, row + 0.35], color="black", lw=2)
        axes.set_yticks(range(len(tables)), list(tables), parse_math=False)
        axes.set(xlabel=labels[measure], ylim=(len(tables) - 0.5, -0.5))
        axes.grid(axis="x", alpha=0.3)
    plt.show()


@checked(
    points=POINTS, words=WORDS, themes=_themes,
    nearest=many(words(), letter="n", wanted="a list of words' neighbours"),
)  # fmt: skip
def interactive_map(points, words, themes, nearest):
    """The map as a page of its own: hover a dot to read the word and its neighbours, type to find one.

    It holds everything that it needs and asks no network for anything. Where scripts are not run (a page on a code
    host), the picture stands still.

    Parameters
    ----------
    points, words, themes : as in `word_map`
    nearest : list of list of str, length n
        Each word's nearest words in the full space, shown on hover.

    Returns
    -------
    IPython.display.HTML
    """
    from IPython.display import HTML

    color = theme_colors(words, themes)
    if not words:
        raise ArgumentError("words is empty; give one at least")
    low, high = points.min(axis=0), points.max(axis=0)
    # A page counts downwards. Points on a line, or one alone, have no extent.
    xy = (points - low) / np.where(high > low, high - low, 1) * [760, -520] + [20, 540]
    key = "map" + hashlib.sha1(json.dumps([words, xy.round(1).tolist()]).encode()).hexdigest()[:8]
    dots = "".join(
        f'<g class="w" data-w="{html.escape(w)}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color.get(w, "#bbb")}"/>'
        f'<text x="{x + 7:.1f}" y="{y + 4:.1f}">{html.escape(w)}</text>'
        f"<title>{html.escape(w)}: {html.escape(', '.join(near))}</title></g>"
        for w, (x, y), near in zip(words, xy, nearest)
    )
    return HTML(_PAGE.replace("KEY", key).replace("DOTS", dots))


_PAGE = """<div id="KEY"><style>
#KEY svg {width: 100%; max-width: 800px; border: 1px solid #ddd; background: #fff}
#KEY text {font: 11px sans-serif; visibility: hidden; pointer-events: none; paint-order: stroke; stroke: #fff;
  stroke-width: 3px}
#KEY .w:hover text, #KEY .on text {visibility: visible; font-weight: bold; font-size: 14px}
#KEY .w:hover circle, #KEY .on circle {stroke: #000; stroke-width: 2px; r: 7px}
#KEY .near text {visibility: visible}
#KEY .near circle {stroke: #000; stroke-width: 1px}
#KEY.some .w:not(.on):not(.near):not(:hover) {opacity: 0.25}
</style>
<p><label>find a word: <input type="text" size="16" autocomplete="off"></label> <span></span></p>
<svg viewBox="0 0 800 560" role="img" aria-label="map of words">DOTS</svg>
<script>
(function () {
  const box = document.getElementById("KEY"), input = box.querySelector("input"), line = box.querySelector("span");
  const all = Array.from(box.querySelectorAll(".w")), by = new Map(all.map(g => [g.dataset.w, g]));
  function show(g) {
    all.forEach(o => o.classList.remove("on", "near"));
    box.classList.toggle("some", !!g);
    line.textContent = g ? g.querySelector("title").textContent : "";
    if (!g) return;
    g.classList.add("on");
    g.parentNode.appendChild(g);
    line.textContent.split(": ")[1].split(", ").forEach(w => by.has(w) && by.get(w).classList.add("near"));
  }
  all.forEach(g => { g.addEventListener("mouseenter", () => show(g)); });
  input.addEventListener("input", () => {
    const exact = input.value.trim(), typed = exact.toLowerCase(), low = g => g.dataset.w.toLowerCase();
    show(typed ? by.get(exact) || all.find(g => low(g) === typed) || all.find(g => low(g).startsWith(typed)) : null);
    if (typed && !line.textContent) line.textContent = "not on this map";
  });
})();
</script></div>"""
