# Taught in 10 · exercised in 10.3, 10.4 · tests/helpers/engines/test_kernel.py
"""Skip-gram with negative sampling on the CPU's cores, compiled by Numba: the kernel of notebook 10, in reading order.

A thread takes a run of sentences, drops frequent words, and goes through what is left in blocks of `BLOCK` center
words. For a block it copies every row that it needs into a small working area (gather), computes all scores, errors and
gradients there, three products of matrices, and adds the gradients to the tables (scatter). Meanwhile it asks for the
rows of the next block. The noise words of a block are shared by its centers, each weighted so that the objective is
that of `training.train` in expectation. `engines.numba` runs it on threads.
"""

from __future__ import annotations

import numpy as np
from numba import float32, int64, njit, uint64

from helpers.engines.alias import alias_table  # noqa: F401 (a part of the kernel, for notebook 10)
from helpers.engines.compiling import compiled
from helpers.engines.safety import check_kernel
from helpers.engines.tiles import LANES, REORDER, combine, prefetch, scores

BLOCK = 16  # center words that share gathered rows and noise words: four tiles
GROUP = 256  # sentences that are subsampled at a time
MEASURED = 16  # the loss is computed on one block in so many
LOSS, WEIGHT, CENTERS, BARE, BLOCKS = range(5)  # what `run` adds up, by its place in stats


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


@compiled()
def _copy(row, out):
    for d in range(len(row)):
        out[d] = row[d]


@compiled(fastmath=REORDER)
def _add(lr, row, total):
    for d in range(len(total)):
        total[d] += lr * row[d]


@compiled(fastmath=REORDER)
def _sum(bag, word, table, out):
    """The vector of a word: its row, or the scaled sum of the rows in its bag."""
    if bag is None:
        _copy(table[word], out)
    else:
        rows, bounds, scale = bag
        out[:] = 0
        for k in range(bounds[word], bounds[word + 1]):
            _add(scale[word], table[rows[k]], out[: table.shape[1]])


@compiled(fastmath=REORDER)
def _share(bag, word, lr, grad, table):
    """What `_sum` took from, changed by the gradient of the word's vector."""
    if bag is None:
        _add(lr, grad, table[word])
    else:
        rows, bounds, scale = bag
        for k in range(bounds[word], bounds[word + 1]):
            _add(lr * scale[word], grad, table[rows[k]])


@compiled()
def _ahead(bag, word, table):
    """Ask for what `_sum` will read."""
    if bag is None:
        prefetch(table, word)
    else:
        rows, bounds, _ = bag
        for k in range(bounds[word], bounds[word + 1]):
            prefetch(table, rows[k])


@compiled()
def _draw(noise, state, drawn):
    """The noise words of a block."""
    accept, other = noise
    for j in range(len(drawn)):
        slot = _below(state, len(accept))
        share, instead = accept[slot], other[slot]  # both looked up, so that nothing waits for the comparison
        drawn[j] = slot if _uniform(state) < share else instead


@njit(inline="always")
def _softplus(x):
    """log(1 + exp(x)), for any x."""
    return max(x, 0.0) + np.log1p(np.exp(-abs(x)))


@njit(inline="always")
def _sigmoid(x):
    """1 / (1 + exp(-x)) by sums and products alone, so that a loop takes `LANES` at once; x is cut to -32..32."""
    x = float32(32) if x > 32 else x
    x = float32(-32) if x < -32 else x
    y = x * float32(-1 / 64)
    e = float32(1) + y * (float32(1) + y * (float32(1 / 2) + y * (float32(1 / 6) + y * (float32(1 / 24) + y / 120))))
    for _ in range(6):
        e *= e  # exp(-x) = exp(-x / 64) ** 64
    return float32(1) / (float32(1) + e)


@compiled(error_model="numpy")
def _weights(kept, a, b, low, candidate, rule, state, weight, stats):
    """What each pair of center a + i and candidate j counts: a context more than 0, a noise word less, others 0."""
    words, start, stop = kept
    max_window, K, S, by_row = rule
    weight[:] = 0
    for i in range(b - a):
        p, w = a + i, weight[i]
        window = 1 + _below(state, max_window)
        left, right = max(start[p], p - window), min(stop[p], p + window + 1)
        C = right - left - 1
        positive = float32(1) / float32(C * (1 + K)) if by_row else float32(1)
        w[:S] = -positive * float32(C * K)
        w[S + left - low : S + right - low] = positive
        w[S + p - low] = 0  # the center is no context of its own
        if stats[BLOCKS] % MEASURED == 0:
            stats[WEIGHT] += positive * float32(C * (1 + K))
    for j in range(S, len(candidate)):
        met = False
        for k in range(S):
            met |= candidate[k] == candidate[j]
        if met:  # a noise word that is a context of some center counts nothing there
            for k in range(S):
                for i in range(b - a):
                    if candidate[k] == candidate[j] and weight[i, j] > 0:
                        weight[i, k] = 0
    for i in range(b - a):
        free = 0
        for k in range(S):
            free += weight[i, k] < 0
        weight[i, :S] /= float32(max(1, free))
        stats[BARE] += free == 0
    stats[CENTERS] += b - a


@compiled(fastmath=REORDER, error_model="numpy")
def _errors(E, weight, stats):
    """Scores to errors: label minus sigmoid, times the weight's size. A context has the label 1, a noise word 0."""
    e, w = E.reshape(E.size), weight.reshape(E.size)
    if stats[BLOCKS] % MEASURED == 0:
        for k in range(len(e)):
            if w[k] != 0:
                stats[LOSS] += abs(w[k]) * _softplus(np.float64(e[k] if w[k] < 0 else -e[k]))
    for k in range(len(e)):
        e[k] = w[k] * _sigmoid(e[k] if w[k] < 0 else -e[k])  # 1 - sigmoid(x) is sigmoid(-x)


@compiled()
def _block(kept, a, b, n, tables, bag, drawn, rule, lr, state, work, stats):
    """One step of gradient descent on the centers words[a:b] of n; drawn: its noise words and the next ones."""
    words, start, stop = kept
    embed_v, embed_u = tables
    max_window, K, S, by_row = rule
    candidate, U, X, grad_u, grad_v, E, weight = work
    low, high = max(start[a], a - max_window), min(stop[b - 1], b + max_window)
    R = S + high - low
    tiled = (R + 3) // 4 * 4

    # gather
    for j in range(R):
        candidate[j] = drawn[0, j] if j < S else words[low + j - S]
        _copy(embed_u[candidate[j]], U[j])
    for i in range(b - a):
        _sum(bag, words[a + i], embed_v, X[i])

    # scores and errors
    _weights(kept, a, b, low, candidate[:R], rule, state, weight, stats)
    for i in range(0, BLOCK, 4):
        scores(X[i : i + 4], U[:tiled], weight[i : i + 4], E[i : i + 4])
        for k in range(b + i, min(n, b + i + 4)):  # a part of what the next block will gather
            _ahead(bag, words[k], embed_v)
            prefetch(embed_u, words[min(n - 1, k + max_window)])
            for j in range(k - b, S, BLOCK):
                prefetch(embed_u, drawn[1, j])
    _errors(E, weight, stats)
    stats[BLOCKS] += 1

    # gradients, all from the rows as they were gathered; scatter
    combine(E, U[:tiled], grad_v)
    for i in range(b - a):
        _share(bag, words[a + i], lr, grad_v[i], embed_v)
    combine(E.T, X, grad_u[:tiled])
    for j in range(R):
        _add(lr, grad_u[j], embed_u[candidate[j]])


def run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag=None):
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
    bag : (np.ndarray, np.ndarray, np.ndarray), optional
        Of int32, shape (n,), int64, (V + 1,), and float32, (V,): the vector of center word w is ``scale[w]`` times the
        sum of the center table's rows ``rows[bounds[w]:bounds[w + 1]]``. That table may then have more rows than the
        context table. Default: w's own row.

    Raises
    ------
    ArgumentError
        For anything that compiled code would read or write wrongly.
    """
    check_kernel(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag)
    _run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag)


@compiled()
def _run(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag):
    """What `run` does, on arguments that were looked at."""
    max_window, K, shared, by_row = rule
    D = tables[0].shape[1]
    P = (D + LANES - 1) // LANES * LANES  # a multiple of what the vector units take at once; the rest stays 0
    size = 0
    for s in range(first, last, GROUP):
        size = max(size, bounds[min(last, s + GROUP)] - bounds[s])
    words, start, stop = np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    drawn = np.empty((2, shared), np.int32)
    R = (shared + BLOCK + 2 * min(max_window, size) + 3) // 4 * 4
    work = (
        np.empty(R, np.int32),  # candidate: whose row is in U; first the noise words
        np.zeros((R, P), np.float32),  # U
        np.zeros((BLOCK, P), np.float32),  # X, the centers' rows
        np.empty((R, P), np.float32),  # grad_u
        np.empty((BLOCK, P), np.float32),  # grad_v
        np.zeros((BLOCK, R), np.float32),  # E: scores, then errors
        np.empty((BLOCK, R), np.float32),  # weight
    )
    for s in range(first, last, GROUP):
        n = _subsample(ids, bounds, s, min(last, s + GROUP), keep, state, words, start, stop)
        for a in range(0, n, BLOCK):
            b = min(n, a + BLOCK)
            if a == 0:
                _draw(noise, state, drawn[1])
            drawn[0] = drawn[1]
            if b < n:
                _draw(noise, state, drawn[1])
            _block((words, start, stop), a, b, n, tables, bag, drawn, rule, lr, state, work, stats)
