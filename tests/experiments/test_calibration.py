"""The stored tables over seeds: whole, made by the settings in use, and what the thresholds rest on."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats

from experiments import calibrate, results
from experiments.results import calibration, race, sweep
from helpers.corpus import make_corpus
from helpers.engines.history import ADAM_RATES, DESCENT_RATES, Settings
from helpers.model import make_model
from helpers.sampling import keep_probability
from helpers.training import train
from helpers.vectors import TABLES

CORPORA = sorted(calibration.RUNS)


@pytest.mark.parametrize("name", CORPORA)
def test_a_table_has_twenty_seeds_of_both_kinds_by_todays_settings(name):
    table = calibration.load(name)
    for tied in (False, True):
        assert [run["seed"] for run in table["runs"] if run["tied"] == tied] == list(range(20))
    run = calibration.RUNS[name]
    assert (table["dim"], table["epochs"]) == (run["dim"], run["epochs"])
    engine = run.get("engine", "numba")
    rates = {"numba": DESCENT_RATES, "reference": ADAM_RATES}[engine]
    expected = {**vars(Settings(**run["settings"]).resolved(rates)), "seed": "each run's own"}
    assert (table["settings"], table["engine"]) == (expected, engine)
    assert all(len(r["neighbours"][which]) == 10 for r in table["runs"] for which in TABLES)


@pytest.mark.parametrize(("name", "least"), [("ptb", 7), ("wiki", 7), ("toy", 6)])
def test_the_neighbours_that_the_notebook_asserts_are_there_for_every_seed(name, least):
    runs = [run for run in calibration.load(name)["runs"] if not run["tied"]]
    assert min(run["related"]["center"] for run in runs) >= least


def test_tables_are_compared_seed_by_seed(monkeypatch):
    center, others = (0.25, 0.5, 0.75, 1.0), {"context": 0.125, "summed": 1.25}
    mixed = (0.375, 0.25, 0.75, 0.5)  # one up, two down, one level
    runs = [
        {"tied": tied, "seed": i, "wordsim": {"center": x + 0.125 * tied * i, "concatenated": mixed[i], **others}}
        for tied in (False, True)
        for i, x in enumerate(center)
    ]
    monkeypatch.setattr(calibration, "load", lambda name: {"runs": runs})
    found = calibration.compared("any")
    assert (found["summed"].ahead, found["context"].ahead, found["concatenated"].ahead) == (4, 0, 1)
    assert found["summed"].sign == pytest.approx(2 / 16)  # all of four coins, on either side
    assert found["concatenated"].sign == pytest.approx(1.0)  # one up, two down: a level seed does not count
    difference = np.array([0.125, -0.25, 0.0, -0.5])
    t = difference.mean() / (difference.std(ddof=1) / 2)
    assert found["concatenated"].paired == pytest.approx(2 * stats.t.sf(abs(t), 3))
    assert found["tied"].mean == pytest.approx(0.8125) and found["tied"].ahead == 3


def test_what_notebook_06_says_of_the_tables():
    treebank, loop, wiki = map(calibration.compared, ("ptb", "ptb_reference", "wiki"))
    tests = {"treebank": treebank, "loop": loop, "wiki": wiki}
    counted = {
        (way, which)
        for way, tables in tests.items()
        for which in set(tables) - {"center"}
        if max(tables[which].sign, tables[which].paired) < 0.05 / 12
    }
    behind = {(way, which) for way in ("treebank", "wiki") for which in ("context", "concatenated")}
    assert counted == {*behind, ("wiki", "tied")}
    assert all(tests[way][which].mean < tests[way]["center"].mean for way, which in behind)
    assert treebank["tied"].sign > 0.05 and treebank["tied"].paired > 0.05 and wiki["tied"].ahead > 10
    assert [loop[which].ahead for which in ("summed", "context", "concatenated")] == [16, 6, 7]


def test_what_notebook_06_says_of_the_king():
    runs = [run["analogy"] for run in calibration.load("wiki")["runs"] if not run["tied"]]
    assert len(runs) == 20 and sum(run["with query words"] == "king" for run in runs) > 10


def test_king_man_woman_on_the_grammar_for_every_seed():
    runs = [run for run in calibration.load("toy")["runs"] if not run["tied"]]
    assert all(run["analogy"]["with query words"] == "queen" for run in runs)
    tied = [run for run in calibration.load("toy")["runs"] if run["tied"]]
    assert max(run["related"]["center"] for run in tied) < min(run["related"]["center"] for run in runs)


def test_a_row_of_the_toy_table_comes_out_again(toy):
    model, history = calibration.train_for(toy, seed=3)
    stored = next(run for run in calibration.load("toy")["runs"] if run["seed"] == 3 and not run["tied"])
    assert history.heldout[-1][1] == pytest.approx(stored["heldout"], abs=5e-4)
    again = calibrate.measure(model, toy)
    assert again["analogy"]["with query words"] == "queen"
    here, there = ({w for w, _ in r["neighbours"]["center"]} for r in (again, stored))
    assert len(here & there) >= 9
    repeated, _ = calibration.train_for(toy, seed=3)
    assert torch.equal(model[0].weight, repeated[0].weight)


def test_a_stopped_calibration_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setitem(calibration.RUNS, "toy", {"dim": 4, "epochs": 1, "settings": {"lr": 0.01, "t": 0.01}})
    calibrate.calibrate("toy", seeds=1)
    first = (tmp_path / "calibration_toy.json").read_text()
    table = calibrate.calibrate("toy", seeds=2)
    assert [(r["tied"], r["seed"]) for r in table["runs"]] == [(False, 0), (False, 1), (True, 0), (True, 1)]
    assert json.loads(first)["runs"][0] == results.sealed(table["runs"][0])
    assert list(tmp_path.iterdir()) == [tmp_path / "calibration_toy.json"]


def few_words(n, source="/home/me/my text.txt"):
    """A text of so many different words, about as frequent, from a file."""
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(n)]
    sentences = [rng.choice(words, 10).tolist() for _ in range(400)]
    corpus = make_corpus(sentences, name="my text.txt", heldout=sentences[:20])
    return replace(corpus, source=source)


def test_the_threshold_is_the_books_unless_few_words_would_be_left(toy, capsys):
    rare = few_words(5000)
    assert calibration.threshold(rare) == 1e-4 and capsys.readouterr().out == ""
    for corpus in (toy, few_words(20)):
        t = calibration.threshold(corpus)
        counts = corpus.vocab.counts
        kept = float(counts @ keep_probability(counts, t) / counts.sum())
        assert 1e-4 < t < 1 and 0.45 < kept < 0.55
        assert f"t = {t:g} keeps half" in capsys.readouterr().out


def test_two_texts_of_one_name_have_checkpoints_of_their_own(toy):
    here, there = few_words(20), few_words(20, source="/home/you/my text.txt")
    changed = few_words(21)
    paths = {calibration.checkpoint_of(corpus) for corpus in (here, there, changed)}
    assert len(paths) == 3 and all(path.parent.name == "checkpoints" for path in paths)
    assert calibration.checkpoint_of(few_words(20)) == calibration.checkpoint_of(here)
    assert calibration.checkpoint_of(toy).name == "toy.pt"
    long = replace(here, name="x" * 300 + ".txt")
    assert len(calibration.checkpoint_of(long).name) < 64


def test_the_model_of_05_is_read_from_its_checkpoint_and_else_made_by_the_fast_engine(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(calibration, "ROOT", tmp_path)
    corpus, quiet = few_words(60), {"progress": False, "device": "cpu"}
    quick, history = calibration.model_of_05(corpus, **quiet)
    saved = calibration.checkpoint_of(corpus)
    assert "the fast engine" in capsys.readouterr().out and not saved.exists()
    assert len(history.epoch_losses) == 5 and quick[0].weight.shape == (len(corpus.vocab), 100)
    assert torch.equal(quick[0].weight, calibration.train_for(corpus)[0][0].weight)
    model, settings = make_model(len(corpus.vocab), 100, seed=0), {"t": calibration.threshold(corpus), "epochs": 5}
    train(model, corpus, checkpoint=saved, **settings, **quiet)
    again, _ = calibration.model_of_05(corpus, **quiet)
    assert torch.equal(model[0].weight, again[0].weight) and not torch.equal(quick[0].weight, again[0].weight)
    assert "the fast engine" not in capsys.readouterr().out
    other = few_words(80)
    saved.replace(calibration.checkpoint_of(other))  # as if the file were another text's
    model, _ = calibration.model_of_05(other, **quiet)
    said = capsys.readouterr().out
    assert len(model[0].weight) == 81 and "trained anew" in said and "the fast engine" in said


def test_a_text_of_too_few_words_for_the_fast_engine_is_trained_by_the_loop(capsys):
    tiny = few_words(6)
    model, history = calibration.train_for(tiny, epochs=1)
    assert len(history.epoch_losses) == 1 and torch.isfinite(model[0].weight).all()
    assert capsys.readouterr().out == ""


def test_a_table_that_is_missing_is_advised_only_where_the_command_takes_the_corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    for load, command, ours in ((calibration.load, "calibrate", "toy"), (sweep.load, "sweep", "wiki"),
                                (sweep.load_neighbours, "sweep", "ptb"), (race.load, "race", "ptb")):  # fmt: skip
        with pytest.raises(FileNotFoundError, match=f"make it with `python -m experiments.{command}"):
            load(ours)
        with pytest.raises(FileNotFoundError, match="^no .* is stored of 'my.txt': it is made for ptb") as error:
            load("my.txt")
        assert "python -m" not in str(error.value)


def test_whose_runs_are_shown(toy, capsys):
    assert calibration.shown(replace(toy, source="wiki")) == "wiki" and capsys.readouterr().out == ""
    assert calibration.shown(few_words(20)) == "ptb" and "no runs of my text.txt are stored" in capsys.readouterr().out


def test_a_bound_is_asserted_where_it_was_measured_and_left_out_aloud_elsewhere(toy, capsys):
    for source, known in (("ptb", True), ("wiki", True), ("toy", False), ("/home/me/ptb", False), ("", False)):
        assert calibration.measured(replace(toy, name="my.txt", source=source)) is known
        assert capsys.readouterr().out.startswith("(left out for my.txt: ") is not known


def test_of_a_long_text_the_beginning_is_taken_with_a_vocabulary_of_its_own(capsys):
    early, late = ["a", "b", "b", "c"], ["d", "e", "d", "a"]
    corpus = make_corpus([early] * 10 + [late] * 30, heldout=[["a", "d", "b"]] * 9, name="long.txt")
    corpus = replace(corpus, source="/home/me/long.txt")
    assert calibration.beginning(corpus, 160) is corpus and capsys.readouterr().out == ""
    part = calibration.beginning(corpus, 42, least=2)  # ten sentences, and not half of the next
    assert "long.txt has 160 tokens: the notebook takes the first 42" in capsys.readouterr().out
    assert part.vocab.words == ["<unk>", "b", "a", "c"] and part.vocab.counts.tolist() == [0, 20, 10, 10]
    assert part.sentence(9) == early and len(part.bounds) == 11 and part.ids.dtype == np.int32
    assert part.heldout.sentence(0) == ["a", "b"] and part.heldout.vocab is part.vocab
    assert (part.name, part.source, part.tokens_read) == (corpus.name, corpus.source, 40)
    assert calibration.beginning(corpus, 42, least=11).vocab.words == ["<unk>", "b"]
    assert len(calibration.beginning(corpus, 1, least=1).bounds) == 2  # a sentence at least
