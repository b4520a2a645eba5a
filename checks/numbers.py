# Used from 01 · tests/checks/test_numbers.py
"""Numbers as people write them: ``15,000``, ``0,251``, ``12/15``, ``25 %``, ``512*6719*100``."""

from __future__ import annotations

import ast
import math
import operator
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
import torch

SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "^": "**"})
DOES = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: math.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
FUNCTIONS = {name: getattr(math, name) for name in ("sqrt", "exp", "log2", "log10")}
FUNCTIONS |= {"log": math.log, "ln": math.log}
CONSTANTS = {"e": math.e, "pi": math.pi}
# A number as Python writes it, and with a comma for the thousands; then the other way round, as in 1.234,5.
ENGLISH = re.compile(r"\d{1,3}(?<!\b0)(?:,\d{3})+(?:\.\d*)?|\d*\.?\d+|\d+\.")
GERMAN = re.compile(r"\d{1,3}(?<!\b0)(?:\.\d{3})+(?:,\d*)?|\d*,?\d+|\d+,")
LONGEST = 300  # characters


class NoNumber(ValueError):
    """Why an answer is no number, as a sentence that helps."""


def read(answer: Any) -> list[float]:
    """The numbers that an answer can mean, the likeliest first: ``1,234`` is 1234, or else 1.234.

    Raises
    ------
    NoNumber
        If it means none.

    Examples
    --------
    >>> read("15,000"), read("0,251"), read("25 %"), read("12/15")
    ([15000.0, 15.0], [0.251], [0.25], [0.8])
    """
    if isinstance(answer, str):
        return _read_text(answer)
    if isinstance(answer, (torch.Tensor, np.ndarray, np.generic)):
        if np.size(answer) != 1 if not isinstance(answer, torch.Tensor) else answer.numel() != 1:
            raise NoNumber(f"Give one number; this is an array of shape {tuple(answer.shape)}.")
        answer = answer.item()
    if isinstance(answer, (list, tuple)):
        if len(answer) == 1:
            return read(answer[0])
        said = ", ".join(map(str, answer))[:40]
        raise NoNumber(
            f"Give one number; this is a {type(answer).__name__} of {len(answer)}. Python reads {said} without quotes "
            "as several numbers: write a decimal point and no comma for thousands, or put it in quotes."
        )
    if isinstance(answer, bool):
        raise NoNumber("Give a number; this is True or False.")
    if callable(answer):
        raise NoNumber("Give the number itself; this is a function that has not been called.")
    if not isinstance(answer, (Real, Fraction, Decimal)):
        raise NoNumber(f"Give a number; this is {type(answer).__name__}.")
    try:
        return [float(answer)]
    except OverflowError:
        raise NoNumber("This number is larger than a computer counts.") from None


def _read_text(text: str) -> list[float]:
    if len(text) > LONGEST:
        raise NoNumber("Give one number or a short expression.")
    plain = text.translate(SIGNS).strip().lstrip("=≈~").strip()
    plain = re.sub(r"(?<=\d)[\s_'’](?=\d{3}(?!\d))", "", plain)  # 15 000, 15_000, 15'000
    plain = re.sub(r"\b(?:math|np|torch)\.(?=[a-z])", "", plain)
    plain = re.sub(r"\s*%", "*0.01", plain) if plain.count("%") == 1 and "*0.01" not in plain else plain
    found, why = [], None
    for pattern, thousands in ((ENGLISH, ","), (GERMAN, ".")):
        try:
            number = _evaluate(_as_python(plain, pattern, thousands))
        except NoNumber as error:
            why = why or error
        else:
            found += [number] if number not in found else []
    if not found:
        raise why or NoNumber("Give a number.")
    return found


def _as_python(text: str, pattern: re.Pattern, thousands: str) -> str:
    """The text with its numbers as Python writes them, if all of them are of one style."""
    text = text.replace("*0.01", "*§")  # the percent sign is of no style
    parts, at = [], 0
    for found in re.finditer(r"[\d.,]+", text):
        number = found.group()
        if not pattern.fullmatch(number):
            raise NoNumber(f"{number} cannot be read as a number.")
        number = number.replace(thousands, "").replace(",", ".")
        whole, point, rest = number.partition(".")
        parts += [text[at : found.start()], (whole.lstrip("0") or "0") + point + rest]
        at = found.end()
    return "".join([*parts, text[at:]]).replace("§", "0.01")


def _evaluate(text: str) -> float:
    try:
        value = _value(ast.parse(text, mode="eval").body)
    except ZeroDivisionError:
        raise NoNumber("This divides by zero.") from None
    except (OverflowError, RecursionError, MemoryError):
        raise NoNumber("This number is larger than a computer counts.") from None
    except (SyntaxError, ValueError, KeyError) as error:
        if isinstance(error, NoNumber):
            raise
        raise NoNumber(f"{text!r} is no number: give one number, or an expression such as 3 * log(2) / 7.") from None
    if not isinstance(value, float):
        raise NoNumber("Give one real number.")
    return value


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return DOES[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp):
        return DOES[type(node.op)](_value(node.operand))
    if isinstance(node, ast.Name):
        return CONSTANTS[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        return FUNCTIONS[node.func.id](_value(node.args[0]))
    raise ValueError


def plain(number: float) -> str:
    """A number as it is shown: ``343,001,600`` or ``0.25``."""
    return f"{number:,.0f}" if number == round(number, 0) and abs(number) < 1e15 else f"{number:.6g}"
