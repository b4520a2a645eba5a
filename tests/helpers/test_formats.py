"""word2vec's file formats: gensim's bytes both ways, rows by hand, and files that are not what they say."""

import bz2
import gzip
import lzma
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from planted import needs_gensim

from helpers.arguments import ArgumentError
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


SPACES = [chr(i) for i in range(0x110000) if chr(i).isspace()]


@pytest.mark.parametrize("word", ["new york", "a\nb", " a", "a\r", "\u2028", *SPACES, "\ud800", "b"])
def test_words_that_the_formats_cannot_hold(folder, word):
    with pytest.raises(VectorsError, match="cannot be written|is there twice"):
        write_vectors(folder / "w", ["b", word], np.zeros((2, 2)))
    assert not (folder / "w").exists()
    with pytest.raises(ArgumentError, match=r"words\[1\] is ''; give a word"):
        write_vectors(folder / "w", ["b", ""], np.zeros((2, 2)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize("binary", [False, True])
def test_what_is_not_finite_is_not_written_and_not_read(folder, value, binary):
    W = np.zeros((3, 2))
    W[1, 1] = value
    single = np.where(abs(W) == 1e39, np.inf, W).astype(np.float32)
    with pytest.raises(VectorsError, match="W: the vector of 'b' has (-?inf|nan) in it"):
        write_vectors(folder / "w", ["a", "b", "c"], W, binary=binary)
    assert not (folder / "w").exists()
    (folder / "w").write_bytes(
        b"3 2\n" + b"".join(w + b" " + struct.pack("<2f", *row) for w, row in zip((b"a", b"b", b"c"), single))
        if binary
        else f"3 2\na 0 0\nb 0 {value!r}\nc 0 0\n".replace("np.float64", "").encode()
    )
    with pytest.raises(VectorsError, match="the vector of 'b' has (-?inf|nan) in it"):
        read_vectors(folder / "w", binary=binary)
    (folder / "w").unlink()


def rows(*rows, first=b"2 2\n"):
    return first + b"".join(word + b" " + struct.pack("<2f", 1, 2) for word in rows)


@pytest.mark.parametrize(
    ("raw", "binary", "says"),
    [
        (b"", False, "begins with b''"),
        (b"king queen\n", False, "begins with b'king queen"),
        (b"king,0.5,0.5\n", False, "begins with b'king,0.5.*commas part its columns"),
        (b"king 0.5 0.5\n", True, "begins with b'king 0.5 0.5"),  # GloVe's have no first line, and are text
        (b"the 1 2\n. . 1 2\n", False, r"row 2 is no word with 2 numbers: b'\. \. 1 2'; has its word 1 blank\?"),
        (b"the 1 2\n\nof 1 2\n", False, "row 2 is no word with 2 numbers: b''"),
        (b"1 2\na 1_0 2\n", False, "could not convert string b'1_0'"),
        (b"1 2\na 0x1p3 2\n", False, "could not convert string b'0x1p3'"),
        (b"1 2\na 1,5 2\n", False, "could not convert string b'1,5'"),
        (b"1 3\na 1  2\n", False, "could not convert string b''"),
        (b"1 99999999999\na 1\n", False, "1 words of 99,999,999,999 dimensions"),
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
        (b"2 2\na 1 x\nb 1 2\n", False, "row 1 could not convert string b'x'"),
        (rows(b"a", b"b")[:-1], True, "ends in row 2 of 2"),
        (rows(b"a", b"b", b"c"), True, "10 bytes after the 2 rows"),
        (rows(b"a", b"b") + b"\n\n", True, "2 bytes after the 2 rows"),
        (rows(b"a", b""), True, "row 2 has the word ''"),
        (BY_HAND, True, "its first row is a word and numbers in decimals"),
        (b"2 3\nwater one -0.5 1e-05\nel 0.1 2.0 3.0\n", True, r"row 2 has the word '05\\nel'"),
        (rows(b"a", b"b"), False, r"row 1 could not convert string"),
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


@pytest.mark.parametrize(
    ("raw", "binary", "says"),
    [
        (b"3 1\na 1\nb 2\na 3\n", False, "'a' is there twice, in the rows 1 and 3"),
        (rows(b"a", b"a"), True, "'a' is there twice, in the rows 1 and 2"),
        (b"2 2\na 1 2\n\xff 1 2\n", False, r"the word of row 2, b'\\xff', is not text in utf-8: .*encoding="),
        (rows(b"a", b"\xff"), True, r"the word of row 2, b'\\xff', is not text in utf-8: .*encoding="),
    ],
)
def test_words_that_are_twice_or_no_text_are_named(folder, raw, binary, says):
    (folder / "bad").write_bytes(raw)
    with pytest.raises(VectorsError, match=f"bad: .*{says}"):
        read_vectors(folder / "bad", binary=binary)


def test_a_file_in_the_other_format_is_said_to_be_and_a_damaged_one_is_not(folder):
    (folder / "t").write_bytes(BY_HAND)
    (folder / "b").write_bytes(rows(b"a", b"b"))
    for name, binary in (("t", True), ("b", False)):
        with pytest.raises(VectorsError, match=f"it is in the .* format .binary={not binary}.$"):
            read_vectors(folder / name, binary=binary)
    (folder / "t").write_bytes(b"2 3\nthe 0.1 0.2 0.3\nof 0.1 0.2 -0.3\n")  # twelve bytes, as three of float32 have
    with pytest.raises(VectorsError, match="it is in the text format .binary=False.$"):
        read_vectors(folder / "t", binary=True)
    (folder / "t").write_bytes(b"3 2\na 1 2\nb 1 x2345678\nc 1 2\n")
    (folder / "b").write_bytes(rows(b"a", b"b")[:-1])
    for name in "tb":
        with pytest.raises(VectorsError, match="it is damaged, or in the"):
            read_vectors(folder / name, binary=name == "b")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1251", "shift-jis", "utf-8-sig"])
def test_words_in_other_encodings(folder, encoding):
    words = {"cp1251": ["король", "мир"], "shift-jis": ["王", "女王"]}.get(encoding, ["él", "où"])
    plain = encoding.removesuffix("-sig")
    (folder / "e").write_bytes(b"2 1\n" + b"".join(word.encode(plain) + b" 1\n" for word in words))
    assert read_vectors(folder / "e", encoding=encoding)[0] == words
    if plain != "utf-8":
        with pytest.raises(VectorsError, match="row 1.*encoding="):
            read_vectors(folder / "e")
        assert len(read_vectors(folder / "e", errors="surrogateescape")[0]) == 2


def test_encodings_that_there_are_not_or_that_part_no_rows(folder):
    (folder / "e").write_bytes(b"1 1\n\xff 1\n")
    for encoding, errors in (("utf-16", "strict"), ("klingon", "strict"), ("hex", "strict"), ("utf-8", "never")):
        with pytest.raises(VectorsError, match="encoding"):
            read_vectors(folder / "e", encoding=encoding, errors=errors)
    for errors in ("ignore", "xmlcharrefreplace"):  # no letter is left; is for writing
        with pytest.raises(VectorsError, match="the word of row 1"):
            read_vectors(folder / "e", errors=errors)
    assert read_vectors(folder / "e", errors="replace")[0] == ["\ufffd"]


def test_the_forms_that_other_programs_write(folder):
    expected = read_by_hand(folder, BY_HAND)
    body = BY_HAND.partition(b"\n")[2]
    for raw in (
        b"\xef\xbb\xbf" + BY_HAND,
        BY_HAND.replace(b" ", b"\t"),
        BY_HAND.replace(b" ", b"  "),
        BY_HAND.replace(b"\n", b"\r\n"),
        BY_HAND.replace(b"\n", b" \n"),
        BY_HAND + b"\n\n",
        BY_HAND[:-1],
        body,  # GloVe
        b"\xef\xbb\xbf" + body,
        body.replace(b" ", b"\t"),
    ):
        found = read_by_hand(folder, raw)
        assert found[0] == expected[0] and np.array_equal(found[1], expected[1]), raw
    assert read_by_hand(folder, b"3 0.5\n5 6\n")[0] == ["3", "5"]  # words may be numbers


def read_by_hand(folder, raw):
    (folder / "h").write_bytes(raw)
    return read_vectors(folder / "h")


def test_a_table_has_a_row_of_padding_where_it_is_asked_for(folder):
    (folder / "p").write_bytes(BY_HAND)
    (words, W), (same, padded) = read_vectors(folder / "p"), read_vectors(folder / "p", padding=True)
    assert words == same and np.array_equal(padded, np.vstack([np.zeros((1, 3)), W])) and padded.dtype == np.float32


@pytest.mark.parametrize("binary", [False, True])
def test_what_a_first_line_promises_costs_nothing(folder, binary):
    promise, row = b"1000000000 4\n", rows(b"a", first=b"") * 2 if binary else b"a 1 2 3 4\n"
    with zipfile.ZipFile(folder / "huge.zip", "w") as archive:
        archive.writestr("huge", promise + row)
    for name, pack in (("plain", bytes), ("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)):
        (folder / f"huge.{name}").write_bytes(pack(promise + row))
    tracemalloc.start()
    for name in ("plain", "gz", "bz2", "xz", "zip"):
        with pytest.raises(VectorsError, match="1,000,000,000"):
            read_vectors(folder / f"huge.{name}", binary=binary)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # of which the packer has its share; 16 GB were promised


def test_the_rows_of_many_chunks_are_put_together(folder, monkeypatch):
    monkeypatch.setattr("helpers.rows.CHUNK", 64)
    monkeypatch.setattr("helpers.formats.CHUNK", 64)
    W = np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32)
    words = [f"w{i}" * (1 + i % 5) for i in range(50)]
    for binary in (False, True):
        write_vectors(folder / "many", words, W, binary=binary)
        read, back = read_vectors(folder / "many", binary=binary)
        assert read == words and np.array_equal(back, W)
        (folder / "many").write_bytes((folder / "many").read_bytes()[:-25])
        with pytest.raises(VectorsError, match="row 50|it ends in row 50"):
            read_vectors(folder / "many", binary=binary)


def test_a_row_without_an_end_is_given_up(folder, monkeypatch):
    monkeypatch.setattr("helpers.rows.LONGEST", 1 << 20)
    (folder / "endless.gz").write_bytes(gzip.compress(b"2 1\na 1\n" + b"1" * 5_000_000))
    with pytest.raises(VectorsError, match="no end within 1,048,576 bytes"):
        read_vectors(folder / "endless.gz")
    (folder / "endless.gz").write_bytes(gzip.compress(b"2 1\na \1\2\3\4" + b"1" * 5_000_000))
    with pytest.raises(VectorsError, match="it ends in row"):
        read_vectors(folder / "endless.gz", binary=True)


def test_an_ending_is_packed_as_it_says_or_refused(folder):
    W = np.ones((1, 2), np.float32)
    write_vectors(folder / "w.vec.GZ", ["a"], W)
    assert gzip.decompress((folder / "w.vec.GZ").read_bytes()) == b"1 2\na 1.0 1.0\n"
    for ending in (".zip", ".zst", ".7z"):
        with pytest.raises(VectorsError, match=f"ends in {ending}, which is not written here: let it end in .gz"):
            write_vectors(folder / f"w{ending}", ["a"], W)
        assert not (folder / f"w{ending}").exists()


@needs_gensim
@pytest.mark.parametrize("ending", ["", ".gz", ".bz2"])
@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_what_is_packed_and_the_reverse(folder, ending, binary):
    from gensim.models import KeyedVectors

    W = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)
    words = [f"wörd{i}" for i in range(20)]
    write_vectors(folder / f"ours{ending}", words, W, binary=binary)
    theirs = KeyedVectors.load_word2vec_format(str(folder / f"ours{ending}"), binary=binary)
    assert theirs.index_to_key == words and np.array_equal(theirs.vectors, W)
    theirs.save_word2vec_format(str(folder / f"theirs{ending}"), binary=binary)
    read, back = read_vectors(folder / f"theirs{ending}", binary=binary)
    assert read == words and np.array_equal(back, W)
    theirs.save(str(folder / "saved"))
    with pytest.raises(VectorsError, match="a pickle, as gensim's save.*save_word2vec_format"):
        read_vectors(folder / "saved")
    if not binary:
        theirs.save_word2vec_format(str(folder / "glove"), write_header=False)
        assert read_vectors(folder / "glove")[0] == words


def test_where_there_is_no_file(folder):
    with pytest.raises(FileNotFoundError, match="no vectors at the path"):
        read_vectors(folder / "nothing")
    with pytest.raises(VectorsError, match="is a folder"):
        read_vectors(folder)
    with pytest.raises(VectorsError, match="is no file"):
        read_vectors("/dev/null")
    for path in (None, "", 3, "a\0b"):
        with pytest.raises(ArgumentError, match="^path is"):
            read_vectors(path)


@pytest.mark.parametrize("space", ["\xa0", "\u2028", "\u3000", "\x85"])
@pytest.mark.parametrize("binary", [False, True])
def test_a_word_with_another_space_is_named(folder, space, binary):
    word = f"new{space}york".encode()
    (folder / "s").write_bytes(rows(b"a", word) if binary else b"2 1\na 1\n" + word + b" 1\n")
    with pytest.raises(VectorsError, match="of row 2 has a space in it.*Put _"):
        read_vectors(folder / "s", binary=binary)
