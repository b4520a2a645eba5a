"""Scores, loss and gradients against PyTorch, NumPy and the book."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from helpers.files import ROOT
from helpers.model import gradients, make_model, masked_bce, skip_gram, slot_weights


def batch(B=6, L=9, V=20, seed=0):
    g = torch.Generator().manual_seed(seed)
    center = torch.randint(1, V, (B, 1), generator=g)
    candidates = torch.randint(1, V, (B, L), generator=g)
    length = torch.randint(2, L + 1, (B,), generator=g)
    mask = (torch.arange(L) < length[:, None]).float()
    label = (torch.arange(L) < (length // 2)[:, None]).float()
    return center, candidates * mask.long(), mask, label


def test_skip_gram_equals_einsum_and_a_loop():
    embed_v, embed_u = make_model(20, 7)
    center, candidates, _, _ = batch()
    pred = skip_gram(center, candidates, embed_v, embed_u)
    v, u = embed_v.weight, embed_u.weight
    assert pred.shape == (6, 1, 9)
    assert torch.allclose(pred, torch.einsum("bod,bld->bol", v[center], u[candidates]), atol=1e-6)
    for b in range(6):
        for j in range(9):
            assert torch.isclose(pred[b, 0, j], v[center[b, 0]] @ u[candidates[b, j]], atol=1e-6)


def test_the_books_numbers():
    pred = torch.tensor([[1.1, -2.2, 3.3, -4.4]] * 2)
    label = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    mask = torch.tensor([[1.0, 1, 1, 1], [1, 1, 0, 0]])
    loss = masked_bce(pred, label, mask)

    def nll(x):
        return math.log1p(math.exp(-x))

    hand = [(nll(1.1) + nll(2.2) + nll(-3.3) + nll(4.4)) / 4, (nll(-1.1) + nll(-2.2)) / 2]
    assert np.allclose(loss.numpy(), hand, atol=1e-6)
    assert [f"{x:.4f}" for x in loss.tolist()] == ["0.9352", "1.8462"]


def test_masked_bce_equals_the_books_three_steps(chapter):
    _, _, mask, label = batch(64, 30, seed=3)
    pred = torch.randn(64, 30, generator=torch.Generator().manual_seed(1)) * 4
    book = chapter.loss(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)
    assert torch.allclose(masked_bce(pred, label, mask), book, atol=1e-6)


@pytest.mark.parametrize("average", ["row", "pairs"])
@pytest.mark.parametrize("tied", [False, True])
def test_gradients_equal_autograd(average, tied):
    center, candidates, mask, label = batch()
    model = make_model(20, 5, tied=tied).double()
    weight = slot_weights(mask.double(), average)
    v, u = model[0](center).squeeze(1), model[1](candidates)
    v.retain_grad(), u.retain_grad()
    score = (v.unsqueeze(1) * u).sum(2)
    bce = nn.functional.binary_cross_entropy_with_logits(score, label.double(), reduction="none")
    (bce * weight).sum().backward()
    loss, grad_v, grad_u = gradients(v.detach(), u.detach(), label.double(), weight)
    assert torch.allclose(loss, (bce * weight).sum(1))
    assert torch.allclose(grad_v, v.grad) and torch.allclose(grad_u, u.grad)


def test_gradients_equal_finite_differences():
    _, _, mask, label = batch(3, 4, seed=5)
    g = torch.Generator().manual_seed(2)
    v, u = (torch.randn(*shape, dtype=torch.float64, generator=g) for shape in ((3, 5), (3, 4, 5)))
    weight = slot_weights(mask.double())
    _, grad_v, grad_u = gradients(v, u, label.double(), weight)
    for tensor, grad, at in ((v, grad_v, (1, 2)), (u, grad_u, (2, 1, 3))):
        values = []
        for h in (1e-5, -1e-5):
            moved = tensor.clone()
            moved[at] += h
            pair = (moved, u) if tensor is v else (v, moved)
            values.append(gradients(*pair, label.double(), weight)[0].sum())
        assert math.isclose((values[0] - values[1]) / 2e-5, grad[at], rel_tol=1e-5, abs_tol=1e-9)


@pytest.mark.parametrize("average", ["row", "pairs"])
def test_padding_changes_neither_loss_nor_gradients(average):
    _, _, mask, label = batch()
    g = torch.Generator().manual_seed(0)
    v, u = torch.randn(6, 5, generator=g), torch.randn(6, 9, 5, generator=g)
    more = torch.zeros(6, 4)
    wide = torch.cat([u, torch.randn(6, 4, 5, generator=g)], 1)
    one = gradients(v, u, label, slot_weights(mask, average))
    two = gradients(v, wide, torch.cat([label, more], 1), slot_weights(torch.cat([mask, more], 1), average))
    assert torch.allclose(one[0], two[0]) and torch.allclose(one[1], two[1], atol=1e-6)
    assert torch.allclose(one[2], two[2][:, :9]) and (two[2][:, 9:] == 0).all()


def test_slot_weights():
    mask = torch.tensor([[1.0, 1, 0, 0], [1, 1, 1, 1]])
    assert torch.equal(slot_weights(mask), torch.tensor([[0.5, 0.5, 0, 0], [0.25] * 4]))
    assert torch.equal(slot_weights(mask, "pairs"), mask)
    with pytest.raises(ValueError, match="average is 'mean'; give one of 'row', 'pairs'"):
        slot_weights(mask, "mean")
    for bad, says in (
        ([[1.0, 1, 0, 0], [0, 0, 0, 0]], "without a real slot"),
        ([[1.0, 2]], "from 1 to 2"),
        ([1.0, 1.0], "shape"),
        ([[float("nan"), 1.0]], "NaN"),
    ):
        with pytest.raises(ValueError, match=f"^mask .*{says}"):
            slot_weights(torch.tensor(bad))


def test_what_does_not_fit_is_refused():
    """No broadcasting of a mask, no id outside the tables, no two vectors of different length."""
    x = torch.ones(2, 3)
    with pytest.raises(ValueError, match="^mask has L = 1 .*and pred 3: give two that fit"):
        masked_bce(x, x, torch.ones(2, 1))
    with pytest.raises(ValueError, match="^mask has a row without"):
        masked_bce(x, x, torch.tensor([[1.0, 1, 1], [0, 0, 0]]))
    v, u = make_model(5, 4)
    for center, candidates, says in (
        ([[5]], [[1]], "^center has ids from 5 to 5; give ids from 0 to 4"),
        ([[1]], [[1, -1]], "^candidates has ids from -1 to 1"),
        ([[1]], [[1], [2]], "^candidates has B = 2"),
        ([1], [[1]], "^center is .*shape"),
        ([[1.5]], [[1]], "^center is .*whole numbers"),
    ):
        with pytest.raises(ValueError, match=says):
            skip_gram(torch.tensor(center), torch.tensor(candidates), v, u)
    with pytest.raises(ValueError, match="^u has D = 3 .*and v 4"):
        gradients(torch.ones(2, 4), torch.ones(2, 5, 3), torch.ones(2, 5), torch.ones(2, 5))


def test_a_model_and_its_training_do_without_pytorchs_compiler():
    """Which takes seconds and hundreds of MiB to load: `skip_init` does load it, and so does an optimizer."""
    code = """if True:
        import sys
        from helpers.corpus import load_corpus
        from helpers.engines import train
        from helpers.model import make_model
        from helpers.subwords import make_subword_model

        toy = load_corpus("toy", quiet=True)
        for engine in ("numba", "torch"):
            train(make_model(len(toy.vocab), 4), toy, epochs=1, engine=engine, t=0.01, progress=False)
        make_subword_model(toy.vocab, 4)
        print(*{"torch._dynamo", "sympy"} & set(sys.modules))
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0 and ran.stdout.split() == [], ran.stdout + ran.stderr


def test_make_model_is_seeded_xavier():
    one, two, other = make_model(50, 8, seed=1), make_model(50, 8, seed=1), make_model(50, 8, seed=2)
    bound = math.sqrt(6 / 58)
    for a, b, c in zip(one, two, other):
        assert torch.equal(a.weight, b.weight) and not torch.equal(a.weight, c.weight)
        assert 0.9 * bound < a.weight.abs().max() <= bound
    assert not torch.equal(one[0].weight, one[1].weight)
    torch.manual_seed(7)
    before = torch.get_rng_state()
    tied = make_model(50, 8, tied=True)
    assert torch.equal(torch.get_rng_state(), before)  # nobody else's draws are moved
    assert tied[0] is tied[1] and len(list(tied.parameters())) == 1
    with pytest.raises(ValueError, match="vocab_size is 1; give a whole number, 2 or more"):
        make_model(1, 8)


def test_the_books_dimension_seed_0_and_the_smallest_tables():
    assert [embed.weight.shape for embed in make_model(3)] == [(3, 100), (3, 100)]
    assert torch.equal(make_model(9, 2)[1].weight, make_model(9, 2, seed=0)[1].weight)
    assert [embed.weight.shape for embed in make_model(2, 1)] == [(2, 1), (2, 1)]
    for vocab_size, dim in ((1, 1), (2, 0), (0, 5), (5, -1)):
        with pytest.raises(ValueError, match="^(vocab_size|dim) is (1|0|-1); give a whole number, [12] or more"):
            make_model(vocab_size, dim)
    assert make_model(5, 2)[0] is not make_model(5, 2)[1] and make_model(5, 2)[0].weight.requires_grad
