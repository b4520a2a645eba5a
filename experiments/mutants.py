# Run by make mutants · tests/experiments/test_mutants.py
"""Would a test notice? One small fault at a time is planted in a module, and the module's own tests are run.

    python -m experiments.mutants                          # 60 faults a module: about two hours on one core; it resumes
    python -m experiments.mutants sampling engines/kernel --seconds 600
    python -m experiments.mutants corpus --sample 1000     # every fault that `experiments.faults` can make

The faults go into a copy of the checkout in a temporary folder. Each is tried by a process of its own, forked when the
libraries are there, so not on Windows. What was found lies in `experiments/results/mutants.json`. A survivor is tried
again by the next run; what a test killed is not, unless the module's code has changed. A survivor that changes nothing
is given its reason there, by hand, and keeps it. (mutmut leaves decorated functions out, so all of the kernel;
cosmic-ray starts a Python for each fault, and can neither drop an argument nor swap two.)
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from experiments.faults import mutants
from helpers.files import ROOT, atomic_write, locked

RESULTS = ROOT / "experiments" / "results" / "mutants.json"
# What the tests import, loaded once: a fault then costs its tests' own seconds and a few tenths.
LIBRARIES = (
    "torch torchvision pandas scipy.stats scipy.sparse.linalg sklearn.manifold sklearn.metrics gensim.models numba"
)
LIBRARIES += (
    " gensim.corpora hypothesis pytest IPython nbformat matplotlib.pyplot matplotlib_inline.backend_inline requests"
)
# What a student meets and what trains: not the figures and sliders, the book as printed, and what needs a GPU.
FOLDERS = ("helpers", "checks", "course", "experiments", "tests")
LEFT_OUT = ("plots/", "controls/", "book/", "__init__", "engines/triton", "engines/gensim", "texts/docstrings")
# The tests of a module are in its own file (the mirror), and of these in one more.
MORE = {"texts/sources": ["test_corpus.py"], "texts/showcase": ["test_corpus.py"]}
INTERPRETED = ("tests/helpers/engines/test_kernel.py",)  # first without Numba's compiler, which takes most of the time


def tests_of(module: str, root: Path = ROOT) -> list[str]:
    """The test files that answer for ``helpers/<module>.py``."""
    folder, _, name = module.rpartition("/")
    mine = [f"{folder}/test_{name}.py".lstrip("/"), *MORE.get(module, [])]
    return [f"tests/helpers/{path}" for path in dict.fromkeys(mine) if (root / "tests" / "helpers" / path).is_file()]


def _pytest(folder: Path, files: list[str], interpreted: bool, clean: bool) -> None:
    """In a process of its own: run tests in a copy of the checkout, and leave with pytest's exit status."""
    gc.freeze()  # pytest collects garbage at its end: what was there before is none
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    os.chdir(folder)
    sys.path[:] = [str(folder)] + [path for path in sys.path if path and Path(path).resolve() != ROOT]
    for name in list(sys.modules):  # the copy's, not the checkout's
        if name.partition(".")[0] in FOLDERS:
            del sys.modules[name]
    sys.dont_write_bytecode = not clean  # two faults of one length and second would look the same
    with open(folder / "log", "w") as log:
        os.dup2(log.fileno(), 1), os.dup2(log.fileno(), 2)
    os.environ.update(NUMBA_CACHE_DIR=str(folder / "numba"), NUMBA_DISABLE_JIT=str(int(interpreted)))
    if "numba" in sys.modules:
        sys.modules["numba"].core.config.reload_config()
    import hypothesis
    import pytest

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # one failure will do: none is made smaller
    hypothesis.settings.register_profile("mutants", deadline=None, database=None, phases=phases)
    hypothesis.settings.load_profile("mutants")
    without = [option for plugin in ("cacheprovider", "nbval") for option in ("-p", f"no:{plugin}")]
    os._exit(pytest.main(["-x", "-q", *without, "--hypothesis-seed=0", *files]))


def run(folder: Path, files: list[str], limit: float = 600.0, clean: bool = False) -> tuple[str, float]:
    """Run test files in a copy of the checkout, some without the compiler first: (outcome, seconds)."""
    began, context = time.monotonic(), multiprocessing.get_context("fork")
    for interpreted in (True, False):
        chosen = [file for file in files if file in INTERPRETED or not interpreted]
        if not chosen:
            continue
        process = context.Process(target=_pytest, args=(folder, chosen, interpreted, clean))
        process.start()
        process.join(max(1.0, began + limit - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()
            return "timeout", time.monotonic() - began
        if process.exitcode:
            return "killed", time.monotonic() - began
    return "survived", time.monotonic() - began


def copy_checkout(folder: Path, root: Path = ROOT) -> None:
    """What the tests of `helpers` need, without PTB, which not everybody has."""
    for name in FOLDERS:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "results"))
    for path in [root / "pyproject.toml", root / "requirements.txt", *(root / "data").glob("wiki-*")]:
        if path.is_file():
            (folder / path.relative_to(root)).parent.mkdir(exist_ok=True)
            shutil.copy(path, folder / path.relative_to(root))


def try_module(module: str, part: dict, folder: Path, sample: int, until: float, root: Path = ROOT) -> dict:
    """Try the faults of ``helpers/<module>.py`` that are open; returns its part of the table, up to date."""
    if not folder.exists():
        copy_checkout(folder, root)
    source, target = (at / "helpers" / f"{module}.py" for at in (root, folder))
    code, files, stamp = source.read_text(encoding="utf-8"), tests_of(module, root), target.stat()
    faults = list(mutants(code))
    chosen = random.Random(module).sample(range(len(faults)), len(faults))[:sample]
    digest = hashlib.sha1(repr([(was, became) for _, was, became, _ in faults]).encode()).hexdigest()
    known = part if part.get("digest") == digest else {"killed": [], "timeout": []}
    reasons = {(x["was"], x["became"]): x["reason"] for x in part.get("survived", []) if x.get("reason")}
    found = {"digest": digest, "faults": len(faults), "tried": 0}
    found |= {"killed": [*known["killed"]], "timeout": [*known["timeout"]], "survived": []}
    outcome, seconds = run(folder, files, clean=True)
    if outcome != "survived":
        raise RuntimeError(f"{module}: {', '.join(files)} fail as they are; see\n{(folder / 'log').read_text()}")
    for i in sorted({*chosen, *found["killed"], *found["timeout"]}):
        line, was, became, faulty = faults[i]
        if i in found["killed"] or i in found["timeout"]:
            continue
        reason = reasons.get((was, became), "")
        if not reason:
            if time.monotonic() > until:
                continue
            target.write_text(faulty, encoding="utf-8")
            os.utime(target, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 10**10))  # what was compiled is not this source
            outcome, _ = run(folder, files, limit=20 + 4 * seconds)
            if outcome != "survived":
                found[outcome].append(i)
                continue
        found["survived"].append({"line": line, "was": was, "became": became, "reason": reason})
    target.write_text(code, encoding="utf-8")
    os.utime(target, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # so that what was compiled is still good
    found["tried"] = sum(len(found[name]) for name in ("killed", "timeout", "survived"))
    return found


def report(module: str, part: dict) -> str:
    """A line for a module, and one for each survivor that nobody has explained."""
    n, lost = part["tried"], [x for x in part["survived"] if not x["reason"]]
    killed = n - len(part["survived"])
    lines = [f"{module:24} {n:3} of {part['faults']:3} tried, {killed:3} killed, {n - killed} survived"]
    return "\n".join(lines + [f"    line {x['line']}: {x['was']}  ->  {x['became']}" for x in lost])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m experiments.mutants", description=__doc__.split("\n")[0])
    parser.add_argument("modules", nargs="*", help="of helpers: sampling, engines/kernel, ...; all by default")
    parser.add_argument("--seconds", type=float, default=36_000, help="start no new fault after so many")
    parser.add_argument("--sample", type=int, default=60, help="faults a module, drawn by its name")
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2), help="of one thread each")
    args = parser.parse_args(argv)
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in LIBRARIES.split():
        importlib.import_module(name)
    every = sorted(
        path.relative_to(ROOT / "helpers").with_suffix("").as_posix() for path in (ROOT / "helpers").rglob("*.py")
    )
    modules = args.modules or [name for name in every if not any(part in name for part in LEFT_OUT)]
    table = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    table = {"command": "python -m experiments.mutants", "modules": {}, **table}
    until, context = time.monotonic() + args.seconds, multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as base, ProcessPoolExecutor(args.workers, context) as pool:
        jobs = {}
        for module in modules:
            part = table["modules"].get(module, {})
            jobs[pool.submit(_in_worker, module, part, Path(base), args.sample, until)] = module
        failed = 0
        for job in as_completed(jobs):
            if job.exception():
                failed, _ = 1, print(job.exception(), file=sys.stderr)
                continue
            with locked(RESULTS):  # read again: another process may have written other modules meanwhile
                table |= json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
                table["modules"] = dict(sorted({**table["modules"], jobs[job]: job.result()}.items()))
                text = re.sub(r"\n +(\d+)(?=,?\n)", r" \1", json.dumps(table, indent=1))  # numbers on one line
                with atomic_write(RESULTS) as path:
                    path.write_text(text + "\n")
            print(report(jobs[job], job.result()), flush=True)
    return failed


def _in_worker(module, part, base, *rest):
    return try_module(module, part, base / str(os.getpid()), *rest)


if __name__ == "__main__":
    sys.exit(main())
