# Run by python -m course.collect · tests/course/test_collect.py
"""Read what students hand in: run their answers against the checks, and write a table.

python -m course.collect handed_in/            a line for each file under the folder; handed_in/verdicts.csv

Each answer runs in a process of its own, with limits: TEACHING.md says what is protected and what is not.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course import handed_in, judging, sandbox
from helpers.files import atomic_write

TABLE, FIRST = "verdicts.csv", ["notebook", "correct"]
SKIPPED = ("__pycache__", "node_modules")


@dataclass(frozen=True)
class HandedIn:
    """The verdicts on one file.

    Attributes
    ----------
    path : Path
    verdicts : dict of str to str
        ``"correct"``, ``"not attempted"``, ``"not yet"``, ``"missing: ..."`` or what went wrong, by exercise.
    note : str
        Why the file was refused, if it was.
    """

    path: Path
    verdicts: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def correct(self) -> int:
        """Exercises that are right."""
        return sum(verdict == "correct" for verdict in self.verdicts.values())


def judge(
    path: Path, *, seconds: float = judging.SECONDS, memory: int = judging.MEMORY, said: Callable = lambda _: None
) -> HandedIn:
    """Run each answer of a notebook in a process of its own, and compare what it gives; nothing is written.

    An answer that raises, or runs too long, is judged as such and spoils no other.

    Parameters
    ----------
    path : Path
    seconds : float
        For one answer, its imports not counted.
    memory : int
        Bytes for one answer.
    said : callable
        Is told what of `sandbox.PROTECTIONS` an answer ran without.

    Raises
    ------
    ValueError
        If the file is no notebook, or has no exercises.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no file")
    if path.suffix.lower() != ".ipynb":
        raise ValueError(f"{path}: no notebook: hand in the .ipynb file")
    try:
        found = handed_in.answers(path)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    verdicts = {}
    for name, exercise in found.items():
        verdicts[name] = exercise.verdict
        if exercise.job:
            verdicts[name], held = judging.judge(exercise.job, seconds=seconds, memory=memory)
            if held is not None:
                said(set(sandbox.PROTECTIONS) - set(held))
    return HandedIn(path, verdicts)


def plain(text: str) -> str:
    """A text as a cell of a table or a line of a terminal: no formula, no control character, no byte that is no text.

    Examples
    --------
    >>> plain("=1+1"), plain("a\\x1b[2Jb\\nc")
    ("'=1+1", 'a\\\\x1b[2Jb\\\\nc')
    """
    text = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else text


def table(results: Sequence[HandedIn], folder: Path) -> str:
    """The verdicts as CSV: a line for each file, a column for each exercise, and the number that is correct."""
    names = list(dict.fromkeys(name for result in sorted(results, key=_number) for name in result.verdicts))
    notes = ["note"] if any(result.note for result in results) else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*FIRST, *names, *notes])
    for result in results:
        cells = [result.path.relative_to(folder).as_posix(), str(result.correct)]
        cells += [result.verdicts.get(name, "") for name in names] + ([result.note] if notes else [])
        writer.writerow(map(plain, cells))
    return out.getvalue()


def _number(result: HandedIn) -> int:
    from checks import NOTEBOOK

    return min((NOTEBOOK.get(name, 0) for name in result.verdicts), default=0)


def files(folder: Path) -> list[Path]:
    """What was handed in: every file that is not hidden, whatever it is, but the table itself."""
    found = []
    for place, names, here in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".") and name not in SKIPPED]
        found += [Path(place) / name for name in here if not name.startswith(".")]
    return sorted(path for path in found if path != folder / TABLE)


def _write(target: Path, text: str) -> None:
    with atomic_write(target) as part:
        part.write_text(text, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.collect", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=judging.SECONDS, help="for one answer (default: %(default)s)")
    args = parser.parse_args(argv)
    if not 0 < args.seconds < math.inf:
        parser.error("--seconds: more than 0")
    folder, target = args.folder, args.folder / TABLE
    paths = files(folder)
    if not any(path.suffix.lower() == ".ipynb" for path in paths):
        print(f"no notebook under {folder}", file=sys.stderr)
        return 2
    ours = target.is_file() and target.read_text(encoding="utf-8", errors="replace").startswith(",".join(FIRST))
    if target.exists() and not ours:
        print(f"{target} is no table of this command: move it away first", file=sys.stderr)
        return 2
    results, missed = [], set()
    try:
        _write(target, target.read_text(encoding="utf-8") if ours else "")  # before an answer is run: can it be?
    except OSError as error:
        print(f"{error}: nothing was judged", file=sys.stderr)
        return 2
    for path in paths:
        name = plain(str(path.relative_to(folder)))
        try:
            results.append(judge(path, seconds=args.seconds, said=missed.update))
            print(f"{name}: {results[-1].correct} of {len(results[-1].verdicts)} correct", flush=True)
        except ValueError as error:
            results.append(HandedIn(path, note=str(error).removeprefix(f"{path}: ")))
            print(f"{name}: {plain(results[-1].note)}", file=sys.stderr)
        _write(target, table(results, folder))  # after each: who stops this keeps what was judged
    if missed:
        print(f"this system did not shut off: {', '.join(sorted(missed))}; TEACHING.md says what that means")
    print(f"the table: {plain(str(target))}")
    return int(any(result.note for result in results))


if __name__ == "__main__":
    sys.exit(main())
