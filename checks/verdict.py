# Used from 01 · tests/checks/test_checks.py
"""What a check says of an answer, and a wrong answer that was foreseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

COLOURS = {"correct": "#009E73", "not attempted": "#8a8a8a"}  # anything else is vermilion


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer, in two steps: where it differs; then, if asked, the mistake behind it.

    Attributes
    ----------
    check : str
        The exercise's name.
    key : str
        ``"correct"``, ``"not attempted"``, or the name of the mistake.
    text : str
        The reason, or where the answer differs, in Markdown-free prose.
    form : callable or None
        Builds a widget that takes the answer, where one can be given without code. ``form(keep)`` tells
        ``keep(text, html)`` of each verdict on what was answered there.
    hint : str
        The second step; empty if there is none.
    asked : bool
        Whether the second step was asked for.
    grid : str
        HTML that shows what ``text`` shows in columns; empty if it shows none.
    """

    check: str
    key: str
    text: str
    form: Callable[..., Any] | None = field(default=None, repr=False, compare=False)
    hint: str = ""
    asked: bool = False
    grid: str = field(default="", repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.key == "correct"

    @property
    def state(self) -> str:
        """``"correct"``, ``"not attempted"`` or ``"not yet"``."""
        return self.key if self.key in COLOURS else "not yet"

    def __str__(self) -> str:
        lines = [f"{self.check}: {self.state}. {self.text}"]
        if self.hint and self.asked:
            lines.append(f"Hint: {self.hint}")
        elif self.hint:
            lines.append(f"For a hint: checks.{self.check}(my_{self.check}, hint=True)")
        return "\n".join(lines)

    def html(self) -> str:
        """The verdict with a coloured edge, the hint folded until it is wanted."""
        colour = COLOURS.get(self.key, "#D55E00")
        body = self.grid or f'<span style="white-space: pre-line">{escape(self.text)}</span>'
        opened = " open" if self.asked else ""
        hint = f"<details{opened}><summary>Hint</summary>{escape(self.hint)}</details>" if self.hint else ""
        return (
            f'<div style="border-left: 4px solid {colour}; padding-left: .7em">'
            f"<b>{escape(self.check)}: {escape(self.state)}.</b> {body}{hint}</div>"
        )

    def _ipython_display_(self) -> None:
        from helpers.controls import control

        if self.form is None or not control.in_session():
            raise NotImplementedError  # IPython turns to the bundle
        control.show(str(self), self.html(), self.form)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        if self.form is None:
            return {"text/plain": str(self), "text/html": self.html()}
        from helpers.controls import control

        return control.bundle(str(self), self.html(), self.form)[0]


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
