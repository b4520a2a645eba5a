# Run by make test · tests/course/test_lanes.py
"""What ``make test`` checks: lanes that run side by side, one thread each, with a line that says how far they are.

python -m course.lanes           what a change needs
python -m course.lanes --all     and what is long: other corpora, seed parity, the browser
python -m course.lanes --list    their names

Each lane runs whether or not one before it failed. What a lane prints goes to build/lanes/, and here if it fails.
WORD2VEC_CORPUS is set for each, so that nothing is ever downloaded.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from course import notebook_files
from course.run import corpus_at_hand
from helpers.files import ROOT, locked
from helpers.texts.samples import SampleMissing, sample

LOGS = ROOT / "build" / "lanes"
PYTEST = "-m pytest -p no:cacheprovider"
# How nbval runs notebooks: in this environment's kernel, and with a limit that a dead kernel costs only once.
NBVAL = "--nbval-current-env --nbval-cell-timeout=300 --nbval-kernel-startup-timeout=120"
# Seconds of the notebooks on one core, about: the longest go first, and what is left is reckoned from it.
SECONDS = {"05": 150, "06": 70, "07": 60, "08": 50, "09": 130, "10": 90, "11": 150, "12": 130, "13": 130, "04": 22}
# And on a text of 50,000 tokens.
SHORT_TEXT = {"05": 20, "06": 40, "07": 40, "08": 40, "09": 90, "10": 40, "11": 90, "12": 40, "13": 110, "04": 15}
NEWS = "lee_background.cor"  # in gensim's test data: 57,055 tokens, a text of one's own
PAUSE = 0.5  # seconds between two looks at the lanes that run


@dataclass
class Lane:
    """One process of the tests.

    Attributes
    ----------
    name, arguments : str
        What it is called, and what this Python is called with.
    seconds : float
        How long it takes on one core, about.
    corpus : str
        WORD2VEC_CORPUS.
    after : str
        A lane that must have ended before: it leaves a trained model that this one goes on with.
    env : dict of str to str
        Of the process, beside what is here.
    process, began, took
        Of the process, once it was started: itself, when, and the seconds that it took.
    """

    name: str
    arguments: str
    seconds: float
    corpus: str
    after: str = ""
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = field(default=None, repr=False)
    began: float = 0.0
    took: float = 0.0

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name.replace(' ', '_')}.log"

    def start(self) -> None:
        """Start the process, with one thread: as many lanes run as there are cores."""
        env = {**os.environ, "WORD2VEC_CORPUS": self.corpus, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        env.pop("MPLBACKEND", None)
        env |= self.env
        mine = self.log.with_suffix(".mine")  # the answers that it keeps; those of whoever calls are not touched
        shutil.rmtree(mine, ignore_errors=True)
        env["WORD2VEC_MINE"] = str(mine)
        self.began = time.monotonic()
        with self.log.open("w", encoding="utf-8") as out:
            command = [sys.executable, *shlex.split(self.arguments)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)

    def ended(self) -> bool:
        """Whether the process has come to its end."""
        if self.process.poll() is None:
            return False
        self.took = time.monotonic() - self.began
        return True


def lanes(everything: bool, corpus: str) -> list[Lane]:
    """The lanes of a run, the longest first.

    Parameters
    ----------
    everything : bool
        With the long ones.
    corpus : {"ptb", "wiki"}
        What the notebooks run on first.
    """
    tests = "-p no:nbval --doctest-modules --doctest-ignore-import-errors"  # nbval alone takes seconds to load
    found = [
        Lane("ruff, rules", "-m ruff check .", 1, corpus),
        Lane("ruff, format", "-m ruff format --check helpers checks course experiments tests", 1, corpus),
        Lane("dependencies", "-m pip check", 2, corpus),
        Lane("environment", "-m course.check_env", 10, corpus),
        Lane("solutions agree", "-m course.solutions check", 3, corpus),
        Lane("engines", f"{PYTEST} {tests} helpers/engines tests/helpers/engines", 90, corpus),
        Lane(
            "helpers",
            f"{PYTEST} {tests} --ignore=helpers/engines helpers tests/helpers tests/test_house.py "
            "--ignore=tests/helpers/engines --ignore=tests/helpers/book/test_parity.py",
            100, corpus,
        ),
        Lane("checks, experiments", f"{PYTEST} {tests} checks experiments tests/checks tests/experiments", 70, corpus),
        Lane(
            "course",
            f"{PYTEST} {tests} course tests/course tests/notebooks --ignore=tests/course/browser",
            140, corpus,
        ),
    ]  # fmt: skip
    if (notebook_files.NOTEBOOKS / "solutions").is_dir():  # a release for students has none
        found.append(Lane("solutions", f"{PYTEST} --nbval {NBVAL} notebooks/solutions", 50, corpus))
    beside = others(corpus) if everything else []
    for path in notebook_files.find():
        found += _notebook(path, corpus)
        if asks(path):
            found += [one for other in beside for one in _notebook(path, other)]
        if path.stem == "13_context":  # as where its optional packages are not
            [lane] = _notebook(path, corpus)
            found.append(replace(lane, name=f"{lane.name}, stored", seconds=40, env={"WORD2VEC_CONTEXT": "stored"}))
    if everything:
        # Where a cell run twice or a page in a browser is looked at, a short text does as well.
        short = next((one for one in beside if one not in ("wiki", "toy")), "wiki")
        found.append(Lane("seed parity", f"{PYTEST} tests/helpers/book/test_parity.py", 200, corpus))
        for first, last in ((1, 4), (5, 7), (8, 9), (10, 11), (12, 13)):
            numbers = [f"{number:02}" for number in range(first, last + 1)]
            text = corpus if last < 5 else short
            seconds = 2 * sum(SHORT_TEXT.get(number, 15) for number in numbers)
            name = f"run again, {numbers[0]} to {numbers[-1]}"
            found.append(Lane(name, f"-m tests.notebooks.rerun {' '.join(numbers)}", seconds, text))
        for much in ("all", "half"):
            found.append(Lane(f"{much} solved", f"{PYTEST} {tests} tests/course/solved.py -k {much}", 150, corpus))
        folder = "tests/course/browser"
        found.append(Lane("browser", f"{PYTEST} -rs {folder} --ignore={folder}/test_book_pages.py", 350, short))
        found.append(Lane("browser, the book", f"{PYTEST} -rs {folder}/test_book_pages.py", 150, "wiki"))
    return sorted(found, key=lambda lane: -lane.seconds)


def _notebook(path: Path, corpus: str) -> list[Lane]:
    nb = notebook_files.read(path)
    flag = {"strict": "--nbval", "lax": "--nbval-lax"}[notebook_files.lane(nb)]
    number, name = path.stem[:2], Path(corpus).name
    after = f"notebook 05 on {name}" if number == "06" else ""  # it goes on with 05's model
    arguments = f"{PYTEST} {flag} {NBVAL} {shlex.quote(str(path.relative_to(ROOT)))}"
    seconds = (SECONDS if corpus in ("ptb", "wiki") else SHORT_TEXT).get(number, 15)
    return [Lane(f"notebook {number} on {name}", arguments, seconds, corpus, after)]


def others(corpus: str) -> list[str]:
    """The corpora that notebooks run on beside the first: Wikipedia's sample, a text of one's own, the toy grammar."""
    try:
        news = [str(sample(NEWS))]
    except SampleMissing as missing:
        print(f"The notebooks do not run on a text of one's own: {missing}")
        news = []
    return [*(["wiki"] if corpus != "wiki" else []), *news, "toy"]


def asks(path: Path) -> bool:
    """Whether a notebook runs on the corpus that WORD2VEC_CORPUS names."""
    code = [cell.source for cell in notebook_files.read(path).cells if cell.cell_type == "code"]
    return any('load_corpus("auto")' in source for source in code)


def run(todo: Sequence[Lane], workers: int) -> list[Lane]:
    """Run lanes, so many at a time; returns those that failed, in the order in which they ended."""
    LOGS.mkdir(parents=True, exist_ok=True)
    waiting, running, done, failed = list(todo), [], [], []
    began = said = time.monotonic()
    try:
        while waiting or running:
            names = {lane.name for lane in (*waiting, *running)}
            ready = [lane for lane in waiting if lane.after not in names]
            while ready and len(running) < workers:
                lane = ready.pop(0)
                waiting.remove(lane)
                running.append(lane)
                lane.start()
            time.sleep(PAUSE)
            for lane in [lane for lane in running if lane.ended()]:
                running.remove(lane)
                done.append(lane)
                good = lane.process.returncode == 0
                print(
                    f"{'passed' if good else 'FAILED'}  {lane.name:26} {lane.took:4.0f} s  {summary(lane)}", flush=True
                )
                if not good:
                    failed.append(lane)
                    print(lane.log.read_text(encoding="utf-8", errors="replace")[-20_000:], flush=True)
            if time.monotonic() - said > (5 if sys.stdout.isatty() else 60):
                said = time.monotonic()
                print(progress(waiting, running, done, said - began, workers), flush=True)
    finally:
        for lane in running:
            lane.process.terminate()
    return failed


def progress(waiting, running, done, elapsed: float, workers: int) -> str:
    """One line: how many lanes are done, which run, how long it took and may take yet."""
    expected, took = sum(lane.seconds for lane in done), sum(lane.took for lane in done)
    pace = took / expected if expected else 1.0  # of this machine, by the lanes that are done
    now = time.monotonic()
    left = [pace * lane.seconds for lane in waiting]
    left += [max(0.0, pace * lane.seconds - (now - lane.began)) for lane in running]
    rest = max([sum(left) / workers, *left]) if left else 0.0
    names = ", ".join(lane.name for lane in running)
    count = f"{len(done)} of {len(done) + len(running) + len(waiting)} lanes done"
    return f"[{count} in {clock(elapsed)}, about {clock(rest)} left; running: {names}]"


def clock(seconds: float) -> str:
    """Minutes and seconds.

    Examples
    --------
    >>> clock(61.4)
    '1:01'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def counts(lane: Lane) -> Counter:
    """What pytest's last line in a lane's log counts: passed, failed, skipped, error."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", lane.log.read_text(encoding="utf-8", errors="replace"))
    lines = [
        line for line in text.splitlines() if re.search(r"\d+ (passed|failed|skipped|errors?)\b.* in [\d.]+s", line)
    ]
    found = re.findall(r"(\d+) (passed|failed|skipped|error)", lines[-1]) if lines else []
    return Counter({word: int(number) for number, word in found})


def summary(lane: Lane) -> str:
    """The counts as a text, empty for a lane that is no test."""
    return ", ".join(f"{number} {word}" for word, number in counts(lane).items())


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.lanes", description=__doc__.split("\n")[0])
    parser.add_argument("--all", action="store_true", help="the long lanes too")
    parser.add_argument("--list", action="store_true", help="print the lanes and what each runs")
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 2), help="lanes at a time")
    args = parser.parse_args(argv)
    if args.workers < 1:
        parser.error("--workers: 1 or more")
    corpus = corpus_at_hand()
    todo = lanes(args.all, corpus)
    if args.list:
        for lane in todo:
            print(f"{lane.name:26} {lane.seconds:4.0f} s  python {lane.arguments}")
        return 0
    if corpus == "wiki":
        print("PTB is not in data/: the notebooks run on the Wikipedia sample alone.")
    print(progress(todo, [], [], 0.0, args.workers), flush=True)
    began = time.monotonic()
    try:
        with locked(LOGS.with_suffix(".run"), wait=0):
            failed = run(todo, args.workers)
    except TimeoutError:
        print("another run of the tests uses this checkout: let it end", file=sys.stderr)
        return 2
    total = sum(map(counts, todo), Counter())
    print(f"{len(todo)} lanes in {clock(time.monotonic() - began)}")
    print(f"tests: {total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped")
    print(f"FAILED: {', '.join(lane.name for lane in failed)}" if failed else "All lanes passed.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
