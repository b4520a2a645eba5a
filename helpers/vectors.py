# Taught in 06 · exercised in 6.1, 6.2, 6.4 · tests/helpers/test_vectors.py
"""Trained vectors: neighbours and analogies by cosine, and word2vec's own file formats.

What the course teaches is here in a few lines; gensim's `KeyedVectors`, which `to_keyed_vectors` makes, has the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from helpers.corpus import UNKNOWN, Vocab
from helpers.files import atomic_write
from helpers.formats import VectorsError, read_vectors, write_vectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

TABLES = ("center", "context", "summed", "concatenated")


def table(model: nn.Sequential, which: str = "center") -> torch.Tensor:
    """One matrix of word vectors from a model's two tables.

    Parameters
    ----------
    model : nn.Sequential
    which : {"center", "context", "summed", "concatenated"}
        v, u, v + u, or v and u side by side.

    Returns
    -------
    torch.Tensor of float32, shape (V, D), or (V, 2 D) where concatenated; on the CPU
    """
    v, u = (embed.weight.detach().cpu() for embed in model)
    if which not in TABLES:
        raise ValueError(f"which is {which!r}; give one of {', '.join(TABLES)}")
    return {"center": v, "context": u, "summed": v + u, "concatenated": torch.cat([v, u], dim=1)}[which].clone()


def cosine(W, x):
    """Cosine of the angle between each row of a matrix and a vector; 0 where either is the zero vector.

    Parameters
    ----------
    W : torch.Tensor, shape (V, D)
    x : torch.Tensor, shape (D,)

    Returns
    -------
    torch.Tensor, shape (V,), in [-1, 1]
    """
    return nn.functional.normalize(W, dim=1) @ nn.functional.normalize(x, dim=0)


def neighbours(x, k, W, vocab, exclude=()):
    """The k words whose vectors make the smallest angle with x.

    Parameters
    ----------
    x : str or torch.Tensor of shape (D,)
        A word, which is then left out of the answer, or any vector.
    k : int, 1 or more
    W : torch.Tensor, shape (V, D)
        One row a word of ``vocab``; row 0, the padding, is never an answer.
    vocab : corpus.Vocab
    exclude : sequence of str
        Words to leave out as well.

    Returns
    -------
    list of (str, float)
        Words and cosines, the nearest first; fewer than k where the vocabulary has no more.

    Raises
    ------
    corpus.UnknownWord
        For a word that is not in the vocabulary, with the nearest spellings.
    """
    if isinstance(x, str):
        exclude = [x, *exclude]
        x = W[vocab[x]]
    similarity = cosine(W, x)
    similarity[[0] + [vocab[word] for word in exclude]] = -torch.inf
    best = torch.topk(similarity, min(k, len(vocab) - 1))
    pairs = zip(best.values.tolist(), best.indices.tolist())
    return [(vocab.words[i], s) for s, i in pairs if s > -torch.inf]


def analogy(a, b, c, k, W, vocab, exclude=True):
    """Words nearest to b - a + c: "a is to b as c is to ..." (3CosAdd, on vectors of length 1).

    Parameters
    ----------
    a, b, c : str
        ``analogy("man", "king", "woman", ...)`` asks for king - man + woman.
    k, W, vocab : as in `neighbours`
    exclude : bool
        Leave the three query words out, as published results do. Without that the answer is often ``b`` itself.

    Returns
    -------
    list of (str, float)

    Raises
    ------
    corpus.UnknownWord
        For a word that is not in the vocabulary.
    """
    unit = nn.functional.normalize(W, dim=1)
    target = unit[vocab[b]] - unit[vocab[a]] + unit[vocab[c]]
    return neighbours(target, k, W, vocab, exclude=(a, b, c) if exclude else ())


def to_keyed_vectors(W: torch.Tensor, vocab: Vocab) -> KeyedVectors:
    """The same vectors as gensim's `KeyedVectors`, without the padding row, counts included.

    Raises
    ------
    ImportError
        Where gensim is not installed.
    ValueError
        For another number of vectors than of words.
    """
    _check_rows(W, vocab)
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(W.shape[1])
    keyed.add_vectors(vocab.words[1:], W[1:].numpy())
    for word, count in zip(vocab.words[1:], vocab.counts[1:].tolist()):
        keyed.set_vecattr(word, "count", count)
    return keyed


def _check_rows(W: torch.Tensor, vocab: Vocab) -> None:
    if len(W) != len(vocab):
        raise ValueError(
            f"{len(W):,} vectors for a vocabulary of {len(vocab):,} words: give the model's own vocabulary"
        )


def save_vectors(path: str | Path, W: torch.Tensor, vocab: Vocab, *, binary: bool = False) -> Path:
    """Write vectors in word2vec's text or binary format, which gensim, fastText and word2vec.c read.

    The words come in the vocabulary's order, the most frequent first, without the padding. The file is written whole
    or not at all.

    Parameters
    ----------
    path : path
        Its folder is made where it is missing.
    W : torch.Tensor, shape (V, D)
        Written as float32.
    vocab : Vocab
    binary : bool

    Raises
    ------
    ValueError
        For another number of vectors than of words; `VectorsError` for a word that the formats cannot hold.
    """
    _check_rows(W, vocab)
    with atomic_write(path) as part:
        write_vectors(part, vocab.words[1:], W[1:].numpy(), binary=binary)
    return Path(path)


def load_vectors(path: str | Path, *, binary: bool = False) -> tuple[torch.Tensor, Vocab]:
    """Read vectors in word2vec's text or binary format.

    Returns
    -------
    W : torch.Tensor of float32, shape (V, D)
        Row 0 is zero: the padding.
    vocab : Vocab
        The format has no counts; they are 1, and 0 for the padding.

    Raises
    ------
    FileNotFoundError, VectorsError
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there are no vectors at {path}")
    words, W = read_vectors(path, binary=binary)
    if UNKNOWN in words:
        raise VectorsError(f"{path} has a vector for {UNKNOWN}, which is this project's name for padding")
    return nn.functional.pad(torch.from_numpy(W), (0, 0, 1, 0)), Vocab(words, [1] * len(words))
