# Used from 04 · tests/checks/test_answers.py
"""Inputs of the exercises of notebook 04: sentences, rows, contexts and counts, drawn anew."""

from __future__ import annotations

from checks.given import Draws

SMALL = range(1, 12)
BELOW_90 = range(1, 90)
WORDS = "the chip maker sold memory price of market stock share bank year".split()


def sentence_of(length, place, window, *, again=False):
    """Draws a sentence of ids; ``place`` counts from the end if it is negative; its word can stand beside it again."""

    def draw(rng):
        n, w = (int(rng.integers(*x)) if isinstance(x, tuple) else x for x in (length, window))
        ids, i = rng.integers(1, 400, n).tolist(), place % n
        if again:
            ids[i - 1] = ids[(i + 1) % n] = ids[i]
        return ids, i, w

    return draw


def sentence(rng):
    """A sentence in which words repeat, any place, windows of 1 to 5."""
    n = int(rng.integers(2, 12))
    return rng.integers(1, 8, n).tolist(), int(rng.integers(n)), int(rng.integers(1, 6))


def noise_of(contexts, K, noise=SMALL, before=0):
    """Draws what ``draw()`` will give: exactly as many words as are needed, ``before`` of them contexts at first."""

    def draw(rng):
        here, k = (list(contexts) if contexts is not None else rng.integers(1, 8, rng.integers(1, 5)).tolist()), K
        k = k or int(rng.integers(1, 5))
        words = [int(rng.choice(here)) for _ in range(before)]
        while sum(word not in here for word in words) < k * len(here):
            words.append(int(rng.choice(noise)))
        return here, k, Draws(words)

    return draw


def rows_of(sizes, noise, *, zero=False, alike=False, ids=BELOW_90):
    """Draws rows with so many contexts and noise words, repeats among them; any numbers of both where these are None.

    With id 0 as a word in the shortest (``zero``), with noise words that are contexts (``alike``).
    """

    def draw(rng):
        n = sizes or rng.integers(1, 5, rng.integers(2, 6)).tolist()
        k = noise or rng.integers(1, 8, len(n))
        rows = [tuple(rng.choice(ids, size).tolist() for size in both) for both in zip(n, k)]
        contexts = max(rows, key=lambda row: len(row[0]))[0]
        contexts[-1] = contexts[0]
        if zero:
            contexts, noise_words = min(rows, key=lambda row: len(row[0]))
            contexts[0] = noise_words[-1] = 0
        if alike:
            for contexts, noise_words in rows:
                noise_words[-1] = contexts[0]
        return (rows,)

    return draw


def text_of(*sentences):
    """Draws an index for given sentences; words in capitals are not in it."""

    def draw(rng):
        ids = rng.permutation(600)[: len(WORDS)] + 1
        ids[ids == ids.min()] = 1  # the smallest that there is
        index = dict(zip(WORDS, ids.tolist()))
        return [sentence.split() for sentence in sentences], index

    return draw


def text(rng):
    """Sentences in which about a third of the words is unknown."""
    _, index = text_of()(rng)
    names = [*WORDS, *(word.upper() for word in WORDS[:6])]
    lengths = rng.permutation([0, 1, 2, *rng.integers(1, 6, rng.integers(0, 4))])
    return [rng.choice(names, n).tolist() for n in lengths], index


def counts_of(V, contexts, zero=(), once=(), counted=BELOW_90):
    """Draws counts of V words, 0 for id 0 and for those in ``zero``, and puts the contexts into any order."""

    def draw(rng):
        counts = rng.choice(counted, V + 1)
        counts[[0, *zero]], counts[list(once)] = 0, 1
        return rng.permutation(contexts).astype(int), counts

    return draw


def some_counts(rng):
    """A small vocabulary of which some words never occur, and contexts that may cover it."""
    V = int(rng.integers(2, 5))
    zero = [i for i in range(1, V + 1) if rng.random() < 0.3]
    return counts_of(V, rng.integers(1, V + 1, rng.integers(1, 8)).tolist(), zero)(rng)
