# Run by python -m course.collect · tests/course/test_collect.py
"""Read what students hand in: run their answers against the checks, and write a table.

python -m course.collect handed_in/            every notebook under the folder, a line each; handed_in/verdicts.csv

The answers run as code on this machine: collect on one that you can spare, or in a container.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from course import notebook_files, run, solutions
from helpers.files import atomic_write

SECONDS = 60  # for one answer: an endless loop costs no more


@dataclass(frozen=True)
class HandedIn:
    """The verdicts on one notebook.

    Attributes
    ----------
    path : Path
    verdicts : dict of str to str
        ``"correct"``, ``"not attempted"``, ``"not yet"``, or what went wrong, by exercise.
    """

    path: Path
    verdicts: dict[str, str]

    @property
    def correct(self) -> int:
        """Exercises that are right."""
        return sum(verdict == "correct" for verdict in self.verdicts.values())


def judge(path: Path, *, seconds: int = SECONDS) -> HandedIn:
    """Run each answer of a notebook with its imports and its check, in a fresh kernel; nothing is written.

    An answer that raises, or runs too long, is judged as such and spoils no other.

    Raises
    ------
    ValueError
        If the file is no notebook, or has no exercises.
    """
    try:
        nb = notebook_files.read(path)
        exercises = solutions.exercises(nb)
    except Exception as error:  # a file from outside: whatever is wrong with it
        raise ValueError(f"{path}: {type(error).__name__}: {error}".split("\n")[0]) from None
    if not exercises:
        raise ValueError(f"{path}: no exercises in it")
    imports = next(cell.source for cell in nb.cells if cell.cell_type == "code")
    sources = [imports]
    for name, exercise in exercises.items():  # the check stands here anew: what was handed in cannot change it
        sources += [exercise.answer.source, f"print(checks.{name}(my_{name}))"]
    answers = new_notebook(cells=[new_code_cell(source) for source in sources])
    try:
        run.execute(answers, path.name, notebook_files.NOTEBOOKS, seconds=seconds, keep_going=True)
    except run.CellFailed as error:  # the kernel died: what it had judged until then counts
        died = str(error).split("\n")[0].partition("]: ")[2]
    else:
        died = ""
    verdicts = {}
    for i, name in enumerate(exercises):
        verdicts[name] = _verdict(answers.cells[1 + 2 * i], answers.cells[2 + 2 * i]) or died
    return HandedIn(path, verdicts)


def _verdict(answer, check) -> str:
    """What the outputs of an answer and of its check say."""
    for output in [*answer.outputs, *check.outputs]:
        if output.output_type == "error":
            return "ran too long" if output.ename == "KeyboardInterrupt" else f"{output.ename}: {output.evalue}"
    said = "".join(output.text for output in check.outputs if output.get("name") == "stdout").partition(": ")[2]
    return next((state for state in ("correct", "not attempted", "not yet") if said.startswith(state)), "")


def table(results: Sequence[HandedIn], folder: Path) -> str:
    """The verdicts as CSV: a line for each notebook, a column for each exercise, and the number that is correct."""
    names = list(dict.fromkeys(name for result in results for name in result.verdicts))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["notebook", "correct", *names])
    for result in results:
        cells = [result.verdicts.get(name, "") for name in names]
        writer.writerow([result.path.relative_to(folder).as_posix(), result.correct, *cells])
    return out.getvalue()


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.collect", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="limit for one answer (default: %(default)s)")
    args = parser.parse_args(argv)
    paths = sorted(p for p in args.folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    if not paths:
        print(f"no notebook under {args.folder}", file=sys.stderr)
        return 2
    results, failed = [], False
    for path in paths:
        try:
            results.append(judge(path, seconds=args.seconds))
        except ValueError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        done = results[-1]
        print(f"{path.relative_to(args.folder)}: {done.correct} of {len(done.verdicts)} correct")
    target = args.folder / "verdicts.csv"
    with atomic_write(target) as part:
        part.write_text(table(results, args.folder), encoding="utf-8")
    print(f"the table: {target}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
