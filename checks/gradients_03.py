# Used in 03 · tests/checks/test_answers.py
"""The check of notebook 03's gradients."""

from __future__ import annotations

import torch
from torch import nn

from checks.core import FunctionCheck
from checks.drawn_03 import VECTORS, gradient_inputs
from checks.verdict import Mistake


def _bce(score, label):
    return nn.functional.binary_cross_entropy_with_logits(score, label, reduction="none")


def _gradients(v, u, label, mask, *, error=None, divide="row", masked=True):
    score = torch.einsum("bd,bld->bl", v, u)
    e = torch.sigmoid(score) - label if error is None else error(score, label)
    e = e * mask if masked else e
    n = {"row": mask.sum(1, keepdim=True), "no": 1, "length": mask.shape[1], "batch": mask.sum()}
    e = e / {**n, "rows too": mask.sum(1, keepdim=True) * len(mask)}[divide]
    return torch.einsum("bl,bld->bd", e, u), e.unsqueeze(2) * v.unsqueeze(1)


def _variant(**options):
    return lambda *args: _gradients(*args, **options)


def _contexts_alone(v, u, label, mask):
    e = _weighted(v, u, label, mask) * label
    return torch.einsum("bl,bld->bd", e, u), _gradients(v, u, label, mask)[1]


def _mean_for_v(v, u, label, mask):
    grad_v, grad_u = _gradients(v, u, label, mask)
    return grad_v / mask.sum(1, keepdim=True), grad_u


def _weighted(v, u, label, mask):
    return (torch.sigmoid(torch.einsum("bd,bld->bl", v, u)) - label) * mask / mask.sum(1, keepdim=True)


def _own_vectors(v, u, label, mask):
    e = _weighted(v, u, label, mask)
    return e.sum(1, keepdim=True) * v, e.unsqueeze(2) * u


def _by_slot(v, u, label, mask):
    return _weighted(v, u, label, mask).unsqueeze(2) * u


gradients = FunctionCheck(
    name="gradients",
    reference=_gradients,
    draw=gradient_inputs,
    hostile=VECTORS,
    mistakes=[
        Mistake(
            "sign",
            lambda *args: tuple(-g for g in _gradients(*args)),
            "Both signs are turned: the error is sigmoid(s) - y, what the model says minus what is true.",
        ),
        Mistake(
            "mask forgotten",
            _variant(masked=False),
            "Padding sends gradients: multiply the error by the mask before it meets a vector.",
        ),
        Mistake(
            "the first slots",
            lambda v, u, label, mask: _gradients(v, u, label, mask.sort(1, descending=True).values),
            "You read the first slots of each row, as many as are real. They may stand anywhere: the mask says where.",
        ),
        Mistake(
            "sum for mean",
            _variant(divide="no"),
            "These are the gradients of the sum. The loss is the mean over a row's real slots: divide by their number.",
        ),
        Mistake(
            "divided by the length",
            _variant(divide="length"),
            "You divide by all L slots. The loss is the mean over the real slots of a row: divide by mask.sum(dim=1).",
        ),
        Mistake(
            "divided by all real slots",
            _variant(divide="batch"),
            "You divide by the real slots of the whole minibatch. Each row has a mean of its own, and rows are summed.",
        ),
        Mistake(
            "mean over the rows",
            _variant(divide="rows too"),
            "You average over the rows too. The loss is summed over the rows: each has its own mean, and no 1/B.",
        ),
        Mistake(
            "no sigmoid",
            _variant(error=lambda s, y: s - y),
            "Your error is s - y, the one of a squared loss. Here it is sigmoid(s) - y.",
        ),
        Mistake(
            "derivative of the sigmoid",
            _variant(error=lambda s, y: (torch.sigmoid(s) - y) * torch.sigmoid(s) * torch.sigmoid(-s)),
            "A factor sigmoid'(s) too many: in this loss the logarithm's derivative cancels it.",
        ),
        Mistake(
            "labels turned",
            lambda v, u, label, mask: _gradients(v, u, 1 - label, mask),
            "Contexts and noise words have changed places: a context has label 1, its error is sigmoid(s) - 1.",
        ),
        Mistake(
            "label forgotten",
            _variant(error=lambda s, y: torch.sigmoid(s)),
            "Every slot is a noise word to you: the error is sigmoid(s) - y, and y is 1 for a context.",
        ),
        Mistake(
            "contexts alone",
            _contexts_alone,
            "In your gradient of v the noise words are missing. They push v away from their u: the sum runs over all "
            "real slots.",
        ),
        Mistake(
            "divided twice for v",
            _mean_for_v,
            "Your gradient of v is divided by the number of real slots once too often: the error has its weight.",
        ),
        Mistake(
            "the vector itself",
            _own_vectors,
            "You multiply by the vector itself. The derivative of v · u with respect to v is u, and the reverse.",
        ),
        Mistake(
            "order",
            lambda *args: _gradients(*args)[::-1],
            "The two are in the other order: first the gradient of v, then that of u.",
        ),
        Mistake(
            "loss too",
            lambda v, u, label, mask: (
                (_bce(torch.einsum("bd,bld->bl", v, u), label) * mask).sum(1) / mask.sum(1),
                *_gradients(v, u, label, mask),
            ),
            "You return the loss as well. Wanted is the pair of the two gradients.",
        ),
        Mistake(
            "v by slot",
            lambda *args: (_by_slot(*args), _gradients(*args)[1]),
            "Your gradient of v has one part for each slot. v has a part in all its questions: sum over the slots.",
        ),
    ],
    right="(sigmoid(s) - y) times u, summed, for v; times v for each u. Autograd gives the same.",
)
