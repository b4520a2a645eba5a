# Used from 04 · tests/helpers/test_arguments.py
"""Arrays and tensors as arguments: their kind, their shape by letters, and no NaN."""

from __future__ import annotations

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
        As in `array`; numbers are floats, of any precision, and integers become float32.
    """

    def rule(name, value, sizes):
        import torch

        wanted = _described("a tensor", kind, shape, least, most)
        try:
            found = value if isinstance(value, torch.Tensor) else torch.as_tensor(np.asarray(value))
        except Exception:
            raise refuse(name, value, wanted) from None
        if (found.dtype == torch.bool) != (kind == "flags") or found.is_complex() or found.layout != torch.strided:
            raise refuse(name, value, wanted)
        if kind == "integers" and found.is_floating_point():
            if not bool((found == found.round()).all()):
                raise refuse(name, value, wanted)
            found = found.long()
        if kind == "numbers" and not found.is_floating_point():
            found = found.float()
        _fit(name, found, shape, sizes, wanted)
        _values(name, found, least, most, finite, wanted)
        return found

    return rule


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
    """Refuse NaN, infinity, and what is out of range; a sum sees them at the cost of one pass."""
    if not found.numel() if hasattr(found, "numel") else not found.size:
        return
    isfinite = np.isfinite if isinstance(found, np.ndarray) else type(found).isfinite
    floats = found.dtype.kind == "f" if isinstance(found, np.ndarray) else found.is_floating_point()
    if finite and floats:
        found = found if isinstance(found, np.ndarray) else found.detach()
        with np.errstate(all="ignore"):
            total = found.sum()
        if not isfinite(total) and not isfinite(found).all():
            raise ArgumentError(f"{name} has values that are NaN or infinite; give {wanted}, all finite")
    if (least is not None and found.min() < least) or (most is not None and found.max() > most):
        raise ArgumentError(f"{name} has values from {float(found.min()):g} to {float(found.max()):g}; give {wanted}")
