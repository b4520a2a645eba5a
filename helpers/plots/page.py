# Used from 06 · notebooks/06_exploration.ipynb
"""The map of notebook 06 under the mouse: a page of its own, and a picture where scripts are not run."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from torch import nn

from helpers.arguments import ArgumentError, checked, whole
from helpers.plots import showing
from helpers.plots.maps import (
    OTHER,
    POINTS,
    THEME_COLORS,
    THEMES,
    WORDS,
    describe_map,
    place_labels,
    theme_colors,
    theme_handles,
)
from helpers.vectors import word_table


@dataclass(frozen=True)
class Page:
    """A page for a cell's output, with a picture and its text for where no page is shown.

    Parameters
    ----------
    data : str
        The page, HTML.
    picture : bytes
        A PNG.
    alt : str
        What is to be seen in it.
    """

    data: str
    picture: bytes = field(repr=False)
    alt: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = showing.bundle(self.picture, self.alt)
        return {**data, "text/html": self.data}, metadata


@checked(points=POINTS, words=WORDS, themes=THEMES, W=word_table("n D"), k=whole(1))
def interactive_map(points, words, themes, W, k=5):
    """The map as a page of its own: hover over a dot, or type a word, to see its nearest words among those of the map.

    It holds everything that it needs and asks no network for anything. The dots are drawn by its script; where scripts
    are not run (a notebook that is not trusted yet, a page on a code host) a picture stands there instead. What shows
    no HTML has the picture alone.

    Parameters
    ----------
    points, words, themes : as in `maps.word_map`
    W : torch.Tensor, shape (n, D)
        The words' vectors: a line leads to the ``k`` nearest by cosine, however far they are on the map.
    k : int

    Returns
    -------
    Page
    """
    color = theme_colors(words, themes)
    if not words:
        raise ArgumentError("words is empty; give one at least")
    unit = nn.functional.normalize(W, dim=1)
    similarity = unit @ unit.T
    similarity.fill_diagonal_(-2)
    nearest = similarity.topk(min(k, len(words) - 1), dim=1).indices.tolist()
    low, high = points.min(axis=0), points.max(axis=0)
    # A page counts downwards. Points on a line, or one alone, have no extent.
    xy = (points - low) / np.where(high > low, high - low, 1) * [760, -520] + [20, 540]
    dots = "".join(map(_dot, words, xy, nearest, [color.get(word, OTHER) for word in words]))
    shown = [(t, c) for t, c in zip(themes, THEME_COLORS) if c in color.values()] + [("other frequent words", OTHER)]
    legend = " ".join(f'<i style="background: {c}"></i>{html.escape(t)}' for t, c in shown)
    key = "map" + hashlib.sha1(json.dumps([words, xy.round(1).tolist()]).encode()).hexdigest()[:8]
    alt = _alt(points, words, themes, color, nearest)
    live = _fill(_LIVE, DOTS=dots, LEGEND=legend, COUNT=str(len(words)))
    script = _fill(_SCRIPT, KEY=key, PAGE=json.dumps(live).replace("</", "<\\/"))
    still = _still(points, words, themes, color)
    return Page(_fill(_PAGE, KEY=key, STILL=showing.tag(still, alt), SCRIPT=script), still, alt)


def _alt(points, words, themes, color, nearest) -> str:
    """The still picture in words, and for the first words of some themes those that lines lead to."""
    first = {theme: next((i for i, word in enumerate(words) if word in group), None) for theme, group in themes.items()}
    shown = [i for i in dict.fromkeys(first.values()) if i is not None and words[i] in color][:5]
    near = (f"{words[i]}: {', '.join(words[j] for j in nearest[i][:2]) or 'none'}" for i in shown)
    return describe_map(points, words, themes) + (f" Nearest by cosine: {'; '.join(near)}." if shown else "")


def _fill(template: str, **parts: str) -> str:
    """A template with its places filled, at once: a word of the text may be one of their names."""
    return re.sub("|".join(parts), lambda place: parts[place.group()], template)


def _dot(word, at, near, color) -> str:
    """A word's dot, with the places of its nearest words in the list."""
    (x, y), text = at, html.escape(word)
    beside = f'x="{x + 7:.1f}"' if x < 700 else f'x="{x - 7:.1f}" text-anchor="end"'
    return (
        f'<g class="w" data-w="{text}" data-near="{" ".join(map(str, near))}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}"/><text {beside} y="{y + 4:.1f}">{text}</text></g>'
    )


def _still(points, words, themes, color) -> bytes:
    """The dots with the themes' words as a PNG."""
    figure, axes = plt.subplots(figsize=(8, 5.4), layout="constrained")
    axes.scatter(*np.transpose(points), s=9, c=[color.get(w, OTHER) for w in words])
    axes.set(xticks=[], yticks=[])
    axes.legend(handles=theme_handles(words, themes), loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)
    place_labels(axes, points, words, color, only=True)
    still = showing.png(figure, tight=False)
    plt.close(figure)
    return still


_PAGE = """<div id="KEY"><style>
#KEY {max-width: 800px; color: #222; background: #fff}
#KEY img, #KEY svg {width: 100%}
#KEY svg {border: 1px solid #ddd}
#KEY svg:focus, #KEY input:focus {outline: 3px solid #0072B2; outline-offset: 2px}
#KEY i {display: inline-block; width: 9px; height: 9px; border-radius: 5px; margin: 0 4px 0 10px}
#KEY text {font: 11px sans-serif; display: none; paint-order: stroke; stroke: #fff; stroke-width: 3px}
#KEY .front {pointer-events: none}
#KEY .front text {display: block}
#KEY .front circle {stroke: #000; stroke-width: 1px}
#KEY .front .on text {font-weight: bold; font-size: 14px}
#KEY .front .on circle {stroke-width: 2px}
#KEY .front path {stroke: #444; stroke-width: 1px; fill: none}
#KEY.some .back {opacity: 0.3}
</style>
<div class="still">STILL<p>This picture stands still: run the cell to move over the map.</p></div>
<div class="live"></div>
<script>SCRIPT</script></div>"""

_LIVE = """<p><label>find a word: <input type="text" size="16" autocomplete="off"></label>
<span aria-live="polite"></span></p>
<svg viewBox="0 0 800 560" role="application" tabindex="0"
aria-label="map of COUNT words; the arrow keys go through them, and each is said with its nearest"
><g class="back">DOTS</g><g class="front"></g></svg>
<p>LEGEND. A line leads to each of the nearest words by cosine.</p>"""

_SCRIPT = """
(function () {
  const box = document.getElementById("KEY");
  box.querySelector(".still").remove();
  box.querySelector(".live").innerHTML = PAGE;
  const input = box.querySelector("input"), line = box.querySelector("span"), svg = box.querySelector("svg");
  const front = box.querySelector(".front"), all = Array.from(box.querySelectorAll(".w"));
  const low = g => g.dataset.w.toLowerCase(), at = g => g.firstChild.getAttribute("cx") + " " +
    g.firstChild.getAttribute("cy");
  let kept = null, now = null;  // the word that was typed, and the one that is shown
  function show(g) {
    now = g;
    box.classList.toggle("some", !!g);
    const near = g ? g.dataset.near.split(" ").filter(i => i).map(i => all[i]) : [];
    line.textContent = g ? g.dataset.w + ": " + near.map(o => o.dataset.w).join(", ") : "";
    front.innerHTML = near.map(o => '<path d="M' + at(g) + 'L' + at(o) + '"/>').join("");
    near.concat(g || []).forEach(o => front.appendChild(o.cloneNode(true)));
    if (g) front.lastChild.classList.add("on");
  }
  all.forEach(g => g.addEventListener("mouseenter", () => show(g)));
  svg.addEventListener("mouseleave", () => show(kept));
  all.forEach(g => g.addEventListener("mouseleave", () => show(kept)));
  svg.addEventListener("blur", () => show(kept));
  svg.addEventListener("keydown", event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    show(all[(all.indexOf(now) + step + all.length) % all.length]);
  });
  input.addEventListener("keydown", event => event.stopPropagation());
  input.addEventListener("input", () => {
    const exact = input.value.trim(), typed = exact.toLowerCase();
    kept = !typed ? null : all.find(g => g.dataset.w === exact) || all.find(g => low(g) === typed) ||
      all.find(g => low(g).startsWith(typed)) || null;
    show(kept);
    if (typed && !kept) line.textContent = "not on this map";
  });
})();
"""
