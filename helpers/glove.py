# Taught in 12 · tests/helpers/test_glove.py
"""GloVe: word vectors by a weighted least squares fit to logarithms of counts.

Pennington, Socher and Manning 2014.
"""

from __future__ import annotations

import numpy as np
import scipy
import torch

from helpers.arguments import ArgumentError, checked, number, seed, whole
from helpers.counts import PAIRS


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
