"""Live controls: they move, they answer, and without widgets or a kernel their still form remains."""

import base64

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from course.notebook_files import WIDGET
from helpers import controls
from helpers.controls import sliders
from helpers.controls.sliders import DRAWS
from helpers.corpus import make_corpus
from helpers.model import make_model
from helpers.sampling import keep_probability
from helpers.vectors import analogy, neighbours, table

PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def small():
    corpus = make_corpus([list("abcdefgh") * 3], name="letters", min_count=1)
    return corpus.vocab, table(make_model(len(corpus.vocab), 4, seed=1))


def sampling():
    counts = np.array([0, 500, 30, 5, 5, 5, 2])
    return controls.sampling(list("abcdef"), np.arange(1, 7), counts)


def perplexity():
    W, noise = torch.randn(2, 12, 5, generator=torch.Generator().manual_seed(0))
    maps = {value: np.random.default_rng(i).normal(size=(12, 2)) for i, value in enumerate((2, 5, "PCA"))}
    return controls.perplexity(W, maps, noise, maps, list("abcdefghijkl"), {"first": list("abc")})


@pytest.mark.parametrize("make", [sampling, controls.logit, perplexity])
def test_moving_a_slider_draws_another_picture(make):
    control = make()
    assert control.still.startswith(PNG)
    *fields, picture = control.build().children
    seen = {bytes(picture.value)}
    for field in fields:
        if hasattr(field, "options"):
            field.value = next(value for value in dict(field.options).values() if value != field.value)
        else:
            field.value = field.min
        assert bytes(picture.value).startswith(PNG)
        seen.add(bytes(picture.value))
    assert len(seen) == 1 + len(fields)


def test_the_bundle_has_the_widget_and_the_still_form():
    bundle = controls.logit()._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "image/png", "text/plain"}
    assert base64.b64decode(bundle["image/png"]).startswith(PNG)


def test_without_ipywidgets_the_still_form_remains(monkeypatch, small):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    vocab, W = small
    assert set(controls.logit()._repr_mimebundle_()) == {"image/png", "text/plain"}
    assert set(controls.neighbour_box(W, vocab, ["a"])._repr_mimebundle_()) == {"text/html", "text/plain"}


# -- how often a word is a context


def test_context_shares_where_every_word_is_kept():
    shares = controls.context_shares(np.ones(9), center=4, max_window=3)
    distance = abs(np.arange(9) - 4)
    expected = np.where(distance > 0, np.clip((4 - distance) / 3, 0, 1), 0)
    assert np.allclose(shares, expected, atol=4 / np.sqrt(DRAWS) / 2)
    assert shares[3] == shares[5] == 1 and shares[4] == 0


def test_context_shares_close_the_gaps():
    keep = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    shares = controls.context_shares(keep, center=3, max_window=1)
    assert shares[0] == 1 and shares[1] == shares[2] == 0  # three places away, and beside it


def test_context_shares_against_a_loop():
    rng = np.random.default_rng(3)
    keep, center, max_window, n = rng.uniform(0.2, 1, 7), 2, 2, 4000
    counted = np.zeros(7)
    for _ in range(n):
        kept = [i for i in range(7) if i == center or rng.random() < keep[i]]
        at, window = kept.index(center), rng.integers(1, max_window + 1)
        for j in range(max(0, at - window), min(len(kept), at + window + 1)):
            counted[kept[j]] += j != at
    assert np.allclose(controls.context_shares(keep, center, max_window), counted / n, atol=0.05)


def test_the_middle_row_is_the_books_setting():
    counts = np.array([0, 500, 30, 5, 5, 5, 2])
    fields = sampling().build().children[:-1]
    log_t, window, power = (field.value for field in fields)
    assert (10**log_t, window, power) == (pytest.approx(1e-4), 5, 0.75)
    assert keep_probability(counts, 1e-4).max() == 1


def test_noise_is_drawn_as_dots_on_one_log_scale():
    counts, limits = np.array([0, 500, 30, 5, 5, 5, 2]), set()
    for power in (0.0, 0.75, 1.25):
        _, panels = plt.subplots(1, 3)
        sliders._draw_sampling(panels, list("abcdef"), np.arange(1, 7), counts, -4.0, 5, power)
        heights = panels[2].lines[-1].get_ydata()
        low, high = panels[2].get_ylim()
        assert panels[2].get_yscale() == "log" and not panels[2].patches
        assert low < heights.min() and heights.max() < high
        limits.add((low, high))
        plt.close()
    assert len(limits) == 1


# -- boxes


def test_a_neighbour_box_answers_what_is_typed(small):
    vocab, W = small
    control = controls.neighbour_box(W, vocab, ["a", "b"], k=3)
    field, answer = control.build().children
    assert field.value == "a" and set(field.options) == set(vocab.words[1:])
    for word in ("c", " d "):
        field.value = word
        found = neighbours(word.strip(), 3, W, vocab)
        assert all(f">{other}</td>" in answer.value and f"{score:.3f}" in answer.value for other, score in found)
        assert answer.value.count("<tr>") == 4
    field.value = "flurble<"
    assert "not in the vocabulary" in answer.value and "flurble&lt;" in answer.value
    field.value = ""
    assert answer.value == ""
    assert all(f"{neighbours(word, 1, W, vocab)[0][0]} " in control.still for word in "ab")


def test_an_analogy_box_answers_three_words(small):
    vocab, W = small
    control = controls.analogy_box(W, vocab, [("a", "b", "c"), ("a", "nothing", "b")], k=2)
    *fields, keep, answer = control.build().children
    assert [field.value for field in fields] == ["a", "b", "c"]
    for exclude in (True, False):
        keep.value = not exclude
        found = analogy("a", "b", "c", 2, W, vocab, exclude)
        assert [answer.value.index(f">{word}</td>") for word, _ in found]
        assert f"{found[0][1]:.3f}" in answer.value
    fields[2].value = "d"
    assert f">{analogy('a', 'b', 'd', 1, W, vocab, False)[0][0]}</td>" in answer.value
    fields[0].value = "zz"
    assert "not in the vocabulary" in answer.value
    fields[0].value = ""
    assert answer.value == ""
    assert "not in the vocabulary" in control.still and "b - a + c" in control.still


# -- what is stored of them


def test_a_stored_control_keeps_its_still_form_and_loses_the_widget():
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from course.notebook_files import normalise

    bundle = controls.logit()._repr_mimebundle_()
    bar = new_output("display_data", data={WIDGET: {"model_id": "1"}, "text/plain": "HBox(children=...)"})
    cell = new_code_cell(
        "controls.logit()", outputs=[new_output("execute_result", data=bundle, execution_count=3), bar]
    )
    (kept,) = normalise(new_notebook(cells=[cell])).cells[0].outputs
    assert set(kept.data) == {"image/png", "text/plain"}
