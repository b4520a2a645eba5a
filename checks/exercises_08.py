# Used in 08 · tests/checks/test_answers.py
"""Checks of notebook 08: random words, groups of texts, what has been shown; and that of `corpora_08`."""

from __future__ import annotations

import numpy as np

from checks.core import FunctionCheck, StatementsCheck
from checks.corpora_08 import corpus_agreement
from checks.verdict import Mistake

__all__ = ["bias_claims", "corpus_agreement", "grouped_error", "p_value"]

# -- a permutation p-value


def _permuted_inputs(rng):
    permuted = np.round(rng.normal(size=int(rng.integers(40, 60))), 1)
    observed = float(np.sort(permuted)[-int(rng.integers(5, 9))])  # some permutations equal it
    permuted[:2] = -observed - 1  # far out on the other side
    return observed, permuted


def _case(observed, *permuted):
    return lambda rng: (observed, np.array(permuted, dtype=float))


p_value = FunctionCheck(
    name="p_value",
    reference=lambda observed, permuted: (1 + (permuted >= observed).sum()) / (1 + len(permuted)),
    draw=_permuted_inputs,
    hostile={
        "one random value, below": _case(1.0, 0.0),
        "one random value, above": _case(1.0, 2.0),
        "one random value, equal": _case(1.0, 1.0),
        "all above": _case(-2.0, 1, 2, 3, 0.5, 7),
        "all below": _case(9.0, 1, 2, 3, 0.5),
        "all equal": _case(0.0, 0, 0, 0, 0),
        "a negative effect": _case(-0.5, -1, -0.25, -0.5, 2, 0.5, 0),
        "values on both sides": _case(1.0, -1, -2, -3, 0.9, 1.1),
        "an effect of 0": _case(0.0, -1, 0, 1, 2),
        "values that hardly differ": _case(0.52, 0.519999, 0.5, 0.520001, 0.53, 0.49),
        "values below 1": _case(0.3, 0.1, 0.2, 0.4, 0.9, -0.9),
        "a thousand": lambda rng: (1.5, rng.normal(size=999)),
    },
    mistakes=[
        Mistake(
            "no one added",
            lambda observed, permuted: (permuted >= observed).mean(),
            "The words that were meant are one of the possible choices: add 1 above and below, so that p is never 0.",
        ),
        Mistake(
            "ties left out",
            lambda observed, permuted: (1 + (permuted > observed).sum()) / (1 + len(permuted)),
            "A random value that equals the observed one is at least as extreme: >=, not >.",
        ),
        Mistake(
            "other tail",
            lambda observed, permuted: (1 + (permuted <= observed).sum()) / (1 + len(permuted)),
            "That is the other tail: the share of random values as small as the observed one.",
        ),
        Mistake(
            "both sides",
            lambda observed, permuted: (1 + (np.abs(permuted) >= abs(observed)).sum()) / (1 + len(permuted)),
            "That is the two-sided value. The question is one-sided: as large or larger.",
        ),
        Mistake(
            "doubled",
            lambda observed, permuted: 2 * (1 + (permuted >= observed).sum()) / (1 + len(permuted)),
            "You double the one-sided value. The question is one-sided.",
        ),
        Mistake(
            "one above only",
            lambda observed, permuted: (1 + (permuted >= observed).sum()) / len(permuted),
            "You add 1 above the line only: p can then be larger than 1. What was observed counts below it, too.",
        ),
        Mistake(
            "one below only",
            lambda observed, permuted: (permuted >= observed).sum() / (1 + len(permuted)),
            "You add 1 below the line only: p can then be 0.",
        ),
        Mistake(
            "at least one",
            lambda observed, permuted: np.maximum(1, (permuted >= observed).sum()) / len(permuted),
            "You raise a p of 0 and leave the others. What was observed counts in each case.",
        ),
        Mistake(
            "no one added, no ties",
            lambda observed, permuted: (permuted > observed).mean(),
            "A value that equals the observed one counts: >=. And what was observed is one of the choices: add 1 above "
            "and below.",
        ),
        Mistake(
            "a count",
            lambda observed, permuted: 1 + (permuted >= observed).sum(),
            "That is a number of values. Divide it by how many there are, the observed one included.",
        ),
        Mistake(
            "the smaller tail",
            lambda observed, permuted: np.minimum(1 + (permuted >= observed).sum(), 1 + (permuted <= observed).sum())
            / (1 + len(permuted)),
            "You take the smaller tail. The direction was stated beforehand: as large or larger.",
        ),
        Mistake(
            "complement",
            lambda observed, permuted: (permuted < observed).mean(),
            "That is the share of random values below the observed one: a large number here means a small p.",
        ),
    ],
    right="(1 + the number as large or larger) / (1 + R).",
    tolerance=1e-6,
)

# -- how sure an accuracy is


def _file_inputs(rng):
    files = int(rng.integers(3, 8))
    file = rng.permutation(np.repeat(rng.permutation(40)[:files], rng.integers(1, 6, files)))
    easy = dict(zip(np.unique(file), rng.random(files)))
    return np.array([float(rng.random() < easy[g]) for g in file]), file


def _texts(right, file, dtype=float):
    return lambda rng: (np.array(right, dtype=dtype), np.array(file))


def _sums(right, file, centre=None):
    centre = right.mean() if centre is None else centre
    return np.array([(right[file == g] - centre).sum() for g in np.unique(file)])


def _error(right, file):
    sums = _sums(right, file)
    return np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums)) / len(right)


def _alone(right, file):
    return _error(right, np.arange(len(right)))


def _means(right, file):
    return np.array([right[file == g].mean() for g in np.unique(file)])


grouped_error = FunctionCheck(
    name="grouped_error",
    reference=_error,
    draw=_file_inputs,
    hostile={
        "two texts, two files": _texts([1, 0], [0, 1]),
        "all right": _texts([1, 1, 1, 1], [2, 2, 5, 5]),
        "none right": _texts([0, 0, 0], [2, 2, 5]),
        "one file holds all but one": _texts([1, 0, 1, 1, 0], [4, 4, 4, 4, 9]),
        "each text a file of its own": _texts([1, 0, 0, 1, 1], [3, 1, 4, 0, 5]),
        "files interleaved": _texts([1, 0, 1, 0, 1, 1], [1, 2, 1, 2, 1, 2]),
        "each file half right": _texts([1, 0, 1, 0, 1, 0], [1, 1, 2, 2, 3, 3]),
        "one file half right": _texts([1, 0, 1, 1, 0, 0], [6, 6, 1, 1, 4, 4]),
        "whole numbers": _texts([1, 0, 0, 1, 1], [1, 1, 2, 3, 3], int),
        "a file all right and one all wrong": _texts([1, 1, 1, 0, 0], [8, 8, 8, 2, 2]),
        "shares of repeats": _texts([0.5, 1, 0.25, 0, 0.75], [1, 1, 2, 3, 3]),
        "large numbers": _texts([1, 0, 1, 0, 0], [5000, 12, 5000, 9999, 12]),
        "hundreds of texts": lambda rng: ((rng.random(300) < 0.7).astype(float), rng.integers(0, 40, 300)),
    },
    mistakes=[
        Mistake(
            "each text alone",
            _alone,
            "You take each text for a group of its own. Add up a file's deviations first, then square.",
        ),
        Mistake(
            "the usual error",
            lambda right, file: np.std(right) / np.sqrt(len(right)),
            "That is the standard error for texts that are independent. Add up a file's deviations first, then square.",
        ),
        Mistake(
            "binomial",
            lambda right, file: np.sqrt(right.mean() * (1 - right.mean()) / len(right)),
            "That is the binomial standard error, for independent texts. Files move together.",
        ),
        Mistake(
            "means of files",
            lambda right, file: np.std(_means(right, file), ddof=1) / np.sqrt(len(np.unique(file))),
            "You take the standard error of the files' accuracies. A large file weighs more: take sums, not means.",
        ),
        Mistake(
            "no factor",
            lambda right, file: np.sqrt((_sums(right, file) ** 2).sum()) / len(right),
            "The factor G / (G - 1) is missing.",
        ),
        Mistake(
            "a variance",
            lambda right, file: _error(right, file) ** 2,
            "That is the variance: the root is missing.",
        ),
        Mistake(
            "n / (n - 1)",
            lambda right, file: np.sqrt((_sums(right, file) ** 2).sum() * len(right) / (len(right) - 1)) / len(right),
            "The factor has G, the number of files, not n.",
        ),
        Mistake(
            "divided by G",
            lambda right, file: _error(right, file) * len(right) / len(np.unique(file)),
            "You divide by the number of files. The accuracy is a mean over n texts.",
        ),
        Mistake(
            "not divided",
            lambda right, file: _error(right, file) * len(right),
            "The division by n is missing.",
        ),
        Mistake(
            "divided by the root of n",
            lambda right, file: _error(right, file) * np.sqrt(len(right)),
            "You divide by the root of n. The root is taken of the sum alone.",
        ),
        Mistake(
            "mean not subtracted",
            lambda right, file: _error_around(right, file, 0.0),
            "Subtract the accuracy from each r before you add up.",
        ),
        Mistake(
            "mean of each file subtracted",
            lambda right, file: np.sqrt(
                sum(((right[file == g] - right[file == g].mean()) ** 2).sum() for g in np.unique(file))
                * len(np.unique(file))
                / (len(np.unique(file)) - 1)
            )
            / len(right),
            "You subtract each file's own accuracy. What a file has in common is then gone, and that is what counts.",
        ),
        Mistake(
            "mean of the files' accuracies subtracted",
            lambda right, file: _error_around(right, file, _means(right, file).mean()),
            "You subtract the mean of the files' accuracies. The accuracy is the mean over all texts.",
        ),
        Mistake(
            "runs of equal numbers",
            lambda right, file: _error(right, np.cumsum(np.diff(file, prepend=file[0]) != 0)),
            "The texts of a file may stand apart: gather them by their number.",
        ),
        Mistake(
            "absolute sums",
            lambda right, file: np.abs(_sums(right, file)).sum() / len(right),
            "You add up the absolute values of the sums. Square them.",
        ),
    ],
    right="A file's deviations are added up before they are squared: what they have in common counts in full.",
    tolerance=1e-6,
)


def _error_around(right, file, centre):
    sums = _sums(right, file, centre)
    return np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums)) / len(right)


# -- what has been shown

bias_claims = StatementsCheck(
    name="bias_claims",
    statements={
        "a": (
            False,
            "The test parts the same targets anew, and takes them for independent. With random attributes the "
            "Treebank's p was at most 0.05 in more than one of ten draws, not one of twenty.",
        ),
        "b": (
            True,
            "What chooses the most extreme also chooses its own luck, the winner's curse: measure with seeds that had "
            "no part in the choice.",
        ),
        "c": (
            False,
            "Random attributes, too, lean one way in all seeds: it is the text that decides, by any of its topics. "
            "Seeds say nothing of other words.",
        ),
        "d": (
            True,
            "If one of the three is false of the data, the largest p is small in 5 of 100 cases at most. Holm's "
            "correction is for several claims.",
        ),
        "e": (True, "Both are averages. What grows is the number of dimensions into which the counts are squeezed."),
        "f": (
            False,
            "Too high: the texts of a file are alike, and the classifier would have seen their like in training.",
        ),
    },
)
