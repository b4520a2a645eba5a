# Taught in 04 · exercised in 4.1, 4.2, 4.4, 4.6 · tests/helpers/test_sampling.py
"""Which words of a text become examples: subsampling, windows and noise words, all drawn with NumPy.

No function here loops over tokens in Python. Each takes a `numpy.random.Generator`, so a seed fixes every draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.arguments import checked, instance, number, one_of, optional, sized, whole
from helpers.corpus import Corpus, CorpusError
from helpers.shapes import array, bounds_fit, counts_of, distribution_of, ids_fit

RNG = instance(np.random.Generator, wanted="a generator, such as numpy.random.default_rng(0)")
IDS = array("T", "integers", least=0)
DRAWING = {"max_window": whole(1, 10_000), "K": whole(1, 1_000), "t": optional(number(above=0))}


def _sentences_fit(ids, bounds, keep=None, **_):
    bounds_fit("bounds", bounds, "ids", ids)
    if keep is not None:
        ids_fit("ids", ids, "keep", keep)


def _slots_fit(offsets, contexts, distribution, **_):
    bounds_fit("offsets", offsets, "contexts", contexts)
    ids_fit("contexts", contexts, "distribution", distribution)


@dataclass(frozen=True)
class Examples:
    """One draw of training examples: a row for each center word that survived subsampling.

    Attributes
    ----------
    centers : np.ndarray of int32, shape (R,)
    offsets : np.ndarray of int64, shape (R + 1,)
        Row i has the contexts ``contexts[offsets[i]:offsets[i + 1]]`` and the noise words of the same slots.
    contexts : np.ndarray of int32, shape (P,)
    noise : np.ndarray of int32, shape (P, K)
        K noise words **per context word**.
    """

    centers: np.ndarray
    offsets: np.ndarray
    contexts: np.ndarray
    noise: np.ndarray

    def __len__(self) -> int:
        return len(self.centers)


@checked(counts=counts_of("V"), t=number(above=0), formula=one_of("book", "word2vec.c"))
def keep_probability(counts, t=1e-4, formula="book"):
    """Probability of keeping an occurrence of each word when frequent words are subsampled.

    Parameters
    ----------
    counts : np.ndarray of int, shape (V,)
        Occurrences of each word; 0 is allowed (the padding id).
    t : float
        Relative frequency above which occurrences begin to be dropped. 1e-4 is the book's.
    formula : {"book", "word2vec.c"}
        ``"book"``: sqrt(t / f), equation 5 of Mikolov et al. (2013); ``"word2vec.c"``: sqrt(t / f) + t / f, what
        the authors' program computes (trap T13).

    Returns
    -------
    np.ndarray of float64, shape (V,), in [0, 1]

    Examples
    --------
    >>> keep_probability(np.array([0, 9900, 100]), t=0.01).round(3)
    array([1.   , 0.101, 1.   ])
    """
    ratio = t / (np.maximum(counts, 1e-12) / counts.sum())  # no division by a count of 0
    keep = np.sqrt(ratio) if formula == "book" else np.sqrt(ratio) + ratio
    return np.minimum(keep, 1.0)


@checked(counts=counts_of("V"), t=optional(number(above=0)))
def keep_or_all(counts, t):
    """`keep_probability`, or 1 for every word where ``t`` is None; np.ndarray of float64, shape (V,)."""
    return np.ones(len(counts)) if t is None else keep_probability(counts, t)


@checked(counts=counts_of("V"), t=optional(number(above=0)))
def kept_share(counts, t):
    """Share of a text's tokens that subsampling keeps, on average; float in [0, 1]."""
    return float((keep_or_all(counts, t) * counts).sum() / counts.sum())


@checked(counts=counts_of("V"), share=number(above=0, most=1))
def t_for_share(counts, share):
    """The threshold at which subsampling keeps a share of the tokens, by bisection; float in (0, 1]."""
    low, high = 1e-30, 1.0  # 1 keeps all
    while high > low * 1.001:
        t = (low * high) ** 0.5
        low, high = (t, high) if kept_share(counts, t) < share else (low, t)
    return high


@checked(_sentences_fit, ids=IDS, bounds=array("S", "integers"), keep=array("V", least=0, most=1), rng=RNG)
def subsample(ids, bounds, keep, rng):
    """Drop each occurrence of word w with probability 1 - keep[w]; sentences close up over the gaps.

    Parameters
    ----------
    ids : np.ndarray of int, shape (T,)
    bounds : np.ndarray of int64, shape (S + 1,)
        Sentence s is ``ids[bounds[s]:bounds[s + 1]]``.
    keep : np.ndarray of float, shape (V,)
    rng : np.random.Generator

    Returns
    -------
    ids, bounds : the same, shorter
    """
    kept = rng.random(len(ids)) < keep[ids]
    before = np.concatenate([[0], np.cumsum(kept)])
    return ids[kept], before[bounds]


@checked(_sentences_fit, ids=IDS, bounds=array("S", "integers"), max_window=DRAWING["max_window"], rng=RNG)
def draw_windows(ids, bounds, max_window, rng):
    """Context words of every center word, with a window size drawn from 1..max_window for each.

    Sentences of one word give no example. A window stops at its sentence's ends.

    Parameters
    ----------
    ids, bounds : as in `subsample`
    max_window : int, 1 or more
    rng : np.random.Generator

    Returns
    -------
    centers : np.ndarray of int32, shape (R,)
    offsets : np.ndarray of int64, shape (R + 1,)
        Center i has the contexts ``contexts[offsets[i]:offsets[i + 1]]``, from left to right.
    contexts : np.ndarray of int32, shape (P,)
    """
    length = np.diff(bounds)
    position = np.flatnonzero(np.repeat(length > 1, length))  # of the centers
    start = np.repeat(bounds[:-1], length)[position]
    stop = np.repeat(bounds[1:], length)[position]
    window = rng.integers(1, max_window, size=len(position), endpoint=True)
    left = np.maximum(start, position - window)
    right = np.minimum(stop, position + window + 1)
    size = right - left - 1  # the center itself is no context
    offsets = np.concatenate([[0], np.cumsum(size)])
    slot = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - left, size)  # left to right
    slot += slot >= np.repeat(position, size)  # and steps over the center
    return ids[position], offsets, ids[slot]


@checked(counts=counts_of("V"), power=number(least=0, most=10))
def noise_distribution(counts, power=0.75):
    """Distribution that noise words are drawn from: counts to the power, normalised (Mikolov et al. 2013).

    Returns
    -------
    np.ndarray of float64, shape (V,), summing to 1; a word with count 0, such as the padding id, is never drawn

    Examples
    --------
    >>> noise_distribution(np.array([0, 16, 1])).round(3)
    array([0.   , 0.889, 0.111])
    """
    weight = (counts > 0) * counts ** float(power)  # 0 ** 0 would be 1
    return weight / weight.sum()


@checked(
    _slots_fit, offsets=array("S", "integers"), contexts=IDS, distribution=distribution_of("V"), K=DRAWING["K"], rng=RNG
)
def draw_noise(offsets, contexts, distribution, K, rng):
    """K noise words per context word, none of which is a context word of the same center.

    The book's rule, stated once: any word may be noise, the center itself included (trap T7), except the words that
    are contexts of this center in this draw. A word that hits a context is drawn again.

    Parameters
    ----------
    offsets, contexts : as `draw_windows` returns them
    distribution : np.ndarray of float, shape (V,)
        As `noise_distribution` returns it.
    K : int, 1 or more
    rng : np.random.Generator

    Returns
    -------
    np.ndarray of int32, shape (P, K)

    Raises
    ------
    CorpusError
        If the contexts of some center are all the words there are (the book's code never returns then, trap T6).
    """
    size = np.diff(offsets)
    noise = _draw(distribution, (len(contexts), K), rng)
    # Contexts as a padded table (R, C_max): a noise word is compared with one column after the other.
    table = np.full((len(size), size.max(initial=0)), -1, dtype=np.int32)
    table[np.arange(table.shape[1]) < size[:, None]] = contexts
    row = np.repeat(np.arange(len(size), dtype=np.int32), size)
    slot, k = np.nonzero(_hits(noise, table, row))
    rounds = 0
    while len(slot):
        rounds += 1
        if rounds == 20:
            _check_possible(table[np.unique(row[slot])], distribution)
        again = _draw(distribution, len(slot), rng)
        noise[slot, k] = again
        hit = (table[row[slot]] == again[:, None]).any(axis=1)
        slot, k = slot[hit], k[hit]
    return noise


def _draw(distribution: np.ndarray, shape, rng: np.random.Generator) -> np.ndarray:
    """Independent draws from a distribution: how often each word occurs (multinomial), then a shuffle."""
    n = int(np.prod(shape))
    drawn = np.repeat(np.arange(len(distribution), dtype=np.int32), rng.multinomial(n, distribution))
    rng.shuffle(drawn)
    return drawn.reshape(shape)


def _hits(noise: np.ndarray, table: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Which noise words are among their own row's contexts; bool, shape (P, K)."""
    hit = np.zeros(noise.shape, dtype=bool)
    for column in table.T:
        hit |= noise == column[row][:, None]
    return hit


def _check_possible(rows: np.ndarray, distribution: np.ndarray) -> None:
    for words in rows:
        words = np.unique(words[words >= 0])
        if np.count_nonzero(distribution) == np.count_nonzero(distribution[words]):
            raise CorpusError(
                f"a center word's {len(words)} contexts are all the words that noise can be drawn from: "
                "give a text with more different words, or a smaller max_window."
            )


@checked(**DRAWING)
def check_drawing(max_window, K, t) -> None:
    """Raise ArgumentError for a window or a number of noise words below 1, or a threshold that is not above 0."""


@checked(
    corpus=sized(Corpus, "V", lambda corpus: len(corpus.vocab)), **DRAWING, power=number(least=0, most=10), rng=RNG,
    counts=optional(counts_of("V")),
)  # fmt: skip
def draw_examples(corpus: Corpus, *, max_window=5, K=5, t=1e-4, power=0.75, rng, counts=None) -> Examples:
    """One epoch's examples from a corpus: subsampled, windowed, with noise words.

    Parameters
    ----------
    corpus : Corpus
    max_window, K : int
        Largest half-width of a window, and noise words per context word. 5 and 5 are the book's.
    t : float or None
        Subsampling threshold; None keeps every occurrence, which small vocabularies need.
    power : float
        Exponent of the noise distribution.
    rng : np.random.Generator
    counts : np.ndarray of int, shape (V,), optional
        Word counts for subsampling and noise. Default: ``corpus.vocab.counts``, those of the training text.

    Returns
    -------
    Examples

    Raises
    ------
    ArgumentError
        If ``max_window`` or ``K`` is below 1, or ``t`` is not above 0.
    CorpusError
        If subsampling leaves no sentence of two words.
    """
    counts = corpus.vocab.counts if counts is None else counts
    ids, bounds = corpus.ids, corpus.bounds
    if t is not None:
        ids, bounds = subsample(ids, bounds, keep_probability(counts, t), rng)
    centers, offsets, contexts = draw_windows(ids, bounds, max_window, rng)
    if not len(centers):
        raise CorpusError(
            f"{corpus.name}: subsampling with t={t} left no sentence of two words, for every word is frequent in a "
            "small text. Give a larger t, or t=None."
        )
    noise = draw_noise(offsets, contexts, noise_distribution(counts, power), K, rng)
    return Examples(centers, offsets, contexts, noise)
