"""Figures refuse what they cannot draw, each argument by its name."""

from importlib import import_module
from inspect import getmodule, isfunction, signature
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import plots

MODULES = [path.stem for path in Path(plots.__file__).parent.glob("[a-z]*.py")]


@pytest.mark.parametrize("name", MODULES)
def test_every_figure_looks_at_its_arguments(name):
    module = import_module(f"helpers.plots.{name}")
    for found in vars(module).values():
        if isfunction(found) and getmodule(found) is module and not found.__name__.startswith("_"):
            if signature(found).parameters and name not in ("style", "fonts", "words"):
                assert hasattr(found, "__wrapped__") or found.__name__ == "best", found.__name__


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: plots.lookup([[9.5]], torch.ones(3, 2)), "^ids is .*whole numbers"),
        (lambda: plots.bce_curves([1.0, 2.0], [1.0], ["a", "b"]), "^label has L = 1 .*and scores 2"),
        (lambda: plots.ratings(np.ones(3), np.array([1, np.nan, 2])), "^cosine has values that are NaN"),
        (lambda: plots.subsampling(["a", "b"], [True, "no"], [2], [1]), r"^kept\[1\] is 'no'; give True or False"),
        (
            lambda: plots.score_plane([1.0, 2.0], [[1.0, 2.0]], "a", ["b", "c"], ["context"]),
            "^words has N = 2 .*and u 1",
        ),
        (lambda: plots.noise_frequencies([[1]], [0, 2], [0.5, 0.4]), "^distribution sums to 0.9"),
        (lambda: plots.time_shares([("a", 1)]), "^parts is .*; give a dict"),
        (lambda: plots.seed_counts([], "centre"), "^which is 'centre'; give one of"),
        (lambda: plots.people(np.ones((2, 3)), ["a", "b"], [["x"], ["y"]]), "^points is .*shape"),
    ],
)
def test_what_cannot_be_drawn(draw, says):
    with pytest.raises(ValueError, match=says):
        draw()
