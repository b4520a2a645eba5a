# Used from 01 · tests/checks/test_running.py
"""Running an answer: what it returns or raises, the gradients of it, the names and operations that it uses.

Knows no check and no reference: the process that runs what was handed in imports it as well.
"""

from __future__ import annotations

import dis
import functools
import linecache
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from checks.given import called

# What reads rows or numbers of a table by their place; of __getitem__ only what is no slice over all rows.
INDEXING = (
    "__getitem__", "embedding", "embedding_bag", "index_select", "gather", "take", "take_along_dim", "select",
    "masked_select", "narrow", "unbind", "split", "chunk", "tensor_split", "__iter__", "numpy", "tolist", "__array__",
    "item",
)  # fmt: skip
PRODUCTS = ("matmul", "__matmul__", "__rmatmul__", "mm", "bmm", "einsum", "tensordot", "linear", "addmm", "baddbmm")


class Raised:
    """What a call raised, to be compared like a value.

    Attributes
    ----------
    kind, text : str
    line : int
        In the answer's own code; 0 where that is not known.
    source : str
        That line.
    """

    def __init__(self, error: BaseException, function: Callable | None = None):
        self.kind, self.text, self.line, self.source = type(error).__name__, _first_line(error), 0, ""
        own = getattr(function, "__globals__", None)
        trace = error.__traceback__
        while trace is not None:
            frame = trace.tb_frame
            if own is not None and frame.f_globals is own:
                self.line = trace.tb_lineno
                self.source = linecache.getline(frame.f_code.co_filename, trace.tb_lineno, frame.f_globals).strip()
            trace = trace.tb_next

    def __eq__(self, other):
        return isinstance(other, Raised) and self.kind == other.kind

    def __hash__(self):
        return hash(self.kind)


def _first_line(error: BaseException) -> str:
    try:
        return str(error).split("\n")[0]
    except Exception:  # a __str__ of the answer's own
        return ""


@dataclass(frozen=True)
class Ran:
    """What came of a call.

    Attributes
    ----------
    value : object
        What it returned, or `Raised`.
    slopes : list or None
        The derivatives of a fixed sum of what it returned, for each argument that was asked for: arrays, a list of
        them for a module, None where no gradient flows. None altogether where none was asked for.
    operations : tuple of str
        Those of the watched operations that were used.
    """

    value: Any
    slopes: list | None = None
    operations: tuple[str, ...] = ()


def run(
    function: Callable,
    args: Sequence[Any],
    gradient: Sequence[int] = (),
    watched: Iterable[str] = (),
    guarded: Sequence[int] = (),
) -> Ran:
    """Call a function with autograd on.

    Parameters
    ----------
    gradient : sequence of int
        Places of arguments whose gradient is wanted.
    watched : iterable of str
        Operations of PyTorch to look out for, on the arguments at ``guarded`` and what is made of them; on any tensor
        if ``guarded`` is empty.
    """
    mode = _Watch(watched, [args[i] for i in guarded])
    try:
        with torch.enable_grad(), mode if mode.watched else nullcontext():
            value = called(function, args)
    except (Exception, SystemExit) as error:
        return Ran(Raised(error, function), None, tuple(sorted(mode.seen)))
    with torch.enable_grad():
        slopes = _slopes(value, [args[i] for i in gradient]) if gradient else None
    return Ran(value, slopes, tuple(sorted(mode.seen)))


class _Watch(TorchFunctionMode):
    """Notes which of some operations are called on guarded tensors, and on what keeps their numbers."""

    def __init__(self, watched: Iterable[str], guarded: Sequence[torch.Tensor]):
        super().__init__()
        self.watched, self.seen = set(watched), set()
        self.any, self.kept = not guarded, list(guarded)  # kept, so that no place is given twice

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(function, "__name__", "")
        tensors = [x for x in _flat((args, kwargs)) if isinstance(x, torch.Tensor)] if self.watched else []
        known = set(map(_place, self.kept)) if tensors else set()
        hit = [x for x in tensors if self.any or _place(x) in known]
        result = function(*args, **kwargs)
        if name in self.watched and hit and not (name == "__getitem__" and self._columns(args[1], result)):
            self.seen.add(name)
        if hit and name not in PRODUCTS and isinstance(result, torch.Tensor) and result.numel() == hit[0].numel():
            self.kept.append(result)
        return result

    def _columns(self, place: Any, result: Any) -> bool:
        """Whether an index takes columns of a guarded table, or the whole of it, and no row by itself."""
        if self.any or any(isinstance(x, (torch.Tensor, np.ndarray, list)) for x in _flat(place)):
            return False
        return result.numel() % max(1, len(self.kept[0])) == 0


def _place(tensor: torch.Tensor) -> int:
    """Where the numbers of a tensor are stored, which its views share."""
    return tensor.untyped_storage().data_ptr() if tensor.layout == torch.strided else id(tensor)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, dict):
        yield from _flat(list(value.values()))
    else:
        yield value


# -- gradients


def parameters(value: Any) -> list[torch.Tensor]:
    """The tensors of an argument that can have a gradient: itself, or a module's."""
    return list(value.parameters()) if isinstance(value, torch.nn.Module) else [value]


def _slopes(value: Any, args: Sequence[Any]) -> list:
    """Derivatives of the sum of cos(1), cos(2), ... times the numbers of ``value``."""
    total, at = 0.0, 1
    for part in _flat(value):
        n = part.numel() if isinstance(part, torch.Tensor) else np.size(part)
        if isinstance(part, torch.Tensor) and part.requires_grad:
            total = total + (part.reshape(-1).double() * torch.cos(torch.arange(at, at + n).double())).sum()
        at += n
    leaves = [leaf for arg in args for leaf in parameters(arg)]
    found: Sequence = [None] * len(leaves)
    if isinstance(total, torch.Tensor):
        try:
            found = torch.autograd.grad(total, leaves, allow_unused=True)
        except RuntimeError:  # the answer has freed its graph, or never had one that leads here
            pass
    left = iter([None if slope is None else slope.detach() for slope in found])
    return [[next(left) for _ in parameters(arg)] if isinstance(arg, torch.nn.Module) else next(left) for arg in args]


# -- what is in an answer


def is_idle(code: Any) -> bool:
    """Whether a function or its code does nothing at all: ``...``, ``pass``, a docstring, a bare return."""
    code = getattr(code, "__code__", code)
    if not isinstance(code, types.CodeType):
        return False
    steps = [(step.opname, step.argval) for step in dis.get_instructions(code)]
    steps = [step for step in steps if step[0] not in ("RESUME", "NOP", "CACHE", "RETURN_VALUE")]
    return steps in ([("LOAD_CONST", None)], [("RETURN_CONST", None)])


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those within it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from codes(const)


def names_of(code: types.CodeType) -> set[str]:
    """Names, attributes and texts of a code object and those within it."""
    texts = (const for part in codes(code) for const in part.co_consts if isinstance(const, str))
    return {*texts, *(name for part in codes(code) for name in part.co_names)}


def names_used(function: Any) -> set[str]:
    """Names that a function and the functions beside it that it calls use, also where they have been renamed."""
    found, seen, todo = set(), set(), [function]
    while todo:
        here = todo.pop()
        if isinstance(here, functools.partial):
            todo += [here.func, *here.args, *here.keywords.values()]
            continue
        found.add(str(getattr(here, "__name__", "")))
        if isinstance(vars(type(here)).get("__call__"), types.FunctionType):  # an object that can be called
            here = type(here).__call__
        code = getattr(here, "__code__", None)
        if not isinstance(here, types.FunctionType) or code in seen:
            continue
        seen.add(code)
        names = names_of(code)
        found |= names - {str(here.__doc__)}
        around: Mapping = here.__globals__
        values = [around[name] for name in names if name in around]
        values += [cell.cell_contents for cell in here.__closure__ or () if _filled(cell)]
        for value in [*values, *(here.__defaults__ or ())]:
            own = getattr(value, "__globals__", None) is getattr(function, "__globals__", around)
            if own or isinstance(value, functools.partial):
                todo.append(value)
            elif callable(value):
                found.add(str(getattr(value, "__name__", "")))
    return found - {""}


def _filled(cell) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
