"""The padded rectangle: equal to d2l.batchify, every row once."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.batches import batchify, minibatches, num_batches
from helpers.sampling import Examples, draw_examples

rows_of_contexts = st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=8), min_size=1, max_size=12)


def examples_from(contexts, K, seed=0):
    rng = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum([len(c) for c in contexts])])
    flat = np.array(sum(contexts, []), dtype=np.int32)
    noise = rng.integers(1, 100, size=(len(flat), K), dtype=np.int32)
    return Examples(rng.integers(1, 100, len(contexts), dtype=np.int32), offsets, flat, noise)


def as_lists(examples, rows):
    for i in rows:
        part = slice(examples.offsets[i], examples.offsets[i + 1])
        yield int(examples.centers[i]), examples.contexts[part].tolist(), examples.noise[part].ravel().tolist()


@given(rows_of_contexts, st.integers(1, 6), st.integers(0, 9))
def test_batchify_equals_d2l(d2l, contexts, K, seed):
    examples = examples_from(contexts, K, seed)
    rows = np.random.default_rng(seed).integers(0, len(contexts), 5)
    ours = batchify(examples, rows)
    theirs = d2l.batchify(list(as_lists(examples, rows)))
    for mine, book in zip(ours, theirs):
        assert mine.shape == book.shape and torch.equal(mine.long(), book)


@given(rows_of_contexts, st.integers(1, 6))
def test_batchify_equals_a_loop(contexts, K):
    examples = examples_from(contexts, K)
    rows = np.arange(len(contexts))
    center, candidates, mask, label = batchify(examples, rows)
    L = max(len(c) for c in contexts) * (1 + K)
    assert candidates.shape == (len(contexts), L) and candidates.dtype == torch.int64
    for i, (c, context, noise) in enumerate(as_lists(examples, rows)):
        padding = L - len(context) - len(noise)
        assert center[i].item() == c
        assert candidates[i].tolist() == context + noise + [0] * padding
        assert mask[i].tolist() == [1] * (len(context) + len(noise)) + [0] * padding
        assert label[i].tolist() == [1] * len(context) + [0] * (L - len(context))


def test_minibatches_hold_each_row_once_in_order_of_length(toy):
    examples = draw_examples(toy, t=0.01, rng=np.random.default_rng(0))
    batches = list(minibatches(examples, 500, np.random.default_rng(1)))
    assert len(batches) == num_batches(examples, 500)
    assert [len(b[0]) for b in batches[:-1]] == [500] * (len(batches) - 1)
    seen = torch.cat([b[0][:, 0] for b in batches]).sort().values
    assert torch.equal(seen, torch.from_numpy(np.sort(examples.centers)).long())
    assert sum(int(b[2].sum()) for b in batches) == len(examples.contexts) * 6
    for _, _, mask, _ in batches:
        assert (mask.sum(1).diff() >= 0).all()
    later = list(minibatches(examples, 500, np.random.default_rng(1), skip=3))
    assert all(torch.equal(a, b) for one, two in zip(batches[3:], later) for a, b in zip(one, two))
    assert len(later) == len(batches) - 3


@pytest.mark.parametrize("size", [0, -1, 2.5])
def test_bad_batch_size(toy, size):
    examples = draw_examples(toy, t=0.01, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="batch_size"):
        next(minibatches(examples, size, np.random.default_rng(0)))


def test_minibatches_are_shuffled_by_the_generator(toy):
    examples = draw_examples(toy, t=0.01, rng=np.random.default_rng(0))

    def rows(seed):
        return [sorted(b[0][:, 0].tolist()) for b in minibatches(examples, 200, np.random.default_rng(seed))]

    in_order = [sorted(examples.centers[i : i + 200].tolist()) for i in range(0, len(examples), 200)]
    assert rows(1) == rows(1) != rows(2) and rows(1) != in_order
    # Each stretch of the text is spread over the minibatches: 200 rows in a row leave none of them empty-handed.
    numbered = Examples(np.arange(2000, dtype=np.int32), np.arange(2001), np.ones(2000, np.int32), np.ones((2000, 1)))
    for center, *_ in minibatches(numbered, 200, np.random.default_rng(3)):
        assert np.bincount(center[:, 0].numpy() // 200, minlength=10).min() > 5


def test_rows_of_one_length_keep_the_shuffles_order():
    numbered = Examples(np.arange(60, dtype=np.int32), 2 * np.arange(61), np.ones(120, np.int32), np.ones((120, 1)))
    batches = [b[0][:, 0].tolist() for b in minibatches(numbered, 20, np.random.default_rng(5))]
    assert sum(batches, []) == np.random.default_rng(5).permutation(60).tolist()


def test_a_minibatch_of_one_and_the_dtypes_of_a_batch():
    examples = examples_from([[3, 4], [5]], 2)
    batches = list(minibatches(examples, 1, np.random.default_rng(0)))
    assert [len(b[0]) for b in batches] == [1, 1] and num_batches(examples, 1) == 2
    assert [x.dtype for x in batches[0]] == [torch.int64, torch.int64, torch.float32, torch.float32]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda e: batchify(e, [2]), "^rows are 1 numbers; give one or more of 0 to 1$"),
        (lambda e: batchify(e, []), "^rows are 0 numbers"),
        (lambda e: batchify(e, [-1]), "^rows has values from -1"),
        (lambda e: batchify(e, [0.5]), "^rows is .*whole numbers"),
        (lambda e: batchify(None, [0]), "^examples is None; give Examples"),
        (lambda e: minibatches(e, 0, np.random.default_rng(0)), "^batch_size is 0"),
        (lambda e: minibatches(e, 1, 0), "^rng is 0; give a generator"),
        (lambda e: minibatches(e, 1, np.random.default_rng(0), skip=-1), "^skip is -1"),
        (lambda e: num_batches(e, "2"), "^batch_size is '2'"),
    ],
)
def test_what_makes_no_batch(call, says):
    with pytest.raises(ValueError, match=says):
        call(examples_from([[1], [2, 3]], 2))
