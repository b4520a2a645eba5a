"""More answers to the exercises of 04, written from the page alone: ``test_answers.py`` says what they mean."""

WRONG = {
    "contexts": [
        (None, "near = sentence[max(0, i - window):i + window + 1]\nnear.pop(window)\nreturn near"),
        (
            None,  # the last word is lost
            "return [sentence[j] for j in range(max(0, i - window), min(len(sentence) - 1, i + window)) if j != i]",
        ),
        (
            None,  # the first word is lost
            "return [sentence[j] for j in range(len(sentence)) if j and j != i and abs(j - i) <= window]",
        ),
        (
            None,  # a window that is cut off gives nothing
            "left = sentence[i - window:i] if i >= window else []\nreturn left + sentence[i + 1:i + 1 + window]",
        ),
        (
            None,
            "if window >= len(sentence):\n    return []\n"
            "return sentence[max(0, i - window):i] + sentence[i + 1:i + 1 + window]",
        ),
        (
            None,
            "if len(sentence) > 1:\n    return sentence[max(0, i - window):i] + sentence[i + 1:i + 1 + window]",
        ),
        (
            None,  # as far to the left as to the right
            "k = min(window, i, len(sentence) - 1 - i)\nreturn sentence[i - k:i] + sentence[i + 1:i + 1 + k]",
        ),
    ],
    "noise": [
        (
            None,  # draws again in place: the order
            "noise = [draw() for _ in range(K * len(contexts))]\nfor j in range(len(noise)):\n"
            "    while noise[j] in contexts:\n        noise[j] = draw()\nreturn noise",
        ),
        (
            None,  # gives up after ten draws for each
            "noise, n = [], K * len(contexts)\nfor _ in range(10 * n):\n    if len(noise) == n:\n"
            "        break\n    w = draw()\n    if w not in contexts:\n        noise.append(w)\nreturn noise",
        ),
        (
            None,  # compares identity
            "noise = []\nwhile len(noise) < K * len(contexts):\n    w = draw()\n"
            "    if all(w is not c for c in contexts):\n        noise.append(w)\nreturn noise",
        ),
        (
            None,
            "noise = []\nwhile len(noise) < K:\n    w = draw()\n    if w not in contexts:\n"
            "        noise.append(w)\nreturn noise * len(contexts)",
        ),
        (
            None,
            "rows = []\nfor _ in contexts:\n    row = []\n    while len(row) < K:\n        w = draw()\n"
            "        if w not in contexts:\n            row.append(w)\n    rows.append(row)\nreturn rows",
        ),
        (
            None,  # sorts the caller's list
            "contexts.sort()\nnoise = []\nwhile len(noise) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts:\n        noise.append(w)\nreturn noise",
        ),
        (
            None,
            "noise, last = [], None\nwhile len(noise) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts and w != last:\n        noise.append(w)\n    last = w\nreturn noise",
        ),
        (
            None,
            "noise = set()\nwhile len(noise) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts:\n        noise.add(w)\nreturn list(noise)",
        ),
    ],
    "pad": [
        (
            None,  # the first row's length
            "L = len(rows[0][0]) + len(rows[0][1])\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    both = (c + n)[:L]\n    x[b, :len(both)] = both\n"
            "    mask[b, :len(both)] = 1\n    label[b, :len(c)] = 1\nreturn x, mask, label",
        ),
        (
            None,  # one list for all rows
            "L = max(len(c) + len(n) for c, n in rows)\n"
            "x, mask, label = [[0] * L] * len(rows), [[0] * L] * len(rows), [[0] * L] * len(rows)\n"
            "for b, (c, n) in enumerate(rows):\n    for j, w in enumerate(c + n):\n"
            "        x[b][j], mask[b][j], label[b][j] = w, 1, int(j < len(c))\n"
            "return np.array(x), np.array(mask), np.array(label)",
        ),
        (
            None,  # the most contexts and the most noise words of any row
            "L = max(len(c) for c, n in rows) + max(len(n) for c, n in rows)\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    x[b, :len(c + n)] = c + n\n    mask[b, :len(c + n)] = 1\n"
            "    label[b, :len(c)] = 1\nreturn x, mask, label",
        ),
        (
            None,
            "C = max(len(c) for c, n in rows)\nL = C + max(len(n) for c, n in rows)\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    x[b, :len(c)] = c\n    x[b, C:C + len(n)] = n\n"
            "    mask[b, :len(c)] = mask[b, C:C + len(n)] = label[b, :len(c)] = 1\nreturn x, mask, label",
        ),
        (
            None,  # the first row's K for all rows
            "K = len(rows[0][1]) // len(rows[0][0])\nC = [len(c) for c, n in rows]\nL = max(C) * (1 + K)\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    x[b, :len(c + n)] = c + n\n"
            "    mask[b, :C[b] * (1 + K)] = 1\n    label[b, :C[b]] = 1\nreturn x, mask, label",
        ),
        (
            None,  # ids over 255
            "L = max(len(c) + len(n) for c, n in rows)\n"
            "x, mask, label = (torch.zeros(len(rows), L, dtype=torch.uint8) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    x[b, :len(c + n)] = torch.tensor(c + n).to(torch.uint8)\n"
            "    mask[b, :len(c + n)] = 1\n    label[b, :len(c)] = 1\nreturn x, mask, label",
        ),
        (
            None,  # a context twice
            "L = max(len(c) + len(n) for c, n in rows)\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    x[b, :len(c + n)] = c + n\n    mask[b, :len(c + n)] = 1\n"
            "    label[b, :len(set(c))] = 1\nreturn x, mask, label",
        ),
        (
            None,
            "from itertools import zip_longest\n"
            "long = [list(t) for t in zip_longest(*[c + n for c, n in rows], fillvalue=0)]\n"
            "x = np.array(long)\nL = len(x)\n"
            "mask = np.array([[int(j < len(c + n)) for c, n in rows] for j in range(L)])\n"
            "label = np.array([[int(j < len(c)) for c, n in rows] for j in range(L)])\nreturn x, mask, label",
        ),
        (
            None,  # filled with the last word
            "L = max(len(c) + len(n) for c, n in rows)\n"
            "x = np.array([(c + n + (c + n)[-1:] * L)[:L] for c, n in rows])\n"
            "mask = np.array([[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows])\n"
            "label = np.array([[1] * len(c) + [0] * (L - len(c)) for c, n in rows])\nreturn x, mask, label",
        ),
        (
            None,  # a real 0 at the end
            "L = max(len(c) + len(n) for c, n in rows)\n"
            "x, mask, label = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for b, (c, n) in enumerate(rows):\n    while n and n[-1] == 0:\n        n = n[:-1]\n"
            "    x[b, :len(c + n)] = c + n\n    mask[b, :len(c + n)] = 1\n    label[b, :len(c)] = 1\n"
            "return x, mask, label",
        ),
    ],
    "encode": [
        (
            None,
            "known = [[index[w] for w in s if w in index] for s in sentences]\n"
            "return sum(known, []), [0] + [len(k) for k in known]",
        ),
        (
            None,
            "ids, bounds = [], []\nfor s in sentences:\n    bounds.append(len(ids))\n"
            "    ids += [index[w] for w in s if w in index]\nif sentences:\n    bounds.append(len(ids))\n"
            "return ids, bounds",
        ),
        (
            None,  # no sentences, or none known: floats, or an error
            "known = [[index[w] for w in s if w in index] for s in sentences]\n"
            "return np.concatenate(known), np.cumsum([0] + [len(k) for k in known])",
        ),
        (
            None,  # removes while it walks
            "ids, bounds = [], [0]\nfor s in sentences:\n    for w in s:\n        if w not in index:\n"
            "            s.remove(w)\n    ids += [index[w] for w in s if w in index]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,
            "ids, bounds = [], [0]\nfor s in sentences:\n"
            "    ids += [index.setdefault(w, len(index) + 1) for w in s]\n    bounds.append(len(ids))\n"
            "return ids, bounds",
        ),
        (
            None,  # the first of equal ids
            "known = [[index[w] for w in s if w in index] for s in sentences]\nids = sum(known, [])\n"
            "return ids, [ids.index(k[0]) if k else 0 for k in known] + [len(ids)]",
        ),
        (
            None,  # in the vocabulary's order
            "ids, bounds = [], [0]\nfor s in sentences:\n    ids += [i for w, i in index.items() if w in s]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # empty sentences are lost
            "ids, where = [], []\nfor k, s in enumerate(sentences):\n    for w in s:\n"
            "        if w in index:\n            ids.append(index[w])\n            where.append(k)\n"
            "bounds = [0] + [j for j in range(1, len(ids)) if where[j] != where[j - 1]] + [len(ids)]\n"
            "return ids, bounds",
        ),
        (
            None,  # an empty sentence at the end is lost
            "ids, where = [], []\nfor k, s in enumerate(sentences):\n    for w in s:\n"
            "        if w in index:\n            ids.append(index[w])\n            where.append(k)\n"
            "return ids, [0, *np.cumsum(np.bincount(where))] if where else [0] * (len(sentences) + 1)",
        ),
    ],
    "can_draw": [
        (
            None,
            "return len(contexts) > 0 and any(counts[i] > 0 for i in range(len(counts)) if i not in contexts)",
        ),
        (
            None,  # a rare word
            "q = np.asarray(counts) ** 0.75\n"
            "drawn = np.random.default_rng(0).choice(len(q), size=1000, p=q / q.sum())\n"
            "return bool((~np.isin(drawn, contexts)).any())",
        ),
        (None, "return bool(np.argmax(counts) not in contexts)"),
        ("rounding", "q = np.asarray(counts) ** 0.75\nq = q / q.sum()\nreturn bool(q[np.unique(contexts)].sum() < 1)"),
        (
            None,  # a rare word
            "q = np.asarray(counts) ** 0.75\nq = q / q.sum()\nreturn not np.isclose(q[np.unique(contexts)].sum(), 1)",
        ),
        (
            None,  # a context that never occurs
            "return set(contexts.tolist()) < set(np.flatnonzero(counts).tolist())",
        ),
        (
            None,  # looks for counts among ids
            "return not all(c in contexts for c in counts if c > 0)",
        ),
        (None, "return sum(counts[i] > 0 for i in range(len(counts)) if i not in contexts)"),
        (None, "return bool(np.asarray(counts)[len(set(contexts.tolist())) + 1:].any())"),
        (
            None,  # 0 to the power 0 is 1
            "q = np.asarray(counts) ** 0\nq[contexts] = 0\nreturn bool(q.sum() > 0)",
        ),
    ],
}

RIGHT = {
    "contexts": [
        "return sentence[:i][::-1][:window][::-1] + sentence[i + 1:][:window]",
        "near = []\nfor d in range(-window, window + 1):\n    j = i + d\n    if d == 0 or j < 0:\n"
        "        continue\n    try:\n        near.append(sentence[j])\n    except IndexError:\n"
        "        break\nreturn near",
        "padded = [None] * window + sentence + [None] * window\n"
        "near = padded[i:i + window] + padded[i + window + 1:i + 2 * window + 1]\n"
        "return [w for w in near if w is not None]",
    ],
    "noise": [
        "noise = []\nwhile (missing := K * len(contexts) - len(noise)) > 0:\n"
        "    noise += [w for w in [draw() for _ in range(missing)] if w not in contexts]\nreturn noise",
        "noise = np.zeros(K * len(contexts), dtype=int)\nj = 0\nwhile j < len(noise):\n"
        "    noise[j] = draw()\n    j += int(not np.isin(noise[j], contexts))\nreturn noise.tolist()",
        "if not contexts:\n    return []\nnoise = []\nwhile True:\n    w = draw()\n    if w in contexts:\n"
        "        continue\n    noise.append(w)\n    if len(noise) == K * len(contexts):\n        return noise",
    ],
    "pad": [
        "seqs = [torch.tensor([*c, *n], dtype=torch.long) for c, n in rows]\n"
        "x = nn.utils.rnn.pad_sequence(seqs, batch_first=True)\nj = torch.arange(x.shape[1])\n"
        "size = torch.tensor([len(s) for s in seqs])[:, None]\n"
        "C = torch.tensor([len(c) for c, n in rows])[:, None]\nreturn x, (j < size).long(), (j < C).long()",
        "C = np.array([len(c) for c, n in rows])[:, None]\n"
        "size = C + np.array([len(n) for c, n in rows])[:, None]\nj = np.arange(size.max())\n"
        "x = np.zeros((len(rows), size.max()), dtype=np.int64)\n"
        "x[j < size] = [w for c, n in rows for w in c + n]\n"
        "return x, (j < size).astype(np.int32), (j < C).astype(np.int8)",
        "L = max(len(c) + len(n) for c, n in rows)\n"
        "cols = [np.pad(np.array(c + n, dtype=int), (0, L - len(c + n))) for c, n in rows]\n"
        "mask = np.stack([np.pad(np.ones(len(c + n), int), (0, L - len(c + n))) for c, n in rows])\n"
        "label = np.stack([np.pad(np.ones(len(c), int), (0, L - len(c))) for c, n in rows])\n"
        "return np.stack(cols), mask, label",
    ],
    "encode": [
        "known = [[i for i in map(index.get, s) if i is not None] for s in sentences]\n"
        "return sum(known, []), [sum(map(len, known[:k])) for k in range(len(known) + 1)]",
        "if not sentences:\n    return [], [0]\nids, bounds = my_encode(sentences[:-1], index)\n"
        "ids = ids + [index[w] for w in sentences[-1] if w in index]\nreturn ids, bounds + [len(ids)]",
        "where = np.array([k for k, s in enumerate(sentences) for w in s if w in index], dtype=int)\n"
        "ids = np.array([index[w] for s in sentences for w in s if w in index], dtype=int)\n"
        "return ids, np.searchsorted(where, np.arange(len(sentences) + 1))",
    ],
    "can_draw": [
        "return bool(np.delete(counts, contexts).any())",
        "counts = np.asarray(counts)\nreturn bool(counts.sum() - counts[np.unique(contexts)].sum() > 0)",
        "free = ~np.isin(np.arange(len(counts)), contexts)\nreturn bool((free * np.asarray(counts)).max() > 0)",
        "free = torch.ones(len(counts), dtype=torch.bool)\nfree[torch.as_tensor(contexts).long()] = False\n"
        "return (torch.as_tensor(np.asarray(counts))[free] > 0).any().item()",
    ],
}
