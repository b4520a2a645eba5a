"""The number and the statements of 06: what is taken for right, and what is not."""

import numpy as np
import torch

import checks


def test_the_numbers_of_6_2():
    gram = -0.08 * np.ones((51, 51)) + 4.08 * np.eye(51)  # of 51 vectors of length 2 whose sum is zero
    assert np.linalg.eigvalsh(gram).min() > -1e-9  # so there are such vectors
    for right in (-0.08, "-0,08", "-4/50", "-204/2550", "-8 %", torch.tensor(-0.08)):
        assert checks.lowest_mean.verdict(right), right
    for wrong in (0, 0.08, -4, -4 / 51, -0.04, -0.02, -204, -8, "-0.0006", "-0.079", "-0.081"):
        verdict = checks.lowest_mean.verdict(wrong, hint=True)
        assert not verdict and verdict.hint, wrong


def test_the_statements_of_6_3():
    assert checks.reading_a_map.value == "df"
    for right in ("df", "(d), (f)", ["d", "f"], {"f", "d"}, "F D"):
        assert checks.reading_a_map.verdict(right), right
    for wrong in ("d", "cdf", "abdf", "none", "cd"):
        assert not checks.reading_a_map.verdict(wrong), wrong
