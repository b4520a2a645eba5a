# Run by python -m experiments.kills · tests/experiments/test_kills.py
"""What `experiments.kills` kills: training by each engine, the cache of a text, a sweep of two processes."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from experiments import results
from helpers.corpus import Corpus, load_corpus
from helpers.engines import checkpoints, runs, train
from helpers.engines.parts import piece
from helpers.files import ROOT, atomic_write, locked
from helpers.model import make_model
from helpers.texts import sources, stored

EPOCHS = 6
ROWS = 30

# -- training


@cache
def text() -> Corpus:
    """A fifth of the toy grammar."""
    toy = load_corpus("toy")
    return replace(piece(toy, 0, 1000), heldout=piece(toy.heldout, 0, 100))


def train_in(folder: Path, engine: str, threads: int = 1) -> dict:
    """Train on the toy grammar, with a checkpoint every hundredth of a second; go on from one that is there."""
    runs.EVERY = 0.01
    torch.set_num_threads(threads)
    corpus, path = text(), folder / "run.pt"
    model = make_model(len(corpus.vocab), 32)
    history = train(
        model, corpus, engine=engine, threads=threads, epochs=EPOCHS, t=0.01, progress=False, device="cpu",
        checkpoint=path, resume=path.is_file(),
    )  # fmt: skip
    tables = b"".join(embed.weight.detach().numpy().tobytes() for embed in model)
    bits = hashlib.sha256(tables + repr((history.running, history.heldout, history.centers)).encode()).hexdigest()
    return {"bits": bits, "loss": history.heldout[-1][1]}


def trained(folder: Path) -> str:
    """What a killed training process left: nothing, or a state that can be read; an error if it cannot."""
    path = folder / "run.pt"
    if not path.is_file():
        return "nothing yet"
    epoch = checkpoints.read(path)["epoch"] + 1
    return f"epoch {epoch}" if epoch <= EPOCHS else "all epochs"


def train_once(engine: str) -> None:
    torch.set_num_threads(1)  # a process with threads is not copied well
    train(make_model(len(text().vocab), 32), text(), engine=engine, threads=1, epochs=1, t=0.01, progress=False)


# -- the cache of a text of one's own


@cache
def own_text(which: str) -> str:
    """Four megabytes in two versions: "second" has the lines of "first" from the last to the first, and three more."""
    ids = np.minimum(np.random.default_rng(0).zipf(1.2, 1_000_000), 30_000).tolist()
    lines = [" ".join(f"w{k}" for k in ids[start : start + 20]) for start in range(0, len(ids), 20)]
    return "\n".join(lines if which == "first" else [*lines[::-1], *["secondly " * 9] * 3])


def bits(corpus: Corpus) -> str:
    """SHA-256 of all that a text became."""
    digest = hashlib.sha256(f"{corpus.tokens_read} {corpus.vocab.words}".encode())
    for part in (corpus, corpus.heldout):
        for array in (part.ids, part.bounds, part.vocab.counts):
            digest.update(f"{array.dtype} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def read_text(folder: Path) -> dict:
    """Read the text that is there, then put its other version into its place and read that: both are kept."""
    sources.DATA, path, found = folder, folder / "text.txt", {}  # as WORD2VEC_DATA says it
    there = path.read_text() if path.is_file() else ""
    for which in ("second", "first") if there == own_text("second") else ("first", "second"):
        if there != own_text(which):
            with atomic_write(path) as part:
                part.write_text(own_text(which))
        there = ""
        found[which] = bits(load_corpus(path, quiet=True))
    return found


def kept(folder: Path) -> str:
    """What a killed process left of the ids: nothing or all; an error for a part."""
    for path in (folder / "texts").glob("*.ids"):
        with path.open("rb") as file:
            second = b"secondly" in stored.open_stored(file)[0]["words"].tobytes()
        now = second == ((folder / "text.txt").read_text() == own_text("second"))
        return "ids of the text" if now else "ids of the text before"
    return "nothing yet"


def read_afresh(folder: Path, result: dict) -> dict:
    """Whether a new Python gets the same corpus, from what is kept: the file stays that file."""
    files = [path.stat().st_ino for path in (folder / "texts").iterdir()]
    code = "import pickle, sys; from helpers.corpus import load_corpus as load; "
    code += "pickle.dump(load(sys.argv[1], quiet=True), sys.stdout.buffer)"
    run = [sys.executable, "-c", code, str(folder / "text.txt")]
    said = subprocess.run(
        run, cwd=ROOT, env={**os.environ, "WORD2VEC_DATA": str(folder)}, stdout=subprocess.PIPE, check=True, timeout=300
    )
    which = "second" if "secondly" in (corpus := pickle.loads(said.stdout)).vocab else "first"
    same_file = files == [path.stat().st_ino for path in (folder / "texts").iterdir()]
    return {**result, "afresh": bits(corpus) == result[which], "from what is kept": same_file}


# -- a sweep, whose rows take no time to make


def add_rows(folder: Path, which: int) -> dict:
    """Add two thirds of the rows, each with an array; one third is this process's own, one is the other's too."""

    def make(seed):
        rng = np.random.default_rng(seed)
        results.add_arrays(folder / "sweep.npz", **{str(seed): rng.integers(0, 9999, (77, 10), dtype=np.uint16)})
        time.sleep(0.005)
        return {"seed": seed, "bits": rng.random(20).tolist(), "seconds": time.perf_counter()}

    seeds = [seed for seed in range(ROWS) if seed % 3 != which]
    by_seed = lambda row: row["seed"]  # noqa: E731
    results.complete(folder / "sweep.json", {"corpus": "none"}, seeds[:: 1 - 2 * which], make, by_seed, by_seed)
    return {}


def rows_there(folder: Path) -> str:
    """What killed processes left: nothing, or a table that can be read; an error if it cannot."""
    table, arrays = folder / "sweep.json", folder / "sweep.npz"
    if arrays.is_file():
        results.read_arrays(arrays)
    n = len(results.read_table(table)["runs"]) if table.is_file() else 0
    return "nothing yet" if n == 0 else "all rows" if n == ROWS else "some rows"


def read_rows(folder: Path, result: dict) -> dict:
    """The table, but for its times, and the arrays."""
    with locked(folder / "sweep.json"), locked(folder / "sweep.npz"):
        rows = results.read_table(folder / "sweep.json")["runs"]
        arrays = results.read_arrays(folder / "sweep.npz")
    rows = [{key: value for key, value in row.items() if key != "seconds"} for row in rows]
    return {"rows": rows, "arrays": {key: array.tolist() for key, array in sorted(arrays.items())}}


# -- tasks of all kinds


class Task(NamedTuple):
    """What is killed.

    Attributes
    ----------
    works : tuple of callables
        One for each process at once: works in a folder and returns its result.
    look : callable
        Looks at the folder after a kill: says in a word what is there, and raises for what is not whole.
    apart : float, optional
        How far two results may be apart: None for not at all, else the largest difference of their losses.
    read : callable
        From the folder and the result of the process that ended last, in the end, to what is compared.
    warm : callable
        Loads what every process needs, so that a kill falls into its work.
    """

    works: tuple[Callable[[Path], dict], ...]
    look: Callable[[Path], str]
    apart: float | None = None
    read: Callable[[Path, dict], dict] = lambda folder, result: result
    warm: Callable[[], object] = lambda: None


def _training(engine: str, threads: int = 1, apart: float | None = None) -> Task:
    return Task((partial(train_in, engine=engine, threads=threads),), trained, apart, warm=partial(train_once, engine))


TASKS = {
    "reference": _training("reference"),
    "numba": _training("numba"),
    "torch": _training("torch"),
    "numba, 2 threads": _training("numba", 2, apart=0.01),
    "cache": Task(
        (read_text,), kept, read=read_afresh, warm=lambda: [own_text(which) for which in ("first", "second")]
    ),
    "sweep": Task((partial(add_rows, which=0), partial(add_rows, which=1)), rows_there, read=read_rows),
}
