# Run by python -m experiments.large_memory · tests/experiments/test_large.py
"""What memory it takes to read, train and save a text: alone, and as two processes.

    python -m experiments.large text zipf.txt --megabytes 1000
    python -m experiments.large_memory zipf.txt

The memory is what cannot be dropped: pages without a file, private or shared, each shared one counted once. It is added
up over all processes that the command has started, torchrun's own included, many times a second; the largest sum is the
peak. Pages of the text and of its ids are the system's to drop, and do not count.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import runpy
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from experiments import results
from helpers.files import ROOT

EVERY = 0.05  # seconds between two looks at the memory
COUNTED = re.compile(r"^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB", re.M)
STAGES = {  # what is timed, by module and function; the first pass counts, the second encodes
    "counting": ("helpers.texts.own", "_first_pass"),
    "encoding": ("helpers.texts.indexing", "second_pass"),
    "reading": ("helpers.corpus", "load_corpus"),
    "training": ("helpers.engines", "train"),
    "saving": ("helpers.vectors", "save_vectors"),
}


def descendants(pid: int) -> list[int]:
    """A process and all that come from it, on Linux."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it has ended meanwhile
                pass
    return found


def memory_of(pids) -> int:
    """Bytes that some processes hold and the system cannot drop, together."""
    total = 0
    for pid in pids:
        try:
            total += sum(map(int, COUNTED.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))) * 1024
        except OSError:
            pass
    return total


class Watch:
    """The memory of a process and all that come from it, looked at again and again from a thread."""

    def __init__(self, pid: int):
        self.pid, self.seen, self.most, self.ended = pid, [], 0, threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _look(self) -> None:
        took = 0.0
        while not self.ended.wait(max(EVERY, 2 * took)):  # a third of a core at most
            began, pids = time.perf_counter(), descendants(self.pid)
            self.seen.append((time.time(), memory_of(pids)))
            self.most, took = max(self.most, len(pids)), time.perf_counter() - began

    def peak(self, began: float = 0, ended: float = float("inf")) -> float:
        """The most memory that was seen between two times, in MiB."""
        return max((size for at, size in self.seen if began <= at <= ended), default=0) / 2**20


def watched(command: list[str], **environment: str) -> dict:
    """Run a command, and see how long it takes, how many processes it is, and what its memory comes to.

    Returns
    -------
    dict
        ``seconds``; ``peak``, in MiB; ``looks`` at the memory; ``processes``; ``stages``, of those that `staged` names,
        seconds and peak, of the slowest process; ``said``, what was printed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    with Watch(process.pid) as watch:
        said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said[-3000:]}")
    stages = {}
    for line in said.splitlines():
        if line.startswith("stage "):
            stage, *at = json.loads(line[6:])
            row = {"seconds": at[1] - at[0], "peak": watch.peak(*at)}
            stages[stage] = max(row, stages.get(stage, row), key=lambda row: row["seconds"])
    seconds = time.perf_counter() - began
    row = {"seconds": seconds, "peak": watch.peak(), "looks": len(watch.seen), "processes": watch.most}
    return {**row, "stages": stages, "said": said}


@contextmanager
def clocks():
    """Print when each of `STAGES` began and ended, as a line of JSON, inside the block."""
    before = {}

    def timed(stage, function):
        def call(*args, **kwargs):
            began = time.time()
            try:
                return function(*args, **kwargs)
            finally:
                print(f"\nstage {json.dumps([stage, began, time.time()])}", flush=True)

        return call

    for stage, (module, name) in STAGES.items():
        module = importlib.import_module(module)
        before[module, name] = getattr(module, name)
        setattr(module, name, timed(stage, before[module, name]))
    try:
        yield
    finally:
        for (module, name), function in before.items():
            setattr(module, name, function)


def staged(arguments: list[str]) -> None:
    """``python -m course.train`` with these arguments, and a line when each stage was."""
    sys.argv = ["course.train", *arguments]
    with clocks():
        runpy.run_module("course.train", run_name="__main__")


def measure(text: Path, processes: int, *, dim: int = 100, threads: int | None = None) -> dict:
    """Read, train for one epoch and save with so many processes, from an empty folder of ids."""
    threads = threads or max(1, 2 // processes)
    with tempfile.TemporaryDirectory(dir=text.parent) as folder:
        out = Path(folder) / "vectors.txt"
        module = [
            "experiments.large_memory",
            "staged",
            str(text),
            "--out",
            str(out),
            "--dim",
            str(dim),
            "--epochs",
            "1",
        ]
        module += ["--engine", "numba", "--quiet", "--threads", str(threads)]
        start = [sys.executable, "-m"]
        if processes > 1:
            start += ["torch.distributed.run", "--nproc-per-node", str(processes), "--rdzv-backend", "c10d"]
            start += ["--rdzv-endpoint", "localhost:0", "-m"]
        found = watched([*start, *module], WORD2VEC_DATA=folder, OMP_NUM_THREADS="1")
        vectors, dim = map(int, out.open("rb").readline().split())
        said = [line for line in found.pop("said").splitlines() if " center words in " in line]
        row = {"ranks": processes, "threads": threads, "bytes": text.stat().st_size, "vectors": vectors, "dim": dim}
        return {**row, **found, "said": said[-1]}


def main() -> None:
    if sys.argv[1:2] == ["staged"]:
        return staged(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m experiments.large_memory", description=__doc__.split("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    rows = []
    for processes in options.processes:
        rows.append(measure(options.path.absolute(), processes))
        print(json.dumps(rows[-1], indent=1))
    head = {"command": f"python -m experiments.large_memory {options.path.name}"}
    results.write_table(results.FOLDER / "large_memory.json", head, rows, "rows")


if __name__ == "__main__":
    main()
