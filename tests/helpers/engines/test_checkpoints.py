"""A run's state in a file: all of it comes back, and a file of another run changes nothing."""

import os
from dataclasses import asdict, replace

import pytest
import torch

from helpers.corpus import Vocab, make_corpus
from helpers.engines import checkpoints
from helpers.engines.checkpoints import CheckpointError
from helpers.engines.history import History, Settings
from helpers.model import make_model

CORPUS = make_corpus([["a", "b", "c"], ["b", "c", "d"]])
SETTINGS = Settings(lr=0.01, K=2)


def run(seed=0, dim=3):
    """A model and an optimizer that has taken a step."""
    model = make_model(len(CORPUS.vocab), dim, seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    sum(embed.weight.sum() * (seed + 1) for embed in model).backward()
    optimizer.step()
    return model, optimizer


def state(model, optimizer):
    parts = [*model.state_dict().values()]
    return [x.clone() for x in parts + [y for s in optimizer.state_dict()["state"].values() for y in s.values()]]


def equal(one, two):
    return all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.fixture
def saved(tmp_path):
    path, (model, optimizer) = tmp_path / "deep" / "run.pt", run()
    history = History(running=[(0.5, 0.4)], epoch_losses=[0.3], heldout=[(0.0, 0.7)], centers=9, seconds=2.0)
    history.loss_sum, history.weight_sum, history.pending, history.epoch_start = 3.0, 9.0, [0.5, 1.0], [2.0, 8.0]
    checkpoints.save(path, model, optimizer, CORPUS, SETTINGS, history, 4, 17)
    return path, model, optimizer, history


def test_everything_that_was_saved_comes_back(saved):
    path, model, optimizer, history = saved
    other = run(seed=1)
    assert not equal(state(*other), state(model, optimizer))
    loaded, epoch, done = checkpoints.load(str(path), *other, CORPUS, SETTINGS)
    assert equal(state(*other), state(model, optimizer))
    assert asdict(loaded) == asdict(history) and (epoch, done) == (4, 17)
    assert torch.load(path, weights_only=True)["settings"] == asdict(SETTINGS)


@pytest.mark.parametrize(
    "words",
    [["a", "b", "c", "e"], ["b", "a", "c", "d"], ["ab", "c", "d", "e"]],
    ids=["another", "another order", "joined"],
)
def test_a_vocabulary_of_the_same_size_but_other_words_is_refused(saved, words):
    path, *_ = saved
    other, corpus = run(seed=1), replace(CORPUS, vocab=Vocab(words, [1] * 4))
    before = state(*other)
    with pytest.raises(CheckpointError, match="another corpus or vocabulary"):
        checkpoints.load(path, *other, corpus, SETTINGS)
    assert equal(state(*other), before)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lr", 0.02),
        ("batch_size", 9),
        ("max_window", 2),
        ("K", 3),
        ("t", None),
        ("seed", 1),
        ("average", "pairs"),
        ("frozen", True),
    ],
)
def test_each_setting_that_differs_is_refused_by_its_name(saved, field, value):
    path, *_ = saved
    other = run(seed=1)
    before = state(*other)
    there, here = getattr(SETTINGS, field), value
    with pytest.raises(CheckpointError, match=rf"other settings \({field}: {there} there, {here} here\)"):
        checkpoints.load(path, *other, CORPUS, replace(SETTINGS, **{field: value}))
    assert equal(state(*other), before)


def test_tables_of_another_shape_are_refused(saved):
    path, *_ = saved
    other = run(dim=4)
    before = state(*other)
    with pytest.raises(CheckpointError, match=r"shape .*\(5, 3\).*the model has .*\(5, 4\)"):
        checkpoints.load(path, *other, CORPUS, SETTINGS)
    assert equal(state(*other), before)


@pytest.mark.parametrize("content", [{"format": 0}, {"format": 2}, {"words": "x"}, [1, 2], 3])
def test_another_format_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="no checkpoint of format 1: train anew"):
        checkpoints.read(tmp_path / "a.pt")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 cut off", b"\x80\x04."])
def test_what_is_no_checkpoint_is_said_to_be_none(tmp_path, content):
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(CheckpointError, match="no checkpoint, or a damaged one"):
        checkpoints.read(tmp_path / "a.pt")
    with pytest.raises(FileNotFoundError, match="no checkpoint at"):
        checkpoints.read(tmp_path)


def test_code_in_a_file_is_refused_and_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"format": 1, "words": Evil()}, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="damaged one .UnpicklingError"):
        checkpoints.read(tmp_path / "a.pt")
    assert not (tmp_path / "ran").exists()
