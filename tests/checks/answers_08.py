"""Answers to the exercises of 08, as students write them: ``test_answers.py`` runs them and says what they mean."""

from itertools import combinations, product

HEAD = {
    "corpus_agreement": "one, other",
    "p_value": "observed, permuted",
    "grouped_error": "right, file",
}

SHARED = """
def shared(a, b):
    return len(set(a) & set(b))
def own(x):
    return np.mean([shared(a, b) for a, b in combinations(x.tolist(), 2)])
def cross(x, y):
    return np.mean([shared(a, b) for a, b in product(x.tolist(), y.tolist())])
a, b = own(one), own(other)
"""
SUMS = "m = right.mean(); n = len(right)\nG = len(set(file.tolist()))\ns = [(right[file == g] - m).sum() for g in set(file.tolist())]\n"

WRONG = {
    "corpus_agreement": [
        (
            "a seed with itself",
            "w = lambda x, y: np.mean([np.isin(a, b).sum() for a in x for b in y])\n"
            "return w(one, other) / np.sqrt(w(one, one) * w(other, other)) if w(one, one) else np.nan",
        ),
        ("arithmetic mean", SHARED + "return cross(one, other) / ((a + b) / 2) if a and b else np.nan"),
        ("no root", SHARED + "return cross(one, other) / (a * b) if a * b else float('nan')"),
        ("not divided", SHARED + "return cross(one, other)"),
        ("share of k", SHARED + "return cross(one, other) / one.shape[1]"),
        ("one stability", SHARED + "return cross(one, other) / a if a and b else np.nan"),
        ("the smaller stability", SHARED + "return cross(one, other) / min(a, b) if a * b else np.nan"),
        (
            "row by row",
            SHARED + "c = np.mean([shared(x, y) for x, y in zip(one.tolist(), other.tolist())])\n"
            "return c / np.sqrt(a * b) if a * b else np.nan",
        ),
        ("at most 1", SHARED + "return min(1, cross(one, other) / np.sqrt(a * b)) if a * b else np.nan"),
        ("zero for nothing", SHARED + "return cross(one, other) / np.sqrt(a * b) if a * b else 0"),
        ("squared", SHARED + "return cross(one, other) ** 2 / (a * b) if a * b else np.nan"),
        (None, SHARED + "return cross(one, other) / math.sqrt(a * b)"),  # a division by 0
        (None, SHARED + "with np.errstate(all='ignore'):\n    return np.float64(cross(one, other)) / np.sqrt(a * b)"),
        (None, "return (one[:, None] == other[None]).sum(-1).mean() / one.shape[1]"),
        (
            None,
            "j = lambda a, b: len(set(a) & set(b)) / len(set(a) | set(b))\n"
            "w = lambda x: np.mean([j(a, b) for a, b in combinations(x.tolist(), 2)])\n"
            "c = np.mean([j(a, b) for a in one.tolist() for b in other.tolist()])\n"
            "return c / np.sqrt(w(one) * w(other)) if w(one) * w(other) else np.nan",
        ),
        (None, "return len(set(one.ravel()) & set(other.ravel())) / one.shape[1]"),
        (None, SHARED.replace("np.mean", "np.median") + "return cross(one, other) / np.sqrt(a * b) if a * b else np.nan"),
        (
            "first seeds alone",
            "one, other = one[:2], other[:2]" + SHARED + "return cross(one, other) / np.sqrt(a * b) if a * b else np.nan",
        ),
    ],
    "p_value": [
        ("no one added", "return sum(p >= observed for p in permuted) / len(permuted)"),
        ("ties left out", "return (sum(p > observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("both sides", "return (sum(abs(p) >= abs(observed) for p in permuted) + 1) / (len(permuted) + 1)"),
        ("other tail", "return (sum(p <= observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("complement", "return sum(observed > p for p in permuted) / len(permuted)"),
        ("one above only", "return (1 + np.count_nonzero(permuted >= observed)) / permuted.size"),
        ("one below only", "return np.count_nonzero(permuted >= observed) / (permuted.size + 1)"),
        ("at least one", "return max(1, (permuted >= observed).sum()) / len(permuted)"),
        ("no one added, no ties", "return np.mean(permuted > observed)"),
        ("a count", "return (permuted >= observed).sum() + 1"),
        ("doubled", "return 2 * (1 + (permuted >= observed).sum()) / (1 + len(permuted))"),
        (None, "p = (1 + (permuted >= observed).sum()) / (1 + len(permuted))\nreturn min(1, 2 * min(p, 1 - p))"),
        (None, "from math import erf\nz = (observed - permuted.mean()) / permuted.std()\nreturn 0.5 - erf(z / 2**0.5) / 2"),
        (None, "return max((permuted >= observed).mean(), 1e-12)"),
        (None, "return 1 - (1 + (permuted >= observed).sum()) / (1 + len(permuted))"),
        (None, "return round((1 + (permuted >= observed).sum()) / (1 + len(permuted)), 2)"),
        (None, "return (1 + (np.abs(permuted) >= observed).sum()) / (1 + len(permuted))"),
    ],
    "grouped_error": [
        ("each text alone", "return np.std(right, ddof=1) / np.sqrt(len(right))"),
        ("the usual error", "return right.std() / len(right) ** 0.5"),
        ("means of files", "f = [right[file == g].mean() for g in np.unique(file)]\nreturn np.std(f, ddof=1) / len(f) ** 0.5"),
        ("no factor", SUMS + "return sum(x * x for x in s) ** 0.5 / n"),
        ("a variance", SUMS + "return G / (G - 1) * sum(x * x for x in s) / n**2"),
        ("n / (n - 1)", SUMS + "return math.sqrt(n / (n - 1) * sum(x * x for x in s)) / n"),
        ("divided by G", SUMS + "return math.sqrt(G / (G - 1) * sum(x * x for x in s)) / G"),
        ("not divided", SUMS + "return math.sqrt(G / (G - 1) * sum(x * x for x in s))"),
        ("divided by the root of n", SUMS + "return math.sqrt(G / (G - 1) * sum(x * x for x in s) / n)"),
        ("mean not subtracted", SUMS.replace("- m", "") + "return math.sqrt(G / (G - 1) * sum(x * x for x in s)) / n"),
        ("absolute sums", SUMS + "return sum(map(abs, s)) / n"),
        ("mean of the files' accuracies subtracted",
         "g = np.unique(file); m = np.mean([right[file == x].mean() for x in g])\n"
         "s = np.array([(right[file == x] - m).sum() for x in g])\n"
         "return np.sqrt(len(g) / (len(g) - 1) * (s**2).sum()) / len(right)"),
        (None, SUMS + "G = file.max() + 1\nreturn math.sqrt(G / (G - 1) * sum(x * x for x in s)) / n"),
        (None, SUMS + "return math.sqrt(G / (G - 1) * sum(s) ** 2) / n"),
        (None, SUMS + "return math.sqrt((G - 1) / G * sum(x * x for x in s)) / n"),
        (None, "from itertools import groupby\nm = right.mean(); s = []; i = 0\n"
               "for _, g in groupby(file):\n    k = len(list(g)); s.append((right[i:i + k] - m).sum()); i += k\n"
               "G = len(s)\nreturn math.sqrt(G / max(1, G - 1) * sum(x * x for x in s)) / len(right)"),
        (None, "s = np.bincount(file, right - right.mean())\nG = len(s)\n"
               "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
    ],
}  # fmt: skip

RIGHT = {
    "corpus_agreement": [
        SHARED + "return cross(one, other) / np.sqrt(a * b) if a * b > 0 else np.nan",
        "w = lambda x, y: (x[:, None, :, None] == y[None, :, None, :]).sum((2, 3)).astype(float)\n"
        "own = lambda x: (w(x, x).sum() - np.trace(w(x, x))) / (len(x) * (len(x) - 1))\n"
        "d = own(one) * own(other)\nreturn w(one, other).mean() / d**0.5 if d else float('nan')",
        "V = max(one.max(), other.max()) + 1\n"
        "def hot(x):\n    H = torch.zeros(len(x), int(V))\n    H[torch.arange(len(x))[:, None], torch.tensor(x)] = 1\n    return H\n"
        "A, B = hot(one), hot(other)\n"
        "def own(H):\n    P = H @ H.T\n    return (P.sum() - P.diagonal().sum()) / (len(H) * (len(H) - 1))\n"
        "a, b = own(A), own(B)\nreturn (A @ B.T).mean() / (a * b).sqrt() if a > 0 and b > 0 else torch.tensor(float('nan'))",
        "total, pairs = 0, 0\nfor a in one:\n    for b in other:\n        total += len(np.intersect1d(a, b)); pairs += 1\n"
        "def own(x):\n    t = n = 0\n    for i in range(len(x)):\n        for j in range(len(x)):\n            if i != j:\n"
        "                t += len(np.intersect1d(x[i], x[j])); n += 1\n    return t / n\n"
        "if own(one) == 0 or own(other) == 0:\n    return np.nan\n"
        "return total / pairs / math.sqrt(own(one)) / math.sqrt(own(other))",
        "f = lambda x: dict(zip(*np.unique(x, return_counts=True)))\na, b = f(one), f(other)\nS, R = len(one), len(other)\n"
        "c = sum(a[i] * b.get(i, 0) for i in a) / (S * R)\n"
        "o = lambda h, n: sum(v * (v - 1) for v in h.values()) / (n * (n - 1))\n"
        "d = math.sqrt(o(a, S) * o(b, R))\nreturn c / d if d else math.nan",
    ],
    "p_value": [
        "return (1 + (permuted >= observed).sum()) / (1 + len(permuted))",
        "return (sum(p >= observed for p in permuted) + 1) / (len(permuted) + 1)",
        "return np.mean(np.append(permuted, observed) >= observed)",
        "p = torch.tensor(permuted)\nreturn (1 + (p >= observed).sum()) / (1 + len(p))",
        "both = sorted([*permuted, observed])\nreturn 1 - both.index(observed) / len(both)",
        "s = np.sort(permuted)\nreturn float(1 + len(s) - np.searchsorted(s, observed, side='left')) / (1 + len(s))",
    ],
    "grouped_error": [
        SUMS + "return math.sqrt(G / (G - 1) * sum(x * x for x in s)) / n",
        "_, g = np.unique(file, return_inverse=True)\ns = np.bincount(g, right - right.mean())\n"
        "return np.sqrt(len(s) / (len(s) - 1) * s @ s) / len(right)",
        "d = right - right.mean(); same = file[:, None] == file\nG = len(np.unique(file))\n"
        "return np.sqrt(G / (G - 1) * (d @ same @ d)) / len(d)",
        "d = {}\nfor r, g in zip(right, file):\n    d[g] = d.get(g, 0) + r - right.mean()\n"
        "G = len(d)\nreturn (G / (G - 1) * sum(v * v for v in d.values())) ** 0.5 / len(right)",
        "r = torch.tensor(right, dtype=torch.float64); _, g = torch.tensor(file).unique(return_inverse=True)\n"
        "s = torch.zeros(int(g.max()) + 1, dtype=r.dtype).index_add(0, g, r - r.mean())\n"
        "return (len(s) / (len(s) - 1) * (s * s).sum()).sqrt() / len(r)",
        SUMS + "return np.std(s, ddof=1) * math.sqrt(G) / n",  # the sums' mean is 0
    ],
}
SCOPE = {"combinations": combinations, "product": product}
