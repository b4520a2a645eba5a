"""One epoch of the book's objective, by the book's loop and by ours, in one run on this machine.

    python -m helpers.benchmark              # one epoch each, three times in turn; the table shows the medians
    python -m helpers.benchmark --repeat 1

It is no test: its figures depend on the machine and on what else the machine does. Read the ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import random
import statistics
import time

import torch
from torch import nn

from helpers.book import book_ready, load_d2l, load_data_ptb
from helpers.corpus import load_corpus
from helpers.history import Settings
from helpers.model import make_model
from helpers.training import evaluate, heldout_examples, train


def run_book(seed: int) -> tuple[nn.Sequential, dict]:
    """The book's loader and its loop as printed: one epoch. Returns the model, and seconds and words."""
    from helpers import book_chapter

    random.seed(seed)
    torch.manual_seed(seed)
    began = time.perf_counter()
    data_iter, vocab = load_data_ptb(512, 5, 5)
    loaded = time.perf_counter()
    net = nn.Sequential(nn.Embedding(len(vocab), 100), nn.Embedding(len(vocab), 100))
    with contextlib.redirect_stdout(io.StringIO()):  # its curve, as text, and its rate (trap T1)
        book_chapter.train(net, data_iter, 0.002, 1, device=torch.device("cpu"))
    ended = time.perf_counter()
    return net, {"load": loaded - began, "epoch": ended - loaded, "words": len(data_iter.dataset)}


def run_ours(seed: int) -> tuple[nn.Sequential, dict]:
    """Our loader and our loop on the same archive: one epoch, the first draw of examples included."""
    began = time.perf_counter()
    corpus = load_corpus("ptb")
    loaded = time.perf_counter()
    model = make_model(len(corpus.vocab), 100, seed=seed)
    history = train(model, corpus, epochs=1, seed=seed, device="cpu", progress=False, heldout=False)
    ended = time.perf_counter()
    return model, {"load": loaded - began, "epoch": ended - loaded, "words": history.centers}


def benchmark(repeat: int = 3) -> dict:
    """Run both in turn ``repeat`` times.

    Returns
    -------
    dict
        By system: medians of ``load`` and ``epoch`` in seconds, ``words`` a second in the epoch, and ``heldout``, the
        median loss after the epoch on PTB's validation text with the same windows and noise words for both.
    """
    corpus = load_corpus("ptb")
    held = heldout_examples(corpus, Settings())
    results: dict = {}
    for seed in range(repeat):
        for name, run in (("book", run_book), ("ours", run_ours)):
            model, figures = run(seed)
            results.setdefault(name, []).append({**figures, "heldout": evaluate(model, held)})
            print(f"run {seed + 1}/{repeat}, {name}: {figures['load'] + figures['epoch']:.1f} s", flush=True)
    table = {}
    for name, runs in results.items():
        table[name] = {key: statistics.median(run[key] for run in runs) for key in ("load", "epoch", "heldout")}
        table[name]["words"] = statistics.median(run["words"] / run["epoch"] for run in runs)
    return table


def show(table: dict) -> None:
    """Print the table, with the ratios below it."""
    print(f"\none epoch on PTB, {torch.get_num_threads()} threads, torch {torch.__version__}, {platform.machine()}")
    print(f"{'':28}{'load s':>8}{'epoch s':>9}{'words/s':>10}{'held-out loss':>15}")
    names = {"book": "the book's loop, d2l's loader", "ours": "ours"}
    for name, row in table.items():
        print(f"{names[name]:29}{row['load']:7.1f}{row['epoch']:9.1f}{row['words']:10,.0f}{row['heldout']:15.4f}")
    book, ours = table["book"], table["ours"]
    print(f"ours, epoch alone:       {book['epoch'] / ours['epoch']:.1f} times as fast")
    total = (book["load"] + book["epoch"]) / (ours["load"] + ours["epoch"])
    print(f"ours, loading included:  {total:.1f} times as fast")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "agg")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=3, help="how often to run both; the table shows medians")
    arguments = parser.parse_args()
    d2l = load_d2l(quiet=True)
    if not book_ready(d2l):
        raise SystemExit(1)
    show(benchmark(max(1, arguments.repeat)))
