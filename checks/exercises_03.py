# Used in 03 · tests/checks/test_answers.py
"""Checks of notebook 03: the masked loss, its gradients, what a blind model pays, what a slot weighs."""

from __future__ import annotations

import math

import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck
from checks.drawn_03 import LOSSES, loss_inputs
from checks.gradients_03 import gradients
from checks.verdict import Mistake
from helpers.model import masked_bce

__all__ = ["blind_loss", "gradients", "masked_loss", "near_and_far", "noise_twice"]

# -- a masked loss


def _bce(pred, label):
    return nn.functional.binary_cross_entropy_with_logits(pred, label, reduction="none")


def _mean(loss, mask):
    return (loss * mask).sum(1) / mask.sum(1)


def _from_probabilities(pred, label, mask):
    p = torch.sigmoid(pred)
    return _mean(-torch.log(p) * label - torch.log(1 - p) * (1 - label), mask)


def _chosen(pred, label, mask):
    p = torch.sigmoid(pred)
    return _mean(-torch.log(torch.where(label == 1, p, 1 - p)), mask)


def _cut(pred, label, mask):
    return _mean(nn.functional.binary_cross_entropy(torch.sigmoid(pred), label, reduction="none"), mask)


def _those_that_count(pred, label, mask):
    loss = _bce(pred, label) * mask
    return loss.sum(1) / (loss != 0).sum(1)


def _with_corner(positive):
    def loss(pred, label, mask):
        return _mean(positive(pred) - pred * label + torch.log1p(torch.exp(-pred.abs())), mask)

    return loss


def _first_slots(pred, label, mask):
    n = mask.sum(1, keepdim=True)
    return _mean(_bce(pred, label), (torch.arange(mask.shape[1]) < n).float())


PROBABILITIES = (
    "You take the logarithm of a probability. In float32 the sigmoid of 20 is 1, and the loss of that mistake is lost: "
    "give the logit itself to a function of PyTorch that takes logits."
)
CORNER = (
    "max(s, 0) has a corner at 0, and autograd takes the slope of one side there. The loss has none: at a score of 0 "
    "its slope is 1/2 - y. Take a function of PyTorch that gives the whole loss of a logit."
)
MASKED_SCORES = "You mask the scores. A score of 0 still costs log 2: mask the losses."

masked_loss = FunctionCheck(
    name="masked_loss",
    reference=masked_bce,
    draw=loss_inputs,
    hostile=LOSSES,
    gradient=(0,),
    mistakes=[
        Mistake(
            "mask forgotten",
            lambda pred, label, mask: _bce(pred, label).mean(1),
            "Padding is in your loss. Its score is as good as any other: multiply by the mask before you sum.",
        ),
        Mistake(
            "mask from the logits",
            lambda pred, label, mask: _mean(_bce(pred, label), (pred != 0).float()),
            "You take the slots whose logit is not 0. A real logit may be 0, and a padded one may not: take the mask.",
        ),
        Mistake(
            "padding in the sum",
            lambda pred, label, mask: _bce(pred, label).sum(1) / mask.sum(1),
            "You divide by the number of real slots, and sum all of them: multiply by the mask before you sum.",
        ),
        Mistake(
            "divided by the length",
            lambda pred, label, mask: (_bce(pred, label) * mask).mean(1),
            "Padding costs nothing, but you divide by all L slots, so short rows weigh less. Divide by the real ones, "
            "mask.sum(dim=1).",
        ),
        Mistake(
            "divided by the longest row",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1) / mask.sum(1).max(),
            "You divide each row by the number of real slots of the longest. Each row has a number of its own.",
        ),
        Mistake(
            "divided by the contexts",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1) / label.sum(1),
            "You divide by the number of contexts. Noise words are real slots as well: count with the mask.",
        ),
        Mistake(
            "divided by the losses that are not 0",
            _those_that_count,
            "You count the slots whose loss is not 0. A real slot can be so right that its loss is 0 in float32, and "
            "it still counts: count with the mask.",
        ),
        Mistake(
            "the first slots",
            _first_slots,
            "You read the first slots of each row, as many as are real. They may stand anywhere: the mask says where.",
        ),
        Mistake("scores masked", lambda pred, label, mask: _bce(pred * mask, label).mean(1), MASKED_SCORES),
        Mistake(
            "scores masked, divided right",
            lambda pred, label, mask: _bce(pred * mask, label).sum(1) / mask.sum(1),
            MASKED_SCORES,
        ),
        Mistake(
            "one number",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum() / mask.sum(),
            "That is the mean over all real slots of the batch. Wanted is one loss for each row, of shape (B,).",
        ),
        Mistake(
            "mean over the rows",
            lambda pred, label, mask: masked_bce(pred, label, mask).mean(),
            "That is the mean over the rows. The training step will take it; wanted is one loss for each row, (B,).",
        ),
        Mistake(
            "wrong axis",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(0) / mask.sum(0),
            "You average over the rows, dim=0. A loss belongs to a center word, so the mean runs along the row, dim=1.",
        ),
        Mistake(
            "slot by slot",
            lambda pred, label, mask: _bce(pred, label) * mask,
            "Those are the losses of the slots. Wanted is their mean over each row's real slots, of shape (B,).",
        ),
        Mistake(
            "sum",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1),
            "That is the sum over the real slots. Divide by their number.",
        ),
        Mistake(
            "sign",
            lambda pred, label, mask: -_mean(_bce(pred, label), mask),
            "The sign is turned: log-likelihoods in place of losses.",
        ),
        Mistake(
            "labels turned",
            lambda pred, label, mask: _mean(_bce(pred, 1 - label), mask),
            "Contexts and noise words have changed places: label 1 is a context, and costs -log sigmoid(s).",
        ),
        Mistake(
            "all as contexts",
            lambda pred, label, mask: _mean(_bce(pred, torch.ones_like(pred)), mask),
            "You take every slot for a context. A noise word, label 0, costs -log sigmoid(-s).",
        ),
        Mistake(
            "contexts alone",
            lambda pred, label, mask: _mean(_bce(pred, label) * label, mask),
            "The noise words are missing: a label of 0 costs -log(1 - sigmoid(s)), and only a mask of 0 costs nothing.",
        ),
        Mistake(
            "sigmoid twice",
            lambda pred, label, mask: _mean(_bce(torch.sigmoid(pred), label), mask),
            "You give probabilities to a loss that takes logits, so the sigmoid is applied twice.",
        ),
        Mistake("from probabilities", _from_probabilities, PROBABILITIES),
        Mistake("from a probability", _chosen, PROBABILITIES),
        Mistake("logarithm cut off", _cut, PROBABILITIES),
        Mistake("corner at 0", _with_corner(lambda pred: pred.clamp(min=0)), CORNER),
        Mistake("flat corner at 0", _with_corner(torch.relu), CORNER),
        Mistake(
            "in bits",
            lambda pred, label, mask: _mean(_bce(pred, label), mask) / math.log(2),
            "That is in bits. The loss is in natural logarithms.",
        ),
        Mistake(
            "kept as a column",
            lambda pred, label, mask: _mean(_bce(pred, label), mask).unsqueeze(1),
            "You return (B, 1) and not (B,). Multiplied later by something of shape (B,), it broadcasts to (B, B), "
            "without an error.",
        ),
    ],
    right="The sum of the real slots' losses over their number: padding changes neither the loss nor a gradient.",
)

# -- a model that knows only how rare a yes is, with K = 15


def _entropy(p, log=math.log):
    return -p * log(p) - (1 - p) * log(1 - p)


blind_loss = NumberCheck(
    name="blind_loss",
    value=_entropy(1 / 16),
    mistakes=[
        Mistake(
            "knows nothing",
            math.log(2),
            "That is the loss of score 0 on every slot. This model knows how rare a yes is, and says so.",
        ),
        Mistake("one in fifteen", _entropy(1 / 15), "One slot in 1 + K is a context, not one in K."),
        Mistake("in bits", _entropy(1 / 16, math.log2), "That is in bits. The loss is in natural logarithms."),
        Mistake(
            "base ten", _entropy(1 / 16, math.log10), "That is with the logarithm to base 10. The loss has base e."
        ),
        Mistake(
            "contexts alone",
            math.log(16),
            "That is what a context costs. Fifteen of sixteen slots are noise words, and cost -log(15/16) each.",
        ),
        Mistake("noise alone", -math.log(15 / 16), "That is what a noise word costs. One slot in 16 costs -log(1/16)."),
        Mistake("sum of a group", 16 * _entropy(1 / 16), "That is the sum over 16 slots. The loss is their mean."),
        Mistake("five noise words", _entropy(1 / 6), "That is for K = 5, as in the notebook. Here K is 15."),
        Mistake("the friend's", 0.25, "That is what the friend has measured. What would a blind model pay?"),
        Mistake(
            "contexts' part", math.log(16) / 16, "That is the contexts' part of the mean. The noise words cost as well."
        ),
        Mistake("odds", -math.log(1 / 15), "That is the size of the best score, the log-odds. Wanted is the loss."),
    ],
    right="-(1/16) log(1/16) - (15/16) log(15/16). At 0.25 the friend's model pays more than a blind one, while 0.40 "
    "with K = 5 is below the blind 0.451.",
)

# -- weights: the next word and the fifth, by row, under windows of 1 to 5

near_and_far = NumberCheck(
    name="near_and_far",
    value=sum(1 / w for w in range(1, 6)) / (1 / 5),
    mistakes=[
        Mistake(
            "by pairs", 5, "That is by pairs, where each slot weighs 1. By row a slot of a narrow window weighs more."
        ),
        Mistake("the other way", (1 / 5) / sum(1 / w for w in range(1, 6)), "You have it the other way round."),
        Mistake(
            "weight of the next word",
            sum(1 / (2 * w) for w in range(1, 6)) / 5,
            "That is the mean share of the next word alone. Divide by that of the fifth.",
        ),
        Mistake(
            "one side", sum(1 / w for w in range(1, 6)) / 5, "That is the next word's weight; compare the fifth's."
        ),
        Mistake(
            "sum over windows",
            sum(1 / w for w in range(1, 6)),
            "That is 1 + 1/2 + 1/3 + 1/4 + 1/5, the next word's part. Compare that of the fifth word, which weighs 0 "
            "in the windows that do not reach it.",
        ),
        Mistake(
            "middle window", (1 / 3) / (1 / 25), "You took a window of the mean width. Average the weights instead."
        ),
    ],
    right="By row a slot weighs 1 over the slots of its window: 1 + 1/2 + 1/3 + 1/4 + 1/5 for the next word, 1/5 for "
    "the fifth. Averaging by row leans to near words more than twice as much as averaging by pairs.",
)

# -- a noise word drawn twice: v = (1, 3), u = (0.5, 0.25), label 0 in two slots of one row; sum over the slots

_P = 1 / (1 + math.exp(-1.25))
noise_twice = NumberCheck(
    name="noise_twice",
    value=2 * _P * 3,
    mistakes=[
        Mistake(
            "once",
            _P * 3,
            "That is one slot's gradient. The word stands in two slots, both use the same row, and gradients add up.",
        ),
        Mistake("first component", 2 * _P * 1, "That is the first component. The second multiplies v's 3."),
        Mistake("times u", 2 * _P * 0.25, "The gradient of u is the error times v, not times u."),
        Mistake("times u, once", _P * 0.25, "The gradient of u is the error times v, not times u; and there are two."),
        Mistake("as a context", 2 * (_P - 1) * 3, "You took the label 1. A noise word has label 0."),
        Mistake("no sigmoid", 2 * 1.25 * 3, "You took the score itself for the error. The error is sigmoid(s) - y."),
        Mistake(
            "no error", 2 * 3, "The gradient of the score is v. The loss's has the error sigmoid(s) - y before it."
        ),
        Mistake(
            "mean", _P * 3 / 2, "You counted the word once and averaged over the slots. The loss here is their sum."
        ),
        Mistake("score of both", 3 / (1 + math.exp(-2.5)), "You added the scores. Each slot has its own loss."),
    ],
    right="Two times sigmoid(1.25) times 3: each slot sends its own gradient to the one row.",
)
