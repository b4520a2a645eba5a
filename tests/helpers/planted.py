"""Vectors in which some of Google's questions come out right, for the tests of `evaluation` and `uses`."""

import torch
from gensim.test.utils import datapath

from helpers.evaluation import known_questions, read_analogies

QUESTIONS = datapath("questions-words.txt")


def vectors(vocab, D=20, seed=0):
    return torch.randn(len(vocab), D, generator=torch.Generator().manual_seed(seed))


def leaning(vocab):
    """Random vectors, of unequal lengths, whose pairs share their section's offset: some questions come out right."""
    W, R = vectors(vocab), vectors(vocab)
    for i, questions in enumerate(read_analogies().values(), 1):
        for a, b, c, d in known_questions(questions, vocab):
            W[b], W[d] = R[a] + 2 * R[i] + 0.6 * R[b], R[c] + 2 * R[i] + 0.6 * R[d]
    return W
