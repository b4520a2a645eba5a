# Used from 04 · tests/helpers/texts/test_own.py
"""A text of one's own as ids, which are kept in data/ for the next time."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from helpers.arguments import checked, function, optional, whole
from helpers.arguments import path as a_path
from helpers.files import atomic_write
from helpers.texts import indexing, reading, stored
from helpers.texts.reading import TextError
from helpers.texts.words import RULES

FORM = 1  # of what is stored
SMALL = 1 << 18  # bytes: a shorter text is read anew each time, in a fraction of a second
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RACY = 2.0  # seconds: a file that changed so shortly before it was read may change again within its clock's tick


@dataclass(frozen=True)
class Indexed:
    """A text as ids.

    Attributes
    ----------
    words : list of str
        For the ids 1, 2, ..., the most frequent first, ties in order of appearance.
    counts : np.ndarray of int64
        Occurrences in the part that is trained on.
    ids, bounds : np.ndarray of int32 and int64
        As in `helpers.corpus.Corpus`.
    held_ids, held_bounds : np.ndarray or None
        Every 20th sentence; None where that is too little to measure a loss on, and all is trained on.
    tokens_read : int
        In the part that is trained on, before rare words were dropped.
    clause : str
        Of a text without blanks between words, one of its clauses.
    """

    words: list[str]
    counts: np.ndarray
    ids: np.ndarray
    bounds: np.ndarray
    held_ids: np.ndarray | None
    held_bounds: np.ndarray | None
    tokens_read: int
    clause: str


@checked(path=a_path(), folder=a_path(), min_count=whole(1), tokenize=optional(function()), **reading.HOW)
def read(
    path: Path,
    folder: Path,
    *,
    min_count: int,
    tokenize: Callable[[str], Iterable[str]] | None = None,
    encoding: str | None = None,
    force: bool = False,
) -> Indexed:
    """A text as ids: from ``folder`` if they are there and the text is what it was, else made anew and kept there.

    What is kept is taken where the text's files have the sizes and times that they had, or else the same content. A
    folder that cannot be written to costs time alone.

    Parameters
    ----------
    path : Path
        A file or a folder, as `helpers.texts.reading.chunks` reads it.
    folder : Path
        For what is kept.
    min_count : int
        Rarer words are dropped.
    tokenize : callable, optional
        From a line to its words. Then nothing is kept, for such a function may change.
    encoding, force
        As in `helpers.texts.reading.chunks`.

    Raises
    ------
    TextError
        For what cannot be read, holds no words, is no plain text, or changes while it is read; where there is no room
        for the ids; for more than `indexing.LIMIT` different words.
    """
    path = path.absolute()
    reading.check_first(path, encoding=encoding, force=force)
    files = reading.files(path)
    short = sum(file.stat().st_size for file in files) < SMALL
    stamp = _stamp(files)

    def text() -> Iterator[str]:
        yield from reading.chunks(path, encoding=encoding, force=force)
        if [one[:3] for one in _stamp(reading.files(path))] != [one[:3] for one in stamp]:
            raise TextError(f"{path} changed while it was read: wait until nothing writes to it, or give a copy.")

    if tokenize is not None or short:
        return _read(path, text, min_count, tokenize, None if short else folder)
    rules = [FORM, RULES, unicodedata.unidata_version, version("regex"), min_count, encoding, force]
    kept = folder / f"{path.stem[:40]}-{hashlib.sha256(str(path).encode('utf-8', 'replace')).hexdigest()[:12]}.ids"
    try:
        with kept.open("rb") as file:
            arrays, said = stored.open_stored(file)
        if said["rules"] == rules and (said["stamp"] == stamp or said["content"] == _content(path, files)):
            return _indexed(arrays, said)
    except (OSError, ValueError, KeyError):  # none is there, or it is damaged: it is made anew
        pass
    racy = time.time() - max(file.stat().st_mtime for file in files) < RACY

    def said() -> dict | None:  # after the first pass, which finds what is no text
        content = _content(path, files)
        same = _stamp(files) == stamp
        return {"rules": rules, "content": content, "stamp": None if racy else stamp} if same else None

    return _read(path, text, min_count, None, folder, kept, said)


def _read(path, text, min_count, tokenize, folder, *kept) -> Indexed:
    """Both passes over a text; a full disk is named."""
    try:
        found = _passes(path, text, min_count, tokenize, folder, *kept)
        _give_back()
        return found
    except OSError as error:
        if error.errno not in FULL:
            raise
        place = folder or tempfile.gettempdir()
        raise TextError(
            f"{path}: there is no room for its ids in {place} ({error.strerror}). They take 4 bytes a word, twice "
            "while the text is read: make room, or let WORD2VEC_DATA name a folder that has it."
        ) from None


def _give_back() -> None:
    """Let the C library return to the system what the passes have freed; glibc keeps it in holes."""
    with suppress(OSError, AttributeError, TypeError):  # another library
        ctypes.CDLL(None).malloc_trim(0)


def _passes(path, text, min_count, tokenize, folder, kept=None, said=lambda: None) -> Indexed:
    """Both passes over a text, into the file ``kept`` or, where that cannot be, into one without a name."""
    with _scratch(folder) as first:
        one, clause = _first_pass(path, text, tokenize, min_count, first)
        if not one.tokens:
            what = "is empty" if one.blank else "holds no words"
            raise TextError(f"{path} {what}: give a text, one sentence or paragraph a line.")
        about = {"clause": clause, **(said() or {})}

        def second(file: BinaryIO) -> None:
            first.seek(0)
            read = lambda n: np.frombuffer(first.read(4 * n), np.int32)  # noqa: E731
            indexing.second_pass(read, one, min_count, file, **about)

        if "rules" in about:
            try:
                with atomic_write(kept) as part, part.open("wb") as file:
                    second(file)
                with kept.open("rb") as file:
                    return _indexed(*stored.open_stored(file))
            except (OSError, ValueError):  # no room in data/, or no leave to write there
                pass
        with _scratch(folder) as file:  # what is mapped stays
            second(file)
            return _indexed(*stored.open_stored(file))


def _first_pass(path, text, tokenize, min_count, file: BinaryIO) -> tuple[indexing.FirstPass, str]:
    """The first pass, its ids written to a file; where there are too many different words, through a sieve."""
    one = indexing.FirstPass(tokenize)
    sieved = not _feed(one, text, file, indexing.MOST if min_count > 1 else indexing.LIMIT)
    clause = one.clause() if tokenize is None else ""
    if sieved and min_count > 1:
        sieve = indexing.Sieve(min_count, sum(file.stat().st_size for file in reading.files(path)))
        one = indexing.FirstPass(tokenize, sieve)
        for chunk in text():
            sieve.feed(one.split(chunk))
        one = indexing.FirstPass(tokenize, indexing.Sieved(sieve))
        file.seek(0)
        file.truncate()
        sieved = not _feed(one, text, file, indexing.LIMIT)
    if sieved:
        raise TextError(
            f"{path} has more than {indexing.LIMIT:,} different words, as far as can be told, that occur {min_count} "
            "times or more: give a larger min_count."
        )
    return one, clause


def _feed(one: indexing.FirstPass, text, file: BinaryIO, most: int) -> bool:
    """Go through a text; False, and no further, once there are more different words than ``most``."""
    for chunk in text():
        file.write(one.feed(chunk).data)
        if len(one.vocab) > most:
            return False
    return True


def _scratch(folder: Path | None) -> BinaryIO:
    """A file without a name, in a folder or else where the system keeps such; in memory while it is short."""
    if folder is None:
        return tempfile.SpooledTemporaryFile(1 << 24)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return tempfile.TemporaryFile()


def _indexed(arrays: dict[str, np.ndarray], said: dict[str, Any]) -> Indexed:
    text = arrays.pop("words").tobytes().decode("utf-8", "surrogatepass")
    held = len(arrays["held_bounds"]) > 1
    return Indexed(
        words=text.split("\n") if text else [],
        counts=arrays["counts"],
        ids=arrays["ids"],
        bounds=arrays["bounds"],
        held_ids=arrays["held_ids"] if held else None,
        held_bounds=arrays["held_bounds"] if held else None,
        tokens_read=said["tokens_read"],
        clause=said["clause"],
    )


def _stamp(files: list[Path]) -> list[list]:
    """What changes where a text's files do: names, sizes, times of writing and of any change."""
    stats = [(file, file.stat()) for file in files]
    return [[str(file), at.st_size, at.st_mtime_ns, at.st_ctime_ns, at.st_ino] for file, at in stats]


def _content(path: Path, files: list[Path]) -> str:
    """SHA-256 of a text's files and their names."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(path)}\0{file.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        with file.open("rb") as stream:
            while block := stream.read(reading.BLOCK):
                digest.update(block)
    return digest.hexdigest()
