"""Answers to the exercises of 09, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

from helpers import counts

SCOPE = {"counts": counts}

RAW = (
    "P, rows, cols = N.sum(), N.sum(1, keepdims=True), N.sum(0, keepdims=True)\n"
    "with np.errstate(all='ignore'):\n    x = np.log(N * P / (rows * cols))\n"
)
CUT = "return np.maximum(np.nan_to_num(x, neginf=0), 0)"
PAIR = "max(0, np.log(N[i, j] * N.sum() / (N[i].sum() * N[:, j].sum())))\n"
MEET = f"for i, j in np.argwhere(N):\n    out[i, j] = {PAIR}return out"
LEFT = "p = q.copy()\np[contexts] = 0\n"
FREE = "left = [w for w in range(len(q)) if w not in contexts]\n"

WRONG = {
    "positive_pmi": [
        ("forbidden", "return counts.shifted_positive_pmi(N, K=1).toarray()"),
        ("forbidden", "with np.errstate(all='ignore'):\n    return np.nan_to_num(counts.pmi(N), neginf=0).clip(0)"),
        ("forbidden", "from helpers.counts import pmi\nreturn np.nan_to_num(pmi(N), neginf=0).clip(0)"),
        # row totals twice; row totals along the columns
        (None, "r = N.sum(1); x = np.log(N * N.sum() / np.outer(r, r)); " + CUT),
        (None, "p = N / N.sum(); x = np.log(p / p.sum(1) / p.sum(0)); " + CUT),
        # a little in the denominator is not little beside expectations
        (None, RAW + "x = np.log(N * P / (rows * cols + 1e-9)); " + CUT),
        # whole counts alone: those below 1 left out, cut off, or the results cut off to the type of N
        (None, f"out = np.zeros(N.shape)\nfor i, j in np.argwhere(N >= 1):\n    out[i, j] = {PAIR}return out"),
        (None, "N = N.astype(int)\nout = np.zeros(N.shape)\n" + MEET),
        (None, "out = np.zeros_like(N)\n" + MEET),
        # word 0 taken for padding; one half mirrored; a word with itself left out
        (None, f"out = np.zeros(N.shape)\nfor i, j in np.argwhere(N):\n    if i and j:\n        out[i, j] = {PAIR}return out"),
        (None, f"out = np.zeros(N.shape)\nfor i, j in np.argwhere(np.triu(N)):\n    out[i, j] = out[j, i] = {PAIR}return out"),
        (None, "N = N * (1 - np.eye(len(N)))\n" + RAW + CUT),
        # other totals: of the cells that are not 0; of V contexts that are all as likely
        (None, RAW + "x = np.log(N * (N > 0).sum() / (rows * cols)); " + CUT),
        (None, RAW + "x = np.log(N * len(N) / rows); " + CUT),
        # words that never occur: cut out; the table given up; no centers if they are no contexts
        (None, "N = N[N.sum(1) > 0][:, N.sum(0) > 0]\n" + RAW + CUT),
        (None, "if not (N.any(0).all() and N.any(1).all()):\n    return np.zeros(N.shape)\n" + RAW + CUT),
        (None, "keep = N.any(0) & N.any(1)\nN = N * np.outer(keep, keep)\n" + RAW + CUT),
        ("shifted", RAW + "x = x - np.log(5)\n" + CUT),
        (None, RAW + "with np.errstate(all='ignore'):\n    x = x / -np.log(N / P)\n" + CUT),
        # as the example is: rounded, two words
        (None, RAW + "return np.round(np.maximum(np.nan_to_num(x, neginf=0), 0), 3)"),
        (None, "out = np.zeros((2, 2))\n" + MEET),
    ],
    "noise_by_rule": [
        (None, "p = q.copy()\np[contexts[0]] = 0\nreturn K * len(contexts) * p / p.sum()"),
        # repeated once, whatever comes; with the refused draws counted
        (None, LEFT + "return K * len(contexts) * (p + (1 - p.sum()) * q)"),
        (None, LEFT + "return K * len(contexts) * q / p.sum()"),
        ("shared out evenly", LEFT + "return K * len(contexts) * (p + (p > 0) * (1 - p.sum()) / (p > 0).sum())"),
        (None, "left = q > 0\nleft[contexts] = False\nreturn K * len(contexts) * left / left.sum()"),
        # word 0 taken for padding; words as likely as a context refused with it
        (None, LEFT + "p[0] = 0\nreturn K * len(contexts) * p / p.sum()"),
        (None, "p = np.where(np.isin(q, q[contexts]), 0, q)\nreturn K * len(contexts) * p / p.sum()"),
        # contexts that are never noise bring none; places for ids; a word that stands twice is back
        (None, LEFT + "return K * sum(q[c] > 0 for c in contexts) * p / p.sum()"),
        (None, "p = q.copy()\np[: len(contexts)] = 0\nreturn K * len(contexts) * p / p.sum()"),
        (None, "p = q * (np.bincount(contexts, minlength=len(q)) % 2 == 0)\nreturn K * len(contexts) * p / p.sum()"),
        # the mean of many draws; the example's size; a sum for a product
        (None, FREE + "p = q[left] / q[left].sum(); drawn = np.random.choice(left, 200_000, p=p)\n"
         "return K * len(contexts) * np.bincount(drawn, minlength=len(q)) / 200_000"),
        (None, "m = np.zeros(5)\n" + FREE + "for w in left:\n    m[w] = K * len(contexts) * q[w] / q[left].sum()\nreturn m"),
        (None, LEFT + "return (K + len(contexts)) * p / p.sum()"),
    ],
}  # fmt: skip

RIGHT = {
    "positive_pmi": [
        RAW + "return np.fmax(x, 0)",
        "p = N / N.sum(); chance = np.einsum('ij,kl->il', p, p)\n"
        "return np.log(np.maximum(np.divide(p, chance, out=np.ones(p.shape), where=chance > 0), 1))",
        "M = N.sum(1)[:, None] * N.sum(0) / N.sum(); x = np.zeros(N.shape); more = N > M\n"
        "x[more] = np.log(N[more] / M[more])\nreturn x",
        "t = torch.tensor(N, dtype=torch.float64); x = t.log() + t.sum().log()\n"
        "return torch.where(t > 0, x - t.sum(1, keepdim=True).log() - t.sum(0).log(), 0).clamp(min=0)",
        "given = N / np.where(N.any(1), N.sum(1), 1)[:, None]; share = N.sum(0) / N.sum()\n"
        "lift = given / np.where(share > 0, share, 1); lift[lift < 1] = 1\nreturn np.log(lift)",
    ],
    "noise_by_rule": [
        "p = q.copy()\nfor c in contexts:\n    p[c] = 0\n    p = p / p.sum()\nreturn K * len(contexts) * p",
        "m = np.zeros(len(q))\n"
        + FREE
        + "for _ in range(K * len(contexts)):\n    m[left] += q[left] / q[left].sum()\nreturn m",
        "t = torch.tensor(q).index_fill(0, torch.tensor(contexts, dtype=torch.long), 0)\n"
        "return len(contexts) * K * t / t.sum()",
        LEFT + "return K * len(contexts) * p / (1 - sum(q[c] for c in set(contexts)))",
        "free = np.bincount(np.array(contexts, dtype=int), minlength=len(q)) == 0\n"
        "return np.einsum(',w,w->w', K * len(contexts) / q[free].sum(), q, free * 1.0)",
    ],
}
