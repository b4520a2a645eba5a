"""Answers to the exercises of 05, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

TAKE = "center, candidates, mask, label = batch\n"
PRED = TAKE + "pred = skip_gram(center, candidates, net[0], net[1])\n"
ROWS = PRED + "rows = masked_loss(pred[:, 0], label, mask)\n"
ZERO = "optimizer.zero_grad()\n"
MEAN = ZERO + ROWS + "loss = rows.mean()\nloss.backward()\n"
END = "loss.backward()\noptimizer.step()\nreturn loss.item()"
BCE = "bce = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"
LOG = "log = F.logsigmoid\n"

WRONG = {
    "step": [
        ("gradients pile up", ROWS + "loss = rows.mean()\n" + END.replace("return", ZERO + "return")),
        ("center table forgets alone", ROWS + "loss = rows.mean()\nnet[0].zero_grad()\n" + END),
        ("context table forgets alone", ROWS + "loss = rows.mean()\nnet[1].weight.grad = None\n" + END),
        (
            None,  # the context table keeps an old gradient
            ROWS + "loss = rows.mean()\nnet[0].weight.grad, = torch.autograd.grad(loss, net[0].weight)\n"
            "optimizer.step()\nreturn loss.item()",
        ),
        (
            "error",  # row 0's scores for all rows
            ZERO + PRED + "loss = masked_loss(pred[0], label, mask).mean()\n" + END,
        ),
        (
            "a step for each row",
            TAKE + "total = 0.0\nfor b in range(len(center)):\n    optimizer.zero_grad()\n"
            "    pred = skip_gram(center[b:b + 1], candidates[b:b + 1], net[0], net[1])[:, 0]\n"
            "    row = masked_loss(pred, label[b:b + 1], mask[b:b + 1]).mean()\n"
            "    row.backward()\n    optimizer.step()\n    total += row.item()\nreturn total / len(center)",
        ),
        ("mean over the slots", ZERO + ROWS + "loss = (rows * mask.sum(1)).sum() / mask.sum()\n" + END),
        (None, ZERO + ROWS + "loss = rows.sum() / 2\n" + END),  # the page's B
        (None, ZERO + ROWS + "loss = rows[rows > 0].mean()\n" + END),  # a loss can be 0
        (None, ZERO + ROWS + "loss = rows.median()\n" + END),
        (None, MEAN + "nn.utils.clip_grad_norm_(net.parameters(), 5.0)\noptimizer.step()\nreturn loss.item()"),
        ("clipped", MEAN + "nn.utils.clip_grad_norm_(net.parameters(), 1.0)\noptimizer.step()\nreturn loss.item()"),
        (
            "moved by hand",  # plain descent whatever the optimizer
            MEAN + "lr = optimizer.param_groups[0]['lr']\nwith torch.no_grad():\n"
            "    for p in net.parameters():\n        p -= lr * p.grad\nreturn loss.item()",
        ),
        (
            "a loss of its own",  # one of the two is not called
            ZERO + PRED + "bce = F.binary_cross_entropy_with_logits(pred[:, 0], label, reduction='none')\n"
            "loss = ((bce * mask).sum(1) / mask.sum(1)).mean()\n" + END,
        ),
        (None, ZERO + PRED + "loss = masked_loss(pred[:, 0].clamp(-20, 20), label, mask).mean()\n" + END),
        (None, MEAN + "optimizer.step()\nreturn loss.detach().numpy()"),
        (None, MEAN + "optimizer.step()\nreturn round(loss.item(), 4)"),
        (None, MEAN + "optimizer.step()\nreturn loss.item(),"),
        (
            None,  # divides by L
            ZERO + ROWS + "rows.sum().backward()\nfor p in net.parameters():\n    p.grad /= mask.shape[1]\n"
            "optimizer.step()\nreturn rows.mean().item()",
        ),
        (None, MEAN + "optimizer.step()\noptimizer.step()\nreturn loss.item()"),  # moves twice along one gradient
        (None, MEAN + "net[1].weight.grad[0] = 0\noptimizer.step()\nreturn loss.item()"),  # a real slot may name row 0
        (None, MEAN + "optimizer.step()\nnet[1].weight.data[0] = 0\nreturn loss.item()"),
        (
            None,  # decay that nobody asked for
            ZERO + ROWS + "loss = rows.mean() + 1e-3 * sum((p ** 2).sum() for p in net.parameters())\n" + END,
        ),
        ("in place", TAKE + "mask /= mask.sum(1, keepdim=True)\n" + MEAN + "optimizer.step()\nreturn loss.item()"),
    ],
    "pair_objective": [
        (None, BCE + "return ((bce * mask).sum(1) / mask.sum(1)).sum() / mask.sum()"),
        (None, BCE + "return (bce * mask).sum() / (label * mask).sum() / 6"),  # K = 5 for ever
        (None, BCE + "return (bce * mask).sum() / (len(mask) * mask[0].sum())"),  # rows of one length
        (None, BCE + "return (bce * mask).sum() / (len(mask) * mask.sum(1).max())"),
        (None, BCE + "n = label.sum(1)\nrow = (bce * mask).sum(1) / mask.sum(1)\nreturn (row * n).sum() / n.sum()"),
        (
            None,
            LOG + "return -(label * log(pred) + (mask - label) * log(-pred)).sum() / mask.sum()",
        ),
        (
            "labels of padding read",
            LOG + "return -(label * log(pred) + (1 - label) * mask * log(-pred)).sum() / mask.sum()",
        ),
        ("sign", LOG + "return (mask * (label * log(pred) + (1 - label) * log(-pred))).sum() / mask.sum()"),
        (
            "cut off",
            "bce = F.binary_cross_entropy(torch.sigmoid(pred), label, weight=mask, reduction='sum')\n"
            "return bce / mask.sum()",
        ),
        (
            None,
            "bce = torch.log1p(torch.exp((1 - 2 * label) * pred.clamp(-80, 80)))\nreturn (bce * mask).sum() / mask.sum()",
        ),
        (None, BCE.replace("(pred,", "(pred.clamp(-500, 500),") + "return bce[mask > 0].mean()"),
        (
            "not finite",
            "p = torch.sigmoid(pred.double())\nbce = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))\n"
            "return (bce * mask).sum() / mask.sum()",
        ),
        (
            "no gradient",
            BCE + "total = sum(x for x, m in zip(bce.flatten().tolist(), mask.flatten().tolist()) if m)\n"
            "return torch.tensor(total / mask.sum().item(), requires_grad=True)",
        ),
        ("zeros left out", BCE + "bce = bce * mask\nreturn bce[bce > 0].mean()"),
        ("mask forgotten", BCE + "return bce[pred != 0].mean()"),
        (None, BCE + "return bce[mask.nonzero()[:, 0]].mean()"),  # whole rows
        (None, BCE + "return (bce * mask).sum(0).div(mask.sum(0).clamp(min=1)).mean()"),  # by columns
        (
            None,  # contexts and noise words weigh the same together
            BCE + "yes, no = mask * label, mask * (1 - label)\n"
            "return ((bce * yes).sum() / yes.sum() + (bce * no).sum() / no.sum().clamp(min=1)) / 2",
        ),
        (None, BCE + "return (bce * mask).sum() / (mask.sum() + 1)"),
        (None, BCE + "return bce[mask > 0].median()"),
        ("shape", BCE + "return ((bce * mask).sum() / mask.sum()).reshape(1)"),
        ("in place", "label[mask == 0] = 0\n" + BCE + "return (bce * mask).sum() / mask.sum()"),
    ],
}

RIGHT = {
    "step": [
        TAKE + "def closure():\n    optimizer.zero_grad()\n"
        "    pred = skip_gram(center, candidates, net[0], net[1]).squeeze(1)\n"
        "    loss = masked_loss(pred, label, mask).mean()\n    loss.backward()\n    return loss\n"
        "return float(optimizer.step(closure))",
        "optimizer.zero_grad(set_to_none=False)\n" + TAKE + "total, B = 0.0, len(center)\nfor b in range(B):\n"
        "    s = slice(b, b + 1)\n    pred = skip_gram(center[s], candidates[s], net[0], net[1])[:, 0]\n"
        "    row = masked_loss(pred, label[s], mask[s]).sum() / B\n    row.backward()\n    total += row.item()\n"
        "optimizer.step()\nreturn total",
        ROWS + "net.zero_grad()\nrows.backward(torch.ones_like(rows) / len(rows))\noptimizer.step()\n"
        "return sum(rows.tolist()) / len(rows)",
        ZERO + PRED + "l = masked_loss(pred.reshape(label.shape).float(), label.float(), mask)\n"
        "l.mean().backward()\noptimizer.step()\nreturn l.mean().item()",  # as the book casts
        PRED + "loss = torch.mean(masked_loss(pred=pred.flatten(1), label=label, mask=mask))\n" + ZERO + END,
        ROWS + "for p in net.parameters():\n    if p.grad is not None:\n        p.grad.zero_()\n"
        "loss = rows.mean()\n" + END,
        MEAN + "optimizer.step()\noptimizer.zero_grad()\nreturn loss.item()",  # forgets twice
    ],
    "pair_objective": [
        BCE + "return torch.where(mask > 0, bce, torch.nan).nanmean()",
        "zero = torch.zeros_like(pred)\nbce = torch.logaddexp(zero, (1 - 2 * label) * pred)\n"
        "return torch.einsum('bl,bl->', bce, mask) / mask.count_nonzero()",
        "s, y = pred.masked_select(mask == 1), label.masked_select(mask == 1)\n"
        "return torch.cat([F.softplus(-s[y == 1]), F.softplus(s[y == 0])]).mean()",
        "at = mask.flatten().nonzero()[:, 0]\nreturn nn.BCEWithLogitsLoss()(pred.flatten()[at], label.flatten()[at])",
        BCE + "return bce.flatten() @ (mask / mask.sum()).flatten()",
        "bce = pred.clamp(min=0) - pred * label + torch.log1p(torch.exp(-pred.abs()))\nreturn bce[mask > 0].mean()",
        BCE + "return (bce.double() * mask).sum() / mask.sum()",
    ],
}
