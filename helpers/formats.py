# Taught in 06 · tests/helpers/test_formats.py
"""word2vec's two file formats for vectors, as word2vec.c, gensim, fastText and GloVe write and read them.

The first line has the number of words and of dimensions. Then comes a row a word: in the text format the word and its
numbers in decimals, parted by blanks; in the binary one the word, a blank, and the numbers' bytes (float32, the lowest
byte first), with a line break between the rows or without. GloVe's text has no first line.

A file is read some rows at a time: what its first line promises costs nothing until it comes.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from helpers.arguments import checked, flag, one_of, optional, text, words
from helpers.arguments import path as path_rule
from helpers.packed import PACKINGS, FileError, open_packed, write_packed
from helpers.rows import CHUNK, ascii_encoding, binary_rows, check_size, file_size, fits, header, text_rows
from helpers.shapes import array

ROWS = 1000  # turned into text at once


class VectorsError(FileError):
    """Words and vectors that cannot be read from a file, or written to one, with what to do."""


@checked(
    path=path_rule(), words=words("V"),
    W=array("V D", finite=False), binary=flag(), packing=optional(one_of("", *PACKINGS)),
)  # fmt: skip
def write_vectors(
    path: str | Path, words: list[str], W: np.ndarray, *, binary: bool = False, packing: str | None = None
) -> None:
    """Write words and their vectors, the same bytes as gensim's ``save_word2vec_format``.

    Parameters
    ----------
    path : path
    words : list of str, length V
    W : np.ndarray of float, shape (V, D)
        Written as float32. In text each number has as few digits as tell it from the next float32, so that no bit is
        lost.
    binary : bool
    packing : {".gz", ".bz2", ".xz", ""}, optional
        Default: the ending of ``path``.

    Raises
    ------
    VectorsError
        For what could not be read again, or not as it was: a word with a blank, a line break or another of Unicode's
        spaces, an empty one, one that is there twice, one that is no text; no words at all; a number that is NaN,
        infinite, or too large for float32.
    """
    with np.errstate(over="ignore"):
        W = np.ascontiguousarray(W, dtype="<f4")
    _writable(words, W)
    try:
        with write_packed(path, packing_of(path) if packing is None else packing) as file:
            file.write(f"{len(words)} {W.shape[1]}\n".encode())
            for first in range(0, len(words), ROWS):
                block = W[first : first + ROWS]
                # A number of float32 in decimals has at most 18 characters.
                rows = block if binary else (b" ".join(row) + b"\n" for row in block.astype("S20"))
                file.writelines(word.encode() + b" " + bytes(row) for word, row in zip(words[first:], rows))
    except OSError as error:
        raise VectorsError(f"the path {path} cannot be written: {error.strerror or error}") from error


@checked(path=path_rule())
def packing_of(path: str | Path) -> str:
    """How a file of this name is to be packed: .gz, .bz2, .xz, or "" for not.

    Raises
    ------
    VectorsError
        For an ending that promises another packing.
    """
    ending = path.suffix.lower()
    if ending in (".zip", ".zst", ".7z", ".lz4", ".rar"):
        raise VectorsError(f"the path {path} ends in {ending}, which is not written here: let it end in .gz, say")
    return ending if ending in PACKINGS else ""


def _writable(words: list[str], W: np.ndarray) -> None:
    if not W.size:
        raise VectorsError(f"W has the shape {W.shape}: give a word and a dimension at least")
    _parted(words, "cannot be written")
    try:
        "".join(words).encode()
    except UnicodeEncodeError as error:
        raise VectorsError(f"a word cannot be written, for it is no text: {error.object[error.start]!r}") from None
    _finite(W, words, "W: ")


def _parted(words: list[str], what: str) -> None:
    """Refuse words that are not one, and words that come twice."""
    if re.search(r"\s", "".join(words)):
        row, word = next((row, word) for row, word in enumerate(words, 1) if re.search(r"\s", word))
        raise VectorsError(f"the word {word!r} of row {row:,} {what}: spaces part the words. Put _ in their place")
    _once(words)


def _once(words: list[str]) -> None:
    hashes = np.sort(np.fromiter(map(hash, words), np.int64, len(words)))  # a fifth of what a set takes
    if (hashes[1:] == hashes[:-1]).any():
        first: dict[str, int] = {}
        for row, word in enumerate(words, 1):
            if first.setdefault(word, row) != row:
                raise VectorsError(
                    f"the word {word!r} is there twice, in the rows {first[word]:,} and {row:,}: keep one"
                )


def _finite(block: np.ndarray, words: list[str], where: str = "") -> None:
    bad = np.flatnonzero(~np.isfinite(block).all(axis=1)) if not np.isfinite(block).all() else ()
    if len(bad):
        row = block[bad[0]]
        value = row[~np.isfinite(row)][0]
        raise VectorsError(
            f"{where}the vector of {words[bad[0]]!r} has {value} in it: leave the word out, or train again"
        )


@checked(path=path_rule(), binary=flag(), encoding=text(), errors=text(), padding=flag())
def read_vectors(
    path: str | Path,
    *,
    binary: bool = False,
    encoding: str = "utf-8",
    errors: str = "strict",
    padding: bool = False,
) -> tuple[list[str], np.ndarray]:
    """Read words and their vectors; from a file packed by gz, bz2, xz or zip as well.

    Parameters
    ----------
    path : path
    binary : bool
    encoding, errors : str
        Of the words, as for `bytes.decode`: ``"latin-1"``, or ``errors="replace"`` for files with broken words.
    padding : bool
        Put a row of zeros before the first.

    Returns
    -------
    words : list of str, length V
    W : np.ndarray of float32, shape (V, D), with ``padding`` (V + 1, D)

    Raises
    ------
    VectorsError
        If the file is not what its first line says, to the last byte; if it is in the other format, or in a format of
        other programs, which is named; if a word comes twice or is not text in this encoding; if a number is NaN or
        infinite.
    FileNotFoundError
    """
    try:
        if not path.exists():
            raise FileNotFoundError(f"there are no vectors at the path {path}")
        if not path.is_file():
            raise FileError(f"the path {path} is {'a folder' if path.is_dir() else 'no file'}: give a file of vectors")
        how = ascii_encoding(encoding, errors), errors
        with open_packed(path) as file:
            words, W = _table(file, file_size(file, path), binary, how, int(padding))
        _parted(words, "has a space in it")
    except FileError as error:
        raise VectorsError(str(error) if str(path) in str(error) else f"{path}: {error}") from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise VectorsError(f"the path {path} cannot be read: {error.strerror or error}") from None
    return words, W


def _table(file: BinaryIO, size: int | None, binary: bool, how: tuple[str, str], first: int):
    head = file.read(CHUNK).removeprefix(codecs.BOM_UTF8)
    words: list[str] = []
    try:
        V, D, start = header(head, binary)
        if binary and fits(head, False):  # numbers of three digits take four bytes, as those of float32 do
            raise ValueError("its first row is a word and numbers in decimals")
        check_size(V, D, size, binary)
        W = np.zeros((first, D), np.float32)
        for block in (binary_rows if binary else text_rows)(head[start:], file, V, D, words, how):
            _finite(block, words[-len(block) :])
            W.resize((len(W) + len(block), D), refcheck=False)  # moves the pages, and copies nothing
            W[len(W) - len(block) :] = block
    except FileError:
        raise
    except ValueError as error:
        form, other = ("binary", "text") if binary else ("text", "binary")
        what = "in the" if fits(head, not binary) else "damaged, or in the"
        raise FileError(
            f"it does not hold vectors in word2vec's {form} format ({error}); it is {what} {other} format "
            f"(binary={not binary})"
        ) from None
    return words, W
