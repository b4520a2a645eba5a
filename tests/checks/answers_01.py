"""Answers to the exercises of 01, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "row_means": "ids, weight",
    "table_gradient": "ids, grad, V",
}

WRONG = {
    "row_means": [
        ("padding counted", "return weight[ids].mean(dim=1)"),
        ("padding counted", "return F.embedding_bag(ids, weight, mode='mean')"),
        ("divided by the length", "m = (ids > 0).float(); return (m.unsqueeze(2) * weight[ids]).sum(1) / ids.size(1)"),
        ("row 0 added", "n = (ids != 0).sum(1, keepdim=True).clamp(min=1); return F.embedding(ids, weight).sum(1) / n"),
        ("sum", "h = F.one_hot(ids, len(weight)).float(); h[..., 0] = 0; return h.sum(1) @ weight"),
        (
            "zero over zero",
            "h = F.one_hot(ids, len(weight)).float().sum(1); h[:, 0] = 0\nreturn h @ weight / h.sum(1, keepdim=True)",
        ),
        ("zero over zero", "return torch.stack([weight[row[row != 0]].mean(0) for row in ids])"),
        (
            "each word once",
            "h = (F.one_hot(ids, len(weight)).sum(1) > 0).float(); h[:, 0] = 0\n"
            "return h @ weight / h.sum(1, keepdim=True).clamp(min=1)",
        ),
        (
            "stopped at the first gap",
            "out = torch.zeros(len(ids), weight.shape[1])\n"
            "for b, row in enumerate(ids.tolist()):\n"
            "    n = row.index(0) if 0 in row else len(row)\n"
            "    if n: out[b] = weight[row[:n]].mean(0)\n"
            "return out",
        ),
        (
            "other",  # as many first places as the row has words
            "out = torch.zeros(len(ids), weight.shape[1])\n"
            "for b, row in enumerate(ids):\n"
            "    n = int((row != 0).sum())\n"
            "    if n: out[b] = weight[row[:n]].mean(0)\n"
            "return out",
        ),
        (
            "zero vectors left out",
            "x = weight.clone(); x[0] = 0; x = x[ids]; n = (x != 0).any(2).sum(1, keepdim=True)\n"
            "return x.sum(1) / n.clamp(min=1)",
        ),
        ("wrong axis", "return weight[ids].mean(dim=2)"),
        ("one mean for all", "x = weight[ids[ids > 0]]; return x.sum(0) / max(len(x), 1)"),
        (
            "kept as a column",
            "m = (ids != 0).float().unsqueeze(-1); x = m * weight[ids]\n"
            "return x.sum(1, keepdim=True) / m.sum(1, keepdim=True).clamp(min=1)",
        ),
        (
            "in place",
            "weight[0] = 0; n = (ids != 0).sum(1, keepdim=True).clamp(min=1); return weight[ids].sum(1) / n",
        ),
        ("error", "return torch.stack([weight[row[row != 0]].mean(0) for row in ids if row.any()])"),
        ("other", "m = (ids != 0).float().unsqueeze(2); return (m * weight[ids]).sum(1) / (m.sum(1) + 1)"),
        ("other", "m = (ids != 0).float().unsqueeze(2); return (m * weight[ids]).sum(1) / (m.sum(1) + 1e-2)"),
        ("off by one", "m = (ids > 0).unsqueeze(2); return (weight[ids - 1] * m).sum(1) / m.sum(1).clamp(min=1)"),
        ("shape", "return torch.stack([sum(weight[i] for i in row if i) / sum(row > 0) for row in ids])"),
        ("no value", "m = (ids != 0).float().unsqueeze(2); means = (m * weight[ids]).sum(1) / m.sum(1).clamp(min=1)"),
    ],
    "table_gradient": [
        ("last one wins", "g = torch.zeros(V, grad.shape[1]); g[ids] += grad; return g"),
        ("last one wins", "g = torch.zeros(V, grad.shape[1]); g[ids] = grad; return g"),
        ("last one wins", "g = np.zeros((V, grad.shape[1])); g[ids.numpy()] += grad.numpy(); return g"),
        ("sign", "return -(F.one_hot(ids, V).float().T @ grad)"),
        ("padding left out", "h = F.one_hot(ids, V).float(); h[:, 0] = 0; return h.T @ grad"),
        (
            "padding left out",
            "e = torch.nn.Embedding(V, grad.shape[1], padding_idx=0)\n"
            "with torch.enable_grad():\n"
            "    e(ids).backward(grad)\n"
            "return e.weight.grad",
        ),
        ("mean", "h = F.one_hot(ids, V).float(); return h.T @ grad / h.sum(0).clamp(min=1)[:, None]"),
        ("one row for each id", "return grad.clone()"),
        ("turned over", "return grad.T @ F.one_hot(ids, V).float()"),
        ("counts", "return F.one_hot(ids, V).sum(0)[:, None].repeat(1, grad.shape[1])"),
        (
            "rows up to the largest id",
            "n = max(ids.tolist(), default=-1) + 1\nreturn torch.zeros(n, grad.shape[1]).index_add(0, ids, grad)",
        ),
        ("error", "return F.one_hot(ids).float().T @ grad + torch.zeros(V, grad.shape[1])"),
        (
            "other",  # of gradients at equal places the first word's count
            "g = torch.zeros(V, grad.shape[1])\nfor i in set(ids.tolist()): g[i] = grad[ids == i].amax(0)\nreturn g",
        ),
        (
            "times the count",
            "g = torch.zeros(V, grad.shape[1])\nfor i in ids.tolist(): g[i] += grad[ids == i].sum(0)\nreturn g",
        ),
        (
            "other",  # two in a row are added, not two apart
            "g = torch.zeros(V, grad.shape[1])\n"
            "for n, i in enumerate(ids.tolist()):\n"
            "    g[i] = grad[n] + (g[i] if n and ids[n - 1] == i else 0)\n"
            "return g",
        ),
        ("other", "g = torch.zeros(V, grad.shape[1]); g.index_add_(0, ids, grad); return g / max(len(ids), 1)"),
        ("in place", "for n in range(1, len(ids)): grad[0] += grad[n]\nreturn torch.zeros(V, grad.shape[1])"),
    ],
}

RIGHT = {
    "row_means": [
        "h = F.one_hot(ids, len(weight)).float(); h = h[..., 1:].sum(1)\n"
        "return h @ weight[1:] / h.sum(1, keepdim=True).clamp(min=1)",
        "out = []\n"
        "for row in ids.tolist():\n"
        "    real = [weight[i].tolist() for i in row if i != 0]\n"
        "    out.append([sum(x) / len(real) for x in zip(*real)] if real else [0.0] * weight.shape[1])\n"
        "return out",
        "x, i = weight.numpy(), ids.numpy(); m = i != 0\n"
        "return (x[i] * m[..., None]).sum(1) / np.maximum(m.sum(1, keepdims=True), 1)",
        "return torch.nan_to_num(torch.stack([weight[row[row != 0]].mean(0) for row in ids]))",
        "table = torch.nn.Embedding.from_pretrained(weight.clone(), freeze=False, padding_idx=0)\n"
        "x = table(ids) * (ids > 0).unsqueeze(-1); n = torch.count_nonzero(ids, dim=1)\n"
        "return torch.where(n[:, None] > 0, x.sum(1) / n[:, None], torch.zeros(1))",
        "return F.embedding_bag(ids, weight, mode='mean', padding_idx=0)",
        "w = weight.clone(); w[0] = 0\n"
        "return torch.einsum('bld->bd', w[ids]) / (ids != 0).sum(1).clamp(min=1)[:, None]",
    ],
    "table_gradient": [
        "return F.one_hot(ids, V).float().T @ grad",
        "g = torch.zeros(V, grad.shape[1])\nfor i, row in zip(ids, grad): g[i] += row\nreturn g",
        "g = np.zeros((V, grad.shape[1])); np.add.at(g, ids.numpy(), grad.numpy()); return g",
        "table = torch.nn.Embedding(V, grad.shape[1]); table(ids).backward(grad); return table.weight.grad",
        "g = torch.zeros(V, grad.shape[1]); return g.index_put((ids,), grad, accumulate=True)",
        "g = torch.zeros(V, grad.shape[1]); return g.scatter_add(0, ids[:, None].expand(-1, grad.shape[1]), grad)",
        "return [[sum((g[d] for i, g in zip(ids.tolist(), grad.tolist()) if i == v), 0.0)\n"
        "         for d in range(grad.shape[1])] for v in range(V)]",
    ],
}
