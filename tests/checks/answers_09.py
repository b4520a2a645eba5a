"""Answers to the exercises of 09, as students write them: ``test_answers.py`` runs them and says what they mean."""

HEAD = {
    "pmi": "N",
    "best_scores": "N, K, power",
    "low_rank": "A, D",
}

WRONG = {
    "pmi": [
        ("conditional", "return np.log((N.T / N.sum(1)).T)"),
        ("joint", "return np.log(N) - np.log(N.sum())"),
        ("total forgotten", "return np.log(N) - np.log(N.sum(1))[:, None] - np.log(N.sum(0))"),
        ("axes exchanged", "return np.log(N * N.sum() / N.sum(0)[:, None] / N.sum(1))"),
        ("positive part", "p = N / N.sum(); return np.log(p / p.sum(1)[:, None] / p.sum(0)).clip(0)"),
        ("base 2", "p = N / N.sum(); return np.log2(p / np.outer(p.sum(1), p.sum(0)))"),
    ],
    "best_scores": [
        ("no exponent", "return np.log(N * N.sum() / N.sum(1)[:, None] / N.sum(0) / K)"),
        ("no K", "q = N.sum(0) ** power; q = q / q.sum(); return np.log(N / (N.sum(1)[:, None] * q))"),
        ("not normalised", "return np.log(N) - np.log(K * N.sum(1)[:, None] * N.sum(0) ** power)"),
        ("power of the share", "q = (N.sum(0) / N.sum()) ** power; return np.log(N / (K * N.sum(1)[:, None] * q))"),
        (
            "centers for contexts",
            "q = N.sum(1) ** power; q = q / q.sum(); return np.log(N / (K * N.sum(1)[:, None] * q))",
        ),
    ],
    "low_rank": [
        ("singular values forgotten", "U, S, V = np.linalg.svd(A, full_matrices=False); return U[:, :D] @ V[:D]"),
        ("smallest kept", "U, S, V = np.linalg.svd(A, full_matrices=False); S[:-D] = 0; return U @ np.diag(S) @ V"),
        ("vectors alone", "U, S, V = np.linalg.svd(A); return U[:, :D] * S[:D] ** 0.5"),
        (
            "singular values squared",
            "U, S, V = np.linalg.svd(A, full_matrices=False); v, u = U * S, V.T * S; return v[:, :D] @ u[:, :D].T",
        ),
        ("one too few", "U, S, V = np.linalg.svd(A, full_matrices=False); S[D - 1:] = 0; return (U * S) @ V"),
    ],
}

RIGHT = {}
