# Used in 01 · tests/checks/test_answers.py
"""Checks of notebook 01: means of looked-up rows, what one-hot vectors weigh, where gradients land, why two tables."""

from __future__ import annotations

import torch

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.drawn_01 import ODD_TABLES, equal_gradients, gradient_inputs, gradient_of, means_inputs, means_of
from checks.verdict import Mistake

# -- the mean of a sentence, without its empty places


def _masked_sum(ids, weight):
    return (weight[ids] * (ids != 0).unsqueeze(-1)).sum(1)


def _real(ids):
    return (ids != 0).sum(1, keepdim=True)


def _row_means(ids, weight):
    return _masked_sum(ids, weight) / _real(ids).clamp(min=1)


def _up_to_the_first_gap(ids, weight):
    return _row_means(ids * (ids != 0).cumprod(1), weight)


def _each_word_once(ids, weight):
    rows = [[*dict.fromkeys(row), *[0] * len(row)][: len(row)] for row in ids.tolist()]
    return _row_means(torch.tensor(rows), weight)


def _zero_vectors_left_out(ids, weight):
    real = (ids != 0) & (weight[ids] != 0).any(-1)
    return _masked_sum(ids, weight) / real.sum(1, keepdim=True).clamp(min=1)


row_means = FunctionCheck(
    name="row_means",
    reference=_row_means,
    draw=means_inputs,
    tolerance=1e-4,
    hostile={
        "one place": means_of([[2]], D=1),
        "one empty place": means_of([[0]]),
        "one row": means_of([[3, 1, 0]]),
        "one place a row": means_of([[3], [0], [4]]),
        "a row without any word": means_of([[1, 2], [0, 0]]),
        "empty places before and between words": means_of([[0, 2, 0, 3], [4, 0, 0, 1]]),
        "a word twice": means_of([[2, 2, 3], [4, 4, 0]]),
        "no empty place": means_of([[1, 2], [3, 4]]),
        "as many rows as places and dimensions": means_of([[1, 2, 0], [2, 0, 0], [4, 3, 1]]),
        "one dimension": means_of([[1, 2, 0], [4, 0, 0]], D=1),
        **ODD_TABLES,
    },
    mistakes=[
        Mistake(
            "padding counted",
            lambda ids, weight: weight[ids].mean(1),
            "You take the mean over all places. The empty ones bring in row 0, which is no word's.",
        ),
        Mistake(
            "divided by the length",
            lambda ids, weight: _masked_sum(ids, weight) / ids.shape[1],
            "You leave the empty places out of the sum, and count them all the same: divide by the number of words.",
        ),
        Mistake(
            "row 0 added",
            lambda ids, weight: weight[ids].sum(1) / _real(ids).clamp(min=1),
            "You divide by the number of words, and the sum still has row 0 in it, once for each empty place.",
        ),
        Mistake("sum", _masked_sum, "That is the sum over the words. Divide by how many there are."),
        Mistake(
            "zero over zero",
            lambda ids, weight: _masked_sum(ids, weight) / _real(ids),
            "A row without any word divides 0 by 0. Wanted is a row of zeros.",
        ),
        Mistake(
            "each word once",
            _each_word_once,
            "You count each different word once. A word that occurs twice in a row counts twice.",
        ),
        Mistake(
            "stopped at the first gap",
            _up_to_the_first_gap,
            "You stop at the first empty place of a row. There can be words behind it.",
        ),
        Mistake(
            "zero vectors left out",
            _zero_vectors_left_out,
            "You take a place for empty because its vector is zero. The id says what is empty, not the vector.",
        ),
        Mistake(
            "one mean for all",
            lambda ids, weight: weight[ids[ids != 0]].sum(0) / (ids != 0).sum().clamp(min=1),
            "That is one mean for the whole batch. Each row has its own: the result is (B, D).",
        ),
        Mistake(
            "wrong axis",
            lambda ids, weight: weight[ids].mean(-1),
            "You average over the dimensions and keep the places. Average over the places: (B, L, D) becomes (B, D).",
        ),
        Mistake(
            "kept as a column",
            lambda ids, weight: _row_means(ids, weight).unsqueeze(1),
            "The numbers are right; the axis of the places is still there, with length 1. The result is (B, D).",
        ),
        Mistake(
            "off by one",
            lambda ids, weight: _row_means(ids, weight.roll(1, 0)),
            "You fetch the row before the one that is asked for: ids count from 0, and row 0 belongs to the id 0.",
        ),
    ],
    right="Each row's mean over its words alone: the empty places are left out of the sum and out of the count.",
)

# -- what one-hot vectors weigh

_WORDS, _V = 512 * 60, 6719
one_hot_bytes = NumberCheck(
    name="one_hot_bytes",
    value=_WORDS * _V * 4,
    exact=True,
    mistakes=[
        Mistake("numbers", _WORDS * _V, "That is how many numbers there are. Each takes four bytes."),
        Mistake(
            "embeddings",
            _WORDS * 100 * 4,
            "That is what their embeddings take, 100 numbers a word. A one-hot vector has one number for each word of "
            "the vocabulary.",
        ),
        Mistake(
            "embeddings too", _WORDS * _V * 100 * 4, "The dimension belongs to the table. One-hot vectors have none."
        ),
        Mistake("one word each", 512 * _V * 4, "That is one word for each center word. There are 60."),
        Mistake("one center", 60 * _V * 4, "That is what belongs to one center word. The minibatch has 512 of them."),
        Mistake("one word", _V * 4, "That is one vector. There are 512 times 60 of them."),
        Mistake(
            "centers too",
            512 * 61 * _V * 4,
            "That has the center words themselves in it. The question is about the other words.",
        ),
        Mistake("added", (512 + 60) * _V * 4, "You add 512 and 60. There are 60 words for each of the 512."),
        Mistake("int64", _WORDS * _V * 8, "That is for numbers of eight bytes, as one_hot makes them; float32 has 4."),
        Mistake("bits", _WORDS * _V * 32, "That is in bits. Four bytes are 32 bits; the question asks for bytes."),
        Mistake("ids", _WORDS * 8, "That is what the ids take. The question is about the one-hot vectors."),
        Mistake("megabytes", _WORDS * _V * 4 / 1e6, "That is in megabytes. Give the bytes, exactly."),
        Mistake("gigabytes", _WORDS * _V * 4 / 1e9, "That is in gigabytes. Give the bytes, exactly."),
    ],
    right="512 x 60 x 6,719 x 4: more than 800 million bytes, for words whose ids take a quarter of a million.",
)

# -- where the gradient lands


def _scatter(ids, grad, V, reduce="sum"):
    table = torch.zeros(V, grad.shape[1])
    if reduce == "last":
        for i, g in zip(ids.tolist(), grad):
            table[i] = g
        return table
    return table.index_add(0, ids, grad)


def _scatter_mean(ids, grad, V):
    return _scatter(ids, grad, V) / torch.bincount(ids, minlength=V).clamp(min=1).unsqueeze(1)


def _scatter_first(ids, grad, V):
    return _scatter(ids.flip(0), grad.flip(0), V, "last")


def _scatter_no_0(ids, grad, V):
    table = _scatter(ids, grad, V)
    table[0] = 0
    return table


def _times_n(ids, grad, V):
    return _scatter(ids, grad, V) * torch.bincount(ids, minlength=V).unsqueeze(1)


table_gradient = FunctionCheck(
    name="table_gradient",
    reference=_scatter,
    draw=gradient_inputs,
    hostile={
        "nothing looked up": gradient_of([], 4),
        "one lookup": gradient_of([2], 4),
        "row 0 alone": gradient_of([0, 0], 3),
        "a table of one row": gradient_of([0, 0, 0], 1, 2),
        "one word every time": gradient_of([3, 3, 3, 3], 5),
        "the last row": gradient_of([1, 4, 4], 5),
        "no word twice": gradient_of([4, 2, 1], 6),
        "equal gradients": equal_gradients,
        "one dimension": gradient_of([1, 2, 1], 4, 1),
        "as many lookups as rows and dimensions": gradient_of([1, 2, 1], 3, 3),
    },
    mistakes=[
        Mistake(
            "last one wins",
            lambda ids, grad, V: _scatter(ids, grad, V, "last"),
            "A word that was looked up twice keeps its last gradient alone. table[ids] = grad writes over itself, and "
            "so does table[ids] += grad: the rows have to be added one after the other.",
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
            "times the count",
            _times_n,
            "You multiply the sum by how often a word was looked up. Each lookup's gradient is added once.",
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
        Mistake(
            "counts",
            lambda ids, grad, V: torch.bincount(ids, minlength=V).unsqueeze(1).expand(V, grad.shape[1]).float(),
            "That is how often each row was looked up. Add the gradients themselves.",
        ),
        Mistake(
            "turned over",
            lambda ids, grad, V: _scatter(ids, grad, V).T,
            "Rows and columns have changed places: the gradient has the table's shape, (V, D).",
        ),
        Mistake(
            "rows up to the largest id",
            lambda ids, grad, V: _scatter(ids, grad, max(ids.tolist(), default=-1) + 1),
            "Your table ends with the largest id that was looked up. It has V rows, the later ones zero.",
        ),
    ],
    right="Rows that were looked up get the sum of their gradients, the others 0. index_add adds; an assignment "
    "would not.",
)

# -- why two tables

two_tables = StatementsCheck(
    name="two_tables",
    statements={
        "a": (
            True,
            "With one table the score of a word with itself is a squared length, never below 0, so it never leans to "
            "no.",
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
            "The count in thinned English says otherwise: they meet themselves more than twenty times as often as by "
            "chance. Only the most frequent, such as the and of, do not.",
        ),
        "e": (
            True,
            "With one table the only way to a high score of a word with itself, a firm yes, is a long vector: the "
            "score is its squared length.",
        ),
    },
)
