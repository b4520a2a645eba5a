import os
import re
import signal
import subprocess
import sys
import time

import pytest
import torch.distributed as dist

from course import train
from helpers.files import ROOT
from helpers.vectors import load_vectors

pytest.importorskip("numba", reason="numba is not installed")
two = pytest.mark.skipif(not dist.is_available() or sys.platform == "win32", reason="no torch.distributed here")
FEW = ["--dim", "8", "--epochs", "3", "--t", "0.01", "--window", "2", "--engine", "torch"]


def launch(arguments, *, processes=2, restarts=0, **options):
    """Start torchrun; its output is one text."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes)]
    command += ["--max-restarts", str(restarts), "--monitor-interval", "0.1", "--master-port", "0"]
    command += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", "-m", "course.train", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )


def test_a_text_becomes_vectors(tmp_path, capsys):
    out = tmp_path / "vectors.txt"
    assert train.main(["toy", "--out", str(out), *FEW]) == 0
    said = capsys.readouterr().out
    assert "center words/s" in said or "/s)" in said
    assert f"vectors: {out}" in said
    W, vocab = load_vectors(out)
    assert W.shape == (len(vocab), 8) and len(vocab) > 70


def test_what_cannot_be_is_one_line_and_loses_nothing(tmp_path, capsys):
    out = tmp_path / "vectors.txt"
    for arguments, why in (
        ([str(tmp_path / "no.txt"), "--out", str(out)], "no.txt"),
        (["toy", "--out", str(out), *FEW, "--epochs", "0"], "epochs is 0"),
        (["toy", "--out", str(out), *FEW, "--resume"], "no checkpoint"),
    ):
        assert train.main(arguments) == 1
        error = capsys.readouterr().err
        assert why in error and "Traceback" not in error
    assert train.main(["toy", "--out", str(out), *FEW]) == 0
    before = out.read_bytes()
    assert train.main(["toy", "--out", str(out), *FEW]) == 1  # a checkpoint is there
    assert "overwrite" in capsys.readouterr().err and out.read_bytes() == before


@two
def test_two_processes_write_one_file(tmp_path):
    out = tmp_path / "vectors.txt"
    process = launch(["toy", "--out", str(out), *FEW])
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "2 processes" in said and len(re.findall(r"vectors: ", said)) == 1
    assert len(load_vectors(out)[1]) > 70


def workers(process):
    """Processes that torchrun has started, as numbers."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


@two
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes as Linux lists them")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_dies_or_hangs_is_replaced_and_the_run_ends_right(tmp_path, how):
    out = tmp_path / "vectors.txt"
    arguments = ["toy", "--out", str(out), *FEW, "--epochs", "40", "--patience", "5", "--quiet"]
    process = launch(arguments, restarts=3)
    deadline = time.monotonic() + 60
    while not (tmp_path / "vectors.txt.checkpoint").exists() and len(workers(process)) < 2:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.2)
    time.sleep(6)
    os.kill(workers(process)[1], how)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert len(load_vectors(out)[1]) > 70
