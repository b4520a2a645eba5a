"""Processes that are killed: a few here, a hundred by ``python -m experiments.kills``, of experiments.kills_tasks."""

import json
import os
import time

import pytest

from experiments import kills, results
from experiments.kills_tasks import ROWS, Task, bits, own_text
from helpers.corpus import load_corpus

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


@pytest.mark.parametrize("task", ["reference", "numba", "torch", "cache", "sweep"])
def test_a_killed_process_is_gone_on_with_to_the_same_result(task):
    (row,) = kills.kill([task], 2)
    assert row["kills"] == 2 and row["same"] == row["trials"] >= 1 and row["left"] == 0
    assert sum(row["found"].values()) == 2


def test_a_result_that_differs_is_seen(monkeypatch, capsys):
    """A task that counts how often it was started, and one that leaves a file that cannot be read."""

    def count(folder):
        with open(folder / "starts", "a") as file:
            file.write("x")
        time.sleep(0.3)
        return {"bits": (folder / "starts").stat().st_size}

    monkeypatch.setitem(kills.TASKS, "count", Task((count,), lambda folder: "seen"))
    (row,) = kills.kill(["count"], 3)
    assert row["kills"] == 3 and row["same"] == 0 < row["trials"] and row["found"] == {"seen": 3}
    kills.show([row])
    assert "count                  3" in capsys.readouterr().out

    def broken(folder):
        return json.loads("{")

    monkeypatch.setitem(kills.TASKS, "broken", Task((broken,), broken))
    with pytest.raises(RuntimeError, match=r"broken: ended by 1: [\s\S]*JSONDecodeError"):
        kills.kill(["broken"], 1)


def test_threads_that_race_are_judged_by_the_loss():
    one, near, far = ({"bits": str(k), "loss": loss} for k, loss in enumerate((0.5, 0.505, 0.52)))
    assert kills.same("numba, 2 threads", one, near) and not kills.same("numba, 2 threads", one, far)
    assert not kills.same("numba", one, near) and kills.same("numba", one, dict(one))


def test_files_that_are_left_over_are_counted(monkeypatch):
    def litter(folder):
        (folder / f"{os.getpid()}.part").touch()
        time.sleep(0.3)
        return {}

    monkeypatch.setitem(kills.TASKS, "litter", Task((litter, litter), lambda folder: "seen"))
    (row,) = kills.kill(["litter"], 3)
    assert row["kills"] == 3 and row["left"] >= 2 * row["trials"] and row["writing"] >= 1


def test_a_cache_that_is_not_whole_or_not_used_is_seen(tmp_path):
    kills.finish("cache", tmp_path)
    first = kills.result("cache", tmp_path)
    assert first["first"] != first["second"] and first["afresh"] and first["from what is kept"]
    plain = load_corpus(tmp_path / "text.txt", quiet=True, tokenize=str.split)  # nothing is kept
    assert bits(plain) == first["second"]
    look, (ids,) = kills.TASKS["cache"].look, (tmp_path / "texts").iterdir()
    assert look(tmp_path) == "ids of the text"
    (tmp_path / "text.txt").write_text(own_text("first"))
    assert look(tmp_path) == "ids of the text before"
    end = kills.result("cache", tmp_path)
    assert end["afresh"] and not end["from what is kept"]  # it was made anew
    ids.write_bytes(ids.read_bytes()[:-1000])
    with pytest.raises(ValueError, match="end is not there"):
        look(tmp_path)
    ids.unlink()
    assert look(tmp_path) == "nothing yet"


def test_a_row_that_is_lost_or_twice_or_damaged_is_seen(tmp_path):
    kills.finish("sweep", tmp_path)
    whole, path, look = kills.result("sweep", tmp_path), tmp_path / "sweep.json", kills.TASKS["sweep"].look
    assert [row["seed"] for row in whole["rows"]] == list(range(ROWS)) == sorted(map(int, whole["arrays"]))
    rows = results.read_table(path)["runs"]
    assert look(tmp_path) == "all rows"
    for wrong in (rows[1:], [*rows, rows[-1]], [{**rows[0], "bits": []}, *rows[1:]]):
        results.write_table(path, {"corpus": "none"}, wrong)
        assert kills.result("sweep", tmp_path) != whole
    assert look(tmp_path) == "all rows"
    results.write_table(path, {"corpus": "none"}, [{**row, "seconds": 0} for row in rows])
    assert kills.result("sweep", tmp_path) == whole
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 8'))
    with pytest.raises(results.TableError, match="row 8 of its runs"):
        look(tmp_path)
    (tmp_path / "sweep.npz").write_bytes(b"PK")
    with pytest.raises(results.TableError, match="sweep.npz is damaged"):
        look(tmp_path)


def test_without_the_lock_two_processes_lose_rows(tmp_path, monkeypatch):
    import contextlib

    monkeypatch.setattr(results, "locked", contextlib.nullcontext)
    kills.finish("sweep", tmp_path)
    arrays = results.read_arrays(tmp_path / "sweep.npz")
    assert len(results.read_table(tmp_path / "sweep.json")["runs"]) < ROWS or len(arrays) < ROWS
