# Run by python -m experiments.large · tests/experiments/test_large.py
"""The race on a text whose tables do not fit the cache: the Numba engine beside gensim, and Spark on a part of it.

    python -m experiments.large text zipf.txt --megabytes 1000    # for `experiments.large_memory`
    apt-get download linux-doc-6.1 ...                        # large_texts.PACKAGES, into a folder
    python -m experiments.large english DEBS english.txt
    python -m experiments.large race english.txt
    python -m experiments.large spark english.txt --spark SPARK/bin/python

Each run is a process of its own. A race that is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from experiments import large_peers, results
from experiments.large_peers import RATES
from experiments.large_texts import WORDS, english, make_text
from helpers.corpus import load_corpus, make_corpus
from helpers.files import ROOT

USUAL = {"numba": 1.5, "gensim": 0.025}  # learning rates
BESIDE_SPARK = (("numba", None), ("gensim", None), ("spark", 1), ("spark", 2))  # and Spark's partitions


def one(arguments: str) -> None:
    """A run of the race in this process; prints its row."""
    given = json.loads(arguments)
    if given["corpus"] is None:
        sentences = (line.split() for line in Path(given["text"]).open(encoding="utf-8"))
        corpus = make_corpus(sentences, min_count=5)
    else:
        corpus = load_corpus(given["corpus"], quiet=True)
    print(json.dumps(large_peers.run(given["system"], corpus, Path(given["text"]), **given["how"])))


def in_a_process(system: str, text: Path, corpus: Path | None, **how) -> dict:
    """One run in a process of its own: its row, and how busy the machine was before."""
    given = {"system": system, "text": str(text), "corpus": corpus and str(corpus), "how": how}
    busy, command = os.getloadavg()[0], [sys.executable, "-m", "experiments.large", "one", json.dumps(given)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(how["threads"])}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{system} failed:\n{done.stderr[-3000:]}")
    return {"system": system, **how, "busy": busy, **json.loads(done.stdout.splitlines()[-1])}


def race(corpus: Path, path: Path, *, dims=(100, 300), threads=(1, 2), rounds: int = 3) -> None:
    """Each system at several learning rates, then at its best one in turn with the other, a row a run.

    The rates are tried at the first dimension, with the most threads and seed 0; the seed of a round is its number.
    """
    text = corpus.with_suffix(".sentences")
    read = load_corpus(corpus, quiet=True)
    if not text.is_file():
        large_peers.spell(read, text)
    head = {"command": f"python -m experiments.large race {corpus.name}", "tokens": len(read.ids)}
    head |= {"vocabulary": len(read.vocab), "bytes": corpus.stat().st_size, "cores": os.cpu_count()}
    systems = [name for name in RATES if find_spec(name)]
    key = lambda row: (row["seed"], row["dim"], row["threads"], row["system"], row["lr"])  # noqa: E731

    def make(point):
        seed, dim, n, system, lr = point
        return in_a_process(system, text, corpus, dim=dim, threads=n, lr=lr, seed=seed)

    tries = [(0, dims[0], max(threads), system, lr) for system in systems for lr in RATES[system]]
    results.complete(path, head, tries, make, key, key)
    rows = results.read_table(path)["runs"]
    grid = itertools.product(range(1, rounds + 1), dims, threads, systems)
    points = [(*point, best_rate(rows, point[3])) for point in grid]
    results.complete(path, head, points, make, key, key)


def best_rate(rows: list[dict], system: str) -> float:
    """The learning rate of a system that came to the lowest held-out loss among those tried."""
    tried = [row for row in rows if (row["system"], row["seed"]) == (system, 0) and row["heldout"]]
    return min(tried, key=lambda row: row["heldout"])["lr"]


def beside_spark(corpus: Path, path: Path, python: str, *, share: int, rounds: int = 3, dim: int = 100) -> None:
    """Spark beside the others on every ``share``-th sentence, with two threads, a row a run."""
    part = corpus.with_suffix(".part")
    tokens = large_peers.spell(load_corpus(corpus, quiet=True), part, share)
    head = {"command": f"python -m experiments.large spark {corpus.name} --share {share}", "tokens": tokens}

    key = lambda row: (row["seed"], row["system"], row["partitions"])  # noqa: E731

    def make(point):
        seed, system, partitions = point
        if system == "spark":
            return spark_alone(python, part, tokens, dim=dim, threads=2, seed=seed, partitions=partitions)
        row = in_a_process(system, part, None, dim=dim, threads=2, lr=USUAL[system], seed=seed)
        return {**row, "partitions": None}

    points = [(seed, *system) for seed in range(rounds) for system in BESIDE_SPARK]
    results.complete(path, head, points, make, key, lambda row: (row["seed"], row["system"], row["partitions"] or 0))


def spark_alone(python: str, text: Path, tokens: int, **how) -> dict:
    """A run of Spark, by the Python that has it."""
    with tempfile.TemporaryDirectory() as folder:
        vectors, busy = Path(folder) / "vectors.txt", os.getloadavg()[0]
        given = json.dumps({"text": str(text), "vectors": str(vectors), **how})
        command = [python, str(ROOT / "experiments" / "large_spark.py"), given]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"Spark failed:\n{done.stderr[-3000:]}")
        row = {"system": "spark", **how, "busy": busy, **json.loads(done.stdout.splitlines()[-1])}
        words = tokens / row["seconds"]
        return {**row, "words": words, "centers": words, **large_peers.judge_spark(vectors)}


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        return one(sys.argv[2])
    parser = argparse.ArgumentParser(prog="python -m experiments.large", description=__doc__.split("\n")[0])
    todo = parser.add_subparsers(dest="todo", required=True)
    text = todo.add_parser("text", help="a text by Zipf's law")
    text.add_argument("path", type=Path)
    text.add_argument("--megabytes", type=int, default=1000)
    text.add_argument("--words", type=int, default=WORDS)
    debian = todo.add_parser("english", help="a text of 130 MB out of Debian's documentation packages")
    debian.add_argument("packages", type=Path, help="the folder where `apt-get download` has left them")
    debian.add_argument("path", type=Path)
    racing = todo.add_parser("race", help="the Numba engine beside gensim")
    racing.add_argument("path", type=Path)
    racing.add_argument("--rounds", type=int, default=3)
    spark = todo.add_parser("spark", help="both beside Spark's Word2Vec")
    spark.add_argument("path", type=Path)
    spark.add_argument("--spark", required=True, help="the Python that has pyspark")
    spark.add_argument("--share", type=int, default=8, help="train on every so many-th sentence")
    options = parser.parse_args()
    corpus = options.path.absolute()
    if options.todo == "text":
        make_text(corpus, options.megabytes * 1_000_000, words=options.words)
    elif options.todo == "english":
        english(options.packages, corpus)
    elif options.todo == "race":
        race(corpus, results.FOLDER / "large_english.json", rounds=options.rounds)
    else:
        beside_spark(corpus, results.FOLDER / "large_spark.json", options.spark, share=options.share)


if __name__ == "__main__":
    main()
