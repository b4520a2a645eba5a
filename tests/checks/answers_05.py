"""Answers to the exercises of 05, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "epoch_means": "losses, sizes",
    "report_at": "num_batches",
    "pair_objective": "pred, label, mask",
}

WRONG = {
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
}

RIGHT = {}
