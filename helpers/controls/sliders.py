# Used from 03 · tests/helpers/controls/test_controls.py
"""Sliders: a logit on the curve of the loss, what subsampling and windows do to a sentence, and t-SNE's perplexity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import ArgumentError, checked, instance, seed, whole, words
from helpers.controls.control import Control, png, with_picture
from helpers.maps import neighbours_kept
from helpers.plots.maps import place_labels, theme_colors, theme_handles
from helpers.plots.style import CENTER, CONTEXT, GREY, NOISE
from helpers.sampling import DRAWING, draw_windows, keep_probability, noise_distribution, subsample
from helpers.shapes import array, counts_of, ids_fit, tensor

DRAWS = 2000  # of the windows of one sentence


def _slider(kind: str, **options):
    """A wide slider that reports while it is dragged only as fast as pictures can follow."""
    import ipywidgets

    layout = {"width": "34em"}
    return getattr(ipywidgets, kind)(
        continuous_update=False, layout=layout, style={"description_width": "11em"}, **options
    )


# -- the loss at a logit


def _loss(s, label):
    return np.logaddexp(0, -s if label else s)


def _draw_logit(axes, s: float, label: int) -> None:
    logits = np.linspace(-6, 6, 241)
    for y, color, name in ((1, CONTEXT, "context"), (0, NOISE, "noise word")):
        width, alpha = (2.5, 1) if y == label else (1, 0.4)
        axes.plot(logits, _loss(logits, y), color=color, lw=width, alpha=alpha, label=name)
    slope = 1 / (1 + np.exp(-s)) - label  # the error, which is the derivative
    height = _loss(s, label)
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
        return figure

    def build():
        import ipywidgets

        label = ipywidgets.ToggleButtons(options=[("context, label 1", 1), ("noise word, label 0", 0)])
        return with_picture(one, s=_slider("FloatSlider", description="logit", min=-6, max=6, step=0.1), label=label)

    figure, panels = plt.subplots(1, 3, figsize=(10, 3), sharey=True, layout="constrained")
    for axes, (s, label) in zip(panels, ((-3.0, 1), (3.0, 1), (3.0, 0))):
        _draw_logit(axes, s, label)
    return Control("a logit moved along the two losses; here it stands at three places", build, png(figure))


# -- a sentence under subsampling, windows and noise


def _center_fits(keep, center, **_):
    ids_fit("center", np.array([center]), "keep", keep)


@checked(
    _center_fits, keep=array("N", least=0, most=1), center=whole(0), max_window=DRAWING["max_window"], draws=whole(1),
    seed=seed(),
)  # fmt: skip
def context_shares(keep, center: int, max_window: int, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """How often each position of a sentence is a context of one position, where that one was kept.

    Counted over draws of subsampling and windows, so that the gaps which close count too.

    Parameters
    ----------
    keep : np.ndarray of float, shape (n,)
        Probability of keeping the word at each position.
    center : int
    max_window : int
    draws, seed : int

    Returns
    -------
    np.ndarray of float64, shape (n,); 0 at the center itself
    """
    n, rng = len(keep), np.random.default_rng(seed)
    keep = np.where(np.arange(n) == center, 1.0, keep)
    positions, bounds = subsample(np.tile(np.arange(n), draws), np.arange(draws + 1) * n, keep, rng)
    centers, offsets, contexts = draw_windows(positions, bounds, max_window, rng)
    of_center = np.repeat(centers == center, np.diff(offsets))
    return np.bincount(contexts[of_center], minlength=n) / draws


def _draw_sampling(panels, words, ids, counts, log_t, max_window, power, *, labels=True) -> None:
    t = 10.0**log_t
    keep = keep_probability(counts, t)[ids]
    center = len(words) // 2
    places = np.arange(len(words))
    drawn = noise_distribution(counts, power)[ids] * (len(counts) - 1)
    # At 1.25, the slider's end, a frequent word leads by most and a rare one lags by most: one scale for all settings.
    widest = noise_distribution(counts, 1.25)[ids] * (len(counts) - 1)
    limits = (min(0.5, widest.min() / 2), max(2, 2 * widest.max()))
    rows = (
        (keep, "P(keep)", "0.45", (0, 1.05), f"subsampling, t = {t:.0e}"),
        (
            context_shares(keep, center, max_window),
            "P(context)",
            CONTEXT,
            (0, 1.05),
            f"contexts of {words[center]}, max_window = {max_window}",
        ),
        (drawn, "times power 0's share", NOISE, limits, f"noise words, exponent {power:.2f}"),
    )
    for axes, (heights, ylabel, color, ylim, title) in zip(panels, rows):
        if color == NOISE:  # on a log axis the length of a bar means nothing
            axes.set_yscale("log")
            axes.axhline(1, color="black", lw=0.8)
            axes.plot(places, heights, "o", color=color, ms=4)
        else:
            axes.bar(places, heights, color=color)
        axes.set_ylim(ylim)
        axes.set_title(title, fontsize=9)
        axes.set_ylabel(ylabel, fontsize=8)
        axes.tick_params(labelsize=8)
        style = {"rotation": 60, "ha": "right", "rotation_mode": "anchor", "fontsize": 8, "parse_math": False}
        axes.set_xticks(places, words if labels else [], **style)
        if labels:
            axes.get_xticklabels()[center].set_color(CENTER)


def _ids_fit(ids, counts, **_):
    ids_fit("ids", ids, "counts", counts)


@checked(
    _ids_fit, words=words("N", least=1), ids=array("N", "integers"),
    counts=counts_of("V"),
)  # fmt: skip
def sampling(words: Sequence[str], ids: np.ndarray, counts: np.ndarray) -> Control:
    """What the subsampling threshold, the window and the noise exponent do to one sentence.

    Parameters
    ----------
    words : sequence of str, length n
        The sentence; its middle word is the center.
    ids : np.ndarray of int, shape (n,)
    counts : np.ndarray of int, shape (V,)
        Of the whole corpus.
    """

    def one(log_t, max_window, power):
        figure, panels = plt.subplots(1, 3, figsize=(10, 3), layout="constrained")
        _draw_sampling(panels, words, ids, counts, log_t, max_window, power)
        return figure

    def build():
        return with_picture(
            one,
            log_t=_slider("FloatSlider", description="log10 of threshold t", value=-4, min=-6, max=0, step=0.25),
            max_window=_slider("IntSlider", description="max_window", value=5, min=1, max=10),
            power=_slider("FloatSlider", description="noise exponent", value=0.75, min=0, max=1.25, step=0.05),
        )

    settings = ((-5.0, 2, 0.0), (-4.0, 5, 0.75), (0.0, 10, 1.0))
    figure, grid = plt.subplots(3, 3, figsize=(10, 6), layout="constrained")
    for i, (panels, setting) in enumerate(zip(grid, settings)):
        _draw_sampling(panels, words, ids, counts, *setting, labels=i == len(settings) - 1)
    return Control("a sentence under three settings of threshold, window and noise exponent", build, png(figure))


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

    def scatter(axes, name, value, *, names=False):
        points = rows[name][1][value]
        axes.scatter(*np.asarray(points)[order].T, s=16 if names else 6, c=[color.get(words[i], GREY) for i in order])
        axes.set(xticks=[], yticks=[])
        method = value if isinstance(value, str) else f"perplexity {value:g}"
        axes.set_title(f"{name}, {method}:\n{kept[name][value]:.0%} of 10 neighbours kept", fontsize=9)
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
        return figure

    def build():
        options = [(f"{value}", value) for value in maps]
        middle = list(maps)[len(maps) // 2]
        return with_picture(
            one, value=_slider("SelectionSlider", description="perplexity", options=options, value=middle)
        )

    figure, grid = plt.subplots(2, len(maps), figsize=(2.6 * len(maps), 6), squeeze=False, layout="constrained")
    for panels, name in zip(grid, rows):
        for axes, value in zip(panels, maps):
            scatter(axes, name, value)
    legend(figure)
    return Control(f"maps of words and of random vectors: {', '.join(map(str, maps))}", build, png(figure))
