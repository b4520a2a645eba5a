"""How much a result varies from seed to seed: the table that the thresholds of notebooks and tests come from.

    python -m helpers.calibrate ptb            # 20 seeds, with two tables and with one tied table
    python -m helpers.calibrate wiki --seeds 5

A run that is stopped goes on where it was. The tables lie in helpers/calibration/, one JSON file a corpus.
"""

from __future__ import annotations

import argparse
import json
import platform
from dataclasses import asdict
from pathlib import Path

import torch
from gensim.test.utils import datapath
from tqdm.auto import tqdm

from helpers.corpus import Corpus, load_corpus
from helpers.files import whole
from helpers.history import Settings
from helpers.model import make_model
from helpers.training import train
from helpers.vectors import TABLES, analogy, neighbours, table, to_keyed_vectors

FOLDER = Path(__file__).resolve().parent / "calibration"
# The toy grammar has 76 words, all of them frequent: a milder threshold, a smaller table, larger steps.
RUNS = {
    "ptb": {"dim": 100, "epochs": 5, "settings": {}},
    "wiki": {"dim": 100, "epochs": 5, "settings": {}},
    "toy": {"dim": 16, "epochs": 10, "settings": {"lr": 0.01, "t": 0.01}},
}


def train_for(corpus: Corpus, seed: int = 0, tied: bool = False, **options):
    """Train a model on a corpus by the settings that its calibration was made with.

    Returns
    -------
    model : nn.Sequential
    history : history.History
    """
    run = RUNS.get(corpus.name, RUNS["ptb"])
    model = make_model(len(corpus.vocab), run["dim"], seed=seed, tied=tied)
    history = train(model, corpus, epochs=run["epochs"], seed=seed, **run["settings"], **options)
    return model, history


def word_similarity(W, vocab) -> tuple[float, int]:
    """Spearman's correlation of cosines with WordSim-353's human ratings, on the pairs that the vocabulary holds.

    Returns
    -------
    rho : float
    pairs : int
        How many of the 353 pairs were asked.
    """
    _, spearman, unknown = to_keyed_vectors(W, vocab).evaluate_word_pairs(datapath("wordsim353.tsv"))
    return float(spearman[0]), round(353 * (1 - unknown / 100))


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


def load(name: str) -> dict:
    """The stored table of a corpus: ``runs`` has one entry a seed and kind of model."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"no calibration at {path}: make it with `python -m helpers.calibrate {name}`")
    return json.loads(path.read_text(encoding="utf-8"))


def write_table(path: Path, head: dict, runs: list[dict]) -> None:
    """Write a table of runs as JSON, one run a line, so that a diff shows which runs are new."""
    lines = ",\n".join(json.dumps(run) for run in runs)
    with whole(path) as part:
        part.write_text(json.dumps(head, indent=1)[:-2] + f',\n "runs": [\n{lines}\n]}}\n', encoding="utf-8")


def calibrate(name: str, seeds: int = 20) -> dict:
    """Train and measure for the seeds 0..seeds - 1, two tables and one; write the table after each run."""
    corpus = load_corpus(name)
    head = {
        "corpus": name,
        "command": f"python -m helpers.calibrate {name} --seeds {seeds}",
        "query": corpus.showcase.query,
        "dim": RUNS[name]["dim"],
        "epochs": RUNS[name]["epochs"],
        "settings": {**asdict(Settings()), **RUNS[name]["settings"], "seed": "each run's own"},
        "torch": torch.__version__.split("+")[0],
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
    }
    path = FOLDER / f"{name}.json"
    runs = load(name)["runs"] if path.is_file() else []
    done = {(run["seed"], run["tied"]) for run in runs}
    todo = [(seed, tied) for tied in (False, True) for seed in range(seeds) if (seed, tied) not in done]
    for seed, tied in tqdm(todo, desc=name):
        model, history = train_for(corpus, seed, tied, progress=False)
        runs.append(
            {
                "seed": seed,
                "tied": tied,
                "heldout": round(history.heldout[-1][1], 5),
                "last_epoch": round(history.epoch_losses[-1], 5),
                **measure(model, corpus),
            }
        )
        runs.sort(key=lambda run: (run["tied"], run["seed"]))
        write_table(path, head, runs)
    return load(name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=sorted(RUNS))
    parser.add_argument("--seeds", type=int, default=20)
    arguments = parser.parse_args()
    table_ = calibrate(arguments.corpus, arguments.seeds)
    two = [run for run in table_["runs"] if not run["tied"]]
    print(f"{len(two)} runs; related words among the 10 nearest of {table_['query']!r}, by seed:")
    print(" ".join(str(run["related"]["center"]) for run in two))
