"""How each notebook opens: it finds `helpers` in a checkout, and fetches the repository where it was opened alone."""

import json
import os
import subprocess
import sys

import pytest

from course import notebook_files
from helpers.files import ROOT

# As if the package had not been installed: only the lines themselves can find it.
NOT_INSTALLED = f"""
import sys
sys.path[:] = [p for p in sys.path if p and p != {str(ROOT)!r}]
sys.meta_path[:] = [finder for finder in sys.meta_path if "Editable" not in getattr(finder, "__name__", "")]
"""
FOLDERS = [
    (notebook_files.NOTEBOOKS, notebook_files.FIRST_LINES),
    (notebook_files.NOTEBOOKS / "solutions", notebook_files.FIRST_LINES_SOLUTIONS),
]


def run(lines, cwd, after="import helpers; print(helpers.__file__)"):
    """What the lines, and then ``after``, print in a fresh process."""
    program = "\n".join([NOT_INSTALLED, "before = set(sys.modules)", *lines, after])
    done = subprocess.run([sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A repository at a local address, with two commits and a `helpers` that says it is the clone's."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@b.c")
    root = tmp_path / "published" / "the-course"
    (root / "helpers").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    for text in ("", "cloned = True\n"):
        (root / "helpers" / "__init__.py").write_text(text)
        subprocess.run(["git", "-C", root, "add", "."], check=True)
        subprocess.run(["git", "-C", root, "commit", "--quiet", "--allow-empty", "-m", "x"], check=True)
    return root.as_uri()


@pytest.mark.parametrize(("folder", "lines"), FOLDERS, ids=["notebooks", "solutions"])
def test_in_a_checkout_they_find_it_and_do_nothing_else(folder, lines):
    loaded = "print(*(set(sys.modules) - before))"  # and nothing more printed
    assert set(run(lines, folder, loaded).split()) <= set(run(["import importlib.util"], folder, loaded).split())
    assert os.path.samefile(folder / run(lines, folder).strip(), ROOT / "helpers" / "__init__.py")
    assert len(lines) <= 4 and max(map(len, lines)) <= 120


def test_alone_they_fetch_the_repository_and_go_on(tmp_path, published):
    alone = tmp_path / "alone"
    alone.mkdir()
    lines = notebook_files.first_lines(repository=published)
    first = run(lines, alone, "import helpers; print(helpers.cloned, helpers.__file__)")
    assert "Cloning into 'the-course'" in first and "True" in first.splitlines()[-1]
    clone = alone / "the-course"
    count = subprocess.run(["git", "-C", clone, "rev-list", "--count", "HEAD"], capture_output=True, text=True)
    assert count.stdout.strip() == "1"  # no history
    again = run(lines, alone, "import helpers; print(helpers.cloned)")  # after a restart of the kernel
    assert again == "True\n"


def test_alone_without_a_network_they_say_what_git_says(tmp_path):
    (tmp_path / "alone").mkdir()
    lines = notebook_files.first_lines(repository=(tmp_path / "none").as_uri())
    assert "fatal" in run(lines, tmp_path / "alone", "print('on')")


def test_a_fork_names_its_address_in_one_place():
    assert notebook_files.REPOSITORY in notebook_files.FIRST_LINES[1]
    assert '"a-fork"' in notebook_files.first_lines(repository="https://example.org/me/a-fork.git/")[0]
    found = [path for path in (ROOT / "course").rglob("*.py") if notebook_files.REPOSITORY in path.read_text("utf-8")]
    assert [path.name for path in found] == ["notebook_files.py"]


@pytest.mark.parametrize(("folder", "lines"), FOLDERS, ids=["notebooks", "solutions"])
def test_every_notebook_begins_with_them(folder, lines):
    for path in notebook_files.find(folder):
        code = [cell.source for cell in notebook_files.read(path).cells if cell.cell_type == "code"]
        assert tuple(code[0].splitlines()[: len(lines)]) == lines, path.name


@pytest.mark.parametrize("old", [["import sys; sys.path[:0] = ['..']  # root"], notebook_files.FIRST_LINES])
def test_only_those_lines_are_rewritten(tmp_path, old):
    rest = ["import numpy as np\n", "\n", "if not np:\n", "    print(1)"]
    cells = [
        {"cell_type": "markdown", "source": ["# é\n"]},
        {"cell_type": "code", "source": [f"{x}\n" for x in old] + rest},
    ]
    path = tmp_path / "01_a.ipynb"
    path.write_text(json.dumps({"cells": cells}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = notebook_files.first_lines(repository="https://example.org/fork")
    assert notebook_files.write_first_lines(path, lines)
    cells[1]["source"] = [f"{line}\n" for line in lines] + rest
    assert path.read_text("utf-8") == json.dumps({"cells": cells}, indent=1, ensure_ascii=False) + "\n"
    assert not notebook_files.write_first_lines(path, lines)


def test_a_cell_that_begins_otherwise_is_left_alone(tmp_path):
    path = tmp_path / "01_a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["import math\n"]}]}, indent=1) + "\n")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="01_a.ipynb does not begin"):
        notebook_files.write_first_lines(path, notebook_files.FIRST_LINES)
    assert path.read_bytes() == before
