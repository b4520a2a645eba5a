# Used in 01 · tests/checks/test_checks.py
"""Checks of notebook 01: lookups, what they cost, where gradients land, why two tables."""

from __future__ import annotations

import torch

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake

# -- a lookup as a product


def _lookup_inputs(rng):
    B, L, V, D = rng.integers(2, 5), rng.integers(2, 5), rng.integers(5, 9), rng.integers(2, 5)
    B, D = (B + (B == L)), D + (D == V)
    ids = torch.tensor(rng.integers(0, V, size=(B, L)))
    ids[0, 0], ids[-1, -1] = 0, V - 1
    return ids, torch.tensor(rng.normal(size=(V, D)), dtype=torch.float32)


def _without_row_0(ids, weight):
    return weight[ids] * (ids != 0).unsqueeze(-1)


lookup = FunctionCheck(
    name="lookup",
    reference=lambda ids, weight: weight[ids],
    draw=_lookup_inputs,
    mistakes=[
        Mistake(
            "off by one",
            lambda ids, weight: weight[ids - 1],
            "You fetch the row before the one that is asked for: ids count from 0, and id 0 has a row like any other.",
        ),
        Mistake(
            "off by one, upwards",
            lambda ids, weight: torch.roll(weight, -1, 0)[ids],
            "You fetch the row after the one that is asked for: ids count from 0.",
        ),
        Mistake(
            "padding left out",
            _without_row_0,
            "Your vector for id 0 is zero. Row 0 is looked up like any other; only padding_idx would treat it apart.",
        ),
        Mistake(
            "summed over the row",
            lambda ids, weight: weight[ids].sum(1),
            "You add up the vectors of a row of ids. A lookup keeps one vector for each id: the shape of the ids, "
            "then D.",
        ),
        Mistake(
            "flattened",
            lambda ids, weight: weight[ids.reshape(-1)],
            "The numbers are right and the shape of the ids is lost: ids of shape (B, L) give vectors of (B, L, D).",
        ),
        Mistake(
            "wrong axis",
            lambda ids, weight: weight[ids].transpose(0, 1),
            "Rows and columns of the ids have changed places: entry [i, j] belongs to ids[i, j].",
        ),
        Mistake(
            "one-hot vectors",
            lambda ids, weight: torch.nn.functional.one_hot(ids, len(weight)).float(),
            "These are the one-hot vectors themselves. Multiply them with the table: (B, L, V) @ (V, D).",
        ),
    ],
    right="The same vectors as indexing, for ids of any shape: a lookup is this product without the multiplications "
    "by 0.",
)

# -- what the product would cost

_B, _V, _D = 512, 6719, 100
multiplications = NumberCheck(
    name="multiplications",
    value=_B * _V * _D,
    mistakes=[
        Mistake("one id", _V * _D, "That is the product for one id. The batch has 512 of them."),
        Mistake(
            "numbers copied",
            _B * _D,
            "That is how many numbers a lookup copies. The product multiplies zeros too: each one-hot vector has V "
            "entries.",
        ),
        Mistake("one dimension", _B * _V, "That is one column of the result. Each of the D columns costs as much."),
        Mistake(
            "additions too",
            2 * _B * _V * _D,
            "That counts the additions as well. The question asks for multiplications alone.",
        ),
        Mistake(
            "product of the tables",
            _V * _V * _D,
            "That would look up each word of the vocabulary once. The batch has 512 ids, not V.",
        ),
    ],
    right="512 x 6,719 x 100: a third of a billion multiplications, nearly all by 0, in place of 51,200 copied "
    "numbers.",
    tolerance=1e-6,
)

# -- where the gradient lands


def _gradient_inputs(rng):
    V, n, D = rng.integers(5, 8), rng.integers(5, 8), 3
    ids = rng.integers(1, V, size=n)
    ids[0], ids[2], ids[3] = 0, ids[1], ids[1]  # the padding id, and one word three times
    return torch.tensor(ids), torch.tensor(rng.normal(size=(n, D)), dtype=torch.float32), int(V + 1)


def _scatter(ids, grad, V, reduce="sum"):
    table = torch.zeros(V, grad.shape[1])
    if reduce == "last":
        for i, g in zip(ids.tolist(), grad):
            table[i] = g
        return table
    table.index_add_(0, ids, grad)
    return table


def _scatter_mean(ids, grad, V):
    return _scatter(ids, grad, V) / torch.bincount(ids, minlength=V).clamp(min=1).unsqueeze(1)


def _scatter_first(ids, grad, V):
    return _scatter(ids.flip(0), grad.flip(0), V, "last")


def _scatter_no_0(ids, grad, V):
    table = _scatter(ids, grad, V)
    table[0] = 0
    return table


table_gradient = FunctionCheck(
    name="table_gradient",
    reference=_scatter,
    draw=_gradient_inputs,
    mistakes=[
        Mistake(
            "last one wins",
            lambda ids, grad, V: _scatter(ids, grad, V, "last"),
            "A word that was looked up twice keeps its last gradient alone. table[ids] = grad writes over itself, "
            "and so "
            "does table[ids] += grad: the rows have to be added one after the other.",
        ),
        Mistake(
            "first one wins",
            _scatter_first,
            "A word that was looked up twice keeps its first gradient alone. All its gradients add up.",
        ),
        Mistake(
            "mean",
            _scatter_mean,
            "You average the gradients of a word that was looked up several times. The derivative of a sum is a sum.",
        ),
        Mistake(
            "padding left out",
            _scatter_no_0,
            "Row 0 gets no gradient in your table. nn.Embedding gives it one unless padding_idx is set; in this course "
            "the mask keeps padding out, later.",
        ),
        Mistake(
            "sign",
            lambda ids, grad, V: -_scatter(ids, grad, V),
            "The sign is turned. This is the gradient; the step against it comes later, in the optimizer.",
        ),
        Mistake(
            "one row for each id",
            lambda ids, grad, V: grad,
            "You return one row for each id. The gradient of a table has the table's shape, (V, D): zero where no id "
            "was.",
        ),
    ],
    right="Rows that were looked up get the sum of their gradients, the others 0. index_add_ adds; an assignment "
    "would not.",
)

# -- why two tables

two_tables = StatementsCheck(
    name="two_tables",
    statements={
        "a": (
            True,
            "With one table the score of a word with itself is a squared length, never below 0, so the model must give "
            "at least one half to each word in its own context.",
        ),
        "b": (
            False,
            "The second table adds parameters, but the argument is about which scores can be expressed: v . u can have "
            "any sign for a word with itself, v . v cannot.",
        ),
        "c": (
            True,
            "king and queen share their company, so their v are alike, without ever standing side by side: two tables "
            "can give v_king . u_queen another value than the cosine of v_king and v_queen.",
        ),
        "d": (
            False,
            "The notebook counted real text: some words do stand in their own context, most of all in wide windows. "
            "The "
            "argument says what one table cannot express, not that it is never true.",
        ),
    },
)

# -- how often a word meets itself


def _sentence_inputs(rng):
    ids = rng.integers(1, 5, size=rng.integers(8, 14))
    half = len(ids) // 2
    ids[half], ids[half - 1] = ids[0], ids[-1]
    ids[1] = ids[0]
    return ids.tolist(), int(rng.integers(2, 4))


def _pairs(ids, window):
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if j != i:
                yield i, j


def _self_share(ids, window):
    pairs = [ids[i] == ids[j] for i, j in _pairs(ids, window)]
    return sum(pairs) / len(pairs)


def _self_share_with_center(ids, window):
    pairs = [ids[i] == ids[j] for i, j in _pairs(ids, window)]
    return (sum(pairs) + len(ids)) / (len(pairs) + len(ids))


def _self_share_short(ids, window):
    pairs = [ids[i] == ids[j] for i, j in _pairs(ids, window) if j - i != window]
    return sum(pairs) / len(pairs)


own_context = FunctionCheck(
    name="own_context",
    reference=_self_share,
    draw=_sentence_inputs,
    mistakes=[
        Mistake(
            "center counted",
            _self_share_with_center,
            "You count the center as a context of itself: skip the position j == i, not the word.",
        ),
        Mistake(
            "count",
            lambda ids, window: sum(ids[i] == ids[j] for i, j in _pairs(ids, window)),
            "That is how many pairs repeat a word. Divide by the number of pairs.",
        ),
        Mistake(
            "share of positions",
            lambda ids, window: sum(ids[i] == ids[j] for i, j in _pairs(ids, window)) / len(ids),
            "You divide by the number of words. The share is of (center, context) pairs.",
        ),
        Mistake(
            "off by one",
            _self_share_short,
            "The last word of the window is missing on the right: the end of range is not included, so it is "
            "i + window + 1.",
        ),
        Mistake(
            "words left out",
            lambda ids, window: 0.0,
            "You leave out each context that is the same word as the center, and so find none. The center is a "
            "position.",
        ),
        Mistake(
            "one side",
            lambda ids, window: sum(ids[i] == ids[j] for i, j in _pairs(ids, window) if j > i)
            / sum(1 for _ in _pairs(ids, window)),
            "You count repeats on one side and divide by the pairs of both sides.",
        ),
    ],
    right="Pairs in which a word meets itself, over all pairs. One side alone would give the same share, by symmetry.",
)
