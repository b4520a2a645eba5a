# Run by make run, make store · tests/course/test_run.py
"""Run the series of notebooks, headless and in order; the command behind ``make run`` and ``make store``.

python -m course.run run              execute all, leave copies and an HTML book under build/
python -m course.run store [02 ...]   execute in place: what the repository holds
python -m course.run list strict      the notebooks of a lane
python -m course.run corpus           ptb where its archive is at hand and whole, else wiki
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import nbformat

from course import notebook_files
from course.folders import NotOurs, own_folder, refuse_foreign
from course.site import SiteFailed
from helpers.corpus import load_corpus
from helpers.files import ROOT
from helpers.texts import sources

CELL_TIMEOUT = 600  # seconds; the longest cell of the series takes a tenth of it
STARTUP_TIMEOUT = 120  # seconds until a kernel answers, on a machine that is busy


class CellFailed(RuntimeError):
    """A cell that did not run through; the message names the notebook, the cell and the error."""


def execute(
    nb: nbformat.NotebookNode,
    name: str,
    cwd: Path,
    *,
    tick: Callable[[], object] = lambda: None,
) -> None:
    """Execute a notebook in place, in a fresh kernel of this very environment.

    Parameters
    ----------
    nb : NotebookNode
        Changed in place: outputs and counts up to the cell that failed, if one did.
    name : str
        What to call it in an error.
    cwd : Path
        Where its kernel runs.
    tick : callable
        Called after each cell.

    Raises
    ------
    CellFailed
        At the first cell that raises, runs over the time limit, or kills its kernel.
    """
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets import default

    class ThisEnvironment(KernelSpecManager):
        """Whatever kernel the notebook names and the user has installed: this interpreter's."""

        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    class Manager(AsyncKernelManager):
        @default("kernel_spec_manager")
        def _this_environment(self):
            return ThisEnvironment()

    reached = 0

    def on_start(cell, cell_index):
        nonlocal reached
        reached = cell_index

    def on_end(cell, cell_index, **_):
        if cell.cell_type == "code":
            tick()

    if sys.platform == "win32":  # the kernel's sockets need the selector loop
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    client = NotebookClient(
        nb,
        kernel_manager_class=Manager,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        startup_timeout=STARTUP_TIMEOUT,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(cwd)}},
        on_cell_start=on_start,
        on_cell_executed=on_end,
    )
    # MPLBACKEND from the shell would keep figures out of the notebook; a Jupyter server's session gives them twice.
    env = {key: value for key, value in os.environ.items() if key not in ("MPLBACKEND", "JPY_SESSION_NAME")}
    try:
        client.execute(env=env)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        number = sum(c.cell_type == "code" and bool(c.source.strip()) for c in nb.cells[: reached + 1])
        raise CellFailed(f"{name}, In [{number}]: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if hasattr(error, "ename"):
        return f"{error.ename}: {_plain(error.evalue)}\n\n{_plain(error.traceback)}"
    if isinstance(error, TimeoutError):
        return f"CellTimeoutError: not done after {CELL_TIMEOUT} seconds"
    return f"{type(error).__name__}: the kernel died, out of memory perhaps"


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def run(paths: Sequence[Path], build: Path) -> None:
    """Execute notebooks; leave copies in ``build/notebooks`` and an HTML book in ``build/html``.

    What ran is written also when a later cell fails, so that the failure can be looked at in place.

    Raises
    ------
    CellFailed
        At the first cell that fails.
    NotOurs
        If one of the two folders holds what no run has made; nothing was changed.
    """
    from course.site.build import write_book

    if paths[0].parent.resolve() == (build / "notebooks").resolve():
        raise NotOurs(f"{build / 'notebooks'} holds the notebooks that are to be run: give another --build")
    refuse_foreign(build / "html", "course.run")
    with own_folder(build / "notebooks", "course.run") as copies:
        try:
            for path, nb, failure in _executed(paths):
                notebook_files.write(nb, copies / path.name)
                if failure:
                    raise failure
        finally:
            with own_folder(build / "html", "course.run") as html:
                whole = ROOT if paths[0].parent == notebook_files.NOTEBOOKS else None
                write_book(sorted(copies.glob("*.ipynb")), html, paths[0].parent, root=whole)


def store(paths: Sequence[Path]) -> None:
    """Execute notebooks in place, normalised, and write the pictures that they make to ``images/`` beside them.

    Each file is replaced only after all its cells have run, and only if nobody has changed it meanwhile.

    Raises
    ------
    CellFailed
        At the first cell that fails; that notebook stays as it was.
    ValueError
        If a notebook was changed while it ran, or holds answers to its exercises; it stays as it is now.
    """
    from course import solutions

    before = {path: path.read_bytes() for path in paths}
    with nobodys():
        for path, nb, failure in _executed(paths):
            if failure:
                raise failure
            if path.read_bytes() != before[path]:
                raise ValueError(f"{path.name} was changed while it ran, and stays as it is now: store it again")
            images = notebook_files.pictures(nb)
            solutions.refuse_solved(path, nb)
            notebook_files.write(nb, path)
            for name, data in images.items():
                notebook_files.replace(path.parent / "images" / f"{name}.png", data)


@contextmanager
def nobodys() -> Iterator[None]:
    """Notebooks that run inside see none of the reader's own answers, and change none: an empty folder for mine/."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, WORD2VEC_MINE=folder):
        yield


def _executed(paths: Sequence[Path]):
    """Yield each path, its notebook executed afresh, and the `CellFailed` or None, behind a bar that counts cells."""
    from tqdm import tqdm

    notebooks = [(path, notebook_files.read(path)) for path in paths]
    cells = sum(cell.cell_type == "code" for _, nb in notebooks for cell in nb.cells)
    with tqdm(total=cells, unit="cell", dynamic_ncols=True, file=sys.stdout) as bar:
        for path, nb in notebooks:
            bar.set_description(path.stem)
            notebook_files.clear(nb)
            failure = None
            try:
                execute(nb, path.name, path.parent, tick=bar.update)
                notebook_files.normalise(nb)
            except CellFailed as error:
                failure = error
            yield path, nb, failure


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.run", description=__doc__.split("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, text in (("run", "execute the series, leave an HTML book"), ("store", "execute notebooks in place")):
        command = verbs.add_parser(verb, help=text)
        command.add_argument("names", nargs="*", help="notebooks (default: all)")
        command.add_argument("--notebooks", type=Path, default=notebook_files.NOTEBOOKS)
    verbs.choices["run"].add_argument("--build", type=Path, default=ROOT / "build")
    verbs.choices["store"].add_argument("--any-corpus", action="store_true", help="do not insist on PTB")
    verbs.add_parser("list", help="the notebooks of a lane").add_argument("lane", choices=notebook_files.LANES)
    verbs.add_parser("corpus", help="the corpus to test on")
    args = parser.parse_args(argv)

    if args.verb == "corpus":
        print(corpus_at_hand())
        return 0
    if args.verb == "list":
        chosen = [p for p in notebook_files.find() if notebook_files.lane(notebook_files.read(p)) == args.lane]
        print(*(os.path.relpath(path) for path in chosen))
        return 0
    try:
        paths = notebook_files.find(args.notebooks.resolve(), args.names)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    if not paths:
        print(f"no notebook in {args.notebooks}", file=sys.stderr)
        return 2
    try:
        if args.verb == "run":
            if os.environ.get("WORD2VEC_CORPUS", "").strip():
                load_corpus(quiet=True)  # a text that cannot be read is said before the notebooks run, not after 03
            run(paths, args.build.resolve())
            print(f"executed {len(paths)} notebooks; the book: {args.build / 'html' / 'index.html'}")
        else:
            if not args.any_corpus:
                if corpus_at_hand() != "ptb":
                    print(f"outputs are stored on PTB: put ptb.zip at {sources.PTB_FILE}", file=sys.stderr)
                    return 2
                os.environ.pop("WORD2VEC_CORPUS", None)
            store(paths)
            print(f"stored {len(paths)} notebooks")
    except (NotOurs, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except (CellFailed, SiteFailed, ValueError) as error:
        print(f"\nFAILED {error}", file=sys.stderr)
        return 1
    return 0


def corpus_at_hand() -> str:
    """``"ptb"`` where its archive is in data/ with the right checksum, else ``"wiki"``; touches no network."""
    path = sources.PTB_FILE
    return "ptb" if path.is_file() and sources.sha1(path) == sources.PTB_SHA1 else "wiki"


if __name__ == "__main__":
    sys.exit(main())
