"""What moves the results: one setting at a time, over seeds, in tables that are stored.

    python -m helpers.sweep ptb              # 10 seeds at the book's settings, 5 of every other point
    python -m helpers.sweep wiki --seeds 3
    python -m helpers.sweep ptb --axes dim K # some of the settings only

A run that is stopped goes on where it was, and a progress bar says how far it is. The tables lie in helpers/sweeps/:
one JSON file a corpus with every score, and the neighbours of every word for the seeds at the book's settings.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from pathlib import Path

import numpy as np
import torch
from scipy import stats
from torch import nn
from tqdm.auto import tqdm

from helpers.calibrate import write_table
from helpers.corpus import Corpus, load_corpus
from helpers.evaluation import neighbour_table, scores
from helpers.files import whole
from helpers.history import Settings
from helpers.model import make_model
from helpers.peers import train_gensim
from helpers.sampling import noise_distribution
from helpers.theory import context_bits, train_dense
from helpers.training import evaluate, heldout_examples, train
from helpers.vectors import TABLES, table

FOLDER = Path(__file__).resolve().parent / "sweeps"
BASE = {"dim": 100, "epochs": 5, "max_window": 5, "K": 5, "t": 1e-4, "lr": 0.002}
# One setting moves, the others stay at BASE. "gensim" is the peer, at several learning rates; "objective" has no noise
# words at all, but their expectation, or the full softmax.
AXES: dict[str, tuple] = {
    "dim": (10, 25, 50, 200),
    "max_window": (1, 2, 10),
    "K": (1, 2, 15),
    "t": (None, 1e-3, 1e-5),
    "epochs": (1, 2, 10, 20),
    "lr": (0.0005, 0.001, 0.004, 0.008),
    "gensim": (0.025, 0.05, 0.1),
    "objective": ("expectation", "softmax"),
}
BASE_SEEDS = 10


def log_noise(corpus: Corpus) -> np.ndarray:
    """Log of the noise distribution, -inf for the padding; the prior of `theory.context_bits`."""
    with np.errstate(divide="ignore"):
        return np.log(noise_distribution(corpus.vocab.counts))


def measure(model: nn.Sequential, corpus: Corpus, settings: Settings | None = None, softmax: bool = False) -> dict:
    """What one trained model is judged by.

    Returns
    -------
    dict
        ``heldout`` with the run's own settings, ``heldout_base`` with the book's, whatever it was trained with (only
        that one can be compared from run to run), ``bits`` a context word, and every table's `evaluation.scores`.
    """
    base = heldout_examples(corpus, Settings())
    own = heldout_examples(corpus, settings) if settings else base
    return {
        "heldout": round(evaluate(model, own), 5),
        "heldout_base": round(evaluate(model, base), 5),
        "bits": round(context_bits(model, base, None if softmax else log_noise(corpus)), 4),
        "scores": {
            which: {name: round(value, 4) for name, value in scores(table(model, which), corpus.vocab).items()}
            for which in TABLES
        },
    }


def run_point(corpus: Corpus, axis: str, value, seed: int, checkpoint: Path | None = None):
    """Train and measure one point: the setting ``axis`` at ``value``, the others at `BASE`.

    Parameters
    ----------
    corpus : Corpus
    axis : str
        One of `AXES`, or "base".
    value
        Any value of that setting, not of the stored ones alone.
    seed : int
    checkpoint : path, optional
        For "epochs": a run of fewer epochs is gone on with, to the same bits. It must not hold more.

    Returns
    -------
    row : dict
        ``axis``, ``value``, ``seed``, ``seconds`` and what `measure` returns.
    model : nn.Sequential

    Raises
    ------
    ValueError
        For an unknown axis, or a checkpoint of a longer run.
    """
    if axis not in (*AXES, "base"):
        raise ValueError(f"axis is {axis!r}; give 'base' or one of {', '.join(AXES)}")
    row = {"axis": axis, "value": value, "seed": seed}
    if axis == "gensim":
        model, seconds = train_gensim(corpus, dim=BASE["dim"], epochs=BASE["epochs"], alpha=value, seed=seed)
        return {**row, "seconds": round(seconds, 2), **measure(model, corpus)}, model
    if axis == "objective":
        model = make_model(len(corpus.vocab), BASE["dim"], seed=seed)
        _, seconds = train_dense(model, corpus, value, epochs=BASE["epochs"], seed=seed, K=BASE["K"], lr=BASE["lr"])
        return {**row, "seconds": round(seconds, 2), **measure(model, corpus, softmax=value == "softmax")}, model
    wanted = BASE if axis == "base" else {**BASE, axis: value}
    settings = Settings(seed=seed, **{name: wanted[name] for name in ("max_window", "K", "t", "lr")})
    model = make_model(len(corpus.vocab), wanted["dim"], seed=seed)
    resume = checkpoint is not None and checkpoint.is_file()
    if resume and torch.load(checkpoint, weights_only=True)["epoch"] > wanted["epochs"]:
        raise ValueError(f"{checkpoint} holds more than {wanted['epochs']} epochs: sweep the epochs from few to many")
    history = train(
        model, corpus, epochs=wanted["epochs"], settings=settings, device="cpu", progress=False, heldout=False,
        checkpoint=checkpoint, resume=resume,
    )  # fmt: skip
    return {**row, "seconds": round(history.seconds, 2), **measure(model, corpus, settings)}, model


def load(name: str) -> dict:
    """The stored sweep of a corpus: ``runs`` has one entry a point and seed.

    Raises
    ------
    FileNotFoundError
        With the command that makes it.
    """
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"no sweep at {path}: make it with `python -m helpers.sweep {name}`")
    return json.loads(path.read_text(encoding="utf-8"))


def load_neighbours(name: str) -> np.ndarray:
    """The stored neighbours at the book's settings; ids of uint16, shape (seeds, V, 10)."""
    path = FOLDER / f"{name}.npz"
    if not path.is_file():
        raise FileNotFoundError(f"no neighbours at {path}: make them with `python -m helpers.sweep {name} --axes base`")
    with np.load(path, allow_pickle=False) as arrays:
        return np.stack([arrays[key] for key in sorted(arrays, key=int)])


def values(runs: list[dict], axis: str, value, *path: str) -> np.ndarray:
    """One figure of a point, over the seeds: ``values(runs, "dim", 25, "scores", "center", "WordSim-353")``.

    A value that `BASE` has is read from the runs at the base.

    Returns
    -------
    np.ndarray of float, shape (seeds,)
    """
    if axis in BASE and value == BASE[axis]:
        axis, value = "base", None
    found = [run for run in runs if run["axis"] == axis and run["value"] == value]
    for name in path:
        found = [run[name] for run in found]
    return np.array(found, dtype=float)


def interval(sample: np.ndarray, level: float = 0.99) -> tuple[float, float]:
    """Where one more run should fall: Student's prediction interval from the runs that there are.

    Returns
    -------
    (float, float)

    Raises
    ------
    ValueError
        For fewer than two runs.
    """

    n = len(sample)
    if n < 2:
        raise ValueError(f"{n} run says nothing of a spread: give two seeds at least")
    half = stats.t.ppf((1 + level) / 2, n - 1) * sample.std(ddof=1) * np.sqrt(1 + 1 / n)
    return float(sample.mean() - half), float(sample.mean() + half)


def points(seeds: int, axes) -> list[tuple]:
    """Every (axis, value, seed), the first seed of all points first, so that a run cut short is balanced."""
    order = []
    for seed in range(max(seeds, BASE_SEEDS)):
        if "base" in axes:
            order.append(("base", None, seed))
        if seed < seeds:
            order += [(axis, value, seed) for axis in axes if axis != "base" for value in AXES[axis]]
    return order


def sweep(name: str, seeds: int = 5, axes=("base", *AXES)) -> dict:
    """Train and measure every point that is not stored yet; write the table after each.

    Raises
    ------
    ValueError
        If the stored table was made from another `BASE`.
    """
    corpus = load_corpus(name)
    path = FOLDER / f"{name}.json"
    stored = load(name) if path.is_file() else {"runs": [], "base": BASE}
    if stored["base"] != BASE:
        raise ValueError(f"{path} was made from the base {stored['base']}, not {BASE}: move it away first")
    runs = stored["runs"]
    neighbours = FOLDER / f"{name}.npz"
    done = {(run["axis"], run["value"], run["seed"]) for run in runs}
    head = {
        "corpus": name,
        "command": f"python -m helpers.sweep {name} --seeds {seeds}",
        "base": BASE,
        "torch": torch.__version__.split("+")[0],
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
    }
    order = ["base", *AXES]
    with tempfile.TemporaryDirectory() as folder:
        for axis, value, seed in tqdm([p for p in points(seeds, axes) if p not in done], desc=name):
            longer = Path(folder) / f"{seed}.pt" if axis == "epochs" else None
            row, model = run_point(corpus, axis, value, seed, longer)
            if axis == "base":
                before = dict(np.load(neighbours, allow_pickle=False)) if neighbours.is_file() else {}
                arrays = {**before, str(seed): neighbour_table(table(model))}
                with whole(neighbours) as part, part.open("wb") as file:
                    np.savez_compressed(file, **arrays)
            # read again: another process may have written points meanwhile, this one among them
            others = load(name)["runs"] if path.is_file() else []
            runs = [*(r for r in others if (r["axis"], r["value"], r["seed"]) != (axis, value, seed)), row]
            runs.sort(key=lambda r: (order.index(r["axis"]), r["value"] is not None, r["value"] or 0, r["seed"]))
            write_table(path, head, runs)
    return load(name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=("ptb", "wiki"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--axes", nargs="+", choices=("base", *AXES), default=("base", *AXES))
    arguments = parser.parse_args()
    stored = sweep(arguments.corpus, arguments.seeds, arguments.axes)
    print(f"{len(stored['runs'])} runs in {FOLDER / arguments.corpus}.json")
