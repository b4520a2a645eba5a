# Used from 06 · tests/experiments/test_sweep.py tests/experiments/test_calibration.py
"""The stored results, one file a table with the command that made it, and a module for each kind that they read.

Notebooks read them here and make single rows again: `calibration` (06, 07), `sweep` (07, 09), `race` (10). Each row,
and what stands above the rows, carries a checksum, "crc": zlib.crc32 of its JSON with the keys in order.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from helpers.files import atomic_write, locked

FOLDER = Path(__file__).resolve().parent
ADVICE = "take the file from the repository again, or remove it and make it anew"  # of a damaged one


class TableError(ValueError):
    """A stored table that was damaged: which file and row, and what to do."""


def load(kind: str, corpus: str, command: str, made_for: Iterable[str]) -> dict:
    """A stored table, such as ``load("sweep", "ptb", ...)``.

    Raises
    ------
    FileNotFoundError
        With the command that makes it, if the corpus is one of those that it is made for.
    TableError
        If the file was damaged.
    """
    path = FOLDER / f"{kind}_{corpus}.json"
    if not path.is_file():
        raise FileNotFoundError(missing(path, kind, corpus, command, made_for))
    return read_table(path)


def missing(path: Path, kind: str, corpus: str, command: str, made_for: Iterable[str]) -> str:
    """What to say of a table that is not there: how to make it, where it can be made."""
    if corpus in made_for:
        return f"no {kind} at {path}: make it with `{command}`"
    return f"no {kind} is stored of {corpus!r}: it is made for {', '.join(made_for)} alone"


def sealed(row: dict) -> dict:
    """A row with its checksum.

    Examples
    --------
    >>> sealed({"seed": 0})
    {'seed': 0, 'crc': '0bcad144'}
    """
    row = {key: value for key, value in row.items() if key != "crc"}
    read = json.loads(json.dumps(row))  # as it will be read: keys are texts
    return {**row, "crc": f"{zlib.crc32(json.dumps(read, sort_keys=True).encode()):08x}"}


def read_table(path: Path) -> dict:
    """A stored table, without the checksums.

    Raises
    ------
    TableError
        If the file is no table, or a row is not what was written.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        head = {key: value for key, value in table.items() if key not in ("runs", "rows")}
        parts = {"what stands above its rows": head}
        for key in ("runs", "rows"):
            parts |= {f"row {i} of its {key}": row for i, row in enumerate(table.get(key, ()), 1)}
        wrong = [name for name, part in parts.items() if sealed(part) != part]
    except (ValueError, TypeError, AttributeError):
        raise TableError(f"{path} is damaged, or no table of results: {ADVICE}") from None
    if wrong:
        raise TableError(f"{path} is damaged: {wrong[0]} does not fit its checksum; {ADVICE}")
    for part in (table, *table.get("runs", ()), *table.get("rows", ())):
        del part["crc"]
    return table


def write_table(path: Path, head: dict, runs: list[dict], key: str = "runs") -> None:
    """Write a table of runs as JSON, one run a line, so that a diff shows which runs are new."""
    lines = ",\n".join(json.dumps(sealed(run)) for run in runs)
    with atomic_write(path) as part:
        part.write_text(json.dumps(sealed(head), indent=1)[:-2] + f',\n "{key}": [\n{lines}\n]}}\n', encoding="utf-8")


def complete(
    path: Path,
    head: dict,
    points: Iterable[Hashable],
    make: Callable[[Hashable], dict],
    point_of: Callable[[dict], Hashable],
    order: Callable[[dict], object],
) -> None:
    """Make the rows that a table lacks and write it after each, so that a run that is stopped goes on where it was.

    Several processes may complete one table: each row is added to those that are there then, under a lock.

    Parameters
    ----------
    path : Path
        Of the JSON file.
    head : dict
        What stands above the rows.
    points : iterable
        What rows there should be, in the order in which to make them.
    make : callable
        The row of a point.
    point_of : callable
        The point of a row.
    order : callable
        What the rows are sorted by.

    Raises
    ------
    TableError
        If the stored table was damaged; nothing is trained and nothing written.
    """

    def stored() -> list[dict]:
        return read_table(path)["runs"] if path.is_file() else []

    done = set(map(point_of, stored()))
    for point in tqdm([point for point in points if point not in done], desc=path.stem):
        row = make(point)
        with locked(path):
            # read again: another process may have written rows meanwhile, this one among them
            others = [other for other in stored() if point_of(other) != point]
            write_table(path, head, sorted([*others, row], key=order))


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of an npz file, each compared with its checksum in the file.

    Raises
    ------
    TableError
        If the file was damaged.
    """
    import zipfile

    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError):
        raise TableError(f"{path} is damaged: {ADVICE}") from None


def add_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Put arrays into an npz file beside those that are there, under a lock."""
    with locked(path):
        arrays = {**(read_arrays(path) if path.is_file() else {}), **arrays}
        with atomic_write(path) as part, part.open("wb") as file:
            np.savez_compressed(file, **arrays)
