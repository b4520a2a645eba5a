"""The figures, one call each; the notebooks show ideas, not plotting code."""

from helpers.plots.live import LiveCurve
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING, setup

__all__ = ["CENTER", "CONTEXT", "NOISE", "PADDING", "LiveCurve", "setup"]
