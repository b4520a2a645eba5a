# Taught in 13 · exercised in 13.2, 13.4, 13.5 · tests/helpers/test_encoder.py
"""A small encoder of the BERT family, all-MiniLM-L6-v2: a word's vector depends on the sentence (optional packages)."""

from __future__ import annotations

import hashlib
import os
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from helpers.arguments import ArgumentError, checked, listed, refuse, whole
from helpers.files import ROOT
from helpers.shapes import tensor
from helpers.texts.fetching import FetchError, fetch

REMEDY = "pip install -r requirements-context.txt"
HUB = "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/main/"
FILES = {  # name to SHA-256 and bytes, of the published model (Wang et al. 2020; Apache 2.0)
    "model.safetensors": ("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90_868_376),
    "tokenizer.json": ("be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466_247),
}
LONGEST = 256  # pieces of a text; the model was made for no more
BATCH = 32
DIM = 384  # numbers of a vector


class EncoderMissing(ImportError):
    """The encoder cannot be run here; the message says why and how to get it."""


def _some_key(mask, **_):
    if not bool(mask.any()):
        raise ArgumentError("mask is False everywhere; give a key at least that is real")


@checked(_some_key, Q=tensor("n d"), K=tensor("m d"), V=tensor("m e"), mask=tensor("m", "flags"))
def attention(Q, K, V, mask) -> tuple[torch.Tensor, torch.Tensor]:
    """Scaled dot-product attention (Vaswani et al. 2017): each query takes a weighted mean of the values.

    Parameters
    ----------
    Q : torch.Tensor, shape (n, d)
    K, V : torch.Tensor, shapes (m, d) and (m, e)
    mask : torch.Tensor of bool, shape (m,)
        True where a key is real, False for padding, which gets no weight.

    Returns
    -------
    outputs : torch.Tensor, shape (n, e)
    weights : torch.Tensor, shape (n, m)
        Each row sums to 1.
    """
    scores = (Q @ K.T / Q.shape[1] ** 0.5).masked_fill(~mask, -torch.inf)  # (n, m)
    weights = torch.softmax(scores, dim=1)
    return weights @ V, weights


def _some_piece(mask, **_):
    if not bool(mask.any(dim=1).all()):
        raise ArgumentError("mask has a row without True; give each document a real piece at least")


@checked(_some_piece, states=tensor("B n D"), mask=tensor("B n", "flags"))
def pool(states, mask) -> torch.Tensor:
    """One vector a document: the mean of its real pieces' vectors, of length 1.

    Parameters
    ----------
    states : torch.Tensor, shape (B, n, D)
    mask : torch.Tensor of bool, shape (B, n)
        False for padding.

    Returns
    -------
    torch.Tensor, shape (B, D)
    """
    real = states.masked_fill(~mask[..., None], 0.0)
    return functional.normalize(real.sum(dim=1) / mask.sum(dim=1, keepdim=True), dim=1)


@checked(n=whole(0), D=whole(1), F=whole(1), layers=whole(1))
def encoder_operations(n: int, D: int = DIM, F: int = 1536, layers: int = 6) -> int:
    """Multiply-adds of an encoder for a document of ``n`` pieces: products of matrices alone.

    Parameters
    ----------
    n : int
        Pieces.
    D, F, layers : int
        Numbers of a vector, of the wider layer, and layers; by default those of all-MiniLM-L6-v2.

    Returns
    -------
    int
        Of each layer 4 n D^2 for queries, keys, values and output, 2 n^2 D for scores and means, 2 n D F for the rest.
    """
    return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F)


def _read(name: str) -> bytes:
    """A file of the model, from the installed package or from data/encoder, where it is fetched to; verified."""
    known, size = FILES[name]
    spec = find_spec("all_minilm_l6_v2")
    if spec is not None and spec.origin is not None:  # its archive is read, its code is not run
        with zipfile.ZipFile(Path(spec.origin).parent / "model.zip") as archive:
            found = archive.read(next(inner for inner in archive.namelist() if inner.split("/")[-1] == name))
    else:
        try:
            found = fetch(HUB + name, ROOT / "data" / "encoder" / name, known, size).read_bytes()
        except FetchError as error:
            raise EncoderMissing(f"{name} of all-MiniLM-L6-v2 is not here ({error.short}): {REMEDY}") from error
    if hashlib.sha256(found).hexdigest() != known:
        raise EncoderMissing(f"{name} is not that of all-MiniLM-L6-v2: its SHA-256 is another; {REMEDY}")
    return found


def _shortened(rows: list[list[int]]) -> list[list[int]]:
    """At most `LONGEST` pieces of each row; the last, which marks the end, stays."""
    return [row if len(row) <= LONGEST else row[: LONGEST - 1] + row[-1:] for row in rows]


class Encoder:
    """all-MiniLM-L6-v2: 6 layers, 12 heads, vectors of 384 numbers, on the CPU.

    Attributes
    ----------
    model : transformers.BertModel
    tokenizer : transformers.PreTrainedTokenizerFast
    """

    def __init__(self):
        try:
            from safetensors.torch import load
            from tokenizers import Tokenizer
            from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
        except Exception as error:  # a package for another PyTorch raises what it likes
            raise EncoderMissing(f"no transformers here ({error}): {REMEDY}") from error
        config = BertConfig(
            vocab_size=30_522, hidden_size=DIM, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
        )
        self.model = BertModel(config).eval()
        weights = load(_read("model.safetensors"))
        del weights["embeddings.position_ids"]  # 0, 1, 2, ...: an old format's, not a parameter
        self.model.load_state_dict(weights)
        named = Tokenizer.from_str(_read("tokenizer.json").decode())
        named.no_padding()
        named.no_truncation()
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=named)

    def pieces(self, texts) -> list[list[int]]:
        """The ids of the pieces that texts, lists of words, are cut into, at most `LONGEST` of each."""
        return _shortened(self._cut(texts)[0])

    def _cut(self, texts):
        """The pieces' ids of each text, and which word each piece is from."""
        texts = [listed(f"texts[{i}]", words, "a list of words") for i, words in enumerate(texts)]
        if not all(words and all(isinstance(word, str) for word in words) for words in texts):
            raise refuse("texts", texts, "a list of texts, each a list of words, one at least")
        if not texts:
            return [], []
        cut = self.tokenizer(texts, is_split_into_words=True)
        return cut["input_ids"], [cut.word_ids(i) for i in range(len(texts))]

    def _batches(self, pieces):
        """Rows of like length, with their pieces as a rectangle and which of these are real."""
        order = np.argsort([len(row) for row in pieces], kind="stable")
        for rows in np.array_split(order, range(BATCH, len(order), BATCH)) if len(order) else ():
            ids = nn.utils.rnn.pad_sequence([torch.tensor(pieces[i]) for i in rows], batch_first=True)
            lengths = torch.tensor([len(pieces[i]) for i in rows])
            yield rows, ids, torch.arange(ids.shape[1]) < lengths[:, None]

    def states(self, texts, places) -> np.ndarray:
        """The vectors of one word in each of some texts, after every layer.

        Parameters
        ----------
        texts : list of list of str
        places : list of int
            Which word of each; not beyond the pieces that are read.

        Returns
        -------
        np.ndarray of float32, shape (7, n, 384)
            Row 0 before the first layer, where a vector depends on the pieces and their positions alone. A word of
            several pieces has their mean.
        """
        (cut, words), places = self._cut(texts), listed("places", places, "a list of places")
        if len(places) != len(texts):
            raise ArgumentError(f"places has {len(places)} for {len(texts)} texts; give one each")
        spots = [[j for j, w in enumerate(words[i]) if w == place] for i, place in enumerate(places)]
        for i, found in enumerate(spots):
            if not found or found[-1] >= LONGEST - 1:
                raise ArgumentError(
                    f"places[{i}] is {places[i]}; give the place of a word in the first {LONGEST} pieces"
                )
        pieces = _shortened(cut)
        found = np.zeros((self.model.config.num_hidden_layers + 1, len(texts), DIM), np.float32)
        for rows, ids, real in self._batches(pieces):
            with torch.no_grad():
                layers = self.model(ids, attention_mask=real.long(), output_hidden_states=True).hidden_states
            for k, states in enumerate(layers):
                found[k, rows] = [states[j, spots[i]].mean(dim=0).numpy() for j, i in enumerate(rows)]
        return found

    def input_table(self, words) -> np.ndarray:
        """The static vectors of words, before the first layer: `states` of each word alone, row 0.

        Parameters
        ----------
        words : list of str

        Returns
        -------
        np.ndarray of float32, shape (n, 384)
            Of a word's piece, or the mean of its pieces, each with its position's vector.
        """
        found = np.zeros((len(words), DIM), np.float32)
        for rows, ids, real in self._batches(self.pieces([[word] for word in words])):
            with torch.no_grad():
                states = self.model.embeddings(ids)
            inner = real[:, 1:] & (torch.arange(1, ids.shape[1]) < real.sum(dim=1, keepdim=True) - 1)  # no marks
            states = states[:, 1:].masked_fill(~inner[..., None], 0.0)
            found[rows] = (states.sum(dim=1) / inner.sum(dim=1, keepdim=True)).numpy()
        return found

    def documents(self, texts) -> np.ndarray:
        """One vector of length 1 a text: the mean of its pieces' last states, as the model was trained for.

        Parameters
        ----------
        texts : list of list of str

        Returns
        -------
        np.ndarray of float32, shape (n, 384)
        """
        found = np.zeros((len(texts), DIM), np.float32)
        for rows, ids, real in self._batches(self.pieces(texts)):
            with torch.no_grad():
                states = self.model(ids, attention_mask=real.long()).last_hidden_state
            found[rows] = pool(states, real).numpy()
        return found


def load_encoder() -> Encoder | None:
    """The encoder, or None with a printed line that says why it is not here.

    ``WORD2VEC_CONTEXT=stored`` in the environment leaves it aside, so that stored results are shown.
    """
    try:
        if os.environ.get("WORD2VEC_CONTEXT") == "stored":
            raise EncoderMissing("WORD2VEC_CONTEXT is 'stored'")
        return Encoder()
    except EncoderMissing as error:
        print(f"The encoder does not run here, so its stored results are shown: {error}")
        return None
