# Taught in 07 · exercised in 7.2, 7.3, 7.4 · tests/helpers/test_uncertainty.py
"""How sure a score is: other pairs, other words, other seeds, and many comparisons at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # loads scipy.stats, which takes a second, when it is first used

from helpers.arguments import ArgumentError, checked, instance, number, optional, seed, whole
from helpers.evaluation import spearman
from helpers.shapes import array


def _enough(human, **_):
    if len(human) < 3:
        raise ArgumentError(f"human has {len(human)} values; give three pairs at least")


@checked(
    _enough, human=array("n"), cosine=array("n"), level=number(above=0, most=1), resamples=whole(1, 100_000),
    seed=seed(),
)  # fmt: skip
def bootstrap_interval(human, cosine, *, level=0.95, resamples=2000, seed=0):
    """Interval of Spearman's correlation when the pairs, with replacement, are drawn again (percentiles; SciPy's).

    What it says is how much the score owes to these pairs and not others. It takes each pair for independent of the
    others, and knows nothing of other training runs: see `crossed_interval`.

    Returns
    -------
    (float, float)
    """
    result = scipy.stats.bootstrap(
        (human, cosine), spearman, paired=True, vectorized=True, confidence_level=level, n_resamples=resamples,
        method="percentile", random_state=np.random.default_rng(seed),
    )  # fmt: skip
    return tuple(float(end) for end in result.confidence_interval)


@checked(_enough, human=array("n"), cosine=array("n"))
def influences(human, cosine):
    """How far each pair moves Spearman's correlation, found by leaving it out (the jackknife).

    Parameters
    ----------
    human, cosine : np.ndarray, shape (n,)

    Returns
    -------
    np.ndarray of float, shape (n,)
        Their sum is 0. The sum of their squares is the variance of the correlation over other pairs, if pairs are
        independent; nan where the correlation is.
    """
    n, apart = len(human), []
    for values in (human, cosine):
        # under[i, j]: what the rank of j loses when i is left out, 1 for a smaller one, 1/2 for an equal one
        under = (values[:, None] < values) + (values[:, None] == values) / 2
        ranks = under.sum(axis=0) - under  # row i: the ranks without i, but for a constant
        np.fill_diagonal(ranks, 0)
        ranks -= ranks.sum(axis=1, keepdims=True) / (n - 1)
        np.fill_diagonal(ranks, 0)
        apart.append(ranks)
    x, y = apart
    with np.errstate(invalid="ignore"):
        without = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return (without.mean() - without) * (n - 1) / n


def _two_words(words, **_):
    if words.shape[1] != 2:
        raise ArgumentError(f"words has the shape {words.shape}; give the ids of two words for each pair")


@checked(_two_words, influence=array("n"), words=array("n columns", "integers"))
def shared_word_variance(influence, words):
    """Variance of a score over other words: pairs that share a word move together.

    The variance of a sum is the sum of all covariances. Pairs without a common word have none; all others are
    estimated by the products of their influences (a dyadic cluster-robust variance: Aronow, Samii and Assenova 2015).

    Parameters
    ----------
    influence : np.ndarray, shape (n,)
        Of each pair on the score; they sum to 0.
    words : np.ndarray of int, shape (n, 2)
        Each pair's two words.

    Returns
    -------
    float
        At least the sum of the squares: an estimate below it is taken for its own noise.
    """
    together = (words[:, None, :, None] == words[None, :, None, :]).any(axis=(2, 3))  # (n, n)
    return max(influence @ together @ influence, influence @ influence)


@checked(
    _two_words, words=array("n columns", "integers", least=0), seeds=whole(1), rng=instance(np.random.Generator),
    by_word=number(least=0, most=1), by_seed=number(least=0), agreement=number(least=-1, most=1),
)  # fmt: skip
def simulated_scores(words, seeds, rng, by_word=0.6, by_seed=0.3, agreement=0.5):
    """Ratings and scores of pairs whose true correlation is known, to see how often an interval holds it.

    Words, pairs and seeds each have effects, and words and pairs another with each seed. Every pair's rating and score
    correlate alike, whatever words it shares, so that the truth can be computed on pairs that share none.

    Parameters
    ----------
    words : np.ndarray of int, shape (n, 2)
    seeds : int
    rng : np.random.Generator
    by_word : float
        Share of the variance that belongs to the words, the rest to pairs.
    by_seed : float
        Standard deviation over seeds of the strength with which scores follow what people say.
    agreement : float
        Correlation of what is rated and what is scored, without the seeds' noise.

    Returns
    -------
    human : np.ndarray, shape (n,)
    scores : np.ndarray, shape (seeds, n)
    """
    V, n = int(words.max(initial=0)) + 1, len(words)

    def mixed(of_words, of_pairs):
        both = (of_words[..., words[:, 0]] + of_words[..., words[:, 1]]) / np.sqrt(2)
        return np.sqrt(by_word) * both + np.sqrt(1 - by_word) * of_pairs

    rated = [rng.normal(size=size) for size in (V, n)]
    scored = [agreement * x + np.sqrt(1 - agreement**2) * rng.normal(size=len(x)) for x in rated]
    strength = 1 + by_seed * rng.normal(size=(seeds, 1))
    luck = mixed(rng.normal(size=(seeds, V)), rng.normal(size=(seeds, n)))
    return mixed(*rated), strength * mixed(*scored) + 0.5 * luck


@dataclass(frozen=True)
class Interval:
    """A score, or a difference of two, with its interval.

    Attributes
    ----------
    estimate, low, high : float
    errors : dict of str to float
        The standard error by its sources: ``"pairs"``, if they were independent; ``"words"``, with the pairs that
        share one; ``"seeds"``; and ``"all"``, of words and seeds together.
    p : float
        Two-sided, of no correlation or no difference.
    """

    estimate: float
    low: float
    high: float
    errors: dict[str, float]
    p: float

    def __str__(self) -> str:
        return f"{self.estimate:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


def _seeds_fit(human, cosines, words, other=None, **_):
    _enough(human)
    _two_words(words)
    for name, rows in (("cosines", cosines), ("other", other)):
        if rows is not None and not len(rows):
            raise ArgumentError(f"{name} has no row; give one for each seed")


@checked(
    _seeds_fit, human=array("n"), cosines=array("S n"), words=array("n columns", "integers"),
    other=optional(array("R n")), level=number(above=0, most=0.999999),
)  # fmt: skip
def crossed_interval(human, cosines, words, other=None, *, level=0.95):
    """Interval of Spearman's correlation for other words, other pairs of them and other seeds, all at once.

    The score is the mean over the seeds. Its variance has two parts: that over words (`shared_word_variance` of the
    pairs' influences on the mean), and that over seeds. A word's or a pair's own luck with a seed is in both, and so
    counted twice, which is the safe side. On simulated scores with effects of words, pairs and seeds, 90 to 98 of 100
    intervals of 95 % hold the true value (tests/helpers/test_uncertainty.py). Drawing words with replacement, each pair
    as often as the product of its words' draws, counts a pair's own accident three times, and holds it in 99 to 100.

    Parameters
    ----------
    human : np.ndarray, shape (n,)
    cosines : np.ndarray, shape (S, n)
        A row a seed. Of one row the interval knows nothing of other seeds.
    words : np.ndarray of int, shape (n, 2)
        Each pair's two words.
    other : np.ndarray, shape (R, n), optional
        Then it is the interval of the difference, ``cosines`` less ``other``, on the same pairs. With as many rows,
        row s of both belongs to one seed; else the seeds are independent.
    level : float

    Returns
    -------
    Interval
        Of a single score on Fisher's scale (the inverse hyperbolic tangent), so that it ends before 1; Student's
        quantiles, by Satterthwaite's degrees of freedom.
    """
    tables = [cosines] if other is None else [cosines, other]
    rho = [np.array([spearman(human, row) for row in rows]) for rows in tables]
    moves = [np.mean([influences(human, row) for row in rows], axis=0) for rows in tables]
    if other is None:
        estimate, move, of_seeds = rho[0].mean(), moves[0], [rho[0]]
    else:
        estimate, move = rho[0].mean() - rho[1].mean(), moves[0] - moves[1]
        of_seeds = [rho[0] - rho[1]] if len(rho[0]) == len(rho[1]) else rho
    by_words = shared_word_variance(move, words) if np.isfinite(move).all() else np.nan
    by_seed = [scores.var(ddof=1) / len(scores) for scores in of_seeds if len(scores) > 1]
    errors = {"pairs": move @ move, "words": by_words, "seeds": sum(by_seed), "all": by_words + sum(by_seed)}
    freedom = [(by_words, len(human) - 1), *zip(by_seed, (len(s) - 1 for s in of_seeds if len(s) > 1))]
    return _interval(estimate, errors, freedom, level, fisher=other is None)


def _interval(estimate, errors, freedom, level, fisher) -> Interval:
    """The interval of an estimate from its variances and their degrees of freedom."""
    errors = {name: float(np.sqrt(value)) for name, value in errors.items()}
    if not errors["all"] > 0:  # no spread at all, or none that could be computed
        low, high, p = (estimate, estimate, float(estimate == 0)) if errors["all"] == 0 else (np.nan,) * 3
        return Interval(float(estimate), float(low), float(high), errors, float(p))
    df = errors["all"] ** 4 / sum(variance**2 / n for variance, n in freedom)
    half = scipy.stats.t.ppf((1 + level) / 2, df) * errors["all"]
    low, high, z = estimate - half, estimate + half, estimate / errors["all"]
    if fisher and abs(estimate) < 1:
        middle, half = np.arctanh(estimate), half / (1 - estimate**2)
        low, high, z = np.tanh(middle - half), np.tanh(middle + half), middle * (1 - estimate**2) / errors["all"]
    return Interval(float(estimate), float(low), float(high), errors, float(2 * scipy.stats.t.sf(abs(z), df)))


def _repeats_fit(right, groups, other=None, **_):
    if not len(right) or right.shape[1] < 2:
        raise ArgumentError(f"right has the shape {right.shape}; give a row for each repeat, of two answers at least")
    if len(np.unique(groups)) < 2:
        raise ArgumentError("groups has one group; give two at least")


@checked(
    _repeats_fit, right=array("S n"), groups=array("n", "integers"), other=optional(array("S n")),
    level=number(above=0, most=0.999999),
)  # fmt: skip
def grouped_interval(right, groups, other=None, *, level=0.95):
    """Interval of a mean, such as an accuracy, for other groups of questions and other repeats, all at once.

    The brother of `crossed_interval`: questions of one group (the texts of one file) move together, groups do not.

    Parameters
    ----------
    right : np.ndarray, shape (S, n)
        What each of S repeats (a seed, a split) got on each of n questions: 1 or 0, or any score.
    groups : np.ndarray of int, shape (n,)
        Each question's group.
    other : np.ndarray, shape (S, n), optional
        Then it is the interval of the difference, ``right`` less ``other``; row s of both belongs to one repeat.
    level : float

    Returns
    -------
    Interval
        Its errors are "groups", "seeds" (of the repeats; 0 for one, which knows nothing of others) and "all".
    """
    values = right if other is None else right - other
    each, repeats = values.mean(axis=0), values.mean(axis=1)
    _, of_group = np.unique(groups, return_inverse=True)
    sums = np.bincount(of_group, weights=each - each.mean())
    by_group = sums @ sums / len(each) ** 2 * len(sums) / (len(sums) - 1)
    by_seed = repeats.var(ddof=1) / len(repeats) if len(repeats) > 1 else 0.0
    errors = {"groups": by_group, "seeds": by_seed, "all": by_group + by_seed}
    freedom = [(by_group, len(sums) - 1), (by_seed, max(1, len(repeats) - 1))]
    return _interval(each.mean(), errors, freedom, level, fisher=False)


@checked(p=array("m", least=0, most=1))
def holm(p):
    """p-values of several comparisons, adjusted so that one false finding among all is as rare as each level says.

    Holm (1979): the smallest is multiplied by m, the next by m - 1, and so on; none becomes smaller than one before it.

    Parameters
    ----------
    p : np.ndarray, shape (m,)

    Returns
    -------
    np.ndarray of float, shape (m,)
        In the order given, at most 1.
    """
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return adjusted
