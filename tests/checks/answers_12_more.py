"""Answers to 12.4 and 12.5, as students write them: ``test_answers.py`` runs them and says what they mean."""

import heapq

HEAD = {
    "mean_code_length": "counts",
    "cbow_gradients": "v, u, label",
}
SCOPE = {"heapq": heapq}

BCE = "F.binary_cross_entropy_with_logits"
H = "h = v.mean(0)\ns = u @ h\ne = torch.sigmoid(s) - label\nloss = " + BCE + "(s, label, reduction='sum')\n"

WRONG = {
    "mean_code_length": [
        ("entropy", "p = counts / counts.sum()\nreturn -(p * np.log2(p)).sum()"),
        ("entropy in nats", "p = counts / sum(counts)\nreturn float(-sum(x * math.log(x) for x in p))"),
        ("log2", "return np.log2(len(counts))"),
        ("as for equal counts", "return math.ceil(math.log2(len(counts)))"),
        ("as for equal counts", "return (len(counts) - 1).bit_length()"),
        ("rounded up", "p = counts / counts.sum()\nreturn (p * np.ceil(-np.log2(p))).sum()"),
        (
            "not divided",
            "h = counts.tolist()\nheapq.heapify(h)\nn = 0\nwhile len(h) > 1:\n"
            "    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n    heapq.heappush(h, x)\nreturn n",
        ),
        (
            "largest first",
            "h = counts.tolist()\nn = 0\nwhile len(h) > 1:\n    h.sort()\n    x = h.pop() + h.pop()\n    n += x\n"
            "    h.append(x)\nreturn n / counts.sum()",
        ),
        (
            "last in the line",
            "h = sorted(counts.tolist())\nn = 0\nwhile len(h) > 1:\n    x = h.pop(0) + h.pop(0)\n    n += x\n"
            "    h.append(x)\nreturn n / counts.sum()",
        ),
        (
            "one branch",
            "h = sorted(counts.tolist())\nx, n = h[0], 0\nfor c in h[1:]:\n    x += c\n    n += x\nreturn n / counts.sum()",
        ),
        (
            "one branch",
            "c = np.sort(counts)[::-1]\nlength = np.arange(1, len(c) + 1)\nlength[-1] -= 1\nreturn (c * length).sum() / c.sum()",
        ),
        (
            "root counted",
            "h = [(c, [c]) for c in counts.tolist()]\nn = int(counts.sum())\nwhile len(h) > 1:\n    h.sort(key=lambda x: x[0])\n"
            "    (a, p), (b, q) = h[:2]\n    n += a + b\n    h = h[2:] + [(a + b, p + q)]\nreturn n / counts.sum()",
        ),
        (
            "without the last joining",
            "h = counts.tolist()\nheapq.heapify(h)\nn = 0\nwhile len(h) > 2:\n"
            "    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n    heapq.heappush(h, x)\nreturn n / counts.sum()",
        ),
        (
            "one decision for one word",
            "if len(counts) == 1:\n    return 1.0\nh = counts.tolist()\nheapq.heapify(h)\nn = 0\nwhile len(h) > 1:\n"
            "    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n    heapq.heappush(h, x)\nreturn n / counts.sum()",
        ),
        (
            "mean over words",
            "h = [(c, i, {i: 0}) for i, c in enumerate(counts.tolist())]\nheapq.heapify(h)\nwhile len(h) > 1:\n"
            "    (a, i, p), (b, _, q) = heapq.heappop(h), heapq.heappop(h)\n"
            "    heapq.heappush(h, (a + b, i, {k: d + 1 for k, d in {**p, **q}.items()}))\n"
            "return sum(h[0][2].values()) / len(counts)",
        ),
        (
            "in place",
            "counts.sort()\nh = counts.tolist()\nn = 0\nwhile len(h) > 1:\n    x = heapq.heappop(h) + heapq.heappop(h)\n"
            "    n += x\n    heapq.heappush(h, x)\nreturn n / counts.sum()",
        ),
        (
            None,
            "h = counts.tolist()\nn = 0\nwhile len(h) > 1:\n    x = h.pop(0) + h.pop(0)\n    n += x\n    h.append(x)\nreturn n / counts.sum()",
        ),  # not sorted at all
        (
            None,
            "h = counts.tolist()\nn = 0\nwhile len(h) > 1:\n    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n"
            "    heapq.heappush(h, x)\nreturn n / counts.sum()",
        ),  # no heap to begin with
        (
            None,
            "h = sorted(counts.tolist())\nn = 0\nwhile len(h) > 1:\n"
            "    h = sorted([h[i] + h[i + 1] for i in range(0, len(h) - 1, 2)] + ([h[-1]] if len(h) % 2 else []))\n"
            "    n += sum(h)\nreturn n / counts.sum()",
        ),  # level by level
        (
            None,
            "def below(p):\n    if len(p) == 1:\n        return 0\n    k = len(p) // 2\n    return p.sum() + below(p[:k]) + below(p[k:])\n"
            "return below(np.sort(counts)[::-1]) / counts.sum()",
        ),  # halves of equally many words
        (
            None,
            "def below(p):\n    if len(p) == 1:\n        return 0\n    s = np.cumsum(p)\n"
            "    k = 1 + int(abs(2 * s[:-1] - s[-1]).argmin())\n    return s[-1] + below(p[:k]) + below(p[k:])\n"
            "return below(np.sort(counts)[::-1]) / counts.sum()",
        ),
        (None, "p = counts / counts.sum()\nreturn (p * np.round(-np.log2(p))).sum()"),
        (None, "p = counts / counts.sum()\nreturn (p * np.floor(-np.log2(p))).sum()"),
        (None, "p = counts / counts.sum()\nreturn -np.log2(p).mean()"),
        (None, "p = counts / counts.sum()\nreturn math.ceil(-(p * np.log2(p)).sum())"),
        (None, "p = counts / counts.sum()\nreturn 2 ** -(p * np.log2(p)).sum()"),
        (None, "c = np.sort(counts)[::-1]\nreturn (c * np.ceil(np.log2(np.arange(len(c)) + 1))).sum() / c.sum()"),
        (
            None,
            "h = set(counts.tolist())\nn = 0\nwhile len(h) > 1:\n    a = min(h)\n    h.remove(a)\n    b = min(h)\n"
            "    h.remove(b)\n    n += a + b\n    h.add(a + b)\nreturn n / counts.sum()",
        ),  # equal counts fall together
        (
            None,
            "h = (counts / counts.max()).round(2).tolist()\nheapq.heapify(h)\nn = 0\nwhile len(h) > 1:\n"
            "    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n    heapq.heappush(h, x)\nreturn n / h[0]",
        ),
    ],
    "cbow_gradients": [
        ("whole for each context", H + "return loss, (e @ u).repeat(len(v), 1), torch.outer(e, h)"),
        (
            "sum of the contexts",
            "h = v.sum(0)\ns = u @ h\ne = torch.sigmoid(s) - label\nloss = " + BCE + "(s, label, reduction='sum')\n"
            "return loss, (e @ u).expand(v.shape), torch.outer(e, h)",
        ),
        (
            "sum, and a share for each",
            "h = v.sum(0)\ns = u @ h\ne = torch.sigmoid(s) - label\nloss = " + BCE + "(s, label, reduction='sum')\n"
            "return loss, (e @ u).expand(v.shape) / len(v), torch.outer(e, h)",
        ),
        ("shared twice", H + "return loss, (e @ u).expand(v.shape) / len(v) / len(v), torch.outer(e, h)"),
        ("gradient of h", H + "return loss, e @ u, torch.outer(e, h)"),
        ("first context", H + "g = torch.zeros_like(v)\ng[0] = e @ u / len(v)\nreturn loss, g, torch.outer(e, h)"),
        ("first context for u", H + "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, v[0])"),
        ("sum for u", H + "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, v.sum(0))"),
        ("sign", H + "e = -e\nreturn loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)"),
        ("order", H + "return loss, torch.outer(e, h), (e @ u / len(v)).expand(v.shape)"),
        ("loss left out", H + "return (e @ u / len(v)).expand(v.shape), torch.outer(e, h)"),
        (
            "mean over the candidates",
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = " + BCE + "(b @ a.mean(0), label)\nloss.backward()\nreturn loss.detach(), a.grad, b.grad",
        ),
        (
            "each by itself",
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\ns = a @ b.T\n"
            "loss = "
            + BCE
            + "(s, label.expand(s.shape), reduction='sum')\nloss.backward()\nreturn loss.detach(), a.grad, b.grad",
        ),
        (
            "labels turned",
            "h = v.mean(0)\ns = u @ h\ne = label - torch.sigmoid(-s)\n"
            "e = torch.sigmoid(s) - 1 + label\n"
            "return " + BCE + "(s, 1 - label, reduction='sum'), (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),
        (
            "label left out of the error",
            H + "e = torch.sigmoid(s)\nreturn loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),
        ("no sigmoid", H + "e = s - label\nreturn loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)"),
        (
            "derivative of the sigmoid",
            H
            + "p = torch.sigmoid(s)\ne = e * p * (1 - p)\nreturn loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),
        (None, H + "return loss, (e @ u / len(u)).expand(v.shape), torch.outer(e, h)"),
        (None, H + "return loss / len(u), (e @ u / len(v)).expand(v.shape), torch.outer(e, h)"),
        (
            None,
            H + "return " + BCE + "(s, label, reduction='none'), (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),
        (None, H + "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h) / len(v)"),
        (None, H + "return loss, (e.sum() * h / len(v)).expand(v.shape), e[:, None] * u"),
        (
            None,
            "h = v.mean(0)\np = torch.sigmoid(u @ h)\nloss = -(label * p.log() + (1 - label) * (1 - p).log()).sum()\ne = p - label\n"
            "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),  # infinite for large scores
        (
            None,
            "p = torch.sigmoid(v @ u.T).mean(0)\nloss = F.binary_cross_entropy(p, label, reduction='sum')\ne = p - label\n"
            "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, v.mean(0))",
        ),  # mean of the probabilities
        (None, H + "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h).T"),
        (None, H + "g = (e @ u / len(v)) * v / v.mean(0)\nreturn loss, g, torch.outer(e, h)"),  # as long as the context
        (
            None,
            "h = F.normalize(v.mean(0), dim=0)\ns = u @ h\ne = torch.sigmoid(s) - label\n"
            "return " + BCE + "(s, label, reduction='sum'), (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),
        (
            None,
            H + "e = e * label\nreturn loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        ),  # the center word alone
        (
            "in place",
            "v.requires_grad_()\nu.requires_grad_()\nloss = "
            + BCE
            + "(u @ v.mean(0), label, reduction='sum')\nloss.backward()\n"
            "return loss.detach(), v.grad, u.grad",
        ),
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\nloss = 0\nfor c in a:\n"
            "    loss = loss + "
            + BCE
            + "(b @ c, label, reduction='sum') / len(a)\nloss.backward()\nreturn loss.detach(), a.grad, b.grad",
        ),  # mean of the losses
    ],
}

TREE = "heapq.heapify(h)\nn = 0\nwhile len(h) > 1:\n    x = heapq.heappop(h) + heapq.heappop(h)\n    n += x\n    heapq.heappush(h, x)\n"

RIGHT = {
    "mean_code_length": [
        "h = counts.tolist()\n" + TREE + "return n / counts.sum()",
        "h = [float(c) for c in counts]\ntotal = sum(h)\n" + TREE + "return n / total",
        "h = (counts / counts.sum()).tolist()\n" + TREE + "return n",
        "h = counts.tolist()\nn = 0\nwhile len(h) > 1:\n    h.sort()\n    x = h.pop(0) + h.pop(0)\n    n += x\n    h.append(x)\nreturn n / h[0]",
        "nodes = [(c, i, i) for i, c in enumerate(counts.tolist())]\nheapq.heapify(nodes)\nnext_id = len(nodes)\nwhile len(nodes) > 1:\n"
        "    a, b = heapq.heappop(nodes), heapq.heappop(nodes)\n    heapq.heappush(nodes, (a[0] + b[0], next_id, (a[2], b[2])))\n    next_id += 1\n"
        "length, todo = {}, [(nodes[0][2], 0)]\nwhile todo:\n    node, depth = todo.pop()\n    if isinstance(node, tuple):\n"
        "        todo += [(node[0], depth + 1), (node[1], depth + 1)]\n    else:\n        length[node] = depth\n"
        "return sum(counts[i] * length[i] for i in length) / counts.sum()",
        "from collections import deque\nleaves, inner, n = deque(sorted(counts.tolist())), deque(), 0\n"
        "take = lambda: (leaves if leaves and (not inner or leaves[0] <= inner[0]) else inner).popleft()\n"
        "for _ in range(len(counts) - 1):\n    x = take() + take()\n    n += x\n    inner.append(x)\nreturn n / counts.sum()",
        "import bisect\nh = sorted(map(int, counts))\nn = 0\nwhile len(h) > 1:\n    x = h[0] + h[1]\n    del h[:2]\n    bisect.insort(h, x)\n    n += x\n"
        "return torch.tensor(n / int(counts.sum()))",
        "h = [[c, [i]] for i, c in enumerate(counts.tolist())]\nlength = np.zeros(len(h), int)\nwhile len(h) > 1:\n    h.sort(key=lambda x: -x[0])\n"
        "    (a, p), (b, q) = h.pop(), h.pop()\n    length[p + q] += 1\n    h.append([a + b, p + q])\nreturn np.average(length, weights=counts)",
    ],
    "cbow_gradients": [
        H + "return loss, (e @ u / len(v)).expand(v.shape), torch.outer(e, h)",
        "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
        "loss = "
        + BCE
        + "(b @ a.mean(0), label, reduction='sum')\nloss.backward()\nreturn loss.detach(), a.grad, b.grad",
        "a, b = v.detach().clone().requires_grad_(), u.detach().clone().requires_grad_()\n"
        "loss = " + BCE + "((b * a.mean(dim=0)).sum(dim=1), label, reduction='none').sum()\n"
        "return [loss, *torch.autograd.grad(loss, (a, b))]",
        "h = v.mean(0)\ns = u @ h\ny = 2 * label - 1\nloss = -F.logsigmoid(y * s).sum()\ne = -y * torch.sigmoid(-y * s)\n"
        "return loss.item(), torch.ones(len(v), 1) / len(v) * (e @ u), e[:, None] * h[None]",
        "v, u, label = v.double().numpy(), u.double().numpy(), label.double().numpy()\nC = len(v)\nh = v.sum(0) / C\ns = u @ h\n"
        "loss = (np.logaddexp(0, s) - label * s).sum()\ne = np.exp(-np.logaddexp(0, -s)) - label\n"
        "return loss, np.tile(e @ u / C, (C, 1)), np.outer(e, h)",
        "h = v.mean(0)\nloss, gh, gu = torch.zeros(()), torch.zeros_like(h), torch.zeros_like(u)\nfor l in range(len(u)):\n    s = u[l] @ h\n"
        "    loss = loss + F.softplus(s) - label[l] * s\n    e = torch.sigmoid(s) - label[l]\n    gh += e * u[l]\n    gu[l] = e * h\n"
        "return loss, torch.stack([gh / len(v)] * len(v)), gu",
        "from helpers.model import gradients\nloss, gh, gu = gradients(v.mean(0, keepdim=True), u[None], label[None], torch.ones(1, len(u)))\n"
        "return loss[0], gh.expand(v.shape) / len(v), gu[0]",
        "f = lambda a, b: " + BCE + "(torch.mv(b, a.mean(0)), label, reduction='sum')\n"
        "return f(v, u), *torch.func.grad(f, argnums=(0, 1))(v, u)",
    ],
}
