# Taught in 04 · exercised in 4.3 · tests/helpers/test_batches.py
"""Examples to padded rectangles: the four tensors of a minibatch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from helpers.arguments import ArgumentError, checked, instance, whole
from helpers.sampling import RNG, Examples
from helpers.shapes import array


def _rows_fit(examples, rows):
    if not len(rows) or rows.max() >= len(examples):
        raise ArgumentError(f"rows are {len(rows)} numbers; give one or more of 0 to {len(examples) - 1}")


@checked(_rows_fit, examples=instance(Examples), rows=array("B", "integers", least=0))
def batchify(examples, rows):
    """Pad some rows of examples to a rectangle.

    Each row holds its contexts, then its noise words, then zeros up to the longest row. Equal to `d2l.batchify` on
    the same rows, but for the mask's and the labels' dtype, which is the loss's.

    Parameters
    ----------
    examples : sampling.Examples
    rows : np.ndarray of int, shape (B,)
        Which examples.

    Returns
    -------
    center : torch.Tensor of int64, shape (B, 1)
    candidates : torch.Tensor of int64, shape (B, L)
    mask : torch.Tensor of float32, shape (B, L)
        1 for a context or a noise word, 0 for padding.
    label : torch.Tensor of float32, shape (B, L)
        1 for a context, 0 for a noise word and for padding.
    """
    start = examples.offsets[rows]
    C = examples.offsets[rows + 1] - start  # (B,) contexts of each row
    K = examples.noise.shape[1]
    column = np.arange(C.max() * (1 + K))  # (L,)
    label = column < C[:, None]  # (B, L)
    mask = column < (C * (1 + K))[:, None]
    slots = np.repeat(start - np.cumsum(C) + C, C) + np.arange(C.sum())  # the rows' places in contexts
    candidates = np.zeros(mask.shape, dtype=np.int64)
    candidates[label] = examples.contexts[slots]
    candidates[mask & ~label] = examples.noise[slots].ravel()
    center = torch.from_numpy(examples.centers[rows].astype(np.int64)).reshape(-1, 1)
    return center, torch.from_numpy(candidates), torch.from_numpy(mask).float(), torch.from_numpy(label).float()


@checked(examples=instance(Examples), batch_size=whole(1), rng=RNG, skip=whole(0))
def minibatches(examples: Examples, batch_size: int, rng: np.random.Generator, skip: int = 0) -> Iterator[tuple]:
    """Shuffle the examples and yield them as padded minibatches, the last one shorter.

    Inside a minibatch the rows come in order of length, so that a caller can trim the padding of the short ones.

    Parameters
    ----------
    examples : sampling.Examples
    batch_size : int, 1 or more
    rng : np.random.Generator
        Draws the shuffle.
    skip : int
        Leave out the first minibatches; a training run that resumes has seen them.

    Yields
    ------
    center, candidates, mask, label : as `batchify` returns them

    Raises
    ------
    ArgumentError
        If ``batch_size`` is below 1.
    """
    order = rng.permutation(len(examples))
    size = np.diff(examples.offsets)
    for first in range(skip * batch_size, len(order), batch_size):
        rows = order[first : first + batch_size]
        yield batchify(examples, rows[np.argsort(size[rows], kind="stable")])


@checked(examples=instance(Examples), batch_size=whole(1))
def num_batches(examples: Examples, batch_size: int) -> int:
    """Minibatches in one epoch of these examples."""
    return -(-len(examples) // batch_size)
