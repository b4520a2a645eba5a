"""The race: what its rows mean, the tiled corpus, and one small race from end to end."""

import json
import math
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from experiments import peers, race
from experiments.results import race as stored
from helpers.engines.history import Settings
from helpers.files import ROOT
from helpers.sampling import keep_probability
from helpers.training import heldout_examples


def row(system, epochs, seconds, heldout):
    heldout_range = None if heldout is None else [heldout, heldout]
    return {
        "system": system, "lr": 1.0, "epochs": epochs, "seconds": seconds,
        "heldout": heldout, "heldout_range": heldout_range,
    }  # fmt: skip


def test_best_and_time_to():
    rows = [row("a", 5, 10.0, 0.41), row("a", 5, 9.0, 0.42), row("a", 3, 6.0, 0.40), row("b", 2, 1.0, 0.43)]
    assert stored.best(rows, "a")["heldout"] == 0.40 and stored.best(rows, "b")["epochs"] == 2
    assert stored.best(rows, "c") is None
    assert stored.time_to(rows, "a", 0.41)["seconds"] == 6.0
    assert stored.time_to(rows, "a", 0.42)["seconds"] == 6.0
    assert stored.time_to(rows, "b", 0.42) is None
    rows[3]["heldout_range"] = [0.4199, 0.44]  # one of its runs was there
    assert stored.time_to(rows, "b", 0.42) == rows[3] and stored.time_to(rows, "b", 0.4198) is None


def test_every_system_gets_as_many_settings():
    assert {len(grid) for grid in peers.GRIDS.values()} == {len(peers.EPOCHS) * 3}
    for rates in peers.RATES.values():
        assert all(b == 2 * a for a, b in zip(rates, rates[1:]))


def test_one_run_passes_through_the_shorter_ones(toy):
    """What is seen after each epoch of a run at a constant rate is what a run of that length ends with."""
    grid = [(0.002, epochs) for epochs in (1, 2, 3)]
    rows = peers.run("reference", toy, dim=8, threads=1, seed=0, grid=grid)
    assert [row["epochs"] for row in rows] == [1, 2, 3]
    alone = peers.run("reference", toy, dim=8, threads=1, seed=0, grid=grid[1:2])
    assert alone[0]["heldout"] == rows[1]["heldout"] and alone[0]["words"] == rows[1]["words"]
    assert rows[0]["seconds"] < rows[1]["seconds"] < rows[2]["seconds"]


def test_a_rate_at_which_training_diverges_is_a_setting_that_was_tried(toy):
    rows = peers.run("torch", toy, dim=8, threads=1, seed=0, grid=[(1e30, 1), (0.5, 1)])
    assert [row["heldout"] is None for row in rows] == [True, False] and rows[0]["seconds"] is None
    assert stored.best(rows, "torch")["lr"] == 0.5


def test_settings_that_were_tried_are_not_tried_again(tmp_path, monkeypatch):
    asked = []

    def in_a_process(arguments, cache=None):
        asked.append((arguments["system"], arguments["seed"]))
        points = [row(arguments["system"], e, 1.0, 0.4 + lr) | {"lr": lr, "words": 5} for lr, e in arguments["grid"]]
        return {"rows": points}

    monkeypatch.setattr(race, "in_a_process", in_a_process)
    grids = {"torch": [(0.1, 1), (0.2, 1)], "gensim": [(0.1, 1), (0.2, 1)]}
    for _ in range(2):
        result = race.race(systems=["torch", "gensim"], runs=1, grids=grids, kept=tmp_path / "tried.json")
        assert [one["lr"] for one in result["rows"]] == [0.1, 0.1] and len(result["tried"]) == 4
    assert asked == [("torch", 0), ("gensim", 0), ("torch", 1), ("gensim", 1), ("torch", 1), ("gensim", 1)]
    race.race(systems=["torch"], runs=0, dim=8, grids=grids, kept=tmp_path / "tried.json")
    assert asked[6:] == [("torch", 0)]  # another dimension is tried anew


def test_the_watch_of_the_book_s_loader_leaves_out_what_it_sees():
    import time

    class Loader(list):
        dataset = [0]

    watched = peers.Watched(Loader([1, 2]), lambda: (time.sleep(0.05), 7))
    for _ in range(2):
        assert list(watched) == [1, 2] and len(watched) == 2
    watched.mark()
    assert [seen for _, *seen in watched.marks] == [[None, 7]] * 2 and watched.seconds < 0.05


def test_a_tiled_corpus_is_the_same_text_again(toy):
    tiled = peers.tile(toy, 3)
    n = len(toy.ids)
    assert len(tiled.ids) == 3 * n and tiled.bounds[-1] == 3 * n and len(tiled.bounds) == 3 * (len(toy.bounds) - 1) + 1
    assert np.array_equal(np.diff(tiled.bounds), np.tile(np.diff(toy.bounds), 3))
    assert np.array_equal(tiled.ids[n : 2 * n], toy.ids)
    assert tiled.vocab.words == toy.vocab.words and np.array_equal(tiled.vocab.counts, 3 * toy.vocab.counts)
    assert np.allclose(keep_probability(tiled.vocab.counts), keep_probability(toy.vocab.counts))
    assert len(heldout_examples(tiled, Settings(t=None))) == len(heldout_examples(toy, Settings(t=None)))
    with pytest.raises(ValueError, match="repeat is 0"):
        peers.tile(toy, 0)


def test_memory_is_in_mebibytes():
    before = peers.peak_memory()
    if math.isnan(before):
        pytest.skip("this system does not say")
    block = np.ones((int(before) + 200) * 2**17)  # 8 bytes each: as many MiB as the process ever held, and 200 more
    assert peers.peak_memory() >= before + 200 and block[0] == 1


def test_a_race_from_end_to_end(tmp_path):
    systems = [name for name in ("numba", "gensim") if find_spec(name)]
    text = tmp_path / "text.txt"
    rng = np.random.default_rng(0)
    text.write_text("\n".join(" ".join(f"w{k}" for k in rng.integers(0, 300, 12)) for _ in range(600)))
    command = (
        f"-m experiments.race --systems {' '.join(systems)} --runs 1 --epochs 2 --dim 8 --threads 1 --repeat 2".split()
    )
    command = [sys.executable, *command, "--corpus", str(text), "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads((tmp_path / "race.json").read_text())
    assert (tmp_path / "race.png").stat().st_size > 1000
    assert result["repeat"] == 2 and result["compile"] > 0
    tried = {(one["system"], one["lr"], one["epochs"]) for one in result["tried"]}
    assert tried == {(name, *point) for name in systems for point in peers.GRIDS[name] if point[1] <= 2}
    for name in systems:  # the race is run at the rate of the lowest held-out loss among those tried
        rate = min((one for one in result["tried"] if one["system"] == name), key=lambda one: one["heldout"])["lr"]
        raced = [one for one in result["rows"] if one["system"] == name]
        assert {(one["lr"], one["epochs"]) for one in raced} == {(rate, 1), (rate, 2)}
    for one in result["rows"]:
        assert one["runs"] == 1 and one["seconds"] > 0 and one["rate"] > 0
        assert one["seconds_range"][0] <= one["seconds"] <= one["seconds_range"][1]
    assert "Numba kernel" in done.stdout and "words/s" in done.stdout


def test_the_exponent_of_a_cost_in_proportion(monkeypatch):
    def fake(task):
        return {"rows": [{"seconds": 0.1 * task["repeat"] ** 1.5, "memory": task["repeat"]}]}

    monkeypatch.setattr(race, "in_a_process", fake)
    result = race.scaling(times=(1, 2, 4), runs=2)
    assert result["exponent"] == pytest.approx(1.5)
    assert [one["memory"] for one in result["rows"]] == [1, 2, 4]


def test_the_stored_race_and_its_scaling():
    result = stored.load()
    systems = {one["system"] for one in result["rows"]}
    assert {"book", "reference", "torch", "numba", "gensim"} <= systems
    assert all(one["runs"] >= 3 for one in result["rows"])
    assert all(sum(one["system"] == name for one in result["tried"]) == 15 for name in systems)
    assert result["machine"]["threads"] == 2
    scaling = stored.load_scaling()
    assert [one["times"] for one in scaling["rows"]] == [1, 2, 4, 8, 16, 32]
    assert all(one["runs"] >= 5 for one in scaling["rows"])
    x, y = (np.log([one[key] for one in scaling["rows"]]) for key in ("times", "seconds"))
    assert scaling["exponent"] == pytest.approx(np.polyfit(x, y, 1)[0])
