# Used in 11 · tests/checks/test_answers.py
"""What the exercises of notebook 11 are tried on: bounds, texts, teams of processes, places of a run."""

from __future__ import annotations

import numpy as np
import torch

from checks.given import Lines, Others, Places

# Parts at which numbers that were packed into one run into each other: powers of two and of ten below 2^32, and beside.
ROUND = sorted({0, 1, 65_535, 70_001, 2**32 - 1, *(2**k for k in range(8, 32)), *(10**k for k in range(3, 10))})


def bounds(rng, sentences=None, ranks=None, longest=30):
    """Sentences of at least a word, and no cut from which two bounds are equally far."""
    while True:
        lengths = rng.integers(1, longest, int(rng.integers(6, 14)) if sentences is None else sentences)
        bounds, n = np.concatenate([[0], np.cumsum(lengths)]), int(rng.integers(2, 5)) if ranks is None else ranks
        far = [np.sort(np.abs(bounds - bounds[-1] * rank / n))[:2] for rank in range(1, n)]
        if all(near < next_ for near, next_ in far):
            return bounds.astype(np.int64), n


def given_bounds(lengths, ranks):
    return lambda rng: (np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), ranks)


def text(rng, words=12, lines=6, most=None, length=8):
    drawn = rng.zipf(1.4, (lines, length)).clip(1, words)
    lines_ = [" ".join(f"w{word}" for word in row[: int(rng.integers(1, length + 1))]) for row in drawn]
    distinct = len({word for line in lines_ for word in line.split()})
    return Lines(lines_), int(rng.integers(2, max(3, distinct))) if most is None else most


def given_lines(*lines, most):
    return lambda rng: (Lines(lines), most)


def team(rng, size=None, R=None, D=None, touched=0.15, dense=False):
    size = int(rng.integers(2, 5)) if size is None else size
    R, D = int(rng.integers(8, 14)) if R is None else R, int(rng.integers(8, 11)) if D is None else D
    draw = lambda *shape: torch.from_numpy(rng.integers(-8, 9, shape) / 4).float()  # noqa: E731
    before = draw(R, D)
    changes = draw(size, R, D)
    changes[:, :, 0] += (changes[:, :, 0] == 0) / 4  # a row that is changed is
    changes[torch.from_numpy(rng.random((size, R)) >= (1 if dense else touched))] = 0
    after = before + changes
    rows = int((changes != 0).any(dim=2).any(dim=0).sum())
    return before, after[0], Others(after, enough=8 * R + 4 * rows * (D + 1))


def shaped(**options):
    return lambda rng: team(rng, **options)


def cancelled(rng):
    """Two processes whose changes of a row cancel, and one row of which one number alone changes."""
    before = torch.arange(12.0).reshape(6, 2)
    after = torch.stack([before, before, before]).clone()
    after[0, 1], after[1, 1] = before[1] + 1, before[1] - 1
    after[2, 4, 1] += 3
    return before, after[0], Others(after, enough=8 * 6 + 4 * 2 * 3)


def _places(rng, n=40):
    ranks = int(rng.integers(2, 6))
    return (
        Places((int(rng.integers(0, 5)), ranks, int(rng.integers(ranks)), int(rng.integers(200))) for _ in range(n)),
    )


def _without_repeats(places):
    return (Places(dict.fromkeys(places)),)


def hardly(rng):
    """Numbers of many digits; a row turned round, which keeps its length; one changed twice, once hardly."""
    before = torch.from_numpy(rng.normal(size=(6, 2))).float()
    before[1], before[4] = torch.tensor([1.0, -1.0]), torch.tensor([0.5, 2.0])
    after = torch.stack([before, before, before]).clone()
    after[0, 1] *= -1
    after[0, 4, 0], after[1, 4, 1] = 1.25, 2 + 2e-6
    after[2, 5] += torch.from_numpy(rng.normal(size=2)).float()
    return before, after[0], Others(after, enough=8 * 6 + 4 * 3 * 3)


def grid(seeds, ranks, parts):
    return lambda rng: _without_repeats((s, n, r, p) for s in seeds for n in ranks for r in range(n) for p in parts)


def fresh(rng):
    return _without_repeats(_places(rng)[0].places)
