"""`spellings`: words in any case, the most frequent spelling first."""

import pytest
import torch

from helpers.corpus import UnknownWord, Vocab
from helpers.spellings import AnyCase, one_spelling

VOCAB = Vocab(["Berlin", "us", "US", "straße", "STRASSE", "king"], [9, 8, 7, 6, 5, 4])


def test_a_word_is_its_first_spelling():
    known = AnyCase(VOCAB)
    assert [known[word] for word in ("BERLIN", "berlin", "US", "us", "Straße", "King")] == [1, 1, 2, 2, 4, 6]
    assert "bErLiN" in known and "paris" not in known and "<unk>" not in known and len(known) == len(VOCAB)
    with pytest.raises(UnknownWord, match="'paris' is not in the vocabulary"):
        known["paris"]


def test_one_spelling_keeps_the_first_rows():
    W = torch.arange(14.0).reshape(7, 2)
    table, vocab = one_spelling(W, VOCAB)
    assert vocab.words == ["<unk>", "Berlin", "us", "straße", "king"] and vocab.counts.tolist() == [0, 9, 8, 6, 4]
    assert torch.equal(table, W[[0, 1, 2, 4, 6]])
    assert one_spelling(table, vocab) == (table, vocab)  # the same objects
