# Run by python -m experiments.large · tests/experiments/test_large.py
"""Texts of a size that counts: words by Zipf's law, as many as one likes, and English out of Debian's documentation."""

from __future__ import annotations

import gzip
import html
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from helpers.files import atomic_write
from helpers.texts.words import words as words_of

WORDS, BEND = 250_000, 2_500  # different words, and the rank from which they become rare faster
PIECE = 2_000_000  # words that are drawn at a time
SYLLABLES = [c + v for c in "bdfgjklmnprstvz" for v in "aeiou"]
ENDS = ("", "n", "s", "rt")

# Packages of Debian 12, as `apt-get download` gets them.
PACKAGES = (
    "linux-doc-6.1 sagemath-doc gimp-help-en python-scipy-doc erlang-doc qtbase5-doc-html dict-gcide dict-wn "
    "openjdk-17-doc python3.11-doc maxima-doc libstdc++-12-doc octave-doc perl-doc sqlite3-doc apache2-doc nodejs-doc "
    "bind9-doc python-django-doc postgresql-doc-15 git-doc cmake-doc debian-policy zsh-doc"
).split()
PAGES = re.compile(r"\.(html?|txt|rst|pod|dict)(\.gz|\.dz)?$")
FOREIGN = re.compile(r"/[a-z]{2}[-_][A-Z]{2}/|/(ar|cs|da|de|el|es|fa|fr|hr|id|it|ja|ko|nb|nl|pl|pt|ro|ru|sv|tr|vi|zh)/")
LEFT_OUT = re.compile(r"(?is)<(script|style|pre|head|nav)\b.*?</\1\s*>|<!--.*?-->")
BLOCKS = re.compile(r"(?i)</?(p|div|li|ul|ol|dl|dt|dd|td|th|tr|table|h[1-6]|br|section|body|hr)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
ENGLISH = frozenset("the of and to a in is that for it as with be this are on by or an not which can you if".split())


def word(k: int) -> str:
    """The k-th most frequent word; no two are alike, and frequent ones are shorter.

    Examples
    --------
    >>> [word(k) for k in (0, 1, 4, 300, 199_999)]
    ['ba', 'ban', 'be', 'baba', 'divapurt']
    """
    k, end = divmod(k, len(ENDS))
    found, k = "", k + 1
    while k:
        k, syllable = divmod(k - 1, len(SYLLABLES))
        found = SYLLABLES[syllable] + found
    return found + ENDS[end]


def make_text(path: Path, size: int, *, words: int = WORDS, seed: int = 0) -> None:
    """Write a text of ``size`` bytes or a little more: sentences of 2 to 40 words, one a line.

    Words are by Zipf's law, and from rank `BEND` on by its square, as large texts have them (Ferrer i Cancho and Sole
    2001): a gigabyte holds 200,000 of the 250,000, and 90,000 of them five times or more.
    """
    rng = np.random.default_rng(seed)
    rank = np.arange(1, words + 1)
    share = 1 / (rank * np.maximum(1, rank / BEND))
    below = np.cumsum(share / share.sum())
    spelled = [word(k) for k in range(words)]
    table = np.array([w + " " for w in spelled] + [w + "\n" for w in spelled], dtype=object)
    with atomic_write(path) as part, part.open("w", encoding="ascii", newline="\n") as file:
        while file.tell() < size:
            ids = np.minimum(np.searchsorted(below, rng.random(PIECE)), words - 1)
            ends = np.cumsum(rng.integers(2, 41, PIECE // 2)) - 1
            ids[np.append(ends[ends < PIECE], PIECE - 1)] += words
            piece = "".join(table[ids].tolist())
            left = size - file.tell()
            file.write(piece if len(piece) < left else piece[: piece.index("\n", left - 1) + 1])


def english(folder: Path, path: Path, seed: int = 0) -> None:
    """Write the English sentences of the packages in a folder, lower-case words, one sentence a line, each once.

    What is laid out as a program, or holds few of the commonest words, is left out. The sentences are shuffled: in the
    order of the packages, a model would forget one while it reads the next.
    """
    found = {}
    for name in PACKAGES:
        for package in sorted(folder.glob(f"{name}_*.deb")):
            found.update(dict.fromkeys(_sentences(_pages(package))))
    lines = list(found)
    with atomic_write(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{lines[i]}\n" for i in np.random.default_rng(seed).permutation(len(lines)).tolist())


def _pages(package: Path) -> Iterator[str]:
    """The pages of a package, as text with an empty line between paragraphs."""
    unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=unpack.stdout, mode="r|") as archive:
        for member in archive:
            found = PAGES.search(member.name)
            if not member.isfile() or not found or FOREIGN.search(member.name):
                continue
            data = archive.extractfile(member).read()
            text = (gzip.decompress(data) if found[2] else data).decode("utf-8", "replace")
            if found[1].startswith("htm"):
                text = html.unescape(TAG.sub("", BLOCKS.sub("\n\n", LEFT_OUT.sub("\n\n", text))))
            yield text
    unpack.wait()


def _sentences(pages: Iterable[str]) -> Iterator[str]:
    for page in pages:
        for paragraph in re.split(r"\n\s*\n", page):
            for sentence in re.split(r"(?<=[.!?:;])\s+", paragraph):
                found = words_of(sentence)
                known = sum(word in ENGLISH for word in found)
                if len(found) >= 5 and known * 10 >= len(found) and sum(map(str.isalpha, found)) * 10 >= 7 * len(found):
                    yield " ".join(found)
