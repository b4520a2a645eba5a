"""Vectors in which some of Google's questions come out right, for the tests of `evaluation` and `uses`."""

import pytest
import torch

from helpers.evaluation import known_questions, read_analogies
from helpers.texts.samples import sample

QUESTIONS = str(sample("questions-words.txt"))
try:
    import gensim.models  # here, since it takes a second, which no test expects
except ImportError:
    gensim = None
needs_gensim = pytest.mark.skipif(gensim is None, reason="gensim, the reference, is not installed")


def vectors(vocab, D=20, seed=0):
    return torch.randn(len(vocab), D, generator=torch.Generator().manual_seed(seed))


def leaning(vocab):
    """Random vectors, of unequal lengths, whose pairs share their section's offset: some questions come out right."""
    W, R = vectors(vocab), vectors(vocab)
    for i, questions in enumerate(read_analogies().values(), 1):
        for a, b, c, d in known_questions(questions, vocab):
            W[b], W[d] = R[a] + 2 * R[i] + 0.6 * R[b], R[c] + 2 * R[i] + 0.6 * R[d]
    return W
