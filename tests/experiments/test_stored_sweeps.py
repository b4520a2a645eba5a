"""The stored sweeps: whole, made by the settings in use, and saying what the notebooks say of them."""

from dataclasses import asdict

import numpy as np
import pytest

from experiments.results import sweep
from helpers.engines.history import Settings
from helpers.evaluation import PAIRS
from helpers.vectors import TABLES

CORPORA = ("ptb", "wiki")


@pytest.mark.parametrize("name", CORPORA)
def test_the_base_is_the_books_and_todays(name):
    base = sweep.load(name)["base"]
    assert base == sweep.BASE
    assert {key: base[key] for key in ("max_window", "K", "t", "lr")} == {
        key: value for key, value in asdict(Settings().resolved()).items() if key in base
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
            assert seeds == list(range(len(seeds))) and len(seeds) >= (3 if axis == "objective" else 4), (axis, value)


@pytest.mark.parametrize("name", CORPORA)
def test_every_run_has_every_score_of_every_table(name):
    for run in sweep.load(name)["runs"]:
        assert set(run["scores"]) == set(TABLES)
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
def test_one_more_seed_is_told_from_another_setting(name):
    """The prediction interval of one point is not so wide that it would take in anything."""
    runs = sweep.load(name)["runs"]
    path = ("scores", "center", "WordSim-353")
    _, high = sweep.interval(sweep.values(runs, "dim", 10, *path))
    low, _ = sweep.interval(sweep.values(runs, "base", None, *path))
    assert sweep.values(runs, "dim", 10, *path).max() < low and high < sweep.values(runs, "dim", 200, *path).min()
