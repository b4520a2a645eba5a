# Run by python -m experiments.processes · tests/experiments/test_processes.py
"""What several processes come to, rule by rule: held-out loss, WordSim-353, bytes. Ranks are threads of one process.

    python -m experiments.processes ptb            # rules, combinings an epoch, 1 to 8 ranks, seeds
    python -m experiments.processes ptb --seeds 5 --rules tiers scaled --parts 64

The losses are those of processes, for a rank's draws are its own and each trains with one thread; the seconds are not.
A run that is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import ExitStack

import torch

from experiments import results
from helpers.corpus import Corpus, load_corpus
from helpers.engines import several
from helpers.engines.choosing import make_engine
from helpers.engines.combining import RULES
from helpers.engines.history import DESCENT_RATES, Settings
from helpers.engines.pretended import together
from helpers.engines.runs import finite
from helpers.model import make_model
from helpers.training import evaluate, heldout_examples
from helpers.uses import scores
from helpers.vectors import table

PARTS, RANKS, EPOCHS, DIM = (1, 16, 64), (1, 2, 4, 8), 5, 100
KEY = ("rule", "ranks", "parts", "seed")  # of a row
LARGEST = 1e3  # number of a table that has not diverged


class _Alone:
    """What `several.Member` asks of a run, where nothing interrupts it."""

    asked = ()


def run(corpus: Corpus, rule: str, ranks: int, parts: int, seed: int, *, epochs: int = EPOCHS, dim: int = DIM) -> dict:
    """Train with so many ranks, each on its shard.

    Returns
    -------
    dict
        ``rule``, ``ranks``, ``parts``, ``seed``; ``heldout`` and ``wordsim``, None where it diverged; ``sent``, bytes
        that each rank gave to be added up; ``center_words``.
    """
    settings = Settings(seed=seed).resolved(DESCENT_RATES)
    held = heldout_examples(corpus, settings)

    def work(team):
        torch.set_num_threads(1)  # of this thread, and so of its engine
        model = make_model(len(corpus.vocab), dim, seed=seed)
        shard, _ = several.share(corpus, team, None)
        sentences, centers = len(shard.bounds) - 1, 0
        cuts = [sentences * k // parts for k in range(parts + 1)]
        with ExitStack() as stack:
            engine = stack.enter_context(make_engine("numba", model, shard, settings))
            member = several.Member(engine, team, rule, parts)
            member.run = _Alone()
            for step in range(epochs * parts):
                rate = settings.lr * max(1e-4, 1 - step / (epochs * parts))
                first, last = cuts[step % parts : step % parts + 2]
                centers += int(member.train(first, last, rate)[2])
        return model, team.sent, centers

    model, sent, centers = together(ranks, work)[0]
    row = {"rule": rule, "ranks": ranks, "parts": parts, "seed": seed, "sent": sent, "center_words": centers}
    good = finite(model) and max(float(embed.weight.detach().abs().max()) for embed in model) < LARGEST
    wordsim = scores(table(model), corpus.vocab).get("WordSim-353") if good else None
    return {**row, "heldout": evaluate(model, held) if good else None, "wordsim": wordsim}


def measure(name: str, rules: Iterable[str], ranks: Iterable[int], parts: Iterable[int], seeds: int) -> None:
    """Add the rows that are not there yet to the table of a corpus."""
    corpus = load_corpus(name)
    wanted = [("sum", 1, 64, seed) for seed in range(seeds)]
    wanted += [(*point, seed) for seed in range(seeds) for point in _grid(rules, ranks, parts)]
    head = {"corpus": name, "command": f"python -m experiments.processes {name}", "epochs": EPOCHS, "dim": DIM}
    path = results.FOLDER / f"processes_{name}.json"
    results.complete(path, head, wanted, lambda key: run(corpus, *key), _key, _key)


def _grid(rules, ranks, parts):
    return [(rule, W, n) for W in ranks if W > 1 for n in parts for rule in rules]


def _key(row: dict) -> tuple:
    return tuple(row[name] for name in KEY)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m experiments.processes", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", choices=["ptb", "wiki", "toy"])
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--ranks", nargs="+", type=int, default=RANKS)
    parser.add_argument("--parts", nargs="+", type=int, default=PARTS, help="combinings an epoch")
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    measure(args.corpus, args.rules, args.ranks, args.parts, args.seeds)


if __name__ == "__main__":
    main()
