"""Answers to the exercises of 06, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "neighbours": "W, query, k",
    "table_overlap": "v, u, k",
    "analogy": "W, a, b, c",
}

WRONG = {
    "neighbours": [
        ("query kept", "return torch.topk(F.cosine_similarity(W, W[query][None]), k).indices"),
        ("inner product, first one dropped", "return torch.topk(W @ W[query], k + 1).indices[1:]"),
        ("farthest", "s = F.cosine_similarity(W, W[query][None]); s[query] = 9; return s.argsort()[:k]"),
        ("one too few", "return torch.topk(F.cosine_similarity(W, W[query][None]), k).indices[1:]"),
        ("scores", "return torch.topk(F.cosine_similarity(W, W[query][None]), k + 1).values[1:]"),
        ("distance", "d = (W - W[query]).norm(dim=1); d[query] = torch.inf; return d.argsort()[:k]"),
    ],
    "table_overlap": [
        (
            "own word counted",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k).indices.tolist()\n"
            "return np.mean([len(set(a) & set(b)) / k for a, b in zip(f(v), f(u))])",
        ),
        (
            "over the union",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:].tolist()\n"
            "return np.mean([len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in zip(f(v), f(u))])",
        ),
        (
            "count",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:].tolist()\n"
            "return np.mean([len(set(a) & set(b)) for a, b in zip(f(v), f(u))])",
        ),
        (
            "same rank",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:]\n"
            "return (f(v) == f(u)).double().mean()",
        ),
        (
            "inner products",
            "f = lambda W: (W @ W.T - torch.diag(torch.full((len(W),), 1e9))).topk(k).indices.tolist()\n"
            "return np.mean([len(set(a) & set(b)) / k for a, b in zip(f(v), f(u))])",
        ),
    ],
    "analogy": [
        ("query words kept", "n = F.normalize(W, dim=1); return (n @ (n[b] - n[a] + n[c])).argmax().item()"),
        (
            "a and b exchanged",
            "n = F.normalize(W, dim=1); s = n @ (n[a] - n[b] + n[c]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
        (
            "not scaled",
            "x = W[b] - W[a] + W[c]; s = F.cosine_similarity(W, x[None]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
        ("two left in", "n = F.normalize(W, dim=1); s = n @ (n[b] - n[a] + n[c]); s[c] = -9; return s.argmax().item()"),
        (
            "nearest to c",
            "s = F.cosine_similarity(W, W[c][None]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
    ],
}

RIGHT = {}
