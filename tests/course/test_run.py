"""The runner: what it leaves behind, what it says of a cell that fails, and pages that need no network."""

import base64
import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course import notebook_files, run
from helpers.files import ROOT
from helpers.texts import sources

FIRST = """# 01 · Try it

**Question.** Does it run
at all?

**Time.** about 1 second

On to [two](02_second.ipynb#there), by
way of [the code](../helpers/model.py), [a page](https://example.org) and $a < b$.

$$\\begin{aligned} x &= \\sigma(v^\\top u) \\end{aligned}$$

![curve](images/curve.png)
"""
PLOT = "import matplotlib.pyplot as plt\nfigure = plt.plot([1, 2])"
NOISY = "import sys\nprint(1)\nprint(2)\nfrom tqdm.auto import tqdm\nfor i in tqdm(range(2)): print(i)"


def write(folder, name, *cells):
    cells = [new_markdown_cell(cell) if cell.startswith("#") else new_code_cell(cell) for cell in cells]
    path = folder / name
    nbformat.write(new_notebook(cells=cells, metadata={"lane": "strict"}), path)
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Two notebooks, run once for all the tests that only look at what is left: (folder, build)."""
    folder = tmp_path_factory.mktemp("course") / "notebooks"
    folder.mkdir()
    (folder / "images").mkdir()
    (folder / "images" / "curve.png").write_bytes(b"\x89PNG")
    first = write(
        folder, "01_first.ipynb", FIRST, PLOT, NOISY, "", "import os; print(os.getcwd()); print(sys.executable)"
    )
    nb = notebook_files.read(first)
    nb.cells[1].metadata.update(picture="curve", scrolled=True)
    nb.metadata["kernelspec"] = {"name": "no_such_kernel", "display_name": "gone"}
    nbformat.write(nb, first)
    write(folder, "02_second.ipynb", "# 02 · Try again\n\n**Question.** And this?", "40 + 2")
    run.run(notebook_files.find(folder), folder.parent / "build")
    return folder, folder.parent / "build"


# -- make run


def test_run_leaves_executed_copies(ran):
    folder, build = ran
    copies = sorted((build / "notebooks").glob("*.ipynb"))
    assert [path.name for path in copies] == ["01_first.ipynb", "02_second.ipynb"]
    assert notebook_files.read(copies[1]).cells[1].outputs[0].data["text/plain"] == "42"
    assert notebook_files.read(folder / "02_second.ipynb").cells[1].outputs == []  # the original is left alone


def test_run_leaves_a_book(ran):
    html = ran[1] / "html"
    assert {"01_first.html", "02_second.html", "index.html"} <= {path.name for path in html.glob("*.html")}
    assert "42" in (html / "02_second.html").read_text(encoding="utf-8")


def test_run_uses_this_environment_in_the_notebooks_folder(ran):
    folder, build = ran
    shown = notebook_files.read(build / "notebooks" / "01_first.ipynb").cells[4].outputs[0].text
    assert shown.splitlines() == [str(folder), sys.executable]


def run_series(*arguments, cwd=ROOT, **env):
    command = [sys.executable, "-m", "course.run", *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)


def test_failing_cell_is_named_and_the_rest_does_not_run(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write(folder, "01_fine.ipynb", "# 01 · Fine", "x = 1")
    write(folder, "02_fails.ipynb", "# 02 · Fails", "x = 1", "", "print(x)\n[][x]", "print('not reached')")
    write(folder, "03_after.ipynb", "# 03 · After", "x = 1")
    done = run_series("run", "--notebooks", folder, "--build", tmp_path / "build", cwd=tmp_path)
    assert done.returncode == 1
    assert "02_fails.ipynb, In [2]: IndexError: list index out of range" in done.stderr
    left = tmp_path / "build" / "notebooks"
    assert sorted(path.name for path in left.glob("*.ipynb")) == ["01_fine.ipynb", "02_fails.ipynb"]
    cells = notebook_files.read(left / "02_fails.ipynb").cells
    assert cells[3].outputs[-1].ename == "IndexError" and cells[4].outputs == []
    assert "IndexError" in (tmp_path / "build" / "html" / "02_fails.html").read_text(encoding="utf-8")


def test_a_dead_kernel_and_a_slow_cell_are_named(tmp_path, monkeypatch):
    dies = new_notebook(cells=[new_code_cell("import os; os._exit(1)")])
    with pytest.raises(run.CellFailed, match=r"dies, In \[1\]: DeadKernelError"):
        run.execute(dies, "dies", tmp_path)
    monkeypatch.setattr(run, "CELL_TIMEOUT", 1)
    slow = new_notebook(cells=[new_code_cell("1"), new_code_cell("import time; time.sleep(60)")])
    with pytest.raises(run.CellFailed, match=r"slow, In \[2\]: CellTimeoutError: not done after 1 seconds"):
        run.execute(slow, "slow", tmp_path)


def test_an_unknown_magic_fails(tmp_path):
    """The lax lane of nbval lets it pass."""
    with pytest.raises(run.CellFailed, match=r"In \[1\]: UsageError"):
        run.execute(new_notebook(cells=[new_code_cell("%nosuchmagic")]), "magic", tmp_path)


def test_figures_survive_a_backend_set_in_the_shell(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    nb = new_notebook(cells=[new_code_cell(PLOT)])
    run.execute(nb, "plot", tmp_path)
    assert "image/png" in nb.cells[0].outputs[0].data


# -- make store


def test_store_writes_the_same_bytes_twice(tmp_path):
    path = write(tmp_path, "01_first.ipynb", "# 01 · Try", PLOT, NOISY, "", "40 + 2")
    nb = notebook_files.read(path)
    nb.cells[1].metadata.update(picture="curve", execution={"started": "now"}, tags=["a"])
    nb.metadata["widgets"] = {}
    nbformat.write(nb, path)
    run.store([path])
    once = path.read_bytes()
    run.store([path])
    assert path.read_bytes() == once

    nb = notebook_files.read(path)
    assert [cell.get("execution_count") for cell in nb.cells] == [None, 1, 2, None, 3]
    assert nb.cells[4].outputs[0].execution_count == 3
    assert [output.output_type for output in nb.cells[2].outputs] == ["stream"]  # one piece, and no widget
    assert nb.cells[2].outputs[0].text == "1\n2\n0\n1\n"
    assert dict(nb.cells[1].metadata) == {"picture": "curve", "tags": ["a"]}
    assert set(nb.metadata) == {"kernelspec", "language_info", "lane"}
    image = base64.b64decode(nb.cells[1].outputs[-1].data["image/png"])
    assert (tmp_path / "images" / "curve.png").read_bytes() == image
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["01_first.ipynb", "curve.png"]


def test_store_leaves_a_failing_notebook_as_it_was(tmp_path):
    path = write(tmp_path, "01_first.ipynb", "# 01 · Try", "1", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(run.CellFailed, match="ZeroDivisionError"):
        run.store([path])
    assert path.read_bytes() == before


def test_store_refuses_a_picture_that_is_none(tmp_path):
    path = write(tmp_path, "01_first.ipynb", "# 01 · Try", "1")
    nb = notebook_files.read(path)
    nb.cells[1].metadata["picture"] = "curve"
    nbformat.write(nb, path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"In \[1\] is marked as the picture 'curve'"):
        run.store([path])
    assert path.read_bytes() == before
    nb.cells[1].metadata["picture"] = "../../curve"
    nb.cells[1].source = PLOT
    nbformat.write(nb, path)
    with pytest.raises(ValueError, match="give a file's bare name"):
        run.store([path])


def test_store_keeps_what_was_changed_while_it_ran(tmp_path):
    path = write(tmp_path, "01_first.ipynb", "# 01 · Try", "open('01_first.ipynb', 'a').write('mine')")
    with pytest.raises(ValueError, match="01_first.ipynb was changed while it ran"):
        run.store([path])
    assert path.read_text().endswith("mine")


def test_store_insists_on_the_treebank(tmp_path, monkeypatch, capsys):
    write(tmp_path, "01_first.ipynb", "# 01 · Try", "1")
    monkeypatch.setattr(sources, "PTB_FILE", tmp_path / "ptb.zip")
    assert run.main(["store", "--notebooks", str(tmp_path)]) == 2
    assert "put ptb.zip at" in capsys.readouterr().err


# -- which notebooks, which corpus


def test_the_lanes_cover_the_series(capsys):
    listed = []
    for name in notebook_files.LANES:
        assert run.main(["list", name]) == 0
        listed += capsys.readouterr().out.split()
    assert sorted(listed) == sorted(os.path.relpath(path) for path in notebook_files.find())


def test_notebooks_are_found_by_name_stem_or_number(tmp_path):
    for name in ("02_b.ipynb", "01_a.ipynb", "notes.ipynb"):
        (tmp_path / name).touch()
    assert [p.name for p in notebook_files.find(tmp_path)] == ["01_a.ipynb", "02_b.ipynb"]
    for name in ("02", "02_b", "02_b.ipynb", "notebooks/02_b.ipynb"):
        assert [p.name for p in notebook_files.find(tmp_path, [name])] == ["02_b.ipynb"]


def test_unknown_notebook(capsys):
    assert run.main(["run", "99"]) == 2
    assert "'99' is no notebook" in capsys.readouterr().err


def test_lane_must_be_named():
    with pytest.raises(ValueError, match="lane None: give one of strict, lax"):
        notebook_files.lane(new_notebook())


def test_corpus_at_hand(tmp_path, monkeypatch):
    archive = tmp_path / "ptb.zip"
    monkeypatch.setattr(sources, "PTB_FILE", archive)
    assert run.corpus_at_hand() == "wiki"
    archive.write_bytes(b"whole")
    assert run.corpus_at_hand() == "wiki"
    monkeypatch.setattr(sources, "PTB_SHA1", sources.sha1(archive))
    assert run.corpus_at_hand() == "ptb"
