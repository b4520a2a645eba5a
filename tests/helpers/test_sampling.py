"""Subsampling, windows and noise: against slow references, and by chi-square with fixed seeds."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import needs_gensim
from scipy.stats import binom, chisquare

from helpers.corpus import CorpusError, make_corpus
from helpers.sampling import (
    draw_examples,
    draw_noise,
    draw_windows,
    keep_probability,
    kept_share,
    noise_distribution,
    subsample,
    t_for_share,
)

sentences = st.lists(st.lists(st.integers(1, 9), max_size=12), min_size=1, max_size=8)


def flat(lines):
    ids = np.array([i for line in lines for i in line], dtype=np.int32)
    return ids, np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)


def test_keep_probability_by_hand():
    counts = np.array([0, 64, 32, 4, 1, 0])  # of 101
    book = keep_probability(counts, 0.01 * 100 / 101)
    assert book == pytest.approx([1, 1 / 8, 1 / np.sqrt(32), 1 / 2, 1, 1]) and book.dtype == np.float64
    word2vec_c = keep_probability(counts, 0.01 * 100 / 101, "word2vec.c")
    assert word2vec_c == pytest.approx([1, 9 / 64, (np.sqrt(32) + 1) / 32, 3 / 4, 1, 1])
    with pytest.raises(ValueError, match="word2vec.c"):
        keep_probability(counts, 0.1, "paper")


@needs_gensim
@pytest.mark.parametrize("t", [1e-5, 1e-3, 0.2])
def test_the_programs_formula_is_gensims(t):
    from gensim.models import Word2Vec

    counts = {"a": 900, "b": 90, "c": 9, "d": 1}
    peer = Word2Vec(min_count=1, sample=t)
    peer.build_vocab_from_freq(counts)
    theirs = [peer.wv.get_vecattr(word, "sample_int") / (2**32 - 1) for word in counts]
    assert keep_probability(np.array([0, *counts.values()]), t, "word2vec.c")[1:] == pytest.approx(theirs, abs=1e-6)


def test_subsample_keeps_each_word_as_often_as_it_should():
    ids = np.repeat(np.arange(1, 5), 20_000)
    keep = np.array([1, 0.05, 0.3, 0.8, 1.0])
    kept, bounds = subsample(ids, np.array([0, len(ids)]), keep, np.random.default_rng(3))
    for word in range(1, 5):
        n = int((kept == word).sum())
        assert binom.cdf(n, 20_000, keep[word]) > 1e-4 and binom.sf(n - 1, 20_000, keep[word]) > 1e-4
    assert bounds.tolist() == [0, len(kept)]


@given(sentences, st.integers(0, 99))
def test_subsample_closes_sentences_over_the_gaps(lines, seed):
    ids, bounds = flat(lines)
    keep = np.linspace(0.1, 1, 10)
    kept, after = subsample(ids, bounds, keep, np.random.default_rng(seed))
    chosen = np.random.default_rng(seed).random(len(ids)) < keep[ids]
    for s, line in enumerate(lines):
        expected = [w for w, c in zip(line, chosen[bounds[s] : bounds[s + 1]]) if c]
        assert kept[after[s] : after[s + 1]].tolist() == expected


@given(sentences, st.integers(1, 6), st.integers(0, 99))
def test_windows_equal_a_loop(lines, max_window, seed):
    ids, bounds = flat(lines)
    centers, offsets, contexts = draw_windows(ids, bounds, max_window, np.random.default_rng(seed))
    long = [line for line in lines if len(line) > 1]
    window = np.random.default_rng(seed).integers(1, max_window, size=sum(map(len, long)), endpoint=True)
    expected, w = [], iter(window)
    for line in long:
        for i, center in enumerate(line):
            size = next(w)
            expected.append((center, line[max(0, i - size) : i] + line[i + 1 : i + 1 + size]))
    given_ = [(c, contexts[a:b].tolist()) for c, a, b in zip(centers, offsets[:-1], offsets[1:])]
    assert given_ == expected


def test_window_sizes_are_uniform():
    ids, bounds = flat([list(range(1, 10)) * 20_000])
    _, offsets, _ = draw_windows(ids, bounds, 5, np.random.default_rng(1))
    size = np.diff(offsets)[5:-5] // 2  # away from the ends a window has two equal arms
    assert chisquare(np.bincount(size, minlength=6)[1:]).pvalue > 1e-3


def test_noise_follows_the_power_of_the_counts_and_nothing_else():
    counts = np.array([0, 5000, 1000, 400, 50, 20, 7, 1] + [3] * 40)
    target = noise_distribution(counts)
    assert target[0] == 0 and np.isclose(target.sum(), 1)
    assert np.isclose(target[1] / target[2], 5**0.75)
    offsets, contexts = np.arange(50_001), np.full(50_000, 47, dtype=np.int32)
    drawn = draw_noise(offsets, contexts, target, 4, np.random.default_rng(2)).ravel()
    allowed = np.delete(np.arange(1, 48), 46)
    seen = np.bincount(drawn, minlength=48)[allowed]

    def p(weights):
        return chisquare(seen, len(drawn) * weights[allowed] / weights[allowed].sum()).pvalue

    assert p(target) > 1e-3
    assert p(noise_distribution(counts, 1.0)) < 1e-6  # 0.75 become 1
    assert p(np.ones(48)) < 1e-6  # weighted by position, as the book once did


@settings(max_examples=50)
@given(sentences, st.integers(1, 20), st.integers(0, 99))
def test_no_noise_word_is_a_context_of_its_center(lines, K, seed):
    ids, bounds = flat(lines)
    rng = np.random.default_rng(seed)
    _, offsets, contexts = draw_windows(ids, bounds, 2, rng)
    noise = draw_noise(offsets, contexts, np.r_[0, np.full(12, 1 / 12)], K, rng)  # more words than contexts
    assert noise.shape == (len(contexts), K) and noise.min(initial=1) >= 1
    for a, b in zip(offsets[:-1], offsets[1:]):
        assert not set(contexts[a:b]) & set(noise[a:b].ravel())


def test_contexts_that_are_all_the_words_are_refused_at_once():
    began = time.perf_counter()
    with pytest.raises(CorpusError, match="smaller max_window"):
        draw_noise(np.array([0, 3]), np.array([1, 2, 3]), np.array([0, 0.5, 0.3, 0.2]), 5, np.random.default_rng(0))
    assert time.perf_counter() - began < 5


def test_a_vocabulary_of_two_and_k_above_it(rng):
    examples = draw_examples(make_corpus([["a", "b"]]), t=None, K=7, rng=rng)
    assert len(examples) == 2
    assert (examples.noise == examples.centers[:, None]).all()  # the one word that is no context (trap T7)


@pytest.mark.parametrize(
    ("option", "match"),
    [
        ({"max_window": 0}, "max_window"),
        ({"K": 0}, "K is 0"),
        ({"t": 0.0}, "above 0"),
        ({"K": 1.5}, "whole number"),
        ({"t": -1e-4}, "above 0"),
        ({"max_window": 2.5}, "whole number"),
    ],
)
def test_bad_settings_are_refused(toy, rng, option, match):
    with pytest.raises(ValueError, match=match):
        draw_examples(toy, rng=rng, **option)


def test_subsampling_that_leaves_nothing_is_refused(toy, rng):
    with pytest.raises(CorpusError, match="larger t"):
        draw_examples(toy, t=1e-12, rng=rng)


def test_the_seed_fixes_every_draw(toy):
    one, two, other = (draw_examples(toy, t=0.01, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    for name in ("centers", "offsets", "contexts", "noise"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert len(one) != len(other) or not np.array_equal(one.centers, other.centers)


def test_windows_and_noise_as_d2l_draws_them(ptb, d2l):
    lines = [ptb.ids[a:b].tolist() for a, b in zip(ptb.bounds[:4000], ptb.bounds[1:4001])]
    ids, bounds = flat(lines)
    centers, offsets, contexts = draw_windows(ids, bounds, 5, np.random.default_rng(0))
    theirs, their_contexts = d2l.get_centers_and_contexts(lines, 5)
    assert theirs == centers.tolist()  # the same centers; the windows are drawn
    ours = np.bincount(np.diff(offsets), minlength=11) / len(centers)
    book = np.bincount([len(c) for c in their_contexts], minlength=11) / len(centers)
    assert abs(ours - book).max() < 0.01
    words = ptb.vocab.words
    counter = dict(zip(words, ptb.vocab.counts.tolist()))
    vocab = d2l.Vocab([[w] * 1 for w in words[1:]])
    vocab.idx_to_token, vocab.token_to_idx = words, ptb.vocab.index
    negatives = d2l.get_negatives(their_contexts[:20_000], vocab, counter, 5)
    share = np.bincount(np.concatenate([np.array(n) for n in negatives]), minlength=len(words))
    mine = np.bincount(
        draw_noise(offsets, contexts, noise_distribution(ptb.vocab.counts), 5, np.random.default_rng(1)).ravel(),
        minlength=len(words),
    )
    top = slice(1, 21)
    assert np.allclose(share[top] / share.sum(), mine[top] / mine.sum(), rtol=0.1)


def test_an_epochs_examples_are_subsampled_by_the_books_formula():
    corpus = make_corpus([[f"w{i}" for i in range(25)] * 400])  # each word is 1 in 25
    n = len(draw_examples(corpus, t=0.01, K=1, rng=np.random.default_rng(0)))
    assert abs(n - 5000) < 5 * 50  # sqrt(0.01 / 0.04) of 10,000 are kept; word2vec.c's formula keeps three quarters


def test_an_epochs_noise_follows_the_counts_to_three_quarters():
    corpus = make_corpus([["a", "b"]] * 1600 + [["c", "d"]] * 100)  # 16 to 1, and 8 to 1 to the power of 3/4
    examples = draw_examples(corpus, t=None, rng=np.random.default_rng(0))
    noise = corpus.vocab.to_words(examples.noise[examples.contexts == corpus.vocab["d"]].ravel())
    assert len(noise) == 500 and set(noise) == {"a", "b", "c"}
    assert binom.cdf(noise.count("c"), 500, 1 / 17) > 1e-4 and binom.sf(noise.count("c") - 1, 500, 1 / 17) > 1e-4
    noise = corpus.vocab.to_words(examples.noise[examples.contexts == corpus.vocab["b"]].ravel())
    assert len(noise) == 8000 and binom.cdf(noise.count("a"), 8000, 0.8) > 1e-4  # 8 of 8 + 1 + 1
    assert binom.sf(noise.count("a") - 1, 8000, 0.8) > 1e-4
    assert noise_distribution(corpus.vocab.counts) == pytest.approx(np.array([0, 8, 8, 1, 1]) / 18)


def test_other_counts_and_another_power_are_those_of_the_draw():
    corpus = make_corpus([["a", "b", "c", "d"]] * 500)
    counts = np.array([0, 1, 1, 1000, 1])  # as if nearly all of a text were c
    drawn = draw_examples(corpus, t=0.01, counts=counts, K=1, max_window=1, rng=np.random.default_rng(0))
    assert abs((drawn.centers == 3).sum() - 50) < 5 * 7 and (drawn.centers != 3).sum() == 1500
    alone = np.repeat(drawn.centers, np.diff(drawn.offsets)) == 3  # whose contexts are b and d: a and c are left
    assert (drawn.noise[alone] == 3).mean() > 0.95
    drawn = draw_examples(corpus, t=None, counts=counts, power=0.0, K=1, max_window=1, rng=np.random.default_rng(0))
    alone = np.repeat(drawn.centers, np.diff(drawn.offsets)) == 3
    assert abs((drawn.noise[alone] == 3).mean() - 0.5) < 5 * 0.5 / np.sqrt(alone.sum())  # every word alike


def test_noise_words_are_drawn_in_no_order(rng):
    drawn = draw_noise(np.arange(2001), np.full(2000, 4, np.int32), np.array([0, 0.5, 0.3, 0.2, 0]), 1, rng).ravel()
    runs = (np.diff(drawn) != 0).sum()  # 0.62 of the neighbours differ; 2 would if they came sorted
    assert abs(runs - 1999 * (1 - 0.25 - 0.09 - 0.04)) < 5 * np.sqrt(1999 * 0.62 * 0.38) * 1.5


def test_what_is_drawn_again_follows_the_same_distribution(rng):
    q = np.array([0, 0.6, 0.2, 0.15, 0.05])
    drawn = draw_noise(np.arange(4001), np.full(4000, 1, np.int32), q, 3, rng).ravel()  # three in five drawn again
    assert chisquare(np.bincount(drawn, minlength=5)[2:], len(drawn) * q[2:] / 0.4).pvalue > 1e-3


def test_a_rare_noise_word_is_found_however_long_it_takes():
    q = np.array([0, 1 - 1e-2, 1e-2])  # about a hundred rounds; the refusal looks after twenty
    drawn = draw_noise(np.array([0, 1, 2]), np.array([1, 1]), q, 4, np.random.default_rng(1))
    assert (drawn == 2).all() and drawn.dtype == np.int32 and drawn.shape == (2, 4)
    with pytest.raises(CorpusError, match="2 contexts are all the words"):
        draw_noise(np.array([0, 3]), np.array([1, 2, 1]), q, 1, np.random.default_rng(1))


def test_the_smallest_settings_are_allowed_and_the_books_are_the_defaults():
    corpus = make_corpus([["a", "b", "c", "d", "e", "f"] * 30])
    one = draw_examples(corpus, max_window=1, K=1, t=1.0, rng=np.random.default_rng(0))
    assert len(one) == 180 and np.diff(one.offsets).max() == 2 and one.noise.shape[1] == 1
    wide = make_corpus([[f"w{i}" for i in range(500)] * 30])
    book = draw_examples(wide, rng=np.random.default_rng(0))
    assert np.diff(book.offsets).max() == 10 and book.noise.shape == (len(book.contexts), 5)
    assert abs(len(book) - 15_000 * np.sqrt(1e-4 * 500)) < 5 * 60
    for array in (book.centers, book.contexts, book.noise):
        assert array.dtype == np.int32  # half of what int64 takes


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rng: subsample([1, 2], [0, 1], [1.0] * 3, rng), "^bounds does not cut ids; .*from 0 to 2"),
        (lambda rng: subsample([1, 2], [1, 2], [1.0] * 3, rng), "^bounds does not cut ids"),
        (lambda rng: subsample([1, 2], [0, 2, 1, 2], [1.0] * 3, rng), "^bounds does not cut ids"),
        (lambda rng: subsample([1, 3], [0, 2], [1.0] * 3, rng), "^ids has ids from 1 to 3, and keep rows from 0 to 2"),
        (lambda rng: subsample([1, -1], [0, 2], [1.0] * 3, rng), "^ids has values from -1"),
        (lambda rng: subsample([1, 1], [0, 2], [0, 1.5], rng), "^keep has values from 0 to 1.5"),
        (lambda rng: subsample([1, 1], [0, 2], [0, 1], 0), "^rng is 0; give a generator"),
        (lambda rng: draw_windows([1, 2], [0, 2], 0, rng), "^max_window is 0"),
        (lambda rng: draw_windows([1, 2], [0, 3], 1, rng), "^bounds does not cut"),
        (lambda rng: noise_distribution([0, 0]), "^counts has no word"),
        (lambda rng: noise_distribution([0, -1, 2]), "^counts has values from -1"),
        (lambda rng: noise_distribution([0, 1], float("nan")), "^power is nan"),
        (lambda rng: keep_probability([0, 1], 0), "^t is 0; give a number above 0"),
        (lambda rng: keep_probability([0, 1], formula="c"), "^formula is 'c'; give one of"),
        (lambda rng: draw_noise([0, 1], [1], [0.5, 0.4], 1, rng), "^distribution sums to 0.9"),
        (lambda rng: draw_noise([0, 1], [2], [0.5, 0.5], 1, rng), "^contexts has ids from 2 to 2"),
        (lambda rng: draw_noise([0, 2], [1], [0.5, 0.5], 1, rng), "^offsets does not cut contexts"),
    ],
)
def test_what_cannot_be_drawn_from(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.random.default_rng(0))


def test_probabilities_of_float32_are_taken():
    distribution = noise_distribution(np.arange(1, 50)).astype(np.float32)
    noise = draw_noise([0, 1], [1], distribution, 3, np.random.default_rng(0))
    assert noise.shape == (1, 3) and 1 not in noise


def test_the_share_that_subsampling_keeps_is_what_it_keeps(rng):
    ids = rng.choice(np.arange(1, 6), p=[0.6, 0.2, 0.1, 0.06, 0.04], size=100_000)
    counts = np.bincount(ids, minlength=6)
    for t in (1e-4, 0.01, 0.1):
        kept, _ = subsample(ids, np.array([0, len(ids)]), keep_probability(counts, t), rng)
        assert abs(kept_share(counts, t) - len(kept) / len(ids)) < 0.01
    assert kept_share(counts, None) == kept_share(counts, 0.61) == 1.0


@pytest.mark.parametrize("share", [1e-6, 0.1, 0.5, 0.99, 1.0])
def test_a_threshold_is_found_for_a_share(share):
    counts = np.array([0, 6000, 2000, 1000, 60, 4])
    t = t_for_share(counts, share)
    assert kept_share(counts, t) >= share and kept_share(counts, t * 0.998) < share
