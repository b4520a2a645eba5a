"""Answers to the exercises of 10, written from the page alone: ``test_answers.py`` runs them and says what they mean."""

WRONG = {
    "shared_weights": [
        (None, "return 1 / (1 + K), K / (S * (1 + K))"),  # the context is not averaged over C
        (None, "context = 1 / (C * (1 + K))\nreturn context, K / S * context"),  # owed K, not C K
        (None, "context = 1 / (C * (1 + K))\nreturn context, C / S * context"),
        (None, "return 1 / C / 2, 1 / S / 2"),  # right for K = 1 alone
        (None, "return 1 / (C + K), C * K / (S * (C + K))"),
        (None, "return 1 / (C * K), 1 / S"),
        (None, "return 1 / (C + C * K), C * K / S / (C + S)"),  # right for S = C K alone
        (None, "return 1 / (C + S), 1 / (C + S) * C * K / S"),
        (None, "context = 1 / (C * (1 + K))\nreturn context, context * max(1, C * K / S)"),
        (None, "context = 1 / (C * (1 + K))\nreturn context, context * min(1, C * K / S)"),
        (None, "context = 1 / (C * (1 + K))\nreturn context, context * (C * K // S)"),
        (None, "context = 1 / (C * (1 + K))\nreturn context, -context * C * K / S"),  # the label's sign
        (None, "K = 5\nreturn 1 / (C * (1 + K)), K / (S * (1 + K))"),  # the page's K
        (None, "context = 1 / (C * (1 + K))\nreturn [context] * C, [context * C * K / S] * S"),
        (None, "return 1 / (C * (1 + K)), K / ((S - C) * (1 + K)) if S > C else 0.0"),  # no context among them
        (None, "return (1 / (C * (1 + K)) + K / (S * (1 + K)),) * 2"),
        (None, "free = S - C * K\nreturn 1 / (C + C * K), 1 / (C + C * K) if free == 0 else K / (C + C * K) / S"),
    ],
    "alias_draw": [
        (None, "keep = np.round(coin, 2) < accept[slot]\nreturn np.where(keep, slot, other[slot])"),
        (None, "keep = coin.astype(np.float16) < accept[slot]\nreturn np.where(keep, slot, other[slot])"),
        (None, "keep = coin + 1e-3 < accept[slot]\nreturn np.where(keep, slot, other[slot])"),
        (None, "return np.choose(coin < accept[slot], [slot, other[slot]])"),
        (None, "return np.where(coin < accept[slot], slot, other[other[slot]])"),
        (None, "return np.where(coin < accept[slot], slot, accept[other[slot]])"),
        (None, "return np.where(coin < accept[other[slot]], slot, other[slot])"),
        (None, "return np.where(coin * len(accept) < accept[slot], slot, other[slot])"),
        (None, "return np.where(coin < 1 - accept[slot], other[slot], slot)"),  # fair, but not by this coin
        (
            None,
            "ids = np.zeros(len(accept), int)\nfor i, s in enumerate(slot[:len(ids)]):\n    ids[i] = s if coin[i] < accept[s] else other[s]\nreturn ids",
        ),  # V results
        (None, "return np.array([s if c < a else o for a, o, s, c in zip(accept, other, slot, coin)])"),
        (None, "ids = slot.copy()\nids[coin >= accept[slot]] = other[coin >= accept[slot]]\nreturn ids"),
        (None, "return slot if (coin < accept[slot]).all() else other[slot]"),
        (None, "return np.unique(np.where(coin < accept[slot], slot, other[slot]))"),
        (None, "return np.sort(np.where(coin < accept[slot], slot, other[slot]))"),
        (None, "return np.where(coin < accept[slot], slot, other[slot]).squeeze()"),  # n = 1
        (None, "return np.where(coin < accept[slot], slot, other[slot])[:, None]"),
        (None, "return np.where(coin < accept[slot], slot, other[slot]).astype(np.uint8)"),
        (None, "return np.where(coin < accept[slot], slot, other[slot]).astype(np.int16)"),
        (None, "return np.where(coin - accept[slot] < -1e-4, slot, other[slot])"),
        (
            None,
            "near = np.isclose(coin, accept[slot], rtol=1e-3)\nreturn np.where((coin < accept[slot]) | near, slot, other[slot])",
        ),
        (None, "keep = (coin < accept[slot]).astype(int)\nreturn keep * slot + ~keep * other[slot]"),
        (None, "return np.where((coin < accept[slot]) | (other[slot] < slot), slot, other[slot])"),
        (None, "return np.where((coin < accept[slot]) & (slot > 0), slot, other[slot])"),  # id 0 taken for none
        (
            None,
            "slot, first = np.unique(slot, return_index=True)\nreturn np.where(coin[first] < accept[slot], slot, other[slot])",
        ),
    ],
}

RIGHT = {
    "shared_weights": [
        "context = 1 / (C + C * K)\nreturn context, (1 - C * context) / S",
        "return tuple(np.array([1, C * K / S]) / (C * (1 + K)))",
        "return np.array([1 / C, K / S]) / (1 + K)",
        "return torch.tensor([1 / C, K / S], dtype=torch.float64) / (1 + K)",
        "owed = sum(1 / (C * (1 + K)) for _ in range(C * K))\nreturn 1 / (C * (1 + K)), owed / S",
        "weights = torch.full((C * (1 + K),), 1.0, dtype=torch.float64) / (C * (1 + K))\nreturn weights[0], weights[C:].sum() / S",
        "return tuple(np.linalg.solve([[C, S], [K * C, -S]], [1, 0]))",  # they sum to 1, the noise to K times the contexts
        "return (C + C * K) ** -1, math.exp(math.log(K) - math.log(S) - math.log1p(K)) if K else 0.0",
    ],
    "alias_draw": [
        "return np.array([s if c < accept[s] else other[s] for s, c in zip(slot, coin)])",
        "return np.choose(coin < accept[slot], [other[slot], slot])",
        "both = np.stack([other, np.arange(len(other))])\nreturn both[(coin < accept[slot]).astype(int), slot]",
        "return np.select([accept[slot] > coin], [slot], default=other[slot])",
        "a, o, s, c = map(torch.as_tensor, (accept, other, slot, coin))\nreturn torch.where(c < a[s.long()], s, o[s.long()])",
        "draw = np.vectorize(lambda s, c: s if c < accept[s] else other[s], otypes=[np.int64])\nreturn draw(slot, coin)",
        "ids = np.take(other, slot)\nnp.copyto(ids, slot, where=coin < np.take(accept, slot), casting='unsafe')\nreturn ids",
        "return torch.tensor([s if c < accept[s] else other[s] for s, c in zip(slot.tolist(), coin.tolist())])",
        "keep = coin.astype(np.float32) < accept[slot].astype(np.float32)\nreturn np.where(keep, slot, other[slot])",
        "return np.fromiter((s if c < accept[s] else other[s] for s, c in zip(slot, coin)), dtype=np.int64, count=len(slot))",
    ],
}
