"""What is trained on and what is held out: no sentence is both. (Files and downloads: tests/helpers/test_corpus.py.)"""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers.files import ROOT
from helpers.texts import showcase, sources, toy


def test_wikipedias_every_sixteenth_article_is_held_out_and_not_trained_on(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "WIKI_CACHE", tmp_path / "wiki.txt")
    sources._write(sources.WIKI_CACHE, "\n".join(f"article number{i}" for i in range(40)))
    text = sources.wiki()
    assert text.heldout == [["article", f"number{i}"] for i in (0, 16, 32)]
    assert text.train == [["article", f"number{i}"] for i in range(40) if i not in (0, 16, 32)]
    assert text.min_count == 10 and text.showcase is showcase.WIKI


def test_wikipedias_short_articles_are_left_out_and_the_rest_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "WIKI_CACHE", tmp_path / "new" / "wiki.txt")
    monkeypatch.setattr(sources, "sample", lambda name: name)
    monkeypatch.setattr(sources.wikitext, "pages", lambda dump: [f"w{n} " * n for n in (49, 50, 51)])
    monkeypatch.setattr(sources.wikitext, "tokens", str.split)
    text = sources.wiki()
    assert (text.heldout, text.train) == ([["w50"] * 50], [["w51"] * 51])
    assert sources.WIKI_CACHE.read_text(encoding="utf-8").split("\n")[1:] == [
        " ".join(["w50"] * 50),
        " ".join(["w51"] * 51),
    ]
    monkeypatch.setattr(sources.wikitext, "pages", lambda dump: pytest.fail("it is in data/"))
    assert sources.wiki() == text


def test_a_folder_that_cannot_be_written_to_costs_the_cache_alone(tmp_path):
    (tmp_path / "file").write_text("in the way")
    sources._write(tmp_path / "file" / "cache.txt", "text")
    assert (tmp_path / "file").read_text() == "in the way"


def test_ptbs_own_parts_are_trained_on_and_held_out(tmp_path, monkeypatch):
    path = tmp_path / "ptb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in ("train", "valid", "test"):
            archive.writestr(f"ptb/ptb.{part}.txt", f" {part} words \n more of {part} \n")
    monkeypatch.setattr(sources, "fetch", lambda url, where, known, size: path)
    text = sources.ptb()
    assert text.train == [["train", "words"], ["more", "of", "train"], []]
    assert text.heldout == [["valid", "words"], ["more", "of", "valid"], []]
    assert text.min_count == 10 and text.showcase is showcase.PTB


def test_ptb_is_asked_for_by_its_checksum(monkeypatch):
    asked = []
    monkeypatch.setattr(sources, "fetch", lambda *args: asked.append(args) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sources.ptb()
    assert asked == [(sources.PTB_URL, sources.PTB_FILE, "319d85e578af0cdc590547f26231e4e31cdf1e42", 1_981_551)]


def test_the_toy_text_is_drawn_twice(tmp_path):
    text = sources.toy_text()
    assert text.train == toy.sentences(5000, seed=0) and text.heldout == toy.sentences(500, seed=1)
    assert text.min_count == 1 and text.showcase is showcase.TOY
    (tmp_path / "x").write_bytes(b"abc")
    assert sources.sha1(tmp_path / "x") == hashlib.sha1(b"abc").hexdigest()


@pytest.mark.parametrize(
    "harm", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b[:80], lambda b: b[:90] + b"X" + b[91:]]
)
def test_a_damaged_cache_of_wikipedia_is_made_anew(tmp_path, monkeypatch, harm):
    monkeypatch.setattr(sources, "WIKI_CACHE", tmp_path / "wiki.txt")
    monkeypatch.setattr(sources, "sample", lambda name: name)
    monkeypatch.setattr(sources.wikitext, "pages", lambda dump: [f"w{n} " * n for n in (50, 51, 52)])
    monkeypatch.setattr(sources.wikitext, "tokens", str.split)
    text = sources.wiki()
    whole = sources.WIKI_CACHE.read_bytes()
    sources.WIKI_CACHE.write_bytes(harm(whole))
    assert sources.wiki() == text and sources.WIKI_CACHE.read_bytes() == whole
    assert harm(whole) != whole


def test_the_data_folder_may_be_in_the_home_folder():
    code = "from helpers.texts import sources; print(sources.DATA)"
    env = {**os.environ, "WORD2VEC_DATA": "~/w2v", "HOME": "/home/somebody", "USERPROFILE": "/home/somebody"}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True)
    assert Path(done.stdout.strip()) == Path("/home/somebody/w2v"), done.stderr
