"""Answers to the exercises of 03, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "masked_loss": "pred, label, mask",
    "gradients": "v, u, label, mask",
}

WRONG = {
    "masked_loss": [
        (
            "mask forgotten",
            "return F.binary_cross_entropy_with_logits(pred, label, reduction='none').mean(dim=1)",
        ),
        (
            "divided by the length",
            "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').mean(dim=1)",
        ),
        (
            "one number",
            "m = mask.bool(); return F.binary_cross_entropy_with_logits(pred[m], label[m])",
        ),
        (
            "sum",
            "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').sum(dim=1)",
        ),
        (
            "sigmoid twice",
            "l = F.binary_cross_entropy_with_logits(torch.sigmoid(pred), label, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "kept as a column",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask\n"
            "return l.sum(1, keepdim=True) / mask.sum(1, keepdim=True)",
        ),
        (
            "sign",
            "s = F.logsigmoid((2 * label - 1) * pred); return (s * mask).sum(1) / mask.sum(1)",
        ),
        (
            "no gradient",
            "return [float(x) for x in (F.binary_cross_entropy_with_logits(pred, label, reduction='none') * "
            "mask).sum(1) / mask.sum(1)]",
        ),
        (
            "no gradient",
            "return ((F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask).sum(1) / "
            "mask.sum(1)).detach()",
        ),
        (
            "no gradient",
            "p, y, m = (x.detach().numpy() for x in (pred, label, mask))\n"
            "l = np.logaddexp(0, (1 - 2 * y) * p)\n"
            "return (l * m).sum(1) / m.sum(1)",
        ),
        (
            "no gradient",
            "with torch.no_grad():\n"
            "    return (F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask).sum(1) / "
            "mask.sum(1)",
        ),
        (
            "other",
            "p = torch.sigmoid(pred)\n"
            "l = -(label * torch.log(p + 1e-7) + (1 - label) * torch.log(1 - p + 1e-7))\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "other",
            "p = torch.sigmoid(pred).clamp(1e-7, 1 - 1e-7)\n"
            "l = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            None,
            "p = torch.sigmoid(pred.double())\n"
            "l = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))\n"
            "return ((l * mask).sum(1) / mask.sum(1)).float()",
        ),
        (
            "not finite",
            "l = torch.log(1 + torch.exp((1 - 2 * label) * pred))\nreturn (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "the first slots",
            "n = mask.sum(1).int()\n"
            "return torch.stack([F.binary_cross_entropy_with_logits(pred[b, :n[b]], label[b, :n[b]]) for b "
            "in range(len(pred))])",
        ),
        (
            "divided by the losses that are not 0",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask\n"
            "return torch.stack([r[r > 0].mean() for r in l])",
        ),
        (
            "mask from the logits",
            "real = (pred != 0).float()\n"
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none') * real\n"
            "return l.sum(1) / real.sum(1)",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "return l.mean(1) * mask.shape[1] / mask.sum()",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "return l.mean(1) * mask.shape[0] / mask.sum(1)",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(label, pred, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "other",
            "l = (torch.sigmoid(pred) - label) ** 2\nreturn (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred, label * mask, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1).clamp(min=2)",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "return (l * mask).sum(1) / (mask.sum(1) + 1e-3)",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred.clamp(-30, 30), label, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "shape",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "return (l * mask).sum(1).squeeze() / mask.sum(1).squeeze()",
        ),
        (
            "divided by the length",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\nl[mask == 0] = 0\nreturn l.mean(1)",
        ),
        (
            "no value",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "x = (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "error",
            "pred *= mask\n"
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "no gradient",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "return torch.tensor([(l[b] * mask[b]).sum() / mask[b].sum() for b in range(len(l))], "
            "requires_grad=True)",
        ),
        (
            "shape",
            "return F.binary_cross_entropy_with_logits(pred[mask.bool()], label[mask.bool()], reduction='none')",
        ),
        (
            "other",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
            "w = mask * torch.where(label == 1, 5.0, 1.0)\n"
            "return (l * w).sum(1) / w.sum(1)",
        ),
    ],
    "gradients": [
        (
            "sign",
            "e = (label - torch.sigmoid((u @ v[:, :, None])[..., 0])) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "mask forgotten",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "sum for mean",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "no sigmoid",
            "e = ((u * v[:, None]).sum(-1) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "order",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return e[..., None] * v[:, None], (e[..., None] * u).sum(1)",
        ),
        (
            "other",
            "h = 1e-5\n"
            "v, u, label, mask = v.double(), u.double(), label.double(), mask.double()\n"
            "def loss(v, u):\n"
            "    l = F.binary_cross_entropy_with_logits((v[:, None] * u).sum(-1), label, reduction='none')\n"
            "    return ((l * mask).sum(1) / mask.sum(1)).sum()\n"
            "def slope(x, f):\n"
            "    g = torch.zeros_like(x)\n"
            "    for i in range(x.numel()):\n"
            "        d = torch.zeros(x.numel()).double(); d[i] = h; d = d.view_as(x)\n"
            "        g.view(-1)[i] = (f(x + d) - f(x - d)) / (2 * h)\n"
            "    return g\n"
            "return slope(v, lambda x: loss(x, u)), slope(u, lambda x: loss(v, x))",
        ),
        (
            "other",
            "h = 1e-3\n"
            "def loss(v, u):\n"
            "    l = F.binary_cross_entropy_with_logits((v[:, None] * u).sum(-1), label, reduction='none')\n"
            "    return ((l * mask).sum(1) / mask.sum(1)).sum()\n"
            "def slope(x, f):\n"
            "    g = torch.zeros_like(x)\n"
            "    for i in range(x.numel()):\n"
            "        d = torch.zeros(x.numel()); d[i] = h; d = d.view_as(x)\n"
            "        g.view(-1)[i] = (f(x + d) - f(x - d)) / (2 * h)\n"
            "    return g\n"
            "return slope(v, lambda x: loss(x, u)), slope(u, lambda x: loss(v, x))",
        ),
        (
            "other",
            "s = (v[:, None] * u).sum(-1)\n"
            "e = (torch.exp(s) / (1 + torch.exp(s)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = v @ u.reshape(len(u), -1).T\nreturn s, u",
        ),
        (
            "shape",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), (e[..., None] * v[:, None]).sum(1)",
        ),
        (
            "shape",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return e @ u, e[..., None] * v[:, None]",
        ),
        (
            "shape",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "shape",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u)",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s * mask) - label) / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label * mask) / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), (e * mask)[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), (e / mask.sum(1, keepdim=True))[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = F.cosine_similarity(v[:, None], u, dim=-1)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u).clamp(-6, 6)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "the first slots",
            "n = mask.sum(1).int()\n"
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = torch.sigmoid(s) - label\n"
            "for b in range(len(v)):\n"
            "    e[b, n[b]:] = 0\n"
            "e = e / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.round(torch.sigmoid(s)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
        (
            "other",
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "v2 = v - torch.einsum('bl,bld->bd', e, u)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v2[:, None]",
        ),
        (
            "in place",
            "u[mask == 0] = 0\n"
            "s = torch.einsum('bd,bld->bl', v, u)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return torch.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]",
        ),
    ],
}

RIGHT = {
    "masked_loss": [
        (
            "return (F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')).sum(1) "
            "/ mask.sum(1)"
        ),
        (
            "return torch.stack([F.binary_cross_entropy_with_logits(p[m == 1], y[m == 1]) for p, y, m in "
            "zip(pred, label, mask)])"
        ),
        ("l = F.softplus((1 - 2 * label) * pred)\nreturn (l * mask).sum(1) / mask.sum(1)"),
        (
            "l = -(label * F.logsigmoid(pred) + (1 - label) * F.logsigmoid(-pred))\n"
            "return torch.where(mask > 0, l, 0.).sum(-1) / mask.count_nonzero(-1)"
        ),
        (
            "l = nn.BCEWithLogitsLoss(reduction='none')(pred, label)\n"
            "return l.masked_fill(mask == 0, float('nan')).nanmean(1)"
        ),
        (
            "l = torch.maximum(pred, 0 * pred) - pred * label + torch.log1p(torch.exp(-pred.abs()))\n"
            "return torch.einsum('bl,bl->b', l, mask / mask.sum(1, keepdim=True))"
        ),
        (
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "return l.mean(1) * mask.shape[1] / mask.sum(1)"
        ),
        (
            "out = []\n"
            "for b in range(len(pred)):\n"
            "    total = 0\n"
            "    for l in range(pred.shape[1]):\n"
            "        if mask[b, l]:\n"
            "            total = total + F.softplus(-pred[b, l] if label[b, l] else pred[b, l])\n"
            "    out.append(total / mask[b].sum())\n"
            "return torch.stack(out)"
        ),
        (
            "out = torch.zeros(len(pred))\n"
            "for b in range(len(pred)):\n"
            "    for l in range(pred.shape[1]):\n"
            "        if mask[b, l]:\n"
            "            out[b] += F.softplus(-pred[b, l] if label[b, l] else pred[b, l]) / mask[b].sum()\n"
            "return out"
        ),
        ("l = torch.logaddexp(torch.zeros_like(pred), (1 - 2 * label) * pred)\nreturn (l * mask).sum(1) / mask.sum(1)"),
        ("from helpers.model import masked_bce\nreturn masked_bce(pred, label, mask)"),
    ],
    "gradients": [
        (
            "s = (v[:, None] * u).sum(-1)\n"
            "e = (torch.sigmoid(s) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]"
        ),
        (
            "s = (u @ v[:, :, None])[..., 0]\n"
            "e = (1 / (1 + torch.exp(-s)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return [(e[:, None] @ u)[:, 0], e[:, :, None] @ v[:, None, :]]"
        ),
        (
            "v, u = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "l = F.binary_cross_entropy_with_logits(torch.einsum('bd,bld->bl', v, u), label, weight=mask, "
            "reduction='none')\n"
            "(l.sum(1) / mask.sum(1)).sum().backward()\n"
            "return v.grad, u.grad"
        ),
        (
            "v, u = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "l = F.binary_cross_entropy_with_logits(torch.einsum('bd,bld->bl', v, u), label, "
            "reduction='none')\n"
            "return torch.autograd.grad(((l * mask).sum(1) / mask.sum(1)).sum(), (v, u))"
        ),
        (
            "v, u, label, mask = (x.numpy() for x in (v, u, label, mask))\n"
            "s = np.einsum('bd,bld->bl', v, u)\n"
            "e = (1 / (1 + np.exp(-s)) - label) * mask / mask.sum(1, keepdims=True)\n"
            "return np.einsum('bl,bld->bd', e, u), e[..., None] * v[:, None]"
        ),
        (
            "gv, gu = torch.zeros_like(v), torch.zeros_like(u)\n"
            "for b in range(len(v)):\n"
            "    for l in range(u.shape[1]):\n"
            "        if mask[b, l]:\n"
            "            e = (torch.sigmoid(v[b] @ u[b, l]) - label[b, l]) / mask[b].sum()\n"
            "            gv[b] += e * u[b, l]\n"
            "            gu[b, l] = e * v[b]\n"
            "return gv, gu"
        ),
        ("from helpers.model import gradients, slot_weights\nreturn gradients(v, u, label, slot_weights(mask))[1:]"),
        (
            "gv, gu = [], []\n"
            "for b in range(len(v)):\n"
            "    a, c = [0.0] * v.shape[1], []\n"
            "    for l in range(u.shape[1]):\n"
            "        s = sum(float(x) * float(y) for x, y in zip(v[b], u[b, l]))\n"
            "        e = (1 / (1 + math.exp(-s)) - float(label[b, l])) * float(mask[b, l]) / "
            "float(mask[b].sum())\n"
            "        c.append([e * float(x) for x in v[b]])\n"
            "        a = [x + e * float(y) for x, y in zip(a, u[b, l])]\n"
            "    gv.append(a); gu.append(c)\n"
            "return gv, gu"
        ),
        (
            "return torch.func.grad(lambda a, b: ((F.binary_cross_entropy_with_logits((a[:, None] * "
            "b).sum(-1), label, reduction='none') * mask).sum(1) / mask.sum(1)).sum(), argnums=(0, 1))(v, u)"
        ),
        (
            "v, u = v.double(), u.double()\n"
            "s = torch.bmm(u, v.unsqueeze(2)).squeeze(2)\n"
            "e = torch.where(label == 1, -torch.sigmoid(-s), torch.sigmoid(s)) * mask / mask.sum(1, "
            "keepdim=True)\n"
            "return torch.bmm(e.unsqueeze(1), u).squeeze(1), torch.bmm(e.unsqueeze(2), v.unsqueeze(1))"
        ),
    ],
}
