# Used in 05 · tests/checks/test_answers.py
"""Checks of notebook 05: the training step, what printed numbers mean, what is memorised, the sum over pairs."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.drawn_05 import LOSSES, loss_inputs
from checks.step_05 import step
from checks.verdict import Mistake

__all__ = ["memorised", "pair_objective", "rate", "step"]

# -- the rate: an epoch of 300,000 center words; four epochs of 26, 21, 19 and 14 seconds; 85,714.3 is printed

SECONDS = (26, 21, 19, 14)
WORDS = 300_000

rate = NumberCheck(
    name="rate",
    value=4 * WORDS / sum(SECONDS),
    mistakes=[
        Mistake("as printed", 4 * WORDS / SECONDS[-1], "That is what the loop prints, over the last epoch's seconds."),
        Mistake("last epoch", WORDS / SECONDS[-1], "That is the rate of the last epoch. The run has four."),
        Mistake("first epoch", 4 * WORDS / SECONDS[0], "Words of four epochs over the seconds of one: like for like."),
        Mistake("first epoch alone", WORDS / SECONDS[0], "That is the rate of the first epoch, not of the run."),
        Mistake(
            "mean of the rates",
            float(np.mean([WORDS / s for s in SECONDS])),
            "You averaged the four rates. The slow epochs last longer, so divide all words by all seconds.",
        ),
        Mistake(
            "printed over five", 4 * WORDS / SECONDS[-1] / 5, "Five is the book's number of epochs, not this run's."
        ),
        Mistake(
            "one epoch's words", WORDS / sum(SECONDS), "The words of one epoch over the seconds of four: like for like."
        ),
        Mistake(
            "words of the run", 4 * WORDS, "That is how many center words the run has seen. Divide by all its seconds."
        ),
        Mistake("words of an epoch", WORDS, "That is how many center words an epoch has. A rate has seconds below it."),
        Mistake(
            "all epochs' words four times",
            16 * WORDS / sum(SECONDS),
            "The printed rate times 14 seconds are the words of all four epochs already.",
        ),
    ],
    right="85,714.3 times 14 are the 1,200,000 words of four epochs, and they took 80 seconds.",
    tolerance=1e-3,
)

# -- what is memorised, and what a run needs to go on

memorised = StatementsCheck(
    name="memorised",
    statements={
        "a": (
            True,
            "In the first epoch nothing has been seen before: the same seed, the same rows, the same steps. The two "
            "part in the second.",
        ),
        "b": (
            True,
            "New rows of the same text ask new questions about the same sentences. If they cost no more, nothing of "
            "these rows was learned by heart; the held-out gap then belongs to the text.",
        ),
        "c": (
            False,
            "Both are new rows. What differs between them is the text: that gap is what holds for the training text "
            "alone.",
        ),
        "d": (
            False,
            "One is a mean over five epochs of a loss that falls, the other the loss of the finished model on other "
            "text. That they come close is chance: train on, and the mean falls while the held-out loss rises.",
        ),
        "e": (
            False,
            "Adam's averages are corrected by the number of the step, and the next rows follow from the epoch and the "
            "step: those must be kept as well.",
        ),
        "f": (True, "A plain step needs the gradient of now and the rate, and no memory."),
    },
)

# -- the sum over pairs


def _bce(pred, label):
    return nn.functional.binary_cross_entropy_with_logits(pred, label, reduction="none")


_log = nn.functional.logsigmoid


def _per_slot(pred, label, mask):
    return (_bce(pred, label) * mask).sum() / mask.sum()


def _per_row(pred, label, mask):
    return ((_bce(pred, label) * mask).sum(1) / mask.sum(1)).mean()


pair_objective = FunctionCheck(
    name="pair_objective",
    reference=_per_slot,
    draw=loss_inputs,
    hostile=LOSSES,
    gradient=(0,),
    mistakes=[
        Mistake(
            "mean of the rows",
            _per_row,
            "That is the book's objective: each center word weighs the same. Here each real slot does: sum over the "
            "whole batch, then divide by all real slots.",
        ),
        Mistake(
            "mask forgotten",
            lambda pred, label, mask: _bce(pred, label).mean(),
            "Padding is in your mean. Multiply the losses by the mask and divide by its sum.",
        ),
        Mistake(
            "padding in the sum",
            lambda pred, label, mask: _bce(pred, label).sum() / mask.sum(),
            "You divide by the number of real slots and sum all of them: multiply by the mask before you sum.",
        ),
        Mistake(
            "divided by all slots",
            lambda pred, label, mask: (_bce(pred, label) * mask).mean(),
            "You divide by all slots, padding included: then the loss depends on how the batch was padded.",
        ),
        Mistake(
            "scores masked",
            lambda pred, label, mask: _bce(pred * mask, label).sum() / mask.sum(),
            "You mask the scores. A score of 0 still costs log 2: mask the losses.",
        ),
        Mistake(
            "sum",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(),
            "That is the sum. Divide by the number of real slots.",
        ),
        Mistake(
            "sum over rows",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum() / len(mask),
            "You divide by the number of rows. Each real slot is to weigh the same: divide by their number.",
        ),
        Mistake(
            "per context",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum() / label.sum(),
            "You divide by the number of contexts. The task divides by all real slots, noise words included.",
        ),
        Mistake(
            "contexts alone",
            lambda pred, label, mask: (_bce(pred, label) * label).sum() / label.sum(),
            "The noise words are missing. A pair's loss is that of its context and of its noise words.",
        ),
        Mistake(
            "one for each row",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1) / mask.sum(1),
            "That is one loss for each row. Wanted is one number for the batch.",
        ),
        Mistake(
            "labels turned",
            lambda pred, label, mask: _per_slot(pred, 1 - label, mask),
            "Contexts and noise words have changed places: a context, label 1, costs -log sigmoid(s).",
        ),
        Mistake(
            "from probabilities",
            lambda pred, label, mask: (
                -torch.log(torch.where(label > 0, torch.sigmoid(pred), 1 - torch.sigmoid(pred))) * mask
            ).sum()
            / mask.sum(),
            "The logarithm of a probability overflows where the sigmoid is 0 or 1 in float32: give the logits to a "
            "function that takes logits.",
        ),
        Mistake(
            "zeros left out",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum() / (_bce(pred, label) * mask != 0).sum(),
            "You divide by the number of losses above 0. A real slot that is surely right costs 0 and counts: ask the "
            "mask.",
        ),
        Mistake(
            "labels of padding read",
            lambda pred, label, mask: (-(label * _log(pred) + mask * (1 - label) * _log(-pred)).sum() / mask.sum()),
            "You trust the labels in the padding to be 0. Multiply both terms by the mask.",
        ),
        Mistake(
            "cut off",
            lambda pred, label, mask: (
                nn.functional.binary_cross_entropy(torch.sigmoid(pred), label, reduction="none") * mask
            ).sum()
            / mask.sum(),
            "PyTorch's loss of probabilities stops at 100. Give the logits to a function that takes logits.",
        ),
        Mistake("sign", lambda *args: -_per_slot(*args), "The sign is turned: a loss is positive."),
    ],
    right="All real slots weigh the same; a center word with ten contexts counts five times one with two.",
)
