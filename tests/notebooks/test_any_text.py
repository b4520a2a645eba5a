"""Notebooks on a text of one's own. (That all of them run on one, and on the toy grammar: course.lanes --all.)"""

import ast
import os
import re
import subprocess
import sys

import pytest

from course import notebook_files, run
from helpers.files import ROOT

BOOKS = [path for path in notebook_files.find() if 'load_corpus("auto")' in path.read_text().replace('\\"', '"')]
# A name is what is printed; two texts can have one. Whose a corpus is says its source.
BY_NAME = re.compile(r"corpus\.name\s*(==|!=|in\b)|load\w*\(corpus\.name|\{corpus\.name\}\.pt")


def code(path):
    return [cell.source for cell in notebook_files.read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_no_cell_takes_a_name_for_the_corpus(path):
    assert not [source for source in code(path) if BY_NAME.search(source)]


def test_a_name_taken_for_the_corpus_is_seen():
    bad = ('if corpus.name == "ptb":', "sweep.load(corpus.name)", 'f"{corpus.name}.pt"', 'corpus.name in ("ptb",)')
    assert all(map(BY_NAME.search, bad)) and not BY_NAME.search('f"the rows of {corpus.name}"')


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_measured_is_the_function_in_every_cell(path):
    """A notebook that gives the name to something else breaks each later cell that asks."""
    names = [n for source in code(path) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)]
    assert not [n for n in names if n.id in ("measured", "threshold", "shown") and isinstance(n.ctx, ast.Store)]


def test_a_text_that_is_not_there_is_said_before_the_notebooks_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "run", lambda *_: pytest.fail("it ran"))
    monkeypatch.setenv("WORD2VEC_CORPUS", "no such text.txt")
    assert run.main(["run", "--build", str(tmp_path)]) == 2
    assert "no such text.txt" in capsys.readouterr().err
    empty = tmp_path / "empty.txt"
    empty.touch()
    monkeypatch.setenv("WORD2VEC_CORPUS", str(empty))
    assert run.main(["run", "--build", str(tmp_path)]) == 1
    assert "empty" in capsys.readouterr().err


def test_a_relative_path_is_taken_from_where_the_user_stands(tmp_path):
    """A kernel runs in notebooks/; the user stood elsewhere, and the environment says where."""
    (tmp_path / "my text.txt").write_text("the cat sat on the mat\n" * 50, encoding="utf-8")
    env = {**os.environ, "PWD": str(tmp_path), "WORD2VEC_CORPUS": "my text.txt", "PYTHONPATH": str(ROOT)}
    show = "from helpers.corpus import load_corpus; corpus = load_corpus('auto'); print(corpus.source)"
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=ROOT / "notebooks", env=env, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.rstrip().endswith(str(tmp_path / "my text.txt")), done.stdout + done.stderr
