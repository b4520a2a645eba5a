"""What students hand in is judged by the checks, one bad answer spoils no other, and nothing is taken on trust."""

import csv

import pytest

from course import collect, notebook_files, solutions


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Notebook 04 three times: unsolved, with answers of all kinds, and with a kernel that dies."""
    folder = tmp_path_factory.mktemp("handed_in")
    nb = notebook_files.read(notebook_files.find(names=["04"])[0])
    notebook_files.write(nb, folder / "anna" / "04.ipynb")
    answers = solutions.exercises(nb)
    answers["discard"].answer.source = "my_discard = 1 - (1e-4 / 0.0025) ** 0.5"
    answers["keep_word2vec"].answer.source = "def my_keep_word2vec(counts, t):\n    return np.minimum(counts, 1)"
    answers["contexts"].answer.source = "def my_contexts(words, vocab, i, window)\n    return []"
    answers["can_draw"].answer.source = "while True: pass\n\ndef my_can_draw(contexts, counts):\n    ..."
    answers["pad"].answer.source = "def my_pad(rows):\n    ..."
    answers["pad"].check.source = "print('pad: correct. I say so.')"
    notebook_files.write(nb, folder / "ben" / "04.ipynb")
    answers["can_draw"].answer.source = "import os\nos._exit(1)"
    notebook_files.write(nb, folder / "cem.ipynb")
    return folder


def test_answers_of_all_kinds(handed_in):
    result = collect.judge(handed_in / "ben" / "04.ipynb", seconds=20)
    assert result.verdicts["discard"] == "correct" and result.correct == 1
    assert result.verdicts["keep_word2vec"] == "not yet"
    assert result.verdicts["contexts"].startswith("SyntaxError")
    assert result.verdicts["can_draw"] == "ran too long"
    assert result.verdicts["pad"] == "not attempted"  # whatever its own check prints


def test_a_kernel_that_dies_takes_only_what_comes_after(handed_in):
    result = collect.judge(handed_in / "cem.ipynb", seconds=20)
    assert result.verdicts["discard"] == "correct" and "kernel died" in result.verdicts["can_draw"]


def test_the_command_writes_a_table(handed_in, capsys, monkeypatch):
    monkeypatch.setattr(
        collect, "judge", lambda path, seconds: collect.HandedIn(path, {"discard": "correct", "pad": "not yet"})
    )
    assert collect.main([str(handed_in)]) == 0
    assert "anna/04.ipynb: 1 of 2 correct" in capsys.readouterr().out
    with (handed_in / "verdicts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["notebook"] for row in rows] == ["anna/04.ipynb", "ben/04.ipynb", "cem.ipynb"]
    assert rows[0] == {"notebook": "anna/04.ipynb", "correct": "1", "discard": "correct", "pad": "not yet"}


@pytest.mark.parametrize(
    "content", ["no json", '{"cells": []}', '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}']
)
def test_what_is_no_notebook_is_named_and_stops_nothing(tmp_path, capsys, content):
    (tmp_path / "broken.ipynb").write_text(content)
    with pytest.raises(ValueError, match="broken.ipynb: "):
        collect.judge(tmp_path / "broken.ipynb")
    assert collect.main([str(tmp_path)]) == 1
    assert "broken.ipynb" in capsys.readouterr().err and (tmp_path / "verdicts.csv").is_file()


def test_an_empty_folder(tmp_path, capsys):
    assert collect.main([str(tmp_path)]) == 2
    assert "no notebook under" in capsys.readouterr().err
