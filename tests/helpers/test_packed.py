"""`packed`: each packing both ways, what is damaged, and files that are named for what they are."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import struct
import tarfile
import zipfile

import numpy as np
import pytest
import torch

from helpers.packed import FileError, describe, open_packed, write_packed

TEXT = b"2 2\na 1 2\nb 3 4\n" * 50


def read(path):
    with open_packed(path) as file:
        return file.read()


@pytest.mark.parametrize(
    ("ending", "unpack"), [(".gz", gzip), (".bz2", bz2), (".xz", lzma), (".txt", None), ("", None)]
)
def test_the_ending_says_how_to_pack_and_the_bytes_how_to_unpack(tmp_path, ending, unpack):
    path = tmp_path / "named as you like.txt"
    with write_packed(path, ending) as file:
        file.write(TEXT)
    raw = path.read_bytes()
    assert (unpack.decompress(raw) if unpack else raw) == TEXT == read(path)
    with write_packed(path, ending) as file:
        file.write(TEXT)
    assert path.read_bytes() == raw  # no time, no name
    if unpack:
        for damaged in (raw[:-9], raw[: len(raw) // 2], raw[:12] + b"\xff" * 9 + raw[21:]):
            path.write_bytes(damaged)
            with pytest.raises(FileError, match=rf"is packed .{ending}., and damaged"):
                read(path)


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def test_a_zip_holds_one_file(tmp_path):
    path = tmp_path / "z"
    zipped(path, {"folder/": b"", "folder/w.txt": TEXT, "__MACOSX/w.txt": b"x", "folder/.DS_Store": b"x"})
    assert read(path) == TEXT
    zipped(path, {"glove.50d.txt": TEXT, "glove.100d.txt": TEXT})
    with pytest.raises(FileError, match=r"zip of 2 files \(glove.50d.txt, glove.100d.txt\): unpack it"):
        read(path)
    for files, says in (({}, "zip of no file"), ({"word/a": b"", "[Content_Types].xml": b""}, "Office")):
        zipped(path, files)
        with pytest.raises(FileError, match=says):
            read(path)
    zipped(path, {"w.txt": TEXT})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FileError, match="damaged or cut off"):
        read(path)
    zipped(path, {"w.txt": TEXT})
    path.write_bytes(
        path.read_bytes()
        .replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0")
        .replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
    )  # as with a password
    with pytest.raises(FileError, match="cannot be unpacked here"):
        read(path)


def tar():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("w.txt"), io.BytesIO(b""))
    return buffer.getvalue()


def npy():
    buffer = io.BytesIO()
    np.save(buffer, np.eye(2))
    return buffer.getvalue()


SAFETENSORS = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (struct.pack("<ii", 793712314, 12), "fastText.*load_facebook_vectors"),
        *((pickle.dumps([1], protocol), "pickle.*gensim's save") for protocol in (2, 3, 4, 5)),
        (npy(), r"NumPy \(.npy\)"),
        (struct.pack("<Q", len(SAFETENSORS)) + SAFETENSORS, "safetensors"),
        (b"PAR1\x15\0", "Parquet"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"ARROW1\0\0", "Arrow"),
        (b"SQLite format 3\0", "SQLite"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\n <html lang=en>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"{\\rtf1", "RTF"),
        (b'{"a": [1, 2]}', "JSON"),
        (b'[["a", 1]]', "JSON"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        ("2 2".encode("utf-16"), "UTF-16"),
        ("2 2".encode("utf-32"), "UTF-16 or UTF-32"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (tar(), "tar archive"),
        (gzip.compress(b"a"), "packed twice"),
        (bz2.compress(b"a"), "packed twice"),
        (lzma.compress(b"a"), "packed twice"),
    ],
)
def test_files_are_named_for_what_they_are(head, says):
    with pytest.raises(FileError, match=says):
        raise FileError(describe(head))


@pytest.mark.parametrize(
    "head", [b"2 3\nwater 1 2 3\n", b"the 0.1 0.2\n", b"", b"{ 0.1 0.2\n", b"[ 1 2\n", b"<s> 1 2\n"]
)
def test_vectors_are_nothing_else(head):
    assert describe(head) is None


def test_archives_of_other_programs_are_named(tmp_path):
    np.savez(tmp_path / "a.npz", W=np.eye(2))
    torch.save(torch.eye(2), tmp_path / "a.pt")
    for name, says in (("a.npz", "np.load"), ("a.pt", "torch.load")):
        with pytest.raises(FileError, match=says):
            read(tmp_path / name)
