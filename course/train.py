# Run by python -m course.train, alone or under torchrun · tests/course/test_train.py
"""Train word vectors on a text, in one process or in several.

    python -m course.train my.txt --out vectors.txt
    torchrun --nproc-per-node 2 --max-restarts 3 -m course.train my.txt --out vectors.txt

On several machines: ``torchrun --nnodes 2 --rdzv-backend c10d --rdzv-endpoint HOST:29500 ...`` on each, with the text
there. Process 0 shows the progress and writes what is written. A process that dies, or does not answer for --patience
seconds, ends all of them; torchrun starts them again, and they go on from the checkpoint. See README.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

from helpers import engines
from helpers.arguments import ArgumentError
from helpers.corpus import CorpusError, load_corpus
from helpers.engines.choosing import NAMES, choose
from helpers.engines.combining import RULES
from helpers.engines.runs import EVERY, TrainingDiverged
from helpers.engines.teams import SECONDS, Team, TeamError, launched, place
from helpers.files import locked
from helpers.model import make_model
from helpers.texts.sources import DATA
from helpers.vectors import save_vectors, table

WAIT = 24 * 3600.0  # seconds for another process of this machine that reads the text: the team sees that it lives


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m course.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("corpus", help="ptb, wiki, toy, or a path to a text or a folder of texts")
    add("--out", type=Path, required=True, help="where the center vectors go: word2vec's text format, or .bin")
    add("--engine", choices=NAMES, default="auto")
    add("--dim", type=int, default=100)
    add("--epochs", type=int, default=5)
    add("--lr", type=float, help="default: the engine's own")
    add("--window", type=int, default=5, help="the largest")
    add("--noise", type=int, default=5, metavar="K", help="noise words of a context word")
    add("--t", type=float, default=1e-4, help="threshold of subsampling")
    add("--min-count", type=int)
    add("--seed", type=int, default=0)
    add("--threads", type=int, help="of each process; default: what PyTorch takes, 1 under torchrun")
    add("--combine", choices=RULES, help="how several processes agree; default: as measures best with the engine")
    add("--every", type=int, metavar="TOKENS", help="of a process between two combinings")
    add("--patience", type=float, default=SECONDS, metavar="SECONDS", help="how long a process waits for the others")
    add("--save-every", type=float, metavar="SECONDS", help=f"between two checkpoints, at least; default: {EVERY:g}")
    add("--checkpoint", type=Path, help="default: the name of --out with .checkpoint")
    add("--resume", action="store_true", help="go on from the checkpoint")
    add("--overwrite", action="store_true", help="begin anew, where there is one")
    add("--quiet", action="store_true")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Train and write; returns the exit status."""
    args = arguments(argv)
    first = int(os.environ.get("RANK", 0)) == 0
    checkpoint = args.checkpoint or args.out.with_name(f"{args.out.name}.checkpoint")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # torchrun's way to ask
    try:
        history = _train(args, checkpoint, first)
    except KeyboardInterrupt:
        there = f"; {checkpoint} is there: go on with --resume" if checkpoint.is_file() else ""
        return _say(f"stopped{there}", 130, cause=False)
    except (ArgumentError, CorpusError, TrainingDiverged, TeamError, ImportError, OSError, ValueError) as error:
        if isinstance(error, TeamError):
            return _say(str(error), 1, cause=error.known, known=error.known)
        return _say(f"{type(error).__name__}: {error}", 1)
    if first:
        print(history)
        where = f"go on with --resume; {checkpoint} holds it" if history.interrupted else f"vectors: {args.out}"
        print(where)
    return 130 if history.interrupted else 0


def _train(args, checkpoint: Path, first: bool):
    """Train and write as the arguments say. In a team all wait for each other while one reads or writes."""
    team = None
    if launched():
        engine = choose(args.engine)
        team = Team(place("cpu" if engine == "numba" else None)[1], args.patience)
    along = team.along if team else lambda work: work()

    def read():
        name = hashlib.sha256(args.corpus.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        once = locked(DATA / f"reading-{name}", wait=WAIT) if team else nullcontext()
        with once:  # whoever is first on this machine reads the text, and the others what it kept
            return load_corpus(args.corpus, min_count=args.min_count, quiet=args.quiet or not first)

    corpus = along(read)
    model = make_model(len(corpus.vocab), args.dim, seed=args.seed)
    history = engines.train(
        model, corpus, engine=args.engine, epochs=args.epochs, lr=args.lr, max_window=args.window, K=args.noise,
        t=args.t, seed=args.seed, threads=args.threads, combine=args.combine, every=args.every, patience=args.patience,
        save_every=args.save_every, checkpoint=checkpoint, resume=args.resume, overwrite=args.overwrite,
        progress=not args.quiet,
    )  # fmt: skip

    def write():
        if first and not history.interrupted:
            save_vectors(args.out, table(model), corpus.vocab, binary=args.out.suffix == ".bin")

    along(write)
    if team:
        team.end()
    return history


def _say(text: str, status: int, cause: bool = True, known: bool = False) -> int:
    """Say it, of which process it is, and once a machine if all know it; to torchrun too, if it is a cause."""
    if not launched():
        print(text, file=sys.stderr)
        return status
    if not known:
        print(f"process {os.environ['RANK']}: {text}", file=sys.stderr)
    elif not int(os.environ.get("LOCAL_RANK", 0)):
        print(f"all processes: {text}", file=sys.stderr)
    if cause and (file := os.environ.get("TORCHELASTIC_ERROR_FILE")):  # what its table of failures shows
        told = {"message": text, "extraInfo": {"timestamp": str(int(time.time()))}}
        with suppress(OSError):
            Path(file).write_text(json.dumps({"message": told}))
    return status


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status) if launched() else sys.exit(status)  # a process that hangs while it ends would keep torchrun
