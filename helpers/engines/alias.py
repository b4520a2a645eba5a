# Taught in 10 · tests/helpers/engines/test_safety.py tests/helpers/engines/test_kernel.py
"""The alias method: any distribution, drawn with two random numbers and one look at a table of V slots."""

from __future__ import annotations

import numpy as np

from helpers.arguments import ArgumentError, checked
from helpers.engines.compiling import compiled
from helpers.shapes import array


def _sums_to_1(distribution):
    if not len(distribution) or not abs(distribution.sum() - 1) < 1e-6:
        raise ArgumentError(f"distribution sums to {distribution.sum():g}; give one that sums to 1")


@checked(_sums_to_1, distribution=array("V", least=0))
def alias_table(distribution):
    """Vose's table for the alias method. (word2vec.c spends a table of 10^8 ids.)

    Slot i is returned with probability ``accept[i]``, else ``other[i]``.

    Parameters
    ----------
    distribution : np.ndarray of float64, shape (V,), summing to 1

    Returns
    -------
    accept : np.ndarray of float32, shape (V,)
    other : np.ndarray of int32, shape (V,)

    Raises
    ------
    ArgumentError
        For what is no distribution.
    """
    return _alias_table(np.ascontiguousarray(distribution, np.float64))


@compiled()
def _alias_table(distribution):
    V = len(distribution)
    share = distribution * V  # what a slot has to hand out, in slots
    accept, other = np.ones(V, np.float32), np.arange(V).astype(np.int32)
    small = [i for i in range(V) if share[i] < 1]
    large = [i for i in range(V) if share[i] >= 1]
    while small and large:
        s, g = small.pop(), large.pop()
        accept[s], other[s] = share[s], g
        share[g] -= 1 - share[s]  # what slot s takes from word g
        if share[g] < 1:
            small.append(g)
        else:
            large.append(g)
    for s in small:  # left over by rounding: full slots, save for words that must never be drawn
        if distribution[s] == 0:
            accept[s], other[s] = 0.0, np.argmax(distribution)
    return accept, other
