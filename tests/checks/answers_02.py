"""Answers to the exercises of 02, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "skip_gram": "center, candidates, embed_v, embed_u",
    "objective": "centers, contexts, v, u",
    "softmax_gradients": "centers, contexts, v, u",
}

WRONG = {
    "skip_gram": [
        ("reshape for permute", "u = embed_u(candidates); return embed_v(center) @ u.reshape(len(u), -1, u.shape[1])"),
        (
            "reshape for permute",
            "v, u = embed_v(center), embed_u(candidates)\n"
            "return torch.bmm(v, u.view(u.shape[0], u.shape[2], u.shape[1]))",
        ),
        ("squeezed", "return (embed_v(center) * embed_u(candidates)).sum(-1)"),
        ("tables swapped", "return embed_u(center) @ embed_v(candidates).transpose(1, 2)"),
        ("one table", "return embed_v(center) @ embed_v(candidates).transpose(1, 2)"),
        ("sigmoid", "return (embed_v(center) @ embed_u(candidates).transpose(1, 2)).sigmoid()"),
        ("softmax", "return (embed_v(center) @ embed_u(candidates).mT).softmax(2)"),
        ("column", "return embed_u(candidates) @ embed_v(center).transpose(1, 2)"),
        ("cosine", "return F.cosine_similarity(embed_v(center), embed_u(candidates), dim=-1).unsqueeze(1)"),
        ("scaled", "u = embed_u(candidates); return embed_v(center) @ u.mT / math.sqrt(u.shape[2])"),
        ("error", "return torch.bmm(embed_v(center), embed_u(candidates))"),
        ("error", "return torch.bmm(embed_v(center), embed_u(candidates).T)"),
        ("error", "return torch.mm(embed_v(center), embed_u(candidates).transpose(1, 2))"),
        (
            "padding left out",
            "s = embed_v(center) @ embed_u(candidates).transpose(1, 2)\n"
            "return s.masked_fill((candidates == 0).unsqueeze(1), 0)",
        ),
        (
            "other",  # minus infinity for the padding, as attention does
            "s = embed_v(center) @ embed_u(candidates).transpose(1, 2)\n"
            "return s.masked_fill((candidates == 0).unsqueeze(1), -1e9)",
        ),
        ("no gradient", "return (embed_v(center) @ embed_u(candidates).transpose(1, 2)).detach()"),
        ("no gradient", "return embed_v.weight.data[center] @ embed_u.weight.data[candidates].transpose(1, 2)"),
        (
            "no gradient",
            "v, u = embed_v(center).detach().numpy(), embed_u(candidates).detach().numpy()\n"
            "return v @ u.transpose(0, 2, 1)",
        ),
        (
            "no gradient",
            "with torch.no_grad():\n    u = embed_u(candidates)\nreturn torch.bmm(embed_v(center), u.permute(0, 2, 1))",
        ),
        (
            "no gradient",
            "s = torch.zeros(len(center), 1, candidates.shape[1])\n"
            "for b in range(len(center)):\n"
            "    for l in range(candidates.shape[1]):\n"
            "        s[b, 0, l] = float(embed_v.weight[center[b, 0]] @ embed_u.weight[candidates[b, l]])\n"
            "return s",
        ),
        ("one center for all", "return (embed_u(candidates) @ embed_v(center)[0, 0]).unsqueeze(1)"),
        ("every row with every row", "return torch.einsum('xod,bld->bxl', embed_v(center), embed_u(candidates))"),
        ("summed", "return (embed_v(center) @ embed_u(candidates).sum(1, keepdim=True).transpose(1, 2))"),
        ("shape", "return embed_v(center) * embed_u(candidates)"),
        ("shape", "return torch.bmm(embed_v(center), embed_u(candidates).permute(0, 2, 1)).squeeze()"),
        ("other", "return torch.cdist(embed_v(center), embed_u(candidates))"),
        ("no value", "scores = embed_v(center) @ embed_u(candidates).transpose(1, 2)"),
    ],
    "objective": [
        ("sign", "return F.cross_entropy(v[centers] @ u.T, contexts)"),
        ("sum", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='sum')"),
        ("no logarithm", "return torch.softmax(v[centers] @ u.T, 1)[torch.arange(len(centers)), contexts].mean()"),
        ("tables swapped", "return -F.cross_entropy(u[centers] @ v.T, contexts)"),
        ("one per pair", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='none')"),
        ("given the context", "return -F.cross_entropy(u[contexts] @ v.T, centers)"),
        (
            "logarithm of the softmax",
            "p = torch.softmax(v[centers] @ u.T, dim=1)\nreturn torch.log(p[torch.arange(len(centers)), contexts]).mean()",
        ),
        (
            "overflow",
            "s = v[centers] @ u.T\np = s.exp() / s.exp().sum(1, keepdim=True)\n"
            "return p[torch.arange(len(centers)), contexts].log().mean()",
        ),
        (
            "other",  # the logarithm of a sum that overflows
            "s = v[centers] @ u.T\n"
            "return (s[torch.arange(len(centers)), contexts] - s.exp().sum(1).log()).mean().nan_to_num()",
        ),
        (
            "overflow of the sum",
            "s = v[centers] @ u.T\nreturn (s[torch.arange(len(centers)), contexts] - s.exp().sum(1).log()).mean()",
        ),
        (
            "clamped",
            "p = torch.softmax(v[centers] @ u.T, dim=1)[torch.arange(len(centers)), contexts]\n"
            "return p.clamp(min=1e-12).log().mean()",
        ),
        (
            "other",
            "p = torch.softmax(v[centers] @ u.T, dim=1)[torch.arange(len(centers)), contexts]\n"
            "return (p + 1e-9).log().mean()",
        ),
        ("wrong axis", "return -F.nll_loss(torch.log_softmax(v[centers] @ u.T, 0), contexts)"),
        ("other", "return torch.log_softmax(v[centers] @ u.T, 1).mean()"),  # over all words
        ("other", "return torch.log_softmax(v[centers] @ u[contexts].T, 1).diag().mean()"),  # over the batch alone
        ("scores alone", "return (v[centers] * u[contexts]).sum(-1).mean()"),
        ("other", "return F.logsigmoid((v[centers] * u[contexts]).sum(-1)).mean()"),
        ("base 2", "return torch.log_softmax(v[centers] @ u.T, 1)[range(len(centers)), contexts].mean() / math.log(2)"),
        (
            "row 0 left out",
            "s = v[centers] @ u.T\n"
            "return (s[torch.arange(len(s)), contexts] - torch.logsumexp(s[:, 1:], dim=1)).mean()",
        ),
        ("other", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='sum') / len(v)"),
    ],
    "softmax_gradients": [
        (
            "sign",
            "y = F.one_hot(contexts, len(u)); e = (y - torch.softmax(v[centers] @ u.T, 1)) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "sum",
            "e = torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "order",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return e.T @ v[centers], torch.zeros_like(v).index_add(0, centers, e @ u)",
        ),
        (
            "truth forgotten",
            "e = torch.softmax(v[centers] @ u.T, 1) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "sigmoid",
            "e = (torch.sigmoid(v[centers] @ u.T) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "last pair of a center",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "g = torch.zeros_like(v); g[centers] += e @ u; return g, e.T @ v[centers]",
        ),
        (
            "contexts alone",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "g = torch.zeros_like(u); g[contexts] = (e.T @ v[centers])[contexts]\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), g",
        ),
        (
            "one row a pair",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return e @ u, e.T @ v[centers]",
        ),
        (
            "wrong axis",
            "e = (torch.softmax(v[centers] @ u.T, 0) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "tables swapped",
            "e = (torch.softmax(u[centers] @ v.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ v), e.T @ u[centers]",
        ),
        (
            "not finite",
            "s = torch.exp(v[centers] @ u.T); p = s / s.sum(1, keepdim=True)\n"
            "e = (p - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "error",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts)) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "shape",
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u)",
        ),
        (
            "other",  # each center's mean in place of the mean over the pairs
            "e = torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))\n"
            "e = e / torch.bincount(centers, minlength=len(v))[centers][:, None]\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "other",  # divided by the words
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(u)\n"
            "return torch.zeros_like(v).index_add(0, centers, e @ u), e.T @ v[centers]",
        ),
        (
            "other",  # row 0 taken for padding
            "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "g = e.T @ v[centers]; g[0] = 0; return torch.zeros_like(v).index_add(0, centers, e @ u), g",
        ),
    ],
}

RIGHT = {
    "skip_gram": [
        "return torch.einsum('bxd,bld->bxl', embed_v(center), embed_u(candidates))",
        "return (embed_v(center) * embed_u(candidates)).sum(dim=2).unsqueeze(1)",
        "return torch.matmul(embed_u(candidates), embed_v(center).mT).transpose(1, 2)",
        "return F.linear(embed_v(center), torch.eye(embed_v.weight.shape[1])) @ embed_u(candidates).swapaxes(1, 2)",
        "return torch.stack([F.embedding(c, embed_v.weight) @ embed_u.weight[row].T for c, row in zip(center, candidates)])",
        "rows = []\n"
        "for b in range(len(center)):\n"
        "    v = embed_v.weight[center[b, 0]]\n"
        "    rows.append(torch.stack([torch.dot(v, embed_u.weight[i]) for i in candidates[b]]))\n"
        "return torch.stack(rows)[:, None, :]",
        "s = torch.zeros(len(center), 1, candidates.shape[1])\n"
        "for b in range(len(center)):\n"
        "    for l in range(candidates.shape[1]):\n"
        "        s[b, 0, l] = embed_v(center[b, 0]) @ embed_u(candidates[b, l])\n"
        "return s",
        "all_scores = embed_v.weight @ embed_u.weight.T\nreturn all_scores[center, candidates].unsqueeze(1)",
    ],
    "objective": [
        "return -F.cross_entropy(v[centers] @ u.T, contexts)",
        "s = v[centers] @ u.T; s = s - s.max(dim=1, keepdim=True).values\n"
        "return (s[torch.arange(len(s)), contexts] - s.exp().sum(1).log()).mean()",
        "total = 0.0\n"
        "for w, c in zip(centers.tolist(), contexts.tolist()):\n"
        "    s = [float(v[w] @ row) for row in u]; m = max(s)\n"
        "    total += s[c] - m - math.log(sum(math.exp(x - m) for x in s))\n"
        "return total / len(centers)",
        "s = v.numpy()[centers.numpy()].astype(float) @ u.numpy().T.astype(float)\n"
        "return (s[np.arange(len(s)), contexts.numpy()] - np.logaddexp.reduce(s, axis=1)).mean()",
        "s = v[centers] @ u.T\nreturn ((v[centers] * u[contexts]).sum(1) - torch.logsumexp(s, 1)).mean()",
        "return F.log_softmax((v.double() @ u.double().T)[centers], -1)[range(len(centers)), contexts].mean().item()",
    ],
    "softmax_gradients": [
        "v, u = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
        "loss = F.cross_entropy(v[centers] @ u.T, contexts)\n"
        "return torch.autograd.grad(loss, (v, u))",
        "v, u = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
        "F.cross_entropy(v[centers] @ u.T, contexts).backward()\nreturn v.grad, u.grad",
        "gv, gu = torch.zeros_like(v), torch.zeros_like(u)\n"
        "for w, c in zip(centers.tolist(), contexts.tolist()):\n"
        "    e = torch.softmax(u @ v[w], dim=0); e[c] -= 1\n"
        "    gv[w] += e @ u / len(centers)\n"
        "    gu += torch.outer(e, v[w]) / len(centers)\n"
        "return gv, gu",
        "x, c = F.one_hot(centers, len(v)).float(), F.one_hot(contexts, len(u)).float()\n"
        "e = (torch.softmax(x @ v @ u.T, dim=1) - c) / len(x)\n"
        "return [x.T @ e @ u, e.T @ x @ v]",
        "V, U, i = v.numpy(), u.numpy(), centers.numpy()\n"
        "s = V[i] @ U.T; p = np.exp(s - s.max(1, keepdims=True)); p /= p.sum(1, keepdims=True)\n"
        "p[np.arange(len(i)), contexts.numpy()] -= 1; p /= len(i)\n"
        "g = np.zeros_like(V); np.add.at(g, i, p @ U); return g, p.T @ V[i]",
        "e = (torch.softmax(v[centers] @ u.T, 1) - F.one_hot(contexts, len(u))) / len(centers)\n"
        "g = torch.zeros_like(v)\n"
        "for w in set(centers.tolist()): g[w] = (e[centers == w] @ u).sum(0)\n"
        "return torch.stack((g, torch.einsum('nv,nd->vd', e, v[centers])))",
    ],
}
