# Used in 04 · tests/checks/test_answers.py
"""Checks of notebook 04, the second part: a rectangle from rows, ids and bounds from sentences."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from checks import drawn_04 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake

# -- a rectangle from rows


def _pad(rows, *, longer=0, left=False, noise_first=False, mask=None, label=None):
    L = max(len(c) + len(n) for c, n in rows) + longer
    candidates, masks, labels = (np.zeros((len(rows), L), dtype=np.int64) for _ in range(3))
    for i, (c, n) in enumerate(rows):
        real = len(c) + len(n)
        at = slice(L - real, L) if left else slice(0, real)
        candidates[i, at] = [*n, *c] if noise_first else [*c, *n]
        masks[i, at] = 1
        labels[i, at] = [0] * len(n) + [1] * len(c) if noise_first else [1] * len(c) + [0] * len(n)
    masks = masks if mask is None else mask(candidates, masks, labels)
    labels = labels if label is None else label(candidates, masks, labels)
    return candidates, masks, labels


def _by_membership(rows):
    candidates, mask, _ = _pad(rows)
    label = [[int(word in c) for word in row] for (c, _), row in zip(rows, candidates.tolist())]
    return candidates, mask, np.array(label) * mask


pad = FunctionCheck(
    name="pad",
    reference=_pad,
    draw=drawn.rows_of(None, None, zero=True),
    hostile={
        "one row": drawn.rows_of([3], [6]),
        "one context and one noise word": drawn.rows_of([1], [1]),
        "rows of one length": drawn.rows_of([2, 2, 2], [6, 6, 6]),
        "the longest row first": drawn.rows_of([3, 1], [3, 1]),
        "the longest row last": drawn.rows_of([1, 2], [2, 4]),
        "a word with id 0": drawn.rows_of([1, 2], [1, 2], zero=True),
        "a noise word that is a context too": drawn.rows_of([1, 2, 3], [2, 4, 6], alike=True),
        "many contexts in one row, many noise words in another": drawn.rows_of([3, 1], [1, 4]),
        "ids that do not fit into a byte": drawn.rows_of([2, 1], [2, 1], ids=range(256, 70_000)),
    },
    mistakes=[
        Mistake(
            "mask from the ids",
            lambda rows: _pad(rows, mask=lambda c, m, y: (c != 0).astype(int)),
            "You read the mask from the ids. Here a real word can have id 0: only the lengths of the rows say what is "
            "padding.",
        ),
        Mistake(
            "label from the ids",
            _by_membership,
            "You ask of each id whether it is among the contexts. Here a noise word can have the same id: only its "
            "place says what a slot is.",
        ),
        Mistake(
            "mask on contexts alone",
            lambda rows: _pad(rows, mask=lambda c, m, y: y.copy()),
            "Your mask leaves the noise words out. They are real slots: the loss has to read them.",
        ),
        Mistake(
            "labels everywhere",
            lambda rows: _pad(rows, label=lambda c, m, y: m.copy()),
            "Your label is 1 for noise words too. Only contexts are right answers.",
        ),
        Mistake(
            "labels on the noise",
            lambda rows: _pad(rows, label=lambda c, m, y: m - y),
            "Your label is 1 for noise words. It is 1 for contexts.",
        ),
        Mistake(
            "no mask",
            lambda rows: _pad(rows, mask=lambda c, m, y: np.ones_like(m)),
            "Your mask is 1 everywhere, on padding too.",
        ),
        Mistake(
            "mask turned",
            lambda rows: _pad(rows, mask=lambda c, m, y: 1 - m),
            "Your mask is 1 on padding. It is 1 for what is real.",
        ),
        Mistake(
            "order",
            lambda rows: tuple(_pad(rows)[i] for i in (0, 2, 1)),
            "Mask and label have changed places: candidates, mask, label.",
        ),
        Mistake(
            "padded on the left",
            lambda rows: _pad(rows, left=True),
            "You pad on the left. The notebook's rows begin with the contexts and end with zeros.",
        ),
        Mistake(
            "noise first",
            lambda rows: _pad(rows, noise_first=True),
            "Noise words come first in your rows. The order is contexts, noise words, zeros.",
        ),
        Mistake(
            "one too long",
            lambda rows: _pad(rows, longer=1),
            "Your rectangle has one column more than the longest row needs.",
        ),
    ],
    right="Contexts, noise words, zeros; the mask from the lengths, the label on the contexts.",
)

# -- sentences to ids and bounds


def _encode(sentences, index, *, unknown=None, skip=False):
    """Ids and bounds; unknown words as ``unknown`` where it is given, sentences left empty left out with ``skip``."""
    rows = [[index.get(word, unknown) for word in sentence] for sentence in sentences]
    rows = [[id_ for id_ in row if id_ is not None] for row in rows]
    rows = [row for row in rows if row or not skip]
    return [id_ for row in rows for id_ in row], list(accumulate(map(len, rows), initial=0))


encode = FunctionCheck(
    name="encode",
    reference=_encode,
    draw=drawn.text,
    hostile={
        "no sentences": drawn.text_of(),
        "a sentence without words": drawn.text_of("chip", "", "the maker"),
        "a sentence without known words": drawn.text_of("the chip", "PRICE THE", "chip"),
        "nothing known in the first sentence": drawn.text_of("PRICE", "chip the"),
        "nothing known in the last sentence": drawn.text_of("chip the", "PRICE"),
        "nothing known at all": drawn.text_of("PRICE", "THE CHIP"),
        "one word": drawn.text_of("chip"),
        "a word twice": drawn.text_of("chip the chip", "chip"),
        "a sentence twice": drawn.text_of("the chip", "the chip"),
    },
    mistakes=[
        Mistake(
            "bounds of the text before",
            lambda sentences, index: (
                _encode(sentences, index)[0],
                list(accumulate(map(len, sentences), initial=0)),
            ),
            "Your bounds count the words that were dropped. They are places among the ids that are left.",
        ),
        Mistake(
            "unknown words as id 0",
            lambda sentences, index: _encode(sentences, index, unknown=0),
            "Unknown words stay in your list as id 0. They are dropped: no token has id 0.",
        ),
        Mistake(
            "empty sentences left out",
            lambda sentences, index: _encode(sentences, index, skip=True),
            "A sentence without known words has disappeared. It stays, with two equal bounds, so that sentence s is "
            "still number s.",
        ),
        Mistake(
            "no first bound",
            lambda sentences, index: (_encode(sentences, index)[0], _encode(sentences, index)[1][1:]),
            "Your bounds have only the ends of the sentences. The first one begins at 0.",
        ),
        Mistake(
            "no last bound",
            lambda sentences, index: (_encode(sentences, index)[0], _encode(sentences, index)[1][:-1]),
            "Your bounds have only the beginnings of the sentences. The last bound is the end of the text.",
        ),
        Mistake(
            "lengths",
            lambda sentences, index: (_encode(sentences, index)[0], np.diff(_encode(sentences, index)[1])),
            "These are the lengths of the sentences. Bounds are places: add the lengths up, from 0.",
        ),
        Mistake(
            "a list for each sentence",
            lambda sentences, index: (
                [[index[word] for word in sentence if word in index] for sentence in sentences],
                _encode(sentences, index)[1],
            ),
            "Your ids are a list of lists. Wanted is one flat list; the bounds say where a sentence begins.",
        ),
        Mistake("order", lambda *args: _encode(*args)[::-1], "Ids and bounds have changed places: first the ids."),
    ],
    right="Unknown words dropped, and the bounds counted among what is left: one more than there are sentences.",
)
