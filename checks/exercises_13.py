# Used in 13 · tests/checks/test_checks.py
"""Checks of notebook 13: a word's contexts, attention, clusters against senses, a document's vector, the cost."""

from __future__ import annotations

from checks import drawn_13 as drawn
from checks.attention_13 import attention  # noqa: F401
from checks.core import FunctionCheck
from checks.pairs_13 import adjusted_rand  # noqa: F401
from checks.pooled_13 import pool  # noqa: F401
from checks.verdict import Mistake
from checks.windows_13 import context_vectors  # noqa: F401

# -- what an encoder costs


def _operations(*, pieces=4, scores=2, forward=2):
    """The reference; what is not as above is a mistake."""
    return lambda n, D, F, layers: layers * n * D * (pieces * D + scores * n + forward * F)


_encoder_operations = _operations()


def _in_32_bits(*args):
    return (_encoder_operations(*args) + 2**31) % 2**32 - 2**31


encoder_operations = FunctionCheck(
    name="encoder_operations",
    reference=_encoder_operations,
    draw=drawn.sizes,
    hostile=drawn.SIZES,
    partly=0.1,  # a mistake in floats may fail the book alone
    mistakes=[
        Mistake(
            "no output matrix",
            _operations(pieces=3),
            "A matrix of each layer is missing. Queries, keys and values are not all: their result passes one, too.",
        ),
        Mistake(
            "one matrix for each piece",
            _operations(pieces=1),
            "Some matrices of D x D are missing. Each piece passes several of them.",
        ),
        Mistake(
            "scores alone",
            _operations(scores=1),
            "You count the scores. The weights then meet the values, which is as many products again.",
        ),
        Mistake(
            "no pairs of pieces",
            _operations(scores=0),
            "Your count grows with n as such. Each piece is compared with each, so a part of it grows faster.",
        ),
        Mistake(
            "pairs counted once",
            lambda n, D, F, layers: layers * (n * D * (4 * D + 2 * F) + n * (n + 1) * D),
            "You count each pair of pieces once, or pieces before a piece alone. Here every piece looks at every "
            "piece.",
        ),
        Mistake(
            "pairs of two",
            lambda n, D, F, layers: layers * (n * D * (4 * D + 2 * F) + 2 * n * (n - 1) * D),
            "You leave out the pair of a piece with itself. Here every piece looks at every piece, itself too.",
        ),
        Mistake(
            "a score as one product",
            lambda n, D, F, layers: layers * (n * D * (4 * D + 2 * F) + 2 * n * n),
            "Your scores cost one product each. A score is a dot product of two long vectors.",
        ),
        Mistake(
            "one matrix of the two",
            _operations(forward=1),
            "One of the two matrices of D and F is missing: out to F numbers, and back to D.",
        ),
        Mistake(
            "no second part",
            _operations(forward=0),
            "You count attention alone. Each layer has two matrices more, of D and F.",
        ),
        Mistake(
            "F from D",
            lambda n, D, F, layers: layers * (12 * n * D * D + 2 * n * n * D),
            "You take F as four times D. Often it is; here it is given.",
        ),
        Mistake(
            "F squared",
            lambda n, D, F, layers: layers * n * (4 * D * D + 2 * n * D + D * F + F * F),
            "Your second matrix of the last two has F times F numbers. It leads from F numbers to D.",
        ),
        Mistake(
            "D and F exchanged",
            lambda n, D, F, layers: _encoder_operations(n, F, D, layers),
            "D and F have changed places. Which of the two is the size of a piece's vector?",
        ),
        Mistake(
            "doubled",
            lambda *args: 2 * _encoder_operations(*args),
            "Yours is twice as much: a multiplication and an addition, together, are one multiply-add.",
        ),
        Mistake(
            "one layer",
            lambda n, D, F, layers: _encoder_operations(n, D, F, 1),
            "That is the count of one layer.",
        ),
        Mistake(
            "two sums",
            lambda n, D, F, layers: layers * n * D * (4 * D + 2 * n) + 2 * n * D * F,
            "A part of your count does not grow with the layers. Look where a bracket ends.",
        ),
        Mistake(
            "one piece's matrices",
            lambda n, D, F, layers: layers * (4 * D * D + 2 * D * F + 2 * n * n * D),
            "Your matrices are applied once. Each of the n pieces passes through them.",
        ),
        Mistake(
            "one piece's second part",
            lambda n, D, F, layers: layers * (4 * n * D * D + 2 * D * F + 2 * n * n * D),
            "The matrices of D and F are applied once in your count. Each of the n pieces passes through them.",
        ),
        Mistake(
            "parameters",
            lambda n, D, F, layers: layers * (4 * D * D + 2 * D * F),
            "That is how many numbers the matrices hold. How often is each of them used?",
        ),
        Mistake(
            "for one piece",
            lambda n, D, F, layers: layers * D * (4 * D + 2 * n + 2 * F),
            "That is the count for one of the pieces. The document has n.",
        ),
        Mistake(
            "n squared for the matrices",
            lambda n, D, F, layers: layers * (4 * n * n * D * D + 2 * n * n * D + 2 * n * D * F),
            "You apply the matrices to each pair of pieces. They are applied to each piece.",
        ),
        Mistake(
            "n squared twice",
            lambda n, D, F, layers: layers * (n * D * (4 * D + 2 * F) + 2 * n * n * D * D),
            "In the part with the pairs of pieces you have D squared. A dot product of vectors of D numbers takes D "
            "multiply-adds.",
        ),
        Mistake(
            "rounded",
            lambda *args: float(_encoder_operations(*args)),
            "Your number is nearly right. A float holds about sixteen digits, and more are wanted here: stay with "
            "whole numbers throughout.",
        ),
        Mistake(
            "32 bits",
            _in_32_bits,
            "Your whole numbers have 32 bits, and start again from below where they are full. Python's own have room.",
        ),
    ],
    right="For short documents the matrices cost most; the pairs of pieces overtake them where n is beyond 2 D + F.",
)
