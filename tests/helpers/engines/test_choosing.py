"""How an engine is driven, by one that computes nothing: rates, parts, the record, errors, the button."""

import os
import signal
from contextlib import contextmanager

import numpy as np
import pytest
import torch

from helpers.corpus import CorpusError, make_corpus
from helpers.engines import choosing, runs, train
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.training import TrainingDiverged

CORPUS = make_corpus([["a", "b"], ["c", "b", "a"]] * 10)  # 20 sentences, 50 words


class Stub:
    """Says of every part what it is told to, and notes what it is asked."""

    OPTIONS = ("batch", "shared")
    device, note = "cpu", " (a stub)"

    def __init__(
        self, model=None, corpus=None, settings=None, device=None, answer=(8.0, 4.0, 10, 0), at=None, **options
    ):
        self.asked, self.answer, self.at, self.options, self.closed = [], answer, at or {}, options, False
        self.settings, self.wants = settings, device

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def train(self, first, last, lr):
        self.asked.append((first, last, lr))
        self.threads = torch.get_num_threads()
        act = self.at.get(len(self.asked))
        answer = act() if act else None
        return np.array(self.answer if answer is None else answer, dtype=float)


class Curve:
    def __init__(self):
        self.points, self.closed = [], 0

    def update(self, history):
        self.points.append(len(history.running))

    def close(self, history):
        self.closed += 1


def press():
    os.kill(os.getpid(), signal.SIGINT)


def descend(stub, epochs=2, corpus=CORPUS, model=None, lr=1.0, curve=None, heldout=False):
    model = model or make_model(len(corpus.vocab), 2)
    settings = Settings(lr=lr, t=None)
    return choosing._descend(stub, model, corpus, settings, epochs=epochs, curve=curve, progress=False, heldout=heldout)


def test_every_sentence_is_trained_on_once_an_epoch_at_a_rate_that_falls_to_nothing():
    stub, curve = Stub(), Curve()
    history = descend(stub, curve=curve)
    assert [(a, b) for a, b, _ in stub.asked] == [(k, k + 2) for k in range(0, 20, 2)] * 2
    assert [lr for *_, lr in stub.asked] == pytest.approx(np.arange(20, 0, -1) / 20)
    assert history.centers == 200 and not history.interrupted
    assert history.running == [(pytest.approx((k + 1) / 10), 2.0) for k in range(20)]
    assert history.epoch_losses == [2.0, 2.0] and history.loss_sum == 160 and history.weight_sum == 80
    assert curve.closed == 1 and set(range(21)) <= set(curve.points) and history.seconds > 0


def test_the_rate_ends_at_a_ten_thousandth(monkeypatch):
    monkeypatch.setattr(choosing, "PARTS", 20 * 5000)
    stub = Stub()
    descend(stub, epochs=1, lr=3.0)
    assert [(a, b) for a, b, _ in stub.asked] == [(k, k + 1) for k in range(20)]
    assert stub.asked[-1][2] == pytest.approx(3e-4) and stub.asked[-2][2] == pytest.approx(3 * (5001 / 100_000))


def test_a_long_text_has_more_parts(monkeypatch):
    monkeypatch.setattr(choosing, "TOKENS", 3)
    stub = Stub()
    assert len(CORPUS.ids) == 50 and len(descend(stub, epochs=1).running) == 17 == len(stub.asked)  # 50 / 3, rounded up
    assert (choosing.PARTS, stub.asked[0][0], stub.asked[-1][1]) == (10, 0, 20)
    assert all(last == first for (_, last, _), (first, _, _) in zip(stub.asked, stub.asked[1:]))


def test_a_loss_that_no_step_measured_waits_for_the_next_part():
    stub = Stub(at={1: lambda: (0, 0, 10, 0), 2: lambda: (6, 2, 10, 0)})
    history = descend(stub, epochs=1)
    assert history.running[0] == (pytest.approx(0.2), 3.0) and len(history.running) == 9


def test_the_bar_counts_the_words_of_the_text(monkeypatch):
    class Bar:
        total, done, said = 0, 0, []

        def update(self, n):
            self.done += n

        def set_description(self, text):
            self.said.append(text)

    bar = Bar()

    @contextmanager
    def progress_bar(unit, shown):
        assert (unit, shown) == ("tokens", True)
        yield bar

    monkeypatch.setattr(runs, "progress_bar", progress_bar)
    choosing._descend(
        Stub(), make_model(4, 2), CORPUS, Settings(lr=1.0), epochs=3, curve=None, progress=True, heldout=False
    )
    assert bar.total == bar.done == 3 * 50 and bar.said == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]


@pytest.mark.parametrize(("bare", "refused"), [(0, False), (10, False), (11, True)])
def test_one_center_in_a_hundred_may_be_without_noise(bare, refused):
    """Of 1,000 center words in ten parts."""
    stub = Stub(answer=(8, 4, 100, 0), at={3: lambda: (8, 4, 100, bare)})
    if not refused:
        assert descend(stub, epochs=1).centers == 1000
        return
    model = make_model(4, 2)
    with pytest.raises(CorpusError, match="for 11 of 1,000 center words every noise word drawn was a context"):
        descend(stub, epochs=1, model=model)


def test_an_epoch_that_trains_on_nothing_is_refused():
    with pytest.raises(CorpusError, match="t=None left no sentence of two words"):
        descend(Stub(answer=(0, 0, 0, 0)))


def spoil(model, value):
    def act():
        model[1].weight.data[2, 1] = value

    return act


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_table_that_is_not_finite_is_set_back_to_the_last_epochs_end(value):
    model = make_model(4, 2)
    stub = Stub(at={7: spoil(model, 5.0), 15: spoil(model, value)})
    with pytest.raises(TrainingDiverged, match="after epoch 2: .*when epoch 2 began"):
        descend(stub, model=model)
    expected = make_model(4, 2)
    expected[1].weight.data[2, 1] = 5.0  # the first epoch's end
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(model, expected))
    assert len(stub.asked) == 20


def test_a_refusal_sets_the_tables_back_as_well():
    model, curve = make_model(4, 2), Curve()
    stub = Stub(answer=(8, 4, 10, 10), at={2: spoil(model, 5.0)})
    with pytest.raises(CorpusError, match="too few different words"):
        descend(stub, model=model, curve=curve)
    assert torch.equal(model[1].weight, make_model(4, 2)[1].weight) and curve.closed == 1


@pytest.mark.parametrize(
    ("at", "asked", "epochs_done", "interrupted"),
    [(3, 3, 0, True), (10, 10, 1, True), (14, 14, 1, True), (20, 20, 2, False)],
)
def test_the_button_ends_the_run_after_the_part_that_it_fell_in(at, asked, epochs_done, interrupted):
    """Ten parts an epoch, two epochs; in the very last part there is nothing left to interrupt."""
    stub = Stub(at={at: press})
    history = descend(stub)
    assert len(stub.asked) == asked and history.centers == 10 * asked
    assert len(history.epoch_losses) == epochs_done and history.interrupted is interrupted


def test_the_button_in_a_part_without_a_word_is_no_empty_epoch():
    history = descend(Stub(answer=(0, 0, 0, 0), at={1: press}))
    assert history.interrupted and history.centers == 0


def test_the_held_out_loss_is_judged_before_and_after_each_epoch(toy):
    stub = Stub()
    history = choosing._descend(
        stub,
        make_model(len(toy.vocab), 2),
        toy,
        Settings(lr=1.0, t=0.01),
        epochs=2,
        curve=None,
        progress=False,
        heldout=True,
    )
    assert [x for x, _ in history.heldout] == [0.0, 1.0, 2.0]


# -- which engine, and what it is handed


@pytest.fixture
def machine(monkeypatch):
    def make(*packages, cuda=False):
        monkeypatch.setattr(choosing, "_installed", lambda package: package in packages)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)

    return make


@pytest.mark.parametrize(
    ("packages", "cuda", "device", "expected"),
    [
        (("numba", "triton"), True, None, "triton"), (("numba", "triton"), True, "cuda:1", "triton"),
        (("numba", "triton"), True, "cpu", "numba"), (("numba", "triton"), False, None, "numba"),
        (("numba",), True, None, "numba"), (("numba",), True, "cuda", "torch"), (("triton",), False, None, "torch"),
        ((), True, None, "torch"), (("numba",), False, "mps", "torch"),
        (("numba",), False, torch.device("cpu"), "numba"),
    ],
)  # fmt: skip
def test_auto_takes_the_fastest_that_runs_there(machine, packages, cuda, device, expected):
    machine(*packages, cuda=cuda)
    assert choosing.choose("auto", device) == expected


def test_an_engine_that_is_named_is_taken_or_refused(machine, monkeypatch):
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    machine("numba", "triton", cuda=False)
    assert [choosing.choose(name) for name in ("reference", "torch", "numba")] == ["reference", "torch", "numba"]
    for device in (None, "cuda", "mps", "cpu"):
        with pytest.raises(ValueError, match="engine='triton' needs an NVIDIA GPU"):
            choosing.choose("triton", device)
    machine("numba", "triton", cuda=True)
    assert choosing.choose("triton") == "triton"
    assert choosing.choose("numba", "cpu") == "numba" and choosing.choose("torch", "cuda") == "torch"
    assert choosing.choose("triton", "cuda") == "triton"
    with pytest.raises(ValueError, match="engine is 'c'; give one of 'reference', 'torch', 'numba', 'triton', 'auto'"):
        choosing.choose("c")
    with pytest.raises(ValueError, match="trains on the CPU, not on cuda"):
        choosing.choose("numba", "cuda:0")
    with pytest.raises(ValueError, match="needs an NVIDIA GPU"):
        choosing.choose("triton", "cpu")
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    assert choosing.choose("triton", "cpu") == "triton"
    machine()
    with pytest.raises(ImportError, match="needs the package numba .pip install"):
        choosing.choose("numba")
    with pytest.raises(ImportError, match="needs the package triton .it comes with PyTorch"):
        choosing.choose("triton")
    assert choosing.choose("torch") == "torch" and choosing.choose("reference") == "reference"


def test_packages_are_found_where_they_are():
    assert choosing._installed("torch") and not choosing._installed("no_such_package_anywhere")


@pytest.fixture
def stubs(monkeypatch):
    """Every engine that is made, in place of PyTorch's."""
    made = []

    def engine(*args, **options):
        made.append(Stub(*args, **options))
        return made[-1]

    engine.OPTIONS = Stub.OPTIONS
    monkeypatch.setattr("helpers.engines.torch.Engine", engine)
    return made


def test_an_engine_is_handed_the_settings_the_device_and_its_options(stubs, capsys):
    model, before = make_model(4, 2), torch.get_num_threads()
    options = {"device": "cpu", "options": {"shared": 3}, "K": 7, "settings": Settings(seed=4, lr=0.5)}
    history = train(model, CORPUS, engine="torch", epochs=3, threads=before + 1, **options)
    (stub,) = stubs
    assert stub.settings == Settings(seed=4, lr=0.5, K=7) and stub.wants == "cpu" and stub.options == {"shared": 3}
    assert len(stub.asked) == 30 and len(history.epoch_losses) == 3 and stub.closed and stub.threads == before + 1
    assert torch.get_num_threads() == before
    assert "engine: torch on cpu (a stub)\n" in capsys.readouterr().out
    train(model, CORPUS, engine="torch", progress=False)
    assert capsys.readouterr().out == "" and len(stubs[1].asked) == 50 and stubs[1].options == {}  # 5 epochs
    with pytest.raises(ValueError, match="options has a, b, and the options of engine='torch' are: batch, shared"):
        train(model, CORPUS, engine="torch", options={"b": 1, "a": 2, "shared": 3})


def test_what_an_engine_cannot_do_is_refused_before_it_is_made(stubs, tmp_path):
    model = make_model(4, 2)
    for options, match in (
        ({"frozen": True}, "only engine='reference'"),
        ({"epochs": 0}, "epochs is 0"),
        ({"lr": -1.0}, "lr is -1"),
        ({"threads": 0}, "threads is 0; give a whole number"),
        ({"threads": 1.5}, "threads is 1.5; give a whole number"),
    ):
        with pytest.raises(ValueError, match=match):
            train(model, CORPUS, engine="torch", **options)
    with pytest.raises(ValueError, match="model.0. has 7 words and the corpus 4: make the model with"):
        train(make_model(7, 2), CORPUS, engine="torch")
    assert stubs == []


def test_the_reference_is_handed_everything(monkeypatch, tmp_path):
    seen = {}
    monkeypatch.setattr(choosing.training, "train", lambda model, corpus, **given: seen.update(given) or "history")
    settings, curve, before = Settings(K=2), Curve(), torch.get_num_threads()
    given = {"epochs": 2, "device": "cpu", "checkpoint": tmp_path / "a", "resume": True, "progress": False, "seed": 9}
    given |= {"heldout": False, "settings": settings, "curve": curve, "overwrite": False}
    assert train(make_model(4, 2), CORPUS, engine="reference", threads=1, **given) == "history"
    assert seen == given and torch.get_num_threads() == before
    with pytest.raises(ValueError, match="options: engine='reference' has none"):
        train(make_model(4, 2), CORPUS, engine="reference", options={"batch": 3})


def test_a_loss_is_recorded_at_the_end_of_its_part(toy):
    model = make_model(len(toy.vocab), 4)
    history = choosing.train(model, toy, epochs=2, t=None, engine="torch", progress=False, heldout=False)
    assert [epochs for epochs, _ in history.running] == pytest.approx([k / 10 for k in range(1, 21)])
    assert type(history.centers) is int and all(type(loss) is float for _, loss in history.running)
