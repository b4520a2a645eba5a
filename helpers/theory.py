"""What skip-gram computes: its optimum in closed form, the factorisation behind it, and a common yardstick."""

from __future__ import annotations

import time
from itertools import islice

import numpy as np
import torch
from scipy import sparse
from scipy.sparse.linalg import svds
from torch import nn

from helpers import toy
from helpers.batches import minibatches
from helpers.corpus import Corpus, Vocab
from helpers.history import Settings
from helpers.model import make_model
from helpers.sampling import Examples, draw_examples, noise_distribution
from helpers.training import step


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
    contexts = sparse.csr_matrix((ones, (center, examples.contexts)), shape=(V, V))
    noise = sparse.csr_matrix((np.ones(len(center) * K), (np.repeat(center, K), examples.noise.ravel())), shape=(V, V))
    return contexts, noise


def noise_counts(N, K=5, power=1.0):
    """Expected noise words of each center when K are drawn for each context, whatever the contexts are.

    Parameters
    ----------
    N : np.ndarray of float, shape (V, V)
        Expected contexts of each center.
    K : int
    power : float
        The noise distribution is the contexts' to this power; 1 is the case of Levy and Goldberg (2014), 0.75 the
        program's.

    Returns
    -------
    np.ndarray of float64, shape (V, V)
    """
    q = N.sum(axis=0) ** power * (N.sum(axis=0) > 0)
    return K * np.outer(N.sum(axis=1), q / q.sum())


def pmi(N):
    """Pointwise mutual information, log p(w, c) / (p(w) p(c)), in nats; -inf where a pair never occurs.

    Returns
    -------
    np.ndarray of float64, shape (V, V)
        nan where a word never occurs.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(N * N.sum() / np.outer(N.sum(axis=1), N.sum(axis=0)))


def expected_loss(score, N, M):
    """Loss of negative sampling with N expected contexts and M expected noise words, for one context.

    Parameters
    ----------
    score : torch.Tensor, shape (V, V)
    N, M : torch.Tensor, shape (V, V)

    Returns
    -------
    torch.Tensor, shape ()
    """
    softplus = nn.functional.softplus
    return (N * softplus(-score) + M * softplus(score)).sum() / N.sum()


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


def shifted_positive_pmi(N, K=5, power=1.0):
    """max(log N / M, 0) on the pairs that occur: PMI - log K where the power is 1, cut off at 0.

    The other pairs, whose PMI is -inf, become 0 as well, so that the matrix stays sparse (Levy and Goldberg 2014).

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
    N = sparse.csr_matrix(N).tocoo()  # a cell once
    rows, columns = (np.asarray(N.sum(axis=axis)).ravel() for axis in (1, 0))
    q = np.where(columns > 0, columns, 1.0) ** power * (columns > 0)
    value = np.log(N.data / (K * rows[N.row] * (q / q.sum())[N.col]))
    matrix = sparse.csr_matrix((np.maximum(value, 0), (N.row, N.col)), shape=N.shape)
    matrix.eliminate_zeros()
    return matrix


def svd_vectors(matrix, dim=100, exponent=0.5, seed=0):
    """Word vectors by truncated singular value decomposition: U S^exponent, of a sparse matrix.

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
        U S^exponent and V S^exponent, the largest singular value first.
    """
    start = np.random.default_rng(seed).normal(size=min(matrix.shape))
    left, values, right = svds(matrix, k=dim, v0=start)
    order = np.argsort(-values)
    scale = values[order] ** exponent
    tables = (left[:, order] * scale, right[order].T * scale)
    return tuple(torch.from_numpy(np.ascontiguousarray(W, dtype=np.float32)) for W in tables)


def context_bits(model: nn.Sequential, examples, log_prior=None) -> float:
    """Bits that a model needs for a context word, given its center: the cross-entropy of p(context | center).

    A model of the full softmax says p(c | w) in proportion to exp(u.v). Negative sampling ends where exp(u.v) is
    p(c | w) / (K q(c)), q the noise distribution, so it says p(c | w) in proportion to q(c) exp(u.v). Normalised, the
    two can be compared with each other, and with the unigram model that looks at no center word.

    Parameters
    ----------
    model : nn.Sequential
    examples : sampling.Examples
        Its pairs are scored; its noise words are not looked at.
    log_prior : np.ndarray of float, shape (V,), optional
        log q. Default: 0, which is the full softmax. -inf for a word that cannot occur, such as the padding.

    Returns
    -------
    float
        Mean of -log2 p(c | w) over the pairs.
    """
    V = len(model[0].weight)
    if log_prior is None:
        log_prior = np.where(np.arange(V) > 0, 0.0, -np.inf)
    v, u = (embed.weight.detach().cpu() for embed in model)
    prior = torch.from_numpy(np.asarray(log_prior)).to(v.dtype)
    words, row = np.unique(examples.centers, return_inverse=True)
    pair_row = torch.from_numpy(np.repeat(row, np.diff(examples.offsets)))
    contexts = torch.from_numpy(examples.contexts.astype(np.int64))
    total = 0.0
    for first in range(0, len(words), 1000):
        logits = v[torch.from_numpy(words[first : first + 1000].astype(np.int64))] @ u.T + prior  # (n, V)
        here = (pair_row >= first) & (pair_row < first + len(logits))
        log_p = torch.log_softmax(logits, dim=1)
        total -= float(log_p[pair_row[here] - first, contexts[here]].double().sum())
    return total / len(contexts) / float(np.log(2))


def dense_step(model: nn.Sequential, center, contexts, row, objective: str, q, K: int) -> torch.Tensor:
    """Add one minibatch's gradients of an objective that looks at every word of the vocabulary.

    Parameters
    ----------
    model : nn.Sequential
        With ``.grad`` of the tables in place.
    center : torch.Tensor of int64, shape (B,)
    contexts, row : torch.Tensor of int64, shape (n,)
        The batch's context words, and the center in 0..B - 1 that each belongs to.
    objective : {"softmax", "expectation"}
        The mean over each center's contexts of -log p(c | w), p the softmax over the vocabulary; or negative
        sampling's loss with the K noise words replaced by their expectation, whatever the contexts are.
    q : torch.Tensor, shape (V,)
        The noise distribution.
    K : int

    Returns
    -------
    torch.Tensor, shape ()
        The summed loss.
    """
    v, u = model[0].weight.detach(), model[1].weight.detach()
    score = v[center] @ u.T  # (B, D) @ (D, V) -> (B, V)
    score[:, 0] = -30.0  # the padding is no word
    share = (1 / torch.bincount(row, minlength=len(center)))[row]  # a center's contexts share a weight of 1
    if objective == "softmax":
        error = torch.softmax(score, dim=1)
        loss = -(share * error[row, contexts].log()).sum()
        error.index_put_((row, contexts), -share, accumulate=True)
    elif objective == "expectation":
        softplus, at_context = nn.functional.softplus, score[row, contexts]
        loss = ((share * softplus(-at_context)).sum() + K * (softplus(score) @ q).sum()) / (1 + K)
        error = torch.sigmoid(score) * (K * q / (1 + K))
        error.index_put_((row, contexts), -share * torch.sigmoid(-at_context) / (1 + K), accumulate=True)
    else:
        raise ValueError(f"objective is {objective!r}; give 'softmax' or 'expectation'")
    model[0].weight.grad.index_add_(0, center, error @ u)  # (B, V) @ (V, D) -> (B, D)
    model[1].weight.grad += error.T @ v[center]  # (V, B) @ (B, D) -> (V, D)
    return loss


def _dense_batches(examples: Examples, batch_size: int, rng: np.random.Generator):
    """Shuffled minibatches without padding: center (B,), contexts (n,), and the row that each context belongs to."""
    order = rng.permutation(len(examples))
    for first in range(0, len(order), batch_size):
        rows = order[first : first + batch_size]
        size = np.diff(examples.offsets)[rows]
        slots = np.concatenate([np.arange(*examples.offsets[[r, r + 1]]) for r in rows])
        batch = (examples.centers[rows], examples.contexts[slots], np.repeat(np.arange(len(rows)), size))
        yield tuple(torch.from_numpy(x.astype(np.int64)) for x in batch)


def train_dense(
    model: nn.Sequential,
    corpus: Corpus,
    objective: str,
    *,
    epochs: int = 5,
    seed: int = 0,
    K: int = 5,
    lr: float = 0.002,
) -> tuple[list[float], float]:
    """Train as `training.train` does, on the same words, windows and steps, with an objective that samples no noise.

    Parameters
    ----------
    model, corpus, objective, epochs, seed, K, lr
        As in `dense_step` and `training.train`.

    Returns
    -------
    losses : list of float
        The mean of each epoch.
    seconds : float
    """
    settings = Settings(seed=seed, K=K, lr=lr)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    q = torch.from_numpy(noise_distribution(corpus.vocab.counts)).float()
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    losses, start = [], time.perf_counter()
    for epoch in range(epochs):
        examples = draw_examples(corpus, **settings.drawing(), rng=np.random.default_rng([seed, epoch]))
        total = 0.0
        for batch in _dense_batches(examples, settings.batch_size, np.random.default_rng([seed, epoch, 1])):
            for embed in model:
                embed.weight.grad.zero_()
            total += float(dense_step(model, *batch, objective, q, K))
            optimizer.step()
        losses.append(total / len(examples))
    for embed in model:
        embed.weight.grad = None
    return losses, time.perf_counter() - start


def step_seconds(corpus: Corpus, objectives, *, dim: int = 100, rounds: int = 5, steps: int = 4) -> list[float]:
    """Time one training step of several objectives, in turn, so that a busy moment falls on all of them.

    Parameters
    ----------
    corpus : Corpus
    objectives : sequence of int or str
        A number K of noise words for each context, or an objective of `dense_step`.
    dim, rounds, steps : int
        Each of the rounds times ``steps`` steps of every objective, at the book's other settings.

    Returns
    -------
    list of float
        Median over the rounds of the seconds a step: gradients and Adam, without drawing the examples.
    """
    q = torch.from_numpy(noise_distribution(corpus.vocab.counts)).float()
    runs = []
    for objective in objectives:
        model = make_model(len(corpus.vocab), dim)
        for embed in model:
            embed.weight.grad = torch.zeros_like(embed.weight)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.002, fused=True)
        rng = np.random.default_rng(0)
        K = objective if isinstance(objective, int) else 5
        settings = Settings(K=K)
        examples = draw_examples(corpus, **settings.drawing(), rng=rng)
        if isinstance(objective, int):
            batches = minibatches(examples, settings.batch_size, rng)
        else:
            batches = _dense_batches(examples, settings.batch_size, rng)
        runs.append((objective, K, model, optimizer, batches, []))
    for _ in range(rounds):
        for objective, K, model, optimizer, batches, seconds in runs:
            start, taken = time.perf_counter(), 0
            for batch in islice(batches, steps):
                taken += 1
                for embed in model:
                    embed.weight.grad.zero_()
                if isinstance(objective, int):
                    step(model, batch)
                else:
                    dense_step(model, *batch, objective, q, K)
                optimizer.step()
            if taken:  # a short text runs out of minibatches
                seconds.append((time.perf_counter() - start) / taken)
    return [float(np.median(seconds)) for *_, seconds in runs]
