# Used from 04 · tests/helpers/test_packed.py
"""Files that are packed, read by what they hold and written by how their name ends; and what a file is by its first
bytes, so that an error can name it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MAGIC = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\0": ".xz", b"PK\x03\x04": ".zip", b"PK\x05\x06": ".zip"}
PACKINGS = (".gz", ".bz2", ".xz")  # that are written
OPEN = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)

CONVERT = "load it with the library that wrote it, and save it in word2vec's format (gensim: save_word2vec_format)"
UNPACK = "unpack it first"
NO_VECTORS = "it holds no vectors"
# What begins so is this, and that is to be done.
FORMATS = (
    (rb"\xba\x16O/", "a model of fastText (.bin)", "load it with gensim.models.fasttext.load_facebook_vectors, "
     "and save its vectors with save_word2vec_format, or take the .vec file that fastText writes beside it"),
    (rb"\x80[\x02-\x05]", "a pickle, as gensim's save() and torch.save write", "load it with the library that wrote "
     "it (gensim: KeyedVectors.load), and save it with save_word2vec_format"),
    (rb"\x93NUMPY", "an array of NumPy (.npy), which has no words", "np.load it, and give it to save_vectors with its "
     "words"),
    (rb"[\s\S]{8}\{\s*\"", "a safetensors file, which has no words", "load it with safetensors, and give the table to "
     "save_vectors with its words"),
    (rb"PAR1", "a Parquet file", "load it with pandas.read_parquet, and give the table to save_vectors with its words"),
    (rb"\x89HDF\r\n", "an HDF5 file", "load it with h5py or pandas, and give the table to save_vectors with its words"),
    (rb"ARROW1|FEA1", "an Arrow file", "load it with pandas.read_feather, and give the table to save_vectors with its "
     "words"),
    (rb"SQLite format 3", "a database of SQLite", CONVERT),
    (rb"GGUF", "a model in GGUF", NO_VECTORS + " of whole words"),
    (rb"%PDF", "a PDF", NO_VECTORS),
    (rb"\{\\rtf", "an RTF document", NO_VECTORS),
    (rb"(?i)\s*<(!doctype|html|head|\?xml)", "a web page or XML", NO_VECTORS + ": was the download an error page?"),
    (rb"version https://git-lfs", "a pointer of Git LFS, not the file itself", "fetch the file: git lfs pull"),
    (rb"\s*[\[{]\s*[\"\[{]", "JSON", "load it with json, and give the table to save_vectors with its words"),
    (rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff", "text in UTF-16 or UTF-32", "save it as UTF-8"),
    (rb"\x28\xb5\x2f\xfd", "packed by zstd", UNPACK),
    (rb"7z\xbc\xaf", "a 7z archive", UNPACK),
    (rb"Rar!", "a RAR archive", UNPACK),
    (rb"[\s\S]{257}ustar", "a tar archive", UNPACK + ", and give one of its files"),
    (rb"\x1f\x8b|BZh\d1AY|\xfd7zXZ\0|PK\x03\x04", "packed twice", "unpack it once"),
)  # fmt: skip


class FileError(ValueError):
    """A file that cannot be read as what it should be: what it is, and what to do."""


def packing(head: bytes) -> str:
    """How a file that begins so is packed: .gz, .bz2, .xz or .zip; "" for not."""
    return next((ending for magic, ending in MAGIC.items() if head.startswith(magic)), "")


def describe(head: bytes) -> str | None:
    """What a file is that begins so, with what to do; None for what is not known."""
    for pattern, kind, remedy in FORMATS:
        if re.match(pattern, head):
            return f"{kind}: {remedy}"
    return None


@contextmanager
def open_packed(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file for reading, unpacked where its first bytes say that it is gz, bz2, xz, or a zip of one file.

    Raises
    ------
    FileError
        For a zip of several files or none, which are named; for a packed file that is damaged or cut off, whenever
        that is found.
    OSError
        Where it cannot be read.
    """
    with open(path, "rb") as raw:
        ending = packing(raw.read(6))
        raw.seek(0)
        if not ending:
            yield raw
            return
        try:
            if ending == ".zip":
                with zipfile.ZipFile(raw) as archive, archive.open(_one_file(archive, path)) as file:
                    yield file
            else:
                with OPEN[ending](raw) as file:
                    yield file
        except BROKEN as error:
            raise FileError(f"{path} is packed ({ending}), and damaged or cut off: {error}") from None
        except (RuntimeError, NotImplementedError) as error:  # zipfile's, for passwords and rare methods
            raise FileError(f"{path} is a zip that cannot be unpacked here ({error}): unpack it first") from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise FileError(f"{path} is packed ({ending}), and damaged: {error}") from None  # bz2's


def _one_file(archive: zipfile.ZipFile, path) -> zipfile.ZipInfo:
    files = [
        f for f in archive.infolist() if not f.is_dir() and not re.match(r"__MACOSX/|(?:.*/)?\.[^/]*$", f.filename)
    ]
    names = [file.filename for file in files]
    if any(name.endswith("data.pkl") for name in names):
        raise FileError(f"{path} is a file of torch.save: load it with torch.load, and give the table to save_vectors")
    if names and all(name.endswith(".npy") for name in names):
        raise FileError(f"{path} is arrays of NumPy (.npz): np.load it, and give the table to save_vectors")
    if "[Content_Types].xml" in names:
        raise FileError(f"{path} is an Office document: {NO_VECTORS}")
    if len(files) != 1:
        what = f"{len(files)} files ({', '.join(names[:9])}): unpack it, and give one of them" if files else "no file"
        raise FileError(f"{path} is a zip of {what}")
    return files[0]


@contextmanager
def write_packed(path: str | Path, ending: str) -> Iterator[BinaryIO]:
    """Open a file for writing, packed where ``ending`` is .gz, .bz2 or .xz; the same bytes give the same file."""
    with open(path, "wb") as raw:
        if ending == ".gz":  # without name and time
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
                yield file
        elif ending in OPEN:
            with OPEN[ending](raw, "wb") as file:
                yield file
        else:
            yield raw
