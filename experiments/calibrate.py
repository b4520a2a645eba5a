# Run by python -m experiments.calibrate · tests/experiments/test_calibration.py
"""How much a result varies from seed to seed: the table that the thresholds of notebooks and tests come from.

    python -m experiments.calibrate ptb            # 20 seeds, with two tables and with one tied table
    python -m experiments.calibrate wiki --seeds 5

A run that is stopped goes on where it was. The tables lie in experiments/results/, one JSON file a corpus.
"""

from __future__ import annotations

import argparse
import platform
from dataclasses import asdict

import torch

from experiments import results
from experiments.results.calibration import RUNS, load, train_for
from helpers.corpus import Corpus, load_corpus
from helpers.engines.choosing import choose
from helpers.engines.history import ADAM_RATES, DESCENT_RATES, Settings
from helpers.evaluation import word_similarity
from helpers.vectors import TABLES, analogy, neighbours, table


def measure(model, corpus: Corpus) -> dict:
    """What one trained model is judged by, for each of its tables."""
    query, related = corpus.showcase.query, corpus.showcase.related
    result: dict = {"neighbours": {}, "related": {}, "wordsim": {}}
    for which in TABLES:
        W = table(model, which)
        near = neighbours(query, 10, W, corpus.vocab)
        result["neighbours"][which] = [[word, round(score, 4)] for word, score in near]
        result["related"][which] = sum(word in related for word, _ in near)
        if corpus.name != "toy":
            result["wordsim"][which] = round(word_similarity(W, corpus.vocab)[0], 4)
    if "queen" in corpus.vocab:
        ranking = [w for w, _ in analogy("man", "king", "woman", len(corpus.vocab), table(model), corpus.vocab, False)]
        asked = ("man", "king", "woman")
        result["analogy"] = {
            "without query words": next(word for word in ranking if word not in asked),
            "with query words": ranking[0],
            "rank of queen": ranking.index("queen") + 1,
        }
    return result


def calibrate(name: str, seeds: int = 20) -> dict:
    """Train and measure for the seeds 0..seeds - 1, two tables and one; write the table after each run."""
    corpus, run = load_corpus(name.removesuffix("_reference")), RUNS[name]
    engine = choose(run.get("engine", "auto"), "cpu")
    rates = ADAM_RATES if engine == "reference" else DESCENT_RATES
    head = {
        "corpus": name,
        "command": f"python -m experiments.calibrate {name} --seeds {seeds}",
        "query": corpus.showcase.query,
        "dim": run["dim"],
        "epochs": run["epochs"],
        "settings": {**asdict(Settings(**run["settings"]).resolved(rates)), "seed": "each run's own"},
        "engine": engine,
        "threads": 1,
        "torch": torch.__version__.split("+")[0],
        "machine": platform.machine(),
    }

    def make(point):
        tied, seed = point
        model, history = train_for(corpus, seed, tied, engine=engine)
        losses = {"heldout": round(history.heldout[-1][1], 5), "last_epoch": round(history.epoch_losses[-1], 5)}
        return {"seed": seed, "tied": tied, **losses, **measure(model, corpus)}

    def point_of(run):
        return run["tied"], run["seed"]

    points = [(tied, seed) for tied in (False, True) for seed in range(seeds)]
    results.complete(results.FOLDER / f"calibration_{name}.json", head, points, make, point_of, order=point_of)
    return load(name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.calibrate", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=sorted(RUNS))
    parser.add_argument("--seeds", type=int, default=20)
    arguments = parser.parse_args()
    table_ = calibrate(arguments.corpus, arguments.seeds)
    two = [run for run in table_["runs"] if not run["tied"]]
    print(f"{len(two)} runs; related words among the 10 nearest of {table_['query']!r}, by seed:")
    print(" ".join(str(run["related"]["center"]) for run in two))
