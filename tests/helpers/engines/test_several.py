from contextlib import ExitStack

import numpy as np
import pytest
import torch

from helpers.arguments import ArgumentError
from helpers.corpus import load_corpus
from helpers.engines import several, train
from helpers.engines.checkpoints import CheckpointError
from helpers.engines.choosing import make_engine
from helpers.engines.combining import RULES
from helpers.engines.history import DESCENT_RATES, Settings
from helpers.engines.pretended import together
from helpers.model import make_model
from helpers.training import evaluate, heldout_examples

pytest.importorskip("numba", reason="numba is not installed")
LEARN = (("sum", 1), ("scaled", 3), ("sum", 3), ("mean", 3))
SETTINGS = Settings(t=None, max_window=2).resolved(DESCENT_RATES)


@pytest.fixture(scope="module")
def toy():
    return load_corpus("toy", quiet=True)


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("ranks", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("lengths", [[3] * 100, [1, 500, 1, 1, 2], [0, 0, 4], [1000], [0], list(range(60))])
def test_shards_hold_each_sentence_once_and_are_as_even_as_sentences_allow(lengths, ranks):
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    cuts = several.shards(bounds, ranks)
    assert len(cuts) == ranks + 1 and (cuts[0], cuts[-1]) == (0, len(lengths)) and cuts == sorted(cuts)
    tokens = np.diff(bounds[cuts])
    assert tokens.sum() == bounds[-1] and abs(tokens - bounds[-1] / ranks).max() <= max(lengths)


def test_a_shard_is_cut_where_it_is_nearest():
    assert several.shards(np.array([0, 10, 14, 20]), 2) == [0, 1, 3]  # 10 and 10, not 14 and 6
    assert several.shards(np.array([0, 2, 9, 20]), 2) == [0, 2, 3]
    with pytest.raises(ArgumentError, match="ranks is 0"):
        several.shards(np.array([0, 1]), 0)


def test_no_two_parts_of_a_run_draw_the_same():
    places = [(s, 2, r, p) for s in (0, 1) for r in (0, 1) for p in range(20)] + [(0, 3, 0, 0)]
    drawn = {tuple(np.random.default_rng(several.seed_of(*place)).integers(2**62, size=2)) for place in places}
    assert len(drawn) == len(places)


class Asked:
    """What a run is to a member."""

    def __init__(self):
        self.epoch, self.part, self.counts, self.history, self.asked = 0, 0, [0, 0], None, []
        self.path = None  # of a checkpoint


def run(corpus, ranks, rule="sum", parts=4, name="numba", stop=None, done=0):
    """One epoch by several members: (model, sums of each part, member) by rank."""

    def work(team):
        team.from_first = lambda tensors, value: value
        model = make_model(len(corpus.vocab), 8, seed=1)
        shard, _ = several.share(corpus, team, None)
        cuts = np.linspace(0, len(shard.bounds) - 1, parts + 1).astype(int)
        with ExitStack() as stack:
            torch.set_num_threads(1)
            engine = stack.enter_context(make_engine(name, model, shard, SETTINGS))
            member = several.Member(engine, team, rule, parts)
            member.put({"done": done})
            member.begin(asked := Asked())
            sums = []
            for part, (a, b) in enumerate(zip(cuts, cuts[1:])):
                if stop == (team.rank, part):
                    asked.asked.append(2)
                sums.append(member.train(int(a), int(b), 0.5))
                if member.stop:
                    break
        return model, np.array(sums), member

    return together(ranks, work)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["numba", "torch"])
def test_members_end_with_the_same_model_and_count_all_words(toy, rule, name):
    found = run(toy, 3, rule, name=name)
    weights = [torch.cat([embed.weight for embed in model]) for model, *_ in found]
    assert torch.equal(weights[0], weights[1]) and torch.equal(weights[0], weights[2])
    start = torch.cat([embed.weight for embed in make_model(len(toy.vocab), 8, seed=1)])
    assert not torch.equal(weights[0], start)
    sums = [sums for _, sums, _ in found]
    assert np.array_equal(sums[0], sums[1])
    assert sums[0][:, 2].sum() == len(toy.ids)  # without subsampling each word is a center once


def test_a_team_of_one_is_the_engine_itself(toy, one_thread):
    (model, sums, member), *_ = run(toy, 1)
    alone = make_model(len(toy.vocab), 8, seed=1)
    cuts = np.linspace(0, len(toy.bounds) - 1, 5).astype(int)
    with make_engine("numba", alone, toy, SETTINGS) as engine:
        for part, (a, b) in enumerate(zip(cuts, cuts[1:])):
            engine.reseed(several.seed_of(0, 1, 0, part))
            engine.train(int(a), int(b), 0.5)
    assert all(torch.allclose(a.weight, b.weight, atol=1e-4) for a, b in zip(model, alone))
    assert member.state() == {"done": 4, "parts": 4}


def test_three_learn_as_much_as_one(toy):
    held = heldout_examples(toy, SETTINGS)
    before = evaluate(make_model(len(toy.vocab), 8, seed=1), held)
    loss = {(rule, n): evaluate(run(toy, n, rule, parts=40)[0][0], held) for rule, n in LEARN}
    one = loss["sum", 1]
    assert before - one > 0.1
    assert abs(loss["scaled", 3] - one) < 0.1 * (before - one)
    assert loss["sum", 3] > before  # of 77 words each is changed by all three
    assert loss["mean", 3] > one  # a learning rate divided by three


def test_a_member_that_was_asked_to_stop_stops_all_at_one_place_and_they_agree(toy):
    found = run(toy, 3, "tiers", parts=40, stop=(1, 2))
    assert [len(sums) for _, sums, _ in found] == [3, 3, 3]
    assert all(member.stop and member.agreed for *_, member in found)
    weights = [torch.cat([embed.weight for embed in model]) for model, *_ in found]
    assert torch.equal(weights[0], weights[1]) and torch.equal(weights[0], weights[2])


def test_between_two_tiers_the_members_do_not_agree_and_say_so(toy):
    agreed = []
    plain = several.Member.train

    def train_and_note(self, *args):
        sums = plain(self, *args)
        if not self.team.rank:
            agreed.append(self.agreed)
        return sums

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(several.Member, "train", train_and_note)
        run(toy, 2, "tiers", parts=40)
    assert [i + 1 for i, one in enumerate(agreed) if one] == [16, 32, 40]


def test_after_a_restart_no_draw_comes_twice(toy):
    (first, *_), (again, *_), (later, *_) = (run(toy, 1, done=done)[0] for done in (0, 0, 4))
    assert torch.equal(first[0].weight, again[0].weight) and not torch.equal(first[0].weight, later[0].weight)


def test_a_state_that_is_none_is_refused(toy):
    with make_engine("numba", make_model(len(toy.vocab), 8), toy, SETTINGS) as engine:
        member = several.Member(engine, together(1, lambda team: team)[0], "sum", 4)
        for state in ({}, {"done": -1}, {"done": "4"}, {"random": torch.ones(1)}):
            with pytest.raises(CheckpointError, match="parts are done"):
                member.put(state)
        assert member.done == 0


def test_the_reference_does_not_train_under_torchrun(toy, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    with pytest.raises(ArgumentError, match="engine='reference' trains in one process"):
        train(make_model(len(toy.vocab), 8), toy, engine="reference", progress=False)
