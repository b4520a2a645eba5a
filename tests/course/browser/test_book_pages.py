"""The book as a reader has it, from the disk: axe-core, three widths, paper, links, search, keyboard, dark."""

import re
import subprocess
import sys
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from watching import violations, watched

from course import notebook_files
from course.site.build import write_book
from helpers.files import ROOT

CHAPTERS = [path.stem for path in notebook_files.find()]
BESIDE = ["index", "glossary", "teaching", "changelog", "cite", "search", "api/index", "api/helpers.model"]
OPEN = "document.querySelectorAll('details').forEach(box => (box.open = true))"
# What is cut: text that is wider than its box, and anything wider than the screen. What stands beside the screen until
# a button brings it in is not.
CUT = """() => [...document.querySelectorAll('pre, table, img, div.math, math, p, h1, h2, h3, li, summary, dt')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width
        && !e.closest('.bd-sidebar-primary, .bd-sidebar-secondary, dialog'))
    .filter(e => e.matches('pre') ? e.scrollWidth > e.clientWidth + 1 :
        e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest(
            '.pst-scrollable-table-container, div.math, div.output table, a.image-reference'))
    .map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 60))"""
# On paper nothing scrolls.
LOST = """() => [...document.querySelectorAll('article pre, article div.math, article table, article img')]
    .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
    .map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 60))"""


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    target = tmp_path_factory.mktemp("book")
    said = write_book(notebook_files.find(), target, notebook_files.NOTEBOOKS, root=ROOT)
    return target, said


@pytest.fixture
def page(browser, request):
    options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **getattr(request, "param", {})}
    with watched(browser, **options) as page:
        yield page


def test_it_is_built_without_a_warning(book):
    assert book[1] == ""


@pytest.mark.parametrize("name", [*CHAPTERS, *BESIDE])
def test_a_page_is_open_to_all_and_nothing_is_cut(page, book, name):
    page.goto((book[0] / f"{name}.html").as_uri())
    page.evaluate(OPEN)
    assert violations(page, preload=False) == []
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT) == [], width
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})  # of A4 less its margins
    assert page.evaluate(LOST) == []
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("name", ["index", "03_masked_bce", "06_exploration", "13_context", "api/helpers.model"])
def test_dark(page, book, screenshots, name):
    page.goto((book[0] / f"{name}.html").as_uri())
    page.evaluate(OPEN)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(x => x < 60)")
    assert violations(page, preload=False) == []
    page.screenshot(path=screenshots / f"book_dark_{name.replace('/', '_')}.png")


def test_what_is_wrong_is_seen(page, book):
    page.goto((book[0] / "cite.html").as_uri())
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', `<img src='icon.svg'>"
                  "<pre style='white-space: pre; width: 9rem'>${'wide '.repeat(20)}</pre>`)")  # fmt: skip
    assert [found[0] for found in violations(page, preload=False)][:1] == ["image-alt"]
    assert len(page.evaluate(CUT)) == len(page.evaluate(LOST)) == 1


def test_every_link_leads(book):
    root, known = book[0], {}

    def names(path):
        if path not in known:
            known[path] = set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))
        return known[path]

    lost, count = [], 0
    for path in (p for p in root.rglob("*.html") if not {"slides", "files"} & {*p.relative_to(root).parts}):
        for address in re.findall(r'(?:href|src)="([^"]+)"', path.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", address):
                continue
            place, _, anchor = unquote(address).partition("#")
            to = (path.parent / place.partition("?")[0]).resolve() if place else path
            count += 1
            if not to.is_file() or (anchor and to.suffix == ".html" and anchor not in names(to)):
                lost.append((path.name, address))
    assert lost == [] and count > 5000


def test_it_is_searched_without_a_server(page, book, screenshots):
    page.goto((book[0] / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("perplexity")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any(title.startswith("06") for title in found), found
    page.screenshot(path=screenshots / "book_search.png")


def test_the_keyboard_reaches_and_works_all(page, book):
    page.goto((book[0] / "03_masked_bce.html").as_uri())
    page.keyboard.press("Tab")
    assert "Skip to main content" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        look = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.tagName, e.innerText.trim().slice(0, 30),
                s.outlineStyle !== 'none' || s.boxShadow !== 'none']; }"""
        )
        seen.add((look[0], look[2]))
        if look[1].startswith("What is often done wrong"):
            break
    assert look[0] == "SUMMARY"
    assert {visible for _, visible in seen} == {True}, seen  # the focus is seen, wherever it is
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_a_chapter_has_its_file_its_slides_and_code_to_copy(page, book, screenshots):
    page.goto((book[0] / "02_skip_gram.html").as_uri())
    assert page.locator("button.copybtn").count() > 10
    assert page.get_by_text("Notebook file").get_attribute("href") == "notebooks/02_skip_gram.ipynb"
    page.get_by_text("Slides", exact=True).click()
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.go_back()
    page.screenshot(path=screenshots / "book_02.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "book_02_phone.png")


@pytest.mark.parametrize("width", [1280, 390])
def test_figures_are_sharp_and_say_what_they_show(page, book, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("03_masked_bce", "09_why_it_works"):
        page.goto((book[0] / f"{name}.html").as_uri())
        pictures = page.evaluate(
            """[...document.querySelectorAll('.cell_output img')].map(
                i => [i.alt, i.naturalWidth, i.clientWidth, i.naturalHeight / i.naturalWidth * i.width - i.height])"""
        )
        assert len(pictures) > 2
        for alt, natural, shown, distorted in pictures:
            assert abs(distorted) < 2, alt
            assert len(alt) > 40 and not alt.startswith(("Figure", "<", "_images"))
            assert natural >= 2 * shown > 200
            assert abs(natural - 2 * shown) < 4 or width > 600  # on a phone it scrolls, and its labels keep their size


def test_the_book_is_small(book):
    size = sum(path.stat().st_size for path in book[0].rglob("*") if path.is_file())
    assert size < 40e6


def test_a_chapter_is_printed_whole(page, book, tmp_path):
    page.goto((book[0] / "02_skip_gram.html").as_uri())
    page.pdf(path=tmp_path / "02.pdf", format="A4")
    sheets = PdfReader(tmp_path / "02.pdf").pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert "Exercise 2.4" in text and text.count("standing together (e)") == 1  # of the last reasoning, folded


def test_no_formula_is_left_as_it_was_written(page, book):
    for name in [*CHAPTERS, "glossary"]:
        page.goto((book[0] / f"{name}.html").as_uri())
        left = page.evaluate(
            """() => { const walk = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT);
            const found = [];
            while (walk.nextNode()) {
                const node = walk.currentNode, code = node.parentElement.closest('pre, code, script, a');
                if (/[$]|[\\\\](frac|sigma|cdot|log)/.test(node.data) && !code) found.push(node.data.slice(0, 80)); }
            return found; }"""
        )
        assert left == [], name


@pytest.mark.usefixtures("browser")  # which skips where there is none
def test_the_pdf_has_contents_with_the_pages_of_its_chapters(tmp_path):
    command = [sys.executable, "-m", "course.site", "01", "02", "--pdf", "--to", str(tmp_path / "book.pdf")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    reader = PdfReader(tmp_path / "book.pdf")
    assert said.startswith(f"{len(reader.pages)} pages: ") and len(reader.pages) > 15
    contents = " ".join(reader.pages[0].extract_text().split())
    found = re.search(r"02 · Score a center word against its candidates (\d+)", contents)
    assert "02 · Score a center word" in reader.pages[int(found[1]) - 1].extract_text()
    recaps = [int(number) for number in re.findall(r"Recap (\d+)", contents)]
    assert len(recaps) == 2 and all("Recap" in reader.pages[number - 1].extract_text() for number in recaps)
    assert reader.pages[4].extract_text().split()[-1] == "5"  # the foot has the page's number
