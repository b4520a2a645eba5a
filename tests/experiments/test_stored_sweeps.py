"""The stored sweeps: whole, made by the settings in use, and saying what the notebooks say of them."""

from dataclasses import asdict

import numpy as np
import pytest
import torch

from experiments.results import sweep
from helpers.engines.history import DESCENT_RATES, Settings
from helpers.evaluation import PAIRS, compare_with_people, read_pairs, spearman
from helpers.vectors import TABLES

CORPORA = ("ptb", "wiki")


@pytest.mark.parametrize("name", CORPORA)
def test_the_base_is_the_books_and_todays(name):
    base = sweep.load(name)["base"]
    assert base == sweep.BASE
    assert {key: base[key] for key in ("max_window", "K", "t", "lr")} == {
        key: value for key, value in asdict(Settings().resolved(DESCENT_RATES)).items() if key in base
    }
    assert (base["dim"], base["epochs"]) == (100, 5)


@pytest.mark.parametrize("name", CORPORA)
def test_every_point_has_its_seeds_each_once(name):
    runs = sweep.load(name)["runs"]
    keys = [(run["axis"], run["value"], run["seed"]) for run in runs]
    assert len(set(keys)) == len(keys)
    assert [run["seed"] for run in runs if run["axis"] == "base"] == list(range(sweep.BASE_SEEDS))
    for axis, values in sweep.AXES.items():
        for value in values:
            seeds = sorted(seed for a, v, seed in keys if (a, v) == (axis, value))
            assert seeds == list(range(len(seeds))) and len(seeds) >= 3, (axis, value)


@pytest.mark.parametrize("name", CORPORA)
def test_every_run_has_every_score_of_every_table(name):
    for run in sweep.load(name)["runs"]:
        assert set(run["scores"]) >= set(TABLES if run["axis"] == "base" else ["center"])
        for scores in run["scores"].values():
            assert set(scores) >= {*PAIRS, "analogies, add", "analogies, mul", "career against family"}
        assert run["seconds"] > 0 and 0 < run["heldout_base"] < 2 and 5 < run["bits"] < 20


@pytest.mark.parametrize("name", CORPORA)
def test_the_neighbours_are_those_of_the_base_seeds(name):
    tables = sweep.load_neighbours(name)
    assert tables.shape[0] == sweep.BASE_SEEDS and tables.shape[2] == 10
    assert tables[:, 1:].min() >= 1 and tables.max() < tables.shape[1]
    assert not (tables == np.arange(tables.shape[1])[None, :, None])[:, 1:].any()  # no word is its own neighbour


@pytest.mark.parametrize("name", CORPORA)
def test_the_cosines_give_the_stored_scores(name, request):
    runs, cosines = sweep.load(name)["runs"], sweep.load_cosines(name)
    path = ("scores", "center", "WordSim-353")
    assert set(cosines) == {("base", None)} | {(s, v) for s in sweep.AXES if s != "objective" for v in sweep.AXES[s]}
    lengths = {rows.shape[1] for rows in cosines.values()}
    assert len(lengths) == 1 and lengths.pop() > 150
    for point, rows in cosines.items():
        assert len(rows) == len(sweep.values(runs, *point, *path))
    if name == "wiki":
        vocab = request.getfixturevalue("wiki").vocab
        human, _ = compare_with_people(read_pairs("WordSim-353"), torch.ones(len(vocab), 2), vocab)
        for point, rows in cosines.items():
            found = [spearman(human, row) for row in rows]
            assert sweep.values(runs, *point, *path) == pytest.approx(found, abs=1e-4)


@pytest.mark.parametrize("name", CORPORA)
def test_one_more_seed_is_told_from_another_setting(name):
    """The prediction interval of one point is not so wide that it would take in anything."""
    runs = sweep.load(name)["runs"]
    path = ("scores", "center", "WordSim-353")
    low, high = sweep.interval(sweep.values(runs, "base", None, *path))
    assert sweep.values(runs, "epochs", 1, *path).max() < low and sweep.values(runs, "lr", 0.375, *path).max() < low
    low, high = sweep.interval(sweep.values(runs, "dim", 25, "heldout_base"))
    for value in (10, 100, 200):
        losses = sweep.values(runs, "dim", value, "heldout_base")
        assert losses.min() > high or losses.max() < low
