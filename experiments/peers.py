# Run by make benchmark · tests/experiments/test_race.py
"""The runners of the race, and how to read its rows; `experiments.race` is the race itself."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers.corpus import Corpus
from helpers.engines import train
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.sampling import keep_probability
from helpers.training import TrainingDiverged, evaluate, heldout_examples
from helpers.uses import scores
from helpers.vectors import table

# The same number of settings for each system: its usual rate, half and twice that, times five lengths.
EPOCHS = (1, 2, 3, 4, 5)
RATES = {
    "book": (0.001, 0.002, 0.004),
    "reference": (0.001, 0.002, 0.004),
    "torch": (0.75, 1.5, 3.0),
    "numba": (0.75, 1.5, 3.0),
    "triton": (0.75, 1.5, 3.0),
    "gensim": (0.025, 0.05, 0.1),
}
GRIDS = {system: [(lr, epochs) for lr in rates for epochs in EPOCHS] for system, rates in RATES.items()}
ONE_RUN = ("book", "reference")  # their rate does not fall with the run's length: a run passes through shorter ones


def tile(corpus: Corpus, times: int) -> Corpus:
    """A corpus several times over: the same words, relative frequencies and sentences, and so much more work."""
    if times < 1:
        raise ValueError(f"repeat is {times}; give a whole number, 1 or more")
    steps = np.arange(times)[:, None] * len(corpus.ids)
    bounds = np.concatenate([[0], (corpus.bounds[1:] + steps).ravel()])
    vocab = type(corpus.vocab)(corpus.vocab.words[1:], corpus.vocab.counts[1:] * times)
    return replace(corpus, name=f"{corpus.name} x {times}", ids=np.tile(corpus.ids, times), bounds=bounds, vocab=vocab)


def peak_memory() -> float:
    """The most memory that this process has held so far, in MiB; nan where the system does not say (Windows)."""
    status = Path("/proc/self/status")  # on Linux; there the other figure begins at that of the parent process
    if status.is_file():
        peak = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        if peak:
            return int(peak[0].split()[1]) / 2**10
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


class Watched:
    """The book's loader, which looks at the model each time that an epoch begins; the clock stands still meanwhile."""

    def __init__(self, loader, look):
        self.loader, self.dataset, self.look = loader, loader.dataset, look
        self.marks, self.seconds, self.since = [], 0.0, None

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self):
        self.mark()
        return iter(self.loader)

    def mark(self) -> None:
        """End an epoch, if one has begun, and begin the next."""
        if self.since is not None:
            self.seconds += time.perf_counter() - self.since
            self.marks.append((self.seconds, *self.look()))
        self.since = time.perf_counter()


def train_book(lr: float, epochs: int, seed: int, look) -> tuple[float, list[tuple], int]:
    """The book's loader and its loop as printed.

    Returns
    -------
    float, list of tuple, int
        Seconds of loading; after each epoch the seconds of training so far and what ``look(net)`` returns; center
        words an epoch.
    """
    from helpers.book import chapter
    from helpers.book.d2l import load_data_ptb

    random.seed(seed)
    torch.manual_seed(seed)
    began = time.perf_counter()
    data_iter, vocab = load_data_ptb(512, 5, 5)
    loaded = time.perf_counter()
    net = nn.Sequential(nn.Embedding(len(vocab), 100), nn.Embedding(len(vocab), 100))
    watched = Watched(data_iter, lambda: look(net))
    with contextlib.redirect_stdout(io.StringIO()):  # its curve, as text, and its rate (trap T1)
        chapter.train(net, watched, lr, epochs, device=torch.device("cpu"))
    watched.mark()
    return loaded - began, watched.marks, len(data_iter.dataset)


class Marks:
    """A ``curve`` of `training.train` that looks at the model after each epoch, at no cost to its seconds."""

    def __init__(self, model, look):
        self.model, self.look, self.found, self.spent = model, look, [], 0.0

    def update(self, history) -> None:
        """Note an epoch that has ended: its number, the seconds and the center words so far, and what was seen."""
        done = history.running[-1][0] if history.running else 0
        if done == len(self.found) + 1:
            seconds, began = history.seconds - self.spent, time.perf_counter()
            self.found.append((int(done), seconds, history.centers, *self.look(self.model)))
            self.spent += time.perf_counter() - began

    def close(self, history) -> None:
        """Nothing is left to do."""


def run_gensim(corpus: Corpus, dim: int, lr: float, epochs: int, seed: int, threads: int):
    """gensim on the same tokens. Returns the model, seconds, and the center words that it expects to train on."""
    from helpers.engines.gensim import train_gensim

    model, seconds = train_gensim(corpus, dim=dim, epochs=epochs, alpha=lr, seed=seed, workers=threads)
    counts = corpus.vocab.counts
    words = epochs * float((counts * keep_probability(counts, 1e-4, "word2vec.c")).sum())
    return model, seconds, int(words)


def run(system: str, corpus: Corpus, *, dim: int, threads: int, seed: int, grid=None, before=None) -> list[dict]:
    """Train one system at each (learning rate, epochs) of its grid, in this process.

    Returns
    -------
    list of dict
        ``system``, ``lr``, ``epochs``, ``seconds`` (of training), ``words`` (center words), ``heldout``, ``wordsim``,
        ``memory`` (the process's peak in MiB above ``before``, the text included; the first row alone has it). Of a
        run that diverged, ``seconds``, ``heldout`` and ``wordsim`` are None.
    """
    torch.set_num_threads(threads)
    held = heldout_examples(corpus, Settings())
    if system in ("torch", "numba", "triton"):  # compiled, or read from the cache, before the clock runs
        few = replace(corpus, ids=corpus.ids[: corpus.bounds[200]], bounds=corpus.bounds[:201])
        train(make_model(len(corpus.vocab), dim), few, epochs=1, engine=system, progress=False, heldout=False)
    rows, before = [], peak_memory() if before is None else before

    def look(model):
        return (
            evaluate(model, held) if held is not None else None,
            scores(table(model), corpus.vocab).get("WordSim-353"),
        )

    def add(lr, epochs, seconds, words, seen, **more):
        memory = peak_memory() - before if not rows else None
        row = {"system": system, "lr": lr, "epochs": epochs, "seconds": seconds, "words": words, "memory": memory}
        rows.append({**row, "heldout": seen[0], "wordsim": seen[1], **more})

    device = {"device": "cuda" if system == "triton" else "cpu"}
    grid = GRIDS[system] if grid is None else [tuple(point) for point in grid]
    if system == "book":
        for lr in dict.fromkeys(lr for lr, _ in grid):
            load, marks, words = train_book(lr, max(e for rate, e in grid if rate == lr), seed, look)
            for e, (seconds, *seen) in enumerate(marks, 1):
                if (lr, e) in grid:
                    add(lr, e, seconds, e * words, seen, load=load)
        return rows
    for lr, epochs in grid:
        if system in ONE_RUN and epochs < max(e for rate, e in grid if rate == lr):
            continue
        if system == "gensim":
            model, seconds, words = run_gensim(corpus, dim, lr, epochs, seed, threads)
            add(lr, epochs, seconds, words, look(model))
            continue
        model = make_model(len(corpus.vocab), dim, seed=seed)
        marks = Marks(model, look) if system in ONE_RUN else None
        options = {"engine": system, "progress": False, "heldout": False, "curve": marks, **device}
        try:
            history = train(model, corpus, epochs=epochs, lr=lr, seed=seed, **options)
        except TrainingDiverged:
            add(lr, epochs, None, 0, (None, None))
            continue
        model.to("cpu")
        for e, seconds, words, *seen in (
            marks.found if marks else [(epochs, history.seconds, history.centers, *look(model))]
        ):
            if (lr, e) in grid:
                add(lr, e, seconds, words, seen)
    return rows
