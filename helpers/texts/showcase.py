# Used from 06 · tests/helpers/texts/test_showcase.py
"""Words that each corpus holds, so that a notebook asks for none that are missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.texts import toy


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
            "apple chips compaq computer computers conner desktop device devices digital disk "
            "drives electronic electronics hardware ibm intel laptop mac machine machines mainframe "
            "mainframes memory microprocessor microsystems mips motorola pc pcs portable "
            "processing semiconductor semiconductors software sun supercomputer technology "
            "workstations"
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
