"""The full softmax and the expectation: gradients, training, the seconds of a step, bits."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn import functional

from helpers import softmax
from helpers.arguments import ArgumentError
from helpers.corpus import make_corpus
from helpers.engines.runs import TrainingDiverged
from helpers.model import make_model
from helpers.sampling import Examples, draw_examples, noise_distribution
from helpers.texts import toy as grammar
from helpers.training import evaluate

OBJECTIVES = ("softmax", "expectation")


def wide(V=15, D=6, seed=3):
    """A model whose scores are far from 0."""
    model = make_model(V, D, seed=seed)
    for embed in model:
        embed.weight.data *= 4
    return model


def random_examples(rng, n, V):
    offsets = np.concatenate([[0], rng.integers(1, 6, n).cumsum()])
    contexts, noise = rng.integers(1, V, offsets[-1]), rng.integers(1, V, (offsets[-1], 2))
    return Examples(rng.integers(1, V, n), offsets, contexts, noise)


def as_batch(examples):
    rows = np.repeat(np.arange(len(examples)), np.diff(examples.offsets))
    return [torch.from_numpy(x.astype(np.int64)) for x in (examples.centers, examples.contexts, rows)]


def dense_loss(model, center, contexts, row, objective, q, K):
    """Both objectives by autograd, one center after the other."""
    total = 0
    for i, score in enumerate(model[0](center) @ model[1].weight.T):
        here = contexts[row == i]
        if objective == "softmax":
            total = total + functional.cross_entropy(score[1:].expand(len(here), -1), here - 1)
        else:
            noise = (q[1:] * functional.softplus(score[1:])).sum()
            total = total + (functional.softplus(-score[here]).mean() + K * noise) / (1 + K)
    return total


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_dense_steps_gradients_are_autograds(rng, objective):
    model, reference = wide(), wide()
    batch, q = as_batch(random_examples(rng, 25, 15)), torch.from_numpy(noise_distribution(np.arange(15))).float()
    expected = dense_loss(reference, *batch, objective, q, K=3)
    expected.backward()
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    assert float(softmax.dense_step(model, *batch, objective, q, 3)) == pytest.approx(
        float(expected.detach()), rel=1e-5
    )
    for embed, other in zip(model, reference):
        assert embed.weight.grad.numpy() == pytest.approx(other.weight.grad.numpy(), abs=1e-5)
        assert other.weight.grad.abs().max() > 0.5
    with pytest.raises(ValueError, match="^objective is 'hinge'; give one of 'softmax', 'expectation'"):
        softmax.dense_step(model, *batch, "hinge", q, 3)


def test_the_expectation_is_the_mean_of_the_sampled_loss(rng):
    model, examples = wide(), random_examples(rng, 5, 15)
    q = noise_distribution(np.arange(15) ** 2)
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    expected = float(softmax.dense_step(model, *as_batch(examples), "expectation", torch.from_numpy(q).float(), 4)) / 5
    sampled = []
    for _ in range(1000):  # noise from q, whatever the contexts are
        noise = rng.choice(15, (len(examples.contexts), 4), p=q)
        sampled.append(evaluate(model, Examples(examples.centers, examples.offsets, examples.contexts, noise)))
    assert abs(np.mean(sampled) - expected) < 4 * np.std(sampled) / np.sqrt(1000) < 0.03


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_dense_training_equals_a_plain_loop_with_autograd_and_adam(objective):
    corpus = make_corpus(grammar.sentences(2500, seed=3))
    ours, plain = (make_model(len(corpus.vocab), 5) for _ in range(2))
    losses, _ = softmax.train_dense(ours, corpus, objective, epochs=2, seed=4, K=3, lr=0.02)
    optimizer, mean = torch.optim.Adam(plain.parameters(), lr=0.02), []
    q = torch.from_numpy(noise_distribution(corpus.vocab.counts)).float()
    for epoch in range(2):
        examples = draw_examples(corpus, K=3, rng=np.random.default_rng([4, epoch]))
        total, (center, contexts, row) = 0.0, as_batch(examples)
        assert len(examples) > 512  # more than one minibatch
        for rows in torch.from_numpy(np.random.default_rng([4, epoch, 1]).permutation(len(examples))).split(512):
            optimizer.zero_grad()
            parts = [(center[r : r + 1], contexts[row == r], 0 * contexts[row == r]) for r in rows]
            loss = sum(dense_loss(plain, *part, objective, q, 3) for part in parts)
            loss.backward()
            optimizer.step()
            total += float(loss.detach())
        mean.append(total / len(examples))
    assert losses == pytest.approx(mean, rel=1e-4)
    for a, b in zip(ours, plain):
        assert torch.allclose(a.weight[1:], b.weight[1:], atol=2e-3)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_dense_training_lowers_the_loss_and_is_seeded(toy, objective):
    runs = []
    for seed in (0, 0, 1):
        model = make_model(len(toy.vocab), 8)
        losses, seconds = softmax.train_dense(model, toy, objective, epochs=3, seed=seed, lr=0.02)
        assert losses == sorted(losses, reverse=True) and losses[-1] < losses[0] - 0.01 and seconds > 0
        runs.append((losses, model[1].weight.detach()))
        assert all(embed.weight.grad is None for embed in model)
    assert runs[0][0] == runs[1][0] != runs[2][0] and torch.equal(runs[0][1], runs[1][1])


def test_the_seconds_of_a_step_are_its_own(toy, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(softmax, "time", SimpleNamespace(perf_counter=lambda: clock[0]))

    def step(model, optimizer, batch):  # takes K seconds
        clock[0] += batch[2].sum().item() / batch[3].sum().item() - 1

    def dense_step(model, center, contexts, row, objective, q, K):
        clock[0] += {"softmax": 50, "expectation": 70}[objective] * len(center) / 512

    monkeypatch.setattr(softmax, "step", step)
    monkeypatch.setattr(softmax, "dense_step", dense_step)
    seconds = softmax.step_seconds(toy, (2, "softmax", "none", 9, "expectation"), dim=2, rounds=3, steps=1)
    assert seconds == pytest.approx([2, 50, 0, 9, 70])
    assert softmax.step_seconds(toy, (2, "softmax"), dim=2, rounds=1, steps=3) == pytest.approx([2, 50])


@pytest.mark.parametrize("prior", [False, True])
def test_bits_are_those_of_a_softmax_pair_by_pair(rng, prior):
    V = 1300  # more centers than one block of 1,000
    model, examples = wide(V, 4), random_examples(rng, 3000, V)
    assert len(set(examples.centers)) > 1000
    log_prior = np.r_[-np.inf, rng.normal(size=V - 1)] if prior else None
    v, u = (embed.weight.detach().double().numpy() for embed in model)
    bits = []
    for i, center in enumerate(examples.centers):
        weight = np.exp(u @ v[center] + (log_prior if prior else 0)) * (np.arange(V) > 0)
        slots = slice(*examples.offsets[i : i + 2])
        bits += (-np.log2(weight[examples.contexts[slots]] / weight.sum())).tolist()
    assert softmax.context_bits(model, examples, log_prior) == pytest.approx(np.mean(bits), rel=1e-6)


def test_a_model_that_says_nothing_needs_the_bits_of_the_words_themselves(rng):
    model, examples = wide(), random_examples(rng, 80, 15)
    for embed in model:
        embed.weight.data[:] = 0
    q = noise_distribution(np.arange(15))
    with np.errstate(divide="ignore"):
        found = softmax.context_bits(model, examples, np.log(q))
    assert found == pytest.approx(-np.log2(q[examples.contexts]).mean())
    assert softmax.context_bits(model, examples) == pytest.approx(np.log2(14))


def test_the_books_defaults_of_dense_training(monkeypatch):
    seen, corpus = [], make_corpus(grammar.sentences(200))

    def draw(text, *, rng, **drawing):
        seen.append((drawing, rng.bit_generator.state["state"]))
        return draw_examples(text, rng=rng, **{**drawing, "t": None})

    monkeypatch.setattr(softmax, "draw_examples", draw)
    given, default = make_model(len(corpus.vocab), 2), make_model(len(corpus.vocab), 2)
    losses, _ = softmax.train_dense(default, corpus, "expectation")
    assert len(losses) == 5 == len(seen) and seen[0][0] == {"max_window": 5, "K": 5, "t": 1e-4}
    assert losses == softmax.train_dense(given, corpus, "expectation", epochs=5, seed=0, K=5, lr=0.002)[0]
    assert torch.equal(given[0].weight, default[0].weight) and all(type(loss) is float for loss in losses)


def test_the_padding_takes_no_share_of_a_softmax(rng):
    """However large its score would be: the other words' probabilities are what they are without it."""
    model, batch = wide(), as_batch(random_examples(rng, 20, 15))
    q = torch.from_numpy(noise_distribution(np.arange(15))).float()
    for embed in model:
        embed.weight.data[0] = 9.0
        embed.weight.grad = torch.zeros_like(embed.weight)
    expected = float(dense_loss(model, *batch, "softmax", q, 3).detach())
    assert float(softmax.dense_step(model, *batch, "softmax", q, 3)) == pytest.approx(expected, rel=1e-5)
    assert model[1].weight.grad[0].abs().max() < 1e-6 < model[1].weight.grad[1].abs().max()


def test_a_steps_time_is_that_of_the_gradients_and_of_adam(toy, monkeypatch):
    """Every step starts from gradients of zero, at the book's rate, with the noise words that were asked for."""
    seen, moved = [], []

    def step(model, optimizer, batch):
        seen.append((batch[2].sum() / batch[3].sum() - 1, True))
        for embed in model:
            embed.weight.grad = torch.ones_like(embed.weight)  # so that Adam moves each number by the learning rate
        moved.append(model[0].weight.detach().clone())
        optimizer.step()

    def dense_step(model, center, contexts, row, objective, q, K):
        seen.append((objective, q, K, all(not e.weight.grad.any() for e in model)))
        for embed in model:
            embed.weight.grad += 1.0

    monkeypatch.setattr(softmax, "step", step)
    monkeypatch.setattr(softmax, "dense_step", dense_step)
    softmax.step_seconds(toy, (2,), dim=3)
    assert [k for k, _ in seen] == [2] * len(seen) and all(clean for _, clean in seen)
    assert moved[0].shape == (len(toy.vocab), 3)
    assert softmax.step_seconds.__wrapped__.__kwdefaults__ == {"dim": 100, "rounds": 5, "steps": 4}
    for before, after in zip(moved, moved[1:]):
        assert (before - after).numpy() == pytest.approx(0.002, rel=0.05)
    steps = len(seen)
    softmax.step_seconds(toy, ("softmax",), dim=3)
    objective, q, K, clean = seen[-1]
    assert (objective, K, clean) == ("softmax", 5, True) and len(seen) == 2 * steps
    assert q.numpy() == pytest.approx(noise_distribution(toy.vocab.counts), rel=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_training_that_diverges_says_so_and_gives_the_last_good_model_back(toy, objective):
    model = make_model(len(toy.vocab), 4)
    before = [embed.weight.detach().clone() for embed in model]
    with pytest.raises(TrainingDiverged, match="in epoch 1, with lr = 1e.30: give a smaller lr"):
        softmax.train_dense(model, toy, objective, epochs=2, lr=1e30)
    assert all(torch.equal(embed.weight, old) and embed.weight.grad is None for embed, old in zip(model, before))


def test_arguments_that_cannot_be_right_are_named(toy, rng):
    V, examples = len(toy.vocab), random_examples(rng, 9, 15)
    none, outside = Examples(*(np.zeros(n, int) for n in (0, 1, 0)), np.zeros((0, 2), int)), random_examples(rng, 9, 99)
    broken, unready = wide(), wide()
    broken[0].weight.data[3, 1] = torch.nan
    batch, q = as_batch(examples), torch.ones(15) / 15
    for name, call in (
        ("model", lambda: softmax.train_dense(wide(), toy, "softmax")),
        ("model", lambda: softmax.train_dense(None, toy, "softmax")),
        ("corpus", lambda: softmax.train_dense(make_model(V, 2), "toy", "softmax")),
        ("objective", lambda: softmax.train_dense(make_model(V, 2), toy, "hinge")),
        ("epochs", lambda: softmax.train_dense(make_model(V, 2), toy, "softmax", epochs=0)),
        ("lr", lambda: softmax.train_dense(make_model(V, 2), toy, "softmax", lr=np.nan)),
        ("K", lambda: softmax.train_dense(make_model(V, 2), toy, "softmax", K=0)),
        ("model", lambda: softmax.context_bits(broken, examples)),
        ("examples", lambda: softmax.context_bits(wide(), none)),
        ("examples", lambda: softmax.context_bits(wide(), outside)),
        ("log_prior", lambda: softmax.context_bits(wide(), examples, np.zeros(14))),
        ("log_prior", lambda: softmax.context_bits(wide(), examples, np.full(15, np.nan))),
        ("log_prior", lambda: softmax.context_bits(wide(), examples, np.full(15, -np.inf))),
        ("model", lambda: softmax.dense_step(unready, *batch, "softmax", q, 5)),
        ("contexts", lambda: softmax.dense_step(ready(), batch[0], batch[1] + 15, batch[2], "softmax", q, 5)),
        ("row", lambda: softmax.dense_step(ready(), batch[0], batch[1], batch[2] + 9, "softmax", q, 5)),
        ("q", lambda: softmax.dense_step(ready(), *batch, "softmax", -q, 5)),
        (r"objectives\[0\]", lambda: softmax.step_seconds(toy, ["hinge"])),
        (r"objectives\[1\]", lambda: softmax.step_seconds(toy, [5, 0])),
        ("objectives", lambda: softmax.step_seconds(toy, [])),
        ("rounds", lambda: softmax.step_seconds(toy, [5], rounds=0)),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name}"):
            call()


def ready():
    model = wide()
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    return model


def code_lengths(counts):
    """By the tree itself: each word's way to its leaf."""
    nodes = [(int(count), [i]) for i, count in enumerate(counts)]
    length = np.zeros(len(counts))
    while len(nodes) > 1:
        nodes.sort(key=lambda node: node[0])
        (a, left), (b, right) = nodes[:2]
        length[left + right] += 1
        nodes = [*nodes[2:], (a + b, left + right)]
    return length


def test_the_mean_code_length_is_that_of_huffmans_tree(rng):
    for counts in (rng.integers(1, 9, 20), 10_000 // np.arange(1, 200), np.array([4]), np.array([1, 99])):
        expected = (code_lengths(counts) * counts).sum() / counts.sum()
        assert softmax.mean_code_length(counts) == pytest.approx(expected)
        p = counts / counts.sum()
        assert -(p * np.log2(p)).sum() <= softmax.mean_code_length(counts) + 1e-12
    for bad in (np.array([3, 0]), np.array([]), np.array([0.5, 1]), "x"):
        with pytest.raises(ArgumentError, match="counts"):
            softmax.mean_code_length(bad)
