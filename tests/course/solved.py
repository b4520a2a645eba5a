"""The series after a reader has solved it, or half of it; long, and so a lane of ``make test ALL=1``."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest

from course import notebook_files, solutions
from course.lanes import NEWS
from helpers.files import ROOT
from helpers.texts.samples import sample

FOLDER = notebook_files.NOTEBOOKS / solutions.SOLUTIONS
BEFORE, TRAINS = ("01", "02", "03", "04"), ("05",)  # 05 trains with what was written
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="a release for students has no solutions")


def solve(nb, solved, every=1):
    """Put all solutions into a notebook, in place, or every second, as a reader would; returns their names."""
    answers = {name: exercise.answer.source for name, exercise in solutions.exercises(solved).items()}
    names = list(answers)[::every]
    imports = "\n".join(
        line for line in next(c.source for c in solved.cells if c.cell_type == "code").splitlines()[4:] if line.strip()
    )
    for name, exercise in solutions.exercises(nb).items():
        if name in names:
            exercise.answer.source = f"{imports}\n\n{answer_alone(name, answers[name])}"
    return names


def answer_alone(name, source):
    """A solution up to where it defines the answer: what stands below tries it out, with names of its own."""
    last = 0
    for node in ast.parse(source).body:
        targets = getattr(node, "targets", [])
        if f"my_{name}" in (getattr(node, "name", ""), *(getattr(target, "id", "") for target in targets)):
            last = node.end_lineno
    return "\n".join(source.splitlines()[:last])


@pytest.fixture(params=[1, 2], ids=["all solved", "half solved"])
def worked_on(request, tmp_path):
    """A copy of the checkout in which every answer, or every second, is filled in; and the names of those."""
    left = shutil.ignore_patterns(".*", "__pycache__", "build", "data", "checkpoints", "mine")
    shutil.copytree(ROOT, tmp_path, ignore=left, dirs_exist_ok=True)
    if (ROOT / "data").is_dir():
        (tmp_path / "data").symlink_to(ROOT / "data")
    names = []
    for path in notebook_files.find():
        nb = notebook_files.read(path)
        names += solve(nb, notebook_files.read(FOLDER / path.name), every=request.param)
        notebook_files.write(nb, tmp_path / "notebooks" / path.name)
    return tmp_path, names


def test_the_series_when_it_is_solved(worked_on):
    folder, names = worked_on
    env = {**os.environ, "WORD2VEC_MINE": str(folder / "mine"), "PYTHONPATH": str(folder)}
    short = {**env, "WORD2VEC_CORPUS": str(sample(NEWS))}  # what was written trains as well on a text of 57,055 tokens
    ran = {}
    for numbers, around in ((BEFORE, env), (TRAINS, short)):
        build = folder / "build" / numbers[0]
        call([*"-m course.run run --build".split(), build, *numbers], folder, around)
        ran |= {path.stem[:2]: notebook_files.read(path) for path in (build / "notebooks").glob("*.ipynb")}
    call("-m course.solutions check".split(), folder, env)
    assert sorted(ran) == sorted((*BEFORE, *TRAINS))
    for number, nb in ran.items():
        stored = notebook_files.read(notebook_files.find(names=[number])[0])
        for name, exercise in solutions.exercises(nb).items():
            wanted = "correct" if name in names else "not attempted"
            assert solutions.verdict(exercise.check).startswith(f"{name}: {wanted}"), solutions.verdict(exercise.check)
            assert (folder / "mine" / f"{name}.py").is_file() == (name in names), solutions.verdict(exercise.check)
        if notebook_files.lane(nb) == "strict" and env.get("WORD2VEC_CORPUS", "ptb") == "ptb":
            # Whatever was written, nothing else changes.
            for cell, before in zip(nb.cells, stored.cells):
                if cell.cell_type == "code" and "exercise" not in cell.metadata and "progress(" not in cell.source:
                    assert texts(cell) == texts(before), cell.source


def call(arguments, folder, env):
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def texts(cell):
    found = [output.get("text") or output.get("data", {}).get("text/plain") or "" for output in cell.outputs]
    return [re.sub(r"^corpus: .*\n", "", text) for text in found]  # the line says why this corpus was taken
