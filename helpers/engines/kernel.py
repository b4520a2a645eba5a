# Taught in 10 · exercised in 10.3, 10.4 · tests/helpers/engines/test_kernel.py
"""Skip-gram with negative sampling on the CPU's cores, compiled by Numba: the kernel of notebook 10, in reading order.

A thread takes a run of sentences, drops frequent words, and goes through what is left in blocks of `BLOCK` center
words. For a block it copies every row that it needs into a small working area (gather), computes all scores, errors and
gradients there, and adds the gradients to the tables (scatter). The noise words of a block are shared by its centers,
each weighted so that the objective is that of `training.train` in expectation. `engines.numba` runs it on threads.
"""

from __future__ import annotations

import numpy as np
from numba import float32, int64, njit, uint64

from helpers.engines.alias import alias_table  # noqa: F401 (a part of the kernel, for notebook 10)
from helpers.engines.compiling import compiled
from helpers.engines.safety import check_kernel

BLOCK = 16  # center words that share gathered rows and noise words
LANES = 16  # numbers that a loop takes at once: two registers of eight
GROUP = 256  # sentences that are subsampled at a time
MEASURED = 16  # the loss is computed on one block in so many
LOSS, WEIGHT, CENTERS, BARE, BLOCKS = range(5)  # what `run` adds up, by its place in stats

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


@compiled()
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


@compiled(fastmath=REORDER)
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


@compiled(fastmath=REORDER)
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


@compiled()
def _copy(row, out):
    for d in range(len(row)):
        out[d] = row[d]


@compiled(fastmath=REORDER)
def _add(lr, row, total):
    for d in range(len(total)):
        total[d] += lr * row[d]


@njit(inline="always")
def _noise_word(accept, other, state):
    slot = _below(state, len(accept))
    return int64(slot) if _uniform(state) < accept[slot] else int64(other[slot])


@njit(inline="always")
def _softplus(x):
    """log(1 + exp(x)), for any x."""
    return max(x, 0.0) + np.log1p(np.exp(-abs(x)))


@njit(inline="always")
def _gather(words, low, m, R, embed_u, noise, state, candidate, U):
    """Copy the rows of the words around a block, and of noise words drawn for it: rows 0..m-1 and m..R-1 of U."""
    accept, other = noise
    for j in range(R):
        candidate[j] = words[low + j] if j < m else _noise_word(accept, other, state)
        _copy(embed_u[candidate[j]], U[j])


@njit(inline="always")
def _errors(e, p, left, right, m, R, candidate, seen, rule, stats):
    """Scores of one center, e[left:right] and e[m:R], to errors: label minus sigmoid, weighted. p is its own place."""
    max_window, K, shared, by_row = rule
    C, stamp = right - left - 1, int64(stats[CENTERS])
    for j in range(left, right):
        if j != p:
            seen[candidate[j]] = stamp  # a context of this center
    free = 0
    for j in range(m, R):
        free += seen[candidate[j]] != stamp  # a noise word that is no context of it
    stats[BARE] += free == 0
    positive = float32(1) / float32(C * (1 + K)) if by_row else float32(1)
    negative = positive * float32(C * K) / float32(max(1, free))
    if stats[BLOCKS] % MEASURED == 0:
        for j in range(left, right):
            if j != p:
                stats[LOSS] += positive * _softplus(-np.float64(e[j]))
        for j in range(m, R):
            if seen[candidate[j]] != stamp:
                stats[LOSS] += negative * _softplus(np.float64(e[j]))
        stats[WEIGHT] += positive * float32(C * (1 + K))
    for j in range(left, right):
        e[j] = positive / (float32(1) + np.exp(e[j]))  # label 1: 1 - sigmoid
    e[p] = 0  # the center is no context of its own
    for j in range(m, R):
        e[j] = -negative / (float32(1) + np.exp(-e[j])) if seen[candidate[j]] != stamp else float32(0)


@compiled(fastmath=REORDER)
def _block(kept, a, b, tables, noise, rule, lr, state, work, stats):
    """One step of gradient descent on the centers words[a:b]."""
    words, start, stop = kept
    embed_v, embed_u = tables
    max_window, K, shared, by_row = rule
    candidate, U, X, grad, error, error_T, seen = work
    low, high = max(start[a], a - max_window), min(stop[b - 1], b + max_window)
    m, B = high - low, b - a
    R = m + shared

    # gather
    _gather(words, low, m, R, embed_u, noise, state, candidate, U)
    for i in range(B):
        _copy(embed_v[words[a + i]], X[i])

    # scores, errors, and the centers' gradients
    error_T[:R] = 0
    for i in range(B):
        p, e = a + i, error[i]
        window = 1 + _below(state, max_window)
        left, right = max(start[p], p - window) - low, min(stop[p], p + window + 1) - low
        stats[CENTERS] += 1
        _dots(X[i], U, left, right, e)
        _dots(X[i], U, m, R, e)
        _errors(e, p - low, left, right, m, R, candidate, seen, rule, stats)
        grad[:] = 0
        _combine(e, U, left, right, grad)
        _combine(e, U, m, R, grad)
        _add(lr, grad, embed_v[words[p]])  # scatter
        for j in range(left, right):
            error_T[j, i] = e[j]
        for j in range(m, R):
            error_T[j, i] = e[j]
    stats[BLOCKS] += 1

    # the candidates' gradients, from the centers as they were gathered
    for j in range(R):
        first, last = (max(0, low + j - max_window - a), min(B, low + j + max_window + 1 - a)) if j < m else (0, B)
        grad[:] = 0
        _combine(error_T[j], X, first, last, grad)
        _add(lr, grad, embed_u[candidate[j]])  # scatter


def run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats):
    """Train on the sentences first..last-1 at one learning rate.

    Parameters
    ----------
    ids, bounds : np.ndarray of int32, shape (N,), and of int64, shape (S + 1,)
        Sentence s is ``ids[bounds[s]:bounds[s + 1]]``.
    first, last : int
    tables : (np.ndarray, np.ndarray) of float32, shape (V, D)
        Center and context table, changed in place.
    keep : np.ndarray of float32, shape (V,)
        As `sampling.keep_probability` returns it.
    noise : (np.ndarray, np.ndarray)
        As `alias_table` returns them.
    rule : (int, int, int, bool)
        ``max_window``, ``K``, the noise words of a block, and whether each center's slots are averaged.
    lr : np.float32
    state : np.ndarray of uint64, shape (1,)
        Of the random numbers; not 0; changed in place.
    stats : np.ndarray of float64, shape (5,)
        Added to, at `LOSS` and so on: summed loss and its weight on the measured blocks, center words, those without a
        noise word, blocks.

    Raises
    ------
    ArgumentError
        For anything that compiled code would read or write wrongly.
    """
    check_kernel(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats)
    _run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats)


@compiled()
def _run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats):
    """What `run` does, on arguments that were looked at."""
    max_window, K, shared, by_row = rule
    V, D = tables[0].shape
    P = (D + LANES - 1) // LANES * LANES  # a multiple of what the vector units take at once; the rest stays 0
    size = 0
    for s in range(first, last, GROUP):
        size = max(size, bounds[min(last, s + GROUP)] - bounds[s])
    words, start, stop = np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    R = BLOCK + 2 * min(max_window, size) + shared
    work = (
        np.empty(R, np.int64),  # candidate: whose row is in U
        np.zeros((R, P), np.float32),  # U
        np.zeros((BLOCK, P), np.float32),  # X, the centers' rows
        np.zeros(P, np.float32),  # grad: of one row at a time
        np.empty((BLOCK, R), np.float32),  # error
        np.empty((R, BLOCK), np.float32),  # error_T, the same by candidate, 0 outside the windows
        np.zeros(V, np.int64),  # seen: the last center that a word was a context of
    )
    for s in range(first, last, GROUP):
        n = _subsample(ids, bounds, s, min(last, s + GROUP), keep, state, words, start, stop)
        for a in range(0, n, BLOCK):
            _block((words, start, stop), a, min(n, a + BLOCK), tables, noise, rule, lr, state, work, stats)
