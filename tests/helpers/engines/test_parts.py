"""A long text in parts: where it is cut, and that the reference loop trains on all of it, in little memory."""

import tracemalloc

import numpy as np
import pytest
import torch

from helpers import training
from helpers.corpus import CorpusError, make_corpus
from helpers.engines import checkpoints, parts, runs
from helpers.model import make_model
from helpers.sampling import draw_examples
from helpers.training import train

RNG = np.random.default_rng(2)
TEXT = make_corpus([[f"w{k}" for k in RNG.integers(0, 30, n)] for n in RNG.integers(2, 9, 80)])
QUICK = {"epochs": 2, "t": None, "batch_size": 16, "progress": False, "heldout": False, "max_window": 2}


@pytest.mark.parametrize(
    ("lengths", "tokens", "expected"),
    [
        ([2, 2, 2, 2], 4, [0, 2, 4]), ([2, 2, 2, 2], 5, [0, 2, 4]), ([2, 2, 2], 6, [0, 3]),
        ([9, 1, 9], 4, [0, 1, 2, 3]),
        ([1, 0, 0, 1, 3], 2, [0, 4, 5]), ([], 4, [0, 0]), ([0, 0], 4, [0, 2]), ([3], 1, [0, 1]),
    ],
)  # fmt: skip
def test_a_part_has_so_many_tokens_at_most_and_a_sentence_at_least(lengths, tokens, expected):
    assert parts.cuts(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), tokens) == expected


def test_a_piece_is_the_sentences_of_the_whole():
    at = parts.cuts(TEXT.bounds, 50)
    pieces = [parts.piece(TEXT, *pair) for pair in zip(at, at[1:])]
    assert len(pieces) > 5 and np.array_equal(np.concatenate([p.ids for p in pieces]), TEXT.ids)
    sentences = [p.sentence(s) for p in pieces for s in range(len(p.bounds) - 1)]
    assert sentences == [TEXT.sentence(s) for s in range(80)]
    assert parts.piece(TEXT, 0, 80) is TEXT and all(p.vocab is TEXT.vocab for p in pieces)


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(parts, "TOKENS", 60)
    assert len(parts.cuts(TEXT.bounds)) > 7


def test_all_parts_are_trained_on_with_numbers_of_their_own(short, monkeypatch):
    drawn = []

    def spy(*args, **options):
        drawn.append(draw_examples(*args, **options))
        return drawn[-1]

    monkeypatch.setattr(training, "draw_examples", spy)
    history = train(make_model(len(TEXT.vocab), 3), TEXT, **QUICK)
    count = len(parts.cuts(TEXT.bounds)) - 1
    assert len(drawn) == 2 * count and history.centers == 2 * len(TEXT.ids) and len(history.epoch_losses) == 2
    half = [np.concatenate([e.centers for e in some]) for some in (drawn[:count], drawn[count:])]
    assert np.array_equal(half[0], TEXT.ids) and np.array_equal(half[1], TEXT.ids)
    noise = [e.noise[:50].tolist() for e in drawn]
    assert all(noise[i] != noise[j] for i in range(len(noise)) for j in range(i))
    places = [x for x, _ in history.running]
    assert places == sorted(places) and places[-1] == 2 and len(places) >= 2 * count


def test_a_text_in_parts_goes_on_from_every_state(short, monkeypatch, tmp_path):
    monkeypatch.setattr(runs, "EVERY", 0.0)
    seen, save, path = [], checkpoints.save, tmp_path / "run.pt"
    monkeypatch.setattr(checkpoints, "save", lambda path, state: seen.append((save(path, state), path.read_bytes())))
    whole = make_model(len(TEXT.vocab), 3)
    reference = train(whole, TEXT, checkpoint=path, **QUICK)
    states = [content for _, content in seen]
    for content in states[::7]:
        path.write_bytes(content)
        model = make_model(len(TEXT.vocab), 3, seed=8)
        history = train(model, TEXT, checkpoint=path, resume=True, **QUICK)
        assert all(torch.equal(a.weight, b.weight) for a, b in zip(model, whole))
        assert history.running == reference.running and history.epoch_losses == reference.epoch_losses


def test_a_part_of_which_nothing_is_left_is_passed_over(short):
    mixed = make_corpus([["a", "b", "c"]] * 40 + [["a"]] * 130 + [["c", "b", "a"]] * 40)
    history = train(make_model(len(mixed.vocab), 3), mixed, **{**QUICK, "K": 1, "max_window": 1})
    assert history.centers == 2 * 240 and len(history.epoch_losses) == 2
    ends = make_corpus([["a", "b", "c"]] * 40 + [["a"]] * 130)
    assert train(make_model(len(ends.vocab), 3), ends, **{**QUICK, "K": 1, "max_window": 1}).centers == 2 * 120
    with pytest.raises(CorpusError, match="no sentence of two words"):
        train(make_model(len(TEXT.vocab), 3), TEXT, **{**QUICK, "t": 1e-12})


def test_memory_is_that_of_a_part():
    """NumPy tells tracemalloc what it allocates."""
    text = make_corpus([[f"w{k % 50}" for k in range(n, n + 100)] for n in range(400)])

    def peak(tokens):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "TOKENS", tokens)
            model = make_model(len(text.vocab), 2)
            tracemalloc.start()
            train(model, text, **{**QUICK, "epochs": 1, "batch_size": 2000})
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    assert peak(2_000) < 0.4 * peak(10**9)


def test_many_bounds_of_a_part_are_mapped(monkeypatch):
    text = make_corpus([["a", "b"] * (n % 5) for n in range(50)])
    plain = parts.piece(text, 10, 40)
    monkeypatch.setattr(parts, "MAPPED", 20)
    monkeypatch.setattr(parts, "TOKENS", 7)  # at a time
    mapped = parts.piece(text, 10, 40)
    assert isinstance(mapped.bounds.base, np.memmap) and not isinstance(plain.bounds.base, np.memmap)
    assert np.array_equal(mapped.bounds, plain.bounds) and mapped.bounds.dtype == plain.bounds.dtype
    assert mapped.bounds[0] == 0 and mapped.bounds[-1] == len(mapped.ids) == len(plain.ids)
    assert np.shares_memory(parts.piece(text, 0, 40).bounds, text.bounds)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parts.tempfile, "TemporaryFile", full)
    assert np.array_equal(parts.piece(text, 10, 40).bounds, plain.bounds)
