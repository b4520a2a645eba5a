"""The book: chapters that are read, formulas, links, folded answers, pages that need no network."""

import base64
import io
import re
import subprocess
import sys

import pytest
from fetched import Reader, fetched
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from course import notebook_files, site
from course.site import __main__ as command
from course.site import browsing
from course.site.beside import cite
from course.site.build import write_book
from course.site.chapters import chapter
from course.site.links import Links
from helpers.files import ROOT
from helpers.plots.showing import bundle

FIRST = """# 01 · Try it

**Question.** Does it run
at all?

**Time.** about 1 second to run on a laptop CPU, 25 minutes to work through.

On to [two](02_second.ipynb#there), by way of [the code](../helpers/model.py), [a page](https://example.org),
[a word](glossary.md#spearmans-word), [a page that computes](live/training.html), [the solutions
](solutions/01_first.ipynb), `[no link](../helpers/model.py)` and $a < b$.

$$\\begin{aligned} x &= \\sigma(v^\\top u) \\\\ y &= -\\log_2 x \\end{aligned}$$

![curve](images/curve.png)
"""
ALT = 'A line from 0 to 1, "steep" & <short>.'


def png(width=4):
    file = io.BytesIO()
    Image.new("RGB", (width, 2)).save(file, "PNG")
    return file.getvalue()


def figure():
    data, metadata = bundle(png(), ALT)
    return new_output("display_data", data=data, metadata=metadata)


def printed(text):
    return new_output("stream", name="stdout", text=text)


def exercise(answer, role, *outputs, reasoning=(), name="skip_gram"):
    about = {"exercise": name}
    verdict = "skip_gram: " + ("correct" if reasoning else "not attempted")
    return [
        new_markdown_cell("### Exercise 1.1 · Score\n\nScore [it](glossary.md).", metadata=about),
        *[new_markdown_cell(f"**Reasoning.** {text}", metadata={**about, "role": "reasoning"}) for text in reasoning],
        new_code_cell(answer, metadata={**about, "role": role}, outputs=list(outputs)),
        new_code_cell(
            "checks.skip_gram(my_skip_gram)", metadata={**about, "role": "check"},
            outputs=[new_output("execute_result", data={"text/plain": verdict})],
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two chapters, with what stands beside notebooks: (folder, what Sphinx said)."""
    root = tmp_path_factory.mktemp("course")
    source = root / "notebooks"
    for folder in ("images", "live", "solutions"):
        (source / folder).mkdir(parents=True)
    (root / "helpers").mkdir()
    (root / "helpers" / "model.py").write_text("x = 1\n")
    (source / "images" / "curve.png").write_bytes(png())
    (source / "live" / "training.html").write_text('<h1>Watch it</h1><a href="../01_first.ipynb">back</a>')
    (source / "glossary.md").write_text("# Terms\n\n## Spearman's word\n\nA word of [two](02_second.ipynb).\n")
    hidden = {"jupyter": {"outputs_hidden": True}}
    cells = [
        new_markdown_cell(FIRST),
        new_code_cell("import checks"),
        new_code_cell("plot()", outputs=[figure()]),
        new_code_cell("print(3)", outputs=[printed("guessed 3")], metadata=hidden),
        new_markdown_cell("It is three.\n\nAnd so on.\n\n## Your turn"),
        new_code_cell("print(4)", outputs=[printed("plainly 4")]),
        *exercise("def my_skip_gram(center):\n    ...", "stub", name="masked_loss"),
        new_code_cell("def as_the_course_does(): return 7"),
        new_code_cell("checks.progress(1)", outputs=[printed("0 of 1 done")]),
        new_markdown_cell("## Exercises\n\nWrite into the first cell.", metadata={"exercise": "intro"}),
        *exercise("def my_skip_gram(center):\n    ...", "stub"),
    ]
    first = notebook_files.normalise(new_notebook(cells=cells))
    notebook_files.write(first, source / "01_first.ipynb")
    solved = exercise(
        "def my_skip_gram(center):\n    return 7", "solution", printed("seven"), figure(), reasoning=["It is $7$."]
    )
    notebook_files.write(new_notebook(cells=solved), source / "solutions" / "01_first.ipynb")
    second = new_markdown_cell("# 02 · Try again\n\n**Question.** And this?\n\n## There\n\nHere.")
    notebook_files.write(new_notebook(cells=[second]), source / "02_second.ipynb")
    said = write_book(notebook_files.find(source), root / "html", source)
    return root / "html", said


def page(book, name):
    return (book[0] / name).read_text(encoding="utf-8")


def article(book, name):
    return re.search("<article.*</article>", page(book, name), re.DOTALL)[0]


def test_it_is_built_without_a_warning(book):
    assert book[1] == ""


def test_the_index_has_the_table_of_the_course_and_all_that_lies_beside(book):
    index = article(book, "index.html")
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*01 · Try it.*?</tr>", index, re.DOTALL)[0]
    assert 'href="01_first.html"' in row and "Does it run at all?" in row and "25 min" in row
    assert 'href="live/training.html">Watch it' in index


def test_pages_lead_on_and_back_and_to_all_others(book):
    first, second = page(book, "01_first.html"), page(book, "02_second.html")
    assert re.search(r'class="right-next"\s+href="02_second.html"', first)
    assert re.search(r'class="left-prev"\s+href="01_first.html"', second)
    contents = re.search('<nav class="contents".*?</nav>', second, re.DOTALL)[0]
    assert re.findall('href="([^"]+)"', contents) == ["01_first.html", "#", "glossary.html"]


def test_pages_need_no_network(book):
    for path in book[0].glob("*.html"):
        html = path.read_text(encoding="utf-8")
        addresses = [address.split("?")[0] for address in fetched(html)]
        assert addresses and all((path.parent / address).is_file() for address in addresses), addresses


def test_fetches_are_seen():
    seen = """<script src="https://cdn.org/a.js"></script><link href="b.css"><img src="data:image/png;base64,iVBORw0K">
        <a href="c.html">on</a><style>@import x; p {top: url(y); left: url('data:,')}</style>"""
    assert sorted(fetched(seen)) == ["b.css", "https://cdn.org/a.js", "x;", "y"]


def test_formulas_are_drawn_by_the_browser(book):
    html = article(book, "01_first.html")
    assert html.count("<math") == 3 and 'display="block"' in html  # one is in the reasoning
    assert "$" not in html and "\\sigma" not in html


def test_links_lead_to_pages_to_files_that_came_along_and_to_the_page_that_computes(book):
    html = article(book, "01_first.html")
    for address in (
        "02_second.html#there",
        "files/helpers/model.py",
        "https://example.org",
        "live/training.html",
        "notebooks/01_first.ipynb",
        "#exercises",
    ):
        assert f'href="{address}"' in html, address
    assert html.count("../helpers/model.py") == 1  # the one in code is none
    assert (book[0] / "files" / "helpers" / "model.py").read_text() == "x = 1\n"
    assert (book[0] / "notebooks" / "01_first.ipynb").is_file()
    term = re.search('href="glossary.html#([^"]+)"', html)[1]
    assert f'id="{term}"' in page(book, "glossary.html")
    assert 'href="../01_first.html"' in page(book, "live/training.html")  # in the book it leads to the chapter


def test_figures_have_their_text_and_their_width(book):
    pictures = [attrs for tag, attrs in Reader(article(book, "01_first.html")).tags if tag == "img"]
    assert [one["alt"] for one in pictures] == ["curve", ALT, ALT]
    shown = pictures[1].get("width") or pictures[1]["style"]  # Sphinx 9 or 8
    assert "2" in shown and pictures[2]["width"] == "2"  # two pixels for each of CSS
    assert (book[0] / pictures[1]["src"]).read_bytes() == png()


def test_what_was_guessed_is_folded(book):
    html = article(book, "01_first.html")
    folds = re.findall("<details.*?</details>", html, re.DOTALL)
    assert sum("guessed 3" in fold for fold in folds) == 1 and not any("plainly 4" in fold for fold in folds)
    assert "What came out" in html and "plainly 4" in html
    assert sum("It is three." in fold for fold in folds) == 1  # with what was right
    assert not any("And so on." in fold for fold in folds) and "And so on." in html


def test_the_courses_own_answer_is_folded_after_your_turn(book):
    html = article(book, "01_first.html")
    fold = next(fold for fold in re.findall("<details.*?</details>", html, re.DOTALL) if "as_the_course_does" in fold)
    assert "The course&#x27;s own" in fold


def test_what_cannot_be_answered_is_not_asked(book):
    html = article(book, "01_first.html")
    assert "Write into the first cell" not in html and "0 of 1 done" not in html and "checks.skip_gram" not in html
    text = re.sub("<[^>]+>", "", html[html.index(">Exercises<") :])
    order = [
        "Exercise 1.1 · Score",
        "def my_skip_gram",
        "Hint 1",
        "Which axis is summed over",
        "Hint 2",
        "and a hint for each",
        "reshape for permute",
        "Reasoning",
        "Solution",
        "seven",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    hint = html[html.index("reshape for permute") :]
    assert hint.index("The shape is right and the numbers are not") < hint.index("</details>")


def test_a_chapter_without_solutions_has_hints_alone():
    links = Links(ROOT, {})
    nb = new_notebook(cells=[new_markdown_cell("# 01 · A"), *exercise("my_skip_gram = None", "stub")])
    text = "\n".join(cell.source for cell in chapter(nb, {}, links, "01_a").cells)
    assert "often done wrong" in text and "Reasoning" not in text and "Solution" not in text and "```python" not in text
    assert text.count("<summary>Hint ") == 3
    printed = "\n".join(cell.source for cell in chapter(nb, {}, links, "01_a", paper=True).cells)
    assert "often done wrong" not in printed and "Hint" not in printed


def test_links_of_a_page_in_a_folder_and_on_paper():
    links = Links(ROOT, {"notebooks/01_a.ipynb": "01_a.ipynb"})
    text = "[a](../notebooks/01_a.ipynb#x) [b](README.md) [c](#d) [e](../nothing.md) [f](../helpers)"
    assert links.point(text, "helpers", "api") == (
        "[a](../01_a.ipynb#x) [b](site:../files/helpers/README.md) [c](#d) [e](../nothing.md) f"
    )
    assert links.along == {"helpers/README.md"}
    assert links.point("[01_a.ipynb](01_a.ipynb)", "notebooks") == "[](01_a.ipynb)"  # Sphinx puts the title there
    lone = links.point("[02_skip_gram.ipynb](02_skip_gram.ipynb)", "notebooks")
    assert lone.startswith("[02_skip_gram.ipynb](site:files/")
    paper = Links(ROOT, links.pages, paper=True)
    assert paper.point(text, "helpers") == "[a](01_a.ipynb#x) b [c](#d) [e](../nothing.md) f"


@pytest.mark.parametrize("formula", [r"\nosuch x", r"\frac{1}{", r"\begin{nosuch} a & b \end{nosuch}"])
def test_unknown_formula_is_refused(formula):
    with pytest.raises(site.FormulaError, match=re.escape(formula[:6].replace("\\", "\\\\"))):
        site.mathml(formula)


@pytest.mark.parametrize(
    ("formula", "holds"),
    [
        (r"-\log x", '<mo form="prefix" stretchy="false">−</mo>'),  # a sign, not an operator between two
        (r"\log_2 x", "<msub><mi>log</mi><mn>2</mn></msub>"),
        (r"\sum_{k=1}^K a_k", "<mo"),
    ],
)
def test_formulas_are_marked_up_as_what_they_are(formula, holds):
    assert holds in site.mathml(formula)


def test_a_process_that_has_set_formulas_ends():
    code = "from course import site; print(site.mathml('x'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "<math>" in done.stdout


def test_how_to_cite():
    text = cite(ROOT / "CITATION.cff")
    assert "@software{two_vectors_per_word" in text and "Tomas Mikolov, Ilya Sutskever" in text and "2013" in text


def test_without_a_browser_there_is_no_pdf_and_it_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browsing.shutil, "which", lambda name: None)
    assert command.main(["01", "--pdf", "--to", str(tmp_path / "a.pdf")]) == 2
    assert "install Chromium or Chrome, or set CHROMIUM" in capsys.readouterr().err
    assert not (tmp_path / "a.pdf").exists()


def test_an_unknown_notebook(capsys):
    assert command.main(["99"]) == 2
    assert "'99' is no notebook" in capsys.readouterr().err


def test_pictures_in_the_solutions_are_held_by_the_page(book):
    assert f"base64,{base64.b64encode(png()).decode()}" in article(book, "01_first.html")
