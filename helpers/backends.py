"""The same training by faster means: one call, three engines, and what all three share."""

from __future__ import annotations

import importlib.util
import os
import time

import torch
from torch import nn
from tqdm.auto import tqdm

from helpers.corpus import Corpus, CorpusError
from helpers.devices import pick_device
from helpers.history import History, Settings
from helpers.sampling import check_drawing

NAMES = ("reference", "torch", "numba", "triton", "auto")
PARTS = 10  # of an epoch, at least: the learning rate falls, the bar moves and an interrupt is heard after each
TOKENS = 200_000  # of a part, at most

# What plain gradient descent needs where Adam needs 0.002, by what the objective averages over (notebook 09).
RATES = {
    "torch": {"row": 1.5, "pairs": 0.06},
    "numba": {"row": 1.5, "pairs": 0.06},
    "triton": {"row": 1.5, "pairs": 0.06},
}


def choose(backend: str, device: str | torch.device | None = None) -> str:
    """The backend that a name stands for here.

    Parameters
    ----------
    backend : {"reference", "torch", "numba", "triton", "auto"}
        ``"auto"``: Triton where there is an NVIDIA GPU, else Numba where it is installed, else PyTorch alone.
    device : str or torch.device, optional
        Where the caller wants to train.

    Raises
    ------
    ValueError
        For another name, or a device on which the backend does not run.
    ImportError
        If its package is not installed.
    """
    if backend not in NAMES:
        raise ValueError(f"backend is {backend!r}; give one of {', '.join(NAMES)}")
    kind = None if device is None else torch.device(device).type
    if backend == "auto":
        if kind in (None, "cuda") and torch.cuda.is_available() and _installed("triton"):
            return "triton"
        return "numba" if kind in (None, "cpu") and _installed("numba") else "torch"
    if backend in ("numba", "triton") and not _installed(backend):
        how = "pip install -r requirements.txt" if backend == "numba" else "it comes with PyTorch on Linux alone"
        raise ImportError(f"backend={backend!r} needs the package {backend} ({how}); backend='auto' takes what is here")
    if backend == "numba" and kind not in (None, "cpu"):
        raise ValueError(f"backend='numba' trains on the CPU, not on {kind}: leave device out, or take backend='auto'")
    if backend == "triton" and kind == "cpu" and not os.environ.get("TRITON_INTERPRET"):
        raise ValueError("backend='triton' needs an NVIDIA GPU; on a CPU, backend='numba' is the fast one")
    return backend


def defaults(backend: str, average: str) -> dict:
    """The settings that differ from `Settings` for a backend: its learning rate."""
    return {"lr": RATES[backend][average]} if backend in RATES else {}


def train(
    model: nn.Sequential,
    corpus: Corpus,
    backend: str,
    *,
    epochs: int,
    settings: Settings,
    device: str | torch.device | None = None,
    curve=None,
    progress: bool = True,
    heldout: bool = True,
    **options,
) -> History:
    """Train with a fast engine. Called by `training.train`, which says what the parameters mean.

    The learning rate falls linearly to a ten-thousandth of ``settings.lr``, as word2vec.c lets it. The recorded
    losses are means over a sample of the steps.

    Parameters
    ----------
    **options
        Go to the engine, such as ``threads`` for ``"numba"``.
    """
    from helpers.training import TrainingDiverged, evaluate, heldout_examples, interrupts

    if settings.frozen:
        raise ValueError("frozen=True is the book's way, which only backend='reference' can follow")
    check_drawing(**settings.drawing())
    engine = _engine(backend, model, corpus, settings, device, options)
    device = pick_device(engine.device, quiet=True)
    if progress:
        print(f"backend: {backend} on {device}{engine.note}")
    model.to(device)
    held = heldout_examples(corpus, settings) if heldout else None
    history, bounds = History(), corpus.bounds
    parts = max(PARTS, -(-len(corpus.ids) // TOKENS))
    sentences = len(bounds) - 1
    cuts = [sentences * k // parts for k in range(parts + 1)]
    started = time.perf_counter()

    def show():
        history.seconds = time.perf_counter() - started
        if curve is not None:
            curve.update(history)

    def judge():
        if held is not None:
            done = float(len(history.epoch_losses))
            history.heldout.append((done, evaluate(model, held, average=settings.average)))

    judge()
    show()
    total = epochs * len(corpus.ids)
    with (
        engine,
        tqdm(total=total, unit=" tokens", unit_scale=True, disable=not progress, leave=False) as bar,
        interrupts() as asked,
    ):
        for epoch in range(epochs):
            bar.set_description(f"epoch {epoch + 1}/{epochs}")
            good = [embed.weight.detach().clone() for embed in model]
            before, bare = history.centers, 0
            for k in range(parts):
                if cuts[k] == cuts[k + 1]:
                    continue
                rate = settings.lr * max(1e-4, 1 - (epoch + k / parts) / epochs)
                loss, weight, centers, without = engine.train(cuts[k], cuts[k + 1], rate)
                history.centers += int(centers)
                bare += int(without)
                history.pending = [history.pending[0] + float(loss), history.pending[1] + float(weight)]
                bar.update(int(bounds[cuts[k + 1]] - bounds[cuts[k]]))
                if asked and k + 1 < parts:
                    break
                if history.pending[1]:
                    history.record(epoch + (k + 1) / parts)
                    show()
            trained = history.centers - before
            problem = _problem(corpus, settings, trained, bare, bool(asked))
            finite = all(bool(torch.isfinite(embed.weight).all()) for embed in model)
            if problem or not finite:
                with torch.no_grad():
                    for embed, weight in zip(model, good):
                        embed.weight.copy_(weight)
                if problem:
                    raise CorpusError(problem)
                raise TrainingDiverged(
                    f"a table is no longer finite after epoch {epoch + 1}: the learning rate {settings.lr} is too "
                    f"high, most likely. The model is back where it was when epoch {epoch + 1} began. Give a smaller "
                    "lr."
                )
            history.interrupted = bool(asked) and not (epoch + 1 == epochs and k + 1 == parts)
            if k + 1 == parts:
                history.end_epoch()
                judge()
            show()
            if asked:
                break
    if curve is not None:
        curve.close(history)
    return history


def _problem(corpus: Corpus, settings: Settings, trained: int, bare: int, interrupted: bool) -> str:
    if not trained and not interrupted:
        return (
            f"{corpus.name}: subsampling with t={settings.t} left no sentence of two words, for every word is frequent "
            "in a small text. Give a larger t, or t=None."
        )
    if bare > 0.01 * trained:
        return (
            f"{corpus.name}: for {bare:,} of {trained:,} center words every noise word drawn was a context: the text "
            "has too few different words. Give a text with more, a smaller max_window, or backend='reference'."
        )
    return ""


def _engine(backend: str, model, corpus, settings, device, options):
    if backend == "numba":
        from helpers.fast import Engine
    elif backend == "triton":
        from helpers.fast_cuda import Engine
    else:
        from helpers.fast_torch import Engine
    return Engine(model, corpus, settings, device=device, **options)


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
