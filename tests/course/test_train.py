import os
import re
import signal
import subprocess
import sys
import textwrap
import time

import pytest
import torch.distributed as dist

from course import train
from helpers.engines import checkpoints
from helpers.files import ROOT
from helpers.vectors import load_vectors

pytest.importorskip("numba", reason="numba is not installed")
two = pytest.mark.skipif(not dist.is_available() or sys.platform == "win32", reason="no torch.distributed here")
FEW = [
    "--dim",
    "8",
    "--epochs",
    "3",
    "--t",
    "0.01",
    "--window",
    "2",
    "--engine",
    "numba",
    "--lr",
    "0.5",
    "--threads",
    "1",
]
FEW += ["--patience", "20", "--save-every", "0.2"]


def launch(arguments, *, processes=2, restarts=0, program=("-m", "course.train"), **options):
    """Start torchrun; its output is one text."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes)]
    command += ["--max-restarts", str(restarts), "--monitor-interval", "0.1", "--shutdown-timeout", "3"]
    command += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", *map(str, program), *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )


def test_a_text_becomes_vectors(tmp_path, capsys):
    out = tmp_path / "vectors.txt"
    assert train.main(["toy", "--out", str(out), *FEW]) == 0
    said = capsys.readouterr().out
    assert re.search(r"[\d,]+ center words in .*/s\)", said)
    assert f"vectors: {out}" in said
    W, vocab = load_vectors(out)
    assert W.shape == (len(vocab), 8) and len(vocab) > 70


def test_what_cannot_be_is_one_line_and_loses_nothing(tmp_path, capsys):
    out = tmp_path / "vectors.txt"
    for arguments, why in (
        ([str(tmp_path / "no.txt"), "--out", str(out)], "no.txt"),
        (["toy", "--out", str(out), *FEW, "--epochs", "0"], "epochs is 0"),
        (["toy", "--out", str(out), *FEW, "--save-every", "-1"], "save_every is -1.0"),
        (["toy", "--out", str(out), *FEW, "--resume"], "no checkpoint"),
    ):
        assert train.main(arguments) == 1
        error = capsys.readouterr().err
        assert why in error and "Traceback" not in error
    assert train.main(["toy", "--out", str(out), *FEW]) == 0
    before = out.read_bytes()
    assert train.main(["toy", "--out", str(out), *FEW]) == 1  # a checkpoint is there
    assert "overwrite" in capsys.readouterr().err and out.read_bytes() == before


def test_who_is_asked_to_stop_before_training_begins_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(train, "load_corpus", lambda *a, **k: signal.raise_signal(signal.SIGTERM))
    assert train.main(["toy", "--out", str(tmp_path / "vectors.txt")]) == 130
    assert capsys.readouterr().err == "stopped\n"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The vectors of a run by two processes, as bytes."""
    out = tmp_path_factory.mktemp("undisturbed") / "vectors.txt"
    process = launch(["toy", "--out", out, *FEW])
    said, _ = process.communicate(timeout=200)
    assert process.returncode == 0, said
    assert "2 processes" in said and len(re.findall(r"vectors: ", said)) == 1
    return out.read_bytes()


@two
def test_two_processes_write_one_file(undisturbed, tmp_path):
    (tmp_path / "vectors.txt").write_bytes(undisturbed)
    assert len(load_vectors(tmp_path / "vectors.txt")[1]) > 70


DIES = """
    import os, signal, sys
    from course import train
    from helpers import files
    from helpers.engines import checkpoints

    RANK, START = os.environ["RANK"], os.environ["TORCHELASTIC_RESTART_COUNT"]
    def die(how=signal.SIGKILL):
        print("start", START, "is hit", flush=True)
        os.kill(os.getpid(), how)
    if (RANK, START) == ("1", "0"):  # before it begins
        die()
    if (RANK, START) == ("0", "1"):  # in the middle of the second checkpoint
        plain, saved = checkpoints.torch.save, []
        def save(state, file):
            saved.append(0)
            if len(saved) == 2:
                file.write(b"half a checkpoint")
                file.file.flush()
                die()
            plain(state, file)
        checkpoints.torch.save = save
    if (RANK, START) == ("0", "2"):  # in the middle of the vectors
        def save_vectors(path, *args, **kwargs):
            with files.atomic_write(path) as part:
                part.write_text("77 8")
                die()
        train.save_vectors = save_vectors
    if (RANK, START) == ("1", "3"):  # stopped, while process 0 writes the vectors
        plain, called = train.Team.along, []
        def along(team, work):
            called.append(0)
            if len(called) == 2:
                die(signal.SIGSTOP)
            return plain(team, work)
        train.Team.along = along
    sys.exit(train.main())
"""


@two
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stops processes as Linux does")
def test_wherever_a_process_dies_or_hangs_the_run_ends_with_the_same_vectors(tmp_path, undisturbed):
    program, out = tmp_path / "dies.py", tmp_path / "vectors.txt"
    program.write_text(textwrap.dedent(DIES))
    process = launch(["toy", "--out", out, *FEW, "--save-every", "0"], restarts=4, program=[program])
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert out.read_bytes() == undisturbed
    assert re.findall(r"start (\d) is hit", said) == ["0", "1", "2", "3"]
    assert len(re.findall(r"process \d: another process has ended, or did not", said)) >= 2
    assert not list(tmp_path.glob("*.part"))


@two
def test_a_run_that_was_asked_to_stop_goes_on_with_another_number_of_processes(tmp_path):
    out, file = tmp_path / "vectors.txt", tmp_path / "vectors.txt.checkpoint"
    process = launch(["toy", "--out", out, *FEW, "--epochs", "200"])
    deadline = time.monotonic() + 100
    while not (file.is_file() and checkpoints.read(file)["part"]):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=100)
    assert process.returncode and not out.exists(), said
    assert f"go on with --resume; {file} holds it" in said
    state = checkpoints.read(file)
    state["run"]["epochs"] = state["epoch"] + 1  # so that the test ends soon
    checkpoints.save(file, {k: v for k, v in state.items() if k != "format"})
    arguments = ["toy", "--out", out, *FEW, "--epochs", state["epoch"] + 1, "--resume"]
    process = launch(arguments, processes=3)
    said, _ = process.communicate(timeout=200)
    assert process.returncode == 0 and "3 processes" in said, said
    assert len(load_vectors(out)[1]) > 70


@two
def test_a_text_that_is_not_there_is_said_once_for_all_processes(tmp_path):
    process = launch([tmp_path / "none.txt", "--out", tmp_path / "vectors.txt"], processes=3)
    said, _ = process.communicate(timeout=200)
    assert process.returncode and len(re.findall(r"^all processes: File.*none\.txt' is neither", said, re.M)) == 1, said
    table = said[said.index("Root Cause") :]  # torchrun's own
    assert re.search(r"traceback : FileNotFoundError: .*none\.txt' is neither", table)
