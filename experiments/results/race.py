# Used from 10 · tests/experiments/test_race.py
"""The stored race and its scaling, and how to read their rows (notebook 10). ``python -m experiments.race`` runs it."""

from __future__ import annotations

from experiments import results
from helpers.arguments import checked, number, text
from helpers.plots.speed import SYSTEMS as NAMES
from helpers.plots.speed import best

__all__ = ["NAMES", "best", "load", "load_scaling", "time_to"]


@checked(corpus=text())
def load(corpus: str = "ptb") -> dict:
    """The stored race: ``rows`` has the medians of each system, rate and number of epochs."""
    return results.load("race", corpus, "python -m experiments.race", ["ptb"])


@checked(corpus=text())
def load_scaling(corpus: str = "ptb") -> dict:
    """The stored cost of an epoch against the length of the text."""
    return results.load("scaling", corpus, "python -m experiments.race --scaling", ["ptb"])


@checked(system=text(), target=number())
def time_to(rows: list[dict], system: str, target: float) -> dict | None:
    """The quickest row of a system one of whose runs ended at a held-out loss of ``target`` or below.

    By medians alone two systems that end at the same loss would differ by chance.
    """
    own = [row for row in rows if row["system"] == system and row["heldout"] is not None]
    there = [row for row in own if row["heldout_range"][0] <= target]
    return min(there, key=lambda row: row["seconds"], default=None)
