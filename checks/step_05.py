# Used in 05 · tests/checks/test_answers.py
"""The check of the training step, whose result is what it returns and what it makes of the tables."""

from __future__ import annotations

from dataclasses import replace
from numbers import Number

import torch
from torch import nn

from checks.core import FunctionCheck
from checks.drawn_05 import STEPS, step_inputs
from checks.running import Raised, Ran, run
from checks.verdict import Mistake
from helpers.model import masked_bce, skip_gram

LOSS, TABLES = "the loss, a number", ("net[0].weight after the step", "net[1].weight after the step")


class StepCheck(FunctionCheck):
    """Compares a step's loss and the tables after it; that it changes its first two arguments is its task."""

    def ran(self, function, args) -> Ran:
        """What comes of a step: its loss and the tables."""
        return _with_tables(run(function, args), args)

    def judge(self, inputs, given, found, *args, **more):
        """The verdict; ``given`` holds the tables as the answer left them."""
        found = [_with_tables(ran, left) for ran, left in zip(found, given)]
        left_alone = [(*before[:2], *left[2:]) for before, left in zip(inputs, given)]
        return super().judge(inputs, left_alone, found, *args, **more)


def _with_tables(ran: Ran, args: tuple) -> Ran:
    value = ran.value
    if value is None or value is ... or isinstance(value, Raised):
        return ran
    if not isinstance(value, Number) or isinstance(value, bool):
        value = f"no Python number: {type(value).__name__}"
    made = {LOSS: value}
    for name, embed in zip(TABLES, args[0]):
        made[name] = embed.weight.detach().clone()
    return replace(ran, value=made)


# -- the step, and what can go wrong in it


def _step(net, optimizer, batch, skip_gram, masked_loss):
    center, candidates, mask, label = batch
    optimizer.zero_grad()
    pred = skip_gram(center, candidates, *net).squeeze(1)  # (B, 1, L) -> (B, L)
    loss = masked_loss(pred, label, mask).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def _loss(net, batch, skip_gram, masked_loss, *, turned=False, swapped=False):
    center, candidates, mask, label = batch
    v, u = reversed(net) if turned else net
    pred = skip_gram(center, candidates, v, u).squeeze(1)
    return masked_loss(pred, mask, label) if swapped else masked_loss(pred, label, mask)


def _other(*, zero=True, back=torch.mean, told=torch.mean, move=True, number=True, twice=1, after=False, **options):
    """A step in which one thing is otherwise."""

    def step(net, optimizer, batch, skip_gram, masked_loss):
        for _ in range(twice):
            if zero:
                optimizer.zero_grad()
            rows = _loss(net, batch, skip_gram, masked_loss, **options)
            if back:
                back(rows).backward()
            if move:
                optimizer.step()
        if after:
            with torch.no_grad():
                rows = _loss(net, batch, skip_gram, masked_loss)
        loss = told(rows)
        return loss.item() if number else loss

    return step


def _over_slots(net, optimizer, batch, skip_gram, masked_loss):
    n = batch[2].sum(dim=1)
    optimizer.zero_grad()
    loss = (_loss(net, batch, skip_gram, masked_loss) * n).sum() / n.sum()
    loss.backward()
    optimizer.step()
    return loss.item()


def _one_table(which):
    def step(net, optimizer, batch, skip_gram, masked_loss):
        optimizer.zero_grad()
        loss = _loss(net, batch, skip_gram, masked_loss).mean()
        loss.backward()
        net[1 - which].weight.grad = None
        optimizer.step()
        return loss.item()

    return step


def _own_optimizer(kind, **options):
    def step(net, optimizer, batch, skip_gram, masked_loss):
        return _step(net, kind(net.parameters(), **options), batch, skip_gram, masked_loss)

    return step


def _forgets(which):
    def step(net, optimizer, batch, skip_gram, masked_loss):
        net[which].zero_grad()
        loss = _loss(net, batch, skip_gram, masked_loss).mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def _row_by_row(net, optimizer, batch, skip_gram, masked_loss):
    rows = [_step(net, optimizer, [x[i : i + 1] for x in batch], skip_gram, masked_loss) for i in range(len(batch[0]))]
    return sum(rows) / len(rows)


def _by_hand(net, optimizer, batch, skip_gram, masked_loss):
    return _step(net, torch.optim.SGD(net.parameters(), optimizer.param_groups[0]["lr"]), batch, skip_gram, masked_loss)


def _clipped(most):
    def step(net, optimizer, batch, skip_gram, masked_loss):
        optimizer.zero_grad()
        loss = _loss(net, batch, skip_gram, masked_loss).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), most)
        optimizer.step()
        return loss.item()

    return step


ONE_FORGETS = "One table still has the gradients of an earlier step in .grad: optimizer.zero_grad() forgets both."
OWN = (
    "You make an optimizer of your own in the step. Use the one that is given: it knows the rate and what went before."
)
step = StepCheck(
    name="step",
    reference=_step,
    draw=step_inputs,
    hostile=STEPS,
    mistakes=[
        Mistake(
            "gradients pile up",
            _other(zero=False),
            "The gradients of an earlier step are still in .grad, and backward() adds to them: optimizer.zero_grad() "
            "comes first.",
        ),
        Mistake(
            "tables stand still",
            _other(move=False),
            "The tables have not moved. loss.backward() computes the gradients, optimizer.step() then moves along "
            "them, and zero_grad() comes before both.",
        ),
        Mistake(
            "sum for mean",
            _other(back=torch.sum, told=torch.sum),
            "You sum the rows' losses. Wanted is their mean, so that the step does not grow with the minibatch.",
        ),
        Mistake(
            "steps along the sum",
            _other(back=torch.sum),
            "You return the mean, and go backward from the sum: the step is as many times too long as there are rows.",
        ),
        Mistake(
            "returns the sum", _other(told=torch.sum), "The tables are right. You return the sum of the rows' losses."
        ),
        Mistake(
            "mean over the slots",
            _over_slots,
            "You weigh each row by its real slots. Each row of the minibatch weighs the same.",
        ),
        Mistake(
            "a tensor",
            _other(number=False),
            "The tables are right. You return a tensor, which drags its graph along: loss.item() is its number.",
        ),
        Mistake(
            "loss after the step",
            _other(after=True),
            "You compute the loss again after the step. Wanted is the loss that the gradients are of, before it.",
        ),
        Mistake("two steps", _other(twice=2), "You take two steps on one minibatch, and return the second's loss."),
        Mistake(
            "backward uphill",
            _other(back=lambda rows: -rows.mean()),
            "You go up the loss and not down: the optimizer turns the sign itself.",
        ),
        Mistake(
            "tables exchanged",
            _other(turned=True),
            "net[0] has the center vectors, net[1] the context vectors: skip_gram takes them in this order.",
        ),
        Mistake(
            "label and mask exchanged",
            _other(swapped=True),
            "A batch is center, candidates, mask, label; masked_loss takes pred, label, mask. The last two change "
            "places.",
        ),
        Mistake(
            "center vectors alone",
            _one_table(0),
            "The table of context vectors has not moved. The optimizer has both tables.",
        ),
        Mistake("context vectors alone", _one_table(1), "The table of center vectors has not moved."),
        Mistake("center table forgets alone", _forgets(0), ONE_FORGETS),
        Mistake("context table forgets alone", _forgets(1), ONE_FORGETS),
        Mistake(
            "a step for each row",
            _row_by_row,
            "You step once for each row. All rows go into one mean, and the tables move once.",
        ),
        Mistake(
            "moved by hand",
            _by_hand,
            "You move the tables by the rate times the gradient. The optimizer may do otherwise: optimizer.step().",
        ),
        Mistake("clipped", _clipped(1.0), "You clip the gradients. Nobody asked for that."),
        Mistake(
            "other functions called",
            lambda net, optimizer, batch, *_: _step(net, optimizer, batch, skip_gram, masked_bce),
            "You score or judge by functions of your own. Call the two that are given, skip_gram and masked_loss.",
        ),
        Mistake(
            "a loss of its own",
            lambda net, optimizer, batch, scores, _: _step(net, optimizer, batch, scores, masked_bce),
            "You judge by a loss of your own. Call the one that is given, masked_loss.",
        ),
        Mistake("own SGD", _own_optimizer(torch.optim.SGD, lr=0.01), OWN),
        Mistake("own Adam", _own_optimizer(torch.optim.Adam), OWN),
        Mistake("own Adam at the book's rate", _own_optimizer(torch.optim.Adam, lr=0.002), OWN),
    ],
    right="Gradients forgotten, loss, gradients, step: all training is a loop around these lines.",
)
