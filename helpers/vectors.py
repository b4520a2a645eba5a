# Taught in 06 · exercised in 6.1, 6.2, 6.4 · tests/helpers/test_vectors.py
"""Trained vectors: neighbours and analogies by cosine, and word2vec's own file formats.

What the course teaches is here in a few lines; gensim's `KeyedVectors`, which `to_keyed_vectors` makes, has the rest.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from helpers.arguments import Rule, checked, flag, one_of, refuse, sized, text, whole, words
from helpers.arguments import path as path_rule
from helpers.corpus import UNKNOWN, Vocab
from helpers.files import atomic_write
from helpers.formats import VectorsError, packing_of, read_vectors, write_vectors
from helpers.model import tables
from helpers.shapes import tensor

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

TABLES = ("center", "context", "summed", "concatenated")


FILE_UNKNOWN = "<unk>(file)"  # what the word <unk> of a file is called here


def word_table(shape: str = "V D") -> Rule:
    """A table of vectors as an argument: floats on the CPU, without gradients, so that cosines can be taken."""
    most = 1e17  # the squares of larger numbers are too large for float32, and cosines would be 0
    of_shape = tensor(shape, least=-most, most=most)

    def rule(name, value, sizes):
        found = of_shape(name, value, sizes).detach().cpu()
        if not found.numel():
            raise refuse(name, value, "vectors of one dimension or more, and one at least")
        return (found if found.dtype in (torch.float32, torch.float64) else found.float()).contiguous()

    return rule


def _word_or_vector(name, value, sizes):
    return (
        text("a word or a vector")(name, value, sizes)
        if isinstance(value, str)
        else word_table("D")(name, value, sizes)
    )


NEAREST = {"k": whole(1), "W": word_table(), "vocab": sized(Vocab, "V")}


@checked(model=tables(), which=one_of(*TABLES))
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
    return {"center": v, "context": u, "summed": v + u, "concatenated": torch.cat([v, u], dim=1)}[which].clone()


@checked(W=word_table(), x=word_table("D"))
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


@checked(x=_word_or_vector, **NEAREST, exclude=words())
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


@checked(a=text("a word"), b=text("a word"), c=text("a word"), **NEAREST, exclude=flag())
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


@checked(W=word_table(), vocab=sized(Vocab, "V"))
def to_keyed_vectors(W: torch.Tensor, vocab: Vocab) -> KeyedVectors:
    """The same vectors as gensim's `KeyedVectors`, without the padding row, counts included.

    Raises
    ------
    ImportError
        Where gensim is not installed.
    ArgumentError
        For another number of vectors than of words, or vectors that are not finite.
    """
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(W.shape[1])
    keyed.add_vectors(vocab.words[1:], W[1:].numpy())
    for word, count in zip(vocab.words[1:], vocab.counts[1:].tolist()):
        keyed.set_vecattr(word, "count", count)
    return keyed


@checked(path=path_rule(), W=word_table(), vocab=sized(Vocab, "V"), binary=flag())
def save_vectors(path: str | Path, W: torch.Tensor, vocab: Vocab, *, binary: bool = False) -> Path:
    """Write vectors in word2vec's text or binary format, which gensim, fastText and word2vec.c read.

    The words come in the vocabulary's order, the most frequent first, without the padding. The file is written whole
    or not at all.

    Parameters
    ----------
    path : path
        Its folder is made where it is missing. Packed where the name ends in .gz, .bz2 or .xz.
    W : torch.Tensor, shape (V, D)
        Written as float32.
    vocab : Vocab
        A word that `load_vectors` had to rename gets its own name back.
    binary : bool

    Raises
    ------
    ArgumentError
        For another number of vectors than of words, or vectors that are not finite.
    VectorsError
        For a word that the formats cannot hold, or that comes twice; for a name that ends in .zip or in another packing
        that is not written; where the file cannot be written.
    """
    names = [UNKNOWN if word == FILE_UNKNOWN else word for word in vocab.words[1:]]
    packing = packing_of(path)
    try:
        if path.is_dir():
            raise VectorsError(f"the path {path} is a folder: give the name of a file")
        with atomic_write(path) as part:
            write_vectors(part, names, W[1:].numpy(), binary=binary, packing=packing)
    except OSError as error:
        raise VectorsError(f"the path {path} cannot be written: {error.strerror or error}") from error
    return path


@checked(path=path_rule(), binary=flag(), encoding=text(), errors=text())
def load_vectors(
    path: str | Path, *, binary: bool = False, encoding: str = "utf-8", errors: str = "strict"
) -> tuple[torch.Tensor, Vocab]:
    """Read vectors in word2vec's text or binary format, or in GloVe's text, packed (gz, bz2, xz, zip) or not.

    Parameters
    ----------
    path : path
    binary : bool
    encoding, errors : str
        Of the words, as for `bytes.decode`; ``errors="replace"`` reads words that are broken.

    Returns
    -------
    W : torch.Tensor of float32, shape (V, D)
        Row 0 is zero: the padding.
    vocab : Vocab
        The format has no counts; they are 1, and 0 for the padding. A word ``<unk>`` of the file, which is a word
        like any other, is called ``<unk>(file)`` here, since ``<unk>`` is the padding's name; a warning says so.

    Raises
    ------
    FileNotFoundError
    VectorsError
        For a file that is not what it should be; the message says what it is, and what to do.
    """
    names, W = read_vectors(path, binary=binary, encoding=encoding, errors=errors, padding=True)
    if UNKNOWN in names:
        if FILE_UNKNOWN in names:
            raise VectorsError(f"{path} has both {UNKNOWN} and {FILE_UNKNOWN}, its name here: rename one of them")
        names[names.index(UNKNOWN)] = FILE_UNKNOWN
        warnings.warn(
            f"{path} has a vector for {UNKNOWN}, here the name of the padding: it is read as the word {FILE_UNKNOWN!r}",
            stacklevel=3,
        )
    return torch.from_numpy(W), Vocab(names, [1] * len(names))
