"""Answers to the exercises of 11, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

from collections import Counter, defaultdict

SCOPE = {"Counter": Counter, "defaultdict": defaultdict}

WRONG = {
    "shards": [
        (
            None,
            "wanted = np.linspace(0, bounds[-1], ranks + 1)[1:-1]\nreturn [0, *np.searchsorted(bounds, wanted).tolist(), len(bounds) - 1]",
        ),  # the first bound not before it, not the nearest
        (
            None,
            "wanted = np.linspace(0, bounds[-1], ranks + 1)[1:-1]\nat = np.searchsorted(bounds, wanted, side='right') - 1\nreturn [0, *at.tolist(), len(bounds) - 1]",
        ),  # the last bound not after it
        (None, "return np.linspace(0, len(bounds) - 1, ranks + 1).round().astype(int).tolist()"),  # sentences alike
        (
            None,
            "cuts, share = [0], bounds[-1] / ranks\nfor r in range(1, ranks):\n    cuts.append(int(np.abs(bounds - bounds[cuts[-1]] - share).argmin()))\nreturn [*cuts, len(bounds) - 1]",
        ),  # each share counted from the last cut: the errors add up
        (
            None,
            "cuts = [0]\nfor r in range(ranks, 1, -1):\n    at = bounds[cuts[-1]]\n    cuts.append(int(np.abs(bounds - at - (bounds[-1] - at) / r).argmin()))\nreturn [*cuts, len(bounds) - 1]",
        ),  # the rest shared out anew after each cut
        (
            None,
            "cuts = [0]\nfor r in range(1, ranks):\n    nearest = int(np.abs(bounds - r / ranks * bounds[-1]).argmin())\n    cuts.append(min(max(nearest, cuts[-1] + 1), len(bounds) - 1))\nreturn [*cuts, len(bounds) - 1]",
        ),  # no shard may be empty
        (
            None,
            "return sorted({int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks + 1)})",
        ),  # empty shards vanish
        (
            None,
            "step = bounds[-1] // ranks\nreturn [*(int(np.abs(bounds - r * step).argmin()) for r in range(ranks)), len(bounds) - 1]",
        ),  # the rounded share times r
        (
            None,
            "return [int(np.abs(bounds - r * bounds[-1] // ranks).argmin()) for r in range(ranks + 1)]",
        ),  # floor of the distance
        (
            None,
            "return [int(np.abs(bounds - round(r * int(bounds[-1]) / ranks)).argmin()) for r in range(ranks + 1)]",
        ),  # the place rounded to a whole token
        (
            None,
            "inner = bounds[1:-1]\ncuts = [1 + int(np.abs(inner - r / ranks * bounds[-1]).argmin()) for r in range(1, ranks)]\nreturn [0, *cuts, len(bounds) - 1]",
        ),  # no cut at the ends, and none in a text of one sentence
        (
            None,
            "middle = (bounds[1:] + bounds[:-1]) // 2\nwanted = np.linspace(0, bounds[-1], ranks + 1)[1:-1]\nreturn [0, *np.searchsorted(middle, wanted).tolist(), len(bounds) - 1]",
        ),  # whole middles
        (
            None,
            "b = bounds.astype(np.float16)\nreturn [*(int(np.abs(b - r / ranks * b[-1]).argmin()) for r in range(ranks)), len(bounds) - 1]",
        ),  # long texts
        (
            None,
            "bounds *= ranks\nreturn [int(np.abs(bounds - r * bounds[-1] // ranks).argmin()) for r in range(ranks + 1)]",
        ),  # right, and the argument is gone
        (
            None,
            "cuts = [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks + 1)]\nreturn bounds[cuts].tolist()",
        ),  # tokens, not sentences
        (
            None,
            "cuts = [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks)]\nreturn [*cuts, len(bounds)]",
        ),
        (None, "return [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks)]"),
        (
            None,
            "cuts, held = [0], 0\nfor s, length in enumerate(np.diff(bounds)):\n    held += length\n    if held >= bounds[-1] / ranks and len(cuts) < ranks:\n        cuts.append(s + 1)\n        held = 0\nreturn cuts + [len(bounds) - 1] * (ranks + 1 - len(cuts))",
        ),  # fill one shard, then the next
        (
            None,
            "cuts = [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks + 1)]\nreturn np.diff(cuts).tolist()",
        ),  # how many, not where
        (
            None,
            "ranks = min(ranks, len(bounds) - 1)\nreturn [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(ranks + 1)]",
        ),  # no more processes than sentences
        (
            None,
            "return [int(np.abs(bounds - (ranks - r) / ranks * bounds[-1]).argmin()) for r in range(ranks + 1)]",
        ),  # "behind it" read as what is still to come
        (
            None,
            "cuts = [int(np.abs(bounds - r / ranks * bounds[-1]).argmin()) for r in range(1, ranks)]\nreturn [0, *cuts, len(bounds) - 1] if cuts else [0]",
        ),  # one process
    ],
    "word_counts": [
        (
            None,
            "counts, least = Counter(), 1\nfor line in lines:\n    counts.update(line.split())\n    if len(counts) > most:\n        counts = Counter({w: c for w, c in counts.items() if c > least})\n        least += 1\nreturn dict(counts)",
        ),  # looks once a line
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) >= most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c >= least}\n            least += 1\nreturn counts",
        ),
        (
            None,
            "counts = {}\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > 1}\nreturn counts",
        ),  # least stays
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            least += 1\n            counts = {w: c for w, c in counts.items() if c > least}\nreturn counts",
        ),  # raised before
        (
            None,
            "counts = {}\nfor line in lines:\n    least = 1\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # begins anew in each line
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least *= 2\nreturn counts",
        ),  # wrong from the third time on
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\n        counts[word] = counts.get(word, 0) + 1\nreturn counts",
        ),  # one word late
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        if word not in counts and len(counts) >= most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\n        counts[word] = counts.get(word, 0) + 1\nreturn counts",
        ),  # makes room for the new word, and keeps it
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least or w == word}\n            least += 1\nreturn counts",
        ),
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c - least for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # takes it off the others
        (
            None,
            "counts = {}\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            del counts[min(counts, key=counts.get)]\nreturn counts",
        ),  # the rarest alone
        (
            None,
            "counts = Counter()\nfor line in lines:\n    counts.update(line.split())\nreturn dict(counts.most_common(most))",
        ),
        (
            None,
            "seen, counts, least = Counter(), {}, 1\nfor line in lines:\n    for word in line.split():\n        seen[word] += 1\n        counts[word] = seen[word]\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # a word that comes again has its old count
        (
            None,
            "counts, least = {}, 1\nfor line in list(lines):\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # all lines at once
        (
            None,
            "counts, least = {}, 1\nfor word in ' '.join(lines).split():\n    counts[word] = counts.get(word, 0) + 1\n    if len(counts) > most:\n        counts = {w: c for w, c in counts.items() if c > least}\n        least += 1\nreturn counts",
        ),  # all lines at once
        (
            None,
            "counts, least = {}, 1\nfor some in iter(lambda: [line for _, line in zip(range(100), lines)], []):\n    for word in ' '.join(some).split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # a hundred lines at a time
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in set(line.split()):\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # a word once a line
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word, n in Counter(line.split()).items():\n        counts[word] = counts.get(word, 0) + n\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        ),  # a line's words out of their order
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        while len(counts) > most:\n            rare = [w for w, c in counts.items() if c <= least]\n            for w in rare[:len(counts) - most]:\n                del counts[w]\n            least += 1\nreturn counts",
        ),  # removes no more than it must
        (
            None,
            "counts, least = defaultdict(int), 1\nfor line in lines:\n    for word in line.split():\n        counts[word] += 1\n        if len(counts) > most:\n            for w in counts:\n                if counts[w] <= least:\n                    counts[w] = 0\n            least += 1\nreturn {w: c for w, c in counts.items() if c}",
        ),  # zeros go on counting as words
        (
            None,
            "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least = min(least + 1, 5)\nreturn counts",
        ),  # wrong for long texts alone
    ],
    "combine": [
        (
            None,
            "rows = team.sum((after != before).any(1).int()) > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / team.size\nreturn table",
        ),  # the mean over all
        (
            None,
            "touching = team.sum((after != before).any(1).int())\ntable = before.clone()\nreturn table + team.sum(after - before) / touching.clamp(min=1)[:, None]",
        ),  # right, and every row travels
        (
            None,
            "touching = team.sum(((after - before).sum(1) != 0).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # changes that cancel in a row
        (
            None,
            "moved = team.sum((after - before).sum(1))\nrows = moved != 0\ntouching = team.sum((after != before).any(1).int())[rows]\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[:, None]\nreturn table",
        ),  # changes that cancel over processes or in a row
        (
            None,
            "touching = team.sum((after != before).all(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),
        (
            None,
            "touching = team.sum((after[:, 0] != before[:, 0]).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # the first number for all
        (
            None,
            "touching = team.sum((after.norm(dim=1) != before.norm(dim=1)).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # rows that turn and keep their length
        (
            None,
            "touching = team.sum((~torch.isclose(after, before)).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # small changes
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\nbefore[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn before",
        ),  # changes before
        (
            None,
            "after -= before\ntouching = team.sum((after != 0).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum(after[rows]) / touching[rows, None]\nreturn table",
        ),  # changes after
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = after.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # its own change twice
        (
            None,
            "touching = team.sum((after != before).any(1))\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # a sum of truth values is true
        (
            None,
            "mine = (after != before).any(1)\ntouching = team.sum(mine.int())\nrows = touching > 0\nchange = torch.zeros_like(before)\nchange[rows] = team.sum((after - before)[rows])\ntable = before.clone()\ntable[mine] += change[mine] / touching[mine, None]\nreturn table",
        ),  # what others have changed stays as it was
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\nchange = torch.zeros_like(before)\nchange[rows] = team.sum((after - before)[rows])\nreturn before + change / touching[:, None]",
        ),  # 0 / 0 where nobody was
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] = team.sum(after[rows]) / touching[rows, None]\nreturn table",
        ),  # the unchanged rows are added, too
        (
            None,
            "flags = (after != before).any(1).int()\ntouching = team.sum(flags)\nrows = touching > 0\nmine = torch.where(flags[:, None] > 0, after, torch.zeros_like(after))\ntable = before.clone()\ntable[rows] = team.sum(mine[rows]) / touching[rows, None]\nreturn table",
        ),  # the flags are everybody's by then: the sum is in place
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 1\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # rows of one process
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None].sqrt()\nreturn table",
        ),
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows])\nreturn table",
        ),
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += (team.sum((after - before)[rows].double()) / touching[rows, None]).float()\nreturn table",
        ),  # eight bytes a number
        (
            None,
            "touching = team.sum((after != before).any(1).long())\nrows = team.sum((after != before).any(1).long()) > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # sixteen bytes a row
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows].bfloat16()).float() / touching[rows, None]\nreturn table",
        ),  # three digits
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\nshare = team.sum((after != before)[rows].int()).clamp(min=1)\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / share\nreturn table",
        ),  # who has changed the number, not the row; and bytes
        (
            None,
            "touching = team.sum((after != before).any(1).int())\nlast = int(torch.nonzero(touching).max()) + 1 if touching.any() else 0\ntable = before.clone()\ntable[:last] += team.sum((after - before)[:last]) / touching[:last].clamp(min=1)[:, None]\nreturn table",
        ),  # all rows up to the last that was changed
        (
            None,
            "mine = (after != before).any(1)\ntouching = team.sum(mine.int())\ntable = before.clone()\nif mine.any():\n    rows = touching > 0\n    table[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        ),  # who has changed nothing does not call again
        (
            None,
            "mine = (after != before).any(1)\ntouching = team.sum(mine.int())\ntable = before.clone()\ntable[mine] += team.sum((after - before)[mine]) / touching[mine, None]\nreturn table",
        ),  # tensors of different shapes, or rows of different words
    ],
    "draw_seed": [
        (None, "return seed + ranks + rank + part"),
        (None, "return [seed, rank, part]"),
        (None, "return [seed, ranks, rank]"),
        (None, "return [ranks, rank, part]"),
        (None, "return [seed, part * ranks + rank]"),  # two ranks' part 2 is four ranks' part 1
        (None, "return [seed + part, ranks, rank]"),
        (None, "return seed * 10**6 + ranks * 10**4 + rank * 10**2 + part"),  # a hundred parts
        (None, "return (seed << 32) + (ranks << 16) + (rank << 8) + part"),  # 256 parts
        (None, "return ((seed * 31 + ranks) * 31 + rank) * 31 + part"),
        (None, "return int(f'{seed}{ranks}{rank}{part}')"),  # 1, 12 is 11, 2
        (None, "return [int(digit) for digit in f'{seed}{ranks}{rank}{part}']"),
        (None, "return sorted([seed, ranks, rank, part])"),  # whose number is whose
        (None, "return [seed, part] if ranks == 1 else [seed, ranks, rank, part]"),  # [0, 2] is [0, 2, 0, 0]
        (None, "return [seed, ranks, rank, part % 64]"),  # each epoch anew
        (None, "return np.array([seed, ranks, rank, part]).astype(np.uint8).tolist()"),
        (None, "return [number & 0xFFFF for number in (seed, ranks, rank, part)]"),  # 65,536 parts
        (None, "return np.random.SeedSequence(seed, spawn_key=(rank, part))"),
        (None, "return hash((seed, ranks, rank, part))"),  # below 0, half of the time
        (None, "return random.Random(f'{seed} {ranks} {rank} {part}').getrandbits(8)"),
        (None, "return seed ^ ranks ^ rank ^ part"),
        (None, "return [seed * ranks, rank, part]"),
        (None, "return [seed, ranks, rank * part]"),
        (None, "return [seed, ranks, (rank + part) % ranks]"),  # the processes take turns
    ],
}

RIGHT = {
    "shards": [
        "total = int(bounds[-1])\nreturn [min(range(len(bounds)), key=lambda s: abs(int(bounds[s]) * ranks - r * total)) for r in range(ranks + 1)]",
        "wanted = np.arange(ranks + 1) * bounds[-1]\nreturn np.abs(bounds[None, :].astype(np.int64) * ranks - wanted[:, None]).argmin(1).tolist()",
        "middle = (bounds[1:] + bounds[:-1]) / 2\nwanted = np.linspace(0, bounds[-1], ranks + 1)[1:-1]\nreturn [0, *np.searchsorted(middle, wanted).tolist(), len(bounds) - 1]",
        "b = torch.as_tensor(bounds).double()\nwanted = torch.arange(ranks + 1).double() / ranks * b[-1]\nreturn (b - wanted[:, None]).abs().argmin(1).tolist()",
        "import bisect\nends = bounds.tolist()\ncuts = []\nfor r in range(ranks + 1):\n    place = r * ends[-1] / ranks\n    at = bisect.bisect_left(ends, place)\n    if at == len(ends) or at > 0 and place - ends[at - 1] < ends[at] - place:\n        at -= 1\n    cuts.append(at)\nreturn cuts",
        "cuts, s, total = [0], 0, int(bounds[-1])\nfor r in range(1, ranks):\n    while s + 1 < len(bounds) and abs(int(bounds[s + 1]) * ranks - r * total) < abs(int(bounds[s]) * ranks - r * total):\n        s += 1\n    cuts.append(s)\nreturn cuts + [len(bounds) - 1]",
        "lengths = np.diff(bounds)\nmiddle = np.cumsum(lengths) - lengths / 2\nwanted = [r / ranks * bounds[-1] for r in range(ranks + 1)]\nreturn np.digitize(wanted, middle).tolist()",
    ],
    "word_counts": [
        "counts, least = {}, 1\nfor line in lines:\n    for word in line.split():\n        counts[word] = counts.get(word, 0) + 1\n        if len(counts) > most:\n            counts = {w: c for w, c in counts.items() if c > least}\n            least += 1\nreturn counts",
        "counts, least = Counter(), 1\nfor word in (word for line in lines for word in line.split()):\n    counts[word] += 1\n    while len(counts) > most:\n        for rare in [w for w in counts if counts[w] <= least]:\n            del counts[rare]\n        least += 1\nreturn counts",
        "from itertools import chain, count\nleast, counts = count(1), defaultdict(int)\nfor word in chain.from_iterable(map(str.split, lines)):\n    counts[word] += 1\n    if len(counts) == most + 1:\n        limit = next(least)\n        counts = defaultdict(int, filter(lambda pair: pair[1] > limit, counts.items()))\nreturn dict(counts)",
        "words, numbers, least = [], np.zeros(0, int), 1\nfor line in lines:\n    for word in line.split():\n        if word in words:\n            numbers[words.index(word)] += 1\n        else:\n            words.append(word)\n            numbers = np.append(numbers, 1)\n        if len(words) > most:\n            stay = numbers > least\n            words = [w for w, yes in zip(words, stay) if yes]\n            numbers = numbers[stay]\n            least += 1\nreturn dict(zip(words, numbers.tolist()))",
        "counts, removals = {}, 0\nwhile (line := next(lines, None)) is not None:\n    for word in line.split():\n        if word in counts:\n            counts[word] += 1\n        elif len(counts) < most:\n            counts[word] = 1\n        else:\n            removals += 1\n            counts = {w: c for w, c in counts.items() if c > removals}\nreturn counts",
        "by_count, of, least = defaultdict(set), {}, 1\nfor line in lines:\n    for word in line.split():\n        n = of.get(word, 0)\n        by_count[n].discard(word)\n        by_count[n + 1].add(word)\n        of[word] = n + 1\n        if len(of) > most:\n            for n in range(1, least + 1):\n                for rare in by_count.pop(n, ()):\n                    del of[rare]\n            least += 1\nreturn of",
    ],
    "combine": [
        "touching = team.sum((after != before).any(1).int())\nrows = touching > 0\ntable = before.clone()\ntable[rows] += team.sum((after - before)[rows]) / touching[rows, None]\nreturn table",
        "touching = team.sum((after - before).abs().amax(1).gt(0).long())\nwhere = touching.nonzero().flatten()\nchange = team.sum(after[where] - before[where])\nreturn before.index_add(0, where, change / touching[where].unsqueeze(1))",
        "mine = (after != before).any(1).float()\ntouching = team.sum(mine.clone())\nrows = touching > 0\nmean = team.sum(((after - before) / touching.clamp(min=1)[:, None])[rows])\ntable = before.clone()\ntable[rows] = before[rows] + mean\nreturn table",
        "mine = (after != before).any(1)\nrows = team.sum(mine.int()) > 0\nsent = torch.cat([after - before, mine[:, None].float()], 1)[rows]\nsent = team.sum(sent)\ntable = before.clone()\ntable[rows] += sent[:, :-1] / sent[:, -1:]\nreturn table",
        "mine = (after != before).any(1)\ntouching = team.sum(mine.int())\nrows = touching > 0\nsummed = team.sum(torch.where(mine[:, None], after, torch.zeros_like(after))[rows])\ntable = before.clone()\ntable[rows] = summed / touching[rows, None]\nreturn table",
        "b, a = before.numpy(), after.numpy()\nflags = torch.tensor([int(any(x != y for x, y in zip(p, q))) for p, q in zip(a, b)], dtype=torch.int32)\ntouching = team.sum(flags).numpy()\nrows = [r for r in range(len(b)) if touching[r]]\nsent = torch.from_numpy(np.ascontiguousarray(a[rows] - b[rows]))\nchange = team.sum(sent).numpy()\ntable = b.copy()\nfor i, r in enumerate(rows):\n    table[r] += change[i] / touching[r]\nreturn torch.from_numpy(table)",
        "touching = team.sum((after != before).any(1).int())\nif not touching.any():\n    return before.clone()\nrows = touching > 0\nchange = team.sum((after - before)[rows]) / touching[rows, None]\nreturn before.masked_scatter(rows[:, None].expand_as(before), before[rows] + change)",
    ],
    "draw_seed": [
        "return [seed, ranks, rank, part]",
        "return part, rank, ranks, seed",
        "return np.random.SeedSequence([seed, ranks, rank, part])",
        "return np.random.SeedSequence(seed, spawn_key=(ranks, rank, part))",
        "return ((seed * 2**64 + ranks) * 2**64 + rank) * 2**64 + part",
        "return list(f'{seed} {ranks} {rank} {part}'.encode())",
        "import hashlib\nreturn int(hashlib.sha256(repr((seed, ranks, rank, part)).encode()).hexdigest(), 16)",
        "return np.random.default_rng([seed, ranks, rank, part])",
        "return np.random.PCG64([seed, ranks, rank, part])",
        "return int.from_bytes(b','.join(str(n).encode() for n in (seed, ranks, rank, part)), 'little')",
    ],
}
