"""What compiled code is not handed: each misfit is refused by name before it runs, in every engine."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.arguments import ArgumentError
from helpers.corpus import Vocab, make_corpus
from helpers.engines import kernel, safety, train
from helpers.engines import numba as numba_engine
from helpers.engines import torch as torch_engine
from helpers.engines.alias import alias_table
from helpers.engines.history import Settings
from helpers.model import make_model

CORPUS = make_corpus([["a", "b", "c"], ["b", "c", "d", "e"]] * 10)
V, N, S = len(CORPUS.vocab), len(CORPUS.ids), len(CORPUS.bounds) - 1
ENGINES = ["reference", "numba", "torch"]
if os.environ.get("TRITON_INTERPRET"):
    ENGINES.append("triton")


def ids(place, value, dtype=np.int32):
    array = CORPUS.ids.astype(dtype)
    array[place] = value
    return {"ids": array}


def bounds(*changes):
    array = CORPUS.bounds.copy()
    for place, value in changes:
        array[place] = value
    return {"bounds": array}


def vocab(words, counts):
    made = Vocab(CORPUS.vocab.words[1:], CORPUS.vocab.counts[1:])
    made.words, made.counts = made.words[: words or None], np.asarray(counts)
    return {"vocab": made}


COUNTS = CORPUS.vocab.counts
TEXTS = {
    "an id of V": (ids(3, V), r"corpus.ids has values from 1 to 6, .* 6 words: give ids from 1 to 5"),
    "the last id": (ids(-1, 10**6), "corpus.ids has values from 1 to 1000000"),
    "an id below 0": (ids(0, -1), "corpus.ids has values from -1"),
    "the padding's id": (ids(0, 0), "corpus.ids has values from 0"),
    "an id that wraps to one that fits": (ids(5, 2**32 + 1, np.int64), "corpus.ids has values from 1 to 4294967297"),
    "ids of floats": ({"ids": CORPUS.ids.astype(float)}, "corpus.ids is .*; give an array of whole numbers"),
    "ids of flags": ({"ids": CORPUS.ids > 2}, "corpus.ids is"),
    "ids in a table": ({"ids": CORPUS.ids.reshape(2, -1)}, "corpus.ids is"),
    "ids in a list": ({"ids": CORPUS.ids.tolist()}, "corpus.ids is"),
    "bounds from 1": (bounds((0, 1)), "corpus.bounds go from 1 to 70; give bounds that go from 0 to 70"),
    "bounds below 0": (bounds((0, -5)), "corpus.bounds go from -5"),
    "bounds beyond the ids": (bounds((-1, N + 1)), "corpus.bounds go from 0 to 71"),
    "bounds short of the ids": (bounds((-1, N - 1)), "corpus.bounds go from 0 to 69"),
    "bounds that go down": (bounds((4, 60)), "corpus.bounds go down"),
    "a bound below 0 within": (bounds((4, -60)), "corpus.bounds go down"),
    "a bound far beyond within": (bounds((4, 2**40)), "corpus.bounds go down"),
    "bounds of floats": ({"bounds": CORPUS.bounds.astype(float)}, "corpus.bounds is"),
    "no bounds": ({"bounds": CORPUS.bounds[:0]}, "corpus.bounds are none"),
    "more counts than words": (vocab(None, [*COUNTS, 5, 5]), "corpus.vocab has 6 words, and its counts are"),
    "fewer counts than words": (vocab(None, COUNTS[:-1]), "corpus.vocab has 6 words, and its counts are"),
    "more words than the ids need, but fewer tables' rows": (vocab(5, COUNTS[:5]), "corpus.ids|model"),
    "a count below 0": (vocab(None, [0, -1, 20, 10, 10, 10]), "its counts are"),
    "counts of floats": (vocab(None, COUNTS * np.nan), "its counts are"),
    "counts of 0": (vocab(None, COUNTS * 0), "its counts are"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("changed", "match"), TEXTS.values(), ids=TEXTS)
def test_a_text_that_does_not_fit_is_refused(engine, changed, match):
    model = make_model(V, 3)
    with pytest.raises(ArgumentError, match=match):
        train(model, replace(CORPUS, **changed), engine=engine, t=None, progress=False)
    assert torch.equal(model[0].weight, make_model(V, 3)[0].weight)


def tables(first=None, second=None):
    model = make_model(V, 3)
    for k, change in enumerate((first, second)):
        if change is not None:
            weight = change(model[k].weight.detach())
            model[k].weight = nn.Parameter(weight, requires_grad=weight.is_floating_point())
    return model


def sharing():
    whole = torch.zeros(V + 2, 3)
    model = make_model(V, 3)
    model[0].weight.data, model[1].weight.data = whole[:V], whole[2:]
    return model


MODELS = {
    "a context table of 3 rows": (lambda: tables(None, lambda x: x[:3]), r"model\[1\] has 3 words and the corpus 6"),
    "a center table of 3 rows": (lambda: tables(lambda x: x[:3]), r"model\[0\] has 3 words"),
    "a row too many": (lambda: tables(None, lambda x: torch.cat([x, x])), r"model\[1\] has 12 words"),
    "another dimension": (lambda: tables(None, lambda x: x[:, :2].clone()), r"model\[1\] has shape \(6, 2\)"),
    "doubles": (lambda: tables(lambda x: x.double(), lambda x: x.double()), r"model\[0\] is a table of float64"),
    "halves in one": (lambda: tables(None, lambda x: x.half()), r"model\[1\] is a table of float16"),
    "whole numbers": (lambda: tables(lambda x: x.int()), r"model\[0\] is a table of int32"),
    "every other column": (lambda: tables(lambda x: torch.zeros(V, 6)[:, ::2]), r"model\[0\] has .*strides \(6, 2\)"),
    "transposed": (lambda: tables(None, lambda x: torch.zeros(3, V).T), r"model\[1\] has .*contiguous"),
    "one row for all": (lambda: tables(lambda x: torch.zeros(1, 3).expand(V, 3)), r"model\[0\] has .*contiguous"),
    "no numbers": (lambda: tables(lambda x: x.to("meta")), r"model\[0\] is a table of .* on meta"),
    "sparse": (lambda: tables(lambda x: x.to_sparse()), r"model\[0\] is a table of .*sparse"),
    "tables that overlap": (sharing, "share a part of their memory"),
    "NaN": (lambda: tables(None, lambda x: x * torch.nan), r"model\[1\] has values that are NaN"),
    "one table": (lambda: nn.Sequential(nn.Embedding(V, 3)), "model is .*; give two embedding tables"),
    "two layers": (lambda: nn.Sequential(nn.Linear(V, 3), nn.Linear(3, V)), "give two embedding tables"),
    "two arrays": (lambda: [np.zeros((V, 3))] * 2, "give two embedding tables"),
    "nothing": (lambda: None, "model is None"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("make", "match"), MODELS.values(), ids=MODELS)
def test_tables_that_do_not_fit_are_refused(engine, make, match):
    with pytest.raises(ArgumentError, match=match):
        train(make(), CORPUS, engine=engine, t=None, progress=False)


@pytest.mark.parametrize("made", [numba_engine.Engine, torch_engine.Engine])
def test_an_engine_made_by_hand_looks_as_well(made):
    for corpus, model in ((replace(CORPUS, **ids(0, V)), make_model(V, 3)), (CORPUS, make_model(V - 1, 3))):
        with pytest.raises(ArgumentError):
            made(model, corpus, Settings())
    with made(make_model(V, 3), CORPUS, Settings(t=None)) as engine:
        for first, last, lr in ((-1, 3, 1.0), (0, S + 1, 1.0), (5, 4, 1.0), (0, 1.5, 1.0), (0, S, np.nan), (0, S, "x")):
            with pytest.raises(ArgumentError, match="^(first|last|lr) is"):
                engine.train(first, last, lr)
        assert engine.train(np.int64(0), float(S), 1e-9)[2] == N


@pytest.mark.parametrize("engine", ENGINES)
def test_what_fits_in_another_form_is_taken(engine):
    """Tables that take no gradient, one table for both, ids of another dtype."""
    model = make_model(V, 3)
    for embed in model:
        embed.weight.requires_grad_(False)
    odd = replace(CORPUS, ids=CORPUS.ids.astype(np.int64), bounds=CORPUS.bounds.astype(np.int32))
    one = train(model, odd, engine=engine, epochs=1, t=None, max_window=1, progress=False, threads=1)
    two = train(make_model(V, 3), CORPUS, engine=engine, epochs=1, t=None, max_window=1, progress=False, threads=1)
    assert one.epoch_losses == two.epoch_losses
    tied = make_model(V, 3, tied=True)
    train(tied, CORPUS, engine=engine, epochs=1, t=None, max_window=1, progress=False, threads=1)
    assert tied[0] is tied[1] and not torch.equal(tied[0].weight, make_model(V, 3, tied=True)[0].weight)


def test_ids_are_looked_at_in_pieces(monkeypatch):
    monkeypatch.setattr(safety, "CHUNK", 7)
    safety.check_text(CORPUS)
    for place in range(N):
        with pytest.raises(ArgumentError, match="corpus.ids"):
            safety.check_text(replace(CORPUS, **ids(place, V)))
    for place in range(1, S):
        with pytest.raises(ArgumentError, match="corpus.bounds go down"):
            safety.check_text(replace(CORPUS, **bounds((place, CORPUS.bounds[place + 1] + 1))))


def test_ids_on_disk_are_trained_on_where_they_are(tmp_path):
    CORPUS.ids.tofile(tmp_path / "ids")
    on_disk = replace(CORPUS, ids=np.memmap(tmp_path / "ids", np.int32, "r"))
    with numba_engine.Engine(make_model(V, 3), on_disk, Settings(t=None), threads=1) as engine:
        assert np.shares_memory(engine.ids, on_disk.ids)
    for name in ENGINES:
        models = [make_model(V, 3), make_model(V, 3)]
        for model, corpus in zip(models, (CORPUS, on_disk)):
            train(model, corpus, engine=name, epochs=1, t=None, max_window=1, progress=False, threads=1)
        assert torch.equal(models[0][0].weight, models[1][0].weight)


# -- the kernel, called by hand


def arguments():
    accept_other = alias_table(COUNTS / COUNTS.sum())
    W = tuple(np.ones((V, 3), np.float32) for _ in range(2))
    return dict(
        ids=CORPUS.ids, bounds=CORPUS.bounds, first=0, last=S, tables=W, keep=np.ones(V, np.float32),
        noise=accept_other, rule=(2, 3, 4, True), lr=np.float32(0.1), state=np.array([7], np.uint64), stats=np.zeros(5),
    )  # fmt: skip


ONES = np.ones((V, 3), np.float32)
READ_ONLY = np.ones((V, 3), np.float32)
READ_ONLY.flags.writeable = False
ACCEPT, OTHER = alias_table(COUNTS / COUNTS.sum())
CALLS = {
    "ids": [CORPUS.ids.astype(np.int64), ids(0, V)["ids"], ids(0, -1)["ids"], CORPUS.ids[::-1], None, "x", [1, 2]],
    "bounds": [CORPUS.bounds.astype(np.int32), bounds((0, 1))["bounds"], bounds((3, 60))["bounds"], None, np.zeros(0)],
    "first": [-1, S + 1, 0.5, None, True, np.nan],
    "last": [S + 1, 2**62, -1, "x", np.inf],
    "tables": [
        (ONES, ONES[:3]), (ONES[:3], ONES), (ONES, ONES.astype(float)), (ONES, ONES[:, :2]), (ONES,), ONES, None,
        (np.asfortranarray(np.ones((V, 3), np.float32)), ONES), (ONES, READ_ONLY), (ONES, torch.ones(V, 3)),
        (ONES[:3], ONES[:3]),
    ],
    "keep": [np.ones(V), np.ones(V - 1, np.float32), None, np.ones((V, 1), np.float32)],
    "noise": [
        (ACCEPT[:3], OTHER), (ACCEPT, OTHER[:3]), (ACCEPT, OTHER + np.int32(V)), (ACCEPT, OTHER - np.int32(V)), None,
        (ACCEPT.astype(float), OTHER), (ACCEPT, OTHER.astype(np.int64)), [ACCEPT, OTHER],
    ],
    "rule": [(0, 3, 4, True), (2, 0, 4, True), (2, 3, 0, True), (2, 3, 4), (-5, 3, 4, True), (10**9, 3, 4, True), None,
             (2, 3, 4, 1), (2.5, 3, 4, True)],
    "lr": [np.nan, np.inf, 0, -1, None, "x"],
    "state": [np.zeros(1, np.uint64), np.ones(1, np.int64), np.ones(2, np.uint64), None, 7],
    "stats": [np.zeros(4), np.zeros(5, np.float32), np.zeros((5, 1)), None],
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_the_kernel_refuses_what_it_would_read_or_write_wrongly(name):
    for value in CALLS[name]:
        with pytest.raises(ArgumentError, match=f"^{name}|^(first|ids|noise|rule|keep)"):
            kernel.run(**{**arguments(), name: value})
    given = arguments()
    kernel.run(**given)
    assert given["stats"][kernel.CENTERS] == N


OWN = np.arange(V, dtype=np.int32), np.arange(V + 1), np.ones(V, np.float32)  # each word's own row


@pytest.mark.parametrize(
    "bag",
    [
        OWN[:2], list(OWN), (OWN[0].astype(np.int64), *OWN[1:]), (OWN[0] + np.int32(1), *OWN[1:]),
        (OWN[0] - np.int32(1), *OWN[1:]), (OWN[0], OWN[1][:-1], OWN[2]), (OWN[0], OWN[1][::-1], OWN[2]),
        (OWN[0][:-1], *OWN[1:]), (*OWN[:2], OWN[2][1:]), (*OWN[:2], OWN[2].astype(float)), 3,
    ],
    ids=range(11),
)  # fmt: skip
def test_the_kernel_refuses_bags_that_do_not_fit(bag):
    with pytest.raises(ArgumentError, match="^bag"):
        kernel.run(**arguments(), bag=bag)
    kernel.run(**arguments(), bag=OWN)
    with pytest.raises(ArgumentError, match="tables"):
        kernel.run(**{**arguments(), "tables": (np.ones((V + 9, 2), np.float32), ONES.copy())}, bag=OWN)


@pytest.mark.parametrize(
    "distribution", [[], [0.5, 0.6], [-0.5, 1.5], [np.nan, 1.0], [[0.5, 0.5]], None, "x", [np.inf, 1], [0.0, 0.0]]
)
def test_an_alias_table_is_made_of_a_distribution(distribution):
    with pytest.raises(ArgumentError, match="^distribution"):
        alias_table(distribution)
    assert alias_table([0.25, 0.75])[1].tolist() in ([1, 1], [0, 1])


def test_windows_wider_than_any_sentence_take_no_more_room():
    train(make_model(V, 3), CORPUS, engine="numba", epochs=1, t=None, max_window=10_000, progress=False, threads=1)
