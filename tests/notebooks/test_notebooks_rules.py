"""The rules of style over the series; and for each rule a notebook that breaks it."""

import copy

import nbformat
import notebook_rules as rules
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import checks
from course import notebook_files, solutions
from helpers.files import ROOT

PATHS = notebook_files.find()
SERIES = [path.name for path in PATHS]
BOOKS = {path.name: rules.Notebook.read(path) for path in PATHS}
SOLUTIONS = {
    path.name: rules.Notebook.read(path) for path in notebook_files.find(notebook_files.NOTEBOOKS / "solutions")
}
HELPERS = rules.helper_definitions()

OPENING = """# 01 · Look words up

**Question.** What is it?

**You will do.** You look.

**You will learn** to
1. look;
2. see.

**You need.** Python.

**Time.** about 8 seconds to run on a laptop CPU, 35 minutes to work through.

**Shapes.** `B` batch.
"""
PROSE = "A table has rows, and each row belongs to a word that we look up by its id, as $W_i$ says. " * 4
RECAP = "## Recap\n\n1. You looked.\n2. You saw.\n\nOn to [02_next.ipynb](02_next.ipynb)."
IMPORTS = 'import sys; sys.path[:0] = ["..", "."]\nimport math'
SQUARE = 'def square(x):\n    """The square."""\n    return x * x  # why not\n'
PNG = rules.png(b"\x89PNG picture")


def good():
    """A small notebook that keeps all the rules."""
    cells = [
        new_markdown_cell(OPENING),
        new_code_cell(IMPORTS, execution_count=1),
        new_markdown_cell(PROSE),
        new_code_cell(SQUARE + "square(3)", execution_count=2, metadata={"mirrors": "helpers.fake:square"}),
        new_code_cell("print(math.pi)", execution_count=3, outputs=[new_output("stream", name="stdout", text="3.14")]),
        new_markdown_cell(RECAP),
    ]
    return new_notebook(cells=cells, metadata={"lane": "strict"})


def helpers(source="def square(x: int) -> int:\n    return x * x\n\n\ndef cube(x):\n    return x**3\n"):
    return {"helpers.fake": rules.definitions(rules.parse(source))}


@pytest.fixture
def as_book(tmp_path):
    (tmp_path / "02_next.ipynb").touch()

    def make(nb):
        return rules.Notebook(tmp_path / "01_look.ipynb", nb)

    return make


# -- the series


@pytest.mark.parametrize("rule", rules.ALONE, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", SERIES)
def test_rule(name, rule):
    assert list(rule(BOOKS[name])) == []


@pytest.mark.parametrize("name", SOLUTIONS)
def test_pictures_of_the_solutions(name):
    assert list(rules.pictures_in_words(SOLUTIONS[name])) == []


@pytest.mark.parametrize("name", SERIES)
def test_recap_names_the_next_notebook(name):
    assert list(rules.recap(BOOKS[name], SERIES)) == []


@pytest.mark.parametrize("name", SERIES)
def test_exercises(name):
    book = BOOKS[name]
    assert list(rules.exercises_in_place(book)) == []
    assert list(checks.NAMES[int(name[:2])]) == list(solutions.exercises(book.nb))


@pytest.mark.parametrize("rule", [rules.progress_shown, rules.guess_first, rules.honest_time], ids=lambda r: r.__name__)
@pytest.mark.parametrize("name", SERIES)
def test_work(name, rule):
    assert list(rule(BOOKS[name])) == []


@pytest.mark.parametrize("name", SERIES)
def test_taught_code_is_imported_code(name):
    assert list(rules.mirrors(BOOKS[name], HELPERS)) == []


def test_numbers_are_consecutive():
    assert [name[:2] for name in SERIES] == [f"{i:02d}" for i in range(1, len(SERIES) + 1)]
    assert len(SERIES) >= 6


def test_lanes():
    lanes = {name: notebook_files.lane(book.nb) for name, book in BOOKS.items()}
    assert [name[:2] for name, lane in lanes.items() if lane == "strict"][:4] == ["01", "02", "03", "04"]
    assert {"05", "06"} <= {name[:2] for name, lane in lanes.items() if lane == "lax"}


def test_readme_table():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert list(rules.readme_table(readme, BOOKS.values())) == []


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_pages_links(page):
    assert list(rules.broken_links((ROOT / page).read_text(encoding="utf-8"), ROOT)) == []


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_pages_words(page):
    book = rules.Notebook(ROOT / page, new_notebook(cells=[new_markdown_cell((ROOT / page).read_text("utf-8"))]))
    assert list(rules.plain_words(book)) == []


# -- each rule refuses what it is there for


def on(index, key, value):
    def change(nb):
        nb.cells[index][key] = value

    return change


def opening(old, new):
    def change(nb):
        assert old in nb.cells[0].source
        nb.cells[0].source = nb.cells[0].source.replace(old, new)

    return change


def output(output_type, index=4, **content):
    def change(nb):
        nb.cells[index].outputs.append(new_output(output_type, **content))

    return change


def meta(index, **content):
    def change(nb):
        nb.cells[index].metadata.update(nbformat.from_dict(content))

    return change


ALT = "Two curves that cross at logit 0, where the loss is 0.69."
WIDE = rules.png(bytes(16) + (800).to_bytes(4, "big"))


def shown(alt=ALT, width=400, png=WIDE):
    """A picture with its alternative text."""
    about = {"image/png": {"alt": alt, "width": width} if alt else {}}
    return output("display_data", data={"image/png": png}, metadata=about)


def shown_as_html(tag):
    return output("display_data", data={"text/html": f"<div>{tag}</div>"})


def text(markdown):
    return on(2, "source", PROSE + markdown)


def stored_widgets(nb):
    nb.metadata["widgets"] = {}


def other_lane(nb):
    nb.metadata["lane"] = "loose"


def long_cells(nb):
    nb.cells[1].source += "\nmath.pi" * 11
    nb.cells[4].source += "\nmath.pi" * 11


def little_prose(nb):
    nb.cells[2].source = "Short. `code is no prose`" + "\n```\nnor is this\n```" * 99
    nb.cells[4].source += "\nmath.pi" * 20


ERROR = {"ename": "E", "evalue": "e", "traceback": []}
LONG_FUNCTION = "def long():\n" + "    math.pi\n" * 31
BREAKS = [
    (rules.opening_block, opening("# 01 · Look", "# 02 · Look"), "# 01 · Verb"),
    (rules.opening_block, opening("# 01 · Look words up", "# Embeddings"), "# 01 · Verb"),
    (rules.opening_block, opening("**Shapes.**", "Shapes."), "no **Shapes.**"),
    (rules.opening_block, opening("**You need.** Python.", "**You need.**"), "is empty"),
    (rules.opening_block, opening("What is it?", "What it is."), "no question"),
    (rules.opening_block, opening("about 8 seconds to run", "some time to run"), "the time is not"),
    (rules.opening_block, opening("**Question.** What is it?\n\n", ""), "no **Question.**"),
    (rules.opening_block, opening("# 01", "**Shapes.** `B`\n\n# 01"), "# 01 · Verb"),
    (rules.opening_block, lambda nb: nb.cells.insert(0, new_code_cell("1")), "no **Question.**"),
    (
        rules.opening_block,
        opening("**Question.** What is it?\n\n**You will do.** You look.", "**You will do.** A.\n\n**Question.** B?"),
        "another order",
    ),
    (rules.at_most_four_aims, opening("2. see.", "2. a\n3. b\n4. c\n5. d"), "5 items"),
    (rules.at_most_four_aims, opening("1. look;\n2. see.", "look"), "0 items"),
    (rules.lane_named, other_lane, "'loose'"),
    (rules.counts, on(4, "execution_count", 4), "[1, 2, 4]"),
    (rules.counts, on(4, "execution_count", None), "None"),
    (rules.no_semicolon, on(4, "source", "math.pi;\n"), "In [3] ends"),
    (rules.no_history, on(4, "source", "print(Out[2])"), "uses Out"),
    (rules.no_history, on(4, "source", "name = input()"), "calls input"),
    (rules.no_widgets, stored_widgets, "metadata.widgets"),
    (rules.no_widgets, output("display_data", data={notebook_files.WIDGET: {}}), "In [3] stores a widget"),
    (rules.errors_tagged, output("error", **ERROR), "untagged"),
    (rules.errors_tagged, meta(4, tags=["raises-exception"]), "none stored"),
    (rules.no_stderr, output("stream", name="stderr", text="Warning: x"), "writes to stderr"),
    (rules.no_stderr, output("stream", name="stderr", text="UsageError: no magic"), "UsageError"),
    (rules.no_addresses, output("stream", name="stdout", text="<f at 0x7f0012ab34cd>"), "0x7f0012ab34cd"),
    (rules.pictures_current, meta(4, picture="curve"), "shows no PNG"),
    (rules.pictures_in_words, shown(alt=None), "has 0 characters"),
    (rules.pictures_in_words, shown("Two curves that cross."), "has 22 characters, fewer than 40"),
    (rules.pictures_in_words, shown("Curves of the loss that cross somewhere in the middle."), "has no number"),
    (rules.pictures_in_words, shown(f"Figure: {ALT}"), "says that it is a figure"),
    (rules.pictures_in_words, shown(f"<Figure of 2 Axes> {ALT}"), "says that it is a figure"),
    (rules.pictures_in_words, shown(f"{ALT} It has 640x480."), "a size in pixels"),
    (rules.pictures_in_words, shown(f"{ALT} It is 640 pixels wide."), "a size in pixels"),
    (rules.pictures_in_words, shown(width=399), "800 pixels wide, its width is 399"),
    (rules.pictures_in_words, shown(width=None), "its width is None"),
    (rules.pictures_in_words, shown_as_html('<img src="data:,">'), "in HTML whose alternative text has 0"),
    (rules.pictures_in_words, shown_as_html('<img alt="" src="data:,">'), "in HTML whose alternative text has 0"),
    (rules.stored_form, meta(4, execution={"started": 1}), "metadata of a run"),
    (rules.stored_form, meta(2, collapsed=False), "metadata of a run"),
    (rules.stored_form, output("stream", name="stdout", text="more"), "in pieces"),
    (rules.short_cells, on(4, "source", "math.pi\n" * 31), "has 31 lines"),
    (rules.short_cells, long_cells, "median cell has 12"),
    (rules.short_lines, on(4, "source", "x = " + "1" * 90), "94 characters"),
    (rules.short_functions, on(4, "source", LONG_FUNCTION), "long has 32 lines"),
    (rules.enough_prose, little_prose, "words of prose"),
    (rules.plain_words, text("It is Simply so."), "'Simply'"),
    (rules.plain_words, text("Well done \U0001f389"), "'\U0001f389'"),
    (rules.one_imports_cell, on(4, "source", "import os"), "In [3] imports"),
    (rules.one_imports_cell, on(4, "source", "def f():\n    from math import pi"), "In [3] imports"),
    (rules.one_imports_cell, on(1, "source", "import math"), "does not begin"),
    (rules.formulas, text(r"$\nosuchcommand x$"), "nosuchcommand"),
    (rules.formulas, text("$$\n\\frac{1}{\n$$"), "frac"),
    (rules.links, text("[there](no_such.ipynb)"), "no_such.ipynb leads nowhere"),
    (rules.links, text("![there](images/no.png)"), "images/no.png leads nowhere"),
    (rules.links, text('<img src="images/no.png">'), "images/no.png leads nowhere"),
    (rules.links, text("[paper](http://example.org)"), "not https"),
    (rules.links, output("display_data", data={"text/html": '<script src="https://cdn.org/a.js">'}), "cdn.org"),
]


def test_the_good_notebook_is_good(as_book):
    nb = good()
    shown()(nb)
    shown_as_html(f'<img alt="{ALT}" src="data:,">')(nb)
    book = as_book(nb)
    assert [(rule.__name__, found) for rule in rules.ALONE for found in rule(book)] == []
    assert list(rules.mirrors(book, helpers())) == []
    assert list(rules.recap(book, ["01_look.ipynb", "02_next.ipynb"])) == []


@pytest.mark.parametrize(("rule", "change", "expected"), BREAKS, ids=[f"{b[0].__name__}-{b[2]}" for b in BREAKS])
def test_rule_refuses(as_book, rule, change, expected):
    nb = copy.deepcopy(good())
    change(nb)
    found = list(rule(as_book(nb)))
    assert any(expected in line for line in found), found


def test_an_alternative_text_that_is_a_heading_is_refused(as_book):
    nb = good()
    nb.cells[2].source = f"## {ALT[:-1]}\n\n{PROSE}"
    shown()(nb)
    assert "is a heading" in next(rules.pictures_in_words(as_book(nb)))


def test_every_rule_has_been_broken():
    assert {rule for rule, _, _ in BREAKS} == set(rules.ALONE)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (on(5, "source", RECAP.replace("## Recap", "## The end")), "no '## Recap'"),
        (on(5, "source", RECAP.replace("(02_next.ipynb)", "(03_other.ipynb)")), "no link to 02_next"),
        (on(5, "source", RECAP.replace("2. You saw.", "")), "answers 1 of the 2"),
        (lambda nb: nb.cells.append(new_markdown_cell("More.")), "no '## Recap'"),
    ],
)
def test_recap_refuses(as_book, change, expected):
    nb = good()
    change(nb)
    found = list(rules.recap(as_book(nb), ["01_look.ipynb", "02_next.ipynb"]))
    assert any(expected in line for line in found), found


def test_an_appendix_may_stand_after_the_recap(as_book):
    nb = good()
    nb.cells.append(new_markdown_cell("## Appendix · Logits\n\nMore."))
    assert list(rules.recap(as_book(nb), ["01_look.ipynb", "02_next.ipynb"])) == []


ASKED = "**Guess first.** Which is it? (a) three, (b) four."


def guessing(times=3, question=ASKED, folded=True):
    shown = [new_output("stream", name="stdout", text="3")] if times else []
    cells = []
    for _ in range(times):
        hidden = {"jupyter": {"outputs_hidden": True}} if folded else {}
        cells += [new_markdown_cell(question), new_code_cell("print(3)", outputs=shown, metadata=hidden)]
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("nb", "expected"),
    [
        (guessing(2), "2 guesses"),
        (guessing(folded=False), "no folded output"),
        (guessing(question="Look."), "no **Guess first.**"),
        (guessing(question="**Guess first.** How many?"), "no choices"),
    ],
)
def test_guess_first_refuses(as_book, nb, expected):
    assert list(rules.guess_first(as_book(guessing()))) == []
    assert any(expected in line for line in rules.guess_first(as_book(nb)))


def test_progress_and_time_refuse(as_book):
    nb = good()
    assert "checks.progress(1)" in next(rules.progress_shown(as_book(nb)))
    nb.cells.append(new_code_cell("checks.progress(1)"))
    assert list(rules.progress_shown(as_book(nb))) == []
    assert "it says 35 minutes" in next(rules.honest_time(as_book(nb)))
    nb.cells[0].source = nb.cells[0].source.replace("35 minutes", f"{notebook_files.work_minutes(nb)} minutes")
    assert list(rules.honest_time(as_book(nb))) == []


def test_minutes_are_those_of_prose_code_and_exercises():
    task = new_markdown_cell("### Exercise 1.1 · A\n\n*code, aim 1, 8 minutes*", metadata={"exercise": "a"})
    cells = [new_markdown_cell("word " * 600), new_code_cell("x = 1\n" * 10), task]  # 4, 2 and 8
    assert [notebook_files.work_minutes(new_notebook(cells=cells[:n])) for n in (0, 1, 2, 3)] == [0, 5, 10, 15]


def test_last_recap_needs_no_next(as_book):
    nb = good()
    nb.cells[5].source = RECAP.partition("On to")[0]
    assert list(rules.recap(as_book(nb), ["00_before.ipynb", "01_look.ipynb"])) == []


@pytest.mark.parametrize(
    ("source", "claim", "expected"),
    [
        (SQUARE.replace("x * x", "x + x"), "helpers.fake:square", "not the code of"),
        (SQUARE.replace("def square(x)", "def square(x=2)"), "helpers.fake:square", "not the code of"),
        (SQUARE, "helpers.fake:squared", "not there"),
        (SQUARE, "helpers.other:square", "not there"),
        ("y = 2", "helpers.fake:square", "does not define"),
        (SQUARE, [], "does not say which"),
        (SQUARE + "def cube(x):\n    return x * x * x\n", ["helpers.fake:square", "helpers.fake:cube"], "not the code"),
        (SQUARE + "def cube(x):\n    return x**3\n", "helpers.fake:square", "defines cube"),
    ],
)
def test_mirrors_refuse(as_book, source, claim, expected):
    nb = good()
    nb.cells[3].source = source
    nb.cells[3].metadata["mirrors"] = claim
    found = list(rules.mirrors(as_book(nb), helpers()))
    assert any(expected in line for line in found), found


def test_mirrors_look_past_docstrings_comments_and_annotations(as_book):
    taught = "class A:\n    n = 1\n\n    def f(self, x, *y, k=2):\n        z = x\n        return z\n"
    typed = (
        'class A:\n    """Doc."""\n\n    n: int = 1\n\n    def f(self, x: int, *y: str, k: int = 2) -> int:\n'
        '        """Doc."""\n        z: int = x  # why\n        return z\n'
    )
    nb = good()
    nb.cells[3].source, nb.cells[3].metadata["mirrors"] = taught, "helpers.fake:A"
    assert list(rules.mirrors(as_book(nb), helpers(typed))) == []
    assert list(rules.mirrors(as_book(nb), helpers(typed.replace("k: int = 2", "k: int = 3"))))
    nb.cells[3].source, nb.cells[3].metadata["mirrors"] = "def g(k):\n    return k\n", "helpers.fake:g"
    for decorator, says in (("checked(k=whole(1))", 0), ("cache", 1)):
        found = list(rules.mirrors(as_book(nb), helpers(f"@{decorator}\ndef g(k):\n    return k\n")))
        assert len(found) == says


def test_pictures_compared(as_book):
    nb = good()
    nb.cells[4].metadata["picture"] = "curve"
    nb.cells[4].outputs.append(new_output("display_data", data={"image/png": PNG}))
    book = as_book(nb)
    image = book.path.parent / "images" / "curve.png"
    image.parent.mkdir()
    image.write_bytes(b"\x89PNG picture")
    assert list(rules.pictures_current(book)) == []
    image.write_bytes(b"\x89PNG another")
    assert "make store" in list(rules.pictures_current(book))[0]


def test_readme_table_refuses(as_book):
    row = "| 01 | [embeddings](notebooks/01_look.ipynb) | What is it? | 8 s · 35 min | |\n"
    book = as_book(good())
    assert list(rules.readme_table(row, [book])) == []
    assert "not in the table" in list(rules.readme_table("no table", [book]))[0]
    assert "not there" in list(rules.readme_table(row + row.replace("01_look", "02_no"), [book]))[0]
    assert "takes" in list(rules.readme_table(row.replace("8 s", "9 s"), [book]))[0]
    assert "asks" in list(rules.readme_table(row.replace("What is it?", "What?"), [book]))[0]
