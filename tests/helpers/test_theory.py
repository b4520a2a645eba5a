"""The closed-form optimum, tables trained on exact counts, and the noise words that the book's rule refuses."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pairs import random_counts
from scipy import sparse

from helpers import counts as counting
from helpers import theory
from helpers.arguments import ArgumentError
from helpers.corpus import Vocab
from helpers.sampling import Examples, draw_examples, noise_distribution


def test_noise_counts_are_k_a_context_by_the_noise_distribution(rng):
    N = random_counts(rng)
    for K, power in ((5, 1.0), (2, 0.75)):
        M = theory.noise_counts(N, K, power)
        assert M.sum(axis=1) == pytest.approx(K * N.sum(axis=1))
        assert M / np.maximum(M.sum(axis=1, keepdims=True), 1e-9) == pytest.approx(
            np.outer(N.sum(axis=1) > 0, noise_distribution(N.sum(axis=0), power))
        )


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


def test_words_that_never_occur_take_no_noise_whatever_the_power(rng):
    N = random_counts(rng)
    N[3] += 1
    N[:, 0] = N[0] = 0
    for power in (0.0, 0.5, 1.0):
        M = theory.noise_counts(N, 4, power)
        assert (M[:, 0] == 0).all() and (M[0] == 0).all() and M.sum() == pytest.approx(4 * N.sum())
    assert theory.noise_counts(N) == pytest.approx(theory.noise_counts(N, 5, 1.0))
    assert counting.shifted_positive_pmi(N).toarray() == pytest.approx(
        counting.shifted_positive_pmi(N, 5, 1.0).toarray()
    )


def test_a_pair_that_is_never_noise_costs_nothing_and_words_that_never_occur_warn_of_nothing():
    N, M = np.array([[0, 3.0], [2.0, 5.0]]), np.array([[7.0, 0], [1.0, 5.0]])
    by_hand = 2 * np.log(1.5) + 1 * np.log(3) + 10 * np.log(2)  # the pairs that are both; the others score without end
    assert theory.lowest_loss(N, M) == pytest.approx(by_hand / 10) and type(theory.lowest_loss(N, M)) is float
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(counting.pmi(np.array([[0, 0], [0, 4.0]]))[0, 0])


def test_the_defaults_of_a_fit_and_of_a_decomposition(counts):
    M = theory.noise_counts(counts)
    v, u, loss = theory.fit(counts, M, steps=2)
    assert v.shape == u.shape == (len(counts), 100) and v.dtype == torch.float64 and type(loss) is float
    assert torch.equal(v, theory.fit(counts, M, 100, steps=2, seed=0)[0]) and not v.requires_grad
    matrix = counting.shifted_positive_pmi(sparse.random(120, 120, 0.2, random_state=0))
    center, context = counting.svd_vectors(matrix)
    assert center.shape == context.shape == (120, 100)
    assert torch.equal(center, counting.svd_vectors(matrix, 100, 0.5, 0)[0])
    assert tuple(f.__wrapped__.__defaults__ for f in (counting.grammar_counts, theory.noise_counts)) == ((5,), (5, 1.0))


def test_a_last_word_that_never_occurs_keeps_its_place_and_one_that_is_only_a_center_is_no_noise():
    examples = Examples(np.array([1, 2]), np.array([0, 1, 2]), np.array([2, 1]), np.array([[1], [2]]))
    assert [matrix.shape for matrix in counting.count_pairs(examples, 9)] == [(9, 9), (9, 9)]
    N = np.zeros((5, 5))
    N[1, 2], N[2, 1], N[3, 1] = 3, 2, 4  # 3 has contexts and is none
    assert counting.shifted_positive_pmi(sparse.csr_matrix(N), 1).shape == (5, 5)
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
            ("N", counting.pmi),
            ("[NM]", lambda bad: theory.lowest_loss(N, bad)),
            ("[NM]", lambda bad: theory.fit(bad, N, 2, steps=1)),
            ("N", lambda bad: counting.shifted_positive_pmi(bad)),
        ):
            with pytest.raises(ArgumentError, match=rf"\b{name}\b"):
                call(bad)
    examples = Examples(np.array([1, 2]), np.array([0, 1, 2]), np.array([2, 1]), np.array([[1], [2]]))
    for name, call in (
        ("score", lambda: theory.expected_loss(scores * torch.nan, N, N)),
        ("M", lambda: theory.expected_loss(scores, N, torch.from_numpy(N[:3]))),
        ("V", lambda: counting.count_pairs(examples, 2)),
        ("V", lambda: counting.count_pairs(examples, 0)),
        ("max_window", lambda: counting.grammar_counts(Vocab(["a"], [1]), 0)),
        ("vocab", lambda: counting.grammar_counts(["king"])),
        ("K", lambda: theory.noise_counts(N, 0)),
        ("power", lambda: theory.noise_counts(N, 5, -1)),
        ("dim", lambda: theory.fit(N, N, 0)),
        ("steps", lambda: theory.fit(N, N, 2, steps=1.5)),
        ("dim", lambda: counting.svd_vectors(sparse.csr_matrix(N), 6)),
        ("dim", lambda: counting.svd_vectors(sparse.csr_matrix(N), 0)),
        ("matrix", lambda: counting.svd_vectors(sparse.csr_matrix(nan), 2)),
        ("matrix", lambda: counting.svd_vectors("x", 2)),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name} "):
            call()
    assert np.array_equal(theory.noise_counts(N.tolist(), 5.0, np.float32(1)), theory.noise_counts(N))
    table = counting.svd_vectors(N, 2)[0]
    assert torch.equal(table, counting.svd_vectors(sparse.coo_matrix(N), 2)[0]) and table.shape == (6, 2)


def test_the_share_of_refused_noise_is_that_of_draws_without_the_rule(toy, rng):
    """Noise from q, whatever the contexts are, hits them as often; with a word twice in a window counted once."""
    examples = draw_examples(toy, t=None, K=1, rng=np.random.default_rng(3))
    q, hits = noise_distribution(toy.vocab.counts), []
    for low, high in zip(examples.offsets, examples.offsets[1:]):
        contexts = examples.contexts[low:high]
        drawn = rng.choice(len(q), size=4 * len(contexts), p=q)
        hits.append((np.isin(drawn, contexts).sum(), len(drawn)))
    hit, drawn = np.sum(hits, axis=0)
    found = theory.refused_share(toy, None, seed=3)
    assert abs(hit / drawn - found) < 5 * np.sqrt(found / drawn) and 0.2 < found < 0.3
    assert theory.refused_share(toy, 0.01) < 0.8 * found
    for name, call in (
        ("corpus", lambda: theory.refused_share("toy")),
        ("t", lambda: theory.refused_share(toy, 0)),
        ("seed", lambda: theory.refused_share(toy, None, -1)),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name} "):
            call()
