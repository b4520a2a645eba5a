# Used in 09 · tests/checks/test_checks.py
"""Checks of notebook 09: the optimum of a pair, PMI, the exponent's shift, the factorisation."""

from __future__ import annotations

import math

import numpy as np

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- the best score of a pair: 30 times a context, 120 times a noise word

best_score = NumberCheck(
    name="best_score",
    value=math.log(30 / 120),
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
    ],
    right="log(30 / 120): the pair is met, yet invented four times as often, so its score is negative.",
)

# -- PMI from counts


def _count_inputs(rng):
    V = int(rng.integers(3, 6))
    return (rng.integers(1, 40, size=(V, V)).astype(float),)


def _pmi(N):
    return np.log(N * N.sum() / np.outer(N.sum(1), N.sum(0)))


pmi = FunctionCheck(
    name="pmi",
    reference=_pmi,
    draw=_count_inputs,
    mistakes=[
        Mistake(
            "axes exchanged",
            lambda N: np.log(N * N.sum() / np.outer(N.sum(0), N.sum(1))),
            "The margins are exchanged: row w has the center's total, N.sum(axis=1), column c the context's.",
        ),
        Mistake(
            "conditional",
            lambda N: np.log(N / N.sum(1, keepdims=True)),
            "That is log p(c | w). Divide by p(c) as well: a frequent context is near everything.",
        ),
        Mistake("joint", lambda N: np.log(N / N.sum()), "That is log p(w, c). Divide by p(w) p(c)."),
        Mistake(
            "total forgotten",
            lambda N: np.log(N / np.outer(N.sum(1), N.sum(0))),
            "Counts are not probabilities: each of the three is divided by the total T, and one T is left above the "
            "line.",
        ),
        Mistake("base 2", lambda N: _pmi(N) / np.log(2), "That is in bits. With the sigmoid's e, PMI is in nats: log."),
        Mistake(
            "positive part",
            lambda N: np.maximum(_pmi(N), 0),
            "You cut off the negative values: that is positive PMI. Words that avoid each other have a negative one.",
        ),
        Mistake("no logarithm", lambda N: np.exp(_pmi(N)), "That is the ratio. PMI is its logarithm."),
        Mistake("sign", lambda N: -_pmi(N), "The sign is turned: the joint probability stands above the line."),
    ],
    right="log of how many times more often the two meet than chance would bring them together.",
)

# -- the best scores with an exponent


def _optimum_inputs(rng):
    V = int(rng.integers(3, 6))
    return rng.integers(1, 40, size=(V, V)).astype(float), int(rng.integers(2, 8)), float(rng.uniform(0.3, 0.9))


def _optimum(N, K, power):
    q = N.sum(0) ** power
    return np.log(N / (K * np.outer(N.sum(1), q / q.sum())))


best_scores = FunctionCheck(
    name="best_scores",
    reference=_optimum,
    draw=_optimum_inputs,
    mistakes=[
        Mistake(
            "no exponent",
            lambda N, K, power: _pmi(N) - np.log(K),
            "That is PMI - log K, the case of exponent 1. The noise is drawn by the contexts' counts to the power.",
        ),
        Mistake(
            "no K",
            lambda N, K, power: _optimum(N, 1, power),
            "K is missing: each context brings K noise words, so M is K times as large.",
        ),
        Mistake(
            "K added",
            lambda N, K, power: _optimum(N, 1, power) + np.log(K),
            "The sign of log K is turned: more noise words make a yes rarer, and scores lower.",
        ),
        Mistake(
            "not normalised",
            lambda N, K, power: np.log(N / (K * np.outer(N.sum(1), N.sum(0) ** power))),
            "The counts to the power are no distribution yet: divide them by their sum.",
        ),
        Mistake(
            "power of the share",
            lambda N, K, power: np.log(N / (K * np.outer(N.sum(1), (N.sum(0) / N.sum()) ** power))),
            "Shares to the power do not sum to 1: normalise after the power, not before.",
        ),
        Mistake(
            "centers for contexts",
            lambda N, K, power: np.log(N / (K * np.outer(N.sum(1), N.sum(1) ** power / (N.sum(1) ** power).sum()))),
            "Your noise follows the centers' counts, axis 1. Noise words take the place of contexts: axis 0.",
        ),
        Mistake(
            "power of everything",
            lambda N, K, power: power * _pmi(N) - np.log(K),
            "The power bends the noise distribution alone, and not the whole PMI.",
        ),
    ],
    right="log N / M, with M = K times the center's contexts times q(c).",
)

# -- the best product of a rank


def _matrix_inputs(rng):
    n, m = int(rng.integers(5, 8)), int(rng.integers(4, 7))
    return rng.normal(size=(n, m)), 2


def _low_rank(A, D, *, first=0, scale=lambda s: s):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    part = slice(first, first + D)
    return (U[:, part] * scale(S[part])) @ Vt[part]


def _smallest(A, D):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, -D:] * S[-D:]) @ Vt[-D:]


def _left_alone(A, D):
    U, S, _ = np.linalg.svd(A, full_matrices=False)
    return U[:, :D] * np.sqrt(S[:D])


def _with_v(A, D):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :D] * S[:D]) @ Vt.T[:D]


low_rank = FunctionCheck(
    name="low_rank",
    reference=_low_rank,
    draw=_matrix_inputs,
    mistakes=[
        Mistake(
            "smallest kept", _smallest, "You keep the smallest singular values: the approximation is the worst one."
        ),
        Mistake(
            "singular values forgotten",
            lambda A, D: _low_rank(A, D, scale=np.ones_like),
            "U and V alone have length 1 in every direction: the singular values carry the sizes.",
        ),
        Mistake(
            "singular values squared",
            lambda A, D: _low_rank(A, D, scale=np.square),
            "S is in your product twice. Give each side its square root, or one side the whole.",
        ),
        Mistake(
            "root once",
            lambda A, D: _low_rank(A, D, scale=np.sqrt),
            "The square root of S belongs to both sides: the product has only one of the two.",
        ),
        Mistake("one too few", lambda A, D: _low_rank(A, D - 1), "Your product has rank D - 1."),
        Mistake(
            "the first left out",
            lambda A, D: _low_rank(A, D, first=1),
            "You leave the largest singular value out. Nothing has been centered here: it carries most.",
        ),
        Mistake(
            "vectors alone",
            _left_alone,
            "These are the center vectors. Wanted is the product with the context vectors, of A's shape.",
        ),
        Mistake(
            "V not transposed",
            _with_v,
            "NumPy returns V transposed already: the first D rows of it, not of its transpose.",
        ),
    ],
    right="The D largest singular values with their directions: no product of that rank comes closer to A.",
    tolerance=1e-6,
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
            False,
            "A larger K lowers all best scores by log K and leaves their differences: the neighbours it would give on "
            "exact counts are the same. What it changes is the sampling noise, and with it the training.",
        ),
        "c": (
            True,
            "The curvature at the optimum is N M / (N + M), so pairs that are rare on either side hold their score "
            "weakly, and a small dimension spends its errors there.",
        ),
        "d": (
            False,
            "The truncated SVD weighs every cell alike, and the zeros of the sparse matrix count as data; "
            "skip-gram's loss "
            "weighs a pair by how often it comes. The matrix is the same, the fit is not.",
        ),
        "e": (
            True,
            "Where traits act on their own, log-probabilities add, so king - queen and man - woman are one offset in "
            "the "
            "scores; vectors that give these scores show it in the directions that contexts see.",
        ),
    },
)
