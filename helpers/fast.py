"""Skip-gram with negative sampling on the CPU's cores, compiled by Numba: the kernel of notebook 09, in reading order.

A thread takes a run of sentences, drops frequent words, and goes through what is left in blocks of `BLOCK` center
words. For a block it copies every row that it needs into a small working area (gather), computes all scores, errors and
gradients there, and adds the gradients to the tables (scatter). The noise words of a block are shared by its centers,
each weighted so that the objective is that of `training.train` in expectation. The threads share the tables without
locks and may overwrite one another's additions (Hogwild: Recht et al. 2011); with one thread a seed fixes every bit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numba import float32, int64, njit, uint64

from helpers.sampling import keep_probability, noise_distribution

BLOCK = 16  # center words that share gathered rows and noise words
SHARED = 32  # noise words of a block
GROUP = 256  # sentences that are subsampled at a time
MEASURED = 16  # the loss is computed on one block in so many

# Sums may be reordered, which vector units need. NaN and infinity keep their meaning, so that divergence is seen.
REORDER = {"reassoc", "contract", "arcp", "nsz"}


@njit(inline="always")
def _random(state):
    """64 random bits: xorshift64* (Vigna 2016)."""
    x = state[0]
    x ^= x >> uint64(12)
    x ^= x << uint64(25)
    x ^= x >> uint64(27)
    state[0] = x
    return x * uint64(2685821657736338717)


@njit(inline="always")
def _uniform(state):
    """A float32 in [0, 1), from the top 24 bits."""
    return float32(_random(state) >> uint64(40)) * float32(2.0**-24)


@njit(inline="always")
def _below(state, n):
    """A whole number in 0..n-1, without a division: the top 32 bits, scaled."""
    return int64(((_random(state) >> uint64(32)) * uint64(n)) >> uint64(32))


@njit(cache=True)
def alias_table(distribution):
    """Vose's alias method: any distribution, drawn with two random numbers and one look at a table of V slots.

    Slot i is returned with probability ``accept[i]``, else ``other[i]``. (word2vec.c spends a table of 10^8 ids.)

    Parameters
    ----------
    distribution : np.ndarray of float64, shape (V,), summing to 1

    Returns
    -------
    accept : np.ndarray of float32, shape (V,)
    other : np.ndarray of int32, shape (V,)
    """
    V = len(distribution)
    share = distribution * V  # what a slot has to hand out, in slots
    accept, other = np.ones(V, np.float32), np.arange(V).astype(np.int32)
    small = [i for i in range(V) if share[i] < 1]
    large = [i for i in range(V) if share[i] >= 1]
    while small and large:
        s, g = small.pop(), large.pop()
        accept[s], other[s] = share[s], g
        share[g] -= 1 - share[s]  # what slot s takes from word g
        if share[g] < 1:
            small.append(g)
        else:
            large.append(g)
    for s in small:  # left over by rounding: full slots, save for words that must never be drawn
        if distribution[s] == 0:
            accept[s], other[s] = 0.0, np.argmax(distribution)
    return accept, other


@njit(nogil=True, cache=True)
def _subsample(ids, bounds, first, last, keep, state, words, start, stop):
    """Keep what survives of the sentences first..last-1; start and stop are the bounds of each word's sentence."""
    n = 0
    for s in range(first, last):
        begin = n
        for i in range(bounds[s], bounds[s + 1]):
            if _uniform(state) < keep[ids[i]]:
                words[n] = ids[i]
                n += 1
        if n < begin + 2:  # a sentence of one word gives no example
            n = begin
        for i in range(begin, n):
            start[i], stop[i] = begin, n
    return n


@njit(nogil=True, cache=True, fastmath=REORDER)
def _dots(x, rows, first, last, out):
    """out[j] = x . rows[j], four rows at a time, so that each number of x is loaded once for four uses."""
    D = rows.shape[1]
    j = first
    while j + 4 <= last:
        a = b = c = e = float32(0)
        for d in range(D):
            a += x[d] * rows[j, d]
            b += x[d] * rows[j + 1, d]
            c += x[d] * rows[j + 2, d]
            e += x[d] * rows[j + 3, d]
        out[j], out[j + 1], out[j + 2], out[j + 3] = a, b, c, e
        j += 4
    while j < last:
        a = float32(0)
        for d in range(D):
            a += x[d] * rows[j, d]
        out[j] = a
        j += 1


@njit(nogil=True, cache=True, fastmath=REORDER)
def _combine(weight, rows, first, last, total):
    """total += sum over j of weight[j] rows[j], four rows at a time."""
    D = rows.shape[1]
    j = first
    while j + 4 <= last:
        a, b, c, e = weight[j], weight[j + 1], weight[j + 2], weight[j + 3]
        for d in range(D):
            total[d] += a * rows[j, d] + b * rows[j + 1, d] + c * rows[j + 2, d] + e * rows[j + 3, d]
        j += 4
    while j < last:
        a = weight[j]
        for d in range(D):
            total[d] += a * rows[j, d]
        j += 1


@njit(nogil=True, cache=True)
def _copy(row, out):
    for d in range(len(row)):
        out[d] = row[d]


@njit(nogil=True, cache=True, fastmath=REORDER)
def _add(lr, row, total):
    for d in range(len(row)):
        total[d] += lr * row[d]


@njit(inline="always")
def _noise_word(accept, other, state):
    slot = _below(state, len(accept))
    return int64(slot) if _uniform(state) < accept[slot] else int64(other[slot])


@njit(nogil=True, cache=True, fastmath=REORDER)
def _block(
    words, start, stop, a, b, embed_v, embed_u, accept, other, max_window, K, shared, by_row, lr, state, work, stats
):
    """One step of gradient descent on the centers words[a:b]."""
    candidate, U, grad_U, X, grad_X, error, error_T, seen = work
    low, high = max(start[a], a - max_window), min(stop[b - 1], b + max_window)
    m, B = high - low, b - a  # rows 0..m-1 of U: the words around; then the noise words
    R = m + shared

    # gather
    for j in range(m):
        candidate[j] = words[low + j]
    for j in range(m, R):
        candidate[j] = _noise_word(accept, other, state)
    grad_U[:R] = 0
    grad_X[:B] = 0
    error_T[:R] = 0
    for j in range(R):
        _copy(embed_u[candidate[j]], U[j])
    for i in range(B):
        _copy(embed_v[words[a + i]], X[i])

    # scores, errors, and the centers' gradients
    measured = stats[4] % MEASURED == 0
    stats[4] += 1
    for i in range(B):
        p = a + i
        window = 1 + _below(state, max_window)
        left, right = max(start[p], p - window) - low, min(stop[p], p + window + 1) - low
        C, e = right - left - 1, error[i]
        stats[2] += 1
        _dots(X[i], U, left, right, e)
        _dots(X[i], U, m, R, e)
        stamp = int64(stats[2])
        for j in range(left, right):
            if j != p - low:
                seen[candidate[j]] = stamp  # a context of this center
        free = 0
        for j in range(m, R):
            free += seen[candidate[j]] != stamp  # a noise word that is no context of it
        stats[3] += free == 0
        positive = float32(1) / float32(C * (1 + K)) if by_row else float32(1)
        negative = positive * float32(C * K) / float32(max(1, free))
        if measured:
            loss = 0.0
            for j in range(left, right):
                if j != p - low:
                    loss += positive * np.log1p(np.exp(-np.float64(e[j])))
            for j in range(m, R):
                if seen[candidate[j]] != stamp:
                    loss += negative * np.log1p(np.exp(np.float64(e[j])))
            stats[0] += loss
            stats[1] += positive * float32(C * (1 + K))
        for j in range(left, right):
            e[j] = positive / (float32(1) + np.exp(e[j]))  # label 1: 1 - sigmoid
        e[p - low] = 0  # the center is no context of its own
        for j in range(m, R):
            e[j] = -negative / (float32(1) + np.exp(-e[j])) if seen[candidate[j]] != stamp else float32(0)
        _combine(e, U, left, right, grad_X[i])
        _combine(e, U, m, R, grad_X[i])
        for j in range(left, right):
            error_T[j, i] = e[j]
        for j in range(m, R):
            error_T[j, i] = e[j]

    # the candidates' gradients; scatter
    for j in range(R):
        first, last = (max(0, low + j - max_window - a), min(B, low + j + max_window + 1 - a)) if j < m else (0, B)
        _combine(error_T[j], X, first, last, grad_U[j])
        _add(lr, grad_U[j], embed_u[candidate[j]])
    for i in range(B):
        _add(lr, grad_X[i], embed_v[words[a + i]])


@njit(nogil=True, cache=True)
def run(
    ids, bounds, first, last, keep, embed_v, embed_u, accept, other, max_window, K, shared, by_row, lr, state, stats
):
    """Train on the sentences first..last-1 at one learning rate."""
    V, D = embed_v.shape
    size = 0
    for s in range(first, last, GROUP):
        size = max(size, bounds[min(last, s + GROUP)] - bounds[s])
    words, start, stop = np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    R = BLOCK + 2 * max_window + shared
    work = (
        np.empty(R, np.int64),
        np.empty((R, D), np.float32),
        np.empty((R, D), np.float32),
        np.empty((BLOCK, D), np.float32),
        np.empty((BLOCK, D), np.float32),
        np.empty((BLOCK, R), np.float32),
        np.empty((R, BLOCK), np.float32),
        np.zeros(V, np.int64),
    )
    for s in range(first, last, GROUP):
        n = _subsample(ids, bounds, s, min(last, s + GROUP), keep, state, words, start, stop)
        for a in range(0, n, BLOCK):
            b = min(n, a + BLOCK)
            _block(
                words,
                start,
                stop,
                a,
                b,
                embed_v,
                embed_u,
                accept,
                other,
                max_window,
                K,
                shared,
                by_row,
                lr,
                state,
                work,
                stats,
            )


class Engine:
    """The kernel on one corpus and one model, as `backends.train` drives it.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` returns it; moved to the CPU and trained in place.
    corpus : Corpus
    settings : Settings
    device : ignored
        It is the CPU.
    threads : int, optional
        Default: PyTorch's number (`torch.get_num_threads`). With 1 the result is the same each time.
    shared : int
        Noise words of a block.
    """

    device = "cpu"

    def __init__(self, model, corpus, settings, *, device=None, threads: int | None = None, shared: int = SHARED):
        model.to("cpu")
        counts = corpus.vocab.counts
        self.threads = torch.get_num_threads() if threads is None else threads
        if self.threads < 1 or self.threads != int(self.threads):
            raise ValueError(f"threads is {threads}; give a whole number, 1 or more")
        self.note = f" ({self.threads} thread{'s' * (self.threads > 1)})"
        self.settings, self.shared = settings, shared
        self.ids, self.bounds = (
            np.ascontiguousarray(corpus.ids, np.int32),
            np.ascontiguousarray(corpus.bounds, np.int64),
        )
        self.tables = [embed.weight.detach().numpy() for embed in model]
        keep = np.ones(len(counts)) if settings.t is None else keep_probability(counts, settings.t)
        self.keep = keep.astype(np.float32)
        self.noise = alias_table(noise_distribution(counts))
        seeds = np.random.SeedSequence(settings.seed).spawn(self.threads)
        self.pool = ThreadPoolExecutor(self.threads)
        self.states = [seed.generate_state(1, np.uint64) | np.uint64(1) for seed in seeds]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on the sentences first..last-1.

        Returns
        -------
        np.ndarray of float64, shape (4,)
            Summed loss and its summed weight on the measured blocks, center words, and center words without noise.
        """
        bounds, s = self.bounds, self.settings
        cuts = np.searchsorted(bounds, np.linspace(bounds[first], bounds[last], self.threads + 1)[1:-1])
        cuts = [first, *np.clip(cuts, first, last), last]
        stats = np.zeros((self.threads, 5))

        def part(k):
            run(
                self.ids, bounds, cuts[k], cuts[k + 1], self.keep, *self.tables, *self.noise, s.max_window, s.K,
                self.shared, s.average == "row", np.float32(lr), self.states[k], stats[k],
            )  # fmt: skip

        if self.threads == 1:
            part(0)
        else:
            list(self.pool.map(part, range(self.threads)))
        return stats[:, :4].sum(axis=0)
