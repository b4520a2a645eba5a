# Used from 02 · tests/checks/test_mine.py
"""What you wrote and a check passed: kept in mine/, a file for each answer, and handed out again in any notebook.

>>> from checks import mine
>>> score = mine.skip_gram  # yours, or the course's own; a line says which
skip_gram: the course's own, as yours is not written yet

The folder is ``mine/`` beside the notebooks' folder, or what the variable WORD2VEC_MINE names. Git ignores it, and no
command of the course deletes it.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import linecache
import os
import symtable
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from helpers.files import ROOT, atomic_write

HEAD = (
    '"""The answer to the exercise {name}, as it passed its check. Change it in the notebook and check it again."""\n'
)
_given: dict[str, tuple] = {}  # what was handed out in this kernel: the file's time, None without one, and the piece


class Piece(NamedTuple):
    """What is handed out under an exercise's name, and a line that says whose it is."""

    value: Any
    yours: bool
    line: str


def folder() -> Path:
    """Where answers are kept."""
    return Path(os.environ.get("WORD2VEC_MINE", "").strip() or ROOT / "mine").expanduser()


def done() -> set[str]:
    """Names of the exercises whose answers are kept."""
    from checks import NOTEBOOK

    return {path.stem for path in folder().glob("*.py")} & NOTEBOOK.keys()


def keep(name: str, answer: Any) -> str | None:
    """Keep an answer that a check found right, with the imports, functions and constants that it needs.

    Only what a notebook defined is kept, and only if it passes its check by itself, without that notebook.

    Returns
    -------
    str or None
        What to tell the reader if nothing was kept; None otherwise. Raises nothing.
    """
    shell = _shell()
    if shell is None:
        return None
    try:
        source = _function(name, answer, shell) if callable(answer) else f"my_{name} = {_literal(answer)}\n"
        source = HEAD.format(name=name) + source
        if not _check(name).verdict(_run(source, f"{name}.py", f"my_{name}")):
            raise _NotKept("by itself, without this notebook, it does not pass")
        with atomic_write(folder() / f"{name}.py") as part:
            part.write_text(source, encoding="utf-8")
    except _NotKept as why:
        return f"Right, but not kept for later notebooks: {why}."
    except Exception as error:  # a verdict is worth more than a file
        return f"Right, but not kept for later notebooks: {type(error).__name__}: {error}."
    return None


def __getattr__(name: str) -> Callable:
    """The reader's own function of that exercise, or the reference of its check."""
    from checks import NOTEBOOK

    if name not in NOTEBOOK:
        raise AttributeError(f"no exercise is called {name!r}; there are {', '.join(NOTEBOOK)}")
    before = _given.get(name)
    piece = _take(name)
    if _given[name] is not before:
        print(piece.line)
    return piece.value


def _take(name: str) -> Piece:
    path = folder() / f"{name}.py"
    stamp = path.stat().st_mtime_ns if path.is_file() else None
    if name not in _given or _given[name][0] != stamp:
        _given[name] = (stamp, _piece(name, path))
    return _given[name][1]


def _piece(name: str, path: Path) -> Piece:
    if not path.is_file():
        return Piece(_course(name), False, f"{name}: the course's own, as yours is not written yet")
    try:
        return Piece(_run(path.read_text(encoding="utf-8"), str(path), f"my_{name}"), True, f"{name}: yours")
    except Exception as error:
        why = f"{path} does not run ({type(error).__name__}: {error}): check yours again"
        return Piece(_course(name), False, f"{name}: the course's own, for {why}")


def is_yours(name: str) -> bool:
    """Whether `mine` hands out the reader's own answer under that name."""
    return _take(name).yours


def pieces(*names: str) -> types.SimpleNamespace:
    """Several at once, for a loop; each time it is called, one line says whose they are.

    >>> my = pieces("skip_gram", "pad")
    yours: none; the course's own: skip_gram, pad
    """
    found = {name: _take(name) for name in names}
    for piece in found.values():
        if "does not run" in piece.line:
            print(piece.line)
    whose = [", ".join(name for name, piece in found.items() if piece.yours == yours) for yours in (True, False)]
    print(f"yours: {whose[0] or 'none'}; the course's own: {whose[1] or 'none'}")
    return types.SimpleNamespace(**{name: piece.value for name, piece in found.items()})


def course(*names: str) -> types.SimpleNamespace:
    """The course's own, whatever is written: the references of their checks."""
    return types.SimpleNamespace(**{name: _course(name) for name in names})


def _course(name: str) -> Any:
    check = _check(name)
    return getattr(check, "reference", None) or getattr(check, "value", None)


def _check(name: str) -> Any:
    return getattr(importlib.import_module("checks"), name)


def _run(source: str, filename: str, name: str) -> Any:
    """What a kept file defines under a name."""
    module = types.ModuleType(f"mine.{name}")
    exec(compile(source, filename, "exec"), module.__dict__)
    return module.__dict__[name]


# -- from a notebook's cells to a file that stands alone


class _NotKept(Exception):
    """Why an answer cannot be kept, as the end of a sentence."""


def _shell():
    """The notebook's kernel; None anywhere else."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _literal(value: Any) -> str:
    """A number, a text or a collection of such as Python writes it."""
    if hasattr(value, "tolist"):  # NumPy and PyTorch
        value = value.tolist()
    try:
        ast.literal_eval(repr(value))
    except (ValueError, SyntaxError):
        return repr(str(value))
    return repr(value)


def _function(name: str, answer: Callable, shell) -> str:
    """Source that defines ``my_`` and the name: the answer's cells, and what they need of other cells."""
    names = [key for key, value in shell.user_ns.items() if value is answer and not key.startswith("_")]
    names.sort(key=lambda key: key != f"my_{name}")
    if not names:
        raise _NotKept("it has no name; give it one, as in the cell above")
    cells = [shell.transform_cell(cell) for cell in shell.user_ns.get("_ih", []) if cell] or _compiled()
    found: dict[str, str] = {}
    _gather(names[0], _definitions(cells), shell.user_ns, found)
    # A future import must come first, an import before what uses it.
    lines = sorted(dict.fromkeys(found.values()), key=lambda line: not line.startswith(("import ", "from ")))
    text = "\n\n".join(lines)
    return text + ("" if names[0] == f"my_{name}" else f"\n\nmy_{name} = {names[0]}") + "\n"


def _compiled() -> list[str]:
    """Cells that were compiled, for a kernel that keeps no history, as nbval's."""
    entries = [(name, entry) for name, entry in linecache.cache.items() if len(entry) == 4]
    return ["".join(entry[2]) for name, entry in entries if "ipykernel" in name or "ipython-input" in name]


def _gather(name: str, definitions: dict[str, str], namespace: dict, found: dict[str, str]) -> None:
    """Put the statement that defines a name into ``found``, after those that it needs."""
    if name in found or name not in namespace:
        return
    statement, value = definitions.get(name), namespace[name]
    if statement is None and isinstance(value, types.ModuleType):
        statement = f"import {value.__name__} as {name}"
    if statement is None:
        raise _NotKept(f"no cell defines {name}")
    found[name] = ""  # a function may call itself
    for other in _globals(statement):
        if other in definitions or not hasattr(builtins, other):
            _gather(other, definitions, namespace, found)
    del found[name]
    found[name] = statement


def _definitions(cells: list[str]) -> dict[str, str]:
    """For each name the last top-level statement, of the cells that were run, that defines it."""
    found = {}
    for cell in cells:
        try:
            tree = ast.parse(cell)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    one = ast.Import([alias])
                    if isinstance(node, ast.ImportFrom):
                        one = ast.ImportFrom(node.module, [alias], node.level)
                    found[alias.asname or alias.name.partition(".")[0]] = ast.unparse(one)
                continue
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            source = "\n".join(cell.splitlines()[start - 1 : node.end_lineno])
            found |= dict.fromkeys(_defined(node), source)
    return found


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {x.id for target in targets for x in ast.walk(target) if isinstance(x, ast.Name)}
    return set()


def _globals(statement: str) -> list[str]:
    """Names that a statement reads and does not define itself, in functions inside it as well."""
    found = {}

    def walk(table):
        for symbol in table.get_symbols():
            top = table.get_type() == "module"
            if symbol.is_referenced() and (top or symbol.is_global()):
                found[symbol.get_name()] = None
        for child in table.get_children():
            walk(child)

    walk(symtable.symtable(statement, "<answer>", "exec"))
    return list(found)
