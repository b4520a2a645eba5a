"""Answers to 13.1 and 13.2, written from the page alone: ``test_answers.py`` runs them and says why."""

import math

SCOPE = {"math": math}

OUT = "out = torch.zeros(len(places), W.shape[1])\nfor k, p in enumerate(places):\n"
NEAR = "    around = np.concatenate([ids[max(0, p - window):p], ids[p + 1:p + 1 + window]])\n    around = around[around > 0]\n"
MEAN = "    if len(around):\n        out[k] = W[torch.as_tensor(around)].mean(0)\nreturn out"
SCORE = "s = Q @ K.T / Q.shape[1] ** 0.5\n"
HIDE = "s = s.masked_fill(~mask, -math.inf)\n"
SOFT = "w = s.softmax(-1)\n"
SHARE = "w = e / e.sum(-1, keepdim=True)\n"
BOTH = "return w @ V, w"

WRONG = {
    "context_vectors": [
        ("no context of an unknown word", OUT + "    if ids[p] == 0:\n        continue\n" + NEAR + MEAN),
        (
            "in the sentence's order",
            "rows = []\nfor p in sorted(places):\n"
            + NEAR
            + "    rows.append(W[torch.as_tensor(around)].mean(0) if len(around) else torch.zeros(W.shape[1]))\n"
            "return torch.stack(rows)",
        ),
        (
            "in place",
            "order = list(places)\nplaces.sort()\nrows = {}\nfor p in places:\n"
            + NEAR
            + "    rows[p] = W[torch.as_tensor(around)].mean(0) if len(around) else torch.zeros(W.shape[1])\n"
            "return torch.stack([rows[p] for p in order])",
        ),
        (
            "in place",
            OUT
            + "    ids[p] = 0\n    around = ids[max(0, p - window):p + window + 1]\n    around = around[around > 0]\n"
            + MEAN,
        ),
        (
            "shape",
            "rows = {}\nfor p in places:\n"
            + NEAR
            + "    rows[p] = W[torch.as_tensor(around)].mean(0) if len(around) else torch.zeros(W.shape[1])\n"
            "return torch.stack(list(rows.values()))",
        ),
        (
            None,
            "out = torch.zeros(len(places), W.shape[1])\nwords = list(ids)\nfor k, p in enumerate(places):\n"
            "    p = words.index(ids[p])\n" + NEAR + MEAN,
        ),  # the first occurrence of the word instead of the place
        (
            None,
            OUT
            + "    around = ids[max(0, p - window):p + window + 1]\n    around = around[around > 0]\n    n = len(around) - 1\n"
            "    if n > 0:\n        out[k] = (W[torch.as_tensor(around)].sum(0) - W[ids[p]]) / n\nreturn out",
        ),  # takes the place's row off the sum of the whole window
        (
            None,
            OUT + "    parts = []\n    for side in (ids[max(0, p - window):p], ids[p + 1:p + 1 + window]):\n"
            "        side = side[side > 0]\n        if len(side):\n            parts.append(W[torch.as_tensor(side)].mean(0))\n"
            "    if parts:\n        out[k] = torch.stack(parts).mean(0)\nreturn out",
        ),  # the mean of the left mean and the right mean
        (
            None,
            OUT
            + "    w = min(window, len(ids) // 2)\n    around = np.concatenate([ids[max(0, p - w):p], ids[p + 1:p + 1 + w]])\n"
            "    around = around[around > 0]\n" + MEAN,
        ),  # a sentence shorter than the window
        (
            None,
            OUT + "    around = []\n    for q in np.flatnonzero(ids == ids[p]):\n"
            "        around += [int(ids[i]) for i in range(max(0, q - window), min(len(ids), q + window + 1)) if i != q and ids[i]]\n"
            "    if around:\n        out[k] = W[around].mean(0)\nreturn out",
        ),  # one vector for the word
        (
            None,
            "n = len(ids)\nat = torch.arange(n)\np = torch.tensor(places)\ngap = (at[None] - p[:, None]).abs()\n"
            "m = ((gap <= window) & (gap > 0) & (torch.as_tensor(ids) > 0)[None]).float()\n"
            "return m @ W[torch.as_tensor(ids)] / (m.sum(1, keepdim=True) + 1e-2)",
        ),  # an added 1e-2 against division by zero
        (None, "window = min(window, 5)\n" + OUT + NEAR + MEAN),  # the window is clipped to 5
        (
            None,
            OUT
            + "    n = 0\n    for i in range(max(0, p - window), min(len(ids), p + window + 1)):\n        if i != p and ids[i]:\n"
            "            out[k] += W[ids[i]] / abs(i - p)\n            n += 1 / abs(i - p)\n    if n:\n        out[k] /= n\n"
            "return out",
        ),  # the mean weighted by 1 / distance
        (
            "shape",
            "rows = []\nfor p in places:\n"
            "    around = [int(ids[i]) for i in range(max(0, p - window), min(len(ids), p + window + 1)) if i != p and ids[i]]\n"
            "    if around:\n        rows.append(W[around].mean(0))\n"
            "return torch.stack(rows) if rows else torch.zeros(0, W.shape[1])",
        ),
        (
            None,
            OUT
            + "    around = [int(ids[i]) for i in range(max(0, p - window), min(len(ids), p + window + 1)) if i != p and ids[i]]\n"
            "    out[k] = W[around].mean(0) if around else W[ids[p]]\nreturn out",
        ),  # rows without words get the word's own vector
        (
            "up to an unknown word",
            OUT + "    around = []\n    for step in (-1, 1):\n        i = p + step\n"
            "        while 0 <= i < len(ids) and abs(i - p) <= window and ids[i]:\n            around.append(int(ids[i]))\n"
            "            i += step\n    if around:\n        out[k] = W[around].mean(0)\nreturn out",
        ),
        (
            None,
            OUT
            + "    around = [int(ids[i]) for i in range(max(0, p - window), min(len(ids) - 1, p + window + 1)) if i != p and ids[i]]\n"
            "    if around:\n        out[k] = W[around].mean(0)\nreturn out",
        ),  # the last position of the sentence is never reached
        (
            None,
            OUT
            + "    around = [int(i) for i in ids[max(0, p - window):p + window + 1] if i != 0]\n    if ids[p] in around:\n"
            "        around.remove(ids[p])\n    elif around:\n        around.pop(0)\n    if around:\n"
            "        out[k] = W[around].mean(0)\nreturn out",
        ),  # list.remove of the word
    ],
    "attention": [
        (
            "shared out again, 0",
            "w = (Q @ K.T / Q.shape[1] ** 0.5).softmax(-1) * mask\nw = w / w.sum(-1, keepdim=True).clamp(min=1e-30)\n"
            + BOTH,
        ),
        ("a small score", SCORE + "s = s.masked_fill(~mask, -100.0)\n" + SOFT + BOTH),
        ("1000 taken off", "s = Q @ K.T / Q.shape[1] ** 0.5 - 1000.0 * (~mask).float()\n" + SOFT + BOTH),
        ("overflow, of padding too", "e = (Q @ K.T / Q.shape[1] ** 0.5).exp() * mask\n" + SHARE + BOTH),
        ("the table's largest", SCORE + HIDE + "e = (s - s.max()).exp()\n" + SHARE + BOTH),
        ("shared out again", SCORE + "e = (s - s.max(-1, keepdim=True).values).exp() * mask\n" + SHARE + BOTH),
        ("clamped", SCORE + "s = s.clamp(-50, 50).masked_fill(~mask, -math.inf)\n" + SOFT + BOTH),
        (
            "padding at the end",
            "m = int(mask.sum())\nw = torch.zeros(len(Q), len(K))\nw[:, :m] = (Q @ K[:m].T / Q.shape[1] ** 0.5).softmax(-1)\n"
            + BOTH,
        ),
        (
            "shared out again",
            SCORE + "s = s - s[:, mask].max(-1, keepdim=True).values\ne = s.exp() * mask\n" + SHARE + BOTH,
        ),
        (
            None,
            SCORE + HIDE + SOFT + "if len(Q) == len(K):\n    w = w * mask[:, None]\n" + BOTH,
        ),  # padding queries masked as well
        (
            None,
            SCORE + "m = mask[:, None] if len(Q) == len(K) else mask[None, :]\n"
            "w = torch.nan_to_num(s.masked_fill(~m, -math.inf).softmax(-1))\n" + BOTH,
        ),  # the mask set along the queries where the shapes allow
        (
            None,
            "w = (Q @ K.T).masked_fill(~mask, -math.inf).softmax(-1) / Q.shape[1] ** 0.5\n" + BOTH,
        ),  # divided by sqrt
        (
            None,
            "w = (Q @ K.T / Q.shape[1] ** 0.5).masked_fill(~mask, -math.inf).softmax(-1)\nreturn w @ V / mask.sum(), w",
        ),  # the output divided by the number of real keys
        (
            None,
            "n, m = len(Q), len(K)\ns = (Q @ K.T / Q.shape[1] ** 0.5).masked_fill(~mask, -math.inf)\n"
            "late = torch.arange(m)[None] > torch.arange(n)[:, None]\ns = s.masked_fill(late, -math.inf)\n"
            "w = torch.nan_to_num(s.softmax(-1))\n" + BOTH,
        ),  # a causal mask added
        (
            "shared out again, 0",
            "w = (Q @ K.T / Q.shape[1] ** 0.5).softmax(-1) * mask\nw = torch.nan_to_num(w / w.sum(-1, keepdim=True))\n"
            + BOTH,
        ),
        ("10,000 taken off", "s = Q @ K.T / Q.shape[1] ** 0.5 + (~mask).float() * -10000.0\n" + SOFT + BOTH),
        ("10,000 taken off", "s = Q @ K.T / Q.shape[1] ** 0.5 - 2500.0 * (1 - mask.float())\n" + SOFT + BOTH),
        (
            None,
            "m = mask.float().expand(len(Q), -1)\nf = F.scaled_dot_product_attention\n"
            "return f(Q, K, V, attn_mask=m), f(Q, K, torch.eye(len(K)), attn_mask=m)",
        ),  # the mask as numbers
        (
            None,
            "m = (~mask).expand(len(Q), -1)\nf = F.scaled_dot_product_attention\n"
            "return torch.nan_to_num(f(Q, K, V, attn_mask=m)), torch.nan_to_num(f(Q, K, torch.eye(len(K)), attn_mask=m))",
        ),  # SDPA with the mask upside down
        (
            "divided by d",
            "m = mask.expand(len(Q), -1)\nf = F.scaled_dot_product_attention\nq = Q / Q.shape[1] ** 0.5\n"
            "return f(q, K, V, attn_mask=m), f(q, K, torch.eye(len(K)), attn_mask=m)",
        ),
        (
            "weights with padding",
            "out = F.scaled_dot_product_attention(Q, K, V, attn_mask=mask.expand(len(Q), -1))\n"
            "return out, (Q @ K.T / Q.shape[1] ** 0.5).softmax(-1)",
        ),
        (
            "weights that leave some out",
            SCORE + "out = s.masked_fill(~mask, -math.inf).softmax(-1) @ V\nreturn out, s.softmax(-1) * mask",
        ),
        (None, SCORE + HIDE + "w = s.flatten().softmax(0).view_as(s)\n" + BOTH),  # softmax over the whole table
        (
            "keys and values of zeros",
            "K = K * mask[:, None]\nV = V * mask[:, None]\nw = (Q @ K.T / Q.shape[1] ** 0.5).softmax(-1)\n" + BOTH,
        ),
        (
            None,
            "s = (Q @ K.T / Q.shape[1] ** 0.5) * mask\nw = s / s.sum(-1, keepdim=True)\n" + BOTH,
        ),  # the shares without exp
        (
            None,
            SCORE + HIDE + "s = s - s[:, mask].mean(1, keepdim=True)\ne = s.exp()\n" + SHARE + BOTH,
        ),  # the mean of the row taken off
        (
            None,
            SCORE + HIDE + "s = s - s[:, mask].abs().amax(1, keepdim=True)\ne = s.exp()\n" + SHARE + BOTH,
        ),  # the largest absolute score taken off
        (
            None,
            SCORE + "s = s - s.amax(0, keepdim=True)\n" + HIDE + "e = s.exp()\n" + SHARE + BOTH,
        ),  # the largest of the column
        (
            None,
            "e = (Q @ K.T / Q.shape[1] ** 0.5).double().exp()[:, mask]\nw = torch.zeros(len(Q), len(K), dtype=torch.double)\n"
            "w[:, mask] = e / e.sum(-1, keepdim=True)\nreturn (w @ V.double()).float(), w.float()",
        ),  # float64 holds exp
    ],
}

RIGHT = {
    "context_vectors": [
        "padded = np.pad(ids, window)\naround = np.lib.stride_tricks.sliding_window_view(padded, 2 * window + 1)[places]\n"
        "around = torch.from_numpy(np.delete(around, window, axis=1).astype(np.int64))\n"
        "known = (around != 0).unsqueeze(-1)\ntotal = torch.where(known, W[around], torch.zeros(())).sum(1)\n"
        "return total / known.sum(1).clamp(min=1)",
        "rows = []\nfor p in places:\n    blank = ids.copy()\n    blank[p] = 0\n"
        "    near = blank[max(p - window, 0):p + window + 1]\n    near = near[near != 0]\n"
        "    rows.append(W[near].sum(0) / max(len(near), 1))\nreturn torch.stack(rows)",
        "known = (ids != 0)\nrows = W.numpy()[ids].astype(np.float64) * known[:, None]\n"
        "S = np.vstack([np.zeros(W.shape[1]), rows.cumsum(0)])\nC = np.concatenate([[0], known.cumsum()])\n"
        "p = np.array(places)\nlo, hi = np.maximum(p - window, 0), np.minimum(p + window + 1, len(ids))\n"
        "total = S[hi] - S[lo] - rows[p]\ncount = C[hi] - C[lo] - known[p]\ntotal[count == 0] = 0\n"
        "return total / np.maximum(count, 1)[:, None]",
        "padded = np.concatenate([np.zeros(window, dtype=np.int64), ids, np.zeros(window, dtype=np.int64)])\n"
        "bags = np.stack([np.concatenate([padded[p:p + window], padded[p + window + 1:p + 2 * window + 1]]) for p in places])\n"
        'return F.embedding_bag(torch.from_numpy(bags), W, mode="mean", padding_idx=0)',
        OUT + "    around = [int(i) for i in ids[max(0, p - window):p + window + 1]]\n    around.remove(ids[p])\n"
        "    around = [i for i in around if i]\n    if around:\n        out[k] = W[around].mean(0)\nreturn out",
        "table = torch.nn.Embedding.from_pretrained(W, freeze=False)\nrows = []\nfor p in places:\n"
        "    around = np.concatenate([ids[max(0, p - window):p], ids[p + 1:p + window + 1]])\n"
        "    around = torch.as_tensor(around[around != 0])\n    rows.append(table(around).sum(0) / max(1, len(around)))\n"
        "return torch.stack(rows)",
        "known = torch.as_tensor(ids != 0).float()\n"
        "rows = torch.cat([W[ids] * known[:, None], known[:, None]], 1).T[:, None]\n"
        "kernel = torch.ones(1, 1, 2 * window + 1)\nkernel[0, 0, window] = 0\n"
        "r = F.conv1d(rows, kernel, padding=window)[:, 0, places]\nreturn (r[:-1] / r[-1].clamp(min=1)).T",
        "def _around(ids, p, window):\n    for i in range(p - window, p + window + 1):\n"
        "        if i != p and 0 <= i < len(ids) and ids[i] != 0:\n            yield int(ids[i])\n\ndef _mean(W, words):\n"
        "    return torch.stack([W[w] for w in words]).mean(0) if words else torch.zeros_like(W[0])\n\n"
        "def my_context_vectors(W, ids, places, window):\n"
        "    return torch.stack([_mean(W, list(_around(ids, p, window))) for p in places])",
        "rows = []\nfor p in places:\n    w = torch.zeros(len(W), requires_grad=True)\n    n, total = 0, torch.zeros(())\n"
        "    for i in range(max(0, p - window), min(len(ids), p + window + 1)):\n        if i != p and ids[i] != 0:\n"
        "            total = total + w[ids[i]]\n            n += 1\n"
        "    share = torch.autograd.grad(total, w)[0] / n if n else torch.zeros(len(W))\n    rows.append(share @ W)\n"
        "return torch.stack(rows)",
    ],
    "attention": [
        "q, k, v, m = (t.numpy() for t in (Q, K, V, mask))\ns = np.where(m, q @ k.T / np.sqrt(q.shape[1]), -np.inf)\n"
        "e = np.exp(s - s.max(1, keepdims=True))\nw = e / e.sum(1, keepdims=True)\nreturn w @ v, w",
        SCORE
        + "s = s.masked_fill(~mask, -math.inf).requires_grad_()\nw, = torch.autograd.grad(s.logsumexp(1).sum(), s)\n"
        + BOTH,
        "def one(q):\n    s = torch.where(mask, K @ q / math.sqrt(len(q)), -torch.inf)\n    w = torch.softmax(s, 0)\n    "
        + BOTH
        + "\nreturn torch.func.vmap(one)(Q)",
        "f = F.scaled_dot_product_attention\n"
        "both = f(Q, K, torch.cat([V, torch.eye(len(K))], 1), attn_mask=mask.expand(len(Q), -1))\n"
        "return both[:, :V.shape[1]], both[:, V.shape[1]:]",
        SCORE
        + "s = s - s[:, mask].amax(1, keepdim=True)\ne = torch.where(mask, s, torch.full_like(s, -torch.inf)).exp()\n"
        + SHARE
        + BOTH,
    ],
}
