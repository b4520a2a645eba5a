# Used in 13 · tests/experiments/test_context.py
"""What cells of notebook 13 compute by packages that are optional, stored for where these are missing.

``python -m experiments.context ptb`` runs the notebook and stores what it computed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from experiments import results
from helpers.arguments import checked, flag, function, instance, one_of, text
from helpers.corpus import Corpus
from helpers.files import locked

MADE_FOR = ("ptb", "wiki")
COMMAND = "python -m experiments.context ptb wiki"


@checked(name=text("a name"), corpus=instance(Corpus), ready=flag(), make=function())
def recorded(name: str, corpus: Corpus, ready: bool, make: Callable[[], dict]) -> dict[str, Any]:
    """What ``make`` computes; where its packages are missing, what it computed elsewhere, with a line that says so.

    Parameters
    ----------
    name : str
        Of the result.
    corpus : Corpus
        A text of one's own is shown the Treebank's results.
    ready : bool
        Whether the packages are here that ``make`` needs.
    make : callable
        Without arguments; returns a dict that JSON can hold, arrays included.

    Returns
    -------
    dict
        The same types both ways: lists in place of arrays and tuples.

    Raises
    ------
    FileNotFoundError
        If the result is not stored; with the command that stores it.
    """
    if ready:
        value = json.loads(json.dumps(make(), default=_plain))
        if os.environ.get("WORD2VEC_CONTEXT") == "record" and corpus.source in MADE_FOR:
            _store(name, corpus.source, value)
        return value
    source = corpus.source if corpus.source in MADE_FOR else "ptb"
    value = stored(name, source)
    print(f"(a stored result of {source}; this machine did not compute it)")
    return value


@checked(name=text("a name"), source=one_of(*MADE_FOR))
def stored(name: str, source: str) -> dict[str, Any]:
    """A result of a corpus as it is stored.

    Raises
    ------
    FileNotFoundError
        If it is not; with the command that stores it.
    """
    rows = results.load("context", source, COMMAND, MADE_FOR)["rows"]
    found = [row["value"] for row in rows if row["name"] == name]
    if not found:
        raise FileNotFoundError(f"no result {name!r} is stored of {source!r}: make it with `{COMMAND}`")
    return found[0]


def _plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is nothing that JSON holds: make it a list or a number")


def _store(name: str, source: str, value: dict) -> None:
    path = results.FOLDER / f"context_{source}.json"
    with locked(path):
        rows = results.read_table(path)["rows"] if path.is_file() else []
        rows = [row for row in rows if row["name"] != name] + [{"name": name, "value": value}]
        results.write_table(path, {"command": COMMAND}, sorted(rows, key=lambda row: row["name"]), "rows")
