"""Decks without a browser: what is on them, and that they load nothing. `browser/test_decks.py` looks at them."""

import hashlib
import re
from html import unescape

import nbformat
import pytest
from fetched import fetched
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course import notebook_files, slides
from course.folders import MARKER
from course.slides import __main__ as command
from course.slides.blocks import MOST, broken, chosen, evenly, options, squeezed
from course.slides.deck import FONTS, REVEAL
from course.slides.guide import Guide, guides
from course.slides.layout import COLUMNS, LEAST, ROOM, Block, fit, height, pages
from course.slides.outline import guess_of, reading, sentences, short

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
    about = {"image/png": {"alt": "A curve that falls from 2 to 1.", "width": 700, "height": 350}}
    figure = new_output("display_data", data={"image/png": WIDE, "text/plain": "<Figure size 2x1>"}, metadata=about)
    printed = new_output("stream", name="stdout", text="\n".join(map(str, range(MOST + 5))) + "\n<b>")
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


def told(slide, kind):
    return [part.text for part in slide.parts if part.kind == kind]


def test_an_outline_has_the_marked_cells_under_their_headings():
    title, part, printed, recap = slides.outline(small())
    assert (title.heading, told(title, "text")) == ("01 · Look", ["Why *this*?"])
    assert part.heading == printed.heading == "A part" and recap.heading == "Recap"
    assert [p.kind for p in part.parts] == ["text", "cell", "reading"]
    assert told(part, "text") == ["It is [so](02_b.ipynb).\n\n$$x^2$$\n\nNow look:"]
    assert part.parts[1].cell.source == "plot(1)" and not part.parts[1].answers
    assert told(part, "reading") == ["The curve falls. It is steep."]
    assert part.parts[2].note.endswith("said of it.")
    assert told(recap, "text") == ["1. First.\n2. Second line."]


def test_a_reading_is_not_said_again_on_the_next_slide():
    nb = small()
    marked(nb.cells[4])
    assert told(slides.outline(nb)[2], "text") == ["And more is to be said of it."]


def test_texts_in_the_metadata_come_first():
    nb = small()
    nb.cells[2].metadata.slideshow["text"] = "Mine."
    nb.cells[3].metadata.slideshow["reading"] = ""
    part = slides.outline(nb)[1]
    assert (told(part, "text"), told(part, "reading")) == (["Mine."], [])


def test_a_question_stands_before_the_cell_that_answers_it():
    nb = small()
    nb.cells[2].source += "\n\n**Guess first.** Which\nway? (a) Up. (b) Down."
    nb.cells[3].metadata["jupyter"] = {"outputs_hidden": True}
    part = slides.outline(nb)[1]
    assert [p.kind for p in part.parts] == ["text", "guess", "cell", "reading"]
    assert told(part, "guess") == ["Which way? (a) Up. (b) Down."] and part.parts[2].answers
    assert "Guess" not in told(part, "text")[0]
    nb.cells[5].metadata["jupyter"] = {"outputs_hidden": True}  # and a question in the cell before
    nb.cells[4].source = "**Guess first.** How many? (a) None."
    shown = slides.deck(nb)[0].partition("<script>")[0]
    assert shown.index("How many?") < shown.index("&lt;b&gt;") and "<li>(b) Down.</li>" in shown
    assert guess_of("No question.") == ""


def test_an_answer_comes_on_a_key():
    nb = small()
    nb.cells[5].metadata["jupyter"] = {"outputs_hidden": True}
    nb.cells[4].source = "**Guess first.** How many? (a) None."
    nb.cells[5].outputs[0].text = "seven"
    shown = slides.deck(nb)[0]
    assert re.search(r'<pre class="fragment printed" data-fragment-index="0">seven', shown)
    assert not re.search(r'class="fragment (guess|code)', shown)


def test_an_exercise_gives_no_heading():
    nb = small()
    nb.cells[1] = new_markdown_cell("### Exercise 1", metadata={"exercise": "one"})
    nb.cells[2].source = "No heading."
    assert slides.outline(nb)[1].heading == "01 · Look"


def test_what_cannot_be_understood_is_refused():
    nb = small()
    nb.cells[3].metadata.slideshow["slide_type"] = "page"
    with pytest.raises(ValueError, match="'page': give one of slide, subslide"):
        slides.outline(nb)
    nb = small()
    marked(nb.cells[1], "-")
    with pytest.raises(ValueError, match="before the second slide"):
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
    "text",
    [
        "## Head",
        "**Guess first.** Which? (a) One.",
        "Now for more:",
        "Here it is.",
        "$$x$$",
        "Look at\n\n$$x$$",
        "(Aside.)",
        "",
    ],
)
def test_what_is_no_reading(text):
    assert reading([new_code_cell("1"), new_markdown_cell(text)], 0) == ""


def test_the_last_cell_has_no_reading():
    assert reading([new_code_cell("1")], 0) == ""
    assert reading([new_code_cell("1"), new_code_cell("2")], 0) == ""


def test_a_bare_answer_takes_the_next_sentence_with_it():
    cells = [new_code_cell("1"), new_markdown_cell("(b).\n\nSo it is, and it was.")]
    assert reading(cells, 0) == "(b). So it is, and it was."


# -- blocks, and how they are laid out


def test_lines_are_broken_at_a_mark_and_lose_nothing():
    line = "alone 0.12, 0.05 to 0.19; " * 6
    found = broken([line], COLUMNS)
    assert len(found) > 1 and max(map(len, found)) <= COLUMNS
    assert all(row.endswith(";") for row in found[:-1]) and all(row.startswith("    ") for row in found[1:])
    assert " ".join(" ".join(found).split()) == " ".join(line.split())
    assert broken(["x" * 200], 85) == ["x" * 85, "    " + "x" * 81, "    " + "x" * 34]


def test_columns_stay_columns_when_they_are_squeezed():
    rows = [f"{name:<50}{number:>50}" for name, number in (("one", 1), ("three", 33))]
    assert squeezed(rows) == ["one     1", "three  33"]
    assert squeezed([*rows, "x" * 85]) == ["one     1", "three  33", "x" * 85]
    assert squeezed(["a      b"]) == ["a      b"]  # it fits as it is


def test_lines_that_are_left_out_are_counted():
    assert chosen(list("abcde"), {2, 5}) == ["[1 line left out]", "b", "[2 lines left out]", "e"]
    nb = small()
    nb.cells[5].metadata.slideshow["lines"] = "1-2"
    assert f"0\n1\n[{MOST + 4} lines left out]" in slides.deck(nb)[0]
    nb.cells[5].metadata.slideshow["lines"] = "99"
    with pytest.raises(ValueError, match="'99', and the outputs have"):
        slides.deck(nb)


def test_pieces_are_even_and_none_is_too_long():
    for n in range(1, 60):
        found = evenly([str(i) for i in range(n)], 15)
        assert sum(found, []) == [str(i) for i in range(n)]
        assert max(map(len, found)) <= 15 and len(found) == -(-n // 15)


def test_answers_stand_in_lines_of_their_own():
    assert options("A or B? (a) A, (b) B. And C? (c) Yes.").splitlines() == [
        "A or B?", "", "- (a) A,", "- (b) B.", "", "And C?", "", "- (c) Yes."
    ]  # fmt: skip
    assert options("Is it (a) one, (b) two?") == "Is it (a) one, (b) two?"


def block(kind, text="x", **more):
    return Block(kind, f"<p>{text}</p>", text, **more)


def test_a_slide_takes_the_largest_size_that_fits():
    assert fit([block("text", "short")]).font == 36
    many = fit([block("printed", "\n".join("x" * 80 for _ in range(16)))])
    assert many.font == LEAST and height(many.blocks[0], LEAST, 1200) <= ROOM
    assert fit([block("printed", "\n".join("x" for _ in range(20)))]) is None
    assert fit([block("printed", "x" * 86)]) is None


def test_a_picture_is_as_large_as_the_room_or_stands_beside():
    wide, square = block("picture", size=(900, 400)), block("picture", size=(500, 480))
    assert not fit([wide]).beside
    assert fit([block("text", "A sentence."), square]).beside
    assert fit([block("text", "word " * 120), wide]) is None
    assert [len(page.blocks) for page in pages([block("text", "word " * 120), wide])] == [1, 1]


def test_a_result_and_its_reading_stay_together():
    code, result = block("code", "\n".join("x" * 14)), block("printed", "\n".join("y" * 8))
    found = pages([block("text", "word " * 40), code, result, block("reading", "So it is.", late=True)])
    assert [b.kind for b in found[-1].blocks][-2:] == ["printed", "reading"] and len(found) > 1


def test_nothing_of_another_group_stands_behind_an_answer():
    late = block("reading", "So.", late=True)
    assert len(pages([block("printed"), late, block("text", "Next.", group=1)])) == 2
    assert len(pages([block("text"), block("text", "Next.", group=1)])) == 1


# -- the page


def test_a_deck_is_one_file_that_loads_nothing():
    html, count = slides.deck(small())
    assert count == html.count("<section") >= 5
    assert list(fetched(html)) == []
    assert "<math" in html and "$$" not in html.split("<script>")[0]
    assert f"data:image/png;base64,{WIDE}" in html
    assert 'alt="A curve that falls from 2 to 1."' in html and "Figure size" not in html
    assert "&lt;b&gt;" in html  # the last line, on the second slide of what is printed
    assert html.count("@font-face") == html.count("data:font/woff2;base64,") == len(FONTS)
    assert html.count("</script>") == 3  # what the code prints is escaped
    shown = re.sub(r'<aside class="notes">.*?</aside>', "", html.partition("<script>")[0], flags=re.DOTALL)
    assert "<a " not in shown and "And more is to be said" in html and "And more is to be said" not in shown


@pytest.mark.parametrize("path", notebook_files.find(), ids=lambda path: path.stem)
def test_the_decks_of_the_series(path):
    nb = notebook_files.read(path)
    html, count = slides.deck(nb)
    assert 10 <= count <= 30
    assert list(fetched(html)) == []
    formulas = [part for slide in slides.outline(nb) for part in slide.parts if "$" in part.text]
    assert html.count("<math") >= len(formulas) and not re.search(r"\$[^$<\n]+\$</p>", html)
    assert not any("exercise" in cell.metadata and slide_shown(cell) for cell in nb.cells)


@pytest.mark.parametrize("path", notebook_files.find(), ids=lambda path: path.stem)
def test_what_is_asked_is_answered_and_code_has_its_result(path):
    groups = slides.outline(notebook_files.read(path))[1:]
    parts = [(slide.heading, part) for slide in groups for part in slide.parts]
    for i, (heading, part) in enumerate(parts):
        later = [p for h, p in parts[i + 1 :] if h == heading]
        if part.kind == "guess":
            assert later[0].answers and later[0].cell.outputs, part.text
            assert any(re.search(r"\([a-f]\)", p.text) for p in later[1:5] if p.kind == "reading"), part.text
        assert part.kind != "text" or not re.match(r"(It is )?\([a-f]\)", part.text), part.text  # an answer to nothing
        if part.cell and not part.cell.outputs:
            assert any(p.cell and p.cell.outputs for p in later), part.cell.source


def slide_shown(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "skip") != "skip"


def test_reveal_is_as_published():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in REVEAL.iterdir()}
    assert found == PUBLISHED


# -- the speaker's notes


def test_the_questions_of_the_guide_stand_in_the_notes_of_their_section():
    nb, asked = small(), Guide([("A part", "Why $x$?")], "- **Skip** nothing.")
    found = re.findall(r"<section.*?</section>", slides.deck(nb, asked)[0], re.DOTALL)
    assert [("Ask:" in s, "Skip" in s) for s in found][:3] == [(False, True), (True, False), (False, False)]
    with pytest.raises(ValueError, match="no slide: 'Elsewhere'"):
        slides.deck(nb, Guide([("Elsewhere", "Why?")]))


@pytest.mark.parametrize("path", notebook_files.find(), ids=lambda path: path.stem)
def test_each_question_of_the_guide_is_in_one_slides_notes(path):
    guide = guides()[path.stem[:2]]
    html = slides.deck(notebook_files.read(path), guide)[0].partition("<script>")[0]
    notes = []
    for section in re.findall(r"<section.*?</section>", html, re.DOTALL):
        heading = unescape(re.sub(r"<[^>]+>", "", re.search(r"<h2>(.*?)</h2>", section)[1]))
        for ask in re.findall(r'<p class="ask">(.*?)</p>', section):
            notes.append((heading, words(re.sub(r"<math.*?</math>|<[^>]+>", "", ask))))
    assert len(guide.questions) >= 2 and len(notes) == len(guide.questions)
    for heading, question in guide.questions:
        mine = words("Ask: " + re.sub(r"\$[^$]*\$", "", question))
        assert len([at for at, said in notes if said == mine and at.startswith(heading)]) == 1, question


def words(text):
    return re.sub(r"\W+", " ", unescape(text)).strip()


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
