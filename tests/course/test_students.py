"""What students get: what a release holds, and the assignments for nbgrader."""

import zipfile

import notebook_rules as rules
import pytest
from test_solutions import pair

import checks
from course import notebook_files, solutions, students
from course.folders import MARKER, NotOurs
from helpers.files import ROOT


def test_a_release_has_no_solutions_and_nothing_that_may_not_be_passed_on(tmp_path):
    root = tmp_path / "project"
    kept = ("README.md", "notebooks/01_one.ipynb", "helpers/solutions.py", "experiments/answers.py", ".ci/run")
    kept += (".gitignore",)
    left = (
        "notebooks/solutions/01_one.ipynb", "data/ptb.zip", "build/a", ".venv/b", ".git/config", "checkpoints/c.pt",
        "helpers/__pycache__/d.pyc", "x.egg-info/e", "notebooks/.ipynb_checkpoints/f",
        "tests/checks/answers_01.py", "tests/checks/answers_01_page.py", "tests/checks/test_answers.py",
    )  # fmt: skip
    for name in (*kept, *left):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("content")
    target = tmp_path / "out" / "students"
    for name in ("old", "README.md"):
        (root / name).touch()
        archive = students.students(root, target)
        (root / "old").unlink(missing_ok=True)
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert found == {*kept, MARKER}
    with zipfile.ZipFile(archive) as opened:
        assert {name for name in opened.namelist() if not name.endswith("/")} == {f"students/{name}" for name in kept}


def test_the_release_of_this_project(tmp_path):
    students.students(ROOT, tmp_path / "students")
    release = tmp_path / "students"
    assert not list(release.rglob("solutions")) and not list(release.rglob("ptb*.zip"))
    assert not list(release.rglob("answers_[0-9]*")) and (release / "tests" / "checks" / "test_steps.py").exists()
    paths = notebook_files.find(release / "notebooks")
    assert [path.name for path in paths] == [path.name for path in notebook_files.find()]
    for path in paths:
        for exercise in solutions.exercises(notebook_files.read(path)).values():
            assert "not attempted" in solutions.verdict(exercise.check)
    for page in release.glob("*.md"):
        assert list(rules.broken_links(page.read_text(encoding="utf-8"), release)) == []


# -- nbgrader


@pytest.mark.parametrize(("name", "says"), [("/", "is or holds this checkout"), ("a\udcff", "is not UTF-8")])
def test_names_that_no_zip_can_have_are_refused_before_anything_is_written(tmp_path, monkeypatch, capsys, name, says):
    monkeypatch.chdir(tmp_path)
    assert students.main(["--to", name]) == 2
    assert says in capsys.readouterr().err and not any(tmp_path.iterdir())


def test_a_course_for_nbgrader(tmp_path):
    nb, solved = pair()
    (tmp_path / "notebooks" / "images").mkdir(parents=True)
    notebook_files.write(nb, tmp_path / "notebooks" / "01_one.ipynb")
    target = tmp_path / "course"
    students.write_nbgrader(tmp_path / "notebooks", target)
    (target / "submitted").mkdir()  # what others put there stays, and so does a configuration that was changed
    (target / "nbgrader_config.py").write_text("mine")
    students.write_nbgrader(tmp_path / "notebooks", target)
    assert (target / "nbgrader_config.py").read_text() == "mine"
    (target / "submitted").rmdir()
    assert {path.name for path in target.iterdir()} == {"source", "nbgrader_config.py"}
    written = notebook_files.read(target / "source" / "01_one" / "01_one.ipynb")
    exercise = solutions.exercises(written)["total"]
    assert exercise.answer.source == "def my_total(a, b):\n    ..."
    assert exercise.answer.metadata.nbgrader["solution"] and not exercise.answer.metadata.nbgrader["grade"]
    graded = exercise.check.metadata.nbgrader
    assert graded["grade"] and graded["locked"] and graded["points"] == 1 and graded["grade_id"] == "check-total"
    assert exercise.check.source == "verdict = checks.total(my_total)\nassert verdict, str(verdict)"
    assert exercise.check.outputs == []
    (target / "source" / "01_one" / "notes.txt").touch()
    with pytest.raises(NotOurs, match="notes.txt was not made by"):
        students.write_nbgrader(tmp_path / "notebooks", target)


@pytest.mark.parametrize(("answer", "passes"), [("my_discard = 0.8", True), ("my_discard = 0.2", False)])
def test_a_graded_check_asserts_the_verdict(answer, passes):
    nb = students.for_nbgrader(notebook_files.read(notebook_files.find(names=["04"])[0]))
    check = solutions.exercises(nb)["discard"].check.source
    scope = {"checks": checks}
    exec(answer, scope)
    if passes:
        exec(check, scope)
    else:
        with pytest.raises(AssertionError, match="discard: not yet. Your number is below"):
            exec(check, scope)
