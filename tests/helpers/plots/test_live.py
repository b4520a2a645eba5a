"""The live curve: one picture that is replaced, a few times a second at most; and the interactive map."""

import base64
import hashlib
import html
import json
import re
from itertools import combinations

import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course import run
from helpers import plots
from helpers.engines.history import History
from helpers.files import ROOT


def history(n=3):
    return History(
        running=[(i / 2, 0.7 - 0.05 * i) for i in range(1, n + 1)], epoch_losses=[0.6] * (n // 2), heldout=[(0.0, 0.69)]
    )


def test_it_draws_once_in_an_interval(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("helpers.plots.live.time.perf_counter", lambda: now[0])
    curve = plots.LiveCurve(2, interval=0.5)
    for at, drawings in ((100.0, 1), (100.4, 1), (100.5, 2), (100.9, 2), (101.1, 3)):
        now[0] = at
        curve.update(history())
        assert curve.drawings == drawings
    curve.close(history())
    assert curve.drawings == 4


def test_drawing_takes_at_most_a_fifth_of_the_time(monkeypatch):
    now, drawn = [0.0], []
    monkeypatch.setattr("helpers.plots.live.time.perf_counter", lambda: now[0])
    curve = plots.LiveCurve(2, interval=0.5)

    def slow(_):
        drawn.append(now[0])
        now[0] += 0.3

    monkeypatch.setattr(curve, "_draw", slow)
    for at in (0.0, 0.9, 1.4, 1.5, 1.9):
        now[0] = at
        curve.update(history())
    assert drawn == [0.0, 1.5]


def test_the_lines_are_the_record_and_the_axes_stay():
    curve = plots.LiveCurve(5, reference=0.45, reference_label="constant")
    axes = len(curve.figure.axes)
    curve.update(history(4))
    running, epochs, heldout = curve.figure.axes[0].lines[:3]
    assert running.get_xydata().tolist() == [list(p) for p in history(4).running]
    assert list(epochs.get_xdata())[:2] == [0, 1] and list(epochs.get_xdata())[3:5] == [1, 2]
    assert list(heldout.get_ydata()) == [0.69]
    assert len(curve.figure.axes) == axes == 1
    assert curve.png().startswith(b"\x89PNG")


def test_outside_a_notebook_it_shows_nothing(capsys):
    curve = plots.LiveCurve(2)
    curve.update(history())
    curve.close(history())
    assert capsys.readouterr() == ("", "") and curve._handle is None


def test_in_a_notebook_one_picture_is_updated_in_place(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from helpers.plots import LiveCurve\nfrom helpers.engines.history import History\n"
        "curve = LiveCurve(3, interval=0)\nh = History()\n"
        "from hashlib import sha1\npngs, png = [], curve.png\n"
        "curve.png = lambda: pngs.append(png()) or pngs[-1]\n"
        "for i in range(5):\n    h.running.append((i / 2, 0.7 - i / 20))\n    curve.update(h)\n"
        "curve.close(h)\nprint(curve.drawings, sha1(pngs[0]).hexdigest(), sha1(pngs[-1]).hexdigest())"
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    run.execute(nb, "live", tmp_path)
    pictures = [o for o in nb.cells[0].outputs if o.output_type == "display_data"]
    assert len(pictures) == 1, "one display that is replaced"
    drawings, first, last = nb.cells[0].outputs[-1].text.split()
    stored = hashlib.sha1(base64.b64decode(pictures[0].data["image/png"])).hexdigest()
    assert drawings == "6" and stored == last != first  # what stands there is the last state


def test_the_interactive_map_is_whole_and_asks_no_network():
    words, W = ["chip", "<b>", "disk"], [[1.0, 0.0], [0.0, 1.0], [1.0, 0.5]]
    points = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])
    page = plots.interactive_map(points, words, {"parts": ["chip", "disk"]}, W).data
    assert not re.search(r"https?:|href=|@import|url\(|src=(?!\"data:image/png;base64,)", page)
    assert page.count('<g class=\\"w\\"') == 3 and "<b>" not in page and "&lt;b&gt;" in page
    near = re.findall(r'data-near=\\"([\d ]*)\\"', page)
    assert near == ["2 1", "2 0", "0 1"]  # by cosine, the word itself left out
    y = [float(v) for v in re.findall(r'cy=\\"([\d.]+)\\"', page)]
    assert y[0] > y[2] > y[1]  # up on the map is up on the page
    assert "parts" in page and "other frequent words" in page  # the legend
    assert page == plots.interactive_map(points, words, {"parts": ["chip", "disk"]}, W).data  # the same each time


def test_where_scripts_are_not_run_the_map_is_a_picture_and_no_stray_words():
    words = ["chip", "memory", "disk"]
    page = plots.interactive_map(np.eye(3)[:, :2], words, {"parts": ["chip"]}, np.eye(3)).data
    bare = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)  # what a front end leaves of it
    png = re.search(r'src="data:image/png;base64,([^"]+)"', bare).group(1)
    assert base64.b64decode(png).startswith(b"\x89PNG")
    assert not any(word in re.sub(r"<[^>]+>", "", bare) for word in words)


def test_the_map_is_a_figure_too():
    words = ["chip", "memory", "<disk>"]
    page = plots.interactive_map(np.eye(3)[:, :2], words, {"parts": ["chip", "<disk>"]}, np.eye(3), k=2)
    data, metadata = page._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == page.alt
    assert "3 words" in page.alt and "(chip, <disk>)" in page.alt and "chip: memory, <disk>" in page.alt
    assert data["image/png"] in data["text/html"]  # the picture that stands in the page
    assert re.search(r'<img alt="([^"]*)"', data["text/html"]).group(1) == html.escape(page.alt)
    assert int.from_bytes(base64.b64decode(data["image/png"])[16:20], "big") == 2 * metadata["image/png"]["width"]


def test_the_map_has_names_for_who_does_not_see_it():
    page = plots.interactive_map(np.eye(3)[:, :2], ["chip", "memory", "disk"], {}, np.eye(3)).data
    live = json.loads(re.search(r'innerHTML = ("(?:[^"\\]|\\.)*");', page).group(1).replace("<\\/", "</"))
    svg = re.search(r"<svg[^>]*>", live).group()
    assert 'role="application"' in svg and 'tabindex="0"' in svg and 'aria-label="map of 3 words' in svg
    assert '<span aria-live="polite"></span>' in live and re.search(r"<label>find a word: <input[^>]*></label>", live)
    assert re.search(r"svg:focus[^{]*\{outline: 3px solid", page)


def test_words_that_are_named_like_the_places_of_the_page_are_words():
    words = ["SCRIPT", "STILL", "KEY", "PAGE", "DOTS", "LEGEND", "COUNT"]
    page = plots.interactive_map(np.random.default_rng(0).random((7, 2)), words, {"PAGE": words}, np.eye(7)).data
    assert page.count("<script>") == page.count("<svg") == page.count("<img") == 1
    assert re.findall(r'data-w=\\"(\w+)\\"', page) == words


# What an eye without green, or without red, cones makes of linear red, green and blue (Machado et al. 2009).
DEUTERANOPIA = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
PROTANOPIA = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]


@pytest.mark.parametrize("eye", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["all cones", "no green", "no red"])
def test_the_roles_are_told_apart_by_every_eye(eye):
    def lab(colour):
        rgb = np.array(to_rgb(colour))
        linear = np.clip(eye @ np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92), 0, 1)
        xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]] @ linear
        f = np.cbrt(xyz / [0.9505, 1, 1.089])
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    roles = {role: lab(getattr(plots, role)) for role in ("CENTER", "CONTEXT", "NOISE", "PADDING")}
    for (one, a), (two, b) in combinations(roles.items(), 2):
        assert np.linalg.norm(a - b) > 20, (one, two)  # 2 is what an eye just sees side by side
    assert roles["PADDING"][0] > 80 and max(lightness for lightness, *_ in roles.values()) == roles["PADDING"][0]


def test_center_is_blue_context_green_noise_red_and_padding_grey():
    assert [np.argmax(to_rgb(getattr(plots, role))) for role in ("CENTER", "CONTEXT", "NOISE")] == [2, 1, 0]
    assert len(set(to_rgb(plots.PADDING))) == 1
