"""`fonts`: words with dollars, underscores and letters of other scripts, in every figure that draws words."""

import re
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib import font_manager

from helpers import plots
from helpers.arguments import ArgumentError
from helpers.corpus import Vocab
from helpers.plots import fonts

AWKWARD = ["$$", "$x$", r"$\frac$", "_", "a_b", "^", r"a\$b", "{}", "%", "&", "_x", "#", "~"]
BOX = "\U0002b735"  # a letter that no font of a test machine has


@pytest.fixture(autouse=True)
def plain_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "_told", set())
    with mpl.rc_context({"font.family": ["sans-serif"]}):
        yield
    plt.close("all")


def word_map(words):
    plots.word_map(
        np.random.default_rng(0).normal(size=(len(words), 2)), words, {"$$ _": words[:2], "_b": words[2:4]}, "$"
    )


def seed_counts(words):
    plots.seed_counts([{"neighbours": {"center": [(word, 0.5) for word in words]}}], k=len(words))


def ratings(words):
    plots.ratings(np.arange(3.0), np.arange(3.0), {word: (i, 0.5) for i, word in enumerate(words)}, words[0])


def gradient_rows(words):
    grad = torch.ones(len(words), 2)
    plots.gradient_rows(torch.tensor([1, 2]), grad[:2], grad, words)


def product(words):
    v, u = torch.ones(1, 1, 2), torch.ones(1, len(words), 2)
    plots.product(v, u, v @ u.mT, words[:1], [words], [["context"] * len(words)])


def score_plane(words):
    plots.score_plane(torch.tensor([1.0, 0.5]), torch.ones(len(words), 2), words[0], words, ["noise"] * len(words))


def bce_curves(words):
    plots.bce_curves(torch.linspace(-3, 3, len(words)), torch.arange(len(words)) % 2, words)


def one_step(words):
    n = len(words)
    u = torch.arange(2.0 * n).reshape(n, 2)
    plots.one_step(torch.ones(2), u, torch.arange(n) % 2, words, words[0], torch.ones(2), u)


def keep_curves(words):
    plots.keep_curves(np.arange(1, len(words) + 1), {word: i for i, word in enumerate(words)})


def subsampling(words):
    plots.subsampling(words, [i % 2 for i in range(len(words))], np.arange(9), np.arange(9))


def windows(words):
    words = words[:2]
    plots.windows(words, np.array([0, 1, 2]), np.array([2, 1]), Vocab(words, [1, 1]))


def batch(words):
    ones = torch.ones(1, len(words))
    plots.batch(ones, ones, [words], [words[0]])


def pair_losses(words):
    plots.pair_losses({word: (1.0, 2.0) for word in words[:4]})


def people(words):
    points = np.random.default_rng(0).normal(size=(len(words), 2))
    plots.people(points, words, [(i, 0, 0) for i in range(len(words))])


DRAW = (
    word_map, seed_counts, ratings, gradient_rows, product, score_plane, bce_curves, one_step, keep_curves, subsampling,
    windows, batch, pair_losses, people,
)  # fmt: skip


def texts(figure):
    return {text.get_text().strip("\u200a") for text in figure.findobj(mpl.text.Text)}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", DRAW, ids=lambda draw: draw.__name__)
def test_a_word_is_drawn_as_it_is_whatever_it_holds(draw):
    draw(AWKWARD)
    figure = plt.gcf()
    figure.canvas.draw()  # a formula that is none would stop here
    drawn = texts(figure)
    shown = AWKWARD[:2] if draw is windows else AWKWARD[:4] if draw is pair_losses else AWKWARD
    for word in shown:
        as_drawn = word if draw is not pair_losses else word.replace("$", r"\$")
        assert any(as_drawn in text for text in drawn), word
    for text in figure.findobj(mpl.text.Text):
        if "$$" in text.get_text():
            assert not text.get_parse_math() or r"\$" in text.get_text()


@pytest.mark.filterwarnings("ignore")
def test_a_legend_keeps_names_that_matplotlib_would_leave_out():
    word_map(AWKWARD)
    legend = [text.get_text() for text in plt.gca().get_legend().get_texts()]
    assert legend == [r"\$\$ _", "\u200a_b", "other frequent words"]
    pair_losses(["_a", "$b$", "c", "d"])
    assert len(plt.gca().get_legend().get_texts()) == 4


@pytest.mark.parametrize("draw", DRAW, ids=lambda draw: draw.__name__)
def test_letters_that_no_font_has_are_one_warning(draw):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for _ in range(2):
            draw([f"{BOX}a", f"{BOX}b", f"c{BOX}", "d", "e"])
            plt.gcf().canvas.draw()
    said = [str(w.message) for w in seen]
    assert len(said) == 1 and re.search("no installed font has .*drawn as boxes. Install Noto Sans CJK", said[0])


def test_an_installed_font_that_has_the_letters_is_used(monkeypatch):
    symbol = "\uf000"  # no letter at all
    few = {"sans-serif": {"a"}, "Has one": {"b"}, "Has two": {"b", "c"}, "Has the last": {symbol, "é"}}
    entries = [type("Entry", (), {"name": n, "fname": n, "style": "normal", "weight": 400}) for n in few]
    entries.append(type("Entry", (), {"name": "Slanted", "fname": "Slanted", "style": "italic", "weight": 400}))
    monkeypatch.setattr(fonts.font_manager.fontManager, "ttflist", entries)
    monkeypatch.setattr(fonts.font_manager, "findfont", lambda wanted: wanted.get_family()[0])
    monkeypatch.setattr(fonts, "_letters", lambda name: frozenset(few.get(name, "abcé")))
    fonts.use_fonts_for(["a"])
    assert mpl.rcParams["font.family"] == ["sans-serif"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fonts.use_fonts_for(["ab", "ca", "é\n\t"])
        fonts.use_fonts_for(["ab"])
    assert mpl.rcParams["font.family"] == ["sans-serif", "Has two", "Has the last"]
    with pytest.warns(UserWarning, match="no installed font has 'क'.*Install Noto Sans Devanagari"):
        fonts.use_fonts_for(["क"])


def test_the_letters_of_a_font_file(tmp_path):
    sans = fonts._letters(font_manager.findfont("DejaVu Sans"))
    assert {"a", "é", "ж", "ш", "λ", "א"} <= sans and "語" not in sans
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert fonts._letters(str(tmp_path / "broken.ttf")) == fonts._letters(str(tmp_path / "gone.ttf")) == frozenset()


def test_a_map_of_what_is_no_map_is_refused_and_points_without_extent_are_drawn():
    words, themes, W = ["a", "b", "c"], {"t": ["a"]}, np.eye(3)
    good = np.array([[0.0, 1], [1, 0], [1, 1]])
    page = plots.interactive_map(np.ones((3, 2)), words, themes, W).data
    assert "nan" not in page and page.count("<circle") == 3
    assert plots.interactive_map(good[:1], ["a"], themes, W[:1]).data.count("<circle") == 1
    for name, points, words_, themes_ in (
        ("points", good * np.nan, words, themes),
        ("points", good[:, :1], words, themes),
        ("words", good, words[:2], themes),
        ("words", good, "abc", themes),
        (r"words\[1\]", good, ["a", None, "c"], themes),
        ("themes", good, words, None),
        ("themes", good, words, {"t": "abc"}),
    ):
        for draw in (
            lambda *given: plots.word_map(*given),
            lambda *given: plots.interactive_map(*given, W),
        ):
            with pytest.raises(ArgumentError, match=name):
                draw(points, words_, themes_)
    with pytest.raises(ArgumentError, match="W has"):
        plots.interactive_map(good, words, themes, W[:2])
