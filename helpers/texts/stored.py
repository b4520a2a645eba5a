# Used from 04 · tests/helpers/texts/test_stored.py
"""Arrays in one file that is written in pieces, opened by `numpy.memmap`, and checked whenever it is opened."""

from __future__ import annotations

import json
import zlib
from typing import Any, BinaryIO

import numpy as np

MAGIC = b"w2vtext1"  # ends the file, after the table's length: a file that was cut has none
ALIGN = 64  # bytes: where an array begins
MAPPED = 1 << 24  # bytes: shorter arrays are read
BLOCK = 1 << 22


class Writer:
    """Arrays of known lengths, written side by side, each piece after the one before.

    Parameters
    ----------
    file : binary file, open for writing and seeking
    lengths : dict of str to (dtype, int)
        Name, type and length of each array.
    """

    def __init__(self, file: BinaryIO, lengths: dict[str, tuple[Any, int]]):
        self.file, self.table, at = file, {}, 0
        for name, (dtype, length) in lengths.items():
            dtype = np.dtype(dtype)
            self.table[name] = {"dtype": dtype.str, "length": length, "at": at, "done": 0, "crc": 0}
            at = -(-(at + length * dtype.itemsize) // ALIGN) * ALIGN
        self.end = at

    def write(self, name: str, values: np.ndarray) -> None:
        """Write the next values of an array."""
        entry = self.table[name]
        values = np.ascontiguousarray(values, dtype=entry["dtype"])
        self.file.seek(entry["at"] + entry["done"] * values.itemsize)
        self.file.write(values.data)
        entry["crc"] = zlib.crc32(values.data, entry["crc"])
        entry["done"] += len(values)

    def finish(self, **said: Any) -> None:
        """Write the table, with what else is said about the arrays (anything that JSON holds)."""
        table = json.dumps({"arrays": self.table, "said": said}).encode()
        self.file.seek(self.end)
        self.file.write(table + zlib.crc32(table).to_bytes(4, "big") + len(table).to_bytes(8, "big") + MAGIC)
        self.file.flush()


def open_stored(file: BinaryIO) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The arrays of a file, long ones mapped (what is written to them stays in memory), and what was said of them.

    Raises
    ------
    ValueError
        If a bit is not as it was written.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - 20))
    tail = file.read(20)
    length = int.from_bytes(tail[4:12], "big")
    if size < 20 or tail[12:] != MAGIC or length > size - 20:
        raise ValueError("the file's end is not there")
    file.seek(size - 20 - length)
    table = file.read(length)
    if zlib.crc32(table) != int.from_bytes(tail[:4], "big"):
        raise ValueError("the table has another checksum")
    described = json.loads(table)
    arrays = {name: _array(file, name, entry) for name, entry in described["arrays"].items()}
    return arrays, described["said"]


def _array(file: BinaryIO, name: str, entry: dict[str, Any]) -> np.ndarray:
    dtype = np.dtype(entry["dtype"])
    size, crc, kept = entry["length"] * dtype.itemsize, 0, bytearray()
    file.seek(entry["at"])
    for start in range(0, size, BLOCK):
        block = file.read(min(BLOCK, size - start))
        crc = zlib.crc32(block, crc)
        if size < MAPPED:
            kept += block
    if crc != entry["crc"] or entry["done"] != entry["length"]:
        raise ValueError(f"{name} has another checksum")
    if size < MAPPED:
        return np.frombuffer(kept, dtype)
    return np.asarray(np.memmap(file, dtype, mode="c", offset=entry["at"], shape=(entry["length"],)))
