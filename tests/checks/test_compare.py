"""Equal forms are equal, everything else differs, and the first place is found."""

from collections import OrderedDict
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import nn

from checks.compare import as_arrays, difference, same, shape, size

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        ([[1.0, 2]], torch.tensor([[1.0, 2.0]])),
        ((1, 2), [1, 2]),
        (torch.ones(2, 2), (np.ones(2), [1, 1])),
        (1, True),
        (0.5, np.float32(0.5)),
        (Fraction(1, 2), 0.5),
        ([], np.zeros(0)),
        (range(3), [0, 1, 2]),
        (torch.tensor(3), 3),
        ([torch.ones(2), np.zeros((1, 3))], ([1, 1], [[0, 0, 0]])),
        ({1, 2}, {2, 1}),
        ({"a": [1]}, {"a": np.array([1])}),
        (OrderedDict(a=1), {"a": 1}),
        ("a", "a"),
        (None, None),
        ([{1}, {2}], [{1}, {2}]),
        (NAN, NAN),
        ([INF, -INF], [INF, -INF]),
        (0.1 + 0.2, 0.3),
        (1e-7, 0.0),
        (1000.001, 1000.0),
        (["a", 1], ["a", 1.0]),
        (torch.ones(2, requires_grad=True), [1, 1]),
        (torch.ones(2, dtype=torch.bfloat16), [1, 1]),
        (np.array(["a"]), ["a"]),
        (torch.eye(2).to_sparse(), [[1, 0], [0, 1]]),
        (2.0, 2),
        (Fraction(2), 2),
        (2**63 - 1, np.int64(2**63 - 1)),
        (2.0**60, 2**60),
        ([2**53 + 1], torch.tensor([2**53 + 1])),
    ],
)
def test_same(a, b):
    assert same(a, b) and same(b, a)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ([1, 2], [1, 3], "value"),
        ([[1, 2]], [1, 2], "shape"),
        ([1], 1, "shape"),
        ([1, 2], [1, 2, 3], "shape"),
        (1.0001, 1.0, "value"),
        (2.0000001, 2, "value"),
        (NAN, 1.0, "value"),
        (1.0, NAN, "value"),
        (INF, 1.0, "value"),
        ("1", 1, "type"),
        (None, 1, "type"),
        ({"a": 1}, {"b": 1}, "keys"),
        ({1}, {2}, "value"),
        ([1, "a"], [1, "b"], "value"),
        ([[1], [1, 2]], [[1], [1, 2], [1]], "length"),
        ("a", "b", "value"),
        (object(), 1, "type"),
        ({1, 2}, [1, 2], "type"),
        (0.00012, 0.00011, "value"),
        ([1e6, 1.0], [1e6, 200.0], "value"),
        (1j, 1, "type"),
        (lambda: 1, 1, "type"),
        (2.0**53, 2**53 + 1, "value"),
        (np.array([2.0**53, 1]), [2**53 + 1, 1], "value"),
        (float(2**63 - 1), 2**63 - 1, "value"),
        (NAN, 1, "value"),
        (10**400, 1, "value"),
        ([10**5000], [1.0], "value"),
        (-(10**400), INF, "value"),
        (10**400, INF, "value"),
        (Fraction(10**400), 1.0, "value"),
        ([10**400, 1], [1, 1], "value"),
        (torch.zeros(2, device="meta"), [0, 0], "type"),
        (torch.zeros(2, device="meta"), [NAN, NAN], "type"),
        ([torch.zeros(1, device="meta"), 1], [0, 1], "type"),
    ],
)
def test_different(a, b, kind):
    found = difference(a, b)
    assert found and found.kind == kind, found


def test_the_first_place():
    found = difference([[1.0, 2, 3], [4, 5, 6]], [[1.0, 2, 3], [4, 0, 0]])
    assert found.index == (1, 1) and found.where.sum() == 2 and found.path == ()
    found = difference((np.zeros(2), np.ones((2, 2))), (np.zeros(2), np.array([[1, 1], [2, 1]])))
    assert found.path == (1,) and found.index == (1, 0)
    assert difference({"a": [1, 2]}, {"a": [1, 5]}).path == ("a",)
    assert difference(1, 2).index == ()


def test_the_tolerance_is_of_the_largest_number_and_none_for_whole_ones():
    assert same([1000.0, 0.004], [1000.0, 0.0]) and not same([1000.0, 0.004], [1000.0, 0.0], 1e-7)
    assert not same([1000, 1.0001], [1000, 1]) and same([1.0, 0.0], [1, 0], 0)
    rounded = np.round(np.linspace(-1, 1, 41) * np.pi, 4)
    assert not same(rounded, np.linspace(-1, 1, 41) * np.pi)  # four places are no full answer


def test_what_compares_strangely_is_different():
    class Odd:
        def __eq__(self, other):
            raise ValueError

    class Yes(list):
        def __eq__(self, other):
            return True

    assert not same(Odd(), Odd()) and not same(Yes(), [1])


def test_shape_and_size():
    assert shape([[1, 2]]) == "(1, 2)" and shape(3) == "one number" and shape("a") == "str"
    assert shape((np.zeros(2), np.zeros(3))) == "[(2,), (3,)]"
    assert (
        size((np.zeros((2, 3)), [1, [2, 3]], {"a": 1}, nn.Embedding(2, 2), "word", torch.zeros(0))) == 6 + 3 + 1 + 4 + 1
    )
    assert as_arrays(True).dtype.kind == as_arrays([1, 2]).dtype.kind == "i" and as_arrays([1, 2.0]).dtype.kind == "f"
