# Taught in 09 · exercised in 9.2 · tests/helpers/test_counts.py
"""Word vectors by counting: which words stand beside which, how such counts are weighted, and their factorisation."""

from __future__ import annotations

import numpy as np
import scipy  # loads scipy.sparse, which takes half a second, when it is first used
import torch

from helpers.arguments import ArgumentError, checked, instance, number, refuse, seed, whole
from helpers.corpus import Vocab
from helpers.questions import PAIRS as QUESTIONS
from helpers.questions import read_pairs
from helpers.sampling import Examples
from helpers.shapes import array
from helpers.spellings import AnyCase
from helpers.texts import toy


def _matrix(name, value, sizes):
    """Counts of pairs, of which there are some, as they are: an array, or sparse."""
    if not scipy.sparse.issparse(value):
        value = array("V V", least=0)(name, value, sizes)
    data = value.data if scipy.sparse.issparse(value) else value
    square = len(value.shape) == 2 and value.shape[0] == value.shape[1]
    if not square or data.dtype.kind not in "iuf" or not data.size or not 0 <= data.min() <= data.max() < np.inf:
        raise refuse(name, value, "counts of pairs, 0 or more, shape (V, V)")
    if not data.max() > 0:
        raise ArgumentError(f"{name} has no pair that occurs; give counts of a text")
    return value


def dense(name, value, sizes):
    """A rule: counts of pairs as an array."""
    return _matrix(name, array("V V", least=0)(name, value, sizes), sizes)


PAIRS = {"N": _matrix, "K": whole(1, 1_000_000), "power": number(least=0, most=10)}


def _grammar_fits(vocab, **_):
    words = {word for _, slots in toy.expected_sentences() for slot in slots for word in slot}
    missing = sorted(words - {*vocab.words})
    if missing:
        raise ArgumentError(f"vocab lacks {missing[0]!r}, a word of the grammar; give that of load_corpus('toy')")


@checked(_grammar_fits, vocab=instance(Vocab), max_window=whole(1, 10_000))
def grammar_counts(vocab: Vocab, max_window=5):
    """How often each word is expected beside each other word in one sentence of the toy grammar.

    No sentence is drawn: the expectation is over the grammar and over the window sizes 1..max_window. A context word at
    distance d is inside the window with probability (max_window - d + 1) / max_window.

    Returns
    -------
    np.ndarray of float64, shape (V, V)
        Row: center, column: context. Symmetric.
    """
    N = np.zeros((len(vocab), len(vocab)))
    for p, slots in toy.expected_sentences():
        words = np.zeros((len(slots), len(vocab)))  # each position's distribution
        for position, slot in enumerate(slots):
            words[position, [vocab[word] for word in slot]] = list(slot.values())
        distance = np.abs(np.subtract.outer(np.arange(len(slots)), np.arange(len(slots))))
        inside = np.clip(max_window + 1 - distance, 0, None) / max_window * (distance > 0)
        N += p * words.T @ inside @ words
    return N


def _ids_fit(examples, V):
    for part in (examples.centers, examples.contexts, examples.noise.ravel()):
        if len(part) and not 0 <= part.min() <= part.max() < V:
            raise ArgumentError(f"V is {V}, and examples have ids to {part.max()}; give the size of their vocabulary")


@checked(_ids_fit, examples=instance(Examples), V=whole(1, 10_000_000))
def count_pairs(examples: Examples, V: int):
    """How often each word is a context, and how often a noise word, of each center in some examples.

    Returns
    -------
    contexts, noise : scipy.sparse.csr_matrix of float64, shape (V, V)
        Row: center.
    """
    center = np.repeat(examples.centers, np.diff(examples.offsets))
    K = examples.noise.shape[1]
    ones = np.ones(len(center))
    contexts = scipy.sparse.csr_matrix((ones, (center, examples.contexts)), shape=(V, V))
    drawn = (np.ones(len(center) * K), (np.repeat(center, K), examples.noise.ravel()))
    noise = scipy.sparse.csr_matrix(drawn, shape=(V, V))
    return contexts, noise


@checked(N=PAIRS["N"])
def tf_idf(N):
    """Counts of pairs, each times the logarithm of how few words its context stands beside.

    Parameters
    ----------
    N : scipy.sparse matrix or np.ndarray, shape (V, V)
        Row: center, column: context.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (V, V)
        A context that stands beside every word has 0 throughout.
    """
    N = scipy.sparse.csr_matrix(N)
    N.eliminate_zeros()
    beside = N.getnnz(axis=0)  # of how many words each is a context
    return N @ scipy.sparse.diags(np.log(max(beside) / np.maximum(beside, 1)))


@checked(N=dense)
def pmi(N):
    """Pointwise mutual information, log p(w, c) / (p(w) p(c)), in nats; -inf where a pair never occurs.

    Returns
    -------
    np.ndarray of float64, shape (V, V)
        nan where a word never occurs.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(N * N.sum() / np.outer(N.sum(axis=1), N.sum(axis=0)))


@checked(**PAIRS)
def shifted_positive_pmi(N, K=5, power=1.0):
    """max(log N / M, 0) on the pairs that occur: PMI - log K where the power is 1, cut off at 0.

    With K = 1 and the power 1 it is positive PMI.

    The other pairs, whose PMI is -inf, become 0 as well, so that the matrix stays sparse (Levy and Goldberg 2014a).

    Parameters
    ----------
    N : scipy.sparse matrix, shape (V, V)
        Contexts of each center.
    K : int
    power : float
        As in `noise_counts`.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (V, V)
    """
    N = scipy.sparse.csr_matrix(N).tocoo()  # a cell once
    rows, columns = (np.asarray(N.sum(axis=axis)).ravel() for axis in (1, 0))
    q = np.where(columns > 0, columns, 1.0) ** power * (columns > 0)
    value = np.log(N.data / (K * rows[N.row] * (q / q.sum())[N.col]))
    matrix = scipy.sparse.csr_matrix((np.maximum(value, 0), (N.row, N.col)), shape=N.shape)
    matrix.eliminate_zeros()
    return matrix


def _dim_fits(matrix, dim=100, **_):
    if not np.isfinite(matrix.data).all() or not matrix.data.any():
        raise refuse("matrix", matrix, "a sparse matrix of finite numbers that are not all 0")
    if dim >= min(matrix.shape):
        raise ArgumentError(f"dim is {dim}; give 1 to {min(matrix.shape) - 1}, below the size of matrix")


def _sparse(name, value, sizes):
    if not scipy.sparse.issparse(value):
        value = array("V C")(name, value, sizes)
    if value.dtype.kind not in "iuf":
        raise refuse(name, value, "a matrix of numbers")
    return scipy.sparse.csr_matrix(value, dtype=float)


def _rows_fit(matrix, vocab):
    if matrix.shape[0] != len(vocab):
        raise ArgumentError(f"matrix has {matrix.shape[0]} rows and vocab {len(vocab)} words; give a row a word")


@checked(_dim_fits, matrix=_sparse, dim=whole(1), exponent=number(least=0, most=10), seed=seed())
def svd_vectors(matrix, dim=100, exponent=0.5, seed=0):
    """Word vectors by truncated singular value decomposition: X S^exponent, of a sparse matrix X S Y^T.

    Parameters
    ----------
    matrix : scipy.sparse matrix, shape (V, V)
    dim : int, below V
    exponent : float
        1 gives the best factorisation's left side; 0.5 shares the singular values between words and contexts, as
        skip-gram's two tables do.

    Returns
    -------
    center, context : torch.Tensor of float32, shape (V, D)
        X S^exponent and Y S^exponent, the largest singular value first.
    """
    start = np.random.default_rng(seed).normal(size=min(matrix.shape))
    left, values, right = scipy.sparse.linalg.svds(matrix, k=dim, v0=start)
    order = np.argsort(-values)
    scale = values[order] ** exponent
    tables = (left[:, order] * scale, right[order].T * scale)
    return tuple(torch.from_numpy(np.ascontiguousarray(W, dtype=np.float32)) for W in tables)


@checked(_rows_fit, matrix=_sparse, vocab=instance(Vocab))
def asked_rows(matrix, vocab):
    """Rows of a large sparse matrix for the words that people rated, small enough for `evaluation.word_similarity`.

    Parameters
    ----------
    matrix : scipy.sparse matrix, shape (V, C)
    vocab : corpus.Vocab
        Of V words, asked in any spelling.

    Returns
    -------
    W : torch.Tensor of float32, shape (n, C)
    vocab : corpus.Vocab
        Of n words, the padding among them.
    """
    known = AnyCase(vocab)
    rated = {word for name in QUESTIONS for *pair, _ in read_pairs(name) for word in pair}
    ids = sorted({known[word] for word in rated if word in known})
    W = torch.from_numpy(matrix[[0, *ids]].toarray().astype(np.float32))
    return W, Vocab([vocab.words[i] for i in ids], vocab.counts[ids])
