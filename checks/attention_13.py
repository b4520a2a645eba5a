# Used in 13 · tests/checks/test_answers.py
"""The check of notebook 13's second exercise: attention, with padding among the keys."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from checks import drawn_13 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _attention(Q, K, V, mask, *, scale=None, hide=None, axis=1):
    """The reference; ``scale`` and ``hide`` turn scores into others."""
    score = Q @ K.T  # (n, d) @ (d, m) -> (n, m)
    score = score / Q.shape[1] ** 0.5 if scale is None else scale(score, Q, V)
    score = score.masked_fill(~mask, -torch.inf) if hide is None else hide(score, mask)
    weights = torch.softmax(score, dim=axis)
    return weights @ V, weights


def _variant(**options):
    return lambda *args: _attention(*args, **options)


def _then(change):
    """A mistake in weights that are right so far."""

    def answer(Q, K, V, mask):
        weights = change(Q, K, V, mask)
        return weights @ V, weights

    return answer


def _score(Q, K):
    return Q @ K.T / Q.shape[1] ** 0.5


def _shared(exponential, mask):
    kept = exponential * mask
    return kept / kept.sum(dim=1, keepdim=True)


def _hard(Q, K, V, mask):
    best = _score(Q, K).masked_fill(~mask, -torch.inf).argmax(dim=1)
    return F.one_hot(best, len(K)).float()


def _no_softmax(Q, K, V, mask):
    return torch.where(mask, _score(Q, K), 0.0)


def _scores_too(Q, K, V, mask):
    return _attention(Q, K, V, mask)[0], _score(Q, K).masked_fill(~mask, -torch.inf)


def _without_padding(Q, K, V, mask):
    out, weights = _attention(Q, K, V, mask)
    return out, weights[:, mask]


def _first_query(Q, K, V, mask):
    out, weights = _attention(Q, K, V, mask)
    return out[0], weights[0]


attention = FunctionCheck(
    name="attention",
    reference=_attention,
    draw=drawn.heads,
    hostile=drawn.HEADS,
    tolerance=1e-4,  # the logarithm of a sum of exponentials of 1000 has so many digits in float32
    forbid=dict.fromkeys(("encoder", "helpers.encoder", "attention"), "That is the course's own. Write it yourself."),
    mistakes=[
        Mistake(
            "no scale",
            _variant(scale=lambda s, Q, V: s),
            "Your scores are not scaled. Long vectors have large products, and the weights then rest on one key.",
        ),
        Mistake(
            "divided by d",
            _variant(scale=lambda s, Q, V: s / Q.shape[1]),
            "You divide the scores by too much: how does the size of a dot product grow with d?",
        ),
        Mistake(
            "times the root",
            _variant(scale=lambda s, Q, V: s * Q.shape[1] ** 0.5),
            "Your scores grow with the scale. It is there to make them smaller.",
        ),
        Mistake(
            "root of the values' length",
            _variant(scale=lambda s, Q, V: s / V.shape[1] ** 0.5),
            "The size in your scale is that of the values. The scores come from queries and keys.",
        ),
        Mistake(
            "root of the number of keys",
            _variant(scale=lambda s, Q, V: s / len(V) ** 0.5),
            "The size in your scale is the number of keys. Which size does a dot product grow with?",
        ),
        Mistake(
            "root of the number of queries",
            _variant(scale=lambda s, Q, V: s / len(Q) ** 0.5),
            "The size in your scale is the number of queries. Which size does a dot product grow with?",
        ),
        Mistake(
            "over the queries",
            _variant(axis=0),
            "Your columns add up to 1. Each query shares its attention among the keys, so the rows do.",
        ),
        Mistake(
            "over the queries, padding too",
            _then(lambda Q, K, V, mask: torch.softmax(_score(Q, K), dim=0) * mask),
            "Your columns add up to 1. Each query shares its attention among the keys, so the rows do.",
        ),
        Mistake(
            "over everything",
            _then(lambda Q, K, V, mask: _attention(Q, K, V, mask)[1] / len(Q)),
            "All your weights together add up to 1. Each query has a 1 of its own to share.",
        ),
        Mistake(
            "padding too",
            _variant(hide=lambda s, mask: s),
            "Padding has weight in your answer. mask says which keys are real.",
        ),
        Mistake(
            "mask turned round",
            _variant(hide=lambda s, mask: s.masked_fill(mask, -torch.inf)),
            "You hide the real keys and keep the padding. mask is True where a key is real.",
        ),
        Mistake(
            "scores times the mask",
            _variant(hide=lambda s, mask: s * mask),
            "You give padding the score 0. That is a score like another, and exp(0) is 1.",
        ),
        Mistake(
            "not shared out again",
            _then(lambda Q, K, V, mask: torch.softmax(_score(Q, K), dim=1) * mask),
            "You take the padding's weight away after the softmax. What is left no longer adds up to 1.",
        ),
        Mistake(
            "shared out again",
            _then(lambda Q, K, V, mask: _shared(torch.softmax(_score(Q, K), dim=1), mask)),
            "You take the padding's weight away after the softmax, and share out the rest. Where padding has by far "
            "the largest score there is no rest: 0 / 0.",
        ),
        Mistake(
            "overflow",
            _then(lambda Q, K, V, mask: _shared(torch.where(mask, _score(Q, K), -torch.inf).exp(), mask)),
            "exp() of a score of 1000 is infinite, and of -1000 it is 0. A softmax does not change if all scores of a "
            "row are moved by the same number: by which one?",
        ),
        Mistake(
            "keys and values exchanged",
            lambda Q, K, V, mask: _attention(Q, V, K, mask),
            "Keys and values have changed places. Queries meet keys; values are what is averaged.",
        ),
        Mistake(
            "keys for values",
            lambda Q, K, V, mask: _attention(Q, K, K, mask),
            "You average the keys. They decide how much weight there is, the values what it is put on.",
        ),
        Mistake(
            "all alike",
            _then(lambda Q, K, V, mask: _shared(torch.ones(len(Q), len(K)), mask)),
            "All your real keys have the same weight. It should depend on how well a query and a key fit.",
        ),
        Mistake(
            "the best key alone",
            _then(_hard),
            "You give all weight to the best key. A softmax leaves some to the others, and can be trained.",
        ),
        Mistake(
            "no softmax",
            _then(_no_softmax),
            "Your weights are the scores. They can be negative, and do not add up to 1.",
        ),
        Mistake(
            "sigmoid",
            _then(lambda Q, K, V, mask: torch.sigmoid(_score(Q, K)) * mask),
            "You weigh each key by itself, by a sigmoid. The keys share one sum, which is 1.",
        ),
        Mistake(
            "scores for weights",
            _scores_too,
            "Your outputs are right. With them you return the scores; the weights are what comes of them.",
        ),
        Mistake(
            "columns left out",
            _without_padding,
            "Your outputs are right. The weights have no columns for padding; wanted are all m, with 0 there.",
        ),
        Mistake(
            "outputs alone",
            lambda *args: _attention(*args)[0],
            "You return one thing. Wanted are two: the outputs, then the weights.",
        ),
        Mistake(
            "weights alone",
            lambda *args: _attention(*args)[1],
            "You return one thing. Wanted are two: the outputs, then the weights.",
        ),
        Mistake(
            "order",
            lambda *args: _attention(*args)[::-1],
            "Both are right, in the other order: first the outputs, then the weights.",
        ),
        Mistake(
            "first query alone",
            _first_query,
            "You answer the first query. There are n of them, and each has a row.",
        ),
    ],
    right="A query's output is a mean of values, and it chooses the weights itself. Padding has none of them.",
)
