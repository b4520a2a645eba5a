# Run by python -m experiments.roofline · tests/experiments/test_roofline.py
"""How near the CPU kernel comes to the machine's limits on a text whose tables do not fit a cache.

    python -m experiments.roofline            # dimensions 100 and 300, 1 and 2 threads: 3 minutes

The text is drawn word by word from Zipf's law: good for a throughput, and for nothing that is learned. The machine's
arithmetic is that of a product of large matrices, its memory that of a copy of large arrays; each thread does its own.
All three take turns. Seconds are those of the processor, added up over the threads, so that what else the machine does
counts less: a rate is the work by the seconds of one thread, times the threads.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from tqdm.auto import tqdm

from experiments.race import machine
from experiments.results import FOLDER, write_table
from helpers.corpus import Corpus, Vocab
from helpers.engines import kernel
from helpers.engines.history import Settings
from helpers.engines.numba import SHARED, Engine
from helpers.model import make_model
from helpers.sampling import keep_or_all, noise_distribution, subsample

SECOND, THIRD = 2**20, 2**25  # bytes of a core's second cache and of the third, which cores share
SETTINGS = Settings()  # those of the course


def zipf_corpus(words: int = 60_000, tokens: int = 10_000_000, length: int = 20, seed: int = 0) -> Corpus:
    """A text of independent words, the k-th of which has a share in proportion to 1 / k, in sentences of one length."""
    share = 1 / np.arange(1, words + 1)
    ids = np.random.default_rng(seed).choice(words, tokens, p=share / share.sum()).astype(np.int32) + 1
    counts = np.maximum(1, np.bincount(ids, minlength=words + 1)[1:])
    bounds = np.arange(0, tokens + length, length).clip(max=tokens)
    return Corpus("zipf", ids, bounds, Vocab([f"w{k}" for k in range(1, words + 1)], counts))


def blocks(corpus: Corpus, sentences: int, rng):
    """What the kernel's blocks on the first sentences fetch: for each (center ids, candidate ids, context pairs)."""
    keep, window = keep_or_all(corpus.vocab.counts, SETTINGS.t), SETTINGS.max_window
    ids, bounds = subsample(corpus.ids[: corpus.bounds[sentences]], corpus.bounds[: sentences + 1], keep, rng)
    sizes = np.diff(bounds)
    alone = np.repeat(sizes == 1, sizes)
    ids, sizes = ids[~alone], sizes[sizes > 1]
    stop = np.repeat(np.cumsum(sizes), sizes)
    start = stop - np.repeat(sizes, sizes)
    places = np.arange(len(ids))
    sides = rng.integers(1, window + 1, len(ids))
    pairs = np.minimum(places - start, sides) + np.minimum(stop - 1 - places, sides)
    noise = rng.choice(
        len(corpus.vocab), (len(ids) // kernel.BLOCK + 1, SHARED), p=noise_distribution(corpus.vocab.counts)
    )
    for k, a in enumerate(range(0, len(ids), kernel.BLOCK)):
        b = min(len(ids), a + kernel.BLOCK)
        around = ids[max(start[a], a - window) : min(stop[b - 1], b + window)]
        yield ids[a:b], np.concatenate([noise[k], around]), int(pairs[a:b].sum())


def missed(accesses, rows: int) -> float:
    """The share of accesses that a cache of the so many rows used last does not hold; the first half fills it."""
    held, misses, half = OrderedDict(), 0, len(accesses) // 2
    for k, row in enumerate(accesses):
        if row in held:
            held.move_to_end(row)
        else:
            misses += k >= half
            held[row] = None
            if len(held) > rows:
                held.popitem(last=False)
    return misses / max(1, len(accesses) - half)


def work(corpus: Corpus, dim: int, sentences: int, seed: int = 1) -> dict:
    """Operations and bytes of a center word, counted on a text; the seed is another than the text's.

    Returns
    -------
    dict
        ``operations`` of the scores and both gradients (a product and a sum are two); ``rows`` fetched; ``missed``,
        the shares of them that a second and a third cache do not hold; ``bytes`` of the rows that the second misses,
        read and written.
    """
    centers = pairs = 0
    accesses: list[int] = []
    for center, candidates, contexts in blocks(corpus, sentences, np.random.default_rng(seed)):
        centers, pairs = centers + len(center), pairs + contexts
        accesses += candidates.tolist() + (-center).tolist()  # of the other table
    shares = [missed(accesses, size // (4 * dim)) for size in (SECOND, THIRD)]
    rows = len(accesses) / centers
    operations = 3 * 2 * dim * (pairs / centers + SHARED)
    return {"operations": operations, "rows": rows, "missed": shares, "bytes": 2 * 4 * dim * rows * shares[0]}


def seconds(threads: int, task) -> float:
    """Mean seconds of the processor that a thread spends on ``task(k)``, while all do."""

    def timed(k):
        began = time.thread_time()
        task(k)
        return time.thread_time() - began

    with ThreadPoolExecutor(threads) as pool:
        return statistics.mean(pool.map(timed, range(threads)))


def limits(threads: int, size: int = 1024, numbers: int = 2**24):
    """Two measurements to call again and again: operations/s of matrix products, and bytes/s of copies."""
    A = torch.randn(size, size)
    outs = [torch.empty(size, size) for _ in range(threads)]
    given, taken = ([torch.zeros(numbers) for _ in range(threads)] for _ in range(2))

    def peak():
        return threads * 2 * size**3 / seconds(threads, lambda k: torch.mm(A, A, out=outs[k]))

    def stream():
        return threads * 2 * 4 * numbers / seconds(threads, lambda k: taken[k].copy_(given[k]))

    return peak, stream


def measure(corpus: Corpus, dim: int, threads: int, sentences: int, runs: int) -> dict:
    """One row: rates of the kernel, and of the machine's arithmetic and memory, in turn; medians and ranges."""
    found: dict = {"words": [], "peak": [], "stream": []}
    row = {"dim": dim, "threads": threads, "runs": runs, **work(corpus, dim, sentences)}
    peak, stream = limits(threads)
    engines = [Engine(make_model(len(corpus.vocab), dim), corpus, SETTINGS, threads=1)]
    tables = engines[0].tables
    for k in range(1, threads):  # the same tables, each thread's own random numbers
        engines.append(Engine(make_model(len(corpus.vocab), 1, seed=k), corpus, SETTINGS, threads=1))
        engines[k].tables = tables
        engines[k].reseed(k)
    for run in range(1 + runs):
        counted = [0.0] * threads
        first = run * threads * sentences % (len(corpus.bounds) - 1 - threads * sentences)

        def part(k, first=first, counted=counted):
            counted[k] = engines[k].train(first + k * sentences, first + (k + 1) * sentences, 0.025)[2]

        took = seconds(threads, part)
        if run:  # the first one compiles
            found["words"].append(sum(counted) / took)
            found["peak"].append(peak())
            found["stream"].append(stream())
    for key, values in found.items():
        row[key], row[f"{key}_range"] = statistics.median(values), [min(values), max(values)]
    return {**row, **shares(row)}


def shares(row: dict) -> dict:
    """What the kernel reaches: operations/s and bytes/s, their shares of the machine's, and of the roofline."""
    done, moved = row["words"] * row["operations"], row["words"] * row["bytes"]
    limit = min(row["peak"] / row["operations"], row["stream"] / row["bytes"])  # center words/s
    return {
        "of_peak": done / row["peak"],
        "of_stream": moved / row["stream"],
        "roofline": limit,
        "of_roofline": row["words"] / limit,
        "bound": "arithmetic" if row["peak"] / row["operations"] == limit else "memory",
    }


def show(row: dict) -> None:
    """Print a row in two lines."""
    print(
        f"D = {row['dim']}, {row['threads']} threads: {row['words']:,.0f} center words/s; each "
        f"{row['operations']:,.0f} operations, {row['rows']:.1f} rows, of which a second cache misses "
        f"{row['missed'][0]:.0%} and a third {row['missed'][1]:.0%}\n"
        f"   {row['of_peak']:.0%} of {row['peak'] / 1e9:.0f} billion operations/s, {row['of_stream']:.0%} of "
        f"{row['stream'] / 1e9:.0f} GB/s, {row['of_roofline']:.0%} of the roofline ({row['bound']})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m experiments.roofline", description=__doc__.split("\n")[0])
    parser.add_argument("--dims", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--sentences", type=int, default=20_000, help="of a thread in a run")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--out", type=Path, default=FOLDER / "roofline_zipf.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus, rows = zipf_corpus(), []
    for dim in tqdm(options.dims, unit="dimension"):
        for threads in options.threads:
            rows.append(measure(corpus, dim, threads, options.sentences, options.runs))
            show(rows[-1])
    head = {"command": "python -m experiments.roofline", "machine": machine(max(options.threads)), "text": str(corpus)}
    write_table(options.out, head, rows, "rows")


if __name__ == "__main__":
    main()
