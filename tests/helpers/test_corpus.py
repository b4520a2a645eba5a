"""Vocabulary, ids, corpora by name, and texts of one's own. (How these are read: tests/helpers/texts.)"""

import gzip
import hashlib
import http.server
import threading
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import corpus as corpus_module
from helpers.arguments import ArgumentError
from helpers.corpus import CorpusError, Vocab, build_vocab, encode, load_corpus, make_corpus
from helpers.texts import indexing, sources
from helpers.texts.showcase import Showcase

words = st.lists(st.sampled_from("abcdefg"), max_size=60)


@given(words, st.integers(1, 4))
def test_vocab_is_d2ls(d2l, tokens, min_count):
    ours, theirs = build_vocab(tokens, min_count), d2l.Vocab([tokens], min_freq=min_count)
    assert ours.words == theirs.idx_to_token
    assert ours.counts.tolist() == [0] + [tokens.count(w) for w in ours.words[1:]]


def test_a_literal_unk_in_the_text_stays_unknown():
    vocab = build_vocab(["<unk>"] * 9 + ["a", "a", "b"], 1)
    assert vocab.words == ["<unk>", "a", "b"] and vocab.counts.tolist() == [0, 2, 1]
    ids, bounds = encode([["<unk>", "a", "<unk>", "b"]], vocab)
    assert ids.tolist() == [1, 2] and bounds.tolist() == [0, 2]


@given(st.lists(words, min_size=1, max_size=6))
def test_encode_drops_what_is_unknown_and_keeps_the_sentences(lines):
    vocab = build_vocab(["a", "a", "b", "c"], 1)
    ids, bounds = encode(lines, vocab)
    assert len(bounds) == len(lines) + 1
    for s, line in enumerate(lines):
        assert vocab.to_words(ids[bounds[s] : bounds[s + 1]]) == [w for w in line if w in "abc"]
    assert 0 not in ids  # so that 0 can mean padding (trap T11)


def test_an_unknown_word_is_refused_with_the_nearest_spellings():
    vocab = build_vocab("microprocessor chip chips ship".split(), 1)
    with pytest.raises(KeyError, match="'chpi' is not in the vocabulary.*chip"):
        vocab["chpi"]
    with pytest.raises(KeyError, match="microprocessor"):
        vocab["microproccesor"]
    assert "<unk>" not in vocab
    for word in ("<unk>", "unk"):  # the padding is no word, and no spelling of one
        with pytest.raises(KeyError, match=f"'{word}' is not in the vocabulary of 5 words; and no spelling is near"):
            vocab[word]


def test_ptb_is_the_books(ptb, d2l):
    assert len(ptb.ids) == 820_056 and len(ptb.vocab) == 6_719 and len(ptb.bounds) == 42_069 + 1
    with zipfile.ZipFile(sources.PTB_FILE) as archive:
        text = archive.read("ptb/ptb.train.txt").decode()
    lines = [line.split() for line in text.split("\n")]
    vocab = d2l.Vocab(lines, min_freq=10)
    assert ptb.vocab.words == vocab.idx_to_token
    theirs = [i for line in lines for i in vocab[line] if i]
    assert ptb.ids.tolist() == theirs
    assert len(ptb.heldout.ids) == 64_357 and ptb.heldout.vocab is ptb.vocab


def test_wikipedia_and_the_toy_grammar_need_no_network(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "fetch", lambda *a: pytest.fail("no download"))
    monkeypatch.setattr(sources, "DATA", tmp_path)
    first = load_corpus("wiki")
    cached = load_corpus("wiki")  # the second time from the cache
    assert np.array_equal(first.ids, cached.ids) and first.vocab.words == cached.vocab.words
    assert len(first.ids) > 300_000 and len(first.vocab) > 4_500 and len(first.heldout.ids) > 10_000
    toy = load_corpus("toy")
    assert len(toy.bounds) == 5_001 and len(toy.heldout.bounds) == 501


@pytest.mark.parametrize("name", ["wiki", "toy", "ptb"])
def test_a_corpus_holds_its_showcase_words(name, request):
    corpus = request.getfixturevalue("ptb") if name == "ptb" else load_corpus(name)
    show = corpus.showcase
    assert {show.query, show.fails, *show.related, *(w for t in show.themes.values() for w in t)} <= set(
        corpus.vocab.words
    )
    assert show.query not in show.related


def test_auto_takes_what_the_variable_says(monkeypatch, capsys):
    monkeypatch.setenv("WORD2VEC_CORPUS", "toy")
    assert load_corpus("auto").name == "toy"
    assert capsys.readouterr().out == "corpus: toy (WORD2VEC_CORPUS says so)\n"
    monkeypatch.setattr(corpus_module.sources, "READERS", {"toy": sources.toy_text})
    assert load_corpus("toy").name == "toy" and capsys.readouterr().out == ""


def test_auto_without_network_and_cache_takes_wikipedia_and_says_why(monkeypatch, capsys, tmp_path):
    monkeypatch.delenv("WORD2VEC_CORPUS", raising=False)
    monkeypatch.setattr(sources, "PTB_FILE", tmp_path / "ptb.zip")
    monkeypatch.setattr(sources, "PTB_URL", "http://127.0.0.1:9/ptb.zip")  # nobody listens there
    assert load_corpus("auto").name == "wiki"
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "PTB could not be had: no download" in out
    with pytest.raises(sources.FetchError, match=r"load_corpus\('wiki'\)"):
        load_corpus("ptb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x00\x01binary", "is binary"),
        (b"caf\xe9 au lait", "not UTF-8 .byte 3 is 0xe9"),
        (b"word", "1 different words"),
        (b"!!! ...", "holds no words"),
        (b"one\ntwo\none\ntwo", "no sentence has two known words"),
    ],
)
def test_texts_that_are_none(tmp_path, content, match):
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=match):
        load_corpus(path, min_count=1)
    assert path.read_bytes() == content


def test_a_text_of_ones_own(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("\ufeffThe Chip-maker's CHIP, the chip.\n" * 440 + "x y " * 1500, encoding="utf-8")
    corpus = load_corpus(path, min_count=1)
    assert corpus.name == "mine.txt" and corpus.sentence(0) == ["the", "chip-maker's", "chip", "the", "chip"]
    assert np.diff(corpus.bounds).max() == indexing.CHUNK  # the endless line is cut
    assert len(corpus.heldout.bounds) - 1 == 22 and len(corpus.heldout.ids) == 110
    with pytest.raises(FileNotFoundError, match="neither a corpus .*'wiki'"):
        load_corpus(tmp_path / "none.txt")
    with pytest.raises(ArgumentError, match="min_count is 0"):
        load_corpus(path, min_count=0)
    with pytest.raises(CorpusError, match="lower min_count"):
        make_corpus([["a", "b"]], min_count=2)


def test_the_cached_archive_is_read_from_where_d2l_reads_it():
    assert sources.PTB_FILE == Path(sources.__file__).resolve().parents[2] / "data" / "ptb.zip"


def test_a_corpus_stays_as_it_is_and_its_parts_have_their_types():
    corpus = make_corpus([["a", "b"], [], ["b", "c", "b", "rare"]], min_count=1, heldout=[["c", "new", "a"]])
    assert (corpus.ids.dtype, corpus.bounds.dtype, corpus.vocab.counts.dtype) == (np.int32, np.int64, np.int64)
    assert corpus.tokens_read == 6 and corpus.name == "text" and corpus.heldout.name == "text, held out"
    assert corpus.heldout.vocab is corpus.vocab and corpus.heldout.sentence(0) == ["c", "a"]  # words of training alone
    assert corpus.heldout.tokens_read == 0 and corpus.heldout.heldout is None and corpus.showcase == Showcase()
    assert make_corpus([["a", "b"]]).heldout is None
    with pytest.raises(AttributeError):
        corpus.name = "other"
    assert corpus_module.Corpus("x", corpus.ids, corpus.bounds, corpus.vocab).tokens_read == 0


def test_words_are_dropped_below_the_minimum_count_and_ten_is_the_books():
    tokens = ["a"] * 12 + ["b"] * 10 + ["c"] * 9
    assert build_vocab(tokens).words == ["<unk>", "a", "b"] and build_vocab(tokens, 9).counts.tolist() == [0, 12, 10, 9]
    assert make_corpus([["a", "b", "a"]], min_count=1).vocab.counts.tolist() == [0, 2, 1]
    for sentences in ([], [[]], [["a"]], [["a", "a"]]):
        with pytest.raises(CorpusError, match="different words that occur 1 times or more"):
            make_corpus(sentences)
    with pytest.raises(CorpusError, match="no sentence has two known words"):
        make_corpus([["a"], ["b"], []])


@pytest.mark.parametrize(("given", "least"), [(None, 5), (1, 1), (7, 7)])
def test_a_texts_minimum_count_may_be_given(tmp_path, given, least):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(["seven five"] * 5 + ["seven"] * 2 + ["once"]), encoding="utf-8")
    kept = {1: ["<unk>", "seven", "five", "once"], 5: ["<unk>", "seven", "five"]}
    if least in kept:
        assert load_corpus(path, min_count=given).vocab.words == kept[least]
        return
    with pytest.raises(CorpusError, match="1 different words that occur 7 times"):
        load_corpus(str(path), min_count=given)


def test_a_word_with_no_spelling_near_is_said_to_have_none():
    vocab = build_vocab(["abc", "abd", "abe", "abf", "abg", "abh"], 1)
    with pytest.raises(KeyError) as error:
        vocab["zzzzzz"]
    assert str(error.value) == "'zzzzzz' is not in the vocabulary of 7 words; and no spelling is near"
    with pytest.raises(KeyError) as error:
        vocab["ABX"]
    assert str(error.value).count(",") == 4  # five at most, whatever the case


def test_the_book_is_taken_where_it_is_at_hand(monkeypatch, capsys):
    text = sources.Text([["a", "b"]] * 10, [["b", "a"]], 10, Showcase(query="a"))
    monkeypatch.delenv("WORD2VEC_CORPUS", raising=False)
    monkeypatch.setattr(corpus_module.sources, "ptb", lambda: text)
    corpus = load_corpus()
    assert corpus.name == "ptb" and corpus.showcase.query == "a" and len(corpus.heldout.ids) == 2
    assert capsys.readouterr().out == "corpus: ptb (ptb.zip is in data/)\n"
    assert load_corpus(quiet=True).name == "ptb" and capsys.readouterr().out == ""
    monkeypatch.setenv("WORD2VEC_CORPUS", "  ")
    assert load_corpus(quiet=True).name == "ptb"


def test_a_path_in_the_variable_is_taken_from_where_the_user_stands(monkeypatch, tmp_path):
    """Notebooks run in notebooks/: the shell's PWD is where the user typed the path."""
    for folder, word in (("here", "shell"), ("notebooks", "kernel")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.txt").write_text(f"{word} word\n" * 9)
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setenv("PWD", str(tmp_path / "here"))
    monkeypatch.setenv("WORD2VEC_CORPUS", "mine.txt")
    corpus = load_corpus(quiet=True)
    assert "shell" in corpus.vocab and corpus.name == "mine.txt"
    assert corpus.source == str(tmp_path / "here" / "mine.txt")
    assert "kernel" in load_corpus("mine.txt").vocab  # typed in a notebook: from there
    monkeypatch.setenv("PWD", str(tmp_path / "gone"))
    assert "kernel" in load_corpus(quiet=True).vocab
    monkeypatch.chdir(tmp_path)
    assert "shell" in load_corpus(corpus.source).vocab
    assert load_corpus("toy").source == "toy" and make_corpus([["a", "b"]]).source == ""


@pytest.mark.parametrize(
    ("sentences", "match"),
    [
        ("the cat", r"^sentences is 'the cat'; give a list of sentences"),
        (["the cat", "the dog"], r"^sentences\[0\] is 'the cat'; give a list of sentences, each a list of words"),
        ([["a", "b"], "the dog"], r"^sentences\[1\] is 'the dog'"),
        ([["a", "b"], None], r"^sentences\[1\] is None"),
        (None, "^sentences is None"),
        (5, "^sentences is 5"),
        ({"a": "b"}, "^sentences is "),
        ([["a", "b"], [1, 2]], "^a word of sentences is 1; give words that are texts"),
        ([["a", None]], "^a word of sentences is None"),
        ([["a", ""]], "^a word of sentences is ''"),
        ([["a", "New York"]], "^a word of sentences is 'New York'; give words .*without blanks"),
        ([["a", "b\n"]], r"^a word of sentences is 'b\\n'"),
        ([["a", "\u2003"]], "^a word of sentences is "),
        ([[b"a", b"b"]], "^a word of sentences is b'a'"),
        ([[float("nan"), "a"]], "^a word of sentences is nan"),
    ],
)
def test_what_is_no_list_of_sentences_is_refused(sentences, match):
    with pytest.raises(ArgumentError, match=match):
        make_corpus(sentences)
    with pytest.raises(ArgumentError, match=match.replace("sentences", "heldout", 1)):
        make_corpus([["a", "b"]], heldout=sentences)


def test_sentences_may_be_generated():
    listed = make_corpus([["a", "b"], ["b", "c"]], heldout=[["a", "c"]])
    made = make_corpus((iter(s) for s in (["a", "b"], ("b", "c"))), heldout=(s for s in [["a", "c"]]))
    assert np.array_equal(made.ids, listed.ids) and np.array_equal(made.bounds, listed.bounds)
    assert np.array_equal(made.heldout.ids, listed.heldout.ids) and made.tokens_read == 4
    assert make_corpus([np.array(["a", "b"])]).vocab.words == ["<unk>", "a", "b"]
    ids, bounds = encode((s for s in (["a"], [], ("c", "b"))), listed.vocab)
    assert listed.vocab.to_words(ids) == ["a", "c", "b"] and bounds.tolist() == [0, 1, 1, 3]
    with pytest.raises(ArgumentError, match=r"^sentences\[0\] is 'ab'"):
        encode(["ab"], listed.vocab)


@pytest.mark.parametrize(
    ("words", "counts", "match"),
    [
        (["a", "a"], [1, 1], "words holds 'a' twice"),
        (["a", "<unk>"], [1, 1], "words holds '<unk>' twice"),
        (["a", "b"], [1], "counts has 1 numbers for 2 words"),
        (["a"], [[1]], "counts is"),
        (["a"], [-1], "counts is"),
        (["a"], [1.5], "counts is"),
        (["a"], [float("nan")], "counts is"),
        (["a"], ["1"], "counts is"),
        (["a"], None, "counts is None"),
        (["a"], [2**70], "counts is"),
        ("ab", [1, 1], "words is 'ab'"),
        (None, [1], "words is None"),
        (["a", None], [1, 1], "a word of words is None"),
        (["a", ""], [1, 1], "a word of words is ''"),
        (["a b"], [1], "a word of words is 'a b'"),
    ],
)
def test_a_vocabulary_of_odd_words_or_counts_is_refused(words, counts, match):
    with pytest.raises(ArgumentError, match=match):
        Vocab(words, counts)


def test_a_vocabulary_takes_what_is_reasonable():
    for words, counts in ((iter(["a", "b"]), (n for n in (5, 2))), (np.array(["a", "b"]), np.array([5.0, 2.0]))):
        vocab = Vocab(words, counts)
        assert vocab.words == ["<unk>", "a", "b"] and vocab.counts.tolist() == [0, 5, 2] and vocab["b"] == 2
        assert vocab.counts.dtype == np.int64 and type(vocab.words[1]) is str
    assert len(Vocab([], [])) == 1 and None not in vocab and [] not in vocab
    with pytest.raises(KeyError, match="None is not in the vocabulary"):
        vocab[None]
    assert (
        vocab.to_words(np.array([2, 1], np.uint8)) == vocab.to_words([2.0, 1.0]) == ["b", "a"]
        and vocab.to_words([]) == []
    )


@pytest.mark.parametrize("ids", [[-1], [3], [1.5], ["a"], None, 1, [[1]], [None], "12", [np.nan], [2**70]])
def test_ids_that_are_none_are_refused(ids):
    with pytest.raises(ArgumentError, match="^ids "):
        Vocab(["a", "b"], [1, 1]).to_words(ids)


def test_the_nearest_spellings_come_first():
    vocab = build_vocab("computer computers compute commute micro king kings".split(), 1)
    with pytest.raises(KeyError, match="the nearest spellings: compute, computer, computers, commute$"):
        vocab["Computre"]
    with pytest.raises(KeyError, match="no spelling is near"):
        vocab["x" * 10**6]


def test_texts_without_blanks_are_said_to_need_a_function(tmp_path):
    path = tmp_path / "中文.txt"
    path.write_text("我们今天去图书馆看书，然后回家吃饭。\n" * 9, encoding="utf-8")
    with pytest.warns(
        UserWarning, match="中文.txt has no blanks between words: '我们今天去图书馆看书'.*tokenize="
    ) as warned:
        load_corpus(path, quiet=True)
    assert len(warned) == 1 and warned[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corpus = load_corpus(path, quiet=True, tokenize=lambda line: [line[i : i + 2] for i in range(0, len(line), 2)])
    assert corpus.sentence(0)[:3] == ["我们", "今天", "去图"]


@pytest.mark.parametrize(
    ("how", "match"),
    [
        ({"tokenize": 5}, "^tokenize is 5; give a function"),
        ({"encoding": "klingon"}, "encoding is 'klingon'"),
        ({"encoding": 5}, "^encoding is 5"),
        ({"force": "yes"}, "^force is 'yes'"),
        ({"quiet": None}, "^quiet is None"),
        ({"min_count": 1.5}, "^min_count is 1.5"),
        ({"min_count": "x"}, "^min_count is 'x'"),
        ({"tokenize": lambda line: line}, "tokenize gave"),
    ],
)
def test_odd_arguments_are_named(tmp_path, how, match):
    (tmp_path / "text").write_text("some words\n" * 9)
    with pytest.raises(ValueError, match=match):
        load_corpus(tmp_path / "text", **how)


@pytest.mark.parametrize("how", [{"tokenize": str.split}, {"encoding": "utf-8"}, {"force": True}])
def test_what_is_for_ones_own_text_is_refused_for_others(how):
    with pytest.raises(ArgumentError, match=f"^{next(iter(how))} is for a text of one's own, and 'toy' is none"):
        load_corpus("toy", **how)


@pytest.mark.parametrize("name", [None, 5, b"toy", ["toy"], float("nan")])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ArgumentError, match="^name is .*give a corpus's name"):
        load_corpus(name)


@pytest.mark.parametrize("name", ["", "  ", "no\0ne", "x" * 5000, "none/none", "~nobody_of_that_name/x"])
def test_a_name_of_nothing_is_no_folder(name):
    with pytest.raises(FileNotFoundError, match="neither a corpus"):
        load_corpus(name)


def test_a_small_text_has_no_heldout_part_and_a_line_says_so(tmp_path, capsys):
    (tmp_path / "text").write_text("one and two\n" * 40)
    corpus = load_corpus(tmp_path / "text")
    assert corpus.heldout is None and len(corpus.ids) == 120 and corpus.vocab.counts.tolist() == [0, 40, 40, 40]
    assert capsys.readouterr().out == "text: 120 tokens are too few to hold some out; there will be no held-out loss\n"
    load_corpus(tmp_path / "text", quiet=True)
    assert capsys.readouterr().out == ""


def test_a_folder_and_a_packed_text_are_corpora(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "b").write_bytes(gzip.compress(b"two words\n" * 9))
    (tmp_path / "texts" / "a").write_text("one word\n" * 9, encoding="utf-16")
    corpus = load_corpus(tmp_path / "texts", quiet=True)
    assert corpus.name == "texts" and corpus.vocab.words == ["<unk>", "one", "word", "two", "words"]
    (tmp_path / "texts" / "c").write_bytes(b"%PDF-1.4")
    with pytest.raises(CorpusError, match="c is a PDF.*force=True"):
        load_corpus(tmp_path / "texts")


def test_text8_is_fetched_and_read_as_any_text(tmp_path, monkeypatch):
    """A stand-in: the archive itself cannot be fetched here."""
    text = " " + " ".join(f"word{'abcdefghij'[i % 10]}" for i in range(45_500))  # one line without an end, as in text8
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        archive.writestr("text8", text)
    data = (tmp_path / "archive").read_bytes()
    assert (sources.TEXT8_URL, sources.TEXT8_BYTES) == ("http://mattmahoney.net/dc/text8.zip", 31_344_016)
    with served(data) as url:
        monkeypatch.setattr(sources, "TEXT8_URL", url)
        monkeypatch.setattr(sources, "TEXT8_FILE", tmp_path / "data" / "text8.zip")
        monkeypatch.setattr(sources, "DATA", tmp_path / "data")
        with pytest.raises(sources.FetchError, match="download|answer"):
            load_corpus("text8")
        monkeypatch.setattr(sources, "TEXT8_SHA256", hashlib.sha256(data).hexdigest())
        monkeypatch.setattr(sources, "TEXT8_BYTES", len(data))
        corpus = load_corpus("text8")
    assert corpus.name == corpus.source == "text8" and len(corpus.vocab) == 11
    assert np.diff(corpus.bounds).tolist() == [1000] * 43 + [500]  # of 46 sentences, the 20th and the 40th are held out
    assert np.diff(corpus.heldout.bounds).tolist() == [1000, 1000] and corpus.tokens_read == 43_500
    assert len(load_corpus("text8").ids) == 43_500  # without the server


@contextmanager
def served(data):
    """The address of a file on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/file"
        server.shutdown()


def test_an_archive_that_cannot_be_read_is_said_so(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("WORD2VEC_CORPUS", raising=False)
    monkeypatch.setattr(sources, "PTB_FILE", tmp_path)  # a folder is in its place
    assert load_corpus().name == "wiki"
    assert "PTB could not be had: " in (out := capsys.readouterr().out) and "cannot be read" in out
    with pytest.raises(sources.FetchError, match="cannot be read"):
        load_corpus("ptb")
