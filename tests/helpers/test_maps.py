"""Maps: the angle is what counts, the seed fixes them, and how much of a neighbourhood survives."""

import numpy as np
import pytest
import torch
from sklearn.manifold import trustworthiness
from sklearn.metrics import pairwise_distances

from helpers.arguments import ArgumentError
from helpers.corpus import Corpus, Vocab
from helpers.maps import map_words, neighbours_kept, pca, tsne
from helpers.texts.showcase import Showcase


def vectors(n=40, D=12, seed=0):
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def clusters():
    """Three bundles of directions, each with vectors of very different lengths; and the bundle of each."""
    bundle = torch.arange(45) % 3
    W = 4 * torch.eye(12)[bundle] + vectors(45)
    return W * 2.0 ** (torch.arange(45) % 5)[:, None], bundle.numpy()


@pytest.fixture(scope="module")
def tsne_map(clusters):
    return tsne(clusters[0], perplexity=8, seed=1)


def test_a_map_is_one_of_angles(clusters, tsne_map):
    W, _ = clusters
    # A power of two changes a length and not a bit of the direction.
    assert np.array_equal(tsne_map, tsne(W * 2.0 ** (torch.arange(45) % 7)[:, None], perplexity=8, seed=1))
    points, share = pca(W)
    again, same = pca(W * 2.0 ** (torch.arange(45) % 7)[:, None])
    assert np.array_equal(points, again) and share == same


def test_tsne_keeps_what_is_near_near(clusters, tsne_map):
    W, bundle = clusters
    unit = torch.nn.functional.normalize(W, dim=1).numpy()
    assert tsne_map.shape == (45, 2) and tsne_map.dtype == np.float32
    assert trustworthiness(unit, tsne_map, n_neighbors=5) > 0.9
    nearest = (pairwise_distances(tsne_map) + 1e9 * np.eye(45)).argmin(axis=1)
    assert (bundle[nearest] == bundle).all()


def test_the_perplexity_is_used_and_the_defaults_are_30_and_seed_0(clusters, tsne_map):
    W, _ = clusters
    assert not np.allclose(tsne_map, tsne(W, perplexity=20, seed=1))
    assert np.array_equal(tsne(W), tsne(W, perplexity=30, seed=0))
    for perplexity, says in ((0, "above 0"), (-1, "above 0"), (45, "below the 45 words"), (400, "below the 45 words")):
        with pytest.raises(ArgumentError, match=f"perplexity is {perplexity}; .*{says}"):
            tsne(W, perplexity=perplexity)
    with pytest.raises(ValueError, match="perplexity is 30; .*below the 30 words"):
        tsne(W[:30])


def test_pca_is_numpys_decomposition_of_the_unit_vectors(clusters):
    W, _ = clusters
    unit = (W / W.norm(dim=1, keepdim=True)).double().numpy()
    centred = unit - unit.mean(axis=0)
    _, values, directions = np.linalg.svd(centred)
    points, share = pca(W)
    assert abs(points) == pytest.approx(abs(centred @ directions[:2].T), abs=1e-5)  # a direction's sign is free
    assert share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), abs=1e-5) and type(share) is float


@pytest.mark.parametrize("k", [2, 6])
def test_neighbours_kept_are_counted_word_by_word(k):
    points = np.random.default_rng(0).normal(size=(30, 2))
    W = vectors(30, 4)
    W[:, :2] += 3 * torch.from_numpy(points).float()
    angle = np.argsort(pairwise_distances(W.numpy(), metric="cosine") + 99 * np.eye(30), axis=1)[:, :k]
    near = np.argsort(pairwise_distances(points) + 99 * np.eye(30), axis=1)[:, :k]
    expected = np.mean([len(set(a) & set(b)) / k for a, b in zip(angle, near)])
    found = neighbours_kept(W, points, k)
    assert 0.1 < expected < 0.9 and found == pytest.approx(expected) and type(found) is float
    assert neighbours_kept(W * torch.linspace(1, 9, 30)[:, None], points, k) == pytest.approx(expected)


def test_neighbours_kept_looks_at_ten_by_default_and_a_map_of_the_circle_keeps_all():
    angle = torch.linspace(0, 3, 25) ** 1.5
    W = torch.stack([angle.cos(), angle.sin()], dim=1)
    assert neighbours_kept(W * angle[:, None].add(1), W.numpy()) == 1.0
    points = np.random.default_rng(1).normal(size=(25, 2))
    assert neighbours_kept(W, points) == neighbours_kept(W, points, 10) != neighbours_kept(W, points, 9)


def test_a_maps_words_are_the_themes_and_then_the_most_frequent_longer_ones():
    words = "the of cat 1990s dog it's sun n-gram and moon rain".split()
    showcase = Showcase(themes={"sky": ("moon", "sun", "comet"), "pets": ("dog", "sun")})
    none = np.zeros(0, np.int64)
    corpus = Corpus("by hand", none, none, Vocab(words, range(len(words), 0, -1)), showcase=showcase)
    assert map_words(corpus, 99) == ["moon", "sun", "dog", "the", "cat", "and", "rain"]
    assert map_words(corpus, 5) == ["moon", "sun", "dog", "the", "cat"]
    assert map_words(corpus, 3) == ["moon", "sun", "dog"] and map_words(corpus, 2) == ["moon", "sun"]


def test_a_map_has_300_words_by_default(wiki):
    words = map_words(wiki)
    assert len(words) == len(set(words)) == 300 and "<unk>" not in words
    assert set(words) <= set(wiki.vocab.words)


@pytest.mark.parametrize("row", [torch.ones(5), torch.zeros(5), torch.tensor([1e-6, 0, 0, 0, 0])])
def test_vectors_of_one_direction_are_no_map_and_no_crash(row):
    W = row.repeat(40, 1) * torch.linspace(1, 9, 40)[:, None]  # of which the all-zero ones end scikit-learn's process
    for draw in (lambda: tsne(W, perplexity=5), lambda: pca(W)):
        with pytest.raises(ArgumentError, match="W has 40 vectors of one direction"):
            draw()
    W[7] = torch.tensor([1, -1, 1, -1, 1])
    assert np.isfinite(tsne(W, perplexity=5)).all() and np.isfinite(pca(W)[0]).all()


def test_what_is_no_table_of_vectors_is_refused():
    W = vectors(9)
    few = [W[:2], W[:, :1], W[0], W[:0], W * torch.nan, W / 0, W.bool(), W.to(torch.complex64), None, "x", W * 1e25]
    for bad in few:
        for draw in (lambda bad: tsne(bad, perplexity=1), pca, lambda bad: neighbours_kept(bad, W[:9, :2], 9)):
            with pytest.raises(ArgumentError, match=r"\bW\b"):
                draw(bad)
    for points in (W[:8, :2], W, W[:, :2] * torch.nan, None, W[:, :2] * 1e30):
        with pytest.raises(ArgumentError, match="points"):
            neighbours_kept(W, points, 3)
    for k in (0, 9, 1.5, None):
        with pytest.raises(ArgumentError, match="^k is"):
            neighbours_kept(W, W[:, :2], k)
    assert np.array_equal(
        tsne(W.numpy().tolist(), perplexity=2), tsne(W.clone().requires_grad_(), perplexity=np.float32(2))
    )
