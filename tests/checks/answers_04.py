"""Answers to the exercises of 04, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "keep_word2vec": "counts, t",
    "contexts": "words, vocab, i, window",
    "can_draw": "contexts, counts",
    "pad": "rows",
}

WRONG = {
    "keep_word2vec": [
        ("paper", "return np.minimum(1, np.sqrt(t / (counts / counts.sum())))"),
        ("not clipped", "f = counts / counts.sum(); return np.sqrt(t / f) + t / f"),
        ("discarded", "f = counts / counts.sum(); return 1 - np.clip(np.sqrt(t / f) + t / f, 0, 1)"),
        ("counts for frequencies", "return np.minimum(np.sqrt(t / counts) + t / counts, 1)"),
        ("by the largest count", "f = counts / max(counts); return np.minimum(np.sqrt(t / f) + t / f, 1)"),
        ("in place", "counts[0] += 1; f = counts / counts.sum(); return np.minimum(np.sqrt(t / f) + t / f, 1)"),
    ],
    "contexts": [
        (
            "gaps kept",
            "near = words[max(0, i - window):i] + words[i + 1:i + 1 + window]\n"
            "return [vocab[w] for w in near if w in vocab]",
        ),
        (
            "unknown words as id 0",
            "near = words[max(0, i - window):i] + words[i + 1:i + 1 + window]\nreturn [vocab.get(w, 0) for w in near]",
        ),
        (
            "center included",
            "k = [w for w in words if w in vocab]; at = k.index(words[i])\n"
            "return [vocab[w] for w in k[max(at - window, 0):at + window + 1]]",
        ),
        (
            "negative start",
            "k = [vocab[w] for w in words if w in vocab]; at = k.index(vocab[words[i]])\n"
            "return k[at - window:at] + k[at + 1:at + window + 1]",
        ),
        (
            "off by one",
            "k = [vocab[w] for w in words if w in vocab]; at = k.index(vocab[words[i]])\n"
            "return k[max(0, at - window):at] + k[at + 1:at + window]",
        ),
        (
            "words",
            "k = [w for w in words if w in vocab]; at = k.index(words[i])\n"
            "return k[max(0, at - window):at] + k[at + 1:at + window + 1]",
        ),
    ],
    "can_draw": [
        ("repeats counted", "return len(contexts) < (counts > 0).sum()"),
        ("words that never occur", "return any(i not in contexts for i in range(1, len(counts)))"),
        ("always", "return any(i not in contexts for i in range(len(counts)))"),
        ("turned", "return all(i in contexts for i in range(len(counts)) if counts[i])"),
        ("never", "return False"),
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
    ],
}

RIGHT = {}
