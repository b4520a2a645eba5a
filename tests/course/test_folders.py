"""No command deletes what it did not make: folders carry a marker, and `make clean` keeps to it."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from course import folders, run, students
from course.folders import LOCK, MARKER, NotOurs, own_folder, remove_made
from course.slides import __main__ as slides
from helpers.files import ROOT

NAMES = ("new", "a b", "it's", "-rf", "--", "$HOME", "a\nb", "ü")


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MARKER, LOCK}


def fill(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("content")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_filled_emptied_and_removed(tmp_path, name):
    folder = tmp_path / name
    for content in (("a", "deep/b"), ("a", "c")):
        with own_folder(folder, "test") as place:
            assert files(place) == set()
            fill(place, *content)
        assert files(folder) == set(content)
    with own_folder(folder, "test", empty=False) as place:
        fill(place, "d")
    assert files(folder) == {"a", "c", "d"}
    assert remove_made(folder) == [] and list(tmp_path.iterdir()) == []


def test_what_others_put_there_is_never_touched(tmp_path):
    fill(tmp_path, "mine/a")
    with pytest.raises(NotOurs, match="mine holds what test did not make: give a new or an empty folder"):
        own_folder(tmp_path / "mine", "test").__enter__()
    with own_folder(tmp_path / "made", "test") as made:
        fill(made, "a", "b")
    with pytest.raises(NotOurs, match="made was made by test: give other a folder of its own"):
        own_folder(made, "other").__enter__()
    fill(made, "deep/notes")
    for empty in (True, False):
        with pytest.raises(NotOurs, match="notes was not made by test: move it away"):
            own_folder(made, "test", empty=empty).__enter__()
    assert files(tmp_path) == {"mine/a", "made/a", "made/b", "made/deep/notes", f"made/{MARKER}"}
    assert remove_made(made) == [made / "deep" / "notes"] and files(made) == {"deep/notes"}
    (made / MARKER).write_text("no json")  # nothing is believed of a marker that cannot be read
    with pytest.raises(NotOurs):
        own_folder(made, "test").__enter__()


def test_a_run_that_was_killed_leaves_a_folder_of_its_own(tmp_path):
    fill(tmp_path / "a", "half")
    folders._mark(tmp_path / "a", "test", None)  # as it is until the run ends
    with own_folder(tmp_path / "a", "test") as place:
        assert files(place) == set()


def test_two_runs_do_not_fill_one_folder(tmp_path):
    with own_folder(tmp_path / "a", "test") as place:
        fill(place, "mine")
        with pytest.raises(NotOurs, match="another test fills .*a: let it end"):
            own_folder(tmp_path / "a", "test").__enter__()
        assert remove_made(place) == [place] and files(place) == {"mine"}
    assert remove_made(place) == [] and not place.exists()


def test_links_are_unlinked_and_not_followed(tmp_path):
    fill(tmp_path, "far/a")
    with own_folder(tmp_path / "made", "test") as made:
        (made / "link").symlink_to(tmp_path / "far")
    remove_made(made)
    assert not made.exists() and files(tmp_path) == {"far/a"}


@pytest.mark.parametrize("place", [".", "..", "../..", "/", "~", "link", "../work/../work"])
def test_no_place_of_the_users(tmp_path, monkeypatch, place):
    (tmp_path / "deep" / "work").mkdir(parents=True)
    (tmp_path / "deep" / "work" / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "deep" / "work")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(NotOurs, match="is or holds (this checkout|the working folder|your home)"):
        own_folder(Path(place).expanduser(), "test").__enter__()
    for folder in (ROOT, ROOT / "helpers" / "..", ROOT.parent):
        with pytest.raises(NotOurs, match="is or holds this checkout"):
            own_folder(folder, "test").__enter__()
    assert set(tmp_path.rglob("*")) == before


# -- the commands


@pytest.mark.parametrize("given", ["mine", ".", "..", str(ROOT), "file"])
@pytest.mark.parametrize("command", ["students", "nbgrader", "run", "slides"])
def test_commands_refuse_what_they_did_not_make(tmp_path, monkeypatch, capsys, command, given):
    fill(tmp_path, "work/mine/a", "work/file", "work/notebooks/a", "work/html/a", "work/mine/html/a", "work/file.zip")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(run, "_executed", lambda paths: pytest.fail("it began"))
    mine = files(tmp_path)
    main, *arguments = {
        "students": (students.main, "--to"),
        "nbgrader": (students.main, "--nbgrader", "--to"),
        "run": (run.main, "run", "01", "--build"),
        "slides": (slides.main, "01", "--build"),
    }[command]
    if command == "run" and given in ("..", str(ROOT)):
        given = "mine"  # it fills two folders of given names below
    assert main([*arguments, given]) == 2
    assert files(tmp_path) == mine and capsys.readouterr().err.count("\n") == 1


def test_what_is_to_be_run_is_not_where_the_copies_go(tmp_path):
    with own_folder(tmp_path / "notebooks", "course.run") as folder:
        fill(folder, "01_one.ipynb")
    with pytest.raises(NotOurs, match="holds the notebooks that are to be run"):
        run.run([folder / "01_one.ipynb"], tmp_path)
    assert (folder / "01_one.ipynb").read_text() == "content"


def test_a_zip_of_ones_own_is_not_replaced(tmp_path):
    fill(tmp_path, "project/README.md")
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("mine", "content")
    with pytest.raises(NotOurs, match="out.zip is there and was not made by"):
        students.students(tmp_path / "project", tmp_path / "out")
    assert not (tmp_path / "out").exists() and zipfile.ZipFile(tmp_path / "out.zip").namelist() == ["mine"]


def test_a_release_into_the_project_does_not_hold_itself(tmp_path):
    fill(tmp_path, "README.md", "helpers/a.py")
    for _ in range(2):
        students.students(tmp_path, tmp_path / "helpers" / "out")
    assert files(tmp_path / "helpers" / "out") == {"README.md", "helpers/a.py"}


# -- make clean


@pytest.fixture
def checkout(tmp_path):
    """A checkout in a folder with a blank, as far as cleaning needs one."""
    root = tmp_path / "the course"
    for name in ("Makefile", "course/__init__.py", "course/folders.py", "helpers/__init__.py", "helpers/files.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


def clean(root):
    done = subprocess.run(
        ["make", "-C", root, "clean"], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_clean_removes_what_runs_leave_and_nothing_else(checkout):
    kept = [
        "notebooks/solutions/01.ipynb", "notebooks/01.ipynb", "data/ptb.zip", ".venv/lib/__pycache__/a.pyc",
        "notebooks/my own/__pycache__/a.pyc", "notebooks/ solutions/.ipynb_checkpoints/b", "mine/__pycache__/a.pyc",
        "build/mine/a", "build/mine.zip", "build/notes.txt", "helpers/__pycache__/mine.txt",
        "notebooks/.ipynb_checkpoints/gone-checkpoint.ipynb", "checkpoints/a.pt", "build/-rf", "build/lanes/mine.txt",
        "build/a b/c",
    ]  # fmt: skip
    gone = [
        "helpers/texts/__pycache__/c.pyc", "tests/__pycache__/c.pyc",
        "notebooks/.ipynb_checkpoints/01-checkpoint.ipynb",
        ".pytest_cache/v/a", ".ruff_cache/a", ".hypothesis/a", "build/lanes/a b.log", "helpers/__pycache__/d.pyc",
    ]  # fmt: skip
    code = files(checkout)
    fill(checkout, *kept, *gone)
    for name in ("html", "-rf too", "students"):
        with own_folder(checkout / "build" / name, "test") as folder:
            fill(folder, "index.html")
    with zipfile.ZipFile(checkout / "build" / "students.zip", "w") as archive:
        archive.comment = folders.COMMENT
    fill(checkout, "build/students/notes")
    said = clean(checkout)
    assert {name for name in files(checkout) if "folders.cpython" not in name and "files.cpython" not in name} - {
        name for name in files(checkout) if name.endswith("__init__.cpython-311.pyc")
    } == {*code, *kept, "build/students/notes", f"build/students/{MARKER}"}
    assert "kept: build/students/notes, which no command here has made" in said and "kept: build/mine" in said


def test_clean_where_there_is_nothing_and_where_build_is_elsewhere(checkout, tmp_path):
    assert "kept" not in clean(checkout)
    fill(tmp_path, "far/mine")
    with own_folder(tmp_path / "far" / "html", "test") as folder:
        fill(folder, "a")
    (checkout / "build").symlink_to(tmp_path / "far")
    (checkout / ".ruff_cache").symlink_to(tmp_path / "far")
    assert "kept: build/mine" in clean(checkout)
    assert files(tmp_path / "far") == {"mine"} and not (checkout / ".ruff_cache").is_symlink()
    with own_folder(checkout / "build" / "html", "test") as folder:
        fill(folder, "a")
    (checkout / "build").unlink()
    with own_folder(checkout / "build" / "html", "test") as folder:
        fill(folder, "a")
    clean(checkout)
    assert not (checkout / "build").exists()
