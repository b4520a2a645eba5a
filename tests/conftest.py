"""What several test files share: corpora, the book's package, and a small model."""

from __future__ import annotations

import os

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")  # Triton's kernels run on the CPU; read when triton is imported

from course import run
from helpers.book import d2l as book
from helpers.corpus import load_corpus
from helpers.counts import grammar_counts

matplotlib.use("agg")
# Seconds say nothing of the code where two lanes share a core.
settings.register_profile("course", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")


@pytest.fixture(autouse=True)
def no_figure_left():
    """What a test draws is closed behind it."""
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def toy():
    return load_corpus("toy")


@pytest.fixture(scope="session")
def counts(toy):
    """How often the words of the toy grammar are expected beside each other, (V, V)."""
    return grammar_counts(toy.vocab)


@pytest.fixture(scope="session")
def wiki():
    return load_corpus("wiki")


@pytest.fixture(scope="session")
def ptb():
    if run.corpus_at_hand() != "ptb":
        pytest.skip("PTB's archive is not in data/, or is damaged: put ptb.zip there to run the parity tests")
    return load_corpus("ptb")


@pytest.fixture(scope="session")
def d2l():
    package = book.load_d2l(quiet=True)
    if not package:
        pytest.skip(package.why)
    return package


@pytest.fixture(scope="session")
def chapter(d2l):
    from helpers.book import chapter

    return chapter


@pytest.fixture
def rng():
    return np.random.default_rng(0)
