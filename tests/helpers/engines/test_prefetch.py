"""A row that is asked for ahead: the instruction is there, and nothing changes."""

import numpy as np
from numba import njit

from helpers.engines.prefetch import LINE, prefetch


def test_compiled_code_asks_and_changes_nothing(rng):
    table = rng.normal(size=(5, 3 * LINE + 1)).astype(np.float32)
    before = table.copy()
    assert prefetch(table, 3) is None

    @njit
    def ahead(table, row):
        prefetch(table, row)

    ahead(table, 3)
    ahead(table, np.int32(4))
    assert np.array_equal(table, before)
    assert "call void @llvm.prefetch" in ahead.inspect_llvm(ahead.signatures[0])
