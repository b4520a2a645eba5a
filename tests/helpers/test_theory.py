"""The grammar in expectation, the closed-form optimum, the factorisation and the dense objectives."""

import warnings
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import mutual_info_score

from helpers import theory
from helpers.arguments import ArgumentError
from helpers.corpus import Corpus, Vocab, encode
from helpers.sampling import Examples, draw_examples, noise_distribution
from helpers.texts import toy as grammar


@pytest.fixture(scope="module")
def counts(toy):
    return theory.grammar_counts(toy.vocab)


def random_counts(rng, V=12):
    """Counts of pairs; many pairs never occur, and word 0 occurs not at all."""
    N = rng.poisson(0.8, (V, V)).astype(float)
    N[0] = N[:, 0] = 0
    return N


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
    N, size, blocks = theory.grammar_counts(toy.vocab, max_window), 400, []
    assert np.allclose(N, N.T)
    for seed in range(40):
        drawn = Corpus("drawn", *encode(grammar.sentences(size, seed=1000 + seed), toy.vocab), toy.vocab)
        examples = draw_examples(drawn, t=None, max_window=max_window, K=1, rng=np.random.default_rng(seed))
        blocks.append(theory.count_pairs(examples, len(toy.vocab))[0].toarray())
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
    for matrix, expected in zip(theory.count_pairs(examples, 9), (contexts, noise)):
        assert matrix.shape == (9, 9) and {(i, j): x for (i, j), x in sparse.dok_matrix(matrix).items()} == expected


def test_noise_counts_are_k_a_context_by_the_noise_distribution(rng):
    N = random_counts(rng)
    for K, power in ((5, 1.0), (2, 0.75)):
        M = theory.noise_counts(N, K, power)
        assert M.sum(axis=1) == pytest.approx(K * N.sum(axis=1))
        assert M / np.maximum(M.sum(axis=1, keepdims=True), 1e-9) == pytest.approx(
            np.outer(N.sum(axis=1) > 0, noise_distribution(N.sum(axis=0), power))
        )


def test_pmi_is_the_ratio_of_probabilities_and_its_mean_the_mutual_information(rng):
    N = random_counts(rng)
    found = theory.pmi(N)
    P = N / N.sum()
    for i, j in np.ndindex(N.shape):
        expected = np.log(P[i, j] / (P[i].sum() * P[:, j].sum())) if N[i, j] else -np.inf
        assert found[i, j] == pytest.approx(expected if i and j else np.nan, nan_ok=True)
    assert (P[N > 0] * found[N > 0]).sum() == pytest.approx(mutual_info_score(None, None, contingency=N))


@given(st.integers(0, 99))
def test_no_scores_have_a_loss_below_the_lowest(seed):
    rng = np.random.default_rng(seed)
    N = random_counts(rng)
    M, lowest = theory.noise_counts(N, 3, 0.75), theory.lowest_loss(N, theory.noise_counts(N, 3, 0.75))
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.nan_to_num(np.log(N / M), neginf=-60)
    loss = [
        float(theory.expected_loss(*map(torch.from_numpy, (s, N, M)))) for s in (best, best + rng.normal(size=N.shape))
    ]
    assert loss[0] == pytest.approx(lowest) and loss[1] > lowest


def test_a_fit_with_room_for_every_pair_reaches_the_log_ratio(counts):
    M = theory.noise_counts(counts, 5, 0.75)
    v, u, loss = theory.fit(counts, M, dim=len(counts))
    occurs = counts > 0
    score = (v @ u.T).numpy()
    assert np.corrcoef(score[occurs], np.log(counts[occurs] / M[occurs]))[0, 1] > 0.99
    assert 0 <= loss - theory.lowest_loss(counts, M) < 1e-3
    assert loss == pytest.approx((counts * np.logaddexp(0, -score) + M * np.logaddexp(0, score)).sum() / counts.sum())
    error = (M / (1 + np.exp(-score)) - counts / (1 + np.exp(score))) / counts.sum()
    assert abs(error @ u.numpy()).max() < 1e-3 and abs(error.T @ v.numpy()).max() < 1e-3  # the gradients, by hand


def test_a_fit_with_less_room_stays_above_and_is_seeded(counts):
    M = theory.noise_counts(counts)
    (v, u, low), (again, *_), (other, *_) = (theory.fit(counts, M, 3, steps=20, seed=s) for s in (1, 1, 2))
    assert v.shape == u.shape == (len(counts), 3)
    assert torch.equal(v, again) and not torch.allclose(v, other)
    assert low > theory.fit(counts, M, 12, steps=20)[2] + 0.02 > theory.lowest_loss(counts, M) + 0.02


@pytest.mark.parametrize("power", [1.0, 0.75])
def test_shifted_positive_pmi_is_the_dense_formula(rng, power):
    N = random_counts(rng, 40)
    found = theory.shifted_positive_pmi(sparse.csr_matrix(N), 2, power)
    M = theory.noise_counts(N, 2, power)
    expected = np.zeros_like(N)
    expected[N > 0] = np.maximum(np.log(N[N > 0] / M[N > 0]), 0)
    if power == 1:
        assert expected[N > 0] == pytest.approx(np.maximum(theory.pmi(N)[N > 0] - np.log(2), 0))
    assert found.toarray() == pytest.approx(expected) and found.nnz == (expected > 0).sum() < (N > 0).sum()


def test_svd_vectors_are_numpys_truncated_decomposition(rng):
    N = random_counts(rng, 30)
    left, values, right = np.linalg.svd(N)
    center, context = theory.svd_vectors(sparse.csr_matrix(N), 7)
    assert center.shape == context.shape == (30, 7) and center.dtype == torch.float32
    assert (center @ context.T).numpy() == pytest.approx(left[:, :7] * values[:7] @ right[:7], abs=1e-4)
    assert center.norm(dim=0).numpy() == pytest.approx(np.sqrt(values[:7]), rel=1e-5)  # the largest first
    whole = theory.svd_vectors(sparse.csr_matrix(N), 7, exponent=1)[0]
    assert abs(whole.numpy()) == pytest.approx(abs(left[:, :7] * values[:7]), abs=1e-4)


@pytest.mark.parametrize("quad", [("king", "queen", "man", "woman"), ("prince", "boy", "princess", "girl")])
def test_offsets_are_exact_in_the_grammars_pmi(toy, counts, quad):
    a, b, c, d = (theory.pmi(counts)[toy.vocab[word]] for word in quad)
    shared = np.isfinite([a, b, c, d]).all(axis=0)
    a, b, c, d = (row[shared] for row in (a, b, c, d))
    assert a - b == pytest.approx(c - d, abs=1e-10)
    assert shared.sum() == 8 + 8 + 2 + 3 and abs(a - b).max() == pytest.approx(np.log(9))


def test_words_that_never_occur_take_no_noise_whatever_the_power(rng):
    N = random_counts(rng)
    N[3] += 1
    N[:, 0] = N[0] = 0
    for power in (0.0, 0.5, 1.0):
        M = theory.noise_counts(N, 4, power)
        assert (M[:, 0] == 0).all() and (M[0] == 0).all() and M.sum() == pytest.approx(4 * N.sum())
    assert theory.noise_counts(N) == pytest.approx(theory.noise_counts(N, 5, 1.0))
    assert theory.shifted_positive_pmi(N).toarray() == pytest.approx(theory.shifted_positive_pmi(N, 5, 1.0).toarray())


def test_a_pair_that_is_never_noise_costs_nothing_and_words_that_never_occur_warn_of_nothing():
    N, M = np.array([[0, 3.0], [2.0, 5.0]]), np.array([[7.0, 0], [1.0, 5.0]])
    by_hand = 2 * np.log(1.5) + 1 * np.log(3) + 10 * np.log(2)  # the pairs that are both; the others score without end
    assert theory.lowest_loss(N, M) == pytest.approx(by_hand / 10) and type(theory.lowest_loss(N, M)) is float
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(theory.pmi(np.array([[0, 0], [0, 4.0]]))[0, 0])


def test_the_defaults_of_a_fit_and_of_a_decomposition(counts):
    M = theory.noise_counts(counts)
    v, u, loss = theory.fit(counts, M, steps=2)
    assert v.shape == u.shape == (len(counts), 100) and v.dtype == torch.float64 and type(loss) is float
    assert torch.equal(v, theory.fit(counts, M, 100, steps=2, seed=0)[0]) and not v.requires_grad
    matrix = theory.shifted_positive_pmi(sparse.random(120, 120, 0.2, random_state=0))
    center, context = theory.svd_vectors(matrix)
    assert center.shape == context.shape == (120, 100)
    assert torch.equal(center, theory.svd_vectors(matrix, 100, 0.5, 0)[0])
    assert tuple(f.__wrapped__.__defaults__ for f in (theory.grammar_counts, theory.noise_counts)) == ((5,), (5, 1.0))


def test_a_last_word_that_never_occurs_keeps_its_place_and_one_that_is_only_a_center_is_no_noise():
    examples = Examples(np.array([1, 2]), np.array([0, 1, 2]), np.array([2, 1]), np.array([[1], [2]]))
    assert [matrix.shape for matrix in theory.count_pairs(examples, 9)] == [(9, 9), (9, 9)]
    N = np.zeros((5, 5))
    N[1, 2], N[2, 1], N[3, 1] = 3, 2, 4  # 3 has contexts and is none
    assert theory.shifted_positive_pmi(sparse.csr_matrix(N), 1).shape == (5, 5)
    M = theory.noise_counts(N, 1, 0.0)  # 0 to the power of 0 is 1
    assert M[:, 3].tolist() == [0] * 5 and M[3].tolist() == [0, 2, 2, 0, 0]


def test_arguments_that_cannot_be_right_are_named(counts):
    N = counts[:6, :6] + 1
    nan, negative, none = (np.where(np.eye(6), x, N) for x in (np.nan, -1.0, 0.0))
    none = none * 0
    scores = torch.zeros(6, 6, dtype=torch.float64)
    for bad in (nan, negative, none, N[:5], N[0], N > 1, N * 1j, None, "x", np.zeros((0, 0)), N * np.inf):
        for name, call in (
            ("N", theory.noise_counts),
            ("N", theory.pmi),
            ("[NM]", lambda bad: theory.lowest_loss(N, bad)),
            ("[NM]", lambda bad: theory.fit(bad, N, 2, steps=1)),
            ("N", lambda bad: theory.shifted_positive_pmi(bad)),
        ):
            with pytest.raises(ArgumentError, match=rf"\b{name}\b"):
                call(bad)
    examples = Examples(np.array([1, 2]), np.array([0, 1, 2]), np.array([2, 1]), np.array([[1], [2]]))
    for name, call in (
        ("score", lambda: theory.expected_loss(scores * torch.nan, N, N)),
        ("M", lambda: theory.expected_loss(scores, N, torch.from_numpy(N[:3]))),
        ("V", lambda: theory.count_pairs(examples, 2)),
        ("V", lambda: theory.count_pairs(examples, 0)),
        ("max_window", lambda: theory.grammar_counts(Vocab(["a"], [1]), 0)),
        ("vocab", lambda: theory.grammar_counts(["king"])),
        ("K", lambda: theory.noise_counts(N, 0)),
        ("power", lambda: theory.noise_counts(N, 5, -1)),
        ("dim", lambda: theory.fit(N, N, 0)),
        ("steps", lambda: theory.fit(N, N, 2, steps=1.5)),
        ("dim", lambda: theory.svd_vectors(sparse.csr_matrix(N), 6)),
        ("dim", lambda: theory.svd_vectors(sparse.csr_matrix(N), 0)),
        ("matrix", lambda: theory.svd_vectors(sparse.csr_matrix(nan), 2)),
        ("matrix", lambda: theory.svd_vectors("x", 2)),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name} "):
            call()
    assert np.array_equal(theory.noise_counts(N.tolist(), 5.0, np.float32(1)), theory.noise_counts(N))
    table = theory.svd_vectors(N, 2)[0]
    assert torch.equal(table, theory.svd_vectors(sparse.coo_matrix(N), 2)[0]) and table.shape == (6, 2)
