# Used from 04 · tests/checks/test_given.py
"""Arguments that an answer is given and that are no numbers: functions, iterators, a team of processes.

Knows no check and no reference: the process that runs what was handed in imports it as well.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import torch

from helpers.engines.pretended import together


class Given:
    """An argument that is there to be used, whatever becomes of it. One with ``play`` calls the answer itself.

    Attributes
    ----------
    amount : int
        How large it is: the smallest input that fails is shown.
    """

    amount = 1


def called(function: Callable, args: Sequence[Any]) -> Any:
    """What a function makes of arguments, or what the first of them that has a ``play`` makes of the function."""
    play = next((arg.play for arg in args if hasattr(arg, "play")), None)
    return play(function, *args) if play else function(*args)


class Draws(Given):
    """A function for a task that draws: it gives the words of a list, one at each call, and refuses a call too many."""

    def __init__(self, words: Iterable[int]):
        self.words, self.at = list(words), 0

    def __call__(self) -> int:
        if self.at == len(self.words):
            raise TooManyDraws(f"draw() was called once more than the {self.at} times that are needed")
        self.at += 1
        return self.words[self.at - 1]

    def __repr__(self) -> str:
        return f"a function that gives {', '.join(map(str, self.words)) or 'nothing'}, one at each call"


class TooManyDraws(Exception):
    """A call of `Draws` too many."""


class SteppedBefore(torch.nn.Sequential):
    """A net that takes the gradients of an earlier step along when it is copied or sent, as others do not."""

    def __getstate__(self) -> dict:
        return {**self.__dict__, "gradients": [parameter.grad for parameter in self.parameters()]}

    def __setstate__(self, state: dict) -> None:
        gradients = state.pop("gradients")
        super().__setstate__(state)
        for parameter, gradient in zip(self.parameters(), gradients):
            parameter.grad = gradient


class Twice(Given):
    """A function whose result is twice another's."""

    def __init__(self, function: Callable):
        self.function = function

    def __call__(self, *args, **named):
        return 2 * self.function(*args, **named)

    def __repr__(self) -> str:
        return f"twice {self.function.__name__}"


class _Line(str):
    """A line of a text, that can be asked whether anybody still holds it."""


class Lines(Given):
    """A text too long for memory: an iterator that gives its lines once, and refuses to go on if too many are kept."""

    KEPT = 3  # lines that may be held at once

    def __init__(self, lines: Iterable[str]):
        self.lines, self.at, self.held = list(lines), 0, []
        self.amount = sum(len(line.split()) for line in self.lines)

    def __iter__(self):
        return self

    def __next__(self) -> str:
        if self.at == len(self.lines):
            raise StopIteration
        self.held = [line for line in self.held if line() is not None]
        if len(self.held) > self.KEPT:
            raise TooManyLines(f"{self.KEPT + 1} lines are kept at once, and the text is larger than the memory")
        line = _Line(self.lines[self.at])
        self.at += 1
        self.held.append(weakref.ref(line))
        return line

    def __deepcopy__(self, memo):
        return Lines(self.lines)

    def __reduce__(self):
        return Lines, (self.lines,)

    def __repr__(self) -> str:
        return f"an iterator over the lines {', '.join(map(repr, self.lines)) or '(none)'}"


class TooManyLines(Exception):
    """A text of which an answer keeps the lines."""


class Others(Given):
    """The team of a process, with what each of its processes has made of the rows that they had in common.

    Parameters
    ----------
    after : sequence of torch.Tensor of float32, shape (R, D)
        By rank. An answer is called once for each, and each sees its own alone.
    enough : int
        Bytes that a process has to give at most.
    """

    def __init__(self, after: Sequence[torch.Tensor], enough: int):
        self.after, self.enough = list(after), enough
        self.amount = sum(table.numel() for table in after)

    def play(self, function: Callable, before: torch.Tensor, after: torch.Tensor, _team: Any) -> dict:
        """What the processes end with, and whether they have sent more than they need to."""

        def work(member):
            own = (before.clone(), self.after[member.rank].clone()) if member.rank else (before, after)
            return function(*own, member), member.sent

        ended, sent = zip(*together(len(self.after), work))
        if all(table is None or table is ... for table in ended):
            return ended[0]
        bytes_ = "no more than it takes" if max(sent) <= self.enough else "more than it takes"
        return {**{f"process {rank}": table for rank, table in enumerate(ended)}, "bytes of a process": bytes_}

    def __repr__(self) -> str:
        tables = "; ".join(str(np.round(table.numpy(), 2).tolist()) for table in self.after)
        return f"process 0's of {len(self.after)}, {self.enough} bytes are enough; their tables: {tables}"


class Places(Given):
    """Places of a run: (seed, processes, number of the process, part), of which no two may draw the same."""

    def __init__(self, places: Iterable[tuple[int, int, int, int]]):
        self.places = list(places)
        self.amount = len(self.places)

    def play(self, function: Callable, _places: Any) -> Any:
        """The first two places that draw the same, if there are any, and whether a place draws the same again."""
        seeds = [function(*place) for place in self.places]
        if all(seed is None or seed is ... for seed in seeds):
            return seeds[0]
        drawn = [self._draws(seed) for seed in seeds]
        alike = [two for two in combinations(range(len(drawn)), 2) if drawn[two[0]] == drawn[two[1]]]
        again = [self._draws(function(*place)) for place in self.places]
        changed = [place for place, one, two in zip(self.places, drawn, again) if one != two]
        return {
            "draw the same": "no two" if not alike else " and ".join(str(self.places[i]) for i in alike[0]),
            "draw otherwise when asked again": "none" if not changed else str(changed[0]),
        }

    @staticmethod
    def _draws(seed: Any) -> tuple:
        if seed is None:
            raise TypeError("your function returned None, and default_rng(None) draws otherwise each time")
        seed = seed.tolist() if isinstance(seed, torch.Tensor) else seed
        return tuple(np.random.default_rng(seed).integers(2**62, size=2).tolist())

    def __repr__(self) -> str:
        return f"the places {self.places}"
