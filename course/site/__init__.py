# Run by make run, make book, make pdf · tests/course/test_site.py
"""The book: the notebooks as a site that needs no network and no kernel, and as one PDF.

Sphinx with myst-nb builds it in the theme of PyData. What is ours: the pages' sources (`sources`), formulas as MathML
(`formulas`), and the configuration (`conf.py`).
"""

import re
from html import unescape

from course.site.formulas import FormulaError, markdown, mathml

__all__ = ["ALONG", "TITLE", "FormulaError", "SiteFailed", "anchor", "markdown", "mathml"]

TITLE = "Two Vectors per Word"
ALONG = ("images", "live")  # folders beside the notebooks that go with them


class SiteFailed(RuntimeError):
    """Sphinx could not build the book; the message is what it said."""


def anchor(heading: str) -> str:
    """A heading's anchor as GitHub makes it: lower case, hyphens for blanks, no other signs.

    Examples
    --------
    >>> anchor("Spearman's correlation"), anchor("t-SNE")
    ('spearmans-correlation', 't-sne')
    """
    return re.sub(r"[^\w-]", "", unescape(heading).lower().replace(" ", "-"))
