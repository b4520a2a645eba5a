"""The figures, one call each; the notebooks show ideas, not plotting code."""

from helpers.plots.live import LiveCurve
from helpers.plots.loss import bce_curves, float_limits, one_step, slot_shares
from helpers.plots.maps import interactive_map, seed_counts, small_maps, tables_compared, word_map
from helpers.plots.sampling import batch, keep_curves, noise_frequencies, subsampling, windows
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING, setup
from helpers.plots.tables import descents, gradient_rows, lookup, product, score_plane
from helpers.plots.training import histories

__all__ = [
    "CENTER",
    "CONTEXT",
    "NOISE",
    "PADDING",
    "LiveCurve",
    "batch",
    "bce_curves",
    "descents",
    "float_limits",
    "gradient_rows",
    "histories",
    "interactive_map",
    "keep_curves",
    "lookup",
    "noise_frequencies",
    "one_step",
    "product",
    "score_plane",
    "seed_counts",
    "setup",
    "slot_shares",
    "small_maps",
    "subsampling",
    "tables_compared",
    "windows",
    "word_map",
]
