# Used from 01 · tests/checks/test_compare.py
"""Whether two answers say the same, whatever they are made of, and where they differ first."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from numbers import Number, Rational
from typing import Any, NamedTuple

import numpy as np
import torch

LARGEST = sys.float_info.max
FLOOR = 0.1  # numbers below a tenth are compared as if they were a tenth: a loss of 1e-9 may be given as 0


def as_arrays(value: Any) -> Any:
    """Numbers, tensors, arrays and nested lists of them as arrays of int64 or float64, inside of dicts too.

    What is rectangular becomes one array, so that ``(mask, label)``, ``[mask, label]`` and a stack of both are alike. A
    whole number too large for float64 becomes the largest; a tensor on the device meta, without numbers, stays one.
    """
    if isinstance(value, torch.Tensor) and value.is_meta:
        return value
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = value.to_dense() if value.layout != torch.strided else value
        value = (value.double() if value.is_floating_point() else value.resolve_conj()).numpy()
    if isinstance(value, Number) and not isinstance(value, (complex, np.complexfloating)):
        if isinstance(value, Rational) and value.denominator == 1 and -(2**63) <= value < 2**63:
            return np.asarray(int(value))
        try:
            return np.asarray(float(value))
        except OverflowError:
            return np.asarray(LARGEST if value > 0 else -LARGEST)
    if isinstance(value, np.bool_) or (hasattr(value, "__array__") and not isinstance(value, type)):
        value = np.asarray(value)
        if value.dtype.kind in "biuf":
            return value.astype(np.float64 if value.dtype.kind == "f" else np.int64)
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: as_arrays(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return {"a set of": sorted(map(str, value))}
    if isinstance(value, (tuple, list, range)):
        items = [as_arrays(item) for item in value]
        if all(isinstance(item, np.ndarray) for item in items) and len({item.shape for item in items}) <= 1:
            return np.stack(items) if items else np.zeros(0, dtype=np.int64)
        return items
    return value


def same(a: Any, b: Any, tolerance: float = 1e-5) -> bool:
    """Whether an answer ``a`` says what is wanted, ``b``: see `difference`."""
    return difference(a, b, tolerance) is None


class Difference(NamedTuple):
    """The first place where two answers differ.

    Attributes
    ----------
    kind : str
        ``"value"``, ``"shape"``, ``"type"``, ``"length"`` or ``"keys"``.
    path : tuple
        Items and keys that lead to two arrays or values, from outside.
    mine, wanted : object
        What stands there: arrays whole, as `as_arrays` makes them.
    where : ndarray of bool or None
        For two arrays of one shape, which entries differ.
    """

    kind: str
    path: tuple
    mine: Any
    wanted: Any
    where: np.ndarray | None = None

    @property
    def index(self) -> tuple[int, ...]:
        """The first entry that differs, if these are two arrays."""
        return tuple(int(i) for i in np.argwhere(self.where)[0]) if self.where is not None else ()


def difference(a: Any, b: Any, tolerance: float = 1e-5) -> Difference | None:
    """Where an answer ``a`` first differs from what is wanted, ``b``; None if it does not.

    Whole numbers that are wanted are wanted exactly, also where they have more digits than a float64. Others may be
    off by ``tolerance`` times themselves or times the largest of their array, whichever is more. Nan and infinity are
    right only where they are wanted.
    """
    return _difference(as_arrays(a), as_arrays(b), tolerance, ())


def _difference(a: Any, b: Any, tolerance: float, path: tuple) -> Difference | None:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.shape != b.shape:
            return Difference("shape", path, a, b)
        where = ~_near(a, b, tolerance)
        return Difference("value", path, a, b, where) if where.any() else None
    if _has_items(a) and _has_items(b):
        if len(a) != len(b):
            return Difference("length", path, a, b)
        each = (_difference(x, y, tolerance, (*path, i)) for i, (x, y) in enumerate(zip(a, b)))
        return next((found for found in each if found), None)
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return Difference("keys", path, a, b)
        each = (_difference(a[key], b[key], tolerance, (*path, key)) for key in b)
        return next((found for found in each if found), None)
    if type(a) is not type(b):
        return Difference("type", path, a, b)
    try:
        return None if bool(a == b) else Difference("value", path, a, b)
    except Exception:  # an == of the answer's own
        return Difference("value", path, a, b)


def _has_items(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _near(a: np.ndarray, b: np.ndarray, tolerance: float) -> np.ndarray:
    if b.dtype.kind == "i" and a.dtype.kind == "f":  # as floats, a rounded number would be the same
        fits = (np.abs(a) < 2.0**63) & (a == np.trunc(a))
        return fits & (np.where(fits, a, 0).astype(np.int64) == b)
    if b.dtype.kind == "i":
        return a == b
    finite = np.abs(b[np.isfinite(b)])
    scale = max(FLOOR, float(finite.max(initial=0)))
    return np.isclose(a, b, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def shape(value: Any) -> str:
    """``(2, 3)`` for an array, a list of shapes for a list of them, else the type."""
    value = as_arrays(value)
    if isinstance(value, np.ndarray):
        return str(value.shape) if value.ndim else "one number"
    if isinstance(value, list):
        return "[" + ", ".join(shape(item) for item in value) + "]"
    return type(value).__name__


def size(value: Any) -> int:
    """How many numbers or words a value holds."""
    if isinstance(value, torch.nn.Module):
        return sum(parameter.numel() for parameter in value.parameters())
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return int(np.prod(value.shape))
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return sum(map(size, value))
    return getattr(value, "amount", 1)
