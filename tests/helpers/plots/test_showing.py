"""`showing`: a figure with an alternative text, as a cell's output, as HTML, and outside a notebook."""

import base64
import html
import io
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from PIL import Image

from course import run
from helpers import plots
from helpers.arguments import ArgumentError
from helpers.files import ROOT
from helpers.plots import showing

ALT = 'A line from 1 to 2: "a" < b & c'


@pytest.fixture
def figure():
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([1, 2], label="beside the axes")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    yield figure
    plt.close("all")


def picture(data):
    return Image.open(io.BytesIO(data))


def test_a_png_has_two_pixels_a_css_pixel_and_a_palette(figure):
    data = showing.png(figure, tight=False)
    assert picture(data).size == (600, 400) and showing.size(data) == (300, 200)
    assert picture(data).mode == "P" and len(picture(data).getcolors()) <= showing.COLORS
    assert plt.fignum_exists(figure.number) and figure.dpi == plt.rcParams["figure.dpi"]  # as it was


def test_a_tight_png_holds_what_stands_beside_the_axes_in_whole_css_pixels(figure):
    for inches in (3, 3.005, 3.01, 3.015):
        figure.set_size_inches(inches, 2)
        data = showing.png(figure)
        assert picture(data).width > 600 and [side % 2 for side in picture(data).size] == [0, 0]
        assert tuple(2 * side for side in showing.size(data)) == picture(data).size
        assert picture(data).convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_tag_holds_the_picture_and_its_text_escaped(figure):
    data = showing.png(figure)
    tag = showing.tag(data, ALT)
    assert f'alt="{html.escape(ALT)}"' in tag and '"a"' not in tag and tag.count("<") == tag.count(">") == 1
    assert base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', tag).group(1)) == data
    assert f'width="{showing.size(data)[0]}"' in tag and "max-width: 100%" in tag


def test_a_bundle_is_html_too_where_a_jupyter_server_runs_the_kernel(figure, monkeypatch):
    data = showing.png(figure)
    width, height = showing.size(data)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    shown, metadata = showing.bundle(data, ALT)
    assert set(shown) == {"image/png", "text/plain"} and shown["text/plain"] == ALT
    assert base64.b64decode(shown["image/png"]) == data
    assert metadata == {"image/png": {"alt": ALT, "width": width, "height": height}}
    monkeypatch.setenv("JPY_SESSION_NAME", "/notebooks/01.ipynb")
    assert showing.bundle(data, ALT) == ({**shown, "text/html": showing.tag(data, ALT)}, metadata)


def test_outside_a_notebook_the_figure_is_shown_and_keeps_its_text(figure, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))
    showing.show(ALT)
    assert shown == [figure] and figure.get_label() == ALT and capsys.readouterr() == ("", "")


@pytest.mark.parametrize("server", [False, True])
def test_in_a_notebook_a_figure_is_one_output_with_its_text(tmp_path, monkeypatch, server):
    monkeypatch.setenv("JPY_SESSION_NAME", "of whoever runs the tests")  # `run.execute` hides it from its kernel
    code = (
        f"import os; os.environ |= {{'JPY_SESSION_NAME': 'a.ipynb'}} if {server} else {{}}\n"
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom helpers import plots\nimport matplotlib.pyplot as plt\n"
        "plots.setup()\nplots.time_shares({'loader': 3, 'model': 1})\nprint(plt.get_fignums())"
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    run.execute(nb, "figure", tmp_path)
    (figure, said) = nb.cells[0].outputs
    assert said.text == "[]\n"  # closed, so that it is not shown once more
    assert figure.output_type == "display_data"
    assert set(figure.data) == {"image/png", "text/plain"} | ({"text/html"} if server else set())
    alt = figure.metadata["image/png"]["alt"]
    assert alt == figure.data["text/plain"] and "loader 3 (75%)" in alt
    assert picture(base64.b64decode(figure.data["image/png"])).width == 2 * figure.metadata["image/png"]["width"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: showing.show(""), "^alt is ''"),
        (lambda: showing.show(None), "^alt is None"),
        (lambda: showing.png("a.png"), "^figure is .*give a figure"),
        (lambda: showing.size("a.png"), "^data is .*the bytes of a PNG"),
        (lambda: showing.tag(b"", 3), "^alt is 3"),
        (lambda: showing.bundle(None, ALT), "^data is None"),
    ],
)
def test_what_cannot_be_shown(call, says):
    with pytest.raises(ArgumentError, match=says):
        call()


def test_no_figure_goes_around_it():
    calls = {
        path.stem: re.findall(
            r"plt\.show\(|get_ipython\(|IPython\.display import .*(?:Image|HTML)", path.read_text("utf-8")
        )
        for path in Path(plots.__file__).parent.glob("*.py")
    }
    assert calls.pop("showing") == ["plt.show("] * 2 + ["get_ipython("]  # the docstring names it
    assert calls.pop("style") == ["get_ipython("]  # the format of figures that others draw
    assert not any(calls.values()), calls
