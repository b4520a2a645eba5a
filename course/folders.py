# Run by make clean and the other commands · tests/course/test_folders.py
"""Folders that a command makes, empties and removes: those that carry its marker, and of them what it made.

python -m course.folders        what ``make clean`` does: remove what runs leave behind in this checkout

This module needs nothing that is not in every Python: it cleans where there is no environment.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.files import ROOT, atomic_write, locked

MARKER = ".made-by-two-vectors"
LOCK = f".{MARKER}.lock"  # held while the folder is filled; on Windows it stays, and counts as nothing
CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis")  # of the tools, in the root
LOGS = {"lanes": "*.log", "browser": "*.png"}  # in build/: what the tests leave, without a marker
PACKAGES = ("helpers", "checks", "course", "experiments", "tests")


class NotOurs(ValueError):
    """A folder that a command would have to empty, and did not make; nothing was changed."""


@contextmanager
def own_folder(path: Path, what: str, *, empty: bool = True) -> Iterator[Path]:
    """Yield a folder for a command to fill; what it holds in the end is noted in its marker.

    Parameters
    ----------
    path : Path
        Absent, empty, or made by this command and by nobody else since.
    what : str
        The command, as the marker names it.
    empty : bool
        Remove first what an earlier run made.

    Yields
    ------
    Path
        The folder, behind its links.

    Raises
    ------
    NotOurs
        If the folder holds something that this command did not make, or the checkout, the working folder or the home;
        or if the command runs already, with the same folder.
    OSError
        If it cannot be written.
    """
    folder = refuse_foreign(path, what)
    folder.mkdir(parents=True, exist_ok=True)
    held = locked(folder / MARKER, wait=0)
    try:
        held.__enter__()
    except TimeoutError:
        raise NotOurs(f"another {what} fills {path}: let it end") from None
    try:
        if empty:
            _empty(folder)
        _mark(folder, what, None)
        yield folder
    finally:
        _mark(folder, what, sorted(found.relative_to(folder).as_posix() for found in _files(folder)))
        held.__exit__(None, None, None)


def refuse_foreign(path: Path, what: str) -> Path:
    """The folder behind its links, if a command may fill it; see `own_folder`."""
    folder = apart(path)
    if not folder.exists():
        return folder
    made = _marker(folder)
    if made is None and any(entry.name != LOCK for entry in folder.iterdir()):
        raise NotOurs(f"{path} holds what {what} did not make: give a new or an empty folder")
    if made is not None and made["made by"] != what:
        raise NotOurs(f"{path} was made by {made['made by']}: give {what} a folder of its own")
    foreign = _foreign(folder, made)
    if foreign:
        raise NotOurs(f"{foreign[0]} was not made by {what}: move it away, or give another folder")
    return folder


def apart(path: Path) -> Path:
    """A path behind its links, if it may be a command's own folder: it neither is nor holds a place of the user's.

    Raises
    ------
    NotOurs
        If it is or holds the checkout, the working folder or the home, or is a file.
    """
    folder = Path(os.path.realpath(path))
    for place, name in ((ROOT, "this checkout"), (Path.cwd(), "the working folder"), (Path.home(), "your home")):
        if folder in (place.resolve(), *place.resolve().parents):
            raise NotOurs(f"{path} is or holds {name}: give a folder of its own")
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{path} is no folder: give another name")
    return folder


def remove_made(folder: Path) -> list[Path]:
    """Remove what a marker lists, the marker, and folders that are empty then; returns what is left."""
    if _marker(folder) is None:
        return sorted(folder.iterdir())
    try:
        with locked(folder / MARKER, wait=0):
            kept = _empty(folder)
    except ModuleNotFoundError:  # no environment, so no command that fills it
        kept = _empty(folder)
    except TimeoutError:
        return [folder]
    if not kept:
        (folder / MARKER).unlink(missing_ok=True)
        with suppress(OSError):  # somebody was quicker
            folder.rmdir()
    return kept


def _empty(folder: Path) -> list[Path]:
    """Remove what the marker lists, and folders in this one that are empty then; returns the files that are left."""
    made = _marker(folder)
    kept = _foreign(folder, made)
    if made is not None:
        for file in [file for file in _files(folder) if file not in kept]:
            file.unlink()
        for place, _, _ in os.walk(folder, topdown=False):
            with suppress(OSError):  # it holds something, the marker at least
                os.rmdir(place)
    return kept


def _marker(folder: Path) -> dict | None:
    with suppress(OSError, ValueError, TypeError):
        made = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        if isinstance(made["made by"], str) and (made["files"] is None or set(map(type, made["files"])) <= {str}):
            return made
    return None


def _mark(folder: Path, what: str, files: list[str] | None) -> None:
    with atomic_write(folder / MARKER) as part:
        part.write_text(json.dumps({"made by": what, "files": files}, indent=0) + "\n", encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder and links in it, but the marker."""
    for place, names, files in os.walk(folder):
        links = [name for name in names if os.path.islink(os.path.join(place, name))]
        yield from (Path(place) / name for name in (*files, *links) if name not in (MARKER, LOCK))


def _foreign(folder: Path, made: dict | None) -> list[Path]:
    """What in a folder no run made; where a run was killed before it could note it, what is there is its own."""
    if made is None or made["files"] is None:
        return []
    known = set(made["files"])
    return sorted(f for f in _files(folder) if f.relative_to(folder).as_posix() not in known and f.suffix != ".pyc")


# -- make clean


def clean(root: Path) -> Iterator[str]:
    """Remove what runs leave behind in a checkout, and nothing else; yields a line for what it leaves in ``build``."""
    build = root / "build"
    for path in sorted(build.iterdir()) if build.is_dir() else ():
        for kept in _remove(path):
            yield f"kept: {kept.relative_to(root)}, which no command here has made, or one is making"
    if not build.is_symlink():
        with suppress(OSError):
            build.rmdir()
    for cache in (root / name for name in CACHES):
        if cache.is_symlink():
            cache.unlink()
        shutil.rmtree(cache, ignore_errors=True)
    for package in PACKAGES:
        for place in [Path(place) for place, _, _ in os.walk(root / package) if Path(place).name == "__pycache__"]:
            _remove_files(place, (path for path in place.glob("*.pyc")))
    for place in (root, root / "notebooks", root / "notebooks" / "solutions"):
        saved = (place / ".ipynb_checkpoints").glob("*-checkpoint.*")  # of files that are there, not the last copy
        _remove_files(
            place / ".ipynb_checkpoints",
            [path for path in saved if (place / path.name.replace("-checkpoint.", ".")).is_file()],
        )


def _remove(path: Path) -> list[Path]:
    if path.is_dir() and not path.is_symlink():
        if path.name in LOGS and not (path / MARKER).exists():
            _remove_files(path, path.glob(LOGS[path.name]))
        return remove_made(path) if path.is_dir() else []
    if path.name.startswith(".") and path.suffix == ".lock":
        path.unlink()
        return []
    if path.suffix == ".zip" and is_our_zip(path):
        path.unlink()
        return []
    return [path]


def _remove_files(folder: Path, paths) -> None:
    for path in paths:
        path.unlink()
    with suppress(OSError):
        folder.rmdir()


COMMENT = b"made by python -m course.students"  # a zip file's own comment is the marker of one


def is_our_zip(path: Path) -> bool:
    """Whether a file is a zip that `course.students` has written."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == COMMENT
    except (OSError, zipfile.BadZipFile):
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    argparse.ArgumentParser(prog="python -m course.folders", description=clean.__doc__).parse_args(argv)
    for line in clean(ROOT):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
