# Used in 13 · tests/checks/test_answers.py
"""The check of notebook 13's third exercise: how well two ways to group the same things agree, beyond chance."""

from __future__ import annotations

from collections import Counter
from math import comb, log, sqrt

import numpy as np
from scipy.optimize import linear_sum_assignment

from checks import drawn_13 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _together(counts):
    """How many pairs are in one group."""
    return sum(comb(count, 2) for count in counts)


def _pairs(one, other):
    """Pairs that are together in both, in the first, in the second, and all pairs."""
    groups = (zip(one, other), one, other)
    return (*(_together(Counter(each).values()) for each in groups), comb(len(one), 2))


def _ratio(top, bottom):
    return top / bottom if bottom else 1.0


def _of_pairs(formula):
    """An answer from S, A, B and the number of all pairs N: ``formula`` gives the two sides of a fraction."""
    return lambda one, other: _ratio(*formula(*_pairs(one, other)))


_adjusted_rand = _of_pairs(lambda S, A, B, N: (S - A * B / N, (A + B) / 2 - A * B / N))


def _squares(one, other):
    """Ordered pairs, a thing with itself among them."""
    S, A, B = (sum(count**2 for count in Counter(x).values()) / 2 for x in (zip(one, other), one, other))
    E = A * B / (len(one) ** 2 / 2)
    return _ratio(S - E, (A + B) / 2 - E)


def _by_chance(number):
    """What is expected by chance is the product of A and B over another number than that of all pairs."""

    def answer(one, other):
        S, A, B, _ = _pairs(one, other)
        E = A * B / number(len(one))
        return _ratio(S - E, (A + B) / 2 - E)

    return answer


def _degenerate(value):
    """What an answer has where nothing but one value is possible."""

    def answer(one, other):
        S, A, B, N = _pairs(one, other)
        return value if A == B and A in (0, N) else _adjusted_rand(one, other)

    return answer


def _table(one, other):
    rows, columns = sorted(set(one)), sorted(set(other))
    counts = Counter(zip(one, other))
    return np.array([[counts[row, column] for column in columns] for row in rows])


def _renamed(one, other):
    table = _table(one, other)
    return table[linear_sum_assignment(-table)].sum() / len(one)


def _information(one, other):
    n = len(one)
    entropy = lambda x: -sum(c / n * log(c / n) for c in Counter(x).values())  # noqa: E731
    both = entropy(one) + entropy(other)
    return _ratio(2 * (both - entropy(zip(one, other))), both) if both else 1.0


def _one_if(holds):
    """1 where ``holds(one, other)``, whatever the groups are."""
    return lambda one, other: 1.0 if holds(one, other) else _adjusted_rand(one, other)


def _with_pairs(count):
    """The pairs that are together in both are counted by ``count(one, other)``."""

    def answer(one, other):
        _, A, B, N = _pairs(one, other)
        return _ratio(count(one, other) - A * B / N, (A + B) / 2 - A * B / N)

    return answer


def _with_labels_alike(one, other):
    return _together(count for (x, y), count in Counter(zip(one, other)).items() if x == y)


adjusted_rand = FunctionCheck(
    name="adjusted_rand",
    reference=_adjusted_rand,
    draw=drawn.labels,
    hostile=drawn.LABELS,
    partly=0,  # many mistakes agree on most of the inputs
    forbid={
        **dict.fromkeys(("senses", "helpers.senses", "adjusted_rand"), "That is the course's own. Write it yourself."),
        **dict.fromkeys(
            ("adjusted_rand_score", "rand_score", "pair_confusion_matrix", "contingency_matrix", "crosstab"),
            "That is a library's. Count the pairs yourself.",
        ),
    },
    mistakes=[
        Mistake(
            "not a number",
            _degenerate(float("nan")),
            "Where only one value is possible you divide 0 by 0. The task says what stands there.",
        ),
        Mistake(
            "0 where nothing can differ",
            _degenerate(0.0),
            "Where both put all things together, or both keep all apart, they agree. The task says what stands there.",
        ),
        Mistake(
            "1 where one list cannot differ",
            _one_if(lambda one, other: {len(set(one)), len(set(other))} & {1, len(one)}),
            "You return 1 as soon as one list puts all things together, or keeps all apart. Does the other agree?",
        ),
        Mistake(
            "1 at chance",
            _one_if(lambda one, other: _adjusted_rand(one, other) == 0),
            "You return 1 where the numerator is 0. It is the denominator that decides.",
        ),
        Mistake(
            "Rand index",
            _of_pairs(lambda S, A, B, N: (N - A - B + 2 * S, N)),
            "That is the plain Rand index. Two groupings drawn at random have a high one, too: what they reach by "
            "chance is still in it.",
        ),
        Mistake(
            "chance in the numerator alone",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, (A + B) / 2)),
            "What is expected by chance is subtracted above the line. The best that can be reached is above chance by "
            "less, too.",
        ),
        Mistake(
            "chance in the denominator alone",
            _of_pairs(lambda S, A, B, N: (S, (A + B) / 2 - A * B / N)),
            "What is expected by chance is subtracted below the line, and is still in the numerator.",
        ),
        Mistake(
            "no chance",
            _of_pairs(lambda S, A, B, N: (2 * S, A + B)),
            "Chance is nowhere in it. Two groupings drawn at random have pairs in common, too.",
        ),
        Mistake(
            "the larger",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, max(A, B) - A * B / N)),
            "Below the line you take the larger of two sums of pairs. Hubert and Arabie take both, and each counts as "
            "much.",
        ),
        Mistake(
            "the smaller",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, min(A, B) - A * B / N)),
            "Below the line you take the smaller of two sums of pairs. Hubert and Arabie take both, and each counts "
            "as much.",
        ),
        Mistake(
            "the first alone",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, A - A * B / N)),
            "Below the line you take the first list's pairs. Hubert and Arabie take both, and each counts as much.",
        ),
        Mistake(
            "the second alone",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, B - A * B / N)),
            "Below the line you take the second list's pairs. Hubert and Arabie take both, and each counts as much.",
        ),
        Mistake(
            "half a pair lost",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, (A + B) // 2 - A * B / N)),
            "A half is lost below the line where A + B is odd: // rounds down.",
        ),
        Mistake(
            "the root of the product",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, sqrt(A * B) - A * B / N)),
            "Below the line you take a geometric mean of the two sums of pairs. Hubert and Arabie's mean is another.",
        ),
        Mistake(
            "the sum below the line",
            _of_pairs(lambda S, A, B, N: (S - A * B / N, A + B - A * B / N)),
            "Two groupings that are the same do not reach 1. Look at what stands below the line.",
        ),
        Mistake(
            "ordered pairs",
            _squares,
            "You square counts. A thing makes no pair with itself: of 3 things there are 3 pairs.",
        ),
        Mistake(
            "chance over things",
            lambda one, other: _of_pairs(lambda S, A, B, N: (S - A * B / len(one), (A + B) / 2 - A * B / len(one)))(
                one, other
            ),
            "What is expected by chance is A B over the number of all pairs. You divide by the number of things.",
        ),
        Mistake(
            "chance over their square",
            _by_chance(lambda n: n * n),
            "What is expected by chance is A B over the number of all pairs. How many pairs do n things make?",
        ),
        Mistake(
            "chance over ordered pairs",
            _by_chance(lambda n: n * (n - 1)),
            "In the number of all pairs you count each pair twice, once from either side. A and B count it once.",
        ),
        Mistake(
            "not below 0",
            lambda one, other: max(0.0, _adjusted_rand(one, other)),
            "You cut off what is below 0. Groupings can agree less than by chance, and that is to be seen.",
        ),
        Mistake(
            "Jaccard",
            _of_pairs(lambda S, A, B, N: (S, A + B - S)),
            "That is the share of the pairs in either that are in both. Chance is not subtracted.",
        ),
        Mistake(
            "Fowlkes and Mallows",
            _of_pairs(lambda S, A, B, N: (S, sqrt(A * B))),
            "That is an index of Fowlkes and Mallows. Chance is not subtracted.",
        ),
        Mistake(
            "of the first's pairs",
            _of_pairs(lambda S, A, B, N: (S, A)),
            "That is which share of the first one's pairs the second has. Chance is not subtracted, and one list "
            "counts more.",
        ),
        Mistake(
            "of the second's pairs",
            _of_pairs(lambda S, A, B, N: (S, B)),
            "That is which share of the second one's pairs the first has. Chance is not subtracted, and one list "
            "counts more.",
        ),
        Mistake(
            "purity of the first",
            lambda one, other: _table(one, other).max(axis=1).sum() / len(one),
            "That is the purity, which counts things. It is 1 when every thing is alone. Count pairs.",
        ),
        Mistake(
            "purity of the second",
            lambda one, other: _table(one, other).max(axis=0).sum() / len(one),
            "That is the purity, which counts things. It is 1 when every thing is alone. Count pairs.",
        ),
        Mistake(
            "the same label",
            lambda one, other: sum(x == y for x, y in zip(one, other)) / len(one),
            "You compare labels. The number of a cluster means nothing: ask of two things whether they are together.",
        ),
        Mistake(
            "pairs of the same label",
            _with_pairs(_with_labels_alike),
            "Your S asks for the same label in both lists. The names of the labels mean nothing.",
        ),
        Mistake(
            "labels in common",
            _with_pairs(lambda one, other: _together((Counter(one) & Counter(other)).values())),
            "Your S counts by labels that both lists have. The names of the labels mean nothing.",
        ),
        Mistake(
            "labels joined",
            _with_pairs(lambda one, other: _together(Counter(f"{x}{y}" for x, y in zip(one, other)).values())),
            "You join two labels to one text. 1 and 11 give the same text as 11 and 1.",
        ),
        Mistake(
            "the best renaming",
            _renamed,
            "That is the accuracy under the best renaming. Chance is still in it; count pairs.",
        ),
        Mistake(
            "mutual information",
            _information,
            "That is from entropies, and chance is still in it. Count pairs.",
        ),
        Mistake(
            "percent",
            lambda one, other: 100 * _adjusted_rand(one, other),
            "That is in percent. The same groups give 1.",
        ),
    ],
    right="By chance it is 0 on average, however many clusters there are; so a score says something by itself.",
)
