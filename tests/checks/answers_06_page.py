"""Answers to the exercises of 06, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

import torch
from torch.nn import functional as F


def near(similarity, k, own=-torch.inf):
    """The k nearest of each word, by a matrix of similarities."""
    return [set(row) for row in similarity.fill_diagonal_(own).topk(k, dim=1).indices.tolist()]


def lists(v, u, k):
    n = [F.normalize(W[1:].double(), dim=1) for W in (v, u)]
    return near(n[0] @ n[0].T, k), near(n[1] @ n[1].T, k)


def share(one, two, k):
    return sum(len(a & b) for a, b in zip(one, two)) / k / len(one)


SCOPE = {"near": near, "lists": lists, "share": share}

_PAIRS = "one, two = lists(v, u, k)\n"
_EACH = "    return near(s, k)\nreturn share(f(v), f(u), k)"
_SUM = "n = F.normalize(W, dim=1)\ns = n @ (n[b] - n[a] + n[c])\n"
_RANK = "\nreturn 1 + int((s[1:] > s[d]).sum())"

WRONG = {
    "table_overlap": [
        # only lists that are the same through and through
        (None, _PAIRS + "return float(np.mean([a == b for a, b in zip(one, two)]))"),
        # all shared words over all words on either list
        (None, _PAIRS + "return sum(len(a & b) for a, b in zip(one, two)) / sum(len(a | b) for a, b in zip(one, two))"),
        # cut to whole numbers before the mean
        (None, _PAIRS + "return sum(len(a & b) // k for a, b in zip(one, two)) / len(one)"),
        # the page's k
        (None, _PAIRS + "return share(one, two, 10)"),
        # the median in place of the mean
        (None, _PAIRS + "return float(np.median([len(a & b) / k for a, b in zip(one, two)]))"),
        # the last word is forgotten
        (None, _PAIRS + "return share(one[:-1], two[:-1], k)"),
        # a sample of the words
        (None, _PAIRS + "return share(one[:5], two[:5], k)"),
        # no mean
        (None, _PAIRS + "return torch.tensor([len(a & b) / k for a, b in zip(one, two)])"),
        # k - 1 words: the word itself is first for sure, and then cut
        (
            None,
            "def f(W):\n    n = F.normalize(W[1:], dim=1)\n    s = (n @ n.T).fill_diagonal_(2)\n    return [set(r[1:]) for r in s.topk(k, dim=1).indices.tolist()]\nreturn share(f(v), f(u), k)",
        ),
        # one length for the whole table
        (None, "def f(W):\n    n = W[1:] / W[1:].norm()\n    s = n @ n.T\n" + _EACH),
        # across the tables, both ways
        (
            None,
            "a, b = F.normalize(v[1:], dim=1), F.normalize(u[1:], dim=1)\nreturn share(near(a @ b.T, k), near(b @ a.T, k), k)",
        ),
        # 0 leaves out nobody where cosines are negative
        (
            None,
            "def f(W):\n    s = F.normalize(W, dim=1) @ F.normalize(W, dim=1).T\n    s[:, 0] = 0\n    return near(s, k, own=0)[1:]\nreturn share(f(v), f(u), k)",
        ),
        # who has the word among its nearest: columns in place of rows
        (
            None,
            "def f(W):\n    n = F.normalize(W[1:], dim=1)\n    s = (n @ n.T).fill_diagonal_(-9)\n    return torch.zeros_like(s).scatter_(1, s.topk(k, dim=1).indices, 1).bool()\na, b = f(v), f(u)\nreturn float(((a & b).sum(0) / a.sum(0).clamp(min=1)).mean())",
        ),
        # half precision
        (None, "def f(W):\n    n = F.normalize(W[1:], dim=1).bfloat16().float()\n    s = n @ n.T\n" + _EACH),
        # cosines as printed, to three digits
        (None, "def f(W):\n    n = F.normalize(W[1:], dim=1)\n    s = ((n @ n.T) * 1000).round() / 1000\n" + _EACH),
        # the mean of the table is taken off first
        (None, "def f(W):\n    n = F.normalize(W[1:] - W[1:].mean(0), dim=1)\n    s = n @ n.T\n" + _EACH),
        # the caller's tables are scaled
        ("in place", "def f(W):\n    W /= W.norm(dim=1, keepdim=True)\n    s = W[1:] @ W[1:].T\n" + _EACH),
    ],
    "analogy_rank": [
        # its own place counted twice
        (None, _SUM + "return 1 + int((s[1:] >= s[d]).sum())"),
        # the padding is taken off, wherever it was
        (None, _SUM + "return max(1, int((s > s[d]).sum()))"),
        # a cosine of 0 is a place among negative ones
        (None, _SUM + "s[0] = 0\nreturn 1 + int((s > s[d]).sum())"),
        # query words out, unless they are asked for
        (None, _SUM + "return 1 + sum(bool(s[i] > s[d]) for i in range(1, len(W)) if i == d or i not in (a, b, c))"),
        # one query word out
        (None, _SUM + "return 1 + sum(bool(s[i] > s[d]) for i in range(1, len(W)) if i != b)"),
        # b + a - c
        (None, "n = F.normalize(W, dim=1)\ns = n @ (n[b] + n[a] - n[c])" + _RANK),
        # two of three are scaled
        (None, "n = F.normalize(W, dim=1)\ns = n @ (n[b] - n[a] + W[c])" + _RANK),
        # columns scaled
        (None, "n = F.normalize(W, dim=0)\ns = n @ (n[b] - n[a] + n[c])" + _RANK),
        # one length for the whole table
        (None, "n = W / W.norm()\ns = n @ (n[b] - n[a] + n[c])" + _RANK),
        # the mean is taken off first
        (None, "n = F.normalize(W - W[1:].mean(0), dim=1)\ns = n @ (n[b] - n[a] + n[c])" + _RANK),
        # row 0 is dropped, and d still counts with it
        (None, _SUM + "s = s[1:]\nreturn 1 + s.argsort(descending=True).tolist().index(d % len(s))"),
        # opposite counts as near
        (None, _SUM + "s = s.abs()" + _RANK),
        # equal cosines share a place
        (None, _SUM + "s = s.numpy().round(5)\nreturn 1 + len(np.unique(s[1:][s[1:] > s[d]]))"),
        # cosines as printed, to three digits
        (
            None,
            "n = F.normalize(W, dim=1)\ns = F.cosine_similarity(n, (n[b] - n[a] + n[c])[None]).mul(1000).round()"
            + _RANK,
        ),
        # half precision
        (None, "n = F.normalize(W, dim=1).bfloat16()\ns = n @ (n[b] - n[a] + n[c])" + _RANK),
        # a share in place of a place
        (None, _SUM + "return (1 + int((s[1:] > s[d]).sum())) / (len(W) - 1)"),
        # the caller's padding row is overwritten
        ("in place", "W[0] = 0\n" + _SUM + _RANK[1:]),
        # the caller's table is scaled
        ("in place", "W /= W.norm(dim=1, keepdim=True)\ns = W @ (W[b] - W[a] + W[c])" + _RANK),
    ],
}

RIGHT = {
    "table_overlap": [
        # plain Python
        "def cos(x, y):\n    return sum(p * q for p, q in zip(x, y)) / math.hypot(*x) / math.hypot(*y)\ndef f(W, i):\n    return set(sorted([j for j in range(1, len(W)) if j != i], key=lambda j: -cos(W[i], W[j]))[:k])\nv, u = v.tolist(), u.tolist()\nwords = range(1, len(v))\nreturn sum(len(f(v, i) & f(u, i)) for i in words) / (k * len(words))",
        # NumPy
        "def f(W):\n    W = W.numpy()[1:] / np.linalg.norm(W.numpy()[1:], axis=1, keepdims=True)\n    return np.argsort(-(W @ W.T) + 9 * np.eye(len(W)), axis=1)[:, :k]\nreturn np.mean([np.isin(a, b).mean() for a, b in zip(f(v), f(u))])",
        # masks, in float32
        "masks = []\nfor W in (v, u):\n    n = F.normalize(W[1:], dim=1)\n    s = n @ n.T - 9 * torch.eye(len(n))\n    masks.append(torch.zeros_like(s).scatter_(1, s.topk(k, dim=1).indices, 1.0))\nreturn (masks[0] * masks[1]).sum() / masks[0].sum()",
        # distances of unit vectors have the order of cosines
        "def f(W):\n    n = F.normalize(W[1:].double(), dim=1)\n    return near(-torch.cdist(n, n), k)\nreturn share(f(v), f(u), k)",
        # one word at a time
        "total = 0\nfor i in range(1, v.shape[0]):\n    first, second = [[j for j in F.cosine_similarity(W, W[i:i + 1], eps=0).argsort(descending=True).tolist() if j not in (0, i)][:k] for W in (v, u)]\n    total += len([j for j in first if j in second])\nreturn total / (v.shape[0] - 1) / k",
    ],
    "analogy_rank": [
        # float32, the padding left aside
        _SUM + _RANK[1:],
        # a tensor
        "n = F.normalize(W.double(), dim=1)\ns = n @ (n[b] - n[a] + n[c])\nreturn (s[1:] > s[d]).sum() + 1",
        # the rank of ranks
        _SUM + "return int((-s[1:]).argsort().argsort()[d - 1]) + 1",
        # distances of unit vectors
        "n = F.normalize(W.double(), dim=1)\ns = -(n - F.normalize(n[b] - n[a] + n[c], dim=0)).norm(dim=1)" + _RANK,
        # plain Python
        "rows = {i: [p / math.hypot(*x) for p in x] for i, x in enumerate(W.tolist()) if i}\ngoal = [q - p + r for p, q, r in zip(rows[a], rows[b], rows[c])]\nscore = {i: sum(p * q for p, q in zip(x, goal)) for i, x in rows.items()}\nreturn 1 + sorted(score, key=score.get, reverse=True).index(d)",
    ],
}
