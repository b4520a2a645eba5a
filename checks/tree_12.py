# Used in 12 · tests/checks/test_answers.py
"""The check of notebook 12's tree: how many decisions a token needs under Huffman's code."""

from __future__ import annotations

import heapq
import math
from collections import deque

import numpy as np

from checks import drawn_12 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _joined(counts, *, largest=False, queue=False, chain=False):
    """The counts of all inner nodes, in the order in which they are made."""
    heap, made = sorted(-int(c) if largest else int(c) for c in counts), []
    line = deque(heap)
    while len(line) > 1:
        if queue or chain:
            both = line.popleft() + line.popleft()
            line.append(both) if queue else line.appendleft(both)
        else:
            both = heapq.heappop(heap) + heapq.heappop(heap)
            heapq.heappush(heap, both)
            line.popleft()
        made.append(abs(both))
    return made


def _mean_code_length(counts, **options):
    return sum(_joined(counts, **options)) / int(counts.sum())


def _lengths(counts):
    """The code length of each word, those of a pair that is joined being one longer."""
    heap = [(int(c), i, [i]) for i, c in enumerate(counts)]
    lengths = np.zeros(len(heap))
    heapq.heapify(heap)
    while len(heap) > 1:
        (a, i, left), (b, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        lengths[left + right] += 1
        heapq.heappush(heap, (a + b, i, left + right))
    return lengths


def _entropy(counts, log=np.log2):
    p = counts / counts.sum()
    return float(-(p * log(p)).sum())


def _from_the_top(counts):
    """Shannon's and Fano's way: cut the sorted words where both sides are nearest to even, and each side again."""

    def below(part):
        if len(part) == 1:
            return 0
        sums = np.cumsum(part)
        cut = 1 + int(np.abs(2 * sums[:-1] - sums[-1]).argmin())
        return int(sums[-1]) + below(part[:cut]) + below(part[cut:])

    return below(np.sort(counts)[::-1]) / int(counts.sum())


def _by_shannon(counts):
    p = counts / counts.sum()
    return float((p * np.ceil(-np.log2(p))).sum())


def _variant(**options):
    return lambda counts: _mean_code_length(counts, **options)


mean_code_length = FunctionCheck(
    name="mean_code_length",
    reference=_mean_code_length,
    draw=drawn.counts,
    hostile=drawn.COUNTS,
    mistakes=[
        Mistake(
            "entropy",
            _entropy,
            "That is the entropy. No code is shorter, and few trees reach it: a decision is made whole or not at all.",
        ),
        Mistake(
            "entropy in nats",
            lambda counts: _entropy(counts, np.log),
            "That is the entropy, with a natural logarithm. Wanted is a mean over the leaves of a tree.",
        ),
        Mistake(
            "log2",
            lambda counts: math.log2(len(counts)),
            "That is log2 of how many words there are. The counts are not in it.",
        ),
        Mistake(
            "as for equal counts",
            lambda counts: math.ceil(math.log2(len(counts))),
            "That is the depth of an even tree. The counts are not in it: a frequent word has a short way.",
        ),
        Mistake(
            "mean over words",
            lambda counts: _lengths(counts).mean(),
            "You average over the words. A word that comes often is decided often: average over the tokens.",
        ),
        Mistake(
            "longest",
            lambda counts: _lengths(counts).max(),
            "That is the longest way in the tree. Most tokens have a shorter one.",
        ),
        Mistake(
            "not divided",
            lambda counts: sum(_joined(counts)),
            "That is the number of decisions for the whole text. How many are there for a token?",
        ),
        Mistake(
            "rounded up",
            _by_shannon,
            "You give each word the whole number above -log2 of its share. Huffman's tree is built from below, and its "
            "ways are shorter.",
        ),
        Mistake(
            "largest first",
            _variant(largest=True),
            "You join the two largest. Whatever is joined first lies deepest in the tree.",
        ),
        Mistake(
            "last in the line",
            _variant(queue=True),
            "What you have joined goes to the end of the line, whatever its count. Look for the two smallest anew each "
            "time.",
        ),
        Mistake(
            "one branch",
            _variant(chain=True),
            "You join what you have joined before with the next word, always. Two words can be smaller than it.",
        ),
        Mistake(
            "from the top",
            _from_the_top,
            "You cut the words in two halves, and these again. Huffman's tree is built from below, and is never "
            "longer.",
        ),
        Mistake(
            "root counted",
            lambda counts: 1 + _mean_code_length(counts),
            "One too many: on the way down you count the nodes. Decisions are made between them.",
        ),
        Mistake(
            "one decision for one word",
            lambda counts: max(1.0, _mean_code_length(counts)),
            "With one word there is nothing to decide.",
        ),
        Mistake(
            "without the last joining",
            lambda counts: sum(_joined(counts)[:-1]) / int(counts.sum()),
            "One too few: the joining of the last two is a decision, too, the first that every token needs.",
        ),
    ],
    right="Each joining costs all tokens below it one decision, so the sum of what was joined is enough: no code is "
    "written down.",
)
