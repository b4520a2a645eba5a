"""The decks in a browser at 1280 x 720: nothing runs over the edge, formulas and figures are there, nothing is "
"fetched."""

import pytest

from course import notebook_files, slides

WIDTH, HEIGHT = 1280, 720
LEAST_FONT = 14.5  # px

# What stands on the slide that is shown: each element's box, what scrolls, pictures, formulas, fonts.
LOOK = """() => {
    const slide = Reveal.getCurrentSlide();
    const all = [...slide.querySelectorAll('*')].filter(e => !e.closest('aside.notes'));
    const boxes = all.map(e => [e.tagName.toLowerCase(), e.getBoundingClientRect()])
        .filter(([_, r]) => r.width || r.height);
    const over = boxes.filter(([_, r]) => r.left < -1 || r.top < -1 || r.right > innerWidth + 1
        || r.bottom > innerHeight + 1);
    const scrolls = all.filter(e => e.clientWidth && getComputedStyle(e).overflowX !== 'visible' &&
        e.scrollWidth > e.clientWidth + 2);
    const words = all.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('math'));
    return {
        title: slide.querySelector('h1, h2').innerText,
        over: over.slice(0, 5).map(([tag, r]) => `${tag} to ${Math.round(r.right)}, ${Math.round(r.bottom)}`),
        scrolls: scrolls.map(e => e.tagName),
        pictures: [...slide.querySelectorAll('img')].map(i => [i.naturalWidth, i.getBoundingClientRect().height]),
        formulas: [...slide.querySelectorAll('math')].filter(m => !m.closest('aside.notes'))
            .map(m => m.getBoundingClientRect()).map(r => [r.width, r.height]),
        font: Math.min(...words.map(e => parseFloat(getComputedStyle(e).fontSize))),
        hidden: [...slide.querySelectorAll('.fragment')]
            .filter(e => getComputedStyle(e).visibility === 'hidden').length,
    }; }"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    target = tmp_path_factory.mktemp("slides")
    slides.write_decks(notebook_files.find(), target)
    return target


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def each_slide(page):
    """Go through a deck, fragments shown, and yield what each slide looks like."""
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.add_style_tag(content="* { transition: none !important; }")
    for i in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({i}, 0, 99)")
        page.wait_for_function(f"Reveal.getIndices().h === {i}")
        yield i + 1, page.evaluate(LOOK)


def faults(look):
    """What is wrong with a slide."""
    if look["over"]:
        yield f"over the edge: {'; '.join(look['over'])}"
    if look["scrolls"]:
        yield f"scrolls: {look['scrolls']}"
    if look["font"] < LEAST_FONT:
        yield f"words of {look['font']} px"
    if look["hidden"]:
        yield "a fragment stays hidden"
    for natural, height in look["pictures"]:
        if not natural or height < 150:
            yield f"a picture {natural} px wide, shown {height:.0f} px high"
    for width, height in look["formulas"]:
        if width < 3 or height < 8:
            yield f"a formula of {width:.0f} x {height:.0f} px"


@pytest.mark.parametrize("name", [path.stem for path in notebook_files.find()])
def test_a_deck_fits(page, decks, screenshots, name):
    address = (decks / f"{name}.html").as_uri()
    page.goto(address)
    looks = list(each_slide(page))
    assert [(number, look["title"], fault) for number, look in looks for fault in faults(look)] == []
    assert len(looks) >= 10
    assert any(look["pictures"] for _, look in looks)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    page.evaluate("Reveal.slide(2, 0, 99)")
    page.screenshot(path=screenshots / f"slides_{name}.png")


def test_formulas_are_drawn(page, decks):
    page.goto((decks / "09_why_it_works.html").as_uri())
    assert sum(len(look["formulas"]) for _, look in each_slide(page)) > 10


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<p>" + "word " * 2000 + "</p>", "over the edge"),
        ('<div style="width: 1500px; height: 9px">wide</div>', "over the edge"),
        ('<pre style="overflow-x: auto; white-space: pre; width: 300px">' + "x" * 200 + "</pre>", "scrolls"),
        ('<p style="font-size: 9px">small</p>', "words of 9 px"),
        ('<img src="data:image/png;base64,AAAA" style="height: 200px">', "a picture 0 px wide"),
        ("<math><mi></mi></math>", "a formula"),
        ('<p class="fragment" data-fragment-index="0" style="visibility: hidden !important">x</p>', "stays hidden"),
    ],
)
def test_the_test_of_a_deck_finds_what_is_wrong(page, decks, content, fault):
    page.goto((decks / "01_embeddings.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate("html => { Reveal.slide(1); Reveal.getCurrentSlide().innerHTML = '<h2>T</h2>' + html; }", content)
    assert any(fault in line for line in faults(page.evaluate(LOOK)))
