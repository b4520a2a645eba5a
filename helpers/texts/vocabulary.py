# Used from 04 · tests/helpers/test_corpus.py
"""Words and their ids. `helpers.corpus` gives these names too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from helpers.arguments import ArgumentError, listed, refuse

UNKNOWN = "<unk>"  # id 0: no token of a corpus has it, so that 0 is free to mean padding (trap T11)
NEAR = 60.0  # of 100: less alike, no spelling is a hint


def check_words(name: str, words: list) -> list[str]:
    """The same words, one after the other in memory, which makes looking through all of them fast.

    Raises
    ------
    ArgumentError
        For the first that is none: no text, empty, or with a blank or line break in it.
    """
    try:
        found = "\n".join(words).split()
    except TypeError:
        found = None
    if found != words:
        for word in words:
            if not isinstance(word, str):
                raise refuse(f"a word of {name}", word, "words that are texts")
            if word.split() != [word]:
                raise refuse(f"a word of {name}", word, "words that are not empty, without blanks and line breaks")
    return found


def words_of(name, value, sizes=None) -> list[str]:
    """Words from any iterable of them, as a list; an `ArgumentError` for anything else."""
    value = listed(name, value, "a list of words: text.split()")
    _check_different(name, value)
    return value


def _check_different(name: str, words: list) -> None:
    """Look at each different word once: of a text's tokens, few are."""
    try:
        words = list(dict.fromkeys(words))
    except TypeError:  # a list among them, say
        pass
    check_words(name, words)


def sentences_of(name: str, sentences: Iterable) -> list[Sequence[str]]:
    """Sentences as a list of lists; a string in place of a sentence would be taken for its letters."""
    wanted = "a list of sentences, each a list of words: [line.split() for line in lines]"
    found = [
        sentence if isinstance(sentence, list) else listed(f"{name}[{i}]", sentence, wanted)
        for i, sentence in enumerate(listed(name, sentences, wanted))
    ]
    _check_different(name, list(chain.from_iterable(found)))
    return found


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

    Raises
    ------
    ArgumentError
        For what is no word, a word twice, or counts that are not as many or no whole numbers from 0.

    Examples
    --------
    >>> vocab = Vocab(["the", "chip"], [7, 2])
    >>> len(vocab), vocab["chip"], vocab.to_words([2, 1])
    (3, 2, ['chip', 'the'])
    >>> vocab["chpi"]
    Traceback (most recent call last):
        ...
    helpers.texts.vocabulary.UnknownWord: 'chpi' is not in the vocabulary of 3 words; the nearest spellings: chip
    """

    def __init__(self, words: Sequence[str], counts: Sequence[int]):
        if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
            raise refuse("words", words, "a list of words")
        words = check_words("words", list(words))
        self.words = [UNKNOWN, *words]
        self.counts = np.concatenate([np.zeros(1, np.int64), _whole("counts", counts)])
        self.index = {word: i for i, word in enumerate(words, 1)}
        if len(self.index) < len(words) or UNKNOWN in self.index:
            twice = Counter(self.words).most_common(1)[0][0]
            raise ArgumentError(f"words holds {twice!r} twice; give each word once ({UNKNOWN} is there already)")
        if len(self.counts) != len(self.words):
            raise ArgumentError(f"counts has {len(self.counts) - 1:,} numbers for {len(words):,} words; give one each")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return isinstance(word, str) and word in self.index

    def __getitem__(self, word: str) -> int:
        """The id of a word. Raises `UnknownWord`, a `KeyError`, with the nearest spellings (trap T9)."""
        try:
            return self.index[word]
        except (KeyError, TypeError):
            raise UnknownWord(word, self.words) from None

    def to_words(self, ids: Iterable[int]) -> list[str]:
        """The words for some ids, of any integer type.

        Raises
        ------
        ArgumentError
            For what is no list of whole numbers from 0 to V - 1.
        """
        ids = _whole("ids", ids)
        if ids.max(initial=0) >= len(self):
            raise ArgumentError(f"ids holds {ids.max():,}; give ids from 0 to {len(self) - 1:,}")
        return [self.words[i] for i in ids.tolist()]


def _whole(name: str, values: Iterable) -> np.ndarray:
    """A list of whole numbers from 0, as an array of int64."""
    wanted = "a list of whole numbers, 0 or more"
    try:
        found = np.asarray(values if hasattr(values, "__array__") else listed(name, values, wanted))
    except (TypeError, ValueError, RuntimeError):
        raise refuse(name, values, wanted) from None
    if not found.size and found.ndim == 1:
        return np.zeros(0, dtype=np.int64)
    fits = found.ndim == 1 and found.dtype.kind in "iuf" and bool((found >= 0).all()) and bool((found < 2**63).all())
    if not fits or (found.dtype.kind == "f" and not bool((found == np.floor(found)).all())):
        raise refuse(name, values, wanted)
    return found.astype(np.int64)


class UnknownWord(KeyError):
    """A word that the vocabulary does not hold; the message names the nearest spellings.

    Parameters
    ----------
    word : str
        Compared in lower case.
    words : sequence of str
        All of the vocabulary, ``<unk>`` first.
    """

    def __init__(self, word: str, words: Sequence[str]):
        self.word = word
        hint = "and no spelling is near"
        if isinstance(word, str) and len(word) <= 100:
            from rapidfuzz import fuzz, process  # only when a word is asked for in vain

            found = process.extract(word.lower(), words[1:], scorer=fuzz.ratio, limit=5, score_cutoff=NEAR)
            hint = "the nearest spellings: " + ", ".join(near for near, _, _ in found) if found else hint
        super().__init__(f"{word!r:.100} is not in the vocabulary of {len(words)} words; {hint}")

    def __str__(self) -> str:  # KeyError shows the repr of its argument; a sentence reads better
        return self.args[0]
