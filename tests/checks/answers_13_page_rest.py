"""Answers to 13.4 and 13.5, written from the page alone: ``test_answers.py`` runs them and says why."""

SUM = "s = (states * mask[..., None]).sum(1)\n"
SCALED = "return F.normalize(torch.stack(rows), dim=1)"

WRONG = {
    "pool": [
        (
            None,
            "m = mask.float()[..., None]\ns = (states * m).sum(1) / m.sum(1)\nreturn s / (s.norm(dim=1, keepdim=True) + 1e-2)",
        ),  # epsilon of 1e-2 added to the length
        (
            None,
            "m = mask.float()[..., None]\ns = (states * m).sum(1) / m.sum(1)\n"
            "return s / s.norm(dim=1, keepdim=True).clamp(min=1)",
        ),  # length held at 1 or more
        (
            "from first to last",
            "rows = []\nfor s, m in zip(states, mask):\n    at = m.nonzero().flatten()\n"
            "    rows.append(s[at[0]:at[-1] + 1].mean(0))\n" + SCALED,
        ),
        (
            "up to the last",
            "rows = []\nfor s, m in zip(states, mask):\n    rows.append(s[:int(m.nonzero().max()) + 1].mean(0))\n"
            + SCALED,
        ),
        (
            "up to padding",
            "rows = []\nfor s, m in zip(states, mask):\n    a = int(m.nonzero()[0])\n    b = a\n    while b < len(m) and m[b]:\n"
            "        b += 1\n    rows.append(s[a:b].mean(0))\n" + SCALED,
        ),
        (
            None,
            "total = states.sum(1) - (states * (~mask)[..., None]).sum(1)\nreturn F.normalize(total, dim=1)",
        ),  # padding subtracted
        (
            None,
            "s = F.normalize(states * mask[..., None])\nreturn F.normalize(s.sum(1))",
        ),  # functional.normalize with its default dim
        ("equal pieces once", "rows = [torch.unique(s[m], dim=0).mean(0) for s, m in zip(states, mask)]\n" + SCALED),
        (
            None,
            "m = mask.float()[..., None].clamp(min=1e-12)\nreturn F.normalize((states * m).sum(1), dim=1)",
        ),  # weights of 1e-12 at padding
        (None, SUM + "return s / s.sum(1, keepdim=True)"),  # normalized without the root
        (
            None,
            "s = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)\n"
            "return F.layer_norm(s, s.shape[1:]) / s.shape[1] ** 0.5",
        ),  # standardised as in layer norm
        (
            None,
            "s = states.clone()\ns[~mask] = states[mask].mean(0)\nreturn F.normalize(s.mean(1), dim=1)",
        ),  # padding replaced by the mean of the batch's real pieces
        (None, SUM + "return s / s.abs().amax(1, keepdim=True)"),  # the length of the largest number
        (None, SUM + "return s / states.sum(1).norm(dim=1, keepdim=True)"),  # the scale from all pieces
        (None, "return F.normalize(states[:, mask[0]].mean(1), dim=1)"),  # the mask as an index on the batch
        (
            None,
            "w = torch.arange(1, mask.shape[1] + 1) * mask\nreturn F.normalize((states * w[..., None]).sum(1), dim=1)",
        ),  # a mean weighted by place
        (None, "return F.normalize((states.abs() * mask[..., None]).sum(1), dim=1)"),  # absolute values in the mean
    ],
    "encoder_operations": [
        (
            None,
            "return layers * (4 * n * D * (2 * D - 1) + n * n * (2 * D - 1) + n * D * (2 * n - 1) + n * F * (2 * D - 1) + n * D * (2 * F - 1))",
        ),  # additions apart
        (None, "return layers * (4 * n * D * D + n * (n - 1) // 2 * 2 * D + 2 * n * D * F)"),  # each pair of two once
        ("pairs of two", "return layers * (4 * n * D * D + 2 * n * (n - 1) * D + 2 * n * D * F)"),
        ("F squared", "return layers * (4 * n * D * D + 2 * n * n * D + n * D * F + n * F * F)"),
        (None, "return layers * (4 * n * D * D + 2 * n * n * D + n * n + 2 * n * D * F)"),  # softmax counted too
        (
            None,
            "return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F + n * (5 * D + F))",
        ),  # the biases counted too
        ("rounded", "return float(layers) * (4.0 * n * D * D + 2.0 * n * n * D + 2.0 * n * D * F)"),
        ("rounded", "return int(layers * n * D * (4.0 * D + 2.0 * n + 2.0 * F))"),
        ("rounded", "return layers * n * D * (8 * D + 4 * n + 4 * F) / 2"),
        ("rounded", "return int(layers * (4 * n * D ** 2 + 2 * D * n ** 2.0 + 2 * n * D * F))"),
        (
            "32 bits",
            "with np.errstate(all='ignore'):\n    a = np.array([n, D, F, layers], dtype=np.int32)\n"
            "    return int(a[3] * a[0] * a[1] * (4 * a[1] + 2 * a[0] + 2 * a[2]))",
        ),
        ("rounded", "return int(layers * (4 * n * math.pow(D, 2) + 2 * math.pow(n, 2) * D + 2 * n * D * F))"),
        ("rounded", "return round(layers * n * 1.0 * D * (4 * D + 2 * n + 2 * F))"),
        ("D and F exchanged", "return layers * (4 * n * F * F + 2 * n * n * F + 2 * n * D * F)"),
        (None, "return layers * (4 * n * D * D + n * n * D + n * n * n + 2 * n * D * F)"),  # n * n * n for the values
        (None, "return layers * (4 * n * D * D + 2 * n * D * F) + 2 * n * n * D"),  # layers to the pairs only once
        (None, "return layers * (4 * n * D * D + 2 * 12 * n * n * D + 2 * n * D * F)"),  # heads counted
        (None, "n = min(n, 512)\nreturn layers * n * D * (4 * D + 2 * n + 2 * F)"),  # the sequence cut at 512 pieces
        (
            None,
            "return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F + 2 * n * D)",
        ),  # residual additions counted
        (None, "return layers * (5 * n * D * D + 2 * n * n * D + 2 * n * D * F)"),  # five matrices
        (None, "return (4 * n * D * D + 2 * n * n * D + 2 * n * D * F) ** layers"),  # the layers as a power
        (None, "return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * n * F)"),  # n n F instead of n D F
        (None, "return layers * (4 * n * D * D + 4 * n * (n // 2) * D + 2 * n * D * F)"),  # n halved and rounded down
        (None, "return sum(4 * n * D * D + 2 * n * n * D + 2 * n * D * F for _ in range(1, layers))"),  # layers - 1
        (
            None,
            "return layers * (4 * n * D * D + 2 * n * n * D + 2 * n * D * F) - n * D * D",
        ),  # the first layer reads from a table
        (
            "rounded",
            "a = np.array([4 * n * D * D, 2 * n * n * D, 2 * n * D * F], dtype=float)\nreturn int(a.sum() * layers)",
        ),
    ],
}

RIGHT = {
    "pool": [
        "s = states.clone()\ns[~mask] = 0\ns = s.sum(dim=1)\nreturn (s.T / s.norm(dim=1)).T",
        "rows = [np.average(s, axis=0, weights=m) for s, m in zip(states.numpy(), mask.numpy().astype(float))]\n"
        "rows = np.array(rows)\nreturn torch.tensor(rows / np.sqrt((rows ** 2).sum(1))[:, None], dtype=torch.float32)",
        "w = torch.ones(len(states), states.shape[2], requires_grad=True)\n"
        "total = ((states * w[:, None]) * mask[..., None]).sum()\ng, = torch.autograd.grad(total, w)\n"
        "return g / g.norm(dim=1, keepdim=True)",
        "b, i = mask.nonzero(as_tuple=True)\ns = torch.zeros(len(states), states.shape[2]).index_add_(0, b, states[b, i])\n"
        "return s / s.norm(dim=1, keepdim=True)",
        "s = states.clone().requires_grad_()\nreturn F.normalize((s * mask[..., None]).sum(1), dim=1)",
    ],
    "encoder_operations": [
        "s = np.array([[n, D, D]] * 4 + [[n, D, n], [n, n, D], [n, D, F], [n, F, D]], dtype=object)\n"
        "return int(layers * s.prod(axis=1).sum())",
        "return layers * (8 * n * D * D + 4 * n * n * D + 4 * n * D * F) // 2",
        "return (n * D * layers) * ((D << 2) + (n << 1) + (F << 1))",
        "from fractions import Fraction\nreturn int(Fraction(layers, 1) * n * D * (4 * D + 2 * n + 2 * F))",
        "return sum(map(math.prod, [(layers, n, D, 4 * D), (layers, n, D, 2 * n), (layers, n, D, 2 * F)]))",
        "n, D, F, layers = (np.int64(x) for x in (n, D, F, layers))\nwith np.errstate(all='ignore'):\n"
        "    return int(layers * n * D * (4 * D + 2 * n + 2 * F))",
        "return int(torch.tensor(n) * layers * D * (4 * D + 2 * n + 2 * F))",
        "return sum(int(np.prod([layers, n, D, x])) for x in (4 * D, 2 * n, 2 * F))",
    ],
}
