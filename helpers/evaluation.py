# Taught in 07 · exercised in 7.1, 7.4 · tests/helpers/test_evaluation.py
"""How good vectors are: similarity, analogies, stability.

The question sets are gensim's sample data. gensim's own evaluation is the reference that the tests compare with; here
the questions are asked all at once, in a few lines that notebook 07 can show.
"""

from __future__ import annotations

import numpy as np
import scipy  # loads scipy.stats, which takes a second, when it is first used
import torch
from torch.nn import functional

from helpers.arguments import ArgumentError, checked, flag, one_of, refuse, sized, whole
from helpers.corpus import Vocab
from helpers.questions import (  # noqa: F401 (the notebooks take them from here)
    PAIRS,
    coverage,
    known_pairs,
    known_questions,
    read_analogies,
    read_pairs,
    rows_of,
)
from helpers.shapes import array, ids_fit
from helpers.spellings import any_case
from helpers.vectors import word_table


@checked(pairs=rows_of(3, "two words and a rating", True), W=word_table(), vocab=any_case())
def compare_with_people(pairs, W, vocab):
    """Cosine and human rating of each pair whose words the vocabulary holds.

    Parameters
    ----------
    pairs : list of (str, str, float)
        As `read_pairs` returns them.
    W : torch.Tensor, shape (V, D)
    vocab : corpus.Vocab
        Asked without regard to case: of several spellings the most frequent counts, as in gensim.

    Returns
    -------
    human, cosine : np.ndarray of float, shape (n,)
        n pairs of ``len(pairs)``: the coverage. Spearman's correlation of the two is the score.
    """
    known = [(vocab[a], vocab[b], rating) for a, b, rating in pairs if a in vocab and b in vocab]
    a, b, human = (np.array(column) for column in zip(*known)) if known else (np.zeros(0, int),) * 3
    unit = functional.normalize(W, dim=1)
    return human, (unit[a] * unit[b]).sum(dim=1).numpy()


def _alike(human, cosine, axis=-1, **_):
    if human.shape != cosine.shape:
        raise ArgumentError(f"human and cosine have the shapes {human.shape} and {cosine.shape}; give two that fit")
    if not -human.ndim <= axis < human.ndim:
        raise ArgumentError(f"axis is {axis}; give one of the {human.ndim} axes of human")


@checked(_alike, human=array("..."), cosine=array("..."), axis=whole())
def spearman(human, cosine, axis=-1):
    """Spearman's rank correlation along an axis, so that many resamples can be scored at once.

    Returns
    -------
    float or np.ndarray, in [-1, 1]
        nan where all values are the same, or fewer than two.
    """
    x, y = (scipy.stats.rankdata(values, axis=axis) for values in (human, cosine))
    if not human.shape[axis]:
        return np.full(x.sum(axis=axis).shape, np.nan)[()]
    x, y = (ranks - ranks.mean(axis=axis, keepdims=True) for ranks in (x, y))
    with np.errstate(invalid="ignore"):
        return (x * y).sum(axis=axis) / np.sqrt((x * x).sum(axis=axis) * (y * y).sum(axis=axis))


@checked(W=word_table(), vocab=sized(Vocab, "V"), name=one_of(*PAIRS))
def word_similarity(W, vocab, name="WordSim-353") -> tuple[float, int]:
    """Spearman's correlation of cosines with human ratings, on the pairs that the vocabulary holds.

    Returns
    -------
    rho : float
        nan for fewer than three pairs.
    pairs : int
        How many were asked; `coverage` says of how many.
    """
    human, cosine = compare_with_people(read_pairs(name), W, vocab)
    return (float(spearman(human, cosine)) if len(human) > 2 else float("nan")), len(human)


def _questions_fit(questions, W, **_):
    if questions.shape[1] not in (3, 4):
        raise ArgumentError(f"questions has the shape {questions.shape}; give three or four ids a row")
    asked = questions[:, :3]
    ids_fit("questions", asked, "W", W)
    if not asked.all():
        raise ArgumentError("questions has the id 0, which is no word; give the ids of known_questions")


@checked(
    _questions_fit, questions=array("n columns", "integers", least=0), W=word_table(), method=one_of("add", "mul"),
    exclude=flag(),
)  # fmt: skip
def answer_analogies(questions, W, method="add", exclude=True):
    """The word that vectors give for each question "a is to b as c is to ...".

    Parameters
    ----------
    questions : np.ndarray of int, shape (n, 4) or (n, 3)
        Ids of a, b, c; a fourth column, the expected word, is not looked at.
    W : torch.Tensor, shape (V, D)
        Row 0, the padding, is never an answer.
    method : {"add", "mul"}
        3CosAdd: the word nearest to b - a + c. 3CosMul: the largest cos(d, b) cos(d, c) / (cos(d, a) + 1e-6), the
        cosines moved to [0, 1] (Levy and Goldberg 2014b, equation 4 and footnote 7).
    exclude : bool
        Leave a, b and c out of the answers, as all published scores do.

    Returns
    -------
    np.ndarray of int64, shape (n,)

    Raises
    ------
    ArgumentError
        For another method.
    """
    unit = functional.normalize(W, dim=1)
    parts = np.array_split(questions, len(questions) // 1000 + 1)
    answers = []
    for a, b, c in (torch.from_numpy(part[:, :3]).T for part in parts):
        if method == "add":
            score = (unit[b] - unit[a] + unit[c]) @ unit.T  # (n, D) @ (D, V) -> (n, V)
        else:
            near_a, near_b, near_c = ((1 + unit[word] @ unit.T) / 2 for word in (a, b, c))
            score = near_b * near_c / (near_a + 1e-6)
        score[:, 0] = -torch.inf
        if exclude:
            for word in (a, b, c):
                score[torch.arange(len(a)), word] = -torch.inf
        answers.append(score.argmax(dim=1))
    return torch.cat(answers).numpy()


@checked(W=word_table(), k=whole())
def neighbour_table(W, k=10):
    """The k nearest neighbours of every word at once, by cosine.

    Returns
    -------
    np.ndarray of uint16 (uint32 from 65,536 words), shape (V, k)
        Row 0, the padding, means nothing; id 0 and the word itself are never among the neighbours.

    Raises
    ------
    ValueError
        If ``k`` is below 1, or there are not so many other words.
    """
    if not 1 <= k <= len(W) - 2:
        raise ArgumentError(f"k is {k}; give 1 to {len(W) - 2}, for a word has that many others")
    unit = functional.normalize(W, dim=1)
    rows = []
    for first in range(0, len(unit), 1000):
        score = unit[first : first + 1000] @ unit.T  # (1000, V)
        score[:, 0] = -torch.inf
        score[torch.arange(len(score)), torch.arange(first, first + len(score))] = -torch.inf
        rows.append(score.topk(k, dim=1).indices)
    return torch.cat(rows).numpy().astype(np.uint16 if len(unit) < 2**16 else np.uint32)


@checked(one=array("V k", "integers"), other=array("V k", "integers"))
def shared_neighbours(one, other):
    """Share of its neighbours that each word keeps from one table to another.

    Parameters
    ----------
    one, other : np.ndarray of int, shape (V, k)
        As `neighbour_table` returns them, for the same vocabulary.

    Returns
    -------
    np.ndarray of float, shape (V,), in [0, 1]
    """
    return (one[:, :, None] == other[:, None, :]).any(axis=2).mean(axis=1)


def _kept_fit(tables, keep):
    V = range(tables.shape[1])
    ids_fit("tables", tables.ravel(), "its second axis", V)
    ids_fit("keep", keep, "tables' second axis", V)
    if len(np.unique(keep)) < len(keep):
        raise ArgumentError("keep has an id twice; give each word once")


@checked(_kept_fit, tables=array("seeds V k", "integers"), keep=array("n", "integers"))
def neighbour_frequencies(tables, keep):
    """In how many seeds each word is among the neighbours of each other word.

    Parameters
    ----------
    tables : np.ndarray of int, shape (seeds, V, k)
        Of `neighbour_table`, for the same vocabulary.
    keep : np.ndarray of int, shape (n,)
        Ids of the words to keep, as queries and as neighbours; their order is that of the result.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (n, n)
        From 0 to ``seeds``.
    """
    place = np.full(tables.shape[1], -1)
    place[keep] = np.arange(len(keep))
    found = place[tables[:, keep]]  # (seeds, n, k)
    row = np.broadcast_to(np.arange(len(keep))[None, :, None], found.shape)
    inside = found >= 0
    shape = (len(keep), len(keep))
    return scipy.sparse.csr_matrix((np.ones(inside.sum()), (row[inside], found[inside])), shape=shape)


def _same_words(one, other, seeds):
    for name, F in (("one", one), ("other", other)):
        if (
            F.shape != one.shape
            or F.shape[0] != F.shape[1]
            or not np.isfinite(F.data).all()
            or F.data.min(initial=0) < 0
        ):
            raise ArgumentError(f"{name} has the shape {F.shape}; give two of neighbour_frequencies for the same words")
        if F.data.max(initial=0) > seeds:
            raise ArgumentError(
                f"{name} has a word that {F.data.max():g} seeds name, and seeds is {seeds}; give as many"
            )


def _frequencies(name, value, sizes):
    if not scipy.sparse.issparse(value):
        raise refuse(name, value, "a table of neighbour_frequencies")
    return scipy.sparse.csr_matrix(value)


@checked(_same_words, one=_frequencies, other=_frequencies, seeds=whole(2))
def agreement(one, other, seeds):
    """How alike two trainings are in a word's neighbours, measured by how alike each is to itself.

    Spearman's correction for attenuation, applied to shared neighbours: 1 where another corpus differs no more than
    another seed does, 0 where the two never name the same neighbour.

    Parameters
    ----------
    one, other : scipy.sparse.csr_matrix, shape (n, n)
        As `neighbour_frequencies` returns them, for the same words.
    seeds : int
        2 or more, the same for both.

    Returns
    -------
    ratio : np.ndarray of float, shape (n,)
        nan where one of the two has no stable neighbour.
    within_one, within_other : np.ndarray of float, shape (n,)
        Mean number of neighbours that two seeds share.
    """
    between = np.asarray(one.multiply(other).sum(axis=1)).ravel() / seeds**2
    within = [np.asarray((F.multiply(F) - F).sum(axis=1)).ravel() / (seeds * (seeds - 1)) for F in (one, other)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / np.sqrt(within[0] * within[1])
    return np.where(np.isfinite(ratio), ratio, np.nan), *within
