# Used from 04 · notebooks/04_minibatches.ipynb
"""Pictures of notebook 04: what is kept, which words are contexts, which are noise, and the padded rectangle."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from helpers.arguments import checked, flag, instance, many, mapping, number, words
from helpers.corpus import Vocab
from helpers.plots.fonts import use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import BLUE, CENTER, CONTEXT, NOISE, ORANGE, PADDING, VERMILION
from helpers.plots.words import between, counted, decimal, listed, short
from helpers.sampling import keep_probability
from helpers.shapes import array, counts_of, distribution_of, tensor


@checked(counts=counts_of("V"), words=mapping(), t=number(above=0))
def keep_curves(counts, words, t=1e-4) -> None:
    """Keep probability against relative frequency by both formulas, with some words of the corpus marked.

    Parameters
    ----------
    counts : np.ndarray of int, shape (V,)
    words : dict of str to int
        Words to mark, with their ids.
    t : float
    """
    use_fonts_for(words)
    _, axes = plt.subplots(figsize=(6.4, 3.2))
    rare_to_frequent = np.logspace(-6, -1, 200)
    for formula, color, style in (("book", BLUE, "-"), ("word2vec.c", ORANGE, "--")):
        axes.plot(rare_to_frequent, _keep(rare_to_frequent, t, formula), color=color, ls=style, lw=2, label=formula)
    marked = False
    for word, i in words.items():
        f = counts[i] / counts.sum()
        kept = _keep(f, t, "book")[0]
        axes.plot(f, kept, "o", color=BLUE, ms=5, label=None if marked else "a word, by the book")
        marked = True
        style = {"xytext": (-6, -3), "textcoords": "offset points", "ha": "right", "va": "top", "parse_math": False}
        axes.annotate(word, (f, kept), **style)  # below the curves, which fall to the right
    axes.axvline(t, color="0.6", lw=1, ls=":")
    axes.annotate(f"t = {t:g}", (t, 0.02), xytext=(4, 0), textcoords="offset points", color="0.4")
    axes.set(xscale="log", xlabel="relative frequency of the word", ylabel="probability of keeping", ylim=(-0.08, 1.08))
    axes.legend(title="formula", loc="lower left")
    show(_alt_keep_curves(counts, words, t))


def _alt_keep_curves(counts, words, t) -> str:
    """The figure in words."""
    marked = []
    for word, i in words.items():
        f = counts[i] / counts.sum()
        marked.append(f"{word}, frequency {short(f)}, kept {_keep(f, t, 'book')[0]:.0%}")
    ends = (
        f"{formula} from {start:.0%} to {end:.0%}"
        for formula in ("book", "word2vec.c")
        for start, end in [_keep([1e-6, 1e-1], t, formula)]
    )
    return (
        "Two curves: probability of keeping a word against its relative frequency on a logarithmic axis from 0.000001 "
        f"to 0.1, by formula: {listed(ends)}. A dotted line at t = {short(t)}. Marked, by the book: {listed(marked)}."
    )


def _keep(frequency, t, formula):
    """`keep_probability` of words with these frequencies, in a text of which they are a part."""
    frequency = np.atleast_1d(frequency)
    return np.array([keep_probability(np.array([f, 1 - f]), t, formula)[0] for f in frequency])


@checked(words=words("L"), kept=many(flag(), letter="L"), before=array("S", "integers"), after=array("T", "integers"))
def subsampling(words, kept, before, after) -> None:
    """A sentence with its dropped words struck out, above the tokens per sentence before and after.

    Parameters
    ----------
    words : sequence of str
    kept : sequence of bool, the same length
    before, after : np.ndarray of int
        Tokens of each sentence in the corpus, before and after subsampling.
    """
    use_fonts_for(words)
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.2, 4), height_ratios=(1, 2.6))
    top.axis("off")
    top.set(xlim=(0, 1), ylim=(0, 1))
    figure.canvas.draw()
    x, y = 0.0, 0.75
    for word, keep in zip(words, kept):
        ink, paper = ("black", "#E3EEF6") if keep else ("0.65", "white")
        label = top.text(x, y, word, va="center", fontsize=10, color=ink, backgroundcolor=paper, parse_math=False)
        box = label.get_window_extent().transformed(top.transData.inverted())
        if box.x1 > 0.98:
            x, y = 0.0, y - 0.42
            label.set_position((x, y))
            box = label.get_window_extent().transformed(top.transData.inverted())
        if not keep:
            top.plot([box.x0, box.x1], [y, y], color=VERMILION, lw=1.2, zorder=5)
        x = box.x1 + 0.018
    top.set_title("one sentence: kept, and struck out", fontsize=10, loc="left")
    limit = np.quantile(before, 0.995)
    bins = np.arange(0, limit + 1, max(1, round(limit / 25))) - 0.5  # whole tokens, so that no bar is favoured
    bottom.hist([before, after], bins=bins, color=["0.7", BLUE], label=["before", "after"])
    bottom.set(xlabel="tokens per sentence", ylabel="sentences")
    bottom.legend()
    show(_alt_subsampling(words, kept, before, after))


def _alt_subsampling(words, kept, before, after) -> str:
    """The figure in words."""
    left = " ".join(word for word, keep in zip(words, kept) if keep) or "none"
    said = (
        f"{name} {counted(len(n), 'sentence')}, median {decimal(np.median(n), 0)}, middle half "
        f"{between(np.quantile(n, (0.25, 0.75)), 0)}"
        if len(n)
        else f"{name} no sentence"
        for name, n in (("before", before), ("after", after))
    )
    return (
        f"Above, one sentence of {counted(len(words), 'word')}: {' '.join(words)}. Kept are {sum(kept)}: {left}; the "
        f"others are struck out. Below, two histograms of tokens per sentence: {'; '.join(said)}."
    )


@checked(
    words=words(),
    offsets=array("S", "integers", least=0),
    contexts=array("P", "integers", least=0),
    vocab=instance(Vocab),
)
def windows(words, offsets, contexts, vocab) -> None:
    """One row a center word: the center in blue, its contexts in green.

    Parameters
    ----------
    words : sequence of str, one sentence
    offsets, contexts : as `sampling.draw_windows` returns them for that sentence
    vocab : corpus.Vocab
    """
    use_fonts_for(words)
    n = len(words)
    _, axes = plt.subplots(figsize=(0.95 * n + 1.2, 0.38 * n + 0.9))
    for i in range(n):
        size = offsets[i + 1] - offsets[i]
        left = next(a for a in range(n) if _matches(words, i, a, vocab.to_words(contexts[offsets[i] : offsets[i + 1]])))
        for j in range(n):
            role = CENTER if j == i else CONTEXT if left <= j <= left + size else "white"
            axes.add_patch(plt.Rectangle((j - 0.48, i - 0.42), 0.96, 0.84, facecolor=role, edgecolor="0.85"))
            ink = "0.6" if role == "white" else "white"
            axes.text(j, i, words[j], ha="center", va="center", color=ink, fontsize=9, parse_math=False)
    axes.set(xlim=(-0.6, n - 0.4), ylim=(n - 0.4, -0.6), xticks=[], yticks=range(n))
    axes.set_yticklabels([f"center {i}" for i in range(n)])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)
    axes.legend(
        handles=[Patch(color=CENTER, label="center"), Patch(color=CONTEXT, label="context")],
        loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2,
    )  # fmt: skip
    show(_alt_windows(words, [vocab.to_words(contexts[a:b]) for a, b in zip(offsets[:n], offsets[1:])]))


def _alt_windows(words, windows) -> str:
    """The figure in words; ``windows`` are the contexts of each center word."""
    rows = (f"{word}: {' '.join(near) or 'none'}" for word, near in zip(words, windows))
    return (
        f"Grid with the sentence of {counted(len(words), 'word')}, {' '.join(words)}, once for each of its center "
        f"words, whose contexts are coloured. Center word and contexts: {'; '.join(rows)}."
    )


def _matches(words, center, left, contexts) -> bool:
    """Whether the contexts are the words from ``left`` on, the center left out."""
    right = left + len(contexts) + 1
    return left <= center < right <= len(words) and [*words[left:center], *words[center + 1 : right]] == contexts


@checked(noise=array("...", "integers", least=0), counts=counts_of("V"), distribution=distribution_of("V"))
def noise_frequencies(noise, counts, distribution) -> None:
    """How often each word was drawn as noise, against the target and against plain counts.

    Parameters
    ----------
    noise : np.ndarray of int, any shape
    counts : np.ndarray of int, shape (V,)
    distribution : np.ndarray of float, shape (V,)
        The target: counts to the power 0.75, normalised.
    """
    drawn = np.bincount(np.ravel(noise), minlength=len(counts)) / np.size(noise)
    share = counts / counts.sum()
    order = np.argsort(-counts)[: np.count_nonzero(counts)]
    rank = np.arange(1, len(order) + 1)
    _, axes = plt.subplots(figsize=(6.4, 3.4))
    axes.loglog(rank, drawn[order], ".", color=NOISE, ms=3, label="drawn as noise")
    axes.loglog(rank, distribution[order], color="black", lw=1.5, label="target: count to the power 0.75")
    axes.loglog(rank, share[order], color="0.6", lw=1.5, ls="--", label="share of the text: power 1")
    axes.set(xlabel="rank of the word, the most frequent first", ylabel="probability")
    axes.legend()
    show(_alt_noise_frequencies(drawn[order], distribution[order], share[order], np.size(noise)))


def _alt_noise_frequencies(drawn, target, share, n) -> str:
    """The figure in words; the words in order, the most frequent first."""
    ranks = sorted({rank for rank in (1, 10, 100, 1000, len(share)) if 1 <= rank <= len(share)})
    rows = (
        f"rank {rank:,}: {short(drawn[rank - 1])}, {short(target[rank - 1])}, {short(share[rank - 1])}"
        for rank in ranks
    )
    return (
        f"Both axes logarithmic: probability of {counted(len(share), 'word')} by rank, the most frequent first, in "
        f"{counted(n, 'noise word')}. Dots: drawn as noise; line: the target, count to the power 0.75; dashed: share "
        f"of the text. In this order, {'; '.join(rows)}."
    )


@checked(mask=tensor("B L"), label=tensor("B L"))
def batch(mask, label, words=None, center=None) -> None:
    """A minibatch as a rectangle: contexts, noise words, padding.

    Parameters
    ----------
    mask, label : torch.Tensor, shape (B, L)
    words : list of list of str, optional
        The candidates' words, written into the cells of a small batch.
    center : list of str, optional
        The center words, at the left.
    """
    real, context = np.asarray(mask) > 0, np.asarray(label) > 0
    B, L = real.shape
    small = words is not None
    if small:
        use_fonts_for([*(center or ()), *(word for row in words for word in row)])
    _, axes = plt.subplots(figsize=(min(11, 0.72 * L + 1.4), 0.36 * B + 0.9) if small else (7.2, 3.4))
    rgb = np.empty((B, L, 3))
    for where, color in ((~real, PADDING), (real & ~context, NOISE), (context, CONTEXT)):
        rgb[where] = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    axes.imshow(rgb, aspect="auto", interpolation="nearest")
    if small:
        for i in range(B):
            for j in range(L):
                ink = "white" if real[i, j] else "0.45"
                axes.text(j, i, words[i][j], ha="center", va="center", fontsize=8, color=ink, parse_math=False)
        axes.set_yticks(range(B), center, color=CENTER, fontweight="bold", parse_math=False)
        axes.set_xticks([])
        axes.set_xticks(np.arange(L + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(B + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="white", lw=2)
        axes.tick_params(which="both", length=0)
        axes.set(xlim=(-0.5, L - 0.5), ylim=(B - 0.5, -0.5))  # the ticks have widened them
    else:
        axes.set(xlabel="slot", ylabel="row: one center word")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True))
    for side in axes.spines.values():
        side.set_visible(False)
    handles = [Patch(color=c, label=n) for c, n in ((CONTEXT, "context"), (NOISE, "noise word"), (PADDING, "padding"))]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.02 if small else -0.16), ncols=3)
    show(_alt_batch(real, context, words, center))


def _alt_batch(real, context, words, center) -> str:
    """The figure in words: the rows of a small batch, the numbers of a large one."""
    (B, L), slots = real.shape, max(1, real.size)
    parts = (("context", context), ("noise word", real & ~context), ("padding slot", ~real))
    sums = listed(f"{counted(int(cells.sum()), name)} ({cells.sum() / slots:.0%})" for name, cells in parts)
    text = f"Grid of {counted(B, 'row')}, one a center word, and {counted(L, 'slot')}, coloured by role: {sums}."
    if words is None:
        contexts, slots = (between(cells.sum(axis=1), 0) for cells in (context, real))
        return f"{text} A row has {slots} slots that are no padding, and {contexts} contexts."
    rows = []
    for i in range(B):
        near, noise = ([w for w, here in zip(words[i], cells[i]) if here] for cells in (context, real & ~context))
        who = center[i] if center is not None else f"row {i}"
        rows.append(f"{who}: contexts {' '.join(near) or 'none'}, noise {' '.join(noise) or 'none'}")
    return f"{text} {'; '.join(rows[:8])}."
