# Taught in 06 · exercised in 6.3 · tests/helpers/test_maps.py
"""Vectors to points in the plane, and how much of the neighbourhood survives."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, instance, number, refuse, seed, whole
from helpers.corpus import Corpus
from helpers.shapes import array
from helpers.vectors import word_table


@checked(corpus=instance(Corpus), n=whole(0))
def map_words(corpus: Corpus, n: int = 300) -> list[str]:
    """The words of the corpus's themes, then its most frequent other ones, ``n`` in all.

    Words of one or two letters are left out of the others: most are grammar.
    """
    words = list(dict.fromkeys(w for theme in corpus.showcase.themes.values() for w in theme if w in corpus.vocab))
    others = (w for w in corpus.vocab.words[1:] if w not in words and len(w) > 2 and w.isalpha())
    return (words + [w for w, _ in zip(others, range(max(0, n - len(words))))])[:n]


def _directions(W: torch.Tensor) -> np.ndarray:
    """Vectors scaled to length 1, of which a map can be made."""
    if len(W) < 3 or W.shape[1] < 2:
        raise refuse("W", W, "three vectors of two dimensions at least")
    unit = nn.functional.normalize(W.float(), dim=1).numpy()
    if np.ptp(unit, axis=0).max() < 1e-6:  # float32 tells them no further apart; and scikit-learn would crash
        raise ArgumentError(
            f"W has {len(W):,} vectors of one direction, which no map tells apart; give vectors that differ"
        )
    return unit


@checked(W=word_table("n D"), perplexity=number(above=0), seed=seed())
def tsne(W: torch.Tensor, *, perplexity: float = 30, seed: int = 0) -> np.ndarray:
    """t-SNE of vectors by the angles between them.

    Parameters
    ----------
    W : torch.Tensor, shape (n, D)
        Scaled to length 1 first, so that distance means angle.
    perplexity : float, below n
        About how many neighbours each point tries to keep.
    seed : int
        For the optimisation; the start is PCA's map.

    Returns
    -------
    np.ndarray of float32, shape (n, 2)

    Raises
    ------
    ArgumentError
        If the perplexity is not below the number of words, or all vectors have one direction.
    """
    unit = _directions(W)
    if perplexity >= len(W):
        raise ArgumentError(
            f"perplexity is {perplexity:g}; give a number above 0 and below the {len(W)} words of the map"
        )
    from sklearn.manifold import TSNE  # here: scikit-learn takes more than a second to import
    from threadpoolctl import threadpool_limits

    settings = {"init": "pca", "learning_rate": "auto", "max_iter": 1000}
    with threadpool_limits(1):  # threads that wait for each other take minutes where others use the cores as well
        return TSNE(perplexity=perplexity, random_state=seed, **settings).fit_transform(unit)


@checked(W=word_table("n D"))
def pca(W: torch.Tensor) -> tuple[np.ndarray, float]:
    """The two directions of greatest variance of vectors scaled to length 1; all of one direction are refused.

    Returns
    -------
    np.ndarray, shape (n, 2)
    float
        The share of the variance that they hold.
    """
    from sklearn.decomposition import PCA

    model = PCA(n_components=2, svd_solver="full")
    points = model.fit_transform(_directions(W))
    return points, float(model.explained_variance_ratio_.sum())


def _enough(W, k=10, **_):
    if k >= len(W):
        raise ArgumentError(f"k is {k}; give 1 to {len(W) - 1}, for a word of W has that many others")


@checked(_enough, W=word_table("n D"), points=array("n 2", least=-1e17, most=1e17), k=whole(1))
def neighbours_kept(W, points, k=10):
    """Share of each word's k nearest by cosine that are still among its k nearest on the map.

    Parameters
    ----------
    W : torch.Tensor, shape (n, D)
    points : np.ndarray, shape (n, 2)
    k : int, below n

    Returns
    -------
    float, in [0, 1]
        Chance would give k / (n - 1).
    """
    unit, points = nn.functional.normalize(W, dim=1), torch.tensor(points)
    nearest = []
    for distance in (-(unit @ unit.T), torch.cdist(points, points)):
        distance.fill_diagonal_(torch.inf)
        best = distance.argsort(dim=1)[:, :k]
        nearest.append(torch.zeros_like(distance).scatter_(1, best, 1.0))
    return float((nearest[0] * nearest[1]).sum() / nearest[0].sum())
