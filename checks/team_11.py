# Used in 11 · tests/checks/test_answers.py
"""The check of a rule of combining: the answer runs in all processes of a team at once, and its bytes are counted."""

from __future__ import annotations

import torch

from checks import drawn_11 as drawn
from checks.core import FunctionCheck
from checks.verdict import Mistake


def _changed(before, after):
    return (after != before).any(dim=1)


def _combine(before, after, team, *, divide=None, marks=True, base=True, dtype=torch.uint8):
    change = after - before
    touching = team.sum(_changed(before, after).to(dtype))
    rows = touching.nonzero().squeeze(1) if marks else torch.arange(len(before))
    summed, touching = team.sum(change[rows]), touching[rows].unsqueeze(1).float()
    agreed = before.clone() if base else torch.zeros_like(before)
    agreed[rows] += summed / (divide(touching, team.size) if divide else touching.clamp(min=1))
    return agreed


combine = FunctionCheck(
    name="combine",
    reference=_combine,
    draw=drawn.team,
    hostile={
        "one process": drawn.shaped(size=1),
        "nobody changed a row": drawn.shaped(touched=0.0),
        "everybody changed every row": drawn.shaped(dense=True),
        "changes that cancel": drawn.cancelled,
        "changes that hardly show": drawn.hardly,
        "one row": drawn.shaped(R=1),
        "one column": drawn.shaped(D=1),
        "many rows, few of them changed": drawn.shaped(R=200, D=16, touched=0.02),
        "seven processes": drawn.shaped(size=7, R=60, touched=0.05),
    },
    mistakes=[
        Mistake(
            "mean over all",
            lambda before, after, team: _combine(before, after, team, divide=lambda n, size: size),
            "You divide by the number of processes. Divide each row by how many of them changed it.",
        ),
        Mistake(
            "sum",
            lambda before, after, team: _combine(before, after, team, divide=lambda n, size: 1),
            "You add the changes up. Divide each row's by how many processes changed it.",
        ),
        Mistake(
            "mean of whole tables",
            lambda before, after, team: before + team.sum(after - before) / team.size,
            "You divide by the number of processes, and all rows travel. Divide each row by how many of them changed "
            "it, and send those rows alone.",
        ),
        Mistake(
            "sum of whole tables",
            lambda before, after, team: before + team.sum(after - before),
            "You add the changes up, and all rows travel. Divide each row's by how many processes changed it, and "
            "send those rows alone.",
        ),
        Mistake(
            "all rows sent",
            lambda before, after, team: _combine(before, after, team, marks=False),
            "The table is right. But rows that nobody changed travel too: find out first which were changed, which "
            "takes one byte a row.",
        ),
        Mistake(
            "changes alone",
            lambda before, after, team: _combine(before, after, team, base=False),
            "You return the mean change. Add it to what the rows were.",
        ),
        Mistake(
            "root",
            lambda before, after, team: _combine(before, after, team, divide=lambda n, size: n.clamp(min=1).sqrt()),
            "You divide by the root of the number that changed a row: the mean divides by the number.",
        ),
        Mistake("its own", lambda before, after, team: after, "This is what one process has made. Let them agree."),
    ],
    right="All processes end with one table, and only what somebody changed has travelled.",
)
