"""Answers to the exercises of 08, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

SHARE = "share = lambda a, b: len(set(a.tolist()) & set(b.tolist()))\n"
OWN = "own = lambda t: np.mean([share(t[i], t[j]) for i in range(len(t)) for j in range(i)])\n"
BETWEEN = "between = np.mean([share(a, b) for a in one for b in other])\n"
ALL = SHARE + OWN + BETWEEN
ROOT = "s = own(one) * own(other)\nreturn between / np.sqrt(s) if s else math.nan"

WRONG = {
    "corpus_agreement": [
        (None,  # ZeroDivisionError at 0
            ALL + "return float(between) / math.sqrt(own(one) * own(other))"),
        (None,  # nan where the corpora share nothing, instead of 0
            ALL + "s = own(one) * own(other)\nreturn between / np.sqrt(s) if s * between else math.nan"),
        (None,  # inf where a stability is 0 and the corpora share something
            ALL + "with np.errstate(all='ignore'):\n"
            "    return np.exp(np.log(between) - (np.log(own(one)) + np.log(own(other))) / 2)"),
        (None,  # nan only where both are 0, else a guard
            ALL + "a, b = own(one), own(other)\nif a == b == 0:\n    return math.nan\n"
            "return between / max(np.sqrt(a * b), 1e-12)"),
        (None,  # the first corpus's number of seeds for both
            SHARE + BETWEEN + "pairs = [(i, j) for i in range(len(one)) for j in range(i) if i < len(other)]\n"
            "own = lambda t: np.mean([share(t[i], t[j]) for i, j in pairs])\n" + ROOT),
        (None,  # only seeds that follow each other
            SHARE + BETWEEN + "own = lambda t: np.mean([share(a, b) for a, b in zip(t, t[1:])])\n" + ROOT),
        (None,  # both corpora's pairs pooled into one mean
            ALL + "pool = [share(t[i], t[j]) for t in (one, other) for i in range(len(t)) for j in range(i)]\n"
            "return between / np.mean(pool) if np.mean(pool) else math.nan"),
        (None,  # what all seeds of a corpus have in common
            "core = lambda t: set.intersection(*(set(row.tolist()) for row in t))\n"
            "a, b = core(one), core(other)\n"
            "return len(a & b) / math.sqrt(len(a) * len(b)) if a and b else math.nan"),
        (None,  # a mean rounded down
            SHARE + "pairs = lambda t: [share(t[i], t[j]) for i in range(len(t)) for j in range(i)]\n"
            "own = lambda t: sum(pairs(t)) // len(pairs(t))\n"
            "between = np.mean([share(a, b) for a in one for b in other])\n" + ROOT),
        (None,  # no id larger than those of the first corpus
            "hot = lambda t: np.stack([np.bincount(r, minlength=one.max() + 1) for r in t])\n"
            "a, b = hot(one), hot(other)\n"
            "own = lambda x: ((x @ x.T).sum() - x.sum()) / (len(x) * (len(x) - 1))\ns = own(a) * own(b)\n"
            "return (a @ b.T).mean() / np.sqrt(s) if s else math.nan"),
    ],
    "p_value": [
        (None,
            "return max((permuted >= observed).mean(), 1 / len(permuted))"),
        (None,  # 0 is possible
            "return 1 - (1 + (permuted < observed).sum()) / (1 + len(permuted))"),
        (None,
            "return (1 + (permuted >= observed).sum()) / (2 + len(permuted))"),
        (None,  # the page's 499 draws
            "return (1 + (permuted >= observed).sum()) / 500"),
        (None,
            "return (1 + (permuted >= observed).sum()) // (1 + len(permuted))"),
        (None,  # to one place
            "return (1 + (permuted >= round(observed, 1)).sum()) / (1 + len(permuted))"),
        (None,  # to whole numbers
            "return (1 + (permuted.astype(int) >= int(observed)).sum()) / (1 + len(permuted))"),
        (None,  # equal draws once
            "draws = set(permuted.tolist())\n"
            "return (1 + sum(x >= observed for x in draws)) / (1 + len(draws))"),
        (None,  # not sorted first
            "above = len(permuted) - np.searchsorted(permuted, observed)\n"
            "return (1 + above) / (1 + len(permuted))"),
        (None,  # centred
            "off = permuted - permuted.mean()\nreturn (1 + (off >= observed).sum()) / (1 + len(off))"),
    ],
    "grouped_error": [
        (None,  # squares of the texts alone
            "e = right - right.mean()\nreturn np.sqrt((e**2).sum()) / len(right)"),
        (None,  # files whose sum happens to be 0 are not counted
            "s = np.bincount(file, right - right.mean())\ns = s[s != 0]\nG = len(s)\n"
            "return math.sqrt(G / (G - 1) * (s**2).sum()) / len(right) if G > 1 else 0.0"),
        (None,  # sums in the integer type of ``right``
            "e = np.zeros_like(right)\ne[:] = (right - right.mean())\nfiles = np.unique(file)\n"
            "G = len(files)\ns = np.array([e[file == f].sum() for f in files])\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # += keeps one of several texts of a file
            "files, at = np.unique(file, return_inverse=True)\nG, s = len(files), np.zeros(len(files))\n"
            "s[at] += right - right.mean()\nreturn np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # the numbers sorted, the answers not
            "e, f = right - right.mean(), np.sort(file)\nstart = np.flatnonzero(np.r_[1, np.diff(f)])\n"
            "s, G = np.add.reduceat(e, start), len(start)\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # about the mean of the files' accuracies
            "files = np.unique(file)\nG = len(files)\n"
            "centre = np.mean([right[file == f].mean() for f in files])\n"
            "s = np.array([(right[file == f] - centre).sum() for f in files])\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # files numbered from 0
            "e, G = right - right.mean(), len(np.unique(file))\n"
            "s = np.array([e[file == f].sum() for f in range(G)])\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # right or wrong and nothing between
            "r = right == 1\ne, files = r - r.mean(), np.unique(file)\nG = len(files)\n"
            "s = np.array([e[file == f].sum() for f in files])\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # half the width of an interval
            "e, files = right - right.mean(), np.unique(file)\nG = len(files)\n"
            "s = np.array([e[file == f].sum() for f in files])\n"
            "return 1.96 * np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
        (None,  # whole numbers cannot be lessened in place
            "right -= right.mean()\nfiles = np.unique(file)\nG = len(files)\n"
            "s = np.array([right[file == f].sum() for f in files])\n"
            "return np.sqrt(G / (G - 1) * (s**2).sum()) / len(right)"),
    ],
}  # fmt: skip

RIGHT = {
    "corpus_agreement": [
        "from itertools import combinations, product\n"
            "both = lambda pairs: np.mean([len(np.intersect1d(a, b)) for a, b in pairs])\n"
            "a, b = both(combinations(one, 2)), both(combinations(other, 2))\n"
            "return np.nan if a * b == 0 else both(product(one, other)) / np.sqrt(a * b)",
        "def shared(a, b):\n    return (a[:, None, :, None] == b[None, :, None, :]).sum((2, 3))\n"
            "def own(t):\n    return shared(t, t)[~np.eye(len(t), dtype=bool)].mean()\n"
            "with np.errstate(all='ignore'):\n    x = np.sqrt(own(one) * own(other))\n"
            "    return shared(one, other).mean() / x if x > 0 else np.nan",
        "ids = np.union1d(one, other)\nhot = lambda t: (t[:, :, None] == ids).any(1).astype(float)\n"
            "a, b = hot(one), hot(other)\n"
            "own = lambda x: ((x @ x.T).sum() - x.sum()) / (len(x) * (len(x) - 1))\ns = own(a) * own(b)\n"
            "return float((a @ b.T).mean() / math.sqrt(s)) if s else math.nan",
        "a, b = torch.as_tensor(one), torch.as_tensor(other)\n"
            "share = lambda x, y: torch.isin(x, y).float().mean()\nmean = lambda v: torch.stack(v).mean()\n"
            "own = lambda t: mean([share(t[i], t[j]) for i in range(len(t)) for j in range(i)])\n"
            "s = own(a) * own(b)\nif s == 0:\n    return math.nan\n"
            "return (mean([share(x, y) for x in a for y in b]) / s.sqrt()).item()",
        "k = one.shape[1]\nshare = lambda a, b: np.isin(a, b).sum() / k\n"
            "own = lambda t: np.mean([share(t[i], t[j]) for i in range(len(t)) for j in range(len(t))"
            " if i != j])\n"
            "x, y = own(one), own(other)\nif 0 in (x, y):\n    return np.nan\n"
            "return np.mean([share(a, b) for a in one for b in other]) / math.sqrt(x) / math.sqrt(y)",
    ],
    "p_value": [
        "more = 1\nfor x in permuted:\n    if not x < observed:\n        more += 1\n"
            "return more / (permuted.size + 1)",
        "t = torch.as_tensor(permuted)\nreturn (t.ge(observed).sum().item() + 1) / (t.numel() + 1)",
        "R = permuted.shape[0]\nreturn (R * np.mean(permuted >= observed) + 1) / (R + 1)",
    ],
    "grouped_error": [
        "from itertools import groupby\nm = right.mean()\n"
            "rows = sorted(zip(file.tolist(), right.tolist()))\n"
            "s = [math.fsum(r - m for _, r in g) for _, g in groupby(rows, key=lambda x: x[0])]\n"
            "G, n = len(s), len(rows)\nreturn 1 / n * (G / (G - 1) * sum(x**2 for x in s)) ** 0.5",
        "r = torch.as_tensor(right, dtype=torch.float64)\n"
            "u, at = torch.unique(torch.as_tensor(file), return_inverse=True)\nG = len(u)\n"
            "s = torch.zeros(G, dtype=torch.float64).index_add_(0, at, r - r.mean())\n"
            "return (G / (G - 1) * s.square().sum()).sqrt().item() / len(r)",
        "order = np.argsort(file, kind='stable')\nf, e = file[order], (right - right.mean())[order]\n"
            "start = np.flatnonzero(np.r_[True, f[1:] != f[:-1]])\n"
            "s, G = np.add.reduceat(e, start), len(start)\n"
            "return np.linalg.norm(s) * np.sqrt(G / (G - 1)) / len(e)",
    ],
}  # fmt: skip
