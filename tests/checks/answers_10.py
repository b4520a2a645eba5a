"""Answers to the exercises of 10, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "shared_weights": "C, K, N",
    "alias_draw": "accept, other, slot, coin",
}

WRONG = {
    "shared_weights": [
        ("all alike", "w = 1 / (C + C * K); return w, w"),
        ("mean over the slots at hand", "n = C + N; return 1 / n, 1 / n"),
        ("half and half", "return 0.5 / C, 0.5 / N"),
        ("sum over pairs", "return 1, K * C / N"),
        ("order", "w = 1 / (C + C * K); return w * C * K / N, w"),
    ],
    "alias_draw": [
        ("turned", "return np.array([s if c >= accept[s] else other[s] for s, c in zip(slot, coin)])"),
        ("slot always", "return np.array(slot)"),
        ("other always", "return np.array([other[s] for s in slot])"),
        ("one coin", "c = coin[0]; return np.array([s if c < accept[s] else other[s] for s in slot])"),
    ],
}

RIGHT = {}
