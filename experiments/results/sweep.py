# Used from 07 · tests/experiments/test_sweep.py tests/experiments/test_stored_sweeps.py
"""What moves the results: the stored runs, how to read them, and how to make one of them again (notebooks 07, 09).

``python -m experiments.sweep`` makes the tables: one JSON file a corpus with every score, the neighbours of every word
for the seeds at the base, and each run's cosines of WordSim's pairs. The runs are those of the fast engine, on one
thread; "objective" alone is trained by the plain loop, with Adam.
"""

from __future__ import annotations

import json

import numpy as np
from torch import nn

from experiments import results
from experiments.results.calibration import MEASURED, beginning
from helpers import engines
from helpers.arguments import checked, flag, instance, number, one_of, optional, text, whole, words
from helpers.arguments import seed as any_seed
from helpers.corpus import Corpus, Vocab, load_corpus
from helpers.engines.gensim import train_gensim
from helpers.engines.history import Settings
from helpers.evaluation import PAIRS, compare_with_people, coverage, neighbour_table, read_pairs
from helpers.model import make_model
from helpers.sampling import noise_distribution
from helpers.shapes import array
from helpers.softmax import context_bits, train_dense
from helpers.training import evaluate, heldout_examples, train
from helpers.uses import scores, word_classes
from helpers.vectors import TABLES, table

# The book's settings; the rate is that of plain gradient descent, and falls.
BASE = {"dim": 100, "epochs": 5, "max_window": 5, "K": 5, "t": 1e-4, "lr": 1.5}
# One setting moves, the others stay at BASE. "pairs" is the sum over pairs, at several rates, and "gensim" the peer
# at the same ones, on text thinned as ours; "gensim alone" thins it by its own formula. "objective" is Adam at the
# book's rate: with noise words, with their expectation, or with the full softmax.
AXES: dict[str, tuple] = {
    "dim": (10, 25, 50, 200),
    "max_window": (1, 2, 10),
    "K": (1, 2, 15),
    "t": (None, 1e-3, 1e-5),
    "epochs": (1, 2, 10, 20),
    "lr": (0.375, 0.75, 3.0),
    "pairs": (0.025, 0.05, 0.1),
    "gensim": (0.025, 0.05, 0.1),
    "gensim alone": (0.05,),
    "objective": ("K = 1", "K = 2", "K = 5", "K = 15", "expectation", "softmax"),
}
BASE_SEEDS = 10
LEAST = 20  # questions of a kind that a score must rest on


@checked(name=text())
def load(name: str) -> dict:
    """The stored sweep of a corpus: ``runs`` has one entry a point and seed.

    Raises
    ------
    FileNotFoundError
        With the command that makes it.
    """
    return results.load("sweep", name, f"python -m experiments.sweep {name}", MEASURED)


@checked(name=text())
def load_neighbours(name: str) -> np.ndarray:
    """The stored neighbours at the book's settings; ids of uint16, shape (seeds, V, 10)."""
    path = results.FOLDER / f"sweep_{name}.npz"
    if not path.is_file():
        command = f"python -m experiments.sweep {name} --axes base"
        raise FileNotFoundError(results.missing(path, "table of neighbours", name, command, MEASURED))
    arrays = results.read_arrays(path)
    return np.stack([arrays[key] for key in sorted(arrays, key=int)])


@checked(corpus=instance(Corpus))
def corpus_to_ask(corpus: Corpus) -> Corpus:
    """The `beginning` of a corpus that holds enough of the words that people were asked about; else Wikipedia's sample.

    Enough are `LEAST` pairs of each set and as many analogies, and two classes of words. A text in another language, or
    of few words, has less; the reason is printed.
    """
    corpus = beginning(corpus)
    known = {name: n for name, (n, _) in coverage(corpus.vocab).items()}
    if min(known.values()) >= LEAST and len(word_classes(corpus.vocab)) > 1:
        return corpus
    pairs = ", ".join(f"{known[name]} pairs of {name}" for name in PAIRS)
    print(
        f"({corpus.name} holds {pairs} and {known['analogies']} analogies of the English questions, too few to score: "
        "Wikipedia's sample is taken instead)"
    )
    return load_corpus("wiki")


@checked(corpus=instance(Corpus), seeds=whole(1))
def seeds_of(corpus: Corpus, seeds: int = 3) -> np.ndarray:
    """The neighbours of several seeds: the stored ones, or a few trained now by the quickest engine.

    Returns
    -------
    np.ndarray of int, shape (seeds, V, 10)
    """
    if corpus.source in MEASURED:
        return load_neighbours(corpus.source)
    print(f"(no seeds of {corpus.name} are stored: {seeds} are trained now)")
    tables = []
    for seed in range(seeds):
        model = make_model(len(corpus.vocab), BASE["dim"], seed=seed)
        engines.train(model, corpus, epochs=BASE["epochs"], seed=seed, heldout=False, progress=False)
        tables.append(neighbour_table(table(model)))
    return np.stack(tables)


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


@checked(sample=array("n"), level=number(above=0, most=0.999999))
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
    from scipy import stats

    n = len(sample)
    if n < 2:
        raise ValueError(f"{n} run says nothing of a spread: give two seeds at least")
    half = stats.t.ppf((1 + level) / 2, n - 1) * sample.std(ddof=1) * np.sqrt(1 + 1 / n)
    return float(sample.mean() - half), float(sample.mean() + half)


@checked(corpus=instance(Corpus))
def log_noise(corpus: Corpus) -> np.ndarray:
    """Log of the noise distribution, -inf for the padding; the prior of `softmax.context_bits`."""
    with np.errstate(divide="ignore"):
        return np.log(noise_distribution(corpus.vocab.counts))


@checked(
    model=instance(nn.Sequential), corpus=instance(Corpus), settings=optional(instance(Settings)), softmax=flag(),
    tables=words(),
)  # fmt: skip
def measure(
    model: nn.Sequential, corpus: Corpus, settings: Settings | None = None, softmax: bool = False, tables=TABLES
) -> dict:
    """What one trained model is judged by.

    Returns
    -------
    dict
        ``heldout`` with the run's own settings, ``heldout_base`` with the book's, whatever it was trained with (only
        that one can be compared from run to run), ``bits`` a context word, and the tables' `uses.scores`.
    """
    base = heldout_examples(corpus, Settings())
    own = heldout_examples(corpus, settings) if settings else base
    return {
        "heldout": round(evaluate(model, own), 5),
        "heldout_base": round(evaluate(model, base), 5),
        "bits": round(context_bits(model, base, None if softmax else log_noise(corpus)), 4),
        "scores": {
            which: {name: round(value, 4) for name, value in scores(table(model, which), corpus.vocab).items()}
            for which in tables
        },
    }


@checked(corpus=instance(Corpus), axis=text(), seed=any_seed())
def run_point(corpus: Corpus, axis: str, value, seed: int):
    """Train and measure one point: the setting ``axis`` at ``value``, the others at `BASE`.

    Parameters
    ----------
    corpus : Corpus
    axis : str
        One of `AXES`, or "base".
    value
        Any value of that setting, not of the stored ones alone.
    seed : int

    Returns
    -------
    row : dict
        ``axis``, ``value``, ``seed``, ``seconds`` and what `measure` returns: of every table at the base, of the
        centers elsewhere.
    model : nn.Sequential

    Raises
    ------
    ValueError
        For an unknown axis.
    """
    if axis not in (*AXES, "base"):
        raise ValueError(f"axis is {axis!r}; give 'base' or one of {', '.join(AXES)}")
    row = {"axis": axis, "value": value, "seed": seed}
    if axis in ("gensim", "gensim alone"):
        thinned = "book" if axis == "gensim" else "gensim"
        model, seconds = train_gensim(
            corpus, dim=BASE["dim"], epochs=BASE["epochs"], alpha=value, seed=seed, workers=1, subsampling=thinned
        )
        return {**row, "seconds": round(seconds, 4), **measure(model, corpus, tables=("center",))}, model
    wanted = BASE if axis in ("base", "pairs", "objective") else {**BASE, axis: value}
    model = make_model(len(corpus.vocab), wanted["dim"], seed=seed)
    settings = {name: wanted[name] for name in ("max_window", "K", "t", "lr")}
    if axis == "objective":
        seconds = _train_by_adam(model, corpus, value, seed)
        found = measure(model, corpus, softmax=value == "softmax", tables=("center",))
        return {**row, "seconds": round(seconds, 4), **found}, model
    if axis == "pairs":
        settings |= {"average": "pairs", "lr": value}
    settings = Settings(seed=seed, **settings)
    history = engines.train(
        model, corpus, epochs=wanted["epochs"], settings=settings, device="cpu", progress=False, heldout=False,
        threads=1,
    )  # fmt: skip
    found = measure(model, corpus, settings, tables=TABLES if axis == "base" else ("center",))
    return {**row, "seconds": round(history.seconds, 4), **found}, model


def _train_by_adam(model: nn.Sequential, corpus: Corpus, objective: str, seed: int) -> float:
    """Train by Adam at the book's rate: "K = 5", "expectation" or "softmax"; gives the seconds."""
    if objective.startswith("K = "):
        K = int(objective.removeprefix("K = "))
        settings = {"K": K, "max_window": BASE["max_window"], "t": BASE["t"]}
        return train(model, corpus, epochs=BASE["epochs"], seed=seed, device="cpu", progress=False, heldout=False,
                     **settings).seconds  # fmt: skip
    return train_dense(model, corpus, objective, epochs=BASE["epochs"], seed=seed, K=BASE["K"])[1]


@checked(model=instance(nn.Sequential), vocab=instance(Vocab), name=one_of(*PAIRS))
def pair_cosines(model: nn.Sequential, vocab: Vocab, name: str = "WordSim-353") -> np.ndarray:
    """The cosines of a set's pairs by the center table, as they are stored; float32, shape (n,)."""
    return compare_with_people(read_pairs(name), table(model), vocab)[1].astype(np.float32)


@checked(name=text())
def load_cosines(name: str) -> dict:
    """The stored cosines of WordSim's pairs; (axis, value) to an array of shape (seeds, n), as `pair_cosines` has them.

    A value that `BASE` has is at ("base", None).
    """
    path = results.FOLDER / f"cosines_{name}.npz"
    if not path.is_file():
        command = f"python -m experiments.sweep {name}"
        raise FileNotFoundError(results.missing(path, "table of cosines", name, command, MEASURED))
    found: dict = {}
    arrays = {tuple(json.loads(key)): cosines for key, cosines in results.read_arrays(path).items()}
    for axis, value, seed in sorted(arrays, key=lambda key: key[2]):
        found.setdefault((axis, value), []).append(arrays[axis, value, seed])
    return {point: np.stack(rows) for point, rows in found.items()}
