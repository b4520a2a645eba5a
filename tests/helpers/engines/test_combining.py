import numpy as np
import pytest
import torch

from helpers.arguments import ArgumentError
from helpers.engines import combining
from helpers.engines.combining import RULES, Combiner, period
from helpers.engines.pretended import Pretended, together

V, D, RANKS = 40, 3, 3
COUNTS = np.arange(V)[::-1].copy()


def changes(seed=0):
    """What each process changed: some rows by one, some by several, some by none."""
    rng = np.random.default_rng(seed)
    made = torch.from_numpy(rng.normal(size=(2, RANKS, V, D)))
    made[torch.from_numpy(rng.random((2, RANKS, V)) < 0.6)] = 0
    made[:, :, 5], made[0, 0, 6] = 0, 1.0
    return made.float()


def start(seed=7):
    return torch.randn(2, V, D, generator=torch.Generator().manual_seed(seed))


def combined(rule, *, number=1, everything=True, made=None):
    """Tables of each process after one combining, and the bytes that it sent."""
    made = changes() if made is None else made

    def work(member):
        tables = list(start().clone())
        combiner = Combiner(tables, COUNTS, member, rule)
        for table, change in zip(tables, made[:, member.rank]):
            table += change
        combiner.combine(number, everything)
        return torch.stack(tables), member.sent

    return together(RANKS, work)


def wanted(rule):
    made = changes()
    touching = (made != 0).any(dim=3).sum(dim=1).clamp(min=1).unsqueeze(2)  # (2, V, 1)
    summed = made.sum(dim=1)
    by = {
        "mean": RANKS,
        "times": RANKS,
        "scaled": RANKS,
        "tiers": RANKS,
        "sum": 1,
        "touching": touching,
        "root": touching**0.5,
    }
    return start() + summed / by.get(rule, RANKS)


@pytest.mark.parametrize("rule", RULES)
def test_all_processes_end_with_what_the_rule_says(rule):
    for tables, _ in combined(rule):
        assert torch.allclose(tables, wanted(rule), atol=1e-5)
    assert len({tables.numpy().tobytes() for tables, _ in combined(rule)}) == 1  # to the bit


def test_the_rules_differ_where_a_row_was_changed_by_two():
    found = {rule: combined(rule)[0][0] for rule in ("mean", "touching", "root", "sum")}
    tables = list(found.values())
    assert all(not torch.allclose(a, b) for i, a in enumerate(tables) for b in tables[:i])


def test_rows_that_nobody_changed_do_not_travel_and_stay_to_the_bit():
    made = torch.zeros(2, RANKS, V, D)
    made[0, 1, 8] = 1.0
    (tables, sent), *_ = combined("sum", made=made)
    assert sent == 2 * V + D * 4  # a mark for each row of both tables, and one row
    before = start()
    before[0, 8] += 1
    assert torch.equal(tables, before)


@pytest.mark.parametrize("everything", [True, False])
def test_rows_travel_in_pieces_and_come_to_the_same(monkeypatch, everything):
    whole = combined("touching", number=8, everything=everything)
    monkeypatch.setattr(combining, "NUMBERS", 7 * D)
    given, add_up = [], Pretended.sum
    monkeypatch.setattr(Pretended, "sum", lambda self, x: given.append((self.rank, x)) or add_up(self, x))
    pieces = combined("touching", number=8, everything=everything)
    assert all(torch.equal(a, b) and sent == there for (a, sent), (b, there) in zip(whole, pieces))
    changes_of_rows = [(rank, x) for rank, x in given if x.ndim == 2]
    assert max(len(x) for _, x in changes_of_rows) == 7
    assert len({(rank, x.data_ptr()) for rank, x in changes_of_rows}) == RANKS  # each in one place


def test_in_tiers_rare_rows_wait_and_lose_nothing():
    def work(member):
        tables = list(start().clone())
        combiner = Combiner(tables, COUNTS, member, "tiers")
        seen = []
        for number in range(1, 17):
            for table, change in zip(tables, changes(number)[:, member.rank]):
                table += change
            combiner.combine(number, everything=False)
            seen.append(torch.stack(tables).clone())
        return seen

    runs = together(RANKS, work)
    due = torch.from_numpy(period(COUNTS))
    for number, states in enumerate(zip(*runs), start=1):
        same = torch.stack([(one == states[0]).all(dim=2).all(dim=0) for one in states]).all(dim=0)
        assert same[number % due == 0].all()
    total = sum(changes(number).sum(dim=1) for number in range(1, 17)) / RANKS
    assert not same_rows(runs, 14).all() and same_rows(runs, 15).all()
    assert torch.allclose(runs[0][-1], start() + total, atol=1e-4)  # at the 16th all have travelled


def same_rows(runs, at):
    return torch.stack([(run[at] == runs[0][at]).all(dim=2).all(dim=0) for run in runs]).all(dim=0)


def test_the_period_of_a_word_is_by_its_rank():
    found = period(np.arange(64)[::-1])
    assert found.tolist() == [1] * 4 + [2] * 4 + [4] * 8 + [8] * 16 + [16] * 32
    order = np.random.default_rng(0).permutation(64)
    assert np.array_equal(period(np.arange(64)[::-1][order]), found[order])
    assert period(np.ones(1)).tolist() == [16] and set(period(np.ones(2))) == {8, 16}


def test_one_table_twice_is_combined_once():
    def work(member):
        table = torch.zeros(V, D)
        combiner = Combiner([table, table], COUNTS, member, "sum")
        table += 1
        combiner.combine(1)
        return table

    assert all(torch.equal(table, torch.full((V, D), float(RANKS))) for table in together(RANKS, work))


def test_an_unknown_rule_is_refused_by_name():
    with pytest.raises(ArgumentError, match="rule is 'median'"):
        together(1, lambda member: Combiner([torch.zeros(2, 2)], np.ones(2), member, "median"))


def test_a_member_that_fails_fails_all():
    def work(member):
        if member.rank == 1:
            raise RuntimeError("gone")
        return member.sum(torch.ones(1))

    with pytest.raises(RuntimeError, match="gone"):
        together(2, work)


@pytest.mark.parametrize(("ranks", "faster", "counts"), [(1, 1, 1), (2, 2, 2), (4, 4, 4), (8, 4, 8), (16, 4, 8)])
def test_more_processes_train_up_to_four_times_as_fast_and_their_changes_count_up_to_eight_times(ranks, faster, counts):
    for rule in (RULES["scaled"], RULES["tiers"]):
        assert rule.rate(ranks) == faster
        assert rule.rate(ranks) * rule.combine(torch.ones(1), None, ranks).item() * ranks == pytest.approx(counts)
