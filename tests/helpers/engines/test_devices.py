"""Which device is taken, and what is said about it."""

import pytest
import torch

from helpers.engines import devices
from helpers.model import gradients


@pytest.fixture
def machine(monkeypatch):
    """A machine with or without CUDA and MPS."""

    def make(cuda=False, mps=False, agrees=True):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a GPU")
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(devices, "agrees_with_cpu", lambda device: agrees and device.type == "mps")

    return make


@pytest.mark.parametrize(
    ("has", "expected", "says"),
    [
        ({"cuda": True, "mps": True}, "cuda", "device: cuda (a GPU)"),
        ({"mps": True}, "mps", "device: mps (its results agree with the CPU's)"),
        ({"mps": True, "agrees": False}, "cpu", "device: cpu (the MPS device disagrees with it, so it is not used)"),
        ({}, "cpu", f"device: cpu ({torch.get_num_threads()} threads; no GPU found)"),
    ],
    ids=str,
)
def test_the_best_that_is_there_is_taken_and_said(machine, capsys, has, expected, says):
    machine(**has)
    assert devices.pick_device() == torch.device(expected)
    assert capsys.readouterr().out == f"{says}\n"
    devices.pick_device(quiet=True)
    assert capsys.readouterr().out == ""


def test_a_device_that_is_asked_for_is_taken_without_a_look_at_the_others(machine, capsys):
    machine(cuda=True)
    assert devices.pick_device("cpu") == torch.device("cpu")
    assert capsys.readouterr().out == "device: cpu (as asked)\n"
    with pytest.raises(RuntimeError, match="no device 'cuda:97' here .*: leave device out, or give 'cpu'"):
        devices.pick_device("cuda:97")


@pytest.mark.parametrize("which", [0, 1, 2])
def test_each_of_the_three_results_is_compared_to_a_thousandth(which):
    def off(by):
        def compute(*tensors):
            results = list(gradients(*tensors))
            results[which] = results[which] * (1 + by)
            return tuple(results)

        return devices.agrees_with_cpu(torch.device("cpu"), compute)

    assert off(0.0) and off(5e-5) and not off(0.01) and not off(-0.01)


@pytest.mark.parametrize("error", [RuntimeError, NotImplementedError])
def test_a_device_that_cannot_compute_does_not_agree(error):
    def broken(*tensors):
        raise error

    assert devices.agrees_with_cpu(torch.device("cpu"), broken) is False


def test_what_is_compared_says_something():
    def look(v, u, label, weight):
        assert v.abs().min() < v.abs().max() and 0 < label.mean() < 0.5 and label.unique().tolist() == [0, 1]
        assert weight.min() >= 0 and weight.std() > 0.1 and u.shape == (*label.shape, v.shape[1])
        return gradients(v, u, label, weight)

    state = torch.random.get_rng_state()
    assert devices.agrees_with_cpu(torch.device("cpu"), look)
    assert torch.equal(torch.random.get_rng_state(), state)  # PyTorch's own generator is left alone
