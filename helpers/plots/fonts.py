# Used from 06 · tests/helpers/plots/test_fonts.py
"""Words of any script in a figure: a font that has their letters where one is installed, else one line that says so."""

from __future__ import annotations

import functools
import unicodedata
import warnings
from collections.abc import Iterable

import matplotlib as mpl
from matplotlib import font_manager, ft2font

ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")
_told: set[str] = set()


def use_fonts_for(words: Iterable[str]) -> None:
    """Let matplotlib fall back on installed fonts for the letters of some words.

    matplotlib's own font, DejaVu Sans, has Latin, Greek, Cyrillic, Arabic and Hebrew. For other letters the installed
    font that has most of them is added to ``rcParams["font.family"]``, and so on. For what no font has, a warning says
    once which font to install, in place of matplotlib's one for each letter.

    Parameters
    ----------
    words : iterable of str
    """
    family = (
        [mpl.rcParams["font.family"]]
        if isinstance(mpl.rcParams["font.family"], str)
        else [*mpl.rcParams["font.family"]]
    )
    missing = {letter for word in words for letter in word if letter.isprintable()}
    for name in family:
        missing -= _letters(font_manager.findfont(font_manager.FontProperties(family=[name])))
    if not missing:
        return
    fonts = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist if _plain(entry)}
    while missing and fonts:
        best = max(fonts, key=lambda name: len(missing & _letters(fonts[name])))
        found = missing & _letters(fonts.pop(best))
        if not found:
            break
        missing -= found
        family.append(best)
    mpl.rcParams["font.family"] = family
    if missing:
        _tell(missing)


def _plain(entry) -> bool:
    upright = entry.style == "normal" and str(entry.weight) in ("400", "normal", "regular")
    return upright and not entry.name.startswith("Last Resort")


@functools.cache
def _letters(path: str) -> frozenset[str]:
    """The letters that a font file has."""
    try:
        return frozenset(map(chr, ft2font.FT2Font(path).get_charmap()))
    except (RuntimeError, OSError):  # a file that has gone, or is of a kind that FreeType does not read
        return frozenset()


def _tell(letters: set[str]) -> None:
    # From here on: this line says it for all letters.
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from", category=UserWarning)
    scripts = {unicodedata.name(letter, "UNNAMED").split()[0].split("-")[0] for letter in letters}
    names = {"CJK" if script in ASIAN else script.title() for script in scripts}
    if names <= _told:
        return
    _told.update(names)
    fonts = " and ".join(f"Noto Sans {name}" for name in sorted(names))
    warnings.warn(
        f"no installed font has {''.join(sorted(letters)[:5])!r}: such letters are drawn as boxes. Install {fonts} "
        "(fonts.google.com/noto; on Debian and Ubuntu fonts-noto-cjk, fonts-noto-core), and start Python anew",
        stacklevel=4,
    )


def plain(text: str) -> str:
    r"""A name for a legend as it is: no formula where it holds dollars, and not left out where it begins with ``_``.

    Examples
    --------
    >>> print(plain("$x$"), plain("cat"))
    \$x\$ cat
    """
    return ("\u200a" if text.startswith("_") else "") + text.replace("$", r"\$")  # a hair space
