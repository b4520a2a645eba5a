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


def zero_word(rng):
    """A word in the rows whose vector is zero."""
    ids, weight = means_of([[2, 1, 0], [1, 1, 0]])(rng)
    weight[1] = 0
    return ids, weight


def gradient_of(ids, V, D=3):
    """Draws gradients for given ids."""

    def draw(rng):
        grad = torch.tensor(rng.normal(size=(len(ids), D)), dtype=torch.float32)
        return torch.tensor(ids, dtype=torch.int64), grad, V

    return draw


def gradient_inputs(rng):
    """Ids with 0 among them and a word three times."""
    V, n, D = (int(rng.integers(*bounds)) for bounds in ((5, 9), (5, 9), (2, 5)))
    ids = rng.integers(1, V, size=n)
    ids[0], ids[2], ids[3] = 0, ids[1], ids[1]  # the padding id, and one word three times
    return gradient_of(ids.tolist(), V + 1, D)(rng)
