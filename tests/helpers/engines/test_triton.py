"""The Triton kernel, on a GPU where there is one, else under Triton's interpreter (`conftest`): slow, so the
texts are tiny."""

import numpy as np
import pytest
import torch
from test_engines import expected_gradient

from helpers.corpus import CorpusError, make_corpus
from helpers.engines import train
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.training import TrainingDiverged

pytest.importorskip("triton", reason="Triton comes with PyTorch on Linux alone")

from helpers.engines import triton

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
QUIET = {"engine": "triton", "device": DEVICE, "progress": False, "heldout": False}
# Two blocks; a sentence that straddles them; a word alone.
TEXT = make_corpus(["a b c d e f a b g h i a".split(), ["c"], "j k a l c d b m".split(), "b m".split()])


def cpu(model):
    return [embed.weight.detach().cpu().clone() for embed in model]


@pytest.mark.parametrize("average, max_window, K, lr", [("row", 3, 2, 1e-3), ("pairs", 1, 30, 4e-5)])
def test_the_mean_step_is_the_gradient_of_the_expected_objective(average, max_window, K, lr):
    model = make_model(len(TEXT.vocab), 6, seed=3)
    for embed in model:
        embed.weight.data *= 3
    expected = expected_gradient(model, TEXT, max_window, K, average)
    before, grads = cpu(model), []
    repeats = 120 if DEVICE == "cpu" else 4000
    with triton.Engine(model, TEXT, Settings(max_window=max_window, K=K, t=None, average=average)) as engine:
        for _ in range(repeats):
            stats = engine.train(0, len(TEXT.bounds) - 1, lr)
            grads.append([(b - w).double() / lr for b, w in zip(before, cpu(model))])
            for embed, weight in zip(model, before):
                embed.weight.data.copy_(weight)
    assert stats[2] == len(TEXT.ids) - 1 and stats[3] == 0
    for k in range(2):
        values = torch.stack([grad[k] for grad in grads])
        error = values.std(dim=0) / repeats**0.5
        off = (values.mean(dim=0) - expected[k]).abs()
        assert (off <= 5 * error + 2e-3 * expected[k].abs().max()).all()
        assert np.corrcoef(values.mean(dim=0).flatten(), expected[k].flatten())[0, 1] > 0.98
        assert (values[:, 0] == 0).all()  # the padding row


@pytest.mark.parametrize("average", ["row", "pairs"])
def test_the_loss_is_the_objective(average):
    model = make_model(len(TEXT.vocab), 5)
    for embed in model:
        embed.weight.data.zero_()
    with triton.Engine(model, TEXT, Settings(t=None, average=average)) as engine:
        loss, weight, _, _ = engine.train(0, len(TEXT.bounds) - 1, 1e-9)
    assert loss / weight == pytest.approx(np.log(2), rel=1e-5)


def test_same_seed_same_draws_and_it_learns():
    def run(seed):
        model = make_model(len(TEXT.vocab), 8)
        history = train(model, TEXT, epochs=6, t=None, max_window=2, seed=seed, **QUIET)
        return history, cpu(model)

    history, first = run(1)
    assert history.epoch_losses[-1] < history.epoch_losses[0] - 0.01
    assert torch.equal(first[0][0], make_model(len(TEXT.vocab), 8)[0].weight[0])
    if DEVICE == "cpu":  # on a GPU, the order of additions varies
        assert all(torch.equal(a, b) for a, b in zip(first, run(1)[1]))
    assert not torch.allclose(first[0], run(2)[1][0])


def test_subsampling_drops_and_closes_up():
    words = [f"w{i}" for i in range(40)] * 50
    corpus = make_corpus([words[i : i + 10] for i in range(0, 2000, 10)])
    with triton.Engine(make_model(len(corpus.vocab), 4), corpus, Settings(t=0.025 / 4)) as engine:
        kept = [len(engine._subsample(0, 200)[0]) for _ in range(20)]
        words, start, stop = (x.cpu() for x in engine._subsample(0, 200))
    # each word stays with probability 1/2; a sentence of ten is left with fewer than two words in 11 of 1024 cases
    assert abs(np.mean(kept) - 1000) < 5 * np.sqrt(2000 / 4 / 20) + 200 * 10 / 1024
    assert (start <= torch.arange(len(words))).all() and (torch.arange(len(words)) < stop).all()
    assert ((stop - start) >= 2).all() and ((stop - start) <= 10).all()


@pytest.mark.parametrize("sentences", [[["a", "b"]], [["a", "b", "c"], ["c", "d"]]], ids=["two words", "K above V"])
def test_the_smallest_texts(sentences):
    corpus = make_corpus(sentences)
    model = make_model(len(corpus.vocab), 3)
    history = train(model, corpus, epochs=2, t=None, K=100, max_window=1, **QUIET)
    assert history.centers == 2 * len(corpus.ids)
    assert all(torch.isfinite(weight).all() for weight in cpu(model))


def test_errors_lose_nothing():
    model = make_model(len(TEXT.vocab), 4)
    before = cpu(model)
    with pytest.raises(TrainingDiverged, match="Give a smaller"):
        train(model, TEXT, epochs=2, t=None, lr=1e30, **QUIET)
    assert all(torch.equal(a, b) for a, b in zip(before, cpu(model)))
    with pytest.raises(CorpusError, match="Give a larger t"):
        train(model, TEXT, epochs=1, t=1e-9, **QUIET)
    few = make_corpus([["a", "b", "a", "b"]] * 3)
    with pytest.raises(CorpusError, match="too few different words"):
        train(make_model(len(few.vocab), 4), few, t=None, max_window=3, **QUIET)


def test_few_programs_of_a_launch_train_on_the_same_words_as_many():
    found, long = [], make_corpus([list("abcdefgh"), list("igcah")] * 10)  # 130 words, nine blocks
    for programs in (1, 4, 10_000):
        model = make_model(len(long.vocab), 8, seed=1)
        history = train(model, long, epochs=1, t=None, options={"programs": programs}, **QUIET)
        found.append((history.centers, *cpu(model)))
    assert found[0][0] == len(long.ids) == 130
    for other in found[1:]:  # the interpreter runs one program after the other
        assert other[0] == 130 and all(torch.equal(a, b) for a, b in zip(found[0][1:], other[1:]))
