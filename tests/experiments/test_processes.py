import json

import numpy as np
import pytest

from experiments import processes as runs
from experiments import results
from experiments.results import processes
from helpers.corpus import load_corpus

pytest.importorskip("numba", reason="numba is not installed")


def test_a_run_of_one_process_and_of_three_learns_and_says_what_it_sent():
    toy = load_corpus("toy", quiet=True)
    one = runs.run(toy, "sum", 1, 4, 0, epochs=1, dim=8)
    three = runs.run(toy, "tiers", 3, 4, 0, epochs=1, dim=8)
    assert one["wordsim"] is None and 0 < one["heldout"] < 0.46 and three["ranks"] == 3
    assert 0.9 < three["center_words"] / one["center_words"] < 1.1 and three["sent"] > 4 * 2 * len(toy.vocab)
    assert three["heldout"] != one["heldout"]
    assert json.loads(json.dumps(three)) == three


def test_what_diverged_has_no_loss(monkeypatch):
    monkeypatch.setattr(runs, "LARGEST", 1e-3)
    row = runs.run(load_corpus("toy", quiet=True), "sum", 2, 4, 0, epochs=1, dim=8)
    assert row["heldout"] is None and row["wordsim"] is None


def test_the_table_is_completed_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    made = []
    monkeypatch.setattr(runs, "run", lambda corpus, *key: made.append(key) or dict(zip(runs.KEY, key), heldout=0.4))
    for _ in range(2):
        runs.measure("toy", ["mean", "tiers"], [1, 2], [4, 8], seeds=2)
    assert len(made) == len(set(made)) == 2 * (1 + 2 * 2)
    rows = results.load("processes", "toy", "", ["toy"])["runs"]
    assert {tuple(row[name] for name in runs.KEY) for row in rows} == set(made)


def test_the_stored_table_is_read_by_rule():
    rows = processes.load()["runs"]
    alone = processes.of(rows, "sum", 1)
    assert len(alone) >= 5 and {row["seed"] for row in alone} >= set(range(5))
    assert np.isfinite(processes.values(alone)).all() and processes.values(alone, "wordsim").min() > 0.2
    assert np.isnan(processes.values([{"heldout": None}])).all()
    for ranks in (2, 4, 8):
        assert len(processes.of(rows, "tiers", ranks)) >= 5


def test_a_difference_has_its_interval_over_seeds():
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(500):
        found = processes.difference(rng.normal(0.3, 0.02, 24), rng.normal(0.29, 0.04, 12))
        assert found[1] < found[0] < found[2]
        inside += found[1] < 0.01 < found[2]
    assert 0.92 < inside / 500 < 0.98
