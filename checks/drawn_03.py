# Used in 03 · tests/checks/test_answers.py
"""Inputs of the checks of notebook 03: minibatches for a loss and for its gradients, tame ones and hostile ones."""

from __future__ import annotations

import torch

# -- a minibatch: how many real slots each row has, where they are, and what stands in the others


def _real(rng, B, L, least=1):
    """A mask of leading ones, from ``least`` to L a row; row 0 is full, if there is another."""
    real = torch.tensor(rng.integers(min(least, L), L + 1, B))
    if B > 1:
        real[0] = L
    return (torch.arange(L) < real.unsqueeze(1)).float()


def _answers(mask):
    """Labels: the first half of a row's real slots are contexts, rounded up."""
    place = mask.cumsum(1)
    return ((place <= (place.max(1, keepdim=True).values + 1) // 2) * mask).float()


def _scattered(rng, mask):
    """The same slots in another order, drawn for each row: padding may stand anywhere."""
    order = torch.tensor(rng.permuted(torch.arange(mask.shape[1]).expand_as(mask).numpy(), axis=1))
    return mask.gather(1, order)


def _normal(rng, *shape, scale=1.0):
    return torch.tensor(rng.normal(size=shape) * scale, dtype=torch.float32)


# -- for a masked loss


def _rows(B, L, least=1, *, full=False, scattered=False, pred=None, label=None, rubbish=0):
    """``draw(rng)`` of a minibatch for the loss; ``pred(rng, label)`` and ``label(mask)`` say what is special."""

    def draw(rng):
        mask = torch.ones(B, L) if full else _real(rng, B, L, least)
        mask = _scattered(rng, mask) if scattered else mask
        y = (label or _answers)(mask)
        x = pred(rng, y) if pred else _normal(rng, B, L, scale=3)
        noise = _normal(rng, B, L).sign() * rubbish
        return torch.where(mask > 0, x, noise if rubbish else x), torch.where(mask > 0, y, float(rubbish > 0)), mask

    return draw


def loss_inputs(rng):
    return _rows(int(rng.integers(2, 5)), int(rng.integers(5, 9)), 2, scattered=rng.random() < 0.3)(rng)


def _one_row_alone(rng):
    pred, label, mask = _rows(4, 6, 1, full=True)(rng)
    mask[2, 1:] = 0
    return pred, label, mask


def _none_full(rng):
    _, label, mask = _rows(3, 4, 2)(rng)
    return _normal(rng, 3, 6, scale=3), torch.nn.functional.pad(label, (0, 2)), torch.nn.functional.pad(mask, (0, 2))


def _every_other(rng, label):
    """Scores that are 0 in the first place, a context's, and in each second after it."""
    return torch.where(torch.arange(label.shape[1]) % 2 > 0, _normal(rng, *label.shape, scale=3), 0.0)


LOSSES = {
    "one row": _rows(1, 5, 2),
    "one row of one slot": _rows(1, 1),
    "one slot in each row": _rows(3, 1, full=True),
    "as many rows as slots": _rows(4, 4),
    "no padding": _rows(2, 4, full=True),
    "a row with one real slot": _one_row_alone,
    "padding in every row": _none_full,
    "padding between real slots": _rows(3, 5, 2, scattered=True),
    "large numbers and labels of 1 in padded slots": _rows(3, 5, 2, rubbish=1e6),
    "scores of 200, on the right side and on the wrong": _rows(
        3, 6, 3, pred=lambda rng, y: 200 * _normal(rng, *y.shape).sign()
    ),
    "scores of 20 to 40, mistakes all": _rows(
        2, 4, 2, pred=lambda rng, y: (1 - 2 * y) * torch.tensor(rng.uniform(20, 40, y.shape), dtype=torch.float32)
    ),
    "scores of exactly 0 among others": _rows(2, 4, 3, pred=_every_other),
    "no noise word": _rows(2, 4, 2, label=lambda mask: mask.clone()),
    "no context": _rows(2, 4, 2, label=torch.zeros_like),
    "a wide minibatch": _rows(2, 60, 6),
}


# -- for its gradients


def _vectors(B, L, D, *, full=False, scattered=False, scale=1.0, rubbish=0):
    def draw(rng):
        mask = torch.ones(B, L) if full else _real(rng, B, L)
        mask = _scattered(rng, mask) if scattered else mask
        v, u = _normal(rng, B, D, scale=scale), _normal(rng, B, L, D, scale=scale)
        label = _answers(mask)
        if rubbish:
            u, label = torch.where(mask.unsqueeze(2) > 0, u, rubbish * u), torch.where(mask > 0, label, 1.0)
        return v, u, label, mask

    return draw


def gradient_inputs(rng):
    B, L, D = int(rng.integers(2, 4)), int(rng.integers(4, 7)), int(rng.integers(2, 5))
    return _vectors(B, L, D, scattered=rng.random() < 0.3)(rng)


def _far_apart(rng):
    v, u, label, mask = _vectors(2, 4, 3, full=True)(rng)
    sign = torch.where(label > 0, 1.0, -1.0) * _normal(rng, 2, 4).sign()
    u = u + (sign * 150).unsqueeze(2) * (v / v.square().sum(1, keepdim=True)).unsqueeze(1)
    return v, u, label, mask


def _special(row):
    def draw(rng):
        v, u, label, mask = _vectors(2, 4, 3, full=True)(rng)
        row(v, u)
        return v, u, label, mask

    return draw


def _zeros(v, u):
    v[0] = 0
    u[1, 2] = 0


def _one_word_twice(v, u):
    u[0, 1] = u[0, 0]
    u[1, 3] = u[1, 2]


def _long(v, u):
    v[:], u[:, :, 1] = 0, 1e6
    v[:, 0] = 1


VECTORS = {
    "one row, one slot, one dimension": _vectors(1, 1, 1),
    "one row": _vectors(1, 4, 3),
    "one slot in each row": _vectors(3, 1, 2, full=True),
    "one dimension": _vectors(3, 4, 1),
    "B, L and D alike": _vectors(3, 3, 3),
    "no padding": _vectors(2, 4, 3, full=True),
    "padding between real slots": _vectors(3, 5, 2, scattered=True),
    "long vectors and labels of 1 in padded slots": _vectors(3, 5, 2, scattered=True, rubbish=50),
    "scores of 150, right and wrong": _far_apart,
    "a vector of zeros": _special(_zeros),
    "one word in two slots": _special(_one_word_twice),
    "u long and nearly at right angles to v, where a difference quotient steps too far": _special(_long),
}
