"""Files that are no prose, and prose that looks a little like them."""

import json

import pytest

from helpers.texts.kinds import by_bytes, by_names, by_text

OTHERS = {
    "RTF": r"{\rtf1\ansi hello}",
    "HTML": "<!DOCTYPE html>\n<html><body>x</body></html>",
    "HTML, capitals": "<HTML><BODY>x",
    "HTML, no head": "<p>Hello&nbsp;world</p>\n<p>two</p>",
    "HTML, in prose": "Hello <b>you</b> and <a href='x'>there</a> <br/> and so on",
    "HTML, attributes": '<div class="a">\nwords\n</div>',
    "HTML, tags that stay open": "<li>one\n<li>two\n<li>three\n",
    "HTML, blanks alone": "hello&nbsp;there&nbsp;you &amp; me",
    "XML, one element": "<doc>\nhello there\n</doc>",
    "HTML, a comment first": "<!-- saved -->\n<html>\n</html>",
    "XML": "<?xml version='1.0'?><a>x</a>",
    "XML, Wikipedia's": '<doc id="1" url="x" title="y">\nHi there\n</doc>',
    "XML, no attributes": "<corpus>\n<text>Hello</text>\n</corpus>",
    "JSON": '{"a": 1}',
    "JSON, a list": '["hello there", "x"]',
    "JSON, records": '[\n {"text": "hi"}\n]',
    "JSON, numbers": "[1, 2, 3]",
    "JSON, a notebook": json.dumps({"cells": []}, indent=1),
    "JSON, more to come": '{"a": "b c", "d": [1, 2], "e": {"f": 1,',
    "JSON, null": "[null, true]",
    "JSON, deep": "[" * 9999,
    "JSON, Python's, a record a line": "{'text': 'hi', 'id': 3}\n{'text': 'ho', 'id': 4}\n",
    "JSON, a record a line": '{"text": "hi"}\n{"text": "ho"}\n',
    "JSON, a list a line": '["a", "b"]\n["c", "d"]\n',
    "CSV": "id,text\n1,hi there\n2,you\n",
    "CSV, quoted": 'id,text\n1,"hi, there"\n2,"you, ""all"""\n',
    "CSV, two rows": "id,label,text\n1,pos,hi there\n",
    "CSV, semicolons": "a;b;c\n1;2;3\n",
    "CSV, many": "id,text\n" + "".join(f'{i},"a text, and more"\n' for i in range(99)),
    "table, bars": "a | b | c\n1 | 2 | 3\n",
    "CSV, after a comment": "# of 2024\nid,text\n1,hi\n2,you\n3,me\n",
    "CSV, long fields": "id,text\n" + "".join(f'{i},"{chr(10).join(["a line"] * 60)}"\n' for i in range(9)),
    "CSV, empty fields": "id,text,note\n1,hi,\n2,you,\n3,,x\n",
    "TSV, rows without a name": "\ttext\n0\thi there\n1\tyou\n2\tme\n",
    "TSV": "1\thello\n2\tyou\n3\tx\n",
    "vectors": "2 3\nthe 0.1 0.2 0.3\nof 0.1 0.2 -0.3\n",
    "vectors, of one number": "2 1\nthe 0.1\nof 0.2\n",
    "vectors, GloVe's": "the 0.1 0.2 0.3 1e-5\nof 0.1 0.2 -0.3 4\n",
    "vectors, whole numbers": "the 1 2 3\nof 0 -2 5\n",
}
PROSE = (
    "",
    "one",
    "The chip, the chip.\n" * 40,
    "Well, he said, no.\nAnd so, it was, then.\nYes, it, did.\n",
    "<unk> the <unk> of\nthe N <unk>\n",
    "<s> hello there </s>\n<s> you </s>\n",
    "<s> <unk> there </s>\n",
    "a < b and c > d\nif x<y>z",
    "He wrote a &amp; b in 1990, 1991.\n",
    "[1] See there.\n[2] And there.\n",
    "[Music] hello\n{laughs} hello\n",
    '"Hello," she said.\n"No," he said.\n',
    "in 1990 12 13 14\nand 5 6\n",
    "1990 was a good year\n1991 was another one\n",
    "12 30\nhello there\nyou\n",
    "a\tb\nwords without a tab\n",
    "one; two; three\nfour; five; six\n",
    "yes|no\nwords\nmore words\n",
    "# A title\n\n- one, two\n- three, four\n",
    "{ not json",
    "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.\n",
    "the one shall pay;\nthe other shall leave;\nneither shall sing;\n",
    "यह घर है|\nवह वन है|\nवह जल है|\n",
    "a line\t\nand one\t\nand one more\t\n",
    "\tOne paragraph.\n\tAnd one.\n\tAnd one more.\n",
    "2024-01-01 10:00:00,123 INFO it began\n2024-01-01 10:00:01,456 INFO it went on\n2024-01-01 10:00:02,007 INFO so\n",
    "1,200 people came\n2,300 came\n3,400 went\n",
    "Brot kostet 3,50 Euro\nMilch kostet 1,20 Euro\nSalz kostet 0,90 Euro\n",
    "[[Cat]] is an animal\n[[Dog]] is one\n",
    "[1, 2] showed it\nso did [3, 4]\n",
    "[1990, London] a play\nof note\n",
    "[..., and then] it ended\nall of it\n",
    '["Hello", she said]\nand went\n',
    '{"Hello": he said}\nand went\n',
    "<!-- contents -->\n# A title\n\nwords of prose\n",
    "<b> hi bob\n<i> hi alice\n<b> how are you\n",
    "Rar! said the lion, and went into the wood\nagain\n",
    "GIF89a is a form of pictures, and not of texts\nagain\n",
    "A file of Adobe's begins with %PDF-1.4, they say\nand so on\n",
    "Title: a, b\nText, more\nEnd, here\n",
)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n  "])
def test_other_kinds_are_told_by_their_text(name, before):
    what, remedy = by_text(before + OTHERS[name])
    kind = name.split(",")[0]
    assert kind.upper() in what.upper() and remedy
    assert ("JSONL" in what) is name.endswith("a line")


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_prose(text):
    assert by_text(text) is None and by_text(text * 3) is None and by_bytes(text.encode()) is None


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"junk\n%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe", "PostScript"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "Git LFS"),
        (b"Rar!\x1a\x07\x01\0".ljust(99, b"a"), "RAR"),
        (b"\x80\x04\x95abc", "pickle"),
        (b"\x93NUMPY\x01\0", "array of NumPy"),
        (b"\x40\0\0\0\0\0\0\0" + b'{"a":{}}', "safetensors"),
        (b"\xba\x16\x4f\x2f\x0c\0\0\0", "fastText"),
        (b"2 3\nthe \x00\x01\x02\x03\x04\x05abc", "binary file of word vectors"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"SQLite format 3\0", "SQLite"),
        (b"PAR1", "Parquet"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\xd0\xcf\x11\xe0\xa1", "old Word"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\0", "tar"),
    ],
)
def test_other_kinds_are_told_by_their_bytes(head, what):
    found, remedy = by_bytes(head)
    assert what in found and remedy


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("word/document.xml", "Word"),
        ("xl/workbook.xml", "Excel"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("META-INF/container.xml", "epub"),
        ("META-INF/manifest.xml", "OpenDocument"),
        ("archive/data.pkl", "PyTorch"),
        ("arr_0.npy", "npz"),
    ],
)
def test_archives_are_told_by_their_names(name, what):
    assert what in by_names(["a.txt", name])[0]
    assert by_names(["a.txt", "b/c.txt", "words.xml", "sword/document.txt"]) is None


def test_what_is_cut_is_told_by_its_beginning():
    text = json.dumps([{"text": "word " * 99}] * 99)
    assert all(by_text(text[:cut], whole=False)[0] == "JSON" for cut in range(20, 2000, 7))


def test_a_line_that_is_cut_is_not_looked_at():
    table = "".join(f"{i},text\n" for i in range(20)) + "20"
    assert by_text(table, whole=False)[0] == "a table (CSV)"
    vectors = "".join(f"w{i} 1.5 2.5 3.5\n" for i in range(20)) + "w20 1"
    assert by_text(vectors, whole=False)[0] == "a file of word vectors"
