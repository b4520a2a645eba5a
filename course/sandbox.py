# Run by python -m course.collect · tests/course/test_collect.py
"""What an answer's process may do: so much memory, its own empty folder, and on Linux no network and no other file.

Linux shuts a process off by namespaces, where a user may make them. `course.collect` says what is not shut off.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

PROTECTIONS = ("network", "files", "processes")  # what namespaces add to the limits
FILE_SIZE, PROCESSES = 2**26, 256
# From Linux's headers: sched.h, mount.h, prctl.h, capability.h
# What begins anew: mounts, IPC, users, processes, network.
NEW_NAMESPACES = 0x00020000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
PRIVATE, NOSUID, NODEV, RECURSIVE = 1 << 18, 2, 4, 0x8000
MOUNT_SETATTR, HERE, READ_ONLY = 442, -100, 1
DEATH_SIGNAL, NO_NEW_PRIVILEGES, CAPABILITIES = 1, 38, 0x20080522


def enter(folder: str, memory: int) -> tuple[str, ...]:
    """Shut this process off as far as the system lets it; what goes on is a child of it, where it does.

    Parameters
    ----------
    folder : str
        An empty folder: where it works, and all that it can write to.
    memory : int
        Bytes beside what the process has now.

    Returns
    -------
    tuple of str
        Those of `PROTECTIONS` that hold.
    """
    _quiet()
    if os.name != "posix":
        os.chdir(folder)
        return ()
    os.setsid()
    _limits(memory)
    held = _namespaces(folder) if sys.platform == "linux" else ()
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    return held


def _quiet() -> None:
    """What an answer prints goes nowhere, and it reads nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _limits(memory: int) -> None:
    import resource

    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for kind, limit in (("FSIZE", FILE_SIZE), ("CORE", 0), ("NPROC", PROCESSES)):
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (limit, limit))


def _namespaces(folder: str) -> tuple[str, ...]:
    """Go on as the first process of its own world, without network, on files that cannot be written."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_NAMESPACES):
        return ()
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with suppress(OSError):
            Path("/proc/self", name).write_text(text)
    child = 0
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL) if child else os._exit(1))
    child = os.fork()
    if child:  # outside: wait for the end of all that the answer has started
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 255)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    held = ["network", "processes"]
    if not libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None):
        attributes = (ctypes.c_uint64 * 4)(READ_ONLY, 0, 0, 0)
        sealed = not libc.syscall(MOUNT_SETATTR, HERE, b"/", RECURSIVE, attributes, ctypes.sizeof(attributes))
        own = not libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", NOSUID | NODEV, b"size=64m")
        held += ["files"] * (sealed and own)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)())  # else it could undo all this
    return tuple(held)
