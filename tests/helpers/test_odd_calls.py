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

# Public, and not called here: what is called by what is, and what needs more than a value at a time.
RULES, MACHINERY = "the rules themselves: test_arguments", "called by train, whose arguments are here"
READING = "called by load_corpus or load_vectors, whose arguments are here"
COMBINE = ["mean", "mean_of_touching", "root_of_touching", "add", "limited"]
LEFT_OUT = {
    "helpers.arguments": RULES,
    "helpers.shapes": RULES,
    "helpers.book": "the book's code as printed, and what starts it",
    "helpers.controls": "widgets: test_controls",
    "helpers.plots": "figures: test_figures",
    "helpers.spellings": "called by evaluation",
    **dict.fromkeys(
        map("helpers.engines.{}".format, "adagrad checkpoints compiling draws interrupts kernel tiles".split()),
        MACHINERY,
    ),
    **dict.fromkeys(map("helpers.engines.{}".format, "numba parts runs safety teams torch triton".split()), MACHINERY),
    **dict.fromkeys(map("helpers.texts.{}".format, "fetching indexing kinds own reading sources".split()), READING),
    **dict.fromkeys(map("helpers.texts.{}".format, "stored vocabulary wikitext".split()), READING),
    **dict.fromkeys(("helpers.packed", "helpers.questions", "helpers.rows"), READING),
    "helpers.counts:dense": "a rule",
    "helpers.corpus:Corpus": "what load_corpus and make_corpus return",
    "helpers.sampling:Examples": "what draw_examples returns",
    "helpers.sampling:check_drawing": "a rule",
    "helpers.subwords:SubwordEmbedding": "what make_subword_model returns",
    "helpers.encoder:Encoder": "what load_encoder returns: test_encoder",
    "helpers.encoder:load_encoder": "no argument",
    "helpers.glove:load_large_glove": "a second a call: test_glove",
    "helpers.plain": "lists for the reader's own functions in 05: test_plain",
    "helpers.uncertainty:simulated_scores": "makes scores to try intervals on: test_uncertainty",
    "helpers.uncertainty:Interval": "what crossed_interval returns",
    "helpers.plain:noise_words": "without end: test_plain",
    "helpers.training:gradients_in_place": "a block: test_training",
    "helpers.training:halves": "called by step",
    "helpers.model:rows_count": "a rule",
    "helpers.model:tables": "a rule",
    "helpers.vectors:word_table": "a rule",
    "helpers.engines.choosing:make_engine": MACHINERY,
    **dict.fromkeys(map("helpers.engines.several:{}".format, "share enlist Member".split()), MACHINERY),
    **dict.fromkeys(map("helpers.engines.combining:{}".format, "Rule Combiner".split()), MACHINERY),
    **dict.fromkeys(map("helpers.engines.combining:{}".format, COMBINE), "a rule of combining: test_combining"),
    "helpers.engines.pretended": "threads for processes: test_combining",
    "helpers.engines.devices:kind_of": MACHINERY,
    "helpers.engines.devices:agrees_with_cpu": MACHINERY,
    "helpers.engines.gensim:gensim_ready": "no argument",
    "helpers.engines.history:History": "what train returns",
    "helpers.files": "what they give is for a block: test_files",
    "helpers.texts.showcase:Showcase": "what find returns",
    "helpers.texts.showcase:find": "called by with_showcase",
    "helpers.texts.toy:expected_sentences": "no argument",
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
