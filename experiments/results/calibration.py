# Used from 04 · tests/experiments/test_calibration.py
"""How much a result varies from seed to seed: the stored runs, and how to train one of them again (notebook 06).

``python -m experiments.calibrate`` makes the tables. Here is also the model that notebook 05 leaves for 06 and 07.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments import results
from helpers import engines
from helpers.arguments import checked, flag, instance, number, seed, text, whole
from helpers.corpus import Corpus, CorpusError, Vocab
from helpers.engines.checkpoints import CheckpointError
from helpers.files import ROOT
from helpers.model import make_model
from helpers.sampling import kept_share, t_for_share
from helpers.texts.sources import READERS
from helpers.training import train
from helpers.vectors import TABLES

CORPUS = instance(Corpus)
MOST = 1_000_000  # tokens that the notebooks train on
MEASURED = ("ptb", "wiki")  # the corpora that the bounds in the notebooks were measured on

# By the fast engine of notebook 10, and once by the loop of 05. The toy grammar has 76 words, all of them frequent: a
# milder threshold, a smaller table.
RUNS = {
    "ptb": {"dim": 100, "epochs": 5, "settings": {}},
    "ptb_reference": {"dim": 100, "epochs": 5, "settings": {}, "engine": "reference"},
    "wiki": {"dim": 100, "epochs": 5, "settings": {}},
    "toy": {"dim": 16, "epochs": 5, "settings": {"t": 0.01}},
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


@dataclass(frozen=True)
class Compared:
    """WordSim-353's rho of one table, over seeds, beside that of the center table of the same seeds.

    Attributes
    ----------
    mean : float
    ahead, seeds : int
        In how many of the seeds it is above the center table.
    sign, paired : float
        Two-sided p-values: of the sign test, and of the paired t-test; nan for the center table itself.
    """

    mean: float
    ahead: int
    seeds: int
    sign: float
    paired: float

    def __str__(self) -> str:
        p = f"p = {self.sign:.1g} by signs, {self.paired:.1g} by the t-test"
        return f"{self.mean:.3f}, ahead in {self.ahead:2} of {self.seeds}, {p}"


@checked(name=text())
def scores(name: str) -> dict[str, list[float]]:
    """WordSim-353's rho of each table, and of the tied one, in a stored calibration: one value a seed."""
    runs = load(name)["runs"]
    found = {which: [run["wordsim"][which] for run in runs if not run["tied"]] for which in TABLES}
    return found | {"tied": [run["wordsim"]["center"] for run in runs if run["tied"]]}


@checked(name=text())
def compared(name: str) -> dict[str, Compared]:
    """Each table, and the tied one, against the center table in a stored calibration."""
    from scipy import stats  # here: it takes a second to import

    rho = {which: np.array(values) for which, values in scores(name).items()}
    found = {}
    for which, values in rho.items():
        ahead = int((values > rho["center"]).sum())
        sign = (
            stats.binomtest(ahead, ahead + int((values < rho["center"]).sum())).pvalue if which != "center" else np.nan
        )
        paired = stats.ttest_rel(values, rho["center"]).pvalue if which != "center" else np.nan
        found[which] = Compared(float(values.mean()), ahead, len(values), float(sign), float(paired))
    return found


@checked(corpus=CORPUS, seed=seed(), tied=flag())
def train_for(corpus: Corpus, seed: int = 0, tied: bool = False, **options):
    """Train a model on a corpus as its calibration did: by the fast engine, on one thread, so that the bits repeat.

    Parameters
    ----------
    corpus : Corpus
        Of a text of one's own, the settings are the Treebank's, and the threshold is `threshold`'s.
    seed : int
    tied : bool
        One table for both roles.
    **options
        Of `engines.train`, and settings.

    Returns
    -------
    model : nn.Sequential
    history : history.History
    """
    run = RUNS.get(corpus.source, RUNS["ptb"])
    model = make_model(len(corpus.vocab), run["dim"], seed=seed, tied=tied)
    settings = run["settings"] if corpus.source in RUNS else {"t": threshold(corpus, quiet=True)}
    options = {"progress": False, "device": "cpu", "seed": seed, "epochs": run["epochs"], **settings, **options}
    try:
        return model, engines.train(model, corpus, threads=1, **options)
    except CorpusError:  # too few different words for noise words that are shared
        return model, train(model, corpus, **options)


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


@checked(corpus=CORPUS, least=number(least=0, most=1), quiet=flag())
def threshold(corpus: Corpus, least: float = 0.1, *, quiet: bool = False) -> float:
    """The subsampling threshold for a corpus: the book's 1e-4, or a milder one where that would leave next to nothing.

    A text of few different words, like the toy grammar's, has none but frequent ones. Where the book's threshold keeps
    less than ``least`` of the tokens, the one that keeps half is taken, and unless ``quiet`` that is said.
    """
    counts = corpus.vocab.counts
    share = kept_share(counts, 1e-4)
    if share >= least:
        return 1e-4
    t = float(f"{t_for_share(counts, 0.5):.2g}")
    if not quiet:
        print(f"({corpus.name} has few words: t = 1e-4 would keep {share:.0%} of its tokens, t = {t:g} keeps half)")
    return t


@checked(corpus=CORPUS)
def checkpoint_of(corpus: Corpus) -> Path:
    """Where notebook 05 leaves its model: a file for each text, so that two of one name do not meet."""
    name = corpus.name
    if corpus.source not in READERS:
        name = f"{Path(name).stem[:40]}-{zlib.crc32(corpus.ids, zlib.crc32(str(corpus.source).encode())):08x}"
    return ROOT / "checkpoints" / f"{name}.pt"


@checked(corpus=CORPUS)
def model_of_05(corpus: Corpus, **options):
    """The model that notebook 05 trains, from its checkpoint if it has run on this text; else one of the fast engine.

    Parameters
    ----------
    corpus : Corpus
    **options
        Of `training.train`: ``device``, ``progress``.

    Returns
    -------
    model : nn.Sequential
    history : history.History
    """
    saved = checkpoint_of(corpus)
    if saved.is_file():
        model = make_model(len(corpus.vocab), 100, seed=0)
        settings = {"epochs": 5, "seed": 0, "t": threshold(corpus), **options}
        try:
            return model, train(model, corpus, checkpoint=saved, resume=True, **settings)
        except CheckpointError as error:  # of another version of the course, or another run under this name
            print(f"({error}; trained anew)")
    print("(notebook 05 has left no model of this text: the fast engine of notebook 10 trains one)")
    return train_for(corpus, **options)
