# Taught in 04 · exercised in 1.5 · tests/helpers/test_corpus.py
"""Text to numbers: a vocabulary, the ids of every token, and where each sentence begins."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np

from helpers.texts import sources
from helpers.texts.showcase import Showcase

UNKNOWN = "<unk>"  # id 0: no token of a corpus has it, so that 0 is free to mean padding (trap T11)


class CorpusError(ValueError):
    """A text that cannot become a corpus, with what to do about it."""


class Vocab:
    """Words and their ids, the most frequent first; id 0 is ``<unk>``, which doubles as the padding id.

    Parameters
    ----------
    words : sequence of str
        The words for the ids 1, 2, ...
    counts : sequence of int
        How often each occurs in the text, in the same order.

    Attributes
    ----------
    words : list of str, length V
        ``words[0]`` is ``<unk>``.
    counts : np.ndarray of int64, shape (V,)
        Occurrences in the training text; ``counts[0]`` is 0, because unknown words are dropped from it.
    index : dict of str to int
        The id of each word. ``<unk>`` is no word: to ask for it is an `UnknownWord`, not the padding's row.

    Examples
    --------
    >>> vocab = Vocab(["the", "chip"], [7, 2])
    >>> len(vocab), vocab["chip"], vocab.to_words([2, 1])
    (3, 2, ['chip', 'the'])
    >>> vocab["chpi"]
    Traceback (most recent call last):
        ...
    helpers.corpus.UnknownWord: 'chpi' is not in the vocabulary of 3 words; the nearest spellings: chip
    """

    def __init__(self, words: Sequence[str], counts: Sequence[int]):
        self.words = [UNKNOWN, *words]
        self.counts = np.array([0, *counts], dtype=np.int64)
        self.index = {word: i for i, word in enumerate(words, 1)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> int:
        """The id of a word. Raises `UnknownWord`, a `KeyError`, with the nearest spellings (trap T9)."""
        try:
            return self.index[word]
        except KeyError:
            raise UnknownWord(word, self.words) from None

    def to_words(self, ids: Iterable[int]) -> list[str]:
        """The words for some ids, of any integer type."""
        return [self.words[int(i)] for i in ids]


class UnknownWord(KeyError):
    """A word that the vocabulary does not hold; the message names the nearest spellings."""

    def __init__(self, word: str, words: Sequence[str]):
        near = difflib.get_close_matches(str(word).lower(), words[1:], n=5, cutoff=0.6)
        hint = "the nearest spellings: " + ", ".join(near) if near else "and no spelling is near"
        super().__init__(f"{word!r} is not in the vocabulary of {len(words)} words; {hint}")

    def __str__(self) -> str:  # KeyError shows the repr of its argument; a sentence reads better
        return self.args[0]


@dataclass(frozen=True)
class Corpus:
    """A text as ids, with its vocabulary.

    Attributes
    ----------
    name : str
        ``"ptb"``, ``"wiki"``, ``"toy"`` or the file's name.
    ids : np.ndarray of int32, shape (N,)
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


def build_vocab(tokens: Sequence[str], min_count: int = 10) -> Vocab:
    """Words seen at least ``min_count`` times, the most frequent first, ties in order of appearance.

    The order is that of `d2l.Vocab`, so the ids agree. A literal ``<unk>`` in the text stays unknown.
    """
    counts = Counter(tokens)
    counts.pop(UNKNOWN, None)
    kept = [(word, n) for word, n in counts.most_common() if n >= min_count]
    return Vocab([word for word, _ in kept], [n for _, n in kept])


def encode(sentences: Sequence[Sequence[str]], vocab: Vocab) -> tuple[np.ndarray, np.ndarray]:
    """Sentences of words to one array of ids and the sentences' bounds; unknown words are dropped.

    Returns
    -------
    ids : np.ndarray of int32, shape (N,)
    bounds : np.ndarray of int64, shape (S + 1,)
    """
    lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
    tokens = (token for sentence in sentences for token in sentence)
    ids = np.fromiter(map(vocab.index.get, tokens, repeat(0)), dtype=np.int32, count=lengths.sum())
    known = ids > 0
    before = np.concatenate([[0], np.cumsum(known)])  # known tokens before each position
    bounds = before[np.concatenate([[0], np.cumsum(lengths)])]
    return ids[known], bounds


def make_corpus(
    sentences: Sequence[Sequence[str]],
    *,
    name: str = "text",
    min_count: int = 1,
    heldout: Sequence[Sequence[str]] = (),
    showcase: Showcase | None = None,
) -> Corpus:
    """Tokenised sentences to a `Corpus`.

    Parameters
    ----------
    sentences, heldout : sequence of sequences of str
        The training text, and text for the held-out loss (may be empty).
    min_count : int
        Rarer words are dropped, as the book and word2vec.c do, before windows are laid.

    Raises
    ------
    CorpusError
        If fewer than two different words, or no sentence of two words, remain.

    Examples
    --------
    >>> corpus = make_corpus([["a", "b"], ["b", "c", "b"]])
    >>> corpus.ids, corpus.bounds
    (array([2, 1, 1, 3, 1], dtype=int32), array([0, 2, 5]))
    """
    if min_count < 1:
        raise CorpusError(f"min_count is {min_count}; a word that is kept has been seen at least once: give 1 or more")
    tokens = [token for sentence in sentences for token in sentence]
    vocab = build_vocab(tokens, min_count)
    if len(vocab) < 3:  # <unk> and two words
        raise CorpusError(
            f"{name}: {len(tokens):,} tokens hold {len(vocab) - 1} different words that occur {min_count} times or "
            "more; skip-gram needs two at least. Give a longer text or a lower min_count."
        )
    ids, bounds = encode(sentences, vocab)
    if np.diff(bounds).max(initial=0) < 2:
        raise CorpusError(f"{name}: no sentence has two known words, so there is no context. Put more words on a line.")
    rest = Corpus(f"{name}, held out", *encode(heldout, vocab), vocab) if len(heldout) else None
    return Corpus(name, ids, bounds, vocab, rest, showcase or Showcase(), len(tokens))


def load_corpus(name: str | os.PathLike = "auto", *, min_count: int | None = None, quiet: bool = False) -> Corpus:
    """Load a corpus by name.

    Parameters
    ----------
    name : str or path
        ``"ptb"``, the Penn Treebank, from ``data/ptb.zip`` or else downloaded; ``"wiki"``, the sample of Wikipedia
        inside gensim's wheel, which needs no network; ``"toy"``, sentences from `texts.toy`'s grammar; a path to a
        UTF-8 text, one sentence a line; or ``"auto"``: PTB where it is at hand or can be fetched, else ``"wiki"``.
        The environment variable ``WORD2VEC_CORPUS`` overrides ``"auto"``.
    min_count : int, optional
        Default: 10 for PTB (the book's) and Wikipedia, 1 for the toy grammar, 5 for a text (word2vec.c's default).
    quiet : bool
        Do not print the line that says which corpus ``"auto"`` took and why.

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusError
        For a text that is empty, binary, or too poor in words.
    sources.FetchError
        If PTB was asked for by name and can be neither found nor fetched.
    FileNotFoundError
        For a name that is neither a corpus nor a file.
    """
    asked, source = str(name), ""
    why, places = "", [Path.cwd()]
    if asked == "auto":
        asked = os.environ.get("WORD2VEC_CORPUS", "").strip() or "auto"
        why, places = "WORD2VEC_CORPUS says so", [Path(os.environ.get("PWD", ".")), Path.cwd()]
    if asked == "auto":
        try:
            text, why = sources.ptb(), f"{sources.PTB_FILE.name} is in data/"
            asked = "ptb"
        except sources.FetchError as error:
            asked, why = "wiki", f"PTB could not be had: {error.short}"
            text = sources.wiki()
    elif asked in sources.READERS:
        text = sources.READERS[asked]()
    else:
        path = next((p for p in (place / Path(asked).expanduser() for place in places) if p.is_file()), None)
        if path is None:
            names = ", ".join(repr(n) for n in sources.READERS)
            raise FileNotFoundError(f"{asked!r} is neither a corpus ({names}, 'auto') nor a file from {Path.cwd()}")
        try:
            text = sources.text_file(path)
        except sources.TextError as error:
            raise CorpusError(str(error)) from None
        asked, source = path.name, str(path.absolute())
    if why and not quiet:
        print(f"corpus: {asked} ({why})")
    corpus = make_corpus(
        text.train,
        name=asked,
        min_count=text.min_count if min_count is None else min_count,
        heldout=text.heldout,
        showcase=text.showcase,
    )
    return replace(corpus, source=source or asked)
