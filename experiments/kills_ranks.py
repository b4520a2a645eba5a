# Run by python -m experiments.kills_ranks · tests/experiments/test_kills_ranks.py
"""Trainings by two processes of which one is killed or stopped at a random moment: how each ends, and how soon.

    python -m experiments.kills_ranks          # 5 runs without a kill, 20 kills, 10 stops: about an hour

A run is ``torchrun --nproc-per-node 2 --max-restarts 3 -m course.train`` on the toy grammar. The moment is drawn from
its whole length, starting and writing included. Runs of one seed give the same bits, so the vectors of a run in which
a process was killed must be those of the run without a kill. A run that is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from experiments import results
from helpers.engines import checkpoints
from helpers.files import ROOT
from helpers.vectors import load_vectors

PATH = results.FOLDER / "kills_ranks.json"
LIMIT = 120.0  # seconds after the kill
PATIENCE = 20
SETTINGS = ["toy", "--dim", "8", "--t", "0.01", "--window", "2", "--engine", "numba", "--lr", "0.5", "--quiet"]
SETTINGS += ["--patience", str(PATIENCE), "--save-every", "0.5"]
OURS = re.compile(r"^(process \d+|all processes): .*$", re.MULTILINE)  # a line of course.train
POINTS = (
    [("none", seed) for seed in range(5)] + [("SIGKILL", k) for k in range(20)] + [("SIGSTOP", k) for k in range(10)]
)


def launch(folder: Path, *arguments: str, processes: int = 2, restarts: int = 3, **options) -> subprocess.Popen:
    """Start a training under torchrun, which writes into a folder and says what it says in its ``said.txt``."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes)]
    command += ["--max-restarts", str(restarts), "--monitor-interval", "0.1", "--rdzv-backend", "c10d"]
    command += ["--rdzv-endpoint", "localhost:0", "-m", "course.train", *SETTINGS, *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with open(folder / "said.txt", "a") as said:
        return subprocess.Popen(
            [*command, "--out", str(folder / "vectors.txt")], cwd=ROOT, env=env, stdout=said, stderr=said, **options
        )


def workers(process: subprocess.Popen) -> list[int]:
    """The processes that torchrun has started and that live, as numbers, by rank."""
    found = subprocess.run(["ps", "-o", "pid=,stat=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [int(pid) for pid, stat in (line.split() for line in found.stdout.splitlines()) if stat[0] != "Z"]


def ended(process: subprocess.Popen, seconds: float) -> bool:
    """Whether torchrun ends within so many seconds; if not, it and its processes are killed."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return True
    for pid in (*workers(process), process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    return False


def outcome(folder: Path) -> dict:
    """What a run has written: ``bits`` of the vectors, and ``heldout``, its last loss; None of what is not there."""
    path = folder / "vectors.txt"
    if not path.is_file():
        return {"bits": None, "heldout": None}
    load_vectors(path)
    heldout = checkpoints.read(folder / "vectors.txt.checkpoint")["history"]["heldout"][-1][1]
    return {"bits": hashlib.sha256(path.read_bytes()).hexdigest()[:16], "heldout": heldout}


def trial(how: str, k: int, epochs: int, seconds: float = 0.0) -> dict:
    """One run; ``how`` is the signal for one of its processes within ``seconds``, or "none".

    Returns
    -------
    dict
        ``how``, ``k``; ``seed``; ``rank``, who got the signal, and ``at``, seconds after the start; ``seconds`` from
        there to the end; ``ended``: "right", "message" (and what it says), "silent" or "hangs"; ``left``, how many
        processes live on; ``heldout`` and ``bits`` as `outcome`.
    """
    rng, seed = np.random.default_rng([k, how == "SIGSTOP"]), k if how == "none" else 0
    row = {"how": how, "k": k, "seed": seed, "rank": None, "at": None}
    while True:
        with tempfile.TemporaryDirectory() as name:
            folder, started, mine = Path(name), time.monotonic(), []
            process = launch(folder, "--seed", str(seed), "--epochs", str(epochs))
            try:
                if how != "none":
                    row["rank"], moment = int(rng.integers(2)), rng.uniform(0, seconds)
                    while len(mine) < 2 and process.poll() is None or time.monotonic() < started + moment:
                        time.sleep(0.01)
                        mine = workers(process)
                    if len(mine) < 2:  # it has ended, or one has: another moment
                        continue
                    os.kill(mine[row["rank"]], getattr(signal, how))
                    row["at"] = round(time.monotonic() - started, 2)
                    started = time.monotonic()
                in_time = ended(process, LIMIT if how != "none" else 10 * LIMIT)
            finally:
                ended(process, 0)
            said = OURS.search((folder / "said.txt").read_text())
            right = process.returncode == 0
            row["ended"] = "hangs" if not in_time else "right" if right else "message" if said else "silent"
            if row["ended"] == "message":
                row["says"] = said.group()
            row["seconds"] = round(time.monotonic() - started, 2)
            row["left"] = sum(os.path.exists(f"/proc/{pid}") for pid in mine)
            return {**row, **outcome(folder)}


def measure(path: Path = PATH, points=POINTS, epochs: int = 20) -> None:
    """Add the rows that are not there yet."""

    def make(point):
        runs = results.read_table(path)["runs"] if path.is_file() else []
        whole = [run["seconds"] for run in runs if run["how"] == "none"]  # of the first one, compiling too
        return trial(*point, epochs, statistics.median(whole) if whole else 0.0)

    head = {"command": "python -m experiments.kills_ranks", "epochs": epochs, "patience": PATIENCE, "limit": LIMIT}
    results.complete(
        path,
        head,
        points,
        make,
        lambda row: (row["how"], row["k"]),
        lambda row: (row["how"] != "none", row["how"], row["k"]),
    )


def show(path: Path = PATH) -> None:
    """Print how the runs ended, by signal."""
    runs = results.read_table(path)["runs"]
    plain = [run for run in runs if run["how"] == "none"]
    losses, bits = [run["heldout"] for run in plain], next(run["bits"] for run in plain if not run["seed"])
    print(f"without a kill: held-out loss {min(losses):.4f} to {max(losses):.4f} over {len(plain)} seeds")
    print(f"{'signal':10}{'runs':>6}{'same vectors':>14}{'left over':>11}{'seconds after it':>20}   ended")
    for how in sorted({run["how"] for run in runs} - {"none"}):
        rows = [run for run in runs if run["how"] == how]
        seconds = [run["seconds"] for run in rows]
        how_ended = ", ".join(f"{what}: {n}" for what, n in sorted(Counter(run["ended"] for run in rows).items()))
        same, left = sum(run["bits"] == bits for run in rows), sum(run["left"] for run in rows)
        times = f"{min(seconds):.0f} to {max(seconds):.0f}"
        print(f"{how:10}{len(rows):6}{same:14}{left:11}{times:>20}   {how_ended}")


def main() -> None:
    argparse.ArgumentParser(prog="python -m experiments.kills_ranks", description=__doc__.split("\n")[0]).parse_args()
    measure()
    show()


if __name__ == "__main__":
    main()
