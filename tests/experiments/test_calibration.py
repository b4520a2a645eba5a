"""The stored tables over seeds: whole, made by the settings in use, and what the thresholds rest on."""

import json

import pytest

from experiments import calibrate, results
from experiments.results import calibration
from helpers.engines.history import Settings
from helpers.vectors import TABLES

CORPORA = sorted(calibration.RUNS)


@pytest.mark.parametrize("name", CORPORA)
def test_a_table_has_twenty_seeds_of_both_kinds_by_todays_settings(name):
    table = calibration.load(name)
    for tied in (False, True):
        assert [run["seed"] for run in table["runs"] if run["tied"] == tied] == list(range(20))
    run = calibration.RUNS[name]
    assert (table["dim"], table["epochs"]) == (run["dim"], run["epochs"])
    expected = {**vars(Settings(**run["settings"]).resolved()), "seed": "each run's own"}
    assert table["settings"] == expected
    assert all(len(r["neighbours"][which]) == 10 for r in table["runs"] for which in TABLES)


@pytest.mark.parametrize(("name", "least"), [("ptb", 7), ("wiki", 5), ("toy", 5)])
def test_the_neighbours_that_the_notebook_asserts_are_there_for_every_seed(name, least):
    runs = [run for run in calibration.load(name)["runs"] if not run["tied"]]
    assert min(run["related"]["center"] for run in runs) >= least


def test_king_man_woman_on_the_grammar_for_every_seed():
    runs = [run for run in calibration.load("toy")["runs"] if not run["tied"]]
    assert all(run["analogy"]["with query words"] == "queen" for run in runs)
    tied = [run for run in calibration.load("toy")["runs"] if run["tied"]]
    assert max(run["related"]["center"] for run in tied) < min(run["related"]["center"] for run in runs)


def test_a_row_of_the_toy_table_comes_out_again(toy):
    model, history = calibration.train_for(toy, seed=3, progress=False, device="cpu")
    stored = next(run for run in calibration.load("toy")["runs"] if run["seed"] == 3 and not run["tied"])
    assert history.heldout[-1][1] == pytest.approx(stored["heldout"], abs=5e-3)
    again = calibrate.measure(model, toy)
    assert again["analogy"]["with query words"] == "queen"
    here, there = ({w for w, _ in r["neighbours"]["center"]} for r in (again, stored))
    assert len(here & there) >= 7


def test_a_stopped_calibration_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setitem(calibration.RUNS, "toy", {"dim": 4, "epochs": 1, "settings": {"lr": 0.01, "t": 0.01}})
    calibrate.calibrate("toy", seeds=1)
    first = (tmp_path / "calibration_toy.json").read_text()
    table = calibrate.calibrate("toy", seeds=2)
    assert [(r["tied"], r["seed"]) for r in table["runs"]] == [(False, 0), (False, 1), (True, 0), (True, 1)]
    assert json.loads(first)["runs"][0] == table["runs"][0]
    assert list(tmp_path.iterdir()) == [tmp_path / "calibration_toy.json"]
    with pytest.raises(FileNotFoundError, match="python -m experiments.calibrate"):
        calibration.load("none")
