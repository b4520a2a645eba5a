"""`rows`: first lines and rows at their edges; whole files are tested with `formats`."""

import io

import numpy as np
import pytest

from helpers import rows
from helpers.packed import FileError


def test_a_first_line_is_two_numbers_and_else_a_row():
    assert rows.header(b"12 3\nthe", False) == (12, 3, 5)
    assert rows.header(b"12\t3 \r\n", True) == (12, 3, 7)
    assert rows.header(b"the 0.5 -1 2e3\n", False) == (None, 3, 0)
    assert rows.header(b"-1 3\n", False) == (-1, 3, 5)
    for head, binary in (
        (b"the 0.5\n", True),
        (b"the cat\n", False),
        (b"the\n", False),
        (b"", False),
        (b"1e1 x\n", False),
    ):
        with pytest.raises(ValueError, match="begins with"):
            rows.header(head, binary)
    with pytest.raises(FileError, match="a PDF"):
        rows.header(b"%PDF-1.7\n", False)


def test_sizes_that_a_file_cannot_have():
    rows.check_size(2, 1, 6, False)  # "a 1\nb 1" and nothing else
    for V, D, size in ((2, 1, 5), (0, 1, 9), (1, 0, 9), (-1, 1, 9), (1, 1 << 30, None)):
        with pytest.raises(ValueError, match="says its first line"):
            rows.check_size(V, D, size, False)
    rows.check_size(10**9, 4, None, True)  # packed: nobody knows
    rows.check_size(None, 4, 1, False)


def test_words_are_appended_and_vectors_given_block_by_block(monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 8)
    words = []
    blocks = list(rows.text_rows(b"a 1 2\n", io.BytesIO(b"b 3 4\nc 5 6"), 3, 2, words, ("utf-8", "strict")))
    assert words == ["a", "b", "c"] and np.concatenate(blocks).tolist() == [[1, 2], [3, 4], [5, 6]] and len(blocks) > 1


def test_a_row_tells_its_format():
    assert rows.fits(b"1 2\na 1 2\n", False) and not rows.fits(b"1 2\na 1 2\n", True)
    packed = b"1 2\na " + np.array([1, 2], "<f4").tobytes()
    assert rows.fits(packed, True) and not rows.fits(packed, False)
    assert not rows.fits(b"", True) and not rows.fits(b"", False)
