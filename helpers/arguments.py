# Used from 04 · tests/helpers/test_arguments.py
"""Arguments checked at the door: a line above a function says what each of them may be.

    @checked(W=shapes.tensor("V D"), vocab=sized(Vocab, "V"), k=whole(1))
    def nearest(W, vocab, k): ...

What people reasonably give is converted: 5.0 to 5, NumPy's numbers to Python's, a list to an array. What cannot be
right is refused with the argument's name, what it is, and what to give. A letter of a shape is the same number in all
arguments of a call. Defaults are not looked at, and a taught function stays as its notebook shows it.
"""

from __future__ import annotations

import functools
import inspect
import math
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

SHOWN = 60  # characters of a value that an error repeats
MOST = 2**63 - 1  # a whole number that arrays can hold


class ArgumentError(ValueError, TypeError):
    """An argument that cannot be right: its name, what it is, and what to give."""


Rule = Callable[[str, Any, dict], Any]  # (the argument's name, its value, sizes by letter) -> the value to go on with


def checked(*together: Callable, **rules: Rule) -> Callable:
    """Decorate a function: each argument named here goes through its rule before the function sees it.

    Parameters
    ----------
    together : callable
        Then called with all arguments that were given, by name, to refuse what do not fit each other.
    rules : Rule
        By the argument's name.

    Raises
    ------
    ArgumentError
        When the function is called with an argument that its rule refuses.
    """

    def decorate(function):
        signature = inspect.signature(function)
        unknown = set(rules) - set(signature.parameters)
        if unknown:
            raise TypeError(f"{function.__name__} has no {', '.join(unknown)}")

        @functools.wraps(function)
        def door(*args, **kwargs):
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError:
                return function(*args, **kwargs)  # Python's own error names the function and what is missing
            bound.arguments.update(check(rules, bound.arguments))
            for fit in together:
                fit(**bound.arguments)
            return function(*bound.args, **bound.kwargs)

        return door

    return decorate


def check(rules: Mapping[str, Rule], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that have a rule, in their order, each as its rule leaves it."""
    sizes: dict = {}
    return {name: rules[name](name, value, sizes) for name, value in values.items() if name in rules}


def refuse(name: str, value: Any, wanted: str) -> ArgumentError:
    """The error for a value; ``wanted`` says what to give."""
    return ArgumentError(f"{name} is {shown(value)}; give {wanted}")


def shown(value: Any) -> str:
    """A value in a few words."""
    if hasattr(value, "dtype") and hasattr(value, "shape") and getattr(value, "ndim", 0):
        return f"{type(value).__name__} of {str(value.dtype).removeprefix('torch.')}, shape {tuple(value.shape)}"
    try:
        text = repr(value)
    except Exception:  # somebody's object
        text = f"an object of type {type(value).__name__}"
    if len(text) > SHOWN or "\n" in text:
        size = f" of length {len(value)}" if hasattr(type(value), "__len__") else ""
        text = f"{' '.join(text[:SHOWN].split())}... ({type(value).__name__}{size})"
    return text


def bind(name: str, value: Any, letter: str, size: int, sizes: dict) -> None:
    """Note the size behind a letter, or refuse another one than an argument before had."""
    known, whose = sizes.setdefault(letter, (size, name))
    if known != size:
        raise ArgumentError(
            f"{name} has {letter} = {size:,} ({shown(value)}), and {whose} {known:,}: give two that fit"
        )


# -- numbers


def whole(least: int | None = None, most: int | None = None) -> Rule:
    """A whole number in a range, as int; 5.0 and NumPy's integers are, True is not."""

    def rule(name, value, sizes):
        found = _scalar(value)
        if found is None or not abs(found) <= MOST or found != int(found) or not _within(found, least, most):
            raise refuse(name, value, f"a whole number{in_range(least, most)}")
        return int(found)

    return rule


def seed() -> Rule:
    """What fixes random numbers: a whole number that NumPy, PyTorch and scikit-learn take."""
    return whole(0, 2**32 - 1)


def number(*, above: float | None = None, least: float | None = None, most: float | None = None) -> Rule:
    """A finite number in a range, as float; ``above`` is left out of it, ``least`` and ``most`` are in it."""

    def rule(name, value, sizes):
        found = _scalar(value)
        fits = found is not None and abs(found) < math.inf and _within(found, least, most)
        if not fits or (above is not None and not found > above):
            raise refuse(
                name, value, f"a number above {above:g}" if above is not None else f"a number{in_range(least, most)}"
            )
        return float(found)

    return rule


def _scalar(value) -> int | float | None:
    """The Python number that a value is, or None."""
    if getattr(value, "shape", None) == () and hasattr(value, "item"):  # NumPy's numbers, arrays and tensors of one
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value


def _within(value, least, most) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def in_range(least: float | None, most: float | None) -> str:
    """A range in words."""
    if least is None or most is None:
        return f", {least:g} or more" if least is not None else f", {most:g} or less" if most is not None else ""
    return f" from {least:g} to {most:g}"


# -- names, switches, objects, lists


def _fits(test: Callable, wanted: str, convert: Callable = lambda value: value) -> Rule:
    def rule(name, value, sizes):
        if not test(value):
            raise refuse(name, value, wanted)
        return convert(value)

    return rule


def flag() -> Rule:
    """True or False, as bool; 1 and 0 are."""
    return _fits(lambda value: isinstance(value, (int, np.bool_)) and value in (0, 1), "True or False", bool)


def one_of(*names: str) -> Rule:
    """One of some names."""
    return _fits(lambda value: isinstance(value, str) and value in names, f"one of {', '.join(map(repr, names))}")


def text(wanted: str = "a text") -> Rule:
    """A str with something in it; NumPy's kind becomes Python's."""
    return _fits(lambda value: isinstance(value, str) and value, wanted, str)


def path() -> Rule:
    """Where a file is or will be, as Path; ~ is the home folder."""

    def is_path(value):
        known = isinstance(value, (str, os.PathLike)) and isinstance(os.fspath(value), str)
        return known and str(value).strip() and "\0" not in str(value)

    return _fits(is_path, "the path of a file, as str or Path", lambda value: Path(value).expanduser())


def instance(*classes: type, wanted: str = "") -> Rule:
    """An object of one of some classes."""
    return _fits(lambda value: isinstance(value, classes), wanted or " or ".join(c.__name__ for c in classes))


def function() -> Rule:
    """Something to call."""
    return _fits(callable, "a function")


def sized(cls: type, letter: str, size: Callable = len, wanted: str = "") -> Rule:
    """An object of a class whose size, ``len`` or another function of it, is a letter of the arguments' shapes."""
    kind = instance(cls, wanted=wanted)

    def rule(name, value, sizes):
        kind(name, value, sizes)
        bind(name, value, letter, size(value), sizes)
        return value

    return rule


def optional(rule_: Rule) -> Rule:
    """None, or what another rule takes."""

    def rule(name, value, sizes):
        try:
            return None if value is None else rule_(name, value, sizes)
        except ArgumentError as error:
            raise ArgumentError(f"{error}, or None") from None

    return rule


def listed(name: str, value: Any, wanted: str) -> list:
    """What any iterable gives, as a list; a text or a mapping is refused, of which it would be letters or keys."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise refuse(name, value, wanted)
    return list(value)


def many(of: Rule, *, least: int = 0, length: int = 0, letter: str = "", wanted: str = "a list") -> Rule:
    """A list of things that each follow a rule, from any iterable but a text; of one length, where that is given."""

    def rule(name, value, sizes):
        items = [of(f"{name}[{i}]", item, sizes) for i, item in enumerate(listed(name, value, wanted))]
        if len(items) < least:
            raise refuse(name, items, f"{wanted}, {least} or more")
        if length and len(items) != length:
            raise refuse(name, items, wanted)
        if letter:
            bind(name, items, letter, len(items), sizes)
        return items

    return rule


def words(letter: str = "", least: int = 0) -> Rule:
    """A list of words, whose number is a letter of the arguments' shapes."""
    return many(text("a word"), least=least, letter=letter, wanted="a list of words")


def mapping() -> Rule:
    """A dict, or what can be read like one."""
    return instance(Mapping, wanted="a dict")
