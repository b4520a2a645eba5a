# Taught in 05 · exercised in 5.1, 5.3, 5.4 · tests/helpers/test_training.py
"""Training: the step, the held-out loss, and the loop.

`engines.train` trains by faster means as well, under the same `runs.Run`.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, flag, instance, one_of, optional, path, shown, whole
from helpers.batches import minibatches, num_batches
from helpers.corpus import Corpus, CorpusError
from helpers.engines.checkpoints import Moments
from helpers.engines.devices import pick_device
from helpers.engines.history import History, Settings
from helpers.engines.parts import cuts, piece
from helpers.engines.runs import Run, TrainingDiverged  # noqa: F401 (what `train` raises)
from helpers.engines.safety import check_run, warn_of_thinning
from helpers.model import gradients, rows_count, skip_gram, slot_weights, tables
from helpers.sampling import Examples, draw_examples
from helpers.shapes import ids_fit, tensor

# A minibatch is looked at once, at the door of `step` or `evaluate`, and not again by each of its parts.
gradients, skip_gram, slot_weights = (part.__wrapped__ for part in (gradients, skip_gram, slot_weights))
VECTORS = 2**24  # numbers of the candidates' vectors that `evaluate` gathers at a time, at most: 64 MB
REPORTS = 20  # times an epoch that the running loss is recorded
SLOTS = tensor("B L", least=0, most=1)
RULES = {
    "epochs": whole(1, 1_000_000),
    "settings": optional(instance(Settings)),
    "checkpoint": optional(path()),
    "resume": flag(),
    "overwrite": flag(),
    "progress": flag(),
    "heldout": flag(),
}  # of `train`, whatever the engine


def _examples_fit(model, examples, **_):
    if not len(examples):
        raise ArgumentError("examples has no rows; give some")
    for name in ("centers", "contexts", "noise"):
        ids_fit(f"examples.{name}", getattr(examples, name).ravel(), "model", model[1].weight)


def _batch_fits(model, batch, **_):
    """Four tensors that fit, looked at once for all that `step` does with them."""
    if not isinstance(batch, (tuple, list)) or len(batch) != 4 or not all(isinstance(x, torch.Tensor) for x in batch):
        raise ArgumentError(f"batch is {shown(batch)}; give center, candidates, mask and label, as minibatches yields")
    center, *others = batch
    shapes = [tuple(x.shape) for x in batch]
    if shapes[0] != (len(center), 1) or len({*shapes[1:]}) > 1 or shapes[1][:1] != (len(center),) or not len(center):
        raise ArgumentError(f"batch has shapes {shapes}; give (B, 1), then (B, L) three times")
    if any(x.dtype not in (torch.int64, torch.int32) for x in batch[:2]):
        raise ArgumentError(f"batch has ids of {batch[0].dtype} and {batch[1].dtype}; give whole numbers")
    for name, ids, embed in zip(("center", "candidates"), batch, model):
        if ids.numel() and not 0 <= int(ids.min()) <= int(ids.max()) < len(embed.weight):
            raise ArgumentError(
                f"batch: {name} has ids that the model has not; give ids from 0 to {len(embed.weight) - 1}"
            )
    for name, slots in (("mask", batch[2]), ("label", batch[3])):
        SLOTS(f"batch: {name}", slots, {})
    rows_count(batch[2])


@checked(corpus=instance(Corpus), settings=instance(Settings))
def heldout_examples(corpus: Corpus, settings: Settings) -> Examples | None:
    """Examples of the held-out text, drawn once, with the training text's counts.

    Returns
    -------
    Examples or None
        None where there is no such text, or one too small for the settings. Of a long one, the first `parts.TOKENS`.
    """
    if corpus.heldout is None or np.diff(corpus.heldout.bounds).max(initial=0) < 2:
        return None
    try:
        return draw_examples(
            piece(corpus.heldout, 0, cuts(corpus.heldout.bounds)[1]),
            **settings.drawing(),
            rng=np.random.default_rng([12345, 0]),
            counts=corpus.vocab.counts,
        )
    except CorpusError:
        return None


@checked(
    _examples_fit, model=tables(bags=True), examples=instance(Examples), batch_size=whole(1),
    average=one_of("row", "pairs"),
)  # fmt: skip
def evaluate(model: nn.Sequential, examples: Examples, *, batch_size: int = 2048, average: str = "row") -> float:
    """Mean loss of a model on some examples, without training on them.

    Returns
    -------
    float
        The weighted mean of the binary cross-entropy: over center words (``average="row"``) or over pairs.
    """
    summed = weights = 0.0
    row = int(np.diff(examples.offsets).max()) * (1 + examples.noise.shape[1]) * model[0].weight.shape[1]
    batch_size = max(1, min(batch_size, VECTORS // row))
    with torch.no_grad():
        for batch in minibatches(examples, batch_size, np.random.default_rng(0)):
            center, candidates, mask, label = (x.to(model[0].weight.device) for x in batch)
            score = skip_gram(center, candidates, *model).squeeze(1)  # (B, 1, L) -> (B, L)
            weight = slot_weights(mask, average)
            summed += float((nn.functional.softplus((1 - 2 * label) * score) * weight).sum())
            weights += float(weight.sum())
    return summed / weights


@checked(_batch_fits, model=tables(), optimizer=instance(torch.optim.Optimizer), average=one_of("row", "pairs"))
def step(model: nn.Sequential, optimizer, batch, average: str = "row"):
    """One step of training on a minibatch, by the gradients' formulas and not by ``backward()``.

    The gradients are those of the summed loss, and stay in the tables' ``.grad``. The minibatch is center, candidates,
    mask and label, as `batches.minibatches` yields them; the optimizer is of the model's tables.

    Returns
    -------
    torch.Tensor of float32, shape (2,)
        The summed loss before the step, and the summed weight of the slots.
    """
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight) if embed.weight.grad is None else embed.weight.grad.zero_()
    summed = weights = 0
    for center, candidates, mask, label in halves(batch):
        with torch.no_grad():
            v, u = model[0](center)[:, 0], model[1](candidates)  # (B, D), (B, L, D)
        weight = slot_weights(mask, average)
        loss, grad_v, grad_u = gradients(v, u, label, weight)
        model[0].weight.grad.index_add_(0, center[:, 0], grad_v)  # each row's gradient to its word's row
        model[1].weight.grad.index_add_(0, candidates.flatten(), grad_u.flatten(0, 1))
        summed, weights = summed + loss.sum(), weights + weight.sum()
    optimizer.step()
    return torch.stack([summed, weights])


def halves(batch):
    """A minibatch as two, each trimmed of padding that it does not need: its rows come in order of length."""
    center, candidates, mask, label = batch
    half = len(center) // 2
    for rows in (slice(0, half), slice(half, None)) if half else (slice(None),):
        L = int(mask[rows][-1].sum())  # of the longest
        yield center[rows], candidates[rows, :L], mask[rows, :L], label[rows, :L]


@checked(**RULES)
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
    overwrite: bool = False,
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
        Where to keep the run's state: written whole at the end, on an interrupt, and every half minute before
        (`runs.EVERY`). A file that is there already is gone on with or replaced only if the next two say so.
    resume : bool
        Go on from ``checkpoint``, to the same bits as an uninterrupted run on the CPU with as many threads.
    overwrite : bool
        Begin anew, and replace the checkpoint that is there.
    progress : bool
        Show a bar with center words a second.
    heldout : bool
        Compute the held-out loss at the start and after each epoch.

    Returns
    -------
    History

    Raises
    ------
    ArgumentError
        For an argument or a setting out of range, or a model and a corpus that do not fit each other.
    RuntimeError
        If the device is not there.
    CorpusError
        If subsampling leaves no sentence of two words.
    FileNotFoundError, checkpoints.CheckpointError
        If ``resume`` finds no checkpoint, or one of another shape, another corpus or other settings; if a checkpoint is
        there that nobody said to replace; if none can be written.
    TrainingDiverged
        When the loss or a table is no longer finite. The model is back at its last good state.
    """
    settings = Settings.given(settings, overrides)
    check_run(model, corpus)
    warn_of_thinning(corpus, settings)
    device, at = pick_device(device, quiet=not progress), cuts(corpus.bounds)
    held = heldout_examples(corpus, settings) if heldout else None
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr=settings.lr, fused=device.type in ("cpu", "cuda"))
    run = Run(
        model, corpus, settings, epochs=epochs, parts=len(at) - 1, keeper=Moments(optimizer), curve=curve,
        judge=held and (lambda: evaluate(model, held, average=settings.average)),
        checkpoint=checkpoint, resume=resume, overwrite=overwrite, progress=progress,
    )  # fmt: skip
    with run, gradients_in_place(model):
        while run.goes_on:
            examples = _draw(corpus, settings, run, at)
            with run.undone():
                _train_part(run, optimizer, examples)
            run.rest()
    return run.history


def _draw(corpus: Corpus, settings: Settings, run: Run, at: list[int]) -> Examples | None:
    """The examples of the part that comes next; None if nothing of it is left, which only one of several may be.

    The zero and the number of the first part, 0, change nothing: [seed, epoch] gives the same numbers.
    """
    rng = np.random.default_rng([settings.seed, 0 if settings.frozen else run.epoch, 0, run.part])
    try:
        return draw_examples(piece(corpus, *at[run.part : run.part + 2]), **settings.drawing(), rng=rng)
    except CorpusError:
        if run.part + 1 == run.parts and not run.counts[0]:
            raise
        return None


def _train_part(run: Run, optimizer, examples: Examples | None) -> None:
    """Take the steps of one part of an epoch from number ``run.done`` on; an interrupt ends it early."""
    model, settings, history = run.model, run.settings, run.history
    steps = num_batches(examples, settings.batch_size) if examples else 0
    run.steps(steps)
    run.bar.total = run.bar.n + _left(run, len(examples) if examples else 0)
    run.bar.set_description(f"epoch {run.epoch + 1}/{run.epochs}")
    every = max(1, steps * run.parts // REPORTS)  # 1 for a corpus of a few batches (trap T3)
    device = model[0].weight.device
    exact = torch.float32 if device.type == "mps" else torch.float64  # MPS has no float64
    pending = torch.tensor(history.pending, dtype=exact, device=device)
    shuffle = np.random.default_rng([settings.seed, run.epoch, 1, run.part])
    for batch in minibatches(examples, settings.batch_size, shuffle, skip=run.done) if examples else ():
        pending += step(model, optimizer, [x.to(device) for x in batch], settings.average)
        run.done += 1
        history.centers += len(batch[0])
        run.counts[0] += len(batch[0])
        run.bar.update(len(batch[0]))
        stop, report = bool(run.asked) and run.done < steps, run.done % every == 0 or run.done == steps
        if stop or report:
            history.pending = pending.tolist()
            if not all(torch.isfinite(x).all() for x in (pending, *(embed.weight for embed in model))):
                raise FloatingPointError(f"in epoch {run.epoch + 1}, step {run.done}")
        if report:
            pending.zero_()
            run.record(run.epoch + (run.part + run.done / steps) / run.parts)
        if stop:
            return
    run.part, run.done = run.part + 1, 0
    if run.part == run.parts:
        run.end_epoch()


def _left(run: Run, centers: int) -> int:
    """Center words that are left to train on, if all parts have as many as this one."""
    return centers * (run.parts * (run.epochs - run.epoch) - run.part) - run.done * run.settings.batch_size


@contextmanager
def gradients_in_place(model: nn.Sequential):
    """Tables with a ``.grad`` to add to; without one afterwards, however the run ends."""
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    try:
        yield
    finally:
        for embed in model:
            embed.weight.grad = None
