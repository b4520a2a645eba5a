# Used from 05 · tests/helpers/test_plain.py
"""A text as lists and noise words one by one, for functions that a reader writes without arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers.arguments import checked, instance, number, optional, seed
from helpers.corpus import Corpus
from helpers.sampling import keep_or_all, noise_distribution, subsample
from helpers.shapes import counts_of

BLOCK = 100_000  # noise words that are drawn at once


@checked(corpus=instance(Corpus), t=optional(number(above=0)), seed=seed())
def sentences_of(corpus: Corpus, t: float | None, seed: int = 0) -> list[list[int]]:
    """The subsampled sentences of a text, as lists of ids; those of one word are left out.

    Parameters
    ----------
    corpus : Corpus
    t : float or None
        Subsampling threshold; None keeps every occurrence.
    seed : int
    """
    keep = keep_or_all(corpus.vocab.counts, t)
    ids, bounds = subsample(corpus.ids, corpus.bounds, keep, np.random.default_rng(seed))
    return [ids[start:stop].tolist() for start, stop in zip(bounds, bounds[1:]) if stop - start > 1]


@checked(counts=counts_of("V"), seed=seed())
def noise_words(counts, seed: int = 0) -> Iterator[int]:
    """Noise words without end, as `sampling.noise_distribution` has them: ``next`` gives one.

    Parameters
    ----------
    counts : np.ndarray of int, shape (V,)
    seed : int
    """
    rng, p = np.random.default_rng(seed), noise_distribution(counts)
    while True:
        yield from rng.choice(len(p), BLOCK, p=p).tolist()
