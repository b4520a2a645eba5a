# Used in 03 · tests/checks/test_checks.py
"""Checks of notebook 03: what a blind model pays, the mask, the weights, the gradients."""

from __future__ import annotations

import math

import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck
from checks.verdict import Mistake
from helpers.model import masked_bce

# -- a model that knows only how rare a yes is, with K = 3


def _entropy(p, log=math.log):
    return -p * log(p) - (1 - p) * log(1 - p)


blind_loss = NumberCheck(
    name="blind_loss",
    value=_entropy(1 / 4),
    mistakes=[
        Mistake(
            "knows nothing",
            math.log(2),
            "That is the loss of score 0 on every slot. This model knows how rare a yes is, and says so.",
        ),
        Mistake("one in three", _entropy(1 / 3), "One slot in 1 + K is a context, not one in K."),
        Mistake("in bits", _entropy(1 / 4, math.log2), "That is in bits. The loss is in natural logarithms."),
        Mistake(
            "contexts alone",
            math.log(4),
            "That is what a context costs. Three of four slots are noise words, and cost -log(3/4) each.",
        ),
        Mistake("noise alone", -math.log(3 / 4), "That is what a noise word costs. One slot in four costs -log(1/4)."),
        Mistake("sum of a group", 4 * _entropy(1 / 4), "That is the sum over four slots. The loss is their mean."),
        Mistake("five noise words", _entropy(1 / 6), "That is for K = 5, as in the notebook. Here K is 3."),
    ],
    right="-(1/4) log(1/4) - (3/4) log(3/4): any model that learned something about words has to go below it.",
)

# -- a masked loss


def _loss_inputs(rng):
    B, L = int(rng.integers(3, 5)), int(rng.integers(6, 9))
    pred = torch.tensor(rng.normal(size=(B, L)) * 3, dtype=torch.float32)
    real = torch.tensor(rng.integers(2, L - 1, B))
    real[0] = L
    mask = (torch.arange(L) < real.unsqueeze(1)).float()
    label = (torch.arange(L) < (real // 2).unsqueeze(1)).float()
    return pred, label, mask


def _bce(pred, label):
    return nn.functional.binary_cross_entropy_with_logits(pred, label, reduction="none")


masked_loss = FunctionCheck(
    name="masked_loss",
    reference=masked_bce,
    draw=_loss_inputs,
    mistakes=[
        Mistake(
            "mask forgotten",
            lambda pred, label, mask: _bce(pred, label).mean(1),
            "Padding is in your loss. Its score is as good as any other: multiply by the mask before you sum.",
        ),
        Mistake(
            "divided by the length",
            lambda pred, label, mask: (_bce(pred, label) * mask).mean(1),
            "Padding costs nothing, but you divide by all L slots, so short rows weigh less. Divide by the real ones, "
            "mask.sum(dim=1).",
        ),
        Mistake(
            "scores masked",
            lambda pred, label, mask: _bce(pred * mask, label).mean(1),
            "You mask the scores. A score of 0 still costs log 2: mask the losses.",
        ),
        Mistake(
            "scores masked, divided right",
            lambda pred, label, mask: _bce(pred * mask, label).sum(1) / mask.sum(1),
            "You mask the scores. A score of 0 still costs log 2: mask the losses.",
        ),
        Mistake(
            "one number",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum() / mask.sum(),
            "That is the mean over all real slots of the batch. Wanted is one loss for each row, of shape (B,).",
        ),
        Mistake(
            "wrong axis",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(0) / mask.sum(0),
            "You average over the rows, dim=0. A loss belongs to a center word, so the mean runs along the row, dim=1.",
        ),
        Mistake(
            "sum",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1),
            "That is the sum over the real slots. Divide by their number.",
        ),
        Mistake("sign", lambda *args: -masked_bce(*args), "The sign is turned: log-likelihoods in place of losses."),
        Mistake(
            "labels turned",
            lambda pred, label, mask: masked_bce(pred, 1 - label, mask),
            "Contexts and noise words have changed places: label 1 is a context, and costs -log sigmoid(x).",
        ),
        Mistake(
            "sigmoid twice",
            lambda pred, label, mask: masked_bce(torch.sigmoid(pred), label, mask),
            "You give probabilities to a loss that takes logits, so the sigmoid is applied twice.",
        ),
        Mistake(
            "kept as a column",
            lambda *args: masked_bce(*args).unsqueeze(1),
            "You return (B, 1) and not (B,). Multiplied later by something of shape (B,), it broadcasts to (B, B), "
            "without an error.",
        ),
    ],
    right="The sum of the real slots' losses over their number: padding changes neither the loss nor a gradient.",
)

# -- weights: a row with 3 real slots, a row with 12

pair_weight = NumberCheck(
    name="pair_weight",
    value=12 / 15,
    mistakes=[
        Mistake("by row", 0.5, "That is the share by row, where each center word weighs the same whatever its window."),
        Mistake("short row", 3 / 15, "That is the share of the short row."),
        Mistake("ratio", 4, "That is how many times the short row's weight it has. The share is of the whole batch."),
        Mistake("row over row", 3 / 12, "That is the short row's slots over the long row's."),
    ],
    right="12 of the 15 real slots. By row it would be one half: the two objectives disagree about what matters.",
)

# -- gradients


def _gradient_inputs(rng):
    B, L, D = int(rng.integers(2, 4)), int(rng.integers(5, 8)), int(rng.integers(2, 5))
    D += D == L
    real = torch.tensor(rng.integers(3, L, B))
    real[0] = L
    mask = (torch.arange(L) < real.unsqueeze(1)).float()
    label = (torch.arange(L) < (real // 2).unsqueeze(1)).float()
    v, u = (torch.tensor(rng.normal(size=s), dtype=torch.float32) for s in ((B, D), (B, L, D)))
    return v, u, label, mask


def _gradients(v, u, label, mask, *, error=None, mean=True, masked=True):
    score = torch.einsum("bd,bld->bl", v, u)
    e = torch.sigmoid(score) - label if error is None else error(score, label)
    e = e * mask if masked else e
    e = e / mask.sum(1, keepdim=True) if mean else e
    return torch.einsum("bl,bld->bd", e, u), e.unsqueeze(2) * v.unsqueeze(1)


def _contexts_alone(v, u, label, mask):
    return _gradients(v, u, label, mask * label)[0] * (mask * label).sum(1, keepdim=True) / mask.sum(
        1, keepdim=True
    ), _gradients(v, u, label, mask)[1]


def _swapped(v, u, label, mask):
    grad_v, grad_u = _gradients(v, u, label, mask)
    return grad_u, grad_v


gradients = FunctionCheck(
    name="gradients",
    reference=_gradients,
    draw=_gradient_inputs,
    mistakes=[
        Mistake(
            "sign",
            lambda *args: tuple(-g for g in _gradients(*args)),
            "Both signs are turned: the error is sigmoid(x) - y, what the model says minus what is true.",
        ),
        Mistake(
            "mask forgotten",
            lambda *args: _gradients(*args, masked=False),
            "Padding sends gradients: multiply the error by the mask before it meets a vector.",
        ),
        Mistake(
            "sum for mean",
            lambda *args: _gradients(*args, mean=False),
            "These are the gradients of the sum. The loss is the mean over a row's real slots: divide by their number.",
        ),
        Mistake(
            "no sigmoid",
            lambda *args: _gradients(*args, error=lambda x, y: x - y),
            "Your error is x - y, the one of a squared loss. Here it is sigmoid(x) - y.",
        ),
        Mistake(
            "derivative of the sigmoid",
            lambda *args: _gradients(
                *args, error=lambda x, y: (torch.sigmoid(x) - y) * torch.sigmoid(x) * torch.sigmoid(-x)
            ),
            "A factor sigmoid'(x) too many: in this loss the logarithm's derivative cancels it.",
        ),
        Mistake(
            "labels turned",
            lambda v, u, label, mask: _gradients(v, u, 1 - label, mask),
            "Contexts and noise words have changed places: a context has label 1, its error is sigmoid(x) - 1.",
        ),
        Mistake(
            "contexts alone",
            _contexts_alone,
            "In your gradient of v the noise words are missing. They push v away from their u: the sum runs over all "
            "real slots.",
        ),
        Mistake("order", _swapped, "The two are in the other order: first the gradient of v, then that of u."),
    ],
    right="(sigmoid(x) - y) times u, summed, for v; times v for each u. Autograd gives the same.",
)

# -- a noise word drawn twice: v = (1, 3), u = (0.5, 0.25), label 0 in two slots of one row; sum over the slots

_P = 1 / (1 + math.exp(-1.25))
noise_twice = NumberCheck(
    name="noise_twice",
    value=2 * _P * 3,
    mistakes=[
        Mistake(
            "once",
            _P * 3,
            "That is one slot's gradient. The word stands in two slots, both use the same row, and gradients add up.",
        ),
        Mistake("first component", 2 * _P * 1, "That is the first component. The second multiplies v's 3."),
        Mistake("times u", 2 * _P * 0.25, "The gradient of u is the error times v, not times u."),
        Mistake("as a context", 2 * (_P - 1) * 3, "You took the label 1. A noise word has label 0."),
        Mistake("no sigmoid", 2 * 1.25 * 3, "You took the score itself for the error. The error is sigmoid(x) - y."),
        Mistake(
            "mean", _P * 3 / 2, "You counted the word once and averaged over the slots. The loss here is their sum."
        ),
    ],
    right="Two times sigmoid(1.25) times 3: each slot sends its own gradient to the one row.",
)
