# Used from 01 · tests/helpers/plots/test_showing.py
"""A figure as a cell shows it: two pixels a CSS pixel, and an alternative text for who does not see it."""

from __future__ import annotations

import base64
import html
import io
import os
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import FigureBase

from helpers.arguments import checked, flag, instance, text

DENSITY = 2  # pixels of the PNG for each CSS pixel
DPI = 100  # CSS pixels for each inch of a figure
COLORS = 256  # of the palette: a picture of a tenth of the size, and no difference to be seen
ALT = "alt"  # in a picture's metadata, as nbconvert and VS Code read it
PNG = instance(bytes, wanted="the bytes of a PNG")


@checked(alt=text())
def show(alt: str) -> None:
    """Show the current figure, as ``plt.show()`` does, with an alternative text.

    Parameters
    ----------
    alt : str
        What is to be seen in it, with its numbers. Plain sentences.
    """
    figure = plt.gcf()
    figure.set_label(alt)
    if not in_notebook():
        plt.show()
        return
    from IPython.display import display

    data, metadata = bundle(png(figure), alt)
    plt.close(figure)
    display(data, metadata=metadata, raw=True)


@checked(figure=instance(FigureBase, wanted="a figure"), tight=flag())
def png(figure, *, tight: bool = True) -> bytes:
    """A figure as the bytes of a PNG with `DENSITY` pixels for each CSS pixel and a palette; it stays open.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    tight : bool
        As large as what is drawn, legends beside the axes too; else as large as the figure, whatever is drawn.
    """
    from PIL import Image

    file, box = io.BytesIO(), "tight" if tight else None
    unpacked = {"compress_level": 0}  # it is packed once, below
    figure.savefig(file, format="png", dpi=DENSITY * DPI, bbox_inches=box, facecolor="white", pil_kwargs=unpacked)
    drawn, small = Image.open(file).convert("RGB"), io.BytesIO()
    whole = Image.new("RGB", tuple(-(-side // DENSITY) * DENSITY for side in drawn.size), "white")  # in CSS pixels too
    whole.paste(drawn)
    whole.quantize(COLORS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


@checked(data=PNG)
def size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in CSS pixels, from its header."""
    return tuple(round(int.from_bytes(data[at : at + 4], "big") / DENSITY) for at in (16, 20))


@checked(data=PNG, alt=text())
def tag(data: bytes, alt: str) -> str:
    """A PNG as HTML that holds it."""
    width, _ = size(data)
    source = base64.b64encode(data).decode("ascii")
    style = "max-width: 100%; height: auto"
    return f'<img alt="{html.escape(alt)}" width="{width}" style="{style}" src="data:image/png;base64,{source}">'


@checked(data=PNG, alt=text())
def bundle(data: bytes, alt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A PNG and its alternative text as what a cell's output holds: data and metadata.

    JupyterLab leaves the metadata's text aside, so in a session of a Jupyter server, and only there, the picture comes
    as HTML too.
    """
    width, height = size(data)
    shown = {"image/png": base64.b64encode(data).decode("ascii"), "text/plain": alt}
    if "JPY_SESSION_NAME" in os.environ:
        shown["text/html"] = tag(data, alt)
    return shown, {"image/png": {ALT: alt, "width": width, "height": height}}


def in_notebook() -> bool:
    """Whether a kernel runs this, whose front end shows pictures."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
