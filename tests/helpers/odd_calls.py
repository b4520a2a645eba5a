"""Every public function called with one argument at odds: the calls, and what may come of one.

A call may give what the same function gives on the plain value (5.0 for 5, a list for an array), a result that is
whole where the value is allowed by `ALLOWED`, or an error that helpers raises on purpose and that names the argument.
Run as a program it makes the calls in its own process, a line of JSON for each, so that a crash and a hang are seen:

    python tests/helpers/odd_calls.py SEED NUMBER [FUNCTION ...]
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import inspect
import io
import json
import os
import random
import re
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import numpy as np
import torch

from helpers.batches import minibatches
from helpers.corpus import Corpus, Vocab, make_corpus
from helpers.engines.history import History, Settings
from helpers.files import ROOT
from helpers.model import make_model
from helpers.sampling import Examples, draw_examples, keep_probability, noise_distribution
from helpers.subwords import make_subword_model
from helpers.texts import toy

SECONDS = 20  # for one call


class Odd:
    def __repr__(self):
        raise RuntimeError("no name")


ODD = {
    "None": lambda: None,
    "True": lambda: True,
    "'x'": lambda: "x",
    "''": lambda: "",
    "b'x'": lambda: b"x",
    "0": lambda: 0,
    "-1": lambda: -1,
    "1": lambda: 1,
    "1.5": lambda: 1.5,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "1e9": lambda: 10**9,
    "1e30": lambda: 1e30,
    "2**70": lambda: 2**70,
    "1j": lambda: 1j,
    "[]": list,
    "[1]": lambda: [1],
    "[None]": lambda: [None],
    "['x', 3]": lambda: ["x", 3],
    "[[1], [1, 2]]": lambda: [[1], [1, 2]],
    "{}": dict,
    "{'a': 1}": lambda: {"a": 1},
    "object": object,
    "odd object": Odd,
    "generator": lambda: (x for x in (1, "a")),
    "function": lambda: lambda *_: None,
    "type": lambda: int,
    "array of none": lambda: np.zeros(0),
    "array with nan": lambda: np.array([np.nan, 1.0]),
    "array of bool": lambda: np.zeros((2, 2), bool),
    "array of complex": lambda: np.ones((3, 3), complex),
    "array of objects": lambda: np.array([None, "a"], object),
    "array of the wrong shape": lambda: np.ones((2, 3, 4, 5)),
    "negative array": lambda: -np.ones(7, np.int64),
    "tensor with nan": lambda: torch.full((3, 4), torch.nan),
    "tensor of int": lambda: torch.zeros(3, 4, dtype=torch.int64),
    "tensor of none": lambda: torch.zeros(0, 4),
    "path that is not": lambda: Path(__file__) / "no folder",
    "a folder": lambda: Path(tempfile.gettempdir()),
    "a NUL": lambda: "a\0b",
    "a long text": lambda: "x" * 100_000,
    "another model": lambda: make_model(3, 2),
    "another vocabulary": lambda: Vocab(["aa", "bb"], [2, 1]),
}


class World:
    """Small things of each kind, made once."""

    def __init__(self):
        self.corpus = make_corpus(toy.sentences(1000, seed=0), heldout=toy.sentences(20, seed=1), name="toy")
        self.vocab = self.corpus.vocab
        self.V = len(self.vocab)
        self.little = make_corpus(toy.sentences(60, seed=0), heldout=toy.sentences(20, seed=1), name="toy")
        self.examples = draw_examples(self.corpus, t=0.001, rng=np.random.default_rng(0))
        generator = torch.Generator().manual_seed(0)
        self.W = torch.randn(self.V, 6, generator=generator)
        self.N = np.random.default_rng(0).integers(1, 9, (8, 8)).astype(float)
        self.N = self.N + self.N.T
        self.keep = keep_probability(self.vocab.counts, 1e-2)
        self.noise = noise_distribution(self.vocab.counts)
        self.words = self.vocab.words[1:]

    def model(self):
        return make_model(self.V, 4)

    def small_model(self):
        return make_model(len(self.little.vocab), 4)

    def rng(self):
        return np.random.default_rng(0)


def cases(w: World) -> dict:
    """Function -> a function that gives its good arguments."""
    ids, bounds = w.corpus.ids, w.corpus.bounds
    scores = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))
    label, mask = torch.eye(3, 4), torch.ones(3, 4)
    people, random_ = np.arange(12.0), np.random.default_rng(3).random(12)
    table = np.stack([np.random.default_rng(i).permutation(11)[:4] + 1 for i in range(12)])
    questions = np.array([[1, 2, 3, 4], [2, 3, 4, 5]])
    here = {
        "helpers.sampling": {
            "keep_probability": lambda: {"counts": w.vocab.counts, "t": 1e-2, "formula": "book"},
            "kept_share": lambda: {"counts": w.vocab.counts, "t": 1e-2},
            "t_for_share": lambda: {"counts": w.vocab.counts, "share": 0.5},
            "keep_or_all": lambda: {"counts": w.vocab.counts, "t": 1e-2},
            "subsample": lambda: {"ids": ids, "bounds": bounds, "keep": w.keep, "rng": w.rng()},
            "draw_windows": lambda: {"ids": ids, "bounds": bounds, "max_window": 3, "rng": w.rng()},
            "noise_distribution": lambda: {"counts": w.vocab.counts, "power": 0.75},
            "draw_noise": lambda: {
                "offsets": w.examples.offsets, "contexts": w.examples.contexts, "distribution": w.noise, "K": 2,
                "rng": w.rng(),
            },
            "draw_examples": lambda: {
                "corpus": w.corpus, "max_window": 3, "K": 2, "t": 1.0, "power": 0.75, "rng": w.rng(), "counts": None,
            },
        },
        "helpers.batches": {
            "batchify": lambda: {"examples": w.examples, "rows": np.arange(3)},
            "minibatches": lambda: {"examples": w.examples, "batch_size": 64, "rng": w.rng(), "skip": 1},
            "num_batches": lambda: {"examples": w.examples, "batch_size": 64},
        },
        "helpers.model": {
            "make_model": lambda: {"vocab_size": 5, "dim": 3, "seed": 0, "tied": False},
            "skip_gram": lambda: {
                "center": torch.tensor([[1], [2]]), "candidates": torch.tensor([[1, 2], [3, 4]]),
                "embed_v": w.model()[0], "embed_u": w.model()[1],
            },
            "slot_weights": lambda: {"mask": mask, "average": "row"},
            "masked_bce": lambda: {"pred": scores, "label": label, "mask": mask},
            "gradients": lambda: {
                "v": torch.ones(3, 2), "u": torch.ones(3, 4, 2), "label": label, "weight": mask / 4
            },
        },
        "helpers.corpus": {
            "Vocab": lambda: {"words": ["a", "b"], "counts": [3, 2]},
            "build_vocab": lambda: {"tokens": ["a", "b", "a"], "min_count": 1},
            "encode": lambda: {"sentences": [["king", "the"], ["the"]], "vocab": w.vocab},
            "make_corpus": lambda: {
                "sentences": [["a", "b"], ["b", "c"]], "name": "mine", "min_count": 1, "heldout": [["a", "b"]],
            },
            "load_corpus": lambda: {"name": "toy", "min_count": 1, "quiet": True},
        },
        "helpers.vectors": {
            "table": lambda: {"model": w.model(), "which": "center"},
            "cosine": lambda: {"W": w.W, "x": w.W[1]},
            "neighbours": lambda: {"x": "king", "k": 3, "W": w.W, "vocab": w.vocab, "exclude": ["the"]},
            "analogy": lambda: {
                "a": "king", "b": "queen", "c": "the", "k": 3, "W": w.W, "vocab": w.vocab, "exclude": True,
            },
            "save_vectors": lambda: {"path": "vectors.txt", "W": w.W, "vocab": w.vocab, "binary": False},
            "load_vectors": lambda: {"path": saved(w), "binary": False},
            "to_keyed_vectors": lambda: {"W": w.W, "vocab": w.vocab},
        },
        "helpers.formats": {
            "packing_of": lambda: {"path": "v.txt"},
            "write_vectors": lambda: {"path": "v.txt", "words": ["a", "b"], "W": np.ones((2, 3), np.float32)},
            "read_vectors": lambda: {"path": saved(w), "binary": False},
        },
        "helpers.maps": {
            "map_words": lambda: {"corpus": w.corpus, "n": 10},
            "tsne": lambda: {"W": w.W[1:20], "perplexity": 5.0, "seed": 0},
            "pca": lambda: {"W": w.W[1:20]},
            "neighbours_kept": lambda: {"W": w.W[1:20], "points": w.W[1:20, :2].numpy(), "k": 3},
        },
        "helpers.evaluation": {
            "read_pairs": lambda: {"name": "WordSim-353"},
            "compare_with_people": lambda: {
                "pairs": [("king", "queen", 8.0), ("the", "a", 1.0)], "W": w.W, "vocab": w.vocab,
            },
            "spearman": lambda: {"human": people, "cosine": random_, "axis": -1},
            "word_similarity": lambda: {"W": w.W, "vocab": w.vocab, "name": "WordSim-353"},
            "coverage": lambda: {"vocab": w.vocab},
            "agreement": lambda: {"one": sparse(w.N), "other": sparse(w.N), "seeds": 20},
            "known_questions": lambda: {"questions": [("king", "queen", "the", "a")], "vocab": w.vocab},
            "answer_analogies": lambda: {"questions": questions, "W": w.W, "method": "add", "exclude": True},
            "neighbour_table": lambda: {"W": w.W, "k": 3},
            "shared_neighbours": lambda: {"one": table, "other": table},
            "neighbour_frequencies": lambda: {"tables": np.stack([table, table]), "keep": np.array([1, 2, 3])},
        },
        "helpers.uncertainty": {
            "bootstrap_interval": lambda: {
                "human": people, "cosine": random_, "level": 0.9, "resamples": 50, "seed": 0,
            },
            "influences": lambda: {"human": people, "cosine": random_},
            "shared_word_variance": lambda: {"influence": random_, "words": np.arange(2 * len(random_)).reshape(-1, 2)},
            "crossed_interval": lambda: {
                "human": people, "cosines": np.stack([random_, random_[::-1]]),
                "words": np.arange(2 * len(random_)).reshape(-1, 2), "other": None, "level": 0.9,
            },
            "grouped_interval": lambda: {
                "right": np.array([[1.0, 0, 1], [0, 0, 1]]), "groups": np.array([1, 1, 2]), "other": None, "level": 0.9,
            },
            "holm": lambda: {"p": np.array([0.01, 0.2])},
        },
        "helpers.uses": {
            "association": lambda: {
                "targets": ["king", "queen"], "male": ["king"], "female": ["queen"], "W": w.W, "vocab": w.vocab,
            },
            "association_test": lambda: {"s_x": np.array([0.1, 0.2, 0.3]), "s_y": np.array([0.0, 0.1, 0.2])},
            "permutation_p": lambda: {"observed": 0.5, "permuted": np.array([0.1, 0.6])},
            "neighbours_among": lambda: {
                "tables": [w.W, w.W], "vocab": w.vocab, "among": ["king", "queen", "the"], "k": 2,
            },
            "equally_frequent": lambda: {"ids": np.array([1, 3]), "V": w.V, "rng": w.rng(), "without": np.array([2])},
            "known_words": lambda: {"name": "male", "vocab": w.vocab},
            "word_classes": lambda: {"vocab": w.vocab, "least": 6},
            "text_vectors": lambda: {"texts": [["king", "queen"], ["the"]], "W": w.W, "vocab": w.vocab},
            "scores": lambda: {"W": w.W, "vocab": w.vocab},
        },
        "helpers.counts": {
            "grammar_counts": lambda: {"vocab": w.vocab, "max_window": 3},
            "count_pairs": lambda: {"examples": w.examples, "V": w.V},
            "tf_idf": lambda: {"N": sparse(w.N)},
            "pmi": lambda: {"N": w.N},
            "shifted_positive_pmi": lambda: {"N": sparse(w.N), "K": 1, "power": 1.0},
            "svd_vectors": lambda: {"matrix": sparse(w.N), "dim": 2, "exponent": 0.5, "seed": 0},
            "asked_rows": lambda: {"matrix": sparse(np.eye(w.V)), "vocab": w.vocab},
        },
        "helpers.glove": {
            "fit_glove": lambda: {
                "N": w.N, "dim": 2, "epochs": 1, "lr": 0.05, "most": 10.0, "power": 0.75, "seed": 0
            },
        },
        "helpers.subwords": {
            "ngrams": lambda: {"word": "chip", "least": 3, "most": 6},
            "bucket_of": lambda: {"ngram": "<ch", "buckets": 9},
            "make_subword_model": lambda: {
                "vocab": w.vocab, "dim": 2, "buckets": 9, "least": 3, "most": 6, "scale": "root", "seed": 0
            },
            "subword_table": lambda: {"model": make_subword_model(w.vocab, 2, buckets=9)},
        },
        "helpers.senses": {
            "context_vectors": lambda: {"W": w.W, "ids": ids[:9], "places": np.array([0, 4]), "window": 2},
            "excerpt": lambda: {"corpus": w.corpus, "place": 5, "around": 3},
            "use_vectors": lambda: {"corpus": w.corpus, "places": np.array([0, 70]), "W": w.W, "window": 2},
            "two_groups": lambda: {"X": w.N, "seed": 0},
            "adjusted_rand": lambda: {"one": [1, 1, 2], "other": ["a", "b", "b"]},
            "pseudo_words": lambda: {"corpus": w.little, "pairs": np.array([[1, 2]]), "share": 0.5, "seed": 0},
        },
        "helpers.encoder": {
            "attention": lambda: {
                "Q": scores, "K": scores, "V": scores, "mask": torch.tensor([True, True, False])
            },
            "pool": lambda: {"states": scores[None], "mask": torch.tensor([[True, False, True]])},
            "encoder_operations": lambda: {"n": 3, "D": 4, "F": 8, "layers": 2},
        },
        "helpers.theory": {
            "noise_counts": lambda: {"N": w.N, "K": 5, "power": 1.0},
            "expected_loss": lambda: {
                "score": torch.zeros(8, 8, dtype=torch.float64), "N": torch.from_numpy(w.N), "M": torch.from_numpy(w.N),
            },
            "lowest_loss": lambda: {"N": w.N, "M": w.N},
            "fit": lambda: {"N": w.N, "M": w.N, "dim": 2, "steps": 3, "seed": 0},
            "refused_share": lambda: {"corpus": w.little, "t": None, "seed": 0},
        },
        "helpers.softmax": {
            "context_bits": lambda: {"model": w.model(), "examples": w.examples, "log_prior": None},
            "dense_step": lambda: {
                "model": stepped(w), "center": torch.tensor([1, 2]), "contexts": torch.tensor([3, 4, 5]),
                "row": torch.tensor([0, 1, 1]), "objective": "softmax", "q": torch.from_numpy(w.noise).float(), "K": 5,
            },
            "train_dense": lambda: {
                "model": w.small_model(), "corpus": w.little, "objective": "softmax", "epochs": 1, "seed": 0, "K": 5,
                "lr": 0.01,
            },
            "mean_code_length": lambda: {"counts": np.array([5, 3, 1])},
            "step_seconds": lambda: {
                "corpus": w.little, "objectives": [5, "softmax"], "dim": 4, "rounds": 1, "steps": 1,
            },
        },
        "helpers.plain": {"sentences_of": lambda: {"corpus": w.corpus, "t": 0.01, "seed": 0}},
        "helpers.training": {
            "heldout_examples": lambda: {"corpus": w.corpus, "settings": Settings(t=None)},
            "step": lambda: {**to_step(w), "average": "row"},
            "evaluate": lambda: {"model": w.model(), "examples": w.examples, "batch_size": 64, "average": "row"},
            "train": lambda: {
                "model": w.small_model(), "corpus": w.little, "epochs": 1, "settings": Settings(t=None),
                "device": "cpu", "curve": None, "checkpoint": None, "resume": False, "progress": False, "heldout": True,
            },
        },
        "helpers.engines.history": {
            "Settings": lambda: {
                "lr": 0.01, "batch_size": 64, "max_window": 3, "K": 2, "t": 1e-3, "seed": 0, "average": "row",
                "frozen": False,
            },
        },
        "helpers.engines.choosing": {
            "choose": lambda: {"engine": "numba", "device": "cpu"},
            "train": lambda: {
                "model": w.small_model(), "corpus": w.little, "engine": "torch", "epochs": 1,
                "settings": Settings(t=None), "device": "cpu", "curve": None, "checkpoint": None,
                "resume": False, "progress": False, "heldout": True, "threads": 1, "options": {"batch": 32},
            },
        },
        "helpers.engines.devices": {"pick_device": lambda: {"device": "cpu", "quiet": True}},
        "helpers.engines.several": {
            "shards": lambda: {"bounds": w.little.bounds, "ranks": 2},
            "seed_of": lambda: {"seed": 0, "ranks": 2, "rank": 1, "part": 3},
        },
        "helpers.engines.combining": {"period": lambda: {"counts": w.vocab.counts}},
        "helpers.engines.alias": {"alias_table": lambda: {"distribution": w.noise}},
        "helpers.engines.gensim": {
            "train_gensim": lambda: {
                "corpus": w.little, "dim": 4, "epochs": 1, "alpha": 0.025, "seed": 0, "workers": 1,
            },
        },
        "helpers.texts.toy": {"sentences": lambda: {"n": 5, "seed": 0}},
        "helpers.texts.samples": {"sample": lambda: {"name": "wordsim353.tsv"}},
        "helpers.texts.docstrings": {
            "read_docstrings": lambda: {"library": "numpy", "n": 1, "per_file": 1, "words": 20, "seed": 0},
        },
        "helpers.texts.showcase": {"with_showcase": lambda: {"corpus": w.little}},
        "helpers.texts.words": {"words": lambda: {"text": "The king"}, "unspaced": lambda: {"counts": [("a", 1)]}},
    }  # fmt: skip
    return {f"{module}:{name}": good for module, names in here.items() for name, good in names.items()}


# What each of these may be, beside its good value.
SEEDS, SIZES, SWITCH, THRESHOLDS = (
    {"0", "1", "1e9"},
    {"1", "1e9"},
    {"0", "1", "True"},
    {"1", "1.5", "1e9", "1e30", "2**70"},
)
NONE = {"[]", "array of none", "tensor of none"}
ALLOWED: dict[str, set[str]] = {
    "K": {"1"},
    "batch_size": SIZES,
    "counts": {"[1]"},
    "dim": {"1"},
    "epochs": {"1"},
    "exponent": {"0", "1", "1.5"},
    "heldout": NONE,
    "k": SIZES,
    "keep": {"[1]", *NONE},
    "label": {"tensor of int"},
    "least": {"0", *SIZES},
    "level": {"1"},
    "alpha": {"1", "1.5"},
    "distribution": {"[1]"},
    "frozen": SWITCH,
    "lr": {"None", *THRESHOLDS},
    "mask": {"tensor of none"},
    "max_window": {"1"},
    "min_count": {"1e9"},
    "n": {"0", *SIZES},
    "helpers.texts.toy:sentences.n": {"0", "1"},
    "objectives": {"[1]"},
    "observed": {"0", "-1", "True", *THRESHOLDS},
    "pairs": NONE,
    "path": {"'x'"},
    "permuted": {"[1]", "negative array", *NONE},
    "helpers.uses:equally_frequent.ids": {"[1]", *NONE},
    "without": {"[1]", *NONE},
    "helpers.formats:packing_of.path": {"'x'", "a folder", "a long text", "path that is not"},
    "perplexity": {"1", "1.5"},
    "power": {"0", "1", "1.5"},
    "pred": {"tensor of int"},
    "questions": {"tensor of none"},
    "resamples": {"1"},
    "rounds": {"1"},
    "rows": {"[1]"},
    "s_x": {"negative array"},
    "s_y": {"negative array"},
    "helpers.engines.several:seed_of.ranks": SIZES,
    "helpers.engines.several:seed_of.rank": {"0", "1", "1e9"},
    "helpers.engines.several:seed_of.part": {"0", "1", "1e9"},
    "helpers.engines.several:shards.ranks": {"1"},
    "helpers.engines.several:shards.bounds": {"[1]"},
    "helpers.engines.combining:period.counts": {"[1]", *NONE},
    "seed": SEEDS,
    "helpers.senses:context_vectors.places": {"[1]", *NONE},
    "helpers.senses:use_vectors.places": {"[1]", *NONE},
    "helpers.senses:pseudo_words.pairs": set(),
    "helpers.senses:two_groups.X": {"tensor of int"},
    "helpers.encoder:attention.Q": {"tensor of int", "tensor of none"},
    **dict.fromkeys(map("helpers.encoder:attention.{}".format, "KV"), {"tensor of int"}),
    "helpers.encoder:encoder_operations.n": {"0", *SIZES},
    **dict.fromkeys(map("helpers.encoder:encoder_operations.{}".format, ("D", "F", "layers")), SIZES),
    "around": SIZES,
    "place": {"0", "1"},
    "window": SIZES,
    "sentences": NONE,
    "share": {"1"},
    "skip": {"0", "1e9"},
    "steps": {"1"},
    "seeds": {"1e9"},
    "settings": {"None"},
    "text": {"''", "'x'", "a NUL", "a long text"},
    "words": SIZES,
    "workers": {"1"},
    "options": {"None", "{}"},
    "threads": {"None"},
    "device": {"None"},
    "t": {"None", *THRESHOLDS},
    "texts": NONE,
    "tied": SWITCH,
    "tokens": NONE,
    "weight": {"tensor of int"},
    "helpers.corpus:encode.vocab": {"another vocabulary"},
    "helpers.corpus:make_corpus.name": {"'x'", "a NUL", "a long text"},
    "helpers.evaluation:coverage.vocab": {"another vocabulary"},
    "helpers.uncertainty:holm.p": {"[1]", *NONE},
    "helpers.uses:known_words.vocab": {"another vocabulary"},
    "helpers.uses:word_classes.vocab": {"another vocabulary"},
    "helpers.vectors:table.model": {"another model"},
}


# What an error may speak of in an argument's place: the word that was asked for, the text that has too few.
ALSO = {
    **dict.fromkeys(("x", "a", "b", "c", "exclude"), "is not in the vocabulary"),
    "sentences": "tokens",
    "W": "for a word has that many others",
    "library": "is not installed",
    "name": "is neither a corpus|is not there|cannot be read|is no file|not a plain text|not a file",
}


@functools.cache
def saved(w):
    from helpers.vectors import save_vectors

    return str(save_vectors(Path(tempfile.mkdtemp()) / "v.txt", w.W, w.vocab))


def to_step(w):
    """A model, its optimizer and a minibatch."""
    model = w.model()
    return {"model": model, "optimizer": torch.optim.SGD(model.parameters(), lr=0.1), "batch": batch(w)}


def stepped(w):
    """A model with gradients to add to."""
    model = w.model()
    for embed in model:
        embed.weight.grad = torch.zeros_like(embed.weight)
    return model


def batch(w):
    return next(minibatches(w.examples, 8, w.rng()))


def sparse(x):
    from scipy.sparse import csr_matrix

    return csr_matrix(x)


def alike(value) -> dict:
    """The same value in other forms that people give."""
    if isinstance(value, (bool, np.bool_)):
        return {"NumPy's bool": np.bool_(value)}
    if isinstance(value, int):
        return {"float": float(value), "NumPy's int": np.int64(value), "NumPy's int32": np.int32(value)}
    if isinstance(value, float):
        return {"NumPy's float": np.float64(value)}
    if isinstance(value, str):
        return {"NumPy's str": np.str_(value)}
    if isinstance(value, np.ndarray):
        backwards = value[::-1].copy()[::-1]
        frozen = value.copy()
        frozen.setflags(write=False)
        return {"list": value.tolist(), "reversed view": backwards, "read-only": frozen, "copy": value.copy()}
    if isinstance(value, torch.Tensor):
        return {"array": value.numpy(), "view": torch.stack([value, value], -1)[..., 0], "list": value.tolist()}
    if isinstance(value, list):
        return {"tuple": tuple(value)}
    return {}


def plan(w: World, names=()) -> list[tuple[str, str, str]]:
    """Every call: function, argument, and the name of the value."""
    calls = []
    for name, good in cases(w).items():
        if names and not any(name.startswith(start) for start in names):
            continue
        for argument, value in good().items():
            calls += [(name, argument, odd) for odd in ODD]
            calls += [(name, argument, f"= {form}") for form in alike(value)]
    return calls


def same(a, b) -> bool:
    """Whether two results are the same, whatever holds them."""
    if type(a) is not type(b) and (a is None or b is None):
        return False
    if hasattr(a, "get_vecattr"):  # gensim's
        a, b = a.vectors, b.vectors
    if isinstance(a, History):
        a, b = a.epoch_losses, b.epoch_losses
    if isinstance(a, (Corpus, Examples)):
        return all(same(x, y) for x, y in zip(vars(a).values(), vars(b).values()))
    if isinstance(a, Vocab):
        return a.words == b.words and a.counts.tolist() == b.counts.tolist()
    if isinstance(a, torch.nn.Module):
        return same(list(a.state_dict().values()), list(b.state_dict().values()))
    if isinstance(a, torch.Tensor):
        a, b = a.detach().numpy(), b.detach().numpy()
    if hasattr(a, "toarray"):
        a, b = a.toarray(), b.toarray()
    if isinstance(a, np.ndarray):
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-5, atol=1e-6, equal_nan=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return bool(np.isclose(a, b, equal_nan=True))
    return a == b


def whole(result) -> bool:
    """Whether a result has no NaN in it."""
    if isinstance(result, dict):
        return all(map(whole, result.values()))
    if isinstance(result, (list, tuple)):
        return all(map(whole, result))
    if isinstance(result, torch.nn.Module):
        return whole(list(result.state_dict().values()))
    if isinstance(result, torch.Tensor) and not result.is_complex():
        return bool(torch.isfinite(result).all())
    if isinstance(result, np.ndarray) and result.dtype.kind == "f":
        return bool(np.isfinite(result).all())
    return not (isinstance(result, float) and np.isnan(result))


@functools.cache
def raises(file: str) -> list[range]:
    """The lines of a file's raise statements."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return [range(node.lineno, node.end_lineno + 1) for node in ast.walk(tree) if isinstance(node, ast.Raise)]


def on_purpose(error: BaseException) -> bool:
    """Whether a line of the project's own raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = Path(last.filename)
    return place.is_relative_to(ROOT / "helpers") and any(last.lineno in lines for lines in raises(last.filename))


def call(w: World, good: dict, name: str, argument: str, odd: str, base) -> tuple[str, str]:
    """Make one call; ("ok" or what is wrong, what came of it)."""
    module, _, function = name.partition(":")
    run = getattr(importlib.import_module(module), function)
    kwargs = good()
    kwargs[argument] = alike(kwargs[argument])[odd[2:]] if odd.startswith("= ") else ODD[odd]()
    try:
        result = outcome(run, kwargs)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        if odd.startswith("= "):
            return "a fair value is refused", said
        if not on_purpose(error):
            return "a foreign error", said
        named = re.search(rf"\b({argument}|{ALSO.get(argument, argument)})\b", str(error))
        return ("ok" if named else "the error does not name the argument"), said
    if odd.startswith("= "):
        return ("ok" if same(base, result) else "another result"), ""
    if same_type(base, result) and same(base, result):
        return "ok", "the plain result"
    if odd in ALLOWED.get(f"{name}.{argument}", ALLOWED.get(argument, ())) and whole(result):
        return "ok", "allowed"
    return "an answer in silence", repr(type(result))


def same_type(a, b) -> bool:
    return type(a) is type(b) or (isinstance(a, (int, float)) and isinstance(b, (int, float)))


def outcome(run, kwargs):
    """What a function returns, its generator read to the end, and what it did to a model."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = run(**kwargs)
        if inspect.isgenerator(result):
            result = list(result)
    if run.__name__ == "step_seconds":
        return len(result)
    return result[0] if run.__name__ in ("train_dense", "train_gensim") else result


def main(seed: int, number: int, names) -> None:
    """Make some of the calls, drawn by a seed, in a folder of its own."""
    torch.set_num_threads(1)
    os.chdir(tempfile.mkdtemp())
    w = World()
    calls = plan(w, names)
    chosen = calls if number >= len(calls) else random.Random(seed).sample(calls, number)
    good, bases = cases(w), {}
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError("too long")))
    for name, argument, odd in chosen:
        print(json.dumps([name, argument, odd]), end="", flush=True)
        module, _, function = name.partition(":")
        if name not in bases:
            bases[name] = outcome(getattr(importlib.import_module(module), function), good[name]())
        signal.alarm(SECONDS)
        try:
            found = call(w, good[name], name, argument, odd, bases[name])
        except TimeoutError:
            found = "a hang", ""
        finally:
            signal.alarm(0)
        print("\t" + json.dumps([found[0], found[1][:300]]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
