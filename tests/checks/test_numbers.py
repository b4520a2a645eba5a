"""Numbers as people write them are read, and what is none is told apart."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from checks.numbers import NoNumber, plain, read


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.8", [0.8]),
        (".8", [0.8]),
        ("8.", [8]),
        ("-0.5", [-0.5]),
        ("−0.5", [-0.5]),
        ("1e-4", [1e-4]),
        ("1.5e3", [1500]),
        ("007", [7]),
        ("= 4", [4]),
        ("≈ 0.3", [0.3]),
        ("15,000", [15000, 15]),
        ("1,234", [1234, 1.234]),
        ("1.234", [1.234, 1234]),
        ("15.000", [15, 15000]),
        ("0,251", [0.251]),
        ("0.251", [0.251]),
        ("0,8", [0.8]),
        ("12,5", [12.5]),
        ("1,5e3", [1500]),
        ("1,234.5", [1234.5]),
        ("1.234,5", [1234.5]),
        ("1,234,567", [1234567]),
        ("1.234.567", [1234567]),
        ("15 000", [15000]),
        ("15\u00a0000", [15000]),
        ("15_000", [15000]),
        ("15'000", [15000]),
        ("343 001 600", [343001600]),
        ("25 %", [0.25]),
        ("25%", [0.25]),
        ("2,5 %", [0.025]),
        ("2*3%", [0.06]),
        ("100 % - 20 %", None),
        ("12/15", [0.8]),
        ("512*6719*100", [344012800]),
        ("512 × 6719 · 100", [344012800]),
        ("512*6,719*100", [344012800, 344012.8]),
        ("2^10", [1024]),
        ("2**10", [1024]),
        ("-(1/4)*log(1/4)", [0.34657359]),
        ("ln(2)", [0.69314718]),
        ("math.sqrt(4)", [2]),
        ("np.exp(0)", [1]),
        ("log2(8)", [3]),
        ("1 - (1e-4/0.0025)**0.5", [0.8]),
        ("2*pi", [6.2831853]),
        ("abc", None),
        ("1,23,4", None),
        ("1/0", None),
        ("9**9**9", None),
        ("(-8)**0.5", None),
        ("", None),
        ("__import__('os')", None),
        ("[1][0]", None),
        ("1 if 1 else 2", None),
        ("max(1, 2)", None),
        ("4 words", None),
        ("'a'", None),
        ("1j", None),
        ("log", None),
        ("9" * 400, None),
        ("(" * 200, None),
        ("1" + "+1" * 140, [141]),
    ],
)
def test_texts(text, numbers):
    if numbers is None:
        with pytest.raises(NoNumber, match=r"\.$"):
            read(text)
    else:
        assert read(text) == pytest.approx(numbers)


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        Fraction(1, 2),
        Decimal("0.5"),
        np.float32(0.5),
        np.array([0.5]),
        torch.tensor(0.5),
        torch.tensor([[0.5]]),
        [0.5],
        (0.5,),
        "0.5",
        ["1/2"],
    ],
)
def test_values(value):
    assert read(value) == [0.5]


@pytest.mark.parametrize(
    "value", [(0, 251), [1, 2], np.zeros(3), torch.zeros(0), True, 1j, abs, {"a": 1}, object(), 10**400]
)
def test_what_is_no_number(value):
    with pytest.raises(NoNumber):
        read(value)


def test_a_comma_without_quotes_is_named():
    with pytest.raises(NoNumber, match="Python reads 0, 251 without quotes"):
        read((0, 251))


def test_a_number_as_it_is_shown():
    assert [plain(x) for x in (343001600.0, 0.25, 1119.8333333, -2.0, 1e20)] == [
        "343,001,600",
        "0.25",
        "1119.83",
        "-2",
        "1e+20",
    ]
