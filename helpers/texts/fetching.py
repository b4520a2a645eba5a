# Used from 04 · tests/helpers/texts/test_fetching.py
"""Downloads that end: checked by size, speed and checksum, and never in the place of something better."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from helpers.arguments import checked, one_of, text, whole
from helpers.arguments import path as a_path

TIMEOUT = 10.0  # seconds to wait for a connection, and between two looks at how far a download has come
SLOWEST = 10_000  # bytes a second: a slower download is given up
BLOCK = 1 << 16


class FetchError(OSError):
    """A file that could not be fetched; `short` is the reason in a few words."""

    def __init__(self, message: str, short: str):
        super().__init__(message)
        self.short = short


class _GivenUp(Exception):
    pass


@checked(path=a_path())
def sha1(path: Path) -> str:
    """SHA-1 of a file, as 40 hex digits."""
    return checksum(path, "sha1")


@checked(path=a_path(), algorithm=one_of("sha1", "sha256"))
def checksum(path: Path, algorithm: str) -> str:
    """A file's checksum by one of `hashlib`'s algorithms, in hex digits."""
    digest = hashlib.new(algorithm)
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@checked(url=text("an address"), path=a_path(), known=text("SHA-1 or SHA-256 in hex digits"), size=whole(1))
def fetch(url: str, path: Path, known: str, size: int) -> Path:
    """Return ``path`` if it holds the file with that checksum, else download it there (trap T14).

    The download stops where it is slower than `SLOWEST`, longer than ``size``, or answers with an HTTP error; it is
    verified before it takes the name ``path``, and replaces nothing that it cannot improve on.

    Parameters
    ----------
    url : str
    path : Path
    known : str
        SHA-1 or SHA-256, in hex digits.
    size : int
        In bytes.

    Raises
    ------
    FetchError
        With the reason, the address, the size, and where to put the file by hand.
    """
    algorithm, name = ("sha1", "SHA-1") if len(known) == 40 else ("sha256", "SHA-256")
    there = bad = ""
    try:
        have = checksum(path, algorithm)
        if have == known:
            return path
        there = f"\n{path} is there, but its {name} is {have}: truncated or altered. It was left as it is."
        bad = f"{path.name} is damaged, and "
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        bad = f"{path.name} cannot be read ({error.strerror})"
        raise FetchError(
            f"{bad}: {path}. It was left as it is. Put it right, or work without it: load_corpus('wiki').", bad
        ) from error
    import pooch  # these two take a second
    from tqdm.auto import tqdm

    bar = tqdm(total=size, unit="B", unit_scale=True, desc=path.name, leave=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pooch.get_logger().setLevel("WARNING")
        download = lambda url, file, _: _download(url, file, size, bar)  # noqa: E731
        pooch.retrieve(url, f"{algorithm}:{known}", path.name, path.parent, downloader=download)
    except Exception as error:  # requests, urllib3, pooch and the file system each have their own
        why = str(error) if isinstance(error, _GivenUp) else type(error).__name__
        kind = f"the download's {name} is wrong" if "hash" in str(error) else f"no download ({why})"
        raise FetchError(
            f"{bad}{kind}: {url} ({size:,} bytes).{there}\n"
            f"Put the file at {path} by hand ({name} {known}), or work without it: load_corpus('wiki').",
            bad + kind,
        ) from error
    finally:
        bar.close()
    return path


def _download(url: str, path: str, size: int, bar) -> None:
    """Write the answer to a file. Another thread waits for the server, so that this one can stop waiting."""
    state = {"bytes": 0, "stop": False, "error": None}

    def work() -> None:
        import requests

        try:
            asked = {"stream": True, "timeout": TIMEOUT, "headers": {"Accept-Encoding": "identity"}}
            with requests.get(url, **asked) as answer, open(path, "wb") as file:
                answer.raise_for_status()
                read = getattr(answer.raw, "read1", answer.raw.read)  # urllib3 1 has the latter alone
                while not state["stop"] and (block := read(BLOCK, decode_content=False)):
                    state["bytes"] += len(block)
                    if state["bytes"] > size:
                        raise _GivenUp(f"the answer is longer than {size:,} bytes")
                    file.write(block)
        except Exception as error:
            state["error"] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    before = 0
    try:
        while thread.is_alive():
            thread.join(TIMEOUT)
            if thread.is_alive() and state["bytes"] - before < SLOWEST * TIMEOUT:
                raise _GivenUp(f"the answer is slower than {SLOWEST:,} bytes a second")
            bar.update(state["bytes"] - before)
            before = state["bytes"]
    finally:
        state["stop"] = True
    if state["error"]:
        raise state["error"]
