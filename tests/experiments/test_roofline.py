"""The roofline's counts, on texts where they can be told by hand, and its command."""

import subprocess
import sys

import numpy as np
import pytest

from experiments import roofline
from experiments.results import read_table
from helpers.engines import kernel
from helpers.files import ROOT
from helpers.sampling import draw_examples


def test_the_text_has_zipfs_shares_and_holds_together():
    corpus = roofline.zipf_corpus(words=50, tokens=20_010, length=20)
    assert corpus.bounds[-1] == len(corpus.ids) == 20_010 and len(corpus.bounds) == 1002
    counts = np.bincount(corpus.ids, minlength=51)[1:]
    assert counts[0] / counts[9] == pytest.approx(10, rel=0.2)
    assert np.array_equal(corpus.vocab.counts[1:], counts)


def test_a_cache_holds_the_rows_used_last():
    assert roofline.missed([1, 2, 3] * 4, 3) == 0  # filled by the first half
    assert roofline.missed([1, 2, 3] * 4, 2) == 1  # each is gone when its turn comes
    assert roofline.missed([1, 2, 1, 3, 1, 2, 1, 3], 2) == 0.5  # the one used last stays


def test_the_work_of_a_center_word_is_that_of_the_text():
    corpus = roofline.zipf_corpus(words=40, tokens=200_000, length=100)
    counted = roofline.work(corpus, 25, 2000)
    examples = draw_examples(corpus, t=roofline.SETTINGS.t, rng=np.random.default_rng(2))
    pairs = len(examples.contexts) / len(examples) + roofline.SHARED
    assert counted["operations"] == pytest.approx(6 * 25 * pairs, rel=0.03)
    least = 2 + roofline.SHARED / kernel.BLOCK  # a center's row, one around it, a part of the noise
    assert least < counted["rows"] < least + 2 * roofline.SETTINGS.max_window
    assert counted["missed"] == [0, 0] and counted["bytes"] == 0  # 41 rows fit any cache


def test_the_roofline_is_the_lower_of_two_limits():
    row = {"operations": 100.0, "bytes": 10.0, "peak": 1000.0, "stream": 40.0, "words": 2.0}
    found = roofline.shares(row)
    assert (found["roofline"], found["of_roofline"], found["bound"]) == (4, 0.5, "memory")
    assert (found["of_peak"], found["of_stream"]) == (0.2, 0.5)
    found = roofline.shares({**row, "bytes": 0.1})
    assert (found["roofline"], found["bound"]) == (10, "arithmetic")


def test_the_stored_rows_are_below_the_limits():
    for row in read_table(ROOT / "experiments" / "results" / "roofline_zipf.json")["rows"]:
        assert 0 < row["of_roofline"] < 1 and row["of_peak"] <= row["of_roofline"] * 1.001
        assert row["words_range"][0] <= row["words"] <= row["words_range"][1]


def test_a_row_is_measured(monkeypatch):
    monkeypatch.setattr(roofline, "limits", lambda threads: (lambda: 1e15, lambda: 1e15))
    row = roofline.measure(roofline.zipf_corpus(words=30, tokens=4000), 8, 2, 40, 1)
    assert row["words"] > 0 and 0 < row["of_peak"] < 1 and row["threads"] == 2


def test_the_command_says_what_it_takes():
    done = subprocess.run(
        [sys.executable, "-m", "experiments.roofline", "--help"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0 and "--sentences" in done.stdout
