# Used from 01 · tests/checks/test_checks.py
"""Checks of the exercises: ``checks.lookup(my_lookup)`` says that an answer is right, or what would make it so.

``ALL`` has those of each notebook, in the order of its exercises. A notebook's module is loaded when one of its checks
is asked for (PEP 562), so that no notebook waits for another's.
"""

import importlib
from collections.abc import Iterator, Mapping

from checks.verdict import Verdict

NAMES = {
    1: ("row_means", "one_hot_bytes", "table_gradient", "two_tables"),
    2: ("skip_gram", "objective", "softmax_gradients", "score"),
    3: ("masked_loss", "gradients", "blind_loss", "near_and_far", "noise_twice"),
    4: ("contexts", "noise", "pad", "discard", "encode", "can_draw"),
    5: ("step", "rate", "memorised", "pair_objective"),
    6: ("table_overlap", "lowest_mean", "reading_a_map", "analogy_rank"),
    7: ("spearman", "bootstrap", "holm", "which_spread"),
    8: ("corpus_agreement", "p_value", "grouped_error", "bias_claims"),
    9: ("best_score", "positive_pmi", "noise_by_rule", "approximations"),
    10: ("amdahl", "shared_weights", "alias_draw", "operations", "racing"),
    11: ("shards", "word_counts", "combine", "draw_seed", "travel_share"),
    12: ("ngrams", "bag_gradient", "expected_sharing", "mean_code_length", "cbow_gradients"),
    13: ("context_vectors", "attention", "adjusted_rand", "pool", "encoder_operations"),
}
NOTEBOOK = {name: number for number, names in NAMES.items() for name in names}

__all__ = ["ALL", "Verdict", "progress", *NOTEBOOK]


class Checks(Mapping):
    """The checks of each notebook by its number, as a tuple, loaded when they are looked at."""

    def __getitem__(self, number: int) -> tuple:
        return tuple(__getattr__(name) for name in NAMES[number])

    def __iter__(self) -> Iterator[int]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


ALL = Checks()


def __getattr__(name: str):
    if name in NOTEBOOK:
        return getattr(importlib.import_module(f"checks.exercises_{NOTEBOOK[name]:02}"), name)
    if name == "progress":
        return importlib.import_module("checks.done").progress
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
