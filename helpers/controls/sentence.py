# Used from 04 · tests/helpers/controls/test_controls.py
"""What subsampling, windows and the noise exponent do to one sentence, under sliders."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, seed, whole, words
from helpers.controls.control import Control, png, with_picture
from helpers.controls.sliders import slider
from helpers.plots.style import CENTER, CONTEXT, NOISE
from helpers.plots.words import decimal, short
from helpers.sampling import DRAWING, draw_windows, keep_probability, noise_distribution, subsample
from helpers.shapes import array, counts_of, ids_fit

DRAWS = 2000  # of the windows of one sentence
SETTINGS = ((-5.0, 2, 0.0), (-4.0, 5, 0.75), (0.0, 10, 1.0))  # log10 of the threshold, window, noise exponent


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


def _heights(ids, counts, log_t, max_window, power) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each word of a sentence P(keep), P(context of its middle word), and how often it is noise, times 1/V."""
    keep = keep_probability(counts, 10.0**log_t)[ids]
    drawn = noise_distribution(counts, power)[ids] * (len(counts) - 1)
    return keep, context_shares(keep, len(ids) // 2, max_window), drawn


def _ends(words, heights) -> str:
    """The words of the lowest and of the highest value, with these."""
    low, high = int(np.argmin(heights)), int(np.argmax(heights))
    if decimal(heights[low]) == decimal(heights[high]):
        return f"{decimal(heights[low])} for all"
    return f"{decimal(heights[low])} ({words[low]}) to {decimal(heights[high])} ({words[high]})"


def _alt_setting(words, ids, counts, log_t, max_window, power) -> str:
    keep, shares, drawn = _heights(ids, counts, log_t, max_window, power)
    return (
        f"Threshold {short(10.0**log_t)}, window {max_window}, exponent {decimal(power)}: kept {_ends(words, keep)}, "
        f"mean contexts {decimal(shares.sum(), 1)}, noise {_ends(words, drawn)}."
    )


def _draw_sampling(panels, words, ids, counts, log_t, max_window, power, *, labels=True) -> None:
    keep, shares, drawn = _heights(ids, counts, log_t, max_window, power)
    center = len(words) // 2
    places = np.arange(len(words))
    # At 1.25, the slider's end, a frequent word leads by most and a rare one lags by most: one scale for all settings.
    widest = noise_distribution(counts, 1.25)[ids] * (len(counts) - 1)
    limits = (min(0.5, widest.min() / 2), max(2, 2 * widest.max()))
    rows = (
        (keep, "P(keep)", "0.45", (0, 1.05), f"subsampling, t = {10.0**log_t:.0e}"),
        (
            shares,
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
        alt = (
            f"Three panels over the {len(words)} words of a sentence: the probability to keep each, to be a context of "
            f"{words[len(words) // 2]}, and how often it is drawn as noise, as a multiple of exponent 0's share. "
        )
        return figure, alt + _alt_setting(words, ids, counts, log_t, max_window, power)

    def build():
        return with_picture(
            one,
            log_t=slider("FloatSlider", description="log10 of threshold t", value=-4, min=-6, max=0, step=0.25),
            max_window=slider("IntSlider", description="max_window", value=5, min=1, max=10),
            power=slider("FloatSlider", description="noise exponent", value=0.75, min=0, max=1.25, step=0.05),
        )

    figure, grid = plt.subplots(3, 3, figsize=(10, 6), layout="constrained")
    for i, (panels, setting) in enumerate(zip(grid, SETTINGS)):
        _draw_sampling(panels, words, ids, counts, *setting, labels=i == len(SETTINGS) - 1)
    alt = (
        f"Three rows over {len(words)} words, each a setting: the probability to keep a word, to be a context of "
        f"{words[len(words) // 2]}, and noise as a multiple of exponent 0's share. "
    )
    alt += " ".join(_alt_setting(words, ids, counts, *setting) for setting in SETTINGS)
    return Control(alt, build, png(figure))
