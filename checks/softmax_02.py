# Used in 02 · tests/checks/test_answers.py
"""Checks of notebook 02: the objective with the full softmax, and the gradients of its loss."""

from __future__ import annotations

import torch
from torch import nn

from checks.core import FunctionCheck
from checks.drawn_02 import alike, large_scores, pairs, pairs_inputs
from checks.verdict import Mistake

# -- the objective with the full softmax


def _log_p(centers, contexts, v, u):
    return torch.log_softmax(v[centers] @ u.T, dim=1).gather(1, contexts.unsqueeze(1)).squeeze(1)


def _log_of_softmax(centers, contexts, v, u):
    p = torch.softmax(v[centers] @ u.T, dim=1)
    return p.gather(1, contexts.unsqueeze(1)).log().mean()


def _overflowing(centers, contexts, v, u):
    exps = (v[centers] @ u.T).exp()
    return (exps.gather(1, contexts.unsqueeze(1)).squeeze(1) / exps.sum(1)).log().mean()


def _sum_overflows(centers, contexts, v, u):
    return ((v[centers] * u[contexts]).sum(1) - (v[centers] @ u.T).exp().sum(1).log()).mean()


def _clamped(centers, contexts, v, u):
    return torch.softmax(v[centers] @ u.T, dim=1).gather(1, contexts.unsqueeze(1)).clamp(min=1e-12).log().mean()


_HOSTILE = {
    "one pair": pairs([2], [3]),
    "a center and a context that are one word": pairs([1, 1], [1, 2]),
    "one pair twice": pairs([2, 2, 0], [3, 3, 1]),
    "one dimension": pairs([0, 2], [1, 1], D=1),
    "a vocabulary of one word": pairs([0, 0], [0, 0], V=1),
    "as many pairs as words and dimensions": pairs([0, 1, 1], [2, 2, 0], V=3, D=3),
    "row 0 and the last row": pairs([0, 4, 0], [4, 0, 0]),
    "all context vectors alike": alike,
    "a score of 100 for the context": large_scores(100.0, (0,)),
    "scores of 100": large_scores(100.0),
    "scores of 1,000": large_scores(1000.0),
}

objective = FunctionCheck(
    name="objective",
    reference=lambda centers, contexts, v, u: _log_p(centers, contexts, v, u).mean(),
    draw=pairs_inputs,
    hostile=_HOSTILE,
    mistakes=[
        Mistake(
            "logarithm of the softmax",
            _log_of_softmax,
            "Where a probability underflows to 0, its logarithm is minus infinity, although the log-probability is an "
            "ordinary number such as -200. Take the logarithm first, on paper: a score minus the logarithm of a sum.",
        ),
        Mistake(
            "overflow",
            _overflowing,
            "exp overflows for large scores, and infinity over infinity is no number. Subtract the largest score of a "
            "row from all of them first: that changes no probability.",
        ),
        Mistake(
            "overflow of the sum",
            _sum_overflows,
            "The sum of exponentials overflows for large scores, and its logarithm is infinite. Take the largest score "
            "of a row out of the sum: torch.logsumexp does so.",
        ),
        Mistake(
            "clamped",
            _clamped,
            "Your probabilities are kept above some small number, so a very unlikely context counts as less unlikely "
            "than it is. Compute the logarithm without the probability.",
        ),
        Mistake(
            "sign",
            lambda *args: -_log_p(*args).mean(),
            "That is the loss. The objective is a mean of log-probabilities, so it is negative, and is maximised.",
        ),
        Mistake("sum", lambda *args: _log_p(*args).sum(), "That is the sum. The objective is the mean over the pairs."),
        Mistake(
            "no logarithm",
            lambda *args: _log_p(*args).exp().mean(),
            "That is the mean probability. The likelihood of a text is a product, so its logarithm is a sum of logs.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda *args: _log_p(*args).exp().mean().log(),
            "You take the logarithm of the mean probability. First the logarithm of each, then the mean.",
        ),
        Mistake(
            "scores alone",
            lambda centers, contexts, v, u: (v[centers] * u[contexts]).sum(1).mean(),
            "That is the mean score. The softmax subtracts the logarithm of the sum over all words.",
        ),
        Mistake(
            "tables swapped",
            lambda centers, contexts, v, u: _log_p(centers, contexts, u, v).mean(),
            "Centers are looked up in v, contexts in u; here it is the other way round.",
        ),
        Mistake(
            "given the context",
            lambda centers, contexts, v, u: _log_p(contexts, centers, u, v).mean(),
            "You predict the center from the context: the softmax runs over the candidates for the context, rows of u.",
        ),
        Mistake(
            "wrong axis",
            lambda centers, contexts, v, u: (
                torch.log_softmax(v[centers] @ u.T, dim=0).gather(1, contexts.unsqueeze(1)).mean()
            ),
            "Your softmax runs over the pairs, dim=0. It belongs over the vocabulary, dim=1.",
        ),
        Mistake(
            "one per pair",
            _log_p,
            "These are the log-probabilities of the pairs. The objective is one number, their mean.",
        ),
        Mistake(
            "row 0 left out",
            lambda centers, contexts, v, u: (
                (v[centers] * u[contexts]).sum(1) - (v[centers] @ u[1:].T).logsumexp(1)
            ).mean(),
            "Row 0 is missing in the denominator. In this exercise every row is a word.",
        ),
        Mistake(
            "base 2",
            lambda *args: _log_p(*args).mean() / torch.log(torch.tensor(2.0)),
            "That is the logarithm to base 2. Wanted is the natural one, torch.log.",
        ),
    ],
    right="The mean over the pairs of log softmax(v . u), over all rows of u.",
)

# -- its gradient


def _gradients(centers, contexts, v, u, error=None, n=None):
    if error is None:
        error = torch.softmax(v[centers] @ u.T, dim=1) - nn.functional.one_hot(contexts, len(u))
    error = error / (n or len(centers))
    return torch.zeros_like(v).index_add(0, centers, error @ u), error.T @ v[centers]


def _last_center(centers, contexts, v, u):
    error = (torch.softmax(v[centers] @ u.T, dim=1) - nn.functional.one_hot(contexts, len(u))) / len(centers)
    grad_v = torch.zeros_like(v)
    for i, row in zip(centers.tolist(), error @ u):
        grad_v[i] = row
    return grad_v, error.T @ v[centers]


def _contexts_alone(centers, contexts, v, u):
    grad_v, grad_u = _gradients(centers, contexts, v, u)
    reached = torch.zeros(len(u), 1).index_fill(0, contexts, 1.0)
    return grad_v, grad_u * reached


softmax_gradients = FunctionCheck(
    name="softmax_gradients",
    reference=_gradients,
    draw=pairs_inputs,
    tolerance=1e-4,
    hostile=_HOSTILE,
    mistakes=[
        Mistake(
            "sign",
            lambda *args: tuple(-x for x in _gradients(*args)),
            "The sign is turned: these are the gradients of the objective. The loss has the minus.",
        ),
        Mistake(
            "sum",
            lambda *args: _gradients(*args, n=1),
            "That belongs to the sum over the pairs. The loss is their mean, so each pair weighs 1 over n.",
        ),
        Mistake(
            "order",
            lambda *args: _gradients(*args)[::-1],
            "The two have changed places: first the gradient of v, then that of u.",
        ),
        Mistake(
            "truth forgotten",
            lambda centers, contexts, v, u: _gradients(centers, contexts, v, u, torch.softmax(v[centers] @ u.T, dim=1)),
            "The error is prediction minus truth. You have the prediction; subtract 1 at the context.",
        ),
        Mistake(
            "sigmoid",
            lambda centers, contexts, v, u: _gradients(
                centers,
                contexts,
                v,
                u,
                torch.sigmoid(v[centers] @ u.T) - nn.functional.one_hot(contexts, len(u)),
            ),
            "Your prediction is a sigmoid for each word. The softmax divides by the sum over all words.",
        ),
        Mistake(
            "last pair of a center",
            _last_center,
            "A center that occurs in several pairs keeps the last gradient alone. They add up, as in exercise 1.3.",
        ),
        Mistake(
            "contexts alone",
            _contexts_alone,
            "Only the rows of contexts have a gradient in your grad_u. The denominator reaches every word.",
        ),
        Mistake(
            "tables swapped",
            lambda centers, contexts, v, u: _gradients(centers, contexts, u, v),
            "Centers are looked up in v, contexts in u; here it is the other way round.",
        ),
        Mistake(
            "one row a pair",
            lambda centers, contexts, v, u: (
                _gradients(torch.arange(len(centers)), contexts, v[centers], u)[0],
                _gradients(centers, contexts, v, u)[1],
            ),
            "Your grad_v has a row for each pair. It belongs to the table: (V, D), the pairs of a center added.",
        ),
        Mistake(
            "wrong axis",
            lambda centers, contexts, v, u: _gradients(
                centers,
                contexts,
                v,
                u,
                torch.softmax(v[centers] @ u.T, dim=0) - nn.functional.one_hot(contexts, len(u)),
            ),
            "Your softmax runs over the pairs, dim=0. It belongs over the vocabulary, dim=1.",
        ),
    ],
    right="Prediction minus truth, times the other side's vector, added up over the pairs.",
)
