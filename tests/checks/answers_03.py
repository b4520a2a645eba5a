"""Answers to the exercises of 03, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "masked_loss": "pred, label, mask",
    "gradients": "v, u, label, mask",
}

WRONG = {
    "masked_loss": [
        ("mask forgotten", "return F.binary_cross_entropy_with_logits(pred, label, reduction='none').mean(dim=1)"),
        (
            "divided by the length",
            "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').mean(dim=1)",
        ),
        ("one number", "m = mask.bool(); return F.binary_cross_entropy_with_logits(pred[m], label[m])"),
        ("sum", "return F.binary_cross_entropy_with_logits(pred, label, weight=mask, reduction='none').sum(dim=1)"),
        (
            "sigmoid twice",
            "l = F.binary_cross_entropy_with_logits(torch.sigmoid(pred), label, reduction='none')\n"
            "return (l * mask).sum(1) / mask.sum(1)",
        ),
        (
            "kept as a column",
            "l = F.binary_cross_entropy_with_logits(pred, label, reduction='none') * mask\n"
            "return l.sum(1, keepdim=True) / mask.sum(1, keepdim=True)",
        ),
        ("sign", "s = F.logsigmoid((2 * label - 1) * pred); return (s * mask).sum(1) / mask.sum(1)"),
    ],
    "gradients": [
        (
            "sign",
            "e = (label - torch.sigmoid((u @ v[:, :, None])[..., 0])) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "mask forgotten",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "sum for mean",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "no sigmoid",
            "e = ((u * v[:, None]).sum(-1) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return (e[..., None] * u).sum(1), e[..., None] * v[:, None]",
        ),
        (
            "order",
            "e = (torch.sigmoid((u * v[:, None]).sum(-1)) - label) * mask / mask.sum(1, keepdim=True)\n"
            "return e[..., None] * v[:, None], (e[..., None] * u).sum(1)",
        ),
    ],
}

RIGHT = {}
