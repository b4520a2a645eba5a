"""Answers to 12.1 to 12.3, as students write them: ``test_answers.py`` runs them and says what they mean."""

from collections import Counter

HEAD = {
    "ngrams": "word, least, most",
    "bag_gradient": "grad, rows, scale, R",
    "expected_sharing": "n, buckets",
}
SCOPE = {"Counter": Counter}

MARKED = "m = '<' + word + '>'\n"
EACH = "for i in range(len(m)) for j in range(i + least, min(i + most, len(m)) + 1)"

WRONG = {
    "ngrams": [
        (
            "each once",
            MARKED + "return list({m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1})",
        ),
        ("each once", MARKED + "return {m[i:j] " + EACH + " if (i, j) != (0, 1) and (i, j) != (len(m) - 1, len(m))}"),
        ("marks alone", MARKED + "return [m[i:j] " + EACH + "]"),
        (
            "told by its look",
            MARKED
            + "return [m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n + 1) if m[i:i + n] not in ['<', '>']]",
        ),
        ("no marks", "return [word[i:i + n] for n in range(least, most + 1) for i in range(len(word) - n + 1)]"),
        (
            "no mark at the end",
            "m = '<' + word\nreturn [m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n + 1) if m[i:i + n] != '<']",
        ),
        (
            "no mark at the beginning",
            "m = word + '>'\nreturn [m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n + 1) if m[i:i + n] != '>']",
        ),
        (
            "most left out",
            MARKED + "out = []\nfor n in range(least, most):\n    for i in range(len(m) - n + 1):\n"
            "        if n > 1 or 0 < i < len(m) - 1:\n            out.append(m[i:i + n])\nreturn out",
        ),
        (
            "cut at the end",
            MARKED + "return [m[i:i + n] for n in range(least, most + 1) for i in range(len(m))]",
        ),
        (
            "the whole word too",
            MARKED + "out = [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1]\nreturn [m] + out",
        ),
        ("the bare word too", MARKED + "return [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1] + [word]"),
        (
            "by length",
            MARKED + "return [[m[i:i + n] for i in range(len(m) - n + 1) if n > 1 or 0 < i < len(m) - 1]\n"
            "        for n in range(least, most + 1)]",
        ),
        (
            "least alone",
            MARKED + "return [m[i:i + least] for i in range(len(m) - least + 1) if least > 1 or 0 < i < len(m) - 1]",
        ),
        (
            "most alone",
            MARKED + "return [m[i:i + most] for i in range(len(m) - most + 1) if most > 1 or 0 < i < len(m) - 1]",
        ),
        ("no n-grams of one letter", MARKED + "return [m[i:j] " + EACH + " if j - i > 1]"),
        (
            None,
            "m = b'<' + word.encode() + b'>'\nreturn [m[i:j].decode(errors='ignore') "
            + EACH
            + " if j - i > 1 or 0 < i < len(m) - 1]",
        ),
        (None, "m = b'<' + word.encode() + b'>'\nreturn [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1]"),
        (None, "m = '<' + word.lower() + '>'\nreturn [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1]"),
        (None, MARKED + "return Counter(m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1)"),
        (None, MARKED + "return ' '.join(m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1)"),
        (None, MARKED + "return (m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1)"),
        (None, MARKED + "return [m[i:j] for i in range(len(m)) for j in range(i + least, min(i + most, len(m)))]"),
        (
            None,
            MARKED
            + "return [m[i:j] for i in range(0, len(m), least) for j in range(i + least, min(i + most, len(m)) + 1)]",
        ),
        (
            None,
            MARKED
            + "return [m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n) if n > 1 or 0 < i < len(m) - 1]",
        ),
        (
            None,
            "if len(word) < least:\n    return []\n"
            + MARKED
            + "return [m[i:j] "
            + EACH
            + " if j - i > 1 or 0 < i < len(m) - 1]",
        ),
        (None, MARKED + "return [m[i:j] " + EACH + " if m[i:j].strip('<>')]"),
        (None, "m = '<' + word.strip('<>') + '>'\nreturn [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1]"),
        (
            None,
            "import re\n"
            + MARKED
            + "return [x for n in range(least, most + 1) for x in re.findall('.' * n, m) if x not in '<>']",
        ),
        (
            "forbidden",
            "from helpers.subwords import ngrams\nreturn ngrams(word, least, most)",
        ),
    ],
    "bag_gradient": [
        ("once", "t = torch.zeros(R, len(grad))\nt[rows] = scale * grad\nreturn t"),
        ("once", "t = torch.zeros(R, len(grad))\nt[rows] += scale * grad\nreturn t"),
        ("scale left out", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += grad\nreturn t"),
        ("mean", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += grad / len(rows)\nreturn t"),
        ("mean too", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += scale * grad / len(rows)\nreturn t"),
        ("scale twice", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += scale * scale * grad\nreturn t"),
        ("divided by scale", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += grad / scale\nreturn t"),
        ("all rows", "return scale * grad.repeat(R, 1)"),
        ("all rows", "return torch.ones(R, 1) * grad * scale"),
        (
            "named rows alone",
            "return torch.stack([scale * grad for r in rows]) if len(rows) else torch.zeros(0, len(grad))",
        ),
        ("one number", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += scale * grad.sum()\nreturn t"),
        ("sign", "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] -= scale * grad\nreturn t"),
        ("turned over", "return scale * torch.outer(grad, torch.bincount(rows, minlength=R).float())"),
        ("up to the largest row", "return scale * torch.bincount(rows).float()[:, None] * grad"),
        (
            "times their count",
            "c = torch.bincount(rows, minlength=R).float()\nreturn scale * torch.outer(c ** 2, grad)",
        ),
        ("in place", "grad *= scale\nt = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += grad\nreturn t"),
        (
            None,
            "rows.sort()\nt = torch.zeros(R, len(grad))\nt[rows.unique()] = scale * grad\nreturn t",
        ),
        (None, "t = torch.zeros(R, len(grad))\nfor r in set(rows.tolist()):\n    t[r] += scale * grad\nreturn t"),
        (None, "t = torch.zeros(R)\nfor r in rows:\n    t[r] += scale\nreturn t"),
        (
            None,
            "c = torch.bincount(rows, minlength=R).float()\nreturn scale * torch.outer(c / c.clamp(min=1) ** 2, grad)",
        ),
        (None, "t = torch.zeros(R, len(grad))\nfor r in rows[1:]:\n    t[r] += scale * grad\nreturn t"),
        (None, "t = torch.zeros(R, len(grad))\nfor r in rows:\n    if r > 0:\n        t[r] += scale * grad\nreturn t"),
        (None, "return torch.zeros(R, len(grad)).index_add(0, rows, grad.repeat(len(rows), 1)) * scale / max(1, R)"),
        (None, "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += (scale * grad).round(decimals=1)\nreturn t"),
        (None, "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += scale * grad / grad.norm()\nreturn t"),
        (
            None,
            "w = torch.zeros(R, len(grad), requires_grad=True)\nv = scale * w[rows].sum(0)\nv.sum().backward()\nreturn w.grad",
        ),
        (
            None,
            "w = torch.zeros(R, len(grad), requires_grad=True)\nv = scale * w[rows.unique()].sum(0)\n"
            "return torch.autograd.grad(v, w, grad)[0]",
        ),
    ],
    "expected_sharing": [
        ("n for the others", "return 1 - (1 - 1 / buckets) ** n"),
        ("n for the others", "return buckets * (1 - (1 - 1 / buckets) ** n) / buckets"),
        ("n over buckets", "return n / buckets"),
        ("added up", "return (n - 1) / buckets"),
        (None, "return min(1, (n - 1) / buckets)"),
        (None, "return min(1, n / buckets)"),
        ("any two", "p = 1.0\nfor i in range(min(n, buckets + 1)):\n    p *= 1 - i / buckets\nreturn 1 - p"),
        (None, "return 1 - math.exp(-n * (n - 1) / (2 * buckets))"),
        ("alone", "return (1 - 1 / buckets) ** (n - 1)"),
        ("by e", "return 1 - np.exp(-(n - 1) / buckets)"),
        ("by e, itself too", "return 1 - math.exp(-n / buckets)"),
        ("what has no bucket left", "used = buckets * (1 - (1 - 1 / buckets) ** n)\nreturn (n - used) / n"),
        ("what has no bucket left", "return 1 - buckets / n * (1 - ((buckets - 1) / buckets) ** n)"),
        ("buckets", "q = 1 - 1 / buckets\nreturn 1 - q ** n - n / buckets * q ** (n - 1)"),
        ("how many", "return n * (1 - (1 - 1 / buckets) ** (n - 1))"),
        ("pairs", "return n * (n - 1) / 2 / buckets"),
        ("percent", "return 100 * (1 - (1 - 1 / buckets) ** (n - 1))"),
        (None, "return (n - 1) / 2 / buckets"),
        (None, "return 1 - 1 / buckets ** (n - 1)"),
        (None, "return (1 / buckets) ** (n - 1)"),
        (None, "return max(0, n - buckets) / n"),
        (None, "return round(1 - (1 - 1 / buckets) ** (n - 1), 4)"),
        (None, "return float(1 - (1 - torch.tensor(1 / buckets)) ** (n - 1))"),
        (
            None,
            "rng = np.random.default_rng(0)\nb = rng.integers(0, buckets, n)\n_, at, c = np.unique(b, return_inverse=True, return_counts=True)\nreturn (c[at] > 1).mean()",
        ),
        (None, "return 1 - (1 - 1 / (buckets - 1)) ** (n - 1) if buckets > 1 else 1.0"),
        (None, "return 1 - (1 - 1 / buckets) ** (n - 1) if n <= buckets else 1.0"),
        (None, "return 1 - (1 - (n - 1) / buckets) ** 1 if n < buckets else 1.0"),
    ],
}

RIGHT = {
    "ngrams": [
        MARKED + "return [m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1]",
        MARKED + "out = []\nfor n in range(least, most + 1):\n    for i in range(len(m) - n + 1):\n"
        "        if n == 1 and i in (0, len(m) - 1):\n            continue\n        out.append(m[i:i + n])\nreturn out",
        MARKED + "out = [m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n + 1)]\n"
        "if least == 1:\n    out.remove('<')\n    out.remove('>')\nreturn out",
        MARKED + "return tuple(m[i:j] " + EACH + " if (i, j) not in {(0, 1), (len(m) - 1, len(m))})",
        MARKED + "return np.array([m[i:j] " + EACH + " if j - i > 1 or 0 < i < len(m) - 1], dtype=str)",
        "letters = ['<', *word, '>']\nout = list(word) if least == 1 else []\nfor n in range(max(least, 2), most + 1):\n"
        "    out += map(''.join, zip(*(letters[k:] for k in range(n))))\nreturn out",
        MARKED + "c = Counter(m[i:i + n] for n in range(least, most + 1) for i in range(len(m) - n + 1))\n"
        "if least == 1:\n    c['<'] -= 1\n    c['>'] -= 1\nreturn list(c.elements())",
        MARKED + "out = []\nfor j in range(len(m), 0, -1):\n    for n in range(least, most + 1):\n        i = j - n\n"
        "        if i >= 0 and not (n == 1 and (i == 0 or j == len(m))):\n            out.append(m[i:j])\nreturn out",
        "import re\n" + MARKED + "out = []\nfor n in range(least, most + 1):\n"
        "    found = re.findall('(?=(' + '.' * n + '))', m)\n    out += found[1:-1] if n == 1 else found\nreturn out",
    ],
    "bag_gradient": [
        "t = torch.zeros(R, len(grad))\nfor r in rows:\n    t[r] += scale * grad\nreturn t",
        "return torch.zeros(R, len(grad)).index_add(0, rows, scale * grad.repeat(len(rows), 1))",
        "return scale * torch.outer(torch.bincount(rows, minlength=R).float(), grad)",
        "w = torch.zeros(R, len(grad), requires_grad=True)\n(scale * w[rows].sum(0)).backward(grad)\nreturn w.grad",
        "w = torch.zeros(R, len(grad), requires_grad=True)\nv = scale * w[rows].sum(0)\nreturn torch.autograd.grad(v @ grad, w)[0]",
        "t = np.zeros((R, len(grad)))\nnp.add.at(t, rows.numpy(), scale * grad.numpy())\nreturn t",
        "t = torch.zeros(R, len(grad))\nt.index_put_((rows,), scale * grad, accumulate=True)\nreturn t",
        "hot = F.one_hot(rows, R).float()\nreturn scale * hot.T @ grad.expand(len(rows), -1)",
        "c = Counter(rows.tolist())\nreturn [[scale * c[r] * g for g in grad.tolist()] for r in range(R)]",
        "e = nn.Embedding(R, len(grad))\nv = scale * e(rows).sum(dim=0)\nv.backward(grad)\nreturn e.weight.grad",
        "i = rows.expand(len(grad), -1).T\nreturn torch.zeros(R, len(grad)).scatter_add(0, i, (scale * grad).expand(len(rows), -1))",
    ],
    "expected_sharing": [
        "return 1 - (1 - 1 / buckets) ** (n - 1)",
        "return 1 - ((buckets - 1) / buckets) ** (n - 1)",
        "if buckets == 1:\n    return 0 if n == 1 else 1\nreturn -math.expm1((n - 1) * math.log1p(-1 / buckets))",
        "alone = n * np.power(1 - 1 / buckets, n - 1)\nreturn (n - alone) / n",
        "miss = 1.0\nfor _ in range(n - 1):\n    miss *= 1 - 1 / buckets\nreturn 1 - miss",
        "return torch.tensor(1 - 1 / buckets, dtype=torch.float64).pow(n - 1).neg() + 1",
        "if n == 1:\n    return 0.0\nif buckets == 1:\n    return 1.0\nreturn 1 - math.exp((n - 1) * math.log((buckets - 1) / buckets))",
        "from scipy import stats\nreturn stats.binom.sf(0, n - 1, 1 / buckets)",
        "from fractions import Fraction\nif n < 100:\n    return float(1 - (1 - Fraction(1, buckets)) ** (n - 1))\nreturn 1 - (1 - 1 / buckets) ** (n - 1)",
        "from decimal import Decimal\nreturn 1 - float((1 - 1 / Decimal(buckets)) ** (n - 1)) if n > 1 else 0",
    ],
}
