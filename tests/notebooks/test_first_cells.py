"""What a reader waits for: the first cell of a notebook imports nothing heavy that is not used at once."""

import json
import os
import subprocess
import sys

import pytest

from course import notebook_files
from helpers.files import ROOT

# `import scipy` alone takes a hundredth of a second; its parts load when they are used.
HEAVY = {
    *("sklearn", "scipy.stats", "scipy.sparse", "scipy.optimize", "pandas", "numba", "gensim"),
    *("d2l", "torchvision", "nbformat", "ipywidgets", "pooch", "requests", "triton"),
}
RUN = """
import json, sys
found = {}
for name, source in json.load(sys.stdin):
    before = set(sys.modules)
    exec(source, {})
    found[name] = sorted(set(sys.modules) - before)
sys.stdout.write("\\n" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded():
    """The modules that each piece of code loads, one after the other in one process."""
    firsts = {
        path.name: next(cell.source for cell in notebook_files.read(path).cells if cell.cell_type == "code")
        for path in notebook_files.find()
    }
    later = {
        "gensim's data": "from helpers.evaluation import read_analogies; read_analogies()",
        "one exercise": "import checks; checks.racing",
        "a planted import": "import nbformat",
    }
    given = json.dumps([*firsts.items(), *later.items()])
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=given, capture_output=True, text=True,
        cwd=ROOT / "notebooks", env={**os.environ, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", [path.name for path in notebook_files.find()])
def test_the_first_cell_loads_nothing_heavy(loaded, name):
    assert HEAVY & set(loaded[name]) == set()


def test_gensims_data_are_read_without_gensim_and_a_heavy_import_is_seen(loaded):
    assert "gensim" not in loaded["gensim's data"] and "nbformat" in HEAVY & set(loaded["a planted import"])


def test_a_check_loads_the_exercises_of_its_notebook_alone(loaded):
    each = {name: [m for m in modules if m.startswith("checks.exercises")] for name, modules in loaded.items()}
    assert {name: modules for name, modules in each.items() if modules} == {"one exercise": ["checks.exercises_10"]}
