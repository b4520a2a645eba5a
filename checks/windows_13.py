# Used in 13 · tests/checks/test_answers.py
"""The check of notebook 13's first exercise: what stands around a word, at each of its places."""

from __future__ import annotations

import numpy as np
import torch

from checks import drawn_13 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _chosen(*, left=0, right=0, sides=(True, True), keep=lambda j, place, ids: j != place and ids[j] != 0):
    """The ids in a window as the reference has it; what is added to a side, or not as above, is a mistake."""

    def choose(ids, place, window):
        start = max(0, place - window - left) if sides[0] else place
        stop = min(len(ids), place + window + right + 1) if sides[1] else place + 1
        return [int(ids[j]) for j in range(start, stop) if keep(j, place, ids)]

    return choose


def _mean(rows):
    return rows.mean(dim=0) if len(rows) else torch.zeros(rows.shape[1])


def _means(choose, combine=_mean):
    """A function of the exercise's arguments: for each place, the rows of the chosen ids, combined."""

    def answer(W, ids, places, window):
        chosen = [torch.tensor(choose(ids, place, window), dtype=torch.int64) for place in places]
        return torch.stack([combine(W[rows]) for rows in chosen])

    return answer


_context_vectors = _means(_chosen())


def _sliced(ids, place, window):
    near = [*ids[place - window : place], *ids[place + 1 : place + window + 1]]
    return [int(i) for i in near if i != 0]


def _round_the_end(ids, place, window):
    steps = [step for step in range(-window, window + 1) if step]
    return [int(i) for i in (ids[(place + step) % len(ids)] for step in steps) if i != 0]


def _round_the_beginning(ids, place, window):
    places = range(place - window, min(len(ids), place + window + 1))
    return [int(ids[j]) for j in places if j != place and ids[j] != 0]


def _known_first(ids, place, window):
    """Unknown words take no room: the window goes on to the next known ones."""
    before, after = [i for i in ids[:place] if i != 0], [i for i in ids[place + 1 :] if i != 0]
    return [int(i) for i in [*before[-window:], *after[:window]]]


def _to_unknown(ids, place, window):
    """The window ends at an unknown word."""
    near = []
    for way in (-1, 1):
        for j in range(place + way, place + way * (window + 1), way):
            if not 0 <= j < len(ids) or ids[j] == 0:
                break
            near.append(int(ids[j]))
    return near


def _in_order(W, ids, places, window):
    return _context_vectors(W, ids, sorted(places), window)


def _by_full_window(W, ids, places, window):
    return _means(_chosen(), lambda rows: rows.sum(dim=0) / (2 * window))(W, ids, places, window)


def _by_places(W, ids, places, window):
    known = torch.cat([torch.zeros_like(W[:1]), W[1:]])
    return _means(_chosen(keep=lambda j, place, ids: j != place))(known, ids, places, window)


def _side_by_side(W, ids, places, window):
    sides = [_means(_chosen(sides=each))(W, ids, places, window) for each in ((True, False), (False, True))]
    return (sides[0] + sides[1]) / 2


def _unit(rows):
    mean = _mean(rows)
    return mean / mean.norm().clamp(min=1e-12)


context_vectors = FunctionCheck(
    name="context_vectors",
    reference=_context_vectors,
    draw=drawn.sentence,
    hostile=drawn.SENTENCES,
    forbid=dict.fromkeys(
        ("senses", "helpers.senses", "context_vectors"), "That is the course's own. Write it yourself."
    ),
    mistakes=[
        Mistake(
            "not a number",
            _means(_chosen(), lambda rows: rows.mean(dim=0)),
            "Where no word is left you divide 0 by 0. The task says what stands there.",
        ),
        Mistake(
            "sum",
            _means(_chosen(), lambda rows: rows.sum(dim=0)),
            "These are sums. A place with many neighbors has a longer vector than one with few; their mean has not.",
        ),
        Mistake(
            "divided by the full window",
            _by_full_window,
            "You divide by twice the window. At an end of the sentence, and beside unknown words, fewer words are "
            "left.",
        ),
        Mistake(
            "unknown words in the count",
            _by_places,
            "Unknown words are not in your sum, and still in the number that you divide by.",
        ),
        Mistake(
            "unknown words too",
            _means(_chosen(keep=lambda j, place, ids: j != place)),
            "Row 0 is in your mean. Unknown words of all kinds share it, so it says nothing of this context.",
        ),
        Mistake(
            "the place itself",
            _means(_chosen(keep=lambda j, place, ids: ids[j] != 0)),
            "The place itself is in its context. All occurrences of a word then look more alike than their contexts "
            "are.",
        ),
        Mistake(
            "the place itself, and unknown words",
            _means(_chosen(keep=lambda j, place, ids: True)),
            "Your window is taken whole. Two kinds of places in it do not belong to the context.",
        ),
        Mistake(
            "the word wherever it stands",
            _means(_chosen(keep=lambda j, place, ids: ids[j] not in (ids[place], 0))),
            "You leave the word out wherever it stands. One place is to be left out; the same word beside it is "
            "context.",
        ),
        Mistake(
            "each word once",
            _means(lambda *args: sorted(set(_chosen()(*args)))),
            "A word that stands in the window twice is in your mean once. Sets and dictionaries keep one of each.",
        ),
        Mistake(
            "a slice from before the beginning",
            _means(_sliced),
            "Near the beginning of the sentence you lose words: a slice that starts at a negative place counts from "
            "the end.",
        ),
        Mistake(
            "round the end",
            _means(_round_the_end),
            "Your window goes round: behind the last word comes the first. It ends where the sentence ends.",
        ),
        Mistake(
            "round the beginning",
            _means(_round_the_beginning),
            "Near the beginning of the sentence you take words of its end: that is where negative places lead.",
        ),
        Mistake(
            "one too many on either side",
            _means(_chosen(left=1, right=1)),
            "Your window is too wide by one on either side.",
        ),
        Mistake(
            "one too few on either side",
            _means(_chosen(left=-1, right=-1)),
            "Your window is too narrow by one on either side.",
        ),
        Mistake(
            "one too few after it",
            _means(_chosen(right=-1)),
            "On the right a word is missing. range() and slices end before their last number.",
        ),
        Mistake(
            "one too many after it",
            _means(_chosen(right=1)),
            "On the right you take a word too many. range() and slices end before their last number; count that once.",
        ),
        Mistake(
            "one too few before it",
            _means(_chosen(left=-1)),
            "On the left a word is missing. How far is the first word of the window from the place?",
        ),
        Mistake(
            "one too many before it",
            _means(_chosen(left=1)),
            "On the left you take a word too many. How far is the first word of the window from the place?",
        ),
        Mistake(
            "words before it",
            _means(_chosen(sides=(True, False))),
            "One side of the window is missing in your means.",
        ),
        Mistake(
            "words after it",
            _means(_chosen(sides=(False, True))),
            "One side of the window is missing in your means.",
        ),
        Mistake(
            "side by side",
            _side_by_side,
            "You average the two sides first, then those two. If one side has fewer words, each of them counts more.",
        ),
        Mistake(
            "unknown words take no room",
            _means(_known_first),
            "You take unknown words out before you count. Then the window reaches words that are further away.",
        ),
        Mistake(
            "up to an unknown word",
            _means(_to_unknown),
            "Your window ends at an unknown word. It goes on behind it.",
        ),
        Mistake(
            "no context of an unknown word",
            _means(lambda ids, place, window: _chosen()(ids, place, window) if ids[place] else []),
            "Where the word at the place itself is unknown you return zeros. It has words around it like any other.",
        ),
        Mistake(
            "in the sentence's order",
            _in_order,
            "Your rows stand in another order than places does.",
        ),
        Mistake(
            "the whole sentence",
            _means(lambda ids, place, window: _chosen()(ids, place, len(ids))),
            "Your means run over the whole sentence, whatever the window is.",
        ),
        Mistake(
            "length 1",
            _means(_chosen(), _unit),
            "You scale the means to length 1. That can be done later; here the means themselves are wanted.",
        ),
        Mistake(
            "the word's own row",
            lambda W, ids, places, window: W[torch.from_numpy(np.asarray(ids)[places])],
            "These are the words' own rows, the same at each occurrence. Wanted is what stands around them.",
        ),
        Mistake(
            "all places together",
            lambda *args: _context_vectors(*args).mean(dim=0),
            "You return one vector. Each place has one of its own: a table of as many rows as places.",
        ),
    ],
    right="One word, and a vector for each of its occurrences: what stands around it tells them apart.",
)
