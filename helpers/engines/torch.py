# Taught in 10 · exercised in 10.2 · tests/helpers/engines/test_torch.py tests/helpers/engines/test_engines.py
"""Skip-gram with negative sampling in PyTorch alone, without autograd, padding or an optimizer that touches every row.

Pairs are packed: one row for each context word and none for padding. The noise words are drawn once for a batch, and
its centers share them, so that their scores are one matrix product; each is weighted so that the objective is that of
`training.train` in expectation. A step adds to the rows that occur in it and to no others. Notebook 10 builds it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, flag, instance, number, optional, whole
from helpers.engines import draws
from helpers.engines.devices import pick_device
from helpers.engines.history import Settings
from helpers.engines.safety import check_part, check_run
from helpers.sampling import draw_windows, keep_or_all, noise_distribution, subsample
from helpers.shapes import ids_fit, tensor

BATCH = 256  # center words of a step, at most; it draws as many noise words
CROWD = 3.0  # how often the likeliest noise word may stand among them: a step adds up what all its rows ask for
MEASURED = 16  # the loss is computed on one step in so many, from one of the first so many on, drawn for each part


def _packed_fits(embed_v, embed_u, centers, contexts, row, size, noise, **_):
    for name, ids in (("centers", centers), ("contexts", contexts), ("noise", noise)):
        ids_fit(name, ids, "the tables", embed_v)
    ids_fit("row", row, "centers", centers)
    if not len(noise) or not bool((size > 0).all()):
        raise ArgumentError("noise is empty, or size has a 0; give a noise word, and a context for each center")


@checked(
    _packed_fits, embed_v=tensor("V D"), embed_u=tensor("V D"), centers=tensor("B", "integers"),
    contexts=tensor("M", "integers"), row=tensor("M", "integers"), size=tensor("B", least=0),
    noise=tensor("N", "integers"), K=whole(1, 10_000), by_row=flag(), lr=number(above=0, most=1e38), measure=flag(),
)  # fmt: skip
def packed_step(embed_v, embed_u, centers, contexts, row, size, noise, K, by_row, lr, measure=False):
    """One step of gradient descent on a packed batch, in place.

    Parameters
    ----------
    embed_v, embed_u : torch.Tensor of float32, shape (V, D)
    centers : torch.Tensor of int64, shape (B,)
    contexts, row : torch.Tensor of int64, shape (M,)
        Context words, and which center each belongs to.
    size : torch.Tensor of float32, shape (B,)
        C, the number of contexts of each center.
    noise : torch.Tensor of int64, shape (N,)
        Noise words, drawn independently. For each center those that are its contexts count nothing, and the others
        together weigh ``C K``.
    K : int
    by_row : bool
        Weight each center's slots by ``1 / (C (1 + K))``, as ``average="row"`` does; else by 1.
    lr : float
    measure : bool
        Also compute the loss.

    Returns
    -------
    torch.Tensor of float32, shape (3,)
        Summed loss and its weight (0 unless measured), and the number of centers without a noise word.

    Raises
    ------
    ArgumentError
        For tensors that do not fit each other, or ids that are no row of the tables.
    """
    given = embed_v, embed_u, centers, contexts, row, size, noise
    return _packed_step(*given, K, by_row, lr, measure)


def _packed_step(embed_v, embed_u, centers, contexts, row, size, noise, K, by_row, lr, measure=False):
    """What `packed_step` does, on tensors that were looked at."""
    words, times = torch.unique(noise, return_counts=True)  # (N',): some are drawn more than once
    v, u, z = embed_v.index_select(0, centers), embed_u.index_select(0, contexts), embed_u.index_select(0, words)
    positive = 1 / (size * (1 + K)) if by_row else torch.ones_like(size)  # (B,)
    column = torch.searchsorted(words, contexts).clamp_(max=len(words) - 1)  # where a context is, if it is noise too
    hit = (words.index_select(0, column) == contexts).to(v.dtype)
    hits = v.new_zeros(len(v) * len(words)).index_add_(0, row * len(words) + column, hit).view(len(v), -1)
    free = (hits == 0) * times  # (B, N'): how often it was drawn, 0 for a context of this center
    count = free.sum(dim=1)
    negative = free * (positive * size * K / count.clamp(min=1)).unsqueeze(1)
    pairs = v.index_select(0, row)
    score, score_noise = (pairs * u).sum(dim=1), v @ z.T  # (M,), (B, N')
    result = torch.stack([score.new_zeros(()), score.new_zeros(()), (count == 0).sum()])
    if measure:
        result[0] = (nn.functional.softplus(-score) * positive[row]).sum()
        result[0] += (nn.functional.softplus(score_noise) * negative).sum()
        result[1] = (positive * size * (1 + K)).sum()
    error = (torch.sigmoid(-score) * positive[row]).mul_(lr).unsqueeze(1)  # label 1: 1 - sigmoid
    error_noise = (torch.sigmoid(score_noise) * negative).mul_(-lr)  # label 0: - sigmoid
    step_v = (error_noise @ z).index_add_(0, row, error * u)
    embed_u.index_add_(0, contexts, pairs.mul_(error))
    embed_u.index_add_(0, words, error_noise.T @ v)
    embed_v.index_add_(0, centers, step_v)
    return result


class Engine:
    """`packed_step` over a corpus, as `engines.train` drives it.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` returns it; moved to the device and trained in place.
    corpus : Corpus
    settings : Settings
    device : str or torch.device, optional
        See `devices.pick_device`.
    batch : int, optional
        Center words of a step, and noise words. Default: `BATCH`, or fewer where the vocabulary is small (`CROWD`).

    Raises
    ------
    ArgumentError
        For a model and a corpus that do not fit each other, or another argument out of range.
    """

    OPTIONS = ("batch",)

    @checked(settings=instance(Settings), batch=optional(whole(1, 100_000)))
    def __init__(self, model, corpus, settings, *, device=None, batch: int | None = None):
        check_run(model, corpus)
        self.device = pick_device(device, quiet=True)
        self.note = f" ({torch.get_num_threads()} threads)" if self.device.type == "cpu" else ""
        model.to(self.device)
        counts = self.counts = corpus.vocab.counts
        self.tables = [embed.weight.detach() for embed in model]
        self.corpus, self.settings = corpus, settings
        self.keep = keep_or_all(counts, settings.t)
        noise = noise_distribution(counts)
        self.batch = batch or int(min(BATCH, max(16, CROWD / noise.max())))
        exact = torch.float32 if self.device.type == "mps" else torch.float64  # in float32 rare words come too seldom
        self.noise = torch.from_numpy(noise).to(self.device, exact)
        self.generator = torch.Generator(self.device)
        self.reseed(settings.seed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def reseed(self, seed) -> None:
        """Draw anew from a seed, a whole number or several."""
        self.rng = draws.reseeded(seed, self.generator)

    def state(self) -> dict:
        """Of the random numbers."""
        return draws.position(self.rng, self.generator)

    def put(self, state: dict) -> None:
        """Go on from a `state`. Raises `CheckpointError` if it is none; nothing was changed then."""
        draws.put(state, self.rng, self.generator)

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on the sentences first..last-1.

        Returns
        -------
        np.ndarray of float64, shape (4,)
            Summed loss and its summed weight on the measured steps, center words, and center words without noise.
        """
        s, B = self.settings, self.batch
        first, last, lr = check_part(first, last, lr, len(self.corpus.bounds) - 1)
        bounds = self.corpus.bounds[first : last + 1]
        ids, bounds = self.corpus.ids[bounds[0] : bounds[-1]], bounds - bounds[0]
        ids, bounds = subsample(ids, bounds, self.keep, self.rng)
        centers, offsets, contexts = draw_windows(ids, bounds, s.max_window, self.rng)
        if not len(centers):
            return np.zeros(4)
        row = np.repeat(np.arange(len(centers)) % B, np.diff(offsets))
        size = torch.from_numpy(np.diff(offsets)).to(self.device, torch.float32)
        centers, contexts, row = (torch.from_numpy(x).to(self.device, torch.int64) for x in (centers, contexts, row))
        starts, phase = range(0, len(centers), B), int(self.rng.integers(MEASURED))
        phase %= len(starts)  # of a short part as well one step is measured
        noise = torch.multinomial(self.noise, len(starts) * B, replacement=True, generator=self.generator)
        stats = torch.zeros(3, device=self.device)
        for step, (a, words) in enumerate(zip(starts, noise.view(len(starts), -1))):
            b = min(a + B, len(centers))
            pairs = slice(offsets[a], offsets[b])
            stats += _packed_step(
                *self.tables, centers[a:b], contexts[pairs], row[pairs], size[a:b], words, s.K, s.average == "row", lr,
                measure=step % MEASURED == phase,
            )  # fmt: skip
        loss, weight, bare = stats.tolist()
        return np.array([loss, weight, len(centers), bare])
