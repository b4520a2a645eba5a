"""The lanes of `make test`: all are run, none stops another, what failed is named, and how far it is."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import lanes, notebook_files
from helpers.files import ROOT, locked


def lane(name, code, seconds=1.0, after=""):
    return lanes.Lane(name, f'-c "{code}"', seconds, "toy", after)


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(lanes, "LOGS", tmp_path)
    monkeypatch.setattr(lanes, "PAUSE", 0.02)
    return tmp_path


def run_main(monkeypatch, capsys, todo, *arguments):
    monkeypatch.setattr(lanes, "lanes", lambda everything, corpus: todo)
    code = lanes.main(list(arguments))
    return code, capsys.readouterr().out.splitlines()


def test_a_lane_that_fails_stops_no_other_and_is_named(logs, monkeypatch, capsys):
    todo = [
        lane("one", "print('1 failed, 3 passed, 2 skipped in 0.10s'); raise SystemExit(1)"),
        lane("two", "print('why'); print('===== 4 passed, 1 error in 1.00s =====')"),
        lane("three", "print('no test')"),
    ]
    code, lines = run_main(monkeypatch, capsys, todo)
    assert code == 1 and lines[-1] == "FAILED: one"
    assert lines[-2] == "tests: 7 passed, 2 failed, 2 skipped"  # alone on its line: what reads CI's output looks for it
    assert any(re.match(r"FAILED  one +\d+ s  1 failed, 3 passed, 2 skipped$", line) for line in lines)
    assert any(re.match(r"passed  three +\d+ s +$", line) for line in lines)
    assert "1 failed, 3 passed, 2 skipped in 0.10s" in lines and "why" not in lines  # only what failed is shown whole
    assert sorted(path.name for path in logs.iterdir()) == ["one.log", "three.log", "two.log"]


def test_two_runs_do_not_mix_their_logs(logs, monkeypatch, capsys):
    with locked(logs.with_suffix(".run")):
        code, lines = run_main(monkeypatch, capsys, [lane("one", "print('5 passed in 0.10s')")])
    assert code == 2 and list(logs.iterdir()) == []


def test_all_passed(logs, monkeypatch, capsys):
    code, lines = run_main(monkeypatch, capsys, [lane("one", "print('5 passed in 0.10s')")])
    assert code == 0 and lines[-2:] == ["tests: 5 passed, 0 failed, 0 skipped", "All lanes passed."]


def test_a_lane_knows_its_corpus_and_has_one_thread(logs):
    code = "import os; print(os.environ['WORD2VEC_CORPUS'], os.environ['OMP_NUM_THREADS'], 'MPLBACKEND' in os.environ)"
    asked = lane("env", code)
    assert lanes.run([asked], 1) == [] and asked.log.read_text() == "toy 1 False\n"


def test_a_lane_waits_for_the_model_that_another_leaves(logs, tmp_path):
    mark = tmp_path / "mark"
    first = lane("05", f"import time; time.sleep(0.3); open('{mark}', 'w')")
    second = lane("06", f"open('{mark}')", after="05")
    third = lane("09", "pass")
    assert lanes.run([second, third, first], workers=2) == []  # 06 failed if it had begun first
    assert lanes.run([lane("06 alone", "pass", after="05 of another corpus")], workers=2) == []


def test_the_line_says_how_far_it_is_and_what_is_left():
    done, waiting = lane("a", "", 10), [lane("b", "", 30), lane("c", "", 10)]
    done.took = 20.0  # twice what was expected: so will the others
    line = lanes.progress(waiting, [], [done], 65.0, workers=2)
    assert line == "[1 of 3 lanes done in 1:05, about 1:00 left; running: ]"  # b alone takes 60, both cores 40
    assert lanes.progress([], [], [done], 65.0, workers=2).startswith("[1 of 1 lanes done in 1:05, about 0:00 left")


# -- which lanes there are


def paths(found):
    lines = [one.arguments.split() for one in found if not one.env]  # 13 runs on stored results as well
    return sorted(word for line in lines for word in line if word.endswith(".ipynb"))


def numbers(found, corpus):
    return [one.name[9:11] for one in found if one.name == f"notebook {one.name[9:11]} on {corpus}"]


def test_every_notebook_is_run_once_on_the_treebank_and_those_that_ask_on_other_corpora_again():
    all_of_them = sorted(str(path.relative_to(ROOT)) for path in notebook_files.find())
    few, many = lanes.lanes(False, "ptb"), lanes.lanes(True, "ptb")
    assert paths(few) == all_of_them and {one.corpus for one in few} == {"ptb"}
    assert {one.name: one.env for one in many if one.env} == {
        "notebook 13 on ptb, stored": {"WORD2VEC_CONTEXT": "stored"}
    }
    again = [one for one in many if ".ipynb" in one.arguments and one.corpus != "ptb"]
    for corpus in ("wiki", "toy", "lee_background.cor"):
        assert sorted(numbers(again, corpus)) == ["04", "05", "06", "07", "08", "09", "10", "11", "12", "13"]
    assert {one.name for one in many} - {one.name for one in few} - {one.name for one in again} == {
        "all solved",
        "browser",
        "browser, the book",
        "half solved",
        "run again, 01 to 04",
        "run again, 05 to 07",
        "run again, 08 to 09",
        "run again, 10 to 11",
        "run again, 12 to 13",
        "seed parity",
    }
    without = lanes.lanes(True, "wiki")  # without the Treebank: on Wikipedia once
    assert paths([one for one in without if one.corpus == "wiki"]) == all_of_them
    assert numbers(without, "toy") and not numbers(without, "ptb")


def test_a_text_of_ones_own_is_given_by_its_path_and_its_model_by_its_own_05():
    found = {one.name: one for one in lanes.lanes(True, "ptb")}
    six = found["notebook 06 on lee_background.cor"]
    assert six.after == "notebook 05 on lee_background.cor" and six.after in found
    assert Path(six.corpus).is_absolute() and Path(six.corpus).is_file()
    assert six.seconds < found["notebook 06 on ptb"].seconds and "--nbval-lax" in six.arguments


def test_without_gensims_data_the_lanes_run_without_that_text(monkeypatch, capsys):
    def gone(name):
        raise lanes.SampleMissing(f"{name} is not there")

    monkeypatch.setattr(lanes, "sample", gone)
    assert lanes.others("ptb") == ["wiki", "toy"] and "lee_background.cor is not there" in capsys.readouterr().out


def test_the_lane_is_that_of_the_notebook():
    for one in lanes.lanes(False, "ptb"):
        if one.name.startswith("notebook") and not one.env:
            nb = notebook_files.read(ROOT / paths([one])[0])
            flag = {"strict": "--nbval", "lax": "--nbval-lax"}[notebook_files.lane(nb)]
            assert flag in one.arguments.split()


def takes(words, name):
    """Whether pytest, called with these words, collects a file."""
    places = [*Path(name).parents, Path(name)]
    left_out = {Path(word.removeprefix("--ignore=")) for word in words if word.startswith("--ignore=")}
    return any(Path(word) in places or word == name for word in words) and not left_out & set(places)


def test_no_test_file_is_left_out():
    """What the lanes collect together is all that lies under tests/."""
    listed = [one.arguments for one in lanes.lanes(True, "ptb") if "tests/" in one.arguments]
    for path in (ROOT / "tests").rglob("test_*.py"):
        name = path.relative_to(ROOT).as_posix()
        assert [takes(arguments.split(), name) for arguments in listed].count(True) == 1, name


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
@pytest.mark.parametrize(("given", "command"), [([], "-m course.lanes"), (["ALL=1"], "-m course.lanes --all")])
def test_make_test_runs_the_lanes(given, command):
    env = {"PATH": os.environ["PATH"]}  # a make that runs this test hands down its flags, and ALL=1 as a variable
    asked = ["make", "-n", "test", *given]
    done = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.rstrip().endswith(command), done.stdout + done.stderr


def test_the_list_is_printed():
    command = [sys.executable, "-m", "course.lanes", "--list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "notebook 05 on" in done.stdout and "seed parity" not in done.stdout
