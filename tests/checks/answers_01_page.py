"""Answers to the exercises of 01, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

WRONG = {
    "row_means": [
        (
            None,  # stops at the first empty place
            "out = torch.zeros(len(ids), weight.shape[1])\n"
            "for b, row in enumerate(ids.tolist()):\n"
            "    n = 0\n"
            "    for i in row:\n"
            "        if i == 0:\n"
            "            break\n"
            "        out[b] += weight[i]\n"
            "        n += 1\n"
            "    out[b] /= max(n, 1)\n"
            "return out",
        ),
        (
            None,  # the count goes on from row to row
            "out = torch.zeros(len(ids), weight.shape[1])\n"
            "n = 0\n"
            "for b, row in enumerate(ids.tolist()):\n"
            "    for i in row:\n"
            "        if i:\n"
            "            out[b] += weight[i]\n"
            "            n += 1\n"
            "    out[b] /= max(n, 1)\n"
            "return out",
        ),
        (
            None,  # a word whose vector is row 0's taken for empty
            "emb = weight[ids]\n"
            "real = (emb != weight[0]).any(dim=-1, keepdim=True)\n"
            "return (emb * real).sum(dim=1) / real.sum(dim=1).clamp(min=1)",
        ),
        (
            None,  # a large row 0 eats the digits of the others
            "empty = (ids == 0).sum(dim=1, keepdim=True)\n"
            "total = weight[ids].sum(dim=1) - empty * weight[0]\n"
            "return total / (ids.shape[1] - empty).clamp(min=1)",
        ),
        (
            None,  # one row without words makes all rows zero
            "out = torch.stack([weight[row[row != 0]].mean(dim=0) for row in ids])\n"
            "return torch.zeros_like(out) if out.isnan().any() else out",
        ),
        (
            None,  # row 0 for a row without words
            "return torch.stack([(weight[row[row != 0]] if row.any() else weight[:1]).mean(dim=0) for row in ids])",
        ),
        (
            None,  # the last place left out
            "out = torch.zeros(len(ids), weight.shape[1])\n"
            "for b in range(ids.shape[0]):\n"
            "    row = [weight[ids[b, j]] for j in range(ids.shape[1] - 1) if ids[b, j] != 0]\n"
            "    if row:\n"
            "        out[b] = sum(row) / len(row)\n"
            "return out",
        ),
        (
            None,  # id 1 taken for empty, too
            "real = (ids > 1)[..., None]\nreturn (weight[ids] * real).sum(dim=1) / real.sum(dim=1).clamp(min=1)",
        ),
        (
            None,  # vectors of three numbers, as on the page
            "out = torch.zeros(ids.shape[0], 3)\n"
            "for b, row in enumerate(ids):\n"
            "    row = row[row != 0]\n"
            "    if len(row):\n"
            "        out[b] = weight[row].mean(dim=0)\n"
            "return out",
        ),
        (
            None,  # masked, and the nan of rows without words kept
            "return weight[ids].masked_fill((ids == 0)[..., None], torch.nan).nanmean(dim=1)",
        ),
        (
            None,  # counted along the other axis
            "return (weight[ids] * (ids != 0)[..., None]).sum(1) / (ids != 0).sum(0)[: len(ids), None].clamp(min=1)",
        ),
    ],
    "table_gradient": [
        (
            None,  # one column for all, as in the page's G
            "return torch.bincount(ids, weights=grad[:, 0], minlength=V)[:, None].expand(V, grad.shape[1]).float()",
        ),
        (
            None,  # changes the caller's gradient
            "rows = [None] * V\n"
            "for k, i in enumerate(ids.tolist()):\n"
            "    if rows[i] is None:\n"
            "        rows[i] = grad[k]\n"
            "    else:\n"
            "        rows[i] += grad[k]\n"
            "return torch.stack([torch.zeros(grad.shape[1]) if r is None else r for r in rows])",
        ),
        (
            None,  # whole numbers only
            "out = torch.zeros(V, grad.shape[1], dtype=ids.dtype)\nreturn out.index_add_(0, ids, grad.to(ids.dtype))",
        ),
        (
            None,  # nothing looked up: a table without columns
            "if len(ids) == 0:\n"
            "    return torch.zeros(V, 0)\n"
            "return torch.zeros(V, grad.shape[1]).index_add_(0, ids, grad)",
        ),
        (
            None,  # nothing looked up: nothing at all
            "if len(ids) == 0:\n    return grad\nreturn torch.zeros(V, grad.shape[1]).index_add_(0, ids, grad)",
        ),
        (
            None,  # a word looked up k times gets k times its last gradient
            "out = torch.zeros(V, grad.shape[1])\n"
            "out[ids] = grad\n"
            "return out * torch.bincount(ids, minlength=V)[:, None]",
        ),
        (
            None,  # the first left out
            "out = torch.zeros(V, grad.shape[1])\nfor k in range(1, len(ids)):\n    out[ids[k]] += grad[k]\nreturn out",
        ),
        (
            None,  # equal gradients counted once
            "out = torch.zeros(V, grad.shape[1])\n"
            "for i, *g in {(i, *g) for i, g in zip(ids.tolist(), grad.tolist())}:\n"
            "    out[i] += torch.tensor(g)\n"
            "return out",
        ),
        (
            None,  # three columns, as on the page
            "return torch.zeros(V, 3).index_add_(0, ids, grad)",
        ),
        (
            None,  # the ids sorted, the gradients not
            "return torch.zeros(V, grad.shape[1]).index_add(0, ids.sort().values, grad)",
        ),
        (
            None,  # the sum of a row's numbers in each column
            "g = torch.bincount(ids, weights=grad.sum(1), minlength=V).float()\n"
            "return g[:, None].repeat(1, grad.shape[1])",
        ),
    ],
}

RIGHT = {
    "row_means": [
        (
            "table = weight.clone()\n"
            "table[0] = 0\n"
            "return torch.nan_to_num(table[ids].sum(dim=1) / (ids != 0).sum(dim=1, keepdim=True))"
        ),
        (
            "e = weight[ids].masked_fill((ids == 0)[..., None], 0.0)\n"
            "return torch.einsum('bld->bd', e) / (ids != 0).sum(1).clamp(min=1).unsqueeze(1)"
        ),
        (
            "rows = [[weight[i] for i in row if i != 0] for row in ids]\n"
            "return torch.stack([sum(r) / len(r) if r else torch.zeros(weight.shape[1]) for r in rows])"
        ),
        ("return weight[ids].masked_fill((ids == 0)[..., None], torch.nan).nanmean(dim=1).nan_to_num(0.0)"),
        (
            "places = [sorted(row, reverse=True)[: sum(i > 0 for i in row)] for row in ids.tolist()]\n"
            "return torch.stack([weight[row].sum(dim=0) / max(len(row), 1) for row in places])"
        ),
    ],
    "table_gradient": [
        ("return torch.sparse_coo_tensor(ids[None], grad, (V, grad.shape[1])).to_dense()"),
        ("return torch.stack([grad[ids == i].sum(dim=0) for i in range(V)])"),
        ("return (torch.arange(V)[:, None] == ids).float() @ grad"),
        ("out = torch.zeros(V, grad.shape[1])\nfor i, g in zip(ids, grad):\n    out[i] = out[i] + g\nreturn out"),
        (
            "out = torch.zeros(V, grad.shape[1])\n"
            "for j in range(grad.shape[1]):\n"
            "    out[:, j] = torch.bincount(ids, weights=grad[:, j], minlength=V)\n"
            "return out"
        ),
    ],
}
