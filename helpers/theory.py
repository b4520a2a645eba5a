"""What skip-gram computes: its optimum in closed form, the factorisation behind it, and a common yardstick."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


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
