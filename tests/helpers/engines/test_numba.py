"""The kernel on threads: what each is handed, and what the seed fixes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers.corpus import make_corpus
from helpers.engines import kernel, numba
from helpers.engines.history import Settings
from helpers.model import make_model
from helpers.sampling import keep_probability

CORPUS = make_corpus([["a", "b", "c", "d"], ["e", "f"], ["b", "a", "g"]] * 20)


def engine(corpus=CORPUS, **options):
    settings = Settings(**{"t": None, **options.pop("settings", {})})
    return numba.Engine(make_model(len(corpus.vocab), 3), corpus, settings, **options)


def test_the_kernel_is_handed_the_text_the_settings_and_the_tables(monkeypatch):
    seen = []
    monkeypatch.setattr(kernel, "_run", lambda *args: seen.append(args) or args[-2].__setitem__(slice(None), range(5)))
    model, settings = make_model(len(CORPUS.vocab), 3), Settings(max_window=3, K=4, t=0.01, average="pairs", seed=5)
    with numba.Engine(model, CORPUS, settings, threads=1, shared=9) as made:
        assert made.train(3, 30, 0.25).tolist() == [0, 1, 2, 3]
        assert made.note == " (1 thread)" and made.device == "cpu" and made.OPTIONS == ("shared",)
    ids, bounds, first, last, tables, keep, noise, rule, lr, state, stats, bag = seen[0]
    assert bag is None  # each word has its own row
    assert np.array_equal(ids, CORPUS.ids) and np.array_equal(bounds, CORPUS.bounds) and (first, last) == (3, 30)
    assert (ids.dtype, bounds.dtype) == (np.int32, np.int64)
    assert all(np.shares_memory(a, b.weight.detach().numpy()) for a, b in zip(tables, model))
    assert keep == pytest.approx(keep_probability(CORPUS.vocab.counts, 0.01)) and keep.dtype == np.float32
    assert rule == (3, 4, 9, False) and lr == np.float32(0.25) and isinstance(lr, np.float32)
    weight = CORPUS.vocab.counts**0.75
    handed = noise[0].astype(float)
    np.add.at(handed, noise[1], 1 - noise[0].astype(float))
    assert handed / len(handed) == pytest.approx(weight / weight.sum(), abs=1e-6)
    assert state.dtype == np.uint64 and state[0] % 2 == 1 and stats.shape == (5,)


def test_without_subsampling_every_word_is_kept_and_32_noise_words_are_shared(monkeypatch):
    seen = []
    monkeypatch.setattr(kernel, "_run", lambda *args: seen.append(args))
    with engine(threads=1) as made:
        made.train(0, 60, 1.0)
    assert (seen[0][5] == 1).all() and seen[0][7] == (5, 5, 32, True)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_share_a_part_by_its_words_and_leave_no_sentence_out(monkeypatch, threads):
    seen = []
    monkeypatch.setattr(kernel, "_run", lambda *args: seen.append(args) or args[-2].__setitem__(slice(None), 1))
    with engine(threads=threads) as made:
        assert made.train(6, 54, 1.0).tolist() == [threads] * 4 and made.note == f" ({threads} threads)"
    cuts = sorted((args[2], args[3]) for args in seen)
    assert cuts[0][0] == 6 and cuts[-1][1] == 54 and all(a[1] == b[0] for a, b in zip(cuts, cuts[1:]))
    words = [CORPUS.bounds[b] - CORPUS.bounds[a] for a, b in cuts]
    assert max(words) - min(words) <= 2 * 4  # no sentence is cut, so by a sentence at either end
    states = {int(args[9][0]) for args in seen}
    assert len(states) == threads and all(state % 2 for state in states)  # each draws its own numbers


def test_the_seed_fixes_the_noise_words():
    """Windows of 1 and no subsampling: nothing else is drawn that could differ."""

    def table(seed):
        with engine(threads=1, settings={"seed": seed, "max_window": 1}) as made:
            made.train(0, 60, 0.5)
        return made.tables[1]

    assert np.array_equal(table(1), table(1)) and not np.array_equal(table(1), table(2))


def test_threads_are_pytorchs_by_default_and_odd_arrays_are_made_plain():
    odd = replace(CORPUS, ids=np.repeat(CORPUS.ids, 2)[::2].astype(np.int64))
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with engine(odd) as made:
            assert made.threads == 3 and made.note == " (3 threads)"
            assert made.ids.flags.c_contiguous and made.ids.dtype == np.int32
            assert made.train(0, 60, 1e-9)[2] == len(CORPUS.ids)
    finally:
        torch.set_num_threads(before)
    with pytest.raises(RuntimeError, match="shutdown"):
        made.pool.submit(print)
    assert kernel.BARE == 3  # the four that `train` returns come first
