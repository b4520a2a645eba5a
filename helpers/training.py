"""Training: the steps, the held-out loss, interruption, and the error that stops a run."""

from __future__ import annotations

import copy
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers import backends, checkpoints
from helpers.batches import minibatches, num_batches
from helpers.corpus import Corpus
from helpers.devices import pick_device
from helpers.history import History, Settings
from helpers.model import gradients, slot_weights
from helpers.sampling import Examples, draw_examples

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
    backend: str = "reference",
    threads: int | None = None,
    **overrides,
) -> History:
    """Train the two tables with skip-gram and negative sampling, in place.

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
    curve : object with ``update(history)``, optional
        Called each time a loss is recorded: `live.LiveCurve`.
    checkpoint : path, optional
        Where to keep the run's state, written whole at each epoch's end and on an interrupt.
    resume : bool
        Go on from ``checkpoint``, to the same bits as an uninterrupted run on the CPU with as many threads.
    progress : bool
        Show a bar with center words a second.
    heldout : bool
        Compute the held-out loss at the start and after each epoch.
    backend : {"reference", "torch", "numba", "triton", "auto"}
        ``"reference"`` is the loop of notebook 05, with Adam; the others are notebook 09's fast ones: the same
        objective in expectation, by plain gradient descent at a falling rate, so that ``lr``, where it is not given, is
        theirs (`backends.RATES`). ``"auto"`` takes the fastest that runs here. They keep no checkpoints.
    threads : int, optional
        Of ``"numba"``. Default: PyTorch's number. With 1 the result is the same each time.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        For a setting out of range, or a model and a corpus that do not fit each other.
    ImportError
        If the backend's package is not installed.
    checkpoints.CheckpointError
        If ``resume`` finds a checkpoint of another shape, another corpus or other settings.
    TrainingDiverged
        When the loss or a table is no longer finite. The model is back at its last good state, and so is the
        checkpoint's file.
    """
    backend = backends.choose(backend, device)
    if settings is None:
        overrides = {**backends.defaults(backend, overrides.get("average", "row")), **overrides}
    settings = Settings(**{**asdict(settings or Settings()), **overrides})
    _check(model, corpus, epochs, settings)
    if backend != "reference":
        if checkpoint is not None or resume:
            raise ValueError(
                f"backend={backend!r} keeps no checkpoints: leave checkpoint= and resume= out and save the vectors "
                "with vectors.save_vectors, or take backend='reference'"
            )
        options = {} if threads is None else {"threads": threads}
        return backends.train(
            model, corpus, backend, epochs=epochs, settings=settings, device=device, curve=curve, progress=progress,
            heldout=heldout, **options,
        )  # fmt: skip
    device = pick_device(device, quiet=not progress)
    model.to(device)
    exact = torch.float32 if device.type == "mps" else torch.float64  # MPS has no float64
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.lr, fused=device.type in ("cpu", "cuda"))
    history, first_epoch, done = History(), 0, 0
    if resume:
        if checkpoint is None:
            raise ValueError("resume=True needs checkpoint=, the file to go on from")
        history, first_epoch, done = checkpoints.load(checkpoint, model, optimizer, corpus, settings)
    held = heldout_examples(corpus, settings) if heldout else None
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    before, started = history.seconds, time.perf_counter()

    def clock():
        history.seconds = before + time.perf_counter() - started

    def show():
        clock()
        if curve is not None:
            curve.update(history)

    if held is not None and not history.heldout:
        history.heldout.append((0.0, evaluate(model, held, average=settings.average)))
    show()
    with (
        tqdm(total=0, unit=" words", unit_scale=True, disable=not progress, leave=False) as bar,
        interrupts() as asked,
    ):
        for epoch in range(first_epoch, epochs):
            draw = np.random.default_rng([settings.seed, 0 if settings.frozen else epoch])
            examples = draw_examples(corpus, **settings.drawing(), rng=draw)
            steps = num_batches(examples, settings.batch_size)
            every = max(1, steps // REPORTS)  # 1 for a corpus of a few batches (trap T3)
            bar.total = bar.n + len(examples) * (epochs - epoch) - done * settings.batch_size
            bar.set_description(f"epoch {epoch + 1}/{epochs}")
            good = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
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
                stop = bool(asked) and done < steps
                if stop or done % every == 0 or done == steps:
                    history.pending = pending.tolist()
                    if not (_finite(pending) and all(_finite(embed.weight) for embed in model)):
                        model.load_state_dict(good[0])
                        optimizer.load_state_dict(good[1])
                        raise TrainingDiverged(_diverged(epoch, done, settings, checkpoint))
                if stop:
                    break
                if done % every == 0 or done == steps:
                    history.record(epoch + done / steps)
                    pending.zero_()
                    show()
            if done == steps:
                history.end_epoch()
                if held is not None:
                    history.heldout.append((epoch + 1.0, evaluate(model, held, average=settings.average)))
                epoch, done = epoch + 1, 0
            history.interrupted = bool(asked) and epoch < epochs
            show()
            if checkpoint is not None:
                checkpoints.save(checkpoint, model, optimizer, corpus, settings, history, epoch, done)
            if history.interrupted:
                break
    for embed in model:
        embed.weight.grad = None
    if curve is not None:
        curve.close(history)
    return history


def _check(model: nn.Sequential, corpus: Corpus, epochs: int, settings: Settings) -> None:
    for name, value in (("epochs", epochs), ("batch_size", settings.batch_size)):
        if value < 1 or value != int(value):
            raise ValueError(f"{name} is {value}; give a whole number, 1 or more")
    if not settings.lr > 0:
        raise ValueError(f"lr is {settings.lr}; give a learning rate above 0 (0.002 is the book's)")
    if len(model[0].weight) != len(corpus.vocab):
        raise ValueError(
            f"the model has {len(model[0].weight):,} words and the corpus {len(corpus.vocab):,}: "
            "make the model with make_model(len(corpus.vocab), ...)"
        )


def _finite(tensor: torch.Tensor) -> bool:
    return bool(torch.isfinite(tensor).all())


def _diverged(epoch: int, done: int, settings: Settings, checkpoint: str | Path | None) -> str:
    kept = f" {checkpoint} still holds that state." if checkpoint is not None and Path(checkpoint).exists() else ""
    return (
        f"the loss or a table is no longer finite in epoch {epoch + 1}, step {done}: the learning rate {settings.lr} "
        f"is too high, most likely. The model is back where it was when epoch {epoch + 1} began.{kept} "
        "Give a smaller lr."
    )


@contextmanager
def interrupts():
    """Collect interrupts instead of breaking off in the middle of a step; a second one breaks off at once."""
    asked = []

    def note(signum, frame):
        if asked:
            raise KeyboardInterrupt
        asked.append(signum)

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    previous = signal.signal(signal.SIGINT, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, previous)
