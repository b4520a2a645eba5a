# Run by python -m course.collect · tests/course/test_collect.py
"""The far side of `judging`: a process that runs one answer and does nothing but answer questions about it.

It knows neither the checks nor the references. It gets an answer's code and inputs, and sends back what the answer made
of them, as numbers and texts. Whatever the answer's code does to this process, it can only change what is sent back.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import sys
import types
from contextlib import suppress
from multiprocessing.connection import Connection
from numbers import Number
from typing import Any

import numpy as np
import torch

from checks.running import Raised
from checks.running import run as call
from course import sandbox

KNOWN = ("checks.running", "checks.given")  # modules that an answer's process may have: they hold no reference
TEXT = 200  # characters of an error or of a type's name
LARGEST = 2**22  # characters or numbers of a value that an exercise may ask for


def run(connection: Connection, folder: str, memory: int) -> None:
    """Receive an answer, run it in ``folder``, and reply until the other side has heard enough.

    Parameters
    ----------
    connection : Connection
        Brings one `job`, then inputs; takes replies as JSON.
    folder : str
        An empty folder that the answer may write to.
    memory : int
        Bytes that the answer may take beside what this process has.
    """
    torch.set_num_threads(1)
    held = sandbox.enter(folder, memory)
    job = connection.recv()
    scope: dict[str, Any] = {"__name__": "__main__"}
    sys.modules["__main__"] = types.ModuleType("__main__")
    for name in [name for name in sys.modules if name.partition(".")[0] == "checks" and name not in KNOWN]:
        del sys.modules[name]  # but for what inputs are made of
    checks = types.ModuleType("checks")  # the answer's own checks say nothing here, and hold no references
    checks.__getattr__ = lambda name: lambda *args, **kwargs: None
    sys.modules["checks"] = checks
    for line in job["imports"]:
        with suppress(Exception):  # a name that is missing then is missed by the answer
            exec(compile(line, "<imports>", "exec"), scope)
    connection.send_bytes(json.dumps({"held": held}).encode())
    for source in job["before"]:
        _execute(source, scope)
    error = _execute(job["answer"], scope)
    name = job["name"]
    if name not in scope:
        connection.send_bytes(json.dumps({"error": error or f"it defines no {name}"}).encode())
        return
    answer = scope[name]
    connection.send_bytes(json.dumps({"callable": callable(answer), "value": encode(answer)}).encode())
    inputs, watch = connection.recv()
    connection.send_bytes(json.dumps([_call(answer, args, watch) for args in inputs]).encode())
    connection.close()


def _execute(source: str, scope: dict) -> str:
    """Run a cell as IPython does, with ``await`` allowed; returns what it raised, in a line."""
    try:
        code = compile(source, "<answer>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, scope))
        else:
            exec(code, scope)
    except BaseException as error:  # SystemExit too
        return f"{type(error).__name__}: {_line(error)}"
    return ""


def _call(answer, args: tuple, watch: dict) -> dict:
    """What the answer makes of some arguments, and what it made of the arguments."""
    try:
        ran = call(answer, args, **watch)
        value = ran.value
        reply = {"slopes": encode(ran.slopes), "operations": encode(ran.operations)}
    except BaseException as error:
        value, reply = Raised(error), {"slopes": None, "operations": encode(())}
    if isinstance(value, Raised):
        reply["raised"] = [value.kind[:TEXT], value.text[:TEXT]]
    else:
        reply["value"] = encode(value)
    reply["after"] = [encode(arg) for arg in args]
    return reply


def _line(error: BaseException) -> str:
    try:
        return str(error).split("\n")[0][:TEXT]
    except Exception:  # a __str__ of the answer's own
        return ""


def encode(value: Any, depth: int = 0) -> Any:
    """A value as JSON: numbers, texts, arrays, and lists, dictionaries and sets of them; of anything else its type."""
    if value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) < LARGEST):
        return value
    if isinstance(value, torch.nn.Module):
        return {"module": [encode(parameter) for parameter in value.parameters()]}
    with suppress(Exception):
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu().resolve_conj().numpy()
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf" and value.size < LARGEST:
            array = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
            return {"array": array.tobytes().hex(), "dtype": array.dtype.str, "shape": np.shape(value)}
        if isinstance(value, Number):
            whole = isinstance(value, int) and abs(value) < 2**63
            return {"int": int(value)} if whole else {"float": float(value).hex()}
        if depth < 8:
            if isinstance(value, (list, tuple)):
                return {type(value).__name__: [encode(item, depth + 1) for item in value]}
            if isinstance(value, dict):
                return {"dict": [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in value.items()]}
            if isinstance(value, (set, frozenset)):
                return {"set": sorted(map(str, value))}
    return {"type": type(value).__name__[:TEXT]}
