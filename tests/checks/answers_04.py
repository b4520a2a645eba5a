"""Answers to the exercises of 04, as students write them: ``test_answers.py`` runs them and says what they mean."""

from itertools import chain, islice

HEAD = {
    "contexts": "sentence, i, window",
    "noise": "contexts, K, draw",
    "pad": "rows",
    "encode": "sentences, index",
    "can_draw": "contexts, counts",
}

SCOPE = {"chain": chain, "islice": islice}

WRONG = {
    "contexts": [
        ("center included", "return sentence[max(0, i - window):min(len(sentence), i + window + 1)]"),
        (
            "left out by its word",
            "near = sentence[max(0, i - window):i + window + 1]\nreturn [w for w in near if w != sentence[i]]",
        ),
        (
            None,  # removes the first of two
            "near = sentence[max(0, i - window):i + window + 1]\nnear.remove(sentence[i])\nreturn near",
        ),
        (
            "place looked up",
            "i = sentence.index(sentence[i])\nreturn sentence[max(0, i - window):i] + sentence[i + 1:i + window + 1]",
        ),
        ("off by one", "return sentence[max(0, i - window):i] + sentence[i + 1:i + window]"),
        ("negative start", "return sentence[i - window:i] + sentence[i + 1:i + window + 1]"),
        (
            "round the corner",
            "return [sentence[i + d] for d in range(-window, window + 1) if d and i + d < len(sentence)]",
        ),
        ("error", "return [sentence[j] for j in range(max(0, i - window), i + window + 1) if j != i]"),
        (None, "return [sentence[j % len(sentence)] for j in range(i - window, i + window + 1) if j != i]"),
        (None, "left = max(1, i - window)\nreturn sentence[left:i] + sentence[i + 1:i + window + 1]"),
        ("right alone", "return sentence[i + 1:i + 1 + window]"),
        ("left alone", "return sentence[max(0, i - window):i]"),
        (None, "return sentence[max(0, i - window):i][::-1] + sentence[i + 1:i + 1 + window]"),
        (
            "nearest first",
            "out = []\nfor d in range(1, window + 1):\n    if i - d >= 0: out.append(sentence[i - d])\n"
            "    if i + d < len(sentence): out.append(sentence[i + d])\nreturn out",
        ),
        (None, "return sorted(set(sentence[max(0, i - window):i] + sentence[i + 1:i + 1 + window]))"),
        ("places", "return [j for j in range(len(sentence)) if 0 < abs(j - i) <= window]"),
        ("two lists", "return sentence[max(0, i - window):i], sentence[i + 1:i + 1 + window]"),
        (None, "h = window // 2\nreturn sentence[max(0, i - h):i] + sentence[i + 1:i + 1 + h]"),
        (
            None,
            "if i < window or i + window >= len(sentence): return []\n"
            "return sentence[i-window:i] + sentence[i+1:i+window+1]",
        ),
        (None, "i = i - 1\nreturn sentence[max(0, i - window):max(i, 0)] + sentence[i + 1:i + 1 + window]"),
        (None, "return [w for w in sentence[max(0, i - window):i] + sentence[i + 1:i + 1 + window] if w < 256]"),
        (
            None,  # compares identity
            "near = sentence[max(0, i - window):i + window + 1]\nreturn [w for w in near if w is not sentence[i]]",
        ),
        ("in place", "sentence.pop(i)\nreturn sentence[max(0, i - window):i + window]"),
        (None, "return {w for j, w in enumerate(sentence) if 0 < abs(j - i) <= window}"),
        ("type", "return (w for j, w in enumerate(sentence) if 0 < abs(j - i) <= window)"),
    ],
    "noise": [
        ("contexts among them", "return [draw() for _ in range(K * len(contexts))]"),
        (
            "thrown away at the end",
            "d = [draw() for _ in range(K * len(contexts))]\nreturn [w for w in d if w not in contexts]",
        ),
        (
            "drawn again once",
            "out = []\nfor _ in range(K * len(contexts)):\n    w = draw()\n    if w in contexts: w = draw()\n"
            "    out.append(w)\nreturn out",
        ),
        (None, "out = []\nwhile len(out) < K:\n    w = draw()\n    if w not in contexts: out.append(w)\nreturn out"),
        (
            "one for each context",
            "out = []\nwhile len(out) < len(contexts):\n    w = draw()\n    if w not in contexts: out.append(w)\n"
            "return out",
        ),
        (
            "a repeated context once",
            "contexts = set(contexts)\nout = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts: out.append(w)\nreturn out",
        ),
        (
            "only its own context avoided",
            "out = []\nfor c in contexts:\n    n = 0\n    while n < K:\n        w = draw()\n        if w != c:\n"
            "            out.append(w); n += 1\nreturn out",
        ),
        (
            None,
            "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n    if w in contexts: out.append(w)\n"
            "return out",
        ),
        (
            None,
            "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts and w not in out: out.append(w)\nreturn out",
        ),
        (
            "draws too many",
            "d = [draw() for _ in range(1000)]\nreturn [w for w in d if w not in contexts][:K * len(contexts)]",
        ),
        (
            "draws too many",
            "out = []\nw = draw()\nwhile len(out) < K * len(contexts):\n    if w not in contexts: out.append(w)\n"
            "    w = draw()\nreturn out",
        ),
        (
            None,
            "out = []\nwhile True:\n    w = draw()\n    if w not in contexts: out.append(w)\n"
            "    if len(out) >= K * len(contexts): return out",
        ),
        (
            None,
            "out = []\nwhile len(out) <= K * len(contexts):\n    w = draw()\n    if w not in contexts: out.append(w)\n"
            ""
            "return out[:-1]",
        ),
        (
            None,  # K at a time
            "out = []\nfor c in contexts:\n    w = [draw() for _ in range(K)]\n    while set(w) & set(contexts):\n"
            "        w = [draw() for _ in range(K)]\n    out += w\nreturn out",
        ),
        (
            None,  # a new call for each test
            "out = []\nwhile len(out) < K * len(contexts):\n    if draw() not in contexts: out.append(draw())\n"
            "return out",
        ),
        (
            "last first",
            "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n"
            "    if w not in contexts: out.insert(0, w)\n"
            "return out",
        ),
        (
            "sorted",
            "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n    if w not in contexts: out.append(w)\n"
            "return sorted(out)",
        ),
        (
            None,  # grows what it avoids
            "out, seen = [], set(contexts)\nwhile len(out) < K * len(contexts):\n    w = draw()\n"
            "    if w not in seen: out.append(w); seen.add(w)\nreturn out",
        ),
        (
            "contexts as well",
            "out = list(contexts)\nwhile len(out) < (K + 1) * len(contexts):\n    w = draw()\n"
            "    if w not in contexts: out.append(w)\nreturn out",
        ),
        (
            None,
            "out = [[w for w in iter(draw, contexts[0])] for c in contexts]\nreturn out",
        ),
        (
            None,  # draws for itself, the same each time
            "words = [w for w in range(1, 9) if w not in contexts]\n"
            "return np.random.default_rng(0).choice(words, K * len(contexts)).tolist()",
        ),
        (
            "in place",
            "n = K * len(contexts)\nout = []\nwhile len(out) < n:\n    w = draw()\n"
            "    if w not in contexts: out.append(w); contexts.append(0)\nreturn out",
        ),
        (
            None,  # compares identity
            "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n"
            "    if all(w is not c for c in contexts): out.append(int(str(w)))\n"
            "    if len(out) < K * len(contexts) and w > 256: draw()\nreturn out",
        ),
    ],
    "pad": [
        (
            "mask from the ids",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = np.array([c + n + [0] * (L - len(c + n)) for c, n in rows])\n"
            "return X, (X > 0).astype(int), np.array([[1] * len(c) + [0] * (L - len(c)) for c, n in rows])",
        ),
        (
            "labels everywhere",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = np.array([c + n + [0] * (L - len(c + n)) for c, n in rows])\n"
            "M = np.array([[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows])\n"
            "return X, M, M",
        ),
        (
            "padded on the left",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [[0] * (L - len(c + n)) + c + n for c, n in rows]\n"
            "M = [[0] * (L - len(c + n)) + [1] * len(c + n) for c, n in rows]\n"
            "Y = [[0] * (L - len(c + n)) + [1] * len(c) + [0] * len(n) for c, n in rows]\n"
            "return np.array(X), np.array(M), np.array(Y)",
        ),
        (
            "no mask",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = np.array([c + n + [0] * (L - len(c + n)) for c, n in rows])\n"
            "return X, np.ones_like(X), np.array([[1] * len(c) + [0] * (L - len(c)) for c, n in rows])",
        ),
        (
            "in place",
            "L = max(len(c + n) for c, n in rows); Y = []; M = []; X = []\n"
            "for c, n in rows:\n"
            "    Y.append([1] * len(c) + [0] * (L - len(c))); M.append([1] * len(c + n) + [0] * (L - len(c + n)))\n"
            "    c.extend(n); X.append(c + [0] * (L - len(c)))\n"
            "return np.array(X), np.array(M), np.array(Y)",
        ),
        (
            "label from the ids",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [c + n + [0] * (L - len(c + n)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "Y = [[int(x in c) * m for x, m in zip(row, real)] for row, real, (c, n) in zip(X, M, rows)]\n"
            "return X, M, Y",
        ),
        (
            "order",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [c + n + [0] * (L - len(c + n)) for c, n in rows]\n"
            "Y = [[1] * len(c) + [0] * (L - len(c)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "return X, Y, M",
        ),
        (
            None,  # the length of the first row
            "L = len(rows[0][0] + rows[0][1])\n"
            "X, M, Y = (torch.zeros(len(rows), L, dtype=torch.long) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    r = (c + n)[:L]; X[i, :len(r)] = torch.tensor(r); M[i, :len(r)] = 1; Y[i, :len(c)] = 1\n"
            "return X, M, Y",
        ),
        (
            None,  # the length of the last row
            "L = 0\nfor c, n in rows: L = len(c) + len(n)\n"
            "X, M, Y = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    r = (c + n)[:L]; X[i, :len(r)] = r; M[i, :len(r)] = 1; Y[i, :len(c)] = 1\nreturn X, M, Y",
        ),
        (
            None,  # K of 2 taken for granted
            "L = max(3 * len(c) for c, n in rows)\n"
            "X, M, Y = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    r = (c + n)[:L]; X[i, :len(r)] = r; M[i, :len(r)] = 1; Y[i, :len(c)] = 1\nreturn X, M, Y",
        ),
        (
            None,  # noise beside its context
            "L = max(len(c + n) for c, n in rows)\n"
            "X, M, Y = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    k = len(n) // len(c); r = sum([[w] + n[j * k:j * k + k] for j, w in enumerate(c)], [])\n"
            "    X[i, :len(r)] = r; M[i, :len(r)] = 1; Y[i, :len(r):k + 1] = 1\nreturn X, M, Y",
        ),
        (
            "noise first",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [n + c + [0] * (L - len(c + n)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "Y = [[0] * len(n) + [1] * len(c) + [0] * (L - len(c + n)) for c, n in rows]\nreturn X, M, Y",
        ),
        (
            None,  # ragged
            "return [c + n for c, n in rows], [[1] * len(c + n) for c, n in rows], "
            "[[1] * len(c) + [0] * len(n) for c, n in rows]",
        ),
        (
            None,  # the label is shorter
            "L, C = max(len(c + n) for c, n in rows), max(len(c) for c, n in rows)\n"
            "X = [c + n + [0] * (L - len(c + n)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "return X, M, [[1] * len(c) + [0] * (C - len(c)) for c, n in rows]",
        ),
        (
            None,  # padded with -1
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [c + n + [-1] * (L - len(c + n)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "return X, M, [[1] * len(c) + [0] * (L - len(c)) for c, n in rows]",
        ),
        (
            None,  # contexts and noise padded apart
            "C, N = max(len(c) for c, n in rows), max(len(n) for c, n in rows)\n"
            "X = [c + [0] * (C - len(c)) + n + [0] * (N - len(n)) for c, n in rows]\n"
            "M = [[1] * len(c) + [0] * (C - len(c)) + [1] * len(n) + [0] * (N - len(n)) for c, n in rows]\n"
            "return X, M, [[1] * len(c) + [0] * (C + N - len(c)) for c, n in rows]",
        ),
        (
            "labels on the noise",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [c + n + [0] * (L - len(c + n)) for c, n in rows]\n"
            "M = [[1] * len(c + n) + [0] * (L - len(c + n)) for c, n in rows]\n"
            "return X, M, [[0] * len(c) + [1] * len(n) + [0] * (L - len(c + n)) for c, n in rows]",
        ),
        (
            None,
            "L = max(len(c + n) for c, n in rows)\nreturn np.array([c + n + [0] * (L - len(c + n)) for c, n in rows])",
        ),
        (
            "one too long",
            "L = max(len(c + n) for c, n in rows) + 1\n"
            "X, M, Y = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    r = c + n; X[i, :len(r)] = r; M[i, :len(r)] = 1; Y[i, :len(c)] = 1\nreturn X, M, Y",
        ),
        (
            "mask on contexts alone",
            "L = max(len(c + n) for c, n in rows)\n"
            "X = [c + n + [0] * (L - len(c + n)) for c, n in rows]\n"
            "Y = [[1] * len(c) + [0] * (L - len(c)) for c, n in rows]\nreturn X, Y, Y",
        ),
        (
            None,  # sorted by length
            "rows = sorted(rows, key=lambda row: len(row[0]))\nL = max(len(c + n) for c, n in rows)\n"
            "X, M, Y = (np.zeros((len(rows), L), int) for _ in range(3))\n"
            "for i, (c, n) in enumerate(rows):\n"
            "    r = c + n; X[i, :len(r)] = r; M[i, :len(r)] = 1; Y[i, :len(c)] = 1\nreturn X, M, Y",
        ),
    ],
    "encode": [
        (
            None,
            "known = [[index.get(w, 0) for w in s] for s in sentences]\nids = [[i for i in s if i > 1] for s in known]\n"
            "return sum(ids, []), np.cumsum([0] + [len(s) for s in ids])",
        ),
        (
            "bounds of the text before",
            "ids = [index[w] for s in sentences for w in s if w in index]\n"
            "return ids, np.cumsum([0] + [len(s) for s in sentences])",
        ),
        (
            "unknown words as id 0",
            "ids, bounds = [], [0]\nfor s in sentences:\n    ids += [index.get(w, 0) for w in s]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            "empty sentences left out",
            "ids, bounds = [], [0]\nfor s in sentences:\n    known = [index[w] for w in s if w in index]\n"
            "    if known:\n        ids += known; bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # empty sentences of the text left out, those of unknown words not
            "ids, bounds = [], [0]\nfor s in sentences:\n    if not s: continue\n"
            "    ids += [index[w] for w in s if w in index]; bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            "no first bound",
            "ids, bounds = [], []\nfor s in sentences:\n    ids += [index[w] for w in s if w in index]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            "no last bound",
            "ids, bounds = [], []\nfor s in sentences:\n    bounds.append(len(ids))\n"
            "    ids += [index[w] for w in s if w in index]\nreturn ids, bounds",
        ),
        (
            "lengths",
            "ids, bounds = [], []\nfor s in sentences:\n    k = [index[w] for w in s if w in index]\n    ids += k\n"
            "    bounds.append(len(k))\nreturn ids, bounds",
        ),
        (
            "a list for each sentence",
            "ids = [[index[w] for w in s if w in index] for s in sentences]\n"
            "return ids, np.cumsum([0] + [len(s) for s in ids])",
        ),
        (
            "order",
            "ids, bounds = [], [0]\nfor s in sentences:\n    ids += [index[w] for w in s if w in index]\n"
            "    bounds.append(len(ids))\nreturn bounds, ids",
        ),
        (
            "error",
            "ids = [index[w] for s in sentences for w in s]\nreturn ids, np.cumsum([0] + [len(s) for s in sentences])",
        ),
        (
            None,  # a bound after each word
            "ids, bounds = [], [0]\nfor s in sentences:\n    for w in s:\n        if w in index:\n"
            "            ids.append(index[w]); bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # the last place and not the one after it
            "ids, bounds = [], [0]\nfor s in sentences:\n    ids += [index[w] for w in s if w in index]\n"
            "    bounds.append(len(ids) - 1)\nreturn ids, bounds",
        ),
        (
            None,  # starts by looking a sentence up
            "ids = [[index[w] for w in s if w in index] for s in sentences]\n"
            "bounds = [sum(map(len, ids[:ids.index(s)])) for s in ids]\n"
            "flat = sum(ids, [])\nreturn flat, bounds + [len(flat)]",
        ),
        (
            None,  # stops at the first unknown word
            "ids, bounds = [], [0]\nfor s in sentences:\n    for w in s:\n        if w not in index: break\n"
            "        ids.append(index[w])\n    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # each word once
            "ids, bounds = [], [0]\nfor s in sentences:\n"
            "    ids += [index[w] for w in dict.fromkeys(s) if w in index]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # nothing for nothing
            "if not sentences: return [], []\nids, bounds = [], [0]\nfor s in sentences:\n"
            "    ids += [index[w] for w in s if w in index]\n    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (None, "return [index[w] for s in sentences for w in s if w in index]"),
        (
            None,  # lower case
            "ids, bounds = [], [0]\nfor s in sentences:\n"
            "    ids += [index[w.lower()] for w in s if w.lower() in index]\n"
            "    bounds.append(len(ids))\nreturn ids, bounds",
        ),
        (
            None,  # pairs of bounds
            "ids, bounds = [], []\nfor s in sentences:\n    a = len(ids); ids += [index[w] for w in s if w in index]\n"
            ""
            "    bounds.append((a, len(ids)))\nreturn ids, bounds",
        ),
        (
            "in place",
            "for s in sentences:\n    for w in list(s):\n        if w not in index: s.remove(w)\n"
            "return [index[w] for s in sentences for w in s], np.cumsum([0] + [len(s) for s in sentences])",
        ),
    ],
    "can_draw": [
        (None, "return any(counts[i] > 1 and i not in contexts for i in range(len(counts)))"),
        ("repeats counted", "return len(contexts) < (counts > 0).sum()"),
        ("words that never occur", "return any(i not in contexts for i in range(1, len(counts)))"),
        ("always", "return any(i not in contexts for i in range(len(counts)))"),
        ("turned", "return all(i in contexts for i in range(len(counts)) if counts[i])"),
        ("never", "return False"),
        ("always", "return True"),
        ("numbers of words", "return len(set(contexts.tolist())) < np.count_nonzero(counts)"),
        ("numbers of words", "return len(np.unique(contexts)) < (counts > 0).sum()"),
        (None, "return len(np.unique(contexts)) != (counts > 0).sum()"),
        (None, "return len(contexts) < len(counts)"),
        (None, "return len(set(contexts.tolist())) < len(counts) - 1"),
        (None, "return counts.sum() > counts[contexts].sum()"),
        (None, "return bool(np.setdiff1d(counts, contexts).size)"),
        (None, "return not np.array_equal(np.unique(contexts), np.arange(1, len(counts)))"),
        (None, "return set(contexts.tolist()) != set(np.flatnonzero(counts).tolist())"),
        ("error", "return set(np.flatnonzero(counts)) - set(contexts) > 0"),
        (None, "return np.setdiff1d(np.flatnonzero(counts), contexts)"),
        (None, "return bool(np.setdiff1d(contexts, np.flatnonzero(counts)).size)"),
        (None, "return max(contexts, default=0) < len(counts) - 1"),
        (None, "p = counts ** 0.75 / (counts ** 0.75).sum()\nreturn 1 - p[contexts].sum() > 0"),
        (
            None,  # asks of the first word that occurs
            "for i in np.flatnonzero(counts):\n    return bool(i not in contexts)",
        ),
        ("in place", "counts[contexts] = 0\nreturn bool(counts.any())"),
        ("no value", "for i in range(len(counts)):\n    if counts[i] and i not in contexts: return True"),
    ],
}

RIGHT = {
    "contexts": [
        "return sentence[max(0, i - window):i] + sentence[i + 1:i + window + 1]",
        "return [sentence[j] for j in range(max(0, i - window), min(len(sentence), i + window + 1)) if j != i]",
        "return [w for j, w in enumerate(sentence) if 0 < abs(j - i) <= window]",
        "s = np.array(sentence)\nplaces = np.arange(len(s))\nreturn s[(abs(places - i) <= window) & (places != i)]",
        "s = torch.tensor(sentence)\nd = (torch.arange(len(s)) - i).abs()\nreturn s[(d > 0) & (d <= window)].tolist()",
        "near = sentence[max(0, i - window):i + window + 1]\nat = min(i, window)\ndel near[at]\nreturn near",
        "left = sentence[:i][-window:]\nright = sentence[i + 1:][:window]\nreturn left + right",
        "return list(chain(sentence[max(i - window, 0):i], sentence[i + 1:i + 1 + window]))",
        "return np.concatenate([sentence[max(0, i - window):i], sentence[i + 1:i + 1 + window]]).astype(int).tolist()",
        "return tuple(sentence[max(0, i - window):i] + sentence[i + 1:i + window + 1])",
    ],
    "noise": [
        "out = []\nwhile len(out) < K * len(contexts):\n    w = draw()\n    if w not in contexts: out.append(w)\n"
        "return out",
        "out = []\nfor _ in range(K * len(contexts)):\n    w = draw()\n    while w in contexts: w = draw()\n"
        "    out.append(w)\nreturn out",
        "good = (w for w in iter(draw, None) if w not in contexts)\nreturn list(islice(good, K * len(contexts)))",
        "def one():\n    w = draw()\n    return one() if w in contexts else w\n"
        "return [one() for _ in contexts for _ in range(K)]",
        "avoid = set(contexts)\nout = []\nfor c in contexts:\n    n = 0\n    while n < K:\n        w = draw()\n"
        "        if w not in avoid: out.append(w); n += 1\nreturn out",
        "out = np.empty(K * len(contexts), dtype=int)\nn = 0\nwhile n < len(out):\n    w = draw()\n"
        "    if w in contexts: continue\n    out[n] = w; n += 1\nreturn out",
        "out, left = [], K * len(contexts)\nwhile left:\n    w = draw()\n"
        "    if any(w == c for c in contexts): continue\n"
        "    out.append(w); left -= 1\nreturn torch.tensor(out, dtype=torch.long)",
    ],
    "pad": [
        "L = max(len(c) + len(n) for c, n in rows)\nX, M, Y = [], [], []\nfor c, n in rows:\n"
        "    p = [0] * (L - len(c) - len(n))\n"
        "    X.append(c + n + p); M.append([1] * len(c + n) + p); Y.append([1] * len(c) + [0] * len(n) + p)\n"
        "return X, M, Y",
        "L = max(len(c + n) for c, n in rows)\nA = np.zeros((3, len(rows), L), dtype=int)\n"
        "for i, (c, n) in enumerate(rows):\n"
        "    A[0, i, :len(c + n)] = c + n; A[1, i, :len(c + n)] = 1; A[2, i, :len(c)] = 1\nreturn tuple(A)",
        "pads = torch.nn.utils.rnn.pad_sequence\n"
        "X = pads([torch.tensor(c + n) for c, n in rows], batch_first=True)\n"
        "M = pads([torch.ones(len(c + n), dtype=torch.long) for c, n in rows], batch_first=True)\n"
        "Y = pads([torch.tensor([1] * len(c) + [0] * len(n)) for c, n in rows], batch_first=True)\nreturn X, M, Y",
        "size = np.array([len(c) + len(n) for c, n in rows]); C = np.array([len(c) for c, n in rows])\n"
        "column = np.arange(size.max())\nM, Y = column < size[:, None], column < C[:, None]\n"
        "X = np.zeros(M.shape, dtype=np.int64)\nX[M] = [w for c, n in rows for w in c + n]\n"
        "return torch.tensor(X), torch.tensor(M).float(), torch.tensor(Y).float()",
        "from itertools import zip_longest\n"
        "X = np.array(list(zip_longest(*[c + n for c, n in rows], fillvalue=0))).T\n"
        "M = np.array(list(zip_longest(*[[1] * len(c + n) for c, n in rows], fillvalue=0))).T\n"
        "Y = np.array(list(zip_longest(*[[1] * len(c) + [0] * len(n) for c, n in rows], fillvalue=0))).T\n"
        "return X, M, Y",
        "L = max(map(lambda row: sum(map(len, row)), rows))\nX = torch.zeros(len(rows), L, dtype=torch.int64)\n"
        "M, Y = torch.zeros_like(X), torch.zeros_like(X)\nfor i, (c, n) in enumerate(rows):\n"
        "    X[i, :len(c)] = torch.tensor(c); X[i, len(c):len(c) + len(n)] = torch.tensor(n)\n"
        "    M[i, :len(c) + len(n)] += 1; Y[i, :len(c)] += 1\nreturn [X, M, Y]",
    ],
    "encode": [
        "ids, bounds = [], [0]\nfor s in sentences:\n    ids += [index[w] for w in s if w in index]\n"
        "    bounds.append(len(ids))\n"
        "return ids, bounds",
        "rows = [[index[w] for w in s if w in index] for s in sentences]\n"
        "return sum(rows, []), np.cumsum([0] + [len(r) for r in rows])",
        "rows = [[index[w] for w in s if w in index] for s in sentences]\n"
        "bounds = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(int)\n"
        "return np.array(list(chain.from_iterable(rows)), dtype=int), bounds",
        "flat = [index.get(w, 0) for s in sentences for w in s]\nknown = np.array(flat, dtype=int) > 0\n"
        "before = np.concatenate([[0], np.cumsum(known)]).astype(int)\n"
        "ends = np.cumsum([0] + [len(s) for s in sentences])\nreturn np.array(flat, dtype=int)[known], before[ends]",
        "ids = []\nbounds = [len(ids)]\nfor s in sentences:\n    for w in s:\n        try:\n"
        "            ids.append(index[w])\n"
        "        except KeyError:\n            pass\n    bounds += [len(ids)]\n"
        "return torch.tensor(ids), torch.tensor(bounds)",
        "ids = [i for s in sentences for i in map(index.get, s) if i is not None]\nbounds = [0]\n"
        "for s in sentences:\n"
        "    bounds.append(bounds[-1] + sum(w in index for w in s))\nreturn [ids, bounds]",
    ],
    "can_draw": [
        "return np.setdiff1d(np.flatnonzero(counts), contexts).size > 0",
        "return any(counts[i] > 0 and i not in contexts for i in range(len(counts)))",
        "return any(counts[i] > 0 and i not in contexts for i in range(1, len(counts)))",
        "left = counts.copy()\nleft[contexts] = 0\nreturn left.sum() > 0",
        "return not set(np.flatnonzero(counts)) <= set(contexts)",
        "mask = np.ones(len(counts), bool)\nmask[contexts] = False\nreturn bool((counts[mask] ** 0.75).sum())",
        "return bool((~np.isin(np.flatnonzero(counts), contexts)).any())",
        "p = torch.tensor(counts, dtype=torch.float64) ** 0.75\np[torch.tensor(contexts)] = 0\nreturn int(p.any())",
        "for i, n in enumerate(counts):\n    if n and i not in contexts:\n        return True\nreturn False",
    ],
}
