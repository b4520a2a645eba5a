# Used in 06 · tests/checks/test_exercises_06.py
"""Checks of notebook 06: two tables compared, one table's mean score, reading a map, the rank of an answer."""

from __future__ import annotations

import torch

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.drawn_06 import QUESTIONS, TABLES, draw_question, draw_tables, similarity_to, unit_rows
from checks.verdict import Mistake

# -- do two tables agree?


def _words(function):
    """The same function on the words' rows, without the padding."""
    return lambda v, u, k: function(v[1:], u[1:], k)


def _nearest(W, k, *, unit=True, own=False):
    rows = unit_rows(W) if unit else W
    similarity = rows @ rows.T
    if not own:
        similarity.fill_diagonal_(-torch.inf)
    return [set(row.tolist()) for row in similarity.topk(k, dim=1).indices]


def _shared(a, b, k, divide=lambda x, y, k: k):
    return sum(len(x & y) / divide(x, y, k) for x, y in zip(a, b)) / len(a)


def _overlap(v, u, k, **options):
    return _shared(_nearest(v, k, **options), _nearest(u, k, **options), k)


def _first_dropped(v, u, k, unit=True):
    lists = []
    for W in (v, u):
        rows = unit_rows(W) if unit else W
        lists.append([set(row.tolist()) for row in (rows @ rows.T).topk(k + 1, dim=1).indices[:, 1:]])
    return _shared(*lists, k)


def _zero_on_the_diagonal(v, u, k):
    lists = []
    for W in (v, u):
        similarity = (unit_rows(W) @ unit_rows(W).T).fill_diagonal_(0)
        lists.append([set(row.tolist()) for row in similarity.topk(k, dim=1).indices])
    return _shared(*lists, k)


def _same_place(v, u, k):
    places = [((unit_rows(W) @ unit_rows(W).T).fill_diagonal_(-torch.inf)).topk(k, dim=1).indices for W in (v, u)]
    return (places[0] == places[1]).float().mean()


def _across(v, u, k):
    similarity = (unit_rows(v) @ unit_rows(u).T).fill_diagonal_(-torch.inf)
    return _shared(_nearest(v, k), [set(row.tolist()) for row in similarity.topk(k, dim=1).indices], k)


def _by_distance(v, u, k):
    lists = [(-torch.cdist(W, W)).fill_diagonal_(-torch.inf).topk(k, dim=1).indices.tolist() for W in (v, u)]
    return _shared(*[[set(row) for row in rows] for rows in lists], k)


OWN = "Each word is among its own neighbours in both tables, so one of k agrees for nothing. Leave it out."
DROPPED = (
    "You drop whatever comes first and trust that this is the word itself. Another row that points the same way can "
    "come before it, and by inner products any long one: leave the word out by its place."
)

table_overlap = FunctionCheck(
    name="table_overlap",
    reference=_words(_overlap),
    draw=draw_tables((15, 19), (4, 7), (3, 6)),
    hostile=TABLES,
    mistakes=[
        Mistake(
            "padding counted",
            _overlap,
            "Row 0 is the padding and no word. It is nobody's neighbour, and it is not asked: begin with row 1.",
        ),
        Mistake("own word counted", _words(lambda v, u, k: _overlap(v, u, k, own=True)), OWN),
        Mistake("first one dropped", _words(lambda v, u, k: _first_dropped(v, u, k, unit=False)), DROPPED),
        Mistake(
            "inner products",
            _words(lambda v, u, k: _overlap(v, u, k, unit=False)),
            "You rank by inner products: long vectors come first, whatever they mean. Scale the rows of each table to "
            "length 1 first.",
        ),
        Mistake(
            "distances",
            _words(_by_distance),
            "You rank by Euclidean distance. It depends on the lengths; the cosine on the angle alone.",
        ),
        Mistake(
            "zero on the diagonal",
            _words(_zero_on_the_diagonal),
            "You set a word's cosine with itself to 0. Where all others are negative it comes first again: minus "
            "infinity leaves it out for sure.",
        ),
        Mistake(
            "over the union",
            _words(lambda v, u, k: _shared(_nearest(v, k), _nearest(u, k), k, lambda x, y, k: len(x | y))),
            "You divide by the union of both sets. The share asked for is of the k neighbours.",
        ),
        Mistake(
            "same rank",
            _words(_same_place),
            "You count a neighbour as shared where it has the same rank in both. Rank does not matter here: compare "
            "sets.",
        ),
        Mistake(
            "count",
            _words(lambda v, u, k: _shared(_nearest(v, k), _nearest(u, k), 1, lambda x, y, k: 1)),
            "That is the number of shared neighbours. Divide by k.",
        ),
        Mistake(
            "v against u",
            _words(_across),
            "Your second list ranks v . u: what stands beside the word. Neighbours in the context table compare u "
            "with u.",
        ),
        Mistake(
            "farthest",
            _words(lambda v, u, k: _shared(*[[set(r) for r in _far_rows(W, k)] for W in (v, u)], k)),
            "These are the words with the smallest cosines: sort the other way.",
        ),
    ],
    right="Each word's k nearest in the one table and in the other, and the share that is in both.",
)


def _far_rows(W, k):
    similarity = (unit_rows(W) @ unit_rows(W).T).fill_diagonal_(torch.inf)
    return similarity.topk(k, dim=1, largest=False).indices.tolist()


# -- how low the mean score of different words can be: 51 vectors of length 2 in one table

lowest_mean = NumberCheck(
    name="lowest_mean",
    value=-0.08,
    mistakes=[
        Mistake(
            "own pairs kept",
            0,
            "With each word's pair with itself among them the mean cannot be negative. Leave those 51 scores, of 4 "
            "each, out of the sum, and out of the count.",
        ),
        Mistake(
            "divided by all pairs",
            -4 / 51,
            "The sum is right. It is over the pairs of different words, of which there are 51 times 50.",
        ),
        Mistake(
            "two opposite words",
            -4,
            "Two words can point in opposite directions. 51 cannot: two that are opposite to a third are alike.",
        ),
        Mistake(
            "length 1",
            -1 / 50,
            "A word's score with itself is its length squared, and the length is 2.",
        ),
        Mistake(
            "length not squared",
            -2 / 50,
            "A word's score with itself is its length squared.",
        ),
        Mistake(
            "not a mean",
            -204,
            "That is the sum over the pairs of different words. Divide by their number.",
        ),
        Mistake(
            "as many as you like",
            -4 / 6717,
            "That is the answer for 6,718 words. Here there are 51.",
        ),
    ],
    right="The sum of all scores is at least 0, the 51 own scores make 204 of it, and 51 times 50 pairs are left: "
    "-204 / 2550. With 6,718 words it is -0.0006, where the best constant score is -1.6: the own scores save nobody.",
)

# -- how far is the right answer?


def _rank(W, a, b, c, d, *, without=(), add=1, padding=False, **options):
    similarity = similarity_to(W, a, b, c, **options)
    above = similarity > similarity[d]
    above[0] &= padding
    above[[(a, b, c)[i] for i in without if (a, b, c)[i] != d]] = False
    return int(above.sum()) + add


analogy_rank = FunctionCheck(
    name="analogy_rank",
    reference=_rank,
    draw=draw_question((14, 24), (4, 8)),
    hostile=QUESTIONS,
    mistakes=[
        Mistake(
            "padding counted",
            lambda *args: _rank(*args, padding=True),
            "Row 0 is the padding and no word: it has no place in the ranking.",
        ),
        Mistake("counted from 0", lambda *args: _rank(*args, add=0), "The first place is 1, not 0."),
        Mistake(
            "query words left out",
            lambda *args: _rank(*args, without=(0, 1, 2)),
            "You leave the query words out of the ranking. Here they stay in: that is what the question is about.",
        ),
        Mistake(
            "a and b exchanged",
            lambda *args: _rank(*args, signs=(1, -1, 1)),
            "The offset points the other way: a is to b as c is to the answer, so b - a + c.",
        ),
        Mistake("all added", lambda *args: _rank(*args, signs=(1, 1, 1)), "You add all three. a is subtracted."),
        Mistake(
            "upside down",
            lambda *args: _rank(*args, signs=(1, -1, -1)),
            "Your sum points the opposite way, or you count from the smallest cosine. It is b - a + c, and the "
            "greatest cosine is in the first place.",
        ),
        Mistake(
            "not scaled before",
            lambda *args: _rank(*args, unit=False),
            "You add the vectors as they are, so the longest decides. Scale each to length 1 before you add.",
        ),
        Mistake(
            "inner product",
            lambda *args: _rank(*args, by="product"),
            "You rank by inner products with the rows as they are. Divide each by its length: a cosine is asked for.",
        ),
        Mistake(
            "neither scaled",
            lambda *args: _rank(*args, by="product", unit=False),
            "You add and compare the vectors as they are. Scale every row to length 1 first.",
        ),
        Mistake(
            "distance of the rows as they are",
            lambda *args: _rank(*args, by="distance", unit=False),
            "You rank by Euclidean distance of rows that differ in length. Rank by cosine.",
        ),
        Mistake(
            "near to c",
            lambda *args: _rank(*args, signs=(0, 0, 1)),
            "That is the rank of d among the neighbours of c: the baseline that an analogy has to beat.",
        ),
        Mistake(
            "near to b",
            lambda *args: _rank(*args, signs=(0, 1, 0)),
            "That is the rank of d among the neighbours of b, the baseline that an analogy has to beat.",
        ),
    ],
    right="One more than the words whose cosine with b - a + c is greater, each scaled to length 1, none left out.",
)

# -- reading a map

reading_a_map = StatementsCheck(
    name="reading_a_map",
    statements={
        "a": (
            False,
            "t-SNE keeps small distances as well as it can and gives up the large ones: how far two clusters lie apart "
            "says little.",
        ),
        "b": (
            False,
            "t-SNE evens out densities: a tight cluster in the vectors and a loose one can get islands of one size.",
        ),
        "c": (
            False,
            "Chance is no fair comparison: a map of random vectors by the same method kept about as much, and they "
            "have no structure at all.",
        ),
        "d": (
            True,
            "Which words lie side by side is what t-SNE tries to keep, and it keeps a share. The vectors know.",
        ),
        "e": (
            False,
            "The axes of a t-SNE map have no meaning: turned or mirrored it would be the same map.",
        ),
        "f": (
            True,
            "The one method keeps more of anything, of noise as well. Each share is read beside that of noise by the "
            "same method.",
        ),
    },
)
