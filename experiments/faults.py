# Run by make mutants · tests/experiments/test_mutants.py
"""The faults that `experiments.mutants` plants: small changes of a source, each of which a test should notice."""

from __future__ import annotations

import ast
import contextlib
import copy

SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}  # fmt: skip

EITHER_WAY = ("max", "min", "maximum", "minimum")  # functions of two arguments that may change places


def variants(node: ast.AST):
    """The faults that can be planted in one node: other nodes that may stand in its place."""

    def but(**fields):
        other = copy.copy(node)
        for name, value in fields.items():
            setattr(other, name, value)
        return other

    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            yield but(ops=[SWAPS[type(op)]()])
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPS:
            yield but(op=SWAPS[type(op)]())
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield ast.Constant(value * 2 if value else 1.0)
        case ast.Break() | ast.Continue():
            yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        case ast.Slice(lower=lower, upper=upper):
            yield from [but(lower=None)] * (lower is not None) + [but(upper=None)] * (upper is not None)
        case ast.If(test=test) | ast.IfExp(test=test):
            yield but(test=ast.UnaryOp(ast.Not(), test))
    if isinstance(node, ast.Call):
        args, keywords = node.args, node.keywords
        for i in range(len(args) - 1):
            one, two = args[i : i + 2]
            if isinstance(one, ast.Starred) or isinstance(two, ast.Starred) or ast.dump(one) == ast.dump(two):
                continue
            if not ast.unparse(node.func).endswith(EITHER_WAY):
                yield but(args=[*args[:i], two, one, *args[i + 2 :]])
        yield from (but(keywords=[other for other in keywords if other is not one]) for one in keywords if one.arg)
        if len(args) == 1 and not isinstance(args[0], ast.Starred) and ast.unparse(node.func) != "len":
            yield args[0]  # f(x) -> x
        elif not args and isinstance(node.func, ast.Attribute):
            yield node.func.value  # x.f() -> x
    if isinstance(node, (ast.Expr, ast.AugAssign, ast.Raise)) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Attribute, ast.Subscript))
    ):
        yield ast.Pass()


def taught(tree: ast.AST):
    """The nodes of a module that do something: no docstrings, hints, imports, texts of errors, or ``__repr__``."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.arg)):
            continue
        if isinstance(child, ast.FunctionDef) and child.name in ("__repr__", "__str__"):
            continue
        if isinstance(child, ast.ClassDef) and child.name.endswith(("Error", "Word", "Diverged")):
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        yield child
        if isinstance(child, ast.FunctionDef):
            child = copy.copy(child)
            child.returns, child.decorator_list = None, []
        elif isinstance(child, ast.AnnAssign):
            child = ast.Module([child.value] if child.value else [], [])
        if not isinstance(child, ast.Raise):
            yield from taught(child)


def mutants(source: str):
    """Every fault of a module's source: (line, the text that goes, the text that comes, the faulty source)."""
    code, starts = source.encode(), [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in taught(ast.parse(source)):
        for other in variants(node):
            if isinstance(node, ast.If):  # the test alone is another
                node, other = node.test, other.test
            first, last = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            text = ast.unparse(ast.fix_missing_locations(other))
            if isinstance(other, ast.expr) and not isinstance(other, (ast.Slice, ast.Constant, ast.Name)):
                text = f"({text})"
            faulty = (code[:first] + text.encode() + code[last:]).decode()
            with contextlib.suppress(SyntaxError):
                compile(faulty, "", "exec")
                yield node.lineno, " ".join(code[first:last].decode().split()), text, faulty
