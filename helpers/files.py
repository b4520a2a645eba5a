# Used from 05 · tests/helpers/test_files.py
"""Where the project lies, and files that are written whole or not at all, by one writer or by many."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that is open
    fcntl = None

ROOT = Path(__file__).resolve().parent.parent  # of the checkout
STALE = 24 * 3600  # seconds without a change, after which a part of another machine's writer counts as left behind
WAIT = 60.0  # seconds for a lock: what is done under one takes less than one


def atomic_write(path: str | Path) -> AbstractContextManager[Path]:
    """Yield another name to write to; the file takes its own name when the block ends, and is gone if it fails.

    A reader sees the old file or the new one, never a part, also after a crash of the machine. Writers do not meet:
    the last one to end wins. The folder is made where it is missing, a link stays one, and the file keeps its mode.
    Parts in the folder whose writers were killed are removed.

    Parameters
    ----------
    path : path

    Yields
    ------
    Path
        A name of this call's own that ends in ``.part``, in the same folder, so that the renaming is one step. The
        block writes the whole file to it.

    Raises
    ------
    ArgumentError
        If ``path`` is no path.
    OSError
        If the folder or the file cannot be written, with the path and what to do; what was there is there still.
        Also if the block writes nothing.
    """
    return _written(_checked(path))


@contextmanager
def _written(path: Path) -> Iterator[Path]:
    path = _place(path)
    with _said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part, held = _new_part(path)
    try:
        with _said(path, part):
            yield part
            _flush(part)
        if os.stat(part).st_mtime_ns == 0:
            raise FileNotFoundError(errno.ENOENT, f"nothing was written to {part}, the name that the block was given")
        with _said(path, part):
            if path.exists():
                with suppress(OSError):  # a file system without modes
                    os.chmod(part, stat.S_IMODE(path.stat().st_mode))
            if not fcntl:
                os.close(held)  # Windows renames no open file
            os.replace(part, path)
            _flush(path.parent)
    finally:
        with suppress(OSError):
            os.close(held)
        with suppress(OSError):
            os.unlink(part)
    _sweep(path.parent)


def locked(path: str | Path, wait: float = WAIT) -> AbstractContextManager[None]:
    """Hold a file for oneself: who reads, changes and writes it in this block loses nothing of another such block.

    Other threads, processes and machines that ask for the same file wait; a killed holder's lock is free at once.
    The lock is ``.NAME.lock`` beside the file, as long as it is held. Not to be taken again inside its own block.

    Parameters
    ----------
    path : path
        The file need not exist.
    wait : float
        Seconds; zero does not wait.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind.
    TimeoutError
        If another holds the file for longer than that.
    OSError
        If no lock can be made in that folder.
    """
    path = _checked(path)
    if not isinstance(wait, (int, float)) or isinstance(wait, bool) or not 0 <= wait < float("inf"):
        from helpers.arguments import refuse

        raise refuse("wait", wait, "seconds, 0 or more")
    return _held(path, wait)


@contextmanager
def _held(path: Path, wait: float) -> Iterator[None]:
    path = _place(path)
    lock = path.with_name(f".{_short(path.name)}.lock")
    with _said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        release = _lock(lock, wait)
    if release is None:
        what = f"another process has held it for {wait:g} seconds: let it end, then try again"
        raise TimeoutError(errno.ETIMEDOUT, what, str(path))
    try:
        yield
    finally:
        with suppress(OSError):  # Windows: it stays
            lock.unlink()
        release()


def _lock(lock: Path, wait: float) -> Callable | None:
    """Lock a file that a holder removes in the end; returns what gives it free, or None if the time was over."""
    from filelock import FileLock, Timeout

    while True:
        holder, seen = FileLock(lock, timeout=wait, thread_local=False), os.open(lock, os.O_CREAT | os.O_RDWR, 0o666)
        try:
            holder.acquire()
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(seen), os.stat(lock)):
                    return holder.release
            holder.release()  # of a file that its holder has removed meanwhile: others hold a new one
        except Timeout:
            return None
        finally:
            os.close(seen)


def _checked(path) -> Path:
    if isinstance(path, (str, os.PathLike)):
        text = os.fspath(path)
        if isinstance(text, str) and text and "\0" not in text:
            return Path(path)
    from helpers.arguments import refuse  # here, for this module needs nothing that is not in every Python

    raise refuse("path", path, "the path of a file")


def _place(path: Path) -> Path:
    """Where a file lies behind its links.

    Raises
    ------
    OSError
        If something is there that is no file, or a file that is not to be written.
    """
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise OSError(errno.ELOOP, "its links lead in a circle", str(path))
    if path.is_symlink() and not real.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"it is a link to {real}, whose folder is not there", str(path))
    try:
        found = os.stat(real)
    except (FileNotFoundError, NotADirectoryError):  # to be made
        return real
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder; give the name of a file", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no file but a device or a pipe; give the name of a file", str(path))
    if not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "it is protected against writing; give another name", str(path))
    return real


FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


@contextmanager
def _said(path: Path, part: Path | None = None) -> Iterator[None]:
    """Errors of the system name the file that was to be written, not its part, and say what to do."""
    try:
        yield
    except OSError as error:
        ours = part is None or error.filename in (os.fspath(part), part) or error.filename is None
        if not ours or (part and error.filename is None and error.errno not in FULL):
            raise  # of something else that the block has to do with
        what = error.strerror or str(error)
        if error.errno in FULL:
            what += "; make room"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            what += "; give a place that you may write to"
        raise OSError(error.errno or errno.EIO, f"cannot be written: {what}{_kept(path)}", str(path)) from error
    except RuntimeError as error:  # how PyTorch says that a file could not be written
        if part is None or not re.search(r"PytorchStreamWriter|inline_container|iostream", str(error)):
            raise
        what = "is the disk full, or the place not yours?"
        raise OSError(errno.EIO, f"cannot be written: {what}{_kept(path)}", str(path)) from error


def _kept(path: Path) -> str:
    with suppress(OSError):
        return "; what was there is there still" if path.is_file() else ""
    return ""


# -- parts, and whether their writers live


def _machine() -> str:
    """Eight letters for the running system: its boot, which all its containers share, else the machine's address."""
    try:
        name = Path("/proc/sys/kernel/random/boot_id").read_text()
    except OSError:
        name = f"{uuid.getnode()}"
    return hashlib.sha256(name.encode()).hexdigest()[:8]


MACHINE = _machine()
PART = re.compile(r"\.([0-9a-f]{8})-[0-9a-f]{16}\.part$")


def _short(name: str) -> str:
    """A name, or the beginning of one so long that nothing fits behind it; systems allow 255 bytes."""
    return name if len(os.fsencode(name)) <= 200 else os.fsencode(name)[:180].decode("utf-8", "ignore")


def _new_part(path: Path) -> tuple[Path, int]:
    """An empty part and a descriptor that holds its lock as long as its writer lives; its time of change is zero."""
    while True:
        part = path.with_name(f"{_short(path.name)}.{MACHINE}-{secrets.token_hex(8)}.part")
        held = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o666)
        if fcntl:
            with suppress(OSError):  # a file system without locks: its parts are judged by their age
                fcntl.flock(held, fcntl.LOCK_EX)
        try:
            os.utime(part, ns=(0, 0))
            return part, held
        except FileNotFoundError:  # another writer swept it before it was locked
            os.close(held)


def _flush(path: Path) -> None:
    """To the disk: a file's bytes, or the names in a folder, where the system can."""
    if path.is_dir():
        with suppress(OSError):
            folder = os.open(path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    else:
        with path.open("r+b") as file:
            os.fsync(file.fileno())


def _sweep(folder: Path) -> None:
    """Remove the parts of dead writers: those of this machine that nobody holds, and others that are a day old."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            found = PART.search(entry.name)
            if not found or not entry.is_file(follow_symlinks=False):
                continue
            with suppress(OSError):
                if fcntl and found.group(1) == MACHINE:
                    _remove_if_free(entry.path)
                elif time.time() - max(entry.stat().st_mtime, entry.stat().st_ctime) > STALE:
                    os.unlink(entry.path)


def _remove_if_free(part: str) -> None:
    file = os.open(part, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails if its writer lives, or there are no locks here
        os.unlink(part)
    finally:
        os.close(file)
