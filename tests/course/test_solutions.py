"""Exercises and solutions agree; what a release for students holds."""

import copy
from pathlib import Path

import nbformat
import notebook_rules as rules
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from solved import solve

import checks
from course import notebook_files, solutions

FOLDER = notebook_files.NOTEBOOKS / solutions.SOLUTIONS
SOLVED = notebook_files.find(FOLDER) if FOLDER.is_dir() else []
needs_solutions = pytest.mark.skipif(not SOLVED, reason="a release for students has no solutions")


def shown(text):
    return [new_output("execute_result", data={"text/plain": text}, execution_count=1)]


def pair():
    """A notebook with one exercise, and its solution."""
    text = (
        "### Exercise 1.1 · Sum\n\n*code, aims 1, 2, 5 minutes*\n\nAdd.\n\n**Deliverable.** A function.\n\n"
        "**Success.** The sum."
    )
    task = new_markdown_cell(text, metadata={"exercise": "total"})
    stub = new_code_cell("def my_total(a, b):\n    ...", metadata={"exercise": "total", "role": "stub"})
    check = new_code_cell("checks.total(my_total)", metadata={"exercise": "total", "role": "check"})
    intro = new_markdown_cell("## Exercises", metadata={"exercise": "intro"})
    nb = new_notebook(cells=copy.deepcopy([new_markdown_cell("Before."), intro, task, stub, check]))
    nb.cells[-1].outputs = shown("total: not attempted. Write it.")
    why = new_markdown_cell("**Reasoning.** Add.", metadata={"exercise": "total", "role": "reasoning"})
    answer = new_code_cell("def my_total(a, b):\n    return a + b", metadata={"exercise": "total", "role": "solution"})
    solved = new_notebook(cells=copy.deepcopy([task, why, answer, check]))
    solved.cells[-1].outputs = shown("total: correct. It is.")
    return nb, solved


def test_a_pair_that_agrees():
    assert list(solutions.disagreements(*pair())) == []


def test_tasks_and_checks_are_written_once():
    nb, solved = pair()
    assert not solutions.sync(nb, solved)
    solved.cells[0].source, solved.cells[3].source = "### Exercise 1.1 · Old", "checks.old(my_total)"
    assert solutions.sync(nb, solved) and list(solutions.disagreements(nb, solved)) == []


def test_a_notebook_that_was_worked_on_is_no_disagreement():
    nb, solved = pair()
    assert solve(nb, new_notebook(cells=[new_code_cell("a\nb\nc\nd\nimport math"), *solved.cells])) == ["total"]
    assert nb.cells[3].source == "import math\n\ndef my_total(a, b):\n    return a + b"
    nb.cells[-1].outputs = shown("total: correct. It is.")
    assert list(solutions.disagreements(nb, solved)) == []
    with pytest.raises(ValueError, match=r"01_one.ipynb holds answers \(total\)"):
        solutions.refuse_solved(Path("01_one.ipynb"), nb)
    solutions.refuse_solved(Path("01_one.ipynb"), pair()[0])
    solutions.refuse_solved(Path("solutions/01_one.ipynb"), nb)


@pytest.mark.parametrize(
    "source", ["my_a = 3", "def my_a(x):\n    return x", "my_a = ", "x = None\nmy_a = x", "import re"]
)
def test_answers_that_are_not_open(source):
    assert not solutions.is_open(new_code_cell(source))


def change(which, index, **values):
    def apply(nb, solved):
        (nb, solved)[which].cells[index].update(nbformat.from_dict(values))

    return apply


def drop(which, *indices):
    def apply(nb, solved):
        cells = (nb, solved)[which].cells
        (nb, solved)[which].cells = [cell for i, cell in enumerate(cells) if i not in indices]

    return apply


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        (drop(1, 0, 1, 2, 3), "the exercises are total; the solutions are of"),
        (change(1, 0, source="### Exercise 1.1 · Product"), "the task differs"),
        (change(1, 3, source="checks.total(my_total, seed=1)"), "the check differs"),
        (change(1, 2, source="def my_total(a, c):\n    return a + c"), "the stub is my_total(a, b), the solution"),
        (drop(1, 1), "gives no reasoning"),
        (change(0, 4, outputs=shown("total: correct. It is.")), "unsolved, its check says"),
        (change(1, 3, outputs=shown("total: not yet. Hm.")), "solved, its check says"),
        (change(1, 3, outputs=[]), "solved, its check says ''"),
    ],
)
def test_a_pair_that_does_not_agree(apply, expected):
    nb, solved = pair()
    apply(nb, solved)
    assert any(expected in line for line in solutions.disagreements(nb, solved))


@pytest.mark.parametrize(
    ("apply", "expected"),
    [(drop(0, 3), "no answer"), (drop(0, 4), "no check"), (drop(0, 2), "no task")],
)
def test_an_exercise_in_pieces(apply, expected):
    nb, solved = pair()
    apply(nb, solved)
    with pytest.raises(ValueError, match=expected):
        list(solutions.disagreements(nb, solved))


def test_an_answer_under_another_name():
    nb, solved = pair()
    nb.cells[3].source = "def sum_of(a, b):\n    ..."
    with pytest.raises(ValueError, match="no my_total"):
        list(solutions.disagreements(nb, solved))


@needs_solutions
def test_the_series_and_its_solutions_agree():
    assert solutions.check(notebook_files.NOTEBOOKS) == []


def test_every_check_is_an_exercise_and_every_exercise_a_check():
    for path in notebook_files.find():
        names = [check.name for check in checks.ALL[int(path.name[:2])]]
        assert list(solutions.exercises(notebook_files.read(path))) == names


def test_a_notebook_without_solutions_is_named(tmp_path):
    nb, _ = pair()
    (tmp_path / solutions.SOLUTIONS).mkdir()
    notebook_files.write(nb, tmp_path / "01_one.ipynb")
    notebook_files.write(nb, tmp_path / solutions.SOLUTIONS / "02_two.ipynb")
    assert solutions.check(tmp_path) == ["01_one.ipynb: no solutions", "02_two.ipynb: solutions of no notebook"]


STORED = (
    rules.lane_named,
    rules.counts,
    rules.no_semicolon,
    rules.no_history,
    rules.no_widgets,
    rules.errors_tagged,
    rules.no_stderr,
    rules.no_addresses,
    rules.stored_form,
    rules.short_cells,
    rules.short_functions,
    rules.plain_words,
    rules.one_imports_cell,
    rules.formulas,
    rules.links,
)


@pytest.mark.parametrize("rule", STORED, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", SOLVED, ids=lambda path: path.name)
def test_rule(path, rule):
    assert list(rule(rules.Notebook.read(path))) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda nb: nb.cells.append(new_markdown_cell("More.")), "stands after the first exercise"),
        (lambda nb: nb.cells.pop(3), "no answer"),
        (lambda nb: None, "1 exercises at the end, not 3 to 5"),
        (lambda nb: nb.cells[2].update(source="### Exercise 1.2 · Sum"), "does not begin with its kind"),
        (lambda nb: nb.cells[2].update(source=nb.cells[2].source.replace("code", "hard")), "does not begin"),
        (lambda nb: nb.cells[2].update(source=nb.cells[2].source.replace("**Success.**", "")), "no **Success.**"),
        (lambda nb: nb.cells[4].update(source="checks.other(my_total)"), "is not checked by checks.total"),
        (lambda nb: nb.cells[2].update(source=nb.cells[2].source.replace("1, 2, 5", "1, 5")), "the aims [1]"),
        (lambda nb: nb.cells[2].update(source=nb.cells[2].source.replace("5 minutes", "long")), "does not begin"),
        (lambda nb: nb.cells[2].update(source=nb.cells[2].source.replace("Exercise", "Your turn")), "no **Expected.**"),
    ],
)
def test_the_rule_of_exercises_refuses(tmp_path, change, expected):
    nb, _ = pair()
    nb.cells[0].source = "**You will learn** to\n1. add;\n2. check.\n\n**You need.** Nothing."
    change(nb)
    found = list(rules.exercises_in_place(rules.Notebook(tmp_path / "01_one.ipynb", nb)))
    assert any(expected in line for line in found), found
