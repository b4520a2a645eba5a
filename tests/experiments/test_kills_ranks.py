"""One of two processes that is killed: one kill here, thirty by ``python -m experiments.kills_ranks``."""

import subprocess
import sys
import time

import pytest
import torch.distributed as dist

from experiments import kills_ranks, results

pytest.importorskip("numba", reason="numba is not installed")
linux = pytest.mark.skipif(not dist.is_available() or not sys.platform.startswith("linux"), reason="lists processes")


@linux
def test_a_killed_process_is_replaced_and_the_vectors_are_the_same(tmp_path, capsys):
    path = tmp_path / "kills.json"
    kills_ranks.measure(path, [("none", 0), ("SIGKILL", 0)], epochs=2)
    whole, killed = results.read_table(path)["runs"]
    assert killed["ended"] == "right" and killed["left"] == 0 and killed["at"] > 0 and killed["rank"] in (0, 1)
    assert killed["bits"] == whole["bits"] and killed["heldout"] == whole["heldout"]
    kills_ranks.show(path)
    assert "SIGKILL        1             1          0" in capsys.readouterr().out


def test_a_run_that_ends_wrong_is_seen(tmp_path, capsys):
    rows = [{"how": "none", "k": k, "seed": k, "heldout": 0.3 + k / 100, "bits": f"{k}"} for k in range(2)]
    how = {"how": "SIGSTOP", "left": 0, "bits": "0", "heldout": 0.3, "seconds": 50.0}
    rows += [{**how, "k": 0, "ended": "right"}, {**how, "k": 1, "ended": "hangs", "left": 1, "bits": "1"}]
    rows += [{**how, "k": 2, "ended": "silent", "bits": None, "seconds": 130.4}]
    results.write_table(tmp_path / "kills.json", {"command": "none"}, rows)
    kills_ranks.show(tmp_path / "kills.json")
    said = capsys.readouterr().out
    assert "0.3000 to 0.3100 over 2 seeds" in said
    assert "SIGSTOP        3             1          1           50 to 130   hangs: 1, right: 1, silent: 1" in said


@linux
def test_what_does_not_end_is_ended_with_its_processes(tmp_path):
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    process = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 20
    while not (mine := kills_ranks.workers(process)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not kills_ranks.ended(process, 0.1) and process.returncode == -9
    while kills_ranks.Path(f"/proc/{mine[0]}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert kills_ranks.ended(subprocess.Popen([sys.executable, "-c", ""]), 20)


def test_the_stored_table_holds_what_it_says():
    runs = results.read_table(kills_ranks.PATH)["runs"]
    assert [(run["how"], run["k"]) for run in runs if run["how"] != "none"] == sorted(kills_ranks.POINTS[5:])
    whole = next(run for run in runs if (run["how"], run["seed"]) == ("none", 0))
    for run in runs[5:]:
        assert run["ended"] in ("right", "message") and run["left"] == 0 and run["seconds"] <= kills_ranks.LIMIT
        assert run["ended"] == "message" or (run["bits"], run["heldout"]) == (whole["bits"], whole["heldout"])
