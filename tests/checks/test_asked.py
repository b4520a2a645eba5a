"""Numbers and statements: read as people write them, judged as a whole, with a hint for who asks; and their forms."""

from contextlib import nullcontext
from html import escape

import numpy as np
import pytest
import torch

import checks
from checks.asked import NumberCheck, StatementsCheck
from checks.verdict import Mistake
from helpers.controls.control import WIDGET

NUMBERS = [check for several in checks.ALL.values() for check in several if isinstance(check, NumberCheck)]
STATEMENTS = [check for several in checks.ALL.values() for check in several if isinstance(check, StatementsCheck)]
SHARE = NumberCheck("share", 0.8, [Mistake("rest", 0.2, "That is the rest.")], "12 of 15.")
WHICH = StatementsCheck(
    "which",
    {"a": (True, "A holds."), "b": (False, "B fails."), "c": (True, "C holds."), "d": (False, "D fails.")},
)


def name_of(check):
    return check.name


# -- numbers


@pytest.mark.parametrize("check", NUMBERS, ids=name_of)
def test_numbers_near_and_far(check):
    for answer in (check.value, str(check.value), torch.tensor(check.value, dtype=torch.float64), [check.value]):
        assert check.verdict(answer), check.verdict(answer)
    assert not check.verdict(check.value * 1.1) and not check.verdict(check.value * 1.008)
    assert check.verdict(float("nan")).key == "not finite" and check.verdict(float("inf")).key == "not finite"
    assert check.verdict("a number").key == "no number"


def test_a_logarithm_is_rounded_to_two_places_and_no_further_off():
    assert checks.best_score.verdict(-1.39) and checks.best_score.verdict("-1,386")
    assert not checks.best_score.verdict(-1.38) and not checks.best_score.verdict(-1.4)


@pytest.mark.parametrize("answer", ["0.8 nats", "2.17 times", "15k"])
def test_a_unit_is_what_is_no_number(answer):
    assert f"{answer!r} is no number" in SHARE.verdict(answer).text


@pytest.mark.parametrize("answer", [0.8, "0,8", "80 %", "80%", "12/15", "0.8", 0.799, np.float32(0.8), " 4 / 5 "])
def test_a_share_as_people_write_it(answer):
    assert SHARE.verdict(answer)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (0.2, "rest"),
        ("20 %", "rest"),
        (80, "percent"),
        (-0.8, "sign"),
        (0.79, "rounded"),
        (0.5, "other"),
        (True, "no number"),
        ((0, 8), "no number"),
        (lambda: 0.8, "no number"),
        ("eight", "no number"),
    ],
)
def test_a_share_that_is_wrong(answer, key):
    verdict = SHARE.verdict(answer, hint=True)
    assert verdict.key == key and (verdict.hint or key == "no number")
    if verdict.hint:
        assert f"the right one.\nHint: {verdict.hint}" in str(verdict)
        assert str(SHARE.verdict(answer)).endswith("For a hint: checks.share(my_share, hint=True)")


def test_how_a_number_was_read_is_said():
    many = NumberCheck("many", 15000, [], "Yes.")
    for text, said in (
        ("15,000", ""),
        ("15.000", "15,000"),
        ("15e3", "15,000"),
        ("15 000", "15,000"),
        ("14.000", "14"),
    ):
        assert (f"read as {said}. " in many.verdict(text).text) == bool(said), many.verdict(text)
        assert bool(many.verdict(text)) == (text != "14.000")


def test_exact_is_exact():
    exact = NumberCheck("exact", 12 / 15, [], "12 of 15.", exact=True)
    assert exact.verdict("12/15") and exact.verdict(0.8) and exact.verdict(4 / 5)
    assert exact.verdict(0.8001).key == "rounded" and "wanted is the exact number" in exact.verdict(0.8001).hint
    assert SHARE.verdict(0.8001)


# -- statements


@pytest.mark.parametrize("check", STATEMENTS, ids=name_of)
def test_statements_are_judged_as_a_whole(check):
    n = len(check.statements)
    assert check.verdict(check.value) and check.verdict(" ".join(check.value.upper()))
    for letter, (true, why) in check.statements.items():
        answer = check.value.replace(letter, "") if true else check.value + letter
        verdict = check.verdict(answer or "none")
        assert not verdict and verdict.text == f"{n - 1} of {n} statements are judged rightly."
        assert f"({letter})" not in str(verdict) and why not in str(verdict)
        assert f"({letter})" in verdict.hint and why in verdict.hint
        assert why in str(check.verdict(answer or "none", hint=True))


@pytest.mark.parametrize(
    "answer",
    [
        "ac",
        "ca",
        "AC",
        "a c",
        "a, c",
        "(a), (c)",
        "a and c",
        "(a) und (c)",
        "a;c",
        "a/c",
        "a) c)",
        ["a", "c"],
        {"a", "c"},
        ("c", "a"),
        ("(a)", "(c)"),
        ["ac"],
        [True, False, True, False],
        frozenset("ac"),
        {"a": True, "b": False, "c": True, "d": False},
        {"(A)": True, "B": np.False_, "c": True, "d": False},
    ],
)
def test_letters_as_people_write_them(answer):
    assert WHICH.verdict(answer), WHICH.verdict(answer)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ...,
        "",
        "  ",
        [],
        set(),
        (),
        {},
        {"a": True},
        dict.fromkeys("abcd"),
        {"a": True, "b": False, "c": None, "d": False},
    ],
)
def test_what_is_not_answered_is_not_judged(answer):
    verdict = WHICH.verdict(answer)
    assert verdict.key == "not attempted" and "rightly" not in str(verdict)


@pytest.mark.parametrize(
    "answer",
    ["ax", "xyz", 3, 1.5, True, ["a", 3], {"x": True}, ["a", None], [True], lambda: "a", "(), ()", torch.zeros(2)],
)
def test_what_is_no_letter(answer):
    assert WHICH.verdict(answer).key == "no letters"


def test_none_of_them_is_an_answer():
    verdict = WHICH.verdict("none", hint=True)
    assert verdict.text == "2 of 4 statements are judged rightly." and verdict.key == "a is not false"


# -- forms


@pytest.mark.parametrize("check", STATEMENTS, ids=name_of)
def test_the_example_of_how_letters_are_written_is_not_the_answer(check):
    assert set(check.example) < set(check.statements) and not check.verdict(check.example)
    for answer in (None, "?", 3):
        assert f'such as "{check.example}".' in check.verdict(answer).text


@pytest.mark.parametrize("check", [*NUMBERS, *STATEMENTS], ids=name_of)
def test_a_question_has_a_form_that_answers_back(check):
    bundle = check.verdict(None)._repr_mimebundle_()
    assert WIDGET in bundle and "not attempted" in bundle["text/plain"]
    row, feedback = check.verdict(None).form().children
    *fields, button = row.children
    button.click()
    assert "not attempted" in feedback.value
    if isinstance(check, NumberCheck):
        fields[0].value = repr(float(check.value))
    else:
        fields[0].value = False
        button.click()
        assert "is open" in feedback.value or len(fields) == 1  # judged only when all are
        for choice, (true, _) in zip(fields, check.statements.values()):
            choice.value = true
    button.click()
    assert "correct" in feedback.value
    fields[0].value = str(check.mistakes[0].answer) if isinstance(check, NumberCheck) else not fields[0].value
    button.click()
    assert "not yet" in feedback.value and "<details><summary>Hint 1 of" in feedback.value


def test_a_question_works_without_widgets(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    assert set(SHARE.verdict(None)._repr_mimebundle_()) == {"text/plain", "text/html"}


@pytest.mark.parametrize("check", [*NUMBERS, *STATEMENTS], ids=name_of)
def test_what_was_answered_in_a_form_is_kept_with_its_verdict(check):
    kept = []
    row, feedback = check.verdict(None).form(lambda *still: kept.append(still)).children
    *fields, button = row.children
    assert all(field.description for field in (*fields, button)), "each has a name"
    if isinstance(check, NumberCheck):
        fields[0].value, said = "<1>", "<1>"
    else:
        fields[0].value, said = True, "(a) true" + "".join(f", ({letter}) ?" for letter in list(check.statements)[1:])
    button.click()
    ((text, html),) = kept
    assert text.startswith(f"Answered in the form: {said}\n{check.name}: ")
    assert html == f"<p>Answered in the form: {escape(said)}</p>{feedback.value}"


@pytest.mark.parametrize("live", [True, False])
def test_a_question_is_displayed_with_a_form_that_hides_its_still_form(monkeypatch, live):
    shown = []
    monkeypatch.setattr("helpers.controls.control.in_session", lambda: live)
    monkeypatch.setattr("helpers.controls.control.show", lambda *args: shown.append(args))
    for verdict in (SHARE.verdict(None), SHARE.verdict(0.8), SHARE.verdict(0.2)):
        asks = live and verdict.key == "not attempted"
        with nullcontext() if asks else pytest.raises(NotImplementedError):
            verdict._ipython_display_()
        assert shown == ([(str(verdict), verdict.html(), verdict.form)] if asks else [])
        shown.clear()
