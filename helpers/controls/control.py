# Used from 03 · tests/helpers/controls/test_controls.py
"""Two outputs for two cases: the picture or table that a page keeps, and the widget that hides it where it lives."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib.pyplot as plt

from helpers.plots import showing

WIDGET = "application/vnd.jupyter.widget-view+json"  # the MIME type under which a front end finds a widget

Still = bytes | str  # a PNG, or HTML
Keep = Callable[[str, Still], None]

# Run where a widget has come to be in a page, at ``this``. ipywidgets gives a slider's handle no name, and as its value
# an option's index; radio buttons are no group; a new answer or picture is not announced. Views come late and change.
NAMES = """
const box = this.closest('.widget-vbox');
const name = () => {
  for (const row of box.querySelectorAll('.widget-slider')) {
    const label = row.querySelector('.widget-label').textContent;
    const handle = row.querySelector('[role=slider]');
    const readout = row.querySelector('.widget-readout');
    if (handle) {
      handle.setAttribute('aria-label', label);
      handle.setAttribute('aria-valuetext', readout.textContent);
    }
    if (readout.isContentEditable) {
      readout.setAttribute('role', 'textbox');
      readout.setAttribute('aria-label', label + ', as a number');
    }
  }
  for (const row of box.querySelectorAll('.widget-radio')) {
    const group = row.querySelector('.widget-radio-box');
    group.setAttribute('role', 'radiogroup');
    group.setAttribute('aria-label', row.querySelector('.widget-label').textContent);
  }
  for (const answer of box.querySelectorAll('.widget-html-content')) answer.setAttribute('aria-live', 'polite');
};
new MutationObserver(name).observe(box, {childList: true, subtree: true});
name();
"""


@dataclass(frozen=True)
class Control:
    """What a cell shows.

    Attributes
    ----------
    text : str
        What is to be seen in the still form, with its numbers: for those who see neither picture nor widget.
    build : callable
        Returns the widget, a box. Called when the cell is shown.
    still : bytes or str
        A PNG, or HTML: what stays on a stored page.
    """

    text: str
    build: Callable[[], Any]
    still: Still

    def _ipython_display_(self) -> None:
        if not in_session():
            raise NotImplementedError  # IPython turns to the bundle
        show(self.text, self.still, lambda keep: self.build())

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(self.text, self.still, self.build)


def in_session() -> bool:
    """Whether this runs in a kernel that a Jupyter server has started for a notebook in a browser."""
    return showing.in_notebook() and "JPY_SESSION_NAME" in os.environ


def show(text: str, still: Still, build: Callable[[Keep], Any]) -> None:
    """Display the still form and, after it, the widget, which hides it for as long as it is in the page.

    A widget lives no longer than its kernel. When it goes, or when a page is opened without it, the still form is seen.

    Parameters
    ----------
    text : str
        For those who see neither.
    still : bytes or str
        A PNG, or HTML.
    build : callable
        ``build(keep)`` returns the widget. With ``keep(text, still)`` it changes the still form, in place.
    """
    from IPython.display import display

    name = f"still-{uuid.uuid4().hex}"
    data, metadata = _named(text, still, name)
    handle = display(data, metadata=metadata, raw=True, display_id=True)

    def keep(text: str, still: Still) -> None:
        data, metadata = _named(text, still, name)
        handle.update(data, metadata=metadata, raw=True)

    widget = _widget(lambda: build(keep), name)
    if widget:
        display({WIDGET: widget}, raw=True)


def bundle(text: str, still: Still, build: Callable[[], Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The still form and the widget as one output, data and metadata: the front end shows the one that it can show."""
    data, metadata = _still(text, still)
    widget = _widget(build)
    return ({**data, WIDGET: widget} if widget else data), metadata


def _still(text: str, still: Still) -> tuple[dict[str, Any], dict[str, Any]]:
    if isinstance(still, bytes):
        return showing.bundle(still, text)
    return {"text/plain": text, "text/html": still}, {}


def _named(text: str, still: Still, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The still form under a name by which a widget hides it. It hides what JupyterLab writes for a lost widget."""
    data, metadata = _still(text, still)
    child = ".jp-OutputArea-child"
    lost = f"{child}:has(.{name}) + {child} > .jp-OutputArea-output:not(:has(*))"  # text alone, and no element
    style = f"<style>{lost} {{ display: none }}</style>"
    return data | {"text/html": f'{style}<div class="{name}">{data["text/html"]}</div>'}, metadata


def _widget(build: Callable[[], Any], hides: str = "") -> dict[str, Any] | None:
    """What a front end finds a widget by, or None where there is no ipywidgets."""
    try:
        import ipywidgets
    except ImportError:
        return None
    box = build()
    css = f".{hides}, .jp-OutputArea-child:has(.{hides}) {{ display: none }}" if hides else ""
    style = f'<style onload="{escape(" ".join(NAMES.split()))}">{css}</style>'
    box.children = (*box.children, ipywidgets.HTML(style, layout={"display": "none"}))
    return box._repr_mimebundle_()[WIDGET]


def png(figure) -> bytes:
    """A figure as the bytes of a PNG, as large whatever it shows; closed, so that the cell does not show it again."""
    data = showing.png(figure, tight=False)
    plt.close(figure)
    return data


def with_picture(draw: Callable[..., Any], **fields):
    """Fields above a picture that is drawn again whenever one of them changes.

    Parameters
    ----------
    draw : callable
        ``draw(**values)`` returns a matplotlib figure and its alternative text.
    **fields
        A widget for each argument of ``draw``.

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets

    picture = ipywidgets.HTML()

    def again(_=None):
        figure, alt = draw(**{name: field.value for name, field in fields.items()})
        picture.value = showing.tag(png(figure), alt)

    for field in fields.values():
        field.observe(again, names="value")
    again()
    return ipywidgets.VBox([*fields.values(), picture])
