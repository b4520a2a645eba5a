"""word2vec's file formats: gensim's bytes both ways, rows by hand, and files that are not what they say."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from planted import needs_gensim

from helpers.formats import VectorsError, read_vectors, write_vectors

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
EDGES = [0.1, -0.0, 1e16, -123456789012345.0, 9.999e-5, 1e-4, 3.4028235e38, -1.17549435e-38, 1e-45]
BY_HAND = b"2 3\nwater 1.0 -0.5 1e-05\n\xc3\xa9l 0.1 2.0 3.0\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


def test_a_file_by_hand(folder):
    words, W = ["water", "él"], np.array([[1, -0.5, 1e-5], [0.1, 2, 3]], np.float32)
    write_vectors(folder / "t", words, W)
    write_vectors(folder / "b", words, W, binary=True)
    assert (folder / "t").read_bytes() == BY_HAND
    rows = [b"2 3\n", b"water ", struct.pack("<3f", *W[0]), b"\xc3\xa9l ", struct.pack("<3f", *W[1])]
    assert (folder / "b").read_bytes() == b"".join(rows)
    (folder / "c").write_bytes(BY_HAND.replace(b"\n", b" \r\n"))  # word2vec.c ends each row with a blank
    (folder / "d").write_bytes(b"".join([*rows[:3], b"\n", *rows[3:], b"\n"]))  # and, in binary, with a line break
    for name in "tbcd":
        read, back = read_vectors(folder / name, binary=name in "bd")
        assert read == words and np.array_equal(back, W) and back.dtype == np.float32


@needs_gensim
@pytest.mark.parametrize("binary", [False, True])
@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 3)), elements=FLOATS))
def test_any_numbers_give_gensims_bytes_and_come_back_to_the_bit(folder, binary, W):
    from gensim.models import KeyedVectors

    words = [f"wörd#{i}" for i in range(len(W))]
    keyed = KeyedVectors(W.shape[1])
    keyed.add_vectors(words, W)
    keyed.save_word2vec_format(str(folder / "theirs"), binary=binary)
    write_vectors(folder / "ours", words, W, binary=binary)
    assert (folder / "ours").read_bytes() == (folder / "theirs").read_bytes()
    read, back = read_vectors(folder / "theirs", binary=binary)
    assert read == words and back.tobytes() == W.tobytes()


@pytest.mark.parametrize("binary", [False, True])
def test_awkward_numbers_in_more_rows_than_one_block(folder, binary):
    W = np.resize(np.array(EDGES, np.float32), (1001, 7))
    words = [f"w{i}" for i in range(1001)]
    write_vectors(folder / "many", words, W, binary=binary)
    read, back = read_vectors(folder / "many", binary=binary)
    assert read == words and back.tobytes() == W.tobytes()


@pytest.mark.parametrize("word", ["", "new york", "a\nb"])
def test_words_that_the_formats_cannot_hold(folder, word):
    with pytest.raises(VectorsError, match="cannot be written"):
        write_vectors(folder / "w", ["a", word], np.zeros((2, 2)))
    assert not (folder / "w").exists()


def packed(*rows, first=b"2 2\n"):
    return first + b"".join(word + b" " + struct.pack("<2f", 1, 2) for word in rows)


@pytest.mark.parametrize(
    ("raw", "binary", "says"),
    [
        (b"", False, "begins with b''"),
        (b"king 0.5 0.5\n", False, "begins with b'king 0.5 0.5"),  # GloVe's files have no first line
        (b"2\na 1\nb 2\n", False, "begins with"),
        (b"0 2\n", False, "0 words of 2 dimensions"),
        (b"2 0\na\nb\n", False, "2 words of 0 dimensions"),
        (b"-2 2\na 1 2\n", False, "-2 words"),
        (b"999999999 100\na 1 2\n", False, "999,999,999 words of 100 dimensions.* 20 bytes"),
        (b"999999999 100\na 12345", True, "999,999,999 words"),
        (b"2 2\na 1 2\n", False, "1 rows, not the 2"),
        (b"2 2\na 1 2\n\nb 1 2\n", False, "row 2 is no word with 2 numbers"),
        (b"2 2\na 1 2\nb 1 2\nc 1 2\n", False, "more rows than the 2"),
        (b"2 2\na 1 2\nb 1\n", False, "row 2 is no word with 2 numbers"),
        (b"2 2\na 1 2\nb 1 2 3\n", False, "row 2 is no word with 2 numbers"),
        (b"2 2\nnew york 1 2\nb 1 2\n", False, "row 1 is no word with 2 numbers"),
        (b"2 2\n 1 2\nb 1 2\n", False, "row 1 is no word with 2 numbers: b' 1 2"),
        (b"2 2\na 1 x\nb 1 2\n", False, "could not convert string 'x'"),
        (b"2 2\na 1 2\n\xff 1 2\n", False, "can't decode"),
        (b"2 2\na 1 2\na 3 4\n", False, "'a' is there twice"),
        (packed(b"a", b"b")[:-1], True, "ends in row 2 of 2"),
        (packed(b"a", b"b", b"c"), True, "10 bytes after the 2 rows"),
        (packed(b"a", b"b") + b"\n\n", True, "2 bytes after the 2 rows"),
        (packed(b"a", b""), True, "row 2 has the word ''"),
        (packed(b"a", b"a"), True, "'a' is there twice"),
        (packed(b"a", b"\xff"), True, "can't decode"),
        (BY_HAND, True, r"row 2 has the word '05\\nél'"),
        (packed(b"a", b"b"), False, r"could not convert string .* at row 0, column 1"),
    ],
)
def test_files_that_are_not_what_they_say(folder, raw, binary, says):
    path = folder / "bad"
    path.write_bytes(raw)
    with pytest.raises(VectorsError, match=f"{says}.*binary={not binary}"):
        read_vectors(path, binary=binary)


@pytest.mark.parametrize("binary", [False, True])
def test_the_shortest_rows_there_are_fit_their_header(folder, binary):
    words = [chr(97 + i) for i in range(26)]  # one letter each: no size is impossible that a file can have
    path = folder / "short"
    if binary:
        path.write_bytes(b"26 1\n" + b"".join(word.encode() + b" " + struct.pack("<f", 1) for word in words))
    else:
        path.write_text("26 1\n" + "".join(f"{word} 1\n" for word in words))
    read, back = read_vectors(path, binary=binary)
    assert read == words and back.tolist() == [[1.0]] * 26
