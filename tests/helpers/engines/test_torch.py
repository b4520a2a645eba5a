"""PyTorch's engine: a packed step against autograd, and what is drawn for it."""

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from helpers.corpus import make_corpus
from helpers.engines import torch as engine
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.sampling import keep_probability, noise_distribution

CORPUS = make_corpus([["a", "b", "c", "d"], ["e", "f"], ["b", "a", "g"]] * 20)
# Two centers alike; a context that is noise too, and one above all noise; noise words drawn twice; a center whose
# contexts are all the noise, and one that has a single noise word left.
CENTERS, SIZE = [1, 1, 4, 2, 6], [2, 3, 1, 3, 2]
CONTEXTS, ROW = [2, 5, 3, 7, 7, 9, 5, 7, 8, 5, 7], [0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4]
NOISE = [5, 7, 7, 8, 5, 5]


def loss_by_autograd(v, u, K, by_row):
    """The loss of the batch, a center at a time; its weight; and how many centers have no noise word."""
    loss, weight, bare = 0.0, 0.0, 0
    for i, center in enumerate(CENTERS):
        contexts = [c for c, row in zip(CONTEXTS, ROW) if row == i]
        free = [word for word in NOISE if word not in contexts]
        each = 1 / (len(contexts) * (1 + K)) if by_row else 1.0
        loss = loss + each * softplus(-(u[contexts] @ v[center])).sum()
        if free:
            loss = loss + each * len(contexts) * K / len(free) * softplus(u[free] @ v[center]).sum()
        weight, bare = weight + each * len(contexts) * (1 + K), bare + (not free)
    return loss, weight, bare


@pytest.mark.parametrize("measure", [False, True])
@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("K", [1, 3])
def test_a_packed_step_is_a_step_down_autograds_gradient(K, by_row, measure):
    draw = torch.Generator().manual_seed(4)
    start = [torch.randn(10, 4, generator=draw) for _ in range(2)]
    v, u = (table.double().requires_grad_() for table in start)
    loss, weight, bare = loss_by_autograd(v, u, K, by_row)
    loss.backward()
    ours = [table.clone() for table in start]
    ids = [torch.tensor(x) for x in (CENTERS, CONTEXTS, ROW)]
    size, noise = torch.tensor(SIZE, dtype=torch.float32), torch.tensor(NOISE)
    found = engine.packed_step(*ours, *ids, size, noise, K, by_row, 0.1, **({"measure": True} if measure else {}))
    for table, before, theirs in zip(ours, start, (v, u)):
        assert torch.allclose(table, (before - 0.1 * theirs.grad).float(), atol=1e-5)
    assert bare == 1 == found[2] and found.dtype == torch.float32
    assert found[:2].tolist() == pytest.approx([loss.item(), weight] if measure else [0, 0], rel=1e-5)


def make(corpus=CORPUS, **options):
    settings = Settings(**{"t": None, **options.pop("settings", {})})
    return engine.Engine(make_model(len(corpus.vocab), 3), corpus, settings, device="cpu", **options)


@pytest.fixture
def steps(monkeypatch):
    """What `packed_step` is given, in place of its work."""
    seen = []

    def packed_step(v, u, centers, contexts, row, size, noise, K, by_row, lr, measure=False):
        seen.append({name: value for name, value in locals().items() if name != "seen"})
        return torch.tensor([2.0 * measure, 1.0 * measure, 3.0])

    monkeypatch.setattr(engine, "_packed_step", packed_step)
    return seen


def test_each_step_is_given_its_own_centers_contexts_and_noise(steps):
    made = make(batch=7, settings={"max_window": 1, "K": 4, "average": "pairs"})
    found = made.train(3, 24, 0.5)
    ids = CORPUS.ids[CORPUS.bounds[3] : CORPUS.bounds[24]]
    assert torch.cat([s["centers"] for s in steps]).tolist() == ids.tolist() and len(ids) == 63
    assert [len(s["centers"]) for s in steps] == [7] * 9 and all(len(s["noise"]) == 7 for s in steps)
    expected = []  # with windows of 1 the contexts are the words beside each
    for s in range(3, 24):
        words = CORPUS.ids[CORPUS.bounds[s] : CORPUS.bounds[s + 1]].tolist()
        expected += [words[max(0, i - 1) : i] + words[i + 1 : i + 2] for i in range(len(words))]
    given = [s["contexts"][s["row"] == i].tolist() for s in steps for i in range(len(s["centers"]))]
    assert given == expected and torch.cat([s["size"] for s in steps]).tolist() == [len(c) for c in expected]
    assert {(s["K"], s["by_row"], s["lr"]) for s in steps} == {(4, False, 0.5)}
    assert all(s["v"] is made.tables[0] and s["u"] is made.tables[1] for s in steps)
    assert found.tolist() == [2, 1, 63, 27]  # the first step alone is measured
    assert not torch.equal(steps[0]["noise"], steps[1]["noise"])


def test_one_step_in_sixteen_is_measured_and_the_last_may_be_short(steps):
    made = make(batch=4)
    found = made.train(0, 60, 0.5).tolist()
    measured = [k for k, s in enumerate(steps) if s["measure"]]
    assert measured == list(range(measured[0], 45, 16)) and found == [len(measured) * 2, len(measured), 180, 45 * 3]
    seen = set()
    for _ in range(200):  # each step of a part is measured now and then
        steps.clear()
        made.train(0, 60, 0.5)
        seen |= {k for k, s in enumerate(steps) if s["measure"]}
    assert seen == set(range(45))
    steps.clear()
    made.train(0, 1, 0.5)
    made.train(0, 2, 0.5)
    assert [len(s["centers"]) for s in steps] == [4, 4, 2] and len(steps[2]["noise"]) == 4
    assert steps[0]["measure"] and steps[1]["measure"] != steps[2]["measure"]  # one of each part


def test_a_part_of_which_nothing_is_left_gives_nothing(steps):
    assert make(settings={"t": 1e-12}).train(0, 60, 1.0).tolist() == [0, 0, 0, 0] and steps == []


def test_a_batch_is_256_or_as_many_as_the_likeliest_noise_word_allows():
    even = make_corpus([[f"w{i}" for i in range(2000)]])
    assert make(even).batch == 256
    middle = make_corpus([[f"w{i}" for i in range(50)]])
    assert make(middle).batch == 150  # the likeliest comes three times
    assert make().batch == 16 and make(batch=5).batch == 5 and isinstance(make(middle).batch, int)
    assert engine.Engine.OPTIONS == ("batch",)


def test_the_noise_and_what_is_kept_are_the_references():
    made = make(settings={"t": 0.01})
    assert made.noise.numpy() == pytest.approx(noise_distribution(CORPUS.vocab.counts), rel=1e-12)
    assert made.noise.dtype == torch.float64  # in float32 the rarest words of a large vocabulary come too seldom
    assert made.keep == pytest.approx(keep_probability(CORPUS.vocab.counts, 0.01)) and (make().keep == 1).all()
    assert made.note == f" ({torch.get_num_threads()} threads)" and made.device.type == "cpu"


def test_the_seed_fixes_the_noise_words_and_pytorchs_own_generator_does_not(steps):
    def noise(seed):
        steps.clear()
        made = make(settings={"seed": seed})
        made.train(0, 30, 1.0)
        made.train(30, 60, 1.0)
        return [s["noise"].tolist() for s in steps]

    first = noise(1)
    torch.manual_seed(99)
    state = torch.random.get_rng_state()
    assert noise(1) == first != noise(2)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert first[: len(first) // 2] != first[len(first) // 2 :]  # the second part draws on, not again


def test_the_seed_fixes_windows_and_subsampling(steps):
    def drawn(**settings):
        steps.clear()
        make(settings=settings).train(0, 60, 1.0)
        return [(s["centers"].tolist(), s["contexts"].tolist()) for s in steps]

    for settings in ({"max_window": 3}, {"max_window": 1, "t": 0.01}):
        assert drawn(seed=1, **settings) == drawn(seed=1, **settings) != drawn(seed=2, **settings)


def test_noise_words_come_as_often_as_their_counts_to_three_quarters(steps):
    corpus = make_corpus([["a", "b"]] * 1600 + [["c", "d"]] * 100)
    make(corpus, batch=16).train(0, 1700, 1.0)
    seen = np.bincount(torch.cat([s["noise"] for s in steps]).numpy(), minlength=5)
    assert seen[0] == 0 and seen.sum() == 3408
    assert np.abs(seen[1:] / seen.sum() - np.array([8, 8, 1, 1]) / 18).max() < 5 * np.sqrt(0.25 / 3408)
    assert abs(seen[3:].sum() / seen.sum() - 1 / 9) < 5 * np.sqrt(1 / 9 * 8 / 9 / 3408)  # 1 / 17 if the power were 1
