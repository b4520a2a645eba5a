# Used from 01 · tests/checks/test_checks.py
"""What a check says of an answer, and a wrong answer that was foreseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from checks import steps

COLOURS = {"correct": "#009E73", "not attempted": "#8a8a8a"}  # anything else is vermilion


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer: where it differs; then, if asked, the mistake behind it, and hints in steps.

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
        The mistake behind it; empty if it is not known.
    asked : int
        How many hints were asked for; True is one.
    grid : str
        HTML that shows what ``text`` shows in columns; empty if it shows none.

    Raises
    ------
    ValueError
        If ``asked`` is neither a bool nor a whole number from 0 on.
    """

    check: str
    key: str
    text: str
    form: Callable[..., Any] | None = field(default=None, repr=False, compare=False)
    hint: str = ""
    asked: int = 0
    grid: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.asked, int) or self.asked < 0:
            raise ValueError(f"hint is True, or how many hints to open: 1, 2 and so on. It was {self.asked!r}.")

    def __bool__(self) -> bool:
        return self.key == "correct"

    @property
    def state(self) -> str:
        """``"correct"``, ``"not attempted"`` or ``"not yet"``."""
        return self.key if self.key in COLOURS else "not yet"

    @property
    def hints(self) -> list[tuple[str, str]]:
        """Name and text of each hint: the mistake, if it is known, then the exercise's steps; none once solved."""
        texts = [] if self else [text for text in (self.hint, *steps.of(self.check)) if text]
        return [("Hint" if len(texts) == 1 else f"Hint {i} of {len(texts)}", text) for i, text in enumerate(texts, 1)]

    def __str__(self) -> str:
        lines = [f"{self.check}: {self.state}. {self.text}"]
        lines += [f"{name}: {text}" for name, text in self.hints[: self.asked]]
        if self.asked < len(self.hints):
            which, number = ("a hint", "True") if not self.asked else ("the next", self.asked + 1)
            lines.append(f"For {which}: checks.{self.check}(my_{self.check}, hint={number})")
        return "\n".join(lines)

    def html(self) -> str:
        """The verdict with a coloured edge, each hint folded until it is wanted."""
        colour = COLOURS.get(self.key, "#D55E00")
        body = self.grid or f'<span style="white-space: pre-line">{escape(self.text)}</span>'
        return (
            f'<div style="border-left: 4px solid {colour}; padding-left: .7em">'
            f"<b>{escape(self.check)}: {escape(self.state)}.</b> {body}{self.folds()}</div>"
        )

    def folds(self) -> str:
        """HTML of the hints, each behind its name, those open that were asked for."""
        parts = []
        for i, (name, text) in enumerate(self.hints):
            opened = " open" if i < self.asked else ""
            parts.append(f"<details{opened}><summary>{name}</summary>{prose(text)}</details>")
        return "".join(parts)

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


def prose(text: str) -> str:
    """A hint as HTML: what stands between backticks is code.

    Examples
    --------
    >>> prose("Is `a` < 0?")
    'Is <code>a</code> &lt; 0?'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


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
