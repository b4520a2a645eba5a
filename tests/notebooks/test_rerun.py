"""The tool that runs a notebook's cells again sees what cannot be. (The series itself: course.lanes --all.)"""

import rerun
from nbformat.v4 import new_code_cell, new_notebook

from course import notebook_files


def found(tmp_path, cells, seeds):
    nb = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"lane": "strict"})
    notebook_files.write(nb, tmp_path / "01_small.ipynb")
    return [line for seed in seeds for line in rerun.differences(tmp_path / "01_small.ipynb", seed)]


def test_a_name_that_means_two_things_is_seen(tmp_path):
    cells = ["x = 2", "print(x)", "x = 3", "print(x + 1)"]
    seed = next(seed for seed in range(99) if rerun.shuffled(cells, seed)[:3] == [0, 2, 1])
    lines = found(tmp_path, cells, [seed])
    assert lines == [f"In [2] shuffled: {'3' + chr(10)!r}, first {'2' + chr(10)!r}"]


def test_a_cell_that_adds_to_what_it_finds_is_seen(tmp_path):
    assert any(
        "In [2] in order" in line for line in found(tmp_path, ["x = globals().get('x', 0) + 1", "print(x)"], [0])
    )
    assert found(tmp_path, ["x = 1", "print(x)"], [0]) == []


def test_definitions_stand_before_uses():
    sources = ["import math", "def f(x):\n    return math.sqrt(x)", "y = 4", "z = f(y)", "print(z)"]
    for seed in range(20):
        order = rerun.shuffled(sources, seed)
        assert sorted(order) == list(range(5)) and order[-1] == 4 and order[-2] == 3
