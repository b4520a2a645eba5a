# Used in 02 · tests/checks/test_answers.py
"""Checks of notebook 02: the batched product, the softmax's objective and gradient, what a score is."""

from __future__ import annotations

import torch
from torch import nn

from checks.core import FunctionCheck, StatementsCheck
from checks.drawn_02 import batch, batch_inputs
from checks.softmax_02 import objective, softmax_gradients
from checks.verdict import Mistake
from helpers.model import skip_gram as reference_skip_gram

__all__ = ["objective", "score", "skip_gram", "softmax_gradients"]

# -- the batched product


def _reshaped(center, candidates, embed_v, embed_u):
    u = embed_u(candidates)
    return torch.bmm(embed_v(center), u.reshape(u.shape[0], u.shape[2], u.shape[1]))


def _scaled(center, candidates, embed_v, embed_u):
    return reference_skip_gram(center, candidates, embed_v, embed_u) / embed_v.weight.shape[1] ** 0.5


def _cosine(center, candidates, embed_v, embed_u):
    v, u = (nn.functional.normalize(x, dim=-1) for x in (embed_v(center), embed_u(candidates)))
    return torch.bmm(v, u.transpose(1, 2))


def _first_center(center, candidates, embed_v, embed_u):
    return reference_skip_gram(center[:1].expand_as(center), candidates, embed_v, embed_u)


def _padding_left_out(center, candidates, embed_v, embed_u):
    return reference_skip_gram(center, candidates, embed_v, embed_u) * (candidates != 0).unsqueeze(1)


def _every_row_with_every(center, candidates, embed_v, embed_u):
    return torch.einsum("xod,bld->bxl", embed_v(center), embed_u(candidates))


def _all_summed(center, candidates, embed_v, embed_u):
    return reference_skip_gram(center, candidates, embed_v, embed_u).sum(-1, keepdim=True)


skip_gram = FunctionCheck(
    name="skip_gram",
    reference=reference_skip_gram,
    draw=batch_inputs,
    gradient=(2, 3),
    hostile={
        "one row": batch([[3]], [[1, 2, 4, 0]]),
        "one slot a row": batch([[3], [1]], [[2], [4]]),
        "one row, one slot, one dimension": batch([[2]], [[1]], D=1),
        "one dimension": batch([[3], [1]], [[2, 4, 0], [5, 1, 2]], D=1),
        "as many slots as dimensions": batch([[3], [1]], [[2, 4, 0], [5, 1, 2]], D=3),
        "as many rows as slots and dimensions": batch([[3], [1], [5]], [[2, 4, 0], [5, 1, 2], [1, 1, 0]], D=3),
        "as many rows as slots": batch([[3], [1]], [[2, 4], [5, 0]], D=3),
        "a word twice, and the center among its candidates": batch([[3], [3]], [[3, 2, 2, 0], [1, 3, 1, 1]]),
        "a row that is almost padding": batch([[3], [1]], [[2, 0, 0, 0], [5, 1, 2, 4]]),
        "the same center in two rows": batch([[4], [4]], [[2, 1, 3, 0], [1, 5, 2, 3]]),
    },
    mistakes=[
        Mistake(
            "reshape for permute",
            _reshaped,
            "The shape is right and the numbers are not: reshape reads the same memory in another order. The axes D "
            "and L have to change places, with permute or transpose.",
        ),
        Mistake(
            "tables swapped",
            lambda center, candidates, v, u: reference_skip_gram(center, candidates, u, v),
            "Centers are looked up in embed_v, candidates in embed_u; here it is the other way round.",
        ),
        Mistake(
            "one table",
            lambda center, candidates, v, u: reference_skip_gram(center, candidates, v, v),
            "The candidates are looked up in embed_v as well. Their vectors are in embed_u.",
        ),
        Mistake(
            "the other table alone",
            lambda center, candidates, v, u: reference_skip_gram(center, candidates, u, u),
            "The centers are looked up in embed_u as well. Their vectors are in embed_v.",
        ),
        Mistake(
            "squeezed",
            lambda *args: reference_skip_gram(*args).squeeze(1),
            "The numbers are right; the shape is (B, L), and wanted is (B, 1, L), as the batched product gives it.",
        ),
        Mistake(
            "column",
            lambda *args: reference_skip_gram(*args).transpose(1, 2),
            "You return (B, L, 1): u times v as a column. Wanted is v as a row times u, (B, 1, L).",
        ),
        Mistake(
            "sigmoid",
            lambda *args: torch.sigmoid(reference_skip_gram(*args)),
            "These are probabilities. The model returns logits; the loss of notebook 03 needs them as they are.",
        ),
        Mistake(
            "softmax",
            lambda *args: torch.softmax(reference_skip_gram(*args), dim=-1),
            "These are shares of a softmax over the candidates. The model returns the scores themselves.",
        ),
        Mistake("scaled", _scaled, "You divide by the square root of D, as attention does. Skip-gram does not."),
        Mistake("cosine", _cosine, "These are cosines. A score keeps the lengths of both vectors."),
        Mistake(
            "padding left out",
            _padding_left_out,
            "You set the scores of padding to 0. The model scores every slot; to leave padding out is the loss's work.",
        ),
        Mistake(
            "one center for all",
            _first_center,
            "All rows are scored with the first center. Each row has its own: a batched product, not one matrix "
            "product.",
        ),
        Mistake(
            "every row with every row",
            _every_row_with_every,
            "You score each center with the candidates of all rows. Row b of the centers belongs to row b of the "
            "candidates alone.",
        ),
        Mistake("summed", _all_summed, "You add up the scores of a row. Each slot has a score of its own."),
    ],
    right="(B, 1, D) @ (B, D, L) -> (B, 1, L), logits.",
)

# -- what a score is

score = StatementsCheck(
    name="score",
    statements={
        "a": (True, "The score is |v| |u| cos(angle): twice as long a v gives scores twice as far from 0."),
        "b": (
            False,
            "A score of 0 is a right angle, and the sigmoid makes 0.5 of it: the model has no opinion. Certainty "
            "that the pair is noise would be a large negative score.",
        ),
        "c": (
            True,
            "The sigmoid of the score is the model's probability that the pair is real, so the score is the log-odds.",
        ),
        "d": (
            False,
            "The sigmoids of different candidates are answers to different questions; nothing makes them sum to 1. "
            "Only the softmax's shares do.",
        ),
        "e": (
            False,
            "A score compares a v with a u. Whether two words are alike is asked of two center vectors, by their "
            "cosine.",
        ),
        "f": (
            False,
            "Six: the context word is scored as well, 1 + K questions for each. Five would be the noise words alone.",
        ),
    },
)
