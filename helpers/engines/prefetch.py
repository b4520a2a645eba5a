# Used from 10 · tests/helpers/engines/test_prefetch.py
"""Ask for a row of a table before it is needed, so that memory works while the processor computes."""

from __future__ import annotations

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

LINE = 16  # float32 numbers in one line of the cache


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
