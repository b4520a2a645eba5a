"""The book's package: found, missing, broken, each with its remedy; nothing else needs it."""

import builtins
import importlib
import types

import pytest
import torch

from helpers.book import d2l as book
from helpers.book import diagnosis
from helpers.files import ROOT


def failing_import(monkeypatch, error):
    real = importlib.import_module

    def import_module(name, *args):
        if name == "d2l.torch":
            raise error
        return real(name, *args)

    monkeypatch.setattr(diagnosis.importlib, "import_module", import_module)


def pinned(name):
    """The pin, read in another way than `diagnosis.pins` reads it."""
    from packaging.requirements import Requirement

    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
    [one] = [r for r in found if r.name == name and (r.marker is None or r.marker.evaluate())]
    return f"{one.name}{one.specifier}"


@pytest.mark.parametrize(
    ("error", "text", "packages"),
    [
        (ModuleNotFoundError("No module named 'd2l'", name="d2l"), "the package 'd2l' is missing", ["d2l"]),
        (ModuleNotFoundError("none", name="torchvision"), "'torchvision' is missing", ["torchvision"]),
        (ModuleNotFoundError("none", name="pandas"), "'pandas' is missing", []),
        (ModuleNotFoundError("none", name="d2l.torch"), "does not import .ModuleNotFoundError: none", ["d2l"]),
        (RuntimeError("operator torchvision::nms does not exist"), "does not match torch", ["torch", "torchvision"]),
        (AttributeError("no such thing"), "does not import .AttributeError: no such thing", ["d2l"]),
    ],
)
def test_each_failure_is_told_apart_and_has_its_remedy(monkeypatch, capsys, error, text, packages):
    failing_import(monkeypatch, error)
    d2l = book.load_d2l()
    assert not d2l
    assert capsys.readouterr().out.strip() == d2l.why
    command = d2l.why.partition("To run it: pip install ")[2].removeprefix("--force-reinstall ")
    assert command.split() == (list(map(pinned, packages)) or ["pandas"])
    with pytest.raises(book.BookUnavailable, match=text):
        d2l.Animator(xlabel="epoch")
    assert d2l.try_gpu() == torch.device("cpu")  # so that the book's functions can be defined
    assert not book.book_ready(d2l) and "pip install" in capsys.readouterr().out


def test_ipython_9_is_told_apart(monkeypatch):
    real = importlib.import_module
    bare = types.ModuleType("IPython.display")
    monkeypatch.setattr(
        diagnosis.importlib,
        "import_module",
        lambda name, *a: bare if name == "IPython.display" else types.ModuleType(name) if "d2l" in name else real(name),
    )
    why = book.load_d2l(quiet=True).why
    assert "IPython below 9" in why and f"pip install {pinned('ipython')}" in why


@pytest.mark.parametrize("minor", [10, 13, 14, 15])
def test_pins_are_those_that_packaging_reads(minor):
    from packaging.requirements import Requirement

    expected = []
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line.split("#")[0].strip():
            asked = Requirement(line.split("#")[0])
            if asked.marker is None or asked.marker.evaluate({"python_version": f"3.{minor}"}):
                expected.append((asked.name, str(asked.specifier).removeprefix("==")))
    assert [(name, version) for name, version, _ in diagnosis.pins(minor=minor)] == expected
    assert len(dict(expected)) == len(expected)  # one pin of each for one Python


def test_a_marker_that_it_cannot_read_is_refused(tmp_path):
    (tmp_path / "requirements.txt").write_text('x==1; sys_platform == "linux"')
    with pytest.raises(ValueError, match="sys_platform"):
        list(diagnosis.pins(tmp_path / "requirements.txt"))


def test_no_worker_where_processes_cannot_be_forked(d2l, monkeypatch):
    monkeypatch.setattr(d2l, "get_dataloader_workers", lambda: 4)
    monkeypatch.setattr(book.multiprocessing, "get_start_method", lambda allow_none: "spawn")
    assert book.load_d2l(quiet=True).get_dataloader_workers() == 0


def test_book_ready_says_why_not(d2l, monkeypatch, capsys, tmp_path):
    assert not book.book_ready(d2l, "wiki")
    assert "'wiki'" in capsys.readouterr().out
    monkeypatch.setattr(book, "PTB_FILE", tmp_path / "ptb.zip")
    assert not book.book_ready(d2l)
    assert "needs ptb.zip in data/" in capsys.readouterr().out


def test_in_notebooks_comes_back(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyError):
        with book.in_notebooks():
            assert builtins.open("../requirements.txt").read()
            raise KeyError
    assert tmp_path.samefile(".")
