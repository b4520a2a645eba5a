"""The book's package: found, missing, broken; nothing else needs it."""

import builtins
import importlib
import types

import pytest
import torch

from helpers.book import d2l as book


def failing_import(monkeypatch, error):
    real = importlib.import_module

    def import_module(name, *args):
        if name == "d2l.torch":
            raise error
        return real(name, *args)

    monkeypatch.setattr(book.importlib, "import_module", import_module)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ModuleNotFoundError("No module named 'd2l'", name="d2l"), "the package 'd2l' is missing"),
        (ModuleNotFoundError("No module named 'torchvision'", name="torchvision"), "'torchvision' is missing"),
        (RuntimeError("operator torchvision::nms does not exist"), "torchvision does not match torch"),
        (AttributeError("no such thing"), "does not import .AttributeError: no such thing"),
    ],
)
def test_each_failure_is_told_apart_and_has_its_remedy(monkeypatch, capsys, error, text):
    failing_import(monkeypatch, error)
    d2l = book.load_d2l()
    assert not d2l
    out = capsys.readouterr().out
    assert "pip install d2l==0.17.0" in out and out.strip() == d2l.why
    with pytest.raises(book.BookUnavailable, match=text):
        d2l.Animator(xlabel="epoch")
    assert d2l.try_gpu() == torch.device("cpu")  # so that the book's functions can be defined
    assert not book.book_ready(d2l) and "pip install" in capsys.readouterr().out


def test_ipython_9_is_told_apart(monkeypatch):
    real = importlib.import_module
    bare = types.ModuleType("IPython.display")
    monkeypatch.setattr(
        book.importlib,
        "import_module",
        lambda name, *a: bare if name == "IPython.display" else types.ModuleType(name) if "d2l" in name else real(name),
    )
    assert "IPython below 9" in book.load_d2l(quiet=True).why


def test_the_remedy_names_the_pins():
    pins = dict(
        line.split("#")[0].strip().split("==")
        for line in (book.ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line.split("#")[0]
    )
    for package in ("d2l", "torch", "torchvision"):
        assert f"{package}=={pins[package]}" in book.REMEDY


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
