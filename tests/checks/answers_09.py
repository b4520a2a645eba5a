"""Answers to the exercises of 09, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "positive_pmi": "N",
    "noise_by_rule": "contexts, q, K",
}

FIRST = "import scipy.sparse as sp; "
P = "p = N / N.sum(); r, c = p.sum(1, keepdims=True), p.sum(0); "
LEFT = "left = q.copy(); left[list(set(contexts))] = 0; "

WRONG = {
    "positive_pmi": [
        (None, "return np.log((N.T / N.sum(1)).T).clip(0)"),
        (None, "return (np.log(N) - np.log(N.sum())).clip(0)"),
        (
            "total forgotten",
            "r = np.outer(N.sum(1), N.sum(0)); return np.log(np.where(N > r, N, 1) / np.where(N > r, r, 1))",
        ),
        (None, "return np.nan_to_num(np.log(N * N.sum() / N.sum(0)[:, None] / N.sum(1)), neginf=0).clip(0)"),
        ("base 2", P + "x = np.where(N > 0, p, 1); y = np.where(N > 0, r * c, 1); return np.log2(x / y).clip(0)"),
        ("minus infinity kept", P + "return np.log(p / (r * c))"),
        ("not a number kept", P + "return np.maximum(np.log(p / (r * c)), 0)"),
        ("a little added", "N = N + 1e-5; " + P + "return np.log(p / (r * c)).clip(0)"),
        (None, P + "return np.log(p / (r * c) + 1e-3).clip(0)"),
        ("one added", "N = N + 1; " + P + "return np.log(p / (r * c)).clip(0)"),
        ("negative values kept", P + "return np.nan_to_num(np.log(p / (r * c)), neginf=0)"),
        ("logarithm of 1 +", P + "return np.nan_to_num(np.log1p(p / (r * c)))"),
        ("ratio cut off", P + "return np.nan_to_num(p / (r * c)).clip(0)"),
        ("absolute", P + "return abs(np.nan_to_num(np.log(p / (r * c)), neginf=0))"),
        (None, "N = (N + N.T) / 2; " + P + "return np.nan_to_num(np.log(p / (r * c))).clip(0)"),
        (None, P + "return np.nan_to_num(p * np.log(p / (r * c)), neginf=0).clip(0)"),
        (None, P + "return np.nan_to_num(np.log(p / (r * c)), neginf=0).clip(0) / -np.log(p.max())"),
        (None, P + "return np.nan_to_num(np.log(p / r)).clip(0)"),
        (
            "in place",
            "N /= N.sum(); r, c = N.sum(1, keepdims=True), N.sum(0); return np.nan_to_num(np.log(N / (r * c))).clip(0)",
        ),
        (None, "p = N / N.sum(); m = p.sum(0); return np.nan_to_num(np.log(p / np.outer(m, m))).clip(0)"),
    ],
    "noise_by_rule": [
        ("rule left out", "return K * len(contexts) * q"),
        ("not drawn again", LEFT + "return K * len(contexts) * left"),
        ("K for the center", LEFT + "return K * left / left.sum()"),
        ("different contexts", LEFT + "return K * len(set(contexts)) * left / left.sum()"),
        ("refused twice", LEFT + "return K * len(contexts) * left / (1 - sum(q[c] for c in contexts))"),
        ("a distribution", LEFT + "return left / left.sum()"),
        (
            "own context alone",
            "out = np.zeros(len(q))\nfor c in contexts:\n    p = q.copy(); p[c] = 0; out += K * p / p.sum()\nreturn out",
        ),
        ("contexts alone", LEFT + "return K * len(contexts) * (q - left)"),
        ("drawn again once", LEFT + "return K * len(contexts) * (left + (1 - left.sum()) * left)"),
        ("in place", "for c in contexts:\n    q[c] = 0\nreturn K * len(contexts) * q / q.sum()"),
        (None, LEFT + "return np.round(K * len(contexts) * left / left.sum())"),
        (None, LEFT + "left = left ** 0.75; return K * len(contexts) * left / left.sum()"),
        (None, LEFT + "return K * len(contexts) * np.exp(left) / np.exp(left).sum()"),
        (None, LEFT + "return K * left / left.sum() / len(contexts)"),
        (
            None,
            "rng = np.random.default_rng(0); " + LEFT + "p = left / left.sum()\n"
            "return np.bincount(rng.choice(len(q), K * len(contexts), p=p), minlength=len(q))",
        ),
        (None, LEFT + "return (K + 1) * len(contexts) * left / left.sum()"),
        (None, "left = np.delete(q, contexts); return K * len(contexts) * left / left.sum()"),
    ],
}

RIGHT = {
    "positive_pmi": [
        P + "return np.nan_to_num(np.log(p / (r * c)), neginf=0).clip(0)",
        "V = len(N); T = N.sum(); out = np.zeros((V, V))\nfor i in range(V):\n    for j in range(V):\n"
        "        if N[i, j] > 0:\n            out[i, j] = max(0, math.log(N[i, j] * T / N[i].sum() / N[:, j].sum()))\nreturn out",
        "t = torch.tensor(N); e = t.sum(1, keepdim=True) * t.sum(0) / t.sum(); return torch.where(t > 0, t / e, 1.0).log().relu()",
        "with np.errstate(all='ignore'):\n    x = np.log(N) + np.log(N.sum()) - np.log(N.sum(1))[:, None] - np.log(N.sum(0))\n"
        "x[~np.isfinite(x)] = 0\nreturn np.maximum(x, 0)",
        "T = N.sum(); return [[max(0.0, math.log(x * T / (N[i].sum() * N[:, j].sum()))) if x else 0 "
        "for j, x in enumerate(row)] for i, row in enumerate(N)]",
        FIRST + "m = sp.coo_matrix(N); r, c = N.sum(1), N.sum(0)\n"
        "d = np.log(m.data * N.sum() / r[m.row] / c[m.col]).clip(0)\nreturn sp.coo_matrix((d, (m.row, m.col)), N.shape).toarray()",
        "e = np.outer(N.sum(1), N.sum(0)) / N.sum(); return np.log(np.divide(N, e, where=N > e, out=np.ones(N.shape)))",
    ],
    "noise_by_rule": [
        LEFT + "return K * len(contexts) * left / left.sum()",
        "total = sum(x for i, x in enumerate(q) if i not in contexts)\n"
        "return [0 if i in contexts else K * len(contexts) * x / total for i, x in enumerate(q)]",
        "ok = ~np.isin(np.arange(len(q)), contexts); return np.where(ok, q, 0) / q[ok].sum() * K * len(contexts)",
        "t = torch.tensor(q); t[torch.tensor(contexts, dtype=torch.long)] = 0; return K * len(contexts) * t / t.sum()",
        "out = np.zeros_like(q)\nfor _ in contexts:\n    p = np.array(q)\n    p[contexts] = 0\n    out += K * p / p.sum()\nreturn out",
        "p = q.copy()\nfor c in contexts:\n    p[c] = 0\nreturn p * (K * len(contexts) / p.sum())",
    ],
}
