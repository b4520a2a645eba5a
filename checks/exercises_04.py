# Used in 04 · tests/checks/test_answers.py
"""Checks of notebook 04: contexts, noise words, padding; discard probabilities, ids and bounds, the endless loop."""

from __future__ import annotations

import itertools

import numpy as np

from checks import drawn_04 as drawn
from checks.core import FunctionCheck, NumberCheck
from checks.rows_04 import encode, pad  # noqa: F401
from checks.verdict import Mistake

# -- the contexts of one word


def _contexts(sentence, i, window):
    return [*sentence[max(0, i - window) : i], *sentence[i + 1 : i + 1 + window]]


def _other_words(sentence, i, window):
    near = sentence[max(0, i - window) : i + window + 1]
    return [word for word in near if word != sentence[i]]


def _nearest_first(sentence, i, window):
    places = [j for d in range(1, window + 1) for j in (i - d, i + d)]
    return [sentence[j] for j in places if 0 <= j < len(sentence)]


contexts = FunctionCheck(
    name="contexts",
    reference=_contexts,
    draw=drawn.sentence,
    hostile={
        "a sentence of one word": drawn.sentence_of(1, 0, 3),
        "the first place": drawn.sentence_of(7, 0, 2),
        "the second place, a wider window": drawn.sentence_of(7, 1, 3),
        "the last place": drawn.sentence_of(6, -1, 2),
        "a window of 1": drawn.sentence_of(5, 2, 1),
        "a window longer than the sentence": drawn.sentence_of(4, 1, 9),
        "the center's word again beside it": drawn.sentence_of(7, 3, 2, again=True),
        "the center's word stands earlier": lambda rng: ([3, 1, 4, 1, 5, 9, 2, 6], 3, 2),
        "a context twice": lambda rng: ([5, 2, 7, 2, 2, 300], 2, 2),
    },
    mistakes=[
        Mistake(
            "center included",
            lambda s, i, w: s[max(0, i - w) : i + w + 1],
            "The center stands among its contexts: leave place i out.",
        ),
        Mistake(
            "left out by its word",
            _other_words,
            "You leave out every place that holds the center's word. Only place i is left out: the same word elsewhere "
            "in the window is a context.",
        ),
        Mistake(
            "place looked up",
            lambda s, i, w: _contexts(s, s.index(s[i]), w),
            "index() finds the first place of a word, and the center's word can stand earlier. The place is i.",
        ),
        Mistake(
            "off by one",
            lambda s, i, w: [*s[max(0, i - w) : i], *s[i + 1 : i + w]],
            "The last word on the right is missing: the end of a slice is not included, so it is i + window + 1.",
        ),
        Mistake(
            "one too many",
            lambda s, i, w: [*s[max(0, i - w - 1) : i], *s[i + 1 : i + w + 2]],
            "Your window reaches one word too far on each side.",
        ),
        Mistake(
            "negative start",
            lambda s, i, w: [*s[i - w : i], *s[i + 1 : i + 1 + w]],
            "Near the start you lose contexts: i - window is negative there, and Python counts from the end. Use "
            "max(0, i - window).",
        ),
        Mistake(
            "round the corner",
            lambda s, i, w: [s[j] for j in range(i - w, min(len(s), i + w + 1)) if j != i],
            "Places below 0 count from the end in Python: near the start you take words from the end of the sentence.",
        ),
        Mistake(
            "right alone", lambda s, i, w: s[i + 1 : i + 1 + w], "Only the words on the right: a window has two sides."
        ),
        Mistake(
            "left alone", lambda s, i, w: s[max(0, i - w) : i], "Only the words on the left: a window has two sides."
        ),
        Mistake("nearest first", _nearest_first, "The words are right, the order is not: from left to right."),
        Mistake(
            "each word once",
            lambda s, i, w: list(dict.fromkeys(_contexts(s, i, w))),
            "A word that stands twice in the window is a context twice. A set or a dictionary loses that.",
        ),
        Mistake(
            "places",
            lambda s, i, w: [j for j in range(max(0, i - w), min(len(s), i + w + 1)) if j != i],
            "These are places in the sentence. Wanted are the ids that stand there.",
        ),
        Mistake(
            "two lists",
            lambda s, i, w: [s[max(0, i - w) : i], s[i + 1 : i + 1 + w]],
            "You return the two sides as two lists. Join them to one.",
        ),
    ],
    right="Up to window ids on either side, cut off at the sentence's ends, without place i.",
)

# -- the noise words of one row


def _noise(contexts, K, draw):
    noise = []
    while len(noise) < K * len(contexts):
        word = draw()
        if word not in contexts:
            noise.append(word)
    return noise


def _drawn_until(contexts, K, draw, enough, fits):
    noise = []
    while not enough(noise):
        word = draw()
        if fits(word, noise):
            noise.append(word)
    return noise


def _asked_again_once(contexts, K, draw):
    def one():
        word = draw()
        return draw() if word in contexts else word

    return [one() for _ in range(K * len(contexts))]


noise = FunctionCheck(
    name="noise",
    reference=_noise,
    draw=drawn.noise_of(None, None),
    hostile={
        "no contexts": drawn.noise_of([], 3),
        "one context, one noise word": drawn.noise_of([4], 1),
        "contexts drawn several times in a row": drawn.noise_of([2, 5], 2, before=5),
        "a context twice": drawn.noise_of([6, 6], 2, before=1),
        "only one word is no context": drawn.noise_of([1, 2, 3], 2, noise=range(1, 5), before=1),
        "contexts drawn a hundred times in a row": drawn.noise_of([2, 5], 1, before=100),
        "large ids": drawn.noise_of([5000, 6000], 3, noise=range(5998, 6003), before=2),
    },
    mistakes=[
        Mistake(
            "contexts among them",
            lambda c, K, draw: [draw() for _ in range(K * len(c))],
            "There are contexts among your noise words. A word that is among the contexts is drawn again.",
        ),
        Mistake(
            "thrown away at the end",
            lambda c, K, draw: [word for word in [draw() for _ in range(K * len(c))] if word not in c],
            "You drop what is a context and draw nothing in its place: too few are left.",
        ),
        Mistake(
            "drawn again once",
            _asked_again_once,
            "What is drawn in place of a context can be a context too: draw until it is none.",
        ),
        Mistake(
            "K in all",
            lambda c, K, draw: _drawn_until(c, K, draw, lambda n: len(n) >= K * bool(c), lambda w, n: w not in c),
            "K noise words in all. Wanted are K for each context word.",
        ),
        Mistake(
            "one for each context",
            lambda c, K, draw: _drawn_until(c, K, draw, lambda n: len(n) >= len(c), lambda w, n: w not in c),
            "One noise word for each context word: wanted are K.",
        ),
        Mistake(
            "a repeated context once",
            lambda c, K, draw: _drawn_until(c, K, draw, lambda n: len(n) >= K * len(set(c)), lambda w, n: w not in c),
            "A context that stands twice in the row counts twice: it has 2 K noise words.",
        ),
        Mistake(
            "only its own context avoided",
            lambda c, K, draw: list(
                itertools.chain.from_iterable(
                    _drawn_until(c, K, draw, lambda n: len(n) >= K, lambda w, n, own=own: w != own) for own in c
                )
            ),
            "That is word2vec.c's rule: it avoids the one context that a noise word is drawn for. The book's rule "
            "avoids all contexts of the row.",
        ),
        Mistake(
            "the other way round",
            lambda c, K, draw: _drawn_until(c, K, draw, lambda n: len(n) >= K * len(c), lambda w, n: w in c),
            "You keep the contexts and drop the rest. Noise words are those that are no context.",
        ),
        Mistake(
            "each noise word once",
            lambda c, K, draw: _drawn_until(
                c, K, draw, lambda n: len(n) >= K * len(c), lambda w, n: w not in c and w not in n
            ),
            "A noise word may come twice: only contexts are refused.",
        ),
        Mistake("sorted", lambda *args: sorted(_noise(*args)), "The words are right. Leave them in the order drawn."),
        Mistake("last first", lambda *args: _noise(*args)[::-1], "The words are right. Leave them in the order drawn."),
        Mistake(
            "contexts as well",
            lambda c, K, draw: [*c, *_noise(c, K, draw)],
            "You return the contexts too. Wanted are the noise words alone.",
        ),
        Mistake(
            "draws too many",
            lambda c, K, draw: (_noise(c, K, draw), draw())[0],
            "Your function draws more often than it needs: ask whether there are enough before you draw.",
        ),
    ],
    right="Every word that is no context, in the order of the draws, and not one draw too many.",
)

# -- a discard probability by hand: f = 0.0025, t = 1e-4

discard = NumberCheck(
    name="discard",
    value=0.8,
    mistakes=[
        Mistake("kept", 0.2, "That is the probability of keeping the word. The question is how often it is discarded."),
        Mistake("no root", 0.96, "The root is missing: the paper keeps a word with the square root of t/f."),
        Mistake(
            "word2vec.c", 0.76, "That is word2vec.c's, which keeps t/f more. The question is about the paper's formula."
        ),
        Mistake("ratio", 0.04, "That is t/f. Take its root, then subtract from 1."),
        Mistake("upside down", 1 - 5.0, "You took f/t: a probability cannot be negative."),
        Mistake("in percent", 80, "Give a probability, between 0 and 1."),
    ],
    right="1 - sqrt(0.0001 / 0.0025) = 1 - 1/5.",
)

# -- can any word be noise? (trap T6)


def _can_draw(contexts, counts):
    return bool(set(np.flatnonzero(counts).tolist()) - set(np.asarray(contexts).tolist()))


can_draw = FunctionCheck(
    name="can_draw",
    reference=_can_draw,
    draw=drawn.some_counts,
    hostile={
        "no contexts": drawn.counts_of(2, []),
        "one word is left, and occurs once": drawn.counts_of(3, [1, 2], once=[3]),
        "all words are contexts": drawn.counts_of(3, [1, 2, 3]),
        "all words but one, and repeats": drawn.counts_of(3, [1, 1, 2, 2, 2]),
        "all words, one of them twice": drawn.counts_of(2, [1, 2, 2]),
        "all words but one that never occurs": drawn.counts_of(3, [1, 2], zero=[3]),
        "as many contexts as words, one of which never occurs": drawn.counts_of(4, [1, 2, 4], zero=[4]),
        "a vocabulary of one word": drawn.counts_of(1, [1]),
        "large ids": drawn.counts_of(400, range(1, 400)),
        "a word that occurs once in a very long text": drawn.counts_of(3, [1, 2], once=[3], counted=[10**9]),
        "all of seven words, each as often": drawn.counts_of(7, range(1, 8), counted=[1]),  # 7 times 1/7 is below 1
    },
    mistakes=[
        Mistake(
            "turned",
            lambda contexts, counts: not _can_draw(contexts, counts),
            "True and False have changed places: True means that some word can be drawn.",
        ),
        Mistake(
            "repeats counted",
            lambda contexts, counts: len(contexts) < np.count_nonzero(counts),
            "You compare lengths, and a context can occur twice: compare sets.",
        ),
        Mistake(
            "numbers of words",
            lambda contexts, counts: len(set(contexts.tolist())) < np.count_nonzero(counts),
            "You compare how many there are. A context can be a word that never occurs in these counts: ask which "
            "words are left.",
        ),
        Mistake(
            "words that never occur",
            lambda contexts, counts: bool(set(range(1, len(counts))) - set(contexts.tolist())),
            "A word with count 0 has probability 0: it is never drawn, and the loop never ends. Leave those out.",
        ),
        Mistake(
            "rounding",
            lambda contexts, counts: bool((counts**0.75 / (counts**0.75).sum())[np.unique(contexts)].sum() < 1),
            "You compare a sum of floats with 1, which it can miss by a little. Ask which words are left.",
        ),
        Mistake(
            "always",
            lambda contexts, counts: True,
            "Always True here, as the book's loop believes. Id 0, padding, is no word that is left: its count is 0.",
        ),
        Mistake("never", lambda contexts, counts: False, "Always False: then no noise could ever be drawn."),
    ],
    right="Some word that occurs is no context. Without such a word the book's loop never returns.",
    trials=30,
)
