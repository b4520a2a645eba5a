"""The products in tiles, against NumPy's; a row that is asked for ahead."""

import numpy as np
import pytest
from numba import njit

from helpers.engines import tiles

SIZES = [(4, 4, 16), (16, 36, 112), (8, 12, 48)]


@pytest.fixture(params=SIZES, ids=str)
def made(rng, request):
    """Two arrays of rows; weights, some tiles of which hold zeros alone and some a single number."""
    B, R, P = request.param
    weight = rng.normal(size=(B, R)).astype(np.float32)
    for i in range(0, B, 4):
        for j in range(0, R, 4):
            if (i + j) % 3:
                weight[i : i + 4, j : j + 4] = 0
            if (i + j) % 3 == 1:
                weight[i + rng.integers(4), j + rng.integers(4)] = 2
    return *(rng.normal(size=(n, P)).astype(np.float32) for n in (B, R)), weight


def test_scores_are_products_where_a_tile_has_a_weight(made):
    X, U, weight = made
    out = np.full(weight.shape, 7, np.float32)
    tiles.scores(X, U, weight, out)
    B, R = weight.shape
    wanted = np.repeat(np.repeat(weight.reshape(B // 4, 4, R // 4, 4).any(axis=(1, 3)), 4, axis=0), 4, axis=1)
    assert np.allclose(out, np.where(wanted, X @ U.T, 7), atol=1e-4)


def test_sums_of_rows_are_products_either_way(made):
    X, U, weight = made
    for E, rows in ((weight, U), (weight.T, X)):
        total = np.full((len(E), X.shape[1]), 7, np.float32)
        tiles.combine(E, rows, total)
        assert np.allclose(total, E @ rows, atol=1e-4)


def test_a_number_that_is_none_is_not_lost(rng):
    X, U, weight = (rng.normal(size=shape).astype(np.float32) for shape in ((4, 16), (4, 16), (4, 4)))
    X[2, 5], out, total = np.nan, np.zeros((4, 4), np.float32), np.zeros((4, 16), np.float32)
    tiles.scores(X, U, weight, out)
    assert np.isnan(out).tolist() == [[i == 2] * 4 for i in range(4)]
    tiles.combine(weight, X, total)
    assert np.isnan(total).tolist() == [[d == 5 for d in range(16)]] * 4


def test_compiled_code_asks_and_changes_nothing(rng):
    table = rng.normal(size=(5, 3 * tiles.LINE + 1)).astype(np.float32)
    before = table.copy()
    assert tiles.prefetch(table, 3) is None

    @njit
    def ahead(table, row):
        tiles.prefetch(table, row)

    ahead(table, 3)
    ahead(table, np.int32(4))
    assert np.array_equal(table, before)
    assert "call void @llvm.prefetch" in ahead.inspect_llvm(ahead.signatures[0])
