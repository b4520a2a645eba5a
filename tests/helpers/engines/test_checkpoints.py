"""A run's state in a file: all of it comes back, and a file of another run, or a damaged one, changes nothing."""

import os
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.corpus import Vocab, make_corpus
from helpers.engines import checkpoints
from helpers.engines.checkpoints import CheckpointError, Moments
from helpers.engines.history import History, Settings
from helpers.engines.runs import Run
from helpers.model import make_model

CORPUS = make_corpus([["a", "b", "c"], ["b", "c", "d"]], heldout=[["a", "b"]])
SETTINGS = Settings(lr=0.01, K=2)


def begin(seed=0, dim=3, tied=False):
    """A model and an Adam that has taken a step."""
    model = make_model(len(CORPUS.vocab), dim, seed=seed, tied=tied)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    sum(embed.weight.sum() * (seed + 1) for embed in model).backward()
    optimizer.step()
    return model, optimizer


def state(model, optimizer):
    parts = [*model.state_dict().values()]
    return [x.clone() for x in parts + [y for s in optimizer.state_dict()["state"].values() for y in s.values()]]


def equal(one, two):
    return all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def run(model, optimizer, path, corpus=CORPUS, settings=SETTINGS, **options):
    options = {"epochs": 9, "parts": 3, **options}
    return Run(model, corpus, settings, keeper=Moments(optimizer), checkpoint=path, progress=False, **options)


def resume(model, optimizer, path, **options):
    return run(model, optimizer, path, resume=True, **options)


@pytest.fixture
def saved(tmp_path):
    path, (model, optimizer) = tmp_path / "deep" / "run.pt", begin()
    made = run(model, optimizer, path)
    history = History(running=[(0.5, 0.4)], epoch_losses=[0.3] * 4, heldout=[(0.0, 0.7)], centers=9, seconds=2.0)
    history.loss_sum, history.weight_sum, history.pending, history.epoch_start = 3.0, 9.0, [0.5, 1.0], [2.0, 8.0]
    made.history, made.epoch, made.part, made.done, made.counts = history, 4, 2, 17, [31, 1]
    made.save(due=True, last=True)
    return path, model, optimizer, history


def change(path, **changed):
    """Another content under a seal that fits."""
    there = torch.load(path, weights_only=True)
    for name, value in changed.items():
        there[name] = value(there[name]) if callable(value) else value
    checkpoints.save(path, there)


def refused(path, match, other=None, **options):
    model, optimizer = other or begin(seed=1)
    before, file = state(model, optimizer), path.read_bytes()
    with pytest.raises(CheckpointError, match=match):
        resume(model, optimizer, path, **options)
    assert equal(state(model, optimizer), before) and path.read_bytes() == file


def test_everything_that_was_saved_comes_back(saved):
    path, model, optimizer, history = saved
    other = begin(seed=1)
    assert not equal(state(*other), state(model, optimizer))
    again = resume(*other, path)
    assert equal(state(*other), state(model, optimizer))
    assert asdict(again.history) == asdict(history)
    assert (again.epoch, again.part, again.done, again.counts) == (4, 2, 17, [31, 1])
    assert torch.load(path, weights_only=True)["settings"] == asdict(SETTINGS)


TEXTS = {
    "another word": {"vocab": Vocab(["a", "b", "c", "e"], [1, 2, 2, 1])},
    "another order": {"vocab": Vocab(["b", "a", "c", "d"], [1, 2, 2, 1])},
    "other counts": {"vocab": Vocab(CORPUS.vocab.words[1:], CORPUS.vocab.counts[1:] + [0, 0, 0, 1])},
    "another text of the same words": {"ids": CORPUS.ids[::-1].copy()},
    "other sentences": {"bounds": np.array([0, 2, 6])},
    "no held-out text": {"heldout": None},
    "another held-out text": {"heldout": replace(CORPUS.heldout, ids=CORPUS.heldout.ids[::-1].copy())},
}


@pytest.mark.parametrize("changed", TEXTS.values(), ids=TEXTS)
def test_another_text_is_refused_though_its_words_are_the_same(saved, changed):
    refused(saved[0], "another corpus or vocabulary", corpus=replace(CORPUS, **changed))


def test_the_fingerprint_is_that_of_the_content(tmp_path):
    """Of another dtype, in pieces, on disk: the same text."""
    first = checkpoints.fingerprint(CORPUS)
    assert checkpoints.fingerprint(replace(CORPUS, ids=CORPUS.ids.astype(np.int64))) == first
    CORPUS.ids.tofile(tmp_path / "ids")
    on_disk = np.memmap(tmp_path / "ids", np.int32, "r")
    assert checkpoints.fingerprint(replace(CORPUS, ids=on_disk)) == first
    one, two = (make_corpus([words]) for words in (["ab", "c", "ab"], ["a", "bc", "a"]))
    assert checkpoints.fingerprint(one) != checkpoints.fingerprint(two)


def test_long_texts_are_hashed_in_pieces(monkeypatch):
    first = checkpoints.fingerprint(CORPUS)
    monkeypatch.setattr(checkpoints, "CHUNK", 2)
    assert checkpoints.fingerprint(CORPUS) == first


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
    there = getattr(SETTINGS, field)
    match = rf"other settings \({field}: {there} there, {value} here\)"
    refused(saved[0], match, settings=replace(SETTINGS, **{field: value}))


def test_another_engine_other_parts_and_one_table_for_two_are_refused(saved):
    refused(saved[0], "engine: reference there, numba here", engine="numba")
    refused(saved[0], "parts: 3 there, 4 here", parts=4)
    refused(saved[0], "tied: False there, True here", other=begin(tied=True))
    refused(saved[0], "epochs=5 or more", epochs=4)  # it is in the fifth
    refused(saved[0], "epochs=5 or more", epochs=3)


def test_tables_of_another_shape_are_refused(saved):
    refused(saved[0], r"shape .*\(5, 3\).*the model has .*\(5, 4\)", other=begin(dim=4))


def with_table(convert):
    return {"model": lambda tables: {**tables, "1.weight": convert(tables["1.weight"])}}


def with_moment(name, convert):
    return {"keeper": lambda kept: {**kept, 1: {**kept[1], name: convert(kept[1][name])}}}


CONTENTS = {
    "whole numbers": (with_table(lambda x: x.int()), "int32.*the model has"),
    "flags": (with_table(lambda x: x > 0), "bool.*the model has"),
    "complex": (with_table(lambda x: x.to(torch.complex64)), "complex64.*the model has"),
    "doubles": (with_table(lambda x: x.double()), "float64.*the model has"),
    "halves": (with_table(lambda x: x.half()), "float16.*the model has"),
    "sparse": (with_table(lambda x: x.to_sparse()), "the model has"),
    "no tensor": (with_table(lambda x: x.tolist()), "the model has"),
    "one axis": (with_table(lambda x: x.flatten()), "the model has"),
    "NaN": (with_table(lambda x: x * torch.nan), "not finite"),
    "a table too few": ({"model": lambda tables: {"0.weight": tables["0.weight"]}}, "the model has"),
    "no moments": ({"keeper": {}}, "running means of Adam"),
    "moments of one table": ({"keeper": lambda kept: {0: kept[0]}}, "running means of Adam"),
    "a moment too short": (with_moment("exp_avg", lambda x: x[:2]), "running means of Adam"),
    "a moment too long": (with_moment("exp_avg_sq", lambda x: torch.cat([x, x])), "running means of Adam"),
    "a moment of doubles": (with_moment("exp_avg", lambda x: x.double()), "running means of Adam"),
    "a negative square": (with_moment("exp_avg_sq", lambda x: -1 - x), "running means of Adam"),
    "an infinite moment": (with_moment("exp_avg", lambda x: x / 0), "running means of Adam"),
    "half a step": (with_moment("step", lambda x: x + 0.5), "running means of Adam"),
    "a step of a table": (with_moment("step", lambda x: torch.ones(5, 3)), "running means of Adam"),
    "a thousand million epochs": ({"epoch": 10**9}, "losses of 4 epochs where 1,000,000,000"),
    "an epoch too many": ({"epoch": 5}, "losses of 4 epochs where 5"),
    "an epoch below 0": ({"epoch": -1}, "losses of 4 epochs"),
    "half an epoch": ({"epoch": 4.0}, "it has no epoch"),
    "a part too many": ({"part": 3}, "part 3 of 3"),
    "a step below 0": ({"done": -1}, "step -1"),
    "other counts": ({"counts": ["x", 1]}, "which there are not"),
    "another record": ({"history": {"losses": []}}, "its record has other names"),
    "a record of texts": ({"history": lambda h: {**h, "epoch_losses": ["x"] * 4}}, "not of finite numbers"),
    "a record of NaN": ({"history": lambda h: {**h, "running": [(0.5, float("nan"))]}}, "not of finite numbers"),
    "a record of singles": ({"history": lambda h: {**h, "running": [0.5]}}, "a record of other pairs"),
    "no center words": ({"history": lambda h: {**h, "centers": -3}}, "counts no center words"),
    "no settings": ({"settings": None}, "it has no settings"),
}


@pytest.mark.parametrize(("changed", "match"), CONTENTS.values(), ids=CONTENTS)
def test_a_whole_file_with_another_content_is_refused(saved, changed, match):
    change(saved[0], **changed)
    refused(saved[0], match)


def test_the_same_content_written_again_is_taken(saved):
    change(saved[0], epoch=4)
    other = begin(seed=1)
    resume(*other, saved[0])
    assert equal(state(*other), state(*saved[1:3]))


def test_a_step_that_there_is_not_is_refused_and_the_model_is_as_it_was(saved):
    model, optimizer = begin(seed=1)
    before = state(model, optimizer)[:2]
    again = resume(model, optimizer, saved[0])
    with pytest.raises(CheckpointError, match="holds step 17 of a part that has 16"):
        again.steps(16)
    assert equal(state(model, optimizer)[:2], before)
    resume(model, optimizer, saved[0]).steps(17)
    assert equal(state(model, optimizer)[:2], state(*saved[1:3])[:2])


def test_a_bit_that_has_turned_anywhere_is_seen(saved):
    path, whole = saved[0], saved[0].read_bytes()
    rng = np.random.default_rng(0)
    places = [0, len(whole) - 1, len(whole) - 33, *rng.integers(0, len(whole), 200)]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(broken)
        with pytest.raises(CheckpointError, match="damaged|format"):
            checkpoints.read(path)
    for broken in (whole[:-1], whole + b"x", whole[: len(whole) // 2], whole[:-60], whole[1:]):
        path.write_bytes(broken)
        with pytest.raises(CheckpointError, match="damaged|format"):
            checkpoints.read(path)
    path.write_bytes(whole)
    assert checkpoints.read(path)["epoch"] == 4


@pytest.mark.parametrize("content", [{"format": 0}, {"format": 1}, {"words": "x"}, [1, 2], 3])
def test_another_format_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="no checkpoint of format 2, the one of this version: train anew"):
        checkpoints.read(tmp_path / "a.pt")


def test_a_file_without_its_seal_is_damaged(saved):
    path = saved[0]
    torch.save(torch.load(path, weights_only=True), path)
    with pytest.raises(CheckpointError, match="its seal does not fit"):
        checkpoints.read(path)


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

    torch.save({"format": 2, "run": Evil()}, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="damaged one .UnpicklingError"):
        checkpoints.read(tmp_path / "a.pt")
    assert not (tmp_path / "ran").exists()


# -- the place


def test_a_place_that_cannot_be_written_to_is_said_before_anything_is_done(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "run.pt", tmp_path / "folder", Path("/proc/none/run.pt"), tmp_path / ("n" * 300)):
        with pytest.raises(checkpoints.CheckpointPlaceError, match="checkpoint: "):
            checkpoints.prepare(path, False, False)
    checkpoints.prepare(tmp_path / "new" / "run.pt", False, False)
    assert list((tmp_path / "new").iterdir()) == [] and list((tmp_path / "folder").iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(saved, tmp_path):
    path, whole = saved[0], saved[0].read_bytes()
    with pytest.raises(
        CheckpointError, match="after 4 epochs: give resume=True to go on with it, or give overwrite=True"
    ):
        checkpoints.prepare(path, False, False)
    with pytest.raises(CheckpointError, match="give one"):
        checkpoints.prepare(path, True, True)
    checkpoints.prepare(path, True, False)
    checkpoints.prepare(path, False, True)
    path.write_bytes(whole[:-9])
    with pytest.raises(CheckpointError, match="cannot be gone on with .*give overwrite=True"):
        checkpoints.prepare(path, False, False)
    checkpoints.prepare(path, False, True)
    for content in (b"a thesis", b"PK\x03\x04 a text of another program"):
        path.write_bytes(content)
        for overwrite in (False, True):
            with pytest.raises(CheckpointError, match="a file of another kind"):
                checkpoints.prepare(path, False, overwrite)
        assert path.read_bytes() == content
    path.write_bytes(b"")  # as tempfile makes one: nothing is lost
    checkpoints.prepare(path, False, False)
