# Taught in 09 · exercised in 2.2, 2.3, 9.4, 12.4 · tests/helpers/test_softmax.py
"""The full softmax beside negative sampling: a common yardstick, and training without noise words."""

from __future__ import annotations

import heapq
import time
from itertools import islice

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, instance, many, number, one_of, optional, refuse, seed, whole
from helpers.batches import minibatches
from helpers.corpus import Corpus
from helpers.engines.history import Settings
from helpers.engines.runs import TrainingDiverged, finite, restore, weights
from helpers.engines.safety import check_run
from helpers.model import make_model, tables
from helpers.sampling import Examples, draw_examples, noise_distribution
from helpers.shapes import array, ids_fit, tensor
from helpers.training import gradients_in_place, step

OBJECTIVES = ("softmax", "expectation")


def _log_prior(name, value, sizes):
    """Logarithms, of which some are finite and none is NaN or above."""
    found = array("V", finite=False)(name, value, sizes)
    if np.isnan(found).any() or found.max() == np.inf or found.max() == -np.inf:
        raise refuse(name, value, "logarithms of probabilities, -inf for words that cannot occur")
    return found


def _words_fit(model, examples, **_):
    if not len(examples.contexts):
        raise ArgumentError("examples hold no pair; give some")
    if not finite(model):
        raise ArgumentError("model has values that are NaN or infinite; give one that was trained with a smaller rate")
    for part in (examples.centers, examples.contexts):
        ids_fit("examples", part, "model", model[0].weight)


@checked(_words_fit, model=tables(), examples=instance(Examples), log_prior=optional(_log_prior))
def context_bits(model: nn.Sequential, examples, log_prior=None) -> float:
    """Bits that a model needs for a context word, given its center: the cross-entropy of p(context | center).

    For a center w and a context c, a model of the full softmax says p(c | w) in proportion to exp(u.v). Negative
    sampling ends where exp(u.v) is p(c | w) / (K q(c)), q the noise distribution, so it says p(c | w) in proportion to
    q(c) exp(u.v). Normalised, the two can be compared with each other, and with the unigram model that looks at no
    center word.

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


def _batch_fits(model, center, contexts, row, **_):
    ids_fit("center", center, "model", model[0].weight)
    ids_fit("contexts", contexts, "model", model[1].weight)
    ids_fit("row", row, "center", center)
    for embed in model:
        if embed.weight.grad is None:
            raise ArgumentError("model has no .grad in its tables; put zeros there first")


@checked(
    _batch_fits, model=tables(), center=tensor("B", "integers"), contexts=tensor("n", "integers"),
    row=tensor("n", "integers"), objective=one_of(*OBJECTIVES), q=tensor("V", least=0), K=whole(1, 1_000_000),
)  # fmt: skip
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
    else:
        softplus, at_context = nn.functional.softplus, score[row, contexts]
        loss = ((share * softplus(-at_context)).sum() + K * (softplus(score) @ q).sum()) / (1 + K)
        error = torch.sigmoid(score) * (K * q / (1 + K))
        error.index_put_((row, contexts), -share * torch.sigmoid(-at_context) / (1 + K), accumulate=True)
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


def _corpus_fits(model, corpus, **_):
    check_run(model, corpus)


@checked(
    _corpus_fits, model=tables(), corpus=instance(Corpus), objective=one_of(*OBJECTIVES), epochs=whole(1, 1_000_000),
    seed=seed(), K=whole(1, 1_000), lr=number(above=0, most=1e38),
)  # fmt: skip
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

    Raises
    ------
    TrainingDiverged
        Where the loss or a table is no longer finite; the model is what it was when the epoch began.
    """
    settings = Settings(seed=seed, K=K, lr=lr)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    q = torch.from_numpy(noise_distribution(corpus.vocab.counts)).float()
    losses, start = [], time.perf_counter()
    with gradients_in_place(model):
        for epoch in range(epochs):
            examples = draw_examples(corpus, **settings.drawing(), rng=np.random.default_rng([seed, epoch]))
            total, good = 0.0, weights(model)
            for batch in _dense_batches(examples, settings.batch_size, np.random.default_rng([seed, epoch, 1])):
                for embed in model:
                    embed.weight.grad.zero_()
                total += float(dense_step(model, *batch, objective, q, K))
                optimizer.step()
            if not np.isfinite(total) or not all(np.isfinite(float(embed.weight.detach().norm())) for embed in model):
                restore(model, good)
                raise TrainingDiverged(
                    f"the loss is {total / len(examples)} in epoch {epoch + 1}, with lr = {lr:g}: give a smaller lr. "
                    "The model is what it was when the epoch began."
                )
            losses.append(total / len(examples))
    return losses, time.perf_counter() - start


def _objective(name, value, sizes):
    return value if isinstance(value, str) and value in (*OBJECTIVES, "none") else _noise_words(name, value, sizes)


def _noise_words(name, value, sizes):
    try:
        return whole(1, 1_000)(name, value, sizes)
    except ArgumentError:
        raise refuse(name, value, f"a number of noise words, or one of {', '.join(OBJECTIVES)}, none") from None


@checked(
    corpus=instance(Corpus), objectives=many(_objective, least=1), dim=whole(1, 100_000), rounds=whole(1, 1_000),
    steps=whole(1, 1_000),
)  # fmt: skip
def step_seconds(corpus: Corpus, objectives, *, dim: int = 100, rounds: int = 5, steps: int = 4) -> list[float]:
    """Time one training step of several objectives, in turn, so that a busy moment falls on all of them.

    Parameters
    ----------
    corpus : Corpus
    objectives : sequence of int or str
        A number K of noise words for each context, or an objective of `dense_step`; or "none", for what every step
        has in common: gradients set to zero, and Adam over both tables.
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
                if isinstance(objective, int):
                    step(model, optimizer, batch)
                    continue
                for embed in model:
                    embed.weight.grad.zero_()
                if objective != "none":
                    dense_step(model, *batch, objective, q, K)
                optimizer.step()
            if taken:  # a short text runs out of minibatches
                seconds.append((time.perf_counter() - start) / taken)
    return [float(np.median(seconds)) for *_, seconds in runs]


@checked(counts=array("V", "integers", least=1))
def mean_code_length(counts) -> float:
    """How many binary decisions a token needs in Huffman's tree, where frequent words lie high (hierarchical softmax).

    Parameters
    ----------
    counts : np.ndarray of int, shape (V,)
        How often each word occurs, once at least.

    Returns
    -------
    float
        Each word's code length, averaged over the tokens; 0 for one word.

    Examples
    --------
    >>> mean_code_length(np.array([2, 1, 1]))
    1.5
    """
    if not len(counts):
        raise ArgumentError("counts is empty; give one for each word")
    heap = sorted(counts.tolist())
    decisions = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        heapq.heappush(heap, joined)
        decisions += joined  # whatever lies below takes one decision more
    return decisions / int(counts.sum())
