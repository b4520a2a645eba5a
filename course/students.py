# Run by make students · tests/course/test_students.py
"""What students get: the course without the solutions, as a folder and a zip file, or as assignments for nbgrader.

python -m course.students               build/students/ and build/students.zip, without notebooks/solutions/
python -m course.students --nbgrader    build/nbgrader/, a course folder for nbgrader: an assignment for each notebook
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from course import notebook_files
from course.solutions import SOLUTIONS, exercises
from helpers.files import ROOT

# What a release leaves out: what a run leaves behind, what may not be passed on, and the solutions.
LEFT_OUT = (".*", "__pycache__", "*.egg-info", "build", "data", "checkpoints", "*.part", "*.zip", SOLUTIONS)
KEPT = (".ci", ".gitignore", ".github", ".devcontainer")  # of the names that begin with a dot


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
    parser = argparse.ArgumentParser(prog="python -m course.students", description=__doc__.split("\n")[0])
    parser.add_argument("--nbgrader", action="store_true", help="a course folder for nbgrader")
    parser.add_argument("--to", type=Path, help="where it goes (default: build/students or build/nbgrader)")
    args = parser.parse_args(argv)
    target = (args.to or ROOT / "build" / ("nbgrader" if args.nbgrader else "students")).resolve()
    if args.nbgrader:
        write_nbgrader(notebook_files.NOTEBOOKS, target)
        print(f"a course folder for nbgrader: {target}")
    else:
        archive = students(ROOT, target)
        print(f"without the solutions: {target} and {archive.name} beside it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
