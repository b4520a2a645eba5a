# Used in 05 · tests/checks/test_checks.py
"""Checks of notebook 05: what the printed numbers mean, what is frozen, what the objective weighs."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- the rate (trap T1): 4 epochs of 300,000 center words; 24, 20, 20 and 16 seconds

rate = NumberCheck(
    name="rate",
    value=4 * 300_000 / (24 + 20 + 20 + 16),
    mistakes=[
        Mistake(
            "the book's",
            4 * 300_000 / 16,
            "That is what the book's loop prints: the words of all epochs over the seconds of the last one.",
        ),
        Mistake("first epoch", 4 * 300_000 / 24, "Words of four epochs over the seconds of one: count like for like."),
        Mistake("last epoch", 300_000 / 16, "That is the rate of the last epoch. The question is about the whole run."),
        Mistake(
            "first epoch alone", 300_000 / 24, "That is the rate of the first epoch. The question is about all four."
        ),
        Mistake(
            "mean of the rates",
            np.mean([300_000 / s for s in (24, 20, 20, 16)]),
            "You averaged the four rates. The slow epochs last longer, so divide all words by all seconds.",
        ),
        Mistake("one epoch's words", 300_000 / 80, "The words of one epoch over the seconds of four."),
    ],
    right="1,200,000 words in 80 seconds. The book's loop would print five times that: 75,000.",
    tolerance=1e-3,
)

# -- the loss (trap T2)


def _loss_inputs(rng):
    epochs, batches = int(rng.integers(3, 5)), int(rng.integers(3, 6))
    losses = np.sort(rng.uniform(0.3, 0.7, size=epochs * batches))[::-1].reshape(epochs, batches).copy()
    sizes = np.full((epochs, batches), 64)
    sizes[:, -1] = rng.integers(5, 40, epochs)
    return losses, sizes


def _epoch_means(losses, sizes):
    return (losses * sizes).sum(1) / sizes.sum(1)


def _since_start(losses, sizes):
    return np.cumsum((losses * sizes).sum(1)) / np.cumsum(sizes.sum(1))


epoch_means = FunctionCheck(
    name="epoch_means",
    reference=_epoch_means,
    draw=_loss_inputs,
    mistakes=[
        Mistake(
            "since the start",
            _since_start,
            "That is the book's number, a mean since epoch 0: it lags behind the model. Begin again in each epoch.",
        ),
        Mistake(
            "batches weighed alike",
            lambda losses, sizes: losses.mean(1),
            "The last minibatch is smaller, and you weigh it like the others: multiply each loss by its batch's size.",
        ),
        Mistake(
            "last minibatch",
            lambda losses, sizes: losses[:, -1],
            "That is the loss of each epoch's last minibatch, a few dozen rows. Wanted is the mean over the epoch.",
        ),
        Mistake(
            "wrong axis",
            lambda losses, sizes: (losses * sizes).sum(0) / sizes.sum(0),
            "You average over the epochs, axis 0. Each row is an epoch: the mean runs along axis 1.",
        ),
        Mistake(
            "sum",
            lambda losses, sizes: (losses * sizes).sum(1),
            "That is the sum over the rows. Divide by their number.",
        ),
        Mistake(
            "one number",
            lambda losses, sizes: (losses * sizes).sum() / sizes.sum(),
            "That is one mean for the whole run. Wanted is one for each epoch.",
        ),
    ],
    right="Each epoch's own mean, minibatches weighed by their rows.",
)

# -- when to report (trap T3)


def _report_inputs(rng):
    return (int(rng.choice([rng.integers(1, 5), rng.integers(5, 10), rng.integers(11, 40)])),)


def _report(n):
    every = max(1, n // 5)
    return [i for i in range(n) if (i + 1) % every == 0 or i == n - 1]


report_at = FunctionCheck(
    name="report_at",
    reference=_report,
    draw=_report_inputs,
    mistakes=[
        Mistake(
            "division by zero",
            lambda n: [i for i in range(n) if (i + 1) % (n // 5) == 0 or i == n - 1],
            "Below five minibatches n // 5 is 0 and % raises: that is the book's bug. Take 1 at least.",
        ),
        Mistake(
            "last one missing",
            lambda n: [i for i in range(n) if (i + 1) % max(1, n // 5) == 0],
            "The last minibatch is not always there. The book reports on it too: or i == n - 1.",
        ),
        Mistake(
            "from zero",
            lambda n: [i for i in range(n) if i % max(1, n // 5) == 0 or i == n - 1],
            "You report before the step has a meaning: after the first minibatch. Count from one, (i + 1) % every.",
        ),
        Mistake(
            "nothing below five",
            lambda n: _report(n) if n >= 5 else [n - 1],
            "Below five minibatches you report once. With one step at least, each minibatch is reported.",
        ),
        Mistake(
            "counted from one",
            lambda n: [i + 1 for i in _report(n)],
            "Your minibatches are counted from one. Wanted are their indices, from zero.",
        ),
        Mistake(
            "rounded up",
            lambda n: [i for i in range(n) if (i + 1) % -(-n // 5) == 0 or i == n - 1],
            "You round n / 5 up; the book rounds down, and you are to mend its bug alone.",
        ),
    ],
    right="Every n // 5 minibatches, each one where that would be 0, and the last.",
    trials=30,
)

# -- frozen or drawn anew

frozen = StatementsCheck(
    name="frozen",
    statements={
        "a": (
            True,
            "Frozen rows are seen again in every epoch, so their loss falls further: the model learns these windows "
            "and "
            "these noise words.",
        ),
        "b": (
            False,
            "The lower training loss belongs to the rows that were memorised. On text held out the frozen run was "
            "worse.",
        ),
        "c": (
            True,
            "New rows of the same text share the words, the sentences and the counts; only windows and noise differ. "
            "If "
            "the loss jumps there, windows and noise were memorised.",
        ),
        "d": (
            False,
            "Drawing anew changes which questions are asked, not what is asked in expectation: the objective is the "
            "same.",
        ),
        "e": (
            False,
            "A training loss on new rows each epoch is measured before they are trained on, so it comes close to "
            "held-out "
            "loss; that of frozen rows does not. The two curves do not measure the same thing.",
        ),
        "f": (
            True,
            "The next step depends on Adam's two averages and on which rows come next. Without them the tables go "
            "another "
            "way, though the loss may look the same.",
        ),
    },
)

# -- the sum over pairs


def _pair_inputs(rng):
    B, L = int(rng.integers(3, 5)), int(rng.integers(6, 9))
    real = torch.tensor(rng.integers(2, L - 1, B))
    real[0], real[1] = L, 2
    mask = (torch.arange(L) < real.unsqueeze(1)).float()
    label = (torch.arange(L) < (real // 2).unsqueeze(1)).float()
    return torch.tensor(rng.normal(size=(B, L)) * 3, dtype=torch.float32), label, mask


def _bce(pred, label):
    return nn.functional.binary_cross_entropy_with_logits(pred, label, reduction="none")


def _per_slot(pred, label, mask):
    return (_bce(pred, label) * mask).sum() / mask.sum()


def _per_row(pred, label, mask):
    return ((_bce(pred, label) * mask).sum(1) / mask.sum(1)).mean()


pair_objective = FunctionCheck(
    name="pair_objective",
    reference=_per_slot,
    draw=_pair_inputs,
    mistakes=[
        Mistake(
            "mean of the rows",
            _per_row,
            "That is the book's objective: each center word weighs the same. Here each real slot does: sum over the "
            "whole "
            "batch, then divide by all real slots.",
        ),
        Mistake(
            "mask forgotten",
            lambda pred, label, mask: _bce(pred, label).mean(),
            "Padding is in your mean. Multiply the losses by the mask and divide by its sum.",
        ),
        Mistake(
            "divided by all slots",
            lambda pred, label, mask: (_bce(pred, label) * mask).mean(),
            "You divide by all slots, padding included: then the loss depends on how the batch was padded.",
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
            "one for each row",
            lambda pred, label, mask: (_bce(pred, label) * mask).sum(1) / mask.sum(1),
            "That is one loss for each row. Wanted is one number for the batch.",
        ),
    ],
    right="All real slots weigh the same; a center word with ten contexts counts five times one with two.",
)
