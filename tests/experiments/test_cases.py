"""The table of cases: a crash, a hang and an error are rows, and no case ends in a foreign traceback."""

import os
import time

import pytest

from experiments import cases, cases_state, cases_texts

FOREIGN = ("KeyError", "IndexError", "AttributeError", "RuntimeError", "UnicodeDecodeError", "CRASHES", "HANGS")


def test_a_crash_a_hang_and_an_error_are_rows(monkeypatch):
    monkeypatch.setattr(cases, "SECONDS", 1)
    assert cases.what_happens(os.abort) == "CRASHES"
    assert cases.what_happens(lambda: time.sleep(60)) == "HANGS"
    assert cases.what_happens(lambda: 1 // 0) == "ZeroDivisionError: integer division or modulo by zero"
    assert cases.cell("a |\nb" + "c" * 300, 10) == "a \\| bc..."


@pytest.mark.parametrize("module", [cases_texts, cases_state])
def test_every_case_is_named_once(module):
    names = [(kind, name) for kind, name, _ in module.CASES]
    assert len(set(names)) == len(names) >= 20


def test_no_case_of_a_text_or_vectors_is_a_foreign_error():
    for kind, name, function in cases_texts.CASES:
        if kind in ("D1", "D4", "D5", "D7"):
            assert not cases.what_happens(function).startswith(FOREIGN), name
