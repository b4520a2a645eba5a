# Run by make solutions-check, make students · tests/course/test_solutions.py
"""Exercises and their worked solutions: that they agree.

python -m course.solutions check       every exercise has its solution, of the same name, form and check
python -m course.solutions sync        tasks and checks are written in the notebooks: put them into the solutions
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course import notebook_files

SOLUTIONS = "solutions"  # the folder beside the notebooks


@dataclass(frozen=True)
class Exercise:
    """One exercise as a notebook has it.

    Attributes
    ----------
    name : str
        Of the exercise and of its check.
    text : str
        The task, Markdown.
    answer, check : NotebookNode
        The cell with the stub or the solution, and the cell with the check.
    reasoning : str
        Empty in the notebook, not in the solutions.
    """

    name: str
    text: str
    answer: nbformat.NotebookNode
    check: nbformat.NotebookNode
    reasoning: str


def exercises(nb: nbformat.NotebookNode) -> dict[str, Exercise]:
    """The exercises of a notebook, in order, from the metadata ``"exercise"`` and ``"role"`` of its cells.

    Raises
    ------
    ValueError
        If an exercise lacks its task, its answer or its check.
    """
    parts: dict[str, dict] = {}
    for cell in nb.cells:
        name = cell.metadata.get("exercise")
        if name and name != "intro":
            parts.setdefault(name, {})[cell.metadata.get("role", "text")] = cell
    found = {}
    for name, cells in parts.items():
        answer = cells.get("stub", cells.get("solution"))
        missing = [part for part, cell in (("task", cells.get("text")), ("answer", answer)) if cell is None]
        if missing or "check" not in cells:
            raise ValueError(f"exercise {name} has no {' and no '.join(missing) or 'check'}")
        reasoning = cells["reasoning"].source if "reasoning" in cells else ""
        found[name] = Exercise(name, cells["text"].source, answer, cells["check"], reasoning)
    return found


def form(cell: nbformat.NotebookNode, name: str) -> str:
    """What an answer defines: ``my_pad(rows)`` for a function, ``my_rate`` for a value.

    Raises
    ------
    ValueError
        If it defines no ``my_`` and the name.
    """
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef) and node.name == f"my_{name}":
            return f"{node.name}({ast.unparse(node.args)})"
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"my_{name}":
            return f"my_{name}"
    raise ValueError(f"the answer of exercise {name} defines no my_{name}")


def is_open(cell: nbformat.NotebookNode) -> bool:
    """Whether an answer's cell is as the course gives it: ``my_...`` is a function of ``...``, or ``None``.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell
    >>> is_open(new_code_cell("def my_pad(rows):\\n    ...")), is_open(new_code_cell("my_rate = 3"))
    (True, False)
    """
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return False
    answers = [node.body[-1] for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("my_")]
    answers += [n for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]).startswith("my_")]
    values = [getattr(answer, "value", None) for answer in answers]
    return bool(values) and all(isinstance(x, ast.Constant) and x.value in (None, ...) for x in values)


def verdict(cell: nbformat.NotebookNode) -> str:
    """What the stored output of a check says, or an empty text."""
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def disagreements(nb: nbformat.NotebookNode, solved: nbformat.NotebookNode) -> Iterator[str]:
    """What differs between the exercises of a notebook and their solutions, beside the answers."""
    stubs, solutions = exercises(nb), exercises(solved)
    if list(stubs) != list(solutions):
        yield f"the exercises are {', '.join(stubs)}; the solutions are of {', '.join(solutions)}"
    for name in [name for name in stubs if name in solutions]:
        stub, solution = stubs[name], solutions[name]
        if stub.text != solution.text:
            yield f"{name}: the task differs"
        if stub.check.source != solution.check.source:
            yield f"{name}: the check differs"
        asked, given = form(stub.answer, name), form(solution.answer, name)
        if is_open(stub.answer) and asked != given:
            yield f"{name}: the stub is {asked}, the solution {given}"
        if not solution.reasoning:
            yield f"{name}: the solution gives no reasoning"
        if is_open(stub.answer) and "not attempted" not in verdict(stub.check):
            yield f"{name}: unsolved, its check says {verdict(stub.check)!r}"
        if not verdict(solution.check).startswith(f"{name}: correct"):
            yield f"{name}: solved, its check says {verdict(solution.check)!r}"


def refuse_solved(path: Path, nb: nbformat.NotebookNode) -> None:
    """Raise ValueError if a notebook that is to be stored or handed out has an answer in it."""
    answered = [name for name, exercise in exercises(nb).items() if not is_open(exercise.answer)]
    if answered and path.parent.name != SOLUTIONS:
        raise ValueError(f"{path.name} holds answers ({', '.join(answered)}): put the stubs back")


def sync(nb: nbformat.NotebookNode, solved: nbformat.NotebookNode) -> bool:
    """Put the tasks and the checks of a notebook into its solutions, in place; whether anything changed."""
    before = [cell.source for cell in solved.cells]
    solutions = exercises(solved)
    for name, exercise in exercises(nb).items():
        for cell in solved.cells:
            if cell.metadata.get("exercise") == name and "role" not in cell.metadata and name in solutions:
                cell.source = exercise.text
        if name in solutions:
            solutions[name].check.source = exercise.check.source
    return before != [cell.source for cell in solved.cells]


def check(folder: Path) -> list[str]:
    """All disagreements in a folder of notebooks, each with the notebook's name."""
    found = []
    names = {path.name for path in notebook_files.find(folder)}
    solved = {path.name for path in notebook_files.find(folder / SOLUTIONS)}
    found += [f"{name}: no solutions" for name in sorted(names - solved)]
    found += [f"{name}: solutions of no notebook" for name in sorted(solved - names)]
    for name in sorted(names & solved):
        pair = (notebook_files.read(folder / name), notebook_files.read(folder / SOLUTIONS / name))
        try:
            found += [f"{name}: {line}" for line in disagreements(*pair)]
        except ValueError as error:
            found.append(f"{name}: {error}")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.solutions", description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=("check", "sync"))
    args = parser.parse_args(argv)
    folder = notebook_files.NOTEBOOKS
    if not (folder / SOLUTIONS).is_dir():
        print("no solutions here: this is a release for students")
        return 0
    if args.verb == "sync":
        for path in notebook_files.find(folder / SOLUTIONS):
            solved = notebook_files.read(path)
            if sync(notebook_files.read(folder / path.name), solved):
                notebook_files.write(solved, path)
                print(f"{path.name}: tasks and checks as in the notebook; store it anew")
        return 0
    found = check(folder)
    print("\n".join(found) or "every exercise has its solution, and each check says so")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
