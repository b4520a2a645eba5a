# Used from 01 · tests/helpers/texts/test_sources.py tests/helpers/test_corpus.py
"""Where text comes from: PTB's archive, text8's, the Wikipedia sample, the toy grammar."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from helpers.files import ROOT, atomic_write
from helpers.texts import showcase, toy, wikitext
from helpers.texts.fetching import FetchError, fetch, sha1  # noqa: F401  where users of this module look for them
from helpers.texts.samples import sample
from helpers.texts.showcase import Showcase

DATA = Path(os.path.expanduser(os.environ.get("WORD2VEC_DATA") or ROOT / "data"))

PTB_URL = "http://d2l-data.s3-accelerate.amazonaws.com/ptb.zip"  # the address that d2l.DATA_HUB holds
PTB_SHA1 = "319d85e578af0cdc590547f26231e4e31cdf1e42"
PTB_BYTES = 1_981_551
PTB_FILE = DATA / "ptb.zip"  # where d2l looks too, from notebooks/
TEXT8_URL = "http://mattmahoney.net/dc/text8.zip"
TEXT8_SHA256 = "a6640522afe85d1963ad56c05b0ede0a0c000dddc9671758a6cc09b7a38e5232"
TEXT8_BYTES = 31_344_016
TEXT8_FILE = DATA / "text8.zip"
WIKI_DUMP = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
WIKI_CACHE = DATA / "wiki-2.txt"  # a checksum, then an article a line; another number where `wikitext` gives others


@dataclass(frozen=True)
class Text:
    """Tokenised sentences, before a vocabulary is built."""

    train: list[list[str]]
    heldout: list[list[str]]
    min_count: int
    showcase: Showcase = Showcase()


def ptb() -> Text:
    """The Penn Treebank as d2l distributes it: ``ptb.train.txt`` to train on, ``ptb.valid.txt`` held out."""
    path = fetch(PTB_URL, PTB_FILE, PTB_SHA1, PTB_BYTES)
    with zipfile.ZipFile(path) as archive:
        train, valid = (archive.read(f"ptb/ptb.{part}.txt").decode("utf-8") for part in ("train", "valid"))
    return Text(_lines(train), _lines(valid), 10, showcase.PTB)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


def text8() -> Path:
    """The archive of text8, the first 10^8 characters of an English Wikipedia of 2006, as Matt Mahoney cleaned them.

    It holds 17,005,207 words, 253,854 of them different, in one line: lower-case letters and blanks. gensim and
    word2vec.c read it in sentences of 1,000 words, and so do we; every 20th of these is held out.

    Notes
    -----
    The tests know the archive by a stand-in: its address, size, checksum and numbers are from its author's page and
    from gensim's and TensorFlow's tutorials, and were not seen here.

    Raises
    ------
    FetchError
        If it can be neither found nor fetched.
    """
    return fetch(TEXT8_URL, TEXT8_FILE, TEXT8_SHA256, TEXT8_BYTES)


def wiki() -> Text:
    """The 106 Wikipedia articles of 50 words or more in gensim's sample data; every 16th article is held out.

    The text is under CC BY-SA. `texts.wikitext` strips the markup and splits the words; the result is kept in
    ``data/`` with a checksum, since that takes a second or two.

    Raises
    ------
    samples.SampleMissing
        If the sample is neither in an installed gensim nor in ``data/``.
    """
    try:
        checksum, _, kept = WIKI_CACHE.read_bytes().partition(b"\n")
    except OSError:
        checksum, kept = b"", b""
    if kept and hashlib.sha256(kept).hexdigest().encode() == checksum:
        articles = _lines(kept.decode("utf-8"))
    else:  # not there, or damaged
        pages = map(wikitext.tokens, wikitext.pages(sample(WIKI_DUMP)))
        articles = [words for words in pages if len(words) >= 50]
        _write(WIKI_CACHE, "\n".join(" ".join(words) for words in articles))
    return Text([a for i, a in enumerate(articles) if i % 16], articles[::16], 10, showcase.WIKI)


def _write(path: Path, text: str) -> None:
    """Write a cache whole or not at all, its checksum first; a folder that cannot be written to is no error."""
    kept = text.encode("utf-8")
    try:
        with atomic_write(path) as part:
            part.write_bytes(hashlib.sha256(kept).hexdigest().encode() + b"\n" + kept)
    except OSError:
        pass


def toy_text() -> Text:
    """5,000 sentences of `helpers.texts.toy`'s grammar, and 500 held out."""
    return Text(toy.sentences(5000, seed=0), toy.sentences(500, seed=1), 1, showcase.TOY)


READERS = {"ptb": ptb, "wiki": wiki, "toy": toy_text}
