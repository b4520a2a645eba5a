# Taught in 09 · exercised in 9.1, 9.3, 9.4 · tests/helpers/test_theory.py
"""What skip-gram computes: the score that its loss wants for each pair of words, and tables trained on exact counts."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from helpers.arguments import checked, instance, number, optional, seed, whole
from helpers.corpus import Corpus
from helpers.counts import PAIRS, dense
from helpers.sampling import draw_examples, noise_distribution
from helpers.shapes import tensor


@checked(N=dense, K=PAIRS["K"], power=PAIRS["power"])
def noise_counts(N, K=5, power=1.0):
    """Expected noise words of each center when K are drawn for each context, whatever the contexts are.

    Parameters
    ----------
    N : np.ndarray of float, shape (V, V)
        Expected contexts of each center.
    K : int
    power : float
        The noise distribution is the contexts' to this power; 1 is the case of Levy and Goldberg (2014a), 0.75
        word2vec's.

    Returns
    -------
    np.ndarray of float64, shape (V, V)
    """
    q = N.sum(axis=0) ** power * (N.sum(axis=0) > 0)
    return K * np.outer(N.sum(axis=1), q / q.sum())


@checked(score=tensor("V V"), N=tensor("V V", least=0), M=tensor("V V", least=0))
def expected_loss(score, N, M):
    """Loss of negative sampling with N expected contexts and M expected noise words, for one context.

    Parameters
    ----------
    score : torch.Tensor, shape (V, V)
    N, M : torch.Tensor, shape (V, V)
        Not all of N is 0.

    Returns
    -------
    torch.Tensor, shape ()
    """
    softplus = nn.functional.softplus
    return (N * softplus(-score) + M * softplus(score)).sum() / N.sum()


@checked(N=dense, M=dense)
def lowest_loss(N, M) -> float:
    """What `expected_loss` is where every pair has its own best score, log N / M: no model can go below it.

    Parameters
    ----------
    N, M : np.ndarray of float, shape (V, V)

    Returns
    -------
    float
    """
    both = (N > 0) & (M > 0)  # a pair that is never a context, or never noise, costs nothing at the best score
    n, m = N[both], M[both]
    return float((n * np.log1p(m / n) + m * np.log1p(n / m)).sum() / N.sum())


@checked(N=dense, M=dense, dim=whole(1, 100_000), steps=whole(1, 1_000_000), seed=seed())
def fit(N, M, dim=100, *, steps=500, seed=0):
    """Train two tables on expected counts, all pairs at once, by L-BFGS.

    With room for all pairs it stops where it no longer moves; with few dimensions, at ``steps``.

    Parameters
    ----------
    N, M : np.ndarray of float, shape (V, V)
        Expected contexts and noise words of each center.
    dim : int
        From V on, each score is free to take its own optimum.
    steps : int
        At most.
    seed : int
        Of the initial tables.

    Returns
    -------
    v, u : torch.Tensor of float64, shape (V, D)
    loss : float
        As `expected_loss` has it.
    """
    generator = torch.Generator().manual_seed(seed)
    v, u = (0.5 * torch.randn(len(N), dim, generator=generator, dtype=torch.float64) / dim**0.25 for _ in range(2))
    N, M = torch.from_numpy(N), torch.from_numpy(M)
    optimizer = torch.optim.LBFGS(
        [v.requires_grad_(), u.requires_grad_()], max_iter=steps, tolerance_grad=1e-9, tolerance_change=1e-12,
        history_size=30, line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure():
        optimizer.zero_grad()
        loss = expected_loss(v @ u.T, N, M)
        loss.backward()
        return loss

    optimizer.step(closure)
    return v.detach(), u.detach(), float(closure().detach())


@checked(corpus=instance(Corpus), t=optional(number(above=0, most=1)), seed=seed())
def refused_share(corpus: Corpus, t: float | None = 1e-4, seed: int = 0) -> float:
    """Share of the noise words drawn that the book's rule refuses, as they are contexts of their center in its window.

    Parameters
    ----------
    corpus : Corpus
    t : float, optional
        Subsampling threshold; None keeps every word.
    seed : int
        Of the windows. The noise words are not drawn: the share is their expectation.

    Returns
    -------
    float
    """
    examples = draw_examples(corpus, t=t, K=1, rng=np.random.default_rng(seed))
    size, V = np.diff(examples.offsets), len(corpus.vocab)
    row = np.repeat(np.arange(len(examples)), size)
    pair = np.unique(row * np.int64(V) + examples.contexts)  # a word twice in a window counts once
    q = noise_distribution(corpus.vocab.counts)[pair % V]
    share = np.bincount(pair // V, weights=q, minlength=len(examples))  # what a center's contexts hold of q
    return float(np.average(share, weights=size))  # a center draws K for each context
