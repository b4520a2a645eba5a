# Used in 07 · tests/checks/test_checks.py
"""Checks of notebook 07: rank correlation, coverage, intervals, permutations."""

from __future__ import annotations

import numpy as np
from scipy.stats import pearsonr, rankdata, spearmanr

from checks.core import FunctionCheck, StatementsCheck
from checks.verdict import Mistake

# -- Spearman with ties


def _pair_inputs(rng):
    n = int(rng.integers(9, 13))
    x = rng.integers(0, 5, n).astype(float)
    x[1] = x[0]
    y = x + rng.normal(size=n) * 2
    y[3] = y[2]
    return np.exp(x), y


def _rho(x, y, rank=rankdata):
    return pearsonr(rank(x), rank(y))[0]


def _order(x):
    return np.argsort(x, kind="stable").astype(float)


def _unequal(x):
    return np.argsort(np.argsort(x, kind="stable"), kind="stable").astype(float)


def _formula(x, y):
    d, n = rankdata(x) - rankdata(y), len(x)
    return 1 - 6 * (d**2).sum() / (n * (n**2 - 1))


spearman = FunctionCheck(
    name="spearman",
    reference=lambda x, y: spearmanr(x, y)[0],
    draw=_pair_inputs,
    mistakes=[
        Mistake(
            "Pearson",
            lambda x, y: pearsonr(x, y)[0],
            "That is Pearson's correlation of the values. Spearman's takes the ranks first.",
        ),
        Mistake(
            "ties unequal",
            lambda x, y: _rho(x, y, _unequal),
            "Equal values get different ranks, by their place in the list. Ties share the mean of their ranks.",
        ),
        Mistake(
            "argsort once",
            lambda x, y: _rho(x, y, _order),
            "argsort gives the order, not the ranks: which value comes first, not at which place each stands.",
        ),
        Mistake(
            "ties at the lowest",
            lambda x, y: _rho(x, y, lambda z: rankdata(z, "min")),
            "Ties get the lowest of their ranks. They share the mean.",
        ),
        Mistake(
            "sum of squares",
            _formula,
            "1 - 6 sum d^2 / (n (n^2 - 1)) holds without ties only. Correlate the mean ranks.",
        ),
        Mistake("sign", lambda x, y: -spearmanr(x, y)[0], "The sign is turned: one of the two is ranked downwards."),
        Mistake(
            "squared",
            lambda x, y: spearmanr(x, y)[0] ** 2,
            "That is the square, a share of variance. Wanted is the correlation, with its sign.",
        ),
    ],
    right="Pearson's correlation of the ranks, ties sharing the mean of theirs: equal to SciPy's.",
    tolerance=1e-6,
)

# -- accuracy and coverage


def _answer_inputs(rng):
    n = int(rng.integers(12, 20))
    known = rng.random(n) < 0.6
    known[:3], known[3:5] = True, False
    correct = known & (rng.random(n) < 0.5)
    correct[0], correct[1] = True, False
    return correct, known


accuracy = FunctionCheck(
    name="accuracy",
    reference=lambda correct, known: (correct[known].mean(), known.mean()),
    draw=_answer_inputs,
    mistakes=[
        Mistake(
            "over all questions",
            lambda correct, known: (correct.mean(), known.mean()),
            "You count questions that could not be asked as wrong. Divide by the known ones, and report the coverage "
            "beside it.",
        ),
        Mistake(
            "order",
            lambda correct, known: (known.mean(), correct[known].mean()),
            "The two are in the other order: accuracy, then coverage.",
        ),
        Mistake(
            "counts",
            lambda correct, known: (correct.sum(), known.sum()),
            "These are counts. Wanted are shares.",
        ),
        Mistake(
            "accuracy alone",
            lambda correct, known: correct[known].mean(),
            "Without the coverage nobody can say what the accuracy rests on: return both.",
        ),
        Mistake(
            "unknown counted as right",
            lambda correct, known: ((correct | ~known).mean(), known.mean()),
            "You count unknown questions as answered.",
        ),
        Mistake(
            "share of errors",
            lambda correct, known: (1 - correct[known].mean(), known.mean()),
            "That is the share of wrong answers.",
        ),
    ],
    right="The share of the questions that could be asked, and how many of all that is.",
    trials=12,
)

# -- a bootstrap over pairs


def _bootstrap_inputs(rng):
    n = 20
    x = rng.normal(size=n)
    return x, x + rng.normal(size=n), rng.integers(0, n, size=(100, n))


def _interval(x, y, rows, low=2.5, high=97.5, statistic=lambda a, b: spearmanr(a, b)[0]):
    return np.percentile([statistic(x[r], y[r]) for r in rows], [low, high])


def _apart(x, y, rows):
    other = np.roll(rows, 1, axis=0)
    return np.percentile([spearmanr(x[r], y[s])[0] for r, s in zip(rows, other)], [2.5, 97.5])


def _normal(x, y, rows):
    values = [spearmanr(x[r], y[r])[0] for r in rows]
    return spearmanr(x, y)[0] + np.array([-1.96, 1.96]) * np.std(values)


def _standard_error(x, y, rows):
    values = [spearmanr(x[r], y[r])[0] for r in rows]
    return spearmanr(x, y)[0] + np.array([-1.96, 1.96]) * np.std(values) / np.sqrt(len(rows))


bootstrap = FunctionCheck(
    name="bootstrap",
    reference=_interval,
    draw=_bootstrap_inputs,
    mistakes=[
        Mistake(
            "pairs torn apart",
            _apart,
            "You draw x and y from different rows: that breaks the pairs, and your interval lies around 0. Take "
            "x[row] and "
            "y[row] with the same row.",
        ),
        Mistake(
            "90 percent",
            lambda x, y, rows: _interval(x, y, rows, 5, 95),
            "Those are the 5th and 95th percentiles, an interval of 90 %. For 95 % it is 2.5 and 97.5.",
        ),
        Mistake(
            "divided by the root of R",
            _standard_error,
            "You divide by the root of the number of resamples: the interval shrinks the longer you compute. The "
            "spread "
            "of the resampled correlations is the answer itself.",
        ),
        Mistake(
            "smallest and largest",
            lambda x, y, rows: _interval(x, y, rows, 0, 100),
            "That is from the smallest to the largest, and grows with the number of resamples. Take percentiles.",
        ),
        Mistake(
            "from a normal distribution",
            _normal,
            "That is 1.96 standard deviations to each side. A correlation ends at 1 and its spread is lopsided: take "
            "the "
            "percentiles themselves.",
        ),
        Mistake(
            "Pearson",
            lambda x, y, rows: _interval(x, y, rows, statistic=lambda a, b: pearsonr(a, b)[0]),
            "You resample Pearson's correlation. Wanted is Spearman's.",
        ),
    ],
    right="Whole pairs drawn with replacement, the correlation of each resample, the middle 95 % of them.",
    tolerance=1e-6,
    trials=2,
)

# -- which spread?

which_spread = StatementsCheck(
    name="which_spread",
    statements={
        "a": (
            True,
            "The bootstrap draws other pairs: it says how the score would vary on another list of words of that kind.",
        ),
        "b": (
            False,
            "The spread over seeds holds the questions fixed. Ten seeds that agree do so on these pairs; other pairs "
            "could "
            "still give another score.",
        ),
        "c": (
            True,
            "Both systems answer the same pairs with each seed, so what the pairs are like cancels in the difference.",
        ),
        "d": (
            False,
            "Two intervals over pairs can overlap widely while one system is ahead with every seed: compare the "
            "differences.",
        ),
        "e": (
            False,
            "The sweep has settings of one held-out loss whose WordSim differs by more than the seeds' spread. The "
            "loss "
            "asks about contexts, WordSim about likeness.",
        ),
    },
)
