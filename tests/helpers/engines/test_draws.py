"""Where random numbers stand: taken from two generators and put into others."""

import numpy as np
import pytest
import torch

from helpers.engines import draws
from helpers.engines.checkpoints import CheckpointError


def generators(seed):
    return np.random.default_rng(seed), torch.Generator().manual_seed(seed)


def numbers(rng, generator):
    return rng.integers(2**62), torch.rand(3, generator=generator).tolist()


def test_others_go_on_from_where_two_stood():
    one, two = generators(1), generators(2)
    numbers(*one)
    position = draws.position(*one)
    expected = numbers(*one)
    draws.put(position, *two)
    assert numbers(*two) == expected != numbers(*generators(2))


@pytest.mark.parametrize(
    "changed",
    [{"numpy": None}, {"numpy": "{}"}, {"numpy": '{"bit_generator": "PCG64", "state": 3}'}, {"torch": None},
     {"torch": torch.zeros(16, dtype=torch.uint8)}, {"torch": torch.zeros(5056)}],
)  # fmt: skip
def test_what_is_no_position_is_refused_and_changes_nothing(changed):
    one = generators(1)
    position = draws.position(*one)
    expected = numbers(*generators(1))
    with pytest.raises(CheckpointError, match="random numbers are missing, or of another"):
        draws.put({**position, **changed}, *one)
    with pytest.raises(CheckpointError, match="random numbers are missing"):
        draws.put({}, *one)
    assert numbers(*one) == expected
