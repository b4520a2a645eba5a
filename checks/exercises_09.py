# Used in 09 · tests/checks/test_answers.py
"""Checks of notebook 09: the best score of a pair, positive PMI, the noise that the book's rule leaves."""

from __future__ import annotations

import math

import numpy as np

from checks import drawn_09 as drawn
from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- the best score of a pair: 30 times a context; 600 * 10 / 50 = 120 times a noise word

best_score = NumberCheck(
    name="best_score",
    value=math.log(30 / 120),
    tolerance=3.5e-3,  # -1.39 is rounded, -1.38 is not
    mistakes=[
        Mistake("upside down", math.log(4), "The sign is turned: contexts over noise words, N / M."),
        Mistake("no logarithm", 30 / 120, "That is N / M. The score is its logarithm."),
        Mistake("probability", 30 / 150, "That is the sigmoid of the best score, N / (N + M). Solve it for the score."),
        Mistake(
            "log of the probability",
            math.log(30 / 150),
            "That is log N / (N + M). Solve sigmoid(s) = N / (N + M) for s.",
        ),
        Mistake("base 2", math.log2(30 / 120), "That is the logarithm to base 2. The sigmoid has e in it."),
        Mistake("base 10", math.log10(30 / 120), "That is the logarithm to base 10. The sigmoid has e in it."),
        Mistake(
            "no K",
            math.log(30 / 12),
            "That is PMI, or K = 1: each of the 600 contexts brings ten noise words, not one.",
        ),
        Mistake(
            "K added",
            math.log(30 / 12) + math.log(10),
            "The sign of log K is turned: more noise words make a yes rarer, and the score lower.",
        ),
        Mistake(
            "noise of the pair's contexts",
            math.log(30 / 6),
            "Noise words are drawn for all 600 contexts of the center, not for the 30 alone.",
        ),
        Mistake(
            "all noise words",
            math.log(30 / 6000),
            "600 times 10 are all noise words of the center. Of them, one in 50 is the word in question.",
        ),
        Mistake("share in the text", math.log(30 / 600), "That is log p(c | w). Compare it with the noise, M."),
        Mistake(
            "K for M", math.log(30 / 10), "M counts the noise words of this pair in the whole run: K N_w q, not K."
        ),
    ],
    right="M = 600 * 10 / 50 = 120, and log(30 / 120): the pair is invented four times as often as it is met.",
)

# -- positive PMI from counts


def _ratio(N):
    """How many times more often than by chance; 0 where a pair never meets."""
    by_chance = np.outer(N.sum(1), N.sum(0)) / N.sum()
    return np.divide(N, by_chance, out=np.zeros_like(by_chance), where=N > 0)


def _positive_pmi(N):
    return np.log(np.maximum(_ratio(N), 1))


def _raw(p, rows, columns):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(p / (rows * columns))


def _pmi(N):
    p = N / N.sum()
    return _raw(p, p.sum(1, keepdims=True), p.sum(0))


def _never_as_zero(N):
    found = _pmi(N)
    return np.where(np.isfinite(found), found, 0)


positive_pmi = FunctionCheck(
    name="positive_pmi",
    reference=_positive_pmi,
    draw=lambda rng: (drawn.counts(rng),),
    hostile=drawn.COUNTS,
    forbid=dict.fromkeys(
        ("counts", "helpers.counts", "shifted_positive_pmi"), "That is the course's own. Take the steps yourself."
    ),
    mistakes=[
        Mistake(
            "axes exchanged",
            lambda N: np.nan_to_num(np.maximum(_raw(N / N.sum(), *_margins(N.T)), 0), nan=0, posinf=0),
            "The margins are exchanged: row w has the center's total, N.sum(axis=1), column c the context's.",
        ),
        Mistake(
            "negative values kept",
            _never_as_zero,
            "Words that avoid each other have a negative PMI. In positive PMI every negative value is 0.",
        ),
        Mistake("minus infinity kept", _pmi, "A pair that never meets has the logarithm of 0. Wanted is 0 there."),
        Mistake(
            "not a number kept",
            lambda N: np.maximum(_pmi(N), 0),
            "A word that never occurs has a total of 0, and 0 / 0 is not a number; maximum() lets that pass. Wanted is "
            "0: take the logarithm only where the pair meets.",
        ),
        Mistake(
            "total forgotten",
            lambda N: np.log(np.maximum(_ratio(N) / N.sum(), 1)),
            "Counts are not probabilities: each of the three is divided by the total, and one total is left above the "
            "line.",
        ),
        Mistake(
            "base 2",
            lambda N: np.log2(np.maximum(_ratio(N), 1)),
            "That is in bits. Wanted are natural logarithms: with the sigmoid's e, PMI is in nats.",
        ),
        Mistake(
            "one added",
            lambda N: _positive_pmi(N + 1),
            "You add 1 to every count. A pair that never met has then met, and counts far below 1 drown.",
        ),
        Mistake(
            "a little added",
            lambda N: _positive_pmi(N + 1e-5),
            "You add a little to every count, to avoid log(0). Where counts are expectations it is not little, and "
            "words that never occur get a PMI. Take the logarithm only where the pair meets.",
        ),
        Mistake(
            "ratio cut off",
            lambda N: np.maximum(_ratio(N), 0),
            "That is how many times more often than chance. PMI is its logarithm, cut off at 0.",
        ),
        Mistake(
            "logarithm of 1 +",
            lambda N: np.log1p(_ratio(N)),
            "log(1 + x) is positive for every pair that meets. PMI is log(x), 0 where the pair meets as by chance.",
        ),
        Mistake(
            "sign",
            lambda N: np.log(np.maximum(1 / np.maximum(_ratio(N), 1e-300), 1)) * (N > 0),
            "The sign is turned: the joint probability stands above the line.",
        ),
        Mistake(
            "absolute", lambda N: np.abs(_never_as_zero(N)), "You took the absolute value. Negative PMI becomes 0."
        ),
        Mistake(
            "shifted",
            lambda N: np.maximum(_never_as_zero(N) - np.log(5) * (N > 0), 0),
            "You subtract log 5, the K of the notebook. Wanted is PMI itself.",
        ),
    ],
    right="how many times more often than by chance, its logarithm, and 0 wherever that says nothing or less.",
)


def _margins(N):
    p = N / N.sum()
    return p.sum(1, keepdims=True), p.sum(0)


# -- the noise words that the book's rule leaves


def _left(contexts, q):
    left = np.array(q, dtype=float)
    left[list(set(contexts))] = 0
    return left


def _noise_by_rule(contexts, q, K):
    left = _left(contexts, q)
    return K * len(contexts) * left / left.sum()


def _own_word_alone(contexts, q, K):
    each = [K * left / left.sum() for left in (_left([c], q) for c in contexts)]
    return sum(each, np.zeros(len(q)))


def _again_once(contexts, q, K):
    left = _left(contexts, q)
    return K * len(contexts) * left * (2 - left.sum())


def _evenly(contexts, q, K):
    left = _left(contexts, q)
    return K * len(contexts) * np.where(left > 0, left + (1 - left.sum()) / (left > 0).sum(), 0)


noise_by_rule = FunctionCheck(
    name="noise_by_rule",
    reference=_noise_by_rule,
    draw=drawn.window,
    hostile=drawn.WINDOWS,
    mistakes=[
        Mistake(
            "rule left out",
            lambda contexts, q, K: K * len(contexts) * q,
            "These are the noise words without the rule. A word that is a context here is never noise here.",
        ),
        Mistake(
            "not drawn again",
            lambda contexts, q, K: K * len(contexts) * _left(contexts, q),
            "The draws that hit a context are dropped here. They are drawn again until they hit none, so K words are "
            "left for each context: the rest of q has to sum to 1.",
        ),
        Mistake(
            "drawn again once",
            _again_once,
            "Here a draw that hits a context is repeated once. The second draw can hit one too: until it does not.",
        ),
        Mistake(
            "K for the center",
            lambda contexts, q, K: K * _left(contexts, q) / _left(contexts, q).sum(),
            "These are K noise words for the center. There are K for each of its contexts.",
        ),
        Mistake(
            "different contexts",
            lambda contexts, q, K: K * len(set(contexts)) * _left(contexts, q) / _left(contexts, q).sum(),
            "A context that stands twice in the window gets K noise words twice: count places, not different words.",
        ),
        Mistake(
            "refused twice",
            lambda contexts, q, K: K * len(contexts) * _left(contexts, q) / (1 - q[np.array(contexts, int)].sum()),
            "A word that stands twice among the contexts is taken off q twice. Its draws are refused once.",
        ),
        Mistake(
            "a distribution",
            lambda contexts, q, K: _left(contexts, q) / _left(contexts, q).sum(),
            "That is the distribution of one draw. Wanted is how many words are expected, K for each context.",
        ),
        Mistake(
            "own context alone",
            _own_word_alone,
            "Here each context refuses itself alone, as word2vec.c does. By the rule of the book a noise word is none "
            "of the window's contexts.",
        ),
        Mistake(
            "contexts alone",
            lambda contexts, q, K: K * len(contexts) * (q - _left(contexts, q)),
            "These are the draws that are refused. Wanted are those that stay.",
        ),
        Mistake(
            "shared out evenly",
            lambda contexts, q, K: (
                K
                * len(contexts)
                * np.where(
                    _left(contexts, q) > 0, q + (1 - _left(contexts, q).sum()) / (_left(contexts, q) > 0).sum(), 0
                )
            ),
            "A draw that is repeated follows q again, so that a frequent word gets more of the repeated ones too.",
        ),
    ],
    right="q without the contexts, summing to 1 again, times K for each context.",
)

# -- what the approximations do

approximations = StatementsCheck(
    name="approximations",
    statements={
        "a": (
            True,
            "The exponent adds log p(c) - log q(c) to a score, which depends on the context word alone.",
        ),
        "b": (
            True,
            "A larger K lowers all entries of a row by the same number. That adds one common vector to all rows, and "
            "cosines, measured from the origin, change: .36, .75, .96 for king and man.",
        ),
        "c": (
            True,
            "The curvature at the optimum is N M / (N + M), so pairs that are rare on either side hold their score "
            "weakly, and a small dimension spends its errors there.",
        ),
        "d": (
            False,
            "The truncated SVD weighs every cell alike, and the zeros of the sparse matrix count as data; skip-gram's "
            "loss weighs a pair by how often it comes. The matrix is the same, the fit is not.",
        ),
        "e": (
            False,
            "A correlation forgives any constant: PMI without - log K has the same one, and is off by log K "
            "everywhere. The largest error shows it.",
        ),
        "f": (
            True,
            "At the optimum K q(c) exp(u.v) is p(c | w), and sums to 1 over the contexts without being made to.",
        ),
    },
)
