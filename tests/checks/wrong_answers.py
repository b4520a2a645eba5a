"""Wrong answers as students write them, each with the hint that is meant for it; written apart from the checks.

``ANSWERS[exercise]`` is a list of (name of the hint, source of the function body). ``test_checks.py`` runs them.
"""

HEAD = {
    "lookup": "ids, weight",
    "table_gradient": "ids, grad, V",
    "own_context": "ids, window",
    "objective": "centers, contexts, v, u",
    "skip_gram": "center, candidates, embed_v, embed_u",
    "masked_loss": "pred, label, mask",
    "gradients": "v, u, label, mask",
    "keep_word2vec": "counts, t",
    "contexts": "words, vocab, i, window",
    "can_draw": "contexts, counts",
    "pad": "rows",
    "epoch_means": "losses, sizes",
    "report_at": "num_batches",
    "pair_objective": "pred, label, mask",
    "neighbours": "W, query, k",
    "table_overlap": "v, u, k",
    "analogy": "W, a, b, c",
    "spearman": "x, y",
    "accuracy": "correct, known",
    "bootstrap": "x, y, rows",
    "p_value": "observed, permuted",
    "pmi": "N",
    "best_scores": "N, K, power",
    "low_rank": "A, D",
    "shared_weights": "C, K, N",
    "alias_draw": "accept, other, slot, coin",
}

ANSWERS = {
    "lookup": [
        ("off by one", "one_hot = F.one_hot((ids - 1) % len(weight), len(weight)).float(); return one_hot @ weight"),
        ("padding left out", "h = F.one_hot(ids, len(weight)).float(); h[..., 0] = 0; return h @ weight"),
        ("flattened", "return F.one_hot(ids.flatten(), len(weight)).float() @ weight"),
        ("wrong axis", "return torch.stack([F.one_hot(c, len(weight)).float() @ weight for c in ids.T])"),
        ("one-hot vectors", "return F.one_hot(ids, weight.shape[0]).to(torch.float32)"),
        ("summed over the row", "return F.one_hot(ids, len(weight)).sum(1).float() @ weight"),
        ("error", "return F.one_hot(ids, len(weight)) @ weight"),
    ],
    "table_gradient": [
        ("last one wins", "g = torch.zeros(V, grad.shape[1]); g[ids] += grad; return g"),
        ("sign", "return -(F.one_hot(ids, V).float().T @ grad)"),
        ("padding left out", "h = F.one_hot(ids, V).float(); h[:, 0] = 0; return h.T @ grad"),
        ("mean", "h = F.one_hot(ids, V).float(); return h.T @ grad / h.sum(0).clamp(min=1)[:, None]"),
        ("one row for each id", "return grad.clone()"),
    ],
    "own_context": [
        (
            "center counted",
            "p = [(i, j) for i in range(len(ids)) for j in range(len(ids)) if abs(i - j) <= window]\n"
            "return np.mean([ids[i] == ids[j] for i, j in p])",
        ),
        (
            "words left out",
            "p = [(a, b) for i, a in enumerate(ids) for b in ids[max(0, i - window):i + window + 1] if a != b]\n"
            "return sum(a == b for a, b in p) / len(p)",
        ),
        (
            "off by one",
            "n = len(ids)\n"
            "p = [(i, j) for i in range(n) for j in range(max(0, i - window), min(i + window, n)) if i != j]\n"
            "return np.mean([ids[i] == ids[j] for i, j in p])",
        ),
        (
            "share of positions",
            "n = len(ids)\n"
            "return sum(ids[i] == ids[j] for i in range(n) for j in range(n) if 0 < abs(i - j) <= window) / n",
        ),
        (
            "count",
            "n = len(ids)\n"
            "return sum(ids[i] == ids[j] for i in range(n) for j in range(n) if 0 < abs(i - j) <= window)",
        ),
    ],
    "objective": [
        ("sign", "return F.cross_entropy(v[centers] @ u.T, contexts)"),
        ("sum", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='sum')"),
        ("no logarithm", "return torch.softmax(v[centers] @ u.T, 1)[torch.arange(len(centers)), contexts].mean()"),
        ("tables swapped", "return -F.cross_entropy(u[centers] @ v.T, contexts)"),
        ("one per pair", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='none')"),
        ("given the context", "return -F.cross_entropy(u[contexts] @ v.T, centers)"),
    ],
    "skip_gram": [
        ("reshape for permute", "u = embed_u(candidates); return embed_v(center) @ u.reshape(len(u), -1, u.shape[1])"),
        ("squeezed", "return (embed_v(center) * embed_u(candidates)).sum(-1)"),
        ("tables swapped", "return embed_u(center) @ embed_v(candidates).transpose(1, 2)"),
        ("sigmoid", "return (embed_v(center) @ embed_u(candidates).transpose(1, 2)).sigmoid()"),
        ("column", "return embed_u(candidates) @ embed_v(center).transpose(1, 2)"),
        ("cosine", "return F.cosine_similarity(embed_v(center), embed_u(candidates), dim=-1).unsqueeze(1)"),
        ("error", "return torch.bmm(embed_v(center), embed_u(candidates))"),
    ],
    "masked_loss": [
        ("mask forgotten", "return F.binary_cross_entropy_with_logits(pred, label, reduction='none').mean(dim=1)"),
        (
            "divided by the length",
            "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').mean(dim=1)",
        ),
        ("one number", "m = mask.bool(); return F.binary_cross_entropy_with_logits(pred[m], label[m])"),
        ("sum", "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').sum(dim=1)"),
        (
            "sigmoid twice",
            "l = F.binary_cross_entropy_with_logits(torch.sigmoid(pred), label, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "kept as a column",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask\n"
            "return l.sum(1, keepdim=True) / mask.sum(1, keepdim=True)",
        ),
        ("sign", "s = F.logsigmoid((2 * label - 1) * pred); return (s * mask).sum(1) / mask.sum(1)"),
    ],
    "gradients": [
        (
            "sign",
            "e = (label - torch.sigmoid((u @ v[:, :, None])[..., 0])) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "mask forgotten",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "sum for mean",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "no sigmoid",
            "e = ((u * v[:, None]).sum(-1) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "order",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return e[..., None] * v[:, None], (e[..., None] * u).sum(1)",
        ),
    ],
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
    "epoch_means": [
        (
            "since the start",
            "out, s, n = [], 0, 0\n"
            "for l, k in zip(losses, sizes):\n"
            "    s += (l * k).sum(); n += k.sum(); out.append(s / n)\n"
            "return np.array(out)",
        ),
        ("batches weighed alike", "return np.array([np.mean(row) for row in losses])"),
        ("last minibatch", "return np.array([row[-1] for row in losses])"),
        ("wrong axis", "return np.average(losses, axis=0, weights=sizes)"),
        ("one number", "return np.average(losses, weights=sizes)"),
    ],
    "report_at": [
        (
            "division by zero",
            "k = num_batches // 5\nreturn [i for i in range(num_batches) if (i + 1) % k == 0 or i + 1 == num_batches]",
        ),
        ("last one missing", "k = max(num_batches // 5, 1); return list(range(k - 1, num_batches, k))"),
        (
            "from zero",
            "k = max(num_batches // 5, 1); return sorted(set(range(0, num_batches, k)) | {num_batches - 1})",
        ),
        (
            "nothing below five",
            "k = num_batches // 5\n"
            "return [i for i in range(num_batches) if (k and (i + 1) % k == 0) or i == num_batches - 1]",
        ),
        (
            "counted from one",
            "k = max(num_batches // 5, 1)\n"
            "return [i for i in range(1, num_batches + 1) if i % k == 0 or i == num_batches]",
        ),
    ],
    "pair_objective": [
        (
            "mean of the rows",
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "return (l.mean(1) * mask.shape[1] / mask.sum(1)).mean()",
        ),
        ("mask forgotten", "return F.binary_cross_entropy_with_logits(pred, label)"),
        ("divided by all slots", "return F.binary_cross_entropy_with_logits(pred, label, weight=mask)"),
        ("sum", "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='sum')"),
        (
            "one for each row",
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "return l.sum(1) / mask.sum(1)",
        ),
    ],
    "neighbours": [
        ("query kept", "return torch.topk(F.cosine_similarity(W, W[query][None]), k).indices"),
        ("inner product, first one dropped", "return torch.topk(W @ W[query], k + 1).indices[1:]"),
        ("farthest", "s = F.cosine_similarity(W, W[query][None]); s[query] = 9; return s.argsort()[:k]"),
        ("one too few", "return torch.topk(F.cosine_similarity(W, W[query][None]), k).indices[1:]"),
        ("scores", "return torch.topk(F.cosine_similarity(W, W[query][None]), k + 1).values[1:]"),
        ("distance", "d = (W - W[query]).norm(dim=1); d[query] = torch.inf; return d.argsort()[:k]"),
    ],
    "table_overlap": [
        (
            "own word counted",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k).indices.tolist()\n"
            "return np.mean([len(set(a) & set(b)) / k for a, b in zip(f(v), f(u))])",
        ),
        (
            "over the union",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:].tolist()\n"
            "return np.mean([len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in zip(f(v), f(u))])",
        ),
        (
            "count",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:].tolist()\n"
            "return np.mean([len(set(a) & set(b)) for a, b in zip(f(v), f(u))])",
        ),
        (
            "same rank",
            "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T).topk(k + 1).indices[:, 1:]\n"
            "return (f(v) == f(u)).double().mean()",
        ),
        (
            "inner products",
            "f = lambda W: (W @ W.T - torch.diag(torch.full((len(W),), 1e9))).topk(k).indices.tolist()\n"
            "return np.mean([len(set(a) & set(b)) / k for a, b in zip(f(v), f(u))])",
        ),
    ],
    "analogy": [
        ("query words kept", "n = F.normalize(W, dim=1); return (n @ (n[b] - n[a] + n[c])).argmax().item()"),
        (
            "a and b exchanged",
            "n = F.normalize(W, dim=1); s = n @ (n[a] - n[b] + n[c]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
        (
            "not scaled",
            "x = W[b] - W[a] + W[c]; s = F.cosine_similarity(W, x[None]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
        ("two left in", "n = F.normalize(W, dim=1); s = n @ (n[b] - n[a] + n[c]); s[c] = -9; return s.argmax().item()"),
        (
            "nearest to c",
            "s = F.cosine_similarity(W, W[c][None]); s[[a, b, c]] = -9; return s.argmax().item()",
        ),
    ],
    "spearman": [
        ("Pearson", "return np.corrcoef(x, y)[0, 1]"),
        ("ties unequal", "r = lambda z: z.argsort(kind='stable').argsort(); return np.corrcoef(r(x), r(y))[0, 1]"),
        ("argsort once", "return np.corrcoef(x.argsort(kind='stable'), y.argsort(kind='stable'))[0, 1]"),
        ("sign", "return spearmanr(-x, y)[0]"),
        ("squared", "return spearmanr(x, y).statistic ** 2"),
        ("in place", "x.sort(); return spearmanr(x, y)[0]"),
    ],
    "accuracy": [
        ("over all questions", "return sum(correct) / len(correct), sum(known) / len(known)"),
        ("order", "return sum(known) / len(known), sum(correct) / sum(known)"),
        ("counts", "return sum(correct), sum(known)"),
        ("accuracy alone", "return sum(correct) / sum(known)"),
        ("share of errors", "return sum(known & ~correct) / sum(known), known.mean()"),
    ],
    "bootstrap": [
        ("90 percent", "return np.quantile([spearmanr(x[r], y[r])[0] for r in rows], [0.05, 0.95])"),
        ("smallest and largest", "s = [spearmanr(x[r], y[r])[0] for r in rows]; return min(s), max(s)"),
        ("Pearson", "return np.percentile([np.corrcoef(x[r], y[r])[0, 1] for r in rows], [2.5, 97.5])"),
        (
            "from a normal distribution",
            "s = np.std([spearmanr(x[r], y[r])[0] for r in rows]); m = spearmanr(x, y)[0]\n"
            "return m - 1.96 * s, m + 1.96 * s",
        ),
    ],
    "p_value": [
        ("no one added", "return sum(p >= observed for p in permuted) / len(permuted)"),
        ("ties left out", "return (sum(p > observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("both sides", "return (sum(abs(p) >= abs(observed) for p in permuted) + 1) / (len(permuted) + 1)"),
        ("other tail", "return (sum(p <= observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("complement", "return sum(observed > p for p in permuted) / len(permuted)"),
    ],
    "pmi": [
        ("conditional", "return np.log((N.T / N.sum(1)).T)"),
        ("joint", "return np.log(N) - np.log(N.sum())"),
        ("total forgotten", "return np.log(N) - np.log(N.sum(1))[:, None] - np.log(N.sum(0))"),
        ("axes exchanged", "return np.log(N * N.sum() / N.sum(0)[:, None] / N.sum(1))"),
        ("positive part", "p = N / N.sum(); return np.log(p / p.sum(1)[:, None] / p.sum(0)).clip(0)"),
        ("base 2", "p = N / N.sum(); return np.log2(p / np.outer(p.sum(1), p.sum(0)))"),
    ],
    "best_scores": [
        ("no exponent", "return np.log(N * N.sum() / N.sum(1)[:, None] / N.sum(0) / K)"),
        ("no K", "q = N.sum(0) ** power; q = q / q.sum(); return np.log(N / (N.sum(1)[:, None] * q))"),
        ("not normalised", "return np.log(N) - np.log(K * N.sum(1)[:, None] * N.sum(0) ** power)"),
        ("power of the share", "q = (N.sum(0) / N.sum()) ** power; return np.log(N / (K * N.sum(1)[:, None] * q))"),
        (
            "centers for contexts",
            "q = N.sum(1) ** power; q = q / q.sum(); return np.log(N / (K * N.sum(1)[:, None] * q))",
        ),
    ],
    "low_rank": [
        ("singular values forgotten", "U, S, V = np.linalg.svd(A, full_matrices=False); return U[:, :D] @ V[:D]"),
        ("smallest kept", "U, S, V = np.linalg.svd(A, full_matrices=False); S[:-D] = 0; return U @ np.diag(S) @ V"),
        ("vectors alone", "U, S, V = np.linalg.svd(A); return U[:, :D] * S[:D] ** 0.5"),
        (
            "singular values squared",
            "U, S, V = np.linalg.svd(A, full_matrices=False); v, u = U * S, V.T * S; return v[:, :D] @ u[:, :D].T",
        ),
        ("one too few", "U, S, V = np.linalg.svd(A, full_matrices=False); S[D - 1:] = 0; return (U * S) @ V"),
    ],
    "shared_weights": [
        ("all alike", "w = 1 / (C + C * K); return w, w"),
        ("mean over the slots at hand", "n = C + N; return 1 / n, 1 / n"),
        ("half and half", "return 0.5 / C, 0.5 / N"),
        ("sum over pairs", "return 1, K * C / N"),
        ("order", "w = 1 / (C + C * K); return w * C * K / N, w"),
    ],
    "alias_draw": [
        ("turned", "return np.array([s if c >= accept[s] else other[s] for s, c in zip(slot, coin)])"),
        ("slot always", "return np.array(slot)"),
        ("other always", "return np.array([other[s] for s in slot])"),
        ("one coin", "c = coin[0]; return np.array([s if c < accept[s] else other[s] for s in slot])"),
    ],
}
