# Taught in 11 · exercised in 11.3 · tests/helpers/engines/test_combining.py
"""A team whose processes are threads of one process: the rules of combining without torchrun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from helpers.arguments import checked, function, whole


class MemberGone(RuntimeError):
    """A sum that not all members take part in."""


class _Meeting:
    """Where the members' tensors wait for one another."""

    def __init__(self, size: int):
        self.given, self.here, self.round, self.gone = [None] * size, 0, 0, False
        self.changed = threading.Condition()


class Pretended:
    """What `several.Team` is to one process: its rank, the size of the team, the sum over all, and what it sent."""

    def __init__(self, rank: int, size: int, meeting: _Meeting):
        self.rank, self.size, self.sent, self._meeting = rank, size, 0, meeting

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """Add up over all members, in place.

        Raises
        ------
        MemberGone
            If another has returned, or failed, and so adds nothing.
        ValueError
            If another gave a tensor of another shape or dtype.
        """
        self.sent += tensor.nbytes
        meeting = self._meeting
        with meeting.changed:
            round_, meeting.given[self.rank] = meeting.round, tensor.clone()
            meeting.here += 1
            if meeting.here == self.size:
                meeting.here, meeting.round, meeting.all = 0, round_ + 1, list(meeting.given)
                meeting.changed.notify_all()
            else:
                meeting.changed.wait_for(lambda: meeting.round > round_ or meeting.gone)
                if meeting.round == round_:
                    raise MemberGone("another process has ended and adds nothing: each must add up equally often")
            given = meeting.all
        if len({(one.shape, one.dtype) for one in given}) > 1:
            raise ValueError(f"the processes gave different tensors to be added up: {[tuple(x.shape) for x in given]}")
        return tensor.copy_(sum(given[1:], given[0]))


@checked(size=whole(1, 64), work=function())
def together(size: int, work: Callable[[Pretended], Any]) -> list:
    """Call ``work(member)`` for each member of a team at once; the results, by rank. An error of one is raised."""
    meeting = _Meeting(size)

    def one(rank):
        try:
            return work(Pretended(rank, size, meeting))
        finally:
            with meeting.changed:
                meeting.gone = True
                meeting.changed.notify_all()

    with ThreadPoolExecutor(size) as pool:
        futures = [pool.submit(one, rank) for rank in range(size)]
        errors = [future.exception() for future in futures]
    errors = sorted(filter(None, errors), key=lambda error: isinstance(error, MemberGone))  # the cause first
    if errors:
        raise errors[0]
    return [future.result() for future in futures]
