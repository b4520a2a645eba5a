"""Answers to the exercises of 05, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "step": "net, optimizer, batch, skip_gram, masked_loss",
    "pair_objective": "pred, label, mask",
}

TAKE = "center, candidates, mask, label = batch\n"
PRED = "pred = skip_gram(center, candidates, net[0], net[1]).reshape(label.shape)\n"
LOSS = "loss = masked_loss(pred, label, mask).mean()\n"
REST = "loss.backward()\noptimizer.step()\nreturn loss.item()"
ZERO = "optimizer.zero_grad()\n"
BCE = "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none')\n"

WRONG = {
    "step": [
        ("gradients pile up", TAKE + PRED + LOSS + REST),
        (
            "tables stand still",
            TAKE + PRED + LOSS + "loss.backward()\n" + ZERO + "optimizer.step()\nreturn float(loss)",
        ),
        ("tables stand still", TAKE + ZERO + PRED + LOSS + "loss.backward()\nreturn loss.item()"),
        ("tables stand still", TAKE + ZERO + PRED + LOSS + "optimizer.step()\nreturn loss.item()"),
        ("sum for mean", TAKE + ZERO + PRED + LOSS.replace("mean", "sum") + REST),
        (
            "steps along the sum",
            TAKE + ZERO + PRED + "l = masked_loss(pred, label, mask)\nl.sum().backward()\noptimizer.step()\n"
            "return l.sum().item() / l.numel()",
        ),
        (
            "returns the sum",
            TAKE + ZERO + PRED + "l = masked_loss(pred, label, mask)\nl.mean().backward()\noptimizer.step()\n"
            "return float(l.sum())",
        ),
        ("a tensor", TAKE + ZERO + PRED + LOSS + "loss.backward()\noptimizer.step()\nreturn loss"),
        ("a tensor", TAKE + ZERO + PRED + LOSS + "loss.backward()\noptimizer.step()\nreturn loss.detach()"),
        ("no value", TAKE + ZERO + PRED + LOSS + "loss.backward()\noptimizer.step()"),
        (
            "loss after the step",
            TAKE + ZERO + PRED + LOSS + "loss.backward()\noptimizer.step()\n" + PRED + LOSS + "return loss.item()",
        ),
        ("tables exchanged", TAKE + ZERO + PRED.replace("net[0], net[1]", "net[1], net[0]") + LOSS + REST),
        (
            "label and mask exchanged",
            "center, candidates, label, mask = batch\n" + ZERO + PRED + LOSS + REST,
        ),
        ("label and mask exchanged", TAKE + ZERO + PRED + LOSS.replace("label, mask", "mask, label") + REST),
        ("backward uphill", TAKE + ZERO + PRED + LOSS + "(-loss).backward()\noptimizer.step()\nreturn loss.item()"),
        (
            "own Adam at the book's rate",
            "optimizer = torch.optim.Adam(net.parameters(), lr=0.002)\n" + TAKE + ZERO + PRED + LOSS + REST,
        ),
        ("error", TAKE + ZERO + "pred = skip_gram(center, candidates, net[0], net[1])\n" + LOSS + REST),
        (
            "error",
            TAKE + ZERO + PRED.replace(".reshape(label.shape)", ".squeeze()") + LOSS + REST,
        ),  # for a batch of one row
        ("error", TAKE + ZERO + PRED + LOSS + "loss.item().backward()\noptimizer.step()\nreturn loss"),
        (
            None,
            TAKE + ZERO + PRED + "F.binary_cross_entropy_with_logits(pred, label).backward()\n"
            "optimizer.step()\nreturn F.binary_cross_entropy_with_logits(pred, label).item()",
        ),
        (
            None,  # the functions that were given are not called
            TAKE + ZERO + "pred = torch.bmm(net[0](center), net[1](candidates).permute(0, 2, 1)).squeeze(1)\n"
            "l = F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none')\n"
            "loss = (l.sum(1) / mask.sum(1)).mean()\n" + REST,
        ),
        (
            None,  # the context vectors get no gradient
            TAKE + ZERO + "with torch.no_grad():\n    pred = skip_gram(center, candidates, *net).squeeze(1)\n"
            "pred.requires_grad_()\n" + LOSS + REST,
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
        ("sum over rows", BCE + "return (l * mask).sum(1).mean()"),
        ("per context", BCE + "return (l * mask).sum() / label.sum()"),
        (
            "scores masked",
            "return F.binary_cross_entropy_with_logits(pred * mask, label, reduction='sum') / mask.sum()",
        ),
        ("no gradient", BCE + "return ((l * mask).sum() / mask.sum()).item()"),
        ("no gradient", BCE + "return ((l * mask).sum() / mask.sum()).detach()"),
        (
            "no gradient",
            "s, y, m = pred.detach().numpy(), label.numpy(), mask.numpy()\n"
            "l = np.logaddexp(0, (1 - 2 * y) * s)\n"
            "return (l * m).sum() / m.sum()",
        ),
        (
            None,
            "p = torch.sigmoid(pred)\n"
            "l = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))\n"
            "return (l * mask).sum() / mask.sum()",
        ),
        (
            None,
            "p = torch.sigmoid(pred).clamp(1e-7, 1 - 1e-7)\n"
            "l = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))\n"
            "return (l * mask).sum() / mask.sum()",
        ),
        (None, BCE + "l = l * mask\nreturn l.sum() / (l != 0).sum()"),
        (None, BCE + "n = mask.sum(1).long()\nreturn torch.cat([r[:k] for r, k in zip(l, n)]).mean()"),
        (None, BCE + "return (l * mask * label).sum() / mask.sum()"),
    ],
}

RIGHT = {
    "step": [
        TAKE + ZERO + PRED + LOSS + REST,
        ZERO + TAKE + "pred = skip_gram(center, candidates, *net)[:, 0, :]\n" + LOSS + REST,
        TAKE + PRED + LOSS + ZERO + REST,  # forgotten after the forward pass
        "for p in net.parameters():\n    p.grad = None\n"
        + TAKE
        + PRED
        + LOSS
        + REST.replace("loss.item()", "float(loss)"),
        TAKE + PRED + "l = masked_loss(pred, label, mask)\noptimizer.zero_grad(set_to_none=False)\n"
        "(l.sum() / len(l)).backward()\noptimizer.step()\nreturn l.detach().mean().item()",
        TAKE + PRED + "loss = torch.stack([masked_loss(p[None], y[None], m[None]).squeeze() "
        "for p, y, m in zip(pred, label, mask)]).mean()\n" + ZERO + REST,
        TAKE + PRED + LOSS + "grads = torch.autograd.grad(loss, list(net.parameters()))\n"
        "for p, g in zip(net.parameters(), grads):\n    p.grad = g\n"
        "optimizer.step()\nreturn loss.tolist()",
        "net.zero_grad()\nc, x, m, y = batch\n"
        "v, u = net\n"
        "l = masked_loss(skip_gram(c, x, v, u).view(x.shape), y, m)\n"
        "torch.mean(l, dim=0).backward()\noptimizer.step()\nreturn l.mean().item()",
    ],
    "pair_objective": [
        BCE + "return (l * mask).sum() / mask.sum()",
        "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='sum') / mask.sum()",
        BCE + "return l[mask > 0].mean()",
        "return (F.softplus((1 - 2 * label) * pred) * mask).sum() / mask.sum()",
        "return F.binary_cross_entropy_with_logits(pred[mask.bool()], label[mask.bool()])",
        "total = 0\n"
        "for p, y, m in zip(pred.flatten(), label.flatten(), mask.flatten()):\n"
        "    if m:\n"
        "        total = total - F.logsigmoid(p if y else -p)\n"
        "return total / mask.sum()",
        BCE + "n = mask.sum(1)\nrows = (l * mask).sum(1) / n\nreturn (rows * n).sum() / n.sum()",
    ],
}
