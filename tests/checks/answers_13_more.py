"""Answers to 13.3 to 13.5, as students write them: ``test_answers.py`` runs them and says what they mean."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

from scipy.optimize import linear_sum_assignment

HEAD = {
    "adjusted_rand": "one, other",
    "pool": "states, mask",
    "encoder_operations": "n, D, F, layers",
}
SCOPE = {
    "Counter": Counter,
    "Fraction": Fraction,
    "combinations": combinations,
    "linear_sum_assignment": linear_sum_assignment,
}

PAIRS = (
    "n = len(one)\nS = sum(math.comb(c, 2) for c in Counter(zip(one, other)).values())\n"
    "A = sum(math.comb(c, 2) for c in Counter(one).values())\nB = sum(math.comb(c, 2) for c in Counter(other).values())\n"
    "N = math.comb(n, 2)\nE = A * B / N\n"
)
GUARD = "if (A + B) / 2 == E:\n    return 1.0\n"
TABLE = (
    "rows, columns = list(dict.fromkeys(one)), list(dict.fromkeys(other))\nt = np.zeros((len(rows), len(columns)))\n"
    "for x, y in zip(one, other):\n    t[rows.index(x), columns.index(y)] += 1\n"
)
REAL = "x = (states * mask[:, :, None]).sum(1)\n"
UNIT = "return x / x.norm(dim=1, keepdim=True)"

WRONG = {
    "adjusted_rand": [
        (
            "Rand index",
            "same = 0\nfor i, j in combinations(range(len(one)), 2):\n"
            "    same += (one[i] == one[j]) == (other[i] == other[j])\nreturn same / math.comb(len(one), 2)",
        ),
        ("Rand index", PAIRS + "return (S + N - A - B + S) / N"),
        ("purity of the first", TABLE + "return t.max(1).sum() / len(one)"),
        ("purity of the second", TABLE + "return t.max(0).sum() / t.sum()"),
        ("the same label", "return sum(a == b for a, b in zip(one, other)) / len(one)"),
        ("the same label", "return np.mean([x == y for x, y in zip(one, other)])"),
        ("the best renaming", TABLE + "i, j = linear_sum_assignment(t, maximize=True)\nreturn t[i, j].sum() / len(one)"),
        ("chance in the numerator alone", PAIRS + "return (S - E) / ((A + B) / 2) if A + B else 1.0"),
        ("chance in the denominator alone", PAIRS + GUARD + "return S / ((A + B) / 2 - E)"),
        ("no chance", PAIRS + "return 2 * S / (A + B) if A + B else 1.0"),
        ("the larger", PAIRS + "return (S - E) / (max(A, B) - E) if max(A, B) != E else 1.0"),
        ("the smaller", PAIRS + "return (S - E) / (min(A, B) - E) if min(A, B) != E else 1.0"),
        ("the root of the product", PAIRS + "m = math.sqrt(A * B)\nreturn (S - E) / (m - E) if m != E else 1.0"),
        ("the sum below the line", PAIRS + "return (S - E) / (A + B - E) if A + B != E else 1.0"),
        ("ordered pairs", TABLE + "n = t.sum()\nS, A, B = (t**2).sum() / 2, (t.sum(1)**2).sum() / 2, (t.sum(0)**2).sum() / 2\n"
         "E = A * B / (n * n / 2)\nreturn (S - E) / ((A + B) / 2 - E) if (A + B) / 2 != E else 1.0"),
        ("chance over things", PAIRS + "E = A * B / n\nreturn (S - E) / ((A + B) / 2 - E) if (A + B) / 2 != E else 1.0"),
        ("chance over their square", PAIRS + "E = A * B / n**2\nreturn (S - E) / ((A + B) / 2 - E) if (A + B) / 2 != E else 1.0"),
        ("not below 0", PAIRS + GUARD + "return max(0, (S - E) / ((A + B) / 2 - E))"),
        ("Jaccard", PAIRS + "return S / (A + B - S) if A + B else 1.0"),
        ("Fowlkes and Mallows", PAIRS + "return S / math.sqrt(A * B) if A * B else 1.0"),
        ("of the first's pairs", PAIRS + "return S / A if A else 1.0"),
        ("of the second's pairs", PAIRS + "return S / B if B else 1.0"),
        ("not a number", PAIRS + "return np.float64(S - E) / np.float64((A + B) / 2 - E)"),
        ("0 where nothing can differ", PAIRS + "if (A + B) / 2 == E:\n    return 0.0\nreturn (S - E) / ((A + B) / 2 - E)"),
        ("percent", PAIRS + "if (A + B) / 2 == E:\n    return 100\nreturn 100 * (S - E) / ((A + B) / 2 - E)"),
        ("error", PAIRS + "return (S - E) / ((A + B) / 2 - E)"),  # 0 / 0
        ("forbidden", "from sklearn.metrics import adjusted_rand_score\nreturn adjusted_rand_score(one, other)"),
        ("forbidden", "from sklearn import metrics\nreturn metrics.adjusted_rand_score(one, other)"),
        ("forbidden", "from helpers.senses import adjusted_rand\nreturn adjusted_rand(one, other)"),
        ("in place", "one.sort()\n" + PAIRS + GUARD + "return (S - E) / ((A + B) / 2 - E)"),
        (None, PAIRS + GUARD + "return (S - E) / ((A + B) // 2 - E)"),
        (None, PAIRS + GUARD + "return ((A + B) / 2 - E) / (S - E)"),
        (None, PAIRS + GUARD + "return abs((S - E) / ((A + B) / 2 - E))"),
        (None, PAIRS + GUARD + "return round((S - E) / ((A + B) / 2 - E), 2)"),
        (None, PAIRS + "if len(set(one)) == 1:\n    return 1.0\n" + GUARD + "return (S - E) / ((A + B) / 2 - E)"),
        (None, "one, other = sorted(one), sorted(other)\n" + PAIRS + GUARD + "return (S - E) / ((A + B) / 2 - E)"),
        (None, "t = np.zeros((9, 9))\nfor x, y in zip(one, other):\n    t[x, y] += 1\n"
         "c = lambda k: (k * (k - 1) / 2).sum()\nS, A, B = c(t), c(t.sum(1)), c(t.sum(0))\nE = A * B / math.comb(len(one), 2)\n"
         "return (S - E) / ((A + B) / 2 - E)"),  # labels as places
    ],
    "pool": [
        ("padding too", "x = states.mean(1)\n" + UNIT),
        ("padding too", "return F.normalize(states.sum(dim=1), dim=1)"),
        ("mean, not scaled", REAL + "return x / mask.sum(1, keepdim=True)"),
        ("divided by n, not scaled", "return (states * mask.unsqueeze(-1)).mean(dim=1)"),
        ("sum, not scaled", REAL + "return x"),
        ("padding too, not scaled", "return states.mean(1)"),
        ("length 1 before the mean", "u = F.normalize(states, dim=2)\nreturn (u * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]"),
        ("length 1 before and after", "u = F.normalize(states, dim=-1) * mask[..., None]\nreturn F.normalize(u.sum(1), dim=-1)"),
        ("over the wrong axis", REAL + "return x / x.norm(dim=0)"),
        ("over the wrong axis, of means", REAL + "x = x / mask.sum(1, keepdim=True)\nreturn F.normalize(x, dim=0)"),
        ("the batch's length", REAL + "x = x / mask.sum(1, keepdim=True)\nreturn x / x.norm()"),
        ("squared", REAL + "x = x / mask.sum(1, keepdim=True)\nreturn x / (x * x).sum(1, keepdim=True)"),
        ("absolute values", REAL + "return x / x.abs().sum(1, keepdim=True)"),
        ("mask turned round", "x = states.masked_fill(mask[:, :, None], 0).sum(1)\nreturn F.normalize(x, dim=1)"),
        ("mask turned round, 0 / 0", "x = states.masked_fill(mask[:, :, None], 0).sum(1)\n" + UNIT),
        ("as many from the beginning", "x = torch.stack([s[:n].mean(0) for s, n in zip(states, mask.sum(1))])\n" + UNIT),
        ("common places", "x = states[:, mask.all(0)].sum(1)\n" + UNIT),
        ("common places, 0", "x = states[:, mask.all(0)].sum(1)\nreturn F.normalize(x, dim=1)"),
        ("first place", "x = states[:, 0]\n" + UNIT),
        ("last place", "x = states[:, -1, :]\n" + UNIT),
        ("first real piece", "x = torch.stack([s[m][0] for s, m in zip(states, mask)])\n" + UNIT),
        ("last real piece", "x = torch.stack([s[m][-1] for s, m in zip(states, mask)])\n" + UNIT),
        ("maximum", "x = states.masked_fill(~mask[:, :, None], -math.inf).max(1).values\n" + UNIT),
        ("maximum, padding too", "x = states.max(dim=1).values\n" + UNIT),
        ("one for the batch", "x = states[mask].mean(0)\nreturn x / x.norm()"),
        ("each piece", "return states / states.norm(dim=2, keepdim=True)"),
        ("in place", "states[~mask] = 0\nx = states.sum(1)\n" + UNIT),
        ("in place", "states *= mask[:, :, None]\nx = states.sum(1)\n" + UNIT),
        ("forbidden", "from helpers import encoder\nreturn encoder.pool(states, mask)"),
        (None, REAL + "return x / x.norm(dim=1)"),
        (None, "x = (states * mask).sum(1)\n" + UNIT),
        (None, "x = states.mean(2)\n" + UNIT),
        (None, "return F.normalize(states[mask].mean(0, keepdim=True), dim=1)"),
        (None, "x = torch.stack([s[m].median(0).values for s, m in zip(states, mask)])\n" + UNIT),
        (None, REAL + "return x / (x.norm(dim=1, keepdim=True) + 1)"),
        (None, REAL + "return torch.softmax(x, dim=1)"),
        (None, "n = mask.sum(1).min()\nx = states[:, :n].mean(1)\n" + UNIT),
        (None, "real = (states != 0).all(2)\nx = (states * real[:, :, None]).sum(1)\n" + UNIT),  # padding is not always zeros
        (None, REAL + "x = x / x.norm(dim=1, keepdim=True)\nreturn x / mask.sum(1, keepdim=True)"),
    ],
    "encoder_operations": [
        ("no output matrix", "return layers * (3 * n * D * D + 2 * n * n * D + 2 * n * D * F)"),
        ("one matrix for each piece", "return layers * (n * D**2 + 2 * n**2 * D + 2 * n * D * F)"),
        ("scores alone", "return layers * (4 * n * D * D + n * n * D + 2 * n * D * F)"),
        ("no pairs of pieces", "return layers * n * (4 * D * D + 2 * D * F)"),
        ("pairs counted once", "pairs = n * (n + 1) // 2\nreturn layers * (4 * n * D * D + 2 * pairs * D + 2 * n * D * F)"),
        ("a score as one product", "return layers * (4 * n * D * D + 2 * n * n + 2 * n * D * F)"),
        ("one matrix of the two", "return layers * (4 * n * D * D + 2 * n * n * D + n * D * F)"),
        ("no second part", "return layers * (4 * n * D * D + 2 * n * n * D)"),
        ("F from D", "F = 4 * D\nreturn layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F)"),
        ("doubled", "return 2 * layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F)"),
        ("one layer", "return 4 * n * D * D + 2 * n * n * D + 2 * n * D * F"),
        ("two sums", "return layers * (4 * n * D * D + 2 * n * n * D) + 2 * n * D * F"),
        ("one piece's matrices", "return layers * (4 * D * D + 2 * n * n * D + 2 * D * F)"),
        ("one piece's second part", "return layers * (4 * n * D * D + 2 * n * n * D + 2 * D * F)"),
        ("parameters", "return layers * (4 * D * D + D * F + F * D)"),
        ("for one piece", "return layers * (4 * D * D + 2 * n * D + 2 * D * F)"),
        ("n squared for the matrices", "return layers * (4 * n**2 * D**2 + 2 * n**2 * D + 2 * n * D * F)"),
        ("n squared twice", "return layers * (4 * n * D**2 + 2 * n**2 * D**2 + 2 * n * D * F)"),
        ("rounded", "return float(np.float32(layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F)))"),
        (None, "return int(np.int32(n)) * np.int32(D) * np.int32(4 * D + 2 * n + 2 * F) * np.int32(layers)"),
        (None, "return layers * n * D * (4 * D + 2 * n + 2 * F) // 10**6 * 10**6"),
        (None, "return (4 * n * D * D + 2 * n * n * D + 2 * n * D * F) * layers**2"),
        (None, "return 4 * n * D * D + layers * (2 * n * n * D + 2 * n * D * F)"),
        (None, "return layers * (4 * n * D * D + 2 * n * n * F + 2 * n * D * F)"),
        (None, "return layers * (4 * n * D * D + 2 * n * n * D + n * (D + F))"),
        (None, "return layers * (4 * n * D * D + n * n * D + n * n + 2 * n * D * F)"),
        (None, "return f'{layers * n * D * (4 * D + 2 * n + 2 * F):,}'"),
        (None, "return layers * (4 * n * D * D + 2 * n * n * D + n * F * F)"),
    ],
}  # fmt: skip

RIGHT = {
    "adjusted_rand": [
        PAIRS + GUARD + "return (S - E) / ((A + B) / 2 - E)",
        PAIRS + "top, bottom = S * N - A * B, (A + B) * N - 2 * A * B\nreturn 2 * top / bottom if bottom else 1",
        TABLE + "c = lambda k: (k * (k - 1) / 2).sum()\nS, A, B = c(t), c(t.sum(axis=1)), c(t.sum(axis=0))\n"
        "E = A * B / math.comb(len(one), 2)\nm = (A + B) / 2\nreturn 1.0 if m == E else (S - E) / (m - E)",
        "both = first = second = neither = 0\nfor i, j in combinations(range(len(one)), 2):\n"
        "    a, b = one[i] == one[j], other[i] == other[j]\n    both += a and b\n    first += a and not b\n"
        "    second += b and not a\n    neither += not a and not b\nif first == second == 0:\n    return 1.0\n"
        "return 2 * (both * neither - first * second) / ((both + first) * (first + neither) + (both + second) * (second + neither))",
        PAIRS + "E = Fraction(A * B, N)\nm = Fraction(A + B, 2)\nreturn 1.0 if m == E else float((S - E) / (m - E))",
        "x = np.unique(one, return_inverse=True)[1]\ny = np.unique(other, return_inverse=True)[1]\n"
        "t = np.zeros((x.max() + 1, y.max() + 1), dtype=int)\nnp.add.at(t, (x, y), 1)\nn = len(one)\n"
        "S, A, B = ((k**2).sum() - n for k in (t, t.sum(1), t.sum(0)))\nE = A * B / (n * n - n)\n"
        "return (S - E) / ((A + B) / 2 - E) if (A + B) / 2 != E else 1.0",
        "n = len(one)\nu = torch.triu(torch.ones(n, n), 1) > 0\n"
        "x = torch.tensor([[a == b for a in one] for b in one])[u]\ny = torch.tensor([[a == b for a in other] for b in other])[u]\n"
        "S, A, B, N = (int(k) for k in ((x & y).sum(), x.sum(), y.sum(), u.sum()))\nif (A + B) * N == 2 * A * B:\n    return 1.0\n"
        "return (S - A * B / N) / ((A + B) / 2 - A * B / N)",
    ],
    "pool": [
        REAL + UNIT,
        REAL + "return F.normalize(x / mask.sum(1, keepdim=True), dim=1)",
        "x = torch.stack([s[m].mean(0) for s, m in zip(states, mask)])\nreturn x / x.square().sum(1, keepdim=True).sqrt()",
        "x = states.masked_fill(~mask.unsqueeze(-1), 0).mean(dim=1)\n" + UNIT,
        "x = np.array([s[m].mean(axis=0) for s, m in zip(states.numpy(), mask.numpy())])\n"
        "return x / np.linalg.norm(x, axis=1, keepdims=True)",
        "x = torch.einsum('bnd,bn->bd', states, mask.float())\nreturn (x.T / x.norm(dim=1)).T",
        "w = mask / mask.sum(1, keepdim=True)\nreturn F.normalize((w.unsqueeze(1) @ states).squeeze(1), dim=-1)",
        "out = []\nfor s, m in zip(states.tolist(), mask.tolist()):\n    real = [row for row, keep in zip(s, m) if keep]\n"
        "    mean = [sum(column) / len(real) for column in zip(*real)]\n    size = math.sqrt(sum(a * a for a in mean))\n"
        "    out.append([a / size for a in mean])\nreturn torch.tensor(out)",
        "x = torch.where(mask[:, :, None], states, torch.nan).nanmean(dim=1)\nreturn x / torch.linalg.vector_norm(x, dim=1, keepdim=True)",
    ],
    "encoder_operations": [
        "return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F)",
        "return layers * n * D * (4 * D + 2 * n + 2 * F)",
        "total = 0\nfor _ in range(layers):\n    total += 4 * (n * D**2)\n    total += n * n * D\n    total += n * n * D\n"
        "    total += n * D * F + n * F * D\nreturn total",
        "attention = 4 * n * D**2 + 2 * n**2 * D\nforward = 2 * n * D * F\nreturn (attention + forward) * layers",
        "return np.int64(2) * n * D * layers * (2 * D + n + F)",
        "product = lambda a, b, c: a * b * c\nparts = [product(n, D, D)] * 4 + [product(n, D, n), product(n, n, D)]\n"
        "parts += [product(n, D, F), product(n, F, D)]\nreturn layers * sum(parts)",
    ],
}  # fmt: skip
