# Used from 04 · tests/experiments/test_calibration.py
"""How much a result varies from seed to seed: the stored runs, and how to train one of them again (notebook 06).

``python -m experiments.calibrate`` makes the tables. Here is also the model that notebook 05 leaves for 06 and 07.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from experiments import results
from helpers.arguments import checked, flag, instance, number, seed, text, whole
from helpers.corpus import Corpus, Vocab
from helpers.engines.checkpoints import CheckpointError
from helpers.files import ROOT
from helpers.model import make_model
from helpers.sampling import kept_share, t_for_share
from helpers.texts.sources import READERS
from helpers.training import train

CORPUS = instance(Corpus)
MOST = 1_000_000  # tokens that the notebooks train on
MEASURED = ("ptb", "wiki")  # the corpora that the bounds in the notebooks were measured on

# The toy grammar has 76 words, all of them frequent: a milder threshold, a smaller table, larger steps.
RUNS = {
    "ptb": {"dim": 100, "epochs": 5, "settings": {}},
    "wiki": {"dim": 100, "epochs": 5, "settings": {}},
    "toy": {"dim": 16, "epochs": 10, "settings": {"lr": 0.01, "t": 0.01}},
}


@checked(name=text())
def load(name: str) -> dict:
    """The stored table of a corpus: ``runs`` has one entry a seed and kind of model.

    Raises
    ------
    FileNotFoundError
        With the command that makes it.
    """
    return results.load("calibration", name, f"python -m experiments.calibrate {name}", RUNS)


@checked(corpus=CORPUS, seed=seed(), tied=flag())
def train_for(corpus: Corpus, seed: int = 0, tied: bool = False, **options):
    """Train a model on a corpus by the settings that its calibration was made with.

    Returns
    -------
    model : nn.Sequential
    history : history.History
    """
    run = RUNS.get(corpus.source, RUNS["ptb"])
    model = make_model(len(corpus.vocab), run["dim"], seed=seed, tied=tied)
    history = train(model, corpus, epochs=run["epochs"], seed=seed, **run["settings"], **options)
    return model, history


@checked(corpus=CORPUS)
def measured(corpus: Corpus) -> bool:
    """Whether the bounds that a cell asserts were measured on this corpus; says in one line where they were not.

    What holds for any text (shapes, two ways to one number) needs no asking.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    bool
    """
    known = corpus.source in MEASURED
    if not known:
        print(f"(left out for {corpus.name}: what this cell expects was measured on {' and '.join(MEASURED)})")
    return known


@checked(corpus=CORPUS)
def shown(corpus: Corpus) -> str:
    """Whose stored runs a notebook shows: the corpus's own, or the Penn Treebank's, and then it says so."""
    if corpus.source in MEASURED:
        return corpus.source
    print(f"(no runs of {corpus.name} are stored: those of the Penn Treebank are shown)")
    return "ptb"


@checked(corpus=CORPUS, tokens=whole(1))
def beginning(corpus: Corpus, tokens: int = MOST, least: int = 5) -> Corpus:
    """Of a long text its first sentences, so that a cell takes a minute and not an hour; a shorter one as it is.

    Parameters
    ----------
    corpus : Corpus
    tokens : int
        About so many are kept, and a twentieth of it held out. Default: a million, somewhat more than the Treebank.
    least : int
        Words that are seen less often in them are dropped.

    Returns
    -------
    Corpus
        Under the same name and source, with a vocabulary and counts of its own.
    """
    if len(corpus.ids) <= tokens:
        return corpus
    print(f"({corpus.name} has {len(corpus.ids):,} tokens: the notebook takes the first {tokens:,})")
    ids, bounds = _first(corpus, tokens)
    counts = np.bincount(ids, minlength=len(corpus.vocab))
    kept = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts >= least)]
    new = np.zeros(len(counts), np.int32)
    new[kept] = np.arange(1, len(kept) + 1)
    vocab = Vocab([corpus.vocab.words[i] for i in kept], counts[kept])

    def part(ids, bounds):
        known = new[ids] > 0
        return {"ids": new[ids[known]], "bounds": np.concatenate([[0], np.cumsum(known)])[bounds], "vocab": vocab}

    rest = corpus.heldout
    if rest is not None:
        rest = replace(rest, **part(*_first(rest, max(1000, tokens // 20))))
    read = round(corpus.tokens_read * len(ids) / len(corpus.ids))
    return replace(corpus, **part(ids, bounds), heldout=rest, tokens_read=read)


def _first(corpus: Corpus, tokens: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids and bounds of the sentences that end within so many tokens, one sentence at least."""
    last = max(1, int(np.searchsorted(corpus.bounds, tokens, side="right")) - 1)
    return np.array(corpus.ids[: corpus.bounds[last]]), np.array(corpus.bounds[: last + 1])


@checked(corpus=CORPUS, least=number(least=0, most=1))
def threshold(corpus: Corpus, least: float = 0.1) -> float:
    """The subsampling threshold for a corpus: the book's 1e-4, or a milder one where that would leave next to nothing.

    A text of few different words, like the toy grammar's, has none but frequent ones. Where the book's threshold keeps
    less than ``least`` of the tokens, the one that keeps half is taken, and that is said.
    """
    counts = corpus.vocab.counts
    share = kept_share(counts, 1e-4)
    if share >= least:
        return 1e-4
    t = float(f"{t_for_share(counts, 0.5):.2g}")
    print(f"({corpus.name} has few words: t = 1e-4 would keep {share:.0%} of its tokens, t = {t:g} keeps half)")
    return t


@checked(corpus=CORPUS)
def checkpoint_of(corpus: Corpus) -> Path:
    """Where notebook 05 leaves its model: a file for each text, so that two of one name do not meet."""
    name = corpus.name
    if corpus.source not in READERS:
        name = f"{Path(name).stem[:40]}-{zlib.crc32(corpus.ids, zlib.crc32(str(corpus.source).encode())):08x}"
    return ROOT / "checkpoints" / f"{name}.pt"


@checked(corpus=CORPUS, tied=flag())
def model_of_05(corpus: Corpus, *, tied: bool = False, **options):
    """The model that notebook 05 trains, from its checkpoint if it has run on this text; trained now otherwise.

    Parameters
    ----------
    corpus : Corpus
    tied : bool
        One table for both roles, trained by the same steps; it has no checkpoint.
    **options
        Of `training.train`: ``device``, ``progress``.

    Returns
    -------
    model : nn.Sequential
    history : history.History
    """
    model, saved = make_model(len(corpus.vocab), 100, seed=0, tied=tied), checkpoint_of(corpus)
    settings = {"epochs": 5, "seed": 0, "t": threshold(corpus), **options}
    if tied:
        return model, train(model, corpus, **settings)
    try:
        return model, train(model, corpus, checkpoint=saved, resume=saved.is_file(), **settings)
    except CheckpointError as error:  # of another version of the course, or another run under this name
        print(f"({error}; trained anew)")
        return model, train(model, corpus, checkpoint=saved, overwrite=True, **settings)
