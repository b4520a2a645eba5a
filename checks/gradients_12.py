# Used in 12 · tests/checks/test_answers.py
"""The checks of notebook 12's gradients: of the rows of a bag, and of CBOW."""

from __future__ import annotations

import torch
from torch import nn

from checks import drawn_12 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake

# -- where the gradient of a bag lands


def _bag_gradient(grad, rows, scale, R):
    return torch.zeros(R, len(grad)).index_add(0, rows, scale * grad.expand(len(rows), -1))


def _assigned(grad, rows, scale, R):
    table = torch.zeros(R, len(grad))
    table[rows] = scale * grad
    return table


def _times_their_count(grad, rows, scale, R):
    return _bag_gradient(grad, rows, scale, R) * torch.bincount(rows, minlength=R).unsqueeze(1)


bag_gradient = FunctionCheck(
    name="bag_gradient",
    reference=_bag_gradient,
    draw=drawn.bag,
    hostile=drawn.BAGS,
    mistakes=[
        Mistake(
            "once",
            _assigned,
            "A row that is named twice gets its gradient once. It is in the sum twice, so moving it moves v twice as "
            "far; table[rows] += ... writes such a row once.",
        ),
        Mistake(
            "scale left out",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, 1, R),
            "These are the gradients of the sum. v is that sum times scale.",
        ),
        Mistake(
            "mean",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, 1 / max(1, len(rows)), R),
            "You divide by the number of rows, as for a mean. What the sum is multiplied by is given: scale.",
        ),
        Mistake(
            "mean too",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, scale / max(1, len(rows)), R),
            "You divide by the number of rows besides. v is scale times a sum, and a sum hands its gradient on whole.",
        ),
        Mistake(
            "scale twice",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, scale**2, R),
            "You multiply by scale twice. grad is the gradient with respect to v, not yet to the sum.",
        ),
        Mistake(
            "divided by scale",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, 1 / scale, R),
            "You divide by scale. If a row moves by 1, how far does v move?",
        ),
        Mistake(
            "all rows",
            lambda grad, rows, scale, R: (scale * grad).expand(R, -1),
            "Every row of your table has a gradient. A row that is not in the bag does not touch v.",
        ),
        Mistake(
            "times their count",
            _times_their_count,
            "A row that is named twice gets four times the gradient: it is added twice, and multiplied by two besides.",
        ),
        Mistake(
            "named rows alone",
            lambda grad, rows, scale, R: scale * grad.expand(len(rows), -1),
            "You return a row for each that is named. The gradient has the form of the table, (R, D).",
        ),
        Mistake(
            "one number",
            lambda grad, rows, scale, R: _bag_gradient(grad.sum().expand(len(grad)), rows, scale, R),
            "You add up the numbers of grad. Each dimension of v depends on that dimension of the rows alone.",
        ),
        Mistake(
            "sign",
            lambda grad, rows, scale, R: -_bag_gradient(grad, rows, scale, R),
            "The sign is turned. This is the gradient; the step against it comes later.",
        ),
        Mistake(
            "turned over",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, scale, R).T,
            "Rows and columns have changed places: the gradient has the form of the table, (R, D).",
        ),
        Mistake(
            "up to the largest row",
            lambda grad, rows, scale, R: _bag_gradient(grad, rows, scale, max(rows.tolist(), default=-1) + 1),
            "Your table ends with the last row that is named. It has R rows.",
        ),
    ],
    right="Each naming of a row hands it scale times grad: one that a word has twice takes two steps.",
)

# -- CBOW: the mean of several contexts against several candidates


def _bce(score, label):
    return nn.functional.binary_cross_entropy_with_logits(score, label, reduction="sum")


def _cbow(v, u, label, *, error=None, mean=True, share=None, n=1):
    """The reference; ``share`` is what each context has of the gradient of h."""
    h = v.mean(dim=0) if mean else v.sum(dim=0)
    score = u @ h
    e = (torch.sigmoid(score) - label if error is None else error(score, label)) / n
    share = (1 / len(v) if mean else 1) if share is None else share
    return _bce(score, label) / n, (share * (e @ u)).expand_as(v), e.unsqueeze(1) * h


def _variant(**options):
    return lambda *args: _cbow(*args, **options)


def _each_by_itself(v, u, label):
    score = v @ u.T
    e = torch.sigmoid(score) - label
    return _bce(score, label.expand_as(score)), e @ u, e.T @ v


def _first_context(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label)
    return loss, torch.cat([grad_v[:1], 0 * grad_v[1:]]), grad_u


def _first_for_u(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label)
    return loss, grad_v, (torch.sigmoid(u @ v.mean(0)) - label).unsqueeze(1) * v[0]


def _sum_for_u(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label)
    return loss, grad_v, len(v) * grad_u


def _of_h(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label, share=1)
    return loss, grad_v[0], grad_u


def _signs_turned(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label)
    return loss, -grad_v, -grad_u


def _exchanged(v, u, label):
    loss, grad_v, grad_u = _cbow(v, u, label)
    return loss, grad_u, grad_v


cbow_gradients = FunctionCheck(
    name="cbow_gradients",
    reference=_cbow,
    draw=drawn.vectors,
    hostile=drawn.VECTORS,
    mistakes=[
        Mistake(
            "whole for each context",
            _variant(share=1),
            "Each context gets the whole gradient of h. If one context moves by 1, how far does the mean of all move?",
        ),
        Mistake(
            "sum of the contexts",
            _variant(mean=False),
            "Your h is the sum of the contexts. It is their mean.",
        ),
        Mistake(
            "sum, and a share for each",
            lambda v, u, label: _cbow(v, u, label, mean=False, share=1 / len(v)),
            "Your h is the sum of the contexts. It is their mean.",
        ),
        Mistake(
            "shared twice",
            lambda v, u, label: _cbow(v, u, label, share=len(v) ** -2),
            "In your grad_v a factor 1 / C is too many.",
        ),
        Mistake(
            "gradient of h",
            _of_h,
            "Your grad_v is one vector, the gradient of h. Each of the C contexts has one.",
        ),
        Mistake(
            "first context",
            _first_context,
            "In your grad_v one context alone has a gradient. All of them are in h, and equally.",
        ),
        Mistake(
            "first context for u",
            _first_for_u,
            "Your grad_u has one of the contexts in it. What did u meet in the score?",
        ),
        Mistake(
            "sum for u",
            _sum_for_u,
            "Your grad_u has the sum of the contexts in it. What did u meet in the score?",
        ),
        Mistake(
            "each by itself",
            _each_by_itself,
            "You score each context by itself against each candidate: that is skip-gram. CBOW scores their mean, once.",
        ),
        Mistake(
            "mean over the candidates",
            lambda v, u, label: _cbow(v, u, label, n=len(u)),
            "You average over the L candidates. The loss is their sum; reduction has another default.",
        ),
        Mistake(
            "sign",
            _signs_turned,
            "The signs of both gradients are turned: the error is what the model says minus what is true.",
        ),
        Mistake(
            "labels turned",
            lambda v, u, label: _cbow(v, u, 1 - label),
            "The center word and the noise words have changed places: the center word has label 1.",
        ),
        Mistake(
            "label left out of the error",
            _variant(error=lambda s, y: torch.sigmoid(s)),
            "In your gradients every candidate is a noise word. What does a label of 1 change in the error?",
        ),
        Mistake(
            "no sigmoid",
            _variant(error=lambda s, y: s - y),
            "Your error is the score minus the label, that of a squared loss. The model says a probability.",
        ),
        Mistake(
            "derivative of the sigmoid",
            _variant(error=lambda s, y: (torch.sigmoid(s) - y) * torch.sigmoid(s) * torch.sigmoid(-s)),
            "The sigmoid's derivative is a factor too many: in this loss the logarithm's cancels it.",
        ),
        Mistake(
            "order",
            _exchanged,
            "The gradients are in the other order: the loss, then that of v, then that of u.",
        ),
        Mistake(
            "loss left out",
            lambda *args: _cbow(*args)[1:],
            "You return two things. Wanted are three: the loss comes first.",
        ),
    ],
    right="Every context gets the same gradient, a C-th of that of h. word2vec's own program leaves this 1 / C out.",
)
