# Used in 02 · tests/checks/test_answers.py
"""Inputs of the exercises of notebook 02: pairs, ids and tables, drawn anew."""

from __future__ import annotations

import torch
from torch import nn


def batch(center, candidates, V=6, D=3):
    """Draws two tables for given ids of center words and of their candidates."""

    def draw(rng):
        tables = [nn.Embedding.from_pretrained(_normal(rng, V, D), freeze=False) for _ in range(2)]
        return torch.tensor(center), torch.tensor(candidates), *tables

    return draw


def batch_inputs(rng):
    """A minibatch in which no two sizes are equal, short rows padded with 0."""
    B, D, L, V = int(rng.integers(2, 4)), 4, int(rng.integers(5, 8)), int(rng.integers(8, 11))
    candidates = rng.integers(1, V, (B, L))
    for row in candidates:
        row[rng.integers(2, L + 1) :] = 0
    return batch(rng.integers(1, V, (B, 1)).tolist(), candidates.tolist(), V, D)(rng)


def pairs(centers, contexts, V=5, D=3):
    """Draws two tables for given pairs."""

    def draw(rng):
        return torch.tensor(centers), torch.tensor(contexts), _normal(rng, V, D), _normal(rng, V, D)

    return draw


def pairs_inputs(rng):
    """Pairs among which a center occurs twice."""
    V, D, n = (int(rng.integers(*bounds)) for bounds in ((4, 7), (2, 4), (4, 7)))
    centers = rng.integers(0, V, n)
    centers[1] = centers[0]
    return pairs(centers.tolist(), rng.integers(0, V, n).tolist(), V, D)(rng)


def large_scores(size, words=(0, 1, 2, 3)):
    """Draws pairs of each of some words with each, scores up to plus and minus ``size``.

    Whole numbers, so that no rounding tells. Word 0 with itself has the largest score of its center.
    """

    def draw(rng):
        v = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [1.0, 1.0]])
        u = size * torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, -1.0], [0.0, 0.0]])
        order = torch.tensor(rng.permutation(words))
        return order.repeat(len(order)), order.repeat_interleave(len(order)), v, u

    return draw


def alike(rng):
    """Every word's context vector is the same, so the softmax is even."""
    centers, contexts, v, u = pairs([0, 2, 2], [1, 1, 3])(rng)
    return centers, contexts, v, u[:1].repeat(len(u), 1)


def _normal(rng, *shape):
    return torch.tensor(rng.normal(size=shape), dtype=torch.float32)
