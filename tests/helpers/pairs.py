"""Counts of pairs, for the tests of `helpers.counts` and of `helpers.theory`."""


def random_counts(rng, V=12):
    """Counts of pairs; many pairs never occur, and word 0 occurs not at all."""
    N = rng.poisson(0.8, (V, V)).astype(float)
    N[0] = N[:, 0] = 0
    return N
