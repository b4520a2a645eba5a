# Used from 01 · tests/helpers/texts/test_wikitext.py
"""A dump of Wikipedia to tokens: the pages of its XML, the words without the markup.

The text is that of gensim's `wikicorpus` on every page of its sample, as the tests see. Rules that change nothing
there are left out.
"""

from __future__ import annotations

import bz2
import re
from collections.abc import Iterator
from html import unescape
from itertools import accumulate
from pathlib import Path
from xml.etree.ElementTree import iterparse

# What each pass removes, or replaces by a part of itself, from the inside of nested markup outwards.
RULES = [
    (re.compile(pattern, re.DOTALL), into)
    for pattern, into in (
        (r"<!--.*?-->", ""),  # comments
        (r"<ref[> ].*?(?:</ref>|/>)", ""),  # footnotes
        (r"<nowiki[> ].*?(?:</nowiki>|/>)", ""),
        (r"<math[> ].*?(?:</math>|/>)", ""),
        (r"<[^>]*>", ""),  # the other tags; their text stays
        (r"\[\[Category:[^][]*\]\]", ""),
        (r"\[\w+://[^] \n]*( [^]\n]*)?\]", r"\1"),  # [http://address text] -> text
        (r"\[[^][]*\|([^][]*)\]", r"\1"),  # [[Page|text]] -> text
        (r"!!", "\n|"),  # the cells of a table each on their own line ...
        (r"(?:\{\||\|-(?!\d)|\|\})[^\n]*(?=\n)", "\n"),  # ... without where tables begin and end, and rows
        (r"\|\|\|", "|\n|"),
        (r"\|\|", "\n|"),
        (r"(?<=.\n|\n |  |.\t)[|!](?:[^][\n]*\|)?", "\n"),  # ... what stands before a cell's text
    )
]
PASSES = 2  # one more changes nothing


def pages(dump: Path) -> Iterator[str]:
    """The markup of each article of a MediaWiki dump packed by bzip2; other kinds of pages are left out."""
    with bz2.open(dump) as file:
        for _, page in iterparse(file):
            if page.tag.endswith("}page"):
                if page.findtext("{*}ns") == "0":
                    yield page.findtext("{*}revision/{*}text") or ""
                page.clear()  # or the whole tree stays in memory


def plain_text(markup: str) -> str:
    """Markup without what is no text: templates, tags, footnotes, formulas, tables' layout, the targets of links."""
    text = re.sub(r"(?:\n\[\[[a-z][a-z][\w-]*:[^:\]]+\]\])+$", "", unescape(markup))  # the same page in other languages
    text = without_templates(text)
    text = re.sub(r"\[\[(?:[fF]ile:|[iI]mage)[^]]*\]\]", lambda link: link[0][:-2].split("|")[-1], text)  # its caption
    for pattern, into in RULES * PASSES:
        text = pattern.sub(into, text)
    return text.replace("[", "").replace("]", "")


def without_templates(text: str) -> str:
    """Cut out ``{{...}}``, whatever is nested in it; one that is never closed takes the rest of the text along."""
    kept, end = [], 0
    for start in (match.start() for match in re.finditer(r"\{\{", text)):
        if start < end:
            continue
        kept.append(text[end:start])
        depth = accumulate((c == "{") - (c == "}") for c in text[start:])
        end = next((start + i + 1 for i, level in enumerate(depth) if level == 0), len(text))
    return "".join(kept) + text[end:]


def tokens(markup: str) -> list[str]:
    """The words of a page: 2 to 15 letters in lower case, without digits."""
    words = re.findall(r"[^\W\d]+", plain_text(markup).lower())
    return [word for word in words if 2 <= len(word) <= 15 and not word.startswith("_")]
