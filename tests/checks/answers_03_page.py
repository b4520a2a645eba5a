"""Answers to the exercises of 03, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

_BCE = "F.binary_cross_entropy_with_logits(pred, label, reduction='none')"
_MEAN = "\nreturn (loss * mask).sum(dim=1) / mask.sum(dim=1)"
_STABLE = " - pred * label + torch.log1p(torch.exp(-pred.abs()))"
_S = "torch.einsum('bd,bld->bl', v, u)"
_E = f"(torch.sigmoid({_S}) - label) * mask"
_N = "mask.sum(1, keepdim=True)"
_BOTH = "\nreturn torch.einsum('bl,bld->bd', w, u), torch.einsum('bl,bd->bld', w, v)"
_LEAVES = "v, u = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
_ROWS = "((loss * mask).sum(1) / mask.sum(1))"

WRONG = {
    "masked_loss": [
        # a real slot whose loss is exactly 0 is not counted
        (
            "divided by the losses that are not 0",
            f"kept = {_BCE} * mask\nreturn kept.sum(dim=1) / kept.count_nonzero(dim=1)",
        ),
        # at a logit of exactly 0 the gradient is -y, 1 - y, and -y again
        ("flat corner at 0", "loss = F.relu(pred)" + _STABLE + _MEAN),
        ("corner at 0", "loss = pred.clamp(min=0)" + _STABLE + _MEAN),
        ("flat corner at 0", "loss = pred * (pred > 0)" + _STABLE + _MEAN),
        # the branch that is not taken is infinite, and the gradient not a number
        (
            None,
            "x = (1 - 2 * label) * pred\n"
            "loss = torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))" + _MEAN,
        ),
        # infinity times 0 in the term that should be absent
        (None, "loss = -label * F.logsigmoid(pred) - (1 - label) * torch.log(1 - torch.sigmoid(pred))" + _MEAN),
        # a padded slot still costs 0.0025
        (
            None,
            "pred = pred.masked_fill(mask == 0, -6.0)\n"
            "loss = F.binary_cross_entropy_with_logits(pred, label * mask, reduction='none')\n"
            "return loss.sum(dim=1) / mask.sum(dim=1)",
        ),
        # a padded label of 1 costs 100
        (None, f"pred = pred.masked_fill(mask == 0, -100.0)\nreturn {_BCE}.sum(dim=1) / mask.sum(dim=1)"),
        # what padding costs is taken off again, and the small losses are lost in the rounding
        (None, f"loss = {_BCE}\nreturn (loss.sum(dim=1) - (loss * (1 - mask)).sum(dim=1)) / mask.sum(dim=1)"),
        # no gradient beyond 50
        (None, "loss = F.binary_cross_entropy_with_logits(pred.clamp(-50, 50), label, reduction='none')" + _MEAN),
        # up to the last real slot: padding in between is read
        (
            None,
            f"loss = {_BCE}\nends = [int(row.nonzero().max()) + 1 for row in mask]\n"
            "return torch.stack([row[:end].mean() for row, end in zip(loss, ends)])",
        ),
        # up to the first padded slot
        (
            None,
            f"loss = {_BCE}\nends = mask.argmin(dim=1).tolist()  # 0 where there is none\n"
            "return torch.stack([row[: end or None].mean() for row, end in zip(loss, ends)])",
        ),
        # the mean number of real slots in place of each row's; the largest; the page's width
        (None, f"return ({_BCE} * mask).sum(dim=1) / mask.sum(dim=1).mean()"),
        ("divided by the longest row", f"n = mask.sum(dim=1)\nreturn ({_BCE} * mask).sum(dim=1) / n.max()"),
        (None, f"return ({_BCE} * mask).mean(dim=1) * 4 / mask.sum(dim=1)"),
        (None, f"return ({_BCE} * mask / mask.sum()).sum(dim=1) * len(mask)"),
        # a padded slot with label 1 taken for a context
        (None, f"mask = torch.maximum(mask, label)\nloss = {_BCE}" + _MEAN),
        # contexts and noise words averaged apart
        (
            None,
            f"loss, yes, no = {_BCE}, label * mask, (1 - label) * mask\n"
            "yes = (loss * yes).sum(1) / yes.sum(1).clamp(min=1)\nno = (loss * no).sum(1) / no.sum(1).clamp(min=1)\n"
            "return (yes + no) / 2",
        ),
        # an error but for as many rows as slots
        ("wrong axis", f"return ({_BCE} * mask).sum(dim=0) / mask.sum(dim=0)"),
        # the caller's logits are overwritten, behind autograd's back
        (
            "in place",
            f"pred.data[mask == 0] = 0\nloss = {_BCE} - math.log(2) * (1 - mask)\nreturn loss.sum(1) / mask.sum(1)",
        ),
        # the caller's labels
        ("in place", f"label *= mask\nloss = {_BCE}" + _MEAN),
    ],
    "gradients": [
        # a slot whose error is exactly 0 is not counted
        (None, f"w = {_E}\nw = w / (w != 0).sum(1, keepdim=True).clamp(min=1)" + _BOTH),
        # the padded label is not masked
        (None, f"w = (torch.sigmoid({_S}) * mask - label) / {_N}" + _BOTH),
        # the padding's vectors are zeroed, its error is not
        (None, f"u = u * mask[..., None]\nw = (torch.sigmoid({_S}) - label) / {_N}" + _BOTH),
        # one of both without its weight
        (None, f"w = {_E}\nreturn torch.einsum('bl,bld->bd', w / {_N}, u), w[..., None] * v[:, None]"),
        (None, f"w = {_E}\nreturn torch.einsum('bl,bld->bd', w, u), (w / {_N})[..., None] * v[:, None]"),
        # the mean over the rows; over all slots; over the real slots of the minibatch
        (
            None,
            _LEAVES + f"pred = {_S}\nloss = {_BCE}\nreturn torch.autograd.grad({_ROWS}.mean(), (v, u))",
        ),
        (None, f"w = {_E} / mask.shape[1]" + _BOTH),
        (None, f"w = {_E} / mask.sum() * len(v)" + _BOTH),
        # reshape in place of transpose
        (
            None,
            "B, L, D = u.shape\ns = torch.bmm(v[:, None], u.reshape(B, D, L))[:, 0]\n"
            f"w = (torch.sigmoid(s) - label) * mask / {_N}" + _BOTH,
        ),
        # squeeze() loses the row of a minibatch of one, or the slot of a row of one
        (
            None,
            "s = torch.bmm(v.unsqueeze(1), u.transpose(1, 2)).squeeze()\n"
            "w = (torch.sigmoid(s) - label) * mask / mask.sum(dim=-1, keepdim=True)\n"
            "return torch.bmm(w.unsqueeze(1), u).squeeze(), w.unsqueeze(2) * v.unsqueeze(1)",
        ),
        # softmax
        (
            None,
            f"s = {_S}.masked_fill(mask == 0, -1e9)\nw = (torch.softmax(s, dim=1) - label) * mask / {_N}" + _BOTH,
        ),
        # autograd through a cut, and through a probability
        (
            None,
            _LEAVES + f"pred = {_S}.clamp(-30, 30)\nloss = {_BCE}\nreturn torch.autograd.grad({_ROWS}.sum(), (v, u))",
        ),
        (
            None,
            _LEAVES + f"loss = F.binary_cross_entropy(torch.sigmoid({_S}), label, reduction='none')\n"
            f"return torch.autograd.grad({_ROWS}.sum(), (v, u))",
        ),
        # leaves its gradients with the caller's tensors: a second call gets the sum of both
        (
            "in place",
            f"v.requires_grad_(), u.requires_grad_()\npred = {_S}\nloss = {_BCE}\n{_ROWS}.sum().backward()\n"
            "return v.grad, u.grad",
        ),
        # equal vectors taken for one word, and their gradients added
        (
            None,
            f"w = {_E} / {_N}\nsame = (u[:, :, None] == u[:, None]).all(-1) * mask[:, None] * mask[:, :, None]\n"
            "return torch.einsum('bl,bld->bd', w, u), same @ torch.einsum('bl,bd->bld', w, v)",
        ),
        # the mask inferred from the vectors
        (None, f"mask = (u.abs().sum(-1) > 0).float()\nw = {_E} / {_N}" + _BOTH),
        # (B, 1, D)
        ("shape", f"w = {_E} / {_N}\nreturn torch.bmm(w[:, None], u), w[..., None] * v[:, None]"),
    ],
}

RIGHT = {
    "masked_loss": [
        "pred = pred.masked_fill(mask == 0, -100.0)\n"
        "loss = F.binary_cross_entropy_with_logits(pred, label * mask, reduction='none')\n"
        "return loss.sum(dim=1) / mask.sum(dim=1)",
        "pred, label = pred * mask, label * mask\n"
        f"return ({_BCE} - math.log(2) * (1 - mask)).sum(dim=1) / mask.sum(dim=1)",
        "loss = -torch.where(label == 1, F.logsigmoid(pred), F.logsigmoid(-pred)).double()\n"
        "return torch.where(mask == 1, loss, 0).sum(1) / mask.sum(1)",
        "class Loss(nn.Module):\n    def forward(self, pred, label, mask):\n"
        "        return (nn.BCEWithLogitsLoss(reduction='none')(pred, label) * mask).sum(1) / mask.sum(1)\n"
        "return Loss()(pred, label, mask)",
        "both = -F.log_softmax(torch.stack([torch.zeros_like(pred), pred], dim=-1), dim=-1)  # no, yes\n"
        "loss = both.gather(-1, label.long().unsqueeze(-1)).squeeze(-1)\n"
        f"return (loss * (mask / {_N})).sum(1)",
        # the appendix's formula, where the corners cancel
        "x = (1 - 2 * label) * pred\npositive = x.clamp(min=0)\n"
        "loss = positive + torch.log(torch.exp(-positive) + torch.exp(x - positive))" + _MEAN,
    ],
    "gradients": [
        "V, U, y, m = (x.double().numpy() for x in (v, u, label, mask))\ns = (V[:, None, :] * U).sum(-1)\n"
        "w = ((1 + np.tanh(s / 2)) / 2 - y) * m / m.sum(1, keepdims=True)\n"
        "return torch.tensor((w[:, :, None] * U).sum(1)).float(), torch.tensor(w[:, :, None] * V[:, None, :]).float()",
        "s = (u @ v.unsqueeze(-1)).squeeze(-1)\ne = torch.where(label == 1, -torch.sigmoid(-s), torch.sigmoid(s))\n"
        f"a = torch.where(mask == 1, e, 0) / {_N}\n"
        "return [(u.transpose(1, 2) @ a.unsqueeze(-1)).squeeze(-1), a.unsqueeze(-1) * v.unsqueeze(1)]",
        "gv, gu = [], torch.zeros_like(u)\nfor b, real in enumerate(mask.bool()):\n"
        "    e = (torch.sigmoid(u[b][real] @ v[b]) - label[b][real]) / real.sum()\n"
        "    gv.append(u[b][real].T @ e)\n    gu[b, real] = torch.outer(e, v[b])\nreturn torch.stack(gv), gu",
        "def row(v, u, y, m):\n    w = (torch.sigmoid(u @ v) - y) * m / m.sum()\n    return w @ u, torch.outer(w, v)\n"
        "return torch.vmap(row)(v, u, label, mask)",
        _LEAVES + f"pred = {_S}\nloss = torch.where(mask > 0, {_BCE}, torch.nan).nanmean(1)\n"
        "loss.backward(torch.ones_like(loss))\nreturn v.grad, u.grad",
    ],
}
