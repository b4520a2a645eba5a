"""What the README promises of an installation: start anywhere, no d2l, no worker processes, one command."""

import ast
import os
import re
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from test_check_env import NMS, blocked

from course import notebook_files, run
from helpers.files import ROOT

MODULES = sorted(
    path for name in ("helpers", "checks", "course", "experiments") for path in (ROOT / name).rglob("*.py")
)
NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES]
# As if the package had not been installed: only the notebook's own first line can find it.
NOT_INSTALLED = f"""
import sys
sys.path[:] = [p for p in sys.path if p and p != {str(ROOT)!r}]
sys.meta_path[:] = [finder for finder in sys.meta_path if "Editable" not in getattr(finder, "__name__", "")]
"""


def python(program, cwd, *path):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)


def first_line(path):
    code = [cell for cell in notebook_files.read(path).cells if cell.cell_type == "code"]
    return code[0].source.splitlines()[0]


# -- from wherever Jupyter was started


def test_helpers_are_not_found_without_the_line(tmp_path):
    done = python(NOT_INSTALLED + "import helpers", ROOT)
    assert "No module named 'helpers'" in done.stderr


@pytest.mark.parametrize("start", ["", "notebooks"], ids=["root", "notebooks"])
def test_first_line_finds_helpers(start):
    for line in {first_line(path) for path in notebook_files.find()}:
        done = python(f"{NOT_INSTALLED}\n{line}\nimport helpers; print(helpers.__file__)", ROOT / start)
        assert done.returncode == 0, done.stderr
        assert os.path.samefile(ROOT / start / done.stdout.strip(), ROOT / "helpers" / "__init__.py")


@pytest.mark.parametrize("start", ["root", "notebooks", "elsewhere"])
def test_kernel_finds_helpers(start, tmp_path, monkeypatch):
    """A server's kernels run in the notebook's folder, wherever the server was started."""
    monkeypatch.chdir({"root": ROOT, "notebooks": ROOT / "notebooks", "elsewhere": tmp_path}[start])
    line = first_line(notebook_files.find()[0])
    nb = new_notebook(cells=[new_code_cell(NOT_INSTALLED), new_code_cell(f"{line}\nimport helpers; helpers.__file__")])
    run.execute(nb, "start", ROOT / "notebooks")
    assert os.path.samefile(
        ROOT / "notebooks" / eval(nb.cells[1].outputs[0].data["text/plain"]), ROOT / "helpers" / "__init__.py"
    )


# -- without d2l


def import_all(tmp_path, before):
    quiet = "from helpers.book.d2l import load_d2l\nmissing = load_d2l()\nprint(bool(missing))"
    return python(f"{before}\nimport {', '.join(NAMES)}\n{quiet}", tmp_path, tmp_path, ROOT)


def test_all_but_the_books_code_runs_without_d2l(tmp_path):
    done = import_all(tmp_path, blocked("d2l"))
    assert done.returncode == 0, done.stderr
    what, truth = done.stdout.strip().splitlines()
    assert truth == "False"
    assert "the package 'd2l" in what and "is missing" in what and "pip install d2l==0.17.0" in what


def test_all_but_the_books_code_runs_with_a_broken_torchvision(tmp_path):
    (tmp_path / "torchvision.py").write_text(f"raise RuntimeError({NMS!r})")
    done = import_all(tmp_path, "")
    assert done.returncode == 0, done.stderr
    what, truth = done.stdout.strip().splitlines()
    assert truth == "False" and "torchvision does not match torch" in what and "pip install" in what


def imported(path):
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_d2l_is_imported_in_one_place():
    """In `helpers.book`, by name and when it is asked for; nowhere by an import statement."""
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        assert 'import_module("d2l' not in source or path.parent.name == "book", path
        assert not [name for name in imported(path) if name.split(".")[0] in ("d2l", "torchvision")], path


# -- nothing starts a worker process


def starts_workers(source):
    """What in a file could start processes."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if re.match(r"multiprocessing|torch\.multi|subprocess|joblib", name))
        if isinstance(node, ast.Name) and node.id == "ProcessPoolExecutor":
            yield node.id
        if isinstance(node, ast.Attribute) and node.attr in ("ProcessPoolExecutor", "fork"):
            yield node.attr
        if isinstance(node, ast.keyword) and node.arg in ("num_workers", "n_jobs", "processes"):
            if getattr(node.value, "value", None) not in (0, 1, None):
                yield node.arg


READ = [path for path in MODULES if path.relative_to(ROOT).parts[0] in ("helpers", "checks")]


@pytest.mark.parametrize("path", READ, ids=lambda path: path.stem)
def test_no_worker_processes(path):
    """In what notebooks import; the commands of `course` and `experiments` start processes, and say so."""
    found = list(starts_workers(path.read_text(encoding="utf-8")))
    # helpers.book.d2l asks how the book's DataLoader would start its workers, in order to prevent them.
    assert found == (["multiprocessing"] if path.name == "d2l.py" else [])


@pytest.mark.parametrize(
    "source",
    [
        "import multiprocessing",
        "from torch import multiprocessing",
        "from subprocess import run",
        "DataLoader(x, num_workers=4)",
        "os.fork()",
        "futures.ProcessPoolExecutor()",
    ],
)
def test_workers_are_seen(source):
    assert list(starts_workers(source.replace("from torch import multi", "import torch.multi")))
