"""Sentences as lists, noise words one by one."""

from itertools import islice

import numpy as np

from helpers.plain import noise_words, sentences_of
from helpers.sampling import keep_probability, noise_distribution


def test_sentences_are_those_of_the_text(toy):
    every = sentences_of(toy, None)
    assert every == [list(toy.ids[a:b]) for a, b in zip(toy.bounds, toy.bounds[1:])]
    assert all(type(word) is int for word in every[0])


def test_frequent_words_are_thinned_and_lone_words_left_out(toy):
    thinned = sentences_of(toy, 0.01, seed=1)
    assert thinned == sentences_of(toy, 0.01, seed=1) != sentences_of(toy, 0.01, seed=2)
    assert min(map(len, sentences_of(toy, 1e-4))) == 2 and len(sentences_of(toy, 1e-4)) < len(thinned)
    kept = np.bincount(np.concatenate(thinned), minlength=len(toy.vocab)) / np.maximum(toy.vocab.counts, 1)
    assert np.allclose(
        kept[toy.vocab.counts > 500], keep_probability(toy.vocab.counts, 0.01)[toy.vocab.counts > 500], atol=0.1
    )


def test_noise_words_come_as_often_as_they_should():
    counts = np.array([0, 16, 1, 81])
    words = list(islice(noise_words(counts, 0), 20_000))
    assert words == list(islice(noise_words(counts, 0), 20_000)) != list(islice(noise_words(counts, 1), 20_000))
    shares = np.bincount(words, minlength=4) / len(words)
    assert np.allclose(shares, noise_distribution(counts), atol=0.01)  # with the counts themselves: 0.16, 0.01, 0.83
