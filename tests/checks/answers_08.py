"""Answers to the exercises of 08, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "p_value": "observed, permuted",
}

WRONG = {
    "p_value": [
        ("no one added", "return sum(p >= observed for p in permuted) / len(permuted)"),
        ("ties left out", "return (sum(p > observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("both sides", "return (sum(abs(p) >= abs(observed) for p in permuted) + 1) / (len(permuted) + 1)"),
        ("other tail", "return (sum(p <= observed for p in permuted) + 1) / (len(permuted) + 1)"),
        ("complement", "return sum(observed > p for p in permuted) / len(permuted)"),
    ],
}

RIGHT = {}
