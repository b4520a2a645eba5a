# Used from 06 · tests/experiments/test_sweep.py
"""gensim as a peer, trained on the same tokens and put in the same form; notebooks 07 and 10 (gensim is optional)."""

from __future__ import annotations

import time

import torch
from torch import nn

from helpers.arguments import checked, instance, number, whole
from helpers.corpus import Corpus
from helpers.engines.safety import check_text
from helpers.texts.samples import VERSION

REMEDY = f"pip install gensim=={VERSION}, on Python 3.10 to 3.13"


def gensim_ready() -> bool:
    """Whether gensim, the peer, can be imported here. Prints in one line why not and what is skipped."""
    try:
        import gensim  # noqa: F401
    except Exception as error:  # a build for another NumPy raises ValueError
        print(f"The comparison with gensim is skipped: no gensim here ({error}). To run it: {REMEDY}")
        return False
    return True


@checked(
    corpus=instance(Corpus), dim=whole(1, 10_000), epochs=whole(1, 1_000_000), alpha=number(above=0, most=10),
    seed=whole(0, 2**32 - 2), workers=whole(1, 1024),
)  # fmt: skip
def train_gensim(
    corpus: Corpus, *, dim: int = 100, epochs: int = 5, alpha: float = 0.025, seed: int = 0, workers: int = 2
) -> tuple[nn.Sequential, float]:
    """Train gensim's skip-gram with negative sampling on the same tokens, with the course's settings.

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
        from gensim.models import Word2Vec
    except ImportError as error:
        raise ImportError(f"gensim, the peer of this comparison, is not here ({error}): {REMEDY}") from error
    check_text(corpus)
    words = corpus.vocab.words
    sentences = [[words[i] for i in corpus.ids[a:b]] for a, b in zip(corpus.bounds[:-1], corpus.bounds[1:])]
    # gensim cuts sentences off at 10,000 words, in silence: hand over longer ones in pieces
    sentences = [s[i : i + 10_000] for s in sentences for i in range(0, len(s), 10_000)]
    peer = Word2Vec(
        vector_size=dim, window=5, min_count=1, sg=1, hs=0, negative=5, ns_exponent=0.75, sample=1e-4,
        alpha=alpha, workers=workers, seed=seed + 1, shrink_windows=True,
    )  # fmt: skip
    peer.build_vocab(sentences)
    start = time.perf_counter()
    peer.train(sentences, total_examples=len(sentences), epochs=epochs)
    seconds = time.perf_counter() - start
    order = [peer.wv.key_to_index[word] for word in words[1:]]
    tables = [torch.cat([torch.zeros(1, dim), torch.from_numpy(W[order])]) for W in (peer.wv.vectors, peer.syn1neg)]
    return nn.Sequential(*(nn.Embedding.from_pretrained(W, freeze=False) for W in tables)), seconds
