# Taught in 04 · exercised in 4.5 · tests/helpers/test_corpus.py
"""Text to numbers: a vocabulary, the ids of every token, and where each sentence begins."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np

from helpers.arguments import ArgumentError, checked, flag, function, instance, optional, text, whole
from helpers.texts import own, sources
from helpers.texts.reading import TextError
from helpers.texts.showcase import Showcase
from helpers.texts.vocabulary import UNKNOWN, UnknownWord, Vocab, sentences_of, words_of  # noqa: F401


class CorpusError(ValueError):
    """A text that cannot become a corpus, with what to do about it."""


@dataclass(frozen=True)
class Corpus:
    """A text as ids, with its vocabulary.

    Attributes
    ----------
    name : str
        ``"ptb"``, ``"wiki"``, ``"toy"`` or the file's name.
    ids : np.ndarray of int32, shape (T,)
        Every in-vocabulary token, sentence after sentence; words below the minimum count are dropped.
    bounds : np.ndarray of int64, shape (S + 1,)
        Sentence s is ``ids[bounds[s]:bounds[s + 1]]``.
    vocab : Vocab
        Built from the training text alone.
    heldout : Corpus or None
        Text kept out of training, in the same ids, for the held-out loss.
    showcase : Showcase
        Words that this corpus holds, for notebooks to ask about.
    tokens_read : int
        Tokens in the text before rare words were dropped.
    source : str
        What `load_corpus` takes to give this corpus again: a name, or a path from the root; empty where it was made
        from sentences.
    """

    name: str
    ids: np.ndarray
    bounds: np.ndarray
    vocab: Vocab
    heldout: Corpus | None = None
    showcase: Showcase = Showcase()
    tokens_read: int = 0
    source: str = ""

    def sentence(self, s: int) -> list[str]:
        """The words of sentence ``s``, after rare words were dropped."""
        return self.vocab.to_words(self.ids[self.bounds[s] : self.bounds[s + 1]])

    def __repr__(self) -> str:
        return (
            f"Corpus({self.name!r}: {len(self.ids):,} tokens in {len(self.bounds) - 1:,} sentences, "
            f"vocabulary {len(self.vocab):,})"
        )


@checked(tokens=words_of, min_count=whole(1))
def build_vocab(tokens: Sequence[str], min_count: int = 10) -> Vocab:
    """Words seen at least ``min_count`` times, the most frequent first, ties in order of appearance.

    The order is that of `d2l.Vocab`, so the ids agree. A literal ``<unk>`` in the text stays unknown.
    """
    counts = Counter(tokens)
    counts.pop(UNKNOWN, None)
    kept = [(word, n) for word, n in counts.most_common() if n >= min_count]
    return Vocab([word for word, _ in kept], [n for _, n in kept])


@checked(vocab=instance(Vocab))
def encode(sentences: Iterable[Sequence[str]], vocab: Vocab) -> tuple[np.ndarray, np.ndarray]:
    """Sentences of words to one array of ids and the sentences' bounds; unknown words are dropped.

    Returns
    -------
    ids : np.ndarray of int32, shape (T,)
    bounds : np.ndarray of int64, shape (S + 1,)

    Raises
    ------
    ArgumentError
        If a sentence is a string, or no list of words.
    """
    return _encode(sentences_of("sentences", sentences), vocab)


def _encode(sentences: list[list[str]], vocab: Vocab) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
    tokens = (token for sentence in sentences for token in sentence)
    ids = np.fromiter(map(vocab.index.get, tokens, repeat(0)), dtype=np.int32, count=lengths.sum())
    known = ids > 0
    before = np.concatenate([[0], np.cumsum(known)])  # known tokens before each position
    bounds = before[np.concatenate([[0], np.cumsum(lengths)])]
    return ids[known], bounds


@checked(name=text("a name"), min_count=whole(1), showcase=optional(instance(Showcase)))
def make_corpus(
    sentences: Iterable[Iterable[str]],
    *,
    name: str = "text",
    min_count: int = 1,
    heldout: Iterable[Iterable[str]] = (),
    showcase: Showcase | None = None,
) -> Corpus:
    """Tokenised sentences to a `Corpus`.

    Parameters
    ----------
    sentences, heldout : iterable of iterables of str
        The training text, and text for the held-out loss (may be empty). Generators will do.
    min_count : int
        Rarer words are dropped, as the book and word2vec.c do, before windows are laid.

    Raises
    ------
    CorpusError
        If fewer than two different words, or no sentence of two words, remain.
    ArgumentError
        For a string in place of a sentence; for a word that is no text, is empty, or has a blank in it.

    Examples
    --------
    >>> corpus = make_corpus([["a", "b"], ["b", "c", "b"]])
    >>> corpus.ids, corpus.bounds
    (array([2, 1, 1, 3, 1], dtype=int32), array([0, 2, 5]))
    """
    sentences, heldout = sentences_of("sentences", sentences), sentences_of("heldout", heldout)
    tokens = [token for sentence in sentences for token in sentence]
    vocab = build_vocab.__wrapped__(tokens, min_count)  # the words were looked at
    _check_words_left(name, vocab, len(tokens), min_count)
    ids, bounds = _encode(sentences, vocab)
    _check_context(name, bounds)
    rest = Corpus(f"{name}, held out", *_encode(heldout, vocab), vocab) if heldout else None
    return Corpus(name, ids, bounds, vocab, rest, showcase or Showcase(), len(tokens))


def _check_words_left(name: str, vocab: Vocab, tokens: int, min_count: int) -> None:
    if len(vocab) < 3:  # <unk> and two words
        raise CorpusError(
            f"{name}: {tokens:,} tokens hold {len(vocab) - 1} different words that occur {min_count} times or "
            "more; skip-gram needs two at least. Give a longer text or a lower min_count."
        )


def _check_context(name: str, bounds: np.ndarray) -> None:
    blocks = range(0, len(bounds), 1 << 20)  # of a large text, the first one will do
    if not any((np.diff(bounds[start : start + (1 << 20) + 1]) > 1).any() for start in blocks):
        raise CorpusError(f"{name}: no sentence has two known words, so there is no context. Put more words on a line.")


@checked(
    name=instance(str, os.PathLike, wanted="a corpus's name or the path of a text"),
    min_count=optional(whole(1)), quiet=flag(), tokenize=optional(function()), encoding=optional(text()), force=flag(),
)  # fmt: skip
def load_corpus(
    name: str | os.PathLike = "auto",
    *,
    min_count: int | None = None,
    quiet: bool = False,
    tokenize: Callable[[str], Iterable[str]] | None = None,
    encoding: str | None = None,
    force: bool = False,
) -> Corpus:
    """Load a corpus by name, or a text of one's own.

    Parameters
    ----------
    name : str or path
        ``"ptb"``, the Penn Treebank, from ``data/ptb.zip`` or else downloaded; ``"text8"``, the corpus of most
        tutorials, likewise; ``"wiki"``, the sample of Wikipedia inside gensim's wheel, which needs no network;
        ``"toy"``, sentences from `texts.toy`'s grammar; a path to a text or a folder of texts, a sentence or a
        paragraph a line; or ``"auto"``: PTB where it is at hand or can be fetched, else ``"wiki"``. The environment
        variable ``WORD2VEC_CORPUS`` overrides ``"auto"``; a path in it is taken from where the shell stands.
    min_count : int, optional
        Default: 10 for PTB (the book's) and Wikipedia, 1 for the toy grammar, 5 for a text (word2vec.c's default).
    quiet : bool
        Do not print the lines that say which corpus ``"auto"`` took and why, and that nothing is held out.
    tokenize : callable, optional
        For a text of one's own: from a line to its words, as they shall stand in the vocabulary. Default: Unicode's
        words, in lower case (`texts.words`). Text without blanks between words needs one, which PyPI has; after
        ``pip install jieba``, say: ``load_corpus(path, tokenize=lambda line: filter(str.isalnum, jieba.cut(line)))``.
    encoding : str, optional
        For a text of one's own that is not UTF-8 and has no byte order mark, such as ``"cp1252"``.
    force : bool
        Read a file of one's own that looks like no plain text.

    Returns
    -------
    Corpus
        Of a text of one's own, every 20th sentence is held out, unless that is too little. Its ids are kept in
        ``data/texts`` and, where they are many, mapped from there by `numpy.memmap`. To read it takes some 200 bytes of
        memory for each different word, and for a million at most: beyond that, what is certainly rare is left out first
        (`texts.indexing`). All counts are exact.

    Raises
    ------
    CorpusError
        For a text that is empty, no plain text, or too poor in words; one that changes while it is read; a disk without
        room for its ids.
    sources.FetchError
        If PTB or text8 was asked for by name and can be neither found nor fetched.
    FileNotFoundError
        For a name that is neither a corpus nor a file.
    """
    asked, why, places = str(name), "", [Path.cwd()]
    if asked == "auto":
        asked = os.environ.get("WORD2VEC_CORPUS", "").strip() or "auto"
        why, places = "WORD2VEC_CORPUS says so", [Path(os.environ.get("PWD", ".")), Path.cwd()]
    if asked == "auto":
        try:
            read, why = sources.ptb(), f"{sources.PTB_FILE.name} is in data/"
            asked = "ptb"
        except sources.FetchError as error:
            asked, why = "wiki", f"PTB could not be had: {error.short}"
            read = sources.wiki()
    elif asked in sources.READERS:
        read = sources.READERS[asked]()
    else:
        path = sources.text8() if asked == "text8" else _find(asked, places)
        shown = "text8" if asked == "text8" else path.name
        if why and not quiet:
            print(f"corpus: {shown} ({why})")
        source = "text8" if asked == "text8" else str(path.absolute())
        least = 5 if min_count is None else min_count
        return _own(path, shown, source, quiet, min_count=least, tokenize=tokenize, encoding=encoding, force=force)
    for given, value in (("tokenize", tokenize), ("encoding", encoding), ("force", force or None)):
        if value is not None:
            raise ArgumentError(f"{given} is for a text of one's own, and {asked!r} is none; leave it out")
    if why and not quiet:
        print(f"corpus: {asked} ({why})")
    least = read.min_count if min_count is None else min_count
    corpus = make_corpus(read.train, name=asked, min_count=least, heldout=read.heldout, showcase=read.showcase)
    return replace(corpus, source=asked)


def _find(asked: str, places: list[Path]) -> Path:
    """The file or folder that a path means, from one of some places."""
    for place in places if asked.strip() else []:
        path = place / os.path.expanduser(asked)
        if os.path.exists(path):
            return path
    names = ", ".join(repr(name) for name in (*sources.READERS, "text8"))
    raise FileNotFoundError(f"{asked!r} is neither a corpus ({names}, 'auto') nor a file from {Path.cwd()}")


def _own(path: Path, name: str, source: str, quiet: bool, **how) -> Corpus:
    """A text of one's own as a corpus."""
    try:
        found = own.read(path, sources.DATA / "texts", **how)
    except TextError as error:
        raise CorpusError(str(error)) from None
    if found.clause:
        warnings.warn(
            f"{name} has no blanks between words: {found.clause!r} is taken for one. Give a function from a line to "
            "its words; for Chinese, say, load_corpus(path, tokenize=jieba.lcut), after pip install jieba.",
            stacklevel=4,
        )
    vocab = Vocab(found.words, found.counts)
    _check_words_left(name, vocab, found.tokens_read, how["min_count"])
    _check_context(name, found.bounds)
    rest = None
    if found.held_ids is not None:
        rest = Corpus(f"{name}, held out", found.held_ids, found.held_bounds, vocab)
    elif not quiet:
        print(f"{name}: {found.tokens_read:,} tokens are too few to hold some out; there will be no held-out loss")
    return Corpus(name, found.ids, found.bounds, vocab, rest, Showcase(), found.tokens_read, source)
