# Used from 07 · tests/helpers/test_spellings.py
"""Words of an evaluation set looked up without regard to case, as gensim's ``case_insensitive`` does."""

from __future__ import annotations

import torch

from helpers.arguments import Rule, sized
from helpers.corpus import UnknownWord, Vocab


class AnyCase:
    """A vocabulary that is asked in any spelling and answers with the most frequent one's id.

    Parameters
    ----------
    vocab : Vocab

    Attributes
    ----------
    ids : dict of str to int
        Of each word in capitals, the id of its first spelling in the vocabulary, whose order is that of frequency.

    Examples
    --------
    >>> vocab = AnyCase(Vocab(["Berlin", "us", "US"], [9, 7, 5]))
    >>> vocab["berlin"], vocab["US"], "Paris" in vocab
    (1, 2, False)
    """

    def __init__(self, vocab: Vocab):
        self.words = vocab.words
        self.ids: dict[str, int] = {}
        for i, word in enumerate(vocab.words[1:], 1):
            self.ids.setdefault(word.upper(), i)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word.upper() in self.ids

    def __getitem__(self, word: str) -> int:
        try:
            return self.ids[word.upper()]
        except KeyError:
            raise UnknownWord(word, self.words) from None


def any_case(letter: str = "V") -> Rule:
    """A vocabulary as an argument, to be asked in any spelling."""
    kind = sized(Vocab, letter)
    return lambda name, value, sizes: value if isinstance(value, AnyCase) else AnyCase(kind(name, value, sizes))


def one_spelling(W: torch.Tensor, vocab: Vocab) -> tuple[torch.Tensor, Vocab]:
    """Table and vocabulary with the most frequent spelling of each word alone; the same where that is all."""
    ids = list(AnyCase(vocab).ids.values())
    if len(ids) == len(vocab) - 1:
        return W, vocab
    return W[[0, *ids]], Vocab([vocab.words[i] for i in ids], vocab.counts[ids])
