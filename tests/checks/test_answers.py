"""Answers as students write them, in ``answers_*.py``: each wrong one is refused for its reason, each right one passes.

HEAD     the arguments of an exercise's function, by the exercise's name; one file of a notebook has it for all
WRONG    for each exercise, (name of the mistake, or None where any will do; source of the function's body)
RIGHT    for each exercise, sources of bodies that are right
SCOPE    names that these bodies use beside torch, np, nn, F, math and random (may be left out)

A source that begins with ``def my_`` and the exercise's name is a whole cell.
"""

import importlib
import math
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import checks.core
from checks.core import FunctionCheck
from checks.running import Raised

FILES = [importlib.import_module(path.stem) for path in sorted(Path(__file__).parent.glob("answers_*.py"))]
HEADS = {name: head for file in FILES for name, head in getattr(file, "HEAD", {}).items()}
SEEDS = range(2)  # inputs are drawn anew: what is caught with one draw must be caught with any
FUNCTIONS = [name for name in checks.NOTEBOOK if isinstance(getattr(checks, name), FunctionCheck)]


def written(file, name, body):
    scope = {"torch": torch, "np": np, "nn": torch.nn, "F": torch.nn.functional, "math": math, "random": random}
    scope |= getattr(file, "SCOPE", {})
    if f"def my_{name}" not in body:
        lines = "".join(f"    {line}\n" for line in body.split("\n"))
        body = f"def my_{name}({HEADS[name]}):\n{lines}"
    exec(body, scope)
    return scope[f"my_{name}"]


def cases(kind):
    return [
        pytest.param(file, name, each, id=f"{name}-{each[0] if kind == 'WRONG' else 'right'}-{i}")
        for file in FILES
        for name, several in getattr(file, kind).items()
        for i, each in enumerate(several)
    ]


@pytest.mark.parametrize(("file", "name", "case"), cases("WRONG"))
def test_a_wrong_answer_is_refused_for_its_reason(file, name, case):
    key, body = case
    answer, check = written(file, name, body), getattr(checks, name)
    for seed in SEEDS:
        verdict = check.verdict(answer, seed)
        assert not verdict and verdict.key != "not attempted", str(verdict)
        assert key is None or verdict.key == key, f"{verdict.key}: {check.verdict(answer, seed, hint=True)}"
        assert_shows(check, answer, verdict)


def assert_shows(check, answer, verdict):
    """A refusal shows the two values, or names what is not allowed; its line does what it says."""
    if verdict.key in ("forbidden", "no function"):
        return
    assert "wanted" in verdict.text or verdict.key == "in place", verdict.text
    seed, at = map(int, re.search(rf"checks\.{check.name}\.inputs\((\d+)\)\[(\d+)\]", str(verdict)).groups())
    wanted = [check.ran(each, check.inputs(seed)[at]) for each in (check.reference, *check.also)]
    before, args = check.inputs(seed)[at], check.inputs(seed)[at]
    mine = check.ran(answer, args)
    if isinstance(mine.value, Raised):
        assert mine.value.kind in verdict.text
    elif verdict.key == "in place":
        assert not all(map(checks.core.unchanged, before, args))
    else:
        assert not any(check._agree(mine, each) and check._slopes_agree(mine, each) for each in wanted), str(verdict)


@pytest.mark.parametrize(("file", "name", "body"), cases("RIGHT"))
def test_a_right_answer_passes_however_it_is_written(file, name, body):
    for seed in SEEDS:
        verdict = getattr(checks, name).verdict(written(file, name, body), seed, hint=True)
        assert verdict, str(verdict)


def test_each_code_exercise_has_wrong_and_right_answers():
    assert set(HEADS) == set(FUNCTIONS)
    for name in FUNCTIONS:
        wrong = [each for file in FILES for each in file.WRONG.get(name, ())]
        right = [each for file in FILES for each in file.RIGHT.get(name, ())]
        assert len(wrong) >= 10 and len(right) >= 5, f"{name}: {len(wrong)} wrong, {len(right)} right"
