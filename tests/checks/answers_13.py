"""Answers to 13.1 and 13.2, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "context_vectors": "W, ids, places, window",
    "attention": "Q, K, V, mask",
}
SCOPE = {}

ROWS = "out = torch.zeros(len(places), W.shape[1])\nfor i, p in enumerate(places):\n"
MEAN = "    if near:\n        out[i] = W[near].mean(0)\nreturn out"
LOOP = ROWS + "    near = []\n    for j in range(p - window, p + window + 1):\n"
IN = "        if 0 <= j < len(ids) and "
ADD = ":\n            near.append(ids[j])\n"

SCORE = "s = Q @ K.T / Q.shape[1] ** 0.5\n"
HIDE = "s = s.masked_fill(~mask, -math.inf)\n"
SOFT = "w = torch.softmax(s, dim=-1)\n"
OUT = "return w @ V, w"

WRONG = {
    "context_vectors": [
        ("sum", LOOP + IN + "j != p and ids[j]" + ADD + "    if near:\n        out[i] = W[near].sum(0)\nreturn out"),
        (
            "divided by the full window",
            LOOP + IN + "j != p and ids[j]" + ADD + "    out[i] = sum(W[k] for k in near) / (2 * window)\nreturn out",
        ),
        ("the place itself", LOOP + IN + "ids[j] > 0" + ADD + MEAN),
        (
            "the place itself",
            ROWS + "    near = ids[max(0, p - window):p + window + 1]\n    near = near[near > 0]\n"
            "    if len(near):\n        out[i] = W[near].mean(0)\nreturn out",
        ),
        ("the place itself, and unknown words", LOOP + IN + "True" + ADD + MEAN),
        ("the word wherever it stands", LOOP + IN + "ids[j] != ids[p] and ids[j] != 0" + ADD + MEAN),
        ("unknown words too", LOOP + IN + "j != p" + ADD + MEAN),
        (
            "unknown words in the count",
            "known = W.clone()\nknown[0] = 0\n" + LOOP + IN + "j != p" + ADD + MEAN.replace("W[", "known["),
        ),
        (
            "unknown words in the count",
            ROWS + "    near = [j for j in range(max(0, p - window), min(len(ids), p + window + 1)) if j != p]\n"
            "    if near:\n        out[i] = sum(W[ids[j]] for j in near if ids[j]) / len(near)\nreturn out",
        ),
        (
            "each word once",
            ROWS + "    near = {int(ids[j]) for j in range(max(0, p - window), min(len(ids), p + window + 1)) if j != p}\n"
            "    near = list(near - {0})\n" + MEAN,
        ),
        (
            "a slice from before the beginning",
            ROWS + "    near = np.concatenate([ids[p - window:p], ids[p + 1:p + window + 1]])\n    near = near[near != 0]\n"
            "    if len(near):\n        out[i] = W[near].mean(0)\nreturn out",
        ),
        (
            "round the end",
            ROWS + "    near = [ids[(p + k) % len(ids)] for k in range(-window, window + 1) if k != 0]\n"
            "    near = [x for x in near if x != 0]\n" + MEAN,
        ),
        ("round the beginning", LOOP + "        if j < len(ids) and j != p and ids[j]" + ADD + MEAN),
        ("one too few after it", LOOP.replace("window + 1)", "window)") + IN + "j != p and ids[j]" + ADD + MEAN),
        ("one too many after it", LOOP.replace("window + 1)", "window + 2)") + IN + "j != p and ids[j]" + ADD + MEAN),
        ("one too few before it", LOOP.replace("p - window", "p - window + 1") + IN + "j != p and ids[j]" + ADD + MEAN),
        ("one too many before it", LOOP.replace("p - window", "p - window - 1") + IN + "j != p and ids[j]" + ADD + MEAN),
        ("one too many on either side", "window += 1\n" + LOOP + IN + "j != p and ids[j]" + ADD + MEAN),
        ("one too few on either side", "window -= 1\n" + LOOP + IN + "j != p and ids[j]" + ADD + MEAN),
        ("words before it", LOOP + IN + "j < p and ids[j]" + ADD + MEAN),
        ("words after it", LOOP + IN + "j > p and ids[j]" + ADD + MEAN),
        (
            "side by side",
            ROWS + "    for side in (ids[max(0, p - window):p], ids[p + 1:p + 1 + window]):\n        side = side[side != 0]\n"
            "        if len(side):\n            out[i] += W[side].mean(0) / 2\nreturn out",
        ),
        (
            "unknown words take no room",
            ROWS + "    left, right = ids[:p], ids[p + 1:]\n"
            "    near = list(left[left != 0][-window:]) + list(right[right != 0][:window])\n" + MEAN,
        ),
        ("not a number", LOOP + IN + "j != p and ids[j]" + ADD + "    out[i] = W[near].mean(0)\nreturn out"),
        ("the whole sentence", LOOP.replace("range(p - window, p + window + 1)", "range(len(ids))") + "        if j != p and ids[j]" + ADD + MEAN),
        (
            "length 1",
            LOOP + IN + "j != p and ids[j]" + ADD + "    if near:\n        out[i] = F.normalize(W[near].mean(0), dim=0)\nreturn out",
        ),
        ("the word's own row", "return W[ids[places]]"),
        ("all places together", LOOP + IN + "j != p and ids[j]" + ADD + MEAN + ".mean(0)"),
        ("in place", "W[0] = 0\n" + LOOP + IN + "j != p and ids[j]" + ADD + MEAN),
        ("in place", "places.sort()\n" + LOOP + IN + "j != p and ids[j]" + ADD + MEAN),
        ("forbidden", "from helpers import senses\nreturn senses.context_vectors(W, ids, places, window)"),
        ("forbidden", "from helpers.senses import context_vectors\nreturn context_vectors(W, ids, places, window)"),
        (None, LOOP + "        if j != p and ids[j]" + ADD + MEAN),  # runs past the end
        (None, LOOP + IN + "j != p and ids[j]" + ADD + "    out[i] = W[near].median(0).values if near else 0\nreturn out"),
        (None, LOOP + IN + "j != p and ids[j]" + ADD + "    out[i] = W[near].mean() if near else 0\nreturn out"),
        (None, LOOP + IN + "j != p and ids[j]" + ADD + MEAN + ".tolist()[0]"),
        (None, LOOP + IN + "j not in places and ids[j]" + ADD + MEAN),  # other places are context
        (None, LOOP.replace("ids[j]", "j") + IN + "j != p and ids[j]:\n            near.append(j)\n" + MEAN),  # places as ids
        (None, "out = []\nfor p in set(places):\n    near = [ids[j] for j in range(max(0, p - window), min(len(ids), p + window + 1)) if j != p and ids[j]]\n    out.append(W[near].mean(0) if near else W[0] * 0)\nreturn torch.stack(out)"),
        (None, "near = [ids[j] for p in places for j in range(max(0, p - window), min(len(ids), p + window + 1)) if j != p and ids[j]]\nreturn W[near].mean(0).expand(len(places), -1)"),
        (None, LOOP + IN + "j != p and ids[j]" + ADD + "    out[i] = W[near].mean(0) if near else W[0]\nreturn out"),
    ],
    "attention": [
        ("no scale", "s = Q @ K.T\n" + HIDE + SOFT + OUT),
        ("divided by d", "s = Q @ K.T / K.shape[1]\n" + HIDE + SOFT + OUT),
        ("times the root", "s = Q @ K.T * math.sqrt(K.shape[1])\n" + HIDE + SOFT + OUT),
        ("root of the values' length", "s = Q @ K.T / V.shape[-1] ** 0.5\n" + HIDE + SOFT + OUT),
        ("root of the number of keys", "s = Q @ K.T / len(K) ** 0.5\n" + HIDE + SOFT + OUT),
        ("root of the number of queries", "s = Q @ K.T / math.sqrt(Q.size(0))\n" + HIDE + SOFT + OUT),
        ("over the queries", SCORE + HIDE + "w = s.softmax(dim=0)\n" + OUT),
        ("over the queries, padding too", SCORE + "w = s.softmax(0)\nw = w.masked_fill(~mask, 0)\n" + OUT),
        ("over everything", SCORE + HIDE + "w = torch.softmax(s, 1)\nw = w / w.sum()\n" + OUT),
        ("padding too", SCORE + SOFT + OUT),
        ("padding too", "w = F.softmax(Q.mm(K.t()) / math.sqrt(Q.size(1)), dim=1)\nreturn w.mm(V), w"),
        ("mask turned round", SCORE + "s = s.masked_fill(mask, -math.inf)\n" + SOFT + OUT),
        ("mask turned round", SCORE + "s[:, mask] = float('-inf')\n" + SOFT + OUT),
        ("scores times the mask", SCORE + "s = s * mask\n" + SOFT + OUT),
        ("scores times the mask", SCORE + "s[:, ~mask] = 0\n" + SOFT + OUT),
        ("scores times the mask", "K = K * mask[:, None]\n" + SCORE + SOFT + OUT),
        ("not shared out again", SCORE + SOFT + "w = w * mask\n" + OUT),
        ("not shared out again", SCORE + SOFT + "w = w.clone()\nw[:, ~mask] = 0\n" + OUT),
        ("shared out again", SCORE + SOFT + "w = w * mask\nw = w / w.sum(1, keepdim=True)\n" + OUT),
        (
            "shared out again",
            SCORE + "e = torch.exp(s - s.max(dim=1, keepdim=True).values) * mask\nw = e / e.sum(dim=1, keepdim=True)\n" + OUT,
        ),
        ("overflow", SCORE + HIDE + "e = s.exp()\nw = e / e.sum(1, keepdim=True)\n" + OUT),
        (
            "overflow",
            "s = Q.double() @ K.double().T / Q.shape[1] ** 0.5\n" + HIDE + "e = s.exp()\nw = e / e.sum(1, keepdim=True)\nreturn w @ V.double(), w",
        ),
        ("keys and values exchanged", "s = Q @ V.T / Q.shape[1] ** 0.5\n" + HIDE + SOFT + "return w @ K, w"),
        ("keys for values", SCORE + HIDE + SOFT + "return w @ K, w"),
        ("all alike", "w = (mask / mask.sum()).expand(len(Q), -1)\n" + OUT),
        ("the best key alone", SCORE + HIDE + "w = F.one_hot(s.argmax(1), len(K)).float()\n" + OUT),
        ("no softmax", SCORE + "w = s.masked_fill(~mask, 0)\n" + OUT),
        ("sigmoid", SCORE + HIDE + "w = torch.sigmoid(s)\n" + OUT),
        ("scores for weights", SCORE + HIDE + "return torch.softmax(s, 1) @ V, s"),
        ("columns left out", "K, V = K[mask], V[mask]\n" + SCORE + SOFT + OUT),
        ("outputs alone", "return F.scaled_dot_product_attention(Q, K, V, attn_mask=mask.expand(len(Q), -1))"),
        ("outputs alone", SCORE + HIDE + SOFT + "return w @ V"),
        ("weights alone", SCORE + HIDE + SOFT + "return w"),
        ("order", SCORE + HIDE + SOFT + "return w, w @ V"),
        ("first query alone", "s = K @ Q[0] / len(Q[0]) ** 0.5\n" + HIDE + "w = s.softmax(0)\nreturn w @ V, w"),
        ("in place", "K[~mask] = 0\n" + SCORE + HIDE + SOFT + OUT),
        ("in place", "Q /= Q.shape[1] ** 0.5\ns = Q @ K.T\n" + HIDE + SOFT + OUT),
        ("in place", "mask.logical_not_()\n" + SCORE + "s = s.masked_fill(mask, -math.inf)\n" + SOFT + OUT),
        ("forbidden", "from helpers.encoder import attention\nreturn attention(Q, K, V, mask)"),
        ("forbidden", "import helpers\nreturn helpers.encoder.attention(Q, K, V, mask)"),
        (None, SCORE + HIDE + SOFT + "return w.T @ V, w"),
        (None, SCORE + HIDE + "w = F.log_softmax(s, 1)\n" + OUT),
        (None, SCORE + HIDE + SOFT + "return torch.cat([w @ V, w], dim=1)"),
        (None, SCORE + HIDE + SOFT + "return w @ V, w.T"),
        (None, SCORE + "s = s - 5 * ~mask\n" + SOFT + OUT),  # padding is not hidden where it fits well
        (None, SCORE + "s = s[:, :mask.sum()]\n" + SOFT + "return w @ V[:mask.sum()], F.pad(w, (0, len(K) - w.shape[1]))"),
        (None, "Q, K = F.normalize(Q), F.normalize(K)\n" + SCORE + HIDE + SOFT + OUT),
        (None, SCORE + HIDE + SOFT + "return w @ V, w.round(decimals=1)"),
        (None, SCORE + HIDE + SOFT + "return (w @ V).mean(0), w"),
    ],
}  # fmt: skip

NEAR = "[j for j in range(max(0, p - window), min(len(ids), p + window + 1)) if j != p and ids[j] != 0]"

RIGHT = {
    "context_vectors": [
        LOOP + IN + "j != p and ids[j] != 0" + ADD + MEAN,
        "out = []\nfor p in places:\n    near = np.concatenate([ids[max(0, p - window):p], ids[p + 1:p + window + 1]])\n"
        "    near = near[near != 0]\n    out.append(W[near].sum(0) / max(1, len(near)))\nreturn torch.stack(out)",
        "out = []\nfor p in places:\n    near = ids[" + NEAR + "]\n"
        "    out.append(W[near].mean(0) if len(near) else torch.zeros(W.shape[1]))\nreturn torch.stack(out)",
        "at, p = torch.arange(len(ids)), torch.tensor(places)[:, None]\nfar = (at - p).abs()\n"
        "take = ((far > 0) & (far <= window) & (torch.from_numpy(ids) != 0)).float()\n"
        "return take @ W[ids] / take.sum(1, keepdim=True).clamp(min=1)",
        "table = W.numpy().astype(float)\nout = np.zeros((len(places), W.shape[1]))\nfor i, p in enumerate(places):\n"
        "    near = ids[" + NEAR + "]\n    if near.size:\n        out[i] = np.mean(table[near], axis=0)\nreturn out",
        "return torch.stack([torch.nan_to_num(W[ids[" + NEAR + "]].mean(0)) for p in places])",
        "D, rows = W.shape[1], W.tolist()\nout = []\nfor p in places:\n    near = " + NEAR + "\n"
        "    out.append([sum(rows[ids[j]][d] for j in near) / (len(near) or 1) for d in range(D)])\nreturn torch.tensor(out)",
        "X = W[ids] * torch.tensor(ids != 0)[:, None]\nout = torch.zeros(len(places), W.shape[1])\n"
        "for i, p in enumerate(places):\n    a, b = max(0, p - window), p + window + 1\n"
        "    n = np.count_nonzero(ids[a:b]) - (ids[p] != 0)\n    if n:\n        out[i] = (X[a:p].sum(0) + X[p + 1:b].sum(0)) / int(n)\n"
        "return out",
    ],
    "attention": [
        SCORE + HIDE + SOFT + OUT,
        "m = mask.expand(len(Q), -1)\nout = F.scaled_dot_product_attention(Q, K, V, attn_mask=m)\n"
        "return out, F.scaled_dot_product_attention(Q, K, torch.eye(len(K)), attn_mask=m)",
        SCORE + "s = torch.where(mask, s, torch.tensor(-1e9))\n" + SOFT + OUT,
        SCORE + "s = s + (~mask) * -1e9\n" + SOFT + "return [w @ V, w]",
        SCORE + HIDE + "e = (s - s.max(dim=1, keepdim=True).values).exp()\nw = e / e.sum(1, keepdim=True)\n" + OUT,
        "w = torch.zeros(len(Q), len(K))\nw[:, mask] = torch.softmax(Q @ K[mask].T / math.sqrt(Q.shape[1]), 1)\n"
        "return w[:, mask] @ V[mask], w",
        "q, k, v, real = (t.numpy().astype(float) for t in (Q, K, V, mask))\ns = q @ k.T / np.sqrt(q.shape[1])\n"
        "s[:, real == 0] = -np.inf\ne = np.exp(s - s.max(1, keepdims=True))\nw = e / e.sum(1, keepdims=True)\nreturn w @ v, w",
        "w = torch.zeros(len(Q), len(K))\nout = torch.zeros(len(Q), V.shape[1])\nfor i in range(len(Q)):\n"
        "    s = [float(Q[i] @ K[j]) / Q.shape[1] ** 0.5 if mask[j] else -math.inf for j in range(len(K))]\n"
        "    e = [math.exp(x - max(s)) for x in s]\n    for j in range(len(K)):\n"
        "        w[i, j] = e[j] / sum(e)\n        if mask[j]:\n            out[i] += w[i, j] * V[j]\nreturn out, w",
        "s = torch.einsum('nd,md->nm', Q / Q.shape[1] ** 0.5, K)\ns[:, ~mask] = float('-inf')\n"
        "w = torch.exp(s - torch.logsumexp(s, dim=1, keepdim=True))\nreturn torch.einsum('nm,me->ne', w, V), w",
        SCORE + "s = s.masked_fill(~mask, torch.finfo(s.dtype).min)\n" + SOFT + OUT,
    ],
}  # fmt: skip
