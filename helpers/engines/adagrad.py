# Used in 12 · tests/helpers/test_glove.py
"""AdaGrad over pairs of words, compiled: the steps of `glove.fit_glove`."""

from __future__ import annotations

import numpy as np

from helpers.engines.compiling import compiled
from helpers.engines.tiles import REORDER


@compiled(fastmath=REORDER)
def epoch(rows, columns, logs, weights, order, v, u, b, c, past, lr):
    """One pass of AdaGrad over the pairs; ``past`` holds each number's summed squares. Returns the weighted loss."""
    past_v, past_u, past_b, past_c = past
    loss, D = 0.0, v.shape[1]
    for n in order:
        i, j = rows[n], columns[n]
        row_v, row_u, sum_v, sum_u = v[i], u[j], past_v[i], past_u[j]
        score = b[i] + c[j]
        for d in range(D):
            score += row_v[d] * row_u[d]
        error = score - logs[n]
        loss += weights[n] * error * error
        slope = weights[n] * error
        for d in range(D):
            to_v, to_u = slope * row_u[d], slope * row_v[d]
            sum_v[d] += to_v * to_v
            sum_u[d] += to_u * to_u
            row_v[d] -= lr * to_v / np.sqrt(sum_v[d])
            row_u[d] -= lr * to_u / np.sqrt(sum_u[d])
        past_b[i] += slope * slope
        past_c[j] += slope * slope
        b[i] -= lr * slope / np.sqrt(past_b[i])
        c[j] -= lr * slope / np.sqrt(past_c[j])
    return loss
