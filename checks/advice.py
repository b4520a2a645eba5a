# Used from 01 · tests/checks/test_advice.py
"""The second step where no foreseen mistake explains an answer: what usually leads to such an error or form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from checks.compare import as_arrays, same, shape
from checks.running import Raised

GENERAL = (
    "No mistake that was foreseen explains this. Work the input above through by hand, up to the first difference."
)
IN_PLACE = (
    "Whoever called your function still needs its arguments: work on a copy, and mind +=, methods that end in _, "
    "assignments to slices, and backward(), which leaves its gradient in .grad."
)
NO_GRADIENT = (
    "Training needs the gradient that flows back through your result. float(), .item(), .detach(), .numpy(), "
    "torch.tensor(...) and torch.no_grad() cut it: compute with PyTorch's operations and return what they give."
)
ERRORS = (
    ("leaf variable that requires grad|leaf variable has been moved", "Your function changes an argument in place. "
     "Whoever called it still needs that: work on a copy, and mind +=, methods that end in _, assignments to slices."),
    ("call numpy() on tensor that requires grad|can't convert .* requires grad", "The result must carry a gradient, so "
     "stay with PyTorch's operations: .numpy(), .item() and float() cut the graph."),
    ("does not require grad", "Nothing that led to this loss asked for a gradient: call requires_grad_() on a copy of "
     "the argument first."),
    ("mat1 and mat2|matmul: input operand|batch1|batch2|inconsistent tensor size|incompatible for multiplication|"
     "size mismatch|not aligned", "A product (..., n, k) @ (..., k, m) needs the same k on both sides. Print both "
     "shapes; most often one factor's last two axes have to change places, with .transpose(-1, -2) or permute."),
    ("same dtype|expected scalar type|must have the same dtype|floating point or complex|can't be cast|"
     "input dtype must be|not implemented for 'long'", "One side holds whole numbers, the other fractions: turn the "
     "whole ones into .float()."),
    ("must match the size of tensor|could not be broadcast|shape mismatch|sizes of tensors must match|"
     "must match except|all input arrays must have|inhomogeneous", "Two shapes do not fit each other. Print both, and "
     "see which axis is missing or has another length on this input."),
    ("nonetype", "Something in that line is None: a function that is called there has no return, or is a stub that is "
     "not written yet."),
    ("truth value|boolean value of tensor|only one element tensors|only length-1 arrays|only 0-dimensional",
     "A whole array stands where one number or one yes or no is needed: mind masks, any() and all()."),
    ("out of range|out of bounds|index .* is out", "An index runs past the end. Look at the first and the last place, "
     "and at the smallest input."),
    ("division by zero|modulo by zero", "A divisor is 0 on this input: which one, and what should come out then?"),
    ("is not defined|free variable", "A name is missing: run the cell that defines or imports it, or put it into the "
     "function."),
    ("positional argument|unexpected keyword", "The function is called with the arguments that the task names, in that "
     "order: {names}."),
    ("before assignment|not associated with a value", "A variable gets its value only in a branch or a loop that this "
     "input does not enter."),
    ("zero-size array|empty sequence|empty tensor|arg is an empty|non-zero size|iterable argument is empty", "This "
     "input, or what is left of it, is empty: what should come out then?"),
    ("maximum recursion", "Your function calls itself without an end."),
)  # fmt: skip


def on_error(raised: Raised, names: Sequence[str]) -> str:
    """What usually leads to such an error."""
    text = f"{raised.kind}: {raised.text}".lower()
    found = next((advice for pattern, advice in ERRORS if _search(pattern, text)), "")
    return found.replace("{names}", ", ".join(names)) or (
        "Call your function on that input yourself, by the line above, and print what it holds before the line that "
        "raises."
    )


def _search(pattern: str, text: str) -> bool:
    return any(re.search(part.replace("(", r"\(").replace(")", r"\)"), text) for part in pattern.split("|"))


def on_form(value: Any, aim: Any, found: list, wanted: list) -> tuple[str, str]:
    """Key and hint from the form of an answer that no foreseen mistake explains."""
    numbers, right = as_arrays(value), as_arrays(aim)
    if isinstance(value, torch.Tensor) and value.is_meta:
        return "type", "That tensor is on the device meta: it has a shape, and no numbers."
    if hasattr(value, "__next__") or hasattr(value, "send"):
        return "type", "That is a generator, which has computed nothing yet: return a list of what it yields."
    if shape(value) != shape(aim):
        hint = "The form is not the one that the task asks for: which axis or item is missing, or too many?"
        if isinstance(value, (torch.Tensor, np.ndarray)) and isinstance(right, np.ndarray):
            hint += " Among arrays, a shape that differs can broadcast later, without an error and to wrong numbers."
        return "shape", hint
    both = isinstance(numbers, np.ndarray) and isinstance(right, np.ndarray)
    if both and not np.isfinite(numbers).all() and np.isfinite(right).all():
        return "not finite", "Some of your numbers are infinite or not a number: look for log(0), 0/0 and overflow."
    plain = [other for other in found if not isinstance(other, Raised)]
    if len(plain) > 1 and all(same(value, other, 0) for other in plain):
        if not all(same(wanted[0], other, 0) for other in wanted):
            return "constant", (
                "Your function gives one answer whatever it is given: the numbers of an example, written down? The "
                "inputs here are drawn anew each time."
            )
    return "other", ""
