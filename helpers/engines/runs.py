# Used from 05 · tests/helpers/engines/test_runs.py tests/helpers/test_training.py
"""A training run as it goes on: where it is, its record, what is shown of it, its checkpoint. Every engine has one."""

from __future__ import annotations

import time
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn
from tqdm.auto import tqdm

from helpers.arguments import ArgumentError, checked, shown
from helpers.corpus import Corpus, CorpusError
from helpers.engines import checkpoints
from helpers.engines.checkpoints import CheckpointError, CheckpointPlaceError
from helpers.engines.history import History, Settings
from helpers.engines.interrupts import interrupts
from helpers.engines.safety import all_finite
from helpers.model import tables as two_tables

LARGEST = 1e6  # numbers of tables that learn stay below 100
EVERY = 30.0  # seconds between two checkpoints, at least; the last state is always written


class TrainingDiverged(FloatingPointError):
    """The loss or a table is no longer finite; the model was set back to its last good state."""


class Run:
    """A run of one engine. Inside its ``with`` block interrupts are collected and the time is taken.

    Parameters
    ----------
    model, corpus, settings, epochs, curve, checkpoint, resume, overwrite, progress
        As in `training.train`.
    parts : int
        Of an epoch.
    judge : callable, optional
        Gives the held-out loss.
    keeper : object with ``state()`` and ``put(state)``
        What goes on from step to step beside the tables: Adam's moments, or random numbers. ``put`` raises
        `CheckpointError`, and changes nothing, for a state that is not its own.
    engine : str
    fixed : dict, optional
        What a resumed run must have in common beside the settings.
    unit : str
        What the bar counts.
    team : several.Member, optional
        Of a run by several processes: whether they agree now, and whether one of them was asked to stop.
    save_every : float, optional
        Seconds between two checkpoints, at least. Default: `EVERY`.

    Attributes
    ----------
    epoch, part, done : int
        Finished epochs, finished parts of the next one, and finished steps of the next part.
    counts : list of int
        Center words of the epoch so far, and those without a noise word.
    asked : list
        Interrupts; the loop ends at the next place that it can.
    """

    def __init__(
        self, model: nn.Sequential, corpus: Corpus, settings: Settings, *, epochs: int, parts: int, judge=None,
        curve=None, keeper=None, engine: str = "reference", fixed: dict | None = None,
        checkpoint: Path | None = None, resume: bool = False, overwrite: bool = False, progress: bool = True,
        unit: str = "words", team=None, save_every: float | None = None,
    ):  # fmt: skip
        self.model, self.settings, self.epochs, self.parts = model, settings, epochs, parts
        self.judge, self.curve, self.keeper, self.progress, self.unit = judge, curve, keeper, progress, unit
        self.team, self.save_every = team, EVERY if save_every is None else save_every
        self.history, self.epoch, self.part, self.done, self.counts = History(), 0, 0, 0, [0, 0]
        self.path, self.holds, self.before = checkpoint, None, None
        if curve is not None and not all(callable(getattr(curve, name, None)) for name in ("update", "close")):
            raise ArgumentError(f"curve is {shown(curve)}; give an object with update(history) and close(history)")
        if checkpoint is None:
            if resume or overwrite:
                name = "resume" if resume else "overwrite"
                raise ArgumentError(f"{name}=True needs checkpoint=, the file to go on from or to replace")
            return
        checkpoints.prepare(checkpoint, resume, overwrite)
        self.same = {"corpus": checkpoints.fingerprint(corpus), "engine": engine}
        self.same |= {"tied": model[0] is model[1], **(fixed or {}), **(team.fixed if team else {"parts": parts})}
        if resume:
            self._resume(checkpoints.read(checkpoint))

    def _resume(self, state: dict) -> None:
        """Put a saved state into the model and the keeper, if all of it fits."""
        path, (epoch, part, done) = self.path, (state[name] for name in ("epoch", "part", "done"))
        if bool(self.team) == ("parts" in state["run"]):
            how = "without torchrun" if self.team else "under torchrun: go on with torchrun --nproc-per-node 1, or more"
            raise CheckpointError(f"{path} is of a run {how}")
        parts = state["keeper"].get("parts") if self.team else self.parts
        checkpoints.check(path, state, self.same, self.settings, self.model)
        try:
            history = History(**state["history"])
        except TypeError:
            raise CheckpointError(f"{path} is no checkpoint: its record has other names: train anew") from None
        fault = history.fault(epoch)
        there = type(parts) is int and 0 <= part < parts and done >= 0 and epoch >= 0
        if not (there and all(type(n) is int for n in state["counts"])):
            fault = fault or f"part {part} of {parts} and step {done}, which there are not"
        if fault:
            raise CheckpointError(f"{path} holds {fault}: train anew")
        if epoch + bool(part or done) > self.epochs:
            more = epoch + bool(part or done)
            raise CheckpointError(f"{path} is further than epochs={self.epochs}: give epochs={more} or more")
        try:
            if history.centers or state["keeper"]:
                self.keeper.put(state["keeper"])
        except CheckpointError as error:
            raise CheckpointError(f"{path}: {error}") from None
        self.before, part = weights(self.model), part * self.parts // parts  # of a team, an epoch has other parts
        self.model.load_state_dict(state["model"])
        self.history, self.epoch, self.part, self.done = history, epoch, part, done
        self.counts, history.interrupted, self.holds = list(state["counts"]), False, epoch + part / self.parts

    def steps(self, steps: int) -> None:
        """Refuse to go on in a part that has fewer steps than the checkpoint says are done; the model is as it was."""
        if self.done > steps:
            restore(self.model, self.before)
            raise CheckpointError(f"{self.path} holds step {self.done} of a part that has {steps}: train anew")
        self.before = None

    def __enter__(self):
        self.started, self.seconds, self.saved = time.perf_counter(), self.history.seconds, time.perf_counter()
        with ExitStack() as stack:
            if self.curve is not None:
                stack.callback(lambda: self.curve.close(self.history))
            if not self.history.heldout:
                self._judge()
            self.show()
            self.bar = stack.enter_context(progress_bar(self.unit, self.progress))
            self.asked = stack.enter_context(interrupts())
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        return self.stack.__exit__(*error)

    @property
    def goes_on(self) -> bool:
        """Whether there is an epoch left and nobody has asked to stop."""
        return self.epoch < self.epochs and not self.history.interrupted

    @property
    def stop(self) -> bool:
        """Whether the run was asked to stop, in whichever of its processes."""
        return self.team.stop if self.team else bool(self.asked)

    def show(self) -> None:
        """Stop the time and draw the curve."""
        self.history.seconds = self.seconds + time.perf_counter() - self.started
        if self.curve is not None:
            self.curve.update(self.history)

    def record(self, epochs_done: float) -> None:
        """Add the pending loss to the record, show it, and write a checkpoint if it is time for one."""
        self.history.record(epochs_done)
        self.show()
        self.save(due=time.perf_counter() - self.saved >= self.save_every, last=False)

    def end_epoch(self) -> None:
        """Close an epoch: its own mean loss, and the held-out loss after it."""
        self.epoch, self.part, self.done, self.counts = self.epoch + 1, 0, 0, [0, 0]
        self.history.end_epoch()
        self._judge()

    def rest(self) -> None:
        """After each part or epoch: note an interrupt, show, and write the checkpoint if it is time or the end."""
        self.history.interrupted = self.stop and self.epoch < self.epochs
        self.show()
        self.save(due=not self.goes_on or time.perf_counter() - self.saved >= self.save_every, last=not self.goes_on)

    def _judge(self) -> None:
        if self.judge is not None:
            self.history.heldout.append((float(self.epoch), self.judge()))

    def save(self, due: bool, last: bool) -> None:
        """Write the checkpoint, if there is to be one. One that fails is tried again later; the last one raises."""
        if self.path is None or not due or (self.team and not self.team.agreed):
            return
        if not finite(self.model):
            raise FloatingPointError(f"in epoch {self.epoch + 1}")
        state = {"run": self.same, "settings": asdict(self.settings), "model": dict(self.model.state_dict())}
        state |= {"keeper": self.keeper.state(), "history": asdict(self.history), "counts": list(self.counts)}
        try:
            checkpoints.save(self.path, {**state, "epoch": self.epoch, "part": self.part, "done": self.done})
            self.holds = self.epoch + self.part / self.parts
        except CheckpointPlaceError as error:
            if last:
                raise
            warnings.warn(f"{error}; training goes on, and the next state is tried again", stacklevel=2)
        self.saved = time.perf_counter()

    @contextmanager
    def undone(self):
        """Set the tables back to what they were before the block if it ends in divergence or an unfit text.

        Of a team, those of process 0, which the others take whenever they begin.
        """
        good, epoch = [] if self.team and self.team.team.rank else weights(self.model), self.epoch
        try:
            yield
        except CorpusError:
            restore(self.model, good)
            raise
        except FloatingPointError as error:
            restore(self.model, good)
            kept = f" {self.path} holds the state after {self.holds:g} epochs." if self.holds is not None else ""
            raise TrainingDiverged(
                f"the loss or a table is no longer finite {error}: the learning rate {self.settings.lr} is too high, "
                f"most likely. The model is back where it was when epoch {epoch + 1} began or was resumed.{kept} "
                "Give a smaller lr."
            ) from None


@checked(model=two_tables(bags=True))
def weights(model: nn.Sequential) -> list[torch.Tensor]:
    """Copies of the two tables."""
    return [embed.weight.detach().clone() for embed in model]


@checked(model=two_tables(bags=True))
def restore(model: nn.Sequential, tables: list[torch.Tensor]) -> None:
    """Put the weights of the two tables back."""
    with torch.no_grad():
        for embed, table in zip(model, tables):
            embed.weight.copy_(table)


@checked(model=two_tables(bags=True))
def finite(model: nn.Sequential) -> bool:
    """Whether every number of the two tables is, and none so large that training has lost its way."""
    return all(all_finite(embed.weight.detach(), LARGEST) for embed in model)


def progress_bar(unit: str, shown: bool) -> tqdm:
    """The bar of a run, whose total is set as it becomes known."""
    return tqdm(total=0, unit=f" {unit}", unit_scale=True, disable=not shown, leave=False)
