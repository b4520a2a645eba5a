# Run by python -m course.collect · tests/course/test_collect.py
"""Judge an answer that runs in another process: it is sent inputs, and what it returns is compared here.

Nothing that the answer prints, shows, patches or replaces can say "correct": what crosses are numbers and texts, and
the verdict is this process's own. `answering` is the far side.
"""

from __future__ import annotations

import copy
import json
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

import checks
from checks.core import FunctionCheck
from checks.running import Raised, Ran, codes, is_idle, names_of

SECONDS = 60  # for one answer: an endless loop costs no more
STARTING = 300  # seconds until an answer's imports are done, which are not the answer's own
MEMORY = 2**31  # bytes for an answer
REPLY = 2**26  # bytes of a reply: more is no answer to any exercise
FORKS = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if FORKS else "spawn")


@dataclass(frozen=True)
class Job:
    """An answer's code, as `handed_in` finds it.

    Attributes
    ----------
    exercise : str
    answer : str
        The source of its cell.
    imports, before : tuple of str
        Statements of other cells that the answer needs, and what they need.
    """

    exercise: str
    answer: str
    imports: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


class Ended(Exception):
    """The answer's process is gone; the text says how."""


def judge(job: Job, *, seconds: float = SECONDS, memory: int = MEMORY) -> tuple[str, tuple[str, ...] | None]:
    """Run an answer in a process of its own and compare what it gives.

    Returns
    -------
    verdict : str
        ``"correct"``, ``"not attempted"``, ``"not yet"``, or what went wrong.
    held : tuple of str, or None
        Those of `sandbox.PROTECTIONS` that the system gave; None where the process did not come so far.
    """
    held = None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _process(folder, memory) as (line, process):
        try:
            with _limit(line, process, STARTING, "its imports took too long"):
                _send(line, {"name": f"my_{job.exercise}", **job.__dict__})
                held = tuple(map(str, _receive(line)["held"]))
            with _limit(line, process, seconds, "ran too long"):
                return _compare(job, line), held
        except Ended as error:
            return str(error), held
        except Exception:  # a reply that is none: the far side is the answer's
            return "not yet", held


def _compare(job: Job, line) -> str:
    check = getattr(checks, job.exercise)
    reply = _receive(line)
    if "error" in reply:
        return str(reply["error"])
    value = None if reply["value"] is None else decode(reply["value"])
    if not isinstance(check, FunctionCheck):
        return _state(check.verdict(value))
    if not reply["callable"]:
        return _state(check.verdict(None if value is None else "no function"))
    names, idle = _look(job)
    if idle:
        return "not attempted"
    inputs = check.inputs()
    _send(line, (copy.deepcopy(inputs), check.watch()))  # PyTorch shares the memory of what is sent
    replies = _receive(line)
    found = [_outcome(replies[i]) for i in range(len(inputs))]
    given = [tuple(map(_left, args, replies[i]["after"])) for i, args in enumerate(inputs)]
    if any(len(args) != len(left) for args, left in zip(inputs, given)):
        raise ValueError("arguments are missing")
    return _state(check.judge(inputs, given, found, names))


def _look(job: Job) -> tuple[set[str], bool]:
    """The names that an answer's code and what it takes along use, and whether its function does nothing."""
    compiled = []
    for source in (*job.imports, *job.before, job.answer):
        with suppress(SyntaxError):  # a cell that awaits
            compiled.append(compile(source, "<answer>", "exec"))
    names = set().union(*map(names_of, compiled)) if compiled else set()
    own = [code for whole in compiled for code in codes(whole) if code.co_name == f"my_{job.exercise}"]
    return names, bool(own) and is_idle(own[-1])


def _state(verdict) -> str:
    return verdict.key if verdict.key in ("correct", "not attempted") else "not yet"


# -- what crosses


def _send(line, value) -> None:
    try:
        line.send(value)
    except OSError:
        raise Ended("ended its own process") from None


def _receive(line) -> Any:
    try:
        return json.loads(line.recv_bytes(REPLY))
    except (EOFError, ConnectionError):
        raise Ended("ended its own process") from None
    except OSError:
        raise Ended("its result is too large") from None


class Other:
    """A value of a type that no exercise asks for: equal to nothing."""


def decode(value: Any) -> Any:
    """What `answering.encode` has written; tensors come as arrays, which `checks.compare` does not tell apart.

    Raises
    ------
    Exception
        Of any kind, if it was not written by `answering.encode`.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    ((kind, content),) = [item for item in value.items() if item[0] not in ("dtype", "shape")]
    if kind == "array":
        dtype = np.dtype(str(value["dtype"]))
        if dtype.kind not in "biuf":
            raise ValueError(f"an array of {dtype}")
        return np.frombuffer(bytes.fromhex(content), dtype).reshape(value["shape"]).copy()
    if kind == "int":
        return int(content)
    if kind == "float":
        return float.fromhex(content)
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](map(decode, content))
    if kind == "dict":
        return {decode(key): decode(item) for key, item in content}
    if kind == "set":
        return set(map(str, content))
    return Other()


def _outcome(reply: dict) -> Ran:
    slopes, operations = decode(reply["slopes"]), decode(reply["operations"])
    if "raised" not in reply:
        return Ran(decode(reply["value"]), slopes, operations)
    kind, text = reply["raised"]
    return Ran(Raised(type(str(kind), (Exception,), {})(str(text))), None, operations)


def _left(before: Any, after: Any) -> Any:
    """An argument as the answer left it; what cannot be told counts as left alone."""
    if isinstance(before, torch.nn.Module):
        left, values = copy.deepcopy(before), [decode(value) for value in after["module"]]
        for parameter, value in zip(left.parameters(), values):
            same_shape = tuple(parameter.shape) == np.shape(value)
            parameter.data = torch.from_numpy(value) if same_shape else torch.full_like(parameter, torch.nan)
        return left
    found = decode(after)
    return before if isinstance(found, Other) else found


# -- the process


@contextmanager
def _process(folder: str, memory: int) -> Iterator[tuple]:
    """A fresh process for one answer and the line to it; it is gone in the end, whatever it does."""
    from course import answering

    line, theirs = multiprocessing.Pipe()
    process = CONTEXT.Process(target=answering.run, args=(theirs, folder, memory), daemon=True)
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # it would be imported there, and the checks with it
    try:
        if FORKS:
            CONTEXT.set_forkserver_preload(
                ["course.answering", "scipy.stats", "scipy.optimize", "helpers.vectors", "torch._dynamo"]
            )
        process.start()
    finally:
        sys.modules["__main__"] = main
    theirs.close()
    try:
        yield line, process
    finally:
        _end(line, process)
        line.close()
        process.join()


def _end(line, process) -> None:
    """Kill a process and all that it has started, and unblock who waits for it."""
    process.terminate()
    process.join(0.5)
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(OSError), socket.socket(fileno=os.dup(line.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        process.kill()


@contextmanager
def _limit(line, process, seconds: float, why: str) -> Iterator[None]:
    """Kill the process after so many seconds, and say why."""
    over = threading.Event()

    def end():
        over.set()
        _end(line, process)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except Exception:
        if over.is_set():
            raise Ended(why) from None
        raise
    finally:
        timer.cancel()
        timer.join()
