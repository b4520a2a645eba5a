# Used from 01 · tests/helpers/plots
"""The figures, one call each; the notebooks show ideas, not plotting code."""

from helpers.plots.context import attention, claims, layers, mixed_words
from helpers.plots.evaluation import (
    loss_against_score,
    ratings,
    stability,
    sweep,
    two_uncertainties,
)
from helpers.plots.live import LiveCurve
from helpers.plots.loss import bce_curves, one_step, slot_shares
from helpers.plots.maps import seed_counts, tables_compared, word_map
from helpers.plots.page import interactive_map
from helpers.plots.sampling import batch, keep_curves, noise_frequencies, subsampling, windows
from helpers.plots.several import rounds, rules
from helpers.plots.speed import race, road, scaling, time_shares
from helpers.plots.style import CENTER, CONTEXT, NOISE, PADDING, setup
from helpers.plots.subwords import occurrences
from helpers.plots.tables import descents, gradient_rows, lookup, product, score_plane
from helpers.plots.theory import fit_by_dimension, objectives, pair_losses, people, score_scatter
from helpers.plots.training import histories
from helpers.plots.uses import association, classifier, neighbours_kept

__all__ = [
    "CENTER",
    "CONTEXT",
    "NOISE",
    "PADDING",
    "LiveCurve",
    "association",
    "attention",
    "batch",
    "bce_curves",
    "claims",
    "classifier",
    "descents",
    "fit_by_dimension",
    "gradient_rows",
    "histories",
    "interactive_map",
    "keep_curves",
    "layers",
    "lookup",
    "loss_against_score",
    "mixed_words",
    "neighbours_kept",
    "noise_frequencies",
    "objectives",
    "occurrences",
    "one_step",
    "pair_losses",
    "people",
    "product",
    "race",
    "ratings",
    "road",
    "rounds",
    "rules",
    "scaling",
    "score_plane",
    "score_scatter",
    "seed_counts",
    "setup",
    "slot_shares",
    "stability",
    "subsampling",
    "sweep",
    "tables_compared",
    "time_shares",
    "two_uncertainties",
    "windows",
    "word_map",
]
