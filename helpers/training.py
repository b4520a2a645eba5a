# Taught in 05 · exercised in 5.3, 5.4, 5.5 · tests/helpers/test_training.py
"""Training: the step, the held-out loss, and the loop.

`engines.train` trains by faster means as well, under the same `Monitor`.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers.batches import minibatches, num_batches
from helpers.corpus import Corpus
from helpers.engines import checkpoints
from helpers.engines.devices import pick_device
from helpers.engines.history import History, Settings
from helpers.engines.interrupts import interrupts
from helpers.model import gradients, slot_weights
from helpers.sampling import Examples, check_drawing, draw_examples

REPORTS = 20  # times an epoch that the running loss is recorded


class TrainingDiverged(FloatingPointError):
    """The loss or a table is no longer finite; the model was set back to the last good epoch's end."""


def heldout_examples(corpus: Corpus, settings: Settings) -> Examples | None:
    """Examples of the held-out text, drawn once, with the training text's counts; None where there is no such text."""
    if corpus.heldout is None or np.diff(corpus.heldout.bounds).max(initial=0) < 2:
        return None
    return draw_examples(
        corpus.heldout,
        **settings.drawing(),
        rng=np.random.default_rng([12345, 0]),
        counts=corpus.vocab.counts,
    )


def evaluate(model: nn.Sequential, examples: Examples, *, batch_size: int = 2048, average: str = "row") -> float:
    """Mean loss of a model on some examples, without training on them.

    Returns
    -------
    float
        The weighted mean of the binary cross-entropy: over center words (``average="row"``) or over pairs.
    """
    total = weights = 0.0
    with torch.no_grad():
        for batch in minibatches(examples, batch_size, np.random.default_rng(0)):
            center, candidates, mask, label = (x.to(model[0].weight.device) for x in batch)
            weight = slot_weights(mask, average)
            score = torch.bmm(model[0](center), model[1](candidates).transpose(1, 2)).squeeze(1)
            total += float((nn.functional.softplus((1 - 2 * label) * score) * weight).sum())
            weights += float(weight.sum())
    return total / weights


def step(model: nn.Sequential, batch, average: str = "row"):
    """Add one minibatch's gradients to the tables' ``.grad``, which must be there.

    The rows come in order of length, so the shorter half is trimmed of the padding that the longer half needs.

    Returns
    -------
    torch.Tensor of float32, shape (2,)
        The summed loss, and the summed weight of the slots.
    """
    center, candidates, mask, label = batch
    length = mask.sum(dim=1)
    half = len(center) // 2
    total = center.new_zeros((), dtype=torch.float32)
    for rows in (slice(0, half), slice(half, None)) if half else (slice(None),):
        L = int(length[rows][-1])
        words, ids = center[rows, 0], candidates[rows, :L].flatten()
        v = model[0].weight.detach().index_select(0, words)  # (B, D)
        u = model[1].weight.detach().index_select(0, ids).view(len(words), L, -1)  # (B, L, D)
        loss, grad_v, grad_u = gradients(v, u, label[rows, :L], slot_weights(mask[rows, :L], average))
        model[0].weight.grad.index_add_(0, words, grad_v)
        model[1].weight.grad.index_add_(0, ids, grad_u.flatten(0, 1))
        total += loss.sum()
    return torch.stack([total, slot_weights(mask, average).sum()])


def train(
    model: nn.Sequential,
    corpus: Corpus,
    *,
    epochs: int = 5,
    settings: Settings | None = None,
    device: str | torch.device | None = None,
    curve=None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    progress: bool = True,
    heldout: bool = True,
    **overrides,
) -> History:
    """Train the two tables with skip-gram, negative sampling and Adam, in place.

    An interrupt (the stop button, Ctrl-C) ends the run after the step that it fell in and keeps what was learned.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` returns it. Moved to the device.
    corpus : Corpus
    epochs : int
        Passes over the text, counted from the run's beginning, so that a resumed run ends where it would have.
    settings : Settings, optional
        What fixes the run; single fields can be given as keyword arguments (``seed=1``, ``average="pairs"``).
        ``frozen=True`` subsamples and draws windows and noise words once, as the book does (trap T8).
    device : str or torch.device, optional
        See `devices.pick_device`.
    curve : object with ``update(history)`` and ``close(history)``, optional
        Called each time a loss is recorded, and at the end: `plots.LiveCurve`.
    checkpoint : path, optional
        Where to keep the run's state, written whole at each epoch's end and on an interrupt.
    resume : bool
        Go on from ``checkpoint``, to the same bits as an uninterrupted run on the CPU with as many threads.
    progress : bool
        Show a bar with center words a second.
    heldout : bool
        Compute the held-out loss at the start and after each epoch.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        For a setting out of range, or a model and a corpus that do not fit each other.
    RuntimeError
        If the device is not there.
    CorpusError
        If subsampling leaves no sentence of two words, in the text or in its held-out part.
    FileNotFoundError, checkpoints.CheckpointError
        If ``resume`` finds no checkpoint, or one of another shape, another corpus or other settings.
    TrainingDiverged
        When the loss or a table is no longer finite. The model is back at its last good state, which the checkpoint
        holds where this run has written or read one.
    """
    settings = replace(settings or Settings(), **overrides).resolved()
    check_run(model, corpus, epochs, settings)
    device = pick_device(device, quiet=not progress)
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr=settings.lr, fused=device.type in ("cpu", "cuda"))
    history, epoch, done, kept = History(), 0, 0, checkpoint if resume else None
    if resume:
        if checkpoint is None:
            raise ValueError("resume=True needs checkpoint=, the file to go on from")
        history, epoch, done = checkpoints.load(checkpoint, model, optimizer, corpus, settings)
        history.interrupted = False
    monitor = Monitor(model, corpus, settings, history, curve, heldout)
    with monitor, _gradients_in_place(model), progress_bar("words", progress) as bar, interrupts() as asked:
        while epoch < epochs and not history.interrupted:
            draw = np.random.default_rng([settings.seed, 0 if settings.frozen else epoch])
            examples = draw_examples(corpus, **settings.drawing(), rng=draw)
            bar.total = bar.n + len(examples) * (epochs - epoch) - done * settings.batch_size
            bar.set_description(f"epoch {epoch + 1}/{epochs}")
            good = [embed.weight.detach().clone() for embed in model]
            try:
                done = _train_epoch(model, optimizer, examples, settings, history, epoch, done, asked, bar, monitor)
            except FloatingPointError as error:
                restore(model, good)
                raise TrainingDiverged(diverged(f"{error}", epoch, settings.lr, kept)) from None
            if done == num_batches(examples, settings.batch_size):
                epoch, done = epoch + 1, 0
                history.end_epoch()
                monitor.judge(epoch)
            history.interrupted = bool(asked) and epoch < epochs
            monitor.show()
            if checkpoint is not None:
                checkpoints.save(checkpoint, model, optimizer, corpus, settings, history, epoch, done)
                kept = checkpoint
    return history


def _train_epoch(model, optimizer, examples, settings, history, epoch, done, asked, bar, monitor) -> int:
    """Take the steps of one epoch from number ``done`` on; an interrupt ends it early. Returns how many are done."""
    steps = num_batches(examples, settings.batch_size)
    every = max(1, steps // REPORTS)  # 1 for a corpus of a few batches (trap T3)
    device = model[0].weight.device
    exact = torch.float32 if device.type == "mps" else torch.float64  # MPS has no float64
    pending = torch.tensor(history.pending, dtype=exact, device=device)
    shuffle = np.random.default_rng([settings.seed, epoch, 1])
    for batch in minibatches(examples, settings.batch_size, shuffle, skip=done):
        for embed in model:
            embed.weight.grad.zero_()
        pending += step(model, [x.to(device) for x in batch], settings.average)
        optimizer.step()
        done += 1
        history.centers += len(batch[0])
        bar.update(len(batch[0]))
        stop, report = bool(asked) and done < steps, done % every == 0 or done == steps
        if stop or report:
            history.pending = pending.tolist()
            if not all(torch.isfinite(x).all() for x in (pending, *(embed.weight for embed in model))):
                raise FloatingPointError(f"in epoch {epoch + 1}, step {done}")
        if stop:
            break
        if report:
            history.record(epoch + done / steps)
            pending.zero_()
            monitor.show()
    return done


class Monitor:
    """What a run shows while it goes on: its seconds, the held-out loss, the live curve. Every engine has one.

    Parameters
    ----------
    model, corpus, settings, curve, heldout
        As in `train`.
    history : History
        Of the run; kept up to date.
    """

    def __init__(self, model, corpus: Corpus, settings: Settings, history: History, curve=None, heldout: bool = True):
        self.model, self.history, self.curve, self.average = model, history, curve, settings.average
        self.examples = heldout_examples(corpus, settings) if heldout else None

    def __enter__(self):
        self.before, self.started = self.history.seconds, time.perf_counter()
        if not self.history.heldout:
            self.judge(0)
        self.show()
        return self

    def __exit__(self, *_):
        if self.curve is not None:
            self.curve.close(self.history)

    def judge(self, epochs: int) -> None:
        """Record the held-out loss after so many epochs."""
        if self.examples is not None:
            self.history.heldout.append((float(epochs), evaluate(self.model, self.examples, average=self.average)))

    def show(self) -> None:
        """Stop the time and draw the curve."""
        self.history.seconds = self.before + time.perf_counter() - self.started
        if self.curve is not None:
            self.curve.update(self.history)


def check_run(model: nn.Sequential, corpus: Corpus, epochs: int, settings: Settings) -> None:
    """Raise ValueError for a number or a rate out of range, or a model and a corpus of different vocabularies."""
    for name, value in (("epochs", epochs), ("batch_size", settings.batch_size)):
        if value < 1 or value != int(value):
            raise ValueError(f"{name} is {value}; give a whole number, 1 or more")
    if not settings.lr > 0:
        raise ValueError(f"lr is {settings.lr}; give a learning rate above 0 (0.002 is the book's)")
    check_drawing(**settings.drawing())
    if len(model[0].weight) != len(corpus.vocab):
        raise ValueError(
            f"the model has {len(model[0].weight):,} words and the corpus {len(corpus.vocab):,}: "
            "make the model with make_model(len(corpus.vocab), ...)"
        )


def restore(model: nn.Sequential, weights: list[torch.Tensor]) -> None:
    """Put the weights of the two tables back."""
    with torch.no_grad():
        for embed, weight in zip(model, weights):
            embed.weight.copy_(weight)


def diverged(where: str, epoch: int, lr: float, checkpoint: str | Path | None = None) -> str:
    """What `TrainingDiverged` says."""
    kept = f" {checkpoint} still holds that state." if checkpoint is not None else ""
    return (
        f"the loss or a table is no longer finite {where}: the learning rate {lr} is too high, most likely. The model "
        f"is back where it was when epoch {epoch + 1} began or was resumed.{kept} Give a smaller lr."
    )


def progress_bar(unit: str, shown: bool) -> tqdm:
    """The bar of a run, whose total is set as it becomes known."""
    return tqdm(total=0, unit=f" {unit}", unit_scale=True, disable=not shown, leave=False)


@contextmanager
def _gradients_in_place(model: nn.Sequential):
    """Tables with a ``.grad`` to add to; without one afterwards, however the run ends."""
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    try:
        yield
    finally:
        for embed in model:
            embed.weight.grad = None
