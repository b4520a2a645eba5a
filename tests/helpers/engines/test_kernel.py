"""The kernel piece by piece and as a whole, against plain Python that takes one word after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engines import kernel
from helpers.sampling import noise_distribution

RULES = [(3, 2, 5, True), (2, 7, 3, False), (1, 1, 40, True)]  # max_window, K, noise words of a block, by row


class Random:
    """xorshift64* as Vigna prints it, in whole numbers of any size."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        x = self.state
        x ^= x >> 12
        x = (x ^ (x << 25)) % 2**64
        x ^= x >> 27
        self.state = x
        return x * 0x2545F4914F6CDD1D % 2**64

    def uniform(self):
        return (self.bits() >> 40) / 2**24

    def below(self, n):
        return (self.bits() >> 32) * n // 2**32


def quietly(function, *args):
    """Without Numba's compiler, a product of 64-bit numbers that overflows is one that NumPy warns of."""
    with np.errstate(over="ignore"):
        return function(*args)


def test_the_bits_are_xorshifts():
    ours, theirs = np.array([2026], np.uint64), Random(2026)
    for _ in range(50):
        assert int(quietly(kernel._random, ours)) == theirs.bits() and int(ours[0]) == theirs.state


def test_rows_are_copied_and_added(rng):
    x, total = rng.normal(size=(2, 5)).astype(np.float32)
    expected, short = total + np.float32(0.5) * x, np.zeros(5, np.float32)
    kernel._copy(x, short)
    kernel._add(np.float32(0.5), x, total)
    assert np.array_equal(short, x) and np.allclose(total, expected)


def test_softplus_of_any_number():
    for x in (-800.0, -3.0, 0.0, 0.5, 40.0, 800.0):
        assert kernel._softplus(x) == pytest.approx(np.logaddexp(0, x), rel=1e-12)


def test_the_sigmoid_is_the_sigmoid_and_shows_what_is_no_number():
    x = np.linspace(-32, 32, 1281, dtype=np.float32)
    ours, exact = np.array([kernel._sigmoid(value) for value in x]), 1 / (1 + np.exp(-x.astype(float)))
    assert np.abs(ours - exact).max() < 2e-6
    assert np.allclose(ours[abs(x) < 16], exact[abs(x) < 16], rtol=5e-5, atol=0)
    assert np.allclose([kernel._sigmoid(np.float32(value)) for value in (-np.inf, -1e30, 1e30, np.inf)], [0, 0, 1, 1])
    assert np.isnan(kernel._sigmoid(np.float32(np.nan)))


@given(st.lists(st.integers(0, 50), min_size=2, max_size=40).filter(any))
def test_alias_table_hands_out_the_distribution(counts):
    p = np.array(counts) / sum(counts)
    accept, other = kernel.alias_table(p)
    given = accept.astype(float)
    np.add.at(given, other, 1 - accept.astype(float))
    assert np.allclose(given / len(p), p, atol=1e-6)
    assert (given[p == 0] == 0).all()


def test_the_last_slots_of_an_alias_table_never_hand_out_a_word_of_probability_0():
    accept, other = kernel.alias_table(np.array([0.0, 0.3, 0.0, 0.7]))
    assert accept.dtype == np.float32 and other.dtype == np.int32
    assert accept[[0, 2]].tolist() == [0, 0] and set(other[[0, 2]]) <= {1, 3}
    accept, other = kernel.alias_table(np.array([0.0, 1 / 3 - 1e-17, 1 / 3, 1 / 3]))  # a sum that is not quite 1
    assert accept[0] == 0 and other[0] != 0


def survivors(ids, bounds, first, last, keep, random):
    """The words that are left of some sentences, and the bounds of each one's sentence."""
    words, spans = [], []
    for s in range(first, last):
        left = [w for w in ids[bounds[s] : bounds[s + 1]] if random.uniform() < keep[w]]
        if len(left) > 1:
            spans += [(len(words), len(words) + len(left))] * len(left)
            words += left
    return words, spans


def noise_words(noise, shared, random):
    accept, other = noise
    slots = []
    for _ in range(shared):
        slot = random.below(len(accept))
        slots.append(slot if random.uniform() < accept[slot] else other[slot])
    return slots


def train_slowly(ids, bounds, first, last, tables, keep, noise, rule, lr, random, blocks=0, bag=None):
    """What `kernel.run` does, one pair of words after the other; returns what it adds up in stats."""
    max_window, K, shared, by_row = rule
    v, u = tables
    share = np.eye(len(u), len(v)) if bag is None else shares(bag, len(v))  # of each row in each word's vector
    loss = weight_sum = count = bare = 0
    before = blocks
    for s in range(first, last, kernel.GROUP):
        words, spans = survivors(ids, bounds, s, min(last, s + kernel.GROUP), keep, random)
        following = noise_words(noise, shared, random) if words else None
        for a in range(0, len(words), kernel.BLOCK):
            old_v, old_u, drawn = v.copy(), u.copy(), following
            if a + kernel.BLOCK < len(words):
                following = noise_words(noise, shared, random)  # a block ahead
            for p in range(a, min(len(words), a + kernel.BLOCK)):
                window = 1 + random.below(max_window)
                around = range(max(spans[p][0], p - window), min(spans[p][1], p + window + 1))
                contexts = [words[j] for j in around if j != p]
                free = [word for word in drawn if word not in contexts]
                positive = 1 / (len(contexts) * (1 + K)) if by_row else 1.0
                pairs = [(word, 1, positive) for word in contexts]
                pairs += [(word, 0, positive * len(contexts) * K / len(free)) for word in free]
                count, bare, center = count + 1, bare + (not free), words[p]
                for word, label, weight in pairs:
                    vector = share[center] @ old_v
                    score = vector @ old_u[word]
                    error = weight * (label - 1 / (1 + np.exp(-score)))
                    v += lr * error * np.outer(share[center], old_u[word])
                    u[word] += lr * error * vector
                    loss += (blocks % kernel.MEASURED == 0) * weight * np.logaddexp(0, -score if label else score)
                weight_sum += (blocks % kernel.MEASURED == 0) * positive * len(contexts) * (1 + K)
            blocks += 1
    return np.array([loss, weight_sum, count, bare, blocks - before])


def shares(bag, R):
    rows, bounds, scale = bag
    share = np.zeros((len(scale), R))
    for word, factor in enumerate(scale):
        np.add.at(share[word], rows[bounds[word] : bounds[word + 1]], factor)
    return share


def text(kind, rng, V=30):
    """Sentences of two or three words, more than a group of them; or a few that are longer than a block."""
    sizes = rng.integers(1, 4, kernel.GROUP + 20) if kind == "short" else [37, 2, 1, 0, 16, 20]
    bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return rng.integers(1, V, bounds[-1]).astype(np.int32), bounds


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("kind", ["short", "long"])
def test_a_run_is_that_of_one_pair_after_the_other(rng, kind, rule):
    V, D = 30, 5
    ids, bounds = text(kind, rng, V)
    keep = np.ones(V, np.float32)
    keep[5:15] = 0.4
    noise = kernel.alias_table(noise_distribution(np.bincount(ids, minlength=V)))
    tables = tuple(rng.normal(size=(V, D)).astype(np.float32) for _ in range(2))
    slow, state, stats = tuple(W.astype(float) for W in tables), np.array([99], np.uint64), np.array([1.0, 1, 1, 1, 0])
    before = [W.copy() for W in tables]
    lr, first, last, random = np.float32(0.25 if rule[3] else 0.01), 1, len(bounds) - 2, Random(99)
    quietly(kernel.run, ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats)
    expected = train_slowly(ids, bounds, first, last, slow, keep, noise, rule, float(lr), random)
    assert stats - [1, 1, 1, 1, 0] == pytest.approx(expected, rel=1e-5)  # added to what was there
    assert int(state[0]) == random.state
    for fast, reference, start in zip(tables, slow, before):
        assert fast == pytest.approx(reference, abs=2e-4) and abs(reference - start).max() > 0.05
        assert np.array_equal(fast[0], start[0])


def test_words_may_be_sums_of_rows(rng):
    V, R, D = 30, 47, 5
    ids, bounds = text("long", rng, V)
    sizes = rng.integers(0, 6, V)  # a word without a row is the vector 0
    rows = rng.integers(0, R - 1, sizes.sum()).astype(np.int32)  # some twice; nobody has the last
    bag = rows, np.concatenate([[0], np.cumsum(sizes)]), rng.uniform(0.3, 1, V).astype(np.float32)
    noise, keep = kernel.alias_table(noise_distribution(np.bincount(ids, minlength=V))), np.ones(V, np.float32)
    tables = tuple(rng.normal(size=(n, D)).astype(np.float32) for n in (R, V))
    slow, state, stats, random = (
        tuple(W.astype(float) for W in tables),
        np.array([5], np.uint64),
        np.zeros(5),
        Random(5),
    )
    before, lr, rule = [W.copy() for W in tables], np.float32(0.1), (3, 2, 5, True)
    quietly(kernel.run, ids, bounds, 0, len(bounds) - 1, tables, keep, noise, rule, lr, state, stats, bag)
    expected = train_slowly(ids, bounds, 0, len(bounds) - 1, slow, keep, noise, rule, float(lr), random, bag=bag)
    assert stats == pytest.approx(expected, rel=1e-5)
    for fast, reference, start in zip(tables, slow, before):
        assert fast == pytest.approx(reference, abs=2e-4) and abs(reference - start).max() > 0.05
    assert np.array_equal(tables[0][-1], before[0][-1])
    whole = np.arange(V, dtype=np.int32), np.arange(V + 1), np.ones(V, np.float32)
    ends = []
    for each in (None, whole):  # a bag of its own row alone is the word, to the bit
        fresh = before[1].copy(), before[1].copy()
        quietly(kernel.run, ids, bounds, 0, 3, fresh, keep, noise, rule, lr, np.array([5], np.uint64), stats, each)
        ends.append(fresh)
    assert all(np.array_equal(one, other) for one, other in zip(*ends))


def test_a_center_whose_noise_words_are_all_contexts_is_counted(rng):
    ids, bounds = np.array([1, 2, 1, 2, 3, 1], np.int32), np.array([0, 4, 6])
    tables = tuple(rng.normal(size=(4, 3)).astype(np.float32) for _ in range(2))
    slow, stats, expected = tuple(W.astype(float) for W in tables), np.zeros(5), np.zeros(5)
    state, random = np.array([7], np.uint64), Random(7)
    noise, keep, rule = kernel.alias_table(np.array([0, 0.5, 0.5, 0])), np.ones(4, np.float32), (1, 2, 2, True)
    for _ in range(12):
        quietly(kernel.run, ids, bounds, 0, 2, tables, keep, noise, rule, np.float32(0.1), state, stats)
        expected += train_slowly(ids, bounds, 0, 2, slow, keep, noise, rule, 0.1, random, int(expected[4]))
    assert stats == pytest.approx(expected, rel=1e-4)
    assert 5 < stats[kernel.BARE] < stats[kernel.CENTERS] == 72
    assert tables[0] == pytest.approx(slow[0], abs=1e-4) and tables[1] == pytest.approx(slow[1], abs=1e-4)
