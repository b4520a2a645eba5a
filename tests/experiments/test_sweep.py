"""The sweep over settings, the peer, and files that are written whole: on the toy grammar, in a temporary folder."""

import re
import sys

import numpy as np
import pytest
import torch
from scipy import stats

from experiments import results
from experiments import sweep as command
from experiments.results import sweep, write_table
from helpers import engines, uses
from helpers.corpus import make_corpus
from helpers.engines.gensim import gensim_ready, train_gensim
from helpers.engines.history import Settings
from helpers.evaluation import compare_with_people, neighbour_table, read_analogies, read_pairs
from helpers.files import atomic_write
from helpers.model import make_model
from helpers.sampling import kept_share, noise_distribution
from helpers.softmax import context_bits
from helpers.training import heldout_examples, train
from helpers.vectors import table

AXES = {"dim": (2, 3), "t": (None, 2e-4), "epochs": (2, 3), "objective": ("expectation",)}
ALL = ("base", *AXES)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A sweep whose points take no time; gives the folder that it writes to."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr(sweep, "BASE", {"dim": 4, "epochs": 1, "max_window": 2, "K": 1, "t": 0.001, "lr": 0.02})
    monkeypatch.setattr(sweep, "AXES", AXES)
    monkeypatch.setattr(sweep, "BASE_SEEDS", 3)
    family = {"family": read_analogies()["family"]}  # of the others the grammar knows no question
    monkeypatch.setattr(uses, "read_analogies", lambda: family)
    return tmp_path


@pytest.fixture
def trained(monkeypatch):
    """The points that were trained, in the order of training."""
    points, run_point = [], sweep.run_point

    def spy(corpus, axis, value, seed):
        points.append((axis, value, seed))
        return run_point(corpus, axis, value, seed)

    monkeypatch.setattr(sweep, "run_point", spy)
    return points


def timeless(stored):
    return [{key: value for key, value in run.items() if key != "seconds"} for run in stored["runs"]]


def same(a, b):
    return all(torch.equal(x.weight, y.weight) for x, y in zip(a, b))


def test_a_sweep_trains_each_point_once_in_balance_and_stores_them_in_order(small, trained):
    stored = command.sweep("toy", seeds=2, axes=ALL)
    others = [(axis, value) for axis, values in AXES.items() for value in values]
    first, second = ([(*point, seed) for point in others] for seed in (0, 1))
    assert trained == [("base", None, 0), *first, ("base", None, 1), *second, ("base", None, 2)]
    expected = [("base", None, seed) for seed in range(3)] + [(*point, seed) for point in others for seed in (0, 1)]
    assert [(run["axis"], run["value"], run["seed"]) for run in stored["runs"]] == expected
    assert stored == sweep.load("toy") and stored["base"] == sweep.BASE and stored["corpus"] == "toy"
    for run in stored["runs"]:
        every = {"center", "context", "summed", "concatenated"}
        assert set(run["scores"]) == (every if run["axis"] == "base" else {"center"})
    before = {path.name: path.read_bytes() for path in small.iterdir()}
    assert set(before) == {"sweep_toy.json", "sweep_toy.npz", "cosines_toy.npz"}
    command.sweep("toy", seeds=2, axes=ALL)
    assert len(trained) == len(expected)  # nothing anew
    assert {path.name: path.read_bytes() for path in small.iterdir()} == before
    command.sweep("toy", seeds=3, axes=("dim",))
    assert trained[len(expected) :] == [("dim", 2, 2), ("dim", 3, 2)]


@pytest.mark.parametrize("after", [1, 4, 6])
def test_a_sweep_that_was_cut_goes_on_to_the_same_table(small, trained, monkeypatch, after):
    axes = ("base", "dim", "epochs")
    reference, near = timeless(command.sweep("toy", seeds=1, axes=axes)), sweep.load_neighbours("toy")
    assert len(reference) == len(trained) == 7
    for path in small.iterdir():
        path.unlink()
    spy = sweep.run_point

    def cut(*args):
        if len(trained) == 7 + after:
            raise KeyboardInterrupt
        return spy(*args)

    monkeypatch.setattr(sweep, "run_point", cut)
    with pytest.raises(KeyboardInterrupt):
        command.sweep("toy", seeds=1, axes=axes)
    assert len(timeless(sweep.load("toy"))) == after
    monkeypatch.setattr(sweep, "run_point", spy)
    assert timeless(command.sweep("toy", seeds=1, axes=axes)) == reference
    assert len(trained) == 14 and np.array_equal(sweep.load_neighbours("toy"), near)


def test_what_another_process_has_written_meanwhile_is_kept_and_nothing_twice(small, monkeypatch):
    run_point, theirs = (
        sweep.run_point,
        [{"axis": "dim", "value": 3, "seed": 7}, {"axis": "base", "value": None, "seed": 0}],
    )

    def meanwhile(*args):
        if not (small / "sweep_toy.json").exists():
            write_table(small / "sweep_toy.json", {"corpus": "toy"}, theirs)
            np.savez(small / "sweep_toy.npz", **{"8": np.ones((77, 10), np.uint16), "0": np.zeros((77, 10), np.uint16)})
        return run_point(*args)

    monkeypatch.setattr(sweep, "run_point", meanwhile)
    monkeypatch.setitem(AXES, "dim", (2,))
    stored = command.sweep("toy", seeds=1, axes=("base", "dim"))
    rows = [(run["axis"], run["value"], run["seed"]) for run in stored["runs"]]
    assert rows == [*(("base", None, seed) for seed in range(3)), ("dim", 2, 0), ("dim", 3, 7)]
    assert stored["runs"][-1] == theirs[0] and "bits" in stored["runs"][0]
    near = sweep.load_neighbours("toy")
    assert len(near) == 4 and (near[3] == 1).all() and near[0].any()


def test_the_stored_neighbours_are_those_of_the_center_table(small, toy):
    with pytest.raises(FileNotFoundError, match="made for ptb, wiki alone"):
        sweep.load_neighbours("toy")
    command.sweep("toy", seeds=1, axes=("base",))
    stored = sweep.load_neighbours("toy")
    assert stored.shape == (3, len(toy.vocab), 10) and stored.dtype == np.uint16
    for seed in range(3):
        W = table(sweep.run_point(toy, "base", None, seed)[1])
        assert np.array_equal(stored[seed], neighbour_table(W))


def test_a_point_is_a_training_with_one_setting_moved(small, toy, monkeypatch):
    monkeypatch.setitem(AXES, "pairs", (0.03,))
    row, model = sweep.run_point(toy, "t", 2e-4, seed=5)
    plain = make_model(len(toy.vocab), 4, seed=5)
    how = {"epochs": 1, "max_window": 2, "K": 1, "lr": 0.02, "seed": 5, "device": "cpu", "progress": False}
    history = engines.train(plain, toy, t=2e-4, threads=1, **how)
    assert same(model, plain) and row["heldout"] == round(history.heldout[-1][1], 5)
    assert row["heldout_base"] != row["heldout"] and (row["axis"], row["value"], row["seed"]) == ("t", 2e-4, 5)
    assert row["seconds"] > 0 and set(row["scores"]["center"]) == {"SimLex-999", "analogies, add", "analogies, mul"}
    row, model = sweep.run_point(toy, "pairs", 0.03, seed=5)
    plain = make_model(len(toy.vocab), 4, seed=5)
    engines.train(plain, toy, t=0.001, threads=1, average="pairs", **{**how, "lr": 0.03})
    assert same(model, plain)
    row, model = sweep.run_point(toy, "objective", "K = 3", seed=5)
    plain = make_model(len(toy.vocab), 4, seed=5)
    train(plain, toy, t=0.001, **{**how, "K": 3, "lr": 0.002})
    assert same(model, plain) and row["value"] == "K = 3"
    with pytest.raises(ValueError, match="'width'.*'base' or one of dim, t"):
        sweep.run_point(toy, "width", 3, seed=0)


@pytest.mark.parametrize(("axis", "value"), [("base", None), ("gensim", 0.1), ("objective", "softmax")])
def test_bits_take_the_noise_as_prior_but_for_the_softmax(small, toy, monkeypatch, axis, value):
    if axis == "gensim":
        pytest.importorskip("gensim", reason="gensim is not installed")
    monkeypatch.setitem(AXES, "gensim", (0.1,))
    row, model = sweep.run_point(toy, axis, value, 0)
    examples, q = heldout_examples(toy, Settings()), noise_distribution(toy.vocab.counts)[1:]
    with_prior, without = (context_bits(model, examples, prior) for prior in (np.r_[-np.inf, np.log(q)], None))
    assert abs(with_prior - without) > 0.01
    assert row["bits"] == pytest.approx(without if value == "softmax" else with_prior, abs=1e-4)
    assert (row["heldout"] == row["heldout_base"]) == (axis != "base")  # the peers have no settings of their own


def test_the_stored_cosines_are_those_of_the_seeds_of_a_point(small, toy):
    with pytest.raises(FileNotFoundError, match="made for ptb, wiki alone"):
        sweep.load_cosines("toy")
    command.sweep("toy", seeds=2, axes=("base", "t", "objective"))
    stored = sweep.load_cosines("toy")
    assert {point: len(rows) for point, rows in stored.items()} == {("base", None): 3, ("t", None): 2, ("t", 2e-4): 2}
    for seed in range(2):
        model = sweep.run_point(toy, "t", None, seed)[1]
        expected = compare_with_people(read_pairs("WordSim-353"), table(model), toy.vocab)[1]
        assert np.array_equal(stored["t", None][seed], expected.astype(np.float32)) and len(expected) == 2


def test_a_tables_values_over_the_seeds_and_those_at_the_base(small):
    def run(axis, value, seed, bits, score):
        return {"axis": axis, "value": value, "seed": seed, "bits": bits, "scores": {"center": {"WordSim-353": score}}}

    runs = [run("base", None, s, s + 0.5, s / 10) for s in range(3)]
    runs += [run("dim", 2, s, 7 + s, -s / 10) for s in range(2)] + [run("dim", 3, 0, 8, 1), run("t", None, 0, 99, 1)]
    assert sweep.values(runs, "dim", 2, "bits").tolist() == [7, 8]
    assert sweep.values(runs, "dim", 2, "scores", "center", "WordSim-353").tolist() == [0, -0.1]
    for axis, value in (("dim", 4), ("t", 0.001), ("base", None)):
        assert sweep.values(runs, axis, value, "bits").tolist() == [0.5, 1.5, 2.5]
    assert sweep.values(runs, "t", None, "bits").tolist() == [99]
    assert len(sweep.values(runs, "objective", "softmax", "bits")) == 0


@pytest.mark.parametrize("n", [3, 10])
def test_one_more_run_falls_into_the_interval_as_often_as_it_says(n):
    rng, level, times = np.random.default_rng(n), 0.9, 4000
    inside = 0
    for *sample, new in rng.normal(3, 2, (times, n + 1)):
        low, high = sweep.interval(np.array(sample), level)
        inside += low <= new <= high
    assert stats.binomtest(inside, times, level).pvalue > 1e-3
    low, high = sweep.interval(np.array([1.0, 2.0, 4.0]))
    assert stats.t.interval(0.99, 2, 7 / 3, np.std([1, 2, 4], ddof=1) * (4 / 3) ** 0.5) == pytest.approx((low, high))


def test_gensims_tables_are_aligned_with_the_vocabulary_and_the_same_each_time():
    pytest.importorskip("gensim", reason="gensim is not installed")
    rng = np.random.default_rng(0)
    parts = [[f"{part}{i}" for i in range(n)] for part, n in (("a", 12), ("b", 28))]  # each keeps to itself, and all
    corpus = make_corpus([rng.permutation(words).tolist() for _ in range(500) for words in parts])  # are as frequent
    runs = [train_gensim(corpus, dim=8, epochs=5, alpha=0.1, seed=seed, workers=1) for seed in (0, 0, 1)]
    (model, seconds), (again, _), (other, _) = runs
    assert seconds > 0 and same(model, again) and not same(model, other)
    for embed in model:
        assert embed.weight.shape == (41, 8) and embed.weight.dtype == torch.float32 and not embed.weight[0].any()
    v, u = table(model), table(model, "context")
    side = torch.tensor([word[0] == "b" for word in corpus.vocab.words[1:]])
    for score in ((v @ v.T)[1:, 1:], (v @ u.T)[1:, 1:]):
        assert score[side][:, side].min() > score[side][:, ~side].max()
        assert score[~side][:, ~side].min() > score[~side][:, side].max()


def test_gensim_can_be_handed_a_text_that_is_thinned_anew_for_each_epoch(toy, monkeypatch):
    peer = pytest.importorskip("gensim.models", reason="gensim is not installed").Word2Vec
    made, epochs = [], []

    def spy(self, text, **options):
        made.append(self)
        epochs.extend([[*text] for _ in range(2)])
        return peer_train(self, text, **options)

    peer_train = peer.train
    monkeypatch.setattr(peer, "train", spy)
    runs = [train_gensim(toy, dim=4, epochs=1, seed=seed, workers=1, subsampling="book")[0] for seed in (0, 0, 1)]
    assert same(runs[0], runs[1]) and not same(runs[0], runs[2])
    tokens = [sum(map(len, epoch)) for epoch in epochs]
    share = kept_share(toy.vocab.counts, 1e-4)
    assert epochs[0] != epochs[1] and all(abs(n / len(toy.ids) / share - 1) < 0.2 for n in tokens)
    assert made[0].sample == 0 and made[0].wv.get_vecattr("king", "count") == toy.vocab.counts[toy.vocab["king"]]
    train_gensim(toy, dim=4, epochs=1, workers=1)
    assert made[-1].sample == 1e-4 and sum(map(len, epochs[-1])) == len(toy.ids)


def test_gensim_is_handed_every_token_in_pieces_that_it_does_not_cut(monkeypatch):
    peer = pytest.importorskip("gensim.models", reason="gensim is not installed").Word2Vec
    handed, build = [], peer.build_vocab
    monkeypatch.setattr(peer, "build_vocab", lambda self, s: (handed.extend(s), build(self, s)))
    lines = [["x", "y"], [f"w{i % 30}" for i in range(20_500)], ["z"]]
    train_gensim(make_corpus(lines), dim=2, epochs=1)
    assert [len(piece) for piece in handed] == [2, 10_000, 10_000, 500, 1]
    assert sum(handed, []) == sum(lines, [])


def test_without_gensim_its_points_say_how_to_get_it(small, toy, monkeypatch, capsys):
    monkeypatch.setitem(AXES, "gensim", (0.1,))
    for name in ("gensim", "gensim.models"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r"pip install gensim==4\S+, on Python 3\.10 to 3\.13"):
        sweep.run_point(toy, "gensim", 0.1, seed=0)
    assert not gensim_ready()
    assert re.fullmatch(r"The comparison with gensim is skipped: .*pip install gensim==4.*\n", capsys.readouterr().out)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with atomic_write(path) as part:
        part.write_text("first")
        assert not path.exists() and part.parent == path.parent
    with pytest.raises(RuntimeError), atomic_write(str(path)) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "first" and list(path.parent.iterdir()) == [path]
    with atomic_write(path) as part:
        part.write_text("second")
    assert path.read_text() == "second" and list(path.parent.iterdir()) == [path]
    with pytest.raises(FileNotFoundError), atomic_write(path):
        pass  # a block that writes nothing
    assert path.read_text() == "second"


def test_a_text_that_holds_too_few_of_the_questions_gives_way_to_wikipedia(toy, wiki, capsys):
    assert sweep.corpus_to_ask(wiki) is wiki and capsys.readouterr().out == ""
    assert sweep.corpus_to_ask(toy).name == "wiki"
    assert "toy holds 2 pairs of WordSim-353, 14 pairs of SimLex-999 and 72 analogies" in capsys.readouterr().out


def test_seeds_of_a_text_of_ones_own_are_trained(toy, monkeypatch, capsys):
    monkeypatch.setitem(sweep.BASE, "dim", 8)
    tables = sweep.seeds_of(toy, seeds=2)
    assert tables.shape == (2, len(toy.vocab), 10) and (tables[0] != tables[1]).any()
    assert "2 are trained now" in capsys.readouterr().out
