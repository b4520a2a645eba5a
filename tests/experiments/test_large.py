"""Large texts, their memory, and the race at that size: what each part does, on something small."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from experiments import large, large_memory, large_peers, large_texts, results
from helpers.corpus import make_corpus
from helpers.files import ROOT

linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").is_file(), reason="memory is read as Linux tells it")


def test_words_are_all_different_and_frequent_ones_are_short():
    words = [large_texts.word(k) for k in range(large_texts.WORDS)]
    assert len(set(words)) == len(words) and words[:5] == ["ba", "ban", "bas", "bart", "be"]
    assert np.mean([*map(len, words[:200])]) < np.mean([*map(len, words[2000:])])


def test_a_text_by_zipf_s_law(tmp_path, monkeypatch):
    monkeypatch.setattr(large_texts, "PIECE", 40_000)
    monkeypatch.setattr(large_texts, "BEND", 500)
    large_texts.make_text(tmp_path / "a", 500_000, words=5000)
    large_texts.make_text(tmp_path / "b", 500_000, words=5000)
    text = (tmp_path / "a").read_text()
    assert text == (tmp_path / "b").read_text() and 500_000 <= len(text) < 501_000 and text.endswith("\n")
    lengths = Counter(len(line.split()) for line in text.splitlines())
    assert set(lengths) >= set(range(2, 41)) and sum(n for size, n in lengths.items() if size > 40) == 0
    counts = Counter(text.split())
    ranked = [counts[large_texts.word(k)] for k in range(5000)]
    assert 0.8 < ranked[0] / (10 * ranked[9]) < 1.2  # as 1 / rank ...
    assert 3 < sum(ranked[500:600]) / sum(ranked[1000:1200]) * 2 < 6  # ... and then as its square


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a package is made and read by dpkg-deb")
def test_english_out_of_packages(tmp_path, monkeypatch):
    inside = tmp_path / "some-doc" / "usr/share/doc/some"
    (inside / "de").mkdir(parents=True)
    (inside / "a.html").write_text(
        "<head><title>The title of it is here</title></head><p>This is <b>one</b> of the sentences. And this is "
        "another, to be sure!</p><pre>if this is code then it is not a sentence</pre><script>if (a) { of the }</script>"
        "<p>This is one of the sentences.</p><p>Short one.</p><p>Dies ist kein Satz auf Englisch</p>"
    )
    (inside / "de" / "b.txt").write_text("This is of a page in another language.")
    (inside / "c.png").write_bytes(b"this is not a page of the text")
    (tmp_path / "some-doc" / "DEBIAN").mkdir()
    control = "Package: some-doc\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: of a test\n"
    (tmp_path / "some-doc" / "DEBIAN" / "control").write_text(control)
    made = ["dpkg-deb", "--build", str(tmp_path / "some-doc"), str(tmp_path / "some-doc_1_all.deb")]
    subprocess.run(made, check=True, capture_output=True)
    monkeypatch.setattr(large_texts, "PACKAGES", ["some-doc", "none-there"])
    large_texts.english(tmp_path, tmp_path / "out.txt")
    found = (tmp_path / "out.txt").read_text().splitlines()
    assert sorted(found) == ["and this is another to be sure", "this is one of the sentences"]


HOLD = """
import subprocess, sys, time
block = bytearray(b"x") * (int(sys.argv[1]) << 20)
if len(sys.argv) > 2:
    subprocess.run([sys.executable, "-c", sys.stdin.read(), sys.argv[2]])
time.sleep(0.5)
"""


@linux
def test_memory_is_that_of_all_processes_together(monkeypatch):
    monkeypatch.setattr(large_memory, "EVERY", 0.01)
    code = f"import sys, io; sys.stdin = io.StringIO({HOLD!r}); exec({HOLD!r})"
    found = large_memory.watched([sys.executable, "-c", code, "60", "40"])
    assert 100 < found["peak"] < 160 and found["processes"] == 2 and found["looks"] > 10 and found["seconds"] > 0.9
    with pytest.raises(RuntimeError, match="ended with 3:\nwhy"):
        large_memory.watched([sys.executable, "-c", "print('why'); raise SystemExit(3)"])


@linux
def test_pages_of_a_file_do_not_count(tmp_path):
    (tmp_path / "file").write_bytes(bytes(60 << 20))
    before = large_memory.memory_of([os.getpid()])
    mapped = np.memmap(tmp_path / "file", mode="c")
    assert mapped.sum() == 0 and large_memory.memory_of([os.getpid()]) < before + (20 << 20)
    block = np.ones(60 << 20, dtype=np.uint8)
    assert large_memory.memory_of([os.getpid()]) > before + (50 << 20) and block[0]


@linux
def test_each_stage_has_its_time_and_its_peak():
    code = (
        "import json, time\nbegan = time.time(); block = bytearray(b'x') * (50 << 20); time.sleep(0.4); del block\n"
        "ended = time.time(); time.sleep(0.4)\n"
        "for stage, a, b in (('one', began, ended), ('two', ended + 0.1, time.time())):\n"
        "    print('stage ' + json.dumps([stage, a, b]))"
    )
    stages = large_memory.watched([sys.executable, "-c", code])["stages"]
    assert stages["one"]["seconds"] >= 0.4 and stages["one"]["peak"] > 50 > 30 > stages["two"]["peak"]


def test_the_stages_are_there_to_be_timed(capsys):
    from helpers import corpus

    before = corpus.load_corpus
    with large_memory.clocks():
        corpus.load_corpus("toy")
    assert capsys.readouterr().out.startswith('\nstage ["reading", ') and corpus.load_corpus is before


CHILD = """
import re, sys, threading, time
from pathlib import Path
from helpers.corpus import load_corpus, make_corpus
from helpers.engines import train
from helpers.model import make_model
from helpers.vectors import save_vectors, table

def held():
    return int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

peak, ended = [0.0], threading.Event()

def look():
    while not ended.wait(0.002):
        peak[0] = max(peak[0], held())

few = make_corpus([["a", "b", "c"] * 4] * 30)
train(make_model(4, 400), few, engine="numba", epochs=1, t=None, max_window=1, K=1, threads=1, progress=False)
before = held()
thread = threading.Thread(target=look)
thread.start()
corpus = load_corpus(sys.argv[1], quiet=True, min_count=1)
model = make_model(len(corpus.vocab), 400)
tables = 2 * model[0].weight.nbytes / 2**20
train(model, corpus, engine="numba", epochs=1, threads=1, progress=False, checkpoint=sys.argv[2], lr=0.1)
save_vectors(sys.argv[3], table(model), corpus.vocab, binary=True)
ended.set()
thread.join()
print(tables, peak[0] - before)
"""


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
@linux
def test_training_takes_its_tables_twice_and_little_beside_them(tmp_path):
    """Once to train them, once to set them back; 85 MB more, where the held-out loss once took 215."""
    large_texts.make_text(tmp_path / "text", 3_000_000, words=40_000)
    places = [str(tmp_path / name) for name in ("text", "checkpoint", "vectors.bin")]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *places], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={**os.environ, "WORD2VEC_DATA": str(tmp_path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    tables, peak = map(float, done.stdout.split()[-2:])
    assert tables > 50 and peak < 2 * tables + 130


@pytest.fixture(scope="module")
def corpus():
    rng = np.random.default_rng(0)
    lines = [[f"w{int(k)}" for k in rng.zipf(1.3, 12).clip(max=300)] for _ in range(3000)]
    return make_corpus(lines[:2800], heldout=lines[2800:])


@pytest.mark.parametrize("share", [1, 7])
def test_a_corpus_is_spelled_as_it_was(corpus, tmp_path, monkeypatch, share):
    monkeypatch.setattr(large_peers, "BLOCK", 100)
    tokens = large_peers.spell(corpus, tmp_path / "text", share)
    lines = (tmp_path / "text").read_text().splitlines()
    assert lines == [" ".join(corpus.sentence(s)) for s in range(0, 2800, share)]
    assert tokens == sum(len(line.split()) for line in lines)


@pytest.mark.parametrize(("system", "rate"), [("numba", 1.5), ("gensim", 0.1)])
def test_both_systems_train_on_the_same_words(corpus, tmp_path, monkeypatch, system, rate):
    pytest.importorskip(system)
    monkeypatch.setattr(large_peers, "T", 0.01)
    large_peers.spell(corpus, tmp_path / "text")
    row = large_peers.run(system, corpus, tmp_path / "text", dim=8, threads=1, lr=rate, seed=1)
    assert row["words"] * row["seconds"] == pytest.approx(len(corpus.ids))
    assert 0.1 < row["centers"] / row["words"] < 1 and 0.2 < row["heldout"] < 0.69
    if system == "numba":
        row = large_peers.run(system, corpus, tmp_path / "text", dim=8, threads=1, lr=1e30, seed=1)
        assert row == {"heldout": None}


def test_the_race_is_run_at_the_best_rate_and_in_turn(corpus, tmp_path, monkeypatch):
    asked = []

    def run(system, text, corpus, **how):
        asked.append((system, *how.values()))
        heldout = 0.1 + abs(how["lr"] - {"numba": 3.0, "gensim": 0.05}[system])
        return {"system": system, **how, "heldout": heldout if how["lr"] < 6 else None, "busy": 0}

    monkeypatch.setattr(large, "in_a_process", run)
    monkeypatch.setattr(large, "load_corpus", lambda *_, **__: corpus)
    monkeypatch.setattr(large, "find_spec", lambda _: True)
    (tmp_path / "text.txt").write_text("a text")
    for _ in range(2):  # the second time all is there
        large.race(tmp_path / "text.txt", tmp_path / "out.json", dims=(8,), threads=(1, 2), rounds=2)
    rates = [*large_peers.RATES["numba"], *large_peers.RATES["gensim"]]
    assert [one[3] for one in asked[:9]] == rates and len(asked) == 9 + 2 * 2 * 2
    assert [one[:3] for one in asked[9:13]] == [("numba", 8, 1), ("gensim", 8, 1), ("numba", 8, 2), ("gensim", 8, 2)]
    assert {one[3] for one in asked[9:]} == {3.0, 0.05}
    assert len(results.read_table(tmp_path / "out.json")["runs"]) == 17
