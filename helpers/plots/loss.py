# Used from 03 · notebooks/03_masked_bce.ipynb
"""Pictures of notebook 03: two losses over the logit, what a slot weighs, and one step."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import torch

from helpers.arguments import checked, mapping, number, text, words
from helpers.plots.fonts import use_fonts_for
from helpers.plots.showing import show
from helpers.plots.style import CENTER, CONTEXT, NOISE
from helpers.plots.words import counted, decimal, listed, vector
from helpers.shapes import tensor


@checked(scores=tensor("L"), label=tensor("L"), words=words("L"), reach=number(above=0))
def bce_curves(scores, label, words, reach=4.5) -> None:
    """The loss of a context and of a noise word over the logit, with some scored words on their curves.

    Parameters
    ----------
    scores, label : torch.Tensor, shape (L,)
    words : list of str, length L
    reach : float
        The logits go from ``-reach`` to ``reach``.
    """
    use_fonts_for(words)
    logits = torch.linspace(-reach, reach, 181)
    _, axes = plt.subplots(figsize=(6.4, 3.4))
    for y, color, style, name in (
        (1, CONTEXT, "-", "context, label 1: $-\\log\\,\\sigma(s)$"),
        (0, NOISE, "--", "noise word, label 0: $-\\log\\,\\sigma(-s)$"),
    ):
        axes.plot(logits, _bce(logits, y), color=color, ls=style, lw=2, label=name)
    for x, y, word in zip(scores.detach().tolist(), label.tolist(), words):
        height, color = _bce(torch.tensor(x), y).item(), CONTEXT if y else NOISE
        axes.plot(x, height, "o", color=color, ms=6)
        side = 1 if y else -1  # where this curve falls to zero, and above it there is room for a word
        offset = (8 * side, 6) if x * side > 0 else (-8 * side, -6)
        axes.annotate(
            word, (x, height), xytext=offset, textcoords="offset points",
            ha="left" if offset[0] > 0 else "right", va="center", color=color, fontweight="bold", parse_math=False,
        )  # fmt: skip
    axes.plot(0, np.log(2), "o", color="black", ms=4)
    axes.annotate("log 2", (0, np.log(2)), xytext=(0, -9), textcoords="offset points", ha="center", va="top")
    axes.set(xlabel="logit $s$: the score $v \\cdot u$", ylabel="loss", xlim=(-reach, reach), ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper center")
    show(_alt_bce_curves(scores.detach().tolist(), label.tolist(), words, reach))


def _alt_bce_curves(scores, label, words, reach) -> str:
    """The figure in words."""
    ends = [decimal(_bce(torch.tensor(x), 1).item()) for x in (-float(reach), float(reach))]
    roles = ["context" if y else "noise word" for y in label]
    losses = [_bce(torch.tensor(x), y).item() for x, y in zip(scores, label)]
    marked = listed(
        f"{word}, {role}, logit {decimal(x)}, loss {decimal(loss)}"
        for word, role, x, loss in zip(words, roles, scores, losses)
    )
    return (
        f"Two curves: the loss over the logit, from {decimal(-reach, 1)} to {decimal(reach, 1)}. That of a context, "
        f"label 1, falls from {ends[0]} to {ends[1]}; that of a noise word, label 0, rises from {ends[1]} to {ends[0]}."
        f" At logit 0 both are log 2, {decimal(np.log(2))}. Marked: {marked}."
    )


@checked(label=tensor("B L"), weights=mapping())
def slot_shares(label, weights) -> None:
    """Each row of a batch as a bar of slots: a slot is as wide as its share of the batch's weight.

    Parameters
    ----------
    label : torch.Tensor, shape (B, L)
    weights : dict of str to torch.Tensor, shape (B, L)
        Weight of each slot, 0 for padding; one panel each.
    """
    label, B = np.asarray(label), len(label)
    figure, panels = plt.subplots(1, len(weights), figsize=(8, 0.42 * B + 1.5), sharey=True)
    for axes, (name, weight) in zip(panels, weights.items()):
        share = np.asarray(weight / weight.sum())
        left = share.cumsum(axis=1) - share
        for b in range(B):
            slots = share[b] > 0
            colors = [CONTEXT if y else NOISE for y in label[b, slots]]
            axes.barh(b, share[b, slots], left=left[b, slots], color=colors, edgecolor="white", lw=0.8, height=0.72)
            axes.annotate(
                f"{share[b].sum():.0%}", (share[b].sum(), b), xytext=(5, 0), textcoords="offset points", va="center"
            )
        axes.set(title=f'average="{name}"', xlabel="share of the batch's weight", xlim=(0, 0.66), ylim=(B - 0.4, -0.6))
        axes.xaxis.set_major_formatter("{x:.0%}")
    contexts = label.sum(axis=1).astype(int)
    names = [f"row {b}: {counted(C, 'context')}" for b, C in enumerate(contexts)]
    panels[0].set_yticks(range(B), names, color=CENTER)
    handles = [plt.Rectangle((0, 0), 1, 1, color=c) for c in (CONTEXT, NOISE)]
    figure.legend(handles, ["context", "noise word"], loc="outside lower center", ncols=2)
    show(_alt_slot_shares(label, weights))


def _alt_slot_shares(label, weights) -> str:
    """The figure in words: of each panel the rows, with the slots that have weight."""
    shares = {name: np.asarray(weight / weight.sum()) for name, weight in weights.items()}
    slots = next(iter(shares.values())) > 0
    rows = (f"{(here & (y > 0)).sum()} and {(here & (y == 0)).sum()}" for here, y in zip(slots, label))
    panels = [f"{name}: {listed(f'{part:.0%}' for part in share.sum(axis=1))}." for name, share in shares.items()]
    return (
        f"{counted(len(weights), 'panel')} of bars, one for each row of a batch, cut into slots as wide as their "
        f"share of the batch's weight. Contexts, which come first, and noise words of each row: {', '.join(rows)}. "
        f"Shares of the rows, averaged by {' By '.join(panels)}"
    )


@checked(
    v=tensor("2"),
    u=tensor("L 2"),
    label=tensor("L"),
    words=words("L"),
    center=text(),
    grad_v=tensor("2"),
    grad_u=tensor("L 2"),
    lr=number(),
)
def one_step(v, u, label, words, center, grad_v, grad_u, lr=1.0) -> None:
    """A center vector and its candidates in the plane, each with the step that gradient descent takes.

    Parameters
    ----------
    v, grad_v : torch.Tensor, shape (2,)
    u, grad_u : torch.Tensor, shape (L, 2)
    label : torch.Tensor, shape (L,)
    words : list of str, length L
    center : str
    lr : float
        Length of a step over that of its gradient.
    """
    use_fonts_for([center, *words])
    _, axes = plt.subplots(figsize=(6, 4.8))
    colors = {"center": CENTER, "context": CONTEXT, "noise word": NOISE}
    roles = ["center", *("context" if y else "noise word" for y in label)]
    tips, steps = torch.vstack([v, u]).detach(), -lr * torch.vstack([grad_v, grad_u]).detach()
    for tip, step, word, role in zip(tips, steps, [center, *words], roles):
        color = colors[role]
        (x, y), end = tip.tolist(), (tip + step).tolist()
        axes.plot([0, x], [0, y], "-", color=color, lw=2)
        axes.plot(x, y, "o", color=color, ms=5)
        axes.annotate("", end, (x, y), arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 1.3, "shrinkA": 0})
        below = y < 0
        axes.annotate(
            word, (x, y), xytext=(0, -11 if below else 11), textcoords="offset points",
            color=color, fontweight="bold", ha="center", va="top" if below else "bottom", parse_math=False,
        )  # fmt: skip
    axes.plot(0, 0, "o", color="0.6", ms=4)
    for role, color in colors.items():
        axes.plot([], [], "o-", color=color, lw=2, ms=5, label=role)
    axes.plot([], [], color="black", lw=1.3, label=f"one step, learning rate {lr:g}")
    low, high = tips.amin(dim=0).tolist(), tips.amax(dim=0).tolist()
    axes.set(xlim=(low[0] - 0.8, high[0] + 0.8), ylim=(low[1] - 0.5, high[1] + 0.5), aspect="equal")
    axes.set(xlabel="dimension 0", ylabel="dimension 1")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    show(_alt_one_step(tips.tolist(), (tips + steps).tolist(), roles, [center, *words], lr))


def _alt_one_step(tips, ends, roles, words, lr) -> str:
    """The figure in words; ``tips`` and ``ends`` are the vectors before and after the step."""
    moves = (
        f"{word}, {role}, from {vector(tip)} to {vector(end)}" for word, role, tip, end in zip(words, roles, tips, ends)
    )
    return (
        f"{counted(len(words), 'vector')} in the plane as lines from the origin, each with a black arrow for one step "
        f"of gradient descent, learning rate {lr:g}: {listed(moves)}."
    )


def _bce(logits, y):
    """Binary cross-entropy of logits for one label."""
    return torch.nn.functional.softplus(logits if y == 0 else -logits)
