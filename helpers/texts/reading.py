# Used from 04 · tests/helpers/texts/test_reading.py
"""A text of any size as a stream: packed or not, one file or a folder, in any encoding that says which it is."""

from __future__ import annotations

import codecs
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from helpers import packed
from helpers.arguments import checked, flag, instance, optional
from helpers.arguments import path as a_path
from helpers.texts import kinds

BLOCK = 1 << 20  # bytes read at a time
LONGEST = 1 << 22  # characters without a blank or a line end; then the stream is cut anywhere
BOMB = 300, 1 << 26  # times its packed size, once it is that many bytes: no text, but a trap
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PACKED = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zip": "zip"}  # what errors call them
DAMAGED = (*packed.BROKEN, OSError, ValueError)
HIDDEN = re.compile(r"__MACOSX|\.(?!\.?$)")  # in a zip archive
HOW = {"encoding": optional(instance(str, wanted="an encoding, such as 'cp1252'")), "force": flag()}
INSIST = "To read it as it stands, give force=True."


class TextError(ValueError):
    """A file that cannot be read as a text: which, why, and what to do."""


@checked(path=a_path())
def files(path: Path) -> list[Path]:
    """The files of a text: itself, or those in a folder and its folders, in the order of their names.

    Files and folders whose names begin with a dot are left out.

    Raises
    ------
    TextError
        If there is none, or what is there is no file.
    """
    try:
        if not path.is_dir():
            _check_regular(path)
            return [path]
        found, seen = [], {os.path.realpath(path)}  # links to folders are followed, but not in a circle
        for folder, below, names in os.walk(path, onerror=_raise, followlinks=True):
            real = {name: os.path.realpath(os.path.join(folder, name)) for name in below if not name.startswith(".")}
            below[:] = [name for name in sorted(real) if real[name] not in seen]
            seen.update(real.values())
            found += [Path(folder, name) for name in names if not name.startswith(".")]
        found.sort(key=lambda file: file.relative_to(path).parts)
        for file in found:
            _check_regular(file)
    except OSError as error:
        raise TextError(f"{error.filename or path} cannot be read: {error.strerror or error}.") from None
    if not found:
        raise TextError(f"{path} is a folder without files: give a text, or a folder of texts.")
    return found


def _raise(error: OSError) -> None:
    raise error


def _check_regular(path: Path) -> None:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        what = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise TextError(f"{path} is {what}, not a file: save the text in a file first.")


@checked(path=a_path(), **HOW)
def chunks(path: Path, *, encoding: str | None = None, force: bool = False) -> Iterator[str]:
    """The characters of a text, about a million at a time; a chunk ends at a line's end, or else at a blank.

    Every line ends with ``\\\\n``. A folder's files follow each other, and a file ends its line.

    Parameters
    ----------
    path : Path
        A file or a folder. gzip, bzip2, xz and zip are unpacked, whatever the name.
    encoding : str, optional
        Default: what the byte order mark says (UTF-8, UTF-16, UTF-32), else UTF-8.
    force : bool
        Read what looks like another kind of file too; bytes that are no characters become U+FFFD, and zeros blanks.

    Raises
    ------
    TextError
        For what cannot be read, is damaged, or is no plain text.
    """
    _check_encoding(encoding)
    for file in files(path):
        rest = ""
        for piece in _pieces(file, encoding, force):
            rest += piece
            cut = rest.rfind("\n") + 1 or rest.rfind(" ") + 1 or rest.rfind("\t") + 1
            if not cut and len(rest) > LONGEST:
                cut = len(rest)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
        yield rest + "\n"


@checked(path=a_path(), **HOW)
def check_first(path: Path, *, encoding: str | None = None, force: bool = False) -> None:
    """Look at the beginning of each file, so that the last one of a folder is not refused after an hour."""
    _check_encoding(encoding)
    for file in files(path):
        next(_pieces(file, encoding, force), "")


def _check_encoding(encoding: str | None) -> None:
    try:
        "".encode("utf-8" if encoding is None else encoding)  # refuses what is no encoding of texts, such as base64
    except (LookupError, TypeError, ValueError):
        raise TextError(
            f"encoding is {encoding!r}; give one that Python knows, such as 'cp1252' or 'gb18030'"
        ) from None


def _pieces(path: Path, encoding: str | None, force: bool) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            packing = packed.packing(file.read(8))
            file.seek(0)
            try:
                for name, stream in _unpacked(file, packing, path, force):
                    with stream:
                        yield from _decoded(stream, name, encoding, force, size if packing else 0)
                        yield "\n"
            except TextError:
                raise
            except DAMAGED as error:
                if not packing:
                    raise
                raise TextError(f"{path} is damaged, or cut off ({PACKED[packing]}: {error}): get it anew.") from None
    except OSError as error:
        raise TextError(f"{path} cannot be read: {error.strerror or error}.") from None


def _unpacked(file: BinaryIO, packing: str, path: Path, force: bool) -> Iterator[tuple[str, BinaryIO]]:
    """The files in a file, with the names that errors give them."""
    if packing != ".zip":
        yield str(path), packed.OPEN[packing](file) if packing else file
        return
    archive = zipfile.ZipFile(file)
    members = [
        member
        for member in sorted(archive.infolist(), key=lambda member: member.filename.split("/"))
        if not member.is_dir() and not any(map(HIDDEN.match, member.filename.split("/")))
    ]
    if not members:
        raise TextError(f"{path} is a zip archive without files: give a text.")
    found = None if force else kinds.by_names([member.filename for member in members])
    if found:
        raise _refusal(path, *found)
    for member in members:
        if member.flag_bits & 1:
            raise TextError(f"{path} is locked with a password: unpack it first, and give the text.")
        try:
            stream = archive.open(member)
        except NotImplementedError as error:
            raise TextError(f"{path} is packed in a way that Python cannot read ({error}): unpack it first.") from None
        yield f"{path} ({member.filename})", stream


def _refusal(name, what: str, remedy: str) -> TextError:
    return TextError(f"{name} is {what}, not a plain text: {remedy}. {INSIST}")


def _decoded(stream: BinaryIO, name: str, encoding: str | None, force: bool, size: int) -> Iterator[str]:
    """The characters of one file, packed in ``size`` bytes or 0; it is looked at before the first of them is given."""
    block = stream.read(BLOCK)
    if not force:
        again = PACKED.get(packed.packing(block), "") if size else ""
        found = (f"packed twice ({again})", "unpack it once") if again else kinds.by_bytes(block[:65536])
        if found:
            raise _refusal(name, *found)
    encoding = encoding or next((known for bom, known in BOMS if block.startswith(bom)), "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)("replace" if force else "strict")
    first, done = True, 0
    while True:
        waiting = len(decoder.getstate()[0]) if not force else 0
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            raise _not_encoded(name, encoding, error, done - waiting, block) from None
        if not force:
            _check_no_zeros(name, text, block, done)
        if first and not force:
            found = kinds.by_text(text[:65536], whole=len(text) < 65536 and len(block) < BLOCK)
            if found:
                raise _refusal(name, *found)
        first = False
        yield text.replace("\0", " ").replace("\r\n", "\n").replace("\r", "\n")
        if not block:
            return
        done += len(block)
        if size and not force and done > BOMB[1] and done > BOMB[0] * size:
            raise TextError(
                f"{name} unpacks to more than {BOMB[0]} times its {size:,} bytes, as texts do not: if it is one, "
                "unpack it first, or give force=True."
            )
        block = stream.read(BLOCK)


def _check_no_zeros(name: str, text: str, block: bytes, done: int) -> None:
    if "\0" not in text:
        return
    at = block.find(b"\0")
    even, odd = block[0:4000:2].count(0), block[1:4000:2].count(0)
    if max(even, odd) > 0.4 * min(len(block), 4000) / 2 and min(even, odd) * 4 < max(even, odd):
        kind = "utf-16-le" if odd > even else "utf-16-be"
        raise TextError(f"{name} looks like UTF-16 without a byte order mark: give encoding={kind!r}.")
    raise TextError(f"{name} is binary, not a text (byte {done + at:,} is zero): give a text. {INSIST}")


def _not_encoded(name: str, encoding: str, error: UnicodeError, base: int, block: bytes) -> TextError:
    if not isinstance(error, UnicodeDecodeError):  # UTF-16 and UTF-32 without their mark
        return TextError(f"{name} is not {encoding}: {error}. Give the encoding that it has.")
    control = 0 if encoding.startswith("utf-16") else sum(byte < 9 or 13 < byte < 27 for byte in error.object[:4000])
    if control > 0.02 * min(len(error.object), 4000):
        return TextError(f"{name} is binary, not a text: give a text. {INSIST}")
    value = error.object[error.start : error.start + 1].hex()
    shown = encoding.upper().removesuffix("-SIG")
    if error.reason == "unexpected end of data" or error.end >= len(error.object) and not block:
        return TextError(f"{name} is cut off in the middle of a character (byte {base + error.start:,}): get it anew.")
    likely = _likely(error.object[max(0, error.start - 20_000) : error.start + 20_000])
    return TextError(
        f"{name} is not {shown} (byte {base + error.start:,} is 0x{value}): save it as UTF-8, or give the encoding "
        f"that it has, perhaps encoding={likely!r}. {INSIST}"
    )


def _likely(sample: bytes) -> str:
    """A guess at the encoding of some bytes."""
    try:
        from charset_normalizer import from_bytes  # comes with requests
    except ImportError:
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
