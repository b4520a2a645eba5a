# Run by make students · tests/course/test_students.py
"""What students get: the course without the solutions, as a folder and a zip file, or as assignments for nbgrader.

python -m course.students               build/students/ and build/students.zip, without notebooks/solutions/
python -m course.students --nbgrader    build/nbgrader/, a course folder for nbgrader: an assignment for each notebook
"""

from __future__ import annotations

import argparse
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from course import notebook_files
from course.folders import COMMENT, LOCK, MARKER, NotOurs, apart, is_our_zip, own_folder
from course.site import ALONG
from course.solutions import SOLUTIONS, exercises, refuse_solved
from helpers.files import ROOT, atomic_write

# What a release leaves out: what a run leaves behind, what may not be passed on, the solutions, and the answers that
# the checks are tested with.
LEFT_OUT = (".*", "__pycache__", "*.egg-info", "build", "data", "checkpoints", "mine", "*.part", "*.zip", SOLUTIONS)
LEFT_OUT += ("answers_[0-9]*.py", "test_answers.py")
COMMAND = "course.students"
KEPT = (".ci", ".gitignore", ".github", ".devcontainer")  # of the names that begin with a dot


def students(root: Path, target: Path) -> Path:
    """Copy the project without solutions, data and what runs leave behind; an earlier copy of ours is replaced.

    Returns
    -------
    Path
        A zip file beside the folder ``target``, with the same content.

    Raises
    ------
    NotOurs
        If ``target`` or the zip file is there and was not made by this function; nothing was changed.
    """
    archive = apart(target).with_name(f"{target.name}.zip")
    if any("\ud800" <= letter <= "\udfff" for letter in target.name):
        raise NotOurs(f"{target.name!r} is not UTF-8, as names in a zip file are: give another folder")
    if archive.exists() and not is_our_zip(archive):
        raise NotOurs(f"{archive} is there and was not made by {COMMAND}: move it away, or give another folder")
    everything = shutil.ignore_patterns(*LEFT_OUT)

    def ignored(folder, names):
        itself = {name for name in names if (Path(folder) / name).resolve() == target.resolve()}
        return (everything(folder, names) - set(KEPT)) | itself

    with own_folder(target, COMMAND) as copy:
        shutil.copytree(root, copy, ignore=ignored, dirs_exist_ok=True, ignore_dangling_symlinks=True)
        with atomic_write(archive) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
            out.comment = COMMENT
            for path in sorted(path for path in copy.rglob("*") if path.name not in (MARKER, LOCK)):
                out.write(path, Path(target.name) / path.relative_to(copy))
    return archive


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
    """Write ``source/NN_name/NN_name.ipynb`` for each notebook of a folder, and ``nbgrader_config.py``.

    What nbgrader and the teacher have put beside ``source`` stays, and so does a configuration that was changed.

    Raises
    ------
    NotOurs
        If ``target`` holds anything and no ``source`` of ours, or ``source`` holds what is not ours.
    """
    source, config = apart(target) / "source", target / "nbgrader_config.py"
    if target.exists() and any(target.iterdir()) and not (source / MARKER).is_file():
        raise NotOurs(f"{target} holds what {COMMAND} did not make: give a new or an empty folder")
    with own_folder(source, f"{COMMAND} --nbgrader"):
        for path in notebook_files.find(folder):
            place = source / path.stem / path.name
            notebook_files.write(for_nbgrader(notebook_files.read(path)), place)
            for along in ALONG:
                if (folder / along).is_dir():
                    shutil.copytree(folder / along, place.parent / along)
    if not config.exists():
        notebook_files.replace(config, NBGRADER_CONFIG.encode("utf-8"))


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.students", description=__doc__.split("\n")[0])
    parser.add_argument("--nbgrader", action="store_true", help="a course folder for nbgrader")
    parser.add_argument("--to", type=Path, help="where it goes (default: build/students or build/nbgrader)")
    args = parser.parse_args(argv)
    target = (args.to or ROOT / "build" / ("nbgrader" if args.nbgrader else "students")).resolve()
    try:
        for path in notebook_files.find():
            refuse_solved(path, notebook_files.read(path))
        if args.nbgrader:
            write_nbgrader(notebook_files.NOTEBOOKS, target)
            print(f"a course folder for nbgrader: {target}")
        else:
            archive = students(ROOT, target)
            print(f"without the solutions: {target} and {archive.name} beside it")
    except (NotOurs, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
