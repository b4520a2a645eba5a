"""Texts as streams: every encoding and packing gives the same characters, and what is damaged is refused by name."""

import bz2
import gzip
import io
import lzma
import os
import random
import zipfile
from pathlib import Path

import pytest

from helpers.texts import reading
from helpers.texts.reading import TextError, check_first, chunks, files

TEXT = "Grüße, l’été\r\nzwei\rdrei\u2028vier 😀\n" * 50
READ = "Grüße, l’été\nzwei\ndrei\u2028vier 😀\n" * 50
NOISE = bytes(random.Random(0).choices(b"abcdefghij \n", k=5000))  # packs badly, so that its middle is data


def zipped(members, **kinds):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kinds.get("kind", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def locked(data):
    data = bytearray(data)
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def flipped(data):
    data = bytearray(data)
    data[len(data) // 2] ^= 4
    return bytes(data)


def read(path, content=None, **how):
    if content is not None:
        path.write_bytes(content)
    return "".join(chunks(path, **how)).rstrip("\n")


ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with its mark": TEXT.encode("utf-8-sig"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16, the other way round": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "utf-32, the other way round": b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"),
}


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
@pytest.mark.parametrize("name", ENCODED)
def test_an_encoding_with_a_mark_is_read_in_blocks_of_any_size(tmp_path, monkeypatch, name, block):
    monkeypatch.setattr(reading, "BLOCK", max(block, 4))
    found = read(tmp_path / "text", ENCODED[name])
    assert found.replace("\n\n", "\n") == READ.rstrip(
        "\n"
    )  # \r\n that two blocks divide is two lines, one of them empty


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped({"a.txt": data})])
@pytest.mark.parametrize("name", ["utf-8", "utf-16"])
def test_packed_texts_are_told_by_their_content(tmp_path, pack, name):
    assert read(tmp_path / "text.jpg", pack(ENCODED[name])) == READ.rstrip("\n")


@pytest.mark.parametrize("how", [{"encoding": "cp1252"}, {"encoding": "CP1252", "force": True}])
def test_an_encoding_may_be_given(tmp_path, how):
    assert read(tmp_path / "text", "Un café".encode("cp1252"), **how) == "Un café"
    assert read(tmp_path / "text", "Un café".encode("utf-16-le"), encoding="utf-16-le") == "Un café"


def test_a_folder_and_an_archive_are_read_in_the_order_of_their_names(tmp_path):
    members = {"b.txt": b"second", "a/x": b"first", "c": gzip.compress(b"third"), "d": b"", "a/.hidden": b"\0"}
    for name, content in members.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"\0")
    (tmp_path / "a" / "around").symlink_to(tmp_path)
    assert [file.name for file in files(tmp_path)] in (["x", "b.txt", "c", "d"], ["around", "x", "b.txt", "c", "d"])
    assert read(tmp_path).split() == ["first", "second", "third"]
    del members["c"]
    archive = zipped({**members, "__MACOSX/._b": b"\0", ".DS_Store": b"\0"})
    assert read(tmp_path / "z", archive).split() == ["first", "second"]


def test_links_to_folders_are_followed_once(tmp_path):
    (tmp_path / "elsewhere" / "below").mkdir(parents=True)
    (tmp_path / "elsewhere" / "below" / "b.txt").write_text("linked\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("own\n")
    for name in ("one", "two"):
        (tmp_path / "folder" / name).symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "folder")
    assert "".join(chunks(tmp_path / "folder")).split() == ["own", "linked"]


def test_names_in_an_archive_may_begin_at_its_root(tmp_path):
    path = tmp_path / "text.zip"
    path.write_bytes(zipped({"./a.txt": "one\n", "../b/c.txt": "two\n", "./.hidden": "three\n", "__MACOSX/d": "four"}))
    assert sorted("".join(chunks(path)).split()) == ["one", "two"]


def test_the_first_file_of_a_folder_that_is_no_text_is_named_before_any_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(TextError, match=r"b\.pdf is a PDF"):
        check_first(tmp_path)
    check_first(tmp_path, force=True)


def test_a_chunk_ends_at_a_line_or_at_a_blank_and_a_stream_is_never_whole_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 100)
    monkeypatch.setattr(reading, "LONGEST", 1000)
    for text, most in ((TEXT, 200), ("word " * 3000, 200), ("word\t" * 3000, 200), ("x" * 20_000, 1200)):
        (tmp_path / "text").write_text(text, encoding="utf-8", newline="")
        found = list(chunks(tmp_path / "text"))
        assert len(found) > 10 and max(map(len, found)) <= most
        assert all(chunk[-1] in "\n \t" for chunk in found) or text[0] == "x"


REFUSED = {
    "a cut gzip": (gzip.compress(NOISE)[:-300], "damaged, or cut off .gzip"),
    "a flipped gzip": (flipped(gzip.compress(NOISE)), "damaged, or cut off .gzip"),
    "a cut bzip2": (bz2.compress(NOISE)[:-300], "damaged, or cut off .bzip2"),
    "a flipped bzip2": (flipped(bz2.compress(NOISE)), "damaged, or cut off .bzip2"),
    "a cut xz": (lzma.compress(NOISE)[:-300], "damaged, or cut off .xz"),
    "a flipped xz": (flipped(lzma.compress(NOISE)), "damaged, or cut off .xz"),
    "a cut zip": (zipped({"a": NOISE})[:-30], "damaged, or cut off .zip"),
    "a flipped zip": (flipped(zipped({"a": NOISE})), "damaged, or cut off .zip"),
    "a flipped zip, stored": (flipped(zipped({"a": NOISE}, kind=zipfile.ZIP_STORED)), "damaged, or cut off .zip"),
    "an empty zip": (zipped({}), "zip archive without files"),
    "a zip of folders": (zipped({"a/": b""}), "zip archive without files"),
    "a locked zip": (locked(zipped({"a": NOISE})), "locked with a password: unpack it first"),
    "packed twice": (gzip.compress(gzip.compress(NOISE)), "packed twice .gzip.*force=True"),
    "a zip of gzips": (zipped({"a.gz": gzip.compress(NOISE)}), r"\(a\.gz\) is packed twice"),
    "a zip of a PDF": (zipped({"a.txt": b"words", "b.pdf": b"%PDF-1.4"}), r"\(b\.pdf\) is a PDF"),
    "a docx": (zipped({"[Content_Types].xml": b"", "word/document.xml": b"<x>"}), "Word document.*force=True"),
    "Latin-1": ("Un café très bon. ".encode("latin-1") * 9, "not UTF-8 .byte 6 is 0xe9.*encoding='cp125.'.*force=True"),
    "Windows's Cyrillic": ("Привет, как дела сегодня. ".encode("cp1251") * 9, "not UTF-8 .byte 0.*encoding='cp1251'"),
    "Shift JIS": ("今日は天気がいいですね。".encode("shift_jis") * 9, "not UTF-8 .*encoding='(cp932|shift_jis)'"),
    "UTF-16 without its mark": ("Hello, you there".encode("utf-16-le"), "UTF-16 without.*encoding='utf-16-le'"),
    "the same, the other way": ("Hello, you there".encode("utf-16-be"), "UTF-16 without.*encoding='utf-16-be'"),
    "half a surrogate pair": ("Hello".encode("utf-16") + b"\x00\xdc" * 2, "not UTF-16 .byte 12"),
    "UTF-16, cut": ("Hello".encode("utf-16")[:-1], "cut off in the middle of a character"),
    "UTF-8, cut": ("café".encode()[:-1], "cut off in the middle of a character .byte 3"),
    "zeros": (b"words\0and zeros", "is binary, not a text .byte 5 is zero.*force=True"),
    "noise": (bytes(random.Random(1).choices(range(256), k=3000)), "is binary, not a text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_is_refused_by_name(tmp_path, name):
    content, match = REFUSED[name]
    path = tmp_path / "a file"
    with pytest.raises(TextError, match=match) as error:
        read(path, content)
    assert str(path) in str(error.value) and path.read_bytes() == content


@pytest.mark.parametrize("name", [name for name, (_, match) in REFUSED.items() if "force" in match])
def test_force_reads_what_was_refused(tmp_path, name):
    content, match = REFUSED[name]
    if "packed" in match or "Word" in match:
        assert read(tmp_path / "text", content, force=True) is not None
    else:
        assert set("abcdefgh") & set(read(tmp_path / "text", content, force=True))


def test_the_byte_that_is_wrong_is_counted_from_the_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 64)
    for at in (0, 1, 63, 64, 65, 1000):
        with pytest.raises(TextError, match=f"byte {at:,} is 0xff"):
            read(tmp_path / "text", b"a " * (at // 2) + b"a" * (at % 2) + b"\xff" + b" words" * 50)
        if at:
            with pytest.raises(TextError, match=f"byte {at + 2:,} is zero"):
                read(tmp_path / "text", b"a " * (at // 2) + b"a" * (at % 2) + b"\xc3\xa9\0" + b" words" * 50)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for path, match in (
        (tmp_path / "fifo", "fifo is a pipe, not a file"),
        (Path("/dev/zero"), "/dev/zero is a device"),
        (tmp_path, "fifo is a pipe"),
        (tmp_path / "folder", "folder without files"),
        (tmp_path / "none", "none cannot be read: No such file"),
    ):
        with pytest.raises(TextError, match=match):
            read(path)


def test_a_file_that_one_may_not_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "text").write_text("words")

    def refused(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(TextError, match="text cannot be read: Permission denied"):
        read(tmp_path / "text")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lambda data: zipped({"a": data})])
def test_a_bomb_is_given_up(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(reading, "BOMB", (300, 1 << 21))
    (tmp_path / "bomb").write_bytes(pack(b"a b " * (1 << 21)))
    done = 0
    with pytest.raises(TextError, match="unpacks to more than 300 times its .* bytes.*force=True"):
        for chunk in chunks(tmp_path / "bomb"):
            done += len(chunk)
    assert done < 1 << 22
    assert sum(map(len, chunks(tmp_path / "bomb", force=True))) >= 1 << 23
    monkeypatch.setattr(reading, "BOMB", (300, 1 << 26))
    assert sum(map(len, chunks(tmp_path / "bomb"))) >= 1 << 23  # so small, it is no matter


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13", "", "a\0b"])
def test_an_encoding_that_is_none_is_named(tmp_path, encoding):
    with pytest.raises(TextError, match="^encoding is .*'cp1252'"):
        check_first(tmp_path, encoding=encoding)
    (tmp_path / "text").write_text("words")
    with pytest.raises(TextError, match="^encoding is"):
        read(tmp_path / "text", encoding=encoding)
