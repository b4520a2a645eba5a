# Taught in 13 · exercised in 13.1, 13.3 · tests/helpers/test_senses.py
"""The uses of a word, a vector each: its contexts' mean, groups of them, and words that are two by construction."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from helpers.arguments import ArgumentError, checked, instance, listed, number, refuse, seed, whole
from helpers.corpus import Corpus, Vocab
from helpers.shapes import array, ids_fit
from helpers.vectors import word_table

WINDOW = 5  # words on either side that speak for a use


def _places_fit(ids, places, W=None, **_):
    if W is not None:
        ids_fit("ids", ids, "W", W)
    if len(places) and (places.min() < 0 or places.max() >= len(ids)):
        raise ArgumentError(
            f"places has {places.min()} to {places.max()}, and ids {len(ids):,} words: give places from 0 on in them"
        )


@checked(_places_fit, W=word_table(), ids=array("T", "integers"), places=array("n", "integers"), window=whole(1))
def context_vectors(W, ids, places, window: int = WINDOW) -> torch.Tensor:
    """For each of some places in a sentence the mean of its contexts' vectors.

    Parameters
    ----------
    W : torch.Tensor of float32, shape (V, D)
    ids : np.ndarray of int, shape (T,)
        One sentence.
    places : np.ndarray of int, shape (n,)
        Positions in it.
    window : int
        Words on either side. The word at the place itself is left out, and so are unknown words, of id 0.

    Returns
    -------
    torch.Tensor of float32, shape (n, D)
        Zeros where no word is left.
    """
    means = torch.zeros(len(places), W.shape[1])
    for row, place in enumerate(places):
        near = np.concatenate([ids[max(0, place - window) : place], ids[place + 1 : place + window + 1]])
        if near.any():
            means[row] = W[near[near > 0]].mean(dim=0)
    return means


@checked(corpus=instance(Corpus), place=whole(0), around=whole(1))
def excerpt(corpus: Corpus, place: int, around: int = 30) -> tuple[np.ndarray, int]:
    """The words around a place of the text, as far as its sentence goes.

    Parameters
    ----------
    corpus : Corpus
    place : int
        In ``corpus.ids``.
    around : int
        Words on either side at most.

    Returns
    -------
    ids : np.ndarray of int
    at : int
        Where among them the word at the place stands.
    """
    if place >= len(corpus.ids):
        raise ArgumentError(f"place is {place:,}; give one from 0 to {len(corpus.ids) - 1:,}")
    s = np.searchsorted(corpus.bounds, place, side="right") - 1
    start = max(int(corpus.bounds[s]), place - around)
    return corpus.ids[start : min(int(corpus.bounds[s + 1]), place + around + 1)], place - start


@checked(corpus=instance(Corpus), places=array("n", "integers"), W=word_table(), window=whole(1))
def use_vectors(corpus: Corpus, places, W, window: int = WINDOW) -> np.ndarray:
    """`context_vectors` of places anywhere in a text, each of length 1.

    Returns
    -------
    np.ndarray of float32, shape (n, D)
        Zeros where no word stands around the place.
    """
    _places_fit(corpus.ids, places, W)
    rows, s = W.numpy(), np.searchsorted(corpus.bounds, places, side="right")
    starts = np.maximum(corpus.bounds[s - 1], places - window)
    ends = np.minimum(corpus.bounds[s], places + window + 1)
    uses = np.zeros((len(places), W.shape[1]), np.float32)
    for use, place, start, end in zip(uses, places, starts, ends):
        near = np.concatenate([corpus.ids[start:place], corpus.ids[place + 1 : end]])
        if near.any():
            use[:] = rows[near[near > 0]].mean(axis=0)
    return uses / np.maximum(np.linalg.norm(uses, axis=1, keepdims=True), 1e-12)


@cache
def _threads():
    """The libraries that have threads, looked for once: that takes longer than a clustering."""
    import sklearn.cluster  # noqa: F401 (loads them)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@checked(X=array("n D"), seed=seed())
def two_groups(X, seed: int = 0) -> tuple[np.ndarray, float]:
    """Two groups of vectors by k-means, the better of five beginnings.

    Parameters
    ----------
    X : np.ndarray, shape (n, D)
    seed : int

    Returns
    -------
    group : np.ndarray of int, shape (n,)
        0 or 1; group 0 is the larger. All 0 where the vectors are all the same.
    share : float
        Of the squared distances from the mean, the part that is between the groups: 0 to 1.
    """
    from sklearn.cluster import KMeans

    if len(X) < 2:
        raise ArgumentError(f"X has {len(X)} rows; give two at least")
    spread = ((X - X.mean(axis=0)) ** 2).sum()
    if not spread > 1e-9 * len(X):
        return np.zeros(len(X), np.int64), 0.0
    with _threads().limit(limits=1):  # so little work is slower on several
        found = KMeans(2, n_init=5, random_state=seed).fit(X)
    group = found.labels_ if np.bincount(found.labels_)[0] * 2 >= len(X) else 1 - found.labels_
    return group.astype(np.int64), float(1 - found.inertia_ / spread)


def _labels(name, value, sizes):
    wanted = "a list of labels, each a number or a text"
    labels = [x.item() if getattr(x, "ndim", None) == 0 else x for x in listed(name, value, wanted)]
    if not all(isinstance(x, (str, int, float)) and x == x for x in labels):
        raise refuse(name, value, wanted)
    index: dict = {}
    found = np.array([index.setdefault(label, len(index)) for label in labels], dtype=np.int64)
    if len(found) < 2:
        raise ArgumentError(f"{name} has {len(found)} labels; give two at least")
    if sizes.setdefault("n", len(found)) != len(found):
        raise ArgumentError(f"{name} has {len(found)} labels; give {sizes['n']}, one for each thing")
    return found


@checked(one=_labels, other=_labels)
def adjusted_rand(one, other) -> float:
    """How far two groupings of the same things agree on which pairs belong together (Hubert and Arabie 1985).

    Parameters
    ----------
    one, other : lists of labels, of the same length
        The names of the labels do not count.

    Returns
    -------
    float
        1 where they agree on all pairs, 0 in the mean over groupings by chance of these sizes; it can be below.
    """
    table = np.zeros((one.max() + 1, other.max() + 1), np.int64)
    np.add.at(table, (one, other), 1)
    both, first, second, all_ = (
        float((n * (n - 1) // 2).sum()) for n in (table, table.sum(axis=1), table.sum(axis=0), np.array([len(one)]))
    )
    chance, most = first * second / all_, (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _pairs_fit(corpus, pairs, **_):
    ids_fit("pairs", pairs.reshape(-1), "the vocabulary", corpus.vocab.words)
    first, second = pairs.T
    used, times = np.unique(np.concatenate([first, second[second != first]]), return_counts=True)
    if (times > 1).any() or (used == 0).any() or (corpus.vocab.counts[used] == 0).any():
        raise ArgumentError("pairs has a word in two pairs, id 0, or one that does not occur; give other words")


@checked(
    _pairs_fit, corpus=instance(Corpus), pairs=array("n 2", "integers"), share=number(above=0, most=1), seed=seed()
)
def pseudo_words(corpus: Corpus, pairs, share: float = 1.0, seed: int = 0) -> tuple[Corpus, np.ndarray]:
    """A text in which some words are two: both words of a pair are written as one, which has two senses that are known.

    Schütze (1992) and Gale, Church and Yarowsky (1992) tested methods for senses so.

    Parameters
    ----------
    corpus : Corpus
    pairs : np.ndarray of int, shape (n, 2)
        Each word in one pair. A word paired with itself is parted at random: a control.
    share : float
        Of each word's occurrences, drawn at random, that are written so. The others stay.
    seed : int

    Returns
    -------
    changed : Corpus
        The same text, place by place, without a held-out part.
    ids : np.ndarray of int, shape (n, 3)
        In its vocabulary: each pair's first word, second word, and pseudo-word, whose name is ``first|second``.
    """
    rng, ids, V = np.random.default_rng(seed), corpus.ids.astype(np.int64), len(corpus.vocab)
    names = [*corpus.vocab.words]
    for k, pair in enumerate(pairs):
        for word in np.unique(pair):
            here = rng.permutation(np.flatnonzero(corpus.ids == word))
            ids[here[: max(1, round(share * len(here)))]] = V + k
        names.append("|".join(corpus.vocab.words[word] for word in pair))
    counts = np.bincount(ids, minlength=len(names))
    order = np.concatenate([[0], 1 + np.argsort(-counts[1:], kind="stable")])
    new = np.argsort(order)
    vocab = Vocab([names[i] for i in order[1:]], counts[order[1:]])
    changed = {"ids": new[ids].astype(corpus.ids.dtype), "vocab": vocab, "heldout": None, "source": ""}
    made = np.column_stack([new[pairs], new[V : V + len(pairs)]])
    return Corpus(**(vars(corpus) | changed)), made
