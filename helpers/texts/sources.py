# Used from 01 · tests/helpers/texts/test_sources.py tests/helpers/test_corpus.py
"""Where text comes from: PTB's archive, the Wikipedia sample, the toy grammar, a file of one's own."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from helpers.files import ROOT, atomic_write
from helpers.texts import showcase, toy, wikitext
from helpers.texts.samples import sample
from helpers.texts.showcase import Showcase

DATA = Path(os.environ.get("WORD2VEC_DATA") or ROOT / "data")

PTB_URL = "http://d2l-data.s3-accelerate.amazonaws.com/ptb.zip"  # the address that d2l.DATA_HUB holds
PTB_SHA1 = "319d85e578af0cdc590547f26231e4e31cdf1e42"
PTB_BYTES = 1_981_551
PTB_FILE = DATA / "ptb.zip"  # where d2l looks too, from notebooks/
WIKI_DUMP = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
WIKI_CACHE = DATA / "wiki-1.txt"  # an article a line; another number where `wikitext` gives other tokens
TIMEOUT = 10.0  # seconds to wait for a connection, and between two packets
CHUNK = 1000  # longer sentences are cut, as word2vec.c cuts them (MAX_SENTENCE_LENGTH)


class FetchError(OSError):
    """A file that could not be fetched; `short` is the reason in a few words."""

    def __init__(self, message: str, short: str):
        super().__init__(message)
        self.short = short


class TextError(ValueError):
    """A file that is no text."""


@dataclass(frozen=True)
class Text:
    """Tokenised sentences, before a vocabulary is built."""

    train: list[list[str]]
    heldout: list[list[str]]
    min_count: int
    showcase: Showcase = Showcase()


def sha1(path: Path) -> str:
    """SHA-1 of a file, as 40 hex digits."""
    return hashlib.sha1(path.read_bytes()).hexdigest()


def fetch(url: str, path: Path, known_sha1: str, size: int) -> Path:
    """Return ``path`` if it holds the file with that checksum, else download it there (trap T14).

    The download has a time limit, checks the HTTP status, is verified before it takes the name ``path``, and
    replaces nothing that it cannot improve on.

    Raises
    ------
    FetchError
        With the reason, the address, the size, and where to put the file by hand.
    """
    import pooch
    from tqdm.auto import tqdm

    have = sha1(path) if path.is_file() else ""
    if have == known_sha1:
        return path
    bar = tqdm(total=size, unit="B", unit_scale=True, desc=path.name, leave=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pooch.get_logger().setLevel("WARNING")
        download = pooch.HTTPDownloader(timeout=TIMEOUT, progressbar=bar)
        pooch.retrieve(url, known_hash=f"sha1:{known_sha1}", fname=path.name, path=path.parent, downloader=download)
    except Exception as error:  # requests, urllib3, pooch and the file system each have their own
        kind = "the download's SHA-1 is wrong" if "hash" in str(error) else f"no download ({type(error).__name__})"
        bad = f"{path.name} is damaged, and " if have else ""
        there = (
            f"\n{path} is there, but its SHA-1 is {have}: truncated or altered. It was left as it is." if have else ""
        )
        raise FetchError(
            f"{bad}{kind}: {url} ({size:,} bytes).{there}\n"
            f"Put the file at {path} by hand (SHA-1 {known_sha1}), or work without it: load_corpus('wiki').",
            bad + kind,
        ) from error
    finally:
        bar.close()
    return path


def ptb() -> Text:
    """The Penn Treebank as d2l distributes it: ``ptb.train.txt`` to train on, ``ptb.valid.txt`` held out."""
    path = fetch(PTB_URL, PTB_FILE, PTB_SHA1, PTB_BYTES)
    with zipfile.ZipFile(path) as archive:
        train, valid = (archive.read(f"ptb/ptb.{part}.txt").decode("utf-8") for part in ("train", "valid"))
    return Text(_lines(train), _lines(valid), 10, showcase.PTB)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


def wiki() -> Text:
    """The 106 Wikipedia articles of 50 words or more in gensim's sample data; every 16th article is held out.

    The text is under CC BY-SA. `texts.wikitext` strips the markup and splits the words; the result is kept in
    ``data/``, since that takes a second or two.

    Raises
    ------
    samples.SampleMissing
        If the sample is neither in an installed gensim nor in ``data/``.
    """
    if WIKI_CACHE.is_file():
        articles = _lines(WIKI_CACHE.read_text(encoding="utf-8"))
    else:
        pages = map(wikitext.tokens, wikitext.pages(sample(WIKI_DUMP)))
        articles = [words for words in pages if len(words) >= 50]
        _write(WIKI_CACHE, "\n".join(" ".join(words) for words in articles))
    return Text([a for i, a in enumerate(articles) if i % 16], articles[::16], 10, showcase.WIKI)


def _write(path: Path, text: str) -> None:
    """Write a cache whole or not at all; a folder that cannot be written to is no error."""
    try:
        with atomic_write(path) as part:
            part.write_text(text, encoding="utf-8")
    except OSError:
        pass


def text_file(path: Path) -> Text:
    """A UTF-8 text, one sentence a line: lower-cased words, every 20th line held out.

    Raises
    ------
    TextError
        If the file is empty, binary, or not UTF-8.
    """
    raw = path.read_bytes()
    if not raw.strip():
        raise TextError(f"{path} is empty: give a text with one sentence a line.")
    if b"\0" in raw:
        raise TextError(f"{path} is binary, not a text: give a UTF-8 text with one sentence a line.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError(
            f"{path} is not UTF-8 (byte {error.start:,} is {raw[error.start]:#x}): save it as UTF-8."
        ) from None
    sentences = []
    for line in text.lower().splitlines():
        words = re.findall(r"\w+(?:['’-]\w+)*", line)
        sentences += [words[i : i + CHUNK] for i in range(0, len(words), CHUNK)]
    if not sentences:
        raise TextError(f"{path} holds no words: give a text with one sentence a line.")
    held = sentences[19::20]
    return Text([s for i, s in enumerate(sentences) if i % 20 != 19], held, 5)


def toy_text() -> Text:
    """5,000 sentences of `helpers.texts.toy`'s grammar, and 500 held out."""
    return Text(toy.sentences(5000, seed=0), toy.sentences(500, seed=1), 1, showcase.TOY)


READERS = {"ptb": ptb, "wiki": wiki, "toy": toy_text}
