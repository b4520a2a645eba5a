"""Answers to the exercises of 02, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

WRONG = {
    "skip_gram": [
        (
            None,  # vectors of two numbers, as on the page
            "v, u = embed_v(center), embed_u(candidates)\n"
            "return (v[..., 0] * u[..., 0] + v[..., 1] * u[..., 1])[:, None]",
        ),
        (
            None,  # u learns nothing
            "return torch.bmm(embed_v(center), embed_u(candidates).data.transpose(1, 2))",
        ),
        (
            None,  # v learns nothing
            "return torch.bmm(embed_v(center).detach(), embed_u(candidates).transpose(1, 2))",
        ),
        (
            None,  # permutes only where the shapes would not fit
            "v, u = embed_v(center), embed_u(candidates)\n"
            "return v @ u if u.shape[1] == u.shape[2] else v @ u.transpose(1, 2)",
        ),
        (
            None,  #
            "return (embed_v(center) * embed_u(candidates)).mean(dim=-1)[:, None]",
        ),
        (
            None,  # B = 1 or L = 1
            "return (embed_v(center) @ embed_u(candidates).mT).squeeze().unsqueeze(1)",
        ),
        (
            None,  # where padding's gradient stops
            "v = embed_v(center)\nu = F.embedding(candidates, embed_u.weight, padding_idx=0)\nreturn v @ u.mT",
        ),
        (
            None,  # tables of its own: right values, gradients to a copy
            "v = nn.Embedding.from_pretrained(embed_v.weight.data.clone(), freeze=False)\n"
            "u = nn.Embedding.from_pretrained(embed_u.weight.data.clone(), freeze=False)\n"
            "return v(center) @ u(candidates).mT",
        ),
        (
            None,  # one row, or one dimension, squeezed away
            "v = embed_v(center).squeeze()\nreturn torch.einsum('bd,bld->bl', v, embed_u(candidates))[:, None]",
        ),
        (
            None,  # every id once
            "ids, at = torch.unique(candidates, return_inverse=True)\n"
            "return (embed_v(center)[:, 0] @ embed_u(ids).T)[:, None, at[0]]",
        ),
    ],
    "objective": [
        (
            None,  # every context for every center
            "return F.log_softmax(v[centers] @ u.T, dim=1)[:, contexts].mean()",
        ),
        (
            None,  # one largest score for all pairs
            "s = v[centers] @ u.T\n"
            "s = s - s.max()\n"
            "return (s[range(len(s)), contexts] - s.exp().sum(dim=1).log()).mean()",
        ),
        (
            None,  # finite, and another score
            "s = (v[centers] @ u.T).clamp(-80, 80)\n"
            "return (s[range(len(s)), contexts] - s.exp().sum(dim=1).log()).mean()",
        ),
        (
            None,  # each pair once
            "pairs = torch.unique(torch.stack([centers, contexts], dim=1), dim=0)\n"
            "s = v[pairs[:, 0]] @ u.T\n"
            "return -F.cross_entropy(s, pairs[:, 1])",
        ),
        (
            None,  # the mean over centers: equation 1's T
            "s = F.log_softmax(v[centers] @ u.T, dim=1)\n"
            "return s[range(len(s)), contexts].sum() / len(centers.unique())",
        ),
        (
            None,  # the mean of the centers' means
            "s = F.log_softmax(v[centers] @ u.T, dim=1)[range(len(centers)), contexts]\n"
            "return torch.stack([s[centers == w].mean() for w in centers.unique()]).mean()",
        ),
        (
            None,  # the log of the mean
            "P = torch.softmax(v[centers] @ u.T, dim=1)\nreturn torch.log(P[range(len(P)), contexts].mean())",
        ),
        (
            None,  # over the contexts that occur, in place of the vocabulary
            "seen, at = torch.unique(contexts, return_inverse=True)\n"
            "return -F.cross_entropy(v[centers] @ u[seen].T, at)",
        ),
        (
            None,  # the last pair alone
            "for w, c in zip(centers, contexts):\n"
            "    total = F.log_softmax(u @ v[w], dim=0)[c]\n"
            "return total / len(centers)",
        ),
        (
            None,  # the softmax over the centers
            "s = v @ u.T\nreturn (s[centers, contexts] - torch.logsumexp(s, dim=0)[contexts]).mean()",
        ),
        (
            None,  # a largest score that is never below 0
            "s = v[centers] @ u.T\n"
            "m = s.max().clamp(min=0)\n"
            "return (s[range(len(s)), contexts] - m - (s - m).exp().sum(dim=1).log()).mean()",
        ),
    ],
    "softmax_gradients": [
        (
            None,  # every context subtracted from every pair
            "E = torch.softmax(v[centers] @ u.T, dim=1)\n"
            "E[:, contexts] -= 1\n"
            "E /= len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u), E.T @ v[centers]",
        ),
        (
            None,  # one largest score for all pairs
            "s = v[centers] @ u.T\n"
            "x = torch.exp(s - s.max())\n"
            "E = x / x.sum(dim=1, keepdim=True)\n"
            "E[range(len(E)), contexts] -= 1\n"
            "E = E / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u), E.T @ v[centers]",
        ),
        (
            None,  # the mean for one table, the sum for the other
            "E = torch.softmax(v[centers] @ u.T, dim=1)\n"
            "E[range(len(E)), contexts] -= 1\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u / len(E)), E.T @ v[centers]",
        ),
        (
            None,  # the truth in the center's place
            "E = torch.softmax(v[centers] @ u.T, dim=1) - F.one_hot(centers, len(u))\n"
            "E /= len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u), E.T @ v[centers]",
        ),
        (
            None,  # each pair once
            "pairs = torch.unique(torch.stack([centers, contexts]), dim=1)\n"
            "w, c = pairs\n"
            "E = (torch.softmax(v[w] @ u.T, dim=1) - F.one_hot(c, len(u))) / len(w)\n"
            "return torch.zeros_like(v).index_add(0, w, E @ u), E.T @ v[w]",
        ),
        (
            None,  # the last pair's error for the context table
            "n, gv, gu = len(centers), torch.zeros_like(v), torch.zeros_like(u)\n"
            "for w, c in zip(centers, contexts):\n"
            "    e = torch.softmax(u @ v[w], dim=0)\n"
            "    e[c] -= 1\n"
            "    gv[w] += e @ u / n\n"
            "    gu = torch.outer(e, v[w]) / n\n"
            "return gv, gu",
        ),
        (
            None,  # a step after each pair: the second pair sees other tables
            "a, b, n = v.clone(), u.clone(), len(centers)\n"
            "for w, c in zip(centers, contexts):\n"
            "    e = torch.softmax(b @ a[w], dim=0)\n"
            "    e[c] -= 1\n"
            "    da, db = e @ b / n, torch.outer(e, a[w]) / n\n"
            "    a[w] += da\n"
            "    b += db\n"
            "return a - v, b - u",
        ),
        (
            None,  # the formula in the answer's place: u's gradient from the mean center
            "E = (torch.softmax(v[centers] @ u.T, dim=1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u), torch.outer(E.sum(0), v[centers].mean(0))",
        ),
        (
            None,  # the context's v in place of the center's
            "E = (torch.softmax(v[centers] @ u.T, dim=1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, centers, E @ u), E.T @ v[contexts]",
        ),
        (
            None,  # added up at the contexts
            "E = (torch.softmax(v[centers] @ u.T, dim=1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "return torch.zeros_like(v).index_add(0, contexts, E @ u), E.T @ v[centers]",
        ),
        (
            None,  # the context table's rows of the pairs alone, for grad_v
            "E = (torch.softmax(v[centers] @ u.T, dim=1) - F.one_hot(contexts, len(u))) / len(centers)\n"
            "e = E[range(len(E)), contexts]\n"
            "return torch.zeros_like(v).index_add(0, centers, e[:, None] * u[contexts]), E.T @ v[centers]",
        ),
    ],
}

RIGHT = {
    "skip_gram": [
        ("return torch.einsum('bod,bld->bol', embed_v(center), embed_u(candidates))"),
        (
            "v, u = embed_v.weight[center], embed_u.weight[candidates]\n"
            "return torch.stack([v[b] @ u[b].T for b in range(len(v))])"
        ),
        ("return torch.baddbmm(torch.zeros(1), embed_u(candidates), embed_v(center).mT).mT"),
        ("return torch.vmap(lambda v, u: v @ u.T)(embed_v(center), embed_u(candidates))"),
        (
            "v, u = embed_v(center), embed_u(candidates)\n"
            "v = v.expand(-1, u.shape[1], -1).contiguous()\n"
            "return F.bilinear(v, u, torch.eye(v.shape[-1])[None]).mT"
        ),
    ],
    "objective": [
        ("return torch.distributions.Categorical(logits=v[centers] @ u.T).log_prob(contexts).mean()"),
        (
            "C = torch.zeros(len(v), len(u)).index_put((centers, contexts), torch.ones(len(centers)), accumulate=True)\n"
            "return (C * F.log_softmax(v @ u.T, dim=1)).sum() / C.sum()"
        ),
        (
            "a, b = v.detach().double().numpy(), u.detach().double().numpy()\n"
            "s = a[centers.numpy()] @ b.T\n"
            "s = s - s.max(axis=1, keepdims=True)\n"
            "logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n"
            "return logp[np.arange(len(s)), contexts.numpy()].mean()"
        ),
        ("return F.nll_loss(F.log_softmax(v[centers] @ u.T, dim=-1), contexts).neg()"),
    ],
    "softmax_gradients": [
        (
            "C = torch.zeros(len(v), len(u)).index_put((centers, contexts), torch.ones(len(centers)), accumulate=True)\n"
            "E = (C.sum(dim=1, keepdim=True) * torch.softmax(v @ u.T, dim=1) - C) / len(centers)\n"
            "return E @ u, E.T @ v"
        ),
        (
            "E = torch.softmax(torch.einsum('nd,jd->nj', v[centers], u), dim=-1)\n"
            "E = (E - (contexts[:, None] == torch.arange(len(u))).float()) / len(contexts)\n"
            "grad_u = torch.einsum('nj,nd->jd', E, v[centers])\n"
            "return torch.stack([(E @ u)[centers == w].sum(dim=0) for w in range(len(v))]), grad_u"
        ),
        (
            "s = v[centers] @ u.T\n"
            "E = torch.exp(s - torch.logsumexp(s, dim=1, keepdim=True))\n"
            "E[torch.arange(len(E)), contexts] -= 1\n"
            "return torch.zeros_like(v).index_add_(0, centers, E @ u) / len(E), E.T @ v[centers] / len(E)"
        ),
        (
            "from collections import Counter\n"
            "n, gv, gu = len(centers), torch.zeros_like(v), torch.zeros_like(u)\n"
            "for (w, c), k in Counter(zip(centers.tolist(), contexts.tolist())).items():\n"
            "    e = torch.softmax(u @ v[w], dim=0)\n"
            "    e[c] -= 1\n"
            "    gv[w] += k * (e @ u) / n\n"
            "    gu += k * torch.outer(e, v[w]) / n\n"
            "return gv, gu"
        ),
        (
            "loss = torch.func.grad(lambda a, b: F.cross_entropy(a[centers] @ b.T, contexts), argnums=(0, 1))\n"
            "return loss(v, u)"
        ),
    ],
}
