"""The grammar: its sentences, and that its lists are what its theorem (below, and in test_theory) needs."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom, chisquare

from helpers.texts import toy


def within(n, of, p):
    """Whether n of so many is what chance gives with probability p, all but once in ten thousand times."""
    return binom.cdf(n, of, p) > 1e-4 and binom.sf(n - 1, of, p) > 1e-4


@pytest.fixture(scope="module")
def drawn():
    return toy.sentences(20_000, seed=11)


def test_seven_in_ten_sentences_are_about_a_person_and_each_person_is_as_likely(drawn):
    about = Counter(s[2] for s in drawn if len(s) == 12)
    assert set(about) == set(toy.PEOPLE) and within(about.total(), len(drawn), 0.7)
    assert all(within(n, about.total(), 1 / 8) for n in about.values())
    shape = ["the", None, None, "of", "the", None, "told", None, None, "about", "the", None]
    assert all(word in (None, w) for s in drawn if len(s) == 12 for word, w in zip(shape, s))


@pytest.mark.parametrize(
    ("slot", "lists", "place"),
    [(1, toy.AGE, 2), (5, toy.PLACE, 0), (7, toy.PRONOUN, 1), (8, toy.KIN, 1), (11, toy.THING, 0)],
)
def test_one_slot_in_ten_comes_from_the_opposite_list(drawn, slot, lists, place):
    about = [s for s in drawn if len(s) == 12]
    own = [s[slot] in lists[toy.PEOPLE[s[2]][place]] for s in about]
    other = [s[slot] in lists[toy.OPPOSITE[toy.PEOPLE[s[2]][place]]] for s in about]
    assert all(a != b for a, b in zip(own, other)) and within(sum(other), len(about), 0.1)


def test_a_theme_is_two_different_nouns_and_one_of_its_verbs(drawn):
    rest, seen = [s for s in drawn if len(s) == 5], Counter()
    for first, noun, verb, second, other in rest:
        (theme,) = (name for name in toy.VERBS if verb in toy.VERBS[name])
        assert (first, second) == ("the", "the") and noun != other and {noun, other} <= set(toy.THEMES[theme])
        seen[theme] += 1
    assert len(rest) + sum(len(s) == 12 for s in drawn) == len(drawn)
    assert all(within(seen[theme], len(rest), 1 / 3) for theme in toy.VERBS)


def test_people_differ_in_rank_gender_and_age_and_nothing_else():
    assert len(set(toy.PEOPLE.values())) == 8
    assert all(toy.OPPOSITE[toy.OPPOSITE[value]] == value != toy.OPPOSITE[value] for value in toy.OPPOSITE)
    for place, (value, other) in enumerate((("royal", "common"), ("male", "female"), ("old", "young"))):
        assert toy.OPPOSITE[value] == other
        assert [person[place] for person in toy.PEOPLE.values()].count(value) == 4
    for lists in (toy.PLACE, toy.THING, toy.PRONOUN, toy.KIN, toy.AGE):
        one, two = lists.values()
        assert len(one) == len(two) and not set(one) & set(two)
    nouns = [word for theme in toy.THEMES.values() for word in theme]
    assert len(nouns) == len(set(nouns)) == 8 + 3 * 6 and not set(nouns) & {w for v in toy.VERBS.values() for w in v}


def test_the_seed_fixes_the_sentences_and_the_default_is_0():
    assert toy.sentences(3) == toy.sentences(3, seed=0) == toy.sentences(5, seed=0)[:3] != toy.sentences(3, seed=1)


def test_the_expected_sentences_are_the_drawn_ones(drawn):
    """By position, since the expectation is over positions: of the first 12 words of a person's, the 5 of a theme's."""
    for length, part in ((12, 0.7), (5, 0.3)):
        expected = [Counter() for _ in range(length)]
        for p, slots in toy.expected_sentences():
            if len(slots) == length:
                for counter, slot in zip(expected, slots):
                    counter.update({word: p / part * x for word, x in slot.items()})
        sentences = [s for s in drawn if len(s) == length]
        for position, counter in enumerate(expected):
            seen = Counter(s[position] for s in sentences)
            assert sum(counter.values()) == pytest.approx(1) and set(seen) <= set(counter)
            assert all(within(seen[word], len(sentences), min(1, p)) for word, p in counter.items())
    assert np.isclose(sum(p for p, slots in toy.expected_sentences() if len(slots) == 12), 0.7)


def log_p(person):
    """log p(context word | person), over the slots of the grammar, computed from its lists."""
    rank, gender, age = toy.PEOPLE[person]
    slots = [(toy.AGE, age), (toy.PLACE, rank), (toy.PRONOUN, gender), (toy.KIN, gender), (toy.THING, rank)]
    p = Counter()
    for lists, value in slots:
        for v, words in lists.items():
            for word in words:
                p[word] += (1 - toy.LEAK if v == value else toy.LEAK) / len(words) / len(slots)
    return {word: np.log(x) for word, x in p.items()}


@pytest.mark.parametrize("quad", [("king", "man", "woman", "queen"), ("prince", "king", "queen", "princess")])
def test_the_theorem_of_the_toy_grammar(quad):
    a, b, c, d = map(log_p, quad)
    for word in a:
        assert a[word] - b[word] + c[word] == pytest.approx(d[word])
    assert len(a) == 4 * 4 + 4 * 2 + 2 + 8 and max(abs(a[w] - d[w]) for w in a) > 1


def test_sentences_follow_the_grammar():
    about = [s for s in toy.sentences(20_000, seed=4) if s[2] == "king" and len(s) == 12]
    seen = Counter(word for s in about for word in (s[1], s[5], s[7], s[8], s[11]))
    p = log_p("king")
    words = sorted(p)
    total = sum(seen.values())
    assert set(seen) <= set(words)
    assert chisquare([seen[w] for w in words], [total * np.exp(p[w]) for w in words]).pvalue > 1e-4
    assert toy.sentences(5, seed=1) == toy.sentences(5, seed=1) != toy.sentences(5, seed=2)
