# Taught in 12 · exercised in 12.1, 12.2, 12.3 · tests/helpers/test_subwords.py
"""Words from their spelling: a center vector is a sum over the word and its n-grams.

Bojanowski and others 2017.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, one_of, seed, sized, text, whole
from helpers.corpus import Vocab
from helpers.model import tables

LEAST, MOST = 3, 6  # letters of an n-gram, as fastText has them
BUCKETS = 100_000  # rows that n-grams share; fastText has 2,000,000, for vocabularies of millions of words
SCALES = {"sum": lambda n: 1.0, "mean": lambda n: 1 / n, "root": lambda n: n**-0.5}  # of a bag of n rows


def _letters_fit(least=LEAST, most=MOST, **_):
    if least > most:
        raise ArgumentError(f"least is {least} and most {most}; give two lengths in order")


LENGTHS = {"least": whole(1, 100), "most": whole(1, 100)}


@checked(_letters_fit, word=text("a word"), **LENGTHS)
def ngrams(word: str, least: int = LEAST, most: int = MOST) -> list[str]:
    """The character n-grams of a word between ``<`` and ``>``, which mark where it begins and ends.

    Parameters
    ----------
    word : str
    least, most : int
        Letters of the shortest and the longest.

    Returns
    -------
    list of str
        From left to right, the shorter first; the two marks alone are none.

    Examples
    --------
    >>> ngrams("where", 3, 4)
    ['<wh', '<whe', 'whe', 'wher', 'her', 'here', 'ere', 'ere>', 're>']
    """
    marked, n = f"<{word}>", len(word) + 2
    spans = [(i, j) for i in range(n) for j in range(i + least, min(n, i + most) + 1)]
    return [marked[i:j] for i, j in spans if (i, j) not in ((0, 1), (n - 1, n))]


@checked(ngram=text("an n-gram"), buckets=whole(1))
def bucket_of(ngram: str, buckets: int = BUCKETS) -> int:
    """The bucket of an n-gram: FNV-1a of its UTF-8 bytes, in 32 bits, as fastText computes it.

    fastText takes each byte for a signed number, which changes the hash of letters beyond ASCII; so does this.

    Returns
    -------
    int
        In 0..buckets-1.

    Examples
    --------
    >>> bucket_of("<wh", 100)
    52
    """
    h = 2166136261
    for byte in ngram.encode():
        h = ((h ^ (byte if byte < 128 else byte + 0xFFFFFF00)) * 16777619) % 2**32
    return h % buckets


class SubwordEmbedding(nn.Embedding):
    """A center table that has a row for each word and one for each bucket, and whose words are sums of rows.

    What follows its ids sees an embedding table like any other: ``embed_v(center)``.

    Parameters
    ----------
    vocab : corpus.Vocab
        Its words stand in the first V rows.
    dim : int
    buckets, least, most : as in `bucket_of` and `ngrams`
    scale : {"sum", "mean", "root"}
        What a sum of n rows is multiplied by: 1, as in the paper; 1 / n; or the root of 1 / n, so that a word's vector
        begins as long, and moves as far in a step, as a row of its own would.

    Attributes
    ----------
    weight : nn.Parameter of float32, shape (V + buckets, D)
    bag : (np.ndarray, np.ndarray, np.ndarray)
        Of int32, int64 and float32: rows, bounds and scale, as `engines.kernel.run` takes them.
    fixed : dict
        What a run that goes on must have in common.
    """

    def __init__(
        self, vocab: Vocab, dim: int, *, buckets: int = BUCKETS, least: int = LEAST, most: int = MOST,
        scale: str = "root",
    ):  # fmt: skip
        # PyTorch's own initial values would be thrown away, and move its generator.
        super().__init__(len(vocab) + buckets, dim, _weight=torch.empty(len(vocab) + buckets, dim))
        self.fixed = {"subwords": [buckets, least, most, scale]}
        self.words, self.buckets, self.least, self.most, self.scale = len(vocab), buckets, least, most, scale
        bags = [[i, *self.rows_of(word)] for i, word in enumerate(vocab.words)]
        sizes = np.array([len(rows) for rows in bags])
        bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        scales = np.array([SCALES[scale](n) for n in sizes], np.float32)
        self.bag = np.concatenate(bags).astype(np.int32), bounds, scales

    def rows_of(self, word: str) -> list[int]:
        """Rows of a word's n-grams; none for a mark of the text's own, such as ``<unk>``."""
        if word.startswith("<"):
            return []
        return [self.words + bucket_of(ngram, self.buckets) for ngram in ngrams(word, self.least, self.most)]

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Vectors of words, of shape ``(*ids.shape, D)``."""
        rows, bounds, scale = map(torch.from_numpy, self.bag)
        word = ids.flatten().cpu()
        sizes = bounds[word + 1] - bounds[word]
        offsets = sizes.cumsum(0) - sizes
        at = torch.arange(int(sizes.sum())) + (bounds[word] - offsets).repeat_interleave(sizes)
        of = rows[at].long(), offsets, scale[word].repeat_interleave(sizes).to(self.weight.dtype)
        rows, offsets, scale = (x.to(self.weight.device) for x in of)
        found = nn.functional.embedding_bag(rows, self.weight, offsets, mode="sum", per_sample_weights=scale)
        return found.view(*ids.shape, -1)

    def of(self, word: str) -> torch.Tensor:
        """A vector for a word that the text does not have, from its n-grams alone, of shape (D,); 0 if it has none."""
        rows = self.rows_of(word)
        return self.weight.detach()[rows].sum(dim=0) * (SCALES[self.scale](len(rows)) if rows else 0.0)


@checked(
    _letters_fit, vocab=sized(Vocab, "V"), dim=whole(1), buckets=whole(1, 2**30), **LENGTHS, scale=one_of(*SCALES),
    seed=seed(),
)  # fmt: skip
def make_subword_model(
    vocab: Vocab, dim: int = 100, *, buckets: int = BUCKETS, least: int = LEAST, most: int = MOST, scale: str = "root",
    seed: int = 0,
) -> nn.Sequential:  # fmt: skip
    """Two tables as `model.make_model` makes them, of which the first knows how words are spelt.

    Parameters
    ----------
    vocab, dim, buckets, least, most, scale : as in `SubwordEmbedding`
    seed : int
        Fixes the initial values: uniform, within the bounds that a table of V rows has.

    Returns
    -------
    nn.Sequential
        Of a `SubwordEmbedding` and an `nn.Embedding`; trained by ``engines.train(..., engine="numba")``.
    """
    embed_v = SubwordEmbedding(vocab, dim, buckets=buckets, least=least, most=most, scale=scale)
    embed_u = nn.Embedding.from_pretrained(torch.empty(len(vocab), dim), freeze=False)
    generator = torch.Generator().manual_seed(seed)
    most = (6 / (len(vocab) + dim)) ** 0.5  # Xavier's, of the word table
    for embed in (embed_v, embed_u):
        nn.init.uniform_(embed.weight, -most, most, generator=generator)
    return nn.Sequential(embed_v, embed_u)


@checked(model=tables(bags=True))
def subword_table(model: nn.Sequential) -> torch.Tensor:
    """The center vectors of all words, of shape (V, D), for `vectors.neighbours` and the like.

    Returns
    -------
    torch.Tensor of float32, on the CPU
    """
    with torch.no_grad():
        return model[0](torch.arange(len(model[1].weight))).cpu()
