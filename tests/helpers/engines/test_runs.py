"""A run of any engine: its checkpoints, how often they are written, and that it goes on from each to the same bits."""

import itertools
import os
import resource
import signal
import time
import warnings
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from helpers.arguments import ArgumentError
from helpers.corpus import CorpusError, make_corpus
from helpers.engines import checkpoints, runs, train
from helpers.engines.checkpoints import CheckpointError, CheckpointPlaceError
from helpers.model import make_model
from helpers.training import TrainingDiverged

FAST = ["reference", "numba", "torch"]  # in the tests' seconds, beside Triton's interpreter
ENGINES = FAST + ["triton"] * bool(os.environ.get("TRITON_INTERPRET"))
WORDS = [f"w{k}" for k in range(40)]
RNG = np.random.default_rng(5)
TEXT = make_corpus(
    [[WORDS[k] for k in RNG.integers(0, 40, n)] for n in RNG.integers(2, 12, 60)],
    heldout=[[WORDS[k] for k in RNG.integers(0, 40, 9)] for _ in range(5)],
)
QUICK = {"epochs": 3, "t": 0.02, "max_window": 2, "threads": 1, "progress": False, "batch_size": 32}


def new(seed=0):
    return make_model(len(TEXT.vocab), 4, seed=seed)


def same(one, two):
    return all(torch.equal(a.weight, b.weight) for a, b in zip(one, two))


def record(history):
    return {name: value for name, value in asdict(history).items() if name not in ("seconds", "interrupted")}


class Press:
    """Presses Ctrl-C once so many losses have been recorded."""

    def __init__(self, at=10**9):
        self.at, self.seen, self.closed = at, 0, 0

    def update(self, history):
        if len(history.running) >= self.at and not self.seen:
            self.seen = 1
            os.kill(os.getpid(), signal.SIGINT)

    def close(self, history):
        self.closed += 1


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(runs, "EVERY", 0.0)


@pytest.fixture
def states(monkeypatch, often):
    """All states that a run writes."""
    seen, save = [], checkpoints.save

    def spy(path, state):
        save(path, state)
        seen.append((path.read_bytes(), state["epoch"], state["part"], state["done"]))

    monkeypatch.setattr(checkpoints, "save", spy)
    return seen


@pytest.mark.parametrize("engine", FAST)
def test_a_run_goes_on_to_the_same_bits_from_every_state_that_it_wrote(engine, states, tmp_path):
    whole, path = new(), tmp_path / "run.pt"
    reference = train(whole, TEXT, engine=engine, checkpoint=path, **QUICK)
    written = list(states)
    assert len(written) >= 3 * 5 and {epoch for _, epoch, _, _ in written} == {0, 1, 2, 3}
    for content, *_ in written[::5]:
        path.write_bytes(content)
        other = new(seed=9)
        history = train(other, TEXT, engine=engine, checkpoint=path, resume=True, **QUICK)
        assert same(other, whole) and record(history) == record(reference)


@pytest.mark.parametrize(("engine", "at"), [*itertools.product(FAST, [1, 4, 9, 14]), ("triton", 4)])
def test_a_run_that_was_interrupted_goes_on_to_the_same_bits(engine, at, tmp_path):
    if engine not in ENGINES:
        pytest.skip("Triton and its interpreter are not here")
    whole, stopped, path, curve = new(), new(), tmp_path / "run.pt", Press(at)
    reference = train(whole, TEXT, engine=engine, **QUICK)
    part = train(stopped, TEXT, engine=engine, checkpoint=path, curve=curve, **QUICK)
    assert part.interrupted and 0 < part.centers < reference.centers and curve.closed == 1
    resumed = new(seed=3)
    history = train(resumed, TEXT, engine=engine, checkpoint=path, resume=True, **QUICK)
    assert same(resumed, whole) and record(history) == record(reference) and not history.interrupted


def test_several_threads_go_on_also_as_others(tmp_path):
    text, losses = make_corpus([WORDS[:20]] * 300, heldout=[WORDS[:20]] * 9), []
    quick = {**QUICK, "t": None, "engine": "numba"}
    for before, after in ((2, 2), (2, 1), (1, 3)):
        model, path = make_model(len(text.vocab), 4), tmp_path / f"{before}{after}.pt"
        train(model, text, checkpoint=path, curve=Press(12), **{**quick, "threads": before})
        history = train(model, text, checkpoint=path, resume=True, **{**quick, "threads": after})
        assert len(history.epoch_losses) == 3
        losses.append(history.heldout[-1][1])
    model = make_model(len(text.vocab), 4)
    assert losses == pytest.approx([train(model, text, **quick).heldout[-1][1]] * 3, abs=0.05)


def test_checkpoints_are_half_a_minute_apart(monkeypatch, tmp_path):
    clock, states = [0.0], []

    def passing():
        clock[0] += 1.0
        return clock[0]

    monkeypatch.setattr(runs.time, "perf_counter", passing)
    monkeypatch.setattr(checkpoints, "save", lambda path, state: states.append((state["epoch"], clock[0])))
    assert runs.EVERY == 30
    train(new(), TEXT, engine="numba", checkpoint=tmp_path / "a.pt", **{**QUICK, "epochs": 12})
    times = [at for _, at in states]
    assert 3 <= len(states) < 20 and states[-1][0] == 12  # of a hundred places where it could be
    assert all(b - a >= 30 for a, b in zip(times[:-1], times[1:-1]))


def test_another_engine_other_epochs_and_other_options_are_refused(tmp_path):
    path, model = tmp_path / "run.pt", new()
    train(model, TEXT, engine="numba", checkpoint=path, **QUICK)
    before = new(seed=4)
    for options, match in (
        ({"engine": "torch"}, "engine: numba there, torch here"),
        ({"engine": "reference"}, "engine: numba there, reference here"),
        ({"epochs": 4}, "epochs: 3 there, 4 here"),
        ({"options": {"shared": 9}}, "options: {} there"),
    ):
        other = new(seed=4)
        with pytest.raises(CheckpointError, match=match):
            train(other, TEXT, checkpoint=path, resume=True, **{"engine": "numba", **QUICK, **options})
        assert same(other, before)


@pytest.mark.parametrize("engine", ["numba", "torch"])
def test_random_numbers_that_are_missing_are_refused(engine, tmp_path):
    path = tmp_path / "run.pt"
    train(new(), TEXT, engine=engine, checkpoint=path, **QUICK)
    state = checkpoints.read(path)
    zero = {"random": torch.zeros(1, dtype=torch.int64)}
    for keeper in ({}, {"random": torch.ones(1)}, {"random": 7}, zero, {"numpy": "{}", "torch": torch.zeros(4)}):
        checkpoints.save(path, {**state, "keeper": keeper})
        other = new(seed=4)
        with pytest.raises(CheckpointError, match="its random numbers are missing"):
            train(other, TEXT, engine=engine, checkpoint=path, resume=True, **QUICK)
        assert same(other, new(seed=4))
    checkpoints.save(path, {**state, "epoch": 2, "done": 3, "history": {**state["history"], "epoch_losses": [0.5] * 2}})
    with pytest.raises(CheckpointError, match="holds step 3 of a part that has 0"):
        train(other, TEXT, engine=engine, checkpoint=path, resume=True, **QUICK)
    assert same(other, new(seed=4))


# -- the place, and what goes wrong there


@pytest.mark.parametrize("engine", ENGINES)
def test_a_place_that_cannot_be_written_to_is_said_before_the_first_step(engine, tmp_path):
    (tmp_path / "file").write_text("x")
    model, curve = new(), Press()
    with pytest.raises(CheckpointPlaceError, match="checkpoint: "):
        train(model, TEXT, engine=engine, checkpoint=tmp_path / "file" / "run.pt", curve=curve, **QUICK)
    assert same(model, new())


@pytest.mark.parametrize("engine", FAST)
def test_a_checkpoint_that_is_there_is_not_lost(engine, tmp_path):
    path, model = tmp_path / "run.pt", new()
    train(model, TEXT, engine=engine, checkpoint=path, **QUICK)
    whole = path.read_bytes()
    with pytest.raises(CheckpointError, match="give resume=True to go on with it, or give overwrite=True"):
        train(new(), TEXT, engine=engine, checkpoint=path, **QUICK)
    with pytest.raises(CheckpointError, match="give one"):
        train(new(), TEXT, engine=engine, checkpoint=path, resume=True, overwrite=True, **QUICK)
    assert path.read_bytes() == whole
    train(new(), TEXT, engine=engine, checkpoint=path, overwrite=True, **{**QUICK, "epochs": 1})
    assert checkpoints.read(path)["epoch"] == 1
    for name in ("resume", "overwrite"):
        with pytest.raises(ArgumentError, match=f"{name}=True needs checkpoint="):
            train(new(), TEXT, engine=engine, **{name: True}, **QUICK)


def test_a_full_disk_leaves_the_old_file_and_the_model(tmp_path, often):
    """By the system's own limit on the size of a file."""
    path, model = tmp_path / "run.pt", new()
    train(model, TEXT, engine="numba", checkpoint=path, **{**QUICK, "epochs": 1})
    whole, before = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            with pytest.raises(CheckpointPlaceError, match="checkpoint: cannot be .*File too large.*there still"):
                train(model, TEXT, engine="numba", checkpoint=path, overwrite=True, **QUICK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == whole and os.listdir(tmp_path) == ["run.pt"]
    assert "training goes on, and the next state is tried again" in str(said[0].message)
    other = make_model(len(TEXT.vocab), 4)
    train(other, TEXT, engine="numba", **{**QUICK, "epochs": 1})
    train(other, TEXT, engine="numba", **QUICK)
    assert same(model, other)  # the run went on to its end


def test_divergence_says_what_the_checkpoint_holds(tmp_path, often):
    path, model = tmp_path / "run.pt", new()
    with pytest.raises(TrainingDiverged) as error:
        train(model, TEXT, engine="numba", checkpoint=path, **{**QUICK, "lr": 1e30, "t": None})
    assert "Give a smaller lr" in str(error.value) and same(model, new())
    assert ("holds the state after" in str(error.value)) == path.is_file()
    if path.is_file():
        assert all(torch.isfinite(table).all() for table in checkpoints.read(path)["model"].values())


class Spoil(Press):
    def __init__(self, model, at):
        super().__init__()
        self.model, self.place = model, at

    def update(self, history):
        if len(history.running) == self.place:
            self.model[1].weight.data[2] = torch.nan


@pytest.mark.parametrize("engine", FAST)
def test_a_state_that_is_not_finite_is_never_written(engine, tmp_path, often):
    path, model = tmp_path / "run.pt", new()
    curve = Spoil(model, 7)
    with pytest.raises(TrainingDiverged, match="holds the state after"):
        train(model, TEXT, engine=engine, checkpoint=path, curve=curve, **QUICK)
    assert curve.closed == 1 and all(embed.weight.grad is None for embed in model)
    assert all(torch.isfinite(embed.weight).all() for embed in model)
    assert all(torch.isfinite(table).all() for table in checkpoints.read(path)["model"].values())


def test_an_error_of_the_curve_closes_it_and_ends_the_handling_of_interrupts(tmp_path):
    class Broken(Press):
        def update(self, history):
            raise RuntimeError("no canvas")

    before = signal.getsignal(signal.SIGINT)
    for engine in ("reference", "numba"):
        curve, model = Broken(), new()
        with pytest.raises(RuntimeError, match="no canvas"):
            train(model, TEXT, engine=engine, curve=curve, **QUICK)
        assert curve.closed == 1 and signal.getsignal(signal.SIGINT) is before
        assert all(embed.weight.grad is None for embed in model)


# -- odd arguments, the same for every engine

ODD = {
    "epochs": [0, -1, 1.5, np.nan, np.inf, "5", True, None, [1], 2**70],
    "lr": [0, -1, np.nan, np.inf, "x", True, [1.0]],
    "K": [0, -1, 1.5, np.nan, "x", 10**9, True],
    "max_window": [0, -1, 2.5, 10**9, "x", None],
    "batch_size": [0, -1, 2**70, 10**9, np.inf, None],
    "t": [0, -1e-4, np.nan, np.inf, "x", False],
    "seed": [-1, 1.5, "x", None, 2**70],
    "average": ["x", None, 1, b"row"],
    "frozen": ["no", 2, None],
    "curve": [object(), 3, "x"],
    "device": ["banana", 3, "", "meta", b"cpu", "cuda:99"],
    "options": ["x", 3, [1], {"nothing": 1}, {1: 2}],
    "threads": [0, -1, 1.5, "x", True, 10**9],
    "checkpoint": [3, "", b"x", "a\0b"],
    "resume": ["yes", 3], "overwrite": ["no", None], "progress": ["x"], "heldout": [None],
    "settings": [{}, 3, "x"], "engine": ["c", None, 3], "nonsense": [1],
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ODD)
def test_an_odd_argument_is_refused_by_its_name(engine, name):
    for value in ODD[name]:
        model = new()
        with pytest.raises(ArgumentError, match=name):
            train(model, TEXT, **{"engine": engine, **QUICK, name: value})
        assert same(model, new())


@pytest.mark.parametrize("engine", FAST)
def test_what_people_reasonably_give_is_taken(engine):
    plain, given = new(), new()
    train(plain, TEXT, engine=engine, **{**QUICK, "K": 5, "seed": 7})
    odd = {"epochs": 3.0, "K": np.int64(5), "max_window": 2.0, "batch_size": np.float64(32), "seed": np.array(7)}
    odd |= {"t": np.float64(0.02), "threads": 1.0, "frozen": np.False_, "progress": 0, "options": {}, "device": "cpu"}
    train(given, TEXT, engine=engine, **odd)
    assert same(plain, given)
    train(given, TEXT, engine=engine, **{**QUICK, "t": 1e9, "epochs": 1})  # keeps everything


def test_a_text_that_loses_almost_all_is_warned_of(monkeypatch):
    with pytest.warns(UserWarning, match=r"t=1e-06 keeps .*% of the words of text: t=.* would keep half"):
        with pytest.raises(CorpusError):
            train(new(), replace(TEXT, name="text"), **{**QUICK, "t": 1e-4 / 100, "engine": "numba"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(new(), TEXT, engine="numba", **QUICK)


@pytest.mark.parametrize("engine", FAST)
def test_a_held_out_text_of_which_nothing_is_left_is_left_out(engine):
    rare = make_corpus([WORDS[:20] * 3, WORDS[20:]] * 9, heldout=[["w1", "w2"]])
    history = train(make_model(len(rare.vocab), 4), rare, engine=engine, **{**QUICK, "t": 5e-4})
    assert history.heldout == [] and len(history.epoch_losses) == 3


def test_time_is_that_of_all_parts_of_a_run(tmp_path, often):
    path, model = tmp_path / "run.pt", new()
    first = train(model, TEXT, engine="numba", checkpoint=path, curve=Press(5), **QUICK)
    time.sleep(0.05)
    second = train(model, TEXT, engine="numba", checkpoint=path, resume=True, **QUICK)
    assert second.seconds > first.seconds > 0
