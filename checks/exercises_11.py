# Used in 11 · tests/checks/test_checks.py
"""Checks of notebook 11: shards, a count under a memory limit, a rule of combining, seeds after a restart, the plan."""

from __future__ import annotations

from collections import Counter

import numpy as np

from checks import drawn_11 as drawn
from checks.core import FunctionCheck, NumberCheck
from checks.team_11 import combine  # noqa: F401
from checks.verdict import Mistake

# -- shards of whole sentences


def _shards(bounds, ranks):
    wanted = [bounds[-1] * rank / ranks for rank in range(1, ranks)]
    return [0, *(int(np.abs(bounds - tokens).argmin()) for tokens in wanted), len(bounds) - 1]


def _by_bound(bounds, ranks, side, less):
    wanted = [bounds[-1] * rank / ranks for rank in range(1, ranks)]
    return [0, *(int(np.searchsorted(bounds, tokens, side)) - less for tokens in wanted), len(bounds) - 1]


def _greedy(bounds, ranks):
    cuts, begun = [0], 0
    for sentence in range(1, len(bounds)):
        if bounds[sentence] - begun >= bounds[-1] / ranks and len(cuts) < ranks:
            cuts.append(sentence)
            begun = bounds[sentence]
    return [*cuts, *[len(bounds) - 1] * (ranks + 1 - len(cuts))]


shards = FunctionCheck(
    name="shards",
    reference=_shards,
    draw=drawn.bounds,
    hostile={
        "one process": lambda rng: drawn.bounds(rng, ranks=1),
        "one sentence, three processes": drawn.given_bounds([7], 3),
        "more processes than sentences": lambda rng: drawn.bounds(rng, 3, 7),
        "a very long sentence first": drawn.given_bounds([100, 3, 4, 5, 2], 3),
        "a very long sentence last": drawn.given_bounds([3, 4, 5, 2, 100], 3),
        "sentences that grow": drawn.given_bounds(list(range(1, 40)), 7),
        "many sentences": lambda rng: drawn.bounds(rng, 500, 5, 60),
        "a hundred thousand tokens": drawn.given_bounds([30_000] * 9 + [1], 4),
        "a place just before the middle of a sentence": drawn.given_bounds([5, 3, 4], 5),
    },
    mistakes=[
        Mistake(
            "equally many sentences",
            lambda bounds, ranks: [(len(bounds) - 1) * rank // ranks for rank in range(ranks + 1)],
            "Each process gets as many sentences, not as many tokens: long sentences wait for nobody.",
        ),
        Mistake(
            "tokens",
            lambda bounds, ranks: [int(bounds[cut]) for cut in _shards(bounds, ranks)],
            "These are places of tokens. Wanted are the numbers of sentences, at which bounds has these places.",
        ),
        Mistake(
            "within a sentence",
            lambda bounds, ranks: [int(bounds[-1]) * rank // ranks for rank in range(ranks + 1)],
            "These are places of tokens, and most of them lie within a sentence.",
        ),
        Mistake(
            "rounded up",
            lambda bounds, ranks: _by_bound(bounds, ranks, "left", 0),
            "You cut at the first bound that is not before the wanted place. The one before it can be nearer.",
        ),
        Mistake(
            "rounded down",
            lambda bounds, ranks: _by_bound(bounds, ranks, "right", 1),
            "You cut at the last bound that is not after the wanted place. The one after it can be nearer.",
        ),
        Mistake(
            "filled one after the other",
            _greedy,
            "You fill one shard after the other, so what each has too much is missing in the last one.",
        ),
        Mistake(
            "pairs",
            lambda bounds, ranks: list(zip(_shards(bounds, ranks), _shards(bounds, ranks)[1:])),
            "Give the ranks + 1 cuts as one list, not first and last of each shard.",
        ),
        Mistake(
            "without its ends", lambda bounds, ranks: _shards(bounds, ranks)[1:-1], "0 and S belong to the list too."
        ),
    ],
    right="Each sentence is in one shard, and no cut could be nearer to where the tokens are even.",
)

# -- a count that holds few words


def _word_counts(lines, most, *, rise=1, strict=False, over=0, by_line=False):
    counts, least = Counter(), 1

    def prune():
        nonlocal counts, least
        if len(counts) > most + over:
            counts = Counter({word: n for word, n in counts.items() if n > least - strict})
            least += rise

    for line in lines:
        for word in line.split():
            counts[word] += 1
            if not by_line:
                prune()
        if by_line:
            prune()
    return dict(counts)


def _counts_all(lines, most):
    return dict(Counter(word for line in lines for word in line.split()))


word_counts = FunctionCheck(
    name="word_counts",
    reference=_word_counts,
    draw=drawn.text,
    hostile={
        "no line": drawn.given_lines(most=3),
        "empty lines and many blanks": drawn.given_lines("", "  a   b ", "", "a", most=3),
        "as many words as are allowed": drawn.given_lines("a b c", "c b a", most=3),
        "room for one word": drawn.given_lines("a a b", "a b b b", most=1),
        "a word comes back": drawn.given_lines("a b b c c d", "a a a a", "d d e", most=3),
        "every word is new": drawn.given_lines("a b c d e f g h", "i j k", most=4),
        "pruned several times": drawn.given_lines(
            "a a a b b c d d d", "e e f f f g g", "h h h h i j k", "l m a", most=3
        ),
        "a long text": lambda rng: drawn.text(rng, 60, 40, 12, 20),
        "pruned very often": drawn.given_lines(*(f"u{i} v{i} w{i}" for i in range(9)), "a " * 7, "b c d e", most=2),
    },
    mistakes=[
        Mistake("nothing removed", _counts_all, "You count all words: the dictionary outgrows what most allows."),
        Mistake(
            "removed at the end",
            lambda lines, most: dict(Counter(_counts_all(lines, most)).most_common(most)),
            "You count all words and keep the most frequent. The memory was full before that.",
        ),
        Mistake(
            "least stays",
            lambda lines, most: _word_counts(lines, most, rise=0),
            "least grows by one each time that words are removed.",
        ),
        Mistake(
            "fewer than least",
            lambda lines, most: _word_counts(lines, most, strict=True),
            "Words whose count is least go too: least or less.",
        ),
        Mistake(
            "one too many",
            lambda lines, most: _word_counts(lines, most, over=1),
            "You remove when there are most + 2 words: one late.",
        ),
        Mistake(
            "one too few",
            lambda lines, most: _word_counts(lines, most, over=-1),
            "You remove as soon as there are most words. So many are allowed.",
        ),
        Mistake(
            "after a line",
            lambda lines, most: _word_counts(lines, most, by_line=True),
            "You look after each line. A line can have any number of new words: look after each word.",
        ),
    ],
    right="Lines go by, and never more than most words are counted at a time. What is lost is rare, as a rule: a "
    "word that was removed begins again at 0.",
)

# -- a seed after a restart


draw_seed = FunctionCheck(
    name="draw_seed",
    reference=lambda seed, ranks, rank, part: [seed, ranks, rank, part],
    draw=drawn.fresh,
    hostile={
        "one process, one part after the other": drawn.grid([0], [1], range(20)),
        "two processes, ten parts": drawn.grid([0], [2], range(10)),
        "seeds beside each other": drawn.grid([0, 1, 2], [2], range(6)),
        "another number of processes after a restart": drawn.grid([0], [1, 2, 3, 4], range(5)),
        "parts by the hundred": drawn.grid([0, 1], [3], [0, 1, 2, 9, 10, 11, 99, 100, 101, 110, 111]),
        "parts by the thousand": drawn.grid([0, 1], [2, 3], [0, 1, 255, 256, 257, 511, 512, 999, 1000, 1001, 4096]),
        "many processes": drawn.grid([7], [40], [0, 1, 39, 40]),
        "large numbers": drawn.grid([0, 1, 65_536, 1_000_003, 10**9], [1, 2], drawn.ROUND),
    },
    mistakes=[
        Mistake("the seed", lambda seed, ranks, rank, part: seed, "All processes draw the same, and so do all parts."),
        Mistake(
            "its process",
            lambda seed, ranks, rank, part: [seed, rank],
            "After a restart, or in the next part, a process draws what it drew before: the part is missing.",
        ),
        Mistake(
            "the part",
            lambda seed, ranks, rank, part: [seed, part],
            "All processes draw the same in a part: the process is missing.",
        ),
        Mistake(
            "without how many",
            lambda seed, ranks, rank, part: [seed, rank, part],
            "With another number of processes the shards are others, but the draws come again.",
        ),
        Mistake(
            "added up",
            lambda seed, ranks, rank, part: seed + ranks + rank + part,
            "Sums are alike where the numbers are not: 0 + 1 is 1 + 0.",
        ),
        Mistake(
            "multiplied and added",
            lambda seed, ranks, rank, part: seed * 1000 + rank * 100 + part,
            "Part 100 of process 0 is part 0 of process 1.",
        ),
    ],
    right="A list of numbers is a seed: each place of the run has its own draws, and the same ones whenever asked.",
)

# -- reading the plan

travel_share = NumberCheck(
    name="travel_share",
    value=3.36 / (20 + 3.36),
    mistakes=[
        Mistake("seconds", 3.36, "That is the seconds of travel. What share of the round is it?"),
        Mistake("of the training", 3.36 / 20, "That is travel over training. The whole round is both."),
        Mistake("one table", 1.68 / 21.68, "That is one table, and both of them travel."),
        Mistake("once", 1.92 / 21.92, "On a ring 2 (W - 1) / W of the bytes leave each machine: once to be added up, "
                "once to be handed round."),
        Mistake("without the ring", 3.84 / 23.84, "On a ring, (W - 1) / W of twice the bytes: 7/8."),
        Mistake("bits", 0.42 / 20.42, "A byte has eight bits: 10 Gbit/s are 1.25 GB/s."),
        Mistake("all words", 3.36 / (2.5 + 3.36), "Ten million words are of each machine, not of all eight."),
    ],
    right="20 seconds of training, 4.2 GB in 3.36 seconds: 14.4 % of the time. Twice as many words between two "
    "combinings would bring it under 8 %, if the loss allows.",
    tolerance=0.005,
)  # fmt: skip
