# Used from 04 · tests/helpers/texts/test_kinds.py
"""Files that are no plain text, told by what is in them, each with what to do about it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from itertools import dropwhile

from helpers.arguments import checked, flag, instance, words

# How a file begins: what it is, and what to do.
MAGIC = (
    (b"%!PS", "PostScript", "save its text: ps2ascii"),
    (b"{\\rtf", "RTF", "save it as plain text from a word processor"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file", "save it as plain text"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd", "unpack it first: zstd -d"),
    (b"\x04\x22\x4d\x18", "packed by lz4", "unpack it first: lz4 -d"),
    (b"\x1f\x9d", "packed by compress", "unpack it first: uncompress"),
    (b"LZIP", "packed by lzip", "unpack it first: lzip -d"),
    (b"\x93NUMPY", "an array of NumPy's", "give the text itself"),
    (b"\xba\x16\x4f\x2f", "a model of fastText's", "give the text that it was trained on"),
    (b"SQLite format 3", "a database of SQLite's", "export the column of text, one row a line"),
    (b"PAR1", "a Parquet table", "export the column of text, one row a line"),
    (b"ARROW1", "an Arrow table", "export the column of text, one row a line"),
    (b"\x89HDF", "an HDF5 file", "export the text in it"),
    (b"\x89PNG", "an image", "give a text"),
    (b"\xff\xd8\xff", "an image", "give a text"),
    (b"GIF8", "an image", "give a text"),
    (b"\x7fELF", "a program", "give a text"),
    (b"MZ\x90", "a program", "give a text"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "fetch the file: git lfs pull"),
)
# What a zip archive is, by a name in it.
ZIPPED = (
    (r"word/document\.xml$", "a Word document (docx)", "save it as plain text"),
    (r"xl/workbook\.", "an Excel sheet (xlsx)", "export the column of text, one row a line"),
    (r"ppt/presentation\.", "a PowerPoint file (pptx)", "save its text"),
    (r"META-INF/container\.xml$", "a book (epub)", "turn it into text: ebook-convert book.epub book.txt"),
    (r"META-INF/manifest\.xml$", "an OpenDocument file", "save it as plain text"),
    (r"META-INF/MANIFEST\.MF$", "a Java archive", "give a text"),
    (r"(?:^|/)data\.pkl$", "a model of PyTorch's", "give the text that it was trained on"),
    (r"\.npy$", "arrays of NumPy's (npz)", "give the text itself"),
)
UNTAG = 'strip the tags first, say by python -c "import bs4, sys; print(bs4.BeautifulSoup(sys.stdin).get_text())"'
COLUMN = "save the column that holds the text, one row a line (pandas: table['text'].to_csv(path, index=False))"
FIELD = "save the field that holds the text, one record a line"
VECTORS = "read it with helpers.vectors.load_vectors"
HTML = re.compile(
    r"</?(?:html|head|body|div|p|span|a|br|table|tr|td|th|ul|ol|li|h[1-6]|script|style|meta|link|title|img|b|i|em|strong"
    r"|font|center|section|article)\b[^<>]{0,500}/?>|&nbsp;",
    re.I,
)
ENTITY = re.compile(r"&nbsp;|<(?:p|br|hr|li|td|tr|div|img|meta|link)\b", re.I)  # what HTML does not close
RECORD = re.compile(r"\[?\s*\{\s*'[^'\n]*'\s*:")  # as Python prints it
NUMERIC = re.compile(r"(?:[^,]|(?<=\d),(?=\d))*")  # commas within numbers alone: 1,000 or 3,50
PLAIN = re.compile(rb"[\t\n\r\x20-\x7e]{32,}\Z")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$|[-+]?(?:nan|inf)$", re.I)


@checked(head=instance(bytes))
def by_bytes(head: bytes) -> tuple[str, str] | None:
    """What a file is by how it begins, and what to do; None where that says nothing."""
    if re.search(rb"(?:\A|[\r\n\0])%PDF-\d", head[:1024]):
        return "a PDF", "save its text: pdftotext file.pdf"
    if head[257:262] == b"ustar":
        return "a tar archive", "unpack it, and give the folder"
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" and len(head) > 2:
        return "a pickle, such as gensim's save() writes", "give the text itself"
    if head[8:10] == b'{"' and head[4:8] == b"\0\0\0\0":
        return "a safetensors file", "give the text itself"
    header = re.match(rb"\s*\d+ \d+\r?\n[^\n]{0,400}", head)
    if header and re.search(rb"[\x00-\x08\x0e-\x1f]", head):
        return "a binary file of word vectors", VECTORS
    found = next((row for row in MAGIC if head.startswith(row[0])), None)
    if found and PLAIN.match(head[:512]) and found[0] in (b"Rar!", b"LZIP", b"PAR1", b"ARROW1", b"GIF8"):
        return None  # words that begin so
    return found and found[1:]


@checked(names=words())
def by_names(names: Sequence[str]) -> tuple[str, str] | None:
    """What a zip archive is by the names in it, and what to do; None for a mere folder of files."""
    for pattern, what, remedy in ZIPPED:
        if any(re.search(pattern, name) for name in names):
            return what, remedy
    return None


@checked(text=instance(str, wanted="a text"), whole=flag())
def by_text(text: str, whole: bool = True) -> tuple[str, str] | None:
    """What a text is by its first lines, and what to do; None for prose.

    Parameters
    ----------
    text : str
        The beginning of a file.
    whole : bool
        Whether it is all of it; else the last line, which may be cut, is left out.

    Examples
    --------
    >>> by_text("id,text\\n1,first\\n2,second\\n")[0]
    'a table (CSV)'
    >>> by_text("Well, he said,\\nand went,\\nas they say.\\n") is None
    True
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines()[: None if whole else -1] if line.strip()]
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("{\\rtf"):
        return "RTF", "save it as plain text from a word processor"
    return _marked_up(text[:65536]) or _json(text, whole) or _vectors(lines[:50]) or _table(lines)


def _marked_up(text: str) -> tuple[str, str] | None:
    text = re.sub(r"\A(?:<!--[\s\S]*?-->\s*)+", "", text)
    start = text[:200].lower()
    if start.startswith("<!doctype html") or start.startswith("<html"):
        return "HTML", UNTAG
    closed = set(re.findall(r"</([A-Za-z][\w:.-]*)\s*>", text))
    if re.match(r"<(?:\?xml|!doctype|!--|[a-z][\w:.-]*\s+[\w:.-]+\s*=\s*[\"'])", start):
        return ("HTML" if HTML.match(text) or "<html" in text[:4000].lower() else "XML"), UNTAG
    tags = len(HTML.findall(text))
    if tags >= 2 and (closed or ENTITY.search(text)) and (HTML.match(text) or tags * 400 > len(text)):
        return "HTML", UNTAG
    first = re.match(r"<([A-Za-z][\w:.-]*)>", text)
    if first and (len(closed) > 1 or first[1] in closed - {"s"}):  # corpora have sentences in <s>
        return "XML", UNTAG
    return None


def _json(text: str, whole: bool) -> tuple[str, str] | None:
    if text[:1] not in ("[", "{"):
        return None
    if not RECORD.match(text):
        try:
            end = json.JSONDecoder().raw_decode(text)[1]
            rest = text[end:].strip(", \t")
            if rest and not re.match(r"\s*(?:[\[{]|\Z)", rest):
                return None
        except RecursionError:
            pass
        except ValueError as error:  # cut, or not quite JSON; else words in brackets
            cut = not whole and (error.pos >= len(text) - 9 or error.msg.startswith("Unterminated"))
            if not cut and len(re.findall(r'"\s*:', text[: error.pos])) < 3:
                return None
    lines = text.splitlines()[:2]
    if len(lines) > 1 and lines[0].rstrip().endswith(("}", "]")) and lines[1].lstrip()[:1] in ("{", "["):
        return "JSON, a record a line (JSONL)", FIELD
    return "JSON", FIELD


def _vectors(lines: list[str]) -> tuple[str, str] | None:
    rows = [line.split() for line in lines]
    if len(rows) > 1 and len(rows[0]) == 2 and all(part.isdecimal() for part in rows[0]):
        rows = rows[1:]
    elif len(rows) < 2:
        return None
    sizes = {sum(1 for part in row[1:] if NUMBER.match(part)) for row in rows}
    numbers = max(sizes)
    if numbers >= 3 or (len(rows) < len(lines) and numbers == int(lines[0].split()[1])):
        fitting = sum(len(row) - 1 >= numbers and all(map(NUMBER.match, row[-numbers:])) for row in rows)
        words = sum(not NUMBER.match(row[0]) for row in rows)
        if fitting >= 0.9 * len(rows) and 2 * words >= len(rows):
            return "a file of word vectors", VECTORS
    return None


def _table(lines: list[str]) -> tuple[str, str] | None:
    """A table has as many fields in each row, and prose has a blank after its commas, or the line's end."""
    lines = list(dropwhile(lambda line: line.lstrip().startswith("#"), lines))
    numbers = bool(NUMERIC.fullmatch("\n".join(lines))) and any(map(str.isalpha, "".join(lines)))
    for mark, name in (("\t", "a table (TSV)"), (",", "a table (CSV)"), (";", "a table (CSV)"), ("|", "a table")):
        if not lines or mark not in lines[0] or (mark == "," and numbers):
            continue
        try:
            rows = [row for row in csv.reader((line + "\n" for line in lines), delimiter=mark) if row]
        except csv.Error:
            continue
        width = len(rows[0])
        if width < 2 or len(rows) + width < 5:  # two rows of three, or three of two
            continue
        same = sum(len(row) == width for row in rows[: None if len(rows) < 3 else -1])
        after = [field for row in rows for field in row[1:]]
        if not any(after) or not any(row[0] for row in rows):  # ends of lines, or indentation
            continue
        tight = sum(not field.startswith(" ") for field in after)
        if same >= 0.9 * (len(rows) - (len(rows) > 2)) and (mark in "\t|" or tight >= 0.9 * len(after)):
            return name, COLUMN
    return None
