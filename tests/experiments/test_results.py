"""Stored tables: rows of several processes are all kept, and damage is noticed and named."""

import json
import multiprocessing
import random
import time

import numpy as np
import pytest

from experiments import results
from experiments.results import TableError, add_arrays, complete, read_arrays, read_table, write_table


def make(point):
    time.sleep(random.random() / 100)
    return {"seed": point, "score": point / 3}


def sweep(path, arrays, points):
    complete(path, {"corpus": "x"}, points, make, lambda row: row["seed"], lambda row: row["seed"])
    for point in points:
        add_arrays(arrays, **{str(point): np.full(3, point)})


def test_processes_that_complete_one_table_lose_no_row(tmp_path):
    path, arrays = tmp_path / "sweep.json", tmp_path / "sweep.npz"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=sweep, args=(path, arrays, range(i, 24, 2))) for i in (0, 1)]
    workers.append(context.Process(target=sweep, args=(path, arrays, range(6))))  # some twice
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert read_table(path) == {"corpus": "x", "runs": [{"seed": i, "score": i / 3} for i in range(24)]}
    found = read_arrays(arrays)
    assert sorted(found, key=int) == [str(i) for i in range(24)] and all((found[k] == int(k)).all() for k in found)


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "sweep_ptb.json"
    write_table(path, {"corpus": "ptb", "base": {"t": 1e-4}}, [{"seed": i, "score": 0.25} for i in range(3)])
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"seed": 1, "score": 0.25', '"seed": 1, "score": 0.35', "row 2 of its runs does not fit its checksum"),
        ('"seed": 2', '"seed": 7', "row 3 of its runs"),
        ('"t": 0.0001', '"t": 0.001', "what stands above its rows"),
        ('"crc"', '"cfc"', "does not fit its checksum"),
        ('"runs"', '"rans"', "does not fit|above its rows"),
        ("]}\n", "", "or no table"),
        ("{", "[", "or no table"),
    ],
)
def test_damage_is_named_and_nothing_is_written_over_it(stored, monkeypatch, old, new, says):
    damaged = stored.read_text().replace(old, new, 1)
    stored.write_text(damaged)
    monkeypatch.setattr(results, "FOLDER", stored.parent)
    with pytest.raises(TableError, match=f"sweep_ptb.json is damaged.*({says}).*take the file from the repository"):
        results.load("sweep", "ptb", "command", ["ptb"])
    with pytest.raises(TableError):
        complete(stored, {}, [9], lambda point: pytest.fail("it ran"), lambda row: row["seed"], lambda row: 0)
    assert stored.read_text() == damaged


def test_every_flipped_bit_is_noticed(stored):
    whole, table = stored.read_bytes(), read_table(stored)
    for at in range(0, 8 * len(whole), 7):
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        stored.write_bytes(flipped)
        try:
            same = read_table(stored) == table  # white space may differ
        except TableError:
            same = True
        assert same, (at, bytes(flipped[at // 8 - 9 : at // 8 + 9]))


def test_arrays_that_are_damaged(tmp_path):
    path = tmp_path / "a.npz"
    add_arrays(path, a=np.arange(1000))
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"no zip", bytes([*whole[:300], whole[300] ^ 4, *whole[301:]])):
        path.write_bytes(damaged)
        with pytest.raises(TableError, match="a.npz is damaged: take the file"):
            read_arrays(path)
        with pytest.raises(TableError):
            add_arrays(path, b=np.arange(3))
        assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    "row", [{"a": {10: 1, 9: 2}}, {"b": (1, 2), "a": None}, {"x": "\u00e4"}, {"n": float("inf")}, {}]
)
def test_a_row_is_sealed_as_it_will_be_read(row):
    assert results.sealed(json.loads(json.dumps(row)))["crc"] == results.sealed(row)["crc"]


@pytest.mark.parametrize("path", sorted(results.FOLDER.glob("*_*.json")), ids=lambda path: path.name)
def test_the_stored_tables_are_whole_and_one_run_is_a_line(path):
    table = read_table(path)
    rows = table.get("runs", table.get("rows"))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(rows) >= 2 and [json.loads(line.rstrip(",")) for line in lines[-len(rows) - 1 : -1]] == [
        results.sealed(row) for row in rows
    ]
