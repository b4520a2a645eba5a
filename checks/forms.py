# Used from 01 · tests/checks/test_asked.py
"""Widgets that take the answer to a question, for those who have them; the cell above takes it as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _form(fields: list, answer: Callable[[], Any], check: Callable):
    import ipywidgets

    button = ipywidgets.Button(description="Check", layout={"width": "6em"})
    feedback = ipywidgets.HTML()

    def on_click(_):
        feedback.value = check(answer()).html()

    button.on_click(on_click)
    return ipywidgets.VBox([ipywidgets.HBox([*fields, button]), feedback])


def number(check: Callable):
    """A field for a number, a button and the feedback, as an ``ipywidgets.VBox``."""
    import ipywidgets

    text = ipywidgets.Text(placeholder="your number", layout={"width": "10em"})
    return _form([text], lambda: text.value, check)


def statements(check: Callable):
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
    return _form(list(choices.values()), lambda: {x: choice.value for x, choice in choices.items()}, check)
