"""What usually leads to an error, as students meet it; what an answer's form tells: test_checks.py."""

import numpy as np
import pytest
import torch

from checks import advice
from checks.running import Raised, run


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x: x @ torch.ones(7), "same k"),
        (lambda x: x.numpy() @ np.ones(7), "same k"),
        (lambda x: torch.bmm(x[None, None], x[None, None]), "same k"),
        (lambda x: x @ torch.ones(3).long(), ".float()"),
        (lambda x: x.long().mean(), ".float()"),
        (lambda x: x + torch.ones(7), "do not fit"),
        (lambda x: x.numpy() + np.ones(7), "do not fit"),
        (lambda x: torch.cat([x[None], torch.ones(1, 5)]), "do not fit"),
        (lambda x: np.array([[1], [1, 2]]), "do not fit"),
        (lambda x: x + None, "is None"),
        (lambda x: len(None), "is None"),
        (lambda x: x.grad[0], "is None"),
        (lambda x: 1 if x > 0 else 0, "whole array"),
        (lambda x: float(x), "whole array"),
        (lambda x: [1][3], "runs past"),
        (lambda x: x[7], "runs past"),
        (lambda x: 1 // 0, "divisor"),
        (lambda x: missing, "name is missing"),  # noqa: F821
        (lambda: 1, "called with the arguments"),
        (lambda x: min([]), "empty"),
        (lambda x: np.zeros(0).max(), "empty"),
        (lambda x: x.sum().backward(), "requires_grad_()"),
        (lambda x: torch.embedding(x, x), ""),
    ],
)
def test_what_usually_leads_to_an_error(answer, said):
    raised = run(answer, [torch.ones(3)]).value
    assert isinstance(raised, Raised) and said in advice.on_error(raised, ["x"]), f"{raised.kind}: {raised.text}"


def test_an_unknown_error_gets_general_advice():
    assert "Call your function on that input" in advice.on_error(Raised(ValueError("odd")), ["x"])
