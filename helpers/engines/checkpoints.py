# Taught in 05 · tests/helpers/engines/test_checkpoints.py tests/helpers/test_training.py
"""A run's state in one file that is written whole or not at all, sealed, and read without unpickling anything.

The last bytes are a mark and the hash of all bytes before them: a file in which one bit has turned is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers.arguments import checked, flag, instance
from helpers.arguments import path as path_
from helpers.corpus import Corpus
from helpers.engines.history import Settings
from helpers.files import atomic_write

FORMAT = 2
SEAL = b"two vectors per word: sealed\n"  # then the hash
HASH = 32  # bytes
CHUNK = 2**20  # numbers that are hashed at a time
PARTS = {"run": dict, "settings": dict, "model": dict, "keeper": dict, "history": dict, "counts": list}
PARTS |= {"epoch": int, "part": int, "done": int}  # of a state
REMEDY = "give overwrite=True to replace it, or another name"


class CheckpointError(ValueError):
    """A file that is no checkpoint of this run; nothing was changed."""


class CheckpointPlaceError(OSError, CheckpointError):
    """A checkpoint that could not be written; what was there is there still."""


@checked(path=path_(), resume=flag(), overwrite=flag())
def prepare(path: Path, resume: bool, overwrite: bool) -> None:
    """Refuse, before anything is computed, a place that cannot be written to and a file that would be lost.

    Raises
    ------
    FileNotFoundError
        If ``resume`` finds no file.
    CheckpointPlaceError
        If no file can be written there.
    CheckpointError
        If a file is there and neither ``resume`` nor ``overwrite`` says what to do with it, or it is of another kind.
    """
    if resume and overwrite:
        raise CheckpointError("resume=True and overwrite=True: give one, to go on from the file or to replace it")
    if resume:
        _there(path)
    try:
        if not resume and path.is_file() and path.stat().st_size:
            _refuse_to_lose(path, overwrite)
        with contextlib.suppress(_Tried), atomic_write(path) as part:
            part.write_bytes(SEAL)
            raise _Tried
    except OSError as error:
        raise _unwritable(path, error) from None


def _refuse_to_lose(path: Path, overwrite: bool) -> None:
    with path.open("rb") as file:
        ours = b"/data.pkl" in file.read(200)  # how PyTorch's files begin, damaged ones too
    if not ours:
        raise CheckpointError(f"checkpoint: {path} is a file of another kind, not to be replaced; give another name")
    if overwrite:
        return
    try:
        state = read(path)
        what = f"holds a run after {state['epoch']} epochs: give resume=True to go on with it, or"
    except CheckpointError as error:
        what = f"is there, and cannot be gone on with ({error}):"
    raise CheckpointError(f"checkpoint: {path} {what} {REMEDY}")


class _Tried(Exception):
    """Ends an attempt to write, which so leaves nothing behind."""


def _unwritable(path: Path, error: OSError) -> CheckpointPlaceError:
    reason = error.strerror or str(error)
    return CheckpointPlaceError(error.errno, f"checkpoint: {reason.removeprefix('checkpoint: ')}", str(path))


@checked(path=path_(), state=instance(dict))
def save(path: Path, state: dict) -> None:
    """Write a state, as `Run` has it, and seal it.

    Raises
    ------
    CheckpointPlaceError
        If it cannot be written; a file that was there is as it was.
    """
    try:
        with atomic_write(path) as part, part.open("wb") as file:
            sealing = _Sealing(file)
            torch.save({"format": FORMAT, **state}, sealing)
            file.write(SEAL + sealing.hash.digest())
    except OSError as error:
        raise _unwritable(path, error) from error
    except RuntimeError as error:  # PyTorch's writer, on a full disk
        if "writ" not in str(error):
            raise
        raise _unwritable(path, OSError(28, "cannot be written: is the disk full?")) from error


class _Sealing:
    """A file that hashes what is written to it."""

    def __init__(self, file):
        self.file, self.hash = file, hashlib.blake2b(digest_size=HASH)

    def write(self, data) -> int:
        self.hash.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def _there(path: Path) -> None:
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}: train with checkpoint={str(path)!r} first")


@checked(path=path_())
def read(path) -> dict:
    """The contents of a checkpoint, by ``torch.load(weights_only=True)``, after its seal was checked.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If it is no checkpoint, or a damaged one, or one of another format.
    """
    _there(path)
    with path.open("rb") as file:  # one file from here on, whatever takes its name meanwhile
        whole = _sealed(file)
        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of files by others
                state = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # a damaged file trips the reader up in a dozen ways, IndexError and others
            why = type(error).__name__
            raise CheckpointError(f"{path} is no checkpoint, or a damaged one ({why}): train anew") from None
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise CheckpointError(f"{path} is no checkpoint of format {FORMAT}, the one of this version: train anew")
    if not whole:
        raise CheckpointError(f"{path} is no checkpoint, or a damaged one (its seal does not fit): train anew")
    for name, wanted in PARTS.items():
        if type(state.get(name)) is not wanted:
            raise CheckpointError(f"{path} is no checkpoint: it has no {name}, or one of another kind: train anew")
    return state


def _sealed(file) -> bool:
    """Whether the last bytes of an open file are the seal of those before."""
    size, found = file.seek(0, 2) - len(SEAL) - HASH, hashlib.blake2b(digest_size=HASH)
    file.seek(0)
    while size > 0:
        piece = file.read(min(size, CHUNK))
        if not piece:
            return False
        found.update(piece)
        size -= len(piece)
    return file.read() == SEAL + found.digest()


@checked(corpus=instance(Corpus))
def fingerprint(corpus: Corpus) -> str:
    """The hash of all of a corpus that a run depends on: words, counts, ids, bounds, and the same of its held-out text.

    Returns
    -------
    str
        64 hexadecimal digits. It reads ids on disk in chunks.
    """
    found = hashlib.blake2b(digest_size=HASH)
    for text in (corpus, corpus.heldout):
        if text is None:
            found.update(b"none")
            continue
        words = "\0".join(map(str, text.vocab.words)).encode("utf-8", "surrogatepass")
        found.update(b"%d %d %d " % (len(words), len(text.ids), len(text.bounds)) + words)
        for array, dtype in ((text.vocab.counts, "<i8"), (text.bounds, "<i8"), (text.ids, "<i4")):
            for a in range(0, len(array), CHUNK):
                found.update(np.ascontiguousarray(array[a : a + CHUNK], dtype))
    return found.hexdigest()


def check(path, state: dict, run: dict, settings: Settings, model: nn.Sequential) -> None:
    """Refuse a state of another corpus, other settings, another engine or tables of another kind.

    Raises
    ------
    CheckpointError
    """
    theirs = dict(state["run"])
    if theirs.pop("corpus", None) != run["corpus"]:
        raise CheckpointError(f"{path} was trained on another corpus or vocabulary than this one: load that corpus")
    ours, theirs = {**run, **asdict(settings)}, {**theirs, **state["settings"]}
    del ours["corpus"]
    differ = [f"{k}: {theirs.get(k)} there, {ours.get(k)} here" for k in ours if theirs.get(k) != ours[k]]
    if differ:
        raise CheckpointError(f"{path} was trained with other settings ({'; '.join(differ)}): give those to resume")
    wanted = model.state_dict()
    kinds = [{name: kind(x) for name, x in tables.items()} for tables in (state["model"], wanted)]
    if kinds[0] != kinds[1]:
        raise CheckpointError(f"{path} holds tables of shape {kinds[0]}, the model has {kinds[1]}: make it with those")
    for name, table in state["model"].items():
        if not torch.isfinite(table).all():
            raise CheckpointError(f"{path} holds a table {name} with values that are not finite: train anew")


def kind(x):
    """What a saved tensor must have in common with the one that it replaces: its shape, or shape and dtype."""
    if not isinstance(x, torch.Tensor) or x.layout != torch.strided:
        return type(x).__name__
    return tuple(x.shape) if x.dtype == torch.float32 else (tuple(x.shape), str(x.dtype).removeprefix("torch."))


class Moments:
    """Adam's running means and its count of steps: what the plain loop goes on from, beside the tables."""

    def __init__(self, optimizer: torch.optim.Adam):
        self.optimizer = optimizer

    def state(self) -> dict:
        """By the number of the table."""
        return self.optimizer.state_dict()["state"]

    def put(self, state: dict) -> None:
        """Go on from a state.

        Raises
        ------
        CheckpointError
            If it is none of these tables; nothing was changed.
        """
        tables = self.optimizer.param_groups[0]["params"]
        fits = set(state) == set(range(len(tables)))
        for table, one in zip(tables, state.values() if fits else ()):
            wanted = {"step": (), "exp_avg": tuple(table.shape), "exp_avg_sq": tuple(table.shape)}
            fits = fits and isinstance(one, dict) and {name: kind(x) for name, x in one.items()} == wanted
            fits = fits and all(torch.isfinite(x).all() for x in one.values())
            fits = fits and bool(one["exp_avg_sq"].min() >= 0) and 0 < float(one["step"]) == int(one["step"])
        if not fits:
            raise CheckpointError("its running means of Adam are missing, or of another shape or kind: train anew")
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})
