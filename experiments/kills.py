# Run by python -m experiments.kills · tests/experiments/test_kills.py
"""Processes that are killed at random moments, and what is left: does the next one go on to the same result?

    python -m experiments.kills                          # 100 kills, shared out over all tasks
    python -m experiments.kills --kills 20 --tasks numba cache

A task works in a folder, in one process or in several at once, and goes on from what earlier ones left there. Each
trial starts it, kills by SIGKILL after a random time, some trials again and again, and lets the last come to its end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from experiments.kills_tasks import TASKS
from helpers.files import atomic_write

STAYS = (".txt", ".json", ".pt", ".ids", ".npz")  # what a task's folder holds in the end


def _work(task: str, folder: Path, k: int) -> None:
    status = 1
    with open(folder / "said.txt", "a") as said:
        try:
            sys.stdout = sys.stderr = said
            result = TASKS[task].works[k](folder)
            with atomic_write(folder / "result.json") as part:
                part.write_text(json.dumps(result))
            status = 0
        except BaseException:
            traceback.print_exc(file=said)
    os._exit(status)


def _start(task: str, folder: Path, running: dict) -> None:
    """Start each process of a task that does not run: a copy of this one, which has all modules loaded."""
    for k in range(len(TASKS[task].works)):
        if k not in running:
            running[k] = multiprocessing.get_context("fork").Process(target=_work, args=(task, folder, k))
            running[k].start()


def finish(task: str, folder: Path, running: dict | None = None) -> float:
    """Let all processes of a task come to their ends; the seconds that it took."""
    running, started = {} if running is None else running, time.perf_counter()
    _start(task, folder, running)
    for process in running.values():
        process.join()
        if process.exitcode:
            said = (folder / "said.txt").read_text()[-2000:]
            raise RuntimeError(f"{task}: ended by {process.exitcode}: {said}")
    return time.perf_counter() - started


def result(task: str, folder: Path) -> dict:
    """What a task that came to its end gave."""
    return TASKS[task].read(folder, json.loads((folder / "result.json").read_text()))


def _cut(folder: Path) -> set[Path]:
    """Files half written whose writers are dead: nobody holds their locks."""
    import fcntl

    cut = set()
    for path in folder.rglob("*.part"):
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cut.add(path)
    return cut


def trial(task: str, folder: Path, seconds: float, kills: int, rng: np.random.Generator) -> dict:
    """Kill so many processes, each within ``seconds``, and let the last ones end.

    Where several run at once, one of them is killed or all; what was killed is started again.

    Returns
    -------
    dict
        ``kills``, ``found`` (what each left), ``writing`` (how many files were half written), ``result``, and ``left``
        (files that nobody needs at the end).
    """
    found, cut, running = [], set(), {}
    while len(found) < kills:
        _start(task, folder, running)
        time.sleep(rng.uniform(0, seconds))
        alive = [k for k, process in running.items() if process.exitcode is None]
        if not alive:  # all came to their ends: nothing to kill
            break
        killed = rng.permutation(alive)[: rng.integers(1, len(alive) + 1)].tolist()[: kills - len(found)]
        for k in killed:
            os.kill(running[k].pid, signal.SIGKILL)
        for k in killed:
            running.pop(k).join()
        cut |= _cut(folder)
        found += [TASKS[task].look(folder)] * len(killed)
    finish(task, folder, running)
    end = result(task, folder)
    left = [path.name for path in folder.rglob("*") if path.is_file() and path.suffix not in STAYS]
    return {"kills": len(found), "found": found, "writing": len(cut), "result": end, "left": left}


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
        TASKS[task].warm()
        with tempfile.TemporaryDirectory() as folder:
            seconds = finish(task, Path(folder))
            undisturbed = result(task, Path(folder))
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
    apart = TASKS[task].apart
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
