# Taught in 02, 03 · exercised in 1.1, 1.2, 1.3, 1.4, 2.1, 2.4, 3.1, 3.2, 3.3, 3.4, 3.5 · tests/helpers/test_model.py
"""Two tables, one product, one loss, and its gradients in closed form."""

from __future__ import annotations

import os

import torch
from torch import nn

from helpers.arguments import ArgumentError, checked, flag, instance, one_of, refuse, seed, whole
from helpers.shapes import tensor

EMBEDDING = instance(nn.Embedding, wanted="an embedding table, such as model[0]")


def tables(V: str = "V", D: str = "D", *, bags: bool = False):
    """The rule for a model: two embedding tables of one size, whose letters these are in the arguments' shapes.

    With ``bags`` the first may be a table whose words are sums of rows (`subwords`), and have more rows.
    """

    def rule(name, value, sizes):
        kinds = [type(embed) for embed in value] if isinstance(value, nn.Sequential) else []
        summed = bags and len(kinds) == 2 and hasattr(value[0], "bag")
        if kinds != [nn.Embedding] * 2 and not (summed and kinds[1] is nn.Embedding):
            raise refuse(name, value, "a model of two tables, as make_model returns it")
        for i, embed in enumerate(value):
            rows = "rows" if summed and i == 0 else V
            tensor(f"{rows} {D}", finite=False)(f"{name}[{i}].weight", embed.weight, sizes)
        return value

    return rule


def _tables_fit(vocab_size, dim=1, **_):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 2**37
    size = vocab_size * dim * 8  # two tables of four bytes a number
    if size > 0.8 * memory:
        raise ArgumentError(
            f"vocab_size is {vocab_size:,} and dim {dim:,}: the two tables take {size / 2**30:,.0f} GiB, and this "
            f"machine has {memory / 2**30:,.0f}; give smaller ones"
        )


def _ids_fit(center, candidates, embed_v, embed_u):
    for name, ids, embed in (("center", center, embed_v), ("candidates", candidates, embed_u)):
        if ids.numel() and not (0 <= int(ids.min()) and int(ids.max()) < len(embed.weight)):
            raise ArgumentError(
                f"{name} has ids from {int(ids.min())} to {int(ids.max())}; give ids from 0 to {len(embed.weight) - 1}"
            )


def rows_count(mask, **_) -> None:
    """Refuse a mask with a row of padding alone."""
    if mask.numel() and not bool(mask.any(dim=-1).all()):
        raise ArgumentError("mask has a row without a real slot; give rows of one context or more")


@checked(_tables_fit, vocab_size=whole(2), dim=whole(1), seed=seed(), tied=flag())
def make_model(vocab_size: int, dim: int = 100, *, seed: int = 0, tied: bool = False) -> nn.Sequential:
    """The two embedding tables, Xavier-initialised: ``model[0]`` for centers (v), ``model[1]`` for contexts (u).

    Parameters
    ----------
    vocab_size, dim : int
        V and D. 100 is the book's dimension.
    seed : int
        Fixes the initial values, whatever else has drawn random numbers.
    tied : bool
        One table for both roles: ``model[0] is model[1]``. For the experiment of notebook 06.

    Returns
    -------
    nn.Sequential
        Of two `nn.Embedding` with weights of shape (V, D), float32.

    Raises
    ------
    ArgumentError
        If ``vocab_size`` is below 2 or ``dim`` below 1.
    """
    generator = torch.Generator().manual_seed(seed)
    # PyTorch's own initial values would be thrown away, and move its generator; its `skip_init` loads the compiler.
    pair = [nn.Embedding.from_pretrained(torch.empty(vocab_size, dim), freeze=False) for _ in range(2 - tied)]
    for embed in pair:
        nn.init.xavier_uniform_(embed.weight, generator=generator)
    return nn.Sequential(pair[0], pair[-1])


@checked(
    _ids_fit,
    center=tensor("B 1", "integers"),
    candidates=tensor("B L", "integers"),
    embed_v=EMBEDDING,
    embed_u=EMBEDDING,
)
def skip_gram(center, candidates, embed_v, embed_u):
    """Score each center word against its candidates: the inner product s of v and u.

    Parameters
    ----------
    center : torch.Tensor of int64, shape (B, 1)
    candidates : torch.Tensor of int64, shape (B, L)
        Context and noise words, padded.
    embed_v, embed_u : nn.Embedding
        The center and the context table, (V, D).

    Returns
    -------
    torch.Tensor of float32, shape (B, 1, L)
        Scores, which are logits: any real numbers.

    Examples
    --------
    >>> embed = nn.Embedding(20, 4)
    >>> skip_gram(torch.ones(2, 1, dtype=torch.long), torch.ones(2, 4, dtype=torch.long), embed, embed).shape
    torch.Size([2, 1, 4])
    """
    v = embed_v(center)  # (B, 1, D)
    u = embed_u(candidates)  # (B, L, D)
    return torch.bmm(v, u.permute(0, 2, 1))  # (B, 1, D) @ (B, D, L) -> (B, 1, L)


@checked(rows_count, mask=tensor("B L", least=0, most=1), average=one_of("row", "pairs"))
def slot_weights(mask, average="row"):
    """How much each slot of a minibatch, each place in a row of candidates, weighs in the loss: alpha.

    Parameters
    ----------
    mask : torch.Tensor of float32, shape (B, L)
        1 for a real slot, one that is not padding, and 0 for padding.
    average : {"row", "pairs"}
        ``"row"``: a row's real slots share a weight of 1, so each center word weighs the same (the book's objective);
        ``"pairs"``: each real slot weighs 1, so each (center, context) pair weighs the same (equation 4 of Mikolov et
        al. 2013, summed over the text; trap T5).

    Returns
    -------
    torch.Tensor of float32, shape (B, L)
    """
    if average == "row":
        return mask / mask.sum(dim=1, keepdim=True)
    if average == "pairs":
        return mask
    raise ValueError(f"average is {average!r}; give 'row' or 'pairs'")


@checked(rows_count, pred=tensor("B L"), label=tensor("B L", least=0, most=1), mask=tensor("B L", least=0, most=1))
def masked_bce(pred, label, mask):
    """Binary cross-entropy of logits, for each row the mean over its real slots.

    The book reaches the same number in three steps (trap T4): a mean over all slots, times L, over the real slots.

    Parameters
    ----------
    pred, label, mask : torch.Tensor of float32, shape (B, L)
        Logits; 1 for a context word, 0 for a noise word; 1 for a real slot, 0 for padding.

    Returns
    -------
    torch.Tensor of float32, shape (B,)

    Examples
    --------
    >>> pred = torch.tensor([[1.1, -2.2, 3.3, -4.4]] * 2)
    >>> label = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    >>> mask = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]])
    >>> masked_bce(pred, label, mask)
    tensor([0.9352, 1.8462])
    """
    loss = nn.functional.binary_cross_entropy_with_logits(pred, label, reduction="none")  # (B, L)
    return (loss * mask).sum(dim=1) / mask.sum(dim=1)


@checked(
    v=tensor("B D", finite=False), u=tensor("B L D", finite=False),
    label=tensor("B L", least=0, most=1), weight=tensor("B L", least=0),
)  # fmt: skip
def gradients(v, u, label, weight):
    """Loss and gradients of a minibatch, from the formulas that notebook 03 derives; no autograd.

    Parameters
    ----------
    v : torch.Tensor of float32, shape (B, D)
        Center vectors.
    u : torch.Tensor of float32, shape (B, L, D)
        Candidates' vectors.
    label, weight : torch.Tensor of float32, shape (B, L)
        1 for a context, y; and each slot's weight, alpha, as `slot_weights` gives it (0 for padding).

    Returns
    -------
    loss : torch.Tensor, shape (B,)
        Weighted sum of each row's binary cross-entropies.
    grad_v : torch.Tensor, shape (B, D)
        Of ``loss.sum()``: alpha * e * u, summed over the slots, with the error e = sigmoid(s) - y.
    grad_u : torch.Tensor, shape (B, L, D)
        alpha * e * v.
    """
    score = torch.bmm(v.unsqueeze(1), u.transpose(1, 2)).squeeze(1)  # (B, 1, D) @ (B, D, L) -> (B, L)
    loss = (nn.functional.softplus((1 - 2 * label) * score) * weight).sum(dim=1)
    error = torch.sigmoid(score) - label  # (B, L): what the model says minus what is true
    weighted = weight * error
    grad_v = torch.bmm(weighted.unsqueeze(1), u).squeeze(1)  # (B, 1, L) @ (B, L, D) -> (B, D)
    grad_u = weighted.unsqueeze(2) * v.unsqueeze(1)  # (B, L, 1) * (B, 1, D) -> (B, L, D)
    return loss, grad_v, grad_u
