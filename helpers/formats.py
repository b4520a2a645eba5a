# Taught in 06 · tests/helpers/test_formats.py
"""word2vec's two file formats for vectors, as word2vec.c, gensim and fastText write and read them.

The first line has the number of words and of dimensions. Then comes a row a word: in the text format the word and its
numbers in decimals, parted by blanks; in the binary one the word, a blank, and the numbers' bytes (float32, the lowest
byte first), with a line break between the rows or without.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import BinaryIO

import numpy as np

ROWS = 1000  # turned into text at once


class VectorsError(ValueError):
    """A file that holds no vectors in word2vec's formats."""


def write_vectors(path: str | Path, words: list[str], W: np.ndarray, *, binary: bool = False) -> None:
    """Write words and their vectors, the same bytes as gensim's ``save_word2vec_format``.

    Parameters
    ----------
    path : path
    words : list of str, length V
    W : np.ndarray of float32, shape (V, D)
        In text each number has as few digits as tell it from the next float32, so that no bit is lost.
    binary : bool

    Raises
    ------
    VectorsError
        For a word with a blank or a line break in it, or none: it could not be read again.
    """
    for word in words:
        if not word or " " in word or "\n" in word:
            raise VectorsError(f"the word {word!r} cannot be written: blanks and line breaks part the words")
    W = np.ascontiguousarray(W, dtype="<f4")
    with open(path, "wb") as file:
        file.write(f"{len(words)} {W.shape[1]}\n".encode())
        for first in range(0, len(words), ROWS):
            block = W[first : first + ROWS]
            # A number of float32 in decimals has at most 18 characters.
            rows = block if binary else (b" ".join(row) + b"\n" for row in block.astype("S20"))
            file.writelines(word.encode() + b" " + bytes(row) for word, row in zip(words[first:], rows))


def read_vectors(path: str | Path, *, binary: bool = False) -> tuple[list[str], np.ndarray]:
    """Read words and their vectors.

    Parameters
    ----------
    path : path
    binary : bool

    Returns
    -------
    words : list of str, length V
    W : np.ndarray of float32, shape (V, D)

    Raises
    ------
    VectorsError
        If the file is not what its first line says, to the last byte; if it is in the other format; if a word comes
        twice.
    """
    with open(path, "rb") as file:
        try:
            V, D = _header(file, Path(path).stat().st_size, binary)
            words, W = (_read_binary if binary else _read_text)(file, V, D)
            if len(set(words)) < V:
                raise ValueError(f"the word {Counter(words).most_common(1)[0][0]!r} is there twice")
        except ValueError as error:  # UnicodeDecodeError too
            form, other = ("binary", "text") if binary else ("text", "binary")
            raise VectorsError(
                f"{path} does not hold vectors in word2vec's {form} format ({error}): the file is damaged, or in the "
                f"{other} format (binary={not binary})"
            ) from None
    return words, W


def _header(file: BinaryIO, size: int, binary: bool) -> tuple[int, int]:
    line = file.readline(100)
    try:
        V, D = map(int, line.split())
    except ValueError:
        raise ValueError(f"it begins with {line[:40]!r}, not with the numbers of words and dimensions") from None
    least = 2 + 4 * D if binary else 1 + 2 * D  # bytes a row: a word of one letter, and the numbers
    if V < 1 or D < 1 or V * least > size:
        raise ValueError(f"{V:,} words of {D:,} dimensions, says its first line, and it has {size:,} bytes")
    return V, D


def _read_text(file: BinaryIO, V: int, D: int) -> tuple[list[str], np.ndarray]:
    words = []

    def numbers():
        for row, line in enumerate(file, 1):
            word, _, rest = line.rstrip().partition(b" ")
            if row > V:
                if word:
                    raise ValueError(f"more rows than the {V:,} of its first line")
                continue
            if not word or not rest or rest.count(b" ") != D - 1:
                raise ValueError(f"row {row:,} is no word with {D} numbers: {line[:40]!r}")
            words.append(word.decode())
            yield rest

    W = np.loadtxt(numbers(), dtype=np.float32, delimiter=" ", comments=None, ndmin=2)
    if len(words) < V:
        raise ValueError(f"{len(words):,} rows, not the {V:,} of its first line")
    return words, W


def _read_binary(file: BinaryIO, V: int, D: int) -> tuple[list[str], np.ndarray]:
    words, W, data, start = [], np.empty((V, D), np.float32), file.read(), 0
    for row in range(V):
        blank = data.find(b" ", start)
        if blank < 0 or len(data) - blank - 1 < 4 * D:
            raise ValueError(f"it ends in row {row + 1:,} of {V:,}")
        words.append(data[start:blank].lstrip(b"\n").decode())
        if not words[-1] or "\n" in words[-1]:
            raise ValueError(f"row {row + 1:,} has the word {words[-1]!r}")
        W[row] = np.frombuffer(data, "<f4", D, blank + 1)
        start = blank + 1 + 4 * D
    if data[start:] not in (b"", b"\n"):
        raise ValueError(f"{len(data) - start:,} bytes after the {V:,} rows of its first line")
    return words, W
