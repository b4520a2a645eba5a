# Taught in 11 · exercised in 11.3 · tests/helpers/engines/test_combining.py
"""How processes that trained apart become one model again: the rules, and which rows travel.

Each process keeps its tables as they were when the processes last agreed. What it has changed since is added up over
the processes, and a rule says what the sum counts for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from helpers.arguments import checked, flag, one_of, whole
from helpers.shapes import array

FASTER = 4  # times the learning rate that a process bears (measured: 8 times it does not)


class Rule(NamedTuple):
    """A way to combine.

    Attributes
    ----------
    combine : callable
        (summed changes (R, D), how many processes changed each row (R, 1), number of processes) to the changes that
        all take over, (R, D).
    rate : callable
        Number of processes to what the learning rate of each is multiplied by.
    tiers : bool
        Whether rare rows travel seldom; see `period`.
    """

    combine: Callable
    rate: Callable = lambda ranks: 1
    tiers: bool = False


def mean(summed, touching, ranks):
    """The tables' mean. Each change counts 1/ranks: a learning rate divided by so many."""
    return summed / ranks


def mean_of_touching(summed, touching, ranks):
    """The mean over the processes that changed the row."""
    return summed / touching


def limited(summed, touching, ranks):
    """The mean where processes are few. With more of them a change counts up to twice as much: see `FASTER`."""
    return summed / max(min(ranks, FASTER), ranks / 2)


def root_of_touching(summed, touching, ranks):
    """Between the mean over those and the sum."""
    return summed / touching.sqrt()


def add(summed, touching, ranks):
    """All changes, as if they had been made one after the other."""
    return summed


RULES = {
    "mean": Rule(mean),
    "touching": Rule(mean_of_touching),
    "root": Rule(root_of_touching),
    "sum": Rule(add),
    "times": Rule(mean, rate=lambda ranks: ranks),
    "scaled": Rule(limited, rate=lambda ranks: min(ranks, FASTER)),
    "tiers": Rule(limited, rate=lambda ranks: min(ranks, FASTER), tiers=True),
}
NUMBERS = 1 << 20  # that travel at a time
TIERS = 4  # the most frequent 1/16 of the words travel each time, the rarer half each 16th


@checked(counts=array("V", "numbers", least=0))
def period(counts: np.ndarray) -> np.ndarray:
    """How seldom each word's rows travel: 1 is each time, 16 each 16th time.

    The most frequent sixteenth of the words travels each time; those up to the double rank each second time, and so on,
    after the idea of pWord2Vec (Ji et al. 2016), whose frequent rows travel more often too.

    Returns
    -------
    np.ndarray of int64, shape (V,)
    """
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(-np.asarray(counts), kind="stable")] = np.arange(1, len(counts) + 1)
    share = rank / len(counts)  # above 0, 1 for the rarest
    tier = np.ceil(np.log2(share * 2**TIERS)).clip(0, TIERS).astype(np.int64)
    return 2**tier


class Combiner:
    """Two tables of one process, and what they were when the processes last agreed.

    Parameters
    ----------
    tables : sequence of torch.Tensor of float32, shape (V, D)
        Equal in all processes at first; changed in place by `combine`. One table twice is combined once.
    counts : np.ndarray, shape (V,)
        Of the words.
    team : object
        With ``size``, and ``sum(tensor)``, which adds a tensor up over all processes, in place.
    rule : str
        See `RULES`.
    """

    @checked(rule=one_of(*RULES))
    def __init__(self, tables, counts: np.ndarray, team, rule: str):
        tables = {table.data_ptr(): table for table in map(torch.as_tensor, tables)}
        self.tables, self.team, self.rule = list(tables.values()), team, RULES[rule]
        self.at_once = min(max(1, NUMBERS // self.tables[0].shape[1]), len(self.tables[0]))  # rows that travel
        self.room = [torch.empty_like(self.tables[0][: self.at_once]) for _ in range(2)]
        self.period = torch.from_numpy(period(counts)).to(self.tables[0].device)
        self.begin()

    def begin(self) -> None:
        """Take the tables as they are for what all processes agree on."""
        self.before = [table.clone() for table in self.tables]

    @checked(number=whole(1), everything=flag())
    def combine(self, number: int, everything: bool = True) -> None:
        """Let the processes agree on all rows, or on those that are due at combining number ``number``.

        A row travels if any process has changed it: first its mark, one byte, then the changes of the marked rows.
        """
        due = torch.arange(len(self.period)) if everything else (number % self.period == 0).nonzero().squeeze(1)
        due, mark = due.to(self.period.device), torch.uint8 if self.team.size < 256 else torch.int32
        for table, before in zip(self.tables, self.before):
            touching = torch.empty(len(due), dtype=mark, device=due.device)
            for some in (slice(a, a + self.at_once) for a in range(0, len(due), self.at_once)):
                now, then = self._rows(table, before, due[some])
                touching[some] = (now != then).any(dim=1)
            travels = self.team.sum(touching).nonzero().squeeze(1)
            for some in travels.split(self.at_once):
                rows = due[some]
                change, agreed = self._rows(table, before, rows)
                self.team.sum(change.sub_(agreed))
                agreed += self.rule.combine(change, touching[some].to(table.dtype).unsqueeze(1), self.team.size)
                for tables in (table, before):
                    tables.index_copy_(0, rows, agreed)

    def _rows(self, table, before, rows):
        """Rows of a table and of what was agreed on, in memory that is kept: pieces of many sizes would leave holes."""
        room = [room[: len(rows)] for room in self.room]
        return [torch.index_select(x, 0, rows, out=out) for x, out in zip((table, before), room)]
