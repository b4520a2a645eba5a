# Used from 05 · tests/helpers/engines/test_safety.py
"""What compiled code trusts, looked at before it runs: ids, bounds, counts and tables that fit each other."""

from __future__ import annotations

import math
import warnings

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, number, shown, whole
from helpers.sampling import kept_share, t_for_share

CHUNK = 2**22  # ids that are looked at at a time, so that a text on disk is not copied into memory


def check_run(model, corpus, *, bags: bool = False) -> None:
    """What every engine looks at before it begins: that model and corpus are sound, and fit each other.

    Parameters
    ----------
    bags : bool
        Whether this engine trains center tables whose words are sums of rows (`subwords`).

    Raises
    ------
    ArgumentError
        For a model or a corpus that compiled code could not be handed, or that do not fit each other.
    """
    check_text(corpus)
    check_tables(model, len(corpus.vocab), bags=bags)


def bag_of(embed: nn.Embedding):
    """The bags of a center table (`subwords`), or None where each word has its own row."""
    return getattr(embed, "bag", None)


def warn_of_thinning(corpus, settings) -> None:
    """Warn where subsampling leaves less than a tenth of the words; called by `train`, whose caller is named."""
    share = 1.0 if settings.t is None else kept_share(corpus.vocab.counts, settings.t)
    if share < 0.1:
        half = t_for_share(corpus.vocab.counts, 0.5)
        warnings.warn(
            f"t={settings.t:g} keeps {share:.1%} of the words of {corpus.name}: t={half:.2g} would keep half",
            stacklevel=4,  # the caller of train, behind its door
        )


def check_text(corpus) -> None:
    """Refuse a corpus whose ids, bounds and vocabulary do not fit each other.

    Parameters
    ----------
    corpus : Corpus
        Its ids may be a `numpy.memmap`; they are read once, in chunks.

    Raises
    ------
    ArgumentError
        For another object; an id outside 1..V-1; bounds that do not go up from 0 to the number of ids; counts that are
        not one for each word.
    """
    for name in ("ids", "bounds", "vocab"):
        if not hasattr(corpus, name):
            raise ArgumentError(f"corpus is {shown(corpus)}; give a Corpus, as load_corpus or make_corpus returns it")
    vocab, V = corpus.vocab, len(corpus.vocab.words)
    counts = np.asarray(vocab.counts)
    if counts.shape != (V,) or counts.dtype.kind not in "iu" or counts.min(initial=0) < 0 or not counts.any():
        raise ArgumentError(
            f"corpus.vocab has {V:,} words, and its counts are {shown(counts)}: give each a whole number, 0 or more"
        )
    check_sentences("corpus.ids", corpus.ids, "corpus.bounds", corpus.bounds)
    low, high = _range(corpus.ids)
    if low < 1 or high >= V:
        raise ArgumentError(
            f"corpus.ids has values from {low} to {high}, and the vocabulary {V:,} words: give ids from 1 to {V - 1}"
        )


def check_sentences(ids_name: str, ids, bounds_name: str, bounds) -> None:
    """Refuse ids and bounds that are no sentences: bounds go up, from 0 to the number of ids."""
    for name, array in ((ids_name, ids), (bounds_name, bounds)):
        if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind not in "iu":
            raise ArgumentError(f"{name} is {shown(array)}; give an array of whole numbers with one axis")
    if not len(bounds) or bounds[0] != 0 or bounds[-1] != len(ids):
        ends = f"go from {bounds[0]} to {bounds[-1]}" if len(bounds) else "are none"
        raise ArgumentError(f"{bounds_name} {ends}; give bounds that go from 0 to {len(ids):,}, the number of ids")
    for a in range(0, len(bounds) - 1, CHUNK):
        piece = bounds[a : a + CHUNK + 1]
        if (piece[1:] < piece[:-1]).any():
            raise ArgumentError(
                f"{bounds_name} go down somewhere; give bounds of which none is below the one before it"
            )


def _range(ids) -> tuple[int, int]:
    """The least and the largest id; 1 and 1 where there is none."""
    pieces = [ids[a : a + CHUNK] for a in range(0, len(ids), CHUNK)]
    return min((int(p.min()) for p in pieces), default=1), max((int(p.max()) for p in pieces), default=1)


def check_tables(model, V: int, *, bags: bool = False) -> None:
    """Refuse a model that is not two tables of V rows, alike, plain float32, and finite. One table twice is allowed.

    With ``bags`` the first may have more rows, of which V words are sums.

    Raises
    ------
    ArgumentError
    """
    how = f"make it with make_model({V}, ...)"
    kind = isinstance(model, (nn.Sequential, nn.ModuleList)) and len(model) == 2
    if not kind or not all(isinstance(embed, nn.Embedding) for embed in model):
        raise ArgumentError(f"model is {shown(model)}; give two embedding tables: {how}")
    first, second = (embed.weight for embed in model)
    bag = bag_of(model[0])
    if bag is not None and not bags:
        raise ArgumentError(
            "model has subwords, where a row a word is needed: train it with engine='numba', in one process"
        )
    for name, table, rows in (("model[0]", first, V if bag is None else len(first)), ("model[1]", second, V)):
        if len(table) != rows:
            raise ArgumentError(
                f"{name} has {len(table):,} words and the corpus {V:,}: "
                "make the model with make_model(len(corpus.vocab), ...)"
            )
        if table.dtype != torch.float32 or table.layout != torch.strided or table.device.type == "meta":
            kind = f"{str(table.dtype).removeprefix('torch.')}, {table.layout}, on {table.device}"
            raise ArgumentError(f"{name} is a table of {kind}; give dense float32: {how}")
        if table.ndim != 2 or table.shape[1:] != first.shape[1:] or not table.is_contiguous() or not table.shape[1]:
            raise ArgumentError(
                f"{name} has shape {tuple(table.shape)} and strides {table.stride()}; give two contiguous "
                f"tables of one shape: {how}"
            )
        if not all_finite(table.detach()):
            raise ArgumentError(f"{name} has values that are NaN or infinite: {how}")
    if first is not second and _overlap(first, second):
        raise ArgumentError(f"model: its two tables share a part of their memory: {how}, or with tied=True")
    if bag is not None:
        if len(bag[1]) != V + 1:
            raise ArgumentError(f"model[0] spells other words than the corpus's {V:,}: make it for corpus.vocab")
        check_bag(bag, V, len(first))


def all_finite(table: torch.Tensor, most: float = math.inf) -> bool:
    """Whether every number of a table is finite, and below ``most``; by its extremes, so that no second one is made."""
    low, high = map(float, torch.aminmax(table)) if table.numel() else (0.0, 0.0)
    return -most < low and high < most  # False of NaN


def _overlap(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Whether two contiguous tables have bytes in common."""
    if first.device != second.device:
        return False
    (a, a_end), (b, b_end) = ((x.data_ptr(), x.data_ptr() + x.numel() * x.element_size()) for x in (first, second))
    return a < b_end and b < a_end and a != b


def check_part(first, last, lr, sentences: int) -> tuple[int, int, float]:
    """What an engine is asked to train on, as plain numbers; refused if it is not a run of its sentences."""
    first, last = whole(0, sentences)("first", first, {}), whole(0, sentences)("last", last, {})
    if first > last:
        raise ArgumentError(f"first is {first} and last {last}; give two sentences in order")
    return first, last, number(above=0)("lr", lr, {})


def check_kernel(ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag=None) -> None:
    """Refuse what `kernel.run` would read or write wrongly; it costs one pass over the ids.

    Raises
    ------
    ArgumentError
    """
    _plain("ids", ids, np.int32, 1)
    _plain("bounds", bounds, np.int64, 1)
    check_sentences("ids", ids, "bounds", bounds)
    check_part(first, last, lr, len(bounds) - 1)
    for name, pair in (("tables", tables), ("noise", noise)):
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ArgumentError(f"{name} is {shown(pair)}; give two arrays, as a tuple")
    for i, table in enumerate(tables):
        like = tables[0] if bag is None else None
        _plain(f"tables[{i}]", table, np.float32, 2, like=like, write=True)
    V = len(tables[1])
    if bag is not None:
        check_bag(bag, V, len(tables[0]))
        _plain("tables[0]", tables[0], np.float32, 2, like=np.empty((len(tables[0]), tables[1].shape[1])))
    _plain("keep", keep, np.float32, 1, like=tables[1][:, 0])
    _plain("noise[0]", noise[0], np.float32, 1, like=keep)
    _plain("noise[1]", noise[1], np.int32, 1, like=keep)
    for name, array in (("ids", ids), ("noise[1]", noise[1])):
        low, high = _range(array)
        if (low < 0 or high >= V) and len(array):
            raise ArgumentError(f"{name} has values from {low} to {high}, and the tables {V:,} rows: give 0 to {V - 1}")
    if not isinstance(rule, tuple) or len(rule) != 4 or not isinstance(rule[3], (bool, np.bool_)):
        raise ArgumentError(f"rule is {shown(rule)}; give (max_window, K, noise words of a block, by row)")
    for name, value in zip(("max_window", "K", "shared"), rule):
        whole(1, 10_000)(f"rule: {name}", value, {})
    _plain("state", state, np.uint64, 1, like=np.empty(1), write=True)
    _plain("stats", stats, np.float64, 1, like=np.empty(5), write=True)
    if not state[0]:
        raise ArgumentError("state is 0, from which no random number comes; give any other")


def check_bag(bag, V: int, R: int) -> None:
    """Refuse bags that are not one for each of V words, each of rows in 0..R-1.

    Raises
    ------
    ArgumentError
    """
    if not isinstance(bag, tuple) or len(bag) != 3:
        raise ArgumentError(f"bag is {shown(bag)}; give rows, bounds and scale, as a tuple")
    rows, bounds, scale = bag
    _plain("bag: rows", rows, np.int32, 1)
    _plain("bag: bounds", bounds, np.int64, 1, like=np.empty(V + 1))
    _plain("bag: scale", scale, np.float32, 1, like=np.empty(V))
    check_sentences("bag: rows", rows, "bag: bounds", bounds)
    low, high = _range(rows)
    if low < 0 or high >= R:
        raise ArgumentError(f"bag: rows go from {low} to {high}, and the table has {R:,}: give 0 to {R - 1}")


def _plain(name: str, array, dtype, axes: int, *, like=None, write: bool = False) -> None:
    """Refuse what is not an array of one dtype, in one piece of memory, as long and wide as another."""
    fits = isinstance(array, np.ndarray) and array.dtype == dtype and array.ndim == axes and array.flags.c_contiguous
    shape = None if like is None else np.shape(like)
    if not fits or (shape is not None and array.shape != shape) or (write and not array.flags.writeable):
        size = f", shape {shape}" if shape is not None else f" with {axes} ax{'i' if axes == 1 else 'e'}s"
        how = ", contiguous" + ", that can be written to" * write
        raise ArgumentError(f"{name} is {shown(array)}; give an array of {np.dtype(dtype).name}{size}{how}")
