# Taught in 10 · tests/helpers/engines/test_tiles.py
"""What a block of the CPU kernel asks of the machine: products of small matrices in tiles, and rows ahead of their use.

A tile is four rows by four: eight rows are loaded, and each of their numbers is used four times. The rows that come out
are as long as a multiple of `LANES`, with zeros at the end; their number is a multiple of four.
"""

from __future__ import annotations

from llvmlite import ir
from numba import float32, njit
from numba.core import types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from helpers.engines.compiling import compiled

LANES = 16  # numbers that a loop takes at once, in one register or two
LINE = 16  # float32 numbers in one line of the cache

# Sums may be reordered, which vector units need. NaN and infinity keep their meaning, so that divergence is seen.
REORDER = {"reassoc", "contract", "arcp", "nsz"}


@njit(inline="always")
def _empty(weight, i, j):
    """Whether a tile of ``weight`` holds only zeros."""
    for k in range(i, i + 4):
        if weight[k, j] != 0 or weight[k, j + 1] != 0 or weight[k, j + 2] != 0 or weight[k, j + 3] != 0:
            return False
    return True


@compiled(fastmath=REORDER)
def scores(X, U, weight, out):
    """out[i, j] = X[i] . U[j], for the tiles in which a pair has a weight. The others are left as they were."""
    D = U.shape[1] // LANES * LANES  # so that the compiler knows it for a multiple
    for i in range(0, len(X), 4):
        for j in range(0, len(U), 4):
            if _empty(weight, i, j):
                continue
            a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = e0 = e1 = e2 = e3 = float32(0)
            for d in range(D):
                x0, x1, x2, x3 = X[i, d], X[i + 1, d], X[i + 2, d], X[i + 3, d]
                a, b, c, e = U[j, d], U[j + 1, d], U[j + 2, d], U[j + 3, d]
                a0, a1, a2, a3 = a0 + a * x0, a1 + a * x1, a2 + a * x2, a3 + a * x3
                b0, b1, b2, b3 = b0 + b * x0, b1 + b * x1, b2 + b * x2, b3 + b * x3
                c0, c1, c2, c3 = c0 + c * x0, c1 + c * x1, c2 + c * x2, c3 + c * x3
                e0, e1, e2, e3 = e0 + e * x0, e1 + e * x1, e2 + e * x2, e3 + e * x3
            out[i, j], out[i, j + 1], out[i, j + 2], out[i, j + 3] = a0, b0, c0, e0
            out[i + 1, j], out[i + 1, j + 1], out[i + 1, j + 2], out[i + 1, j + 3] = a1, b1, c1, e1
            out[i + 2, j], out[i + 2, j + 1], out[i + 2, j + 2], out[i + 2, j + 3] = a2, b2, c2, e2
            out[i + 3, j], out[i + 3, j + 1], out[i + 3, j + 2], out[i + 3, j + 3] = a3, b3, c3, e3


@compiled(fastmath=REORDER)
def combine(E, U, total):
    """total[i] = sum over j of E[i, j] U[j]; tiles of E that hold only zeros are passed over."""
    D = U.shape[1] // LANES * LANES
    total[:] = 0
    for i in range(0, len(total), 4):
        for j in range(0, len(U), 4):
            if _empty(E, i, j):
                continue
            a0, b0, c0, e0 = E[i, j], E[i, j + 1], E[i, j + 2], E[i, j + 3]
            a1, b1, c1, e1 = E[i + 1, j], E[i + 1, j + 1], E[i + 1, j + 2], E[i + 1, j + 3]
            a2, b2, c2, e2 = E[i + 2, j], E[i + 2, j + 1], E[i + 2, j + 2], E[i + 2, j + 3]
            a3, b3, c3, e3 = E[i + 3, j], E[i + 3, j + 1], E[i + 3, j + 2], E[i + 3, j + 3]
            for d in range(D):
                a, b, c, e = U[j, d], U[j + 1, d], U[j + 2, d], U[j + 3, d]
                total[i, d] += a0 * a + b0 * b + c0 * c + e0 * e
                total[i + 1, d] += a1 * a + b1 * b + c1 * c + e1 * e
                total[i + 2, d] += a2 * a + b2 * b + c2 * c + e2 * e
                total[i + 3, d] += a3 * a + b3 * b + c3 * c + e3 * e


def prefetch(table, row):
    """Begin to load a row of a C-contiguous float32 table into the second cache; in compiled code alone.

    It reads and changes nothing that a program sees. In Python it does nothing.
    """


@overload(prefetch, inline="always")
def _compiled(table, row):
    def each_line(table, row):
        for d in range(0, table.shape[1], LINE):
            _line(table, row, d)

    return each_line


@intrinsic
def _line(context, table, row, d):
    """LLVM's instruction for one line: to read (0), kept in the second cache (2), data (1)."""

    def generate(context, builder, signature, args):
        array = make_array(signature.args[0])(context, builder, args[0])
        place = builder.add(builder.mul(args[1], builder.extract_value(array.shape, 1)), args[2])
        pointer = builder.bitcast(builder.gep(array.data, [place]), ir.IntType(8).as_pointer())
        i32 = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, i32, i32, i32])
        name = "llvm.prefetch.p0"
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        builder.call(function, [pointer, i32(0), i32(2), i32(1)])
        return context.get_dummy_value()

    return types.void(table, types.int64, types.int64), generate
