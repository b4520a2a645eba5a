"""The figures, one call each; the notebooks show ideas, not plotting code."""

from helpers.plots.live import LiveCurve
from helpers.plots.sampling import batch, keep_curves, noise_frequencies, subsampling, windows
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING, setup
from helpers.plots.training import histories

__all__ = [
    "CENTER",
    "CONTEXT",
    "NOISE",
    "PADDING",
    "LiveCurve",
    "batch",
    "histories",
    "keep_curves",
    "noise_frequencies",
    "setup",
    "subsampling",
    "windows",
]
