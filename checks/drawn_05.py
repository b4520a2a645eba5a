# Used in 05 · tests/checks/test_answers.py
"""Inputs of the checks of notebook 05: minibatches for a step, scores."""

from __future__ import annotations

import torch
from torch import nn

from checks.given import SteppedBefore, Twice
from helpers.model import masked_bce, skip_gram

# -- a training step: (net, optimizer, batch, skip_gram, masked_loss)


def minibatch(rng, V, real, L=None, contexts=1):
    """center, candidates, mask, label: ``real`` slots in each row, in padding that would count if it were read."""
    L = L or max(real)
    B = len(real)
    mask = (torch.arange(L) < torch.tensor(real).unsqueeze(1)).float()
    label = (torch.arange(L) < torch.tensor([[min(contexts, n)] for n in real])).float()
    return torch.tensor(rng.integers(0, V, (B, 1))), torch.tensor(rng.integers(0, V, (B, L))), mask, label


def tables(rng, V, D, size=1.0, dtype=torch.float32):
    """A net of two embedding tables with random rows; what is in their .grad is copied with them."""
    net = SteppedBefore(nn.Embedding(V, D), nn.Embedding(V, D))
    for embed in net:
        embed.weight.data = torch.tensor(rng.normal(size=(V, D)) * size, dtype=dtype)
    return net


def sgd(net, rng):
    return torch.optim.SGD(net.parameters(), lr=float(rng.choice([0.5, 1.0, 2.0])))


def momentum(net, rng):
    return torch.optim.SGD(net.parameters(), lr=float(rng.choice([0.5, 1.0])), momentum=0.9)


def adam(net, rng):
    return torch.optim.Adam(net.parameters(), lr=float(rng.choice([0.01, 0.05])))


def step_inputs(
    rng, V=6, D=3, real=None, L=None, optimizer=sgd, size=1.0, dtype=torch.float32, scores=skip_gram, loss=masked_bce
):
    """What a training step is given."""
    if real is None:
        real = [int(n) for n in rng.integers(2, 6, int(rng.integers(2, 5)))]
        real[0], real[-1] = 2, 6
    net = tables(rng, V, D, size, dtype)
    center, candidates, mask, label = minibatch(rng, V, real, L)
    return net, optimizer(net, rng), (center, candidates, mask.to(dtype), label.to(dtype)), scores, loss


def _old_gradients(rng):
    args = step_inputs(rng)
    for embed in args[0]:
        embed.weight.grad = torch.tensor(rng.normal(size=tuple(embed.weight.shape)), dtype=torch.float32)
    return args


def _repeats(rng):
    net, optimizer, (center, candidates, mask, label), *functions = step_inputs(rng, real=[3, 3, 6])
    center[:], candidates[:, 1:] = 2, 2
    return net, optimizer, (center, candidates, mask, label), *functions


def _beyond_doubt(rng):
    """One row is right by so much that its loss is 0 in float32; the others cost thousands, and move as far."""
    net, optimizer, batch, *functions = step_inputs(rng, real=[1, 1, 1], size=100.0)
    batch[0][:, 0], batch[1][:, 0] = torch.arange(3), torch.arange(3)
    net[1].weight.data[:3] = torch.tensor([[1.0], [-1.0], [-1.0]]) * net[0].weight.data[:3]
    return net, optimizer, batch, *functions


def _third_step(rng, kind):
    net, optimizer, batch, *functions = step_inputs(rng, optimizer=kind)
    for _ in range(2):
        for embed in net:
            embed.weight.grad = torch.tensor(rng.normal(size=tuple(embed.weight.shape)), dtype=torch.float32)
        optimizer.step()
    return net, optimizer, batch, *functions


STEPS = {
    "gradients of an earlier step in .grad": _old_gradients,
    "one row of one slot": lambda rng: step_inputs(rng, real=[1]),
    "one row": lambda rng: step_inputs(rng, real=[5]),
    "one slot in each row": lambda rng: step_inputs(rng, real=[1, 1, 1]),
    "one dimension": lambda rng: step_inputs(rng, D=1),
    "as many rows as slots and dimensions": lambda rng: step_inputs(rng, D=3, real=[1, 2, 3]),
    "rows of 1 and of 12 slots": lambda rng: step_inputs(rng, real=[1, 12]),
    "padding alone in the last columns": lambda rng: step_inputs(rng, real=[2, 3], L=7),
    "one word in many places": _repeats,
    "large scores": lambda rng: step_inputs(rng, size=6.0),
    "a loss of 0, others of thousands": _beyond_doubt,
    "tables of float64": lambda rng: step_inputs(rng, dtype=torch.float64),
    "Adam, in its third step": lambda rng: _third_step(rng, adam),
    "momentum, in its third step": lambda rng: _third_step(rng, momentum),
    "another loss in the place of masked_loss": lambda rng: step_inputs(rng, real=[2, 5], loss=Twice(masked_bce)),
    "other scores in the place of skip_gram": lambda rng: step_inputs(rng, real=[2, 5], scores=Twice(skip_gram)),
}

# -- scores: (pred, label, mask), all (B, L)


def loss_inputs(rng, real=None, L=None, size=3.0):
    """Scores of rows with some real slots each; what stands in the padding would count if it were read."""
    if real is None:
        real = [int(n) for n in rng.integers(2, 8, int(rng.integers(3, 5)))]
        real[0], real[1] = 8, 2
    L = L or max(real)
    real = torch.tensor(real).unsqueeze(1)
    mask = (torch.arange(L) < real).float()
    label = (torch.arange(L) < (real + 1) // 2).float()
    return torch.tensor(rng.normal(size=(len(real), L)) * size, dtype=torch.float32), label, mask


def _labels_in_the_padding(rng):
    pred, label, mask = loss_inputs(rng)
    return pred, torch.where(mask > 0, label, torch.ones_like(label)), mask


def _real_slots_anywhere(rng):
    pred, label, mask = loss_inputs(rng)
    order = torch.tensor(rng.permutation(mask.shape[1]))
    return pred, label[:, order], mask[:, order]


def _right_beyond_doubt(rng):
    pred, label, mask = loss_inputs(rng)
    return (2 * label - 1) * 40.0, label, mask  # losses that are 0 in float32


LOSSES = {
    "one row of one slot": lambda rng: loss_inputs(rng, real=[1]),
    "one row": lambda rng: loss_inputs(rng, real=[6]),
    "one slot in each row": lambda rng: loss_inputs(rng, real=[1, 1, 1]),
    "padding alone in the last columns": lambda rng: loss_inputs(rng, real=[2, 5], L=9),
    "rows of 1 and of 12 slots": lambda rng: loss_inputs(rng, real=[1, 12]),
    "labels of 1 in the padding": _labels_in_the_padding,
    "real slots in any place": _real_slots_anywhere,
    "scores of hundreds": lambda rng: loss_inputs(rng, size=600.0),
    "losses of 0": _right_beyond_doubt,
}
