# Used in 07 · tests/checks/test_answers.py
"""Checks of notebook 07: many comparisons, which spread answers which question; and those of `ranks_07`."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck, StatementsCheck
from checks.ranks_07 import bootstrap, spearman
from checks.verdict import Mistake

__all__ = ["bootstrap", "holm", "spearman", "which_spread"]

# -- many comparisons


def _p_values(rng):
    m = int(rng.integers(3, 9))
    return (np.round(rng.random(m) ** 2 * rng.choice([0.05, 0.3, 1]), 4),)


def _stepped(p, running, least=1.0, factor=lambda m: np.arange(m, 0, -1)):
    order, out = np.argsort(p, kind="stable"), np.empty(len(p))
    out[order] = np.minimum(least, running(p[order] * factor(len(p))))
    return out


def _holm(p):
    return _stepped(p, np.maximum.accumulate)


def _from_the_end(values):
    return np.minimum.accumulate(values[::-1])[::-1]


def _list(*p):
    return lambda rng: (np.array(p, dtype=float),)


holm = FunctionCheck(
    name="holm",
    reference=_holm,
    draw=_p_values,
    tolerance=1e-6,
    forbid={"holm": "That is the course's own function. Write the rule yourself."},
    hostile={
        "one comparison": _list(0.03),
        "two": _list(0.03, 0.02),
        "the largest first": _list(0.5, 0.2, 0.02, 0.001),
        "one that would fall below the one before": _list(0.02, 0.021, 0.04),
        "equal values": _list(0.02, 0.5, 0.02, 0.02),
        "products above 1": _list(0.9, 0.6, 0.4),
        "zero and one": _list(1, 0, 0.5),
        "all zero": _list(0, 0, 0),
        "small ones": _list(1e-9, 3e-5, 2e-7, 1e-4),
        "twenty": lambda rng: (rng.random(20) ** 3,),
    },
    mistakes=[
        Mistake(
            "all times m",
            lambda p: np.minimum(1, p * len(p)),
            "You multiply each by the number of comparisons. That is Bonferroni's rule; Holm's factor falls from m "
            "to 1.",
        ),
        Mistake(
            "above 1",
            lambda p: _stepped(p, np.maximum.accumulate, np.inf),
            "Some of yours are above 1. A p-value ends there.",
        ),
        Mistake(
            "falls again",
            lambda p: _stepped(p, lambda x: x),
            "A larger p-value of yours can get the smaller result. Whoever comes later is at least as large as those "
            "before.",
        ),
        Mistake(
            "falls again, above 1",
            lambda p: _stepped(p, lambda x: x, np.inf),
            "You multiply and stop there. None may be above 1, and none below that of a smaller p-value.",
        ),
        Mistake(
            "sorted",
            lambda p: np.sort(_holm(p)),
            "Yours come in the order of size. Put each back to the place of its comparison.",
        ),
        Mistake(
            "order undone by itself",
            lambda p: _holm(p)[np.argsort(p, kind="stable")][np.argsort(p, kind="stable")],
            "You put the values back by the same order that sorted them. Undoing it needs the inverse: "
            "out[order] = values.",
        ),
        Mistake(
            "factors by place",
            lambda p: np.minimum(1, np.maximum.accumulate(p * np.arange(len(p), 0, -1))),
            "You multiply by place in the list. The factors belong to the sorted values: n to the smallest.",
        ),
        Mistake(
            "from the largest",
            lambda p: _stepped(p, _from_the_end),
            "Each of yours is the smallest of those from it on: that is Hochberg's rule. Holm's starts at the smallest "
            "p-value and never falls.",
        ),
        Mistake(
            "false discovery rate",
            lambda p: _stepped(p, _from_the_end, 1, lambda m: m / np.arange(1, m + 1)),
            "That is Benjamini and Hochberg's rule, n over the rank: it bounds the share of false findings, and not "
            "the chance of any.",
        ),
        Mistake(
            "factors rise",
            lambda p: _stepped(p, np.maximum.accumulate, 1, lambda m: np.arange(1, m + 1)),
            "Your smallest p-value is multiplied by 1, the largest by n. It is the other way round.",
        ),
        Mistake(
            "one factor too few",
            lambda p: _stepped(p, np.maximum.accumulate, 1, lambda m: np.arange(m - 1, -1, -1)),
            "Your factors begin at n - 1 and end at 0. They run from n to 1.",
        ),
        Mistake(
            "found or not",
            lambda p: _holm(p) <= 0.05,
            "These say which are below 0.05. Wanted are the adjusted p-values.",
        ),
    ],
    right="The smallest times n, the next times n - 1, none below one before it, none above 1, each in its place.",
)

# -- which spread?

which_spread = StatementsCheck(
    name="which_spread",
    statements={
        "a": (
            False,
            "The spread over seeds holds the questions fixed. Ten seeds that agree do so on these pairs; other pairs "
            "could still give another score.",
        ),
        "b": (
            True,
            "What one word does to the score it does to all its pairs: they move together, and the sum of their "
            "covariances is left out.",
        ),
        "c": (
            True,
            "The seeds decide what holds on these pairs. What holds on other words is another question, with a wider "
            "interval.",
        ),
        "d": (
            False,
            "Two intervals can overlap widely while one table is ahead on nearly every draw, for both answer the same "
            "pairs: look at the interval of the difference.",
        ),
        "e": (
            False,
            "The sweep has settings of one held-out loss whose WordSim differs by more than the seeds' spread. The "
            "loss asks about contexts, WordSim about likeness.",
        ),
        "f": (
            True,
            "Each has a chance of 0.05 to seem to matter, and twenty times 0.05 is one. That is why many comparisons "
            "need a correction.",
        ),
        "g": (
            False,
            "They were asked different questions, and the pairs of rarer words may be the harder ones. Ask both models "
            "the pairs that both know.",
        ),
    },
)
