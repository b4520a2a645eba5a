# Used in 09 · tests/checks/test_answers.py
"""Inputs of the checks of notebook 09: tables of counts, windows with a noise distribution."""

from __future__ import annotations

import numpy as np


def counts(rng, V=None, scale=1.0):
    """Counts of pairs, a third of which never meet; not symmetric."""
    V = V or int(rng.integers(3, 6))
    N = rng.integers(1, 40, (V, V)) * (rng.random((V, V)) < 0.7) * scale
    N[0, -1] += scale
    return N


def _words_that_never_occur(rng):
    N = counts(rng, 5)
    N[0] = N[:, 0] = N[3] = N[:, 3] = 0
    N[1, 2] += 3
    return (N,)


def _a_center_alone(rng):
    N = counts(rng, 4)
    N[:, 2] = 0
    N[1, 0], N[2, 1] = 2, 7
    return (N,)


def _a_context_alone(rng):
    N = counts(rng, 4)
    N[2] = 0
    N[0, 2], N[3, 1] = 5, 4
    return (N,)


def _as_by_chance(rng):
    return (np.outer(rng.integers(1, 9, 4), rng.integers(1, 9, 4)) / 2.0,)


def _two_groups(rng):
    N = np.zeros((4, 4))
    N[:2, :2], N[2:, 2:] = rng.integers(1, 30, (2, 2)), rng.integers(1, 30, (2, 2))
    return (N,)


def _whole_numbers(rng):
    return (counts(rng, 4).astype(int),)


COUNTS = {
    "one word": lambda rng: (np.array([[float(rng.integers(2, 9))]]),),
    "two words": lambda rng: (np.array([[4.0, 0.0], [1.0, rng.integers(4, 9)]]),),
    "one pair that meets": lambda rng: (np.array([[0.0, rng.integers(1, 9)], [0.0, 0.0]]),),
    "words that never occur": _words_that_never_occur,
    "a word that is a center and never a context": _a_center_alone,
    "a word that is a context and never a center": _a_context_alone,
    "expected counts, far below 1": lambda rng: (counts(rng, scale=2e-5),),
    "whole numbers, as integers": _whole_numbers,
    "large counts": lambda rng: (counts(rng, scale=1e9),),
    "every pair as often as by chance": _as_by_chance,
    "two groups of words that never meet": _two_groups,
    "two rows alike but for their size": lambda rng: (np.array([[1.0, 4, 0], [3.0, 12, 0], [2.0, 1, 7]]),),
}


def window(rng, V=None, contexts=None, K=None, rare=False):
    """Contexts, of which one stands twice now and then; a distribution without the padding; a number."""
    V = V or int(rng.integers(6, 10))
    q = rng.random(V) + 0.05
    q[0] = 0
    if contexts is None:
        contexts = rng.integers(1, V, int(rng.integers(2, V - 2))).tolist()
        contexts = [c for c in contexts if c != V - 1] or [1]
    if rare:
        q[[i for i in range(V) if i not in contexts]] *= 1e-6
        q[0] = 0
    return contexts, q / q.sum(), K or int(rng.integers(2, 8))


def _word_0_drawn(rng):
    contexts, q, K = window(rng, 6, [2, 4])
    q[0] = 0.3
    return contexts, q / q.sum(), K


def _all_as_likely(rng):
    return [3, 1], np.array([0, 0.2, 0.2, 0.2, 0.2, 0.2]), int(rng.integers(2, 8))


def _never_drawn(rng):
    contexts, q, K = window(rng, 7, [2, 4, 5])
    q[[4, 6]] = 0
    return contexts, q / q.sum(), K


WINDOWS = {
    "no context": lambda rng: window(rng, 5, []),
    "one context": lambda rng: window(rng, 5, [2]),
    "a context twice": lambda rng: window(rng, 6, [3, 1, 3]),
    "one word in every place": lambda rng: window(rng, 6, [2, 2, 2, 2]),
    "K = 1": lambda rng: window(rng, 6, [1, 4], 1),
    "many noise words": lambda rng: window(rng, 6, [1, 4], 1000),
    "the first and the last word": lambda rng: window(rng, 6, [1, 5]),
    "a context that is never drawn": _never_drawn,
    "word 0 is noise, too": _word_0_drawn,
    "all words as likely": _all_as_likely,
    "one word is left": lambda rng: window(rng, 4, [1, 2]),
    "contexts that hold nearly all of q": lambda rng: window(rng, 6, [1, 2, 5], rare=True),
    "the padding among the contexts": lambda rng: window(rng, 6, [0, 3]),
}
