# Run by python -m experiments.answers · tests/experiments/test_quantised.py
"""The page that answers: trained vectors in eight bits, and what that cost them.

    python -m experiments.answers             # trains, measures, writes notebooks/live/answers.html: a minute
    python -m experiments.answers --keep      # the template anew, around the data that the page holds

The model is the one that notebook 06 asks for analogies: Wikipedia's sample, 06's settings, seed 0, the center table.
A page that is read from the disk may fetch no other file, so the data stand in it: the rows in whole numbers of eight
bits, the words and the map, and all that was measured. `experiments/answers.html` is the template.

Each row has a scale of its own, the largest of its numbers over 127. One scale for the whole table would follow the
longest row, and a short row would be left with a few of the 127 steps. A cosine does not see the scale at all.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import torch

from experiments.results.calibration import RUNS, train_for
from helpers.arguments import checked, whole
from helpers.corpus import Corpus, Vocab, load_corpus
from helpers.evaluation import answer_analogies, compare_with_people, neighbour_table, shared_neighbours
from helpers.files import ROOT, atomic_write
from helpers.maps import map_words, neighbours_kept, tsne
from helpers.plots.maps import OTHER, THEME_COLORS
from helpers.questions import PAIRS, known_pairs, known_questions, read_analogies, read_pairs
from helpers.uncertainty import Interval, crossed_interval, grouped_interval
from helpers.vectors import cosine, table, word_table

TEMPLATE, PAGE = ROOT / "experiments" / "answers.html", ROOT / "notebooks" / "live" / "answers.html"
BITS = (8, 4, 2)
NEAREST, ON_MAP, PERPLEXITY = 10, 300, 30  # as in notebook 06
ANOTHER = "another seed"  # a yardstick: what changes where nothing but the seed does


@checked(W=word_table(), bits=whole(2, 8))
def quantise(W, bits=8):
    """Rows as whole numbers of a few bits, by one step a row: round(w / step).

    Symmetric: 0 stays 0, and of eight bits -127 to 127 are used. The step is the row's largest number over 127 (7 for
    four bits, 1 for two), so no number is off by more than half a step.

    Parameters
    ----------
    W : torch.Tensor, shape (V, D)
    bits : int, 2 to 8

    Returns
    -------
    numbers : np.ndarray of int8, shape (V, D)
    steps : np.ndarray of float32, shape (V,)
        0 for a row of zeros.
    """
    rows, most = W.double().numpy(), 2 ** (bits - 1) - 1
    steps = (np.abs(rows).max(axis=1) / most).astype(np.float32)
    numbers = np.rint(rows / np.where(steps > 0, steps, 1)[:, None].astype(np.float64))
    return numbers.clip(-most, most).astype(np.int8), steps


def dequantise(numbers: np.ndarray, steps: np.ndarray) -> torch.Tensor:
    """The table that the whole numbers stand for, float32 of shape (V, D)."""
    return torch.from_numpy(numbers.astype(np.float32) * steps[:, None])


def cosine_errors(W: torch.Tensor, other: torch.Tensor) -> tuple[float, float]:
    """Median and largest difference of the cosines of all pairs of different words, row 0 left out."""
    off = [(cosine(W[i + 1 :], W[i]) - cosine(other[i + 1 :], other[i])).abs() for i in range(1, len(W) - 1)]
    off = torch.cat(off)
    return float(off.median()), float(off.max())


def questions_by_section(vocab: Vocab) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the analogy questions whose words the vocabulary holds, and the number of each one's section."""
    parts = [known_questions(section, vocab) for section in read_analogies().values()]
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _row(interval: Interval, low: float = -1, high: float = 1) -> list[float]:
    """Estimate and ends, inside what is possible."""
    return [round(min(max(x, low), high), 5) for x in (interval.estimate, interval.low, interval.high)]


def agreement(W: torch.Tensor, other: torch.Tensor, vocab: Vocab) -> dict:
    """How far another table of the same words gives W's answers; estimates with intervals of 95 %.

    Correlations are compared over pairs and their words, neighbours over words, analogies over the sections of the
    questions. The errors of cosines are those of all pairs of words, so they have no interval.
    """
    found = {}
    for name in PAIRS:
        pairs = known_pairs(read_pairs(name), vocab)
        human, before = compare_with_people(read_pairs(name), W, vocab)
        after = compare_with_people(read_pairs(name), other, vocab)[1]
        found[name] = _row(crossed_interval(human, after[None], pairs))
        found[f"{name}, less"] = _row(crossed_interval(human, after[None], pairs, other=before[None]))
    kept = shared_neighbours(*(neighbour_table(one, NEAREST)[1:] for one in (W, other)))
    found["neighbours"] = _row(grouped_interval(kept[None], np.arange(len(kept))), low=0)
    questions, sections = questions_by_section(vocab)
    for rule, exclude in (("without", True), ("with", False)):
        before, after = (answer_analogies(questions, one, exclude=exclude) for one in (W, other))
        found[f"analogies {rule}"] = _row(grouped_interval((before == after)[None] * 1.0, sections), low=0)
    found["median error"], found["largest error"] = (round(x, 6) for x in cosine_errors(W, other))
    return found


def quality(W: torch.Tensor, another: torch.Tensor, vocab: Vocab) -> dict:
    """What each number of bits cost, beside the table as trained and one of another seed; and what was asked."""
    tables = {str(bits): dequantise(*quantise(W, bits)) for bits in BITS}
    questions, sections = questions_by_section(vocab)
    answers = answer_analogies(questions, tables["8"], exclude=False)
    right = answer_analogies(questions, tables["8"]) == questions[:, 3]
    measured = {name: agreement(W, other, vocab) for name, other in {"32": W, **tables, ANOTHER: another}.items()}
    return {
        "pairs": {name: [len(known_pairs(read_pairs(name), vocab)), len(read_pairs(name))] for name in PAIRS},
        "questions": [len(questions), len(np.unique(sections))],
        "answered by the question": int((answers[:, None] == questions[:, :3]).any(axis=1).sum()),
        "right": int(right.sum()),
        "tables": measured,
    }


def map_of(W: torch.Tensor, corpus: Corpus) -> dict:
    """The map of notebook 06 on these vectors: ids, places from 0 to 1000, and how much of the nearest it keeps."""
    ids = [corpus.vocab[word] for word in map_words(corpus, ON_MAP)]
    X, noise = W[ids], torch.randn((len(ids), W.shape[1]), generator=torch.Generator().manual_seed(0))
    points, of_noise = (tsne(rows, perplexity=PERPLEXITY, seed=0) for rows in (X, noise))
    low, high = points.min(axis=0), points.max(axis=0)
    places = np.rint(1000 * (points - low) / (high - low)).astype(int)
    themes = {
        name: [corpus.vocab[word] - 1 for word in group if word in corpus.vocab]
        for name, group in corpus.showcase.themes.items()
    }
    return {
        "ids": [i - 1 for i in ids],  # on the page the padding is left out
        "places": places.tolist(),
        "themes": [[name, color, group] for (name, group), color in zip(themes.items(), THEME_COLORS)],
        "other": OTHER,
        "kept": [round(neighbours_kept(X, points), 4), round(neighbours_kept(noise, of_noise), 4)],
    }


def measure(name: str = "wiki") -> dict:
    """Train, quantise and measure: all that the page holds."""
    corpus = load_corpus(name)
    W, another = (table(train_for(corpus, seed)[0]) for seed in (0, 1))
    numbers, steps = quantise(W)
    largest = W[1:].abs().max(dim=1).values
    return {
        "words": " ".join(corpus.vocab.words[1:]),
        "rows": _text(numbers[1:]),
        "steps": _text(steps[1:].astype("<f4")),
        "counts": [[count, len([*group])] for count, group in groupby(corpus.vocab.counts[1:].tolist())],
        "dim": W.shape[1],
        "epochs": RUNS[name]["epochs"],
        "tokens": len(corpus.ids),
        "least": int(corpus.vocab.counts[1:].min()),
        "articles": len(corpus.bounds) - 1,
        "largest": [round(float(end), 4) for end in (largest.min(), largest.max())],
        "map": map_of(dequantise(numbers, steps), corpus),
        "quality": quality(W, another, corpus.vocab),
    }


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def vectors(data: dict) -> tuple[torch.Tensor, Vocab]:
    """The table that the page computes with, and its words; row 0 is the padding."""
    words, counts = data["words"].split(" "), [count for count, times in data["counts"] for _ in range(times)]
    numbers = np.frombuffer(base64.b64decode(data["rows"]), np.int8).reshape(len(words), data["dim"])
    W = dequantise(numbers, np.frombuffer(base64.b64decode(data["steps"]), "<f4"))
    return torch.cat([torch.zeros(1, data["dim"]), W]), Vocab(words, counts)


def _signed(x: float, digits: int) -> str:
    return f"{round(x, digits) + 0.0:.{digits}f}".replace("-", "−")  # + 0.0: no minus before a zero


def _cell(value, digits: int) -> str:
    """A table's cell: a number, or an estimate with its interval under it."""
    if not isinstance(value, list):
        return f"<td>{_signed(value, digits)}</td>"
    estimate, low, high = (_signed(x, digits) for x in value)
    return f"<td>{estimate}<br><small>{low} to {high}</small></td>"


def cost_table(data: dict) -> str:
    """The table of what eight bits cost, as HTML: a row a measure, a column a table."""
    V, D, found = len(data["words"].split(" ")), data["dim"], data["quality"]["tables"]
    rows = []
    kilobytes = [V * (D * bits / 8 + (4 if bits < 32 else 0)) / 1000 for bits in (32, *BITS)]
    rows.append(("Size, with the steps, in kB", "".join(f"<td>{kB:,.0f}</td>" for kB in kilobytes) + "<td></td>"))
    measures = [(f"{name}, Spearman's ρ", name, 3) for name in PAIRS]
    measures[1:1] = [("… minus that of 32 bits", "WordSim-353, less", 4)]
    measures += [
        ("… minus that of 32 bits", "SimLex-999, less", 4),
        ("Ten nearest words: share kept", "neighbours", 3),
        ("Analogies, question's words out: answers kept", "analogies without", 3),
        ("Analogies, question's words in: answers kept", "analogies with", 3),
        ("Error of a cosine, median", "median error", 4),
        ("Error of a cosine, largest", "largest error", 4),
    ]
    for title, key, digits in measures:
        own = key not in PAIRS  # beside itself the table as trained keeps everything
        cells = ["<td></td>" if own and name == "32" else _cell(row[key], digits) for name, row in found.items()]
        rows.append((title, "".join(cells)))
    head = "".join(f'<th scope="col">{n} bits</th>' for n in (32, *BITS)) + f'<th scope="col">{ANOTHER}, 32 bits</th>'
    body = "\n".join(f'<tr><th scope="row">{title}</th>{cells}</tr>' for title, cells in rows)
    return f"<table>\n<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def fields(data: dict) -> dict[str, str]:
    """What stands in the template's places."""
    V, found = len(data["words"].split(" ")), data["quality"]
    pairs, (asked, sections) = found["pairs"], found["questions"]
    low, high = data["largest"]
    numbers = {
        "words": V, "dim": data["dim"], "epochs": data["epochs"], "tokens": data["tokens"], "least": data["least"],
        "articles": data["articles"], "questions": asked, "sections": sections, "right": found["right"],
        "allpairs": V * (V - 1) // 2, "mapped": len(data["map"]["ids"]), "few": int(127 * low / high),
    }  # fmt: skip
    shares = {
        "mapkept": data["map"]["kept"][0], "noisekept": data["map"]["kept"][1],
        "chance": NEAREST / (len(data["map"]["ids"]) - 1), "byquestion": found["answered by the question"] / asked,
    }  # fmt: skip
    return {
        **{name: f"{number:,}" for name, number in numbers.items()},
        **{name: f"{100 * share:.0f} %" for name, share in shares.items()},
        **{f"pairs{i}": f"{known} of {every}" for i, (known, every) in enumerate(pairs.values())},
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "cost": cost_table(data),
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }


def page(data: dict, template: str) -> str:
    """The page whole: the template with each ``{{name}}`` replaced."""
    values = fields(data)
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], template)


def data_of(html: str) -> dict:
    """The data that a page holds."""
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.S)[1])


def write(data: dict, path: Path) -> None:
    """Write the page around the data."""
    html = page(data, TEMPLATE.read_text(encoding="utf-8"))
    with atomic_write(path) as part:
        part.write_text(html, encoding="utf-8", newline="\n")


def main(argv: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m experiments.answers", description=__doc__.split("\n")[0])
    parser.add_argument("--keep", action="store_true", help="train nothing: the template anew, around the page's data")
    data = data_of(PAGE.read_text(encoding="utf-8")) if parser.parse_args(argv).keep else measure()
    write(data, PAGE)
    print(f"{PAGE.relative_to(ROOT)}: {PAGE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
