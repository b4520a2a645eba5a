# Used from 01 · notebooks/01_embeddings.ipynb
"""Colours and defaults of every figure: the same role has the same colour in all notebooks."""

from __future__ import annotations

import matplotlib as mpl

# From the colour-blind-safe set of Okabe and Ito.
BLUE, GREEN, VERMILION, ORANGE, PURPLE, SKY = "#0072B2", "#009E73", "#D55E00", "#E69F00", "#CC79A7", "#56B4E9"
GREY = "#D9D9D9"
CENTER, CONTEXT, NOISE, PADDING = BLUE, GREEN, VERMILION, GREY


def setup() -> None:
    """Set the defaults of matplotlib for these notebooks; PNG figures, also after d2l has asked for SVG."""
    mpl.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "legend.frameon": False,
        }
    )
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    if get_ipython() is not None:
        set_matplotlib_formats("png")
