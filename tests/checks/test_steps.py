"""Hints in steps: each exercise has them, none gives its solution away, and they open one after the other."""

import re

import pytest

import checks
from checks import steps
from checks.asked import NumberCheck, StatementsCheck
from course import notebook_files, solutions

EXERCISES = {name: path for path in notebook_files.find() for name in solutions.exercises(notebook_files.read(path))}
FOLDER = notebook_files.NOTEBOOKS / solutions.SOLUTIONS


def test_every_exercise_has_two_or_three_steps_in_the_order_of_the_course():
    assert list(steps.every()) == list(EXERCISES)
    assert {len(found) for found in steps.every().values()} == {2, 3}
    text = [line for line in steps.FILE.read_text(encoding="utf-8").splitlines() if line]
    assert len(text) == sum(1 + len(found) for found in steps.every().values()), "a line that belongs to no step"
    for name, found in steps.every().items():
        for step in found:
            assert 40 <= len(step) <= 240 and step[-1] in ".?", (name, step)
            assert step.count("`") % 2 == 0 and not re.search(r"\*\*|\$|\]\(|—|!", step), (name, step)
    assert steps.of("no_such_exercise") == ()


@pytest.mark.parametrize("name", EXERCISES)
def test_no_step_gives_the_solution_away(name):
    check, text = getattr(checks, name), " ".join(steps.of(name))
    if isinstance(check, StatementsCheck):
        assert not re.search(r"\([a-f]\)( and \([a-f]\))? (is|are) (not )?(true|false|right|wrong)", text)
        return
    if isinstance(check, NumberCheck):
        numbers = [float(found.replace(",", "")) for found in re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)]
        assert not [x for x in numbers if abs(x - check.value) <= check.tolerance * abs(check.value)]
    if not FOLDER.is_dir():
        pytest.skip("a release for students has no solutions")
    solved = solutions.exercises(notebook_files.read(FOLDER / EXERCISES[name].name))[name].answer.source
    lines = [" ".join(line.split()) for line in solved.splitlines()]
    given = [re.sub(r"^\w+ (=|\+=) |^return ", "", line) for line in lines if re.match(r"\w+ (=|\+=) |return ", line)]
    assert [line for line in given if len(line) > 12 and line in text] == []


def test_hints_open_one_after_the_other():
    said = checks.row_means(None)
    first, second, third = steps.of("row_means")
    assert not any(step in str(said) for step in (first, second, third))
    assert str(said).endswith("For a hint: checks.row_means(my_row_means, hint=True)")
    assert said.html().count("<details>") == 3 and "<code>ids</code>" in said.html()
    once = str(checks.row_means(None, hint=True))
    assert f"Hint 1 of 3: {first}" in once and second not in once
    assert once.endswith("For the next: checks.row_means(my_row_means, hint=2)")
    twice = checks.row_means(None, hint=2)
    assert first in str(twice) and f"Hint 2 of 3: {second}" in str(twice) and third not in str(twice)
    assert twice.html().count("<details open>") == 2 and twice.html().count("<details>") == 1
    for many in (3, 9):
        assert str(checks.row_means(None, hint=many)).splitlines()[1:] == [
            f"Hint {i} of 3: {step}" for i, step in enumerate(steps.of("row_means"), 1)
        ]


def test_the_mistake_comes_first_and_the_right_answer_needs_none():
    wrong = checks.blind_loss(1234, hint=1)
    assert wrong.hints[0][1] == wrong.hint != "" and [text for _, text in wrong.hints[1:]] == [*steps.of("blind_loss")]
    assert str(wrong).splitlines()[1].startswith("Hint 1 of 3: ")
    right = checks.blind_loss(checks.blind_loss.value, hint=3)
    assert right.hints == [] and "int" not in str(right) and "<details" not in right.html()


@pytest.mark.parametrize("name", ["row_means", "blind_loss", "two_tables"])
@pytest.mark.parametrize("hint", ["yes", -1, 1.5, None])
def test_what_is_no_number_of_hints_is_said(name, hint):
    with pytest.raises(ValueError, match="^hint is True, or how many hints to open"):
        getattr(checks, name)(None, hint=hint)
