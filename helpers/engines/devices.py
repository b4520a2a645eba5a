# Used from 05 · tests/helpers/engines/test_devices.py
"""Where to compute: CUDA, then Apple's MPS if it agrees with the CPU, then the CPU."""

from __future__ import annotations

import torch

from helpers.arguments import ArgumentError, checked, flag, function, instance, refuse
from helpers.model import gradients


class DeviceError(ArgumentError, RuntimeError):
    """A device that is not there."""


def kind_of(device) -> str | None:
    """The type of a device, ``"cuda"`` of ``"cuda:1"``; None of None.

    Raises
    ------
    ArgumentError
        For what names no device.
    """
    if device is None:
        return None
    try:
        kind = torch.device(device).type if isinstance(device, (str, torch.device)) else "meta"
    except RuntimeError:
        kind = "meta"
    if kind != "meta":  # which holds no numbers
        return kind
    raise refuse("device", device, "'cpu', 'cuda' or another device of PyTorch, or leave it out")


@checked(quiet=flag())
def pick_device(device: str | torch.device | None = None, *, quiet: bool = False) -> torch.device:
    """Choose a device when called, and say which.

    Parameters
    ----------
    device : str or torch.device, optional
        Take this one. Default: CUDA if there is one; else MPS if `agrees_with_cpu` finds its results right (Apple's
        backend has returned wrong products without an error, pytorch issue 109457); else the CPU.
    quiet : bool
        Do not print the choice.

    Returns
    -------
    torch.device

    Raises
    ------
    ArgumentError
        For what names no device.
    DeviceError
        If the device that was asked for is not there.
    """
    why = "as asked"
    if kind_of(device) is not None:
        try:
            device = torch.device(device)
            torch.zeros(1, device=device)
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            reason = str(error).splitlines()[0]
            raise DeviceError(f"no device {str(device)!r} here ({reason}): leave device out, or give 'cpu'") from None
    elif torch.cuda.is_available():
        device, why = torch.device("cuda"), torch.cuda.get_device_name()
    elif torch.backends.mps.is_available():
        device, why = torch.device("mps"), "its results agree with the CPU's"
        if not agrees_with_cpu(device):
            device, why = torch.device("cpu"), "the MPS device disagrees with it, so it is not used"
    else:
        device, why = torch.device("cpu"), f"{torch.get_num_threads()} threads; no GPU found"
    if not quiet:
        print(f"device: {device} ({why})")
    return device


@checked(device=instance(str, torch.device), compute=function())
def agrees_with_cpu(device: torch.device, compute=gradients) -> bool:
    """Whether one small training step gives the same loss and gradients there as on the CPU; takes milliseconds.

    Parameters
    ----------
    device : torch.device
    compute : callable
        What is compared; the training step's own `gradients`.
    """
    draw = torch.Generator().manual_seed(0)
    v, u = torch.randn(64, 32, generator=draw), torch.randn(64, 60, 32, generator=draw)
    label = (torch.rand(64, 60, generator=draw) < 0.2).float()
    weight = torch.rand(64, 60, generator=draw)
    expected = gradients(v, u, label, weight)
    kind_of(device)
    try:
        given = compute(*(tensor.to(device) for tensor in (v, u, label, weight)))
    except (RuntimeError, NotImplementedError, AssertionError):  # not there
        return False
    return all(torch.allclose(a.cpu(), b, rtol=1e-3, atol=1e-4) for a, b in zip(given, expected))
