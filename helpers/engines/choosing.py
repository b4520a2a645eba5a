# Taught in 09 · exercised in 9.1 · tests/helpers/engines/test_choosing.py tests/helpers/engines/test_engines.py
"""One call, four engines, and the loop that the fast ones share.

The plain loop of notebook 05 is one of the four. A fast engine is a module of this folder with a class ``Engine``: it
is made from a model, a corpus and settings, and its ``train(first, last, lr)`` trains on the sentences first..last-1.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from helpers import training
from helpers.corpus import Corpus, CorpusError
from helpers.engines.devices import pick_device
from helpers.engines.history import DESCENT_RATES, History, Settings
from helpers.engines.interrupts import interrupts
from helpers.training import Monitor, TrainingDiverged, progress_bar

NAMES = ("reference", "torch", "numba", "triton", "auto")
PARTS = 10  # of an epoch, at least: the learning rate falls, the bar moves and an interrupt is heard after each
TOKENS = 200_000  # of a part, at most


def choose(engine: str, device: str | torch.device | None = None) -> str:
    """The engine that a name stands for here.

    Parameters
    ----------
    engine : {"reference", "torch", "numba", "triton", "auto"}
        ``"auto"``: Triton where there is an NVIDIA GPU, else Numba where it is installed, else PyTorch alone.
    device : str or torch.device, optional
        Where the caller wants to train.

    Raises
    ------
    ValueError
        For another name, or a device on which the engine does not run.
    ImportError
        If its package is not installed.
    """
    if engine not in NAMES:
        raise ValueError(f"engine is {engine!r}; give one of {', '.join(NAMES)}")
    kind = None if device is None else torch.device(device).type
    if engine == "auto":
        if kind in (None, "cuda") and torch.cuda.is_available() and _installed("triton"):
            return "triton"
        return "numba" if kind in (None, "cpu") and _installed("numba") else "torch"
    if engine in ("numba", "triton") and not _installed(engine):
        how = "pip install -r requirements.txt" if engine == "numba" else "it comes with PyTorch on Linux alone"
        raise ImportError(f"engine={engine!r} needs the package {engine} ({how}); engine='auto' takes what is here")
    if engine == "numba" and kind not in (None, "cpu"):
        raise ValueError(f"engine='numba' trains on the CPU, not on {kind}: leave device out, or take engine='auto'")
    there = kind in (None, "cuda") and torch.cuda.is_available()
    if engine == "triton" and not there and not os.environ.get("TRITON_INTERPRET"):
        raise ValueError("engine='triton' needs an NVIDIA GPU; on a CPU, engine='numba' is the fast one")
    return engine


def train(
    model: nn.Sequential,
    corpus: Corpus,
    *,
    engine: str = "auto",
    epochs: int = 5,
    settings: Settings | None = None,
    device: str | torch.device | None = None,
    curve=None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    progress: bool = True,
    heldout: bool = True,
    threads: int | None = None,
    options: dict | None = None,
    **overrides,
) -> History:
    """Train the two tables with skip-gram and negative sampling by any engine, in place.

    The fast engines have the objective of the reference loop in expectation, by plain gradient descent: the learning
    rate falls linearly to a ten-thousandth of its start, as word2vec.c lets it, and where it is not given it is
    `history.DESCENT_RATES`. The losses that Numba and PyTorch record are means over a sample of the steps. The fast
    engines keep no checkpoints.

    Parameters
    ----------
    engine : {"auto", "reference", "torch", "numba", "triton"}
        See `choose`; ``"reference"`` is `training.train`.
    threads : int, optional
        Of the CPU. Default: PyTorch's number. With one thread the result of ``"numba"`` is the same each time.
    options : dict, optional
        Of the engine itself: ``{"shared": 16}`` for ``"numba"``, ``{"batch": 64}`` for ``"torch"``.
    model, corpus, epochs, settings, device, curve, checkpoint, resume, progress, heldout, **overrides
        As in `training.train`.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        For a setting out of range, an option that the engine does not have, or a model and a corpus that do not fit.
    ImportError
        If the engine's package is not installed.
    RuntimeError, FileNotFoundError, checkpoints.CheckpointError
        As `training.train`.
    CorpusError
        For a text that is too small for the settings; the model is as it was when the epoch began.
    TrainingDiverged
        When a table is no longer finite; the model is as it was when the epoch began.
    """
    engine = choose(engine, device)
    shared = {"epochs": epochs, "curve": curve, "progress": progress, "heldout": heldout}
    if engine == "reference":
        if options:
            raise ValueError(f"engine='reference' has no options, and options is {options}: leave it out")
        kept = {"device": device, "checkpoint": checkpoint, "resume": resume}
        with _torch_threads(threads):
            return training.train(model, corpus, settings=settings, **shared, **kept, **overrides)
    if checkpoint is not None or resume:
        raise ValueError(
            f"engine={engine!r} keeps no checkpoints: leave checkpoint= and resume= out and save the vectors with "
            "vectors.save_vectors, or take engine='reference'"
        )
    settings = replace(settings or Settings(), **overrides).resolved(DESCENT_RATES)
    training.check_run(model, corpus, epochs, settings)
    if settings.frozen:
        raise ValueError("frozen=True is the book's way, which only engine='reference' can follow")
    with _torch_threads(threads), make_engine(engine, model, corpus, settings, device, options) as made:
        if progress:
            print(f"engine: {engine} on {pick_device(made.device, quiet=True)}{made.note}")
        return _descend(made, model, corpus, settings, **shared)


def make_engine(name: str, model, corpus: Corpus, settings: Settings, device=None, options: dict | None = None):
    """The engine of a name, made for one model, corpus and settings; see `train`.

    Raises
    ------
    ValueError
        For an option that the engine does not have.
    """
    engine = importlib.import_module(f"helpers.engines.{name}").Engine
    unknown = sorted(set(options or {}) - set(engine.OPTIONS))
    if unknown:
        has = ", ".join(engine.OPTIONS) or "none"
        raise ValueError(f"options has {', '.join(unknown)}, and the options of engine={name!r} are: {has}")
    return engine(model, corpus, settings, device=device, **(options or {}))


def _descend(engine, model, corpus, settings, *, epochs, curve, progress, heldout) -> History:
    """Gradient descent by an engine, an epoch after the other; a text that is too small, or divergence, undoes one."""
    history = History()
    monitor = Monitor(model, corpus, settings, history, curve, heldout)
    with monitor, progress_bar("tokens", progress) as bar, interrupts() as asked:
        bar.total = epochs * len(corpus.ids)
        for epoch in range(epochs):
            bar.set_description(f"epoch {epoch + 1}/{epochs}")
            good = [embed.weight.detach().clone() for embed in model]
            try:
                finished = _descend_epoch(engine, corpus, settings, history, epoch, epochs, asked, bar, monitor)
                if not all(torch.isfinite(embed.weight).all() for embed in model):
                    where = f"after epoch {epoch + 1}"
                    raise TrainingDiverged(training.diverged(where, epoch, settings.lr))
            except (CorpusError, TrainingDiverged):
                training.restore(model, good)
                raise
            history.interrupted = bool(asked) and not (finished and epoch + 1 == epochs)
            if finished:
                history.end_epoch()
                monitor.judge(epoch + 1)
            monitor.show()
            if asked:
                break
    return history


def _descend_epoch(engine, corpus, settings, history, epoch, epochs, asked, bar, monitor) -> bool:
    """Train on the parts of one epoch at a falling rate; whether no interrupt ended it before the last part."""
    sentences, parts = len(corpus.bounds) - 1, max(PARTS, -(-len(corpus.ids) // TOKENS))
    cuts = [sentences * k // parts for k in range(parts + 1)]
    trained = bare = 0
    for k in range(parts):
        if cuts[k] == cuts[k + 1]:
            continue
        rate = settings.lr * max(1e-4, 1 - (epoch + k / parts) / epochs)
        loss, weight, centers, without = engine.train(cuts[k], cuts[k + 1], rate)
        trained, bare = trained + int(centers), bare + int(without)
        history.centers += int(centers)
        history.pending = [history.pending[0] + float(loss), history.pending[1] + float(weight)]
        bar.update(int(corpus.bounds[cuts[k + 1]] - corpus.bounds[cuts[k]]))
        if asked and k + 1 < parts:
            break
        if history.pending[1]:
            history.record(epoch + (k + 1) / parts)
            monitor.show()
    if not trained and not asked:
        raise CorpusError(
            f"{corpus.name}: subsampling with t={settings.t} left no sentence of two words, for every word is frequent "
            "in a small text. Give a larger t, or t=None."
        )
    if bare > 0.01 * trained:
        raise CorpusError(
            f"{corpus.name}: for {bare:,} of {trained:,} center words every noise word drawn was a context: the text "
            "has too few different words. Give a text with more, a smaller max_window, or engine='reference'."
        )
    return k + 1 == parts


@contextmanager
def _torch_threads(threads: int | None):
    """PyTorch with so many threads inside the block."""
    if threads is None:
        yield
        return
    if threads < 1 or threads != int(threads):
        raise ValueError(f"threads is {threads}; give a whole number, 1 or more")
    before = torch.get_num_threads()
    torch.set_num_threads(int(threads))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
