"""The figures, one call each; the notebooks show ideas, not plotting code."""

from helpers.plots.live import LiveCurve
from helpers.plots.sampling import batch, keep_curves, noise_frequencies, subsampling, windows
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING, setup

__all__ = ["CENTER", "CONTEXT", "NOISE", "PADDING", "LiveCurve", "batch", "keep_curves", "noise_frequencies", "setup", "subsampling", "windows"]
