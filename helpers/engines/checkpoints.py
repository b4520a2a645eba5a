# Taught in 05 · tests/helpers/engines/test_checkpoints.py tests/helpers/test_training.py
"""A run's state in one file that is written whole or not at all, and read without unpickling anything."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from helpers.corpus import Corpus
from helpers.engines.history import History, Settings
from helpers.files import atomic_write

FORMAT = 1


class CheckpointError(ValueError):
    """A file that is no checkpoint of this run; nothing was changed."""


def save(path, model, optimizer, corpus, settings, history, epoch: int, done: int) -> None:
    """Write the state of a run.

    Parameters
    ----------
    path : path
        Replaced only once the new file is complete.
    model, optimizer, corpus, settings, history
        As `training.train` has them.
    epoch, done : int
        Finished epochs, and steps of the next one.
    """
    state = {
        "format": FORMAT,
        "words": _fingerprint(corpus),
        "settings": asdict(settings),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "history": asdict(history),
        "epoch": epoch,
        "done": done,
    }
    with atomic_write(path) as part:
        torch.save(state, part)


def load(path, model, optimizer, corpus: Corpus, settings: Settings) -> tuple[History, int, int]:
    """Put a saved state into a model and an optimizer.

    Returns
    -------
    history : History
    epoch, done : int
        As `save` was given them.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is no checkpoint, or one of another shape, vocabulary or settings. Model and optimizer stay as
        they were.
    """
    state = read(path)
    if state["words"] != _fingerprint(corpus):
        raise CheckpointError(f"{path} was trained on another corpus or vocabulary than {corpus!r}: load that corpus")
    _check_shapes(path, state["model"], model)
    ours, theirs = asdict(settings), state["settings"]
    differ = [f"{name}: {theirs.get(name)} there, {ours[name]} here" for name in ours if theirs.get(name) != ours[name]]
    if differ:
        raise CheckpointError(f"{path} was trained with other settings ({'; '.join(differ)}): give those to resume")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return History(**state["history"]), state["epoch"], state["done"]


def read(path) -> dict:
    """The contents of a checkpoint, by ``torch.load(weights_only=True)``."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}: train with checkpoint={str(path)!r} first")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file trips the reader up in a dozen ways, IndexError and struct.error too
        raise CheckpointError(
            f"{path} is no checkpoint, or a damaged one ({type(error).__name__}): train anew"
        ) from None
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise CheckpointError(f"{path} is no checkpoint of format {FORMAT}: train anew")
    return state


def _fingerprint(corpus: Corpus) -> str:
    return hashlib.sha1("\n".join(corpus.vocab.words).encode()).hexdigest()


def _check_shapes(path, saved: dict, model: nn.Sequential) -> None:
    shapes = {name: tuple(tensor.shape) for name, tensor in saved.items()}
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    if shapes != wanted:
        raise CheckpointError(f"{path} holds tables of shape {shapes}, the model has {wanted}: make it with those")
