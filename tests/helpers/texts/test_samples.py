"""gensim's sample data is found in the installed gensim, else in data/, and asked for where it is in neither."""

import importlib.machinery
import re

import pytest

from helpers.files import ROOT
from helpers.texts import samples


def lay(folder):
    data = folder / "gensim" / "test" / "test_data"
    data.mkdir(parents=True)
    (folder / "gensim" / "__init__.py").write_text("raise RuntimeError('imported')")
    (data / "pairs.tsv").write_text("a\tb\t1\n")
    return data / "pairs.tsv"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """No gensim anywhere, and an empty folder for the unpacked wheel."""
    found = {"gensim": None}
    monkeypatch.setattr(samples, "find_spec", lambda name: found[name])
    monkeypatch.setattr(samples, "TARGET", tmp_path / "data" / "gensim")
    return found


def test_the_installed_gensim_comes_first_then_the_unpacked_one(places, tmp_path):
    unpacked, installed = lay(tmp_path / "data" / "gensim"), lay(tmp_path / "site")
    assert samples.sample("pairs.tsv") == unpacked
    places["gensim"] = importlib.machinery.PathFinder.find_spec("gensim", [str(tmp_path / "site")])
    assert samples.sample("pairs.tsv") == installed
    installed.unlink()  # a gensim without its tests
    assert samples.sample("pairs.tsv") == unpacked


def test_what_is_in_neither_is_asked_for_with_the_command_that_gets_it(places):
    with pytest.raises(FileNotFoundError, match=r"pairs\.tsv is not there") as error:
        samples.sample("pairs.tsv")
    assert samples.REMEDY in str(error.value)
    target = re.search(r"--target (\S+)", samples.REMEDY)[1]
    assert (ROOT / target).parent.name == "data" and (ROOT / target) == ROOT / "data" / "gensim"


def test_the_version_is_the_pinned_one():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^gensim==(\S+)", pins, re.M)[1].rstrip(";") == samples.VERSION
