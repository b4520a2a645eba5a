# Used from 06 · tests/experiments/test_calibration.py
"""How much a result varies from seed to seed: the stored runs, and how to train one of them again (notebook 06).

``python -m experiments.calibrate`` makes the tables.
"""

from __future__ import annotations

from experiments import results
from helpers.corpus import Corpus
from helpers.model import make_model
from helpers.training import train

# The toy grammar has 76 words, all of them frequent: a milder threshold, a smaller table, larger steps.
RUNS = {
    "ptb": {"dim": 100, "epochs": 5, "settings": {}},
    "wiki": {"dim": 100, "epochs": 5, "settings": {}},
    "toy": {"dim": 16, "epochs": 10, "settings": {"lr": 0.01, "t": 0.01}},
}


def load(name: str) -> dict:
    """The stored table of a corpus: ``runs`` has one entry a seed and kind of model.

    Raises
    ------
    FileNotFoundError
        With the command that makes it.
    """
    return results.load("calibration", name, f"python -m experiments.calibrate {name}")


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
