"""One page of notation and terms: linked from each opening, and each term where the series first uses it."""

import re

import notebook_rules as rules
import pytest

from course import notebook_files
from course.site import anchor

PAGE = notebook_files.NOTEBOOKS / "glossary.md"
TERMS = re.findall(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
BOOKS = [rules.Notebook.read(path) for path in notebook_files.find()]


def occurs(term, text):
    return re.search(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])", text, re.IGNORECASE)


def running_text(cell):
    """A cell's prose without headings; nothing of an opening, which links the whole page, and of exercises."""
    if cell.cell_type != "markdown" or "exercise" in cell.metadata:
        return ""
    return rules.prose(re.sub(r"^#+ .*$", "", cell.source, flags=re.MULTILINE))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.path.stem)
def test_the_opening_links_the_page(book):
    assert "(glossary.md)" in book.markdown[0]


def letters():
    """{letter: numbers of the notebooks that it belongs to, empty for all}, of the two tables."""
    found = {}
    for row in re.findall(r"^\| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        first, second = row.split(" | ")[:2]
        for letter in re.findall(r"\b[A-Za-z]\b", re.sub(r"\\[a-z]+|[a-z]{2,}", "", first)):
            where = set(re.findall(r"\b\d\d\b", second))
            if letter not in found or found[letter]:  # what belongs to all belongs to each
                found[letter] = found.get(letter, set()) | where if where else set()
    return found


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.path.stem)
def test_the_letters_of_an_opening_are_on_the_page(book):
    """Each says the same there, or belongs to this notebook."""
    shapes = re.search(r"\*\*Shapes\.\*\*(.*?)(?:\n\n|$)", book.markdown[0], re.DOTALL).group(1)
    known, number = letters(), book.path.name[:2]
    for letter in set(re.findall(r"`([A-Za-z])(?:_b)?`", shapes)):
        assert letter in known and (not known[letter] or number in known[letter]), letter


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_linked_where_it_first_occurs(term):
    for book in BOOKS:
        for cell in book.nb.cells[1:]:
            if occurs(term, running_text(cell)):
                assert f"(glossary.md#{anchor(term)})" in cell.source, f"{book.path.name}: {cell.source[:200]}"
                return
    pytest.fail(f"no notebook uses {term!r}")


def test_links_lead_to_terms():
    there = {anchor(term) for term in TERMS}
    assert len(there) == len(TERMS) and sorted(TERMS, key=str.lower) == TERMS
    for book in BOOKS:
        for text in book.markdown:
            assert set(re.findall(r"\(glossary\.md#([^)]+)\)", text)) <= there
