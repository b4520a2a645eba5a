"""The grammar in expectation, counted pairs, their weightings and their factorisation."""

from collections import Counter

import numpy as np
import pytest
import torch
from pairs import random_counts
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import mutual_info_score

from helpers import counts as counting
from helpers import theory
from helpers.arguments import ArgumentError
from helpers.corpus import Corpus, Vocab, encode
from helpers.evaluation import word_similarity
from helpers.sampling import Examples, draw_examples
from helpers.texts import toy as grammar


def random_examples(rng, n, V):
    offsets = np.concatenate([[0], rng.integers(1, 6, n).cumsum()])
    contexts, noise = rng.integers(1, V, offsets[-1]), rng.integers(1, V, (offsets[-1], 2))
    return Examples(rng.integers(1, V, n), offsets, contexts, noise)


def test_every_slot_and_every_kind_of_sentence_is_a_distribution():
    kinds = grammar.expected_sentences()
    assert sum(p for p, _ in kinds) == pytest.approx(1) and min(p for p, _ in kinds) > 0
    for _, slots in kinds:
        assert [sum(slot.values()) for slot in slots] == pytest.approx([1] * len(slots))
    share = Counter()
    for p, slots in kinds:
        for slot in slots:
            share.update({word: p * x for word, x in slot.items()})
    expected = {"king": 0.7 / 8, "his": 0.35, "crown": 0.35 / 4, "cat": 0.2 / 6, "fed": 0.1 / 4, "the": 3 * 0.7 + 0.6}
    assert {word: share[word] for word in expected} == pytest.approx(expected)


@pytest.mark.parametrize("max_window", [2, 5])
def test_the_expected_counts_are_those_of_drawn_sentences(toy, max_window):
    N, size, blocks = counting.grammar_counts(toy.vocab, max_window), 400, []
    assert np.allclose(N, N.T)
    for seed in range(40):
        drawn = Corpus("drawn", *encode(grammar.sentences(size, seed=1000 + seed), toy.vocab), toy.vocab)
        examples = draw_examples(drawn, t=None, max_window=max_window, K=1, rng=np.random.default_rng(seed))
        blocks.append(counting.count_pairs(examples, len(toy.vocab))[0].toarray())
    mean, error = np.mean(blocks, axis=0), np.std(blocks, axis=0, ddof=1) / np.sqrt(40)
    assert ((mean > 0) == (N > 0)).all()
    often = N * size >= 5
    z = (mean - N * size)[often] / error[often]
    # over 20 other sets of seeds: |z| 3.9 at most, mean square 0.69 to 1.25
    assert abs(z).max() < 5 and np.mean(z**2) < 1.5 and len(z) > 300


def test_counted_pairs_equal_a_loop(rng):
    examples = random_examples(rng, 60, 9)
    contexts, noise = Counter(), Counter()
    for i, center in enumerate(examples.centers):
        for slot in range(*examples.offsets[i : i + 2]):
            contexts[center, examples.contexts[slot]] += 1
            noise.update((center, word) for word in examples.noise[slot])
    for matrix, expected in zip(counting.count_pairs(examples, 9), (contexts, noise)):
        assert matrix.shape == (9, 9) and {(i, j): x for (i, j), x in sparse.dok_matrix(matrix).items()} == expected


def test_pmi_is_the_ratio_of_probabilities_and_its_mean_the_mutual_information(rng):
    N = random_counts(rng)
    found = counting.pmi(N)
    P = N / N.sum()
    for i, j in np.ndindex(N.shape):
        expected = np.log(P[i, j] / (P[i].sum() * P[:, j].sum())) if N[i, j] else -np.inf
        assert found[i, j] == pytest.approx(expected if i and j else np.nan, nan_ok=True)
    assert (P[N > 0] * found[N > 0]).sum() == pytest.approx(mutual_info_score(None, None, contingency=N))


@pytest.mark.parametrize("power", [1.0, 0.75])
def test_shifted_positive_pmi_is_the_dense_formula(rng, power):
    N = random_counts(rng, 40)
    found = counting.shifted_positive_pmi(sparse.csr_matrix(N), 2, power)
    M = theory.noise_counts(N, 2, power)
    expected = np.zeros_like(N)
    expected[N > 0] = np.maximum(np.log(N[N > 0] / M[N > 0]), 0)
    if power == 1:
        assert expected[N > 0] == pytest.approx(np.maximum(counting.pmi(N)[N > 0] - np.log(2), 0))
    assert found.toarray() == pytest.approx(expected) and found.nnz == (expected > 0).sum() < (N > 0).sum()


def test_svd_vectors_are_numpys_truncated_decomposition(rng):
    N = random_counts(rng, 30)
    left, values, right = np.linalg.svd(N)
    center, context = counting.svd_vectors(sparse.csr_matrix(N), 7)
    assert center.shape == context.shape == (30, 7) and center.dtype == torch.float32
    assert (center @ context.T).numpy() == pytest.approx(left[:, :7] * values[:7] @ right[:7], abs=1e-4)
    assert center.norm(dim=0).numpy() == pytest.approx(np.sqrt(values[:7]), rel=1e-5)  # the largest first
    whole = counting.svd_vectors(sparse.csr_matrix(N), 7, exponent=1)[0]
    assert abs(whole.numpy()) == pytest.approx(abs(left[:, :7] * values[:7]), abs=1e-4)


@pytest.mark.parametrize("quad", [("king", "queen", "man", "woman"), ("prince", "boy", "princess", "girl")])
def test_offsets_are_exact_in_the_grammars_pmi(toy, counts, quad):
    a, b, c, d = (counting.pmi(counts)[toy.vocab[word]] for word in quad)
    shared = np.isfinite([a, b, c, d]).all(axis=0)
    a, b, c, d = (row[shared] for row in (a, b, c, d))
    assert a - b == pytest.approx(c - d, abs=1e-10)
    assert shared.sum() == 8 + 8 + 2 + 3 and abs(a - b).max() == pytest.approx(np.log(9))


def test_tf_idf_is_sklearns_but_for_its_one_and_its_lengths(rng):
    """scikit-learn adds 1 to each logarithm; the counts themselves, added to ours, make the same."""
    N = random_counts(rng, 20)
    N[:, 5] = 1  # beside every word, the padding too
    found = counting.tf_idf(sparse.csr_matrix(N))
    with np.errstate(divide="ignore"):  # words that never occur
        theirs = TfidfTransformer(norm=None, smooth_idf=False).fit_transform(N)
    words = N.any(axis=0)
    assert (found.toarray() + N)[:, words] == pytest.approx(theirs.toarray()[:, words])
    assert not found[:, 5].toarray().any() and not found[:, ~words].toarray().any()
    explicit = sparse.csr_matrix((np.r_[N[N > 0], 0.0], tuple(np.c_[np.array(np.nonzero(N)), [3, 0]])), shape=N.shape)
    assert explicit.nnz > (N > 0).sum() and counting.tf_idf(explicit).toarray() == pytest.approx(found.toarray())
    assert counting.tf_idf(N).toarray() == pytest.approx(found.toarray())


def test_rows_that_are_asked_score_as_the_whole_table(rng):
    words = ["the", "Tiger", "cat", "book", "paper", "computer", "keyboard", "tiger", "zzz"]
    vocab, matrix = Vocab(words, range(9, 0, -1)), sparse.random(10, 30, 0.5, random_state=1)
    W, small = counting.asked_rows(matrix, vocab)
    assert small.words[1:] == ["Tiger", "cat", "book", "paper", "computer", "keyboard"] and W.shape == (7, 30)
    assert W[2].numpy() == pytest.approx(matrix.toarray()[3], rel=1e-6)
    assert small.counts[1:].tolist() == [8, 7, 6, 5, 4, 3]
    whole = torch.from_numpy(matrix.toarray()).float()
    assert word_similarity(W, small) == word_similarity(whole, vocab) and word_similarity(W, small)[1] == 4
    with pytest.raises(ArgumentError, match="matrix has 10 rows and vocab 8 words"):
        counting.asked_rows(matrix, Vocab(words[:7], range(7, 0, -1)))
    assert len(counting.asked_rows(sparse.random(2, 3, 0.9), Vocab(["zzz"], [1]))[1]) == 1
