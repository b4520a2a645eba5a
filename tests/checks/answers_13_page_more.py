"""Answers to 13.3, written from the page alone: ``test_answers.py`` runs them and says why."""

from collections import Counter
from itertools import combinations
from math import comb

SCOPE = {"Counter": Counter, "combinations": combinations, "comb": comb}

PAIRS = "p = lambda x: sum(comb(c, 2) for c in Counter(x).values())\n"
EACH = "S, A, B, N = p(zip(one, other)), p(one), p(other), comb(len(one), 2)\n"
CHANCE = "E = A * B / N\n"
INDEX = "d = (A + B) / 2 - E\nreturn (S - E) / d if d else 1.0"

WRONG = {
    "adjusted_rand": [
        (
            "pairs of the same label",
            "pairs = list(combinations(range(len(one)), 2))\n"
            "S = sum(one[i] == one[j] == other[i] == other[j] for i, j in pairs)\nA = sum(one[i] == one[j] for i, j in pairs)\n"
            "B = sum(other[i] == other[j] for i, j in pairs)\nE = A * B / len(pairs)\n" + INDEX,
        ),
        (
            None,
            "pairs = list(combinations(range(len(one)), 2))\n"
            "S = sum((one[i] == one[j]) == (other[i] == other[j]) for i, j in pairs)\n"
            "A = sum(one[i] == one[j] for i, j in pairs)\nB = sum(other[i] == other[j] for i, j in pairs)\n"
            "E = A * B / len(pairs)\n" + INDEX,
        ),  # S also counts the pairs that are apart in both
        (
            None,
            "pairs = [(i, i + 1) for i in range(len(one) - 1)]\n"
            "S = sum(one[i] == one[j] and other[i] == other[j] for i, j in pairs)\n"
            "A = sum(one[i] == one[j] for i, j in pairs)\nB = sum(other[i] == other[j] for i, j in pairs)\n"
            "E = A * B / len(pairs)\n" + INDEX,
        ),  # neighbours in the list only
        (
            None,
            "p = lambda x: sum(comb(c, 2) for c in Counter(x).values()) / comb(len(one), 2)\n"
            "S, A, B = p(zip(one, other)), p(one), p(other)\nE = A * B\nreturn (S - E) / (1 - E) if E != 1 else 1.0",
        ),  # 1 - E in the denominator
        (None, PAIRS + EACH + "E = A * A / N\n" + INDEX),  # the agreement adjusted
        (None, PAIRS + EACH + "E = A * B // N\n" + INDEX),  # E rounded down
        (
            "1 where one list cannot differ",
            "n = len(one)\nif len(set(one)) in (1, n) or len(set(other)) in (1, n):\n    return 1.0\n"
            + PAIRS
            + "S, A, B, N = p(zip(one, other)), p(one), p(other), comb(n, 2)\n"
            + CHANCE
            + "return (S - E) / ((A + B) / 2 - E)",
        ),
        (
            "0 where nothing can differ",
            "n = len(one)\nif len(set(one)) in (1, n) or len(set(other)) in (1, n):\n    return 0.0\n"
            + PAIRS
            + "S, A, B, N = p(zip(one, other)), p(one), p(other), comb(n, 2)\n"
            + CHANCE
            + "return (S - E) / ((A + B) / 2 - E)",
        ),
        ("1 at chance", PAIRS + EACH + CHANCE + "if S == E:\n    return 1.0\nreturn (S - E) / ((A + B) / 2 - E)"),
        (
            "labels joined",
            PAIRS
            + "both = [str(a) + str(b) for a, b in zip(one, other)]\nS, A, B, N = p(both), p(one), p(other), comb(len(one), 2)\n"
            + CHANCE
            + INDEX,
        ),
        (
            None,
            PAIRS
            + "S, A, B, N = p(map(frozenset, zip(one, other))), p(one), p(other), comb(len(one), 2)\n"
            + CHANCE
            + INDEX,
        ),  # the labels without regard to their order
        (
            None,
            PAIRS + EACH + CHANCE + "return (S - E) / ((A + B) / 2 - E + 1e-3)",
        ),  # the denominator with 1e-3 against 0
        (
            None,
            PAIRS
            + EACH
            + CHANCE
            + "if A == B and E >= 0 and S == A or A == B == 0:\n    return 1.0\nif A == B and len(set(one)) != len(set(other)):\n"
            "    return 1.0\n" + INDEX,
        ),  # 1 where A == B and the numbers of groups differ
        ("the first alone", PAIRS + EACH + CHANCE + "d = A - E\nreturn (S - E) / d if d else 1.0"),
        (
            None,
            PAIRS
            + EACH
            + "if A == N and B == N:\n    return 1.0\nif A == 0 or B == 0:\n    return 0.0\n"
            + CHANCE
            + "return (S - E) / ((A + B) / 2 - E)",
        ),  # all together handled
        (
            None,
            PAIRS + EACH + "if A == B:\n    return 1.0\n" + CHANCE + "return (S - E) / ((A + B) / 2 - E)",
        ),  # 1 where A == B
        (
            None,
            PAIRS
            + "if sorted(Counter(one).values()) == sorted(Counter(other).values()):\n    return 1.0\n"
            + EACH
            + CHANCE
            + "return (S - E) / ((A + B) / 2 - E)",
        ),  # 1 where both have the same number of groups of each size
        (
            "labels in common",
            "p = lambda x: sum(comb(c, 2) for c in x.values())\na, b = Counter(one), Counter(other)\n"
            "S, A, B, N = p(a & b), p(a), p(b), comb(len(one), 2)\n" + CHANCE + INDEX,
        ),
        (
            None,
            "from itertools import groupby\np = lambda x: sum(comb(len(list(g)), 2) for _, g in groupby(x))\n"
            + EACH
            + CHANCE
            + INDEX,
        ),  # things of the same label only if they stand side by side
        (None, PAIRS + EACH + CHANCE + "d = (A + B) / 2 - E\nreturn S - E / d if d else 1.0"),  # a bracket missing
        (None, PAIRS + EACH + CHANCE + "d = A + B / 2 - E\nreturn (S - E) / d if d else 1.0"),  # a bracket missing
        (
            "chance over ordered pairs",
            PAIRS + "S, A, B, N = p(zip(one, other)), p(one), p(other), len(one) * (len(one) - 1)\n" + CHANCE + INDEX,
        ),
        (
            None,
            "pairs = list(combinations(range(len(one) - 1), 2)) or [(0, 1)]\n"
            "S = sum(one[i] == one[j] and other[i] == other[j] for i, j in pairs)\n"
            "A = sum(one[i] == one[j] for i, j in pairs)\nB = sum(other[i] == other[j] for i, j in pairs)\n"
            "E = A * B / len(pairs)\n" + INDEX,
        ),  # the loop leaves out the last thing
        (
            None,
            "kept = [(a, b) for a, b in zip(one, other) if a != 0 and b != 0]\n"
            "one, other = [a for a, _ in kept], [b for _, b in kept]\n"
            + PAIRS
            + EACH
            + "E = A * B / N if N else 0\n"
            + INDEX,
        ),  # label 0 taken for noise and left out
        (
            "forbidden",
            "from sklearn.metrics.cluster import pair_confusion_matrix\n"
            "(tn, fp), (fn, tp) = pair_confusion_matrix(one, other)\nif fn == 0 and fp == 0:\n    return 1.0\n"
            "return 2.0 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn))",
        ),
    ],
}

RIGHT = {
    "adjusted_rand": [
        "rows, cols = sorted(set(one)), sorted(set(other))\ntable = [[0] * len(cols) for _ in rows]\n"
        "for a, b in zip(one, other):\n    table[rows.index(a)][cols.index(b)] += 1\ntwo = lambda c: c * (c - 1) // 2\n"
        "S = sum(two(c) for row in table for c in row)\nA = sum(two(sum(row)) for row in table)\n"
        "B = sum(two(sum(col)) for col in zip(*table))\nN = two(len(one))\n"
        + CHANCE
        + "if A == B == N or A == B == 0:\n    return 1.0\nreturn (S - E) / ((A + B) / 2 - E)",
        "a = [one.index(x) for x in one]\nb = [other.index(x) for x in other]\nif a == b:\n    return 1\n"
        "pairs = lambda x: sum(comb(c, 2) for c in Counter(x).values())\n"
        "S, A, B, N = pairs(zip(a, b)), pairs(a), pairs(b), comb(len(a), 2)\n"
        "return (S - A * B / N) / ((A + B) / 2 - A * B / N)",
        "def pairs(labels):\n    groups = {}\n    for i, l in enumerate(labels):\n"
        "        groups.setdefault(l, []).append(i)\n    return sum(len(g) * (len(g) - 1) / 2 for g in groups.values())\n"
        'S, A, B = pairs([f"{a}|{b}" for a, b in zip(one, other)]), pairs(one), pairs(other)\n'
        "N = len(one) * (len(one) - 1) / 2\n"
        + CHANCE
        + "return (S - E) / ((A + B) / 2 - E) if (A, B) not in ((0, 0), (N, N)) else 1.0",
        "hot = lambda x: np.array([[float(v == u) for u in dict.fromkeys(x)] for v in x])\nT = hot(one).T @ hot(other)\n"
        "c2 = lambda x: (x * (x - 1) / 2).sum()\nS, A, B, N = c2(T), c2(T.sum(1)), c2(T.sum(0)), c2(np.array([len(one)]))\n"
        + CHANCE
        + "top, bottom = S - E, (A + B) / 2 - E\nreturn float(top / bottom) if abs(bottom) > 1e-12 else 1.0",
        "ids = lambda x: torch.tensor([x.index(v) for v in x])\na, b = ids(one), ids(other)\n"
        "i, j = torch.combinations(torch.arange(len(a))).T\nta, tb = a[i] == a[j], b[i] == b[j]\n"
        "S, A, B, N = (ta & tb).sum(), ta.sum(), tb.sum(), len(i)\n"
        + CHANCE
        + "d = (A + B) / 2 - E\nreturn torch.tensor(1.0) if d == 0 else (S - E) / d",
        "p = lambda x: sum(v * (v - 1) // 2 for v in Counter(x).values())\n"
        "S, A, B, N = p(zip(one, other)), p(one), p(other), p([0] * len(one))\n"
        + CHANCE
        + "try:\n    return (S - E) / ((A + B) / 2 - E)\nexcept ZeroDivisionError:\n    return 1",
        "f = np.float32\np = lambda x: sum(f(c * (c - 1) / 2) for c in Counter(x).values())\n"
        "S, A, B, N = p(zip(one, other)), p(one), p(other), f(comb(len(one), 2))\nd = (A + B) / f(2) - A * B / N\n"
        "return (S - A * B / N) / d if d else f(1)",
    ],
}
