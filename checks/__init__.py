"""Checks of the exercises: ``checks.lookup(my_lookup)`` says that an answer is right, or what would make it so.

``ALL`` has those of each notebook, in the order of its exercises.
"""

from checks.exercises_01 import lookup, multiplications, own_context, table_gradient, two_tables
from checks.exercises_02 import objective, questions, score, skip_gram, softmax_by_hand
from checks.exercises_03 import blind_loss, gradients, masked_loss, noise_twice, pair_weight
from checks.exercises_04 import can_draw, contexts, discard, keep_word2vec, pad
from checks.exercises_05 import epoch_means, frozen, pair_objective, rate, report_at
from checks.exercises_06 import analogy, kept_by_chance, neighbours, reading_a_map, table_overlap
from checks.exercises_07 import accuracy, bootstrap, p_value, spearman, which_spread
from checks.exercises_08 import approximations, best_score, best_scores, low_rank, pmi
from checks.exercises_09 import alias_draw, amdahl, operations, racing, shared_weights
from checks.verdict import Verdict

ALL = {
    1: (lookup, multiplications, table_gradient, two_tables, own_context),
    2: (softmax_by_hand, objective, questions, skip_gram, score),
    3: (blind_loss, masked_loss, pair_weight, gradients, noise_twice),
    4: (discard, keep_word2vec, contexts, can_draw, pad),
    5: (rate, epoch_means, report_at, frozen, pair_objective),
    6: (neighbours, table_overlap, reading_a_map, analogy, kept_by_chance),
    7: (spearman, accuracy, bootstrap, p_value, which_spread),
    8: (best_score, pmi, best_scores, low_rank, approximations),
    9: (amdahl, shared_weights, alias_draw, operations, racing),
}

__all__ = [
    "ALL",
    "Verdict",
    "accuracy",
    "alias_draw",
    "amdahl",
    "analogy",
    "approximations",
    "best_score",
    "best_scores",
    "blind_loss",
    "bootstrap",
    "can_draw",
    "contexts",
    "discard",
    "epoch_means",
    "frozen",
    "gradients",
    "keep_word2vec",
    "kept_by_chance",
    "lookup",
    "low_rank",
    "masked_loss",
    "multiplications",
    "neighbours",
    "noise_twice",
    "objective",
    "operations",
    "own_context",
    "p_value",
    "pad",
    "pair_objective",
    "pair_weight",
    "pmi",
    "questions",
    "racing",
    "rate",
    "reading_a_map",
    "report_at",
    "score",
    "shared_weights",
    "skip_gram",
    "softmax_by_hand",
    "spearman",
    "table_gradient",
    "table_overlap",
    "two_tables",
    "which_spread",
]
