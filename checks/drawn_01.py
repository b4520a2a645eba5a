# Used from 01 · tests/checks/test_answers.py
"""Inputs of the exercises of notebook 01: ids, tables and gradients, drawn anew."""

from __future__ import annotations

import torch


def means_of(rows, V=5, D=3):
    """Draws a table for given rows of ids; row 0 of it is far from zero."""

    def draw(rng):
        weight = torch.tensor(rng.normal(size=(V, D)), dtype=torch.float32)
        weight[0] = weight[0].sign() * (2 + weight[0].abs())
        return torch.tensor(rows), weight

    return draw


def means_inputs(rng):
    """Rows of ids, filled up with 0, and a table."""
    B, L, V, D = (int(rng.integers(*bounds)) for bounds in ((2, 5), (2, 6), (4, 9), (2, 5)))
    ids = rng.integers(1, V, size=(B, L))
    for row in ids:
        row[rng.integers(1, L + 1) :] = 0
    return means_of(ids.tolist(), V, D)(rng)


def _changed(change):
    """Draws rows in which word 1 occurs, and changes the table."""

    def draw(rng):
        ids, weight = means_of([[2, 1, 0], [1, 1, 0]])(rng)
        change(weight)
        return ids, weight

    return draw


ODD_TABLES = {
    "a word whose vector is zero": _changed(lambda weight: weight[1].zero_()),
    "a word whose vector is row 0's": _changed(lambda weight: weight[1].copy_(weight[0])),
    "large numbers in row 0": _changed(lambda weight: weight[0].mul_(1e9)),
}


def gradient_of(ids, V, D=3):
    """Draws gradients for given ids."""

    def draw(rng):
        grad = torch.tensor(rng.normal(size=(len(ids), D)), dtype=torch.float32)
        return torch.tensor(ids, dtype=torch.int64), grad, V

    return draw


def equal_gradients(rng):
    """A word that gets one and the same gradient three times."""
    ids, grad, V = gradient_of([2, 1, 2, 2], 4)(rng)
    return ids, grad[:1].repeat(len(ids), 1), V


def gradient_inputs(rng):
    """Ids with 0 among them and a word three times."""
    V, n, D = (int(rng.integers(*bounds)) for bounds in ((5, 9), (5, 9), (2, 5)))
    ids = rng.integers(1, V, size=n)
    ids[0], ids[2], ids[3] = 0, ids[1], ids[1]  # the padding id, and one word three times
    return gradient_of(ids.tolist(), V + 1, D)(rng)
