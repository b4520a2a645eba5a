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


def _hidden(Q, K, mask):
    return _score(Q, K).masked_fill(~mask, -torch.inf)


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


_OVERFLOW = (
    "exp() of a score of 1000 is infinite, and of -1000 it is 0. A softmax does not change if all scores of a row are "
    "moved by the same number: by which one?"
)
_TAKEN_OFF = "You take a number off padding's scores. Padding can have a score that is larger by more than that."

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
            "Padding is hidden too late: where it has by far the largest score, 0 / 0 is left, or infinity times 0. "
            "Hide it before anything is made of the scores.",
        ),
        Mistake(
            "shared out again, 0",
            _then(lambda Q, K, V, mask: _shared(torch.softmax(_score(Q, K), dim=1), mask).nan_to_num()),
            "You take the padding's weight away after the softmax. Where padding has by far the largest score nothing "
            "is left for the real keys, and your row is zeros.",
        ),
        Mistake(
            "a small score",
            _variant(hide=lambda s, mask: s.masked_fill(~mask, -100.0)),
            "You give padding a small score. Real keys can have a smaller one.",
        ),
        Mistake(
            "1000 taken off",
            _variant(hide=lambda s, mask: s - 1000.0 * ~mask),
            _TAKEN_OFF,
        ),
        Mistake(
            "10,000 taken off",
            _variant(hide=lambda s, mask: s - 10_000.0 * ~mask),
            _TAKEN_OFF,
        ),
        Mistake(
            "padding at the end",
            lambda Q, K, V, mask: _attention(Q, K, V, torch.arange(len(mask)) < mask.sum()),
            "You count the real keys, and take as many from the beginning. Padding can stand anywhere.",
        ),
        Mistake(
            "keys and values of zeros",
            lambda Q, K, V, mask: _attention(Q, K * mask[:, None], V * mask[:, None], mask | True),
            "You set padding's vectors to 0. Its score is 0 then, which is a score like another: exp(0) is 1.",
        ),
        Mistake(
            "the table's largest",
            _then(lambda Q, K, V, mask: _shared((_hidden(Q, K, mask) - _hidden(Q, K, mask).max()).exp(), mask)),
            "You move all scores of the table by one number. A row far below it becomes 0 / 0: each has its own "
            "largest.",
        ),
        Mistake(
            "overflow",
            _then(lambda Q, K, V, mask: _shared(torch.where(mask, _score(Q, K), -torch.inf).exp(), mask)),
            _OVERFLOW,
        ),
        Mistake(
            "overflow, of padding too",
            _then(lambda Q, K, V, mask: _shared(_score(Q, K).exp(), mask)),
            _OVERFLOW,
        ),
        Mistake(
            "clamped",
            _variant(scale=lambda s, Q, V: (s / Q.shape[1] ** 0.5).clamp(-50, 50)),
            "You clamp the scores. Keys that lie beyond the bound then weigh the same, whichever fits better.",
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
            "weights with padding",
            lambda Q, K, V, mask: (_attention(Q, K, V, mask)[0], torch.softmax(_score(Q, K), dim=1)),
            "Your outputs are right. The weights that you return with them are others: padding has some.",
        ),
        Mistake(
            "weights that leave some out",
            lambda Q, K, V, mask: (_attention(Q, K, V, mask)[0], torch.softmax(_score(Q, K), dim=1) * mask),
            "Your outputs are right. The weights that you return with them are others, and do not add up to 1.",
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
