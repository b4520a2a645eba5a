# Used from 01 · tests/checks/test_asked.py
"""Widgets that take the answer to a question, for those who have them; the cell above takes it as well.

What was answered last, and the verdict, go to ``keep(text, html)``: they stay where the widget does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any


def _nowhere(text: str, html: str) -> None:
    pass


def _said(answer: Any) -> str:
    """An answer as it stood in the fields."""
    if not isinstance(answer, Mapping):
        return str(answer).strip() or "none"
    return ", ".join(f"({letter}) {'?' if value is None else str(value).lower()}" for letter, value in answer.items())


def _form(fields: list, answer: Callable[[], Any], check: Callable, keep: Callable[[str, str], None]):
    import ipywidgets

    button = ipywidgets.Button(description="Check", layout={"width": "6em"})
    feedback = ipywidgets.HTML(check(None).folds())  # the steps, for who is stuck before the first answer

    def on_click(_):
        given = answer()
        verdict, said = check(given), f"Answered in the form: {_said(given)}"
        feedback.value = verdict.html()
        keep(f"{said}\n{verdict}", f"<p>{escape(said)}</p>{verdict.html()}")

    button.on_click(on_click)
    return ipywidgets.VBox([ipywidgets.HBox([*fields, button]), feedback])


def number(check: Callable, keep: Callable[[str, str], None] = _nowhere):
    """A field for a number, a button and the feedback, as an ``ipywidgets.VBox``."""
    import ipywidgets

    text = ipywidgets.Text(description="Your number", style={"description_width": "initial"}, layout={"width": "17em"})
    return _form([text], lambda: text.value, check, keep)


def statements(check: Callable, keep: Callable[[str, str], None] = _nowhere):
    """A choice for each statement, true, false or not yet judged; a button and the feedback."""
    import ipywidgets

    choices = {
        letter: ipywidgets.Dropdown(
            options=[("?", None), ("true", True), ("false", False)],
            value=None,
            description=f"({letter})",
            style={"description_width": "2em"},
            layout={"width": "7.5em"},
        )
        for letter in check.statements
    }
    return _form(list(choices.values()), lambda: {x: choice.value for x, choice in choices.items()}, check, keep)
