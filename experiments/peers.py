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
from helpers.training import evaluate, heldout_examples
from helpers.uses import scores
from helpers.vectors import table

# (learning rate, epochs) of each system: its own best for five epochs, and what reaches a loss sooner.
GRIDS = {
    "book": [(0.002, 5)],
    "reference": [(0.002, 5), (0.002, 3)],
    "torch": [(1.5, 5), (2.5, 2), (2.0, 3)],
    "numba": [(1.5, 5), (4.0, 1), (2.5, 2), (2.0, 3), (1.7, 4), (1.4, 6), (1.2, 7)],
    "triton": [(2.5, 2), (1.5, 5)],
    "gensim": [(alpha, epochs) for alpha in (0.025, 0.05, 0.1) for epochs in (2, 3, 4, 5)],
}


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


def train_book(lr: float, epochs: int, seed: int) -> tuple[nn.Sequential, float, float, int]:
    """The book's loader and its loop as printed. Returns the model, seconds of loading and of training, words."""
    from helpers.book import chapter
    from helpers.book.d2l import load_data_ptb

    random.seed(seed)
    torch.manual_seed(seed)
    began = time.perf_counter()
    data_iter, vocab = load_data_ptb(512, 5, 5)
    loaded = time.perf_counter()
    net = nn.Sequential(nn.Embedding(len(vocab), 100), nn.Embedding(len(vocab), 100))
    with contextlib.redirect_stdout(io.StringIO()):  # its curve, as text, and its rate (trap T1)
        chapter.train(net, data_iter, lr, epochs, device=torch.device("cpu"))
    return net, loaded - began, time.perf_counter() - loaded, epochs * len(data_iter.dataset)


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
        ``memory`` (the process's peak in MiB above ``before``, the text included; the first row alone has it).
    """
    torch.set_num_threads(threads)
    held = heldout_examples(corpus, Settings())
    if system in ("torch", "numba", "triton"):  # compiled, or read from the cache, before the clock runs
        few = replace(corpus, ids=corpus.ids[: corpus.bounds[200]], bounds=corpus.bounds[:201])
        train(make_model(len(corpus.vocab), dim), few, epochs=1, engine=system, progress=False, heldout=False)
    rows, before = [], peak_memory() if before is None else before
    for lr, epochs in GRIDS[system] if grid is None else grid:
        row = {"system": system, "lr": lr, "epochs": epochs}
        if system == "book":
            model, row["load"], row["seconds"], row["words"] = train_book(lr, epochs, seed)
        elif system == "gensim":
            model, row["seconds"], row["words"] = run_gensim(corpus, dim, lr, epochs, seed, threads)
        else:
            model = make_model(len(corpus.vocab), dim, seed=seed)
            options = {"device": "cuda"} if system == "triton" else {"device": "cpu"}
            history = train(
                model, corpus, epochs=epochs, lr=lr, seed=seed, engine=system, progress=False, heldout=False, **options
            )
            row["seconds"], row["words"] = history.seconds, history.centers
        row["memory"] = peak_memory() - before if not rows else None
        model.to("cpu")
        row["heldout"] = evaluate(model, held) if held is not None else None
        row["wordsim"] = scores(table(model), corpus.vocab).get("WordSim-353")
        rows.append(row)
    return rows
