# Used from 01 · tests/checks/test_checks.py
"""How an answer is checked: fresh inputs, a reference, and for each mistake that was foreseen its own hint.

A check never shows a traceback and never says "wrong" alone. It compares an answer with the reference on inputs that
are drawn anew each time; where they differ it looks for the mistake that explains the answer on every input.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from checks.compare import Raised, as_arrays, matches, outcome, same, shape, show
from checks.verdict import Mistake, Verdict

TRIALS = 8  # fresh inputs for each check: mistakes that agree on one of them part on another


@dataclass(frozen=True)
class FunctionCheck:
    """Check a function against a reference on inputs drawn anew.

    Attributes
    ----------
    name : str
    reference : callable
        The right answer.
    draw : callable
        ``draw(rng)``, a `numpy.random.Generator` in, a tuple of arguments out.
    mistakes : sequence of Mistake
        In the order in which they are tried.
    right : str
        What is said of a right answer.
    tolerance : float
        Relative and absolute.
    trials : int
        Inputs drawn; answers of few values, such as True or False, need more.
    """

    name: str
    reference: Callable
    draw: Callable[[np.random.Generator], tuple]
    mistakes: Sequence[Mistake]
    right: str
    tolerance: float = 1e-4
    trials: int = TRIALS

    def __call__(self, answer: Callable, seed: int | None = None) -> Verdict:
        """Check an answer; ``seed`` repeats the inputs of an earlier check.

        Raises nothing: what the answer raises becomes a hint.
        """
        if not callable(answer):
            if answer is None:
                return Verdict(self.name, "not attempted", "Give the function, then run this cell.")
            text = f"Give the function itself, without calling it; this is {type(answer).__name__}."
            return Verdict(self.name, "no function", text)
        inputs = self.inputs(seed)
        given = [copy.deepcopy(args) for args in inputs]
        with torch.no_grad():
            found = [outcome(answer, args) for args in given]
        return self.judge(inputs, given, found)

    def inputs(self, seed: int | None = None) -> list[tuple]:
        """Arguments drawn anew, or again from a seed."""
        rng = np.random.default_rng(secrets.randbits(64) if seed is None else seed)
        return [self.draw(rng) for _ in range(self.trials)]

    def judge(self, inputs: list[tuple], given: list[tuple], found: list) -> Verdict:
        """The verdict on what an answer returned or raised, wherever it ran.

        Parameters
        ----------
        inputs, given : list of tuple
            The arguments as they were drawn, and as the answer left them.
        found : list
            Values, and `compare.Raised`.
        """
        with torch.no_grad():
            wanted = [self.reference(*copy.deepcopy(args)) for args in inputs]
        return Verdict(self.name, *self._judge(inputs, given, found, wanted))

    def _judge(self, inputs, given, found, wanted) -> tuple[str, str]:
        if all(value is None or (isinstance(value, Raised) and value.kind == "NotImplementedError") for value in found):
            return "not attempted", "Write the function in the cell above, then run this cell."
        if any(value is None for value in found):
            return "no value", "On some inputs your function returns nothing: is there a return on each path?"
        for before, after in zip(inputs, given):
            kept = [_unchanged(x, y) for x, y in zip(before, after)]
            if not all(kept):
                return "in place", (
                    f"Your function changes its argument number {kept.index(False) + 1}. Whoever called it still needs "
                    "that: work on a copy, and mind +=, methods that end in _ and assignments to slices."
                )
        right = [matches(x, y, self.tolerance) for x, y in zip(found, wanted)]
        if all(right):
            return "correct", self.right
        for mistake in self.mistakes:
            with torch.no_grad():
                wrong = [outcome(mistake.answer, copy.deepcopy(args)) for args in inputs]
            if all(matches(x, y, self.tolerance) for x, y in zip(found, wrong)):
                return mistake.name, mistake.hint
        i = right.index(False)
        return _general(inputs, found, wanted, i)


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, torch.nn.Module):
        return all(torch.equal(x, y) for x, y in zip(before.parameters(), after.parameters()))
    return same(before, after, tolerance=0)


def _general(inputs, found, wanted, i) -> tuple[str, str]:
    """A hint from the form of the answer, where no foreseen mistake explains it."""
    value = found[i]
    if isinstance(value, Raised):
        shapes = ", ".join(shape(x) for x in inputs[i])
        return "error", f"Your function raised {value.kind}: {value.text}. Its arguments were: {shapes}."
    if shape(value) != shape(wanted[i]):
        text = f"You return {shape(value)}, wanted is {shape(wanted[i])}."
        if isinstance(as_arrays(value), np.ndarray) and isinstance(as_arrays(wanted[i]), np.ndarray):
            text += " A shape that differs can broadcast later, without an error and to wrong numbers."
        return "shape", text
    numbers = as_arrays(value)
    if isinstance(numbers, np.ndarray) and not np.isfinite(numbers).all() and np.isfinite(as_arrays(wanted[i])).all():
        return "not finite", "Some of your numbers are infinite or not a number: look for log(0), 0/0 and overflow."
    constant = all(same(value, other, 0) for other in found if not isinstance(other, Raised))
    if len(found) > 1 and constant and not all(same(wanted[0], other, 0) for other in wanted):
        return "constant", (
            "Your function gives one answer whatever it is given: the numbers of an example, written down? The inputs "
            "here are drawn anew each time."
        )
    arguments = "; ".join(show(x) for x in inputs[i])
    return "other", f"For the arguments {arguments} you return {show(value)}, wanted is {show(wanted[i])}."


@dataclass(frozen=True)
class NumberCheck:
    """Check a number that was worked out by hand.

    Attributes
    ----------
    name : str
    value : float
    mistakes : sequence of Mistake
        With the numbers that they lead to.
    right : str
    tolerance : float
        Relative: how far the answer may be off by rounding.
    """

    name: str
    value: float
    mistakes: Sequence[Mistake]
    right: str
    tolerance: float = 5e-3

    def _near(self, a: float, b: float) -> bool:
        return abs(a - b) <= self.tolerance * max(abs(b), 1e-12)

    def __call__(self, answer: float | None = None) -> Verdict:
        """Check an answer; None has not been attempted and shows a form."""
        if answer is None:
            return Verdict(self.name, "not attempted", "Write your number in the cell above.", self._form)
        try:
            number = float(answer)
        except (TypeError, ValueError):
            return Verdict(self.name, "no number", f"Give a number; this is {type(answer).__name__}.")
        if not np.isfinite(number):
            return Verdict(self.name, "not finite", "Give a finite number.")
        if self._near(number, self.value):
            return Verdict(self.name, "correct", self.right)
        for mistake in self.mistakes:
            if self._near(number, mistake.answer):
                return Verdict(self.name, mistake.name, mistake.hint)
        if self._near(number, -self.value):
            return Verdict(self.name, "sign", "The size is right, the sign is not.")
        side = "above" if number > self.value else "below"
        return Verdict(self.name, "other", f"Your number is {side} the right one.")

    def _form(self):
        from checks import forms

        return forms.number(self)


@dataclass(frozen=True)
class StatementsCheck:
    """Check which of some lettered statements are true.

    Attributes
    ----------
    name : str
    statements : mapping
        Letter to (whether it is true, why).
    """

    name: str
    statements: Mapping[str, tuple[bool, str]]

    @property
    def value(self) -> str:
        """The letters of the true statements."""
        return "".join(letter for letter, (true, _) in self.statements.items() if true)

    def __call__(self, answer: str | None = None) -> Verdict:
        """Check an answer such as ``"ac"``; None has not been attempted and shows a form."""
        letters = "".join(self.statements)
        if answer is None:
            text = f'Write the letters of the true statements in the cell above, such as "{letters[0]}{letters[-1]}".'
            return Verdict(self.name, "not attempted", text, self._form)
        if not isinstance(answer, str) or not set(answer.lower().replace(",", "").replace(" ", "")) <= set(letters):
            return Verdict(self.name, "no letters", f'Give letters out of "{letters}", as one string.')
        chosen = set(answer.lower()) & set(letters)
        for letter, (true, why) in self.statements.items():
            if (letter in chosen) != true:
                said = "false" if true else "true"
                return Verdict(self.name, f"{letter} is not {said}", f"Look at ({letter}) again. {why}")
        return Verdict(self.name, "correct", " ".join(f"({x}) {why}" for x, (_, why) in self.statements.items()))

    def _form(self):
        from checks import forms

        return forms.statements(self)
