"""Fixtures of the tests of `evaluation` and `uses`."""

import pytest
from planted import QUESTIONS, leaning

from helpers.vectors import to_keyed_vectors


@pytest.fixture(scope="session")
def gensims(wiki):
    """Vectors for Wikipedia's words, the same as gensim's, and gensim's answers."""
    pytest.importorskip("gensim", reason="gensim, the reference, is not installed")
    W = leaning(wiki.vocab)
    keyed = to_keyed_vectors(W, wiki.vocab)
    return W, keyed, *keyed.evaluate_word_analogies(QUESTIONS)
