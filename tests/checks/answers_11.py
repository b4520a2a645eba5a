"""Answers to the exercises of 11, as students write them: ``test_answers.py`` runs them and says what they mean."""

from collections import Counter, defaultdict

HEAD = {
    "shards": "bounds, ranks",
    "word_counts": "lines, most",
    "combine": "before, after, team",
    "draw_seed": "seed, ranks, rank, part",
}
SCOPE = {"Counter": Counter, "defaultdict": defaultdict}

WRONG = {
    "shards": [
        ("equally many sentences", "S = len(bounds) - 1; return [S * r // ranks for r in range(ranks + 1)]"),
        ("within a sentence", "return [int(bounds[-1]) * r // ranks for r in range(ranks + 1)]"),
        (
            "tokens",
            "at = [int(np.abs(bounds - bounds[-1] * r / ranks).argmin()) for r in range(ranks + 1)]\n"
            "return bounds[at].tolist()",
        ),
        (
            "rounded up",
            "S = len(bounds) - 1\n"
            "mid = np.searchsorted(bounds, [bounds[-1] * r / ranks for r in range(1, ranks)]).astype(int).tolist()\n"
            "return [0, *mid, S]",
        ),
        (
            "rounded down",
            "S, T = len(bounds) - 1, bounds[-1]\n"
            "mid = [max(s for s in range(S + 1) if bounds[s] <= T * r / ranks) for r in range(1, ranks)]\n"
            "return [0, *mid, S]",
        ),
        (
            "pairs",
            "at = [int(np.abs(bounds - bounds[-1] * r / ranks).argmin()) for r in range(ranks)] + [len(bounds) - 1]\n"
            "return [(at[r], at[r + 1]) for r in range(ranks)]",
        ),
        (
            "without its ends",
            "return [int(np.abs(bounds - bounds[-1] * r / ranks).argmin()) for r in range(1, ranks)]",
        ),
        (
            "filled one after the other",
            "cuts, had = [0], 0\nfor s in range(len(bounds) - 1):\n    had += bounds[s + 1] - bounds[s]\n"
            "    if had >= bounds[-1] / ranks and len(cuts) < ranks:\n        cuts.append(s + 1); had = 0\n"
            "return cuts + [len(bounds) - 1] * (ranks + 1 - len(cuts))",
        ),
        (None, "return np.linspace(0, len(bounds) - 1, ranks + 1).round().astype(int).tolist()"),
        (None, "return [int(np.abs(bounds - bounds[-1] // ranks * r).argmin()) for r in range(ranks + 1)]"),
        (
            None,
            "return [int(np.abs(bounds[1:] - bounds[-1] * r / ranks).argmin()) for r in range(ranks)]"
            " + [len(bounds) - 1]",
        ),
        (
            None,
            "at = {0, len(bounds) - 1, *(int(np.abs(bounds - bounds[-1] * r / ranks).argmin()) for r in range(ranks))}\n"
            "return sorted(at)",
        ),
    ],
    "word_counts": [
        (
            "nothing removed",
            "c = {}\nfor l in lines:\n    for w in l.split():\n        c[w] = c.get(w, 0) + 1\nreturn c",
        ),
        (
            "removed at the end",
            "c = Counter()\nfor line in lines:\n    c.update(line.split())\nreturn dict(c.most_common(most))",
        ),
        (
            "least stays",
            "c = Counter()\nfor l in lines:\n    for w in l.split():\n        c[w] += 1\n        if len(c) > most:\n"
            "            c = Counter({x: n for x, n in c.items() if n > 1})\nreturn c",
        ),
        (
            "fewer than least",
            "c, least = {}, 1\nfor l in lines:\n    for w in l.split():\n        c[w] = c.get(w, 0) + 1\n"
            "        if len(c) > most:\n            c = {x: n for x, n in c.items() if n >= least}\n"
            "            least += 1\nreturn c",
        ),
        (
            "one too few",
            "c, least = {}, 1\nfor l in lines:\n    for w in l.split():\n        c[w] = c.get(w, 0) + 1\n"
            "        if len(c) >= most:\n            c = {x: n for x, n in c.items() if n > least}\n"
            "            least += 1\nreturn c",
        ),
        (
            "after a line",
            "c, least = Counter(), 1\nfor l in lines:\n    c.update(l.split())\n    if len(c) > most:\n"
            "        c = Counter({x: n for x, n in c.items() if n > least})\n        least += 1\nreturn c",
        ),
        (
            "error",
            "text = list(lines)\nc, least = Counter(), 1\nfor w in ' '.join(text).split():\n    c[w] += 1\n"
            "    if len(c) > most:\n        c = Counter({x: n for x, n in c.items() if n > least})\n"
            "        least += 1\nreturn c",
        ),
        (
            None,
            "c, least = Counter(), 1\nfor w in ' '.join(lines).split():\n    c[w] += 1\n"
            "    if len(c) > most:\n        c = Counter({x: n for x, n in c.items() if n > least})\n"
            "        least += 1\nreturn c",
        ),
        (
            None,
            "c, least = Counter(), 1\nfor l in lines:\n    for w in l.split(' '):\n        c[w] += 1\n"
            "        if len(c) > most:\n            c = Counter({x: n for x, n in c.items() if n > least})\n"
            "            least += 1\nreturn c",
        ),
        (
            None,
            "c, least = {}, 1\nfor l in lines:\n    for w in l.split():\n        c[w] = c.get(w, 0) + 1\n"
            "        if len(c) > most:\n            c = {x: n - least for x, n in c.items() if n > least}\n"
            "            least += 1\nreturn c",
        ),
        (
            None,
            "c = Counter()\nfor l in lines:\n    for w in l.split():\n        c[w] += 1\n        if len(c) > most:\n"
            "            del c[min(c, key=c.get)]\nreturn c",
        ),
        (
            None,
            "c, least = {}, 1\nfor l in lines:\n    for w in l.split():\n        c[w] = c.get(w, 0) + 1\n"
            "        if len(c) > most:\n            least += 1\n"
            "            c = {x: n for x, n in c.items() if n > least}\nreturn c",
        ),
        (
            None,
            "c, least = {}, 1\nfor l in lines:\n    for w in l.split():\n        if w in c or len(c) < most:\n"
            "            c[w] = c.get(w, 0) + 1\nreturn c",
        ),
    ],
    "combine": [
        ("mean of whole tables", "return before + team.sum(after - before) / team.size"),
        ("sum of whole tables", "return before + team.sum(after - before)"),
        ("its own", "return after.clone()"),
        (
            "all rows sent",
            "change = after - before\nn = team.sum((change != 0).any(dim=1).float())\n"
            "return before + team.sum(change) / n.clamp(min=1)[:, None]",
        ),
        (
            "changes alone",
            "mark = team.sum((after != before).any(1).to(torch.uint8))\nrows = mark > 0\n"
            "out = torch.zeros_like(before)\nout[rows] = team.sum((after - before)[rows]) / mark[rows, None]\n"
            "return out",
        ),
        (
            "root",
            "mark = team.sum((after != before).any(1).float())\nrows = mark > 0\n"
            "out = before.clone()\nout[rows] += team.sum((after - before)[rows]) / mark[rows, None] ** 0.5\n"
            "return out",
        ),
        (None, "return team.sum(after) / team.size"),
        (None, "return (before + after) / 2"),
        (
            None,
            "rows = (after != before).any(1)\nout = before.clone()\nout[rows] += team.sum((after - before)[rows])\n"
            "return out",
        ),
        (
            None,
            "mark = team.sum((after != before).all(1).to(torch.uint8))\nrows = mark > 0\n"
            "out = before.clone()\nout[rows] += team.sum((after - before)[rows]) / mark[rows, None]\nreturn out",
        ),
        (
            None,
            "mark = team.sum(((after - before).sum(1) != 0).to(torch.uint8))\nrows = mark > 0\n"
            "out = before.clone()\nout[rows] += team.sum((after - before)[rows]) / mark[rows, None]\nreturn out",
        ),
        (
            None,
            "mark = team.sum((after != before).to(torch.float32))\n"
            "return before + team.sum(after - before) / mark.clamp(min=1)",
        ),
        (
            "in place",
            "mark = team.sum((after != before).any(1).to(torch.uint8))\nrows = mark > 0\n"
            "change = team.sum((after - before)[rows])\nbefore[rows] += change / mark[rows, None]\nreturn before",
        ),
        (
            None,
            "mark = team.sum((after != before).any(1).to(torch.uint8))\nrows = mark > 0\n"
            "out = before.clone()\nout[rows] = team.sum(after[rows]) / mark[rows, None]\nreturn out",
        ),
        (
            None,
            "change = after - before\nsummed = team.sum(change.clone())\nrows = (summed != 0).any(1)\n"
            "mark = team.sum((change != 0).any(1).float())\nout = before.clone()\n"
            "out[rows] += summed[rows] / mark[rows, None]\nreturn out",
        ),
    ],
    "draw_seed": [
        ("the seed", "return seed"),
        ("its process", "return [seed, rank]"),
        ("the part", "return (seed, part)"),
        ("without how many", "return [seed, part, rank]"),
        ("added up", "return part + rank + ranks + seed"),
        ("multiplied and added", "return part + 100 * rank + 1000 * seed"),
        (None, "return seed + rank"),
        (None, "return seed * ranks + rank"),
        (None, "return [seed + rank, ranks, part]"),
        (None, "return [seed, ranks, rank * part]"),
        (None, "return int(f'{seed}{ranks}{rank}{part}')"),
        (None, "return seed ^ ranks ^ rank ^ part"),
        (None, "return seed + 10**9 * ranks + 10**18 * rank + 10**27 * part"),
        (None, "return ((seed * 10**6 + ranks) * 10**6 + rank) * 10**6 + part"),
        (None, "return ((seed * 131072 + ranks) * 131072 + rank) * 131072 + part"),
        (None, "return part + (rank << 20) + (ranks << 40) + (seed << 60)"),
        (None, "return [seed, ranks, rank + ranks * part % 7]"),
        (None, "return random.randrange(10**9)"),
        (None, "return None if part else seed"),
        (None, "return f'{seed} {ranks} {rank} {part}'"),
        (None, "return seed * 10**6 + ranks * 10**4 + rank * 10**2 + part"),
        (None, "return sorted([seed, ranks, rank, part])"),
    ],
}

RIGHT = {
    "shards": [
        "T = bounds[-1]\nreturn [int(np.argmin(abs(bounds - T * r / ranks))) for r in range(ranks + 1)]",
        "cuts = [0]\nfor r in range(1, ranks):\n    goal = bounds[-1] * r / ranks\n    best = 0\n"
        "    for s in range(len(bounds)):\n        if abs(bounds[s] - goal) < abs(bounds[best] - goal):\n"
        "            best = s\n    cuts.append(best)\nreturn cuts + [len(bounds) - 1]",
        "goal = torch.arange(ranks + 1, dtype=torch.float64) * float(bounds[-1]) / ranks\n"
        "return (torch.tensor(bounds)[None] - goal[:, None]).abs().argmin(dim=1)",
        "goal = np.linspace(0, bounds[-1], ranks + 1)\nreturn np.abs(bounds[:, None] - goal).argmin(axis=0)",
        "import bisect\nb = bounds.tolist()\ncuts = []\nfor r in range(ranks + 1):\n    goal = b[-1] * r / ranks\n"
        "    i = bisect.bisect_left(b, goal)\n    i = min(i, len(b) - 1)\n"
        "    cuts.append(i - 1 if i and goal - b[i - 1] < b[i] - goal else i)\nreturn tuple(cuts)",
        "return [min(range(len(bounds)), key=lambda s: abs(ranks * bounds[s] - r * bounds[-1]))"
        " for r in range(ranks + 1)]",
    ],
    "word_counts": [
        "c, least = {}, 1\nfor line in lines:\n    for w in line.split():\n        c[w] = c.get(w, 0) + 1\n"
        "        if len(c) > most:\n            c = {x: n for x, n in c.items() if n > least}\n"
        "            least += 1\nreturn c",
        "c, least = Counter(), 1\nfor line in lines:\n    for w in line.split():\n        c[w] += 1\n"
        "        while len(c) > most:\n            for x in [x for x in c if c[x] <= least]:\n"
        "                del c[x]\n            least += 1\nreturn c",
        "c, least = defaultdict(int), 1\nfor w in (w for line in lines for w in line.split()):\n    c[w] += 1\n"
        "    if len(c) > most:\n        c = defaultdict(int, [(x, n) for x, n in c.items() if n > least])\n"
        "        least += 1\nreturn dict(c)",
        "c, least = {}, 1\nline = next(lines, None)\nwhile line is not None:\n    for w in line.split():\n"
        "        c.setdefault(w, 0)\n        c[w] += 1\n        if len(c) == most + 1:\n"
        "            c = dict(filter(lambda item: item[1] > least, c.items()))\n            least += 1\n"
        "    line = next(lines, None)\nreturn c",
        "import re\nc, least = Counter(), 1\nfor line in lines:\n    for found in re.finditer(r'\\S+', line):\n"
        "        c[found.group()] += 1\n        if len(c) > most:\n"
        "            c = Counter({x: c[x] for x in c if c[x] > least})\n            least = least + 1\nreturn c",
    ],
    "combine": [
        "mark = team.sum((after != before).any(dim=1).to(torch.uint8))\nrows = mark.nonzero().squeeze(1)\n"
        "out = before.clone()\nout[rows] += team.sum((after - before)[rows]) / mark[rows].unsqueeze(1)\nreturn out",
        "mark = team.sum((after != before).any(dim=1).long())\nrows = mark > 0\nout = before.clone()\n"
        "out[rows] = before[rows] + team.sum((after - before)[rows]) / mark[rows, None]\nreturn out",
        "changed = torch.tensor([bool((a != b).any()) for a, b in zip(after, before)]).float()\n"
        "n = team.sum(changed)\nrows = [i for i in range(len(n)) if n[i]]\n"
        "if not rows:\n    return before.clone()\n"
        "total = team.sum(torch.stack([after[i] - before[i] for i in rows]))\nout = before.clone()\n"
        "for j, i in enumerate(rows):\n    out[i] = out[i] + total[j] / n[i]\nreturn out",
        "rows = team.sum((after != before).any(1).to(torch.int32)).bool()\n"
        "change = (after - before)[rows]\nboth = torch.cat([change, (change != 0).any(1, keepdim=True).float()], 1)\n"
        "both = team.sum(both)\nout = before.clone()\nout[rows] += both[:, :-1] / both[:, -1:]\nreturn out",
        "n = team.sum(torch.from_numpy((after.numpy() != before.numpy()).any(1).astype('uint8'))).numpy()\n"
        "rows = np.flatnonzero(n)\nchange = team.sum(torch.from_numpy((after.numpy() - before.numpy())[rows]))\n"
        "out = before.numpy().copy()\nout[rows] += change.numpy() / n[rows, None]\nreturn torch.from_numpy(out)",
    ],
    "draw_seed": [
        "return [seed, ranks, rank, part]",
        "return (part, rank, ranks, seed)",
        "return np.array([seed, ranks, rank, part])",
        "return np.random.SeedSequence([seed, ranks, rank, part])",
        "return np.random.SeedSequence(seed, spawn_key=(ranks, rank, part))",
        "import hashlib\nreturn int(hashlib.sha256(f'{seed} {ranks} {rank} {part}'.encode()).hexdigest(), 16)",
        "return seed + 2**32 * ranks + 2**64 * rank + 2**96 * part",
    ],
}
