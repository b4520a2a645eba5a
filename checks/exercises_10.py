# Used in 10 · tests/checks/test_checks.py
"""Checks of notebook 10: Amdahl, padding, shared noise words, the alias method, operations."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- Amdahl: the loader takes 60 % of the time and becomes ten times as fast

amdahl = NumberCheck(
    name="amdahl",
    value=1 / (0.4 + 0.06),
    mistakes=[
        Mistake("the part alone", 10, "That is the part's own gain. The other 40 % take as long as before."),
        Mistake("removed", 1 / 0.4, "That is the gain if the part vanished: the bound. Here a tenth of it is left."),
        Mistake("share times gain", 6, "Shares of time add up, gains do not: compute the time that is left."),
        Mistake("time left", 0.46, "That is the time that is left. The gain is 1 over it."),
        Mistake("the others faster", 1 / (0.6 + 0.04), "You made the other 40 % faster."),
        Mistake("weighted mean", 0.6 * 10 + 0.4, "That is a weighted mean of the gains. Times add up, not gains."),
    ],
    right="1 / (0.4 + 0.06): ten times on more than half of the work is little more than twice on the whole.",
)

# -- weights of shared noise words


def _weight_inputs(rng):
    C, K = int(rng.integers(2, 10)), int(rng.integers(2, 7))
    S = int(rng.integers(11, 40))
    return C, K, S + (S == C * K) + (S == K)


def _weights(C, K, S):
    return 1 / (C * (1 + K)), K / ((1 + K) * S)


shared_weights = FunctionCheck(
    name="shared_weights",
    reference=_weights,
    draw=_weight_inputs,
    hostile={
        "one context": lambda rng: (1, 5, 32),
        "one noise word a context": lambda rng: (4, 1, 32),
        "one of each": lambda rng: (1, 1, 7),
        "one shared noise word": lambda rng: (3, 5, 1),
        "as many shared as drawn": lambda rng: (4, 5, 20),
        "fewer shared than contexts": lambda rng: (10, 5, 3),
        "very many": lambda rng: (10, 15, 10_000),
    },
    mistakes=[
        Mistake(
            "all alike",
            lambda C, K, S: (1 / (C * (1 + K)), 1 / (C * (1 + K))),
            "Each shared noise word stands for C * K / S of the drawn ones: with your weight the noise counts as S "
            "slots "
            "and not as C * K.",
        ),
        Mistake(
            "mean over the slots at hand",
            lambda C, K, S: (1 / (C + S), 1 / (C + S)),
            "You take the mean over the slots that there are, C + S. Then the number of shared words changes the "
            "objective.",
        ),
        Mistake(
            "half and half",
            lambda C, K, S: (1 / (2 * C), 1 / (2 * S)),
            "You give contexts and noise one half each. In a row 1 of 1 + K slots is a context.",
        ),
        Mistake(
            "sum over pairs",
            lambda C, K, S: (1.0, C * K / S),
            "These are the weights of the sum over pairs. By row, the weights of a center word sum to 1: divide by "
            "C (1 + K).",
        ),
        Mistake(
            "K forgotten",
            lambda C, K, S: (1 / (C * (1 + K)), 1 / ((1 + K) * S)),
            "All noise words together weigh K / (1 + K), K times what the contexts do.",
        ),
        Mistake(
            "order",
            lambda C, K, S: _weights(C, K, S)[::-1],
            "The two are in the other order: first the weight of a context, then that of a noise word.",
        ),
    ],
    right="C contexts together weigh 1 / (1 + K), S noise words K / (1 + K): in expectation the same objective.",
    tolerance=1e-8,
)

# -- a draw by the alias method


def _alias_inputs(rng, V=None, n=12):
    V = int(rng.integers(5, 9)) if V is None else V
    accept = rng.uniform(0.0, 1.0, V)
    other = (np.arange(V) + rng.integers(1, max(V, 2), V)) % V
    return accept, other, rng.integers(0, V, n), rng.random(n)


def _ends(rng):
    """Slots that are all their own word's or all the other's, and a coin that is exactly what a slot accepts."""
    accept, other, slot, coin = _alias_inputs(rng, 6)
    accept[:4] = 0.0, 1.0, 0.5, 0.25
    slot[:6], coin[:6] = [0, 0, 1, 1, 2, 3], [0.0, 0.9, 0.0, 0.999, 0.5, 0.25]
    return accept, other, slot, coin


def _beside(rng):
    """Coins a hair below and above what their slots accept."""
    accept, other, slot, _ = _alias_inputs(rng, n=16)
    accept = 0.1 + 0.8 * accept
    return accept, other, slot, accept[slot] * np.tile([1 - 1e-5, 1 + 1e-5], 8)


alias_draw = FunctionCheck(
    name="alias_draw",
    reference=lambda accept, other, slot, coin: np.where(coin < accept[slot], slot, other[slot]),
    draw=_alias_inputs,
    hostile={
        "slots that are whole, and coins on the edge": _ends,
        "coins a hair beside what is accepted": _beside,
        "one draw": lambda rng: _alias_inputs(rng, n=1),
        "no draw": lambda rng: _alias_inputs(rng, n=0),
        "one word": lambda rng: _alias_inputs(rng, 1),
        "more draws than words": lambda rng: _alias_inputs(rng, 3, 40),
        "a large vocabulary": lambda rng: _alias_inputs(rng, 70_000, 30),
    },
    mistakes=[
        Mistake(
            "turned",
            lambda accept, other, slot, coin: np.where(coin < accept[slot], other[slot], slot),
            "The two outcomes are exchanged: below accept[slot] the slot's own word, else the other one.",
        ),
        Mistake(
            "slot always",
            lambda accept, other, slot, coin: slot.copy(),
            "You always take the slot's own word: that draws each word equally often.",
        ),
        Mistake(
            "other always",
            lambda accept, other, slot, coin: other[slot],
            "You always take the other word. The coin decides.",
        ),
        Mistake(
            "coin by position",
            lambda accept, other, slot, coin: np.where(coin < np.resize(accept, len(coin)), slot, other[slot]),
            "You compare the coin with accept by position. Each draw has its slot: accept[slot].",
        ),
        Mistake(
            "drawn from accept",
            lambda accept, other, slot, coin: np.searchsorted(np.cumsum(accept / accept.sum()), coin),
            "You draw in proportion to accept. It is not the distribution: it says how much of a slot is its own "
            "word's.",
        ),
        Mistake(
            "one coin",
            lambda accept, other, slot, coin: np.where(coin[:1] < accept[slot], slot, other[slot]),
            "You use one coin for all draws. Each has its own.",
        ),
    ],
    right="One slot, one coin, one look: the price of a draw does not depend on the vocabulary.",
)

# -- operations of a pair

operations = NumberCheck(
    name="operations",
    value=6 * 100 * (4 + 20),
    mistakes=[
        Mistake("score alone", 2 * 100 * 24, "That is the scores. Each of the two gradients costs as much again."),
        Mistake("multiplications alone", 3 * 100 * 24, "That is the multiplications. There are as many additions."),
        Mistake("contexts alone", 6 * 100 * 4, "The noise words are scored too: C + C K candidates."),
        Mistake("noise alone", 6 * 100 * 20, "The contexts are scored too: C + C K candidates."),
        Mistake("noise not for each context", 6 * 100 * 9, "Each of the 4 contexts has 5 noise words of its own."),
        Mistake("shared", 6 * 100 * 36, "That is the kernel's count, with 32 shared words."),
        Mistake("one gradient", 4 * 100 * 24, "There are two gradients: one for v, one for each u."),
        Mistake("last loop too", 6 * 100 * 24 + 100, "The loop that adds the whole gradient to v is left out."),
        Mistake("one candidate", 6 * 100, "That is one candidate. A center word has C + C K."),
    ],
    right="Three passes over D = 100 numbers, a multiplication and an addition each, for 24 candidates: two thirds of "
    "the kernel's. It saves no operations. What it saves is rows fetched.",
    exact=True,
)

# -- racing threads

racing = StatementsCheck(
    name="racing",
    statements={
        "a": (
            True,
            "Two threads read a row, both add, and the one that writes last wins: an update can be lost.",
        ),
        "b": (
            False,
            "Seeds fix what is drawn, not who writes first: with several threads the bits differ from run to run.",
        ),
        "c": (
            False,
            "In a notebook's measurement the held-out loss did not notice. Frequent words collide most, and they "
            "have the "
            "most updates to spare.",
        ),
        "d": (
            True,
            "More center words a second at a worse loss can be no gain: compare the time to one held-out loss.",
        ),
    },
)
