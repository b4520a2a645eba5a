"""Docstrings as labelled text: read from files, cut, and rid of what would give the library away."""

import sys
from collections import Counter

import pytest

from helpers.texts.docstrings import GIVEAWAYS, read_docstrings


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of two files, one of which has more to say than may be taken."""
    folder = tmp_path / "fakelib"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('it is read and not imported')\n")
    words = [[f"{chr(97 + i)}{chr(97 + j)}" for j in range(26)] for i in range(9)]
    functions = [f'def f{i}():\n    """{" ".join(words[i])}\n\n    >>> secret()\n    """\n' for i in range(6)]
    functions += ['def _private():\n    """' + " ".join(words[6]) + '"""\n', 'def short():\n    """Too short."""\n']
    (folder / "many.py").write_text("\n".join(functions))
    (folder / "long.py").write_text('class C:\n    """NumPy and np and ' + " ".join(words[7] * 9) + '"""\n')
    (folder / "test_it.py").write_text('def f():\n    """' + " ".join(words[8]) + '"""\n')
    (folder / "template.py").write_text('"""\n{{ no python }}\n"""\n{{')
    monkeypatch.syspath_prepend(str(tmp_path))
    yield words
    sys.modules.pop("fakelib", None)


def test_public_docstrings_in_words_and_no_more_than_wanted_of_a_file(library):
    found = read_docstrings("fakelib", per_file=3, words=80)
    assert Counter(file for file, _ in found) == {"many.py": 3, "long.py": 1}
    texts = dict(found)
    assert texts["long.py"][:3] == ["and", "and", library[7][0]] and len(texts["long.py"]) == 80  # NumPy, np: left out
    assert all("secret" not in words and words in library[:6] for file, words in found if file == "many.py")
    assert len(read_docstrings("fakelib", n=2)) == 2
    assert Counter(file for file, _ in read_docstrings("fakelib", per_file=9)) == {"many.py": 6, "long.py": 1}


def test_the_same_seed_gives_the_same_texts_of_an_installed_library():
    first, again, other = (read_docstrings("numpy", 12, seed=seed) for seed in (0, 0, 1))
    assert first == again and first != other and len(first) == 12
    assert all(20 <= len(words) <= 80 and not GIVEAWAYS & set(words) for _, words in first)


def test_a_library_that_is_not_installed_is_named():
    with pytest.raises(ModuleNotFoundError, match="no_such_library is not installed"):
        read_docstrings("no_such_library")
