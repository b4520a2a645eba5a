# Used in 08 · tests/checks/test_answers.py
"""The check of 08's agreement of two corpora."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck
from checks.verdict import Mistake

# -- what two corpora agree on


def _neighbour_inputs(rng):
    k = int(rng.integers(3, 7))

    def rows(n, low):
        return np.array([rng.permutation(np.arange(low, low + k + 3))[:k] for _ in range(n)])

    return rows(int(rng.integers(2, 5)), 1), rows(int(rng.integers(5, 7)), int(rng.integers(2, 4)))


def _rows(one, other):
    return lambda rng: (np.array(one), np.array(other))


def _shared(one, other, within=False):
    """Mean number of ids that rows share: of all pairs, or of different rows of one table."""
    found = np.array([[len(set(a.tolist()) & set(b.tolist())) for b in other] for a in one], dtype=float)
    return found[~np.eye(len(one), dtype=bool)].mean() if within else found.mean()


def _agreement(one, other, middle=lambda a, b: np.sqrt(a * b), own=lambda x: _shared(x, x, True), cross=_shared):
    stabilities = own(one), own(other)
    return cross(one, other) / middle(*stabilities) if min(stabilities) > 0 else np.nan


def _by_place(one, other):
    return np.mean([[(a == b).sum() for b in other] for a in one])


def _positive(value, otherwise=0.0):
    return otherwise if np.isnan(value) else value


corpus_agreement = FunctionCheck(
    name="corpus_agreement",
    reference=_agreement,
    draw=_neighbour_inputs,
    hostile={
        "one neighbour": _rows([[4], [4]], [[4], [4], [5]]),
        "the same ids in another order": _rows([[1, 2, 3], [3, 1, 2]], [[2, 3, 1], [3, 2, 1]]),
        "nothing in common": _rows([[1, 2], [2, 3]], [[7, 8], [8, 9], [9, 8]]),
        "the first corpus has no stability": _rows([[1, 2], [3, 4]], [[1, 2], [1, 2]]),
        "the second corpus has no stability": _rows([[1, 2], [1, 2]], [[1, 5], [2, 6]]),
        "no stability and nothing in common": _rows([[1], [2]], [[3], [4]]),
        "more alike than each is to itself": _rows([[1, 2, 3], [3, 4, 5]], [[1, 2, 3], [3, 4, 5], [1, 3, 4]]),
        "different numbers of seeds": _rows([[1, 2], [1, 3]], [[1, 2], [2, 3], [1, 2], [1, 2], [4, 1]]),
        "more seeds of the first": _rows([[1, 2], [2, 3], [1, 2], [1, 2], [4, 1]], [[1, 2], [1, 3]]),
        "large ids": _rows([[60_000, 2], [2, 60_001]], [[60_000, 2], [60_000, 9]]),
        "ten seeds of ten": lambda rng: tuple(
            np.array([rng.permutation(25)[:10] for _ in range(n)]) + 1 for n in (10, 9)
        ),
    },
    mistakes=[
        Mistake(
            "a seed with itself",
            lambda one, other: _agreement(one, other, own=lambda x: _shared(x, x)),
            "A seed shares all its neighbours with itself. The stability is of pairs of different seeds.",
        ),
        Mistake(
            "arithmetic mean",
            lambda one, other: _agreement(one, other, middle=lambda a, b: (a + b) / 2),
            "You divide by the arithmetic mean of the stabilities. The geometric mean is the root of their product.",
        ),
        Mistake(
            "no root",
            lambda one, other: _agreement(one, other, middle=lambda a, b: a * b),
            "You divide by the product of the stabilities. The geometric mean is its root.",
        ),
        Mistake(
            "not divided",
            _shared,
            "That is what the corpora share. Divide it by the geometric mean of what each shares with itself.",
        ),
        Mistake(
            "share of k",
            lambda one, other: _shared(one, other) / one.shape[1],
            "You divide by k. Divide by the geometric mean of the stabilities.",
        ),
        Mistake(
            "one stability",
            lambda one, other: _agreement(one, other, middle=lambda a, b: a),
            "You divide by the stability of the first corpus alone.",
        ),
        Mistake(
            "the other stability",
            lambda one, other: _agreement(one, other, middle=lambda a, b: b),
            "You divide by the stability of the second corpus alone.",
        ),
        Mistake(
            "the smaller stability",
            lambda one, other: _agreement(one, other, middle=min),
            "You divide by the smaller of the stabilities.",
        ),
        Mistake(
            "place by place",
            lambda one, other: _agreement(
                one, other, cross=_by_place, own=lambda x: (_by_place(x, x) * len(x) - x.shape[1]) / (len(x) - 1)
            ),
            "You compare place by place. A neighbour is shared wherever it stands in the two lists.",
        ),
        Mistake(
            "row by row",
            lambda one, other: _agreement(
                one, other, cross=lambda a, b: np.mean([len({*x.tolist()} & {*y.tolist()}) for x, y in zip(a, b)])
            ),
            "Seed s of one corpus has nothing to do with seed s of the other: take all pairs.",
        ),
        Mistake(
            "at most 1",
            lambda one, other: np.minimum(1, _agreement(one, other)),
            "You cut at 1. An estimate may come out above it; cutting would make the mean over words too low.",
        ),
        Mistake(
            "zero for nothing",
            lambda one, other: _positive(_agreement(one, other)),
            "Where a stability is 0 the agreement is unknown, nan. 0 says that the corpora disagree.",
        ),
        Mistake(
            "squared",
            lambda one, other: _agreement(one, other) ** 2,
            "That is the square of the agreement.",
        ),
        Mistake(
            "first seeds alone",
            lambda one, other: _agreement(one[:2], other[:2]),
            "You use the first two seeds of each corpus. Take the mean over all pairs.",
        ),
    ],
    right="What the corpora share, over the geometric mean of what each shares with itself.",
)
