# Used from 05 · tests/helpers/test_files.py
"""Where the project lies, and files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # of the checkout


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Yield another name to write to; the file takes its own name when the block ends, and is gone if it fails.

    A reader sees the old file or the new one, never a part. The folder is made where it is missing.

    Parameters
    ----------
    path : path

    Yields
    ------
    Path
        ``path`` with ``.part`` added, in the same folder, so that the renaming is one step.

    Raises
    ------
    OSError
        If the folder or the file cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # two processes do not meet
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
