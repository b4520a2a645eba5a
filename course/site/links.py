# Run by make run, make book · tests/course/test_site.py
"""Where links lead in the book."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from course import solutions
from course.site import ALONG


@dataclass
class Links:
    """Where links lead in the book, and which files have to come along for them.

    Attributes
    ----------
    root : Path
        Of the project.
    pages : dict of str to str
        A path, seen from the root, to the source of its page.
    along : set of str
        Paths of files that were linked to and have no page: they are copied.
    """

    root: Path
    pages: dict[str, str]
    along: set[str] = field(default_factory=set)

    def point(self, text: str, folder: str = "") -> str:
        """A Markdown text with its links, made for a file in ``folder``, made for a page of the book."""
        code = r"(```.*?```|`[^`\n]*`)"
        parts = re.split(code, text, flags=re.DOTALL)
        link = r"\]\((?![a-z][a-z0-9+.-]*:|#|images/)([^)\s#]+)(#[^)\s]*)?\)"
        parts[::2] = [re.sub(link, lambda m: f"]({self._to(folder, m[1])}{m[2] or ''})", part) for part in parts[::2]]
        return "".join(parts)

    def _to(self, folder: str, address: str) -> str:
        path = os.path.normpath(os.path.join(folder, address)).replace(os.sep, "/")
        if path in self.pages:
            return self.pages[path]
        inside = path.removeprefix("notebooks/")
        if inside.split("/")[0] in ALONG:
            return f"site:{inside}"
        if inside.startswith(f"{solutions.SOLUTIONS}/") and inside.endswith(".ipynb"):
            return f"{Path(inside).name}#exercises"
        if not (self.root / path).is_file():  # a folder has no page
            return path
        self.along.add(path)
        return f"site:files/{path}"
