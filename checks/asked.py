# Used from 01 · tests/checks/test_asked.py
"""Checks of answers without code: a number, or which of some statements are true."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from checks import mine, numbers
from checks.verdict import Mistake, Verdict


def keep(verdict: Verdict, answer: Any) -> Verdict:
    """Keep an answer that was found right for later notebooks; the verdict says so if that cannot be."""
    said = mine.keep(verdict.check, answer) if verdict else None
    return replace(verdict, text=f"{verdict.text} {said}") if said else verdict


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
    exact : bool
        It may not be off at all.
    """

    name: str
    value: float
    mistakes: Sequence[Mistake]
    right: str
    tolerance: float = 5e-3
    exact: bool = False

    def __call__(self, answer: Any = None, *, hint: int = False) -> Verdict:
        """Check an answer, and keep it if it is right; None has not been attempted and shows a form."""
        return keep(self.verdict(answer, hint=hint), answer)

    def verdict(self, answer: Any, *, hint: int = False) -> Verdict:
        """Check an answer."""
        if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
            return Verdict(self.name, "not attempted", "Write your number in the cell above.", self._form, asked=hint)
        try:
            readings = numbers.read(answer)
        except numbers.NoNumber as error:
            return Verdict(self.name, "no number", str(error), asked=hint)
        number = next((x for x in readings if self._is(x, self.value)), readings[0])
        said = f"Your answer was read as {numbers.plain(number)}. " if isinstance(answer, str) else ""
        said = "" if said and answer.strip() == numbers.plain(number) else said
        if not np.isfinite(number):
            return Verdict(self.name, "not finite", said + "Give a finite number.", asked=hint)
        if self._is(number, self.value):
            return Verdict(self.name, "correct", said + self.right)
        key, why = self._why(number)
        side = "above" if number > self.value else "below"
        return Verdict(self.name, key, f"{said}Your number is {side} the right one.", hint=why, asked=hint)

    def _is(self, a: float, b: float) -> bool:
        return abs(a - b) <= (1e-9 if self.exact else self.tolerance) * max(abs(b), 1e-12)

    def _why(self, number: float) -> tuple[str, str]:
        for mistake in self.mistakes:
            if abs(number - mistake.answer) <= max(self.tolerance, 1e-3) * max(abs(mistake.answer), 1e-12):
                return mistake.name, mistake.hint
        if self._is(number, -self.value):
            return "sign", "The size is right, the sign is not."
        if self._is(number, 100 * self.value):
            return "percent", "That is in percent. Divide by 100, or write the percent sign in quotes."
        if abs(number - self.value) <= 0.02 * abs(self.value):
            wanted = "the exact number" if self.exact else f"{100 * self.tolerance:.2g} % at most"
            return "rounded", f"You are within 2 %; wanted is {wanted}. Where did you round?"
        return "other", "No mistake that was foreseen gives this number. Write down each step with its unit."

    def _form(self, *keep):
        from checks import forms

        return forms.number(self, *keep)


@dataclass(frozen=True)
class StatementsCheck:
    """Check which of some lettered statements are true, all at once.

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

    @property
    def example(self) -> str:
        """How letters are written; never the right ones."""
        first, second, *_, last = self.statements
        return first + last if first + last != self.value else second + last

    def __call__(self, answer: Any = None, *, hint: int = False) -> Verdict:
        """Check an answer, and keep it if it is right; None has not been attempted and shows a form.

        Letters of the true statements, ``"ac"``, ``"(a), (c)"`` or a list of them; ``"none"``; or a dictionary that
        says True or False of each.
        """
        return keep(self.verdict(answer, hint=hint), answer)

    def verdict(self, answer: Any, *, hint: int = False) -> Verdict:
        """Check an answer."""
        letters = "".join(self.statements)
        empty = isinstance(answer, _SEVERAL) and not answer or isinstance(answer, str) and not answer.strip()
        if answer is None or answer is ... or empty:
            text = f'Write the letters of the true statements in the cell above, such as "{self.example}".'
            return Verdict(self.name, "not attempted", text, self._form, asked=hint)
        try:
            chosen = self._letters(answer)
        except _Open as left:
            text = f"Say of each statement whether it is true: {left} is open."
            return Verdict(self.name, "not attempted", text, asked=hint)
        except (ValueError, AttributeError):
            text = f'Give letters out of "{letters}", as one string such as "{self.example}".'
            return Verdict(self.name, "no letters", text, asked=hint)
        wrong = [letter for letter, (true, _) in self.statements.items() if (letter in chosen) != true]
        if not wrong:
            return Verdict(self.name, "correct", " ".join(f"({x}) {why}" for x, (_, why) in self.statements.items()))
        said = f"{len(letters) - len(wrong)} of {len(letters)} statements are judged rightly."
        letter, (true, why) = wrong[0], self.statements[wrong[0]]
        key = f"{letter} is not {'false' if true else 'true'}"
        return Verdict(self.name, key, said, hint=f"Look at ({letter}) again. {why}", asked=hint)

    def _letters(self, answer: Any) -> set[str]:
        """The letters that an answer calls true."""
        if isinstance(answer, Mapping):
            said = {str(key).strip(" ()").lower(): value for key, value in answer.items()}
            left = [letter for letter in self.statements if not isinstance(said.get(letter), (bool, np.bool_))]
            if set(said) - set(self.statements):
                raise ValueError
            if left:
                raise _Open(" ".join(f"({letter})" for letter in left))
            return {letter for letter, true in said.items() if true}
        if isinstance(answer, _SEVERAL):
            if isinstance(answer, (list, tuple)) and all(isinstance(x, bool) for x in answer):
                return self._letters(
                    dict(zip(self.statements, answer)) if len(answer) == len(self.statements) else None
                )
            return set().union(*map(self._letters, answer))
        words = [word for word in re.split(r"[\W_]+", answer.lower()) if word not in ("", "and", "und")]
        if words == ["none"]:
            return set()
        if not words or not set("".join(words)) <= set(self.statements):
            raise ValueError
        return set("".join(words))

    def _form(self, *keep):
        from checks import forms

        return forms.statements(self, *keep)


_SEVERAL = (list, tuple, set, frozenset, dict)


class _Open(Exception):
    """The statements that were not judged."""
