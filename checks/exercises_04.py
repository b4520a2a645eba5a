# Used in 04 · tests/checks/test_checks.py
"""Checks of notebook 04: discard probabilities, word2vec.c's formula, windows, noise, padding."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck, NumberCheck
from checks.verdict import Mistake

# -- a discard probability by hand: f = 0.0025, t = 1e-4
discard = NumberCheck(
    name="discard",
    value=0.8,
    mistakes=[
        Mistake("kept", 0.2, "That is the probability of keeping the word. The question is how often it is discarded."),
        Mistake("no root", 0.96, "The root is missing: the paper keeps a word with the square root of t/f."),
        Mistake(
            "word2vec.c", 0.76, "That is word2vec.c's, which keeps t/f more. The question is about the paper's formula."
        ),
        Mistake("ratio", 0.04, "That is t/f. Take its root, then subtract from 1."),
        Mistake("upside down", 1 - 5.0, "You took f/t: a probability cannot be negative."),
        Mistake("in percent", 80, "Give a probability, between 0 and 1."),
    ],
    right="1 - sqrt(0.0001 / 0.0025) = 1 - 1/5.",
)

# -- subsampling as word2vec.c does it


def _count_inputs(rng):
    V = int(rng.integers(5, 9))
    counts = rng.integers(1, 20, V) ** 2
    counts[0], counts[-1] = 10 * counts.sum(), 1
    return counts, float(rng.uniform(0.01, 0.05))


def _keep(counts, t, total=None):
    f = counts / (counts.sum() if total is None else total)
    return np.minimum((np.sqrt(f / t) + 1) * t / f, 1)


keep_word2vec = FunctionCheck(
    name="keep_word2vec",
    reference=_keep,
    draw=_count_inputs,
    mistakes=[
        Mistake(
            "paper",
            lambda counts, t: np.minimum(np.sqrt(t * counts.sum() / counts), 1),
            "That is the paper's formula, sqrt(t / f). The program adds t / f to it.",
        ),
        Mistake(
            "not clipped",
            lambda counts, t: (np.sqrt(counts / counts.sum() / t) + 1) * t * counts.sum() / counts,
            "Some of your probabilities are above 1: rare words are kept for sure, and not more than that.",
        ),
        Mistake(
            "discarded",
            lambda counts, t: 1 - _keep(counts, t),
            "That is the probability of discarding. Wanted is that of keeping.",
        ),
        Mistake(
            "counts for frequencies",
            lambda counts, t: np.minimum((np.sqrt(counts / t) + 1) * t / counts, 1),
            "f is a relative frequency: divide the counts by their sum first.",
        ),
        Mistake(
            "by the largest count",
            lambda counts, t: _keep(counts, t, counts.max()),
            "f is relative to all tokens, the sum of the counts, and not to the most frequent word.",
        ),
        Mistake(
            "one added in the wrong place",
            lambda counts, t: np.minimum(np.sqrt(counts / counts.sum() / t + 1) * t * counts.sum() / counts, 1),
            "The 1 stands outside of the root: (sqrt(f / t) + 1) t / f.",
        ),
        Mistake(
            "no root",
            lambda counts, t: np.minimum(2 * t * counts.sum() / counts, 1),
            "The root is missing: sqrt(f / t).",
        ),
    ],
    right="sqrt(t / f) + t / f, at most 1: a little more than the paper keeps, for every frequent word.",
)

# -- from a sentence of words to the contexts of one center word

_WORDS = "the chip maker sold memory price of market stock share bank year".split()


def _sentence_inputs(rng):
    words = rng.permutation(_WORDS)[: int(rng.integers(8, 11))].tolist()
    known = [i for i in range(len(words)) if i % 3 != 1]  # every third word is too rare, never the last two
    vocab = {words[i]: int(n) for i, n in zip(known, rng.permutation(np.arange(1, 20)))}
    i = int(rng.choice([known[0], known[1], known[len(known) // 2], known[-1]]))
    return words, vocab, i, int(rng.integers(1, 4))


def _closed(words, vocab, i):
    """The ids without the rare words, and the center's place among them."""
    return [vocab[word] for word in words if word in vocab], sum(word in vocab for word in words[:i])


def _contexts(words, vocab, i, w, *, right=1, left=True):
    ids, at = _closed(words, vocab, i)
    return [ids[j] for j in range(max(0, at - w) if left else at, min(len(ids), at + w + right)) if j != at]


def _sliced(words, vocab, i, w, *, moved=True, clipped=True, center=False):
    ids, at = _closed(words, vocab, i)
    at = at if moved else i
    return ids[max(0, at - w) if clipped else at - w : at + center] + ids[at + 1 : at + w + 1]


def _unknown_as_zero(words, vocab, i, w):
    return [vocab.get(words[j], 0) for j in range(max(0, i - w), min(len(words), i + w + 1)) if j != i]


def _words(words, vocab, i, w):
    names = {id_: word for word, id_ in vocab.items()}
    return [names[id_] for id_ in _contexts(words, vocab, i, w)]


contexts = FunctionCheck(
    name="contexts",
    reference=_contexts,
    draw=_sentence_inputs,
    mistakes=[
        Mistake(
            "gaps kept",
            lambda *args: [id_ for id_ in _unknown_as_zero(*args) if id_],
            "You lay the window over the sentence as it was written. Words outside of the vocabulary are dropped "
            "first and the "
            "gaps close, so the window reaches further.",
        ),
        Mistake(
            "unknown words as id 0",
            _unknown_as_zero,
            "Words outside of the vocabulary stay in your list as id 0. They are dropped: no token has id 0.",
        ),
        Mistake(
            "place not moved",
            lambda *args: _sliced(*args, moved=False),
            "You drop the rare words and still use the old position: the center's place is the number of known words "
            "before it.",
        ),
        Mistake(
            "center included",
            lambda *args: _sliced(*args, center=True),
            "The center word is among its contexts: leave its position out.",
        ),
        Mistake(
            "off by one",
            lambda *args: _contexts(*args, right=0),
            "The last word on the right is missing: the end of a slice is not included, so it is place + window + 1.",
        ),
        Mistake(
            "negative start",
            lambda *args: _sliced(*args, clipped=False),
            "Near the start you lose contexts: place - window is negative there, and Python counts from the end. Use "
            "max(0, place - window).",
        ),
        Mistake(
            "right alone",
            lambda *args: _contexts(*args, left=False),
            "Only the words on the right. A window reaches to both sides.",
        ),
        Mistake("words", _words, "These are words. Wanted are their ids."),
    ],
    right="Rare words dropped, gaps closed, then up to window ids on either side, cut off at the sentence's ends.",
    trials=30,
)

# -- can any word be noise? (trap T6)


def _noise_inputs(rng):
    V = int(rng.integers(4, 7))
    counts, kind, words = np.append(0, rng.integers(1, 9, V)), rng.integers(4), np.arange(1, V + 1)
    if kind == 0:  # all the words, one of them twice
        chosen = np.append(words, words[0])
    elif kind == 1:  # all but one, and so many repeats that there are more contexts than words
        chosen = np.append(words[1:], [words[1]] * 3)
    elif kind == 2:  # all but one that never occurs
        counts[-1] = 0
        chosen = words[:-1]
    else:
        chosen = rng.choice(words, 2, replace=False)
    return rng.permutation(chosen), counts


def _can_draw(contexts, counts):
    return bool(set(np.flatnonzero(counts).tolist()) - set(contexts.tolist()))


can_draw = FunctionCheck(
    name="can_draw",
    reference=_can_draw,
    draw=_noise_inputs,
    mistakes=[
        Mistake(
            "turned",
            lambda contexts, counts: not _can_draw(contexts, counts),
            "True and False have changed places: True means that some word can be drawn.",
        ),
        Mistake(
            "repeats counted",
            lambda contexts, counts: len(contexts) < np.count_nonzero(counts),
            "You compare lengths, and a context can occur twice: compare sets.",
        ),
        Mistake(
            "words that never occur",
            lambda contexts, counts: bool(set(range(1, len(counts))) - set(contexts.tolist())),
            "A word with count 0 has probability 0: it is never drawn, and the loop never ends. Leave those out.",
        ),
        Mistake(
            "always",
            lambda contexts, counts: True,
            "Always True here, as the book's loop believes. Id 0, padding, is no word that is left: its count is 0.",
        ),
        Mistake("never", lambda contexts, counts: False, "Always False: then no noise could ever be drawn."),
    ],
    right="Some word that occurs is no context. The book's loop asks nothing, and without such a word it never "
    "returns.",
    trials=60,
)


def _row_inputs(rng):
    sizes = rng.permutation([1, 2, 4])
    K = int(rng.integers(2, 4))
    rows = [(rng.integers(1, 9, n).tolist(), rng.integers(1, 9, n * K).tolist()) for n in sizes]
    rows[0][0][0] = rows[1][1][0] = 0  # id 0 as a word, as in the book's package
    return (rows,)


def _pad(rows, *, longer=0, mask=None, label=None, left=False, noise_first=False):
    L = max(len(c) + len(n) for c, n in rows) + longer
    candidates, masks, labels = (np.zeros((len(rows), L), dtype=np.int64) for _ in range(3))
    for i, (c, n) in enumerate(rows):
        m = len(c) + len(n)
        at = slice(L - m, L) if left else slice(0, m)
        candidates[i, at] = [*n, *c] if noise_first else [*c, *n]
        masks[i, at] = 1
        labels[i, at] = [0] * len(n) + [1] * len(c) if noise_first else [1] * len(c) + [0] * len(n)
    masks = masks if mask is None else mask(candidates, masks, labels)
    labels = labels if label is None else label(candidates, masks, labels)
    return candidates, masks, labels


pad = FunctionCheck(
    name="pad",
    reference=_pad,
    draw=_row_inputs,
    mistakes=[
        Mistake(
            "mask from the ids",
            lambda rows: _pad(rows, mask=lambda c, m, y: (c != 0).astype(int)),
            "You read the mask from the ids. Here a real word has id 0, as in the book's package: only the "
            "lengths of the rows say what is padding.",
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
            "no mask",
            lambda rows: _pad(rows, mask=lambda c, m, y: np.ones_like(m)),
            "Your mask is 1 everywhere, on padding too.",
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
        Mistake(
            "mask turned",
            lambda rows: _pad(rows, mask=lambda c, m, y: 1 - m),
            "Your mask is 1 on padding. It is 1 for what is real.",
        ),
    ],
    right="Contexts, noise words, zeros; the mask from the lengths, the label on the contexts.",
)
