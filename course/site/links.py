# Run by make run, make book · tests/course/test_site.py
"""Where links lead in the book."""

from __future__ import annotations

import posixpath
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
    paper : bool
        Links to files and to pages that compute become their text.
    along : set of str
        Paths of files that were linked to and have no page: they are copied.
    """

    root: Path
    pages: dict[str, str]
    paper: bool = False
    along: set[str] = field(default_factory=set)

    def point(self, text: str, folder: str = "", page: str = "") -> str:
        """A Markdown text with its links, made for a file in ``folder``, made for the book's page in ``page``."""
        called = r"\[(\d\d_\w+\.ipynb)\]\(\1\)"  # by its title, which Sphinx fills in
        text = re.sub(called, lambda m: f"[]({m[1]})" if f"notebooks/{m[1]}" in self.pages else m[0], text)
        code = r"(```.*?```|`[^`\n]*`)"
        parts = re.split(code, text, flags=re.DOTALL)
        link = r"\]\((?![a-z][a-z0-9+.-]*:|#|images/)([^)\s#]+)(#[^)\s]*)?\)"
        parts[::2] = [
            re.sub(link, lambda m: f"]({self._to(folder, m[1], page)}{m[2] or ''})", part) for part in parts[::2]
        ]
        text = "".join(parts)
        gone = "site|folder" if self.paper else "folder"  # a folder has no page
        return re.sub(rf"\[([^\[\]]*)\]\((?:{gone}):[^)]*\)", r"\1", text)

    def _to(self, folder: str, address: str, page: str) -> str:
        path = posixpath.normpath(posixpath.join(folder, address))
        if path in self.pages:
            return posixpath.relpath(self.pages[path], page or ".")
        inside = path.removeprefix("notebooks/")
        if inside.startswith(f"{solutions.SOLUTIONS}/") and inside.endswith(".ipynb"):
            return posixpath.relpath(Path(inside).name, page or ".") + "#exercises"
        if inside.split("/")[0] not in ALONG:
            if not (self.root / path).is_file():
                return "folder:" if (self.root / path).is_dir() else address
            self.along.add(path)
            inside = f"files/{path}"
        return "site:" + posixpath.relpath(inside, page or ".")
