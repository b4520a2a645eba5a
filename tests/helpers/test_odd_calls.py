"""Odd calls of the public functions, in a process of their own: each gives a right result or an error that helps."""

import json
import os
import subprocess
import sys
from importlib import import_module
from inspect import getmodule, isclass, isfunction
from pathlib import Path

from helpers.files import ROOT
from tests.helpers import odd_calls

CALLS = 2500  # of all that there are, drawn by SEED
SEED = 0
SECONDS = 240

# Public, and not called here: what nobody calls with values, and what needs more than a value at a time.
LEFT_OUT = {
    "helpers.arguments": "the rules themselves: test_arguments",
    "helpers.shapes": "the rules themselves: test_arguments",
    "helpers.book": "the book's code as printed, and what starts it",
    "helpers.controls": "widgets",
    "helpers.plots": "figures",
}


def odd(calls, names=()):
    command = [sys.executable, str(Path(odd_calls.__file__)), str(SEED), str(calls), *names]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS)
    made = []
    for line in done.stdout.splitlines():
        asked, _, found = line.partition("\t")
        made.append((*json.loads(asked), *(json.loads(found) if found else ("a crash", done.stderr[-500:]))))
    return made, done


def test_odd_calls():
    made, done = odd(CALLS)
    wrong = [" | ".join(row) for row in made if row[3] != "ok"]
    assert not wrong, f"{len(wrong)} of {len(made)}:\n" + "\n".join(wrong)
    assert done.returncode == 0 and len(made) == CALLS, done.stderr[-500:]


def test_no_public_function_is_left_out():
    called = set(odd_calls.cases(odd_calls.World()))
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if any(name == start or name.startswith(start + ".") for start in LEFT_OUT):
            continue
        module = import_module(name)
        for function, value in vars(module).items():
            own = getmodule(value) is module and not function.startswith("_")
            if own and (isfunction(value) or (isclass(value) and not issubclass(value, Exception))):
                assert f"{name}:{function}" in called or f"{name}:{function}" in LEFT_OUT, f"{name}:{function}"
