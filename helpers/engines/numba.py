# Taught in 10 · exercised in 10.5 · tests/helpers/engines/test_numba.py tests/helpers/engines/test_engines.py
"""The CPU kernel on several threads.

The threads share the tables without locks and may overwrite one another's additions (Hogwild: Recht et al. 2011). With
one thread a seed fixes every bit; with more, who writes first changes the last digits, and with them all that follows.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from helpers.arguments import checked, instance, optional, whole
from helpers.engines import kernel
from helpers.engines.alias import alias_table
from helpers.engines.checkpoints import CheckpointError
from helpers.engines.history import Settings
from helpers.engines.safety import bag_of, check_part, check_run
from helpers.sampling import keep_or_all, noise_distribution

SHARED = 32  # noise words of a block


class Engine:
    """The kernel on one corpus and one model, as `engines.train` drives it.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` or `subwords.make_subword_model` returns it; moved to the CPU and trained in place.
    corpus : Corpus
    settings : Settings
    device : ignored
        It is the CPU.
    threads : int, optional
        Default: PyTorch's number (`torch.get_num_threads`). With 1 the result is the same each time.
    shared : int
        Noise words of a block.

    Raises
    ------
    ArgumentError
        For a model or a corpus that the compiled kernel could not be handed, or another argument out of range.
    """

    OPTIONS = ("shared",)
    device = "cpu"

    @checked(settings=instance(Settings), threads=optional(whole(1, 1024)), shared=whole(1, 10_000))
    def __init__(self, model, corpus, settings, *, device=None, threads: int | None = None, shared: int = SHARED):
        check_run(model, corpus, bags=True)
        model.to("cpu")
        counts = self.counts = corpus.vocab.counts
        self.threads = threads or torch.get_num_threads()
        self.note = f" ({self.threads} thread{'s' * (self.threads > 1)})"
        self.settings, self.shared = settings, shared
        self.ids = _read_only(corpus.ids, np.int32)
        self.bounds = _read_only(corpus.bounds, np.int64)
        self.tables, self.bag = tuple(embed.weight.detach().numpy() for embed in model), bag_of(model[0])
        self.keep = keep_or_all(counts, settings.t).astype(np.float32)
        self.noise = alias_table(noise_distribution(counts))
        self.pool = ThreadPoolExecutor(self.threads)
        self.reseed(settings.seed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()

    def reseed(self, seed) -> None:
        """Draw anew from a seed, a whole number or several."""
        seeds = np.random.SeedSequence(seed).spawn(self.threads)
        self.states = [seed.generate_state(1, np.uint64) | np.uint64(1) for seed in seeds]

    def state(self) -> dict:
        """Of the random numbers: 64 bits a thread."""
        return {"random": torch.from_numpy(np.concatenate(self.states).view(np.int64))}

    def put(self, state: dict) -> None:
        """Go on from a `state`; with another number of threads, from new numbers that it fixes.

        Raises
        ------
        CheckpointError
            If it is none; nothing was changed.
        """
        random = state.get("random")
        fits = isinstance(random, torch.Tensor) and random.dtype == torch.int64 and random.ndim == 1 and len(random)
        if not fits or not bool(random.all()):
            raise CheckpointError("its random numbers are missing, or of another kind: train anew")
        bits = random.numpy().view(np.uint64).copy()
        if len(bits) != self.threads:
            bits = np.random.SeedSequence(bits.tolist()).generate_state(self.threads, np.uint64) | np.uint64(1)
        self.states = [bits[k : k + 1].copy() for k in range(self.threads)]

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on the sentences first..last-1.

        Returns
        -------
        np.ndarray of float64, shape (4,)
            Summed loss and its summed weight on the measured blocks, center words, and center words without noise.
        """
        bounds, s = self.bounds, self.settings
        first, last, lr = check_part(first, last, lr, len(bounds) - 1)
        cuts = np.searchsorted(bounds, np.linspace(bounds[first], bounds[last], self.threads + 1)[1:-1])
        cuts = [first, *np.clip(cuts, first, last), last]
        stats = np.zeros((self.threads, 5))
        rule = s.max_window, s.K, self.shared, s.average == "row"

        def part(k):
            sentences = cuts[k], cuts[k + 1]
            rest = self.keep, self.noise, rule, np.float32(lr), self.states[k], stats[k]
            kernel._run(self.ids, bounds, *sentences, self.tables, *rest, self.bag)

        if self.threads == 1:
            part(0)
        else:
            list(self.pool.map(part, range(self.threads)))
        return stats[:, :4].sum(axis=0)


def _read_only(array: np.ndarray, dtype) -> np.ndarray:
    """The same numbers, not copied where dtype and layout fit; so the kernel is compiled once, also for ids on disk."""
    view = np.ascontiguousarray(array, dtype)[:]
    view.flags.writeable = False
    return view
