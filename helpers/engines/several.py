# Taught in 11 · exercised in 11.1, 11.4, 11.5 · tests/helpers/engines/test_several.py
"""One training by several processes, on one machine or more, as torchrun starts them.

Each takes a shard of whole sentences, trains on it with the engine that its device has, and combines with the others
after each part of an epoch. Process 0 judges, records and writes the checkpoint; a run that is started again goes on
from there, with as many processes as there are then. If they are not as many as before, the epoch that was begun goes
on at the same fraction of other shards: in that epoch some sentences come twice, and some not at all.
"""

from __future__ import annotations

import numpy as np
import torch

from helpers.arguments import ArgumentError, checked, whole
from helpers.corpus import Corpus
from helpers.engines.checkpoints import CheckpointError, fingerprint
from helpers.engines.combining import RULES, TIERS, Combiner
from helpers.engines.parts import piece
from helpers.engines.teams import Team, marks, place
from helpers.shapes import array

PARTS = 64  # of an epoch, at least: the processes combine after each
TOKENS = 200_000  # of a part of one process, at most


def _some(bounds, **_):
    if not len(bounds):
        raise ArgumentError("bounds is empty; give where each sentence begins, and where the last one ends")


@checked(_some, bounds=array("S", "integers", least=0), ranks=whole(1, 100_000))
def shards(bounds: np.ndarray, ranks: int) -> list[int]:
    """Where a text is cut so that each of several processes has whole sentences and about as many tokens.

    Parameters
    ----------
    bounds : np.ndarray of int64, shape (S + 1,)
        Sentence s is the tokens from bounds[s] to bounds[s + 1].

    Returns
    -------
    list of int
        0, ..., S; process r trains on the sentences from number r to number r + 1 of the list.
    """
    wanted = np.linspace(bounds[0], bounds[-1], ranks + 1)[1:-1]
    at = np.searchsorted(bounds, wanted)  # the first bound that is not before it
    nearer = wanted - bounds[np.maximum(at - 1, 0)] < bounds[at] - wanted
    return [0, *(at - nearer).tolist(), len(bounds) - 1]


@checked(seed=whole(0), ranks=whole(1), rank=whole(0), part=whole(0))
def seed_of(seed: int, ranks: int, rank: int, part: int) -> list[int]:
    """What fixes the draws of one process in one part, counted from the start of the run.

    A run that was started again repeats no draw of a part that is done, and none of another process.
    """
    return [seed, ranks, rank, part]


def share(corpus: Corpus, team, every: int | None) -> tuple[Corpus, int]:
    """The shard of this process, with the whole text's vocabulary, and in how many parts an epoch of it is done."""
    cuts = shards(corpus.bounds, team.size)
    longest = max(int(corpus.bounds[b] - corpus.bounds[a]) for a, b in zip(cuts, cuts[1:]))
    parts = -(-longest // every) if every else max(PARTS, -(-longest // TOKENS))
    return piece(corpus, *cuts[team.rank : team.rank + 2]), parts


def enlist(model, corpus: Corpus, settings, device, seconds: float, checkpoint, *, every: int | None, **others):
    """Join the team, which refuses who has another text, other settings or others of ``others``.

    Returns
    -------
    team, device, shard, parts
        See `teams.place` and `share`.
    there : set of str
        Which of `teams.marks` are there, on any machine: how far an earlier start of this launch had come.
    """
    device, backend = place(device)
    team = Team(backend, seconds)
    text = f"{len(corpus.ids):,} tokens, {len(corpus.vocab):,} words, {fingerprint(corpus)[:8]}"
    values = {"a text of": text, "tables of": tuple(model[0].weight.shape), **vars(settings), **others}
    values |= {"every": every, "backend": backend}
    team.compare({name.replace("_", " "): str(value) for name, value in values.items()})
    there = team.gather({name for name, mark in marks(checkpoint).items() if mark.exists()})
    return team, device, *share(corpus, team, every), set().union(*there)


class Member:
    """An engine of one process of a team, as `engines.train` drives it.

    Parameters
    ----------
    engine : Engine
        Made for this process's shard and the tables.
    team : Team
    rule : str
        See `combining.RULES`.
    parts : int
        Of an epoch.
    checkpoint : path, optional
        Where process 0 writes it; all are to know.

    Attributes
    ----------
    done, part : int
        Parts so far, of all epochs and of this one.
    agreed : bool
        Whether the tables are the same in all processes now.
    stop : bool
        Whether one of them was asked to stop.
    """

    def __init__(self, engine, team, rule: str, parts: int, checkpoint=None):
        self.engine, self.team, self.rule, self.parts = engine, team, RULES[rule], parts
        self.combiner = Combiner(engine.tables, engine.counts, team, rule)
        self.device, self.note = (
            engine.device,
            f"{engine.note}, {team.size} process{'es' * (team.size > 1)}, rule {rule}",
        )
        self.done, self.part, self.agreed, self.stop = 0, 0, True, False
        self.marks, self.fixed = marks(checkpoint), {"combine": rule}

    def state(self) -> dict:
        """What fixes the draws from here on, and of how many parts an epoch was."""
        return {"done": self.done, "parts": self.parts}

    def put(self, state: dict) -> None:
        """Go on from a `state`. Raises `CheckpointError` if it is none; nothing was changed then."""
        done = state.get("done")
        if type(done) is not int or done < 0:
            raise CheckpointError("it says not how many parts are done: train anew")
        self.done = done

    def begin(self, run) -> None:
        """Take the tables, the place and the record of process 0, which has read the checkpoint or writes the first."""
        if run.path and run.holds is None:  # of process 0
            self._mark("allowed")
            run.save(due=True, last=True)
        if run.path:
            self._mark("begun")
        place = run.epoch, run.part, run.counts, run.history, self.done
        place = self.team.from_first(self.combiner.tables, place)
        run.epoch, run.part, run.counts, run.history, self.done = place
        self.part, self.run = run.part, run
        self.combiner.begin()
        self._mark("begun")

    def _mark(self, name: str) -> None:
        if self.marks:
            self.marks[name].touch()

    def train(self, first: int, last: int, lr: float) -> np.ndarray:
        """Train on sentences of the shard, and combine; the sums of all processes, as an engine's own ``train``."""
        self.engine.reseed(seed_of(self.engine.settings.seed, self.team.size, self.team.rank, self.done))
        stats = self.engine.train(first, last, lr * self.rule.rate(self.team.size))
        sums = self.team.sum(torch.tensor([*stats, len(self.run.asked)], dtype=torch.float64)).numpy()
        self.done, self.part, self.stop = self.done + 1, (self.part + 1) % self.parts, bool(sums[-1])
        self.agreed = self.stop or not self.part or not self.done % 2**TIERS or not self.rule.tiers
        self.combiner.combine(self.done, everything=self.agreed)
        return sums[:-1]
