# Used in 13 · tests/checks/test_answers.py
"""The check of notebook 13's fourth exercise: one vector of a document, from those of its pieces."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from checks import drawn_13 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _sum(states, mask):
    return torch.where(mask.unsqueeze(2), states, 0.0).sum(dim=1)


def _mean(states, mask):
    return _sum(states, mask) / mask.sum(dim=1, keepdim=True)


def _unit(x, p=2, axis=-1):
    return x / x.norm(p=p, dim=axis, keepdim=True)


def _pool(states, mask):
    return _unit(_sum(states, mask))


def _counted(states, mask):
    """As many pieces as are real, from the beginning."""
    return _pool(states, torch.arange(mask.shape[1]) < mask.sum(dim=1, keepdim=True))


def _common(states, mask):
    """What is real in all documents."""
    return _unit(torch.where(mask.all(dim=0).unsqueeze(1), states, 0.0).sum(dim=1))


def _largest(states, mask):
    return torch.where(mask.unsqueeze(2), states, -torch.inf).amax(dim=1)


def _last(states, mask):
    place = mask.shape[1] - 1 - mask.flip(1).int().argmax(dim=1)
    return states[torch.arange(len(states)), place]


def _to_last(mask):
    """True up to the last real piece."""
    return mask.flip(1).cummax(dim=1).values.flip(1)


def _first_run(mask):
    """True from the first real piece to the first padding behind it."""
    begun = mask.cummax(dim=1).values
    return begun & ~(begun & ~mask).cummax(dim=1).values


pool = FunctionCheck(
    name="pool",
    reference=_pool,
    draw=drawn.batch,
    hostile=drawn.BATCHES,
    forbid=dict.fromkeys(("encoder", "helpers.encoder", "pool"), "That is the course's own. Write it yourself."),
    mistakes=[
        Mistake(
            "padding too",
            lambda states, mask: _unit(states.mean(dim=1)),
            "Padding is in your mean. A document's vector should not depend on what else is in its batch.",
        ),
        Mistake(
            "mean, not scaled",
            _mean,
            "These are the means. What is left is to scale each to length 1.",
        ),
        Mistake(
            "divided by n, not scaled",
            lambda states, mask: _sum(states, mask) / states.shape[1],
            "You divide by n, and your vectors have other lengths than 1.",
        ),
        Mistake(
            "sum, not scaled",
            _sum,
            "These are sums, of other lengths than 1. A long document has a long one.",
        ),
        Mistake(
            "padding too, not scaled",
            lambda states, mask: states.mean(dim=1),
            "Padding is in your mean, and your vectors have other lengths than 1.",
        ),
        Mistake(
            "length 1 before the mean",
            lambda states, mask: _mean(_unit(states).nan_to_num(), mask),
            "You scale the pieces, then take the mean, which is shorter than 1. The order is the other one.",
        ),
        Mistake(
            "length 1 before and after",
            lambda states, mask: _pool(_unit(states).nan_to_num(), mask),
            "You scale the pieces first, so that each counts the same. Here the mean is of the pieces as they are.",
        ),
        Mistake(
            "over the wrong axis",
            lambda states, mask: _unit(_sum(states, mask), axis=0),
            "You scale over the documents. Each document's own vector has length 1.",
        ),
        Mistake(
            "over the wrong axis, of means",
            lambda states, mask: _unit(_mean(states, mask), axis=0),
            "You scale over the documents. Each document's own vector has length 1.",
        ),
        Mistake(
            "the batch's length",
            lambda states, mask: _mean(states, mask) / _mean(states, mask).norm(),
            "You divide all documents by one number. Each is scaled by itself.",
        ),
        Mistake(
            "squared",
            lambda states, mask: _mean(states, mask) / _mean(states, mask).square().sum(dim=1, keepdim=True),
            "You divide by the square of the length. A root is missing.",
        ),
        Mistake(
            "absolute values",
            lambda states, mask: _unit(_sum(states, mask), p=1),
            "You divide by the sum of the absolute values. The length is another number.",
        ),
        Mistake(
            "mask turned round",
            lambda states, mask: F.normalize(_sum(states, ~mask), dim=1),
            "You take the padding, and leave the pieces. mask is True where a piece is real.",
        ),
        Mistake(
            "mask turned round, 0 / 0",
            lambda states, mask: _pool(states, ~mask),
            "You take the padding, and leave the pieces. mask is True where a piece is real.",
        ),
        Mistake(
            "as many from the beginning",
            _counted,
            "You count the real pieces, and take as many from the beginning. Padding can stand in front of them, and "
            "between.",
        ),
        Mistake(
            "from first to last",
            lambda states, mask: _pool(states, _to_last(mask) & mask.cummax(dim=1).values),
            "You take all from the first real piece to the last. Padding can stand between them.",
        ),
        Mistake(
            "up to the last",
            lambda states, mask: _pool(states, _to_last(mask)),
            "You cut off the padding at the end alone. It can stand in front, and between real pieces.",
        ),
        Mistake(
            "up to padding",
            lambda states, mask: _pool(states, _first_run(mask)),
            "You stop at the first padding that follows a real piece. Real pieces can stand behind it.",
        ),
        Mistake(
            "equal pieces once",
            lambda states, mask: _unit(torch.stack([s[m].unique(dim=0).sum(dim=0) for s, m in zip(states, mask)])),
            "Equal pieces are in your mean once. Each counts.",
        ),
        Mistake(
            "common places",
            _common,
            "You take the places that are real in all documents. Each document has its own row of the mask.",
        ),
        Mistake(
            "common places, 0",
            lambda states, mask: _common(states, mask).nan_to_num(),
            "You take the places that are real in all documents. Each document has its own row of the mask.",
        ),
        Mistake(
            "first place",
            lambda states, mask: _unit(states[:, 0]),
            "You take one place of each document. Some encoders are trained for that; here all pieces count.",
        ),
        Mistake(
            "first real piece",
            lambda states, mask: _unit(states[torch.arange(len(states)), mask.int().argmax(dim=1)]),
            "You take one piece of each document, its first. Here all pieces count.",
        ),
        Mistake(
            "last place",
            lambda states, mask: _unit(states[:, -1]),
            "You take one place of each document. Some encoders are trained for that; here all pieces count.",
        ),
        Mistake(
            "last real piece",
            lambda states, mask: _unit(_last(states, mask)),
            "You take one piece of each document, its last. Here all pieces count.",
        ),
        Mistake(
            "maximum",
            lambda states, mask: _unit(_largest(states, mask)),
            "You take the largest number in each dimension. Wanted is the mean.",
        ),
        Mistake(
            "maximum, padding too",
            lambda states, mask: _unit(states.amax(dim=1)),
            "You take the largest number in each dimension, and padding's as well. Wanted is a mean.",
        ),
        Mistake(
            "one for the batch",
            lambda states, mask: _unit(states[mask].mean(dim=0)),
            "You return one vector. Each document has its own.",
        ),
        Mistake(
            "each piece",
            lambda states, mask: _unit(states),
            "You scale each piece. Wanted is one vector a document.",
        ),
    ],
    right="A document's vector is the same alone and in a batch; and a dot product of two of them is a cosine.",
)
