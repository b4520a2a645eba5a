"""Files that are written whole or not at all, by one writer or by many, and locks."""

import errno
import multiprocessing
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import files
from helpers.arguments import ArgumentError
from helpers.files import ROOT, atomic_write, locked

posix = pytest.mark.skipif(files.fcntl is None, reason="locks of another kind")


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "down" / "a.txt"
    for content in ("old", "new"):
        with atomic_write(str(path)) as part:
            assert part.parent == path.parent and part.name.startswith("a.txt.") and part.suffix == ".part"
            part.write_text(content)
            assert not path.exists() or path.read_text() == "old"
        assert path.read_text() == content and list(path.parent.iterdir()) == [path]


def test_a_block_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_write(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError, match="nothing was written to"), atomic_write(path) as part:
        np.savez(part, a=1)  # writes to another name: that makes no empty file
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir() if p != path] == [f"{part.name}.npz"]
    with atomic_write(path) as part:
        part.write_text("")  # nothing on purpose
    assert path.read_text() == ""


@pytest.mark.parametrize(
    "name", ["a b", "it's", 'a"b', "-rf", "--", "$HOME", "*", "a\nb", "é" * 120, "x" * 255, ".hidden", "名前.npz"]
)
def test_odd_names(tmp_path, name):
    for content in ("one", "two"):
        with locked(tmp_path / name), atomic_write(tmp_path / name) as part:
            part.write_text(content)
    assert (tmp_path / name).read_text() == "two"
    assert os.name != "posix" or {p.name for p in tmp_path.iterdir()} == {name}


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_no_text(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    with atomic_write(path) as part:
        part.write_text("one")
    assert os.listdir(os.fsencode(tmp_path)) == [b"caf\xe9.txt"]


@pytest.mark.parametrize("path", [None, 1, "", b"a", "a\0b", ["a"], 1.5, float("nan")])
def test_what_is_no_path_is_refused(path):
    for function in (atomic_write, locked):
        with pytest.raises(ArgumentError, match="^path is .*give the path of a file"):
            function(path)
    for wait in (None, "1", -1, float("nan"), float("inf"), True):
        with pytest.raises(ArgumentError, match="^wait is .*give seconds"):
            locked("x", wait=wait)


# -- what stands at the path


def test_links_stay_links(tmp_path):
    real, link = tmp_path / "far" / "real.txt", tmp_path / "link.txt"
    real.parent.mkdir()
    link.symlink_to(real)
    for content in ("one", "two"):  # it leads nowhere at first
        with atomic_write(link) as part:
            assert part.parent == real.parent
            part.write_text(content)
        assert link.is_symlink() and real.read_text() == content


def test_what_cannot_become_a_file_is_left_alone(tmp_path):
    folder, dangling, circle, below = (tmp_path / name for name in ("folder", "dangling", "circle", "file/below"))
    folder.mkdir()
    below.parent.write_text("old")
    dangling.symlink_to(tmp_path / "gone" / "a")
    circle.symlink_to(circle)
    before = sorted(tmp_path.rglob("*"))
    for path, says in ((folder, "folder"), (dangling, "a link to .*gone"), (circle, "circle"), (below, "")):
        with pytest.raises(OSError, match=f"{says}.*{path.name}"), atomic_write(path) as part:
            part.write_text("new")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match="device or a pipe"), atomic_write(tmp_path / "pipe") as part:
            part.write_text("new")
        (tmp_path / "pipe").unlink()
    assert sorted(tmp_path.rglob("*")) == before and below.parent.read_text() == "old"


@posix
def test_the_mode_is_the_old_files_or_the_umasks(tmp_path):
    old = os.umask(0o027)
    try:
        for name in ("new", "old"):
            if name == "old":
                (tmp_path / name).touch(0o700)
            with atomic_write(tmp_path / name) as part:
                part.write_text("x")
    finally:
        os.umask(old)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "old")] == [0o640, 0o700]


# -- no room, no right


@posix
@pytest.mark.parametrize("write", [lambda p: p.write_bytes(b"x" * 10**6), lambda p: torch.save(torch.zeros(10**6), p)])
def test_a_disk_that_is_full_is_said_and_the_old_file_stays(tmp_path, write):
    """A limit on the size of files stands for the disk: the system refuses in the same way."""
    import resource

    path = tmp_path / "a"
    path.write_text("old")
    before, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(OSError, match="cannot be written: .*(room|full).*what was there is there still.*/a'"):
            with atomic_write(path) as part:
                write(part)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0 and sys.platform != "linux", reason="root may all")
def test_a_place_that_is_not_ones_own():
    with tempfile.TemporaryDirectory() as folder:  # that another user can look into, as the tests' own cannot
        not_ones_own(Path(folder))


def not_ones_own(tmp_path):
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\nfrom helpers.files import atomic_write\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "for name in ('kept/a', 'kept/new/b', 'open/c'):\n"
        "    try:\n"
        "        with atomic_write(name) as part: part.write_text('new')\n"
        "    except OSError as error: print(type(error).__name__, error)\n"
    )
    for name in ("kept", "open"):
        (tmp_path / name).mkdir()
    (tmp_path / "kept" / "a").write_text("old")
    (tmp_path / "kept" / "a").chmod(0o666)
    (tmp_path / "open" / "c").write_text("old")
    (tmp_path / "open" / "c").chmod(0o444)
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "kept").chmod(0o555)
    os.chmod(tmp_path, 0o755)
    out = subprocess.run([sys.executable, "-c", code, str(ROOT)], cwd=tmp_path, capture_output=True, text=True)
    lines = out.stdout.splitlines()
    assert len(lines) == 3 and all(line.startswith("PermissionError") for line in lines), out
    assert "give a place that you may write to; what was there is there still" in lines[0] and "kept/a" in lines[0]
    assert "protected" in lines[2] and (tmp_path / "open" / "c").read_text() == "old"


def test_an_error_of_something_else_is_passed_on(tmp_path):
    with pytest.raises(FileNotFoundError, match="No such file.*other"), atomic_write(tmp_path / "a") as part:
        part.write_text((tmp_path / "other").read_text())
    with pytest.raises(ConnectionRefusedError, match="^.Errno 111. no$"), atomic_write(tmp_path / "a"):
        raise ConnectionRefusedError(111, "no")
    with pytest.raises(RuntimeError, match="^mine$"), atomic_write(tmp_path / "a"):
        raise RuntimeError("mine")
    assert list(tmp_path.iterdir()) == []


# -- many writers


def test_threads_that_write_one_file_do_not_meet(tmp_path):
    path, errors = tmp_path / "a", []

    def write(letter):
        try:
            for _ in range(10):
                with atomic_write(path) as part:
                    for _ in range(5):
                        with part.open("ab") as file:
                            file.write(letter * 1000)
                assert re.fullmatch(rb"(.)\1{4999}", path.read_bytes())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == [] and list(tmp_path.iterdir()) == [path]


def hang(path):
    with atomic_write(path) as part:
        part.write_text("half")
        print(part.name, flush=True)
        time.sleep(60)


@posix
def test_a_dead_writers_part_goes_and_a_living_ones_stays(tmp_path):
    path = tmp_path / "a"
    places = [str(ROOT), str(ROOT / "tests" / "helpers")]
    code = f"import sys; sys.path[:0] = {places}; import test_files; test_files.hang({str(path)!r})"
    dead, alive = (subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2))
    try:
        names = [process.stdout.readline().strip() for process in (dead, alive)]
        dead.kill()
        dead.wait()
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
        with atomic_write(tmp_path / "another") as part:
            part.write_text("whole")
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted([names[1], "another"])
    finally:
        for process in (dead, alive):
            process.kill()
            process.wait()


def test_parts_of_other_machines_go_after_a_day_and_others_files_never(tmp_path, monkeypatch):
    theirs, mine = tmp_path / f"a.{'0' * 8}-{'1' * 16}.part", tmp_path / "my.part"
    theirs.touch()
    mine.touch()
    with atomic_write(tmp_path / "b") as part:
        part.write_text("x")
    assert theirs.exists()
    now = time.time()
    monkeypatch.setattr(files.time, "time", lambda: now + files.STALE + 60)
    with atomic_write(tmp_path / "b") as part:
        part.write_text("x")
    assert not theirs.exists() and mine.exists()


def add(path, times):
    for _ in range(times):
        with locked(path):
            number = int(path.read_text())
            time.sleep(0.001)
            with atomic_write(path) as part:
                part.write_text(f"{number + 1}")


def test_what_is_done_under_a_lock_is_not_lost(tmp_path):
    path = tmp_path / "number"
    path.write_text("0")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add, args=(path, 20)) for _ in range(2)]
    workers += [threading.Thread(target=add, args=(path, 20)) for _ in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert path.read_text() == "80" and (os.name != "posix" or list(tmp_path.iterdir()) == [path])


def test_a_lock_that_is_held_too_long_is_an_error(tmp_path):
    with locked(tmp_path / "a"):
        held = []
        thread = threading.Thread(target=lambda: held.append(pytest.raises(TimeoutError, waits)))

        def waits():
            with locked(tmp_path / "a", wait=0.1):
                pass

        thread.start()
        thread.join()
    assert "let it end" in str(held[0].value) and held[0].value.errno == errno.ETIMEDOUT and "/a" in str(held[0].value)
    with locked(tmp_path / "a", wait=0):
        pass


def test_the_root_is_the_checkout():
    assert (ROOT / "helpers" / "files.py").is_file() and (ROOT / "tests").is_dir()
