"""Decks without a browser: what is on them, and that they load nothing. `browser/test_decks.py` looks at them."""

import hashlib
import re

import nbformat
import pytest
from fetched import fetched
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course import notebook_files, slides
from course.folders import MARKER
from course.slides import __main__ as command
from course.slides.deck import OUTPUT_LINES, REVEAL
from course.slides.outline import reading, sentences, short

# Of reveal.js 5.2.1 as its package has them.
PUBLISHED = {
    "reveal.js": "46538b52db487241",
    "reveal.css": "68f915a11ebf7203",
    "reset.css": "1aa8e84c9cabcbfe",
    "notes.js": "df1201d19d03241a",
    "LICENSE": "34014800f4126ac2",
}
# A PNG of 2 x 1 pixels.
WIDE = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="
OPENING = "# 01 · Look\n\n**Question.** Why *this*?\n\n**You will do.** You look."


def marked(cell, kind="slide", **more):
    cell.metadata["slideshow"] = nbformat.from_dict({"slide_type": kind, **more})
    return cell


def small():
    figure = new_output("display_data", data={"image/png": WIDE, "text/plain": "<Figure size 2x1>"})
    printed = new_output("stream", name="stdout", text="\n".join(map(str, range(OUTPUT_LINES + 5))) + "\n<b>")
    return new_notebook(
        cells=[
            marked(new_markdown_cell(OPENING)),
            new_code_cell("import math", execution_count=1),
            marked(new_markdown_cell("## A part\n\nIt is [so](02_b.ipynb). (An aside.)\n\n$$x^2$$\n\nNow look:")),
            marked(new_code_cell("plot(1)", execution_count=2, outputs=[figure]), "-"),
            new_markdown_cell("The curve falls. It is steep. And more is to be said of it."),
            marked(new_code_cell("print('</script>')", execution_count=3, outputs=[printed]), "subslide"),
            marked(new_markdown_cell("## Recap\n\n1. First. More.\n2. Second\n   line. More.")),
        ]
    )


# -- the slides of a small notebook


def test_an_outline_has_the_marked_cells_under_their_headings():
    title, part, printed, recap = slides.outline(small())
    assert (title.heading, title.text) == ("01 · Look", "Why *this*?")
    assert part.heading == printed.heading == "A part" and recap.heading == "Recap"
    assert part.text == "It is [so](02_b.ipynb).\n\n$$x^2$$\n\nNow look:"
    assert [cell.source for cell in part.cells] == ["plot(1)"]
    assert part.reading == "The curve falls. It is steep." and part.notes[1].endswith("said of it.")
    assert recap.text == "1. First.\n2. Second line."


def test_a_reading_is_not_said_again_on_the_next_slide():
    nb = small()
    marked(nb.cells[4])
    assert slides.outline(nb)[2].text == "And more is to be said of it."


def test_texts_in_the_metadata_come_first():
    nb = small()
    nb.cells[2].metadata.slideshow["text"] = "Mine."
    nb.cells[3].metadata.slideshow["reading"] = ""
    part = slides.outline(nb)[1]
    assert (part.text, part.reading) == ("Mine.", "")


def test_what_cannot_be_understood_is_refused():
    nb = small()
    nb.cells[3].metadata.slideshow["slide_type"] = "page"
    with pytest.raises(ValueError, match="'page': give one of slide, subslide"):
        slides.outline(nb)
    for cell in nb.cells:
        cell.metadata.pop("slideshow", None)
    with pytest.raises(ValueError, match="set slideshow.slide_type"):
        slides.outline(nb)


def test_sentences_and_the_short_form():
    assert sentences("It is `a. B` at 0.75. See [A. B](c. D).") == ["It is `a. B` at 0.75.", "See [A. B](c. D)."]
    long = " ".join(f"Sentence {i} has exactly six words." for i in range(30))
    kept = short(long, words=20).split(". ")
    assert len(kept) == 3 and kept[0].startswith("Sentence 0 ") and kept[-1].startswith("Sentence 29 ")
    assert short("Before.\n\n## Head\n\nAfter.") == "After."
    assert short("$$a$$\n\n```python\ncode. Code.\n```") == "$$a$$"


@pytest.mark.parametrize(
    "text", ["## Head", "Now for more:", "Here it is.", "$$x$$", "Look at\n\n$$x$$", "(Aside.)", ""]
)
def test_what_is_no_reading(text):
    assert reading([new_code_cell("1"), new_markdown_cell(text)], 0) == ""


def test_the_last_cell_has_no_reading():
    assert reading([new_code_cell("1")], 0) == ""
    assert reading([new_code_cell("1"), new_code_cell("2")], 0) == ""


# -- the page


def test_a_deck_is_one_file_that_loads_nothing():
    html, count = slides.deck(small())
    assert count == html.count("<section") == 4
    assert list(fetched(html)) == []
    assert "<math" in html and "$$" not in html.split("<script>")[0]
    assert f"data:image/png;base64,{WIDE}" in html
    assert "&lt;b&gt;" not in html and "... 7 more lines" in html  # cut before it
    assert html.count("</script>") == 3  # what the code prints is escaped
    shown = re.sub(r'<aside class="notes">.*?</aside>', "", html.partition("<script>")[0], flags=re.DOTALL)
    assert "<a " not in shown and "And more is to be said" in html and "And more is to be said" not in shown


@pytest.mark.parametrize("path", notebook_files.find(), ids=lambda path: path.stem)
def test_the_decks_of_the_series(path):
    nb = notebook_files.read(path)
    html, count = slides.deck(nb)
    assert 10 <= count <= 20
    assert list(fetched(html)) == []
    formulas = [slide for slide in slides.outline(nb) if "$" in slide.text]
    assert html.count("<math") >= len(formulas) and not re.search(r"\$[^$<\n]+\$</p>", html)
    assert not any("exercise" in cell.metadata and slide_shown(cell) for cell in nb.cells)


def slide_shown(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "skip") != "skip"


def test_reveal_is_as_published():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in REVEAL.iterdir()}
    assert found == PUBLISHED


# -- the command


def test_the_command_writes_decks_and_an_index(tmp_path, capsys):
    assert command.main(["01", "02", "--build", str(tmp_path)]) == 0
    written = {"01_embeddings.html", "02_skip_gram.html", "index.html"}
    assert {path.name for path in tmp_path.iterdir()} == {*written, MARKER}
    assert re.search(r"01_embeddings: \d+ slides", capsys.readouterr().out)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a href="02_skip_gram.html">' in index and list(fetched(index)) == []


def test_the_command_names_what_it_does_not_know(tmp_path, capsys):
    assert command.main(["99", "--build", str(tmp_path / "new")]) == 2
    assert "99" in capsys.readouterr().err and not (tmp_path / "new").exists()


def test_a_notebook_without_slides_is_named(tmp_path):
    notebook_files.write(new_notebook(cells=[new_markdown_cell(OPENING)]), tmp_path / "01_one.ipynb")
    with pytest.raises(ValueError, match="01_one.ipynb: no cell is marked"):
        slides.write_decks([tmp_path / "01_one.ipynb"], tmp_path / "out")
