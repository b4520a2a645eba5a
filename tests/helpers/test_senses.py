"""Uses as vectors beside loops, groups and their score beside scikit-learn's, and pseudo-words place by place."""

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from helpers.arguments import ArgumentError
from helpers.corpus import make_corpus
from helpers.senses import adjusted_rand, context_vectors, excerpt, pseudo_words, two_groups, use_vectors
from helpers.texts import toy


@pytest.fixture(scope="module")
def corpus():
    return make_corpus(toy.sentences(300, seed=0), min_count=1, name="toy")


def test_a_use_is_the_mean_of_its_context():
    W = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    ids = np.array([1, 2, 0, 3, 1, 5])
    found = context_vectors(W, ids, [0, 4, 2], window=2)
    wanted = torch.stack([W[[2]].mean(dim=0), W[[3, 5]].mean(dim=0), W[[1, 2, 3, 1]].mean(dim=0)])
    assert torch.allclose(found, wanted, atol=1e-6)
    assert not context_vectors(W, np.array([1, 0, 0]), [0], window=2).any()  # nothing known around it
    assert context_vectors(W, ids, [], window=2).shape == (0, 3)


def test_an_excerpt_ends_where_its_sentence_does(corpus):
    for place in (0, int(corpus.bounds[1]), int(corpus.bounds[7]) + 2, len(corpus.ids) - 1):
        ids, at = excerpt(corpus, place, around=3)
        s = np.searchsorted(corpus.bounds, place, side="right") - 1
        start, end = max(corpus.bounds[s], place - 3), min(corpus.bounds[s + 1], place + 4)
        assert ids[at] == corpus.ids[place] and np.array_equal(ids, corpus.ids[start:end])
    with pytest.raises(ArgumentError, match="place"):
        excerpt(corpus, len(corpus.ids))


@pytest.mark.parametrize("window", [1, 5, 100])
def test_uses_anywhere_are_those_of_their_sentences(corpus, window):
    W = torch.randn(len(corpus.vocab), 8, generator=torch.Generator().manual_seed(1))
    places = np.random.default_rng(0).permutation(len(corpus.ids))[:60]
    found = use_vectors(corpus, places, W, window)
    for place, use in zip(places, found):
        ids, at = excerpt(corpus, int(place), around=1000)
        mean = context_vectors(W, ids, [at], window)[0]
        assert np.allclose(use, mean / mean.norm(), atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc")), min_size=2, max_size=40))
def test_the_adjusted_rand_index_is_the_librarys(pairs):
    one, other = zip(*pairs)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(other, one) == pytest.approx(adjusted_rand(one, other), abs=1e-12)


def test_labels_are_told_apart_as_python_does():
    assert adjusted_rand([1, 1.0, True, 2], ["x", "x", "x", "y"]) == 1.0
    with pytest.raises(ArgumentError, match="other"):
        adjusted_rand([1, 2, 3], [1, 2])
    with pytest.raises(ArgumentError, match="one"):
        adjusted_rand([[1], [2]], [1, 2])


def test_two_groups_of_what_lies_apart():
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(0, 0.1, (30, 5)), rng.normal(3, 0.1, (12, 5))])
    group, share = two_groups(X)
    assert group.tolist() == [0] * 30 + [1] * 12  # the larger is group 0
    means = np.array([X[group == k].mean(axis=0) for k in (0, 1)])
    within = ((X - means[group]) ** 2).sum() / ((X - X.mean(axis=0)) ** 2).sum()
    assert share == pytest.approx(1 - within, abs=1e-6) and share > 0.99
    one, nothing = two_groups(np.ones((4, 3)))
    assert one.tolist() == [0] * 4 and nothing == 0.0
    with pytest.raises(ArgumentError, match="X has 1 rows"):
        two_groups(np.ones((1, 3)))


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_pseudo_words_change_no_other_place(corpus, share):
    frequent = np.argsort(-corpus.vocab.counts)[:6].reshape(3, 2)
    changed, made = pseudo_words(corpus, frequent, share, seed=3)
    old, new = (np.array(c.vocab.words, dtype=object)[c.ids] for c in (corpus, changed))
    assert changed.vocab.counts.tolist() == [0, *np.bincount(changed.ids, minlength=len(changed.vocab))[1:]]
    assert (np.diff(changed.vocab.counts[1:]) <= 0).all() and np.array_equal(changed.bounds, corpus.bounds)
    both = {corpus.vocab.words[w]: "|".join(corpus.vocab.to_words(pair)) for pair in frequent for w in pair}
    moved = old != new
    assert all(new[p] == both[old[p]] for p in np.flatnonzero(moved))
    before, renamed = Counter(old), Counter(old[moved])
    assert renamed == {word: max(1, round(share * before[word])) for word in both}
    for pair, row in zip(frequent, made):
        words = corpus.vocab.to_words(pair)
        assert changed.vocab.to_words(row) == [*words, "|".join(words)]
    other = pseudo_words(corpus, frequent, share, seed=4)[0]
    assert np.array_equal(other.ids, changed.ids) == (share == 1.0)  # which places: by the seed


def test_a_word_paired_with_itself_is_parted(corpus):
    changed, made = pseudo_words(corpus, [[5, 5], [1, 2]], share=0.5)
    word = corpus.vocab.words[5]
    assert changed.vocab.to_words(made[0]) == [word, word, f"{word}|{word}"]
    old, half = corpus.vocab.counts[5], changed.vocab.counts[made[0]]
    assert half[2] == round(old / 2) and half[0] + half[2] == old


@pytest.mark.parametrize("pairs", [[[1, 1], [2, 1]], [[1, 2], [2, 3]], [[0, 1]], [[1, 10**6]]])
def test_pairs_that_are_none(corpus, pairs):
    with pytest.raises(ArgumentError, match="pairs"):
        pseudo_words(corpus, pairs)
