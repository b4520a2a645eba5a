"""The words to ask a corpus about. (That each corpus holds its own: tests/helpers/test_corpus.py.)"""

import numpy as np
import pytest

from helpers.arguments import ArgumentError
from helpers.corpus import Vocab, make_corpus
from helpers.texts import showcase
from helpers.texts import toy as grammar


@pytest.mark.parametrize("show", [showcase.PTB, showcase.WIKI, showcase.TOY], ids=lambda show: show.query)
def test_no_word_stands_twice_and_none_is_its_own_neighbour(show):
    words = [word for theme in show.themes.values() for word in theme]
    assert show.query not in show.related and show.fails not in (show.query, *show.related)
    # A map has a place for each word; months, days and families share none.
    assert len(words) == len(set(words)) > 20 and all(word == word.lower().strip() for word in words)
    assert 5 <= len(show.related) <= 60 and type(show.related) is frozenset
    assert all(type(theme) is tuple for theme in show.themes.values()) and show.themes is not grammar.THEMES  # a copy


def test_what_the_showcases_ask():
    assert [s.query for s in (showcase.PTB, showcase.WIKI, showcase.TOY)] == ["chip", "atom", "king"]
    assert showcase.TOY.related == set(grammar.PEOPLE) - {"king"} and showcase.TOY.themes == grammar.THEMES
    assert (
        showcase.TOY.fails == "the" and {"chips", "ibm"} < showcase.PTB.related and "atoms" not in showcase.PTB.related
    )
    assert showcase.Showcase() == showcase.Showcase(query="", related=frozenset(), fails="", themes={})
    assert showcase.Showcase().themes is not showcase.Showcase().themes


def text_with_subjects(seed=0):
    """Grammar everywhere, and four subjects that come in turns, ten sentences each."""
    rng = np.random.default_rng(seed)
    articles = [f"der{c}" for c in "abcdefgh"]
    subjects = [[f"{name}{c}" for c in "abcdefgh"] for name in ("meer", "berg", "wald", "wind")]
    return [
        [str(word) for pair in zip(rng.choice(articles, 6), rng.choice(subjects[s // 10 % 4], 6)) for word in pair]
        for s in range(1000)
    ]


def test_a_text_of_ones_own_is_asked_for_words_that_it_holds():
    corpus = make_corpus(text_with_subjects(), name="my.txt")
    found = showcase.with_showcase(corpus)
    show, vocab = found.showcase, found.vocab
    assert found.ids is corpus.ids and found.name == "my.txt" and show.related == frozenset()
    assert show.query[:4] in ("meer", "berg", "wald", "wind") and show.fails.startswith("der")
    words = [word for theme in show.themes.values() for word in theme]
    assert show.themes and len(words) == len(set(words)) and all(word in vocab for word in words)
    assert next(iter(show.themes)) == show.query == show.themes[show.query][0] and show.fails not in words
    for theme in show.themes.values():  # each of one subject
        assert len(theme) >= 3 and len({word[:4] for word in theme}) == 1


def test_a_corpus_that_holds_its_showcase_keeps_it(toy):
    assert showcase.with_showcase(toy) is toy
    few = make_corpus([["rain", "snow", "rain"], ["snow", "rain"]], showcase=showcase.TOY)  # the king is not in it
    assert showcase.with_showcase(few).showcase.query in ("rain", "snow")


@pytest.mark.parametrize(
    "sentences",
    [
        [["a", "b"]],
        [["a", "b", "c"]] * 50,
        [["1", "2", "3", "4"]] * 20,
        [list("百聞不如一見")] * 30,
        [["word", "word", "other"]] * 9,
        [[f"w{i}", f"w{i + 1}"] for i in range(300)],
    ],
    ids=["two words", "short words", "digits", "one sign a word", "two long words", "each word twice"],
)
def test_any_text_has_a_query_and_another_word(sentences):
    vocab = make_corpus(sentences).vocab
    show = showcase.with_showcase(make_corpus(sentences)).showcase
    assert show.query in vocab and show.fails in vocab and show.query != show.fails
    assert all(word in vocab for theme in show.themes.values() for word in theme)


def test_what_is_no_corpus_and_no_ids_of_it_is_refused(toy):
    for odd in (None, "toy", 3, [["a", "b"]]):
        with pytest.raises(ArgumentError, match="^corpus is"):
            showcase.with_showcase(odd)
    for odd in ([-1, 2], [1.5], ["a"], [len(toy.vocab)], None, [[1, 2]]):
        with pytest.raises(ArgumentError, match="ids"):
            showcase.find(odd, toy.vocab)
    with pytest.raises(ArgumentError, match="vocab"):
        showcase.find([1, 1], Vocab(["a"], [2]))
    assert showcase.find(np.zeros(0, int), toy.vocab).themes == {}  # an empty text; its words are still there


def test_a_long_text_is_looked_at_in_part(monkeypatch):
    corpus = make_corpus(text_with_subjects())
    monkeypatch.setattr(showcase, "SAMPLE", 3000)
    assert showcase.find(corpus.ids, corpus.vocab).query == showcase.find(corpus.ids[:3000], corpus.vocab).query
