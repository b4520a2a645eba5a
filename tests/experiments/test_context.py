"""Stored results of notebook 13: the same types both ways, and every result that the notebook asks for."""

import re

import numpy as np
import pytest

from course import notebook_files
from experiments import context, results
from experiments.results.context import MADE_FOR, recorded, stored
from helpers.corpus import make_corpus


@pytest.fixture
def corpus():
    return make_corpus([["a", "b"]] * 3, min_count=1)


def test_what_is_computed_comes_back_as_it_would_be_stored(corpus, monkeypatch, tmp_path):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    make = lambda: {"x": np.arange(3), 5: (np.float32(0.5), [True])}  # noqa: E731
    value = recorded("one", corpus, True, make)
    assert value == {"x": [0, 1, 2], "5": [0.5, [True]]} and not list(tmp_path.iterdir())
    monkeypatch.setenv("WORD2VEC_CONTEXT", "record")
    recorded("one", corpus, True, make)
    assert not list(tmp_path.iterdir())  # a text of one's own is not stored
    ptb = make_corpus([["a", "b"]] * 3, min_count=1)
    object.__setattr__(ptb, "source", "ptb")
    recorded("two", ptb, True, lambda: {"y": 1})
    recorded("one", ptb, True, lambda: {"y": 2})
    recorded("one", ptb, True, make)
    assert stored("one", "ptb") == value and stored("two", "ptb") == {"y": 1}
    assert recorded("one", ptb, False, lambda: pytest.fail("computed")) == value
    assert recorded("one", corpus, False, lambda: pytest.fail("computed")) == value  # of a text of one's own: ptb's
    with pytest.raises(FileNotFoundError, match=r"'three'.*python -m experiments.context"):
        recorded("three", ptb, False, dict)
    with pytest.raises(TypeError, match="set"):
        recorded("four", ptb, True, lambda: {"z": {1}})


@pytest.mark.parametrize("source", MADE_FOR)
def test_all_that_the_notebook_asks_for_is_stored(source):
    nb = notebook_files.read(notebook_files.NOTEBOOKS / "13_context.ipynb")
    code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
    names = re.findall(r'recorded\(\s*"(\w+)"', code)
    assert len(names) == len(set(names)) >= 5
    for name in names:
        assert stored(name, source)
    layers = stored("layers", source)
    assert np.array(layers["third word"]).shape == np.array(layers["first word"]).shape == (7, len(layers["own"]))


def test_the_command_names_what_it_takes(capsys):
    with pytest.raises(SystemExit):
        context.main(["lee"])
    assert "ptb" in capsys.readouterr().err
