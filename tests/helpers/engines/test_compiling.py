"""A cache of compiled code that cannot be had, or is damaged: all the same it is compiled, and a line says so."""

import importlib.util

import numba.core.caching as caching
import pytest

from helpers.engines import compiling

PROGRAM = "from helpers.engines.compiling import compiled\n@compiled()\ndef double(x):\n    return 2 * x\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a program as a new process would: compiles its one function, or finds it in the cache."""
    (tmp_path / "program.py").write_text(PROGRAM)

    def start():
        monkeypatch.setattr(compiling, "_said", set())
        spec = importlib.util.spec_from_file_location("program", tmp_path / "program.py")
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        assert program.double(21) == 42
        hits = sum(program.double.stats.cache_hits.values())
        return capsys.readouterr().out, hits, sorted((tmp_path / "__pycache__").glob("program.double*"))

    return start


def test_what_was_compiled_is_found_again(run):
    said, hits, files = run()
    assert (said, hits, len(files)) == ("", 0, 2)
    assert run()[:2] == ("", 1)


def test_without_a_place_for_a_cache_it_compiles_and_says_so(run, monkeypatch):
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    said, _, files = run()
    assert said.count("Numba cannot cache what it compiles") == 1 and said.count("\n") == 1 and files == []


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"x" * 50])
@pytest.mark.parametrize("which", [0, 1], ids=["code", "index"])
def test_a_damaged_cache_is_made_anew(run, damage, which):
    *_, files = run()
    files[which].write_bytes(damage(files[which].read_bytes()))
    said, hits, _ = run()
    assert said.count("Numba's cache is damaged") == 1 == said.count("\n") and hits == 0
    assert run()[:2] == ("", 1)  # mended


def test_a_cache_that_cannot_be_written_is_done_without(run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, "_save_data", full)
    said, hits, _ = run()
    assert "No space left" in said and "the next process compiles it anew" in said and hits == 0


def test_each_line_is_said_once(capsys, monkeypatch):
    monkeypatch.setattr(compiling, "_said", set())
    for name in ("a", "b"):
        compiling._say(f"Numba cannot cache ({name})")
    assert capsys.readouterr().out == "Numba cannot cache (a)\n"
