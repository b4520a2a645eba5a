# Run by python -m course.train, alone or under torchrun · tests/course/test_train.py
"""Train word vectors on a text, in one process or in several.

    python -m course.train my.txt --out vectors.txt
    torchrun --nproc-per-node 2 --max-restarts 3 -m course.train my.txt --out vectors.txt

On several machines: ``torchrun --nnodes 2 --rdzv-backend c10d --rdzv-endpoint HOST:29500 ...`` on each, with the text
there. Process 0 shows the progress and writes what is written. A process that dies, or does not answer for --patience
seconds, ends all of them; torchrun starts them again, and they go on from the checkpoint.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers import engines
from helpers.arguments import ArgumentError
from helpers.corpus import CorpusError, load_corpus
from helpers.engines.choosing import NAMES
from helpers.engines.combining import RULES
from helpers.engines.runs import TrainingDiverged
from helpers.engines.several import SECONDS, TeamError
from helpers.files import ROOT, locked
from helpers.model import make_model
from helpers.vectors import save_vectors, table


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
    add("--combine", choices=RULES, default="tiers", help="how several processes agree")
    add("--every", type=int, metavar="TOKENS", help="of a process between two combinings")
    add("--patience", type=float, default=SECONDS, metavar="SECONDS", help="how long a process waits for the others")
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
    resume = args.resume or (int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0 and checkpoint.is_file())
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # torchrun's way to ask
    try:
        with locked(ROOT / "data" / "train.lock"):  # whoever is first on this machine reads the text
            corpus = load_corpus(args.corpus, min_count=args.min_count, quiet=args.quiet or not first)
        model = make_model(len(corpus.vocab), args.dim, seed=args.seed)
        history = engines.train(
            model, corpus, engine=args.engine, epochs=args.epochs, lr=args.lr, max_window=args.window, K=args.noise,
            t=args.t, seed=args.seed, threads=args.threads, combine=args.combine, every=args.every,
            patience=args.patience, checkpoint=checkpoint, resume=resume, overwrite=args.overwrite and not resume,
            progress=not args.quiet,
        )  # fmt: skip
        if first and not history.interrupted:
            save_vectors(args.out, table(model), corpus.vocab, binary=args.out.suffix == ".bin")
    except (ArgumentError, CorpusError, TrainingDiverged, TeamError, OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    if first:
        print(history)
        where = f"go on with --resume; {checkpoint} holds it" if history.interrupted else f"vectors: {args.out}"
        print(where)
    return 130 if history.interrupted else 0


if __name__ == "__main__":
    sys.exit(main())
