# Used from 10 · tests/helpers/engines/test_draws.py
"""Where an engine's random numbers stand: NumPy's and PyTorch's, put into a checkpoint and taken from one."""

from __future__ import annotations

import json

import numpy as np
import torch

from helpers.arguments import checked, instance
from helpers.engines.checkpoints import CheckpointError


@checked(generator=instance(torch.Generator))
def reseeded(seed, generator: torch.Generator) -> np.random.Generator:
    """Seed PyTorch's generator, and give one of NumPy's of the same seed: a whole number, or several."""
    one = seed if isinstance(seed, int) else int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    generator.manual_seed(one)
    return np.random.default_rng(seed)


@checked(rng=instance(np.random.Generator), generator=instance(torch.Generator))
def position(rng: np.random.Generator, generator: torch.Generator) -> dict:
    """Where two generators stand, as a text and a tensor that a checkpoint can hold."""
    return {"numpy": json.dumps(rng.bit_generator.state), "torch": generator.get_state()}


@checked(state=instance(dict), rng=instance(np.random.Generator), generator=instance(torch.Generator))
def put(state: dict, rng: np.random.Generator, generator: torch.Generator) -> None:
    """Set two generators to a position.

    Raises
    ------
    CheckpointError
        If it is none of these generators, or of another device; nothing was changed.
    """
    try:
        numbers, bits = json.loads(state["numpy"]), state["torch"]
        type(rng.bit_generator)().state = numbers  # tried on others first
        torch.Generator(generator.device).set_state(bits)
    except Exception as error:
        why = type(error).__name__
        raise CheckpointError(
            f"its random numbers are missing, or of another device or kind ({why}): train anew"
        ) from None
    rng.bit_generator.state = numbers
    generator.set_state(bits)
