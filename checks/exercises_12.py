# Used in 12 · tests/checks/test_checks.py
"""Checks of notebook 12: n-grams, where a bag's gradient lands, shared buckets, the tree of a softmax, CBOW."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from checks import drawn_12 as drawn
from checks.core import FunctionCheck
from checks.gradients_12 import bag_gradient, cbow_gradients  # noqa: F401
from checks.running import Ran
from checks.tree_12 import mean_code_length  # noqa: F401
from checks.verdict import Mistake, Verdict

# -- n-grams of a word


def _ngrams(word, least, most, *, marks="<>", alone=False, cut=False, last=0):
    """The reference; what is not 0 or as above is a mistake."""
    marked = f"{marks[:1]}{word}{marks[1:]}"
    found = []
    for i in range(len(marked)):
        for j in range(i + least, i + most + 1 - last):
            if (cut or j <= len(marked)) and (alone or (i, j) not in ((0, 1), (len(marked) - 1, len(marked)))):
                found.append(marked[i:j])
    return found


def _bare(word, least, most):
    return _ngrams(word, least, most, marks="", alone=True)


def _of_bytes(word, least, most):
    data = f"<{word}>".encode()
    spans = [(i, i + n) for i in range(len(data)) for n in range(least, most + 1) if i + n <= len(data)]
    return [data[i:j].decode(errors="replace") for i, j in spans if (i, j) not in ((0, 1), (len(data) - 1, len(data)))]


def _marks_not_counted(word, least, most):
    marked = f"<{word}>"
    spans = ((i, j) for i in range(len(marked)) for j in range(i + 1, len(marked) + 1))
    return [marked[i:j] for i, j in spans if least <= j - i - (i == 0) - (j == len(marked)) <= most]


def _by_length(word, least, most):
    return [[x for x in _ngrams(word, least, most) if len(x) == n] for n in range(least, most + 1)]


def _in_order(value: Any) -> Any:
    """Several texts, sorted."""
    items = value.tolist() if isinstance(value, np.ndarray) else value
    several = isinstance(items, (list, tuple, set, frozenset))
    return sorted(map(str, items)) if several and all(isinstance(x, str) for x in items) else value


class AnyOrder(FunctionCheck):
    """Check a function that returns texts, in whatever order."""

    def judge(self, inputs: list[tuple], given: list[tuple], found: list[Ran], *args, **options) -> Verdict:
        """The verdict on texts that are sorted first."""
        return super().judge(
            inputs, given, [replace(ran, value=_in_order(ran.value)) for ran in found], *args, **options
        )

    def ran(self, function, args: Sequence[Any]) -> Ran:
        """What comes of a call, sorted."""
        found = super().ran(function, args)
        return replace(found, value=_in_order(found.value))


ngrams = AnyOrder(
    name="ngrams",
    reference=_ngrams,
    draw=drawn.word,
    hostile=drawn.WORDS,
    forbid=dict.fromkeys(("subwords", "helpers.subwords", "ngrams"), "That is the course's own. Write it yourself."),
    mistakes=[
        Mistake(
            "each once",
            lambda word, least, most: list(dict.fromkeys(_ngrams(word, least, most))),
            "Some of your n-grams are missing: those that stand in the word a second time. Sets and dictionaries keep "
            "one of each.",
        ),
        Mistake(
            "marks alone",
            lambda word, least, most: _ngrams(word, least, most, alone=True),
            "Among the n-grams of one letter are your two marks. They are part of longer ones, and none by themselves.",
        ),
        Mistake(
            "told by its look",
            lambda word, least, most: [x for x in _ngrams(word, least, most) if x not in ("<", ">")],
            "A < or > of the word's own is missing. It looks like a mark, and stands elsewhere.",
        ),
        Mistake(
            "no n-grams of one letter",
            lambda word, least, most: _ngrams(word, max(least, 2), most),
            "You leave out all n-grams of one letter. The two marks alone are to be left out.",
        ),
        Mistake(
            "no marks",
            _bare,
            "These are n-grams of the bare word. Where it begins and where it ends cannot be seen in them.",
        ),
        Mistake(
            "no mark at the end",
            lambda word, least, most: [x for x in _bare(f"<{word}", least, most) if x != "<"],
            "In your n-grams one end of the word has its mark, the other has none.",
        ),
        Mistake(
            "no mark at the beginning",
            lambda word, least, most: [x for x in _bare(f"{word}>", least, most) if x != ">"],
            "In your n-grams one end of the word has its mark, the other has none.",
        ),
        Mistake(
            "most left out",
            lambda word, least, most: _ngrams(word, least, most, last=1),
            "Your longest n-grams are missing. range() ends before its last number.",
        ),
        Mistake(
            "least alone",
            lambda word, least, most: _ngrams(word, least, least),
            "Yours are all of one length, the shortest. Longer ones are wanted as well.",
        ),
        Mistake(
            "most alone",
            lambda word, least, most: _ngrams(word, most, most),
            "Yours are all of one length, the longest. Shorter ones are wanted as well.",
        ),
        Mistake(
            "cut at the end",
            lambda word, least, most: _ngrams(word, least, most, cut=True, alone=True),
            "Near the end of the word a slice is shorter than you asked for, and Python says nothing. It is no n-gram "
            "of that length.",
        ),
        Mistake(
            "marks not counted",
            _marks_not_counted,
            "You count the letters of the word. A mark has a place in an n-gram, and counts like a letter.",
        ),
        Mistake(
            "the whole word too",
            lambda word, least, most: [*_ngrams(word, least, most), f"<{word}>"],
            "You add the whole word, with its marks. Its own row is looked up elsewhere; here it stands only if it is "
            "short enough, and once.",
        ),
        Mistake(
            "the bare word too",
            lambda word, least, most: [word, *_ngrams(word, least, most)],
            "You add the word itself. Its own row is looked up elsewhere; wanted are its n-grams.",
        ),
        Mistake(
            "bytes",
            _of_bytes,
            "You cut between bytes. Some letters have two or three of them, and an n-gram is made of whole letters.",
        ),
        Mistake(
            "by length",
            _by_length,
            "You return a list for each length. Wanted is one list of all n-grams.",
        ),
        Mistake(
            "the beginnings",
            lambda word, least, most: [f"<{word}>"[:n] for n in range(least, min(most, len(word) + 2) + 1) if n > 1],
            "These are the n-grams at the beginning of the word. An n-gram can begin at any place.",
        ),
    ],
    right="A word that nobody has seen has these parts, too, and shares most of them with words that were.",
)

# -- how many n-grams share a bucket


def _expected_sharing(n, buckets):
    return _met(n - 1, buckets)


def _met(others, buckets):
    """The probability that one of so many others is in a bucket; by logarithms, which keep small ones."""
    if buckets == 1:
        return float(others > 0)
    return -math.expm1(others * math.log1p(-1 / buckets))


def _any_two(n, buckets):
    return -math.expm1(np.log1p(-np.arange(n) / buckets).sum()) if n <= buckets else 1.0


def _crowded(n, buckets):
    """The share of buckets that have two n-grams or more."""
    return _met(n, buckets) - n / buckets * (1 - _met(n - 1, buckets))


expected_sharing = FunctionCheck(
    name="expected_sharing",
    reference=_expected_sharing,
    draw=drawn.crowd,
    hostile=drawn.CROWDS,
    tolerance=1e-7,  # a share of 5e-7 is not 0
    mistakes=[
        Mistake(
            "n for the others",
            _met,
            "You let an n-gram meet itself. This is how full the buckets are: the share of them that is not empty.",
        ),
        Mistake(
            "n over buckets",
            lambda n, buckets: n / buckets,
            "That is how many n-grams a bucket has on average. With many n-grams it is above 1, which no share is.",
        ),
        Mistake(
            "added up",
            lambda n, buckets: (n - 1) / buckets,
            "You add up the probabilities of meeting each of the others. Two of them can be met at once.",
        ),
        Mistake(
            "any two",
            _any_two,
            "That is the birthday problem: the probability that any two meet at all. Ask it of one n-gram.",
        ),
        Mistake(
            "alone",
            lambda n, buckets: 1 - _met(n - 1, buckets),
            "That is the share that has a bucket of its own.",
        ),
        Mistake(
            "by e",
            lambda n, buckets: -math.expm1(-(n - 1) / buckets),
            "Your formula has an exponential function of a ratio. It is close where there are many buckets, and off "
            "where there are few.",
        ),
        Mistake(
            "by e, itself too",
            lambda n, buckets: -math.expm1(-n / buckets),
            "Your formula has an exponential function of a ratio: close where there are many buckets, off where there "
            "are few. It also lets an n-gram meet itself.",
        ),
        Mistake(
            "what has no bucket left",
            lambda n, buckets: 1 - buckets * _met(n, buckets) / n,
            "Of the n-grams in a bucket you count all but one. If two share a bucket, both of them do.",
        ),
        Mistake(
            "buckets",
            _crowded,
            "That is the share of the buckets that are shared. Wanted is the share of the n-grams.",
        ),
        Mistake(
            "how many",
            lambda n, buckets: n * _met(n - 1, buckets),
            "That is how many n-grams share a bucket. Wanted is their share.",
        ),
        Mistake(
            "pairs",
            lambda n, buckets: n * (n - 1) / 2 / buckets,
            "That is the expected number of pairs that meet. Three n-grams in one bucket are three pairs.",
        ),
        Mistake(
            "percent",
            lambda n, buckets: 100 * _met(n - 1, buckets),
            "That is in percent. Give a number from 0 to 1.",
        ),
    ],
    right="Each n-gram is alone if all the others miss its bucket. As many buckets as n-grams are not nearly enough.",
)
