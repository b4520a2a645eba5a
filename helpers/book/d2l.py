# Used from 04 · tests/helpers/book/test_book.py
"""The one place that imports d2l, the book's package; the rest of the project runs without it."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import warnings
from contextlib import contextmanager

import torch

from helpers.arguments import checked, whole
from helpers.book.diagnosis import find_fault
from helpers.corpus import Vocab
from helpers.files import ROOT
from helpers.texts.sources import PTB_FILE


class BookUnavailable(ImportError):
    """The book's package cannot be used here; the message says why and how to get it."""


class MissingBook:
    """Stands in for d2l where it cannot be imported: false, able to define the book's functions, not to run them."""

    def __init__(self, why: str):
        self.why = why

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str):
        raise BookUnavailable(self.why)

    @staticmethod
    def try_gpu(i: int = 0) -> torch.device:
        """The default argument of the book's ``train`` is evaluated when the function is defined (trap T12)."""
        return torch.device("cpu")


def load_d2l(*, quiet: bool = False):
    """``from d2l import torch as d2l``, made safe.

    Worker processes are switched off where the system cannot fork them (Windows, macOS): the book's dataset is a
    local class, which a spawned process cannot receive.

    Returns
    -------
    module or MissingBook
        The package; or a stand-in that is false, after a line that says what is missing and how to get it.
    """
    fault = find_fault("d2l")
    if fault:
        missing = MissingBook(f"The book's own code is skipped: {fault.what}. To run it: {fault.remedy}")
        if not quiet:
            print(missing.why)
        return missing
    d2l = importlib.import_module("d2l.torch")
    # Seen on every run of the book's code, and none of the reader's making.
    for text in (
        "This DataLoader will create",
        "Converting a tensor with requires_grad",
        "Attempting to set identical",
    ):
        warnings.filterwarnings("ignore", message=text)
    method = multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]
    if method != "fork":
        d2l.get_dataloader_workers = lambda: 0
    return d2l


def book_ready(d2l, corpus_name: str = "ptb") -> bool:
    """Whether the book's code can run on PTB here: d2l imports and the archive is at hand. Prints why not."""
    if not d2l:
        print(d2l.why)
    elif corpus_name != "ptb":
        print(f"The book's loader reads the Penn Treebank alone, and this run is on {corpus_name!r}: skipped.")
    elif not PTB_FILE.is_file():
        print(f"The book's loader needs {PTB_FILE.name} in data/: skipped.")
    else:
        return True
    return False


class BookVocab:
    """Our vocabulary with the two methods that the book's code calls; an unknown word becomes id 0 there (trap T9)."""

    def __init__(self, vocab: Vocab):
        self._vocab = vocab

    def __getitem__(self, word: str) -> int:
        return self._vocab.index.get(word, 0)

    def __len__(self) -> int:
        return len(self._vocab)

    def to_tokens(self, i: int) -> str:
        return self._vocab.words[int(i)]


@contextmanager
def in_notebooks():
    """Run from notebooks/: d2l looks for its data in ``../data`` of wherever it is."""
    before = os.getcwd()
    os.chdir(ROOT / "notebooks")
    try:
        yield
    finally:
        os.chdir(before)


@checked(batch_size=whole(1), max_window_size=whole(1), num_noise_words=whole(1))
def load_data_ptb(batch_size: int = 512, max_window_size: int = 5, num_noise_words: int = 5):
    """`d2l.load_data_ptb` on the archive in data/, from whatever folder it is called."""
    with in_notebooks():
        return load_d2l(quiet=True).load_data_ptb(batch_size, max_window_size, num_noise_words)
