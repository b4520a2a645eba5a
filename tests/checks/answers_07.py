"""Answers to the exercises of 07, as students write them: ``test_answers.py`` runs them and says what they mean."""

import scipy.stats as ss
from scipy.stats import pearsonr, rankdata, spearmanr

HEAD = {
    "spearman": "x, y",
    "bootstrap": "x, y, rows",
    "holm": "p",
}

WRONG = {
    "spearman": [
        ("Pearson", "return np.corrcoef(x, y)[0, 1]"),
        ("ties unequal", "r = lambda z: z.argsort(kind='stable').argsort(); return np.corrcoef(r(x), r(y))[0, 1]"),
        ("argsort once", "return np.corrcoef(x.argsort(kind='stable'), y.argsort(kind='stable'))[0, 1]"),
        ("forbidden", "return spearmanr(-x, y)[0]"),
        ("forbidden", "return ss.spearmanr(x, y).statistic"),
        ("sign", "return np.corrcoef(rankdata(-x), rankdata(y))[0, 1]"),
        ("squared", "return np.corrcoef(rankdata(x), rankdata(y))[0, 1] ** 2"),
        ("size alone", "return abs(np.corrcoef(rankdata(x), rankdata(y))[0, 1])"),
        ("no negative value", "return np.maximum(0, np.corrcoef(rankdata(x), rankdata(y))[0, 1])"),
        (None, "return max(0, pearsonr(rankdata(x), rankdata(y))[0])"),
        (
            "sum of squares",
            "d = rankdata(x) - rankdata(y); n = len(x); return 1 - 6 * np.sum(d * d) / (n * n * n - n)",
        ),
        ("ties at the lowest", "r = lambda z: [np.sum(z < v) for v in z]; return np.corrcoef(r(x), r(y))[0, 1]"),
        ("ties at the highest", "r = lambda z: [np.sum(z <= v) for v in z]; return np.corrcoef(r(x), r(y))[0, 1]"),
        (
            "ties counted once",
            "r = lambda z: np.unique(z, return_inverse=True)[1]; return np.corrcoef(r(x), r(y))[0, 1]",
        ),
        (None, "return np.corrcoef(rankdata(x), y)[0, 1]"),
        (None, "return pearsonr(rankdata(x), rankdata(y))"),
        (None, "return np.corrcoef(rankdata(x), rankdata(y))"),
        (None, "return ss.kendalltau(x, y)[0]"),
        ("in place", "x.sort(); return np.corrcoef(rankdata(x), rankdata(y))[0, 1]"),
        (None, "return round(np.corrcoef(rankdata(x), rankdata(y))[0, 1], 2)"),
        (None, "return np.corrcoef(rankdata(np.round(x, 6)), rankdata(np.round(y, 6)))[0, 1]"),
        ("zero for no order", "return np.nan_to_num(np.corrcoef(rankdata(x), rankdata(y))[0, 1])"),
        (None, "a = rankdata(x) - rankdata(x).mean(); b = rankdata(y) - rankdata(y).mean(); return (a * b).mean()"),
    ],
    "bootstrap": [
        ("90 percent", "return np.quantile([spearmanr(x[r], y[r])[0] for r in rows], [0.05, 0.95])"),
        ("smallest and largest", "s = [spearmanr(x[r], y[r])[0] for r in rows]; return min(s), max(s)"),
        ("Pearson", "return np.percentile([np.corrcoef(x[r], y[r])[0, 1] for r in rows], [2.5, 97.5])"),
        (
            "from a normal distribution",
            "s = np.std([spearmanr(x[r], y[r])[0] for r in rows]); m = spearmanr(x, y)[0]\n"
            "return m - 1.96 * s, m + 1.96 * s",
        ),
        (None, "s = [spearmanr(x[r], y[r])[0] for r in rows]; return np.mean(s) - np.std(s), np.mean(s) + np.std(s)"),
        ("half a percent", "return np.percentile([spearmanr(x[r], y[r])[0] for r in rows], [0.025, 0.975])"),
        ("the first hundred", "return np.percentile([spearmanr(x[r], y[r])[0] for r in rows[:100]], [2.5, 97.5])"),
        (None, "return np.percentile([spearmanr(x[rows[i]], y[rows[i]])[0] for i in range(100)], [2.5, 97.5])"),
        ("ends in the other order", "return np.percentile([spearmanr(x[r], y[r])[0] for r in rows], [97.5, 2.5])"),
        (
            "ranked once",
            "a, b = rankdata(x), rankdata(y)\nreturn np.percentile([np.corrcoef(a[r], b[r])[0, 1] for r in rows], [2.5, 97.5])",
        ),
        (
            None,
            "g = np.random.default_rng(0); n = len(x)\ns = [spearmanr(x[r], y[r])[0] for r in g.integers(0, n, rows.shape)]\nreturn np.percentile(s, [2.5, 97.5])",
        ),
        (None, "return np.percentile([spearmanr(x[r], y)[0] for r in rows], [2.5, 97.5])"),
        (None, "return [spearmanr(x[r], y[r])[0] for r in rows]"),
        (None, "return np.percentile([spearmanr(x[np.unique(r)], y[np.unique(r)])[0] for r in rows], [2.5, 97.5])"),
        (None, "s = [spearmanr(x[r], y[r])[0] for r in rows]; return np.ptp(np.percentile(s, [2.5, 97.5]))"),
        (
            "divided by the root of R",
            "s = np.std([spearmanr(x[r], y[r])[0] for r in rows]) / np.sqrt(len(rows)); m = spearmanr(x, y)[0]\n"
            "return m - 1.96 * s, m + 1.96 * s",
        ),
        (
            "mirrored",
            "m = spearmanr(x, y)[0]; lo, hi = np.percentile([spearmanr(x[r], y[r])[0] for r in rows], [2.5, 97.5])\nreturn 2 * m - hi, 2 * m - lo",
        ),
    ],
    "holm": [
        ("all times m", "return np.minimum(p * len(p), 1)"),
        (
            "above 1",
            "o = p.argsort(); a = np.empty(len(p)); a[o] = np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1)); return a",
        ),
        (
            "falls again",
            "o = p.argsort(); a = np.empty(len(p)); a[o] = np.minimum(1, p[o] * np.arange(len(p), 0, -1)); return a",
        ),
        ("sorted", "s = np.sort(p); return np.minimum(1, np.maximum.accumulate(s * (len(p) - np.arange(len(p)))))"),
        (
            None,
            "o = np.argsort(p); a = np.minimum(1, np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1))); return a[o]",
        ),
        ("factors by place", "return np.minimum(1, np.maximum.accumulate(p * np.arange(len(p), 0, -1)))"),
        (None, "return np.minimum(1, p * np.arange(len(p), 0, -1))"),
        (
            "false discovery rate",
            "m = len(p); o = np.argsort(p); a = np.empty(m); v = p[o] * m / np.arange(1, m + 1)\na[o] = np.minimum(1, np.minimum.accumulate(v[::-1])[::-1]); return a",
        ),
        (
            "from the largest",
            "m = len(p); o = np.argsort(p); a = np.empty(m); v = p[o] * np.arange(m, 0, -1)\na[o] = np.minimum(1, np.minimum.accumulate(v[::-1])[::-1]); return a",
        ),
        (
            "factors rise",
            "o = np.argsort(p); a = np.empty(len(p)); a[o] = np.minimum(1, np.maximum.accumulate(p[o] * np.arange(1, len(p) + 1))); return a",
        ),
        (
            "found or not",
            "o = np.argsort(p); a = np.empty(len(p)); a[o] = np.minimum(1, np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1)))\nreturn a <= 0.05",
        ),
        (
            "one factor too few",
            "o = np.argsort(p); a = np.empty(len(p)); a[o] = np.maximum.accumulate(p[o] * (len(p) - 1 - np.arange(len(p)))); return np.minimum(a, 1)",
        ),
        (
            "in place",
            "o = np.argsort(p); p[o] = np.minimum(1, np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1))); return p",
        ),
        (None, "return 1 - (1 - p) ** len(p)"),
        (None, "m = len(p); return np.array([min(1, x * (m - np.sum(p < x))) for x in p])"),
        (None, "return p"),
    ],
}

RIGHT = {
    "spearman": [
        "return np.corrcoef(rankdata(x), rankdata(y))[0, 1]",
        "return pearsonr(rankdata(x), rankdata(y))[0]",
        "return ss.pearsonr(ss.rankdata(x), ss.rankdata(y)).statistic",
        "r = lambda z: np.array([np.sum(z < v) + np.sum(z == v) / 2 for v in z])\nreturn np.corrcoef(r(x), r(y))[0, 1]",
        "def ranks(z):\n"
        "    out, s = [], sorted(z)\n"
        "    for v in z:\n"
        "        first = s.index(v)\n"
        "        out.append(first + (s.count(v) + 1) / 2)\n"
        "    return torch.tensor(out, dtype=torch.float64)\n"
        "a, b = ranks(x), ranks(y)\n"
        "a, b = a - a.mean(), b - b.mean()\n"
        "return (a @ b / (a.norm() * b.norm())).item()",
        "_, i, c = np.unique(x, return_inverse=True, return_counts=True)\n"
        "_, j, d = np.unique(y, return_inverse=True, return_counts=True)\n"
        "a, b = (np.cumsum(c) - c / 2)[i], (np.cumsum(d) - d / 2)[j]\n"
        "return np.cov(a, b)[0, 1] / np.sqrt(np.cov(a) * np.cov(b))",
    ],
    "bootstrap": [
        "return np.percentile([spearmanr(x[row], y[row])[0] for row in rows], [2.5, 97.5])",
        "s = [ss.spearmanr(x[row], y[row]).statistic for row in rows]\n"
        "return np.quantile(s, 0.025), np.quantile(s, 0.975)",
        "s = sorted(np.corrcoef(rankdata(x[r]), rankdata(y[r]))[0, 1] for r in rows); n = len(s)\n"
        "return s[int(0.025 * n)], s[min(n - 1, int(0.975 * n))]",
        "a, b = rankdata(x[rows], axis=1), rankdata(y[rows], axis=1)\n"
        "a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)\n"
        "s = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))\n"
        "return tuple(np.percentile(s, (2.5, 97.5)))",
        "s = torch.tensor([spearmanr(x[r], y[r])[0] for r in rows])\n"
        "return torch.quantile(s, torch.tensor([0.025, 0.975], dtype=s.dtype))",
        "return np.percentile([spearmanr(x[r], y[r])[0] for r in rows], [2.5, 97.5], method='nearest')",
        "s = []\nfor i in range(len(rows)):\n    s.append(spearmanr(x[rows[i]], y[rows[i]])[0])\ns = np.sort(s)\n"
        "cut = int(len(s) * 0.025)\nreturn s[cut], s[-1 - cut]",
    ],
    "holm": [
        "o = np.argsort(p); a = np.empty(len(p))\n"
        "a[o] = np.minimum(1, np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1)))\nreturn a",
        "m, out, most = len(p), [0] * len(p), 0\n"
        "for k, i in enumerate(sorted(range(m), key=lambda i: p[i])):\n"
        "    most = max(most, (m - k) * p[i]); out[i] = min(1, most)\n"
        "return out",
        "s = np.sort(p); m = len(p)\n"
        "return np.array([min(1, max((m - k) * s[k] for k in range(m) if s[k] <= x)) for x in p])",
        "v, o = torch.tensor(p).sort()\n"
        "a = (v * torch.arange(len(p), 0, -1)).cummax(0).values.clamp(max=1)\n"
        "return a[o.argsort()]",
        "m = len(p); order = p.argsort(kind='stable'); rank = order.argsort()\n"
        "return np.minimum(np.maximum.accumulate((m - np.arange(m)) * p[order]), 1)[rank]",
    ],
}
SCOPE = {"spearmanr": spearmanr, "pearsonr": pearsonr, "rankdata": rankdata, "ss": ss}
