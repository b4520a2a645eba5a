# Used from 01 · tests/checks/test_steps.py
"""Hints in steps, for who is stuck: what to look at first, then the plan, never the solution; written in steps.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("steps.md")


@cache
def every() -> dict[str, tuple[str, ...]]:
    """The steps of each exercise, by its name, in the file's order."""
    parts = re.split(r"^## (\w+)$", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    items = [re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:] for text in parts[2::2]]
    return {name: tuple(" ".join(item.split()) for item in found) for name, found in zip(parts[1::2], items)}


def of(name: str) -> tuple[str, ...]:
    """The steps of one exercise; none where the course has no such exercise."""
    return every().get(name, ())
