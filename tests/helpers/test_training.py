"""Training: the step, the bits, interruption, resumption, and the errors that stop a run."""

import errno
import os
import signal
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers import training
from helpers.arguments import ArgumentError
from helpers.batches import batchify, minibatches
from helpers.corpus import Vocab, make_corpus
from helpers.engines import checkpoints, devices, runs
from helpers.engines.checkpoints import CheckpointError
from helpers.engines.history import Settings
from helpers.model import gradients, make_model, masked_bce, skip_gram, slot_weights
from helpers.sampling import draw_examples
from helpers.training import TrainingDiverged, evaluate, heldout_examples, step, train

QUICK = {"lr": 0.01, "t": 0.01, "progress": False, "device": "cpu"}


def new(corpus, seed=0, dim=8, **options):
    return make_model(len(corpus.vocab), dim, seed=seed, **options)


def bits(model):
    return [embed.weight.detach().clone() for embed in model]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a, b))


class Interrupt:
    """Presses Ctrl-C once a number of losses has been recorded."""

    def __init__(self, at):
        self.at, self.pressed = at, False

    def update(self, history):
        if len(history.running) >= self.at and not self.pressed:
            self.pressed = True
            os.kill(os.getpid(), signal.SIGINT)

    def close(self, history):
        self.closed = True


@pytest.mark.parametrize("average", ["row", "pairs"])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("rows", [1, 2, 37])
def test_step_equals_autograd(toy, average, tied, rows):
    examples = draw_examples(toy, t=0.01, rng=np.random.default_rng(0))
    order = np.argsort(np.diff(examples.offsets)[:rows])
    batch = center, candidates, mask, label = batchify(examples, order)
    model = new(toy, tied=tied)
    score = skip_gram(center, candidates, *model).squeeze(1)
    bce = nn.functional.binary_cross_entropy_with_logits(score, label, reduction="none")
    loss = (bce * slot_weights(mask, average)).sum()
    loss.backward()
    expected = [embed.weight.grad.clone() for embed in model]
    before = bits(model)
    summed, weight = step(model, torch.optim.SGD(model.parameters(), lr=0.5), batch, average)  # over what is in .grad
    assert torch.isclose(summed, loss.detach(), rtol=1e-5)
    assert torch.isclose(weight, slot_weights(mask, average).sum())
    for embed, grad, old in zip(model, expected, before):
        assert torch.allclose(embed.weight.grad, grad, atol=1e-5)
        assert torch.allclose(embed.weight, old - 0.5 * grad, atol=1e-5)


def test_one_epoch_equals_a_plain_loop_with_autograd_and_adam(toy):
    ours, plain = new(toy), new(toy)
    history = train(ours, toy, epochs=1, **QUICK)
    examples = draw_examples(toy, t=0.01, rng=np.random.default_rng([0, 0]))
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.01)
    total = count = 0
    for center, candidates, mask, label in minibatches(examples, 512, np.random.default_rng([0, 0, 1])):
        optimizer.zero_grad()
        loss = masked_bce(skip_gram(center, candidates, *plain).squeeze(1), label, mask)
        loss.sum().backward()
        optimizer.step()
        total, count = total + loss.sum().item(), count + len(loss)
    assert np.isclose(history.epoch_losses[0], total / count, rtol=1e-5)
    for a, b in zip(ours, plain):
        assert torch.allclose(a.weight, b.weight, atol=2e-4)


def test_loss_falls_and_the_record_is_honest(toy):
    model = new(toy)
    history = train(model, toy, epochs=3, **QUICK)
    assert history.epoch_losses == sorted(history.epoch_losses, reverse=True)
    assert history.heldout[0][1] == pytest.approx(np.log(2), abs=2e-3) and history.heldout[-1][1] < 0.45
    assert [x for x, _ in history.heldout] == [0, 1, 2, 3]
    sizes = [len(draw_examples(toy, t=0.01, rng=np.random.default_rng([0, e]))) for e in range(3)]
    assert history.centers == sum(sizes)
    assert history.words_per_second == history.centers / history.seconds  # all by all (trap T1)
    mean = sum(loss * n for loss, n in zip(history.epoch_losses, sizes)) / sum(sizes)
    assert history.mean_since_start == pytest.approx(mean)  # and the last epoch by itself (trap T2)
    assert history.epoch_losses[-1] < history.mean_since_start
    assert not history.interrupted and all(embed.weight.grad is None for embed in model)


@pytest.mark.parametrize("frozen", [False, True])
def test_the_same_seed_gives_the_same_bits(toy, frozen):
    runs = []
    for seed in (0, 0, 1):
        model = new(toy)
        history = train(model, toy, epochs=2, seed=seed, frozen=frozen, **QUICK)
        runs.append((bits(model), history.running, history.heldout))
    assert same(runs[0][0], runs[1][0]) and runs[0][1:] == runs[1][1:]
    assert not same(runs[0][0], runs[2][0])


def test_frozen_examples_are_the_first_epochs_every_time(toy, monkeypatch):
    import helpers.training as training

    drawn = []

    def spy(*args, **kwargs):
        drawn.append(draw_examples(*args, **kwargs))
        return drawn[-1]

    monkeypatch.setattr(training, "draw_examples", spy)
    train(new(toy), toy, epochs=2, frozen=True, heldout=False, **QUICK)
    assert np.array_equal(drawn[0].noise, drawn[1].noise)
    train(new(toy), toy, epochs=2, heldout=False, **QUICK)
    assert not np.array_equal(drawn[2].centers, drawn[3].centers)


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("at", [1, 7, 20, 27, 40])
def test_an_interrupted_run_keeps_and_resumes_to_the_same_bits(toy, tmp_path, frozen, at):
    path, before = tmp_path / "run.pt", signal.getsignal(signal.SIGINT)
    whole, stopped, resumed = new(toy), new(toy), new(toy, seed=5)
    reference = train(whole, toy, epochs=3, frozen=frozen, **QUICK)
    curve = Interrupt(at)
    part = train(stopped, toy, epochs=3, frozen=frozen, checkpoint=path, curve=curve, **QUICK)
    assert part.interrupted and curve.closed and 0 < part.centers < reference.centers
    assert not same(bits(stopped), bits(new(toy)))  # what was learned is kept
    assert signal.getsignal(signal.SIGINT) is before
    history = train(resumed, toy, epochs=3, frozen=frozen, checkpoint=path, resume=True, **QUICK)
    assert same(bits(resumed), bits(whole))
    for name in ("running", "epoch_losses", "heldout", "centers", "loss_sum", "weight_sum"):
        assert getattr(history, name) == getattr(reference, name), name
    assert not history.interrupted


def test_a_finished_run_goes_on_to_more_epochs(toy, tmp_path):
    path = tmp_path / "run.pt"
    whole, later = new(toy), new(toy)
    train(whole, toy, epochs=3, **QUICK)
    train(later, toy, epochs=1, checkpoint=path, **QUICK)
    before = bits(later)
    assert train(later, toy, epochs=1, checkpoint=path, resume=True, **QUICK).centers > 0
    assert same(bits(later), before)  # nothing left to do, nothing done
    train(later, toy, epochs=3, checkpoint=path, resume=True, **QUICK)
    assert same(bits(later), bits(whole))


def test_a_run_that_diverges_says_so_and_gives_the_last_good_state_back(toy, tmp_path):
    path, model = tmp_path / "run.pt", new(toy)
    train(model, toy, epochs=1, checkpoint=path, **QUICK)
    good = bits(model)
    state = checkpoints.read(path)
    state["settings"]["lr"] = 1e30  # the same run, gone mad
    checkpoints.save(path, state)
    file = path.read_bytes()
    with pytest.raises(TrainingDiverged, match="smaller lr") as error:
        train(model, toy, epochs=3, checkpoint=path, resume=True, **{**QUICK, "lr": 1e30})
    assert str(path) in str(error.value)
    assert same(bits(model), good) and path.read_bytes() == file
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(TrainingDiverged) as error:  # a run of its own: what lies there is not its state
        train(new(toy), toy, epochs=3, checkpoint=path, overwrite=True, **{**QUICK, "lr": 1e30})
    assert str(path) not in str(error.value) and path.read_bytes() == file


def test_the_checkpoint_loads_without_unpickling(toy, tmp_path):
    path = tmp_path / "deep" / "run.pt"
    model = new(toy)
    history = train(model, toy, epochs=1, checkpoint=path, **QUICK)
    state = torch.load(path, weights_only=True)
    assert same([state["model"]["0.weight"], state["model"]["1.weight"]], bits(model))
    assert state["history"]["centers"] == history.centers
    assert state["settings"] == asdict(Settings(lr=0.01, t=0.01))


def test_checkpoints_that_do_not_fit_are_refused_and_nothing_changes(toy, tmp_path):
    path = tmp_path / "run.pt"
    train(new(toy), toy, epochs=1, checkpoint=path, **QUICK)
    whole = path.read_bytes()
    other = make_corpus([["x", "y", "z"]] * 5)
    cases = [
        (new(toy, dim=9), toy, {}, whole, "shape"),
        (new(other), other, {}, whole, "another corpus"),
        (new(toy), toy, {"seed": 3, "K": 2}, whole, "K: 5 there, 2 here"),
        (new(toy), toy, {}, whole[: len(whole) // 2], "damaged"),
        (new(toy), toy, {}, b"no checkpoint at all", "no checkpoint"),
    ]
    for model, corpus, options, content, match in cases:
        path.write_bytes(content)
        before = bits(model)
        with pytest.raises(CheckpointError, match=match):
            train(model, corpus, epochs=2, checkpoint=path, resume=True, **{**QUICK, **options})
        assert same(bits(model), before) and path.read_bytes() == content
    with pytest.raises(FileNotFoundError, match="train with checkpoint="):
        train(new(toy), toy, checkpoint=tmp_path / "none.pt", resume=True, **QUICK)
    with pytest.raises(ValueError, match="needs checkpoint="):
        train(new(toy), toy, resume=True, **QUICK)


def test_a_pickle_with_code_is_refused_and_not_run(toy, tmp_path):
    import pickle

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    path = tmp_path / "run.pt"
    path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(CheckpointError):
        checkpoints.read(path)
    assert not (tmp_path / "ran").exists()


def test_a_save_that_fails_leaves_the_old_file_whole(toy, tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    train(new(toy), toy, epochs=1, checkpoint=path, **QUICK)
    before = path.read_bytes()

    def full(state, file):
        file.write(b"half")
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(checkpoints.torch, "save", full)
    model, curve = new(toy), Interrupt(10**9)
    with pytest.raises(checkpoints.CheckpointPlaceError, match="checkpoint: .*no space left on device.*is there still"):
        train(model, toy, epochs=2, checkpoint=path, resume=True, curve=curve, **QUICK)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    whole = new(toy)
    train(whole, toy, epochs=2, **QUICK)
    assert same(bits(model), bits(whole)) and curve.closed  # what was learned is kept


@pytest.mark.parametrize(
    ("options", "match"),
    [({"batch_size": 0}, "batch_size is 0"), ({"lr": 0.0}, "lr is 0"), ({"epochs": 0}, "epochs is 0"),
     ({"max_window": 0}, "max_window is 0"), ({"K": -1}, "K is -1")],
)  # fmt: skip
def test_bad_settings(toy, options, match):
    with pytest.raises(ArgumentError, match=match):
        train(new(toy), toy, **{**QUICK, **options})
    with pytest.raises(ValueError, match="make the model with"):
        train(make_model(5), toy, **QUICK)


def test_fewer_batches_than_reports_and_one_row():
    corpus = make_corpus([["a", "b"], ["b", "c"], ["c", "d", "a"]])
    history = train(new(corpus), corpus, epochs=2, **{**QUICK, "t": None})
    assert len(history.running) == 2 and len(history.epoch_losses) == 2 and history.heldout == []
    one = train(new(corpus), corpus, epochs=1, batch_size=1, **{**QUICK, "t": None})
    assert one.centers == 7


def test_evaluate_equals_a_slow_mean(toy):
    held, model = heldout_examples(toy, Settings(t=0.01)), new(toy, seed=3)
    rows, slots = [], []
    for i in range(len(held)):
        center, candidates, mask, label = batchify(held, np.array([i]))
        score = skip_gram(center, candidates, *model).squeeze(1)
        bce = nn.functional.binary_cross_entropy_with_logits(score, label, reduction="none")[0].detach()
        rows.append(bce.mean().item())
        slots += bce.tolist()
    assert evaluate(model, held) == pytest.approx(np.mean(rows), rel=1e-5)
    assert evaluate(model, held, average="pairs") == pytest.approx(np.mean(slots), rel=1e-5)
    again = heldout_examples(toy, Settings(t=0.01, seed=9))
    assert np.array_equal(held.noise, again.noise)  # the same for every run


def test_devices_that_are_not_there():
    with pytest.raises(RuntimeError, match="leave device out"):
        devices.pick_device("cuda:97")


def test_agreement_is_checked_by_values():
    cpu = torch.device("cpu")
    assert devices.agrees_with_cpu(cpu)

    def wrong(*tensors):  # one product in a thousand, as MPS once had it
        loss, grad_v, grad_u = gradients(*tensors)
        grad_u[3, 5] *= 1.1
        return loss, grad_v, grad_u

    assert not devices.agrees_with_cpu(cpu, wrong)

    def broken(*tensors):
        raise NotImplementedError

    assert not devices.agrees_with_cpu(cpu, broken)


@pytest.mark.parametrize(("agrees", "expected"), [(True, "mps"), (False, "cpu")])
def test_mps_is_taken_only_if_it_agrees(monkeypatch, capsys, agrees, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(devices, "agrees_with_cpu", lambda device: agrees)
    assert devices.pick_device().type == expected
    assert ("disagrees" in capsys.readouterr().out) is not agrees


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_cuda_learns_what_the_cpu_learns(toy):
    losses = [train(new(toy), toy, epochs=2, **{**QUICK, "device": d}).heldout[-1][1] for d in ("cpu", "cuda")]
    assert losses[0] == pytest.approx(losses[1], abs=1e-3)


def test_held_out_text_is_drawn_by_the_training_texts_counts():
    train_on = [[f"w{i}" for i in range(100)] * 40, ["often", "seldom"]]  # each w is 1 in 100, the others rarer still
    held = [["often", "w1"] * 500, ["seldom", "w2"] * 500]  # where each is 1 in 4
    corpus = make_corpus(train_on, heldout=held)
    examples = heldout_examples(corpus, Settings(t=0.01, max_window=1))
    assert len(examples) == 2000  # by its own counts a fifth would be left
    noise = corpus.vocab.to_words(examples.noise.ravel())
    assert noise.count("often") + noise.count("seldom") < 0.005 * len(noise)  # by its own counts, half
    own = replace(
        corpus.heldout, vocab=Vocab(corpus.vocab.words[1:], np.bincount(corpus.heldout.ids, minlength=103)[1:])
    )
    again = heldout_examples(replace(corpus, heldout=own), Settings(t=0.01, max_window=1))
    assert np.array_equal(again.noise, examples.noise) and np.array_equal(again.centers, examples.centers)


def test_held_out_text_without_a_context_is_none():
    text = [["a", "b"], ["c", "b"]]
    assert heldout_examples(make_corpus(text), Settings(t=None)) is None
    assert heldout_examples(make_corpus(text, heldout=[["a"], ["unseen", "b"], []]), Settings(t=None)) is None
    assert len(heldout_examples(make_corpus(text, heldout=[["c"], ["a", "c"]]), Settings(t=None))) == 2


def test_held_out_text_uses_the_runs_windows_and_noise_words(toy):
    examples = heldout_examples(toy, Settings(t=None, max_window=2, K=3))
    assert np.diff(examples.offsets).max() == 4 and examples.noise.shape[1] == 3
    assert len(examples) == len(toy.heldout.ids)


@pytest.mark.parametrize("batch_size", [1, 7, 2048])
def test_the_loss_on_examples_does_not_hang_on_the_batches(toy, batch_size):
    held, model = heldout_examples(toy, Settings(t=0.002)), new(toy, seed=3)
    before = bits(model)
    for average in ("row", "pairs"):
        whole = evaluate(model, held, batch_size=10**6, average=average)
        assert evaluate(model, held, batch_size=batch_size, average=average) == pytest.approx(whole, rel=1e-5)
    assert same(bits(model), before) and all(embed.weight.grad is None for embed in model)


def test_the_held_out_loss_gathers_few_vectors_at_a_time(toy, monkeypatch):
    sizes, score = [], training.skip_gram
    monkeypatch.setattr(training, "skip_gram", lambda c, o, *m: sizes.append(o.numel() * 16) or score(c, o, *m))
    model, held = make_model(len(toy.vocab), 16, seed=3), heldout_examples(toy, Settings(t=None))
    whole = evaluate(model, held)
    monkeypatch.setattr(training, "VECTORS", 5000)
    sizes.clear()
    assert evaluate(model, held) == pytest.approx(whole, rel=1e-6) and max(sizes) <= 5000 < sum(sizes)


def test_the_bar_ends_full_and_the_curve_sees_the_last_heldout_loss(toy, monkeypatch):
    bars, seen, make = [], [], runs.progress_bar

    def spy(unit, shown):
        bars.append(make(unit, True))
        return bars[-1]

    class Curve:
        def update(self, history):
            seen.append(len(history.heldout))

        def close(self, history):
            pass

    monkeypatch.setattr(runs, "progress_bar", spy)
    history = train(new(toy), toy, epochs=2, curve=Curve(), **QUICK)
    assert bars[0].n == bars[0].total == history.centers
    assert seen[0] == 1 and seen[-1] == 3  # before training, and after each of two epochs
    assert all(type(loss) is float for _, loss in history.running)
