"""Every check against its right answer and its wrong ones: each is caught, with the hint that was meant for it."""

import copy
import re

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from wrong_answers import ANSWERS, HEAD

import checks
from checks.core import FunctionCheck, NumberCheck, StatementsCheck
from course.notebook_files import WIDGET

EACH = [check for several in checks.ALL.values() for check in several]
FUNCTIONS = [check for check in EACH if isinstance(check, FunctionCheck)]
NUMBERS = [check for check in EACH if isinstance(check, NumberCheck)]
STATEMENTS = [check for check in EACH if isinstance(check, StatementsCheck)]
SEEDS = range(4)  # inputs are drawn anew: what is caught with one draw must be caught with any


def name_of(check):
    return check.name


WRONG = [(check, mistake) for check in (*FUNCTIONS, *NUMBERS) for mistake in check.mistakes]


def ask(check, answer, seed):
    return check(answer, seed) if isinstance(check, FunctionCheck) else check(answer)


def test_exercises_are_three_to_five_and_have_names_of_their_own():
    assert sorted(checks.ALL) == list(range(1, 10))
    assert all(3 <= len(several) <= 5 for several in checks.ALL.values())
    names = [check.name for check in EACH]
    assert len(set(names)) == len(names)
    assert all(getattr(checks, check.name) is check for check in EACH)
    assert set(names) < set(checks.__all__) <= set(dir(checks))
    with pytest.raises(AttributeError, match="lokup"):
        checks.lokup  # noqa: B018
    with pytest.raises(KeyError):
        checks.ALL[10]


@pytest.mark.parametrize("check", EACH, ids=name_of)
def test_four_mistakes_at_least_and_a_hint_for_each(check):
    if isinstance(check, StatementsCheck):
        hints = [why for _, why in check.statements.values()]
        assert 0 < len(check.value) < len(check.statements)
    else:
        hints = [mistake.hint for mistake in check.mistakes]
        names = [mistake.name for mistake in check.mistakes]
        assert len(set(names)) == len(names)
    assert len(hints) >= 4
    assert all(len(hint.split()) >= 5 and hint.rstrip().endswith((".", "?")) for hint in hints)


@pytest.mark.parametrize("check, mistake", WRONG, ids=lambda x: x.name)
def test_a_wrong_answer_gets_the_hint_meant_for_it(check, mistake):
    for seed in SEEDS:
        verdict = ask(check, mistake.answer, seed)
        assert not verdict
        assert (verdict.key, verdict.text) == (mistake.name, mistake.hint)


@pytest.mark.parametrize("check", STATEMENTS, ids=name_of)
def test_each_statement_that_is_misjudged_is_named(check):
    assert check(check.value)
    assert check(" ".join(check.value.upper()))
    for letter, (true, why) in check.statements.items():
        answer = check.value.replace(letter, "") if true else check.value + letter
        verdict = check(answer)
        assert not verdict and f"({letter})" in verdict.text and why in verdict.text
    assert check("xyz").key == "no letters" and check(3).key == "no letters"


@pytest.mark.parametrize("check", NUMBERS, ids=name_of)
def test_numbers_near_and_far(check):
    assert check(check.value) and check(str(check.value)) and check(torch.tensor(check.value))
    assert not check(check.value * 1.1)
    assert check(float("nan")).key == "not finite"
    assert check("a number").key == "no number"


# -- mistakes that any function can have


def in_place(check):
    def answer(*args):
        result = check.reference(*copy.deepcopy(args))
        if isinstance(args[0], list):
            args[0].append(args[0][0])
        elif args[0].dtype in (bool, torch.bool):
            args[0] ^= True
        else:
            args[0] += 1
        return result

    return answer


def remembered(check):
    """The answer to one input, written down."""
    value = check.reference(*check.draw(np.random.default_rng(99)))
    return lambda *args: copy.deepcopy(value)


def fails(*args):
    raise RuntimeError("size mismatch\nand more lines")


TAKE_NUMBERS = ("report_at", "shared_weights", "p_value")  # which cannot be changed in place


@pytest.mark.parametrize("check", [check for check in FUNCTIONS if check.name not in TAKE_NUMBERS], ids=name_of)
def test_damage_to_an_argument_is_seen_even_if_the_result_is_right(check):
    verdict = check(in_place(check), 0)
    assert verdict.key == "in place" and "argument number 1" in verdict.text


@pytest.mark.parametrize("check", FUNCTIONS, ids=name_of)
def test_an_answer_written_down_does_not_pass(check):
    for seed in SEEDS:
        verdict = check(remembered(check), seed)
        assert not verdict and verdict.text
    if check.name not in ("can_draw",):  # True or False: there the constant answers have hints of their own
        assert verdict.key in ("constant", "shape"), verdict


@pytest.mark.parametrize("check", FUNCTIONS, ids=name_of)
def test_an_error_becomes_a_hint_with_the_shapes(check):
    verdict = check(fails, 0)
    assert verdict.key == "error"
    assert "RuntimeError: size mismatch." in verdict.text and "more lines" not in verdict.text


@pytest.mark.parametrize("check", EACH, ids=name_of)
def test_what_was_not_attempted_is_not_wrong(check):
    def stub(*args): ...

    def raising(*args):
        raise NotImplementedError

    answers = (None, stub, raising) if isinstance(check, FunctionCheck) else (None,)
    assert all(check(answer).key == "not attempted" for answer in answers)


def test_what_is_no_function_and_a_path_without_return():
    check = checks.contexts
    assert check([1, 2]).key == "no function"
    sometimes = lambda words, vocab, i, w: check.reference(words, vocab, i, w) if i else None  # noqa: E731
    assert check(sometimes, 0).key == "no value"


def test_shapes_that_broadcast_and_numbers_that_overflow():
    check = checks.masked_loss
    verdict = check(lambda *args: check.reference(*args).reshape(1, -1), 0)
    assert verdict.key == "shape" and "broadcast" in verdict.text
    assert check(lambda *args: check.reference(*args) / 0, 0).key == "not finite"
    verdict = check(lambda *args: check.reference(*args) + torch.arange(len(args[0])), 0)
    assert verdict.key == "other" and "wanted is" in verdict.text


def test_inputs_are_fresh():
    seen = []

    def spy(x, y):
        seen.append(x)
        return checks.spearman.reference(x, y)

    assert checks.spearman(spy) and checks.spearman(spy)
    assert len({x.tobytes() for x in seen}) == len(seen) >= 10


# -- how a verdict looks


def test_a_verdict_is_text_and_html_and_never_a_traceback():
    bundle = checks.masked_loss(fails)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"].startswith("masked_loss: not yet. ")
    assert "Traceback" not in bundle["text/plain"] and "<b>masked_loss: not yet.</b>" in bundle["text/html"]
    assert "&lt;" in checks.Verdict("x", "other", "a < b").html()


def test_the_hints_name_no_cell_and_need_no_markup():
    for check in EACH:
        hints = [m.hint for m in getattr(check, "mistakes", ())] + [
            why for _, why in getattr(check, "statements", {}).values()
        ]
        for hint in hints:
            assert not re.search(r"[`$]|\*\*|\bsimply\b|\bobviously\b|\bjust\b", hint), hint


# -- questions, by widget and without


@pytest.mark.parametrize("check", [*NUMBERS, *STATEMENTS], ids=name_of)
def test_a_question_has_a_form_that_answers_back(check):
    bundle = check(None)._repr_mimebundle_()
    assert WIDGET in bundle and "not attempted" in bundle["text/plain"]
    form = check(None).form()
    row, feedback = form.children
    *fields, button = row.children
    if isinstance(check, NumberCheck):
        fields[0].value = f"{check.value:,.6g}"
    else:
        for box, (true, _) in zip(fields, check.statements.values()):
            box.value = true
    button.click()
    assert "correct" in feedback.value
    if isinstance(check, NumberCheck):
        fields[0].value = str(check.mistakes[0].answer)
    else:
        fields[0].value = not fields[0].value
    button.click()
    assert "not yet" in feedback.value


def test_a_question_works_without_widgets(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    bundle = checks.discard()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert checks.discard(0.8)


# -- wrong answers that were written apart from the checks


def written(name, body):
    scope = {"torch": torch, "np": np, "F": torch.nn.functional, "spearmanr": spearmanr}
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    exec(f"def answer({HEAD[name]}):\n{lines}", scope)
    return scope["answer"]


@pytest.mark.parametrize(
    ("name", "key", "body"),
    [(name, key, body) for name, answers in ANSWERS.items() for key, body in answers],
    ids=lambda text: text if len(text) < 40 else "...",
)
def test_a_wrong_answer_as_a_student_writes_it(name, key, body):
    for seed in SEEDS:
        verdict = getattr(checks, name)(written(name, body), seed)
        assert verdict.key == key, str(verdict)


def test_each_code_exercise_has_four_wrong_answers_written_apart():
    assert set(ANSWERS) == set(HEAD) == {check.name for check in FUNCTIONS}
    assert all(len({key for key, _ in answers}) >= 4 for answers in ANSWERS.values())
