# Used from 01 · tests/checks/test_checks.py
"""How an answer is checked: hostile inputs and fresh ones, a reference, and for each foreseen mistake its own hint.

A check never shows a traceback and never says "wrong" alone. It compares an answer with the reference on inputs that
are drawn anew each time; where they differ it shows the smallest of them, and on request names the mistake.
"""

from __future__ import annotations

import copy
import secrets
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from checks import advice, shown
from checks.asked import NumberCheck, StatementsCheck, keep
from checks.compare import as_arrays, difference, same, size
from checks.given import Given
from checks.running import INDEXING, Raised, Ran, is_idle, names_used, parameters, run
from checks.verdict import Mistake, Verdict

__all__ = ["INDEXING", "FunctionCheck", "NumberCheck", "StatementsCheck"]

TRIALS = 8  # fresh inputs for each check: mistakes that agree on one of them part on another
SEEDS = 10**6
TO_WRITE = "Write the function in the cell above, then run this cell."
Draw = Callable[[np.random.Generator], tuple]


@dataclass(frozen=True)
class FunctionCheck:
    """Check a function against a reference on hostile inputs and on inputs drawn anew.

    Attributes
    ----------
    name : str
    reference : callable
        The right answer.
    draw : callable
        ``draw(rng)``, a `numpy.random.Generator` in, a tuple of arguments out.
    mistakes : sequence of Mistake
        In the order in which they are tried.
    right : str
        What is said of a right answer.
    tolerance : float
        See `compare.difference`. Whole numbers are wanted exactly.
    partly : float
        A mistake is named as a likely one if it leaves at most this share of the failing inputs unexplained.
    trials : int
        Inputs drawn; answers of few values, such as True or False, need more.
    hostile : mapping
        What is special about an input, such as ``"a word twice"``, to a ``draw``: all of them are tried in each check.
    also : sequence of callable
        Other right answers; one of them has to agree on all inputs.
    gradient : sequence of int
        Places of arguments, float tensors or modules, to which the result must carry the reference's gradient.
    forbid : mapping
        Names that the answer, and what it calls of its notebook, must not use, to the reason.
    forbid_ops : mapping
        Operations of PyTorch likewise, by name; `INDEXING` has those that read by place.
    guarded : sequence of int
        Places of the tensors to which ``forbid_ops`` applies; empty: to all.
    """

    name: str
    reference: Callable
    draw: Draw
    mistakes: Sequence[Mistake]
    right: str
    tolerance: float = 1e-5
    partly: float = 0.3
    trials: int = TRIALS
    hostile: Mapping[str, Draw] = field(default_factory=dict)
    also: Sequence[Callable] = ()
    gradient: Sequence[int] = ()
    forbid: Mapping[str, str] = field(default_factory=dict)
    forbid_ops: Mapping[str, str] = field(default_factory=dict)
    guarded: Sequence[int] = ()

    def __call__(self, answer: Any = None, seed: int | None = None, *, hint: int = False) -> Verdict:
        """Check an answer, and keep it if it is right.

        Parameters
        ----------
        answer : callable
        seed : int
            Repeats the inputs of an earlier check.
        hint : bool or int
            Name the mistake too, if it is one that was foreseen, or the first step; a number opens so many hints.

        Raises nothing for an answer: what that raises is shown. ValueError if ``hint`` is neither True nor a count.
        """
        return keep(self.verdict(answer, seed, hint=hint), answer)

    def verdict(self, answer: Any, seed: int | None = None, *, hint: int = False) -> Verdict:
        """Check an answer."""
        if answer is None or answer is ... or is_idle(answer):
            return Verdict(self.name, "not attempted", TO_WRITE, asked=hint)
        if not callable(answer):
            text = f"Give the function itself, without calling it; this is {type(answer).__name__}."
            return Verdict(self.name, "no function", text, asked=hint)
        seed = secrets.randbelow(SEEDS) if seed is None else seed
        inputs = self.inputs(seed)
        given = [copy.deepcopy(args) for args in inputs]
        found = [run(answer, args, **self.watch()) for args in given]
        return self.judge(inputs, given, found, names_used(answer), seed=seed, hint=hint, answer=answer)

    def inputs(self, seed: int | None = None) -> list[tuple]:
        """The hostile inputs and those drawn anew, or again from a seed."""
        rng = np.random.default_rng(secrets.randbelow(SEEDS) if seed is None else seed)
        drawn = [draw(rng) for draw in (*self.hostile.values(), *[self.draw] * self.trials)]
        for args in drawn:
            for leaf in (leaf for i in self.gradient for leaf in parameters(args[i])):
                leaf.requires_grad_()
        return drawn

    def watch(self) -> dict[str, tuple]:
        """What `running.run` has to look at."""
        return {"gradient": tuple(self.gradient), "watched": tuple(self.forbid_ops), "guarded": tuple(self.guarded)}

    def judge(
        self,
        inputs: list[tuple],
        given: list[tuple],
        found: list[Ran],
        names: set[str] = frozenset(),
        *,
        seed: int | None = None,
        hint: int = False,
        answer: Callable | None = None,
    ) -> Verdict:
        """The verdict on what an answer returned or raised, wherever it ran.

        Parameters
        ----------
        inputs, given : list of tuple
            The arguments as they were drawn, and as the answer left them.
        found : list of Ran
        names : set of str
            What `running.names_used` found in it.
        seed : int
            Of the inputs, to be shown.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of references and mistakes; the answer has run, with its own
            wanted = self._wanted(inputs, found)
            key, text, why, at = self._judge(inputs, given, found, wanted, names)
        if at is None:
            return Verdict(self.name, key, text, hint=why, asked=hint)
        called = shown.names_of(answer, len(inputs[at]), self.reference)
        case = list(self.hostile)[at] if at < len(self.hostile) else ""
        what = shown.line(text + (f" ({case}):" if case else ":")) + shown.arguments(called, inputs[at])
        what += self._shown(found[at], wanted[at])
        again = f"my_{self.name}(*checks.{self.name}.inputs({seed})[{at}])"
        if any(hasattr(arg, "play") for arg in inputs[at]):
            again = f"checks.{self.name}.ran(my_{self.name}, checks.{self.name}.inputs({seed})[{at}]).value"
        what += shown.code("Again:", again)
        if isinstance(found[at].value, Raised):
            why = why or advice.on_error(found[at].value, called)
        return Verdict(self.name, key, what.text, hint=why or advice.GENERAL, asked=hint, grid=what.html)

    def ran(self, function: Callable, args: tuple) -> Ran:
        """What comes of a call that is compared with the answer's."""
        return run(function, args, tuple(self.gradient))

    def _wanted(self, inputs: list[tuple], found: list[Ran]) -> list[Ran]:
        """What the references give: of those, the one that agrees with the answer most often."""

        best, most = [], -1
        for reference in (self.reference, *self.also):
            each = [self.ran(reference, copy.deepcopy(args)) for args in inputs]
            agree = sum(map(self._agree, found, each))
            if agree > most:
                best, most = each, agree
            if agree == len(found):
                break
        return best

    def _agree(self, a: Ran, b: Ran) -> bool:
        """Whether two values are alike, gradients left aside."""
        if isinstance(a.value, Raised) or isinstance(b.value, Raised):
            return isinstance(a.value, Raised) and a.value == b.value
        return same(a.value, b.value, self.tolerance)

    def _slopes_agree(self, a: Ran, b: Ran) -> bool:
        if a.slopes is None or b.slopes is None:
            return a.slopes is b.slopes
        pairs = zip(_leaves(a.slopes), _leaves(b.slopes))
        return all(
            same(x, y, self.tolerance) if x is not None and y is not None else not _any(x) and not _any(y)
            for x, y in pairs
        )

    def _judge(self, inputs, given, found, wanted, names) -> tuple[str, str, str, int | None]:
        """Key, text, hint, and the input to be shown; None shows none."""
        values = [ran.value for ran in found]
        if all(x is ... or (isinstance(x, Raised) and x.kind == "NotImplementedError") for x in values):
            return "not attempted", TO_WRITE, "", None
        for name in self.forbid:
            if name in names:
                return "forbidden", f"Your function uses {name}. {self.forbid[name]}", "", None
        for name in self.forbid_ops:
            if any(name in ran.operations for ran in found):
                return "forbidden", f"Your function uses {_spoken(name)}. {self.forbid_ops[name]}", "", None
        sizes = [size(args) for args in inputs]
        nothing = [i for i, value in enumerate(values) if value is None and wanted[i].value is not None]
        if nothing:
            some = "" if len(nothing) == len(values) else "on some inputs "
            said = f"{some}your function returns nothing"
            said = said[0].upper() + said[1:]
            why = "Is there a return on each path? What a function computes is lost without it."
            return "no value", f"{said}; for one", why, min(nothing, key=sizes.__getitem__)
        for i, (before, after) in enumerate(zip(inputs, given)):
            kept = [unchanged(x, y) for x, y in zip(before, after)]
            if not all(kept):
                at = kept.index(False)
                does = "leaves a gradient in" if same(after[at], before[at], tolerance=0) else "changes"
                return "in place", f"Your function {does} its argument number {at + 1}, here", advice.IN_PLACE, i
        right = [self._agree(x, y) for x, y in zip(found, wanted)]
        slopes = [self._slopes_agree(x, y) for x, y in zip(found, wanted)] if all(right) and self.gradient else []
        if all(right) and all(slopes):
            return "correct", self.right, "", None
        wrong = [i for i, ok in enumerate(slopes or right) if not ok]
        at = min(wrong, key=sizes.__getitem__)
        text = f"{len(wrong)} of {len(inputs)} inputs fail; the smallest"
        return (*self._named(inputs, found, wanted, right, wrong, at, text), at)

    def _named(self, inputs, found, wanted, right, wrong, at, text) -> tuple[str, str, str]:
        """Key, text and hint, from a foreseen mistake or from the form of the answer."""
        partly = ""
        order = [*wrong, *(i for i in range(len(inputs)) if i not in wrong)]
        for mistake in self.mistakes:
            made, missed = {}, 0
            for i in order:
                made[i] = self.ran(mistake.answer, copy.deepcopy(inputs[i]))
                missed += not self._agree(found[i], made[i])
                if missed > self.partly * len(wrong) or (missed and i not in wrong):
                    break
            if not missed and (not all(right) or all(self._slopes_agree(found[i], made[i]) for i in order)):
                return mistake.name, text, mistake.hint
            if not all(right) and len(wrong) > 2 and set(wrong) <= set(made) and missed <= self.partly * len(wrong):
                partly = partly or f"On most of the inputs that fail, this would explain it: {mistake.hint}"
        if all(right):
            return "no gradient", text.replace("fail", "carry no right gradient"), advice.NO_GRADIENT
        value, aim = found[at].value, wanted[at].value
        if isinstance(value, Raised):
            return "error", text, partly
        key, hint = advice.on_form(value, aim, [ran.value for ran in found], [ran.value for ran in wanted])
        return key, text, hint if key != "other" else partly

    def _shown(self, found: Ran, wanted: Ran) -> shown.Shown:
        if isinstance(found.value, Raised) and not isinstance(wanted.value, Raised):
            return shown.raised(found.value) + shown.line(f"  wanted is {shown.show(wanted.value)}")
        different = difference(found.value, wanted.value, self.tolerance) if not self._agree(found, wanted) else None
        if different is None and self.gradient and not self._slopes_agree(found, wanted):
            said = shown.line("The numbers are right. The gradient that comes back from them to the arguments:")
            mine, theirs = list(_leaves(found.slopes or [])), list(_leaves(wanted.slopes or []))
            i = next(i for i, (x, y) in enumerate(zip(mine, theirs)) if x is None or not same(x, y, self.tolerance))
            if mine[i] is None or theirs[i] is None:
                pair = ["none" if x is None else shown.show(x) for x in (mine[i], theirs[i])]
                return said + shown.line(f"  yours: {pair[0]}; wanted: {pair[1]}")
            return said + shown.beside(mine[i], theirs[i], difference(mine[i], theirs[i], self.tolerance))
        return shown.beside(found.value, wanted.value, different)


def _leaves(slopes: list) -> list:
    return [leaf for slope in slopes for leaf in (slope if isinstance(slope, list) else [slope])]


def _any(slope: Any) -> bool:
    return slope is not None and bool(np.any(as_arrays(slope)))


def _spoken(name: str) -> str:
    return {"__getitem__": "an index in square brackets", "__iter__": "a loop over the rows"}.get(name, name)


def unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, torch.nn.Module):
        return all(torch.equal(x, y) for x, y in zip(before.parameters(), after.parameters()))
    if callable(before) or isinstance(before, (Given, np.random.Generator, torch.Generator)):
        return True
    if isinstance(before, torch.Tensor) and isinstance(after, torch.Tensor) and after.is_leaf:
        if before.grad is None and after.grad is not None:  # of the answer's backward(): a second call would add to it
            return False
    return same(after, before, tolerance=0)
