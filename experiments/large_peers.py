# Run by python -m experiments.large · tests/experiments/test_large.py
"""The Numba engine, gensim and Spark on one large text: one run of each, and how it is judged.

All have the same vocabulary, sentences, window, noise words and threshold of subsampling, and one epoch. gensim reads
the sentences by its compiled reader (``corpus_file``). It drops frequent words by word2vec.c's formula, which keeps
more of them than ours, and Spark keeps all of them; so both words that are read and center words are counted.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from helpers.corpus import Corpus
from helpers.engines import train
from helpers.engines.history import Settings
from helpers.evaluation import word_similarity
from helpers.files import atomic_write
from helpers.model import make_model
from helpers.sampling import keep_probability
from helpers.spellings import one_spelling
from helpers.training import TrainingDiverged, evaluate, heldout_examples
from helpers.vectors import load_vectors, table

T = 1e-4
# The usual rates are 1.5 and 0.025.
RATES = {"numba": (0.75, 1.5, 3.0, 6.0), "gensim": (0.00625, 0.0125, 0.025, 0.05, 0.1)}
PAIRS = {"wordsim": "WordSim-353", "simlex": "SimLex-999"}
BLOCK = 100_000  # sentences that are spelled at a time


def spell(corpus: Corpus, path: Path, share: int = 1) -> int:
    """Write every ``share``-th sentence of a corpus, one a line; returns the number of words."""
    words, tokens = np.array(corpus.vocab.words, dtype=object), 0
    with atomic_write(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        for first in range(0, len(corpus.bounds) - 1, BLOCK):
            bounds = corpus.bounds[first : first + BLOCK + 1]
            spelled = words[corpus.ids[bounds[0] : bounds[-1]]].tolist()
            for a, b in list(zip(bounds[:-1] - bounds[0], bounds[1:] - bounds[0]))[-first % share :: share]:
                file.write(" ".join(spelled[a:b]) + "\n")
                tokens += int(b - a)
    return tokens


def run_numba(corpus: Corpus, text: Path, *, dim: int, threads: int, lr: float, seed: int):
    """The model, the seconds of its training, and the center words."""
    few = replace(corpus, ids=corpus.ids[: corpus.bounds[200]], bounds=corpus.bounds[:201])
    options = {"epochs": 1, "engine": "numba", "threads": threads, "progress": False, "heldout": False, "t": T}
    train(make_model(len(corpus.vocab), dim), few, **options)  # compiled before the clock runs
    model = make_model(len(corpus.vocab), dim, seed=seed)
    history = train(model, corpus, lr=lr, seed=seed, **options)
    return model, history.seconds, history.centers


def run_gensim(corpus: Corpus, text: Path, *, dim: int, threads: int, lr: float, seed: int):
    """The same of gensim, from a file of the sentences; its center words are those that it is expected to keep."""
    from gensim.models import Word2Vec

    peer = Word2Vec(
        vector_size=dim, window=5, min_count=1, sg=1, hs=0, negative=5, ns_exponent=0.75, sample=T, alpha=lr,
        workers=threads, seed=seed + 1, shrink_windows=True,
    )  # fmt: skip
    peer.build_vocab(corpus_file=str(text))
    began = time.perf_counter()
    peer.train(corpus_file=str(text), total_examples=peer.corpus_count, total_words=peer.corpus_total_words, epochs=1)
    seconds = time.perf_counter() - began
    order = [peer.wv.key_to_index[word] for word in corpus.vocab.words[1:]]
    tables = [torch.cat([torch.zeros(1, dim), torch.from_numpy(W[order])]) for W in (peer.wv.vectors, peer.syn1neg)]
    model = nn.Sequential(*(nn.Embedding.from_pretrained(W, freeze=False) for W in tables))
    return model, seconds, int((corpus.vocab.counts * keep_probability(corpus.vocab.counts, T, "word2vec.c")).sum())


RUNS = {"numba": run_numba, "gensim": run_gensim}


def judged(W: torch.Tensor, vocab) -> dict:
    """Spearman's correlation of some vectors with WordSim-353 and SimLex-999; NaN where too few pairs are known."""
    W, vocab = one_spelling(W, vocab)
    return {name: float(word_similarity(W, vocab, pairs)[0]) for name, pairs in PAIRS.items()}


def run(system: str, corpus: Corpus, text: Path, **how) -> dict:
    """Train one system once, and judge it.

    Returns
    -------
    dict
        ``seconds`` of training; ``words`` a second, as they are read, and ``centers``, center words a second;
        ``heldout``, by this course's measure, None of a text without such a part; ``wordsim``; ``simlex``. Of a run
        that diverged, ``heldout`` alone, None.
    """
    torch.set_num_threads(how["threads"])
    held = heldout_examples(corpus, Settings(t=T))
    try:
        model, seconds, centers = RUNS[system](corpus, text, **how)
    except TrainingDiverged:
        return {"heldout": None}
    row = {"seconds": seconds, "words": len(corpus.ids) / seconds, "centers": centers / seconds}
    return {**row, "heldout": held and evaluate(model, held, batch_size=256), **judged(table(model), corpus.vocab)}


def judge_spark(vectors: Path) -> dict:
    """The scores of what `large_spark` has written; it has no context table, and so no loss of ours."""
    return judged(*load_vectors(vectors))
