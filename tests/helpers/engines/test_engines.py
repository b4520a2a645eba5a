"""The fast engines: the objective in expectation, the draws, the bits, and the errors, on small texts."""

import copy
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.corpus import CorpusError, make_corpus
from helpers.engines import choosing, kernel, train
from helpers.engines import numba as numba_engine
from helpers.engines import torch as torch_engine
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.sampling import draw_examples, keep_probability, noise_distribution
from helpers.subwords import make_subword_model
from helpers.training import TrainingDiverged

ENGINES = {"numba": numba_engine.Engine, "torch": torch_engine.Engine}
QUIET = {"progress": False, "heldout": False}
# Long enough for three of the kernel's blocks; two short sentences whose blocks share centers; one word alone.
WORDS = "a b c d e f a b g h i a j c b k a l m n a b e o p c a d q a b r a c s t u a v a w b x a y c z".split()
TEXT = make_corpus([WORDS, "a b c".split(), "b z".split(), ["c"]])


def expected_gradient(model, corpus, max_window, K, average):
    """The gradient of the objective's expectation over windows and noise words, by autograd, without sampling."""
    noise = torch.from_numpy(noise_distribution(corpus.vocab.counts))
    model = copy.deepcopy(model).double()
    v, u = (embed(torch.arange(len(corpus.vocab))) for embed in model)
    loss = 0.0
    for first, last in zip(corpus.bounds[:-1], corpus.bounds[1:]):
        for i in range(first, last):
            for window in range(1, max_window + 1):
                around = [j for j in range(max(first, i - window), min(last, i + window + 1)) if j != i]
                if not around:
                    continue
                contexts = torch.from_numpy(corpus.ids[around]).long()
                score = u @ v[corpus.ids[i]]
                q = noise.clone()
                q[contexts] = 0  # no context of this center is its noise word
                q = q / q.sum()
                C = len(around)
                value = (
                    nn.functional.softplus(-score[contexts]).sum() + C * K * (q * nn.functional.softplus(score)).sum()
                )
                loss = loss + value / (C * (1 + K) if average == "row" else 1) / max_window
    loss.backward()
    return [embed.weight.grad for embed in model]


@pytest.mark.parametrize("engine, repeats", [("numba", 6000), ("torch", 1200), ("subwords", 6000)])
@pytest.mark.parametrize("average", ["row", "pairs"])
@pytest.mark.parametrize("max_window, K, threads", [(1, 5, 1), (3, 2, 1), (3, 30, 2)])
def test_the_mean_step_is_the_gradient_of_the_expected_objective(engine, repeats, average, max_window, K, threads):
    lr = 1e-3 if average == "row" else 4e-5  # small enough that one block hardly changes what the next one sees
    model = make_model(len(TEXT.vocab), 6, seed=3)
    if engine == "subwords":  # whose rows are in nearly every word
        lr /= 10
        model, engine = make_subword_model(TEXT.vocab, 6, seed=3, buckets=9, least=1), "numba"
    for embed in model:
        embed.weight.data *= 3  # scores that are not all near 0
    expected = expected_gradient(model, TEXT, max_window, K, average)
    settings = Settings(max_window=max_window, K=K, t=None, average=average)
    options = {"threads": threads} if engine == "numba" else {"batch": 16}
    tables, start = [embed.weight.data for embed in model], [embed.weight.data.clone() for embed in model]
    total, squares = [torch.zeros_like(x).double() for x in start], [torch.zeros_like(x).double() for x in start]
    with ENGINES[engine](model, TEXT, settings, **options) as made:
        for _ in range(repeats):
            made.train(0, len(TEXT.bounds) - 1, lr)
            for k, (table, before) in enumerate(zip(tables, start)):
                grad = (before - table).double() / lr
                total[k] += grad
                squares[k] += grad**2
                table.copy_(before)
    for k in range(2):
        mean = total[k] / repeats
        error = ((squares[k] / repeats - mean**2).clamp(min=0) / repeats).sqrt()
        # 5 standard errors, and what a step of this size changes under the following ones
        assert ((mean - expected[k]).abs() <= 5 * error + 2e-3 * expected[k].abs().max()).all()
        assert np.corrcoef(mean.flatten(), expected[k].flatten())[0, 1] > 0.999
        assert (mean[0] == 0).all()  # the padding row


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("average", ["row", "pairs"])
def test_the_measured_loss_is_the_objective(engine, average):
    model = make_model(len(TEXT.vocab), 6, seed=3)
    for embed in model:
        embed.weight.data.zero_()
    with ENGINES[engine](model, TEXT, Settings(t=None, average=average)) as made:
        loss, weight, centers, bare = made.train(0, len(TEXT.bounds) - 1, 1e-9)
    assert loss / weight == pytest.approx(np.log(2), rel=1e-5)  # every score is 0
    assert centers == len(TEXT.ids) - 1  # all but the word that is alone
    assert bare == 0


def test_random_numbers_are_uniform():
    state = np.array([12345], np.uint64)
    drawn = np.array([kernel._below(state, 10) for _ in range(50_000)])
    assert np.abs(np.bincount(drawn, minlength=10) - 5000).max() < 5 * np.sqrt(5000 * 0.9)
    drawn = np.array([kernel._uniform(state) for _ in range(50_000)])
    assert 0 <= drawn.min() and drawn.max() < 1
    assert np.abs(np.histogram(drawn, 20, (0, 1))[0] - 2500).max() < 5 * np.sqrt(2500 * 0.95)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 5 / np.sqrt(50_000)


@pytest.mark.parametrize("engine", ENGINES)
def test_subsampling_keeps_as_many_words_as_the_reference(engine, toy):
    t = 0.003
    assert keep_probability(toy.vocab.counts, t).min() < 0.5  # it drops something
    counts = [len(draw_examples(toy, t=t, rng=np.random.default_rng(k)).centers) for k in range(12)]
    options = {"batch": 4096} if engine == "torch" else {}  # what is counted does not hang on it; the seconds do
    with ENGINES[engine](make_model(len(toy.vocab), 4), toy, Settings(t=t), **options) as made:
        ours = [made.train(0, len(toy.bounds) - 1, 1e-9)[2] for _ in range(12)]
    spread = np.sqrt((np.var(counts) + np.var(ours)) / 11)
    assert abs(np.mean(counts) - np.mean(ours)) < 5 * spread


@pytest.mark.parametrize("engine", ENGINES)
def test_same_seed_same_bits_on_one_thread(engine, toy):
    text = replace(toy, ids=toy.ids[: toy.bounds[600]], bounds=toy.bounds[:601])

    def tables(seed):
        model = make_model(len(toy.vocab), 8)
        train(model, text, epochs=2, t=None, seed=seed, engine=engine, threads=1, **QUIET)
        return [embed.weight.detach().clone() for embed in model]

    first, again, other = tables(1), tables(1), tables(2)
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first[0], other[0])


@pytest.mark.parametrize("engine", ENGINES)
def test_train_learns_as_the_reference_does(engine, toy):
    losses = {}
    for name in ("reference", engine):
        model = make_model(len(toy.vocab), 16)
        history = train(model, toy, epochs=8, t=None, engine=name, threads=1, progress=False)  # racing adds noise
        losses[name] = history.heldout[-1][1]
        assert len(history.epoch_losses) == 8 and len(history.heldout) == 9
        assert history.centers == 8 * np.diff(toy.bounds)[np.diff(toy.bounds) > 1].sum()
        assert history.epoch_losses[-1] < history.epoch_losses[0]
    assert losses[engine] < losses["reference"] + 0.01
    assert (model[0].weight[0] == make_model(len(toy.vocab), 16)[0].weight[0]).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "sentences, K",
    [([["a", "b"]], 5), ([["a", "b"]] * 30, 100), ([["a", "b", "c"], ["c", "d"]], 40)],
    ids=["two words", "vocabulary of 2, K of 100", "K above the vocabulary"],
)
def test_the_smallest_texts(engine, sentences, K):
    corpus = make_corpus(sentences)
    model = make_model(len(corpus.vocab), 3)
    row = model[0].weight[0].clone()
    history = train(model, corpus, epochs=3, t=None, K=K, max_window=1, engine=engine, **QUIET)
    assert history.centers == 3 * len(corpus.ids)
    assert all(torch.isfinite(embed.weight).all() for embed in model)
    assert torch.equal(model[0].weight[0], row)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_noise_word_left_is_an_error_that_loses_nothing(engine):
    corpus = make_corpus([["a", "b", "a", "b"]] * 5)  # with 2 to either side, the contexts are all the words
    model = make_model(len(corpus.vocab), 3)
    before = model[0].weight.clone()
    with pytest.raises(CorpusError, match="too few different words"):
        train(model, corpus, t=None, max_window=3, engine=engine, **QUIET)
    assert torch.equal(model[0].weight, before)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_epoch_is_an_error(engine, toy):
    with pytest.raises(CorpusError, match="Give a larger t"):
        train(make_model(len(toy.vocab), 3), toy, t=1e-9, engine=engine, **QUIET)
    empty = replace(toy, ids=toy.ids[:0], bounds=toy.bounds[:1])
    with pytest.raises(CorpusError, match="no sentence of two words"):
        train(make_model(len(toy.vocab), 3), empty, t=None, engine=engine, **QUIET)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("lr", [1e3, 1e10, 1e30])
def test_a_hostile_learning_rate_loses_nothing(engine, lr, toy):
    model = make_model(len(toy.vocab), 8)
    before = [embed.weight.detach().clone() for embed in model]
    try:
        train(model, toy, epochs=3, t=None, lr=lr, engine=engine, **QUIET)
    except TrainingDiverged as error:
        assert "smaller lr" in str(error)
        if "epoch 1" in str(error):
            assert all(torch.equal(embed.weight, weight) for embed, weight in zip(model, before))
    else:
        assert lr == 1e3  # the larger ones cannot stay finite
    assert all(torch.isfinite(embed.weight).all() for embed in model)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_interrupt_keeps_what_was_learned(engine, toy):
    class Press:
        pressed = False

        def update(self, history):
            if len(history.running) == 3 and not self.pressed:
                self.pressed = True
                os.kill(os.getpid(), signal.SIGINT)

        def close(self, history):
            self.closed = True

    model, curve = make_model(len(toy.vocab), 8), Press()
    before = model[0].weight.detach().clone()
    history = train(model, toy, epochs=5, t=None, engine=engine, curve=curve, **QUIET)
    assert history.interrupted and curve.closed
    assert 0 < history.centers < 5 * len(toy.ids)
    assert not torch.equal(model[0].weight, before)


def test_threads_share_the_text_between_them(toy):
    whole = np.diff(toy.bounds)
    for threads in (1, 2, 5, 64):
        with numba_engine.Engine(make_model(len(toy.vocab), 4), toy, Settings(t=None), threads=threads) as engine:
            assert engine.train(0, len(whole), 1e-9)[2] == whole[whole > 1].sum()


def test_a_sentence_longer_than_a_block_and_a_group_of_sentences():
    rng = np.random.default_rng(0)
    sentences = [[f"w{k}" for k in rng.integers(0, 300, n)] for n in [1000, 2, 1, *([3] * 600)]]
    corpus = make_corpus(sentences)
    with numba_engine.Engine(make_model(len(corpus.vocab), 4), corpus, Settings(t=None), threads=1) as engine:
        assert engine.train(0, len(sentences), 1e-9)[2] == len(corpus.ids) - 1


def test_what_cannot_be_asked_is_said(toy, monkeypatch, tmp_path):
    model = make_model(len(toy.vocab), 4)
    with pytest.raises(ValueError, match="give one of 'reference', 'torch', 'numba'"):
        train(model, toy, engine="c")
    with pytest.raises(ValueError, match="only engine='reference'"):
        train(model, toy, engine="torch", frozen=True)
    with pytest.raises(ValueError, match="on the CPU, not on cuda"):
        train(model, toy, engine="numba", device="cuda")
    with pytest.raises(ValueError, match="threads is 0; give a whole number from 1"):
        train(model, toy, engine="numba", threads=0, **QUIET)
    with pytest.raises(ValueError, match="K is 0"):
        train(model, toy, engine="numba", K=0, **QUIET)
    with pytest.raises(ValueError, match="t is 0"):
        train(model, toy, engine="torch", t=0, **QUIET)
    with pytest.raises(ValueError, match="model.0. has 5 words and the corpus 77: make the model with"):
        train(make_model(5, 4), toy, engine="numba", **QUIET)
    monkeypatch.setattr(choosing, "_installed", lambda package: False)
    with pytest.raises(ImportError, match="pip install -r requirements.txt"):
        train(model, toy, engine="numba")
    assert choosing.choose("auto") == "torch"


def test_auto_takes_the_fastest_that_is_here(monkeypatch):
    assert choosing.choose("auto", "cpu") == "numba"
    assert choosing.choose("auto", "mps") == "torch"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(choosing, "_installed", lambda package: True)
    assert choosing.choose("auto") == "triton"
    assert choosing.choose("auto", "cpu") == "numba"


def test_a_rate_that_is_not_given_is_the_engines_own(toy, monkeypatch):
    seen = []
    monkeypatch.setattr(choosing, "_descend", lambda engine, model, corpus, settings, **_: seen.append(settings.lr))
    model = make_model(len(toy.vocab), 4)
    for options in (
        {},
        {"average": "pairs"},
        {"lr": 0.5},
        {"settings": Settings(lr=0.25)},
        {"settings": Settings(K=3)},
    ):
        train(model, toy, engine="numba", **options)
    assert seen == [1.5, 0.06, 0.5, 0.25, 1.5]  # the last one in place of Adam's 0.002, which learns nothing here
    with pytest.raises(ValueError, match="average is 'x'; give one of 'row', 'pairs'"):
        train(model, toy, engine="numba", average="x")


def test_threads_are_those_asked_for_and_pytorchs_own_come_back(toy):
    class Count:
        def update(self, history):
            seen.add(torch.get_num_threads())

        def close(self, history):
            pass

    before = torch.get_num_threads()
    for engine in ("reference", *ENGINES):
        seen = set()
        train(make_model(len(toy.vocab), 4), toy, epochs=1, t=None, engine=engine, threads=3, curve=Count(), **QUIET)
        assert seen == {3} and torch.get_num_threads() == before


def test_an_option_that_an_engine_does_not_have_is_named(toy):
    model = make_model(len(toy.vocab), 4)
    with pytest.raises(ValueError, match="options has batch, and the options of engine='numba' are: shared"):
        train(model, toy, engine="numba", options={"batch": 3}, **QUIET)
    with pytest.raises(ValueError, match="options: engine='reference' has none"):
        train(model, toy, engine="reference", options={"batch": 3}, **QUIET)
    train(model, toy, epochs=1, t=None, engine="torch", options={"batch": 16}, **QUIET)
