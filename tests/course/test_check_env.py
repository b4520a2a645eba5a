"""The report on the environment, in environments that lack something."""

import os
import subprocess
import sys

import pytest

from course import check_env
from helpers.files import ROOT
from helpers.texts import samples, sources

PIN_ROWS = list(check_env.pins())
PINS = {name: pinned for name, pinned, _ in PIN_ROWS}
ARROW = f"{'':21} ->"
NMS = "operator torchvision::nms does not exist"
# Put first on the path, it makes packages missing for the process that reads it.
BLOCKER = """
import sys
from importlib import metadata

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {modules!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
version = metadata.version
def without(name):
    if name in {modules!r}:
        raise metadata.PackageNotFoundError(name)
    return version(name)
metadata.version = without
"""


def report(folder, checks="checks()", code="", **files):
    """Some checks in a process of its own, with ``files`` first on its path: (exit status, what it prints)."""
    for name, text in files.items():
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(text)
    program = f"""
import sys
{code}
from course import check_env
from course.check_env import *
PINS = {PINS!r}
found = list({checks})
check_env.checks = lambda: found
sys.exit(check_env.main())
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def blocked(*modules):
    return BLOCKER.format(modules=modules)


@pytest.mark.parametrize(
    ("version", "ok", "why"),
    [
        ((3, 9, 18), False, "begin at 3.10"),
        ((3, 10, 0), True, ""),
        ((3, 14, 9), True, ""),
        ((3, 15, 0), False, "end at 3.14"),
        ((4, 0, 0), False, "end at 3.14"),
    ],
)
def test_python(version, ok, why):
    check = check_env.check_python(version)
    assert check.ok is ok and why in check.text
    assert ok or "Python 3.13" in check.remedy


def test_python_range_is_that_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    low, high = check_env.PYTHONS
    assert f'requires-python = ">={low[0]}.{low[1]},<{high[0]}.{high[1] + 1}"' in text


def test_requirements_have_sections():
    sections = {section for _, _, section in check_env.pins()}
    assert {"the course", "the notebooks", "the book", "the site", "the tests"} == sections
    assert set(check_env.NEEDED_FOR) < sections
    assert set(check_env.LOOKED_UP) < set(PINS)


def test_a_line_for_every_package(tmp_path):
    status, out = report(tmp_path)
    assert status == 0, out
    for name in {*PINS, "gensim", "Python", "device", "PTB", "Wikipedia"}:
        assert sum(line[7:].split()[:1] == [name] for line in out.splitlines()) == 1, name


def test_torch_missing(tmp_path):
    checks = "[check_package(name, PINS[name]) for name in ('torch', 'numpy')] + [check_device()]"
    status, out = report(tmp_path, checks, blocked("torch"))
    assert status == 1
    assert f"[FAIL] torch          missing\n{ARROW} pip install torch=={PINS['torch']}" in out
    assert "[FAIL] device" in out and "[OK]   numpy" in out


def test_whole_report_with_next_to_nothing_installed(tmp_path):
    status, out = report(tmp_path, code=blocked(*PINS, "IPython", "sklearn"))
    assert status == 1
    for name in PINS:
        assert f"[FAIL] {name:<14} missing" in out, name
    assert "`make env` installs all" in out


def test_test_tools_missing_do_not_stop_the_course(tmp_path):
    status, out = report(tmp_path, "[check_package('nbval', PINS['nbval'], 'the tests')]", blocked("nbval"))
    assert status == 0
    assert "[FAIL] nbval          missing (only `make test` and `make run` need it)" in out
    assert "The course runs without the 1 marked [FAIL]" in out


def test_a_package_that_lacks_another(tmp_path):
    status, out = report(tmp_path, "[check_package('pooch', PINS['pooch'])]", pooch="import no_such_module")
    assert status == 1
    assert "[FAIL] pooch          does not import: no_such_module is missing" in out


def test_torchvision_of_another_build(tmp_path):
    status, out = report(tmp_path, "check_book()", torchvision=f"raise RuntimeError({NMS!r})")
    assert status == 0
    assert f"[FAIL] torchvision    torchvision does not match torch: they come from different builds ({NMS})" in out
    assert f"--force-reinstall torch=={PINS['torch']} torchvision=={PINS['torchvision']}" in out
    assert "[FAIL] d2l            torchvision does not match torch" in out


def test_torchvision_missing(tmp_path):
    status, out = report(tmp_path, "check_book()", blocked("torchvision"))
    assert status == 0
    assert "[FAIL] torchvision    missing (only the book's own cells need it)" in out
    assert f"{ARROW} pip install torchvision=={PINS['torchvision']}" in out and "different builds" not in out


FINE = {"torchvision": "__version__ = '0.0'"}


def test_d2l_missing(tmp_path):
    status, out = report(tmp_path, "check_book()", blocked("d2l"), **FINE)
    assert status == 0
    assert "[OK]   torchvision" in out
    assert f"[FAIL] d2l            missing (only the book's own cells need it)\n{ARROW} pip install d2l==" in out


def test_d2l_without_its_torch_module(tmp_path):
    status, out = report(tmp_path, "check_book()", d2l="", **FINE)
    assert status == 0
    assert "[FAIL] d2l            d2l does not import (ModuleNotFoundError: No module named 'd2l.torch')" in out


def test_ipython_9_breaks_the_animator(tmp_path):
    (tmp_path / "d2l").mkdir()
    for name in ("__init__.py", "torch.py"):
        (tmp_path / "d2l" / name).touch()
    code = "import IPython.display\ndel IPython.display.set_matplotlib_formats"
    status, out = report(tmp_path, "check_book()", code, **FINE)
    assert status == 0
    assert "[FAIL] d2l            d2l.Animator needs IPython below 9" in out
    assert f"{ARROW} pip install ipython=={PINS['ipython']}" in out


def test_kernel_that_hangs_vs_code(monkeypatch):
    monkeypatch.setattr(check_env.metadata, "version", lambda name: "7.1.0")
    check = check_env.check_package("ipykernel", PINS["ipykernel"], "the notebooks")
    assert not check.ok and not check.needed and "VS Code hangs" in check.text


def test_another_version_is_noted_and_passes(monkeypatch):
    monkeypatch.setattr(check_env.metadata, "version", lambda name: "99.0")
    check = check_env.check_package("tqdm", PINS["tqdm"])
    assert check.ok and f"tested with {PINS['tqdm']}" in check.text


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "PTB_FILE", tmp_path / "ptb.zip")
    return tmp_path / "ptb.zip"


def test_ptb_absent(archive):
    ptb, wiki = check_env.check_corpora()
    assert ptb.ok and str(archive) in ptb.text and "not at hand" in ptb.text
    assert wiki.ok


def test_ptb_damaged(archive):
    archive.write_bytes(b"PK truncated")
    ptb, _ = check_env.check_corpora()
    assert not ptb.ok and not ptb.needed
    assert "damaged" in ptb.text and "(12 bytes)" in ptb.text and sources.PTB_SHA1 in ptb.remedy


def test_ptb_whole(archive, monkeypatch):
    archive.write_bytes(b"whole")
    monkeypatch.setattr(sources, "PTB_SHA1", sources.sha1(archive))
    ptb, _ = check_env.check_corpora()
    assert ptb.ok and ptb.text == str(archive)


def test_wikipedia_sample_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(samples, "find_spec", lambda name: None)
    monkeypatch.setattr(samples, "TARGET", tmp_path)
    check = check_env.check_corpora()[1]
    assert not check.ok and check.needed and check.remedy == samples.REMEDY


def test_gensim_is_no_fault_where_it_has_no_wheel(monkeypatch):
    monkeypatch.setattr(check_env, "pins", lambda: [row for row in PIN_ROWS if row[0] in ("pooch", "tqdm")])
    found = {check.name: check for check in check_env.checks()}
    assert found["gensim"].ok and "10 and 12 that run it are skipped" in found["gensim"].text
    assert "none for Python 3.14" in check_env.check_gensim((3, 14)).text


def test_gensim_is_needed_where_it_has_one(tmp_path):
    pinned = dict((name, version) for name, version, _ in check_env.pins(minor=13))
    status, out = report(tmp_path, f"[check_package('gensim', {pinned['gensim']!r})]", blocked("gensim"))
    assert status == 1 and "[FAIL] gensim         missing" in out
    assert "gensim" not in [name for name, _, _ in check_env.pins(minor=14)]
