"""Texts as ids, against `make_corpus` on the same sentences, wherever the stream is cut."""

import io
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus import CorpusError, make_corpus
from helpers.texts import indexing, stored
from helpers.texts.reading import TextError
from helpers.texts.words import words


def indexed(chunks, min_count, first=None):
    first = first or indexing.FirstPass()
    ids = np.concatenate([np.zeros(0, np.int32), *(first.feed(chunk) for chunk in chunks)])
    file, at = io.BytesIO(), iter(np.array_split(ids, 3))
    indexing.second_pass(lambda n: next(at, ids[:0]), first, min_count, file)
    arrays, said = stored.open_stored(file)
    arrays["words"] = arrays["words"].tobytes().decode().split("\n") if len(arrays["words"]) else []
    return arrays, said


def sentences(text):
    for line in text.splitlines():
        found = words(line)
        yield from (found[i : i + indexing.CHUNK] for i in range(0, len(found), indexing.CHUNK))


def same(text, chunks, min_count, least_held, first=None):
    """Whether a text in chunks is the corpus that `make_corpus` makes of its sentences."""
    found, said = indexed(chunks, min_count, first)
    every = list(sentences(text))
    train, held = [s for i, s in enumerate(every) if i % 20 != 19], every[19::20]
    try:
        corpus = make_corpus(train, min_count=min_count, heldout=held or [[]])
    except CorpusError:
        return None
    if len(corpus.heldout.ids) < least_held:
        corpus = make_corpus(every, min_count=min_count, heldout=[[]])
    assert found["words"] == corpus.vocab.words[1:] and found["counts"].tolist() == corpus.vocab.counts[1:].tolist()
    assert np.array_equal(found["ids"], corpus.ids) and np.array_equal(found["bounds"], corpus.bounds)
    assert np.array_equal(found["held_ids"], corpus.heldout.ids)
    if len(found["held_bounds"]) > 1:
        assert np.array_equal(found["held_bounds"], corpus.heldout.bounds)
    assert said["tokens_read"] == corpus.tokens_read
    return corpus


LINES = st.lists(
    st.lists(st.sampled_from("a b c d e é ü-x y,z - w1 w2".split()), max_size=9).map(" ".join), max_size=90
)


@settings(deadline=None)
@given(LINES, st.sampled_from("\n \n\n \r\n \x0b \x85 \u2028 \x1c".split(" ")), st.integers(1, 4), st.randoms())
def test_ids_are_those_of_make_corpus_wherever_the_stream_is_cut(lines, end, min_count, rng):
    text = end.join(lines)
    blanks = [0, *(i + 1 for i, c in enumerate(text) if c in " \n"), len(text)]
    cuts = sorted({0, len(text), *rng.sample(blanks, min(6, len(blanks)))})
    chunks = [text[a:b] for a, b in zip(cuts, cuts[1:])]
    for chunk, long in ((1000, 100), (3, 1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(indexing, "CHUNK", chunk)
            patch.setattr(indexing, "LEAST_HELD", long)
            patch.setattr(indexing, "PIECES", 3)
            same(text, chunks, min_count, long)


def text_of(n, different, seed=0):
    rng = random.Random(seed)
    lines = [
        " ".join(f"w{int(rng.paretovariate(0.7)) % different}" for _ in range(rng.randint(1, 30))) for _ in range(n)
    ]
    return "\n".join(lines) + "\n" + "x " * 2500


def test_a_longer_text():
    text = text_of(3000, 5000)
    corpus = same(text, text.splitlines(keepends=True), 5, 100)
    assert corpus.heldout is not None and len(corpus.heldout.ids) > 1000 and np.diff(corpus.bounds).max() == 1000


@pytest.mark.parametrize("buckets", [1 << 20, 64])
def test_a_sieve_changes_nothing(monkeypatch, buckets):
    """With few buckets it lets rare words through, which are dropped later."""
    monkeypatch.setattr(indexing, "BUCKETS", (buckets, 1 << 30))
    text = text_of(3000, 50_000)
    sieve = indexing.Sieve(5)
    one = indexing.FirstPass(None, sieve)
    for line in text.splitlines(keepends=True):
        sieve.feed(one.split(line))
    again = indexing.FirstPass(None, indexing.Sieved(sieve))
    corpus = same(text, text.splitlines(keepends=True), 5, 100, again)
    plain = indexing.FirstPass()
    plain.feed(text)
    assert len(corpus.vocab) < len(again.vocab) <= len(plain.vocab) + 1  # that of all rare words
    if buckets > 64:
        assert len(again.vocab) < 0.3 * len(plain.vocab)


def test_a_literal_unk_stays_unknown():
    text = "the <unk> of the <unk>\n" * 60
    found, said = indexed([text], 1)
    assert found["words"] == ["the", "of"] and said["tokens_read"] == 300 and found["ids"].tolist() == [1, 2, 1] * 60


def test_a_small_text_is_trained_on_as_a_whole():
    few, many = "a b c d e\n" * 399, "a b c d e\n" * 400
    assert len(indexed([few], 1)[0]["held_bounds"]) == 1 and len(indexed([few], 1)[0]["ids"]) == 399 * 5
    found, said = indexed([many], 1)
    assert len(found["held_ids"]) == 100 and len(found["ids"]) == 1900 and said["tokens_read"] == 1900
    assert found["counts"].tolist() == [380] * 5  # of what is trained on


def test_a_function_of_ones_own_splits_each_line():
    lines = []
    first = indexing.FirstPass(lambda line: lines.append(line) or line.split("/"))
    found, _ = indexed(["A/b\nc/ A\n", "\n /d/\n"], 1, first)
    assert lines == ["A/b", "c/ A", "", " /d/"]
    assert found["words"] == ["A", "b", "c", "d"] and found["bounds"].tolist() == [0, 2, 4, 5]


@pytest.mark.parametrize(
    ("function", "match"),
    [
        (lambda line: line, "gave 'some text' for 'some text': let it return a list"),
        (lambda line: 3, "gave 3 for 'some text': let it return a list"),
        (lambda line: None, "gave None"),
        (lambda line: [1, 2], "the word 1 for 'some text': let it return texts"),
        (lambda line: [None], "the word None"),
        (lambda line: [b"a"], "the word b'a'"),
        (lambda line: ["New York"], "'New York', with a blank in it: join its parts"),
    ],
)
def test_a_function_that_gives_no_words_is_told_so(function, match):
    with pytest.raises(TextError, match=f"tokenize gave .*{match.removeprefix('gave ')}"):
        indexing.FirstPass(function).feed("some text\n")


@pytest.mark.parametrize("function", [lambda line: 1 / 0, lambda: [], int, lambda line: (1 / 0 for _ in line)])
def test_a_function_that_fails_is_named_with_its_line(function):
    with pytest.raises(TextError, match="tokenize fails for 'some text' .*Error: .*let it take a line"):
        indexing.FirstPass(function).feed("some text\n")


def test_text_without_blanks_is_noticed():
    first = indexing.FirstPass()
    first.feed("我们今天去图书馆看书，然后回家吃饭。\n" * 5)
    assert first.clause() == "我们今天去图书馆看书"
    first.feed("the word\n" * 500)
    assert first.clause() == ""


def test_blanks_alone_are_no_words():
    first = indexing.FirstPass()
    assert len(first.feed(" \n\t\n")) == 0 and first.blank
    assert len(first.feed(" -- \n")) == 0 and not first.blank and first.tokens == 0
