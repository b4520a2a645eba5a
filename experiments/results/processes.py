# Used in 11 · tests/experiments/test_processes.py
"""What several processes came to, rule by rule (notebook 11). ``python -m experiments.processes ptb`` runs it."""

from __future__ import annotations

import numpy as np
import scipy

from experiments import results
from helpers.arguments import checked, many, mapping, text, whole
from helpers.shapes import array


@checked(corpus=text())
def load(corpus: str = "ptb") -> dict:
    """The stored table: ``rows`` has a row for each rule, number of processes, combinings an epoch and seed."""
    return results.load("processes", corpus, "python -m experiments.processes ptb", ["ptb"])


@checked(rows=many(mapping()), rule=text(), ranks=whole(1), parts=whole(1))
def of(rows: list[dict], rule: str, ranks: int, parts: int = 64) -> list[dict]:
    """The rows of a rule, one a seed."""
    return [row for row in rows if (row["rule"], row["ranks"], row["parts"]) == (rule, ranks, parts)]


@checked(rows=many(mapping()), key=text())
def values(rows: list[dict], key: str = "heldout") -> np.ndarray:
    """One column, NaN where the run diverged."""
    return np.array([np.nan if row[key] is None else row[key] for row in rows])


@checked(one=array("S", "numbers"), other=array("T", "numbers"))
def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Mean of one less mean of the other, and the ends of its 95 % interval over seeds (Welch's)."""
    low, high = scipy.stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    return float(np.mean(one) - np.mean(other)), float(low), float(high)
