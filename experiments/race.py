# Run by make benchmark · tests/experiments/test_race.py
"""One race, in one run on this machine: the book's loop, ours, and gensim, on the same tokens, threads and dimension.

    python -m experiments.race                        # PTB: every setting once, then 3 runs in turn: 20 to 40 minutes
    python -m experiments.race --systems numba gensim --runs 3
    python -m experiments.race --repeat 32 --systems numba    # PTB tiled 32 times
    python -m experiments.race --corpus my.txt
    python -m experiments.race --scaling              # cost against length, 1 to 32 times the corpus

It is no test: its figures depend on the machine and on what else the machine does. Read the ratios. Each system trains
in a process of its own. First all try the same number of rates and lengths; then each runs at its best rate, in turn
with the others, and "how long until this held-out loss" is read off its own curve.
The seconds are of training alone, from tokens in memory; the book's loader, which also draws its examples, is stated
apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tqdm.auto import tqdm

from experiments.peers import GRIDS, peak_memory, run, tile
from experiments.results import write_table
from experiments.results.race import NAMES, best, time_to
from helpers.corpus import load_corpus
from helpers.engines import choose, train
from helpers.files import ROOT, atomic_write
from helpers.model import make_model


def in_a_process(arguments: dict, cache: str | None = None) -> dict:
    """Run `run` in a fresh process, so that no system sees what another left in memory."""
    environment = {**os.environ, "MPLBACKEND": "agg", "OMP_NUM_THREADS": str(arguments["threads"])}
    if cache:
        environment["NUMBA_CACHE_DIR"] = cache
    command = [sys.executable, "-m", "experiments.race", "--worker", json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode:
        raise RuntimeError(f"{arguments['system']} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _work(arguments: dict) -> dict:
    if arguments["system"] == "gensim":
        import gensim.models  # noqa: F401  of the libraries, as torch is
    before = peak_memory()  # what the libraries take
    corpus = load_corpus(arguments["corpus"], quiet=True)
    if arguments["repeat"] > 1:
        corpus = tile(corpus, arguments["repeat"])
    options = {key: arguments[key] for key in ("dim", "threads", "seed", "grid")}
    if arguments.get("compile"):
        began = time.perf_counter()
        few = replace(corpus, ids=corpus.ids[: corpus.bounds[200]], bounds=corpus.bounds[:201])
        train(make_model(len(corpus.vocab), 8), few, epochs=1, engine="numba", progress=False, heldout=False)
        return {"compile": time.perf_counter() - began}
    return {"rows": run(arguments["system"], corpus, **options, before=before)}


def _settings(arguments: dict, kept: Path | None) -> list[dict]:
    """The rows of one system's settings: those that the file holds for these arguments, or else of a new run."""
    known = json.loads(kept.read_text()) if kept and kept.is_file() else {}
    key = json.dumps(arguments)
    if key not in known:
        known[key] = in_a_process(arguments)["rows"]
        if kept:
            with atomic_write(kept) as part:
                part.write_text(json.dumps(known))
    return known[key]


def race(corpus="ptb", *, systems=None, repeat=1, runs=3, dim=100, threads=2, grids=None, kept=None) -> dict:
    """Try every setting of each system once, then race the systems in turn, each at its best rate, ``runs`` times.

    A system's best rate is that of its setting with the lowest held-out loss. All have the same number of settings.
    What the settings came to depends on no clock: it is kept in the file ``kept``, and taken from it for the same
    corpus, dimension and grid.

    Returns
    -------
    dict
        ``machine``; ``tried``, a row for each system, rate and number of epochs; ``rows``, a row for each system and
        number of epochs at its best rate: medians over the runs, extremes of seconds, losses and words a second;
        ``compile``, the seconds of Numba's first compilation.
    """
    systems = list(systems or available(corpus, repeat))
    base = {"corpus": str(corpus), "repeat": repeat, "dim": dim, "threads": threads}
    tried, found = [], {}
    with tqdm(total=(1 + runs) * len(systems), unit="run") as bar:
        for seed in range(1 + runs):
            for system in systems:
                bar.set_description(f"{system}, {'settings' if not seed else f'run {seed}'}")
                grid = (grids or GRIDS)[system]
                if seed:
                    rate = best(tried, system)["lr"]
                    grid = [(lr, epochs) for lr, epochs in grid if lr == rate]
                arguments = {**base, "system": system, "seed": seed, "grid": grid}
                if seed:
                    for row in in_a_process(arguments)["rows"]:
                        found.setdefault((system, row["lr"], row["epochs"]), []).append(row)
                else:
                    tried += _settings(arguments, kept)
                bar.update()
    rows = []
    for (system, lr, epochs), several in found.items():
        row = {"system": system, "lr": lr, "epochs": epochs, "runs": len(several)}
        for key in ("load", "seconds", "heldout", "wordsim", "memory"):
            values = [one[key] for one in several if one.get(key) is not None]
            row[key] = statistics.median(values) if values else None
            row[f"{key}_range"] = [min(values), max(values)] if values else None
        rates = [one["words"] / one["seconds"] for one in several]
        row["rate"], row["rate_range"] = statistics.median(rates), [min(rates), max(rates)]
        rows.append(row)
    result = {"machine": machine(threads), **base, "rows": rows, "tried": tried}
    if "numba" in systems:
        with tempfile.TemporaryDirectory() as cache:
            first = in_a_process({**base, "system": "numba", "seed": 0, "grid": [], "compile": True}, cache)
        result["compile"] = first["compile"]
    return result


def machine(threads: int) -> dict:
    """What the figures depend on: processor type, threads, versions."""
    return {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": threads,
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "torch": torch.__version__.split("+")[0],
        "python": platform.python_version(),
    }


def available(corpus="ptb", repeat=1) -> list[str]:
    """The systems that can run here."""
    from helpers.book.d2l import book_ready, load_d2l

    systems = ["reference", "torch"]
    if corpus == "ptb" and repeat == 1 and book_ready(load_d2l(quiet=True)):
        systems.insert(0, "book")
    if choose("auto", "cpu") == "numba":
        systems.append("numba")
    if torch.cuda.is_available() and choose("auto") == "triton":
        systems.append("triton")
    if find_spec("gensim") is not None:
        systems.append("gensim")
    return systems


def scaling(corpus="ptb", *, times=(1, 2, 4, 8, 16, 32), runs=5, dim=100, threads=2) -> dict:
    """One epoch of the Numba kernel on a corpus tiled, in fresh processes.

    Returns
    -------
    dict
        ``rows`` with ``times``, median ``seconds`` and ``memory`` (MiB), and ``exponent``: the slope of log seconds
        against log length, 1 for a cost in proportion to the text.
    """
    rows = []
    with tqdm(total=runs * len(times), unit="run") as bar:
        found: dict = {n: [] for n in times}
        for seed in range(runs):
            for n in times:
                task = {"corpus": str(corpus), "repeat": n, "dim": dim, "threads": threads, "seed": seed}
                found[n] += in_a_process({**task, "system": "numba", "grid": [(1.5, 1)]})["rows"]
                bar.update()
    for n, several in found.items():
        medians = {key: statistics.median(one[key] for one in several) for key in ("seconds", "memory")}
        rows.append({"times": n, "runs": len(several), **medians})
    slope = np.polyfit(np.log([row["times"] for row in rows]), np.log([row["seconds"] for row in rows]), 1)[0]
    return {"machine": machine(threads), "rows": rows, "exponent": float(slope)}


def show(result: dict) -> None:
    """Print each system at its best point, then how long each takes to the best loss of every other."""
    rows, gpu = result["rows"], result["machine"]["gpu"]
    print(f"\n{result['corpus']} x {result['repeat']}, {result['machine']['threads']} threads, {gpu or 'no GPU'}")
    head = ("system", "lr", "epochs", "seconds", "range", "words/s", "held out", "WordSim", "MiB")
    print("{:18}{:>7}{:>8}{:>9}{:>15}{:>12}{:>10}{:>9}{:>7}".format(*head))
    systems = list(dict.fromkeys(row["system"] for row in rows))
    memory = {row["system"]: row["memory"] for row in rows if row["memory"] is not None}
    for row in (best(rows, name) or next(r for r in rows if r["system"] == name) for name in systems):
        held, similar = (f"{row[k]:.4f}" if row[k] is not None else "-" for k in ("heldout", "wordsim"))
        spread = "{:.2f}-{:.2f}".format(*row["seconds_range"])
        print(
            f"{NAMES[row['system']]:18}{row['lr']:7g}{row['epochs']:8}{row['seconds']:9.2f}{spread:>15}"
            f"{row['rate']:12,.0f}{held:>10}{similar:>9}{memory.get(row['system'], float('nan')):7.0f}"
        )
    for rival in ("book", "gensim"):
        target = best(rows, rival)
        if target is None:
            continue
        print(f"\nseconds to {target['heldout']:.4f}, the best held-out loss of {NAMES[rival]}:")
        for system in systems:
            row = time_to(rows, system, target["heldout"])
            if row is None:
                print(f"  {NAMES[system]:18} not reached")
            else:
                factor = target["seconds"] / row["seconds"]
                print(f"  {NAMES[system]:18} {row['seconds']:7.2f}   1 / {factor:.1f}   {row['epochs']} epochs")
    if "compile" in result:
        print(f"\nNumba's first compilation, cached afterwards: {result['compile']:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m experiments.race", description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", default="ptb", help="ptb, wiki, toy, or a path to a UTF-8 text")
    parser.add_argument("--repeat", type=int, default=1, help="tile the corpus so many times")
    parser.add_argument("--runs", type=int, default=3, help="races after the settings; the table shows medians")
    parser.add_argument("--systems", nargs="+", choices=GRIDS, help="default: all that can run here")
    parser.add_argument("--epochs", type=int, default=5, help="try up to so many epochs")
    parser.add_argument("--dim", type=int, default=100)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--scaling", action="store_true", help="cost of one epoch on 1 to 32 times the corpus")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="folder for the JSON and the plot")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(_work(json.loads(options.worker))))
        return
    if options.scaling:
        name = "scaling"
        result = scaling(options.corpus, runs=options.runs, dim=options.dim, threads=options.threads)
        for row in result["rows"]:
            print(f"{row['times']:3} x: {row['seconds']:8.2f} s, {row['memory']:6.0f} MiB")
        print(f"seconds grow as length to the power {result['exponent']:.3f}")
    else:
        name = "race"
        keys = ("systems", "repeat", "runs", "dim", "threads")
        grids = {name: [point for point in grid if point[1] <= options.epochs] for name, grid in GRIDS.items()}
        kept = options.out / "race_tried.json"
        result = race(options.corpus, grids=grids, kept=kept, **{key: getattr(options, key) for key in keys})
        show(result)
    head = {"command": " ".join(["python -m experiments.race", *sys.argv[1:]]), **result}
    write_table(options.out / f"{name}.json", head, head.pop("rows"), "rows")
    if name == "race":
        from helpers import plots

        plots.race(result, options.out / "race.png")
    print(f"\nwritten to {options.out}")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "agg")
    main()
