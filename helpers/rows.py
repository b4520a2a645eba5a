# Used from 06 · tests/helpers/test_rows.py
"""The rows of a file of vectors, in word2vec's text and binary formats and in GloVe's, some at a time.

A `ValueError` here says that the file is not what it should be, a `FileError` what it is.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from helpers.packed import FileError, describe

CHUNK = 1 << 20  # bytes read at once
LONGEST = 1 << 26  # bytes of a row: more is no row
HEADER = re.compile(rb"[+-]?\d{1,18}[ \t]+[+-]?\d{1,18}\s*\Z")


def ascii_encoding(encoding: str, errors: str) -> str:
    """An encoding in which blanks and digits are ASCII's, or else the rows could not be parted."""
    try:
        codecs.lookup_error(errors)
        encoding = codecs.lookup(encoding).name.replace("utf-8-sig", "utf-8")
        if " 0\n".encode(encoding) == b" 0\n":
            return encoding
    except (LookupError, TypeError, ValueError) as error:
        raise FileError(f"encoding and errors are {encoding!r} and {errors!r}, which Python lacks: {error}") from None
    raise FileError(f"encoding is {encoding!r}, in which blanks are not ASCII's: save the file as UTF-8 first")


def header(head: bytes, binary: bool) -> tuple[int | None, int, int]:
    """Number of words, None where there is no first line; of dimensions; and where the rows begin."""
    line = head[: head.find(b"\n") + 1 or len(head)]
    if HEADER.match(line):
        V, D = map(int, line.split())
        return V, D, len(line)
    known = describe(head)
    if known:
        raise FileError(f"it is {known}")
    if not head:
        raise ValueError("it is empty, it begins with b''")
    if not binary and _numbers(line.split()[1:]):
        return None, len(line.split()) - 1, 0
    commas = ", and commas part its columns: put blanks in their place" if line.count(b",") > 1 else ""
    raise ValueError(
        f"it begins with {line[:40]!r}, neither with the numbers of words and dimensions nor with a word and its "
        f"numbers{commas}"
    )


def _numbers(fields: list[bytes]) -> bool:
    try:
        return bool(fields) and all(fields) and len(np.loadtxt(fields, dtype=np.float32, comments=None, ndmin=1)) > 0
    except ValueError:
        return False


def file_size(file: BinaryIO, path: Path) -> int | None:
    """Bytes of an open file; None where it is packed, for its size when unpacked is not known."""
    return path.stat().st_size if isinstance(file, io.BufferedReader) else None


def check_size(V: int | None, D: int, size: int | None, binary: bool) -> None:
    """Refuse a first line that the file has no room for."""
    least = 2 + 4 * D if binary else 1 + 2 * D  # bytes a row: a word of one letter, and the numbers
    if V is not None and (V < 1 or D < 1 or least > LONGEST or (size is not None and V * least > size)):
        has = "" if size is None else f", and it has {size:,} bytes"
        raise ValueError(f"{V:,} words of {D:,} dimensions, says its first line{has}")


def fits(head: bytes, binary: bool) -> bool:
    """Whether the first row is one in this format."""
    try:
        V, D, start = header(head, binary)
        if not binary:
            line = head[start:].partition(b"\n")[0].split()
            return len(line) == D + 1 and _numbers(line[1:])
        word, _, rest = head[start:].partition(b" ")
        return len(rest) >= 4 * D and not rest[: 4 * D].isascii() and len(word.split()) == 1
    except ValueError:
        return False


def _decoded(word: bytes, row: int, how: tuple[str, str]) -> str:
    try:
        text = word.decode(*how)
    except (UnicodeDecodeError, TypeError):  # TypeError: errors= that are for writing
        text = ""
    if not text:
        raise FileError(
            f"the word of row {row:,}, {word[:40]!r}, is not text in {how[0]}: give the file's own encoding=, or "
            "errors='replace'"
        )
    return text


def _lines(data: bytes, file: BinaryIO) -> Iterator[list[bytes]]:
    """Whole lines, as many as are in some bytes."""
    while data:
        more = file.read(CHUNK)
        end = data.rfind(b"\n") + 1 if more else len(data)
        if end:
            yield data[:end].removesuffix(b"\n").split(b"\n")
        elif len(data) > LONGEST:
            raise ValueError(f"a row has no end within {LONGEST:,} bytes")
        data = data[end:] + more


def text_rows(
    data: bytes, file: BinaryIO, V: int | None, D: int, words: list[str], how: tuple[str, str]
) -> Iterator[np.ndarray]:
    """The vectors of the rows, some at a time; their words are appended to ``words``."""
    row = empty = 0
    for lines in _lines(data, file):
        rests = []
        for line in lines:
            line = line.rstrip()
            if not line:
                empty = empty or row + len(rests) + 1
                continue
            at = row + len(rests) + 1
            word, _, rest = line.partition(b" ")
            if empty or rest.count(b" ") != D - 1 or not rest or len(word.split()) != 1:  # else the usual row
                fields = line.split()  # by tabs, or by several blanks
                if empty or len(fields) != D + 1:
                    raise ValueError(_no_row(empty or at, b"" if empty else line, D))
                word, rest = fields[0], b" ".join(fields[1:])
            if V is not None and at > V:
                raise ValueError(f"more rows than the {V:,} of its first line")
            words.append(_decoded(word, at, how))
            rests.append(rest)
        if rests:
            yield _parsed(rests, row)
            row += len(rests)
    if V is not None and row < V:
        raise ValueError(f"{row:,} rows, not the {V:,} of its first line")


def _no_row(row: int, line: bytes, D: int) -> str:
    more = len(line.split()) - 1 - D
    why = f"; has its word {more} blank{'s' * (more > 1)}?" if line and more > 0 else ""
    return f"row {row:,} is no word with {D} numbers: {line[:40]!r}{why}"


def _parsed(rests: list[bytes], before: int) -> np.ndarray:
    try:
        return np.loadtxt(rests, dtype=np.float32, delimiter=" ", comments=None, ndmin=2)
    except ValueError:
        for row, rest in enumerate(rests, before + 1):
            for field in rest.split(b" "):
                if not _numbers([field]):
                    raise ValueError(f"row {row:,} could not convert string {field[:40]!r} to a number") from None
        raise


def binary_rows(
    data: bytes, file: BinaryIO, V: int, D: int, words: list[str], how: tuple[str, str]
) -> Iterator[np.ndarray]:
    """As `text_rows`."""
    start, values = 0, []
    for row in range(1, V + 1):
        while True:
            blank = data.find(b" ", start)
            end = blank + 1 + 4 * D
            if blank >= 0 and end <= len(data):
                break
            if values:
                yield np.frombuffer(b"".join(values), "<f4").reshape(-1, D)
            values, more = [], file.read(CHUNK)
            if not more or len(data) - start > LONGEST:
                raise ValueError(f"it ends in row {row:,} of {V:,}")
            data, start = data[start:] + more, 0
        word = data[start:blank].lstrip(b"\n")
        if len(word.split()) != 1 or word.strip() != word:
            raise ValueError(f"row {row:,} has the word {word[:40].decode(errors='replace')!r}")
        words.append(_decoded(word, row, how))
        values.append(data[blank + 1 : end])
        start = end
    yield np.frombuffer(b"".join(values), "<f4").reshape(-1, D)
    rest = data[start:] + file.read(CHUNK)
    if rest not in (b"", b"\n"):
        raise ValueError(f"{len(rest):,} bytes after the {V:,} rows of its first line")
