# Used from 05 · tests/helpers/engines/test_parts.py
"""A long text in parts, whose examples are drawn one after the other, so that memory does not grow with the text."""

from __future__ import annotations

import tempfile
from dataclasses import replace

import numpy as np

from helpers.arguments import ArgumentError, checked, instance, optional, whole
from helpers.corpus import Corpus
from helpers.shapes import array

TOKENS = 1_000_000  # of a part, at most: drawing its examples takes about 100 MB. The Treebank is one part

MAPPED = 2_000_000  # bounds: 16 MB


@checked(bounds=array("S", "integers", least=0), tokens=optional(whole(1)))
def cuts(bounds: np.ndarray, tokens: int | None = None) -> list[int]:
    """Where a text is cut into parts of `TOKENS` at most, and of one sentence at least: 0, ..., S."""
    tokens, found = tokens or TOKENS, [0]
    while found[-1] < len(bounds) - 1:
        last = int(np.searchsorted(bounds, bounds[found[-1]] + tokens, side="right")) - 1
        found.append(max(last, found[-1] + 1))
    return found if len(found) > 1 else [0, 0]


@checked(corpus=instance(Corpus), first=whole(0), last=whole(0))
def piece(corpus: Corpus, first: int, last: int) -> Corpus:
    """The sentences first..last-1 of a corpus, with its vocabulary."""
    if (first, last) == (0, len(corpus.bounds) - 1):
        return corpus
    if not first <= last < len(corpus.bounds):
        raise ArgumentError(f"last is {last}; give a sentence from first, {first}, to {len(corpus.bounds) - 1}")
    bounds = corpus.bounds[first : last + 1]
    return replace(corpus, ids=corpus.ids[bounds[0] : bounds[-1]], bounds=_from_zero(bounds), heldout=None)


def _from_zero(bounds: np.ndarray) -> np.ndarray:
    """Bounds that begin with 0. Many are put into a file without a name and mapped, as those of the whole text are."""
    if bounds[0] == 0:
        return bounds
    if len(bounds) < MAPPED:
        return bounds - bounds[0]
    try:
        with tempfile.TemporaryFile() as file:
            for a in range(0, len(bounds), TOKENS):
                file.write((bounds[a : a + TOKENS] - bounds[0]).data)
            file.flush()
            return np.asarray(np.memmap(file, bounds.dtype, mode="c", shape=bounds.shape))
    except OSError:  # there is no room
        return bounds - bounds[0]
