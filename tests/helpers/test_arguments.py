"""The rules for arguments: what they convert, what they refuse, and what they say."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import arguments
from helpers.arguments import ArgumentError, check, checked, many, number, one_of, optional, sized, whole
from helpers.shapes import array, tensor


def one(rule, value):
    return check({"x": rule}, {"x": value})["x"]


@pytest.mark.parametrize("value", [5, 5.0, np.int32(5), np.float32(5), np.array(5), torch.tensor(5), torch.tensor(5.0)])
def test_whole_numbers(value):
    found = one(whole(1), value)
    assert found == 5 and type(found) is int


@pytest.mark.parametrize(
    "value",
    [0, -1, 1.5, True, np.True_, "5", None, [5], np.array([5]), float("nan"), float("inf"), 2**70, 1j, Fraction(5)],
)
def test_no_whole_numbers(value):
    with pytest.raises(ArgumentError, match=r"^x is .*; give a whole number, 1 or more$"):
        one(whole(1), value)


def test_an_argument_error_is_both_of_pythons():
    with pytest.raises(TypeError):
        one(whole(), "x")
    with pytest.raises(ValueError):
        one(whole(), "x")


@pytest.mark.parametrize(("value", "fits"), [(0.1, True), (1, True), (0, False), (1.5, False), (float("nan"), False)])
def test_numbers_in_a_range(value, fits):
    rule = number(above=0, most=1)
    if fits:
        assert one(rule, value) == value and type(one(rule, value)) is float
    else:
        with pytest.raises(ArgumentError, match="^x is"):
            one(rule, value)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (whole(), "a whole number$"),
        (whole(most=3), "a whole number, 3 or less$"),
        (whole(1, 3), "a whole number from 1 to 3$"),
        (number(), "a number$"),
        (number(above=0), "a number above 0$"),
        (number(least=0, most=1), "a number from 0 to 1$"),
        (optional(whole(1)), "a whole number, 1 or more, or None$"),
        (one_of("row", "pairs"), "one of 'row', 'pairs'$"),
        (array("V D"), r"an array of numbers, shape \(V, D\)$"),
        (tensor("V", "integers", least=0), r"a tensor of whole numbers, 0 or more, shape \(V\)$"),
        (arguments.flag(), "True or False$"),
        (arguments.function(), "a function$"),
        (arguments.words(), "a list of words$"),
        (arguments.instance(dict, list), "dict or list$"),
    ],
)
def test_what_an_error_asks_for(rule, said):
    with pytest.raises(ArgumentError, match=f"^x is 'odd'; give {said}"):
        one(rule, "odd")


@pytest.mark.parametrize(
    "value", [[1, 2], (1, 2), np.array([1, 2], np.uint8), np.array([1.0, 2.0]), torch.tensor([1, 2])]
)
def test_arrays_of_integers(value):
    found = one(array("N", "integers"), value)
    assert isinstance(found, np.ndarray) and found.dtype.kind in "iu" and found.tolist() == [1, 2]


@pytest.mark.parametrize(
    "value",
    [
        [1.5],
        [True],
        ["a"],
        [[1]],
        [[1], [1, 2]],
        None,
        3,
        [None],
        [1j],
        [float("nan")],
        [float("inf")],
        object(),
        {1: 2},
    ],
)
def test_no_arrays_of_integers(value):
    with pytest.raises(ArgumentError, match="^x "):
        one(array("N", "integers"), value)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("rule", [array, tensor])
def test_a_value_that_is_not_finite_is_seen(rule, bad):
    table = np.ones((3, 2), np.float32)
    assert np.array_equal(one(rule("V D"), table), table)
    table[1, 1] = bad
    with pytest.raises(ArgumentError, match="x has values that are NaN or infinite"):
        one(rule("V D"), table)
    assert one(rule("V D", finite=False), table) is not None


def test_a_sum_that_overflows_is_no_infinity():
    table = torch.full((2, 2), 3e38)
    assert one(tensor("V D"), table) is table
    opposite = torch.tensor([[float("inf"), -float("inf")]])
    with pytest.raises(ArgumentError, match="infinite"):
        one(tensor("V D"), opposite)


def test_a_tensor_that_fits_is_passed_on():
    x = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    assert one(tensor("V D"), x) is x
    assert one(tensor("V D"), [[1, 2]]).dtype == torch.float32
    assert one(tensor("V", "integers"), [1.0, 2.0]).dtype == torch.int64
    assert one(tensor("V", "integers"), np.array([1], np.uint8)).dtype == torch.int64


@pytest.mark.parametrize(
    "bad",
    [
        torch.ones(2, 3, dtype=torch.bool),
        torch.ones(2, 3, dtype=torch.complex64),
        torch.ones(2, 3).to_sparse(),
        "x",
        torch.ones(2, 3, device="meta"),
    ],
)
def test_no_table(bad):
    with pytest.raises(ArgumentError, match="^x is .*give a tensor of numbers"):
        one(tensor("V D"), bad)


def test_the_range_of_an_array():
    assert one(array("N", "integers", least=0, most=2), [0, 2]).tolist() == [0, 2]
    for bad in ([-1, 0], [0, 3]):
        with pytest.raises(ArgumentError, match="x has values from"):
            one(array("N", "integers", least=0, most=2), bad)
    assert one(array("N", "integers", least=0), []).shape == (0,)


def test_letters_hold_over_the_arguments_of_a_call():
    @checked(W=array("V D"), vocab=sized(list, "V"), x=array("D"), one=array("1"))
    def f(W, vocab, x=None, one=None):
        return W, vocab, x, one

    f(np.ones((2, 3)), [1, 2], np.ones(3))
    f(np.ones((2, 3)), [1, 2], one=[1])
    with pytest.raises(ArgumentError, match="^vocab has V = 3 .*and W 2: give two that fit"):
        f(np.ones((2, 3)), [1, 2, 3])
    with pytest.raises(ArgumentError, match="^x has D = 4 .*and W 3"):
        f(np.ones((2, 3)), [1, 2], np.ones(4))
    with pytest.raises(ArgumentError, match="^one is ndarray of float64, shape .2,.; give"):
        f(np.ones((2, 3)), [1, 2], one=[1, 2])


def test_lists():
    rule = many(whole(0), least=1, wanted="a list of ids")
    assert one(rule, (x for x in (1, 2.0))) == [1, 2]
    with pytest.raises(ArgumentError, match=r"^x\[1\] is 'a'; give a whole number"):
        one(rule, [1, "a"])
    for bad in ("12", b"12", {1: 2}, 3, None, []):
        with pytest.raises(ArgumentError, match="^x is .*; give a list of ids"):
            one(rule, bad)


@pytest.mark.parametrize("bad", ["", " ", "a\0b", b"a", None, 3])
def test_paths(bad):
    assert one(arguments.path(), "~/a") == Path.home() / "a"
    with pytest.raises(ArgumentError, match="^x is .*path"):
        one(arguments.path(), bad)


def test_lists_of_one_length():
    rule = many(many(arguments.text(), length=2, wanted="two words"), wanted="a list of two words each")
    assert one(rule, [("a", "b")]) == [["a", "b"]]
    with pytest.raises(ArgumentError, match=r"^x\[0\] is \['a'\]; give two words"):
        one(rule, [["a"]])


@pytest.mark.parametrize(("value", "found"), [(True, True), (0, False), (np.True_, True)])
def test_switches(value, found):
    assert one(arguments.flag(), value) is found
    with pytest.raises(ArgumentError):
        one(arguments.flag(), 2)


def test_the_door_leaves_the_function_as_it_is():
    @checked(k=whole(1))
    def f(x, k=0, *rest, **more):
        """Says so."""
        return x, k, rest, more

    assert f(1) == (1, 0, (), {})  # a default is not looked at
    assert f(1, 2.0, 3, y=4) == (1, 2, (3,), {"y": 4}) and type(f(1, 2.0)[1]) is int
    assert f.__doc__ == "Says so." and f.__name__ == "f"
    with pytest.raises(TypeError, match=r"f\(\) missing 1 required positional argument: 'x'"):
        f()


def test_a_rule_for_no_argument_is_seen_at_once():
    with pytest.raises(TypeError, match="f has no K"):

        @checked(K=whole(1))
        def f(k):
            return k


def test_arguments_that_do_not_fit_each_other():
    def fit(low, high, **_):
        if low > high:
            raise ArgumentError(f"low is {low}, above high")

    @checked(fit, low=whole(), high=whole())
    def f(low, high, step=1):
        return low, high

    assert f(1.0, 2) == (1, 2)
    with pytest.raises(ArgumentError, match="^low is 3, above high$"):
        f(3.0, 2)


def test_tensors_of_a_call_have_the_precision_of_the_first():
    @checked(W=tensor("V D"), x=tensor("D"))
    def f(W, x):
        return W @ x

    assert f(torch.ones(2, 3, dtype=torch.float64), np.ones(3, np.float32)).dtype == torch.float64


def test_generators_are_checked_when_they_are_called():
    @checked(n=whole(1))
    def f(n):
        yield from range(n)

    with pytest.raises(ArgumentError):
        f(0)
    assert list(f(2.0)) == [0, 1]


class Odd:
    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Odd(), "an object of type Odd"),
        ("x" * 100, "'" + "x" * 59 + r"\.\.\. \(str of length 100\)"),
        (np.zeros((2, 3), np.float32), r"ndarray of float32, shape \(2, 3\)"),
        (torch.zeros(2, 3), r"Tensor of float32, shape \(2, 3\)"),
    ],
)
def test_values_in_a_few_words(value, said):
    with pytest.raises(ArgumentError, match=f"^x is {said}; give a whole number"):
        one(whole(), value)
