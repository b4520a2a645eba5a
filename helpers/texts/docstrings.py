# Used from 07 · tests/helpers/texts/test_docstrings.py
"""Labelled text that needs no download: docstrings of the libraries that the course has installed anyway."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import numpy as np

from helpers.arguments import checked, text, whole
from helpers.arguments import seed as seed_rule

LIBRARIES = ("matplotlib", "numpy", "pandas", "scipy", "sklearn", "torch")
GIVEAWAYS = {*LIBRARIES, "np", "plt", "pd", "sp", "mpl", "scikit", "learn", "pytorch", "series", "dataframe", "tensor"}


@checked(library=text("a library's name"), n=whole(0), per_file=whole(1), words=whole(20), seed=seed_rule())
def read_docstrings(library: str, n: int = 120, *, per_file: int = 3, words: int = 80, seed: int = 0):
    """Docstrings of public functions and classes of an installed library, read from its files, without importing it.

    Parameters
    ----------
    library : str
        The name that one imports.
    n : int
        How many at most.
    per_file : int
        At most, so that no single file speaks for a library.
    words : int
        Words at most of each; shorter than 20 are left out.
    seed : int
        Of the order in which files are read.

    Returns
    -------
    list of (str, list of str)
        File, relative to the library, and words in lower case: prose and parameter lists, no examples, without the
        libraries' own names and abbreviations.

    Raises
    ------
    ModuleNotFoundError
        If the library is not installed.
    """
    spec = importlib.util.find_spec(library)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{library} is not installed: pip install -r requirements.txt")
    root = Path(spec.origin).parent
    files = sorted(path for path in root.rglob("*.py") if "test" not in path.relative_to(root).as_posix())
    found: list[tuple[str, list[str]]] = []
    seen = set()
    for i in np.random.default_rng(seed).permutation(len(files)):
        path = files[i].relative_to(root).as_posix()
        taken = 0
        for said in _public(files[i]):
            tokens = [w for w in re.findall(r"[a-z]+", said.lower()) if w not in GIVEAWAYS][:words]
            if len(tokens) >= 20 and tuple(tokens[:10]) not in seen and taken < per_file:
                seen.add(tuple(tokens[:10]))
                found.append((path, tokens))
                taken += 1
        if len(found) >= n:
            break
    return found[:n]


def _public(path: Path):
    """Docstrings of a file's public functions and classes, without examples."""
    source = path.read_text(encoding="utf-8", errors="replace")
    if '"""' not in source:
        return
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a template
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            text = ast.get_docstring(node) or ""
            yield re.sub(r"(?m)^\s*(>>>|\.\.\.).*$", "", text)
