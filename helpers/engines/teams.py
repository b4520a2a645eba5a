# Taught in 11 · tests/helpers/engines/test_teams.py tests/course/test_train.py
"""The processes that torchrun has started, as one team: they add up, compare, and notice who is gone."""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from helpers.arguments import checked, function, instance, number, one_of
from helpers.engines.devices import kind_of, pick_device

SECONDS = 120.0  # to wait for the others, each time
BEAT = 0.5  # seconds between two signs of life, at most, while one of the team works alone


class TeamError(RuntimeError):
    """Another process has ended, does not answer, has failed, or was started with something else.

    Attributes
    ----------
    known : bool
        Whether every process of the team raises the same.
    """

    def __init__(self, message: str, known: bool = False):
        super().__init__(message)
        self.known = known


@contextmanager
def _answers(doing: str, seconds: float):
    """Turn what PyTorch says when another process is gone into words."""
    try:
        yield
    except RuntimeError as error:  # DistBackendError is one
        why = str(error).splitlines()[0]
        raise TeamError(
            f"another process has ended, or did not {doing} within {seconds:g} seconds ({why}). torchrun "
            "--max-restarts 3 starts all of them again, and they go on from the checkpoint."
        ) from error


def launched() -> int:
    """How many processes torchrun has started; 0 without it."""
    return int(os.environ.get("WORLD_SIZE", 1)) if dist.is_available() and "RANK" in os.environ else 0


def _begin(backend: str, seconds: float) -> None:
    """Make the process group, under a name that no group of an earlier start has.

    torchrun keeps one store over its restarts, and with it the addresses of processes that are dead.
    """
    within = timedelta(seconds=seconds)
    store, rank, size = next(dist.rendezvous("env://", timeout=within))
    name = _agree(dist.PrefixStore("roll call", store), rank, size, seconds)
    dist.init_process_group(
        backend, store=dist.PrefixStore(name, store), rank=rank, world_size=size, timeout=within
    )  # fmt: skip


def _agree(store, rank: int, size: int, seconds: float) -> str:
    """A name that all processes of this start have, and none of an earlier one, whose words may stand in the store.

    Each calls out a word of its own. Process 0 answers with it and the name, again if the word was an old one, until
    each has repeated the name.
    """
    ours, heard, deadline = secrets.token_hex(8), {}, time.monotonic() + seconds

    def read(key):
        return store.get(key).decode() if store.check([key]) else ""

    if rank:
        store.set(f"call {rank}", ours)
    while True:
        if rank:
            word, _, name = read(f"answer {rank}").partition(" ")
            if word == ours:
                store.set(f"repeat {rank}", name)
                return name
            missing = [0]
        else:
            for r in range(1, size):
                word = read(f"call {r}")
                if word and heard.get(r) != word:
                    store.set(f"answer {r}", f"{word} {ours}")
                    heard[r] = word
            missing = [r for r in range(1, size) if read(f"repeat {r}") != ours]
            if not missing:
                return ours
        if time.monotonic() > deadline:
            raise RuntimeError(f"no word of {', '.join(map(str, missing))}")
        time.sleep(0.02)


class Team:
    """The processes of a run, by ``torch.distributed``.

    Parameters
    ----------
    backend : {"gloo", "nccl"}
        ``"nccl"`` adds up tensors of NVIDIA GPUs, one a process. ``"gloo"`` adds up in the CPUs' memory.
    seconds : float
        How long a process waits for the others before it ends with a `TeamError`.

    Attributes
    ----------
    rank, size : int
        Number of this process, and of processes.
    sent : int
        Bytes that this process has given to be added up. (On a ring, 2 (size - 1) / size of it leave the process.)
    """

    @checked(backend=one_of("gloo", "nccl"), seconds=number(above=0))
    def __init__(self, backend: str = "gloo", seconds: float = SECONDS):
        self.seconds, self.sent, self.backend, self.began = seconds, 0, backend, not dist.is_initialized()
        if self.began:
            with _answers("begin", seconds):
                _begin("cpu:gloo,cuda:nccl" if backend == "nccl" else "gloo", seconds)
        self.rank, self.size = dist.get_rank(), dist.get_world_size()

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """Add up over all processes, in place."""
        self.sent += tensor.nbytes
        return self._by(dist.all_reduce, tensor)

    def _by(self, collective: Callable, tensor: torch.Tensor, *args) -> torch.Tensor:
        there = tensor if tensor.device.type == "cpu" or self.backend == "nccl" else tensor.cpu()
        with _answers("answer", self.seconds):
            collective(there, *args)
        return tensor if there is tensor else tensor.copy_(there)

    def from_first(self, tensors=(), value=None):
        """Give all processes the tensors of process 0, in place; returns its value."""
        for tensor in tensors:
            self._by(dist.broadcast, tensor, 0)
        given = [value]
        with _answers("answer", self.seconds):
            dist.broadcast_object_list(given, 0)
        return given[0]

    def gather(self, value) -> list:
        """What each process gives, by rank."""
        given = [None] * self.size
        with _answers("answer", self.seconds):
            dist.all_gather_object(given, value)
        return given

    @checked(values=instance(dict))
    def compare(self, values: dict) -> None:
        """Refuse a team whose processes were started with different things.

        Parameters
        ----------
        values : dict of str to str
            Names and values that all must have in common.

        Raises
        ------
        TeamError
            Which process has what, where process 0 has something else.
        """
        (host, first), *others = self.gather((platform.node(), values))
        for rank, (place, theirs) in enumerate(others, 1):
            differ = [f"{name} {theirs.get(name)}, not {one}" for name, one in first.items() if theirs.get(name) != one]
            if differ:
                what = f"process {rank} on {place} has {'; '.join(differ)} as process 0 on {host}"
                raise TeamError(f"{what}: start all with the same text and the same arguments", known=True)

    @checked(work=function())
    def along(self, work: Callable[[], Any]) -> Any:
        """Call ``work()`` in each process, however long it takes in one; meanwhile they see that all live.

        Returns
        -------
        what ``work`` gave here

        Raises
        ------
        TeamError
            If it failed in a process: in all of them, with what it said and where. If a process has ended or hangs.
        """
        found, done = {}, threading.Event()

        def call():
            try:
                found["result"] = work()
            except Exception as error:
                found["error"] = f"{type(error).__name__}: {error}"
            finally:
                done.set()

        threading.Thread(target=call, daemon=True).start()
        working = 1
        while working:
            ours = not done.wait(min(BEAT, self.seconds / 4))
            working = int(self._by(dist.all_reduce, torch.tensor([int(ours)])))
        errors = self.gather((platform.node(), found.get("error")))
        failed = [(rank, *one) for rank, one in enumerate(errors) if one[1]]
        if failed:
            rank, place, text = failed[0]
            every = len(failed) == self.size and len({error for _, error in errors}) == 1
            raise TeamError(text if every else f"process {rank} on {place}: {text}", known=True)
        return found["result"]

    def end(self) -> None:
        """Wait for all, then leave the team, if it began with this object."""
        if self.began:
            self._by(dist.all_reduce, torch.zeros(1))
            dist.destroy_process_group()


def place(device) -> tuple[torch.device, str]:
    """The device of this process, and the backend that combines there.

    NCCL refuses two processes on one GPU: where there are more processes than GPUs they share them, and combine in the
    CPU's memory.
    """
    if kind_of(device) in (None, "cuda") and torch.cuda.is_available():
        there, rank = torch.cuda.device_count(), int(os.environ.get("LOCAL_RANK", 0))
        device = torch.device("cuda", rank % there)
        torch.cuda.set_device(device)
        return device, "nccl" if int(os.environ.get("LOCAL_WORLD_SIZE", 1)) <= there else "gloo"
    return pick_device(device or "cpu", quiet=True), "gloo"


def marks(checkpoint: Path | str | None) -> dict[str, Path]:
    """Two files that say how far this launch of torchrun has come; none where that cannot be known.

    They lie in the folder that torchrun makes for each launch and keeps over its restarts. So a run that is started
    again goes on from its own checkpoint, and never from one that lay there before.

    Returns
    -------
    dict
        ``"allowed"``: there once the launch may write the checkpoint, in the place of one that lay there.
        ``"begun"``: there once it has written one.
    """
    said = os.environ.get("TORCHELASTIC_ERROR_FILE")
    if not said or checkpoint is None:
        return {}
    name = hashlib.sha256(os.fsencode(os.path.abspath(checkpoint))).hexdigest()[:16]
    return {what: Path(said).parents[2] / f"{what}-{name}" for what in ("allowed", "begun")}
