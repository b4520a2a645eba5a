"""Answers that passed their checks are kept, whole or not at all, and handed out again."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import checks
from checks import done, mine
from course import progress
from helpers.files import ROOT


class Shell:
    """A notebook's kernel, as far as `mine` looks at it."""

    def __init__(self, *cells):
        self.user_ns = {"_ih": ["", *cells]}
        for cell in cells:
            exec(cell, self.user_ns)

    def transform_cell(self, cell):
        return cell


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A function that runs cells as a notebook would and keeps what they define; and the folder."""
    monkeypatch.setenv("WORD2VEC_MINE", str(tmp_path / "mine"))
    monkeypatch.setattr(mine, "_given", {})

    def run(name, *cells, variable=None):
        shell = Shell(*cells)
        monkeypatch.setattr(mine, "_shell", lambda: shell)
        return mine.keep(name, shell.user_ns[variable or f"my_{name}"])

    return run


RIGHT = "def my_skip_gram(center, candidates, embed_v, embed_u):\n    return {}\n"
PRODUCT = "torch.bmm(embed_v(center), embed_u(candidates).permute(0, 2, 1))"


@pytest.mark.parametrize(
    "cells",
    [
        ("import torch", RIGHT.format(PRODUCT)),
        ("import numpy as np, torch as t", RIGHT.format(PRODUCT.replace("torch", "t"))),
        ("from torch import bmm as product, zeros", RIGHT.format(PRODUCT.replace("torch.bmm", "product"))),
        ("import torch.nn.functional as F\nimport torch", RIGHT.format(f"F.relu({PRODUCT}) - F.relu(-{PRODUCT})")),
        (
            "import torch",
            "ORDER = 0, 2, 1",
            "def turned(x):\n    # the words' vectors become columns\n    return x.permute(*ORDER)",
            "def product(a, b):\n    return torch.bmm(a, turned(b))",
            RIGHT.format("product(embed_v(center), embed_u(candidates))"),
        ),
        ("import torch", f"my_skip_gram = lambda center, candidates, embed_v, embed_u: {PRODUCT}"),
        ("from __future__ import annotations\nimport torch", RIGHT.format(PRODUCT)),
        ("import torch\nfrom functools import wraps",
         "def twice(f):\n    @wraps(f)\n    def inner(*a):\n        return f(*a)\n    return inner",
         "@twice\n" + RIGHT.format(PRODUCT)),
        ("import torch", RIGHT.format("None"), RIGHT.format(PRODUCT)),
        ("import torch\nclass Scorer:\n    def __call__(self, center, candidates, embed_v, embed_u):\n"
         f"        return {PRODUCT}", "my_skip_gram = Scorer()"),
    ],
    ids=["plain", "as", "from", "dotted", "helpers", "lambda", "future", "decorated", "again", "object"],
)  # fmt: skip
def test_an_answer_is_kept_with_what_it_needs(notebook, cells):
    assert notebook("skip_gram", *cells) is None
    assert mine.done() == {"skip_gram"} and mine.is_yours("skip_gram")
    assert checks.skip_gram(mine.skip_gram)


def test_another_name(notebook):
    assert (
        notebook("skip_gram", "import torch", RIGHT.format(PRODUCT).replace("my_skip_gram", "f"), variable="f") is None
    )
    assert mine.is_yours("skip_gram") and checks.skip_gram(mine.skip_gram)


@pytest.mark.parametrize(("value", "written"), [("13", 13), ("'ac'", "ac"), ("['a', 'c']", ["a", "c"])])
def test_numbers_and_letters(notebook, monkeypatch, value, written):
    name = "questions" if value == "13" else "score"
    monkeypatch.setattr(mine, "_check", lambda name: SimpleNamespace(verdict=lambda answer: True))
    assert notebook(name, f"my_{name} = {value}") is None
    assert mine._run((mine.folder() / f"{name}.py").read_text(), "x", f"my_{name}") == written


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("import torch", "bmm = {'x': torch.bmm}['x']; del torch", RIGHT.format(PRODUCT.replace("torch.bmm", "bmm"))),
         "not kept"),  # torch is no longer there to be found
        (("import torch", RIGHT.format(PRODUCT.replace("torch.", "eval('torch').")),), "does not pass"),
    ],
)  # fmt: skip
def test_what_does_not_stand_alone_is_not_kept(notebook, cells, why):
    said = notebook("skip_gram", *cells)
    assert why in said and not mine.done()


def test_a_wrong_answer_leaves_the_kept_one(notebook):
    notebook("skip_gram", "import torch", RIGHT.format(PRODUCT))
    before = (mine.folder() / "skip_gram.py").read_bytes()
    assert "does not pass" in notebook("skip_gram", "import torch", RIGHT.format(f"2 * {PRODUCT}"))
    assert (mine.folder() / "skip_gram.py").read_bytes() == before


def test_nothing_is_kept_outside_of_a_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD2VEC_MINE", str(tmp_path / "mine"))
    assert checks.skip_gram(checks.skip_gram.reference) and not (tmp_path / "mine").exists()


def test_a_place_that_cannot_be_written_is_said(notebook, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORD2VEC_MINE", str(tmp_path / "file" / "mine"))
    assert "not kept" in notebook("skip_gram", "import torch", RIGHT.format(PRODUCT))


def test_the_course_s_own_where_nothing_is_kept(notebook, capsys):
    assert mine.skip_gram is checks.skip_gram.reference and not mine.is_yours("skip_gram")
    assert "the course's own" in capsys.readouterr().out
    assert mine.skip_gram is checks.skip_gram.reference and not capsys.readouterr().out  # said once
    with pytest.raises(AttributeError, match="no exercise is called 'skipgram'"):
        mine.skipgram  # noqa: B018


def test_a_kept_file_that_was_broken_by_hand(notebook, capsys):
    notebook("skip_gram", "import torch", RIGHT.format(PRODUCT))
    path = mine.folder() / "skip_gram.py"
    path.write_text("import torch\ndef my_skip_gram(:\n")
    assert mine.skip_gram is checks.skip_gram.reference
    assert "does not run" in capsys.readouterr().out


def test_progress(notebook, capsys):
    notebook("skip_gram", "import torch", RIGHT.format(PRODUCT))
    shown = checks.progress(2)
    assert [name for _, name, is_done in shown.rows if is_done] == ["skip_gram"]
    assert f"1 of {len(shown.rows)} done" in str(shown) and shown._repr_mimebundle_()["text/html"].count("done") == 1
    assert len(checks.progress().rows) == len(checks.NOTEBOOK)
    assert progress.main(["2"]) == 0 and "1 of" in capsys.readouterr().out


def test_headings_give_the_titles():
    for number, names in checks.NAMES.items():
        assert list(done._titles(number)) == list(names)


def test_in_a_kernel(tmp_path):
    """What a notebook's check keeps, another process hands out."""
    cells = f"import torch, checks\n{RIGHT.format(PRODUCT)}\nprint(checks.skip_gram(my_skip_gram))"
    env = {**os.environ, "WORD2VEC_MINE": str(tmp_path), "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(tmp_path / "ip")}
    asked = "from checks import mine, skip_gram; print(skip_gram(mine.skip_gram).key, mine.is_yours('skip_gram'))"
    for command in (["-m", "IPython", "--no-banner", "-c", cells], ["-c", asked]):
        shown = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, timeout=120)
        assert shown.returncode == 0, shown.stderr
    assert "skip_gram: yours" in shown.stdout and "correct True" in shown.stdout
