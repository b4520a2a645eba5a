"""The runner, on a module of three lines that has a known survivor, and the faults that it plants."""

import sys
import time

import pytest

from experiments import mutants
from experiments.faults import mutants as faults

SOURCE = '''"""Numbers."""
LIMIT = 3
def small(x: int = 0) -> bool:
    """Below 3."""
    return x < LIMIT
'''
TESTS = "from helpers.tiny import small\n\n\ndef test_small():\n    assert small(2) and not small(4)\n"


def planted(source):
    return {(was, became) for _, was, became, _ in faults(source)}


def test_the_faults_of_a_small_module():
    assert planted(SOURCE) == {("3", "4"), ("3", "2"), ("0", "1"), ("0", "-1"), ("x < LIMIT", "(x <= LIMIT)")}
    for line, _, _, faulty in faults(SOURCE):
        one, two = SOURCE.splitlines(), faulty.splitlines()
        assert [i for i, (a, b) in enumerate(zip(one, two), 1) if a != b] == [line] and len(one) == len(two)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(a, b, k=1)", {("f(a, b, k=1)", "(f(b, a, k=1))"), ("f(a, b, k=1)", "(f(a, b))"), ("f(a, b, k=1)", "pass")}),
        ("y = x[a:b]", {("a:b", ":b"), ("a:b", "a:")}),
        ("y = not a or b", {("not a or b", "(not a and b)"), ("not a", "a")}),
        ("y = max(a, b)", set()),
        ("x[0] += y.z()", {("x[0] += y.z()", "x[0] -= y.z()"), ("x[0] += y.z()", "pass"), ("y.z()", "y")}),
        ("for x in y:\n    break", {("break", "continue")}),
        ("if a in b:\n    raise E(f'{1} of {2}', 3)", {("a in b", "(not a in b)"), ("a in b", "(a not in b)")}),
        ("y = True if a is b else 2.0", {("True", "False"), ("a is b", "(a is not b)"), ("2.0", "4.0")}),
    ],
)  # fmt: skip
def test_each_kind_of_fault(source, expected):
    found = planted(source)
    assert expected <= found and ("3", "4") not in found and ("1", "2") not in (found if "raise" in source else ())
    assert expected or not found


def test_texts_of_errors_hints_and_descriptions_are_left_alone():
    source = '''class OwnError(ValueError):
    limit = 3

    def __str__(self):
        return self.args[0]

def f(a: "list[1]") -> 2:
    """4"""
    x: Literal[5]
    raise ValueError("text", 6)
'''
    assert planted(source) == {('raise ValueError("text", 6)', "pass")}


def test_tests_are_found_by_the_mirror():
    assert mutants.tests_of("sampling") == ["tests/helpers/test_sampling.py"]
    assert mutants.tests_of("texts/sources")[-1] == "tests/helpers/test_corpus.py"
    assert mutants.tests_of("engines/kernel")[0] in mutants.INTERPRETED
    assert mutants.tests_of("texts/toy")[0] == "tests/helpers/texts/test_toy.py"


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "root"
    for path, text in (("helpers/tiny.py", SOURCE), ("tests/helpers/test_tiny.py", TESTS), ("pyproject.toml", "")):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_run_finds_the_survivors_and_goes_on_where_it_was(checkout, tmp_path, monkeypatch):
    until = time.monotonic() + 600
    first = mutants.try_module("tiny", {}, tmp_path / "copy", 99, until, checkout)
    assert (first["faults"], first["tried"], len(first["killed"]), first["timeout"]) == (5, 5, 1, [])
    assert {(x["line"], x["was"], x["became"]) for x in first["survived"]} == {
        (2, "3", "4"), (3, "0", "1"), (3, "0", "-1"), (5, "x < LIMIT", "(x <= LIMIT)"),
    }  # fmt: skip
    assert (checkout / "helpers/tiny.py").read_text() == SOURCE == (tmp_path / "copy/helpers/tiny.py").read_text()
    assert "1 killed, 4 survived\n    line 2: 3  ->  4" in mutants.report("tiny", first)

    tried = []
    monkeypatch.setattr(mutants, "run", lambda folder, files, **_: tried.append(files) or ("survived", 0.1))
    for x in first["survived"][1:]:
        x["reason"] = "not asked for"
    again = mutants.try_module("tiny", first, tmp_path / "copy", 99, until, checkout)
    assert again == first and len(tried) == 2  # as it is, and with the one survivor that has no reason
    late = mutants.try_module("tiny", first, tmp_path / "copy", 99, time.monotonic() - 1, checkout)
    assert late["tried"] == 4 and len(tried) == 3
    (checkout / "helpers/tiny.py").write_text(SOURCE.replace("3\n", "30\n"))
    assert mutants.try_module("tiny", first, tmp_path / "copy", 2, until, checkout)["tried"] == 2


def test_tests_that_fail_as_they_are_are_no_measure(checkout, tmp_path, monkeypatch):
    def fail(folder, files, **_):
        (folder / "log").write_text("E   assert 1 == 2")
        return "killed", 0.1

    monkeypatch.setattr(mutants, "run", fail)
    with pytest.raises(RuntimeError, match="test_tiny.py fail as they are; see\n.*assert 1 == 2"):
        mutants.try_module("tiny", {}, tmp_path / "copy", 99, time.monotonic() + 9, checkout)
