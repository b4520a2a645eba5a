"""The alternative text of each figure: it is there, has the numbers of its data, and `words` writes them."""

import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from helpers import plots
from helpers.corpus import Vocab
from helpers.engines.history import History
from helpers.plots import words as wording

WORDS = ["chip", "memory", "disk", "bank"]
PLANE = np.array([[0.0, 0], [1, 0], [9, 8], [10, 9]])


def x(estimate, low=0.0, high=1.0):
    return SimpleNamespace(estimate=estimate, low=low, high=high)


def as_dict(estimate, low=0.0, high=1.0):
    return {"estimate": estimate, "low": low, "high": high}


def lookup(row=5.5):
    plots.lookup([[1, 3]], torch.tensor([[0.0, 0], [row, 2], [0, 0], [-7, 8]]), show=4)


def gradient_rows(row=2.5):
    grad = torch.zeros(4, 2)
    grad[1] = 2 * row
    plots.gradient_rows([1, 1], torch.full((2, 2), row), grad, WORDS)


def descents(last=-3.0):
    plots.descents({"one vector": [4.0, 1.0, 0.25], "two vectors": [4.0, -1.0, last]})


def product(v=2.0, role="noise"):
    center, u = torch.tensor([[[v, 1.0]]]), torch.tensor([[[3.0, 0.0], [0.0, -1.5]]])
    plots.product(center, u, center @ u.mT, ["chip"], [["memory", "disk"]], [["context", role]])


def score_plane(y=1.0):
    plots.score_plane(torch.tensor([2.0, y]), torch.tensor([[1.0, -0.5]]), "chip", ["disk"], ["noise"])


def bce_curves(score=1.0):
    plots.bce_curves([score, 0.0], [1.0, 0.0], ["memory", "bank"])


def slot_shares(weight=3.0):
    weights = torch.tensor([[weight, 1.0, 0.0], [2.0, 1.0, 1.0]])
    plots.slot_shares(torch.tensor([[1.0, 0, 0], [1, 1, 0]]), {"row": weights, "pairs": torch.ones(2, 3)})


def one_step(lr=2.0):
    u, label = torch.tensor([[1.0, 1.0]]), torch.tensor([1.0])
    plots.one_step(torch.tensor([1.0, 0.5]), u, label, ["disk"], "chip", torch.tensor([0.5, 0]), u / 2, lr=lr)


def keep_curves(counts=(1, 99)):
    plots.keep_curves(np.array(counts), {"chip": 1}, t=0.01)


def subsampling(kept=(True, False, True, False)):
    plots.subsampling(WORDS, kept, np.arange(10, 21), np.arange(5, 16))


def windows(reach=1):
    vocab, n = Vocab(WORDS, [1] * 4), len(WORDS)
    near = [[vocab[WORDS[j]] for j in range(n) if 0 < abs(i - j) <= reach] for i in range(n)]
    plots.windows(WORDS, np.cumsum([0, *map(len, near)]), np.concatenate(near), vocab)


def noise_frequencies(drawn=(0, 0, 0, 1)):
    plots.noise_frequencies(np.array(drawn), np.array([8, 2]), np.array([0.7, 0.3]))


def batch(real=2, small=True):
    mask = torch.zeros(2, 4)
    mask[0], mask[1, :real] = 1, 1
    label = torch.tensor([[1.0, 1, 0, 0], [1, 0, 0, 0]])
    plots.batch(mask, label, *([[WORDS, WORDS], ["chip", "disk"]] if small else []))


def seed_counts(word="disk"):
    runs = [{"neighbours": {"center": [(w, 0.5) for w in few]}} for few in (["memory", "bank"], ["memory", word])]
    plots.seed_counts(runs, k=2, mark=["memory"])


def tables_compared(value=0.25):
    plots.tables_compared({"rho": {"tied": [0.5, value], "center": [0.625]}}, {"rho": "WordSim, Spearman"})


def word_map(x=10.0):
    points = PLANE.copy()
    points[1, 0] = x
    plots.word_map(points, WORDS, {"parts": ["chip", "memory"], "money": ["bank", "gone"]}, "PTB")


def ratings(cosine=0.41):
    human = np.array([7.35, 1.0, 5.0])
    plots.ratings(human, np.array([cosine, 0.1, 0.3]), {"tiger / cat": (7.35, cosine)}, "WordSim-353")


def two_uncertainties(seed=0.3):
    seeds = {"WordSim": {"center": np.array([0.2, seed])}}
    plots.two_uncertainties(seeds, {"WordSim": {"center": (0.11, 0.44)}})


def stability(share=0.5):
    counts = np.array([10] * 5 + [600] * 5)
    plots.stability(counts, np.array([0.25] * 5 + [share] * 5), 0.0123)


def sweep(score=0.375):
    values = {"dim": [np.array([0.1, 0.2]), np.array([score])]}
    plots.sweep({"dim": [("25", False), ("100", True)]}, {"WordSim": values}, limits={"WordSim": (0.0, 0.3)})


def loss_against_score(rho=0.5):
    groups = {"base": (np.array([0.412]), np.array([0.3])), "dim": (np.array([0.43, 0.44]), np.array([0.2, rho]))}
    plots.loss_against_score(groups)


def histories(last=0.43):
    runs = {
        "drawn anew": History(epoch_losses=[0.512, 0.431], heldout=[(0.0, 0.69), (1.0, 0.5), (2.0, last)]),
        "frozen": History(epoch_losses=[0.5, 0.4], heldout=[(1.0, 0.61), (2.0, 0.62)]),
    }
    plots.histories(runs)


def neighbours_kept(kept=7):
    plots.neighbours_kept({"in PTB": np.array([0, 3, 3, kept])}, k=10)


def association(effect=0.75):
    plots.association([np.array([0.25, effect])], [{"targets": np.array([-0.5, 0.125])}], ["career"])


def classifier(chance=0.2):
    curves = {"random vectors": [x(0.31), x(0.42, 0.4, 0.44)], "TF-IDF": [x(0.5), x(0.7)]}
    plots.classifier([5, 80], curves, {100: x(0.42)}, {"one-hots": (5000, x(0.66, 0.6, 0.7))}, chance)


def pair_losses(N=4.0):
    plots.pair_losses({"king palace": (N, 1.0), "king the": (1.0, 1.0)})


def score_scatter(score=1.5):
    plots.score_scatter({"free": (np.array([0.0, 1, 2]), np.array([0.0, score, 2]))})


def fit_by_dimension(gap=0.25):
    plots.fit_by_dimension({2: gap, 8: 0.01}, np.arange(1.0, 21), np.linspace(2, 0.1, 20), 8)


def people(x=1.25):
    points = np.array([[x, 0], [0, 1.0], [0, -1]])
    traits = [("king", "m", "old"), ("king", "f", "old"), ("none", "f", "old")]
    plots.people(points, ["king", "queen", "woman"], traits)


def objectives(ms=3.5):
    row = {"bits": np.array([9.0, 9.5]), "WordSim-353": np.array([0.3, 0.4])}
    plots.objectives({"softmax": {"ms": 40.0, **row}, "K = 5": {"ms": ms, **row}})


def time_shares(seconds=3.0):
    plots.time_shares({"loader": seconds, "model": 1.0}, "a batch")


def road(rate=2000.0):
    plots.road({"loop": 100.0, "kernel": rate}, 50000.0, "roofline")


def race(loss=0.4375):
    row = {"seconds_range": (1.0, 3.0), "system": "book"}
    rows = [{**row, "seconds": 2.0, "heldout": loss}, {**row, "seconds": 8.5, "heldout": 0.5}]
    plots.race({"rows": [*rows, {**row, "system": "numba", "seconds": 1, "heldout": None}]})


def scaling(seconds=4.5):
    plots.scaling([{"times": 1, "seconds": 0.5}, {"times": 8, "seconds": seconds}], 1.05)


def rounds(ranks=3):
    plots.rounds(ranks, 2)


def rules(loss=0.4):
    row = {"ranks": 2, "seed": 0}
    rows = [{**row, "ranks": 1, "rule": "sum", "heldout": 0.375}, {**row, "rule": "sum", "heldout": None}]
    plots.rules([*rows, {**row, "rule": "mean", "heldout": loss}, {**row, "rule": "scaled", "heldout": 0.38}])


def occurrences(value=0.5):
    plots.occurrences([0, 30], {"words": [x(0.0, 0, 0.1), x(value, 0.4, 0.7)], "subwords": [x(0.2), x(0.3)]}, 0.61)


def mixed_words(weight=0.8):
    share = np.linspace(0.1, 0.9, 12)
    plots.mixed_words(share, np.append(share[:-1], weight), 10 * share, 10 - 10 * share)


def attention(weight=0.75):
    plots.attention([["the", "bank"]], [np.array([[0.25, weight], [0.5, 0.5]])])


def layers(last=0.3):
    curve = [as_dict(0.12), as_dict(0.45), as_dict(last, 0.2, 0.41)]
    plots.layers({"third word": curve}, {"static mean": as_dict(0.25, 0.15, 0.35)})


def claims(accuracy=0.71):
    rows = [{"name": "TF-IDF", "operations": 1234, "accuracy": as_dict(accuracy, 0.65, 0.77)}]
    plots.claims([*rows, {"name": "encoder", "operations": 3e9, "accuracy": as_dict(0.8)}], 0.2)


# What each says of its data, and an argument that changes it.
SAYS = {
    lookup: (-1.0, "shape (1, 2), are 1 3", "shape (4, 2)", "(1, 2, 2)", "row 1 is (5.5, 2.0), row 3 is (−7.0, 8.0)"),
    gradient_rows: (1.0, "2 gradient rows", "memory, id 1, (2.5, 2.5)", "(5.0, 5.0)", "other 3 of 4 rows are 0"),
    descents: (-9.0, "4.00 at step 0 and 0.25 at step 2; never below 0", "−3.00 at step 2; below 0 from step 1 on"),
    product: (1.0, "(B, D, L) = (1, 2, 2)", "chip (2.0, 1.0) scores memory, context, 6.0; disk, noise, −1.5"),
    score_plane: (2.0, "chip, center, (2.0, 1.0)", "disk, noise, (1.0, −0.5), score 1.50"),
    bce_curves: (
        2.0, "−4.5 to 4.5", "4.51 to 0.01", "memory, context, logit 1.00, loss 0.31; bank, noise word", "0.69",
    ),
    slot_shares: (4.0, "2 panels", "1 and 1, 2 and 1", "row: 50% and 50%", "pairs: 50% and 50%"),
    one_step: (
        1.0, "chip, center, from (1.00, 0.50) to (0.00, 0.50)", "disk, context, from (1.00, 1.00) to (0.00, 0.00)",
    ),
    keep_curves: ((2, 98), "chip, frequency 0.99, kept 10%", "t = 0.01", "100% to"),
    subsampling: (
        (True,) * 4, "4 words: chip memory disk bank. Kept are 2: chip disk", "11 sentences, median 15", "10",
    ),
    windows: (2, "sentence of 4 words", "chip: memory; memory: chip disk; disk: memory bank; bank: disk"),
    noise_frequencies: ((0, 1), "2 words", "4 noise words", "rank 1: 0.75, 0.7, 0.8", "rank 2: 0.25, 0.3, 0.2"),
    batch: (3, "3 contexts (38%), 3 noise words (38%) and 2 padding slots (25%)", "disk: contexts chip, noise memory"),
    seed_counts: ("chip", "2 runs", "memory 2, bank 1 and disk 1", "Not on the list of related words: bank and disk."),
    tables_compared: (0.3, "WordSim, Spearman: tied 0.38, 2 seeds from 0.25 to 0.50; center 0.62, 1 seed from 0.62"),
    word_map: (0.0, "4 words", "PTB", "3 words of 2 themes", "parts bottom (chip, memory)", "money top right (bank)"),
    ratings: (
        0.2, "3 word pairs of WordSim-353", "0.10 to 0.41", "correlation 1.00", "tiger / cat, rated 7.35, cosine 0.41",
    ),
    two_uncertainties: (0.4, "WordSim: center 0.25, 0.20 to 0.30, 0.11 to 0.44"),
    stability: (0.75, "10 words", "25 to 50 %", "10 to 600", "25 at 10 times and 50 at 600 times", "1.2%"),
    sweep: (0.5, "dim 0.150 at 25 to 0.375 at 100", "The base: dim 100"),
    loss_against_score: (
        0.75, "3 runs", "base, 1 run: loss 0.412, rho 0.30", "dim, 2 runs: loss 0.430 to 0.440, rho 0.20",
    ),
    histories: (0.4, "drawn anew: training 0.512, 0.431; held out 0.500, 0.430.", "0.610, 0.620"),
    neighbours_kept: (8, "in PTB, 4 words: 25% keep 0, most often 3 (50%)", "0% keep all 10", "mean 3.25"),
    association: (1.0, "career: mean 0.50, seeds 0.25 to 0.75; random targets −0.50 to 0.12"),
    classifier: (
        0.3, "5 to 80 labelled", "0.42 (0.40 to 0.44)", "one-hots, 5,000: 0.66 (0.60 to 0.70)", "Chance: 0.20",
    ),
    pair_losses: (2.0, "king palace, N / M = 4.00: at score 1.39, loss 0.50", "at score 0.00, loss 0.69"),
    score_scatter: (3.0, "free: 3 pairs", "0.00 to 2.00", "0.00 in the median, 0.50 at most", "correlation 1.00"),
    fit_by_dimension: (0.5, "0.25 at D = 2 and 0.01 at D = 8", "20 pairs at D = 8", "1.95 at tenth 1"),
    people: (2.0, "king (1.25, 0.00); queen (0.00, 1.00)", "1 in rank, 1 in gender and 0 in age"),
    objectives: (5.0, "softmax, 40 ms: 9.25 bits, rho 0.35", "K = 5, 3.5 ms"),
    time_shares: (5.0, "loader 3 (75%) and model 1 (25%)", "In all 4"),
    road: (900.0, "loop: 100; kernel: 2,000, 20.0 times the first", "roofline, at 50,000"),
    race: (0.45, "the book's loop, 2 points, 2.0 to 8.5 seconds: best 0.4375 after 2.0"),
    scaling: (5.0, "0.5 at 1 and 4.5 at 8", "power 1.05"),
    rounds: (4, "3 processes", "2 rounds"),
    rules: (0.5, "one process, 0.375", "mean: 0.400", "sum: 1 of 1 diverged", "scaled: 0.380"),
    occurrences: (
        0.6, "0 and 30 times", "words: 0.00, 0.50; subwords: 0.20, 0.30", "interval: 1.00", "another seed: 0.61",
    ),
    mixed_words: (0.7, "12 mixed words", "0.10 to 0.90", "correlation 0.99", "at share 0.14", "at share 0.86"),
    attention: (0.5, "the bank: the most weight has the at bank 0.75", "the mean is 0.50"),
    layers: (
        0.31, "0.12 at layer 0, 0.45 at layer 1 (the highest) and 0.30 at layer 2", "static mean: 0.25 (0.15 to 0.35)",
    ),
    claims: (0.75, "TF-IDF, 1,234: 0.71 (0.65 to 0.77)", "encoder, 3 × 10^9: 0.80", "Guessing: 0.20"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def alt_of(draw, *given):
    draw(*given)
    return plt.gcf().get_label()


def fits(alt):
    """Whether it is a text that a figure may have."""
    assert re.search(r"\d", alt) and 12 <= len(alt.split()) <= 125 and alt.endswith("."), alt
    assert not re.search(r"^.?Figure|\bimage of|pixel|px\b|\bnan\b|\binf\b|None|\[|array\(|  ", alt), alt
    return alt


@pytest.mark.parametrize("draw", SAYS, ids=lambda draw: draw.__name__)
def test_a_figure_says_its_numbers(draw):
    other, *says = SAYS[draw]
    alt = fits(alt_of(draw))
    assert [part for part in says if part not in alt] == [], alt
    assert alt_of(draw, other) != alt == alt_of(draw)


def test_every_figure_is_here():
    no_figures = {"CENTER", "CONTEXT", "NOISE", "PADDING", "LiveCurve", "interactive_map", "setup"}
    assert {draw.__name__ for draw in SAYS} == set(plots.__all__) - no_figures


def test_a_large_batch_is_summed_up():
    alt = fits(alt_of(lambda: batch(2, small=False)))
    assert "2 rows" in alt and "4 slots" in alt and "2 to 4 slots that are no padding, and 1 to 2 contexts" in alt


TWO, ONE, NONE = np.array([0.5, 0.5]), np.array([0.5]), np.zeros(0)
EDGES = [
    lambda: plots.ratings(TWO, TWO),  # constant
    lambda: plots.ratings(ONE, ONE),
    lambda: plots.ratings(NONE, NONE),
    lambda: plots.loss_against_score({"base": (ONE, ONE)}),
    lambda: plots.stability(np.array([3]), ONE, 0.1),
    lambda: plots.seed_counts([]),
    lambda: plots.word_map(np.zeros((0, 2)), [], {}),
    lambda: plots.word_map(np.ones((1, 2)), ["chip"], {}),
    lambda: plots.word_map(np.ones((3, 2)), WORDS[:3], {"all": WORDS}),
    lambda: plots.bce_curves(torch.zeros(0), torch.zeros(0), []),
    lambda: plots.keep_curves(np.array([1, 1]), {}),
    lambda: plots.noise_frequencies([[0]], [1], [1.0]),
    lambda: plots.subsampling(["a"], [False], [1, 1], [0, 0]),
    lambda: plots.score_scatter({"one": (ONE, ONE)}),
    lambda: plots.fit_by_dimension({2: 0.5}, ONE, ONE, 2),
    lambda: plots.mixed_words(ONE, ONE, ONE, ONE),
    lambda: plots.histories({"a": History(epoch_losses=[0.5])}),
    lambda: plots.association([ONE], [{}], ["a"]),
    lambda: plots.gradient_rows(torch.zeros(0, dtype=torch.long), torch.zeros(0, 2), torch.zeros(2, 2), ["a", "b"]),
    lambda: plots.race({"rows": []}),
    lambda: plots.time_shares({"a": 1e-9}),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("draw", EDGES)
def test_little_or_constant_data_have_a_text_too(draw):
    alt = alt_of(draw)
    assert alt.endswith(".") and not re.search(r"\bnan\b|  ", alt), alt


def test_a_map_says_which_themes_keep_together_and_where_they_lie():
    themes = {"parts": ["chip", "memory"], "money": ["disk", "bank"]}
    near = alt_of(lambda: plots.word_map(PLANE, WORDS, themes))
    assert "4 words of 2 themes" in near
    assert "parts bottom left (chip, memory); money top right (disk, bank)" in near
    assert "Of the 4, 4 have one of their theme as the nearest coloured dot." in near
    assert "Of the 4, 0 have" in alt_of(lambda: plots.word_map(PLANE[[0, 2, 1, 3]], WORDS, themes))


def test_the_live_curve_says_what_was_recorded_so_far():
    curve = plots.LiveCurve(5, reference=0.5, reference_label="the best constant score")
    assert "after each epoch: none yet" in fits(curve.alt(History()))
    history = History(
        running=[(0.5, 0.6), (1.0, 0.55)], epoch_losses=[0.575, 0.43], heldout=[(0.0, 0.693), (1.0, 0.428), (2.0, 0.44)]
    )
    alt = fits(curve.alt(history))
    assert "over 5 epochs" in alt and "mean of each epoch: 0.575, 0.430." in alt
    assert "Held-out text, at the start and after each epoch: 0.693, 0.428, 0.440." in alt
    assert "the best constant score: 0.500" in alt and "the point before: 0.600, 0.550." in alt
    history.running[:] = [(x / 10, 0.7 - x / 100) for x in range(1, 10)]
    assert "the point before: 0.690 at epoch 0.10 and 0.610 at epoch 0.90." in fits(curve.alt(history))


def test_numbers_are_those_of_the_figure_and_a_minus_is_one():
    assert (
        wording.decimal(-0.004) == "0.00" and wording.decimal(-2) == "−2.00" and wording.decimal(1234.5, 0) == "1,234"
    )
    assert wording.between([0.1, float("nan"), -0.3]) == "−0.30 to 0.10" and wording.between([float("nan")]) == "none"
    assert (
        wording.correlation([1, 2, 3], [2, 2, 2]) == wording.correlation([1], [1]) == wording.correlation([], []) == ""
    )
    assert wording.course("abc", [1.0, 1.0, 1.0], 0) == "1 at a and 1 at c"
    assert (
        wording.course("abcd", [2.0, 1.0, 4.0, 3.0], 0)
        == "2 at a, 1 at b (the lowest), 4 at c (the highest) and 3 at d"
    )
    assert wording.course("ab", [float("nan"), float("nan")]) == "none"
    assert [wording.short(n) for n in (0, 1e-9, 12345678, 0.5, 999.9, float("inf"))] == [
        "0", "1 × 10^−9", "1.23 × 10^7", "0.5", "1000", "infinite",
    ]  # fmt: skip
