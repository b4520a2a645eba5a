import copy
import pickle

import numpy as np
import pytest
import torch

import checks
from checks.given import Lines, Others, Places, TooManyLines, called


def test_a_function_is_called_by_its_arguments_or_by_the_one_that_plays():
    assert called(lambda a, b: a + b, (1, 2)) == 3
    found = called(lambda seed, ranks, rank, part: [rank, part], (Places([(0, 2, 0, 1), (0, 2, 1, 0)]),))
    assert found == {"draw the same": "no two", "draw otherwise when asked again": "none"}


def test_lines_are_given_once_and_may_not_be_kept():
    lines = Lines(["a b", "a b", "c"] * 50)
    assert sum(len(line.split()) for line in copy.deepcopy(lines)) == 250
    assert next(pickle.loads(pickle.dumps(lines))) == "a b"
    kept = []
    with pytest.raises(TooManyLines, match="4 lines are kept"):
        for line in lines:
            kept.append(line)
    assert len(kept) == Lines.KEPT + 1
    with pytest.raises(TooManyLines):
        "".join(copy.deepcopy(lines))
    assert list(Lines([])) == []


def test_places_that_draw_the_same_are_named_and_so_is_one_that_changes():
    places = Places([(0, 2, 0, 1), (0, 2, 1, 0), (0, 2, 1, 1)])
    found = places.play(lambda seed, ranks, rank, part: rank + part, places)
    assert found["draw the same"] == "(0, 2, 0, 1) and (0, 2, 1, 0)"
    drawn = iter(range(99))
    assert places.play(lambda *place: next(drawn), places)["draw otherwise when asked again"] == "(0, 2, 0, 1)"
    assert places.play(lambda *place: None, places) is None
    with pytest.raises(TypeError, match="returned None"):
        places.play(lambda seed, ranks, rank, part: rank or None, places)


def others(enough=10**6):
    after = torch.arange(12.0).reshape(3, 2, 2)
    return torch.zeros(2, 2), after[0], Others(after, enough)


def test_a_team_runs_the_answer_in_each_process_and_weighs_what_it_sends():
    before, after, team = others()
    found = team.play(lambda before, after, team: team.sum(after) / team.size, before, after, team)
    mean = torch.arange(12.0).reshape(3, 2, 2).mean(dim=0)
    assert [name for name in found if torch.is_tensor(found[name])] == ["process 0", "process 1", "process 2"]
    assert all(torch.equal(found[f"process {rank}"], mean) for rank in range(3))
    assert found["bytes of a process"] == "no more than it takes"
    before, after, team = others(enough=15)  # a table has 16
    found = team.play(lambda before, after, team: team.sum(after), before, after, team)
    assert found["bytes of a process"] == "more than it takes"


def test_what_an_answer_does_to_its_arguments_in_process_0_is_seen():
    verdict = checks.combine.verdict(lambda before, after, team: before.add_(1), 0)
    assert verdict.key == "in place"


def test_an_answer_that_adds_up_unequally_often_ends_with_words():
    verdict = checks.combine.verdict(lambda b, a, team: team.sum(a) if team.rank else a.clone(), 0, hint=True)
    assert "must add up equally often" in str(verdict)


def test_the_line_that_repeats_a_case_does():
    verdict = checks.combine.verdict(lambda before, after, team: after, 3)
    line = str(verdict).split("Again: ")[1].split("\n")[0]
    found = eval(line, {"checks": checks, "my_combine": lambda before, after, team: after})
    assert set(found) == {*(f"process {rank}" for rank in range(len(found) - 1)), "bytes of a process"}
    assert not np.allclose(found["process 0"], found["process 1"])
