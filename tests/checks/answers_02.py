"""Answers to the exercises of 02, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "objective": "centers, contexts, v, u",
    "skip_gram": "center, candidates, embed_v, embed_u",
}

WRONG = {
    "objective": [
        ("sign", "return F.cross_entropy(v[centers] @ u.T, contexts)"),
        ("sum", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='sum')"),
        ("no logarithm", "return torch.softmax(v[centers] @ u.T, 1)[torch.arange(len(centers)), contexts].mean()"),
        ("tables swapped", "return -F.cross_entropy(u[centers] @ v.T, contexts)"),
        ("one per pair", "return -F.cross_entropy(v[centers] @ u.T, contexts, reduction='none')"),
        ("given the context", "return -F.cross_entropy(u[contexts] @ v.T, centers)"),
    ],
    "skip_gram": [
        ("reshape for permute", "u = embed_u(candidates); return embed_v(center) @ u.reshape(len(u), -1, u.shape[1])"),
        ("squeezed", "return (embed_v(center) * embed_u(candidates)).sum(-1)"),
        ("tables swapped", "return embed_u(center) @ embed_v(candidates).transpose(1, 2)"),
        ("sigmoid", "return (embed_v(center) @ embed_u(candidates).transpose(1, 2)).sigmoid()"),
        ("column", "return embed_u(candidates) @ embed_v(center).transpose(1, 2)"),
        ("cosine", "return F.cosine_similarity(embed_v(center), embed_u(candidates), dim=-1).unsqueeze(1)"),
        ("error", "return torch.bmm(embed_v(center), embed_u(candidates))"),
    ],
}

RIGHT = {}
