# Run by python -m experiments.cases · tests/experiments/test_cases.py
"""Texts, vectors, files and states as people have them, and what happens with each: a table in Markdown.

    python -m experiments.cases                # all, in about two minutes; the stored table is results/cases.md
    python -m experiments.cases "a word"       # those whose name holds it

The letter and number before a case name the kind of fault it stands for. Each runs in a process of its own, so that a
crash is a row as well.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable

import torch

from experiments import cases_state, cases_texts
from helpers.files import ROOT

SECONDS = 120  # for one case
CASES = [*cases_texts.CASES, *cases_state.CASES]


def run(function: Callable, pipe) -> None:
    """One case, in a folder of its own; sends what happened."""
    os.chdir(tempfile.mkdtemp())
    torch.set_num_threads(1)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found = str(function())
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
    notes = [str(w.message) for w in warned if not issubclass(w.category, (DeprecationWarning, ResourceWarning))]
    pipe.send(" / ".join([*(f"warns: {note}" for note in notes), found]))


def what_happens(function: Callable) -> str:
    """What a case comes to, a crash and a hang included."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=run, args=(function, there))
    process.start()
    there.close()
    try:
        found = here.recv() if here.poll(SECONDS) else "HANGS"
    except EOFError:
        found = "CRASHES"
    process.kill()
    process.join()
    return found


def cell(text: str, most: int = 260) -> str:
    """A text as the cell of a table."""
    text = re.sub(rf"{tempfile.gettempdir()}/tmp\w+/", "", text.replace(str(ROOT), "..."))
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= most else text[: most - 3] + "..."


def main(argv=None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.cases", description=__doc__.split("\n")[0])
    parser.add_argument("name", nargs="?", default="", help="of the cases to run, a part")
    arguments = parser.parse_args(argv)
    print("<!-- made by: python -m experiments.cases -->\n| kind | case | what happens |\n|---|---|---|")
    for finding, name, function in CASES:
        if arguments.name in name:
            print(f"| {finding} | {name} | {cell(what_happens(function))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
