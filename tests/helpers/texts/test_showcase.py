"""The words to ask a corpus about. (That each corpus holds its own: tests/helpers/test_corpus.py.)"""

import pytest

from helpers.texts import showcase, toy


@pytest.mark.parametrize("show", [showcase.PTB, showcase.WIKI, showcase.TOY], ids=lambda show: show.query)
def test_no_word_stands_twice_and_none_is_its_own_neighbour(show):
    words = [word for theme in show.themes.values() for word in theme]
    assert show.query not in show.related and show.fails not in (show.query, *show.related)
    # A map has a place for each word; months, days and families share none.
    assert len(words) == len(set(words)) > 20 and all(word == word.lower().strip() for word in words)
    assert 5 <= len(show.related) <= 60 and type(show.related) is frozenset
    assert all(type(theme) is tuple for theme in show.themes.values()) and show.themes is not toy.THEMES  # a copy


def test_what_the_showcases_ask():
    assert [s.query for s in (showcase.PTB, showcase.WIKI, showcase.TOY)] == ["chip", "atom", "king"]
    assert showcase.TOY.related == set(toy.PEOPLE) - {"king"} and showcase.TOY.themes == toy.THEMES
    assert (
        showcase.TOY.fails == "the" and {"chips", "ibm"} < showcase.PTB.related and "atoms" not in showcase.PTB.related
    )
    assert showcase.Showcase() == showcase.Showcase(query="", related=frozenset(), fails="", themes={})
    assert showcase.Showcase().themes is not showcase.Showcase().themes
