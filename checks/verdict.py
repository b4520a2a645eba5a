# Used from 01 · tests/checks/test_checks.py
"""What a check says of an answer, and a wrong answer that was foreseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from helpers.controls.control import WIDGET

COLOURS = {"correct": "#009E73", "not attempted": "#8a8a8a"}  # anything else is vermilion


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer.

    Attributes
    ----------
    check : str
        The exercise's name.
    key : str
        ``"correct"``, ``"not attempted"``, or the name of the mistake.
    text : str
        The reason or the hint, in Markdown-free prose.
    form : callable or None
        Builds a widget that takes the answer, where one can be given without code.
    """

    check: str
    key: str
    text: str
    form: Callable[[], Any] | None = field(default=None, repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.key == "correct"

    def __str__(self) -> str:
        state = self.key if self.key in COLOURS else "not yet"
        return f"{self.check}: {state}. {self.text}"

    def html(self) -> str:
        """The verdict as a line with a coloured edge."""
        colour = COLOURS.get(self.key, "#D55E00")
        state = self.key if self.key in COLOURS else "not yet"
        return (
            f'<div style="border-left: 4px solid {colour}; padding-left: .7em">'
            f"<b>{escape(self.check)}: {escape(state)}.</b> {escape(self.text)}</div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = {"text/plain": str(self), "text/html": self.html()}
        if self.form is not None:
            try:
                bundle[WIDGET] = self.form()._repr_mimebundle_()[WIDGET]
            except Exception:  # no ipywidgets, or none that this front end can show: the text says how to answer
                pass
        return bundle


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that someone might give, and what helps them.

    Attributes
    ----------
    name : str
    answer : callable or value
        The function with that mistake, or the number that it leads to.
    hint : str
    """

    name: str
    answer: Any
    hint: str
