# Used in 07 · tests/checks/test_answers.py
"""Checks of notebook 07: rank correlation, and an interval for it."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.stats import rankdata
from scipy.stats.mstats import mquantiles

from checks.core import FunctionCheck
from checks.verdict import Mistake

# -- Spearman with ties


def _pair_inputs(rng):
    n = int(rng.integers(9, 13))
    x = rng.integers(0, 5, n).astype(float)
    x[1] = x[0]
    y = x * rng.choice([-1, 1]) + rng.normal(size=n) * 2
    y[3] = y[2]
    return np.exp(x), y


def _correlation(x, y, rank=rankdata):
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore")
        return np.corrcoef(rank(x), rank(y))[0, 1]


def _order(x):
    return np.argsort(x, kind="stable").astype(float)


def _unequal(x):
    return np.argsort(np.argsort(x, kind="stable"), kind="stable").astype(float)


def _formula(x, y):
    d, n = rankdata(x) - rankdata(y), len(x)
    return 1 - 6 * (d**2).sum() / (n * (n**2 - 1))


def _places(*rows):
    return lambda rng: tuple(np.array(row, dtype=float) for row in rows)


_LEAVE = "It is what the check compares with: rank the values and correlate the ranks yourself."

spearman = FunctionCheck(
    name="spearman",
    reference=_correlation,
    draw=_pair_inputs,
    tolerance=1e-6,
    forbid={"spearmanr": _LEAVE, "spearman": _LEAVE, "corr": _LEAVE},
    hostile={
        "two pairs": _places([1, 2], [5, 3]),
        "the same order": _places([1, 2, 3, 4], [10, 20, 30, 400]),
        "the opposite order": _places([3, 1, 2, 9, 7], [-3, 10, 0, -70, -7]),
        "ties in both": _places([1, 1, 2, 2, 3], [4, 5, 5, 5, 1]),
        "many ties": _places([0, 0, 0, 0, 1, 1, 1], [2, 2, 2, 1, 1, 1, 1]),
        "all values of x equal": _places([2, 2, 2, 2], [1, 4, 3, 2]),
        "all values of y equal": _places([1, 4, 3, 2], [2, 2, 2, 2]),
        "all values of both equal": _places([3, 3, 3], [5, 5, 5]),
        "the first and the last equal": _places([2, 5, 1, 2], [1, 4, 3, 1]),
        "large values that differ by little": lambda rng: (1e9 + rng.permutation(9), rng.permutation(9) * 1.0),
        "differences of a billionth": lambda rng: (1e-9 * rng.permutation(9), rng.normal(size=9)),
        "whole numbers": lambda rng: (rng.integers(-3, 3, 12), rng.integers(-3, 3, 12)),
        "no correlation": _places([1, 2, 3, 4], [2, 4, 1, 3]),
    },
    mistakes=[
        Mistake(
            "Pearson",
            lambda x, y: _correlation(x, y, np.asarray),
            "That is Pearson's correlation of the values. Spearman's takes the ranks first.",
        ),
        Mistake(
            "ties unequal",
            lambda x, y: _correlation(x, y, _unequal),
            "Equal values get different ranks, by their place in the list. Ties share the mean of their ranks.",
        ),
        Mistake(
            "argsort once",
            lambda x, y: _correlation(x, y, _order),
            "argsort gives the order, not the ranks: which value comes first, not at which place each stands.",
        ),
        Mistake(
            "ties at the lowest",
            lambda x, y: _correlation(x, y, lambda z: rankdata(z, "min")),
            "Ties get the lowest of their ranks. They share the mean.",
        ),
        Mistake(
            "ties at the highest",
            lambda x, y: _correlation(x, y, lambda z: rankdata(z, "max")),
            "Ties get the highest of their ranks. They share the mean.",
        ),
        Mistake(
            "ties counted once",
            lambda x, y: _correlation(x, y, lambda z: rankdata(z, "dense")),
            "Ties get one rank, and the next value the next number, as if the tie were one value. They share the mean "
            "of the ranks that they fill.",
        ),
        Mistake(
            "sum of squares",
            _formula,
            "1 - 6 sum d^2 / (n (n^2 - 1)) holds without ties only. Correlate the mean ranks.",
        ),
        Mistake("sign", lambda x, y: -_correlation(x, y), "The sign is turned: one of the two is ranked downwards."),
        Mistake(
            "squared",
            lambda x, y: _correlation(x, y) ** 2,
            "That is the square, a share of variance. Wanted is the correlation, with its sign.",
        ),
        Mistake(
            "no negative value",
            lambda x, y: np.maximum(0, _correlation(x, y)),
            "Yours is never below 0. An order that is turned round has a correlation of -1.",
        ),
        Mistake(
            "size alone",
            lambda x, y: abs(_correlation(x, y)),
            "You return the size. Wanted is the correlation, signed.",
        ),
        Mistake(
            "zero for no order",
            lambda x, y: np.nan_to_num(_correlation(x, y)),
            "Where all values of one are equal there is no order to compare. Wanted is nan, not 0.",
        ),
    ],
    right="Pearson's correlation of the ranks, ties sharing the mean of theirs: equal to SciPy's.",
)

# -- a bootstrap over pairs


def _resamples(R, n=20, slope=1.0):
    """Draws of x, y and R lists of indices, none of which has fewer than four different pairs."""

    def draw(rng):
        x = rng.normal(size=n)
        rows = [rng.integers(0, n, n) for _ in range(R)]
        rows = [row if len(set(row)) > 3 else np.arange(n) for row in rows]
        return x, slope * x + rng.normal(size=n), np.array(rows)

    return draw


def _bootstrap_inputs(rng):
    return _resamples(int(rng.integers(110, 150)), int(rng.integers(12, 25)))(rng)


def _tied(rng):
    return rng.integers(0, 4, 20).astype(float), rng.integers(0, 4, 20).astype(float), rng.integers(0, 20, (60, 20))


def _pearson(x, y):
    x, y = (z - z.mean(axis=-1, keepdims=True) for z in (x, y))
    return (x * y).sum(axis=-1) / np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))


def _rho(x, y):
    return _pearson(rankdata(x, axis=-1), rankdata(y, axis=-1))


def _each(x, y, rows, statistic=_rho):
    return statistic(x[rows], y[rows])


def _interval(x, y, rows, low=2.5, high=97.5, statistic=_rho, method="linear"):
    return np.percentile(_each(x, y, rows, statistic), [low, high], method=method)


def _by_rule(method):
    return lambda x, y, rows: _interval(x, y, rows, method=method)


def _by_place(x, y, rows):
    found = np.sort(_each(x, y, rows))
    return found[int(0.025 * len(found))], found[min(len(found) - 1, int(0.975 * len(found)))]


def _inner(x, y, rows):
    found = np.sort(_each(x, y, rows))
    cut = int(0.025 * len(found))
    return found[cut], found[len(found) - 1 - cut]


def _apart(x, y, rows):
    other = np.roll(rows, 1, axis=0)
    return np.percentile(_rho(x[rows], y[other]), [2.5, 97.5])


def _normal(x, y, rows, divide=1.0):
    return _rho(x, y) + np.array([-1.96, 1.96]) * np.std(_each(x, y, rows)) / divide


def _basic(x, y, rows):
    return 2 * _rho(x, y) - _interval(x, y, rows)[::-1]


def _cunnane(x, y, rows):
    return np.asarray(mquantiles(_each(x, y, rows), [0.025, 0.975]))  # the rule of scipy.stats.mstats


_RULES = "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull".split()
_RULES += "median_unbiased normal_unbiased lower higher midpoint nearest".split()

bootstrap = FunctionCheck(
    name="bootstrap",
    reference=_interval,
    also=[*map(_by_rule, _RULES), _by_place, _inner, _cunnane],
    draw=_bootstrap_inputs,
    tolerance=1e-6,
    trials=2,
    hostile={
        "one resample": _resamples(1),
        "two resamples": _resamples(2),
        "many resamples": _resamples(240, 12),
        "a negative correlation": _resamples(60, slope=-1.5),
        "ties": _tied,
        "each resample the pairs themselves": lambda rng: (
            rng.normal(size=9),
            rng.normal(size=9),
            np.tile(np.arange(9), (30, 1)),
        ),
    },
    mistakes=[
        Mistake(
            "pairs torn apart",
            _apart,
            "You draw x and y from different rows: that breaks the pairs, and your interval lies around 0. Take "
            "x[row] and y[row] with the same row.",
        ),
        Mistake(
            "90 percent",
            lambda x, y, rows: _interval(x, y, rows, 5, 95),
            "Those are the 5th and 95th percentiles, an interval of 90 %. For 95 % it is 2.5 and 97.5.",
        ),
        Mistake(
            "half a percent",
            lambda x, y, rows: _interval(x, y, rows, 0.025, 0.975),
            "NumPy's percentile takes percent: 2.5 and 97.5. With 0.025 and 0.975 both ends are near the smallest.",
        ),
        Mistake(
            "ends in the other order",
            lambda x, y, rows: _interval(x, y, rows)[::-1],
            "The two ends are in the other order: the low one first.",
        ),
        Mistake(
            "divided by the root of R",
            lambda x, y, rows: _normal(x, y, rows, len(rows) ** 0.5),
            "You divide by the root of the number of resamples: the interval shrinks the longer you compute. The "
            "spread of the resampled correlations is the answer itself.",
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
            "the percentiles themselves.",
        ),
        Mistake(
            "mirrored",
            _basic,
            "That is the basic bootstrap, the percentiles mirrored at the score. Wanted are the percentiles.",
        ),
        Mistake(
            "Pearson",
            lambda x, y, rows: _interval(x, y, rows, statistic=_pearson),
            "You resample Pearson's correlation. Wanted is Spearman's.",
        ),
        Mistake(
            "ranked once",
            lambda x, y, rows: _interval(rankdata(x), rankdata(y), rows, statistic=_pearson),
            "You rank all pairs once and draw the ranks. Each resample has ranks of its own.",
        ),
        Mistake(
            "the first hundred",
            lambda x, y, rows: _interval(x, y, rows[:100]),
            "You use 100 of the resamples. Take them all, however many there are.",
        ),
    ],
    right="Whole pairs drawn with replacement, the correlation of each resample, the middle 95 % of them.",
)
