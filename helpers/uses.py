# Taught in 08 · exercised in 8.1, 8.2, 8.3, 8.4 · tests/helpers/test_uses.py
"""What vectors are good for, and what the text put in: association, classes of words, averages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from torch.nn import functional

from helpers.arguments import (
    ArgumentError,
    checked,
    instance,
    listed,
    many,
    number,
    one_of,
    optional,
    refuse,
    sized,
    whole,
    words,
)
from helpers.corpus import Vocab
from helpers.evaluation import (
    PAIRS,
    answer_analogies,
    known_questions,
    neighbour_frequencies,
    neighbour_table,
    read_analogies,
    word_similarity,
)
from helpers.shapes import array
from helpers.spellings import AnyCase, one_spelling
from helpers.vectors import word_table

# Attributes and targets of tests 6 and 8 of Caliskan, Bryson and Narayanan (2017), common nouns and pronouns alone.
WORD_SETS = {
    "male": tuple("male man boy brother he him his son".split()),
    "female": tuple("female woman girl sister she her hers daughter".split()),
    "career": tuple("executive management professional corporation salary office business career".split()),
    "family": tuple("home parents children family cousins marriage wedding relatives".split()),
    "science": tuple("science technology physics chemistry einstein nasa experiment astronomy".split()),
    "arts": tuple("poetry art shakespeare dance literature novel symphony drama".split()),
}


SOME_WORDS = words(least=1)
TABLE = {"W": word_table(), "vocab": sized(Vocab, "V")}


@checked(targets=SOME_WORDS, male=SOME_WORDS, female=SOME_WORDS, **TABLE)
def association(targets, male, female, W, vocab):
    """How much nearer each word is to one set of attributes than to another.

    Parameters
    ----------
    targets, male, female : sequences of str
        Words that the vocabulary holds; any two sets of attributes will do.

    Returns
    -------
    np.ndarray of float, shape (n,)
        Mean cosine with ``male`` minus mean cosine with ``female``.
    """
    unit = functional.normalize(W, dim=1)
    x, a, b = (unit[[vocab[word] for word in words]] for words in (targets, male, female))
    return ((x @ a.T).mean(dim=1) - (x @ b.T).mean(dim=1)).numpy()


def _sets_fit(s_x, s_y):
    n, m, both = len(s_x), len(s_y), np.concatenate([s_x, s_y])
    if min(n, m) < 2 or n + m > 20:
        raise ArgumentError(f"s_x and s_y are of {n} and {m} words: give 2 each at least, and 20 together at most")
    if np.ptp(both) <= 1e-9 * abs(both).max():
        raise ArgumentError(f"s_x and s_y are {both[0]:g} for all words: give words of which some are nearer")


@checked(_sets_fit, s_x=array("n", least=-1e9, most=1e9), s_y=array("m", least=-1e9, most=1e9))
def association_test(s_x, s_y):
    """WEAT: are the targets X more associated with the first attribute than the targets Y are?

    Caliskan, Bryson and Narayanan (2017). Every way to part the targets into sets of these sizes is tried, so the
    p-value has no sampling noise.

    Parameters
    ----------
    s_x, s_y : np.ndarray of float
        As `association` returns them for X and for Y; 2 words each at least, at most 20 together.

    Returns
    -------
    effect : float
        Difference of the means, in standard deviations of all the targets.
    p : float
        Share of the partitions whose difference is at least as large.
    """
    n, both = len(s_x), np.concatenate([s_x, s_y]).astype(float)
    chosen = np.array(list(combinations(range(len(both)), n)))
    first = both[chosen].sum(axis=1)
    difference = first / n - (both.sum() - first) / len(s_y)
    effect = (s_x.mean() - s_y.mean()) / both.std(ddof=1)
    return float(effect), float((difference >= difference[0] - 1e-12).mean())


@checked(observed=number(), permuted=array("R"))
def permutation_p(observed, permuted) -> float:
    """One-sided p-value of a value among those that chance gave (Davison and Hinkley 1997, section 4.3).

    Parameters
    ----------
    observed : float
    permuted : np.ndarray, shape (R,)
        The same measure under random labels.

    Returns
    -------
    float
        (1 + the number as large or larger) / (1 + R): what was observed is one of the possible values, so never 0.
    """
    return float((1 + (permuted >= observed - 1e-12).sum()) / (1 + len(permuted)))


def _among_fit(tables, vocab, among, k=10):
    if len(among) <= k:
        raise ArgumentError(f"among has {len(among)} words; give more than k = {k}")
    unknown = [word for word in among if word not in vocab]
    if unknown:
        raise ArgumentError(f"among has {unknown[0]!r}, which the vocabulary has not")
    if len(set(among)) < len(among):
        raise ArgumentError("among has a word twice; give each word once")


@checked(_among_fit, tables=many(word_table(), least=1), vocab=sized(Vocab, "V"), among=words(), k=whole(1))
def neighbours_among(tables, vocab, among, k=10):
    """In how many of several tables each of some words is one of the k nearest of each other, among these words alone.

    Parameters
    ----------
    tables : sequence of torch.Tensor, shape (V, D)
        One a seed.
    vocab : corpus.Vocab
    among : sequence of str

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n, n)
        Rows and columns in the order of ``among``, as `evaluation.agreement` takes them.
    """
    ids = [0, *(vocab[word] for word in among)]
    near = np.stack([neighbour_table(W[ids], k) for W in tables])
    return neighbour_frequencies(near, np.arange(1, len(ids)))


def _near_fits(V, near=None, **_):
    if near is not None and near.shape[1] != V:
        raise ArgumentError(f"near has the shape {near.shape}; give a vector for each of the {V} words, by each seed")


@checked(
    _near_fits, ids=array("n", "integers", least=1), V=whole(2), rng=instance(np.random.Generator),
    without=array("m", "integers", least=0), near=optional(array("S V D")),
)  # fmt: skip
def equally_frequent(ids, V, rng, without=(), near=None):
    """For each word another at random, about as frequent: its rank is within a quarter, or within five places.

    Parameters
    ----------
    ids : np.ndarray of int, shape (n,)
        Ids are ranks by frequency, from 1.
    V : int
        Size of the vocabulary, padding included.
    rng : np.random.Generator
    without : sequence of int
        Words not to be drawn, as the ones that are being tested.
    near : np.ndarray, shape (S, V, D), optional
        Unit vectors by S seeds: then each word but the first is, of 20 draws, the nearest to the first, so that they
        stand together as the words of a topic do.

    Returns
    -------
    np.ndarray of int, shape (n,)
        No word twice.
    """
    taken, drawn = {*np.asarray(without).tolist()}, []
    for i in ids:
        low, high = max(1, int(i / 1.25) - 5), min(V, int(i * 1.25) + 6)
        free = [p for p in rng.integers(low, high, 200).tolist() if p not in taken] if low < high else []
        if not free:
            raise ArgumentError(f"ids has {i}, and no other word is about as frequent; give fewer or others")
        place = free[0]
        if near is not None and drawn:
            place = max(free[:20], key=lambda p: (near[:, p] * near[:, drawn[0]]).sum())
        taken.add(place)
        drawn.append(place)
    return np.array(drawn)


@checked(name=one_of(*WORD_SETS), vocab=sized(Vocab, "V"))
def known_words(name: str, vocab) -> list[str]:
    """The words of one of the `WORD_SETS` that the vocabulary holds, in its own spelling."""
    known = AnyCase(vocab)
    return [vocab.words[known[word]] for word in WORD_SETS[name] if word in known]


@checked(vocab=sized(Vocab, "V"), least=whole(0))
def word_classes(vocab, least=6):
    """Words labelled by the columns of Google's analogy questions: countries, capitals, comparatives, ...

    Returns
    -------
    dict of str to list of str
        In the vocabulary's own spelling. Each word in one class; words of two classes, and classes with fewer than
        ``least`` words, are left out.
    """
    columns = {
        "capital": ("capital-world", 0), "country": ("capital-world", 1), "city": ("city-in-state", 0),
        "state": ("city-in-state", 1), "nationality": ("gram6-nationality-adjective", 1),
        "adjective": ("gram3-comparative", 0), "comparative": ("gram3-comparative", 1),
        "adverb": ("gram1-adjective-to-adverb", 1), "participle": ("gram7-past-tense", 0),
        "past tense": ("gram7-past-tense", 1), "noun": ("gram8-plural", 0), "plural": ("gram8-plural", 1),
    }  # fmt: skip
    sections = read_analogies()
    found = {name: {word for q in sections[s] for word in (q[c], q[c + 2])} for name, (s, c) in columns.items()}
    times = Counter(word for words in found.values() for word in words)
    known = AnyCase(vocab)
    classes = {
        name: sorted(vocab.words[known[w]] for w in words if times[w] == 1 and w in known)
        for name, words in found.items()
    }
    return {name: words for name, words in classes.items() if len(words) >= least}


def _texts(name, value, sizes):
    """Lists of words; looked through without a rule for each of a million words."""
    wanted = "a list of texts, each a list of words"
    given = listed(name, value, wanted)
    texts = [None if isinstance(words, str) or not isinstance(words, Iterable) else list(words) for words in given]
    if None in texts or not all(isinstance(word, str) for words in texts for word in words):
        raise refuse(name, texts, wanted)
    return texts


@checked(texts=_texts, **TABLE)
def text_vectors(texts, W, vocab):
    """One vector a text: the mean of its known words' unit vectors; zero where no word is known.

    Parameters
    ----------
    texts : list of list of str
    W : torch.Tensor, shape (V, D)
    vocab : corpus.Vocab

    Returns
    -------
    np.ndarray of float32, shape (len(texts), D)
    """
    unit = functional.normalize(W, dim=1).numpy()
    rows = [[vocab[word] for word in text if word in vocab] for text in texts]
    means = [unit[row].mean(axis=0) if row else np.zeros(W.shape[1], np.float32) for row in rows]
    return np.array(means, dtype=np.float32).reshape(len(rows), W.shape[1])


@checked(**TABLE)
def scores(W, vocab) -> dict[str, float]:
    """Every score of notebook 07 for one table of vectors.

    Returns
    -------
    dict of str to float
        Spearman's correlation with each set of pairs, the share of Google's questions answered rightly by 3CosAdd and
        by 3CosMul, and WEAT's effect for careers and for science. Only what the vocabulary can be asked, in any case
        and of each word the most frequent spelling; `evaluation.coverage` says how much that is.
    """
    W, vocab = one_spelling(W, vocab)
    found = {}
    for name in PAIRS:
        rho, _ = word_similarity(W, vocab, name)
        if not np.isnan(rho):
            found[name] = rho
    asked = known_questions([q for section in read_analogies().values() for q in section], vocab)
    if len(asked):
        for method in ("add", "mul"):
            found[f"analogies, {method}"] = float((answer_analogies(asked, W, method) == asked[:, 3]).mean())
    for x, y in (("career", "family"), ("science", "arts")):
        sets: Sequence[list[str]] = [known_words(name, vocab) for name in (x, y, "male", "female")]
        if min(map(len, sets)) >= 2:
            s_x, s_y = (association(targets, *sets[2:], W, vocab) for targets in sets[:2])
            found[f"{x} against {y}"] = association_test(s_x, s_y)[0]
    return found
