# Taught in 10 · tests/helpers/engines/test_triton.py
"""The kernel of `helpers.engines.kernel` for an NVIDIA GPU, in Triton: a program for each block of center words.

Text, tables and random numbers stay on the device. PyTorch subsamples a part of the text; launches of few programs
then train on it. The programs of a launch run at the same time and add to the tables with atomic operations: no
addition is lost, but none sees what another is about to change, and of too many the sum overshoots. What it computes is
tested under Triton's interpreter (``TRITON_INTERPRET=1``), on a CPU, against the exact expectation.
"""

from __future__ import annotations

import os

import numpy as np
import torch
import triton
import triton.language as tl

from helpers.arguments import ArgumentError, checked, instance, whole
from helpers.engines import draws
from helpers.engines.alias import alias_table
from helpers.engines.devices import pick_device
from helpers.engines.history import Settings
from helpers.engines.safety import check_part, check_run
from helpers.sampling import keep_or_all, noise_distribution

BLOCK = 16  # center words of a program: the least that a product of matrices takes here
WIDEST = 100  # windows: a program holds all rows around its centers at once
SHARED = 32  # noise words of a program, a power of two
PROGRAMS = 32  # of a launch: on the Treebank 64 lose a little, and with 128 training diverges


@triton.jit
def _softplus(x):
    """log(1 + exp(x)), for any x."""
    return tl.maximum(x, 0.0) + tl.log(1.0 + tl.exp(-tl.abs(x)))


@triton.jit(do_not_specialize=["before", "seed"])
def _train_block(
    words, start, stop, n, before, embed_v, embed_u, accept, other, stats, V, D, K, lr, seed,
    W: tl.constexpr, BY_ROW: tl.constexpr, B: tl.constexpr, SPAN: tl.constexpr, N: tl.constexpr, DIM: tl.constexpr,
):  # fmt: skip
    """One step of gradient descent on B center words: gather, scores, errors, gradients, scatter."""
    block = before + tl.program_id(0)
    i = block * B + tl.arange(0, B)  # places of the centers in the text
    p = block * B - W + tl.arange(0, SPAN)  # and of all words around them
    d = tl.arange(0, DIM)
    alive, inside, real = i < n, (p >= 0) & (p < n), d[None, :] < D

    # draw: each center's window, and the noise words by the alias method
    r = block * (B + 2 * N)
    window = 1 + tl.minimum((tl.rand(seed, r + tl.arange(0, B)) * W).to(tl.int32), W - 1)
    slot = tl.minimum((tl.rand(seed, r + B + tl.arange(0, N)) * V).to(tl.int32), V - 1)
    toss = tl.rand(seed, r + B + N + tl.arange(0, N))
    noise = tl.where(toss < tl.load(accept + slot), slot, tl.load(other + slot))  # (N,)

    # gather
    center = tl.load(words + i, mask=alive, other=0)
    around = tl.load(words + p, mask=inside, other=0)
    at_x = center.to(tl.int64)[:, None] * D + d[None, :]
    at_u = around.to(tl.int64)[:, None] * D + d[None, :]
    at_z = noise.to(tl.int64)[:, None] * D + d[None, :]
    X = tl.load(embed_v + at_x, mask=alive[:, None] & real, other=0.0)  # (B, DIM)
    U = tl.load(embed_u + at_u, mask=inside[:, None] & real, other=0.0)  # (SPAN, DIM)
    Z = tl.load(embed_u + at_z, mask=real, other=0.0)  # (N, DIM)

    # who is a context of whom, and which noise words are none
    first, last = tl.load(start + i, mask=alive, other=0), tl.load(stop + i, mask=alive, other=0)
    apart = tl.abs(p[None, :] - i[:, None])
    near = alive[:, None] & (apart > 0) & (apart <= window[:, None])
    near = near & (p[None, :] >= first[:, None]) & (p[None, :] < last[:, None])  # (B, SPAN)
    same = inside[:, None] & (around[:, None] == noise[None, :])  # (SPAN, N)
    hits = tl.dot(near.to(tl.float32), same.to(tl.float32), input_precision="ieee")
    free = alive[:, None] & (hits < 0.5)  # (B, N)
    C, count = tl.sum(near.to(tl.float32), axis=1), tl.sum(free.to(tl.float32), axis=1)
    positive = tl.where(C > 0, 1.0, 0.0)
    if BY_ROW:
        positive = positive / tl.maximum(C * (1 + K), 1.0)
    negative = positive * C * K / tl.maximum(count, 1.0)

    # scores, losses and errors
    score = tl.dot(X, tl.trans(U), input_precision="ieee")  # (B, DIM) @ (DIM, SPAN)
    against = tl.dot(X, tl.trans(Z), input_precision="ieee")  # (B, DIM) @ (DIM, N)
    loss = tl.sum(tl.sum(tl.where(near, positive[:, None] * _softplus(-score), 0.0), axis=1), axis=0)
    loss += tl.sum(tl.sum(tl.where(free, negative[:, None] * _softplus(against), 0.0), axis=1), axis=0)
    error = tl.where(near, positive[:, None] * tl.sigmoid(-score), 0.0)  # label 1: 1 - sigmoid
    error_z = tl.where(free, -negative[:, None] * tl.sigmoid(against), 0.0)  # label 0: - sigmoid

    # gradients; scatter
    step_x = tl.dot(error, U, input_precision="ieee") + tl.dot(error_z, Z, input_precision="ieee")
    step_u = tl.dot(tl.trans(error), X, input_precision="ieee")
    step_z = tl.dot(tl.trans(error_z), X, input_precision="ieee")
    tl.atomic_add(embed_v + at_x, lr * step_x, mask=alive[:, None] & real)
    tl.atomic_add(embed_u + at_u, lr * step_u, mask=inside[:, None] & real)
    tl.atomic_add(embed_u + at_z, lr * step_z, mask=real)
    tl.store(stats + 3 * block, loss)
    tl.store(stats + 3 * block + 1, tl.sum(positive * C * (1 + K), axis=0))
    tl.store(stats + 3 * block + 2, tl.sum((alive & (count == 0)).to(tl.float32), axis=0))


class Engine:
    """The Triton kernel on one corpus and one model, as `engines.train` drives it.

    Parameters
    ----------
    model : nn.Sequential
        As `model.make_model` returns it; moved to the device and trained in place.
    corpus : Corpus
    settings : Settings
    device : str or torch.device, optional
        Default: CUDA; the CPU under Triton's interpreter.
    programs : int
        Of a launch. They read the same tables, and all that they change is added up: too many overshoot.

    Raises
    ------
    ArgumentError
        For a model and a corpus that do not fit each other, or a window above `WIDEST`.
    RuntimeError
        If the device is not there.
    """

    OPTIONS = ("programs",)

    @checked(settings=instance(Settings), programs=whole(1))
    def __init__(self, model, corpus, settings, *, device=None, programs: int = PROGRAMS):
        check_run(model, corpus)
        if settings.max_window > WIDEST:
            raise ArgumentError(f"max_window is {settings.max_window}; engine='triton' takes {WIDEST} at most")
        interpreted = bool(os.environ.get("TRITON_INTERPRET"))
        self.device = pick_device(device or ("cpu" if interpreted else "cuda"), quiet=True)
        self.note = " (Triton's interpreter)" if interpreted else " (Triton)"
        model.to(self.device)
        counts, bounds = corpus.vocab.counts, corpus.bounds
        self.counts = counts
        there = lambda array, dtype: torch.tensor(np.asarray(array), dtype=dtype, device=self.device)  # noqa: E731
        self.settings, self.bounds, self.programs = settings, bounds, programs
        self.tables = [embed.weight.detach() for embed in model]
        self.ids = there(corpus.ids, torch.int32)
        self.sentence = there(np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds)), torch.int32)
        self.keep = there(keep_or_all(counts, settings.t), torch.float32)
        accept, other = alias_table(noise_distribution(counts))
        self.noise = there(accept, torch.float32), there(other, torch.int32)
        self.generator = torch.Generator(self.device)
        self.reseed(settings.seed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def reseed(self, seed) -> None:
        """Draw anew from a seed, a whole number or several."""
        self.seeds = draws.reseeded(seed, self.generator)

    def state(self) -> dict:
        """Of the random numbers."""
        return draws.position(self.seeds, self.generator)

    def put(self, state: dict) -> None:
        """Go on from a `state`. Raises `CheckpointError` if it is none; nothing was changed then."""
        draws.put(state, self.seeds, self.generator)

    def _subsample(self, first: int, last: int):
        """Words of the sentences first..last-1 that are kept, and the bounds of each one's sentence; all int32."""
        tokens = slice(int(self.bounds[first]), int(self.bounds[last]))
        ids, sentence = self.ids[tokens], self.sentence[tokens]
        kept = torch.rand(len(ids), generator=self.generator, device=self.device) < self.keep[ids.long()]
        ids, sentence = ids[kept], sentence[kept]
        _, length = torch.unique_consecutive(sentence, return_counts=True)
        words = ids[(length > 1).repeat_interleave(length)]  # a sentence of one word gives no example
        length = length[length > 1]
        stop = length.cumsum(0)
        return words, *((x.repeat_interleave(length).to(torch.int32)) for x in (stop - length, stop))

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on the sentences first..last-1, in launches of `programs`.

        Returns
        -------
        np.ndarray of float64, shape (4,)
            Summed loss and its summed weight, center words, and center words without a noise word.
        """
        s, (V, D) = self.settings, self.tables[0].shape
        first, last, lr = check_part(first, last, lr, len(self.bounds) - 1)
        words, start, stop = self._subsample(first, last)
        n = len(words)
        if not n:
            return np.zeros(4)
        blocks, seed = triton.cdiv(n, BLOCK), int(self.seeds.integers(2**31))
        stats = torch.zeros(blocks, 3, device=self.device)
        for before in range(0, blocks, self.programs):
            _train_block[(min(self.programs, blocks - before),)](
                words, start, stop, n, before, *self.tables, *self.noise, stats, V, D, s.K, lr, seed,
                W=s.max_window, BY_ROW=s.average == "row", B=BLOCK, N=SHARED, DIM=max(16, triton.next_power_of_2(D)),
                SPAN=triton.next_power_of_2(BLOCK + 2 * s.max_window),
            )  # fmt: skip
        loss, weight, bare = stats.double().sum(dim=0).tolist()
        return np.array([loss, weight, n, bare])
