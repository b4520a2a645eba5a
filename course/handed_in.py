# Run by python -m course.collect · tests/course/test_collect.py
"""Find the answers in a notebook that was handed in, whatever was done to its cells."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat

import checks
from course import notebook_files, solutions
from course.judging import Job

LARGEST = 2**27  # bytes of a notebook


@dataclass(frozen=True)
class Found:
    """What a notebook holds of one exercise.

    Attributes
    ----------
    job : Job or None
        The answer to run, if there is one.
    verdict : str
        What is said without running anything: ``"not attempted"``, ``"missing: ..."``, a syntax error.
    """

    job: Job | None
    verdict: str = ""


def answers(path: Path) -> dict[str, Found]:
    """The exercises of the notebooks that a file belongs to, in the order of the course, with their answers.

    An answer is the last code cell that defines ``my_NAME`` and is not the empty stub, wherever it stands; else the
    last one that the metadata marks as NAME's answer. It takes along what it uses of other cells: imports, functions
    and constants.

    Raises
    ------
    ValueError
        If the file is no notebook, or nothing in it belongs to an exercise.
    """
    cells = _cells(path)
    names = {name for name in checks.NOTEBOOK for cell in cells if cell.is_of(name)}
    numbers = sorted({checks.NOTEBOOK[name] for name in names})
    if not numbers:
        raise ValueError("no exercises in it")
    return {name: _find(name, cells) for number in numbers for name in checks.NAMES[number]}


@dataclass(frozen=True)
class Cell:
    """A cell, its code as plain Python, and the statements of it; none if it is no code, or no Python."""

    at: int
    kind: str
    source: str
    exercise: str
    role: str
    body: tuple[ast.stmt, ...]
    error: str

    def is_of(self, name: str) -> bool:
        """Whether it belongs to an exercise: by its metadata, or by what it defines."""
        return self.exercise == name or self.defines(name)

    def defines(self, name: str) -> bool:
        """Whether it gives ``my_NAME`` a value, or would if it were code or whole."""
        if self.kind == "code" and not self.error:
            return any(f"my_{name}" in _bound(statement) for statement in self.body)
        return bool(re.search(rf"^\s*(?:async\s+)?(?:def\s+my_{name}\b|my_{name}\s*=[^=])", self.source, re.M))


def _cells(path: Path) -> list[Cell]:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("larger than any notebook of the course")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nb = notebook_files.read(path)
            return [_cell(at, cell) for at, cell in enumerate(nb.cells, 1)]
    except Exception as error:  # a file from outside: whatever is wrong with it
        raise ValueError(f"no notebook: {type(error).__name__}: {error}".split("\n")[0][:200]) from None


def _cell(at: int, cell: nbformat.NotebookNode) -> Cell:
    from IPython.core.inputtransformer2 import TransformerManager

    source, body, error = str(cell.source), (), ""
    exercise, role = (str(cell.metadata.get(key, "")) for key in ("exercise", "role"))
    if cell.cell_type == "code":
        try:
            source = TransformerManager().transform_cell(source)  # %magics become calls, which are left out
            body = tuple(node for node in ast.parse(source).body if not _is_aside(node))
        except Exception as wrong:  # SyntaxError, and what the parser says of code that is too deep
            error = f"{type(wrong).__name__}: {getattr(wrong, 'msg', wrong)}"
    return Cell(at, cell.cell_type, source, exercise, role, body, error)


def _is_aside(node: ast.stmt) -> bool:
    """Whether a statement is a magic or a call of a check: both say nothing of the answer."""
    calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    names = {re.match(r"[\w.]*", ast.unparse(call)).group() for call in calls}
    return isinstance(node, ast.Expr) and any(name == "get_ipython" or name.startswith("checks.") for name in names)


def _find(name: str, cells: list[Cell]) -> Found:
    defining = [cell for cell in cells if cell.kind == "code" and cell.defines(name)]
    marked = [cell for cell in cells if cell.exercise == name and cell.role in ("stub", "solution")]
    written = [cell for cell in defining if _text(cell) not in _stubs().get(name, ())]
    if written:
        cell = written[-1]
    elif defining:
        return Found(None, "not attempted")
    elif any(cell.kind != "code" and cell.defines(name) for cell in cells):
        return Found(None, "missing: the answer stands in a cell that is no code")
    elif [cell for cell in marked if cell.kind == "code" and cell.body or cell.error]:
        return Found(None, marked[-1].error or f"missing: nothing defines my_{name}")
    else:
        return Found(None, f"missing: no cell defines my_{name}")
    if cell.error:
        return Found(None, cell.error)
    return Found(_job(name, cell, cells))


def _text(cell: Cell) -> str:
    return "\n".join(map(ast.unparse, cell.body)) if not cell.error else cell.source


@cache
def _stubs() -> dict[str, set[str]]:
    """The empty answers, as the course hands them out."""
    found: dict[str, set[str]] = {}
    for path in notebook_files.find():
        for name, exercise in solutions.exercises(notebook_files.read(path)).items():
            found.setdefault(name, set()).add(_text(_cell(0, exercise.answer)))
    return found


# -- what an answer uses of other cells


def _job(name: str, answer: Cell, cells: list[Cell]) -> Job:
    """The answer with the statements that define what it uses, and what those use, in the notebook's order."""
    places = sorted(cells, key=lambda cell: (cell.at > answer.at, bool(cell.exercise)))  # the best first
    statements = [
        (cell.at, i, node) for cell in places if cell is not answer for i, node in reversed(list(enumerate(cell.body)))
    ]
    statements.sort(key=lambda found: not isinstance(found[2], (ast.Import, ast.ImportFrom)))  # nobody redefines np
    own = set().union(*map(_bound, answer.body)) if answer.body else set()
    wanted = list(set().union(*map(_used, answer.body)) - own)
    taken, known = {}, own | set(dir(builtins))  # another answer's `list = 5` is no concern of this one
    while wanted:
        used = wanted.pop()
        if used in known:
            continue
        known.add(used)
        for at, i, node in statements:
            if used in _bound(node):
                taken[at, i] = node
                wanted += _used(node)
                break
    taken.update({(at, i): node for at, i, node in statements if _is_star(node)})
    nodes = [node for _, node in sorted(taken.items())]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    before = [ast.unparse(node) for node in nodes if not isinstance(node, (ast.Import, ast.ImportFrom))]
    return Job(name, "\n".join(map(ast.unparse, answer.body)), tuple(imports), tuple(before))


def _is_star(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement defines where it stands."""
    return {name for part in _outer(node) for name in _binds(part)}


def _outer(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that are not within a function or a class of it."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        for part in ast.iter_child_nodes(node):
            yield from _outer(part)


def _binds(part: ast.AST) -> Iterator[str]:
    if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield part.name
    elif isinstance(part, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in part.names)
    elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
        yield part.id


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement takes from around it; a function's own are none of them."""
    tables, used = [symtable.symtable(ast.unparse(node), "<cell>", "exec")], set()
    while tables:
        at = tables.pop()
        tables += at.get_children()
        outermost = at.get_type() == "module"
        used |= {s.get_name() for s in at.get_symbols() if s.is_referenced() and (outermost or s.is_global())}
    return used
