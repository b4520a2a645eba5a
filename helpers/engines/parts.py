# Used from 05 · tests/helpers/engines/test_parts.py
"""A long text in parts, whose examples are drawn one after the other, so that memory does not grow with the text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from helpers.arguments import ArgumentError, checked, instance, optional, whole
from helpers.corpus import Corpus
from helpers.shapes import array

TOKENS = 1_000_000  # of a part, at most: drawing its examples takes about 100 MB. The Treebank is one part


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
    return replace(corpus, ids=corpus.ids[bounds[0] : bounds[-1]], bounds=bounds - bounds[0], heldout=None)
