"""Live controls: they move, they answer, and without widgets or a kernel their still form remains."""

import base64
import html
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from course.notebook_files import WIDGET
from helpers import controls
from helpers.controls import control as shown
from helpers.controls import sentence, sliders
from helpers.controls.sentence import DRAWS
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


def alt_of(tag):
    """The alternative text of a picture in HTML."""
    (alt,) = re.findall('alt="([^"]*)"', tag)
    return html.unescape(alt)


@pytest.mark.parametrize("make", [sampling, controls.logit, perplexity])
def test_moving_a_slider_draws_another_picture_and_says_so(make):
    control = make()
    assert control.still.startswith(PNG)
    *fields, picture = control.build().children
    assert all(field.description for field in fields)
    seen, said = {picture.value}, {alt_of(picture.value)}
    for field in fields:
        if hasattr(field, "options"):
            field.value = next(value for value in dict(field.options).values() if value != field.value)
        else:
            field.value = field.min
        assert base64.b64decode(re.search('base64,([^"]*)', picture.value)[1]).startswith(PNG)
        seen.add(picture.value)
        said.add(alt_of(picture.value))
    assert len(seen) == len(said) == 1 + len(fields)
    sizes = {re.search('width="([0-9]+)"', value)[1] for value in seen}
    assert len(sizes) == 1, "a picture that is replaced does not jump"
    assert not plt.get_fignums()
    for text in (control.text, *said):
        assert 15 <= len(text.split()) <= 90 and text.endswith("."), text


def test_the_text_of_a_logit_has_the_numbers_of_its_three_places():
    text = controls.logit().text
    for s, label in sliders.PLACES:
        z = torch.tensor(s, requires_grad=True)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(float(label)))
        loss.backward()
        said = f"{('noise word', 'context')[label]} at s = {s:.1f}, loss {loss.item():.3f}, slope {z.grad.item():+.3f}"
        assert said.replace("-", "−") in text
    assert "loss 0.69." in text


def test_the_text_of_a_sentence_has_its_ends():
    text = sampling().text
    keep = keep_probability(np.array([0, 500, 30, 5, 5, 5, 2]), 1e-4)
    assert f"window 5, exponent 0.75: kept {keep[1]:.2f} (a) to {keep[6]:.2f} (f), mean contexts" in text
    assert "exponent 0.00: kept" in text and "noise 1.00 for all" in text  # where all are drawn alike
    mean = [float(x) for x in re.findall(r"mean contexts ([0-9.]+)", text)]
    assert mean == sorted(mean) and 4 < mean[2] <= 5  # of the 5 other words, at the widest window


def test_the_text_of_the_maps_has_their_shares_in_order():
    text = perplexity().text
    assert "perplexity 2, perplexity 5 and PCA" in text and "first (3 words)" in text
    assert re.search("word vectors [0-9]+%, [0-9]+%, [0-9]+%; random vectors [0-9]+%, [0-9]+%, [0-9]+%[.]", text)


def test_the_bundle_has_the_widget_and_the_still_form():
    control = controls.logit()
    data, metadata = control._repr_mimebundle_()
    assert set(data) == {WIDGET, "image/png", "text/plain"}
    assert base64.b64decode(data["image/png"]) == control.still and data["text/plain"] == control.text
    assert metadata == {"image/png": {"alt": control.text, "width": 1000, "height": 300}}


# -- in a session of JupyterLab


@pytest.fixture
def session(monkeypatch):
    """A kernel that JupyterLab has started; what it displays and updates: kind, data, metadata, display_id."""
    said = []

    class Handle:
        def __init__(self, number):
            self.number = number

        def update(self, data, metadata, raw):
            said.append(("update", data, metadata, self.number))

    def display(data, metadata=None, raw=False, display_id=None):
        assert raw
        said.append(("display", data, metadata, len(said) if display_id else None))
        return Handle(len(said) - 1) if display_id else None

    monkeypatch.setenv("JPY_SESSION_NAME", "03.ipynb")
    monkeypatch.setattr("helpers.plots.showing.in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    return said


def test_in_a_session_the_still_form_comes_first_and_the_widget_hides_it(session):
    control = controls.logit()
    control._ipython_display_()
    (_, still, metadata, number), (_, widget, *_) = session
    assert set(still) == {"text/html", "image/png", "text/plain"} and set(widget) == {WIDGET}
    assert metadata["image/png"]["alt"] == alt_of(still["text/html"]) == control.text and number is not None
    (name,) = re.findall('<div class="(still-[0-9a-f]+)">', still["text/html"])
    from ipywidgets.widgets.widget import _instances

    box = _instances[widget[WIDGET]["model_id"]]
    assert f".{name}, " in box.children[-1].value and "{ display: none }</style>" in box.children[-1].value
    assert box.children[-1].layout.display == "none"


def test_two_outputs_of_one_control_hide_each_its_own(session):
    control = controls.logit()
    control._ipython_display_()
    control._ipython_display_()
    names = re.findall('<div class="(still-[0-9a-f]+)">', "".join(data.get("text/html", "") for _, data, *_ in session))
    assert len(set(names)) == 2


def test_a_kept_still_form_replaces_the_first_in_place(session):
    import ipywidgets

    kept = []
    shown.show("before", "<p>before</p>", lambda keep: kept.append(keep) or ipywidgets.VBox())
    kept[0]("after", "<p>after</p>")
    first, _, update = session
    assert update[0] == "update" and update[3] == first[3] is not None
    assert update[1] == {key: value.replace("before", "after") for key, value in first[1].items()}


@pytest.mark.parametrize("where", ["no session", "no kernel"])
def test_elsewhere_there_is_one_output(monkeypatch, session, where):
    if where == "no session":
        monkeypatch.delenv("JPY_SESSION_NAME")
    else:
        monkeypatch.setattr("helpers.plots.showing.in_notebook", lambda: False)
    with pytest.raises(NotImplementedError):
        controls.logit()._ipython_display_()
    assert session == []


def test_in_a_session_without_ipywidgets_there_is_the_still_form_alone(monkeypatch, session):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    controls.logit()._ipython_display_()
    assert [set(data) for _, data, *_ in session] == [{"text/html", "image/png", "text/plain"}]


def test_without_ipywidgets_the_still_form_remains(monkeypatch, small):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    vocab, W = small
    assert set(controls.logit()._repr_mimebundle_()[0]) == {"image/png", "text/plain"}
    assert set(controls.neighbour_box(W, vocab, ["a"])._repr_mimebundle_()[0]) == {"text/html", "text/plain"}


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
        sentence._draw_sampling(panels, list("abcdef"), np.arange(1, 7), counts, -4.0, 5, power)
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
    for word in "ab":
        ((nearest, score),) = neighbours(word, 1, W, vocab)
        assert f"{word}: {nearest} {score:.2f}" in control.text


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
    word, score = analogy("a", "b", "c", 1, W, vocab, True)[0]
    assert f"b - a + c: {word} {score:.2f}; " in control.text
    assert all(widget.description for widget in (*fields, keep))


# -- what is stored of them


def test_a_stored_control_keeps_its_still_form_and_loses_the_widget():
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from course.notebook_files import normalise

    data, metadata = controls.logit()._repr_mimebundle_()
    bar = new_output("display_data", data={WIDGET: {"model_id": "1"}, "text/plain": "HBox(children=...)"})
    cell = new_code_cell(
        "controls.logit()", outputs=[new_output("execute_result", data=data, metadata=metadata, execution_count=3), bar]
    )
    (kept,) = normalise(new_notebook(cells=[cell])).cells[0].outputs
    assert set(kept.data) == {"image/png", "text/plain"}
    assert kept.metadata == metadata


def test_of_two_outputs_the_still_form_is_stored(session):
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from course.notebook_files import normalise

    controls.logit()._ipython_display_()
    outputs = [new_output("display_data", data=data, metadata=metadata or {}) for _, data, metadata, _ in session]
    (kept,) = normalise(new_notebook(cells=[new_code_cell("controls.logit()", outputs=outputs)])).cells[0].outputs
    assert set(kept.data) == {"image/png", "text/html", "text/plain"}
