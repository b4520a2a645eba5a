# Used from 10 · exercised in 12.5 · tests/experiments/test_sweep.py
"""gensim as a peer, trained on the same tokens and put in the same form; notebooks 10 and 12 (gensim is optional)."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import nn

from helpers.arguments import checked, instance, number, one_of, whole
from helpers.corpus import Corpus
from helpers.engines.safety import check_text
from helpers.sampling import keep_probability, subsample
from helpers.texts.samples import VERSION

T = 1e-4  # the threshold of subsampling

REMEDY = f"pip install gensim=={VERSION}, on Python 3.10 to 3.13"


def gensim_ready() -> bool:
    """Whether gensim, the peer, can be imported here. Prints in one line why not and what is skipped."""
    try:
        import gensim  # noqa: F401
    except Exception as error:  # a build for another NumPy raises ValueError
        print(f"The comparison with gensim is skipped: no gensim here ({error}). To run it: {REMEDY}")
        return False
    return True


class _Thinned:
    """A text that is thinned anew, by the book's formula, each time that somebody goes through it."""

    def __init__(self, corpus: Corpus, seed: int):
        self.corpus, self.rng = corpus, np.random.default_rng(seed)
        self.keep, self.words = keep_probability(corpus.vocab.counts, T), np.array(corpus.vocab.words, dtype=object)

    def __iter__(self):
        ids, bounds = subsample(self.corpus.ids, _cut(self.corpus.bounds), self.keep, self.rng)
        return iter(_sentences(self.words, ids, bounds))


def _cut(bounds: np.ndarray) -> np.ndarray:
    """Bounds of sentences of at most 10,000 tokens: what is longer gensim cuts off in silence."""
    starts = [np.arange(a, b, 10_000) for a, b in zip(bounds[:-1], bounds[1:])]
    return np.concatenate([*starts, bounds[-1:]])


def _sentences(words: np.ndarray, ids: np.ndarray, bounds: np.ndarray) -> list[list[str]]:
    return [words[ids[a:b]].tolist() for a, b in zip(bounds[:-1], bounds[1:])]


@checked(
    corpus=instance(Corpus), dim=whole(1, 10_000), epochs=whole(1, 1_000_000), alpha=number(above=0, most=10),
    seed=whole(0, 2**32 - 2), workers=whole(1, 1024), subsampling=one_of("gensim", "book"),
    kind=one_of("skip-gram", "cbow", "fasttext"), buckets=whole(1, 2**31 - 1),
)  # fmt: skip
def train_gensim(
    corpus: Corpus, *, dim: int = 100, epochs: int = 5, alpha: float = 0.025, seed: int = 0, workers: int = 2,
    subsampling: str = "gensim", kind: str = "skip-gram", buckets: int = 100_000,
) -> tuple[nn.Sequential, float]:  # fmt: skip
    """Train gensim's skip-gram, CBOW or FastText with negative sampling on the same tokens, with the course's settings.

    Parameters
    ----------
    corpus : Corpus
        Its ids are handed over as words, so that vocabulary, counts and sentences are the same.
    dim, epochs : int
    alpha : float
        gensim's learning rate at the start; it falls linearly to 0.0001. 0.025 is gensim's default.
    seed : int
    workers : int
        Threads. With 1 the result is the same each time.
    subsampling : {"gensim", "book"}
        gensim's own formula, that of word2vec.c, keeps more tokens. With "book" it is handed a text that is thinned
        anew for each epoch by the formula of this course, and drops nothing itself.
    kind : {"skip-gram", "cbow", "fasttext"}
        CBOW predicts a word from the mean of its contexts' vectors, which are then the first table. FastText is
        skip-gram whose center vectors are means over a word and its n-grams of 3 to 6 letters; they are returned.
    buckets : int
        Of FastText's n-grams.

    Returns
    -------
    model : nn.Sequential
        The two tables as `model.make_model` has them: ``wv`` for centers and ``syn1neg`` for contexts, row 0 zero.
    seconds : float
        Wall-clock time of the training, without building the vocabulary.

    Raises
    ------
    ArgumentError
        For an argument out of range, or a corpus whose ids, bounds and words do not fit.
    ImportError
        Where gensim is not installed, with the remedy.
    """
    try:
        from gensim.models import FastText, Word2Vec
    except ImportError as error:
        raise ImportError(f"gensim, the peer of this comparison, is not here ({error}): {REMEDY}") from error
    check_text(corpus)
    words = corpus.vocab.words
    sentences = _sentences(np.array(words, dtype=object), corpus.ids, _cut(corpus.bounds))
    make, more = (FastText, {"bucket": buckets}) if kind == "fasttext" else (Word2Vec, {"cbow_mean": 1})
    peer = make(
        vector_size=dim, window=5, min_count=1, sg=int(kind != "cbow"), hs=0, negative=5, ns_exponent=0.75,
        sample=T if subsampling == "gensim" else 0, alpha=alpha, workers=workers, seed=seed + 1, shrink_windows=True,
        **more,
    )  # fmt: skip
    peer.build_vocab(sentences)
    start = time.perf_counter()
    text = sentences if subsampling == "gensim" else _Thinned(corpus, seed)
    peer.train(text, total_examples=len(sentences), epochs=epochs)
    seconds = time.perf_counter() - start
    order = [peer.wv.key_to_index[word] for word in words[1:]]
    tables = [torch.cat([torch.zeros(1, dim), torch.from_numpy(W[order])]) for W in (peer.wv.vectors, peer.syn1neg)]
    return nn.Sequential(*(nn.Embedding.from_pretrained(W, freeze=False) for W in tables)), seconds
