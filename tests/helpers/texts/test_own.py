"""What is kept of a text: taken again when the text is as it was, made anew when anything is not."""

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.files import ROOT
from helpers.texts import indexing, own, reading, stored
from helpers.texts.reading import TextError

LINES = [f"the {i % 7} word of line w{i % 50} and more" for i in range(2000)]


@pytest.fixture(autouse=True)
def keeps_all(monkeypatch):
    monkeypatch.setattr(own, "SMALL", 1)
    monkeypatch.setattr(own, "RACY", -1e9)  # the clock has no tick


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES))
    return path


@pytest.fixture
def passes(monkeypatch):
    """The texts that were gone through, one name for each time."""
    made = []
    chunks = reading.chunks
    monkeypatch.setattr(reading, "chunks", lambda path, **how: made.append(path.name) or chunks(path, **how))
    return made


def read(path, folder, min_count=1, **how):
    return own.read(path, folder, min_count=min_count, **how)


def same(one, other):
    return one.words == other.words and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("counts", "ids", "bounds", "held_ids")
    )


def test_a_text_is_gone_through_once(text, tmp_path, passes):
    first = read(text, tmp_path / "kept")
    assert same(first, read(text, tmp_path / "kept")) and passes == ["text.txt"]
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".ids"]
    os.utime(text, (1, 1))  # another time, the same content
    assert same(first, read(text, tmp_path / "kept")) and passes == ["text.txt"]
    assert len(first.held_ids) > 100 and first.words[0] == "the" and first.tokens_read == first.counts.sum()


@pytest.mark.parametrize("how", [{"min_count": 2}, {"encoding": "latin-1"}, {"force": True}])
def test_other_settings_are_another_corpus(text, tmp_path, passes, how):
    read(text, tmp_path / "kept")
    read(text, tmp_path / "kept", **how)
    read(text, tmp_path / "kept", **how)
    assert len(passes) == 2 and len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("name", ["RULES", "FORM"])
def test_other_rules_make_it_anew(text, tmp_path, passes, monkeypatch, name):
    read(text, tmp_path / "kept")
    monkeypatch.setattr(own, name, 99)
    read(text, tmp_path / "kept")
    assert len(passes) == 2


def test_a_text_that_changed_is_read_anew(text, tmp_path, passes):
    read(text, tmp_path / "kept")
    at = text.stat()
    text.write_text("\n".join(LINES).replace("word", "wort"))  # of the same size
    os.utime(text, ns=(at.st_atime_ns, at.st_mtime_ns))  # and the same time
    assert "wort" in read(text, tmp_path / "kept").words and len(passes) == 2
    text.write_text("\n".join(LINES * 2))
    assert len(read(text, tmp_path / "kept").bounds) > 3000 and len(passes) == 3


def test_a_text_that_just_changed_is_known_by_its_content(text, tmp_path, passes, monkeypatch):
    monkeypatch.setattr(own, "RACY", 1e9)
    stamps = []
    monkeypatch.setattr(own, "_stamp", lambda files: stamps.append(1) or [["the same"]])
    read(text, tmp_path / "kept")
    text.write_text("\n".join(LINES).replace("word", "wort"))
    assert "wort" in read(text, tmp_path / "kept").words and len(passes) == 2
    read(text, tmp_path / "kept")
    assert len(passes) == 2


@pytest.mark.parametrize("how", [{}, {"tokenize": str.split}])
def test_a_text_that_changes_while_it_is_read_is_refused(text, tmp_path, monkeypatch, how):
    def grows(self, chunk):
        with text.open("a") as file:
            file.write("more")
        return feed(self, chunk)

    feed = indexing.FirstPass.feed
    monkeypatch.setattr(indexing.FirstPass, "feed", grows)
    with pytest.raises(TextError, match="text.txt changed while it was read: .*copy"):
        read(text, tmp_path / "kept", **how)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_text_that_is_refused_in_its_middle_is_not_read_to_its_end_first(tmp_path, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES * 40))
    with path.open("r+b") as file:
        file.truncate(1 << 40)  # zeros from there on
    monkeypatch.setattr(own, "_content", lambda *_: pytest.fail("a terabyte is read"))
    with pytest.raises(TextError, match="is binary"):
        read(path, tmp_path / "kept")


def test_a_folder_is_kept_by_all_its_files(tmp_path, passes):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("\n".join(LINES))
    (folder / "b").write_text("more words")
    read(folder, tmp_path / "kept")
    read(folder, tmp_path / "kept")
    assert len(passes) == 1
    (folder / "b").rename(folder / "0")
    assert (
        read(folder, tmp_path / "kept").words[0] == "more" and read(folder / "a", tmp_path / "kept").words[0] == "the"
    )
    assert passes == ["folder", "folder", "a"]
    (folder / "c").write_text("even more")
    assert "even" in read(folder, tmp_path / "kept").words and len(passes) == 4


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"something else",
    ],
)
def test_a_damaged_file_is_made_anew(text, tmp_path, passes, harm):
    first = read(text, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(harm(whole))
    assert same(first, read(text, tmp_path / "kept")) and len(passes) == 2
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_costs_time_alone(text, tmp_path, passes):
    (tmp_path / "in the way").write_text("")
    first = read(text, tmp_path / "in the way" / "kept")
    assert same(first, read(text, tmp_path / "kept")) and len(passes) == 2


def test_a_full_disk_costs_time_alone(text, tmp_path, monkeypatch):
    write = stored.Writer.write

    def full(self, name, values):
        if "kept" in str(getattr(self.file, "name", "")):
            raise OSError(28, "No space left on device")
        write(self, name, values)

    first = read(text, tmp_path / "other")
    monkeypatch.setattr(stored.Writer, "write", full)
    assert same(first, read(text, tmp_path / "kept")) and list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("of", ["first pass", "second pass"])
def test_where_there_is_no_room_at_all_that_is_said(text, tmp_path, monkeypatch, of):
    def full(*_):
        raise OSError(28, "No space left on device")

    class Full(io.BytesIO):
        write = full

    if of == "first pass":
        monkeypatch.setattr(own, "_scratch", lambda folder: Full())
    else:
        monkeypatch.setattr(stored.Writer, "write", full)
    with pytest.raises(TextError, match="text.txt: there is no room for its ids in .* 4 bytes a word"):
        read(text, tmp_path / "kept")
    assert not (tmp_path / "kept").exists() or list((tmp_path / "kept").iterdir()) == []


def test_long_arrays_are_mapped_and_may_be_written_to(text, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "MAPPED", 1000)
    first = read(text, tmp_path / "kept")
    assert isinstance(first.ids.base, np.memmap)
    first.ids[:] = 0
    assert read(text, tmp_path / "kept").ids.min() > 0


def test_nothing_is_kept_of_a_short_text_and_of_a_function_of_ones_own(text, tmp_path, passes, monkeypatch):
    first = read(text, tmp_path / "kept", tokenize=str.split)
    assert same(first, read(text, tmp_path / "none"))  # whose words are between blanks
    monkeypatch.setattr(own, "SMALL", 1 << 20)
    read(text, tmp_path / "kept")
    assert len(passes) == 3 and list((tmp_path / "kept").iterdir()) == []


def test_many_different_words_go_through_a_sieve(text, tmp_path, passes, monkeypatch):
    plain = read(text, tmp_path / "kept", min_count=5)
    monkeypatch.setattr(indexing, "MOST", 30)
    assert same(plain, read(text, tmp_path / "other", min_count=5)) and len(passes) == 4
    read(text, tmp_path / "third", min_count=1)  # where no word is rare
    assert len(passes) == 5
    monkeypatch.setattr(indexing, "LIMIT", 30)
    for least in (1, 5):
        with pytest.raises(TextError, match=f"more than 30 different words.* {least} times or more: give a larger min"):
            read(text, tmp_path / "fourth", min_count=least)


@pytest.mark.parametrize(
    ("content", "match"), [(b"", "is empty"), (b" \n\n", "is empty"), (b"!!! ...", "holds no words")]
)
def test_a_text_without_words_is_refused(tmp_path, content, match):
    (tmp_path / "text").write_bytes(content or gzip.compress(b""))
    with pytest.raises(TextError, match=f"text {match}"):
        read(tmp_path / "text", tmp_path / "kept")


MEASURE = """
import resource, sys
from pathlib import Path
from helpers.texts import own, words
words.words("é")
peak = lambda: int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
before = peak()
found = own.read(Path(sys.argv[1]), Path(sys.argv[2]), min_count=5)
print(peak() - before, len(found.ids) * 4 / 2**20)
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_the_text(tmp_path):
    """20 MB, of which lists of words would take 340."""
    with (tmp_path / "text").open("w") as file:
        for i in range(200_000):
            file.write(
                f"the word of all others is, once and again; and a list of words r{i % 50_000}, the words of the book\n"
            )
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "text"), str(tmp_path / "kept")],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    peak, ids = map(float, done.stdout.split())
    assert ids > 10 and peak < 1.5 * ids + 200, done.stderr
