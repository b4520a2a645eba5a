"""Pictures of notebooks 01 and 02: rows of a table looked up, gradients that return to them, and scores."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING

ROLES = {"context": CONTEXT, "noise": NOISE, "padding": PADDING}


def lookup(ids, weight, show=8) -> None:
    """Ids on the left, the table in the middle, the rows that were looked up on the right.

    Parameters
    ----------
    ids : torch.Tensor of int64, shape (B, L)
        All below ``show - 1``, so that their rows are drawn.
    weight : torch.Tensor, shape (V, D)
    show : int
        Rows of the table that are drawn: the first ``show - 1`` and the last one.
    """
    (B, L), (V, D), weight = ids.shape, weight.shape, weight.detach()
    rows = [*range(show - 1), V - 1]
    lines = B * L + (B - 1)  # of the result, with a gap between its blocks
    figure, axes = _panel(14.6, max(show + 1, lines) + 1.6, 0.62)
    top, looked = 0.5 * (lines - show), set(ids.flatten().tolist())
    for r, i in enumerate(rows):
        y = top + r + (0.6 if r == show - 1 else 0)
        face, ink = (CENTER, "white") if i in looked else ("white", "0.55")
        _cells(axes, 5, y, [weight[i]], face, ink)
        axes.text(4.8, y + 0.5, f"row {i}", ha="right", va="center", fontsize=9, color=CENTER if i in looked else "0.5")
    axes.text(5 + D / 2, top + show - 0.7, "...", ha="center", va="center", color="0.5")
    for b in range(B):
        first = b * (L + 1)
        _cells(axes, 0, lines / 2 - B / 2 + b, [ids[b]], "white", CENTER, number="{:d}")
        _cells(axes, 10.6, first, weight[ids[b]], CENTER, "white")
        for n, i in enumerate(ids[b].tolist()):
            axes.plot([5 + D + 0.1, 10.5], [top + i + 0.5, first + n + 0.5], color=CENTER, lw=1, alpha=0.7)
    figure.supxlabel("")
    for x, y, text in (
        (L / 2, lines / 2 - B / 2, f"ids {tuple(ids.shape)}"),
        (5 + D / 2, top, f"table {(V, D)}"),
        (10.6 + D / 2, 0, f"result {(*ids.shape, D)}"),
    ):
        axes.text(x, y - 0.25, text, ha="center", va="bottom", fontsize=10)
    axes.set_ylim(max(lines, top + show + 0.8), min(0, top) - 1)
    plt.show()


def gradient_rows(ids, grad_out, grad, words) -> None:
    """Gradients of the looked-up rows, added up in the table's rows.

    Parameters
    ----------
    ids : torch.Tensor of int64, shape (N,)
    grad_out : torch.Tensor, shape (N, D)
        Gradient of the loss by each row of the lookup's result.
    grad : torch.Tensor, shape (V, D)
        Gradient of the loss by the table.
    words : list of str, length V
    """
    (N, D), V = grad_out.shape, len(words)
    _, axes = _panel(3 * D + 5, V + 1.4, 0.62)
    top = (V - N) / 2
    for n, i in enumerate(ids.tolist()):
        _cells(axes, 2, top + n, [grad_out[n]], CENTER, "white", number="{:g}")
        axes.text(1.8, top + n + 0.5, f"{words[i]} {i}", ha="right", va="center", fontsize=9, color=CENTER)
        axes.plot([2 + D + 0.1, 2 * D + 4.9], [top + n + 0.5, i + 0.5], color=CENTER, lw=1.2)
    for i, word in enumerate(words):
        face, ink = (CENTER, "white") if grad[i].any() else ("white", "0.6")
        _cells(axes, 2 * D + 5, i, [grad[i]], face, ink, number="{:g}")
        axes.text(3 * D + 5.2, i + 0.5, f"{word} {i}", ha="left", va="center", fontsize=9, color=ink if ink != "white" else CENTER)
    axes.text(2 + D / 2, top - 0.25, f"gradient of the result {(N, D)}", ha="center", va="bottom")
    axes.text(2.5 * D + 5, -0.25, f"gradient of the table {(V, D)}", ha="center", va="bottom")
    axes.set(xlim=(-0.2, 3 * D + 6.8), ylim=(V, -1))
    plt.show()
