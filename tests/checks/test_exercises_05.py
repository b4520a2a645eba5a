"""The check of the training step: what it compares, and that pieces handed out together train alike."""

import numpy as np
import pytest
import torch

import checks
from checks import mine
from checks.given import SteppedBefore
from helpers.model import masked_bce, skip_gram


def test_a_step_is_compared_by_its_loss_and_its_tables():
    for at, args in enumerate(checks.step.inputs(0)):
        net, before = args[0], [embed.weight.detach().clone() for embed in args[0]]
        loss = checks.step.reference(*args)
        assert isinstance(loss, float)
        assert not all(torch.equal(embed.weight, old) for embed, old in zip(net, before)), at
        again = checks.step.ran(checks.step.reference, checks.step.inputs(0)[at]).value
        assert [np.shape(value) for value in again.values()] == [(), *(tuple(old.shape) for old in before)]


def test_gradients_of_an_earlier_step_come_with_a_copy():
    import copy
    import pickle

    net = SteppedBefore(torch.nn.Embedding(3, 2), torch.nn.Embedding(3, 2))
    net[1].weight.grad = torch.ones(3, 2)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert other[0].weight.grad is None and torch.equal(other[1].weight.grad, torch.ones(3, 2))
    args = checks.step.inputs(0)[list(checks.step.hostile).index("gradients of an earlier step in .grad")]
    assert all(embed.weight.grad.any() for embed in copy.deepcopy(args)[0])


def test_a_step_follows_the_optimizer_that_it_is_given():
    args = checks.step.inputs(0)[0]
    net, optimizer, batch = args[:3]
    before = [embed.weight.detach().clone() for embed in net]
    optimizer.param_groups[0]["lr"] = 0.25
    loss = checks.step.reference(*args)
    center, candidates, mask, label = batch
    tables = [embed.requires_grad_() for embed in before]
    score = torch.einsum("bd,bld->bl", tables[0][center[:, 0]], tables[1][candidates])
    expected = masked_bce(score, label, mask).mean()
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-5)
    for embed, old in zip(net, tables):
        assert torch.allclose(embed.weight, old.detach() - 0.25 * old.grad, atol=1e-5)


def test_pieces_are_handed_out_together_and_one_line_says_whose(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORD2VEC_MINE", str(tmp_path))
    both = mine.pieces("skip_gram", "step")
    assert (both.skip_gram, both.step) == (checks.skip_gram.reference, checks.step.reference)
    assert capsys.readouterr().out == "yours: none; the course's own: skip_gram, step\n"
    (tmp_path / "step.py").write_text("def my_step(*args):\n    return 7\n", encoding="utf-8")
    (tmp_path / "skip_gram.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    both = mine.pieces("skip_gram", "step")
    assert both.step() == 7 and both.skip_gram is checks.skip_gram.reference
    said = capsys.readouterr().out
    assert "does not run" in said and said.endswith("yours: step; the course's own: skip_gram\n")
    mine.pieces("skip_gram", "step")
    assert capsys.readouterr().out == said  # each time
    course = mine.course("skip_gram", "step")
    assert course.step is checks.step.reference
    assert torch.equal(
        *[
            f(
                torch.ones(1, 1, dtype=int),
                torch.ones(1, 2, dtype=int),
                *[torch.nn.Embedding.from_pretrained(torch.ones(3, 2))] * 2,
            )
            for f in (course.skip_gram, skip_gram)
        ]
    )
