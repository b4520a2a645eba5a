"""Answers to the exercises of 07, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

from scipy.stats import rankdata, spearmanr

WRONG = {
    "spearman": [
        # near values become ties
        (None, "return np.corrcoef(rankdata(x.astype(np.float32)), rankdata(y.astype(np.float32)))[0, 1]"),
        # ties in x alone
        (None, "return np.corrcoef(rankdata(x), y.argsort().argsort())[0, 1]"),
        # a mean rank cut to a whole number
        (None, "r = lambda v: (rankdata(v, 'min') + rankdata(v, 'max')) // 2\nreturn np.corrcoef(r(x), r(y))[0, 1]"),
        # n - 1 above, n below
        (None, "a, b = rankdata(x), rankdata(y)\nreturn np.cov(a, b)[0, 1] / (a.std() * b.std())"),
        # never nan
        (
            None,
            "a, b = rankdata(x), rankdata(y)\na, b = a - a.mean(), b - b.mean()\nreturn (a @ b) / (np.sqrt((a @ a) * (b @ b)) + 1e-12)",
        ),
        # constant where the ends are equal
        (
            None,
            "if x[0] == x[-1] or y[0] == y[-1]:\n    return np.nan\nreturn np.corrcoef(rankdata(x), rankdata(y))[0, 1]",
        ),
        # nan for a constant x alone
        (
            None,
            "if np.ptp(x) == 0:\n    return np.nan\nif np.ptp(y) == 0:\n    return 0.0\nreturn np.corrcoef(rankdata(x), rankdata(y))[0, 1]",
        ),
        # a tie of three
        (
            None,
            "def r(v):\n    order = np.argsort(v, kind='stable')\n    ranks = np.arange(1.0, len(v) + 1)\n    for i in range(len(v) - 1):\n        if v[order[i]] == v[order[i + 1]]:\n            ranks[i] = ranks[i + 1] = (ranks[i] + ranks[i + 1]) / 2\n    out = np.empty(len(v))\n    out[order] = ranks\n    return out\na, b = r(x), r(y)\nif np.ptp(x) == 0 or np.ptp(y) == 0:\n    return np.nan\nreturn np.corrcoef(a, b)[0, 1]",
        ),
        # values that repeat are dropped
        (None, "x, first = np.unique(x, return_index=True)\nreturn np.corrcoef(rankdata(x), rankdata(y[first]))[0, 1]"),
        # equal to a billionth is a tie
        (
            None,
            "r = lambda v: (v[:, None] > v + 1e-9).sum(1) + np.isclose(v[:, None], v).sum(1) / 2\nreturn np.corrcoef(r(x), r(y))[0, 1]",
        ),
    ],
    "bootstrap": [
        # the pairs are torn apart
        (
            None,
            "s = [spearmanr(x[a], y[b])[0] for a, b in zip(rows, rows[::-1])]\nreturn tuple(np.percentile(s, [2.5, 97.5]))",
        ),
        (
            None,
            "s = np.array([spearmanr(x[r], y[r])[0] for r in rows])\nreturn s.mean() - 1.96 * s.std(), s.mean() + 1.96 * s.std()",
        ),
        # the first resample is lost
        (
            None,
            "s = [spearmanr(x[r], y[r])[0] for r in (rows[1:] if len(rows) > 1 else rows)]\nreturn tuple(np.percentile(s, [2.5, 97.5]))",
        ),
        # p-values
        (None, "s = [spearmanr(x[r], y[r])[1] for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        (None, "s = [round(spearmanr(x[r], y[r])[0], 2) for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        (None, "rho = spearmanr(x[rows.ravel()], y[rows.ravel()])[0]\nreturn rho, rho"),
        (None, "s = [abs(spearmanr(x[r], y[r])[0]) for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        # equal correlations count once
        (None, "s = np.unique([spearmanr(x[r], y[r])[0] for r in rows])\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        # places counted from 1
        (None, "s = [spearmanr(x[r - 1], y[r - 1])[0] for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        (None, "s = [spearmanr(x[r], y[r])[0] for r in rows[:20]]\nreturn tuple(np.percentile(s, [2.5, 97.5]))"),
        # of the differences to the score
        (
            None,
            "s = [spearmanr(x[r], y[r])[0] - spearmanr(x, y)[0] for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5]))",
        ),
        # the interval of a mean
        (
            None,
            "s = np.array([spearmanr(x[r], y[r])[0] for r in rows])\ne = 1.96 * s.std() / len(s) ** 0.5\nreturn s.mean() - e, s.mean() + e",
        ),
    ],
    "holm": [
        # ties get too small a factor
        (None, "f = (p > p[:, None]).sum(axis=1) + 1\na = p * f\nreturn np.minimum([a[p <= v].max() for v in p], 1)"),
        (None, "a = p * (len(p) + 1 - rankdata(p))\nreturn np.minimum([a[p <= v].max() for v in p], 1)"),
        (None, "a = p * (len(p) + 1 - rankdata(p, 'dense'))\nreturn np.minimum([a[p <= v].max() for v in p], 1)"),
        # raised to the one before, not to the largest so far
        (
            None,
            "o = np.argsort(p)\na = p[o] * np.arange(len(p), 0, -1)\nout = np.empty(len(p))\nout[o] = np.maximum(a, np.append(0, a[:-1]))\nreturn np.minimum(out, 1)",
        ),
        # Sidak's
        (
            None,
            "o = np.argsort(p)\nout = np.empty(len(p))\nout[o] = np.maximum.accumulate(1 - (1 - p[o]) ** np.arange(len(p), 0, -1))\nreturn out",
        ),
        # ends at the first above 0.05
        (
            None,
            "o = np.argsort(p)\nout = np.ones(len(p))\nbig = 0\nfor i, k in enumerate(o):\n    big = max(big, p[k] * (len(p) - i))\n    if big > 0.05:\n        break\n    out[k] = big\nreturn out",
        ),
        # raised in the given order
        (
            None,
            "o = np.argsort(p)\nout = np.empty(len(p))\nout[o] = p[o] * np.arange(len(p), 0, -1)\nreturn np.minimum(np.maximum.accumulate(out), 1)",
        ),
        # equal values count once
        (
            None,
            "s = np.unique(p)\na = np.maximum.accumulate(s * np.arange(len(s), 0, -1))\nreturn np.minimum(a, 1)[np.searchsorted(s, p)]",
        ),
        # sorts what it was given
        (
            None,
            "before = p.copy()\np.sort()\na = np.minimum(np.maximum.accumulate(p * np.arange(len(p), 0, -1)), 1)\nreturn a[np.searchsorted(p, before)]",
        ),
        (
            None,
            "o = np.argsort(p)\nout = np.empty(len(p))\nout[o] = np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1))\nreturn np.where(out > 1, np.nan, out)",
        ),
        (
            None,
            "o = np.argsort(p)\nout = np.empty(len(p))\nout[o] = np.maximum.accumulate(p[o] * np.arange(len(p), 0, -1))\nreturn np.minimum(out, 1).round(2)",
        ),
        # index finds the first of equal values
        (
            None,
            "s = sorted(p)\nout = np.zeros(len(p))\nbig = 0\nfor i, v in enumerate(s):\n    big = max(big, v * (len(p) - i))\n    out[list(p).index(v)] = min(big, 1)\nreturn out",
        ),
    ],
}

RIGHT = {
    "spearman": [
        "r = lambda v: (np.searchsorted(np.sort(v), v, 'left') + np.searchsorted(np.sort(v), v, 'right') + 1) / 2\nreturn np.corrcoef(r(x), r(y))[0, 1]",
        "a, b = (np.sign(v[:, None] - v).sum(axis=1) for v in (x.astype(float), y.astype(float)))\nreturn (a @ b) / np.sqrt((a @ a) * (b @ b))",
        "return torch.corrcoef(torch.tensor(np.stack([rankdata(x), rankdata(y)])))[0, 1]",
        "from statistics import StatisticsError, correlation\ntry:\n    return correlation(rankdata(x).tolist(), rankdata(y).tolist())\nexcept StatisticsError:\n    return float('nan')",
        "a, b = rankdata(x), rankdata(y)\nif a.std() == 0 or b.std() == 0:\n    return None or np.nan\nreturn float(np.mean((a - a.mean()) / a.std() * ((b - b.mean()) / b.std())))",
        "def r(v):\n    order = sorted(range(len(v)), key=lambda i: v[i])\n    out, i = [0.0] * len(v), 0\n    while i < len(v):\n        j = i\n        while j + 1 < len(v) and v[order[j + 1]] == v[order[i]]:\n            j += 1\n        for k in order[i:j + 1]:\n            out[k] = (i + j) / 2\n        i = j + 1\n    return np.array(out)\na, b = r(x), r(y)\nwith np.errstate(all='ignore'):\n    return np.cov(a, b, ddof=0)[0, 1] / (a.std() * b.std())",
    ],
    "bootstrap": [
        "s = np.array([spearmanr(x[r], y[r])[0] for r in rows])\nreturn [np.quantile(s, 0.025, method='median_unbiased'), np.quantile(s, 0.975, method='median_unbiased')]",
        "s = torch.tensor([spearmanr(x[r], y[r])[0] for r in rows], dtype=torch.float64)\nreturn torch.quantile(s, 0.025), torch.quantile(s, 0.975)",
        "s = sorted(spearmanr(x[r], y[r])[0] for r in rows)\nn = len(s) - 1\nreturn float(s[round(0.025 * n)]), float(s[round(0.975 * n)])",
        "s = []\nfor r in rows:\n    a = np.sign(np.subtract.outer(x[r], x[r])).sum(0)\n    b = np.sign(np.subtract.outer(y[r], y[r])).sum(0)\n    s.append((a * b).sum() / math.sqrt((a * a).sum() * (b * b).sum()))\nreturn np.percentile(s, 2.5), np.percentile(s, 97.5)",
        "from scipy.stats.mstats import mquantiles\nreturn mquantiles([spearmanr(x[r], y[r])[0] for r in rows], [0.025, 0.975])",
        "s = [spearmanr(*np.stack([x, y])[:, r])[0] for r in rows]\nreturn tuple(np.percentile(s, [2.5, 97.5], method='inverted_cdf'))",
    ],
    "holm": [
        "f = (p >= p[:, None]).sum(axis=1)\na = p * f\nreturn [min(1, a[p <= v].max()) for v in p]",
        "o = p.argsort()\na = np.minimum(p[o] * (len(p) - np.arange(len(p))), 1)\nreturn np.maximum.accumulate(a)[o.argsort()]",
        "a = p * (len(p) + 1 - rankdata(p, 'min'))\nreturn np.where(p <= p[:, None], a, 0).max(axis=1).clip(max=1)",
        "m = len(p)\nrest, out, low = [(v, i) for i, v in enumerate(p.tolist())], [None] * m, 0\nwhile rest:\n    v, i = min(rest)\n    low = out[i] = min(1, max(low, v * len(rest)))\n    rest.remove((v, i))\nreturn out",
        "from itertools import accumulate\no = np.argsort(p, kind='stable')\nout = np.zeros(p.shape)\nout[o] = list(accumulate((p[k] * (len(p) - i) for i, k in enumerate(o)), max))\nout[out > 1] = 1\nreturn out",
        "s = np.sort(p)\na = np.maximum.accumulate(s * np.arange(len(s), 0, -1))\nreturn np.minimum(a[np.searchsorted(s, p, side='right') - 1], 1)",
    ],
}
SCOPE = {"rankdata": rankdata, "spearmanr": spearmanr}
