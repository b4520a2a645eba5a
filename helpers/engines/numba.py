# Taught in 09 · exercised in 9.5 · tests/helpers/engines/test_numba.py tests/helpers/engines/test_engines.py
"""The CPU kernel on several threads.

The threads share the tables without locks and may overwrite one another's additions (Hogwild: Recht et al. 2011). With
one thread a seed fixes every bit; with more, who writes first changes the last digits, and with them all that follows.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from helpers.engines.kernel import alias_table, run
from helpers.sampling import keep_or_all, noise_distribution

SHARED = 32  # noise words of a block


class Engine:
    """The kernel on one corpus and one model, as `engines.train` drives it.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` returns it; moved to the CPU and trained in place.
    corpus : Corpus
    settings : Settings
    device : ignored
        It is the CPU.
    threads : int, optional
        Default: PyTorch's number (`torch.get_num_threads`). With 1 the result is the same each time.
    shared : int
        Noise words of a block.
    """

    OPTIONS = ("shared",)
    device = "cpu"

    def __init__(self, model, corpus, settings, *, device=None, threads: int | None = None, shared: int = SHARED):
        model.to("cpu")
        counts = corpus.vocab.counts
        self.threads = threads or torch.get_num_threads()
        self.note = f" ({self.threads} thread{'s' * (self.threads > 1)})"
        self.settings, self.shared = settings, shared
        self.ids = np.ascontiguousarray(corpus.ids, np.int32)
        self.bounds = np.ascontiguousarray(corpus.bounds, np.int64)
        self.tables = tuple(embed.weight.detach().numpy() for embed in model)
        self.keep = keep_or_all(counts, settings.t).astype(np.float32)
        self.noise = alias_table(noise_distribution(counts))
        seeds = np.random.SeedSequence(settings.seed).spawn(self.threads)
        self.pool = ThreadPoolExecutor(self.threads)
        self.states = [seed.generate_state(1, np.uint64) | np.uint64(1) for seed in seeds]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on the sentences first..last-1.

        Returns
        -------
        np.ndarray of float64, shape (4,)
            Summed loss and its summed weight on the measured blocks, center words, and center words without noise.
        """
        bounds, s = self.bounds, self.settings
        cuts = np.searchsorted(bounds, np.linspace(bounds[first], bounds[last], self.threads + 1)[1:-1])
        cuts = [first, *np.clip(cuts, first, last), last]
        stats = np.zeros((self.threads, 5))
        rule = s.max_window, s.K, self.shared, s.average == "row"

        def part(k):
            sentences = cuts[k], cuts[k + 1]
            rest = self.keep, self.noise, rule, np.float32(lr), self.states[k], stats[k]
            run(self.ids, bounds, *sentences, self.tables, *rest)

        if self.threads == 1:
            part(0)
        else:
            list(self.pool.map(part, range(self.threads)))
        return stats[:, :4].sum(axis=0)
