# Run by make slides · tests/course/test_slides.py
"""What TEACHING.md says of a notebook: a question for each section, for the speaker's notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from helpers.files import ROOT

GUIDE = ROOT / "TEACHING.md"
QUESTION = re.compile(r'^  - "([^"]+)": ((?:.|\n(?!  - |- |\n))+)', re.MULTILINE)


@dataclass(frozen=True)
class Guide:
    """One notebook's part of TEACHING.md.

    Attributes
    ----------
    questions : list of (str, str)
        The beginning of a section's heading, and what to ask there before the cell is run.
    about : str
        Misconceptions to expect, and what to skip, as Markdown.
    """

    questions: list[tuple[str, str]] = field(default_factory=list)
    about: str = ""


def guides(text: str | None = None) -> dict[str, Guide]:
    """The parts of TEACHING.md by the notebook's number; none where the file is not there.

    Examples
    --------
    >>> text = '## Notebook by notebook\\n\\n### 01 · Look\\n\\n- **Ask**\\n  - "A part": why\\n    so?\\n'
    >>> guides(text)["01"].questions
    [('A part', 'why so?')]
    """
    if text is None:
        text = GUIDE.read_text(encoding="utf-8") if Path(GUIDE).is_file() else ""
    found = re.split(r"^### (\d\d) · .+$", text.partition("## Notebook by notebook")[2], flags=re.MULTILINE)
    parts = {}
    for number, part in zip(found[1::2], found[2::2]):
        part = re.split(r"^## ", part, flags=re.MULTILINE)[0]
        questions = [(heading, " ".join(asked.split())) for heading, asked in QUESTION.findall(part)]
        parts[number] = Guide(
            questions, "\n".join(re.findall(r"^- \*\*(?:Misc|Skip)(?:.|\n(?!- ))+", part, re.MULTILINE))
        )
    return parts
