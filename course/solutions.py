"""Exercises and their worked solutions: that they agree, and a release for students without the solutions.

python -m course.solutions check       every exercise has its solution, of the same name, form and check
python -m course.solutions students    build/students/ and build/students.zip, without notebooks/solutions/
python -m course.solutions nbgrader    build/nbgrader/, a course folder for nbgrader: an assignment for each notebook
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course import notebook_files
from helpers.files import ROOT

SOLUTIONS = "solutions"  # the folder beside the notebooks
# What a release leaves out: what a run leaves behind, what may not be passed on, and the solutions.
LEFT_OUT = (".*", "__pycache__", "*.egg-info", "build", "data", "checkpoints", "*.part", "*.zip", SOLUTIONS)
KEPT = (".ci", ".gitignore", ".github")  # of the names that begin with a dot


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
        if form(stub.answer, name) != form(solution.answer, name):
            yield f"{name}: the stub is {form(stub.answer, name)}, the solution {form(solution.answer, name)}"
        if stub.answer.source == solution.answer.source:
            yield f"{name}: the notebook holds the solution"
        if not solution.reasoning:
            yield f"{name}: the solution gives no reasoning"
        if "not attempted" not in verdict(stub.check):
            yield f"{name}: unsolved, its check says {verdict(stub.check)!r}"
        if not verdict(solution.check).startswith(f"{name}: correct"):
            yield f"{name}: solved, its check says {verdict(solution.check)!r}"


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


def students(root: Path, target: Path) -> Path:
    """Copy the project without solutions, data and what runs leave behind; replace what was there.

    Returns
    -------
    Path
        A zip file beside the folder ``target``, with the same content.
    """
    everything = shutil.ignore_patterns(*LEFT_OUT)

    def ignored(folder, names):
        return everything(folder, names) - set(KEPT)

    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root, target, ignore=ignored)
    return Path(shutil.make_archive(str(target), "zip", target.parent, target.name))


def for_nbgrader(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with nbgrader's metadata: answers to be filled in, checks that grade them, one point each.

    Works in place. A check becomes an assertion, for a verdict is true where the answer is correct.
    """
    for name, exercise in exercises(nb).items():
        common = {"schema_version": 3, "locked": False, "task": False}
        exercise.answer.metadata["nbgrader"] = {
            **common,
            "grade": False,
            "solution": True,
            "grade_id": f"answer-{name}",
        }
        graded = {**common, "locked": True, "grade": True, "solution": False, "points": 1, "grade_id": f"check-{name}"}
        exercise.check.metadata["nbgrader"] = graded
        call = exercise.check.source
        exercise.check.source = f"verdict = {call}\nassert verdict, str(verdict)"
        exercise.check.outputs, exercise.check.execution_count = [], None
    return nb


# The default would replace a stub by a line of its own; ours stay as they are.
NBGRADER_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "two-vectors-per-word"
c.GenerateAssignment.preprocessors = [
    f"nbgrader.preprocessors.{name}" for name in ("LockCells", "ComputeChecksums", "SaveCells", "CheckCellMetadata")
]
"""


def write_nbgrader(folder: Path, target: Path) -> None:
    """Write ``source/NN_name/NN_name.ipynb`` for each notebook of a folder, and ``nbgrader_config.py``."""
    shutil.rmtree(target, ignore_errors=True)
    for path in notebook_files.find(folder):
        place = target / "source" / path.stem / path.name
        place.parent.mkdir(parents=True)
        notebook_files.write(for_nbgrader(notebook_files.read(path)), place)
        if (folder / "images").is_dir():
            shutil.copytree(folder / "images", place.parent / "images")
    notebook_files.replace(target / "nbgrader_config.py", NBGRADER_CONFIG.encode("utf-8"))


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.solutions", description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=("check", "students", "nbgrader"))
    parser.add_argument("--to", type=Path, help="where the release goes (default: build/ and the verb)")
    args = parser.parse_args(argv)
    target = (args.to or ROOT / "build" / args.verb).resolve()
    if args.verb == "nbgrader":
        write_nbgrader(notebook_files.NOTEBOOKS, target)
        print(f"a course folder for nbgrader: {target}")
        return 0
    if args.verb == "students":
        archive = students(ROOT, target)
        print(f"without the solutions: {target} and {archive.name} beside it")
        return 0
    if not (notebook_files.NOTEBOOKS / SOLUTIONS).is_dir():
        print("no solutions here: this is a release for students")
        return 0
    found = check(notebook_files.NOTEBOOKS)
    print("\n".join(found) or "every exercise has its solution, and each check says so")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
