# Used from 03 · tests/helpers/controls/test_controls.py
"""One output for both cases: the widget for a live page, and beside it the picture or table that a page keeps."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt

WIDGET = "application/vnd.jupyter.widget-view+json"  # the MIME type under which a front end finds a widget


@dataclass(frozen=True)
class Control:
    """What a cell shows.

    Attributes
    ----------
    text : str
        For those who see neither picture nor widget.
    build : callable
        Returns the widget. Called when the cell is shown.
    still : bytes or str
        A PNG, or HTML: what stays on a stored page.
    """

    text: str
    build: Callable[[], Any]
    still: bytes | str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": self.text}
        if isinstance(self.still, bytes):
            bundle["image/png"] = base64.b64encode(self.still).decode("ascii")
        else:
            bundle["text/html"] = self.still
        try:
            bundle[WIDGET] = self.build()._repr_mimebundle_()[WIDGET]
        except ImportError:  # no ipywidgets: the still form remains
            pass
        return bundle


def png(figure) -> bytes:
    """A figure as the bytes of a PNG; the figure is closed, so that the cell does not show it again."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100)
    plt.close(figure)
    return file.getvalue()


def with_picture(draw: Callable[..., Any], **fields):
    """Fields above a picture that is drawn again whenever one of them changes.

    Parameters
    ----------
    draw : callable
        ``draw(**values)`` returns a matplotlib figure.
    **fields
        A widget for each argument of ``draw``.

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets

    picture = ipywidgets.Image(format="png")

    def again(_=None):
        picture.value = png(draw(**{name: field.value for name, field in fields.items()}))

    for field in fields.values():
        field.observe(again, names="value")
    again()
    return ipywidgets.VBox([*fields.values(), picture])
