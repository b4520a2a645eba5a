# Used in 12 · tests/checks/test_answers.py
"""What the exercises of notebook 12 are tried on: words to be taken apart, bags of rows, counts, several contexts."""

from __future__ import annotations

import numpy as np
import torch

# -- words, and how long their n-grams may be

PARTS = ("an", "na", "ss", "tik", "ö", "é", "lle", "o", "日本", "ing", "re")


def word(rng):
    """Of one to five parts, of which one can come twice; n-grams of one letter now and then."""
    least = int(rng.integers(1, 5))
    parts = rng.choice(PARTS, int(rng.integers(1, 6)))
    return "".join(parts), least, least + int(rng.integers(0, 4))


def given_word(word, least, most):
    return lambda rng: (word, least, most)


WORDS = {
    "n-grams of one letter": given_word("to", 1, 2),
    "one letter": given_word("a", 1, 3),
    "one letter, and n-grams of one": given_word("I", 1, 1),
    "a word that is too short": given_word("a", 4, 6),
    "a word that is one n-gram with its marks": given_word("her", 5, 5),
    "one length alone": given_word("where", 3, 3),
    "3 to 6 letters, as fastText has them": given_word("where", 3, 6),
    "parts that come twice": given_word("banana", 2, 3),
    "one letter again and again": given_word("aaaa", 1, 3),
    "letters beyond ASCII": given_word("naïveté", 2, 4),
    "letters of three bytes": given_word("日本語", 1, 3),
    "a < and a > among the letters": given_word("a<b>", 1, 2),
    "a word of marks alone": given_word("<>", 1, 3),
    "capital letters": given_word("McIan", 2, 3),
    "no letter in the middle": given_word("o'clock-4", 2, 4),
    "a long word": given_word("donaudampfschifffahrt", 3, 6),
}

# -- bags of rows


def _normal(rng, *shape, scale=1.0):
    return torch.tensor(rng.normal(size=shape) * scale, dtype=torch.float32)


def bag_of(rows, R, D=None, scale=None):
    """``draw(rng)`` of a gradient and the rows of a bag; a scale that is no 1 / n, if none is given."""

    def draw(rng):
        grad = _normal(rng, int(rng.integers(2, 5)) if D is None else D)
        return grad, torch.tensor(rows, dtype=torch.int64), 0.4 * len(rows) ** -0.5 if scale is None else scale, R

    return draw


def bag(rng):
    R, n = int(rng.integers(6, 12)), int(rng.integers(3, 7))
    rows = rng.integers(0, R, n)
    rows[1] = rows[0] if rng.random() < 0.5 else rows[1]
    return bag_of(rows.tolist(), R, scale=float(rng.choice([1, n**-0.5, 0.3])))(rng)


def _zero_in_the_gradient(rng):
    grad, rows, scale, R = bag_of([4, 1, 1], 6, 3)(rng)
    grad[1] = 0
    return grad, rows, scale, R


BAGS = {
    "one row": bag_of([2], 4, 2, 0.5),
    "no row": bag_of([], 4, 2, 1.0),
    "a row twice": bag_of([1, 3, 1], 5),
    "one row, three times": bag_of([2, 2, 2], 4),
    "a table of one row": bag_of([0, 0], 1, 2),
    "row 0 and the last row": bag_of([0, 4], 5),
    "one dimension": bag_of([3, 1, 1], 5, 1),
    "as many rows as dimensions": bag_of([1, 2, 1], 3, 3),
    "scale 1": bag_of([4, 0, 2], 6, 3, 1.0),
    "a mean": bag_of([4, 0, 2, 4], 6, 3, 0.25),
    "a root": bag_of([5, 0, 2, 3], 6, 3, 0.5),
    "a gradient that is 0 in one place": _zero_in_the_gradient,
    "a long bag": lambda rng: bag_of(rng.integers(0, 20, 60).tolist(), 20, 3)(rng),
}

# -- n-grams and buckets


def crowd(rng):
    return int(rng.integers(3, 30)), int(rng.integers(3, 40))


def given_crowd(n, buckets):
    return lambda rng: (n, buckets)


CROWDS = {
    "one n-gram": given_crowd(1, 5),
    "one n-gram, one bucket": given_crowd(1, 1),
    "two n-grams, two buckets": given_crowd(2, 2),
    "two n-grams": lambda rng: (2, int(rng.integers(3, 20))),
    "one bucket": given_crowd(4, 1),
    "more n-grams than buckets": given_crowd(12, 5),
    "as many n-grams as buckets": given_crowd(7, 7),
    "a thousand n-grams": given_crowd(1000, 1500),
    "two n-grams, two million buckets": given_crowd(2, 2_000_000),
    "a million n-grams, two million buckets": given_crowd(1_000_000, 2_000_000),
    "two million n-grams, a hundred thousand buckets": given_crowd(2_000_000, 100_000),
    "a thousand million buckets": given_crowd(300_000, 2**30),
}

# -- counts of words


def counts(rng, V=None):
    """Not sorted; far from powers of two of one another."""
    V = int(rng.integers(5, 12)) if V is None else V
    return ((rng.zipf(1.3, V).clip(1, 400) * rng.integers(3, 12, V)).astype(np.int64),)


def given_counts(*counts):
    return lambda rng: (rng.permutation(np.array(counts, dtype=np.int64)),)


def _as_zipf(rng, V=500):
    return (rng.permutation((1e6 / np.arange(1, V + 1)).astype(np.int64)),)


COUNTS = {
    "one word": given_counts(9),
    "two words": given_counts(5, 1),
    "two words, one of them rare": given_counts(1000, 1),
    "three words, equally many": given_counts(4, 4, 4),
    "four words, equally many": given_counts(3, 3, 3, 3),
    "seven words, equally many": given_counts(*[2] * 7),
    "each half of the one before": given_counts(8, 4, 2, 1, 1),
    "rarer and rarer": given_counts(1, 1, 2, 3, 5, 8, 13, 21),
    "a tree that is even": given_counts(10, 11, 12, 13),
    "a cut from the top misses it": given_counts(15, 7, 6, 6, 5),
    "one word in nearly every place": given_counts(10_000, 3, 2, 2, 1),
    "rarest words first": lambda rng: (np.arange(1, 10, dtype=np.int64) ** 2,),
    "most frequent words first": lambda rng: (np.arange(9, 0, -1, dtype=np.int64) ** 2,),
    "counts by the thousand million": lambda rng: (counts(rng, 9)[0] * 10**9,),
    "as in a text": _as_zipf,
}

# -- several contexts, several candidates


def vectors_of(C, L, D, *, scale=1.0, label=None):
    """``draw(rng)`` of contexts' vectors, candidates' vectors and labels, of which the first half are 1."""

    def draw(rng):
        y = (torch.arange(L) < (L + 1) // 2).float() if label is None else torch.full((L,), float(label))
        y = y[torch.tensor(rng.permutation(L))]
        return _normal(rng, C, D, scale=scale), _normal(rng, L, D, scale=scale), y

    return draw


def vectors(rng):
    C, L, D = int(rng.integers(2, 5)), int(rng.integers(2, 7)), int(rng.integers(2, 5))
    return vectors_of(C + (C == L), L, D)(rng)


def _changed(C, L, D, change):
    def draw(rng):
        v, u, label = vectors_of(C, L, D)(rng)
        change(v, u, label)
        return v, u, label

    return draw


def _twice(v, u, label):
    v[2] = v[0]
    u[1] = u[3]


def _at_rest(v, u, label):
    v[1] = 0
    u[2] = 0


def _opposite(v, u, label):
    v[1] = -v[0]


def _far_apart(v, u, label):
    h = v.mean(dim=0)
    sign = torch.tensor([1.0, -1.0, -1.0, 1.0]) * torch.where(label > 0, 1.0, -1.0)
    u += (150 * sign).unsqueeze(1) * h / h.square().sum()


VECTORS = {
    "one context, one candidate, one dimension": vectors_of(1, 1, 1),
    "one context": vectors_of(1, 4, 3),
    "one candidate": vectors_of(3, 1, 2),
    "one dimension": vectors_of(3, 4, 1),
    "as many contexts as candidates and dimensions": vectors_of(3, 3, 3),
    "no center word among the candidates": vectors_of(2, 4, 3, label=0),
    "no noise word": vectors_of(2, 3, 4, label=1),
    "a context twice, a candidate twice": _changed(3, 4, 2, _twice),
    "vectors of zeros": _changed(3, 4, 2, _at_rest),
    "two contexts that cancel": _changed(2, 3, 2, _opposite),
    "scores of 150, right and wrong": _changed(2, 4, 3, _far_apart),
    "long vectors": vectors_of(4, 6, 5, scale=3.0),
    "ten contexts": vectors_of(10, 6, 4),
}
