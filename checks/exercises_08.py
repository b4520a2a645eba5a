# Used in 08 · tests/checks/test_checks.py
"""Checks of notebook 08: permutations."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck
from checks.verdict import Mistake

# -- a permutation p-value


def _permuted_inputs(rng):
    permuted = np.round(rng.normal(size=int(rng.integers(40, 60))), 1)
    observed = float(np.sort(permuted)[-int(rng.integers(5, 9))])  # some permutations equal it
    permuted[:2] = -observed - 1  # far out on the other side
    return observed, permuted


p_value = FunctionCheck(
    name="p_value",
    reference=lambda observed, permuted: (1 + (permuted >= observed).sum()) / (1 + len(permuted)),
    draw=_permuted_inputs,
    mistakes=[
        Mistake(
            "no one added",
            lambda observed, permuted: (permuted >= observed).mean(),
            "The labelling that was observed is one of the possible ones: add 1 above and below, so that p is never 0.",
        ),
        Mistake(
            "ties left out",
            lambda observed, permuted: (1 + (permuted > observed).sum()) / (1 + len(permuted)),
            "A permutation that equals the observed value is at least as extreme: >=, not >.",
        ),
        Mistake(
            "other tail",
            lambda observed, permuted: (1 + (permuted <= observed).sum()) / (1 + len(permuted)),
            "That is the other tail: the share of permutations as small as the observed value.",
        ),
        Mistake(
            "both sides",
            lambda observed, permuted: (1 + (np.abs(permuted) >= abs(observed)).sum()) / (1 + len(permuted)),
            "That is the two-sided value. The question is one-sided: as large or larger.",
        ),
        Mistake(
            "doubled",
            lambda observed, permuted: 2 * (1 + (permuted >= observed).sum()) / (1 + len(permuted)),
            "You double the one-sided value. The question is one-sided.",
        ),
        Mistake(
            "complement",
            lambda observed, permuted: (permuted < observed).mean(),
            "That is the share of permutations below the observed value: a large number here means a small p.",
        ),
    ],
    right="(1 + the number as large or larger) / (1 + R).",
    tolerance=1e-6,
)
