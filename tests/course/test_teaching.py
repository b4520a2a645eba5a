"""TEACHING.md speaks of what is there: sections, exercises, files and minutes."""

import re

import pytest

from course import notebook_files, solutions
from helpers.files import ROOT

GUIDE = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
NOTEBOOKS = {path.name[:2]: notebook_files.read(path) for path in notebook_files.find()}
HEADINGS = {
    number: [
        h for cell in nb.cells if cell.cell_type == "markdown" for h in re.findall(r"^## (.+)$", cell.source, re.M)
    ]
    for number, nb in NOTEBOOKS.items()
}
EXERCISES = {
    f"{int(number)}.{i}" for number, nb in NOTEBOOKS.items() for i in range(1, len(solutions.exercises(nb)) + 1)
}


def parts():
    """The text about each notebook, by number."""
    found = re.split(r"^### (\d\d) · .+$", GUIDE.partition("## Notebook by notebook")[2], flags=re.M)
    return dict(zip(found[1::2], found[2::2]))


def test_each_notebook_has_its_questions_misconceptions_and_what_to_skip():
    assert list(parts()) == list(NOTEBOOKS)
    for number, text in parts().items():
        text = text.partition("\n## ")[0]
        for label in ("**Ask**", "**Misconceptions.**", "**Skip**"):
            assert text.count(label) == 1, (number, label)
        misconceptions = text.partition("**Misconceptions.**")[2].partition("- **Skip**")[0]
        assert misconceptions.count('"') >= 6
        for said in re.findall(r'"[^"]+"\s+\(([^)]*)\)', misconceptions):
            caught = re.findall(r"\d+\.\d", said)
            assert caught and set(caught) <= EXERCISES, said


def test_every_exercise_is_there_for_a_misconception_or_in_a_plan():
    assert set(re.findall(r"\b(?:1[0-3]|[1-9])\.[1-9]\b", GUIDE.partition("## The exercises")[0])) == EXERCISES


@pytest.mark.parametrize("minutes", [50, 90])
def test_a_plan_has_every_minute_once(minutes):
    plan = GUIDE.partition(f"### {minutes} minutes")[2].partition("\n### ")[0]
    spans = [tuple(map(int, row)) for row in re.findall(r"^\| (\d+)-(\d+) \|", plan, re.M)]
    assert spans[0][0] == 0 and spans[-1][1] == minutes
    assert all(a[1] == b[0] and a[0] < a[1] for a, b in zip(spans, spans[1:]))


def test_sections_that_are_named_exist():
    for row in re.findall(r"^\|.*$", GUIDE, re.M):
        numbers = re.findall(r"\b(0\d|1[0-3])\b", row.split("|")[-2])
        for title in re.findall(r'"([^"]+)"', row.split("|")[-2]) if numbers else ():
            assert any(h.startswith(title) for n in numbers for h in HEADINGS[n]), (numbers, title)
    for number, text in parts().items():
        for title in re.findall(r'"([^"]+)"', text.partition("**Skip**")[2].partition("\n\n")[0]):
            assert any(h.startswith(title) for h in HEADINGS[number]), (number, title)


def test_commands_that_are_named_exist():
    assert "backend=" not in GUIDE  # as it was once called
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in re.findall(r"`make ([a-z-]+)`", GUIDE):
        assert re.search(rf"^{verb}:", makefile, re.M), verb
    for module in re.findall(r"python -m\s+((?:course|experiments)\.[a-z_]+)", GUIDE):
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file(), module
