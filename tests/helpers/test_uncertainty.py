"""Intervals over pairs, words and seeds, by simulation and by loops; comparisons in their number, against SciPy."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from helpers import uncertainty
from helpers.arguments import ArgumentError
from helpers.evaluation import spearman
from helpers.uncertainty import simulated_scores as world


def some_words(n, V, rng):
    """Pairs like WordSim's: most words in one or two of them, a few in many."""
    popular = 1 / (1 + np.arange(V))
    weights = 0.8 / V + 0.2 * popular / popular.sum()
    return np.array([rng.choice(V, 2, replace=False, p=weights / weights.sum()) for _ in range(n)])


def truth(rng, **how):
    """The mean correlation, from pairs that share no word, and many seeds."""
    human, scores = world(np.arange(40_000).reshape(-1, 2), 80, rng, **how)
    return np.mean([spearman(human, row) for row in scores])


@pytest.mark.parametrize("how", [{}, {"by_word": 0.0}, {"by_word": 0.9}, {"by_seed": 0.0}])
def test_the_crossed_interval_holds_the_true_score_as_often_as_it_says(how):
    rng = np.random.default_rng(0)
    true, words, inside = truth(rng, **how), some_words(120, 110, rng), []
    for _ in range(200):
        human, scores = world(words, 4, rng, **how)
        found = uncertainty.crossed_interval(human, scores, words)
        inside.append(found.low <= true <= found.high)
    assert 0.90 <= np.mean(inside) <= 0.98


def test_pairs_alone_and_seeds_alone_hold_the_true_score_too_seldom():
    rng = np.random.default_rng(0)
    how = {"by_word": 0.9}
    true, words, inside = truth(rng, **how), some_words(120, 110, rng), []
    for _ in range(200):
        human, scores = world(words, 4, rng, **how)
        errors = uncertainty.crossed_interval(human, scores, words).errors
        found = [spearman(human, row) for row in scores]
        low, high = uncertainty.bootstrap_interval(human, scores[0], resamples=200)
        inside.append(
            (
                abs(np.mean(found) - true) <= 1.96 * errors["pairs"],
                abs(np.mean(found) - true) <= stats.t.ppf(0.975, 3) * errors["seeds"],
                low <= true <= high,
            )
        )
    pairs, seeds, bootstrap = np.mean(inside, axis=0)
    assert pairs < 0.9 and bootstrap < 0.9 and seeds < 0.7


def test_words_drawn_with_replacement_count_a_pairs_own_accident_three_times():
    """A pair that comes as often as the product of its words' draws: nearly every interval holds the true score."""
    rng = np.random.default_rng(0)
    true, words, inside = truth(rng, by_seed=0.0), some_words(60, 55, rng), []
    for _ in range(100):
        human, (score,) = world(words, 1, rng, by_seed=0.0)
        found = []
        for draws in rng.multinomial(55, np.full(55, 1 / 55), size=100):
            rows = np.repeat(np.arange(60), draws[words].prod(axis=1))
            found.append(spearman(human[rows], score[rows]) if len(rows) > 2 else np.nan)
        low, high = np.nanquantile(found, (0.025, 0.975))
        inside.append(low <= true <= high)
    assert np.mean(inside) >= 0.98


@pytest.mark.parametrize("same_seeds", [True, False])
def test_the_interval_of_a_difference_holds_it_as_often_as_it_says(same_seeds):
    """Two ways of training that agree with people alike: the true difference is 0, and words and pairs are shared."""
    rng = np.random.default_rng(1)
    words, inside, plain = some_words(120, 110, rng), [], []
    for _ in range(200):
        human, scores = world(words, 11, rng, by_word=0.8)
        one, other = scores[:5], scores[5:10] if same_seeds else scores[5:]
        own = world(words, 2, rng, by_word=0.8, by_seed=0.0)[1]  # what each way makes of words, whatever the seed
        found = uncertainty.crossed_interval(human, one + own[0], words, other + own[1])
        inside.append(found.low <= 0 <= found.high)
        plain.append(abs(found.estimate) <= 1.96 * found.errors["seeds"])
    assert 0.90 <= np.mean(inside) <= 0.98 and np.mean(plain) < 0.8


def test_the_p_value_is_below_five_per_cent_where_the_interval_leaves_out_nothing():
    rng = np.random.default_rng(2)
    words = some_words(60, 50, rng)
    for _ in range(30):
        human, scores = world(words, 3, rng, agreement=0.2)
        for other in (None, scores[::-1] + rng.normal(size=scores.shape)):
            found = uncertainty.crossed_interval(human, scores, words, other)
            assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


@pytest.mark.parametrize("n", [3, 7, 30])
def test_influences_are_those_of_leaving_each_pair_out(n):
    rng = np.random.default_rng(n)
    for human, cosine in (rng.normal(size=(2, n)), rng.integers(0, 4, (2, n))):
        without = np.array([spearman(np.delete(human, i), np.delete(cosine, i)) for i in range(n)])
        expected = (without.mean() - without) * (n - 1) / n
        assert uncertainty.influences(human, cosine) == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_pairs_that_share_a_word_are_counted_together_and_others_are_not():
    words, influence = np.array([[1, 2], [2, 3], [4, 5], [3, 1]]), np.array([1.0, 2, -4, 1])
    expected = sum(a * b for (a, x), (b, y) in product(zip(influence, words), repeat=2) if {*x} & {*y})
    assert uncertainty.shared_word_variance(influence, words) == expected == 32
    assert uncertainty.shared_word_variance(np.array([1.0, -1]), [[1, 2], [2, 3]]) == 2  # the sum alone would be 0
    assert uncertainty.shared_word_variance(influence, np.arange(8).reshape(4, 2)) == 22
    assert uncertainty.shared_word_variance([3.0], [[7, 7]]) == 9


def test_an_interval_has_its_parts_and_ends_before_one():
    rng = np.random.default_rng(3)
    words = some_words(80, 60, rng)
    human, scores = world(words, 6, rng)
    found, wide = (uncertainty.crossed_interval(human, scores, words, level=level) for level in (0.95, 0.99))
    rho = np.array([spearman(human, row) for row in scores])
    assert found.estimate == pytest.approx(rho.mean())
    assert wide.low < found.low < found.estimate < found.high < wide.high
    assert found.errors["seeds"] == pytest.approx(rho.std(ddof=1) / 6**0.5)
    assert found.errors["all"] ** 2 == pytest.approx(found.errors["words"] ** 2 + found.errors["seeds"] ** 2)
    assert found.errors["words"] >= found.errors["pairs"]
    assert str(uncertainty.Interval(0.25, -0.1, 0.5, {}, 0.2)) == "+0.250 (-0.100 to +0.500)"
    one = uncertainty.crossed_interval(human, scores[:1], words)
    assert one.errors["seeds"] == 0 and one.errors["all"] == one.errors["words"]
    same = uncertainty.crossed_interval(human, scores, words, scores)
    assert (same.estimate, same.low, same.high, same.p) == (0, 0, 0, 1)
    apart = uncertainty.crossed_interval(human, scores, words, scores[:4])
    assert apart.errors["seeds"] ** 2 == pytest.approx(rho.var(ddof=1) / 6 + rho[:4].var(ddof=1) / 4)
    best = uncertainty.crossed_interval(human, human[None] + 0.01 * rng.normal(size=(3, 80)), words)
    assert best.low < best.estimate < best.high < 1
    assert np.isnan(uncertainty.crossed_interval(human, np.ones((2, 80)), words).low)


def test_the_bootstrap_draws_pairs_and_takes_percentiles(rng):
    human = rng.normal(size=150)
    cosine = 0.6 * human + rng.normal(size=150)
    low, high = uncertainty.bootstrap_interval(human, cosine)
    drawn = [stats.spearmanr(human[i], cosine[i]).statistic for i in rng.integers(0, 150, (2000, 150))]
    assert (low, high) == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=0.015)
    narrow = uncertainty.bootstrap_interval(human, cosine, level=0.5)
    assert low < narrow[0] < spearman(human, cosine) < narrow[1] < high
    assert uncertainty.bootstrap_interval(human, cosine) == (low, high)
    assert uncertainty.bootstrap_interval(human, cosine, seed=1) != (low, high)
    assert uncertainty.bootstrap_interval(human, cosine, resamples=50) != (low, high)


@pytest.mark.parametrize("p", [[0.01], [0.04, 0.01, 0.03, 0.005], [0.5, 0.9, 0.4], [0.02, 0.02, 0.02], [0, 1, 0.3], []])
def test_holm_is_the_step_down_rule(p):
    found = uncertainty.holm(p)
    order = sorted(range(len(p)), key=lambda i: p[i])
    for level in (0.001, 0.01, 0.04, 0.05, 0.2, 0.6):
        rejected = set()
        for place, i in enumerate(order):  # as Holm wrote it: the first that is not small enough ends it
            if p[i] > level / (len(p) - place):
                break
            rejected.add(i)
        assert {i for i in range(len(p)) if found[i] <= level + 1e-12} == rejected
    assert len(found) == len(p) and (found <= 1).all()


def test_an_interval_of_a_mean_counts_groups_together_and_repeats_beside_them():
    right = np.array([[1.0, 1, 0, 0, 1, 0], [1, 0, 0, 1, 1, 0]])
    groups = np.array([7, 7, 3, 3, 9, 9])
    found = uncertainty.grouped_interval(right, groups)
    sums = [(right.mean(axis=0) - 0.5)[groups == g].sum() for g in (7, 3, 9)]
    assert found.estimate == 0.5 and found.errors["groups"] ** 2 == pytest.approx(3 / 2 * np.dot(sums, sums) / 36)
    assert found.errors["seeds"] == pytest.approx(right.mean(axis=1).std(ddof=1) / 2**0.5)
    assert found.errors["all"] ** 2 == pytest.approx(found.errors["groups"] ** 2 + found.errors["seeds"] ** 2)
    alone = uncertainty.grouped_interval(right[:1], np.arange(6))  # then it is the t-test's
    usual = stats.ttest_1samp(right[0], 0).confidence_interval(0.95)
    assert (alone.low, alone.high) == pytest.approx((usual.low, usual.high))
    tenfold = uncertainty.grouped_interval(np.repeat(right[:1], 10, axis=1), np.repeat(np.arange(6), 10))
    assert (tenfold.low, tenfold.high) == pytest.approx((alone.low, alone.high))
    other = np.array([[0.0, 1, 1, 0, 1, 0], [1, 1, 0, 0, 1, 1]])
    assert uncertainty.grouped_interval(right, groups, other) == uncertainty.grouped_interval(right - other, groups)
    for name, call in (
        ("groups", lambda: uncertainty.grouped_interval(right, np.zeros(6, int))),
        ("right", lambda: uncertainty.grouped_interval(right[:0], groups)),
        ("other", lambda: uncertainty.grouped_interval(right, groups, right[:1])),
    ):
        with pytest.raises(ArgumentError, match=rf"\b{name}"):
            call()


def test_intervals_of_a_mean_hold_the_truth_as_often_as_they_say():
    rng, held, alone = np.random.default_rng(0), 0, 0
    for _ in range(1000):
        groups = np.repeat(np.arange(40), rng.integers(1, 6, 40))
        right = rng.normal(size=40)[groups] + rng.normal(size=len(groups))  # of mean 0
        right = right + 0.15 * rng.normal(size=(4, 1)) + rng.normal(size=(4, len(groups)))
        found = uncertainty.grouped_interval(right, groups)
        held += found.low < 0 < found.high
        each = uncertainty.grouped_interval(right, np.arange(len(groups)))
        alone += each.low < 0 < each.high
    assert 0.92 < held / 1000 < 0.98 and alone / 1000 < 0.9, (held, alone)


def test_arguments_that_cannot_be_right_are_named():
    x, y, words = np.arange(9.0), np.arange(9.0) ** 2, np.arange(18).reshape(9, 2)
    for name, call in (
        ("human", lambda: uncertainty.bootstrap_interval(x[:2], y[:2])),
        ("level", lambda: uncertainty.bootstrap_interval(x, y, level=95)),
        ("resamples", lambda: uncertainty.bootstrap_interval(x, y, resamples=0)),
        ("human", lambda: uncertainty.influences(x[:2], y[:2])),
        ("cosine", lambda: uncertainty.influences(x, y[:5])),
        ("words", lambda: uncertainty.shared_word_variance(x, words[:, :1])),
        ("words", lambda: uncertainty.shared_word_variance(x, words[:5])),
        ("cosines", lambda: uncertainty.crossed_interval(x, y, words)),
        ("cosines", lambda: uncertainty.crossed_interval(x, np.zeros((0, 9)), words)),
        ("other", lambda: uncertainty.crossed_interval(x, y[None], words, np.zeros((0, 9)))),
        ("words", lambda: uncertainty.crossed_interval(x, y[None], words.reshape(6, 3))),
        ("level", lambda: uncertainty.crossed_interval(x, y[None], words, level=1)),
        ("p", lambda: uncertainty.holm([0.1, 1.2])),
        ("p", lambda: uncertainty.holm([0.1, np.nan])),
    ):
        with pytest.raises(ArgumentError, match=rf"\b{name}"):
            call()
