# Used in 06 · tests/checks/test_checks.py
"""Checks of notebook 06: neighbours, tables, analogies, maps."""

from __future__ import annotations

import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- neighbours


def _table_inputs(rng):
    V, D = int(rng.integers(12, 16)), 4
    W = torch.tensor(rng.normal(size=(V, D)) * rng.uniform(0.2, 3, size=(V, 1)), dtype=torch.float32)
    query = int(rng.integers(V))
    return W, query, 4


def _cosines(W, query):
    unit = nn.functional.normalize(W, dim=1)
    return unit @ unit[query]


def _top(similarity, k, without=()):
    similarity = similarity.clone()
    similarity[list(without)] = -torch.inf
    return similarity.topk(k).indices


neighbours = FunctionCheck(
    name="neighbours",
    reference=lambda W, query, k: _top(_cosines(W, query), k, [query]),
    draw=_table_inputs,
    mistakes=[
        Mistake(
            "query kept",
            lambda W, query, k: _top(_cosines(W, query), k),
            "The query is its own nearest neighbour. Leave it out by its id.",
        ),
        Mistake(
            "inner product, first one dropped",
            lambda W, query, k: (W @ W[query]).topk(k + 1).indices[1:],
            "You rank by inner products, where the query need not come first, and drop whatever did. Rank "
            "by "
            "cosine and leave the query out by its id.",
        ),
        Mistake(
            "inner product",
            lambda W, query, k: _top(W @ W[query], k, [query]),
            "You rank by inner products: long vectors come first, whatever they mean. Divide by the lengths.",
        ),
        Mistake(
            "distance",
            lambda W, query, k: _top(-torch.cdist(W[query : query + 1], W)[0], k, [query]),
            "You rank by Euclidean distance. It depends on the lengths; the cosine on the angle alone.",
        ),
        Mistake(
            "farthest",
            lambda W, query, k: _top(-_cosines(W, query), k, [query]),
            "These are the words with the smallest cosines: sort the other way.",
        ),
        Mistake(
            "one too few",
            lambda W, query, k: _top(_cosines(W, query), k - 1, [query]),
            "One neighbour is missing: the query is taken out, and k others remain to be returned.",
        ),
        Mistake(
            "scores",
            lambda W, query, k: _cosines(W, query)[_top(_cosines(W, query), k, [query])],
            "These are the cosines. Wanted are the ids.",
        ),
    ],
    right="By cosine, the query left out by its id, nearest first.",
)

# -- center against context neighbours


def _two_tables(rng):
    V, D = int(rng.integers(14, 18)), 4
    v = rng.normal(size=(V, D)) * rng.uniform(0.3, 3, size=(V, 1))
    u = v + rng.normal(size=(V, D))
    return torch.tensor(v, dtype=torch.float32), torch.tensor(u, dtype=torch.float32), 4


def _nearest(W, k, *, unit=True, own=False):
    W = nn.functional.normalize(W, dim=1) if unit else W
    similarity = W @ W.T
    if not own:
        similarity.fill_diagonal_(-torch.inf)
    return [set(row.tolist()) for row in similarity.topk(k, dim=1).indices]


def _shared(a, b, k, divide=lambda x, y, k: k):
    return sum(len(x & y) / divide(x, y, k) for x, y in zip(a, b)) / len(a)


def _same_place(v, u, k):
    places = []
    for W in (v, u):
        unit = nn.functional.normalize(W, dim=1)
        similarity = unit @ unit.T
        similarity.fill_diagonal_(-torch.inf)
        places.append(similarity.topk(k, dim=1).indices)
    return (places[0] == places[1]).float().mean()


def _across(v, u, k):
    v, u = (nn.functional.normalize(W, dim=1) for W in (v, u))
    similarity = v @ u.T
    similarity.fill_diagonal_(-torch.inf)
    scored = [set(row.tolist()) for row in similarity.topk(k, dim=1).indices]
    return _shared(_nearest(v, k), scored, k)


table_overlap = FunctionCheck(
    name="table_overlap",
    reference=lambda v, u, k: _shared(_nearest(v, k), _nearest(u, k), k),
    draw=_two_tables,
    mistakes=[
        Mistake(
            "own word counted",
            lambda v, u, k: _shared(_nearest(v, k, own=True), _nearest(u, k, own=True), k),
            "Each word is among its own neighbours in both tables, so one of k agrees for nothing. Leave it out.",
        ),
        Mistake(
            "inner products",
            lambda v, u, k: _shared(_nearest(v, k, unit=False), _nearest(u, k, unit=False), k),
            "You rank by inner products. Scale the rows of each table to length 1 first.",
        ),
        Mistake(
            "over the union",
            lambda v, u, k: _shared(_nearest(v, k), _nearest(u, k), k, lambda x, y, k: len(x | y)),
            "You divide by the union of both sets. The share asked for is of the k neighbours.",
        ),
        Mistake(
            "same rank",
            _same_place,
            "You count a neighbour as shared where it has the same rank in both. Rank does not matter here: compare "
            "sets.",
        ),
        Mistake(
            "count",
            lambda v, u, k: _shared(_nearest(v, k), _nearest(u, k), 1, lambda x, y, k: 1),
            "That is the number of shared neighbours. Divide by k.",
        ),
        Mistake(
            "v against u",
            _across,
            "Your second list ranks v . u: what stands beside the word. Neighbours in the context table compare u "
            "with u.",
        ),
    ],
    right="Each word's k nearest in the one table and in the other, and the share that is in both.",
)

# -- analogies


def _analogy_inputs(rng):
    V, D = int(rng.integers(12, 16)), 4
    W = torch.tensor(rng.normal(size=(V, D)) * rng.uniform(0.2, 3, size=(V, 1)), dtype=torch.float32)
    a, b, c = rng.choice(V, 3, replace=False).tolist()
    return W, a, b, c


def _analogy(W, a, b, c, *, signs=(-1, 1, 1), without=(0, 1, 2), unit=True):
    rows = nn.functional.normalize(W, dim=1)
    ids = (a, b, c)
    parts = rows if unit else W
    query = sum(s * parts[i] for s, i in zip(signs, ids))
    similarity = rows @ query
    similarity[[ids[i] for i in without]] = -torch.inf
    return int(similarity.argmax())


analogy = FunctionCheck(
    name="analogy",
    reference=_analogy,
    draw=_analogy_inputs,
    mistakes=[
        Mistake(
            "query words kept",
            lambda *args: _analogy(*args, without=()),
            "You let the query words answer, and one of them mostly comes first. Leave all three out.",
        ),
        Mistake(
            "two left in",
            lambda *args: _analogy(*args, without=(2,)),
            "You leave out c alone. a and b are query words as well.",
        ),
        Mistake(
            "a and b exchanged",
            lambda *args: _analogy(*args, signs=(1, -1, 1)),
            "The offset points the other way: a is to b as c is to the answer, so b - a + c.",
        ),
        Mistake(
            "all added",
            lambda *args: _analogy(*args, signs=(1, 1, 1)),
            "You add all three. a is subtracted.",
        ),
        Mistake(
            "not scaled",
            lambda *args: _analogy(*args, unit=False),
            "You add the vectors as they are, so the longest decides. Scale each to length 1 before you add.",
        ),
        Mistake(
            "nearest to c",
            lambda *args: _analogy(*args, signs=(0, 0, 1)),
            "That is the nearest neighbour of c: the baseline that an analogy has to beat.",
        ),
        Mistake(
            "nearest to b",
            lambda *args: _analogy(*args, signs=(0, 1, 0)),
            "That is the nearest neighbour of b, with the query words left out.",
        ),
    ],
    right="The word nearest to b - a + c, each scaled to length 1, the three left out (3CosAdd).",
    trials=40,
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
            True,
            "The notebook drew vectors of pure noise, and the map had clumps. A clump is a question, answered by the "
            "share of neighbours kept, by another seed and by the vectors themselves.",
        ),
        "d": (
            True,
            "Which words lie side by side is what t-SNE tries to keep, and the share that it kept is printed under the "
            "map. Even so, check a pair that matters by its cosine.",
        ),
        "e": (
            False,
            "The axes of a t-SNE map have no meaning: turned or mirrored it would be the same map.",
        ),
    },
)

# -- what chance keeps: 300 words on a map, 10 neighbours

kept_by_chance = NumberCheck(
    name="kept_by_chance",
    value=10 / 299,
    mistakes=[
        Mistake(
            "squared",
            (10 / 299) ** 2,
            "Each of the 10 true neighbours is kept with the same chance: the mean is that chance.",
        ),
        Mistake("count", 100 / 299, "That is how many of the ten are kept. Divide by ten for the share."),
        Mistake("one in k", 1 / 10, "The map chooses its ten out of all other words, not out of the ten true ones."),
        Mistake("one word", 1 / 299, "That is one place on the map. Each word has ten."),
        Mistake("complement", 289 / 299, "That is the share that is lost."),
    ],
    right="A random map has ten places out of 299 for each true neighbour. Compare a map's share with this, not with "
    "0.",
    tolerance=2e-3,
)
