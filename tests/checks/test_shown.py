"""What differs is shown side by side, cut to what can be read, and an error with what usually leads to it."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from checks import shown
from checks.compare import difference
from checks.running import Raised


def beside(a, b):
    return shown.beside(a, b, difference(a, b))


def test_a_grid_marks_what_differs_and_names_the_first():
    text = beside([[1.0, 2], [3, 4]], np.array([[1.0, 2], [3, 5]])).text
    assert text == (
        "  yours   wanted\n  1  2    1  2\n  3  4*   3  5*\n"
        "First difference at [1, 1]: yours 4, wanted 5. 1 of 4 entries differ."
    )


def test_numbers_that_differ_are_shown_differing():
    text = beside(0.123456789, 0.12346789).text
    mine, wanted = re.search(r"(\d\S+) +(\d\S+)$", text).groups()
    assert mine != wanted


def test_more_than_two_axes_show_the_plane_that_differs():
    a = np.zeros((2, 2, 3))
    b = a.copy()
    b[1, 0, 2] = 1
    assert "[1, :, :]" in beside(a, b).text and "at [1, 0, 2]: yours 0, wanted 1." in beside(a, b).text
    assert "at [1, 0, 0, 2]" in beside(a[:, None], b[:, None]).text


def test_large_arrays_are_cut_around_the_first_difference():
    a = np.zeros((40, 50))
    b = a.copy()
    b[30, 45] = 7
    text = beside(a, b).text
    assert "7*" in text and "... of 40 x 50" in text and len(text.split("\n")) < 14
    assert "7*" in beside(a[30], b[30]).text


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (np.zeros((1, 2)), np.zeros(2), "Your shape is (1, 2), wanted is (2,)."),
        ([], [3, 4], "empty, of shape (0,)"),
        (None, [1], "None  (NoneType)"),
        ("a", 1, "'a'  (str)"),
        ([[1], [1, 2]], [[1], [1, 2], [1]], "Yours has 2 items, wanted are 3."),
        ({"a": 1}, {"b": 1}, "{'b': 1}"),
        ([{1}, {2}], [{1}, {3}], "In the part [1]"),
        ((np.zeros(2), np.zeros((1, 3))), (np.zeros(2), np.ones((1, 3))), "In the part [1] of what is returned:"),
        (True, False, "wanted"),
        ([1, "a"], [1, "b"], "In the part [1]"),
        (float("nan"), 1.0, "nan"),
        (np.zeros(0), np.zeros((0, 2)), "wanted is (0, 2)"),
        (["a"], [1], "wanted"),
        ([1, 2], 3, "wanted is one number"),
    ],
)
def test_any_two_values_can_be_shown(a, b, said):
    both = beside(a, b)
    assert said in both.text and "yours" in both.html and "wanted" in both.html


def test_arguments_are_readable_and_short():
    args = (
        torch.tensor([[0.123456, 2.0]]),
        ["the", "chip"],
        nn.Embedding(2, 1),
        3,
        np.arange(500),
        {"a": 1},
        np.zeros(0),
    )
    text = shown.arguments(["x", "words", "embed", "k", "n", "d", "none"], args).text
    assert (
        "  x     = [[0.1235, 2]]" in text
        and "words = ['the', 'chip']" in text
        and "Embedding(2, 1) with weight" in text
    )
    assert "..., 497, 498, 499]" in text and all(len(line) < 330 for line in text.split("\n")) and "none  = []" in text
    net = nn.Sequential(nn.Embedding(2, 1))
    parts = shown.arguments(
        ["net", "o", "f"], [net, torch.optim.SGD(net.parameters(), lr=1.0), test_html_is_escaped]
    ).text
    assert len(parts.split("\n")) == 3 and "lr: 1.0" in parts and "f   = test_html_is_escaped" in parts
    assert shown.names_of(lambda *a: 0, 2, lambda x, y: 0) == ["x", "y"] and shown.names_of(len, 2) == [
        "argument 1",
        "argument 2",
    ]


def test_html_is_escaped():
    odd = Raised(ValueError("<b>"))
    assert "&lt;b&gt;" in shown.raised(odd).html and "<b>" not in shown.raised(odd).html
    assert "&lt;i&gt;" in beside("<i>", 1).html and "&lt;i&gt;" in shown.arguments(["x"], ["<i>"]).html
