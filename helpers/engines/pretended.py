# Taught in 11 · exercised in 11.3 · tests/helpers/engines/test_combining.py
"""A team whose processes are threads of one process: the rules of combining without torchrun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from helpers.arguments import checked, function, whole


class Pretended:
    """What `several.Team` is to one process: its rank, the size of the team, the sum over all, and what it sent."""

    def __init__(self, rank: int, size: int, shared: dict):
        self.rank, self.size, self.sent, self._shared = rank, size, 0, shared

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """Add up over all members, in place.

        Raises
        ------
        threading.BrokenBarrierError
            If another member has failed.
        ValueError
            If another gave a tensor of another shape or dtype.
        """
        self.sent += tensor.nbytes
        given, barrier = self._shared["given"], self._shared["barrier"]
        given[self.rank] = tensor.clone()
        barrier.wait()
        if len({(one.shape, one.dtype) for one in given}) > 1:
            raise ValueError(f"the members gave different tensors: {[tuple(one.shape) for one in given]}")
        tensor.copy_(sum(given[1:], given[0]))
        barrier.wait()  # before the next one is given
        return tensor


@checked(size=whole(1, 64), work=function())
def together(size: int, work: Callable[[Pretended], Any]) -> list:
    """Call ``work(member)`` for each member of a team at once; the results, by rank. An error of one is raised."""
    shared = {"given": [None] * size, "barrier": threading.Barrier(size)}

    def one(rank):
        try:
            return work(Pretended(rank, size, shared))
        except BaseException:
            shared["barrier"].abort()
            raise

    with ThreadPoolExecutor(size) as pool:
        futures = [pool.submit(one, rank) for rank in range(size)]
        errors = [future.exception() for future in futures]
    for error in sorted(filter(None, errors), key=lambda e: isinstance(e, threading.BrokenBarrierError)):
        raise error
    return [future.result() for future in futures]
