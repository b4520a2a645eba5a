# Used from 01 · tests/checks/test_checks.py
"""Whether two answers say the same, whatever they are made of, and how they are shown in a hint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch


def as_arrays(value: Any) -> Any:
    """Tensors and arrays as float64 arrays, inside tuples, lists and dicts too."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, (bool, int, float, np.bool_, np.number, np.ndarray)):
        return np.asarray(value, dtype=np.float64)
    if isinstance(value, Mapping):
        return {key: as_arrays(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (tuple, list)):
        items = [as_arrays(item) for item in value]
        if items and all(isinstance(item, np.ndarray) and not item.ndim for item in items):
            return np.stack(items)
        return items
    return value


def same(a: Any, b: Any, tolerance: float = 1e-4) -> bool:
    """Whether two answers say the same, to a relative and absolute tolerance; shapes count."""
    a, b = as_arrays(a), as_arrays(b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y, tolerance) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key], tolerance) for key in a)
    return type(a) is type(b) and a == b


def shape(value: Any) -> str:
    """``(2, 3)`` for an array, a list of shapes for a tuple of them, else the type."""
    value = as_arrays(value)
    if isinstance(value, np.ndarray):
        return str(value.shape) if value.ndim else "one number"
    if isinstance(value, list):
        return "[" + ", ".join(shape(item) for item in value) + "]"
    return type(value).__name__


def show(value: Any) -> str:
    """A value, short enough for a line."""
    value = as_arrays(value)
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, separator=", ", suppress_small=True, max_line_width=10_000)
    else:
        text = repr(value)
    return text if len(text) <= 160 and "\n" not in text else f"values of shape {shape(value)}"


class Raised:
    """What a call raised, to be compared like a value."""

    def __init__(self, error: Exception):
        self.kind, self.text = type(error).__name__, str(error).split("\n")[0]

    def __eq__(self, other):
        return isinstance(other, Raised) and self.kind == other.kind


def outcome(function: Callable, args: Sequence[Any]) -> Any:
    try:
        return function(*args)
    except Exception as error:
        return Raised(error)


def matches(a: Any, b: Any, tolerance: float) -> bool:
    if isinstance(a, Raised) or isinstance(b, Raised):
        return isinstance(a, Raised) and a == b
    return same(a, b, tolerance)
