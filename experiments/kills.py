# Run by python -m experiments.kills · tests/experiments/test_kills.py
"""Processes that are killed at random moments, and what is left: does the next one go on to the same result?

    python -m experiments.kills                          # 100 kills, shared out over all tasks
    python -m experiments.kills --kills 20 --tasks numba

A task works in a folder, and goes on from what an earlier process left there. Each trial starts it, kills it by SIGKILL
after a random time, some trials again and again, and lets the last process come to its end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch

from helpers.corpus import Corpus, load_corpus
from helpers.engines import checkpoints, runs, train
from helpers.engines.parts import piece
from helpers.files import atomic_write
from helpers.model import make_model

EPOCHS = 6


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
    return f"epoch {checkpoints.read(path)['epoch'] + 1}" if path.is_file() else "nothing yet"


# A task: what works in a folder and returns its result; what looks at the folder after a kill; and how far two results
# may be apart: None for not at all, else the largest difference of their losses. Caches and sweeps come here.
TASKS: dict[str, tuple[Callable, Callable, float | None]] = {
    "reference": (partial(train_in, engine="reference"), trained, None),
    "numba": (partial(train_in, engine="numba"), trained, None),
    "torch": (partial(train_in, engine="torch"), trained, None),
    "numba, 2 threads": (partial(train_in, engine="numba", threads=2), trained, 0.01),
}


def _work(task: str, folder: Path) -> None:
    status = 1
    with open(folder / "said.txt", "a") as said:
        try:
            sys.stdout = sys.stderr = said
            result = TASKS[task][0](folder)
            with atomic_write(folder / "result.json") as part:
                part.write_text(json.dumps(result))
            status = 0
        except BaseException:
            traceback.print_exc(file=said)
    os._exit(status)


def _warm(task: str) -> None:
    """Load here what every process of a task needs, so that a kill falls into its work."""
    engine = getattr(TASKS[task][0], "keywords", {}).get("engine")
    if engine:
        torch.set_num_threads(1)  # a process with threads is not copied well
        train(make_model(len(text().vocab), 32), text(), engine=engine, threads=1, epochs=1, t=0.01, progress=False)


def start(task: str, folder: Path):
    """A process of its own that works in the folder. A copy of this one, which has all modules loaded."""
    process = multiprocessing.get_context("fork").Process(target=_work, args=(task, folder))
    process.start()
    return process


def finish(task: str, folder: Path) -> dict:
    """Let a process come to its end; its result."""
    process = start(task, folder)
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{task}: ended by {process.exitcode}: {(folder / 'said.txt').read_text()[-2000:]}")
    return json.loads((folder / "result.json").read_text())


def trial(task: str, folder: Path, seconds: float, kills: int, rng: np.random.Generator) -> dict:
    """Kill so many processes one after the other, each within ``seconds``, and let the last one end.

    Returns
    -------
    dict
        ``kills``, ``found`` (what each left), ``writing`` (in how many a file was half written), ``result``, and
        ``left`` (files that nobody needs at the end).
    """
    found, writing = [], 0
    while len(found) < kills:
        process = start(task, folder)
        process.join(rng.uniform(0, seconds))
        if process.exitcode is not None:  # it came to its end: nothing to kill
            process.join()
            break
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        writing += any(folder.glob("*.part"))
        found.append(TASKS[task][1](folder))
    result = finish(task, folder)
    left = [path.name for path in folder.glob("*.part")]
    return {"kills": len(found), "found": found, "writing": writing, "result": result, "left": left}


def kill(tasks, kills: int, seed: int = 0) -> list[dict]:
    """Kill processes of each task, ``kills`` in all.

    Returns
    -------
    list of dict
        For each task: ``kills``, ``writing``, ``found`` (how often which state was left), ``trials``, ``same`` (trials
        whose result is that of an undisturbed run), ``left``.
    """
    rng, rows = np.random.default_rng(seed), []
    for k, task in enumerate(tasks):
        wanted = kills // len(tasks) + (k < kills % len(tasks))
        _warm(task)
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            undisturbed = finish(task, Path(folder))
            seconds = time.perf_counter() - started
        row = {"task": task, "kills": 0, "writing": 0, "found": Counter(), "trials": 0, "same": 0, "left": 0}
        while row["kills"] < wanted:
            with tempfile.TemporaryDirectory() as folder:
                several = min(wanted - row["kills"], int(rng.integers(1, 4)))
                one = trial(task, Path(folder), seconds, several, rng)
            row["kills"] += one["kills"]
            row["writing"] += one["writing"]
            row["found"].update(one["found"])
            if one["kills"]:
                row["trials"] += 1
                row["same"] += same(task, one["result"], undisturbed)
                row["left"] += len(one["left"])
        rows.append(row)
    return rows


def same(task: str, one: dict, two: dict) -> bool:
    """Whether two results are the same to the bit; where threads race, whether their losses are alike."""
    apart = TASKS[task][2]
    return one == two if apart is None else abs(one["loss"] - two["loss"]) <= apart


def show(rows: list[dict]) -> None:
    """Print the rows as a table."""
    print(f"{'task':18}{'kills':>6}{'while writing':>15}{'trials':>8}{'same result':>13}{'left over':>11}   found")
    for row in rows:
        found = ", ".join(f"{what}: {n}" for what, n in sorted(row["found"].items()))
        numbers = f"{row['kills']:6}{row['writing']:15}{row['trials']:8}{row['same']:13}{row['left']:11}"
        print(f"{row['task']:18}{numbers}   {found}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m experiments.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    show(kill(options.tasks, options.kills, options.seed))


if __name__ == "__main__":
    main()
