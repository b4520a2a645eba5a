"""The record of a run, by hand, and the settings that fix one."""

import math

import pytest

from helpers.arguments import ArgumentError
from helpers.engines.history import ADAM_RATES, DESCENT_RATES, History, Settings


def test_a_record_by_hand():
    history = History()
    assert math.isnan(history.mean_since_start) and history.words_per_second == 0
    history.pending = [6.0, 2.0]
    history.record(0.5)
    assert history.running == [(0.5, 3.0)] and history.pending == [0.0, 0.0]
    history.pending = [4.0, 3.0]
    history.record(1.0)
    history.end_epoch()
    assert history.running[1] == (1.0, pytest.approx(4 / 3)) and history.epoch_losses == [2.0]  # 10 / 5
    history.pending = [3.0, 5.0]
    history.record(2.0)
    history.end_epoch()
    assert history.epoch_losses == [2.0, pytest.approx(0.6)]  # the second epoch's own
    assert (history.loss_sum, history.weight_sum, history.mean_since_start) == (13.0, 10.0, 1.3)
    assert history.epoch_start == [13.0, 10.0]
    history.centers, history.seconds = 600, 4.0
    assert history.words_per_second == 150
    history.heldout.append((2.0, 0.25))
    said = str(history)
    assert said.startswith("600 center words in 4.0 s (150/s)") and "last epoch 0.600" in said
    assert "start 1.300" in said and "held out 0.250" in said
    history.interrupted = True
    assert str(history).startswith("interrupted after 600")


def test_a_new_record_is_empty_and_shares_nothing():
    one, two = History(), History()
    assert (one.running, one.epoch_losses, one.heldout, one.pending, one.epoch_start) == ([], [], [], [0, 0], [0, 0])
    assert (one.centers, one.seconds, one.loss_sum, one.weight_sum, one.interrupted) == (0, 0, 0, 0, False)
    for name in ("running", "epoch_losses", "heldout", "pending", "epoch_start"):
        assert getattr(one, name) is not getattr(two, name)


def test_the_defaults_are_the_books_but_for_the_redrawing():
    settings = Settings()
    assert (settings.batch_size, settings.max_window, settings.K, settings.t) == (512, 5, 5, 1e-4)
    assert (settings.lr, settings.seed, settings.average, settings.frozen) == (None, 0, "row", False)
    assert settings.drawing() == {"max_window": 5, "K": 5, "t": 1e-4}
    assert Settings(max_window=2, K=3, t=None).drawing() == {"max_window": 2, "K": 3, "t": None}


def test_a_rate_that_is_not_given_is_looked_up():
    assert Settings().resolved() == Settings(lr=0.002)  # the book's, for Adam
    assert ADAM_RATES == {"row": 0.002, "pairs": 0.002} and DESCENT_RATES == {"row": 1.5, "pairs": 0.06}
    for average, rate in DESCENT_RATES.items():
        assert Settings(average=average).resolved(DESCENT_RATES) == Settings(lr=rate, average=average)
        assert Settings(average=average, lr=0.5).resolved(DESCENT_RATES).lr == 0.5
    with pytest.raises(ArgumentError, match="average is 'mean'; give one of 'row', 'pairs'"):
        Settings(average="mean", lr=1.0)


def test_settings_stay_as_they_are():
    with pytest.raises(AttributeError):
        Settings().lr = 1.0
    assert {Settings(): 1}[Settings()] == 1
