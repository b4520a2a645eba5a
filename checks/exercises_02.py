# Used in 02 · tests/checks/test_checks.py
"""Checks of notebook 02: the softmax, its cost, the batched product, what a score is."""

from __future__ import annotations

import math

import torch
from torch import nn

from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from checks.verdict import Mistake
from helpers.model import skip_gram as reference_skip_gram

# -- a softmax by hand: v = (1, 2); u of chip (1, 1), maker (2, 0), memory (-1, 0.5), price (0, 0)

_SCORES = {"chip": 3.0, "maker": 2.0, "memory": 0.0, "price": 0.0}
_TOTAL = sum(math.exp(x) for x in _SCORES.values())
softmax_by_hand = NumberCheck(
    name="softmax_by_hand",
    value=math.exp(2) / _TOTAL,
    mistakes=[
        Mistake("not normalised", math.exp(2), "That is exp of the score. Divide by the sum over all four words."),
        Mistake("score", 2.0, "That is the score, u . v. The softmax takes exp and divides by the sum."),
        Mistake(
            "no exp",
            2 / 5,
            "You divided the scores themselves. Scores can be negative and 0, so exp comes first.",
        ),
        Mistake(
            "sigmoid",
            1 / (1 + math.exp(-2)),
            "That is the sigmoid, the answer to the yes-or-no question of negative sampling. It looks at one word "
            "alone.",
        ),
        Mistake(
            "odds",
            math.exp(2) / (_TOTAL - math.exp(2)),
            "The word itself belongs into the denominator too: what you have are odds against the other words.",
        ),
        Mistake("other word", math.exp(3) / _TOTAL, "That is the probability of chip. The question is about maker."),
        Mistake(
            "zero scores left out",
            math.exp(2) / (math.exp(3) + math.exp(2)),
            "memory and price score 0, and exp(0) is 1: they are in the sum.",
        ),
    ],
    right="exp(2) over exp(3) + exp(2) + 1 + 1.",
)

# -- the objective with the full softmax


def _pairs_inputs(rng):
    V, D, n = int(rng.integers(4, 7)), int(rng.integers(2, 4)), int(rng.integers(3, 6))
    tables = [torch.tensor(rng.normal(size=(V, D)), dtype=torch.float32) for _ in range(2)]
    return torch.tensor(rng.integers(0, V, n)), torch.tensor(rng.integers(0, V, n)), *tables


def _log_probabilities(centers, contexts, v, u):
    return torch.log_softmax(v[centers] @ u.T, dim=1).gather(1, contexts.unsqueeze(1)).squeeze(1)


objective = FunctionCheck(
    name="objective",
    reference=lambda centers, contexts, v, u: _log_probabilities(centers, contexts, v, u).mean(),
    draw=_pairs_inputs,
    mistakes=[
        Mistake(
            "sign",
            lambda *args: -_log_probabilities(*args).mean(),
            "That is the loss. The objective is a mean of log-probabilities, so it is negative, and is maximised.",
        ),
        Mistake(
            "sum",
            lambda *args: _log_probabilities(*args).sum(),
            "That is the sum. The objective is the mean over the pairs.",
        ),
        Mistake(
            "no logarithm",
            lambda *args: _log_probabilities(*args).exp().mean(),
            "That is the mean probability. The likelihood of a text is a product, so its logarithm is a sum of logs.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda *args: _log_probabilities(*args).exp().mean().log(),
            "You take the logarithm of the mean probability. First the logarithm of each, then the mean.",
        ),
        Mistake(
            "tables swapped",
            lambda centers, contexts, v, u: _log_probabilities(centers, contexts, u, v).mean(),
            "Centers are looked up in v, contexts in u; here it is the other way round.",
        ),
        Mistake(
            "given the context",
            lambda centers, contexts, v, u: _log_probabilities(contexts, centers, u, v).mean(),
            "You predict the center from the context: the softmax runs over the candidates for the context, rows of u.",
        ),
        Mistake(
            "wrong axis",
            lambda centers, contexts, v, u: torch.log_softmax(v[centers] @ u.T, dim=0)
            .gather(1, contexts.unsqueeze(1))
            .mean(),
            "Your softmax runs over the pairs, dim=0. It belongs over the vocabulary, dim=1.",
        ),
        Mistake(
            "one per pair",
            _log_probabilities,
            "These are the log-probabilities of the pairs. The objective is one number, their mean.",
        ),
    ],
    right="The mean over the pairs of log softmax(v . u), over all rows of u.",
)

# -- what the denominator costs

questions = NumberCheck(
    name="questions",
    value=6719 / 6,
    mistakes=[
        Mistake("K alone", 6719 / 5, "The context word is scored too: 1 + K scores, not K."),
        Mistake("vocabulary", 6719, "That is what the softmax takes. Divide by what negative sampling takes, 1 + K."),
        Mistake("six", 6, "That is what negative sampling takes. How many times that does the softmax take?"),
        Mistake("upside down", 6 / 6719, "The other way round: softmax over negative sampling."),
        Mistake("product", 6719 * 6, "The two counts are compared, so divide."),
    ],
    right="6,719 scores against 1 + 5: about 1,120 times as many, for each context word.",
)

# -- the batched product


def _batch_inputs(rng):
    B, L, V, D = int(rng.integers(2, 4)), int(rng.integers(4, 7)), int(rng.integers(7, 10)), int(rng.integers(2, 4))
    torch.manual_seed(int(rng.integers(2**31)))
    tables = []
    for _ in range(2):
        embed = nn.Embedding(V, D)
        embed.weight.requires_grad_(False)
        tables.append(embed)
    return torch.tensor(rng.integers(0, V, (B, 1))), torch.tensor(rng.integers(0, V, (B, L))), *tables


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


skip_gram = FunctionCheck(
    name="skip_gram",
    reference=reference_skip_gram,
    draw=_batch_inputs,
    mistakes=[
        Mistake(
            "reshape for permute",
            _reshaped,
            "The shape is right and the numbers are not: reshape reads the same memory in another order. The axes D "
            "and "
            "L have to change places, with permute or transpose.",
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
        Mistake("scaled", _scaled, "You divide by the square root of D, as attention does. Skip-gram does not."),
        Mistake("cosine", _cosine, "These are cosines. A score keeps the lengths of both vectors."),
        Mistake(
            "one center for all",
            _first_center,
            "All rows are scored with the first center. Each row has its own: a batched product, not one matrix "
            "product.",
        ),
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
            "that the "
            "pair is noise would be a large negative score.",
        ),
        "c": (
            True,
            "The sigmoid of the score is the model's probability that the pair is real, so the score is the log-odds.",
        ),
        "d": (
            False,
            "The sigmoids of different candidates are answers to different questions; nothing makes them sum to 1. "
            "Only "
            "the softmax's shares do.",
        ),
        "e": (
            False,
            "A score compares a v with a u. Whether two words are alike is asked of two center vectors, by their "
            "cosine.",
        ),
    },
)
