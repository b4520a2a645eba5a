# Used from 01 · notebooks/01_embeddings.ipynb
"""Pictures of notebooks 01 and 02: rows looked up, gradients that return to them, and scores."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import torch

from helpers.arguments import checked, mapping, text, whole, words
from helpers.plots import showing
from helpers.plots.fonts import plain, use_fonts_for
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING
from helpers.plots.words import counted, course, decimal, listed, vector
from helpers.shapes import tensor

ROLES = {"center": CENTER, "context": CONTEXT, "noise": NOISE, "padding": PADDING}
QUIET = "0.5"  # ink of what is not looked at


@checked(ids=tensor("B L", "integers", least=0), weight=tensor("V D"), show=whole(1))
def lookup(ids, weight, show=8) -> None:
    """Ids on the left, the table in the middle, and on the right the rows that were looked up.

    Parameters
    ----------
    ids : torch.Tensor of int64, shape (B, L)
        Below ``show``, so that their rows are among those drawn.
    weight : torch.Tensor, shape (V, D)
    show : int
        Rows of the table to draw before it is cut off.
    """
    weight, looked = weight.detach(), set(ids.flatten().tolist())
    (B, L), (V, D) = ids.shape, weight.shape
    lines = B * (L + 1) - 1  # of the result: its blocks stand one line apart
    height = max(show + 1, lines)
    table, result, first = L + 2, L + D + 4.2, (height - lines) / 2
    axes = _canvas(result + D, height)
    for i in range(show):
        face, ink = (CENTER, CENTER) if i in looked else ("white", QUIET)
        _cells(axes, table, i, weight[i : i + 1], face)
        _label(axes, table - 0.15, i, f"row {i}", ink, "right")
    _label(axes, table + D / 2, show, f"... to row {V - 1}", QUIET)
    _cells(axes, 0, (height - B) / 2, ids, "white", "{:d}", ink=CENTER)
    _label(axes, L + 0.45, (height - 1) / 2, "→", CENTER)
    for b in range(B):
        top = first + b * (L + 1)
        _cells(axes, result, top, weight[ids[b]], CENTER)
        for n, i in enumerate(ids[b].tolist()):
            _line(axes, table + D, i, result, top + n)
    _heading(axes, L / 2, (height - B) / 2, f"ids {(B, L)}")
    _heading(axes, table + D / 2, 0, f"table {(V, D)}")
    _heading(axes, result + D / 2, first, f"result {(B, L, D)}")
    showing.show(_alt_lookup(ids, weight))


def _alt_lookup(ids, weight) -> str:
    """The figure in words."""
    (B, L), (V, D) = ids.shape, weight.shape
    rows = (f"row {i} is {vector(weight[i], 1)}" for i in sorted(set(ids.flatten().tolist()))[:4])
    asked = "; ".join(" ".join(map(str, row)) for row in ids.tolist())
    return (
        f"Drawing: ids, shape ({B}, {L}), are {asked}. Lines lead from their rows of a table, shape ({V}, {D}), to the "
        f"result, shape ({B}, {L}, {D}), in which each id has become a copy of its row: {', '.join(rows) or 'none'}."
    )


@checked(ids=tensor("N", "integers", least=0), grad_out=tensor("N D"), grad=tensor("V D"), words=words("V"))
def gradient_rows(ids, grad_out, grad, words) -> None:
    """The gradients of looked-up rows, each returning to its row of the table, where they add up.

    Parameters
    ----------
    ids : torch.Tensor of int64, shape (N,)
    grad_out : torch.Tensor, shape (N, D)
        Gradient of the loss with respect to the lookup's result.
    grad : torch.Tensor, shape (V, D)
        Gradient of the loss with respect to the table.
    words : list of str, length V
    """
    use_fonts_for(words)
    (N, D), V = grad_out.shape, len(words)
    first, left, right = (V - N) / 2, 2, D + 5
    axes = _canvas(right + D + 2, V)
    for n, i in enumerate(ids.tolist()):
        _cells(axes, left, first + n, grad_out[n : n + 1], CENTER, "{:g}")
        _label(axes, left - 0.15, first + n, f"{words[i]} {i}", CENTER, "right")
        _line(axes, left + D, first + n, right, i)
    for i, word in enumerate(words):
        face, ink = (CENTER, CENTER) if grad[i].any() else ("white", QUIET)
        _cells(axes, right, i, grad[i : i + 1], face, "{:g}")
        _label(axes, right + D + 0.15, i, f"{word} {i}", ink, "left")
    _heading(axes, left + D / 2, first, f"gradient of the result {(N, D)}")
    _heading(axes, right + D / 2, 0, f"gradient of the table {(V, D)}")
    showing.show(_alt_gradient_rows(ids, grad_out, grad, words))


def _alt_gradient_rows(ids, grad_out, grad, words) -> str:
    """The figure in words."""
    given = (f"{words[i]}, id {i}, {vector(row, 1)}" for i, row in zip(ids.tolist(), grad_out))
    kept = [f"{words[i]}, id {i}, {vector(grad[i], 1)}" for i in range(len(words)) if grad[i].any()]
    return (
        f"Drawing: lines lead from {counted(len(ids), 'gradient row')} of the result back to their rows of the table's "
        f"gradient, where rows of one word add up. Of the result: {listed(given, 6)}. Of the table: {listed(kept, 6)}; "
        f"the other {len(words) - len(kept)} of {counted(len(words), 'row')} are 0."
    )


@checked(curves=mapping())
def descents(curves) -> None:
    """A word's score with itself while gradient descent pushes it down, and the 0 that a squared length cannot pass.

    Parameters
    ----------
    curves : dict of str to list of float
        Of two descents: of one vector, and of two.
    """
    _, axes = plt.subplots(figsize=(6.4, 3))
    for (name, scores), (color, style) in zip(curves.items(), ((CENTER, "-"), (CONTEXT, "--"))):
        axes.plot(scores, color=color, ls=style, lw=2, label=plain(name))
    axes.axhline(0, color=QUIET, ls=":", lw=1, label="0: neither yes nor no")
    axes.set(xlabel="step of gradient descent", ylabel="score of chip with itself")
    axes.legend()
    showing.show(_alt_descents(dict(list(curves.items())[:2])))


def _alt_descents(curves) -> str:
    """The figure in words."""
    found = []
    for name, scores in curves.items():
        below = next((step for step, score in enumerate(scores) if score < 0), None)
        ends = course((f"step {step}" for step in range(len(scores))), scores)
        found.append(f"{name}: {ends}; " + ("never below 0" if below is None else f"below 0 from step {below} on"))
    return f"Curves of chip's score with itself by step of gradient descent, beside a line at 0. {'. '.join(found)}."


@checked(v=tensor("B 1 D"), u=tensor("B L D"), pred=tensor("B 1 L"), centers=words("B"))
def product(v, u, pred, centers, candidates, roles) -> None:
    """The batched product of `skip_gram`, row by row, with its numbers and shapes.

    Parameters
    ----------
    v, u, pred : torch.Tensor, shapes (B, 1, D), (B, L, D), (B, 1, L)
    centers : list of str, length B
    candidates : list of list of str, (B, L)
    roles : list of list of {"context", "noise", "padding"}, (B, L)
    """
    v, u, pred = v.detach(), u.detach(), pred.detach()
    use_fonts_for([*centers, *(word for row in candidates for word in row)])
    B, L, D = u.shape
    left, middle, right = 1.8, D + 2.8, D + L + 4
    axes = _canvas(right + L, B * (D + 1.4) - 0.6, unit=(0.57, 0.34))
    for b in range(B):
        top, faces = b * (D + 1.4) + 0.6, [ROLES[role] for role in roles[b]]
        line = top + (D - 1) / 2  # v and the scores stand at half the height of u
        _label(axes, left - 0.15, line, centers[b], CENTER, "right")
        _cells(axes, left, line, v[b], CENTER)
        _label(axes, (left + D + middle) / 2, line, "@", "black")
        _cells(axes, middle, top, u[b].T, faces)
        _label(axes, (middle + L + right) / 2, line, "=", "black")
        _cells(axes, right, line, pred[b], faces)
        for n, word in enumerate(candidates[b]):
            ink = "0.45" if roles[b][n] == "padding" else faces[n]
            _label(axes, middle + n + 0.5, top - 0.9, word, ink)
    _heading(axes, left + D / 2, 0, f"v (B, 1, D)\n{tuple(v.shape)}")
    _heading(axes, middle + L / 2, 0, f"u.permute(0, 2, 1) (B, D, L)\n{(B, D, L)}")
    _heading(axes, right + L / 2, 0, f"scores (B, 1, L)\n{tuple(pred.shape)}")
    _key(axes, {"center": CENTER} | {role: ROLES[role] for row in roles for role in row}, loc="upper left", ncols=4)
    showing.show(_alt_product(v, u, pred, centers, candidates, roles))


def _alt_product(v, u, pred, centers, candidates, roles) -> str:
    """The figure in words."""
    (B, L, D), rows = u.shape, []
    for b in range(min(B, 4)):
        scores = (
            f"{word or 'none'}, {role}, {decimal(x, 1)}"
            for word, role, x in zip(candidates[b], roles[b], pred[b, 0].tolist())
        )
        rows.append(f"{centers[b]} {vector(v[b, 0], 1)} scores {'; '.join(scores)}")
    return (
        f"Drawing of {counted(B, 'matrix product')}: v, (B, 1, D) = {(B, 1, D)}, times u with its last axes swapped, "
        f"(B, D, L) = {(B, D, L)}, gives scores, (B, 1, L) = {(B, 1, L)}. {'. '.join(rows)}."
    )


@checked(v=tensor("2"), u=tensor("N 2"), center=text(), words=words("N"), roles=words("N"))
def score_plane(v, u, center, words, roles) -> None:
    """A center vector and candidates in the plane, on grey lines of equal score.

    Parameters
    ----------
    v : torch.Tensor, shape (2,), no zeros
        Of length 3 at most, as are the rows of u.
    u : torch.Tensor, shape (n, 2)
    center : str
    words, roles : list of str, length n
    """
    use_fonts_for([center, *words])
    v, u = v.detach(), u.detach()
    length = v.norm().item()
    along, across = (v / length).tolist(), (v.flip(0) * torch.tensor([1.0, -1.0]) / length).tolist()
    _, axes = plt.subplots(figsize=(5.4, 4.9))
    for score in range(-2, 5):
        foot = [score / length * along[i] + 2.1 * across[i] for i in range(2)]  # the score's label, off the arrows
        axes.axline(foot, slope=across[1] / across[0], color="0.85", lw=1, zorder=0)
        axes.text(*foot, f"{score}", color="0.45", fontsize=9, ha="center", va="center", backgroundcolor="white")
    for word, role, tip in [(center, "center", v), *zip(words, roles, u)]:
        x, y = tip.tolist()
        axes.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "-|>", "color": ROLES[role], "lw": 2, "shrinkB": 0})
        text = f"{word} (center)" if role == "center" else f"{word}: {tip @ v:g}"
        side = "center" if abs(x) < abs(y) else "left" if x > 0 else "right"
        axes.annotate(
            text, (x, y), xytext=(5 * np.sign(x), 9 * np.sign(y)), textcoords="offset points",
            color=ROLES[role], fontweight="bold", ha=side, va="center", parse_math=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    _key(axes, {"center": CENTER} | {role: ROLES[role] for role in roles} | {"equal score": "0.85"}, loc="lower left")
    axes.set(xlim=(-2.1, 3.3), ylim=(-2.5, 2.0), aspect="equal", xlabel="dimension 0", ylabel="dimension 1")
    showing.show(_alt_score_plane(v, u, center, words, roles))


def _alt_score_plane(v, u, center, words, roles) -> str:
    """The figure in words."""
    arrows = (
        f"{word}, {role}, {vector(tip, 1)}, score {decimal((tip @ v).item())}"
        for word, role, tip in zip(words, roles, u)
    )
    return (
        f"Arrows from the origin of the plane, on grey lines of equal score from −2 to 4, which stand at a right angle "
        f"to the center vector. {center}, center, {vector(v, 1)}; {listed(arrows)}."
    )


def _canvas(width, height, unit=(0.5, 0.3)):
    """Axes without axes: one unit a cell, the y axis downwards, room for headings."""
    figure, axes = plt.subplots(figsize=(unit[0] * (width + 0.4), unit[1] * (height + 1.8)))
    axes.set(xlim=(-0.2, width + 0.2), ylim=(height + 0.1, -1.7))
    axes.axis("off")
    return axes


def _cells(axes, x, y, values, faces, number="{:.1f}", ink=None) -> None:
    """A matrix as boxes with numbers; ``faces`` is one colour or one a column."""
    for r, row in enumerate(values.tolist()):
        for c, value in enumerate(row):
            face = faces if isinstance(faces, str) else faces[c]
            color = ink or ("white" if face not in ("white", PADDING) else "0.35")
            edge = "0.8" if face == "white" else "white"
            axes.add_patch(plt.Rectangle((x + c, y + r), 1, 1, facecolor=face, edgecolor=edge))
            _label(axes, x + c + 0.5, y + r, number.format(value), color)


def _label(axes, x, y, text, color, ha="center") -> None:
    axes.text(x, y + 0.5, text, ha=ha, va="center_baseline", fontsize=9, color=color, parse_math=False)


def _heading(axes, x, y, text) -> None:
    axes.text(x, y - 0.3, text, ha="center", va="bottom", fontsize=10)


def _key(axes, colours, loc, **more) -> None:
    """A legend of patches; at the upper left it stands below the axes."""
    below = {"bbox_to_anchor": (0, 0), "frameon": False} if loc == "upper left" else {"framealpha": 1}
    patches = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in colours.values()]
    axes.legend(patches, colours, loc=loc, fontsize=9, **below, **more)


def _line(axes, x0, y0, x1, y1) -> None:
    axes.plot([x0 + 0.1, x1 - 0.1], [y0 + 0.5, y1 + 0.5], color=CENTER, lw=1, alpha=0.8)
