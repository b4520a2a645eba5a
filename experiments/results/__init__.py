# Used from 06 · tests/experiments/test_sweep.py tests/experiments/test_calibration.py
"""The stored results, one file a table with the command that made it, and a module for each kind that they read.

Notebooks read them here and make single rows again: `calibration` (06, 07), `sweep` (07, 08), `race` (09).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path

from tqdm.auto import tqdm

from helpers.files import atomic_write

FOLDER = Path(__file__).resolve().parent


def load(kind: str, corpus: str, command: str, made_for: Iterable[str]) -> dict:
    """A stored table, such as ``load("sweep", "ptb", ...)``.

    Raises
    ------
    FileNotFoundError
        With the command that makes it, if the corpus is one of those that it is made for.
    """
    path = FOLDER / f"{kind}_{corpus}.json"
    if not path.is_file():
        raise FileNotFoundError(missing(path, kind, corpus, command, made_for))
    return json.loads(path.read_text(encoding="utf-8"))


def missing(path: Path, kind: str, corpus: str, command: str, made_for: Iterable[str]) -> str:
    """What to say of a table that is not there: how to make it, where it can be made."""
    if corpus in made_for:
        return f"no {kind} at {path}: make it with `{command}`"
    return f"no {kind} is stored of {corpus!r}: it is made for {', '.join(made_for)} alone"


def write_table(path: Path, head: dict, runs: list[dict]) -> None:
    """Write a table of runs as JSON, one run a line, so that a diff shows which runs are new."""
    lines = ",\n".join(json.dumps(run) for run in runs)
    with atomic_write(path) as part:
        part.write_text(json.dumps(head, indent=1)[:-2] + f',\n "runs": [\n{lines}\n]}}\n', encoding="utf-8")


def complete(
    path: Path,
    head: dict,
    points: Iterable[Hashable],
    make: Callable[[Hashable], dict],
    point_of: Callable[[dict], Hashable],
    order: Callable[[dict], object],
) -> None:
    """Make the rows that a table lacks and write it after each, so that a run that is stopped goes on where it was.

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
    """

    def stored() -> list[dict]:
        return json.loads(path.read_text(encoding="utf-8"))["runs"] if path.is_file() else []

    done = set(map(point_of, stored()))
    for point in tqdm([point for point in points if point not in done], desc=path.stem):
        row = make(point)
        # read again: another process may have written rows meanwhile, this one among them
        others = [other for other in stored() if point_of(other) != point]
        write_table(path, head, sorted([*others, row], key=order))
