import os
import signal
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

dist = pytest.importorskip("torch.distributed", reason="no torch.distributed here")
if not dist.is_available():
    pytest.skip("no torch.distributed here", allow_module_level=True)

from helpers.corpus import load_corpus  # noqa: E402
from helpers.engines import checkpoints, teams, train  # noqa: E402
from helpers.engines.checkpoints import CheckpointError  # noqa: E402
from helpers.engines.pretended import together  # noqa: E402
from helpers.model import make_model  # noqa: E402

QUICK = {"t": None, "max_window": 2, "lr": 0.5, "engine": "torch", "progress": False}


@pytest.fixture(scope="module")
def toy():
    return load_corpus("toy", quiet=True)


# -- the roll call


def call(store, size, seconds=20.0):
    """The names that the members of a start find, each in a thread."""
    return together(size, lambda member: teams._agree(store, member.rank, size, seconds))


def test_each_start_has_one_name_of_its_own_whatever_an_earlier_one_left_in_the_store():
    store = dist.HashStore()
    names = [call(store, size) for size in (3, 3, 2, 4)]
    assert all(len(set(found)) == 1 for found in names)
    assert len({found[0] for found in names}) == 4


def test_words_of_the_dead_alone_are_no_answer():
    store = dist.HashStore()
    call(store, 3)
    with pytest.raises(RuntimeError, match="no word of 1, 2"):
        teams._agree(store, 0, 3, 0.3)
    with pytest.raises(RuntimeError, match="no word of 0"):
        teams._agree(store, 1, 3, 0.3)


def test_who_calls_twice_is_answered_twice():
    store = dist.HashStore()
    store.set("call 1", "of one who has died since")
    found = {}
    first = threading.Thread(target=lambda: found.update({0: teams._agree(store, 0, 2, 20)}))
    first.start()
    deadline = time.monotonic() + 20
    while not store.check(["answer 1"]):  # the dead one is answered
        assert time.monotonic() < deadline
        time.sleep(0.01)
    found[1] = teams._agree(store, 1, 2, 20)
    first.join(20)
    assert found[0] == found[1]


# -- what a team does together, with threads for processes


class Near(teams.Team):
    """A team whose processes are threads."""

    def __init__(self, member, given, barrier):
        self.rank, self.size, self.seconds, self.member = member.rank, member.size, 20.0, member
        self.given, self.barrier = given, barrier

    def _by(self, collective, tensor, *args):
        assert collective is dist.all_reduce
        return self.member.sum(tensor)

    def gather(self, value):
        self.given[self.rank] = value
        self.barrier.wait(20)
        found = list(self.given)
        self.barrier.wait(20)
        return found


def near(size, work):
    """What ``work(team)`` gives or raises in each of a team."""
    given, barrier = [None] * size, threading.Barrier(size)

    def one(member):
        try:
            return work(Near(member, given, barrier))
        except teams.TeamError as error:
            return error

    return together(size, one)


def test_who_was_started_with_something_else_is_named_to_all():
    assert near(3, lambda team: team.compare({"lr": "0.5", "K": "5"})) == [None] * 3
    for error in near(3, lambda team: team.compare({"lr": "0.4" if team.rank == 2 else "0.5", "K": "5"})):
        assert error.known and "process 2 on " in str(error) and "has lr 0.4, not 0.5 as process 0" in str(error)
        assert "K 5" not in str(error)


def test_all_wait_for_whoever_works_longest_and_each_gets_its_own():
    started = time.monotonic()

    def work(team):
        found = team.along(lambda: time.sleep(1.5 * (team.rank == 1)) or team.rank * 10)
        return found, time.monotonic() - started

    found = near(3, work)
    assert [one for one, _ in found] == [0, 10, 20] and min(seconds for _, seconds in found) >= 1.5


def test_what_failed_in_one_is_said_in_all_and_where():
    def fail(team, ranks):
        if team.rank in ranks:
            raise ValueError("no such text")

    for error in near(3, lambda team: team.along(lambda: fail(team, (1,)))):
        assert error.known and str(error).startswith("process 1 on ") and "ValueError: no such text" in str(error)
    for error in near(3, lambda team: team.along(lambda: fail(team, (0, 1, 2)))):
        assert str(error) == "ValueError: no such text"


def test_who_does_not_answer_is_said_with_what_to_do():
    with pytest.raises(teams.TeamError, match="did not answer within 5 seconds.*--max-restarts 3") as found:
        with teams._answers("answer", 5):
            raise RuntimeError("Connection closed by peer\n more")
    assert not found.value.known and "more" not in str(found.value)


# -- devices


@pytest.mark.parametrize(
    "gpus, processes, rank, expected",
    [(1, 1, 0, ("cuda:0", "nccl")), (1, 2, 1, ("cuda:0", "gloo")), (2, 2, 1, ("cuda:1", "nccl"))],
)
def test_processes_that_share_a_gpu_combine_in_the_memory_of_the_cpu(monkeypatch, gpus, processes, rank, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: None)
    monkeypatch.setenv("LOCAL_RANK", str(rank))
    monkeypatch.setenv("LOCAL_WORLD_SIZE", str(processes))
    device, backend = teams.place(None)
    assert (str(device), backend) == expected
    assert teams.place("cpu") == (torch.device("cpu"), "gloo")


class Far:
    """A tensor of another device, whose copy on the CPU is another tensor."""

    device, nbytes = torch.device("cuda"), 8

    def __init__(self):
        self.here = torch.zeros(2)

    def cpu(self):
        return self.here.clone()

    def copy_(self, there):
        self.here = there
        return self


@pytest.mark.parametrize("backend", ["gloo", "nccl"])
def test_gloo_is_given_a_copy_on_the_cpu_and_the_sum_comes_back(monkeypatch, backend):
    team, given = teams.Team.__new__(teams.Team), []
    team.backend, team.seconds, team.sent, far = backend, 5, 0, Far()
    monkeypatch.setattr(dist, "all_reduce", lambda tensor: given.append(tensor) or getattr(tensor, "add_", int)(1))
    assert team.sum(far) is far and team.sent == 8
    assert (given[0] is far) == (backend == "nccl")
    assert far.here.tolist() == ([1, 1] if backend == "gloo" else [0, 0])


# -- a real group, of this process alone


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """As torchrun starts one process; the folder is that of the launch."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "torchelastic" / "none_1"
    (folder / "attempt_0" / "0").mkdir(parents=True)
    wanted = {"RANK": 0, "WORLD_SIZE": 1, "LOCAL_RANK": 0, "LOCAL_WORLD_SIZE": 1, "MASTER_ADDR": "localhost"}
    wanted |= {"MASTER_PORT": port, "TORCHELASTIC_ERROR_FILE": folder / "attempt_0" / "0" / "error.json"}
    monkeypatch.delenv("TORCHELASTIC_USE_AGENT_STORE", raising=False)
    for name, value in wanted.items():
        monkeypatch.setenv(name, str(value))
    yield folder
    if dist.is_initialized():
        dist.destroy_process_group()


def test_without_torchrun_nothing_was_launched(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delenv("TORCHELASTIC_ERROR_FILE", raising=False)
    assert teams.launched() == 0 and teams.marks("run.pt") == {}


def test_a_team_of_one_begins_adds_up_gives_and_ends(alone):
    assert teams.launched() == 1
    team = teams.Team(seconds=20)
    assert (team.rank, team.size) == (0, 1)
    assert team.sum(torch.tensor([2, 3])).tolist() == [2, 3] and team.sent == 16
    assert team.from_first([torch.ones(2)], {"epoch": 3}) == {"epoch": 3}
    assert team.gather("a") == ["a"] and team.along(lambda: 7) == 7
    second = teams.Team(seconds=20)  # of the same group, which the first one ends
    second.end()
    assert dist.is_initialized()
    team.end()
    assert not dist.is_initialized()


def marked(path):
    return {name for name, mark in teams.marks(path).items() if mark.exists()}


def test_a_launch_goes_on_from_its_own_checkpoint_and_from_no_other(alone, toy, tmp_path, monkeypatch):
    path, model = tmp_path / "run.pt", make_model(len(toy.vocab), 8, seed=1)
    first = train(model, toy, epochs=1, checkpoint=path, **QUICK)
    assert marked(path) == {"allowed", "begun"} and not marked(tmp_path / "other.pt")
    again = train(make_model(len(toy.vocab), 8), toy, epochs=1, checkpoint=path, overwrite=True, **QUICK)
    assert again.running == first.running  # read, and nothing trained

    (alone.parent / "none_2" / "attempt_0" / "0").mkdir(parents=True)  # another launch
    error = alone.parent / "none_2" / "attempt_0" / "0" / "error.json"
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(error))
    with pytest.raises(CheckpointError, match="resume=True to go on with it"):
        train(make_model(len(toy.vocab), 8), toy, epochs=1, checkpoint=path, **QUICK)


def test_the_first_checkpoint_is_there_before_the_first_step(alone, toy, tmp_path, monkeypatch):
    path = tmp_path / "run.pt"

    def die(*args):
        raise RuntimeError("at the first step")

    monkeypatch.setattr("helpers.engines.torch.Engine.train", die)
    with pytest.raises(RuntimeError, match="first step"):
        train(make_model(len(toy.vocab), 8, seed=1), toy, epochs=1, checkpoint=path, **QUICK)
    assert checkpoints.read(path)["epoch"] == 0 and "begun" in marked(path)


def test_who_dies_around_the_first_checkpoint_is_neither_refused_nor_goes_on_from_an_older_one(
    alone, toy, tmp_path, monkeypatch
):
    path = tmp_path / "run.pt"
    older = train(make_model(len(toy.vocab), 8, seed=3), toy, epochs=1, checkpoint=path, **QUICK)
    for mark in teams.marks(path).values():
        mark.unlink()  # as another launch begins

    def die(*args, **options):
        raise RuntimeError("here")

    for place, dies in (("save", "runs.Run.save"), ("touch", "teams.Team.from_first")):
        with monkeypatch.context() as patch:
            patch.setattr(f"helpers.engines.{dies}", die)
            with pytest.raises(RuntimeError, match="here"):
                train(make_model(len(toy.vocab), 8, seed=1), toy, epochs=1, checkpoint=path, overwrite=True, **QUICK)
        assert marked(path) == {"allowed"} | ({"begun"} if place == "touch" else set())
    for mark in (True, False):  # dead between the checkpoint and the second mark
        teams.marks(path)["begun"].unlink(missing_ok=True)
        whole = train(make_model(len(toy.vocab), 8, seed=1), toy, epochs=1, checkpoint=path, overwrite=mark, **QUICK)
        assert whole.running != older.running and whole.centers == len(toy.ids)


class Stop:
    """A curve that asks to stop after so many points."""

    def __init__(self, points):
        self.points = points

    def update(self, history):
        if len(history.running) == self.points:
            os.kill(os.getpid(), signal.SIGINT)

    def close(self, history):
        pass


def test_with_other_parts_an_epoch_goes_on_at_the_same_fraction(alone, toy, tmp_path):
    """As with another number of processes, which divides the text otherwise."""
    path, tokens = tmp_path / "run.pt", len(toy.ids)
    every = tokens // 127  # 128 parts
    stopped = train(
        make_model(len(toy.vocab), 8, seed=1), toy, epochs=1, checkpoint=path, every=every, curve=Stop(51), **QUICK
    )
    state = checkpoints.read(path)
    assert stopped.interrupted and state["keeper"]["parts"] == 128 and 51 <= state["part"] <= 53
    model = make_model(len(toy.vocab), 8, seed=2)
    whole = train(model, toy, epochs=1, checkpoint=path, resume=True, **QUICK)
    again = whole.centers - tokens  # of the half part that is done once more
    assert not whole.interrupted and -tokens / 64 <= again <= 2 * tokens / 64
    assert whole.running[len(stopped.running)][0] == pytest.approx((state["part"] // 2 + 1) / 64)


def test_a_checkpoint_of_one_kind_of_run_says_how_to_go_on(alone, toy, tmp_path, monkeypatch):
    team, plain = tmp_path / "team.pt", tmp_path / "plain.pt"
    train(make_model(len(toy.vocab), 8), toy, epochs=1, checkpoint=team, **QUICK)
    monkeypatch.delenv("RANK")
    train(make_model(len(toy.vocab), 8), toy, epochs=1, checkpoint=plain, **QUICK)
    with pytest.raises(CheckpointError, match="torchrun --nproc-per-node 1"):
        train(make_model(len(toy.vocab), 8), toy, epochs=2, checkpoint=team, resume=True, **QUICK)
    monkeypatch.setenv("RANK", "0")
    with pytest.raises(CheckpointError, match="without torchrun"):
        train(make_model(len(toy.vocab), 8), toy, epochs=2, checkpoint=plain, resume=True, **QUICK)


@pytest.mark.parametrize("rule, expected", [("tiers", [0, 16, 32, 48, 64]), ("scaled", list(range(65)))])
def test_a_checkpoint_is_written_at_each_place_where_all_agree(alone, toy, tmp_path, monkeypatch, rule, expected):
    saved, plain = [], checkpoints.save
    monkeypatch.setattr(checkpoints, "save", lambda path, state: saved.append(state) or plain(path, state))
    path, model = tmp_path / "run.pt", make_model(len(toy.vocab), 8)
    train(model, toy, epochs=1, checkpoint=path, save_every=0, combine=rule, **QUICK)
    assert [64 * state["epoch"] + state["part"] for state in saved] == expected
    saved.clear()
    train(model, toy, epochs=1, checkpoint=Path(tmp_path / "late.pt"), save_every=1e6, combine=rule, **QUICK)
    assert [state["epoch"] for state in saved] == [0, 1]
    assert np.isfinite(saved[-1]["history"]["loss_sum"])
