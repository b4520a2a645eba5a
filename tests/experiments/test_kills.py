"""Training processes that are killed: a few here, a hundred by ``python -m experiments.kills``."""

import json
import os
import time

import pytest

from experiments import kills

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


@pytest.mark.parametrize("task", ["reference", "numba", "torch"])
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

    monkeypatch.setitem(kills.TASKS, "count", (count, lambda folder: "seen", None))
    (row,) = kills.kill(["count"], 3)
    assert row["kills"] == 3 and row["same"] == 0 < row["trials"] and row["found"] == {"seen": 3}
    kills.show([row])
    assert "count                  3" in capsys.readouterr().out

    def broken(folder):
        return json.loads("{")

    monkeypatch.setitem(kills.TASKS, "broken", (broken, broken, None))
    with pytest.raises(RuntimeError, match=r"broken: ended by 1: [\s\S]*JSONDecodeError"):
        kills.kill(["broken"], 1)


def test_threads_that_race_are_judged_by_the_loss():
    one, near, far = ({"bits": str(k), "loss": loss} for k, loss in enumerate((0.5, 0.505, 0.52)))
    assert kills.same("numba, 2 threads", one, near) and not kills.same("numba, 2 threads", one, far)
    assert not kills.same("numba", one, near) and kills.same("numba", one, dict(one))
