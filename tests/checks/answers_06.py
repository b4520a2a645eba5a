"""Answers to the exercises of 06, as students write them: ``test_answers.py`` runs them and says what they mean."""

import numpy as np
import torch
from torch.nn import functional as F

HEAD = {
    "table_overlap": "v, u, k",
    "analogy_rank": "W, a, b, c, d",
}

# -- 6.1: right


def with_loops(v, u, k):
    def near(W, i):
        cos = [float(W[i] @ W[j] / (W[i].norm() * W[j].norm())) if j != i else -2 for j in range(len(W))]
        return set(sorted(range(len(W)), key=lambda j: -cos[j])[:k])

    return sum(len(near(v, i) & near(u, i)) / k for i in range(len(v))) / len(v)


def with_numpy(v, u, k):
    def near(W):
        W = W.numpy().astype(float)
        W /= np.linalg.norm(W, axis=1, keepdims=True)
        cos = W @ W.T
        np.fill_diagonal(cos, -np.inf)
        return np.argsort(-cos, axis=1)[:, :k]

    return np.mean([len(np.intersect1d(a, b)) for a, b in zip(near(v), near(u))]) / k


def with_a_call(v, u, k):
    tables = []
    for W in (v, u):
        cos = F.cosine_similarity(W[:, None], W[None], dim=2)
        tables.append(cos.fill_diagonal_(-2).topk(k, dim=1).indices)
    return (tables[0][:, :, None] == tables[1][:, None]).any(2).float().mean()


def with_minus_infinity(v, u, k):
    shared = []
    for x, y in zip(*[F.cosine_similarity(W[:, None], W[None], dim=2) for W in (v, u)]):
        i = len(shared)
        x[[0, i]] = y[[0, i]] = -torch.inf
        shared.append(len(set(x.topk(k).indices.tolist()) & set(y.topk(k).indices.tolist())) / k)
    return sum(shared[1:]) / len(shared[1:])


def with_sklearn(v, u, k):
    from sklearn.metrics.pairwise import cosine_similarity

    found = []
    for W in (v, u):
        cos = cosine_similarity(W.numpy().astype(float))
        cos[range(len(W)), range(len(W))] = -3
        found.append([set(row) for row in cos.argsort(axis=1)[:, -k:]])
    return torch.tensor([len(a & b) / k for a, b in zip(*found)]).mean().item()


# -- 6.1: wrong


def lists(W, k, *, eps=0.0, diagonal=None, drop=False, unit=True):
    W = W / W.norm(dim=1, keepdim=True).add(eps) if unit else W
    cos = W @ W.T
    if diagonal is not None:
        cos.fill_diagonal_(diagonal)
    return [set(row[int(drop) :]) for row in cos.topk(k + drop, dim=1).indices.tolist()]


def agree(v, u, k, **options):
    return np.mean([len(a & b) / k for a, b in zip(lists(v, k, **options), lists(u, k, **options))])


def the_books_bug(v, u, k):
    found = []
    for W in (v, u):
        cos = W @ W.T / torch.sqrt((W * W).sum(1)[:, None] * (W * W).sum(1) + 1e-9)
        found.append([set(row[1:]) for row in cos.topk(k + 1, dim=1).indices.tolist()])
    return np.mean([len(a & b) / k for a, b in zip(*found)])


def only_the_scaled_query(v, u, k):
    found = [
        [set(row) for row in (F.normalize(W, dim=1) @ W.T).fill_diagonal_(-1e9).topk(k).indices.tolist()]
        for W in (v, u)
    ]
    return np.mean([len(a & b) / k for a, b in zip(*found)])


def scaled_by_columns(v, u, k):
    return agree(F.normalize(v, dim=0), F.normalize(u, dim=0), k, diagonal=-9, unit=False)


def of_all_words(v, u, k):
    return len(set().union(*lists(v, k, diagonal=-9)) & set().union(*lists(u, k, diagonal=-9))) / len(v)


def of_the_first_word(v, u, k):
    return len(lists(v, k, diagonal=-9)[0] & lists(u, k, diagonal=-9)[0]) / k


def any_at_all(v, u, k):
    return np.mean([bool(a & b) for a, b in zip(lists(v, k, diagonal=-9), lists(u, k, diagonal=-9))])


def less_the_diagonal(v, u, k):  # 1 is taken off: a word far from all others is left
    found = [(F.normalize(W, dim=1) @ F.normalize(W, dim=1).T - torch.eye(len(W))).topk(k).indices for W in (v, u)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*[x.tolist() for x in found])])


def absolute_cosine(v, u, k):
    found = [(F.normalize(W) @ F.normalize(W).T).abs().fill_diagonal_(-1).topk(k).indices.tolist() for W in (v, u)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*found)])


def padding_among_the_neighbours(v, u, k):  # it is not asked, but it answers
    return np.mean([len(a & b) / k for a, b in list(zip(lists(v, k, diagonal=-9), lists(u, k, diagonal=-9)))[1:]])


# -- 6.4


def rank_by_sorting(W, a, b, c, d):
    n = W / W.norm(dim=1, keepdim=True)
    return torch.argsort(n @ (n[b] - n[a] + n[c]), descending=True).tolist().index(d) + 1


def rank_by_loop(W, a, b, c, d):
    n = [row / row.norm() for row in W]
    x = n[b] - n[a] + n[c]
    cos = [float(F.cosine_similarity(x, row, dim=0)) for row in W]
    place = 1
    for value in cos:
        if value > cos[d]:
            place += 1
    return place


def rank_in_numpy(W, a, b, c, d):
    n = W.numpy().astype(float)
    n = n / np.linalg.norm(n, axis=1)[:, None]
    s = n @ (n[b] + n[c] - n[a])
    return np.where(np.argsort(-s) == d)[0][0] + 1


def rank_as_a_tensor(W, a, b, c, d):
    n = F.normalize(W)
    s = torch.cosine_similarity(n, (n[b] - n[a] + n[c])[None])
    return (s >= s[d]).sum()


def rank_with_minus_infinity(W, a, b, c, d):
    n, x = parts(W, a, b, c)
    s = F.cosine_similarity(n, x[None])
    s[0] = -torch.inf
    return int((s > s[d]).sum()) + 1


def place(s, d):
    return int((s > s[d]).sum()) + 1


def parts(W, a, b, c):
    n = F.normalize(W, dim=1)
    return n, n[b] - n[a] + n[c]


def the_sum_scaled_late(W, a, b, c, d):
    n = F.normalize(W, dim=1)
    return place(n @ F.normalize(W[b] - W[a] + W[c], dim=0), d)


def by_multiplying(W, a, b, c, d):  # 3CosMul
    n = F.normalize(W, dim=1)
    s = (1 + n @ n[b]) * (1 + n @ n[c]) / (1 + n @ n[a] + 2e-3)
    return place(s, d)


def only_a_and_b_out(W, a, b, c, d):
    n, x = parts(W, a, b, c)
    s = n @ x
    mine = s[d].clone()
    s[[a, b]] = -9
    return int((s > mine).sum()) + 1


def argsort_at_d(W, a, b, c, d):
    n, x = parts(W, a, b, c)
    return int((n @ x).argsort(descending=True)[d]) + 1


def the_books_constant(W, a, b, c, d):
    x = parts(W, a, b, c)[1]
    return place(W @ x / torch.sqrt((W * W).sum(1) * (x @ x) + 1e-9), d)


WRONG = {
    "table_overlap": [
        (
            "own word counted",
            (
                "f = lambda W: (F.normalize(W, dim=1) @ F.normalize(W, dim=1).T)[1:, 1:].topk(k).indices.tolist()\n"
                "return np.mean([len(set(a) & set(b)) / k for a, b in zip(f(v), f(u))])"
            ),
        ),
        (None, "return with_loops(v, u, k)"),
        (None, "return with_numpy(v, u, k)"),
        (
            "over the union",
            (
                "x, y = lists(v[1:], k, diagonal=-9), lists(u[1:], k, diagonal=-9)\n"
                "return np.mean([len(a & b) / len(a | b) for a, b in zip(x, y)])"
            ),
        ),
        (
            "count",
            (
                "x, y = lists(v[1:], k, diagonal=-9), lists(u[1:], k, diagonal=-9)\n"
                "return np.mean([len(a & b) for a, b in zip(x, y)])"
            ),
        ),
        (
            "same rank",
            (
                "f = lambda W: (F.normalize(W) @ F.normalize(W).T).fill_diagonal_(-9).topk(k).indices\n"
                "return (f(v[1:]) == f(u[1:])).double().mean()"
            ),
        ),
        ("inner products", "return agree(v[1:], u[1:], k, unit=False, diagonal=-1e30)"),
        ("zero on the diagonal", "return agree(v[1:], u[1:], k, diagonal=0)"),
        (
            "v against u",
            (
                "x = (F.normalize(v[1:]) @ F.normalize(u[1:]).T).fill_diagonal_(-9).topk(k).indices.tolist()\n"
                "return np.mean([len(a & set(b)) / k for a, b in zip(lists(v[1:], k, diagonal=-9), x)])"
            ),
        ),
        (None, "return agree(v[1:], u[1:], k, drop=True)  # by cosine"),
        (None, "return the_books_bug(v[1:], u[1:], k)"),
        (None, "return agree(v[1:], u[1:], k, eps=1e-4, diagonal=-9)"),
        (None, "return only_the_scaled_query(v[1:], u[1:], k)"),
        (None, "return scaled_by_columns(v[1:], u[1:], k)"),
        (None, "return of_all_words(v[1:], u[1:], k)"),
        (None, "return of_the_first_word(v[1:], u[1:], k)"),
        (None, "return any_at_all(v[1:], u[1:], k)"),
        (None, "return less_the_diagonal(v[1:], u[1:], k)"),
        (None, "return agree(v[1:], u[1:], min(10, len(v) - 2), diagonal=-9)"),
        (None, "return agree(v[1:], u[1:], k + 1, diagonal=-9)"),
        (None, "return 100 * with_numpy(v[1:], u[1:], k)"),
        (None, "return absolute_cosine(v[1:], u[1:], k)"),
        (None, "return with_numpy(v[1:], v[1:], k)"),
        (None, "return with_numpy(v[1:], u[1:], k) * (len(v) - 1) / len(v)  # over the padding too"),
        (None, "return round(with_numpy(v[1:], u[1:], k), 1)"),
        (None, "return padding_among_the_neighbours(v, u, k)"),
    ],
    "analogy_rank": [
        ("padding counted", "return rank_by_sorting(W, a, b, c, d)"),
        (
            "counted from 0",
            ("n, x = parts(W, a, b, c)\nreturn (n @ x)[1:].argsort(descending=True).tolist().index(d - 1)"),
        ),
        (
            "a and b exchanged",
            "n = F.normalize(W); s = n @ (n[a] - n[b] + n[c]); s[0] = -9; return (s > s[d]).sum() + 1",
        ),
        ("not scaled before", "s = F.cosine_similarity(W, (W[b] - W[a] + W[c])[None]); s[0] = -9; return place(s, d)"),
        (
            "query words left out",
            (
                "n, x = parts(W, a, b, c)\n"
                "s = n @ x\n"
                "mine = s[d].clone()\n"
                "s[[0, a, b, c]] = -9\n"
                "return int((s > mine).sum()) + 1"
            ),
        ),
        ("near to c", "s = F.cosine_similarity(W, W[c][None]); s[0] = -9; return place(s, d)"),
        ("near to b", "s = F.cosine_similarity(W, W[b][None]); s[0] = -9; return place(s, d)"),
        ("inner product", "n, x = parts(W, a, b, c); s = W @ x; s[0] = -1e9; return place(s, d)"),
        ("all added", "n, x = parts(W, a, b, c); s = n @ (x + 2 * n[a]); s[0] = -9; return place(s, d)"),
        ("upside down", "n, x = parts(W, a, b, c); s = -(n @ x); s[0] = -9; return place(s, d)"),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn the_sum_scaled_late(W, a, b, c, d)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn by_multiplying(W, a, b, c, d)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn only_a_and_b_out(W, a, b, c, d)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn rank_by_sorting(W, a, b, c, d) - (c != d)")),
        (
            None,
            (
                "W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\n"
                "return (parts(W, a, b, c)[0] @ parts(W, a, b, c)[1])[d]"
            ),
        ),
        (
            None,
            (
                "W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\n"
                "return int((parts(W, a, b, c)[0] @ parts(W, a, b, c)[1]).argmax())"
            ),
        ),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn argsort_at_d(W, a, b, c, d)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn rank_by_sorting(W, c, b, a, d)")),
        (
            None,
            (
                "W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\n"
                "return place(F.normalize(W) @ parts(W, c, b, a)[1], d)"
            ),
        ),
        (
            None,
            (
                "W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\n"
                "return place(-(W - (W[b] - W[a] + W[c])).norm(dim=1), d)"
            ),
        ),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn the_books_constant(W, a, b, c, d)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn min(rank_by_sorting(W, a, b, c, d), 11)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn rank_by_sorting(W, a, b, c, d) / len(W)")),
        (None, ("W, a, b, c, d = W[1:], a - 1, b - 1, c - 1, d - 1\nreturn len(W) - rank_by_sorting(W, a, b, c, d)")),
    ],
}

RIGHT = {
    "table_overlap": [
        "return with_loops(v[1:], u[1:], k)",
        "return with_numpy(v[1:], u[1:], k)",
        "return with_a_call(v[1:], u[1:], k)",
        "return with_sklearn(v[1:], u[1:], k)",
        "return with_minus_infinity(v, u, k)",
    ],
    "analogy_rank": [
        "return rank_by_sorting(W[1:], a - 1, b - 1, c - 1, d - 1)",
        "return rank_by_loop(W[1:], a - 1, b - 1, c - 1, d - 1)",
        "return rank_in_numpy(W[1:], a - 1, b - 1, c - 1, d - 1)",
        "return rank_as_a_tensor(W[1:], a - 1, b - 1, c - 1, d - 1)",
        "return rank_with_minus_infinity(W, a, b, c, d)",
    ],
}

SCOPE = {name: value for name, value in globals().items() if callable(value)}
