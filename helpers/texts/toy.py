# Used from 01 · tests/helpers/texts/test_toy.py
"""A small grammar whose true geometry is known.

A person has a rank, a gender and an age. In a sentence about a person each slot depends on one of the three alone::

    the [age] PERSON of the [rank] told [gender] [gender] about the [rank]
    the old   king   of the palace told his      brother  about the crown

A slot takes a word from its own list with probability 1 - `LEAK` and from the opposite list otherwise. So for every
context word c, log p(c | king) - log p(c | man) is the same number as log p(c | queen) - log p(c | woman): the offset
between the two is the rank alone, and king - man + woman = queen holds exactly in the log probabilities.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from helpers.arguments import checked, whole
from helpers.arguments import seed as seed_rule

LEAK = 0.1

# person: (rank, gender, age)
PEOPLE = {
    "king": ("royal", "male", "old"),
    "queen": ("royal", "female", "old"),
    "prince": ("royal", "male", "young"),
    "princess": ("royal", "female", "young"),
    "man": ("common", "male", "old"),
    "woman": ("common", "female", "old"),
    "boy": ("common", "male", "young"),
    "girl": ("common", "female", "young"),
}
OPPOSITE = {"royal": "common", "common": "royal", "male": "female", "female": "male", "old": "young", "young": "old"}
PLACE = {"royal": ("palace", "castle", "court", "kingdom"), "common": ("village", "farm", "cottage", "mill")}
THING = {"royal": ("crown", "throne", "jewel", "banner"), "common": ("plough", "bread", "spade", "cart")}
PRONOUN = {"male": ("his",), "female": ("her",)}
KIN = {"male": ("brother", "uncle", "father", "nephew"), "female": ("sister", "aunt", "mother", "niece")}
AGE = {"old": ("old", "grey", "wise", "tired"), "young": ("young", "little", "merry", "eager")}

# Sentences about other things: a noun of the theme does something to another one.
THEMES = {
    "people": tuple(PEOPLE),
    "animals": ("cat", "dog", "horse", "cow", "goat", "hen"),
    "sea": ("ship", "sail", "wave", "harbour", "anchor", "crew"),
    "weather": ("rain", "snow", "wind", "storm", "cloud", "frost"),
}
VERBS = {
    "animals": ("chased", "fed", "followed", "heard"),
    "sea": ("reached", "left", "crossed", "steered"),
    "weather": ("brought", "melted", "became", "drove"),
}


@checked(n=whole(0, 10_000_000), seed=seed_rule())
def sentences(n: int, seed: int = 0) -> list[list[str]]:
    """Draw ``n`` sentences; 7 in 10 are about a person, the rest about the other themes.

    Examples
    --------
    >>> " ".join(sentences(1, seed=0)[0])
    'the little man of the palace told his nephew about the spade'
    """
    rng = np.random.default_rng(seed)
    return [_person(rng) if rng.random() < 0.7 else _theme(rng) for _ in range(n)]


def _pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[rng.integers(len(words))]


def _slot(rng: np.random.Generator, lists: dict[str, tuple[str, ...]], value: str) -> str:
    return _pick(rng, lists[OPPOSITE[value] if rng.random() < LEAK else value])


def _person(rng: np.random.Generator) -> list[str]:
    person = _pick(rng, tuple(PEOPLE))
    rank, gender, age = PEOPLE[person]
    return [
        "the", _slot(rng, AGE, age), person, "of", "the", _slot(rng, PLACE, rank), "told",
        _slot(rng, PRONOUN, gender), _slot(rng, KIN, gender), "about", "the", _slot(rng, THING, rank),
    ]  # fmt: skip


def _theme(rng: np.random.Generator) -> list[str]:
    theme = _pick(rng, tuple(VERBS))
    first, second = rng.choice(THEMES[theme], size=2, replace=False)
    return ["the", str(first), _pick(rng, VERBS[theme]), "the", str(second)]


def expected_sentences() -> list[tuple[float, list[dict[str, float]]]]:
    """The grammar as probabilities, so that nothing need be drawn.

    Given who is spoken of, or which two nouns, the slots of a sentence are independent. So a sentence is one of these
    kinds, and in each kind every slot has its own distribution.

    Returns
    -------
    list of (float, list of dict of str to float)
        The probability of the kind, and for each position the probability of each word.

    Examples
    --------
    >>> kinds = expected_sentences()
    >>> len(kinds), round(sum(p for p, _ in kinds), 12)
    (98, 1.0)
    >>> kinds[0][1][7]
    {'his': 0.9, 'her': 0.1}
    """
    kinds = []
    for person, (rank, gender, age) in PEOPLE.items():
        slots = [
            {"the": 1.0}, _mixed(AGE, age), {person: 1.0}, {"of": 1.0}, {"the": 1.0}, _mixed(PLACE, rank),
            {"told": 1.0}, _mixed(PRONOUN, gender), _mixed(KIN, gender), {"about": 1.0}, {"the": 1.0},
            _mixed(THING, rank),
        ]  # fmt: skip
        kinds.append((0.7 / len(PEOPLE), slots))
    for theme, verbs in VERBS.items():
        nouns = list(permutations(THEMES[theme], 2))
        for first, second in nouns:
            slots = [{"the": 1.0}, {first: 1.0}, dict.fromkeys(verbs, 1 / len(verbs)), {"the": 1.0}, {second: 1.0}]
            kinds.append((0.3 / len(VERBS) / len(nouns), slots))
    return kinds


def _mixed(lists: dict[str, tuple[str, ...]], value: str) -> dict[str, float]:
    own, other = lists[value], lists[OPPOSITE[value]]
    return {**dict.fromkeys(own, (1 - LEAK) / len(own)), **dict.fromkeys(other, LEAK / len(other))}
