# Taught in 11 · exercised in 11.1, 11.4 · tests/helpers/engines/test_several.py
"""One training by several processes, on one machine or more, as torchrun starts them.

Each takes a shard of whole sentences, trains on it with the engine that its device has, and combines with the others
after each part of an epoch. Process 0 judges, records and writes the checkpoint; a run that is started again goes on
from there, with as many processes as there are then.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import torch
import torch.distributed as dist

from helpers.arguments import checked, number, whole
from helpers.corpus import Corpus
from helpers.engines.checkpoints import CheckpointError
from helpers.engines.combining import RULES, TIERS, Combiner
from helpers.engines.devices import kind_of, pick_device
from helpers.engines.parts import piece
from helpers.shapes import array

SECONDS = 120.0  # to wait for the others, each time
PARTS = 64  # of an epoch, at least: the processes combine after each
TOKENS = 200_000  # of a part of one process, at most


class TeamError(RuntimeError):
    """Another process has ended, or does not answer."""


@checked(bounds=array("S", "integers", least=0), ranks=whole(1))
def shards(bounds: np.ndarray, ranks: int) -> list[int]:
    """Where a text is cut so that each of several processes has whole sentences and about as many tokens.

    Parameters
    ----------
    bounds : np.ndarray of int64, shape (S + 1,)
        Sentence s is the tokens from bounds[s] to bounds[s + 1].

    Returns
    -------
    list of int
        0, ..., S; process r trains on the sentences from number r to number r + 1 of the list.
    """
    wanted = np.linspace(bounds[0], bounds[-1], ranks + 1)[1:-1]
    at = np.searchsorted(bounds, wanted)  # the first bound that is not before it
    nearer = wanted - bounds[np.maximum(at - 1, 0)] < bounds[at] - wanted
    return [0, *(at - nearer).tolist(), len(bounds) - 1]


@checked(seed=whole(0), ranks=whole(1), rank=whole(0), part=whole(0))
def seed_of(seed: int, ranks: int, rank: int, part: int) -> list[int]:
    """What fixes the draws of one process in one part, counted from the start of the run.

    A run that was started again repeats no draw of a part that is done, and none of another process.
    """
    return [seed, ranks, rank, part]


@contextmanager
def _answers(doing: str, seconds: float):
    """Turn what PyTorch says when another process is gone into words."""
    try:
        yield
    except RuntimeError as error:  # DistBackendError is one
        why = str(error).splitlines()[0]
        raise TeamError(
            f"another process has ended, or did not {doing} within {seconds:g} seconds ({why}). torchrun "
            "--max-restarts 3 starts all of them again, and resume=True goes on from the checkpoint."
        ) from error


def launched() -> int:
    """How many processes torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", 1)) if dist.is_available() and "RANK" in os.environ else 1


class Team:
    """The processes of a run, by ``torch.distributed``.

    Parameters
    ----------
    backend : {"gloo", "nccl"}
        For CPUs, and for NVIDIA GPUs.
    seconds : float
        How long a process waits for the others before it ends with a `TeamError`.

    Attributes
    ----------
    rank, size : int
        Number of this process, and of processes.
    sent : int
        Bytes that this process has given to be added up. (On a ring, 2 (size - 1) / size of it leave the process.)
    """

    @checked(seconds=number(above=0))
    def __init__(self, backend: str = "gloo", seconds: float = SECONDS):
        self.seconds, self.sent = seconds, 0
        if not dist.is_initialized():
            with _answers("begin", seconds):
                dist.init_process_group(backend, timeout=timedelta(seconds=seconds))
        self.rank, self.size = dist.get_rank(), dist.get_world_size()

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """Add up over all processes, in place."""
        self.sent += tensor.nbytes
        with _answers("answer", self.seconds):
            dist.all_reduce(tensor)
        return tensor

    def from_first(self, tensors=(), value=None):
        """Give all processes the tensors of process 0, in place; returns its value."""
        given = [value]
        with _answers("begin", self.seconds):
            for tensor in tensors:
                dist.broadcast(tensor, 0)
            dist.broadcast_object_list(given, 0)
        return given[0]

    def end(self) -> None:
        """Leave the team."""
        dist.destroy_process_group()


def place(device) -> tuple[torch.device, str]:
    """The device of this process, and the backend that combines there."""
    if kind_of(device) in (None, "cuda") and torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
        torch.cuda.set_device(device)
        return device, "nccl"
    return pick_device(device or "cpu", quiet=True), "gloo"


def share(corpus: Corpus, team, every: int | None) -> tuple[Corpus, int]:
    """The shard of this process, with the whole text's vocabulary, and in how many parts an epoch of it is done."""
    cuts = shards(corpus.bounds, team.size)
    longest = max(int(corpus.bounds[b] - corpus.bounds[a]) for a, b in zip(cuts, cuts[1:]))
    parts = -(-longest // every) if every else max(PARTS, -(-longest // TOKENS))
    return piece(corpus, *cuts[team.rank : team.rank + 2]), parts


class Member:
    """An engine of one process of a team, as `engines.train` drives it.

    Parameters
    ----------
    engine : Engine
        Made for this process's shard and the tables.
    team : Team
    rule : str
        See `combining.RULES`.
    parts : int
        Of an epoch.

    Attributes
    ----------
    done : int
        Parts so far, of all epochs.
    agreed : bool
        Whether the tables are the same in all processes now.
    stop : bool
        Whether one of them was asked to stop.
    """

    def __init__(self, engine, team, rule: str, parts: int):
        self.engine, self.team, self.rule, self.parts = engine, team, RULES[rule], parts
        self.combiner = Combiner(engine.tables, engine.counts, team, rule)
        self.device, self.note = engine.device, f"{engine.note}, {team.size} processes, rule {rule}"
        self.done, self.agreed, self.stop = 0, True, False

    def state(self) -> dict:
        """What fixes the draws from here on."""
        return {"done": self.done}

    def put(self, state: dict) -> None:
        """Go on from a `state`. Raises `CheckpointError` if it is none; nothing was changed then."""
        done = state.get("done")
        if type(done) is not int or done < 0:
            raise CheckpointError("it says not how many parts are done: train anew")
        self.done = done

    def begin(self, run) -> None:
        """Take the tables, the place and the record of process 0, which has read the checkpoint."""
        place = run.epoch, run.part, run.counts, run.history, self.done
        place = self.team.from_first(self.combiner.tables, place)
        run.epoch, run.part, run.counts, run.history, self.done = place
        self.combiner.begin()
        self.run = run

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on sentences of the shard, and combine; the sums of all processes, as an engine's own ``train``."""
        self.engine.reseed(seed_of(self.engine.settings.seed, self.team.size, self.team.rank, self.done))
        stats = self.engine.train(first, last, lr * (self.team.size if self.rule.times_rate else 1))
        sums = self.team.sum(torch.tensor([*stats, len(self.run.asked)], dtype=torch.float64).to(self.device))
        self.done, self.stop = self.done + 1, bool(sums[-1])
        self.agreed = self.stop or not self.done % self.parts or not self.done % 2**TIERS or not self.rule.tiers
        self.combiner.combine(self.done, everything=self.agreed)
        return sums[:-1].cpu().numpy()
