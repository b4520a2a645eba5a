# Taught in 10 · exercised in 10.1 · tests/helpers/engines/test_choosing.py tests/helpers/engines/test_engines.py
"""One call, four engines, and the loop that the fast ones share.

The plain loop of notebook 05 is one of them. A fast engine is a module of this folder with a class ``Engine``: it
is made from a model, a corpus and settings, and its ``train(first, last, lr)`` trains on the sentences first..last-1.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from contextlib import ExitStack, contextmanager
from pathlib import Path

import torch
from torch import nn

from helpers import training
from helpers.arguments import ArgumentError, checked, instance, number, one_of, optional, shown, whole
from helpers.corpus import Corpus, CorpusError
from helpers.engines import several, teams
from helpers.engines.combining import RULES
from helpers.engines.devices import kind_of, pick_device
from helpers.engines.history import DESCENT_RATES, History, Settings
from helpers.engines.runs import Run, finite
from helpers.engines.safety import check_run, warn_of_thinning

NAMES = ("reference", "torch", "numba", "triton", "auto")
PARTS = 10  # of an epoch, at least: the learning rate falls, the bar moves and an interrupt is heard after each
TOKENS = 200_000  # of a part, at most


@checked(engine=one_of(*NAMES))
def choose(engine: str, device: str | torch.device | None = None) -> str:
    """The engine that a name stands for here.

    Parameters
    ----------
    engine : {"reference", "torch", "numba", "triton", "auto"}
        ``"auto"``: Triton where there is an NVIDIA GPU, else Numba where it is installed, else PyTorch alone.
    device : str or torch.device, optional
        Where the caller wants to train.

    Raises
    ------
    ArgumentError
        For another name, or a device on which the engine does not run.
    ImportError
        If its package is not installed.
    """
    kind = kind_of(device)
    if engine == "auto":
        if kind in (None, "cuda") and torch.cuda.is_available() and _installed("triton"):
            return "triton"
        return "numba" if kind in (None, "cpu") and _installed("numba") else "torch"
    if engine in ("numba", "triton") and not _installed(engine):
        how = "pip install -r requirements.txt" if engine == "numba" else "it comes with PyTorch on Linux alone"
        raise ImportError(f"engine={engine!r} needs the package {engine} ({how}); engine='auto' takes what is here")
    if engine == "numba" and kind not in (None, "cpu"):
        raise ArgumentError(f"engine='numba' trains on the CPU, not on {kind}: leave device out, or take engine='auto'")
    there = kind in (None, "cuda") and torch.cuda.is_available()
    if engine == "triton" and not there and not os.environ.get("TRITON_INTERPRET"):
        raise ArgumentError("engine='triton' needs an NVIDIA GPU; on a CPU, engine='numba' is the fast one")
    return engine


OPTIONS = optional(instance(dict, wanted="a dict of names and values"))


@checked(
    engine=one_of(*NAMES), threads=optional(whole(1, 1024)), options=OPTIONS, combine=optional(one_of(*RULES)),
    every=optional(whole(1)), patience=number(above=0), save_every=optional(number(least=0)), **training.RULES,
)  # fmt: skip
def train(
    model: nn.Sequential,
    corpus: Corpus,
    *,
    engine: str = "auto",
    epochs: int = 5,
    settings: Settings | None = None,
    device: str | torch.device | None = None,
    curve=None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    progress: bool = True,
    heldout: bool = True,
    threads: int | None = None,
    options: dict | None = None,
    combine: str | None = None,
    every: int | None = None,
    patience: float = teams.SECONDS,
    save_every: float | None = None,
    **overrides,
) -> History:
    """Train the two tables with skip-gram and negative sampling by any engine, in place.

    The fast engines have the objective of the reference loop in expectation, by plain gradient descent: the learning
    rate falls linearly to a ten-thousandth of its start, as word2vec.c lets it, and where it is not given it is
    `history.DESCENT_RATES`. The losses that Numba and PyTorch record are means over a sample of the steps. A run that
    is resumed goes on with its random numbers: with one thread of the CPU, to the same bits.

    Under torchrun each process trains on a shard of the text's sentences (`several`), and all end with the same model.
    Process 0 shows, judges and writes the checkpoint; the others need no file. What torchrun starts again after a
    failure goes on from the checkpoint of its own launch.

    Parameters
    ----------
    engine : {"auto", "reference", "torch", "numba", "triton"}
        See `choose`; ``"reference"`` is `training.train`.
    threads : int, optional
        Of the CPU. Default: PyTorch's number. With one thread the result of ``"numba"`` is the same each time.
    options : dict, optional
        Of the engine: ``{"shared": 16}`` of ``"numba"``, ``{"batch": 64}`` of ``"torch"``, ``{"programs": 16}`` of
        ``"triton"``.
    combine : str, optional
        How several processes agree, of `combining.RULES`. Default: ``"tiers"`` with ``engine="numba"``, ``"root"``
        with the others: these add up many steps at a time and bear no multiplied learning rate.
    every : int, optional
        Tokens of a process between two combinings. Default: a 64th of its shard; `several.TOKENS` at most.
    patience : float
        Seconds that a process waits for the others: more than process 0 takes for the held-out loss and a checkpoint.
    save_every : float, optional
        Seconds between two checkpoints, at least. Default: `runs.EVERY`. By ``"tiers"`` each 16th combining has one.
    model, corpus, epochs, settings, device, curve, checkpoint, resume, overwrite, progress, heldout, **overrides
        As in `training.train`.

    Returns
    -------
    History

    Raises
    ------
    ArgumentError
        For an argument or a setting out of range, an option that the engine does not have, or a model and a corpus that
        do not fit.
    ImportError
        If the engine's package is not installed.
    RuntimeError, FileNotFoundError, checkpoints.CheckpointError
        As `training.train`.
    CorpusError
        For a text that is too small for the settings; the model is as it was when the epoch began.
    TrainingDiverged
        When a table is no longer finite; the model is as it was when the epoch began.
    teams.TeamError
        If another process has ended, does not answer, or was started with another text or other arguments.
    """
    engine, options = choose(engine, device), options or {}
    shared = {"epochs": epochs, "curve": curve, "progress": progress, "heldout": heldout}
    shared |= {"checkpoint": checkpoint, "resume": resume, "overwrite": overwrite}
    if engine == "reference":
        if teams.launched():
            raise ArgumentError("engine='reference' trains in one process; under torchrun take another engine")
        if save_every is not None:
            raise ArgumentError("save_every: engine='reference' writes a checkpoint each half minute; leave it out")
        if options:
            raise ArgumentError(f"options: engine='reference' has none, and it is {shown(options)}: leave it out")
        with _torch_threads(threads):
            return training.train(model, corpus, settings=settings, device=device, **shared, **overrides)
    settings = Settings.given(settings, overrides, DESCENT_RATES)
    check_run(model, corpus, bags=engine == "numba" and not teams.launched())
    warn_of_thinning(corpus, settings)
    combine = combine or ("tiers" if engine == "numba" else "root")
    if settings.frozen:
        raise ArgumentError("frozen=True is the book's way, which only engine='reference' can follow")
    with _torch_threads(threads), ExitStack() as stack:
        shard, member = corpus, None
        if teams.launched():
            team, device, shard, parts, there = several.enlist(
                model, corpus, settings, device if engine != "numba" else "cpu", patience, checkpoint, every=every,
                epochs=epochs, engine=engine, combine=combine, options=options,
            )  # fmt: skip
            if there:  # torchrun has started all again
                shared |= {"resume": resume or "begun" in there, "overwrite": not resume and "begun" not in there}
            if team.rank:
                quiet = dict.fromkeys(("progress", "heldout", "resume", "overwrite"), False)
                shared |= {"curve": None, "checkpoint": None, **quiet}
        made = stack.enter_context(make_engine(engine, model, shard, settings, device, options))
        if teams.launched():
            made = member = several.Member(made, team, combine, parts, checkpoint)
        if shared["progress"]:
            print(f"engine: {engine} on {pick_device(made.device, quiet=True)}{made.note}")
        shared |= {"engine_name": engine, "options": options, "save_every": save_every}
        history = _descend(made, model, corpus, settings, shard=shard, team=member, **shared)
        if member:
            team.end()
        return history


@checked(name=one_of("torch", "numba", "triton"), settings=instance(Settings), options=OPTIONS)
def make_engine(name: str, model, corpus: Corpus, settings: Settings, device=None, options: dict | None = None):
    """The engine of a name, made for one model, corpus and settings; see `train`.

    Raises
    ------
    ValueError
        For an option that the engine does not have.
    """
    engine = importlib.import_module(f"helpers.engines.{name}").Engine
    unknown = sorted(str(name) for name in options or {} if name not in engine.OPTIONS)
    if unknown:
        has = ", ".join(engine.OPTIONS) or "none"
        raise ArgumentError(f"options has {', '.join(unknown)}, and the options of engine={name!r} are: {has}")
    return engine(model, corpus, settings, device=device, **(options or {}))


def _descend(
    engine, model, corpus, settings, *, heldout, epochs, shard=None, team=None, engine_name="", options=None, **shared
) -> History:
    """Gradient descent by an engine, an epoch after the other; a text that is too small, or divergence, undoes one."""
    shard = shard or corpus
    parts = team.parts if team else max(PARTS, -(-len(corpus.ids) // TOKENS))
    sentences = len(shard.bounds) - 1
    cuts = [sentences * k // parts for k in range(parts + 1)]
    held = training.heldout_examples(corpus, settings) if heldout else None
    run = Run(
        model, corpus, settings, epochs=epochs, parts=parts, keeper=engine, engine=engine_name, unit="tokens",
        judge=held and (lambda: training.evaluate(model, held, average=settings.average)), team=team,
        fixed={"epochs": epochs, "options": options or {}, **getattr(model[0], "fixed", {})}, **shared,
    )  # fmt: skip
    run.steps(0)
    if team:
        team.begin(run)
    share = len(corpus.ids) / max(1, len(shard.ids))
    with run:
        run.bar.total = epochs * len(corpus.ids)
        run.bar.update(run.epoch * len(corpus.ids) + round(share * int(shard.bounds[cuts[run.part]])))
        while run.goes_on:
            run.bar.set_description(f"epoch {run.epoch + 1}/{epochs}")
            with run.undone():
                _descend_epoch(engine, shard, cuts, run, share)
            run.rest()
    return run.history


def _descend_epoch(engine, corpus: Corpus, cuts: list[int], run: Run, share: float = 1.0) -> None:
    """Train on the parts of an epoch from number ``run.part`` on, at a falling rate; an interrupt ends it early."""
    history, settings = run.history, run.settings
    while run.part < run.parts:
        first, last = cuts[run.part : run.part + 2]
        if first < last or run.team:  # whoever has nothing left still combines
            rate = settings.lr * max(1e-4, 1 - (run.epoch + run.part / run.parts) / run.epochs)
            loss, weight, centers, bare = engine.train(first, last, rate)
            run.counts = [run.counts[0] + int(centers), run.counts[1] + int(bare)]
            history.centers += int(centers)
            history.pending = [history.pending[0] + float(loss), history.pending[1] + float(weight)]
            run.bar.update(round(share * int(corpus.bounds[last] - corpus.bounds[first])))
        run.part += 1
        stop = run.stop  # before the curve is drawn, in which another may come
        if run.part < run.parts:
            if history.pending[1] and (first < last or run.team):
                run.record(run.epoch + run.part / run.parts)
            if stop:
                return _check_finite(run)
    _judge_epoch(corpus, run)
    if history.pending[1]:
        run.history.record(run.epoch + 1.0)
    run.end_epoch()


def _judge_epoch(corpus: Corpus, run: Run) -> None:
    """Refuse an epoch that trained on nothing, or without noise words, or to no finite table."""
    trained, bare = run.counts
    if not trained:
        raise CorpusError(
            f"{corpus.name}: subsampling with t={run.settings.t} left no sentence of two words, for every word is "
            "frequent in a small text. Give a larger t, or t=None."
        )
    if bare > 0.01 * trained:
        raise CorpusError(
            f"{corpus.name}: for {bare:,} of {trained:,} center words every noise word drawn was a context: the text "
            "has too few different words. Give a text with more, a smaller max_window, or engine='reference'."
        )
    _check_finite(run)


def _check_finite(run: Run) -> None:
    if not finite(run.model):
        raise FloatingPointError(
            f"after epoch {run.epoch + 1}" if run.part == run.parts else f"in epoch {run.epoch + 1}"
        )


@contextmanager
def _torch_threads(threads: int | None):
    """PyTorch with so many threads inside the block."""
    if threads is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
