"""Answers to the exercises of 10, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "shared_weights": "C, K, S",
    "alias_draw": "accept, other, slot, coin",
}

WRONG = {
    "shared_weights": [
        ("all alike", "w = 1 / (C + C * K); return w, w"),
        ("mean over the slots at hand", "n = C + S; return 1 / n, 1 / n"),
        ("half and half", "return 0.5 / C, 0.5 / S"),
        ("sum over pairs", "return 1, K * C / S"),
        ("order", "w = 1 / (C + C * K); return w * C * K / S, w"),
        ("K forgotten", "return 1 / (C + C * K), 1 / (S + S * K)"),
        (None, "return 1 / (C * (1 + K)), C * K / S"),
        (None, "return 1 / C, K / S"),
        (None, "return 1 / (C * (1 + K)), round(K / ((1 + K) * S), 3)"),
        (None, "return 1 / (C * (1 + K)), K / ((1 + K) * max(S, C * K))"),
        (None, "return 1 / (C * (1 + K)), 1 / S"),
        (None, "return 1 / (C * (1 + K)), K / (1 + K) // S"),
        (None, "w = 1 / (C * (1 + K)); return w, w * S / (C * K)"),
        (None, "return 1 / (C * (1 + K)), K / ((1 + K) * 32)"),
    ],
    "alias_draw": [
        ("turned", "return np.array([s if c >= accept[s] else other[s] for s, c in zip(slot, coin)], dtype=int)"),
        ("slot always", "return np.array(slot)"),
        ("other always", "return np.array([other[s] for s in slot], dtype=int)"),
        ("one coin", "return np.array([s if coin[0] < accept[s] else other[s] for s in slot], dtype=int)"),
        ("drawn from accept", "return np.searchsorted(np.cumsum(accept) / accept.sum(), coin)"),
        (None, "return np.where(coin <= accept[slot], slot, other[slot])"),
        (None, "return np.where(coin < np.clip(accept, 0.1, 0.9)[slot], slot, other[slot])"),
        (None, "return np.where(coin < accept[slot], slot, other[slot])[:12]"),
        (None, "return np.array([slot[i] if coin[i] < accept[slot[i]] else other[slot[i]] for i in range(12)])"),
        (None, "return np.where(coin < accept[slot], slot, slot[other[slot] % len(slot)])"),
        (
            None,
            "return np.where(coin < accept[slot], slot, np.random.default_rng(0).integers(0, len(accept), len(slot)))",
        ),
        (None, "return np.where(np.random.default_rng(0).random(len(slot)) < accept[slot], slot, other[slot])"),
        (None, "return np.where(coin < accept[slot], accept[slot], other[slot])"),
        (None, "slot[coin >= accept[slot]] = other[slot[coin >= accept[slot]]]; return slot"),
        (None, "return [s if c < accept[s] else other[s] for s, c in set(zip(slot, coin))]"),
    ],
}

RIGHT = {
    "shared_weights": [
        "return 1 / (C * (1 + K)), K / ((1 + K) * S)",
        "slot = 1 / (C + C * K)\nreturn slot, slot * C * K / S",
        "return [1 / C / (1 + K), K / (1 + K) / S]",
        "return np.array([1 / (C * (1 + K)), (1 - 1 / (1 + K)) / S])",
        "return torch.tensor([1 / (C * (1 + K)), K / ((1 + K) * S)], dtype=torch.float64)",
        "from fractions import Fraction\nreturn Fraction(1, C * (1 + K)), Fraction(K, (1 + K) * S)",
    ],
    "alias_draw": [
        "return np.where(coin < accept[slot], slot, other[slot])",
        "return [s if c < accept[s] else other[s] for s, c in zip(slot, coin)]",
        "drawn = slot.copy()\nturned = coin >= accept[slot]\ndrawn[turned] = other[slot[turned]]\nreturn drawn",
        "own = accept[slot] > coin\nreturn own * slot + ~own * other[slot]",
        "out = np.empty(len(slot), dtype=np.int64)\nfor i in range(len(slot)):\n"
        "    out[i] = slot[i] if coin[i] < accept[slot[i]] else other[slot[i]]\nreturn out",
        "return torch.where(torch.tensor(coin) < torch.tensor(accept)[slot], torch.tensor(slot), torch.tensor(other)[slot])",
    ],
}
