"""Answers to the exercises of 07, as students write them: ``test_answers.py`` runs them and says what they mean."""

from scipy.stats import spearmanr

HEAD = {
    "spearman": "x, y",
    "accuracy": "correct, known",
    "bootstrap": "x, y, rows",
}

WRONG = {
    "spearman": [
        ("Pearson", "return np.corrcoef(x, y)[0, 1]"),
        ("ties unequal", "r = lambda z: z.argsort(kind='stable').argsort(); return np.corrcoef(r(x), r(y))[0, 1]"),
        ("argsort once", "return np.corrcoef(x.argsort(kind='stable'), y.argsort(kind='stable'))[0, 1]"),
        ("sign", "return spearmanr(-x, y)[0]"),
        ("squared", "return spearmanr(x, y).statistic ** 2"),
        ("in place", "x.sort(); return spearmanr(x, y)[0]"),
    ],
    "accuracy": [
        ("over all questions", "return sum(correct) / len(correct), sum(known) / len(known)"),
        ("order", "return sum(known) / len(known), sum(correct) / sum(known)"),
        ("counts", "return sum(correct), sum(known)"),
        ("accuracy alone", "return sum(correct) / sum(known)"),
        ("share of errors", "return sum(known & ~correct) / sum(known), known.mean()"),
    ],
    "bootstrap": [
        ("90 percent", "return np.quantile([spearmanr(x[r], y[r])[0] for r in rows], [0.05, 0.95])"),
        ("smallest and largest", "s = [spearmanr(x[r], y[r])[0] for r in rows]; return min(s), max(s)"),
        ("Pearson", "return np.percentile([np.corrcoef(x[r], y[r])[0, 1] for r in rows], [2.5, 97.5])"),
        (
            "from a normal distribution",
            "s = np.std([spearmanr(x[r], y[r])[0] for r in rows]); m = spearmanr(x, y)[0]\n"
            "return m - 1.96 * s, m + 1.96 * s",
        ),
    ],
}

RIGHT = {}
SCOPE = {"spearmanr": spearmanr}
