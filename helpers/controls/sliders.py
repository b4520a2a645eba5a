# Used from 03 · tests/helpers/controls/test_controls.py
"""Sliders: a logit on the curve of the loss, and t-SNE's perplexity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import ArgumentError, checked, instance, words
from helpers.controls.control import Control, png, with_picture
from helpers.maps import neighbours_kept
from helpers.plots.maps import place_labels, theme_colors, theme_handles
from helpers.plots.style import CONTEXT, GREY, NOISE
from helpers.plots.words import counted, listed
from helpers.shapes import tensor

PLACES = ((-3.0, 1), (3.0, 1), (3.0, 0))  # logit and label of the still picture
STYLE = {"description_width": "11em"}


def slider(kind: str, **options):
    """A wide slider that reports while it is dragged only as fast as pictures can follow."""
    import ipywidgets

    return getattr(ipywidgets, kind)(continuous_update=False, layout={"width": "34em"}, style=STYLE, **options)


# -- the loss at a logit


def _loss(s, label):
    return np.logaddexp(0, -s if label else s)


def _slope(s, label):
    return 1 / (1 + np.exp(-s)) - label  # the error, which is the derivative


def _marked(s: float, label: int) -> str:
    kind = "the context" if label else "the noise word"
    said = f"{kind} at s = {s:.1f}, loss {_loss(s, label):.3f}, slope {_slope(s, label):+.3f}"
    return said.replace("-", "−")  # which a screen reader says


def _alt_logit(places: Sequence[tuple[float, int]]) -> str:
    panels = "Three panels: the" if len(places) > 1 else "The"
    return (
        f"{panels} loss against the logit s, from −6 to 6. For a context, label 1, it falls from "
        f"{_loss(-6, 1):.2f} to {_loss(6, 1):.2f}; for a noise word, label 0, it rises from {_loss(-6, 0):.2f} to "
        f"{_loss(6, 0):.2f}. They cross at s = 0, loss {_loss(0, 1):.2f}. "
        f"Marked, each with its slope: {'; '.join(_marked(s, label) for s, label in places)}."
    )


def _draw_logit(axes, s: float, label: int) -> None:
    logits = np.linspace(-6, 6, 241)
    for y, color, name in ((1, CONTEXT, "context"), (0, NOISE, "noise word")):
        width, alpha = (2.5, 1) if y == label else (1, 0.4)
        axes.plot(logits, _loss(logits, y), color=color, lw=width, alpha=alpha, label=name)
    slope, height = _slope(s, label), _loss(s, label)
    near = np.array([s - 1.5, s + 1.5])
    axes.plot(near, height + slope * (near - s), color="black", lw=1, label="slope")
    axes.plot(s, height, "o", color=CONTEXT if label else NOISE, ms=8)
    axes.set(xlim=(-6, 6), ylim=(-0.2, 6.2), xlabel="logit $s$", ylabel="loss")
    name = "context, label 1" if label else "noise word, label 0"
    slope_text = f"slope $\\sigma(s) - y$ = {slope:+.3f}"
    axes.set_title(f"{name}: s = {s:.1f}\nloss {height:.3f}, {slope_text}", fontsize=9)
    axes.legend(loc="upper center", fontsize=7)


def logit() -> Control:
    """A logit to be moved along the loss of a context and of a noise word, with the slope at that place."""

    def one(s, label):
        figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
        _draw_logit(axes, s, label)
        return figure, _alt_logit([(s, label)])

    def build():
        import ipywidgets

        label = ipywidgets.RadioButtons(
            description="word", options=[("context, label 1", 1), ("noise word, label 0", 0)], style=STYLE,
            layout={"width": "auto"},
        )  # fmt: skip
        return with_picture(one, s=slider("FloatSlider", description="logit", min=-6, max=6, step=0.1), label=label)

    figure, panels = plt.subplots(1, 3, figsize=(10, 3), sharey=True, layout="constrained")
    for axes, (s, label) in zip(panels, PLACES):
        _draw_logit(axes, s, label)
    return Control(_alt_logit(PLACES), build, png(figure))


# -- t-SNE's perplexity


def _maps_fit(W, maps, noise, noise_maps, words, **_):
    if len(W) < 12 or noise.shape[0] != len(W):
        raise ArgumentError(f"noise has {len(noise)} vectors and W {len(W)}; give as many, 12 or more")
    if not maps or set(noise_maps) != set(maps):
        raise ArgumentError(f"noise_maps has {list(noise_maps)} and maps {list(maps)}; give one map or more, and alike")
    for name, several in (("maps", maps), ("noise_maps", noise_maps)):
        for value, points in several.items():
            if np.shape(points) != (len(W), 2):
                text = f"{name}[{value}] has shape {np.shape(points)}; give points of shape ({len(W)}, 2)"
                raise ArgumentError(text)


def _method(value: float | str) -> str:
    return value if isinstance(value, str) else f"perplexity {value:g}"


def _colours(words: Sequence[str], themes: Mapping[str, Sequence[str]]) -> str:
    """Which themes are coloured, and how many words each."""
    held = {name: len(set(words) & set(several)) for name, several in themes.items()}
    return listed([f"{name} ({counted(n, 'word')})" for name, n in held.items() if n])


MAPS = instance(Mapping, wanted="a mapping of perplexity to points")


@checked(
    _maps_fit, W=tensor("N D"), maps=MAPS, noise=tensor("M D"), noise_maps=MAPS, words=words("N"),
    themes=instance(Mapping, wanted="a mapping of names to words"),
)  # fmt: skip
def perplexity(
    W, maps: Mapping, noise, noise_maps: Mapping, words: Sequence[str], themes: Mapping[str, Sequence[str]]
) -> Control:
    """Maps of words and of random vectors by the same methods, computed before, under one slider.

    Parameters
    ----------
    W : torch.Tensor, shape (n, D)
        The words' vectors, for the share of neighbours that a map keeps.
    maps : mapping of float or str to np.ndarray of shape (n, 2)
        Points by perplexity, or by the name of another method.
    noise : torch.Tensor, shape (n, D)
        Random vectors.
    noise_maps : as ``maps``
    words : sequence of str, length n
    themes : mapping of str to sequence of str
    """
    color = theme_colors(words, themes)
    order = sorted(range(len(words)), key=lambda i: words[i] in color)  # the themes on top
    rows = {"word vectors": (W, maps), "random vectors": (noise, noise_maps)}
    kept = {
        name: {v: neighbours_kept(x, points) for v, points in several.items()} for name, (x, several) in rows.items()
    }
    colors = f"In colour {_colours(words, themes)}."

    def scatter(axes, name, value, *, names=False):
        points = rows[name][1][value]
        axes.scatter(*np.asarray(points)[order].T, s=16 if names else 6, c=[color.get(words[i], GREY) for i in order])
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"{name}, {_method(value)}:\n{kept[name][value]:.0%} of 10 neighbours kept", fontsize=9)
        for side in axes.spines.values():
            side.set_visible(not names)
        if names:
            place_labels(axes, points, words, color, only=True)

    def legend(figure):
        figure.legend(handles=theme_handles(words, themes), loc="outside lower center", ncols=5, fontsize=8)

    def one(value):
        figure, panels = plt.subplots(1, 2, figsize=(11, 5), layout="constrained", width_ratios=(3, 2))
        for axes, name, names in zip(panels, rows, (True, False)):
            scatter(axes, name, value, names=names)
        legend(figure)
        shares = "; ".join(f"{name} {several[value]:.0%}" for name, several in kept.items())
        return figure, (
            f"Two maps, {_method(value)}, each of {len(words)} points: on the left the words, on the right random "
            f"vectors. Kept of each point's 10 nearest neighbours: {shares}. {colors}"
        )

    def build():
        options = [(f"{value}", value) for value in maps]
        middle = list(maps)[len(maps) // 2]
        return with_picture(
            one, value=slider("SelectionSlider", description="perplexity", options=options, value=middle)
        )

    figure, grid = plt.subplots(2, len(maps), figsize=(2.6 * len(maps), 6), squeeze=False, layout="constrained")
    for panels, name in zip(grid, rows):
        for axes, value in zip(panels, maps):
            scatter(axes, name, value)
    legend(figure)
    shares = "; ".join(
        f"{name} {', '.join(f'{share:.0%}' for share in several.values())}" for name, several in kept.items()
    )
    alt = (
        f"Maps of {len(words)} points, word vectors above and random vectors below, from left to right "
        f"{listed([_method(value) for value in maps])}. Kept of each point's 10 nearest neighbours, in this order: "
        f"{shares}. {colors}"
    )
    return Control(alt, build, png(figure))
