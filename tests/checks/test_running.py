"""Running an answer: errors with their line, gradients, and what does nothing. Names: test_checks.py."""

import copy
import functools
import pickle

import numpy as np
import pytest
import torch
from torch import nn

from checks.given import Draws
from checks.running import Raised, is_idle, names_used, run


def helper(x):
    return x @ torch.ones(7)  # here


def calls_helper(x):
    y = helper(x)
    return y


def test_an_error_has_its_line_in_the_answers_own_code():
    ran = run(calls_helper, [torch.ones(3)])
    assert ran.value.kind == "RuntimeError" and ran.value.source == "return x @ torch.ones(7)  # here"
    assert ran.value.line == helper.__code__.co_firstlineno + 1
    assert run(lambda x: np.linalg.inv(x), [np.zeros((2, 2))]).value.source.startswith("assert run(lambda")
    assert run(len, [3]).value.line == 0 and Raised(ValueError("a\nb")).text == "a"
    assert Raised(ValueError("a")) == Raised(ValueError("b")) != Raised(TypeError("a"))


def test_what_leaves_a_kernel_is_an_error_and_an_interrupt_is_none():
    def ends():
        raise SystemExit(3)

    def interrupted():
        raise KeyboardInterrupt

    assert run(ends, []).value.kind == "SystemExit"
    with pytest.raises(KeyboardInterrupt):
        run(interrupted, [])


def test_autograd_is_on_and_slopes_are_of_all_that_is_returned():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.no_grad():
        ran = run(lambda x: (x * x, 3 * x), [x], (0,))
    weights = torch.cos(torch.arange(1, 5).double())
    assert torch.allclose(ran.slopes[0].double(), 2 * x.double() * weights[:2] + 3 * weights[2:])
    stacked = run(lambda x: torch.stack([x * x, 3 * x]), [x], (0,))
    assert torch.allclose(stacked.slopes[0], ran.slopes[0])
    assert run(lambda x: x.detach(), [x], (0,)).slopes == [None] and run(lambda x: 1.0, [x], (0,)).slopes == [None]
    assert run(lambda x: x, [x]).slopes is None
    embed = nn.Embedding(3, 2)
    both = run(lambda e, x: e.weight.sum() + 0 * x.sum(), [embed, x], (0, 1)).slopes
    assert isinstance(both[0], list) and both[0][0].shape == (3, 2) and both[1].tolist() == [0, 0]
    assert run(lambda e, x: e.weight.sum(), [embed, x], (0, 1)).slopes[1] is None


def test_what_does_nothing():
    def dots(): ...
    def passes():
        pass

    def says():
        """Says."""

    def returns():
        return

    def works():
        1 + len("a")

    def raises():
        raise ValueError

    assert all(map(is_idle, (dots, passes, says, returns, lambda: None)))
    assert not any(map(is_idle, (works, raises, lambda: 0, len, 3, functools.partial(dots))))


def test_names_of_partials_defaults_closures_and_odd_callables():
    inner = np.sort
    assert "sort" in names_used(functools.partial(lambda f, x: f(x), np.sort))
    assert "sort" in names_used(lambda x, f=np.sort: f(x)) and "sort" in names_used(lambda x: inner(x))
    assert names_used(len) == {"len"}

    class Callable:
        def __call__(self, x):
            return np.argsort(x)

    def recursive(x):
        return recursive(x[1:]) if len(x) else np.cumsum(x)

    assert "cumsum" in names_used(recursive) and "argsort" in names_used(Callable())


def test_words_are_drawn_in_order_and_not_one_too_many():
    draw = Draws([3, 1])
    others = copy.deepcopy(draw), pickle.loads(pickle.dumps(draw))  # an answer gets a copy, maybe in another process
    for each in (draw, *others):
        assert [each(), each()] == [3, 1] and "3, 1" in repr(each)
    ran = run(lambda draw: draw(), [draw])
    assert ran.value.kind == "TooManyDraws" and "2 times" in ran.value.text
