# Run by python -m experiments.sweep · tests/experiments/test_sweep.py
"""What moves the results: one setting at a time, over seeds, in tables that are stored.

    python -m experiments.sweep ptb              # 10 seeds at the book's settings, 5 of every other point
    python -m experiments.sweep wiki --seeds 3
    python -m experiments.sweep ptb --axes dim K # some of the settings only

A run that is stopped goes on where it was, and a progress bar says how far it is. `experiments.results.sweep` reads the
tables.
"""

from __future__ import annotations

import argparse
import json
import platform

import torch

from experiments import results
from experiments.results import sweep as stored
from experiments.results.calibration import MEASURED
from experiments.results.sweep import load
from helpers.corpus import load_corpus
from helpers.evaluation import neighbour_table
from helpers.vectors import table


def points(seeds: int, axes) -> list[tuple]:
    """Every (axis, value, seed), the first seed of all points first, so that a run cut short is balanced."""
    order = []
    for seed in range(max(seeds, stored.BASE_SEEDS)):
        if "base" in axes:
            order.append(("base", None, seed))
        if seed < seeds:
            order += [(axis, value, seed) for axis in axes if axis != "base" for value in stored.AXES[axis]]
    return order


def sweep(name: str, seeds: int = 5, axes=("base", *stored.AXES)) -> dict:
    """Train and measure every point that is not stored yet; write the table after each.

    Raises
    ------
    ValueError
        If the stored table was made from another `BASE`.
    """
    corpus = load_corpus(name)
    path, neighbours = (results.FOLDER / f"sweep_{name}.{form}" for form in ("json", "npz"))
    cosines = results.FOLDER / f"cosines_{name}.npz"
    if path.is_file() and load(name)["base"] != stored.BASE:
        raise ValueError(f"{path} was made from the base {load(name)['base']}, not {stored.BASE}: move it away first")
    head = {
        "corpus": name,
        "command": f"python -m experiments.sweep {name} --seeds {seeds}",
        "base": stored.BASE,
        "torch": torch.__version__.split("+")[0],
        "threads": 1,
        "machine": platform.machine(),
    }
    order = ["base", *stored.AXES]

    def make(point):
        axis, value, seed = point
        row, model = stored.run_point(corpus, axis, value, seed)
        if axis == "base":
            results.add_arrays(neighbours, **{str(seed): neighbour_table(table(model))})
        if axis != "objective":
            results.add_arrays(cosines, **{json.dumps(point): stored.pair_cosines(model, corpus.vocab)})
        return row

    results.complete(
        path, head, points(seeds, axes), make,
        point_of=lambda r: (r["axis"], r["value"], r["seed"]),
        order=lambda r: (order.index(r["axis"]), r["value"] is not None, _place(r["axis"], r["value"]), r["seed"]),
    )  # fmt: skip
    return load(name)


def _place(axis: str, value) -> float:
    """Where a value stands in its axis's rows."""
    return stored.AXES[axis].index(value) if axis == "objective" else value or 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.sweep", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=MEASURED)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--axes", nargs="+", choices=("base", *stored.AXES), default=("base", *stored.AXES))
    arguments = parser.parse_args()
    table_ = sweep(arguments.corpus, arguments.seeds, arguments.axes)
    print(f"{len(table_['runs'])} runs in {results.FOLDER}")
