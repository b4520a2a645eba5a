# Used in 13 · tests/checks/test_answers.py
"""What the exercises of notebook 13 are tried on: places in a sentence, keys and values, labels, batches, sizes."""

from __future__ import annotations

import numpy as np
import torch


def _normal(rng, *shape, scale=1.0):
    return torch.tensor(rng.normal(size=shape) * scale, dtype=torch.float32)


# -- places in a sentence, of which word 0 is unknown


def sentence_of(ids, places, window, *, D=3, unknown=None):
    """``draw(rng)`` of a table and this sentence; ``unknown`` is what stands in row 0 throughout."""

    def draw(rng):
        W = _normal(rng, max(ids) + 2, D)
        if unknown is not None:
            W[0] = unknown
        return W, np.array(ids), list(places), window

    return draw


def sentence(rng):
    """Of six to eleven words, one of them unknown, one of them twice."""
    n, V = int(rng.integers(6, 12)), int(rng.integers(6, 10))
    ids = rng.integers(1, V, n)
    unknown, first, second = rng.choice(n, 3, replace=False)
    ids[second], ids[unknown] = ids[first], 0
    places = rng.integers(0, n, int(rng.integers(1, 4))).tolist()
    return _normal(rng, V, int(rng.integers(2, 5))), ids, places, int(rng.integers(1, 4))


SENTENCES = {
    "a sentence of one word": sentence_of([3], [0], 2),
    "no known word near": sentence_of([0, 4, 0, 0, 2], [1], 2),
    "no known word at all": sentence_of([0, 0, 0], [1], 1),
    "the first place": sentence_of([5, 2, 7, 1, 4, 3], [0], 2),
    "the last place": sentence_of([5, 2, 7, 1, 4, 3], [5], 2),
    "one word before it, three after it": sentence_of([5, 2, 7, 1, 4, 3], [1], 3),
    "a window longer than the sentence": sentence_of([2, 5, 1, 4], [1, 3], 9),
    "one word on either side": sentence_of([6, 2, 5, 1, 4], [2], 1),
    "the same word beside it": sentence_of([3, 6, 3, 3, 2], [2], 2),
    "the same word again and again": sentence_of([4, 4, 4], [1], 1),
    "another word twice": sentence_of([4, 2, 7, 2, 5], [2], 2),
    "unknown words in the window": sentence_of([3, 0, 5, 0, 2, 6], [2], 3),
    "an unknown word at the place": sentence_of([3, 1, 0, 5, 2], [2], 1),
    "a window of eight words": sentence_of([3, 5, 1, 7, 2, 6, 4, 8, 3, 1, 9, 5, 2, 7, 4, 6, 1, 8, 9, 2], [9, 0, 18], 8),
    "a place twice, places not in order": sentence_of([2, 4, 1, 6, 3], [3, 0, 3], 2),
    "all places": sentence_of([2, 0, 1, 2, 3], range(5), 2),
    "one dimension": sentence_of([1, 3, 2, 1], [2], 2, D=1),
    "a row of zeros for unknown words": sentence_of([3, 0, 5, 2], [2], 2, unknown=0),
    "a large row for unknown words": sentence_of([3, 0, 5, 2], [2], 2, unknown=1000),
}

# -- queries, keys, values, of which some are padding


def heads_of(n, m, d, e, padding=(), *, change=None):
    """``draw(rng)`` of queries, keys and values in which the keys at ``padding`` are no real ones."""

    def draw(rng):
        Q, K, V, mask = _normal(rng, n, d), _normal(rng, m, d, scale=1.5), _normal(rng, m, e), torch.ones(m) > 0
        mask[list(padding)] = False
        if change is not None:
            change(rng, Q, K, V, mask)
        return Q, K, V, mask

    return draw


def heads(rng):
    """Sizes that differ, but for keys as long as values now and then; one key or more is real."""
    n, m, d, e = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    e = d if rng.random() < 0.3 else e
    padding = rng.choice(m, int(rng.integers(0, m)), replace=False)
    return heads_of(n, m, d, e, padding)(rng)


def _whole(rng, *tensors):
    """Small whole numbers: sums of their products, halved, are exact in float32."""
    for x in tensors:
        x.copy_(torch.from_numpy(rng.integers(-2, 3, tuple(x.shape))))


def _far(first, real=10.0, padded=10.0):
    """Of vectors of four numbers: scores around first * real / 2, and first * padded / 2 where there is padding."""

    def change(rng, Q, K, V, mask):
        _whole(rng, Q, K)
        Q[:, 0] = first
        K[:, 0] = torch.where(mask, real, padded)

    return change


def _opposite(padded):
    """Scores around 1000 of the first query, around -1000 of the second; padding's keys as large as ``padded``."""

    def change(rng, Q, K, V, mask):
        _far(198.0, padded=padded)(rng, Q, K, V, mask)
        Q[1, 0] = -198
        V[~mask] = padded

    return change


def _either_way(rng, Q, K, V, mask):
    _far(198.0)(rng, Q, K, V, mask)
    K[::2, 0] = -10


def _large_padding(rng, Q, K, V, mask):
    V[~mask] = 1e6
    K[~mask] *= 30


def _huge_padding(rng, Q, K, V, mask):
    V[~mask] = 1e6
    K[~mask] = 1e6 * Q[0].sign()  # the first query's scores of it are the largest of all


def _equal(rng, Q, K, V, mask):
    K[:] = K[0].clone()


def _at_rest(rng, Q, K, V, mask):
    Q[0] = 0


HEADS = {
    "one query, one key": heads_of(1, 1, 2, 2),
    "one query": heads_of(1, 4, 3, 3, [2]),
    "one real key": heads_of(3, 4, 2, 5, [0, 1, 3]),
    "no padding": heads_of(2, 4, 3, 3),
    "padding in front": heads_of(3, 5, 4, 4, [0, 1]),
    "padding between": heads_of(2, 5, 3, 4, [1, 3]),
    "as many queries as keys": heads_of(3, 3, 2, 4, [2]),
    "as many keys as numbers in a value": heads_of(2, 4, 3, 4, [3]),
    "keys as long as values": heads_of(2, 5, 3, 3, [4]),
    "all four sizes alike": heads_of(3, 3, 3, 3, [1]),
    "vectors of one number": heads_of(2, 4, 1, 3, [3]),
    "vectors of nine numbers": heads_of(2, 4, 9, 3, [3]),
    "values of one number": heads_of(3, 4, 2, 1, [0]),
    "keys that are all alike": heads_of(2, 4, 3, 5, [3], change=_equal),
    "a query of zeros": heads_of(2, 5, 3, 4, [4], change=_at_rest),
    "large numbers in the padding": heads_of(2, 5, 3, 4, [3, 4], change=_large_padding),
    "scores of 1000": heads_of(2, 5, 4, 4, [4], change=_far(198.0)),
    "scores of -1000": heads_of(2, 5, 4, 4, [4], change=_far(-198.0)),
    "scores of 1000 and of -1000": heads_of(2, 5, 4, 4, [4], change=_either_way),
    "scores of 1000 in the padding alone": heads_of(2, 5, 4, 4, [3, 4], change=_far(198.0, real=0.0)),
    "one query with scores of 1000, one with -1000": heads_of(2, 5, 4, 4, [2], change=_opposite(-10.0)),
    "the same, and a million in the padding": heads_of(2, 5, 4, 4, [0, 3], change=_opposite(1e6)),
    "a million in the padding": heads_of(2, 5, 3, 4, [1, 4], change=_huge_padding),
}

# -- labels

WORDS = ("bank", "river", "money", "shore", "loan")


def _named(rng, groups):
    """Groups 0, 1, ... as labels of one kind, in no order."""
    names = [rng.permutation(WORDS).tolist(), rng.permutation(5).tolist(), (rng.permutation(5) * 7 - 14).tolist()]
    names = names[int(rng.integers(3))]
    return [names[group] for group in groups]


def labels_of(one, other):
    """``draw(rng)`` of labels that group things in these two ways."""
    return lambda rng: (_named(rng, one), _named(rng, other))


def as_they_are(one, other):
    return lambda rng: (list(one), list(other))


def labels(rng, n=None):
    """Two ways that agree in about half of the things."""
    n = int(rng.integers(6, 15)) if n is None else n
    one, other = rng.integers(0, int(rng.integers(2, 4)), n), rng.integers(0, int(rng.integers(2, 5)), n)
    other = np.where(rng.random(n) < 0.5, one, other)
    return labels_of(one.tolist(), other.tolist())(rng)


LABELS = {
    "the same groups": labels_of([0, 0, 1, 1, 1, 2], [0, 0, 1, 1, 1, 2]),
    "the same groups, named otherwise": as_they_are([1, 1, 2, 2, 2, 0], ["a", "a", "c", "c", "c", "b"]),
    "the same names in other places": as_they_are([0, 0, 0, 1, 1], [1, 1, 1, 0, 0]),
    "two things, together in both": labels_of([0, 0], [0, 0]),
    "two things, apart in both": labels_of([0, 1], [1, 0]),
    "two things, together and apart": labels_of([0, 0], [0, 1]),
    "all in one group, in both": labels_of([0] * 5, [0] * 5),
    "all alone, in both": labels_of([0, 1, 2, 3], [3, 1, 0, 2]),
    "all in one group, and all alone": labels_of([0] * 4, [0, 1, 2, 3]),
    "all alone, and two groups": labels_of([0, 1, 2, 3, 4], [0, 0, 0, 1, 1]),
    "one group, and several": labels_of([0] * 6, [0, 0, 0, 1, 1, 2]),
    "worse than chance": labels_of([0, 0, 1, 1], [0, 1, 0, 1]),
    "no better than chance": labels_of([0, 0, 0, 1], [0, 0, 1, 1]),
    "as many pairs, in other numbers of groups": labels_of([0, 0, 0, 1, 2, 3], [0, 0, 1, 1, 2, 2]),
    "a group cut in two": labels_of([0, 0, 0, 0, 1, 1], [0, 0, 2, 2, 1, 1]),
    "a group that takes nearly all": labels_of([0] * 9 + [1], [0] * 8 + [1, 1]),
    "numbers that are no places": as_they_are([-1, -1, 40, 40, 7], [3, 3, 3, 900, 900]),
    "numbers, and the same as texts": as_they_are([0, 0, 1, 1, 2, 2], ["0", "1", "1", "2", "2", "0"]),
    "labels that make the same text": as_they_are([1, 11, 1, 11, 3], [11, 1, 11, 1, 3]),
    "many things": lambda rng: labels(rng, 150),
}

# -- batches of documents, as an encoder leaves them


def batch_of(*rows, D=3, scale=4.0, equal=0):
    """``draw(rng)`` of documents; ``rows`` say by 1 which pieces are real. Padding is ``scale`` times as large.

    The first ``equal`` pieces of a document are the same.
    """

    def draw(rng):
        mask = torch.tensor(rows) > 0
        states = _normal(rng, *mask.shape, D) * torch.tensor(rng.uniform(0.3, 3, (*mask.shape, 1))).float()
        states += torch.tensor(rng.normal(size=(len(rows), 1, D))).float()
        states[:, :equal] = states[:, :1].clone()
        return torch.where(mask.unsqueeze(2), states, scale * states), mask

    return draw


def batch(rng):
    """Padding stands at the end in about half of the batches, else anywhere."""
    B, n = int(rng.integers(2, 5)), int(rng.integers(3, 7))
    if rng.random() < 0.5:
        rows = np.arange(n) < rng.integers(1, n + 1, (B, 1))
    else:
        rows = rng.random((B, n)) < 0.6
        rows[np.arange(B), rng.integers(0, n, B)] = True
    return batch_of(*rows.astype(int).tolist(), D=int(rng.integers(2, 6)))(rng)


BATCHES = {
    "one document, one piece": batch_of([1]),
    "one document": batch_of([1, 1, 0, 0]),
    "one real piece": batch_of([1, 0, 0], [0, 0, 1]),
    "no padding": batch_of([1, 1, 1], [1, 1, 1]),
    "padding at the end": batch_of([1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0]),
    "padding in front": batch_of([0, 0, 1, 1], [0, 1, 1, 1]),
    "padding between": batch_of([1, 0, 1, 0, 1], [1, 1, 0, 0, 1]),
    "zeros in the padding": batch_of([1, 1, 0], [1, 0, 0], scale=0.0),
    "padding a million times as large": batch_of([1, 1, 1, 0], [1, 1, 0, 0], scale=1e6),
    "padding of 1e20": batch_of([1, 1, 0, 1], [0, 1, 1, 0], scale=1e20),
    "equal pieces": batch_of([1, 1, 1, 0], [1, 1, 1, 1], equal=2),
    "as many documents as pieces and dimensions": batch_of([1, 1, 0], [1, 1, 1], [1, 0, 0]),
    "one dimension": batch_of([1, 0, 0], [1, 1, 1], D=1),
    "many documents": batch_of(*[[1] * (k % 5 + 1) + [0] * (4 - k % 5) for k in range(12)]),
}

# -- sizes of an encoder


def sizes(rng):
    return tuple(
        int(x) for x in (rng.integers(2, 500), rng.integers(8, 400), rng.integers(8, 900), rng.integers(2, 13))
    )


def given_sizes(*sizes):
    return lambda rng: sizes


SIZES = {
    "all 1": given_sizes(1, 1, 1, 1),
    "one piece": given_sizes(1, 6, 10, 2),
    "one layer": given_sizes(5, 4, 7, 1),
    "n, D and F alike": given_sizes(4, 4, 4, 2),
    "F four times D": given_sizes(10, 8, 32, 3),
    "F below D": given_sizes(7, 12, 5, 2),
    "an encoder of 6 layers": given_sizes(128, 384, 1536, 6),
    "an encoder of 12 layers": given_sizes(512, 768, 3072, 12),
    "a large one, and a book": given_sizes(1_000_003, 12_289, 49_157, 91),
}
