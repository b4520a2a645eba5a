# Used from 04 · tests/helpers/test_arguments.py
"""Arrays and tensors as arguments: their kind, their shape by letters, and no NaN."""

from __future__ import annotations

import math

import numpy as np

from helpers.arguments import ArgumentError, Rule, bind, in_range, refuse


def array(shape: str, kind: str = "numbers", *, least=None, most=None, finite: bool = True) -> Rule:
    """A NumPy array, from an array, a tensor or lists.

    Parameters
    ----------
    shape : str
        A letter an axis, or its size: ``"V D"``, ``"B 1"``, ``""``; ``"..."`` for any.
    kind : {"numbers", "integers", "flags"}
        Whole numbers that were given as floats become int64; integers do where numbers are asked for become float64.
    least, most : number, optional
        The range of the values.
    finite : bool
        Refuse NaN and infinity.
    """

    def rule(name, value, sizes):
        wanted = _described("an array", kind, shape, least, most)
        if hasattr(value, "detach"):
            value = value.detach().cpu()
        try:
            found = np.asarray(value)
        except Exception:  # ragged lists, somebody's objects
            raise refuse(name, value, wanted) from None
        if min(found.strides, default=0) < 0:  # a view from behind, which PyTorch does not take
            found = found.copy()
        found = _as_kind(found, kind, name, value, wanted)
        _fit(name, found, shape, sizes, wanted)
        _values(name, found, least, most, finite, wanted)
        return found

    return rule


def tensor(shape: str, kind: str = "numbers", *, least=None, most=None, finite: bool = True) -> Rule:
    """A tensor, from a tensor, an array or lists; one that fits is passed on as it is, gradients included.

    Parameters
    ----------
    shape, kind, least, most, finite
        As in `array`; numbers are floats, all of the first argument's precision; integers become float32.
    """

    def rule(name, value, sizes):
        import torch

        wanted = _described("a tensor", kind, shape, least, most)
        try:
            found = value if isinstance(value, torch.Tensor) else torch.as_tensor(np.asarray(value))
        except Exception:
            raise refuse(name, value, wanted) from None
        if (
            (found.dtype == torch.bool) != (kind == "flags")
            or found.is_complex()
            or found.layout != torch.strided
            or found.is_meta
        ):
            raise refuse(name, value, wanted)
        if kind == "integers" and found.is_floating_point():
            if not bool((found == found.round()).all()):
                raise refuse(name, value, wanted)
            found = found.long()
        if kind == "integers" and found.dtype not in (torch.int32, torch.int64):
            found = found.long()  # what tables are read with
        if kind == "numbers":
            found = found if found.is_floating_point() else found.float()
            found = found.to(sizes.setdefault("dtype", found.dtype))
        _fit(name, found, shape, sizes, wanted)
        _values(name, found, least, most, finite, wanted)
        return found

    return rule


def counts_of(letter: str) -> Rule:
    """How often each word occurs, shape (letter,): not below 0, and not all 0."""

    def rule(name, value, sizes):
        found = array(letter, least=0)(name, value, sizes)
        if not found.any():
            raise ArgumentError(f"{name} has no word that occurs; give a vocabulary's counts")
        return found

    return rule


def distribution_of(letter: str) -> Rule:
    """Probabilities that sum to 1, shape (letter,), as float64."""

    def rule(name, value, sizes):
        found = array(letter, least=0)(name, value, sizes).astype(np.float64)
        off = abs(found.sum() - 1)
        if not off < 1e-6:
            raise ArgumentError(f"{name} sums to {found.sum():g}; give probabilities, which sum to 1")
        return found if off < 1e-12 else found / found.sum()  # those of float32 sum to nearly 1

    return rule


def bounds_fit(name: str, bounds: np.ndarray, whose: str, ids: np.ndarray) -> None:
    """Refuse bounds that do not rise from 0 to the number of ids."""
    if not len(bounds) or bounds[0] != 0 or bounds[-1] != len(ids) or (np.diff(bounds) < 0).any():
        raise ArgumentError(f"{name} does not cut {whose}; give numbers that rise from 0 to {len(ids):,}, its length")


def ids_fit(name: str, ids: np.ndarray, whose: str, rows) -> None:
    """Refuse ids that are no row of a table or a list."""
    if len(ids) and (ids.min() < 0 or ids.max() >= len(rows)):
        raise ArgumentError(
            f"{name} has ids from {ids.min()} to {ids.max()}, and {whose} rows from 0 to {len(rows) - 1}: "
            "give two that fit"
        )


def _as_kind(found, kind, name, value, wanted):
    if kind == "integers":
        if found.size == 0 or (
            found.dtype.kind == "f" and np.isfinite(found).all() and (found == np.rint(found)).all()
        ):
            found = found.astype(np.int64)
    elif kind == "numbers" and found.dtype.kind in "iu":
        found = found.astype(np.float64)
    if found.dtype.kind not in {"integers": "iu", "numbers": "f", "flags": "b"}[kind]:
        raise refuse(name, value, wanted)
    return found


def _described(what, kind, shape, least, most) -> str:
    of = {"integers": "whole numbers", "numbers": "numbers", "flags": "True and False"}[kind]
    return f"{what} of {of}{in_range(least, most)}" + (
        f", shape ({', '.join(shape.split())})" if shape != "..." else ""
    )


def _fit(name, found, shape, sizes, wanted) -> None:
    """Compare an array's shape with the letters, and note those that are new."""
    if shape == "...":
        return
    axes = shape.split()
    if len(axes) != found.ndim:
        raise refuse(name, found, wanted)
    for axis, size in zip(axes, found.shape):
        if axis.isdigit():
            if size != int(axis):
                raise refuse(name, found, wanted)
        else:
            bind(name, found, axis, size, sizes)


def _values(name, found, least, most, finite, wanted) -> None:
    """Refuse NaN, infinity, and what is out of range."""
    if not len(found.reshape(-1)) or (not finite and least is None and most is None):
        return
    low, high = (found.min(), found.max()) if isinstance(found, np.ndarray) else found.detach().aminmax()
    low, high = float(low), float(high)  # both are NaN where one value is
    if finite and not (math.isfinite(low) and math.isfinite(high)):
        raise ArgumentError(f"{name} has values that are NaN or infinite; give {wanted}, all finite")
    if (least is not None and low < least) or (most is not None and high > most):
        raise ArgumentError(f"{name} has values from {low:g} to {high:g}; give {wanted}")
