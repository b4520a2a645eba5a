# Run by python -m experiments.cases · tests/experiments/test_cases.py
"""Cases of training and of its state, for `experiments.cases`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from experiments.cases_texts import Cases
from helpers import engines, training
from helpers.corpus import Corpus, make_corpus
from helpers.engines import checkpoints
from helpers.files import atomic_write
from helpers.model import make_model
from helpers.texts import toy

CASES = Cases()
case = CASES.case


def little() -> tuple:
    """A small corpus, a model for it, and what it is trained with."""
    corpus = make_corpus(toy.sentences(200, seed=0), heldout=toy.sentences(50, seed=1), name="toy")
    return corpus, make_model(len(corpus.vocab), 8), {"t": None, "progress": False}


def trained(path: str, **options) -> tuple:
    """A checkpoint of two epochs."""
    corpus, model, how = little()
    training.train(model, corpus, epochs=2, checkpoint=path, **how, **options)
    return corpus, model, how


@case("D8", "resumed on another text of the same words")
def other_text():
    corpus, model, how = trained("c.pt")
    other = replace(corpus, ids=corpus.ids[::-1].copy())
    return training.train(model, other, epochs=3, checkpoint="c.pt", resume=True, **how)


@case("D8", "a checkpoint folder that cannot be written to")
def unwritable():
    corpus, model, how = little()
    return training.train(model, corpus, epochs=2, checkpoint="/proc/nowhere/c.pt", **how)


@case("F2", "a longer run's checkpoint, not resumed")
def overwritten():
    corpus, model, how = trained("c.pt")
    return training.train(model, corpus, epochs=1, checkpoint="c.pt", **how)


@case("F2", "a part of a writer that was killed")
def swept():
    pid = os.fork()
    if not pid:
        with atomic_write("state.json") as part:
            part.write_text("half")
            os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    before = sorted(os.listdir())
    with atomic_write("state.json") as part:
        part.write_text("whole")
    return f"{len(before)} file left by the kill; after the next write: {sorted(os.listdir())}"


@case("F4", "200 flipped bits in a checkpoint, one at a time")
def flipped():
    corpus, model, how = trained("c.pt")
    data, refused, rng = Path("c.pt").read_bytes(), 0, np.random.default_rng(0)
    for place in rng.integers(0, len(data), 200):
        bad = bytearray(data)
        bad[place] ^= 1 << int(rng.integers(8))
        Path("bad.pt").write_bytes(bytes(bad))
        try:
            checkpoints.read("bad.pt")
        except checkpoints.CheckpointError:
            refused += 1
    return f"{refused} of 200 refused"


def compiled(change: Callable[[Corpus, torch.nn.Sequential], tuple]) -> str:
    """Train by the kernel on a corpus and a model that were changed."""
    corpus, model, how = little()
    corpus, model = change(corpus, model)
    return str(engines.train(model, corpus, engine="numba", epochs=1, threads=1, **how))


def counted(corpus, model):
    """A vocabulary with more counts than words."""
    corpus.vocab.counts = np.append(corpus.vocab.counts, [5] * 1000)
    return corpus, model


def narrow(corpus, model):
    """A context table of three rows."""
    return corpus, torch.nn.Sequential(model[0], torch.nn.Embedding(3, 8))


for kind, change in {
    "ids beyond the vocabulary": lambda corpus, model: (replace(corpus, ids=corpus.ids + len(corpus.vocab)), model),
    "a negative id": lambda corpus, model: (replace(corpus, ids=corpus.ids - 5), model),
    "bounds that fall": lambda corpus, model: (replace(corpus, bounds=corpus.bounds[::-1].copy()), model),
    "bounds beyond the text": lambda corpus, model: (replace(corpus, bounds=corpus.bounds * 2), model),
    "more counts than words": counted,
    "a context table of 3 rows": narrow,
    "tables of float64": lambda corpus, model: (corpus, model.double()),
}.items():
    case("F3", f"the kernel, {kind}")(lambda change=change: compiled(change))


@case("F4", "Settings for a fast engine")
def fast_settings():
    corpus, model, how = little()
    settings = training.Settings(t=None)
    history = engines.train(model, corpus, engine="numba", epochs=3, settings=settings, threads=1, progress=False)
    return f"held out {history.heldout[0][1]:.3f}, then {history.heldout[-1][1]:.3f}"


for name, value in {
    "epochs": 1.0,
    "K": 5.0,
    "average": "x",
    "lr": float("nan"),
    "max_window": 10**9,
    "seed": -1,
}.items():

    @case("F5", f"train({name}={value!r}), every engine")
    def every_engine(name=name, value=value):
        said = []
        for engine in ("reference", "numba", "torch"):
            corpus, model, how = little()
            try:
                engines.train(model, corpus, engine=engine, **{"epochs": 1, **how, name: value})
                said.append(f"{engine}: trained")
            except ValueError as error:
                said.append(f"{engine}: {error}")
        return said[0].partition(": ")[2] if len({s.partition(": ")[2] for s in said}) == 1 else "; ".join(said)


@case("F7", "a checkpoint on a full disk")
def full():
    import resource
    import signal

    corpus, model, how = trained("c.pt")
    before = Path("c.pt").read_bytes()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        training.train(model, corpus, epochs=3, checkpoint="c.pt", resume=True, **how)
    except Exception as error:
        old = "whole" if Path("c.pt").read_bytes() == before else "LOST"
        return f"{type(error).__name__}: {error} / the old file is {old}; beside it {len(os.listdir()) - 1} files"
