# Used from 06 · tests/helpers/texts/test_showcase.py
"""Words that each corpus holds, or that are found in it, so that a notebook asks for none that are missing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace

import numpy as np

from helpers.arguments import checked, refuse, sized
from helpers.shapes import array, ids_fit
from helpers.texts import toy
from helpers.texts.vocabulary import Vocab

SAMPLE = 5_000_000  # tokens are enough to find words in
CANDIDATES, MEET = 400, 5  # content words to choose themes from; how near two words of a theme stand
THEMES, SIZE = 6, 8  # how many themes, and how many words of each


@dataclass(frozen=True)
class Showcase:
    """Words to ask a corpus about.

    Attributes
    ----------
    query : str
        The word whose neighbours are shown.
    related : frozenset of str
        Words that a reader would accept as its neighbours; the asserts ask for a share of these.
    fails : str
        A word whose neighbours make no sense here, or not the sense that one expects.
    themes : dict of str to tuple of str
        Groups of words that belong together, for the maps.
    """

    query: str = ""
    related: frozenset[str] = frozenset()
    fails: str = ""
    themes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# By subject: computers, their parts and their makers; for Wikipedia, atoms and what they are made of. "bugs" is left
# out, though models often name it: a reader would not.
PTB = Showcase(
    query="chip",
    related=frozenset(
        _words(
            "apple chips commodore compaq computer computers conner cray dell desktop device devices "
            "digital disk disks drives electronic electronics fujitsu hardware hewlett-packard "
            "hitachi ibm intel laptop mac machine machines mainframe mainframes memory microprocessor "
            "microsystems mips motorola nec pc pcs portable printer processing semiconductor "
            "semiconductors software storage sun supercomputer tandem technology terminals toshiba "
            "unisys wang workstations"
        )
    ),
    fails="king",
    themes={
        "computers": _words(
            "computer computers software hardware chip chips disk mainframe workstations ibm intel microprocessor"
        ),
        "cars": _words("car cars auto truck trucks luxury toyota nissan honda ford vehicles automotive"),
        "oil": _words("oil gas crude drilling pipeline refinery barrels opec exploration petroleum"),
        "days": _words("monday tuesday wednesday thursday friday yesterday week session"),
        "months": _words("january february march april june july august september october november december"),
        "court": _words("judge court trial jury appeals lawyers attorney ruling lawsuit convicted"),
        "family": _words("mother father daughter wife husband brother children parents son family"),
        "sports": _words("football basketball baseball league game games player players team fans"),
    },
)

WIKI = Showcase(
    query="atom",
    related=frozenset(
        _words(
            "atomic atoms bond bonds carbon charge charged chemical compound compounds covalent electron "
            "electrons element elements energy hydrogen ion ionic ions isotopes mass metal metallic "
            "molecular molecule molecules neutral nitrogen nuclear nuclei nucleus orbital oxygen "
            "particle particles proton protons quantum shell valence"
        )
    ),
    fails="king",
    themes={
        "chemistry": _words("acid acids hydrogen oxygen carbon atom atoms molecule electrons ions metal chemical"),
        "space": _words("moon lunar orbit spacecraft crew landing earth apollo mission astronauts"),
        "languages": _words("language languages spoken dialects hebrew latin arabic words greek script"),
        "war": _words("war battle soldiers troops army military forces invasion fought"),
        "religion": _words("church catholic god christian religious bible faith christ orthodox"),
        "countries": _words("germany france england italy russia china japan india iran turkey"),
        "months": _words("january february march april june july august september october november december"),
        "family": _words("mother father daughter wife husband brother children parents son family"),
    },
)

TOY = Showcase(query="king", related=frozenset(toy.PEOPLE) - {"king"}, fails="the", themes=dict(toy.THEMES))

SHOWCASES = {"ptb": PTB, "wiki": WIKI, "toy": TOY}


def _has_showcase(name, corpus, _):
    """A `corpus.Corpus`; that module imports this one."""
    if not all(hasattr(corpus, part) for part in ("ids", "vocab", "showcase")):
        raise refuse(name, corpus, "a Corpus, as load_corpus gives it")
    return corpus


@checked(corpus=_has_showcase)
def with_showcase(corpus):
    """The corpus, with words that it holds to ask about: its own `Showcase`, or one of words found in its text.

    Parameters
    ----------
    corpus : corpus.Corpus

    Returns
    -------
    corpus.Corpus
        The very same where its vocabulary holds the words of its showcase.
    """
    show, vocab = corpus.showcase, corpus.vocab
    if show.query in vocab and show.fails in vocab:
        return corpus
    return replace(corpus, showcase=find(corpus.ids, vocab))


def _words_of(ids, vocab, **_) -> None:
    if len(vocab) < 3:
        raise refuse("vocab", vocab.words[1:], "a vocabulary of two words or more")
    ids_fit("ids", ids, "vocab", vocab.words)


@checked(_words_of, ids=array("N", "integers", least=0), vocab=sized(Vocab, "V"))
def find(ids: np.ndarray, vocab) -> Showcase:
    """A showcase from the text alone: words of the places that they stand in, in any language.

    A word that is about something comes in bursts, grammar comes everywhere. So the text is cut into a hundred pieces:
    of words as frequent, the one that is in the fewest pieces, for its count, is the query. A theme is a word with
    those that stand within `MEET` words of it far more often than chance would have it. No word is known to be
    related, so ``related`` is empty, and nothing can be asserted about it. ``fails`` is the word that is spread most
    evenly: it stands beside everything.

    Parameters
    ----------
    ids : np.ndarray of int, shape (N,)
        The first `SAMPLE` of them are looked at.
    vocab : corpus.Vocab

    Returns
    -------
    Showcase

    Raises
    ------
    ArgumentError
        For ids that the vocabulary does not have, or a vocabulary of fewer than two words.
    """
    ids = np.asarray(ids[:SAMPLE])
    counts = np.bincount(ids, minlength=len(vocab))
    spread = _spread(ids, counts)
    written = np.array([len(word) > 2 and _is_word(word) for word in vocab.words])
    wanted = np.flatnonzero(written & (counts >= max(1, min(20, np.median(counts[1:])))) & (np.arange(len(vocab)) > 0))
    if len(wanted) < 2:  # a script of short words, or a text of signs
        wanted = np.arange(1, len(vocab))
    bursts = wanted[np.argsort(spread[wanted], kind="stable")]
    fails = bursts[-1]
    content = np.sort(bursts[: max(1, len(bursts) // 2)])[:CANDIDATES]  # the frequent ones of the burstier half
    query = content[np.argmax(-np.log(spread[content]) * np.log1p(counts[content]) ** 2)]
    themes = _themes(ids, counts, content[content != fails], query)
    name = vocab.words.__getitem__
    return Showcase(
        query=name(query), fails=name(fails),
        themes={name(words[0]): tuple(map(name, words)) for words in themes},
    )  # fmt: skip


def _is_word(word: str) -> bool:
    """Whether all of it is letters and their marks, hyphens and apostrophes: no number, no address, no name of code."""
    return all(c in "-'" or unicodedata.category(c)[0] in "LM" for c in word)


def _spread(ids: np.ndarray, counts: np.ndarray, pieces: int = 100) -> np.ndarray:
    """In how many pieces of the text each word is, over how many there would be if its places were random."""
    piece = np.arange(len(ids)) * pieces // max(1, len(ids))
    inside = np.bincount(np.unique(ids.astype(np.int64) * pieces + piece) // pieces, minlength=len(counts))
    return np.maximum(inside, 1) / np.maximum(pieces * (1 - (1 - 1 / pieces) ** counts), 1)


def _themes(ids: np.ndarray, counts: np.ndarray, content: np.ndarray, query: int) -> list[list[int]]:
    """Words that stand near each other, `SIZE` around one; none twice."""
    if len(content) < 3 or not len(ids):
        return []
    place = np.full(len(counts), -1)
    place[content] = np.arange(len(content))
    row, n = place[ids], len(content)
    meet = np.zeros((n, n))
    for distance in range(1, MEET + 1):
        a, b = row[:-distance], row[distance:]
        both = (a >= 0) & (b >= 0)
        meet += np.bincount(a[both] * n + b[both], minlength=n * n).reshape(n, n)
    meet += meet.T
    np.fill_diagonal(meet, 0)
    chance = np.outer(counts[content], counts[content]) * 2 * MEET / max(1, len(ids))
    tie = np.where((meet >= 3) & (meet > 2 * chance), np.log(np.maximum(meet, 1)) * np.log1p(meet / chance), 0)
    found, free = [], np.ones(n, bool)
    for _ in range(THEMES):
        strength = np.sort(tie * free, axis=1)[:, 1 - SIZE :].sum(axis=1) * free
        center = int(np.flatnonzero(content == query)[0]) if not found and query in content else int(strength.argmax())
        near = np.argsort(-tie[center] * free, kind="stable")[: SIZE - 1]
        words = [center, *(i for i in near if free[i] and tie[center, i] > 0 and i != center)]
        if len(words) < 3:
            if found:
                break
            query = -1  # nothing stands near the query: themes without it
            continue
        free[words] = False
        found.append([int(content[i]) for i in words])
    return found
