# Used from 04 · tests/helpers/texts/test_words.py
"""The words of a line, in lower case, by Unicode's rules for word boundaries (UAX 29).

What the rules leave open is decided here. Words joined by a hyphen are one, as in ``well-known``; so are digits with
raised or lowered ones, as in ``m²``. Underscores around a word are no part of it. Text is composed (NFC), soft hyphens
and other invisible marks of layout go, and there is one apostrophe. Scripts that put no blanks between words need a
dictionary, which is not here: what stands between two blanks is taken as one word, so that text that was split before
keeps its words, and `unspaced` tells of text that was not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from types import SimpleNamespace

from helpers.arguments import checked, instance, refuse

RULES = 1  # goes up when a text gives other words, so that stored ids are made anew
INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff\u20e3]"
)
# One apostrophe, one hyphen; and the narrow blank, which Unicode counts as a part of words, is a blank.
SIGNS = str.maketrans("\u2019\uff07\u2010\u2011\u202f", "''-- ")
ASCII = re.compile(
    r"[a-z0-9][a-z0-9_]*(?:(?:(?<=[a-z])[.:'](?=[a-z])|(?<=[0-9])[.,;'](?=[0-9])|-(?=[a-z0-9]))[a-z0-9_]+)*", re.ASCII
)
# Longer words on average, of scripts without blanks, are clauses: words of Chinese and Japanese have 1 to 4 signs,
# those of Thai, Lao, Khmer and Burmese rarely more than 8 letters, marks not counted.
LONGEST = {"ideographic": 4.5, "phonetic": 10.0}


@cache
def _patterns():
    """What text beyond ASCII is split by."""
    import regex  # a tenth of a second, which English text does not need

    marks = r"[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*+"
    seen = r"[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*"  # the same, looking back
    signs = r"\p{Ideographic}\p{Hiragana}\p{WB=Katakana}"
    letter, hebrew, digit = r"[\p{WB=ALetter}\p{WB=Hebrew_Letter}]", r"\p{WB=Hebrew_Letter}", r"\p{WB=Numeric}"
    part = rf"(?:[\p{{WB=ALetter}}\p{{WB=Hebrew_Letter}}\p{{WB=Numeric}}\p{{WB=ExtendNumLet}}\p{{No}}]{marks})++"
    within = r"\p{WB=MidNumLet}\p{WB=Single_Quote}"
    joints = (
        rf"(?<={letter}{seen})[\p{{WB=MidLetter}}{within}]{marks}(?={letter})",
        rf"(?<={digit}{seen})[\p{{WB=MidNum}}{within}]{marks}(?={digit})",
        rf'(?<={hebrew}{seen})"{marks}(?={hebrew})',
        r"-(?=[\p{L}\p{N}])",
    )
    unspaced = rf"[{signs}\p{{LB=SA}}--\p{{M}}](?:[{signs}\p{{LB=SA}}]{marks})*+"
    spaced = rf"(?!\p{{WB=ExtendNumLet}}){part}(?:(?:{'|'.join(joints)}){part})*+(?:(?<={hebrew}{seen})'{marks})?"
    return SimpleNamespace(
        word=regex.compile(rf"(?V1){unspaced}|{spaced}"),
        apostrophe=regex.compile(rf"(?V1)(?<=\p{{L}}{seen})\u02bc(?=\p{{L}})"),
        underscores=regex.compile(rf"(?V1)(?:\p{{WB=ExtendNumLet}}{marks})+$"),
        ideographic=regex.compile(rf"(?V1)[{signs}]"),
        phonetic=regex.compile(r"(?V1)[\p{LB=SA}--\p{M}]"),
    )


@checked(text=instance(str, wanted="a text"))
def words(text: str) -> list[str]:
    """The words of a text, in lower case.

    Parameters
    ----------
    text : str
        A line, or a part of one that ends at a blank.

    Returns
    -------
    list of str

    Examples
    --------
    >>> words("“Don’t!” she said: the co-op’s CAFÉ, no. 7, has 1,000 _seats_.")
    ["don't", 'she', 'said', 'the', "co-op's", 'café', 'no', '7', 'has', '1,000', 'seats']
    """
    if text.isascii():
        found = ASCII.findall(text.lower())
        return [word.rstrip("_") for word in found] if "_" in text else found
    patterns = _patterns()
    text = INVISIBLE.sub("", text).translate(SIGNS).lower().replace("i\u0307", "i")  # what lower() makes of İ
    text = unicodedata.normalize("NFC", text)
    if "\u02bc" in text:
        text = patterns.apostrophe.sub("'", text)
    found = (patterns.underscores.sub("", word).rstrip("\u200c") for word in patterns.word.findall(text))
    return [word for word in found if any(map(str.isalnum, word))]


def unspaced(counts: Iterable[tuple[str, int]]) -> str:
    """One of the clauses of a text without blanks between words, or "" where there are blanks.

    Parameters
    ----------
    counts : iterable of (str, int)
        Words as `words` gives them, and how often each occurs.

    Raises
    ------
    ArgumentError
        If ``counts`` holds anything else.

    Examples
    --------
    >>> unspaced([("我们今天去图书馆看书", 2), ("the", 3)]), unspaced([("图书馆", 2), ("看", 2)])
    ('我们今天去图书馆看书', '')
    """
    letters = {"ideographic": 0, "phonetic": 0}
    tokens = {"ideographic": 0, "phonetic": 0}
    example = {"ideographic": "", "phonetic": ""}
    total = 0
    if isinstance(counts, (str, bytes)) or not isinstance(counts, Iterable):
        raise refuse("counts", counts, "pairs of a word and how often it occurs")
    for pair in counts:
        if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], int)):
            raise refuse("a pair of counts", pair, "a word and how often it occurs")
        word, n = pair
        total += n
        if word[:1] < "\u0e00":  # the scripts before Thai's have blanks
            continue
        for kind in letters:
            pattern = getattr(_patterns(), kind)
            if pattern.match(word):
                size = len(pattern.findall(word))
                letters[kind] += size * n
                tokens[kind] += n
                if LONGEST[kind] < size <= 40 and len(word) > len(example[kind]) < 12:
                    example[kind] = word
    for kind, longest in LONGEST.items():
        if tokens[kind] > 0.1 * total and letters[kind] > longest * tokens[kind]:
            return example[kind] or "(one of more than 40 letters)"
    return ""
