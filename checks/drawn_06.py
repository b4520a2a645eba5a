# Used in 06 · tests/checks/test_exercises_06.py
"""What the checks of notebook 06 draw: two tables that agree in part, and an analogy with its answer."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def unit_rows(W):
    return nn.functional.normalize(torch.as_tensor(W), dim=1)


def _clear(W, k, least):
    """Whether no rounding decides who is among the k nearest, by cosine."""
    unit = unit_rows(W).double()
    similarity = (unit @ unit.T).fill_diagonal_(-9).sort(dim=1, descending=True).values
    return bool((similarity[:, k - 1] - similarity[:, k] > least).all())


def draw_tables(V, D, k, *, lengths=1.0, noise=0.7, change=lambda v, u: (v, u), least=1e-3):
    """A draw of two tables that agree in part, row 0 for the padding; ``change`` makes them special.

    The k-th cosine and the one after it differ by ``least`` or more.
    """

    def draw(rng):
        V_, D_, k_ = (int(rng.integers(*x)) if isinstance(x, tuple) else x for x in (V, D, k))
        while True:
            v = rng.normal(size=(V_, D_))
            v, u = change(v, v + noise * rng.normal(size=(V_, D_)))
            v, u = (x * np.exp2(rng.uniform(-lengths, lengths, size=(V_, 1)).round()) for x in (v, u))
            v, u = (torch.tensor(x, dtype=torch.float32) for x in (v, u))
            if _clear(v[1:], k_, least) and _clear(u[1:], k_, least):
                return v, u, k_

    return draw


def _apart(v, u):
    """All cosines negative: the corners of a tetrahedron, roughly."""
    v[1:], u[1:] = (np.eye(4) - 0.25 + 0.05 * W[1:] for W in (v, u))
    return v, u


def _pairs(v, u):
    """Three pairs of rows that have one direction in the first table, and are near in the second."""
    v[[2, 4, 6]], u[[2, 4, 6]] = 2 * v[[1, 3, 5]], u[[1, 3, 5]] + 0.2 * u[[2, 4, 6]]
    return v, u


def _near_padding(v, u):
    """The padding in the middle of all words."""
    v[0], u[0] = v[1:].sum(axis=0), u[1:].sum(axis=0)
    return v, u


TABLES = {
    "one table twice": draw_tables(13, 5, 3, change=lambda v, u: (v, v.copy())),
    "one neighbour alone": draw_tables((9, 13), 3, 1),
    "all neighbours but one": draw_tables(8, 4, 5, change=lambda v, u: (v, u[::-1].copy())),
    "three words": draw_tables(4, 2, 1),
    "rows a thousand times as long as others": draw_tables(15, 5, 4, lengths=6),
    "no cosine above zero": draw_tables(5, 4, 2, change=_apart),
    "rows that point the same way": draw_tables(13, 6, 3, noise=0.2, change=_pairs),
    "very short rows": draw_tables(17, 5, 3, lengths=4, change=lambda v, u: (1e-5 * v, 1e-5 * u)),
    "more dimensions than words": draw_tables(10, 40, 3),
    "many words": draw_tables(60, 8, 1),
    "cosines that differ in the fifth digit": draw_tables(24, 5, 6, change=lambda v, u: (v + 20, u + 20), least=4e-6),
    "padding near every word": draw_tables(10, 4, 3, change=_near_padding),
}


# -- an analogy and its answer


def similarity_to(W, a, b, c, *, signs=(-1, 1, 1), unit=True, by="cosine"):
    rows = unit_rows(W)
    parts = rows if unit else W
    target = signs[0] * parts[a] + signs[1] * parts[b] + signs[2] * parts[c]
    if by == "distance":
        return -((parts - target) ** 2).sum(dim=1)
    return (rows if by == "cosine" else W) @ target


def _twins(W):
    """The first half of the words once more, twice as long, in the place of the second."""
    half = len(W) // 2
    W[half : 2 * half - 1] = 2 * W[1:half]
    return W


def draw_question(V, D, *, lengths=1.5, scale=1.0, place=None, same=None, padding=0, change=lambda W: W, least=1e-4):
    """A draw of a table, row 0 for the padding, and four words of it.

    ``place`` is where d is to be in the ranking, -1 for the last; ``same`` makes one of the four words another;
    ``change`` makes the table special before its rows get their lengths. No other cosine is within ``least`` of d's.
    """

    def draw(rng):
        V_, D_ = (int(rng.integers(*x)) if isinstance(x, tuple) else x for x in (V, D))
        while True:
            W = change(rng.normal(size=(V_, D_))) * np.exp2(rng.uniform(-lengths, lengths, size=(V_, 1)))
            W = torch.tensor(scale * W, dtype=torch.float32)
            ids = (1 + rng.permutation(V_ - 1)[:4]).tolist()
            if same:
                ids[same[0]] = ids[same[1]]
            unit, (a, b, c, _) = unit_rows(W), ids
            W[0] += padding * (unit[b] - unit[a] + unit[c])
            similarity = similarity_to(W.double(), a, b, c)[1:]
            if place is not None:
                ids[3] = 1 + int(similarity.argsort(descending=True)[place])
            gap = (similarity - similarity[ids[3] - 1]).abs()
            gap[ids[3] - 1] = 9
            if gap.min() > least:  # no rounding decides the rank
                return W, *ids

    return draw


QUESTIONS = {
    "d in the first place": draw_question(20, 5, place=0),
    "d in the last place": draw_question(12, 5, place=-1),
    "d in the second place": draw_question(20, 5, place=1),
    "d is b": draw_question(15, 4, same=(3, 1)),
    "d is c": draw_question(15, 4, same=(3, 2)),
    "a is b": draw_question(15, 4, same=(0, 1)),
    "a is c": draw_question(15, 4, same=(0, 2)),
    "four words": draw_question(5, 3),
    "rows a thousand times as long as others": draw_question(30, 6, lengths=6),
    "padding nearest of all": draw_question(15, 5, padding=9),
    "many words": draw_question(200, 10),
    "more dimensions than words": draw_question(10, 60),
    "pairs of equal cosine before d": draw_question(20, 4, lengths=0, place=-1, change=_twins),
}
for place in (20, 30, 40):  # one alone may be right by luck
    QUESTIONS |= {
        f"very short rows, d at place {place + 1}": draw_question(60, 5, lengths=4, scale=1e-5, place=place),
        f"cosines that differ in the fifth digit, d at place {place + 1}": draw_question(
            60, 5, place=place, change=lambda W: W + 20, least=2e-5
        ),
    }
