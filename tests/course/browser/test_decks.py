"""The decks in a browser at 1280 x 720: nothing runs over the edge, words are legible from the back of a room, formulas
and figures are there, paper and keyboard work, and nothing is fetched."""

import pytest
from watching import violations, watched

from course import notebook_files, slides

WIDTH, HEIGHT = 1280, 720
LEAST_FONT = 28  # px of what is printed, and of prose
LEAST_CODE = 24  # px of code, beside a result or alone
LEAST_NOTE = 20  # px of the number of a slide, and of where its code is
LEAST_CONTRAST = 3  # of the progress bar, by WCAG 2.2, 1.4.11
FOOT = 44  # px at the bottom that belong to the number, the arrows and the progress bar
NAMES = [path.stem for path in notebook_files.find()]

# What stands on the slide that is shown: each element's box, what scrolls, pictures, formulas, fonts.
LOOK = """() => {
    const slide = Reveal.getCurrentSlide();
    const all = [...slide.querySelectorAll('*')].filter(e => !e.closest('aside.notes'));
    const inside = all.filter(e => !e.matches('.page, .page *[hidden]'));
    const boxes = inside.map(e => [e.tagName.toLowerCase(), e.getBoundingClientRect()])
        .filter(([_, r]) => r.width || r.height);
    const over = boxes.filter(([_, r]) => r.left < -1 || r.top < -1 || r.right > innerWidth + 1
        || r.bottom > innerHeight - FOOT + 1);
    const scrolls = all.filter(e => e.clientWidth && getComputedStyle(e).overflowX !== 'visible' &&
        e.scrollWidth > e.clientWidth + 2 || e.matches('pre') && e.scrollWidth > e.clientWidth + 1);
    const words = all.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('math'));
    const least = (found) => Math.min(...found.map(e => parseFloat(getComputedStyle(e).fontSize)));
    const code = words.filter(e => e.closest('pre.code')), notes = words.filter(e => e.closest('.where'));
    const inline = words.filter(e => e.matches('code') || e.closest('code'));
    return {
        title: slide.querySelector('h2').innerText,
        over: over.slice(0, 5).map(([tag, r]) => `${tag} to ${Math.round(r.right)}, ${Math.round(r.bottom)}`),
        scrolls: scrolls.map(e => e.tagName),
        pictures: [...slide.querySelectorAll('img')].map(i => {
            const box = i.getBoundingClientRect();
            const scale = Math.min(box.width / i.naturalWidth, box.height / i.naturalHeight);
            return {natural: i.naturalWidth, alt: i.alt, wide: scale * i.naturalWidth,
                high: scale * i.naturalHeight}; }),
        formulas: [...slide.querySelectorAll('math')].filter(m => !m.closest('aside.notes'))
            .map(m => m.getBoundingClientRect()).map(r => [r.width, r.height]),
        font: least(words.filter(e => !code.includes(e) && !notes.includes(e) && !inline.includes(e))),
        code: least([...code, ...inline]), note: least(notes),
        hidden: [...slide.querySelectorAll('.fragment')]
            .filter(e => getComputedStyle(e).visibility === 'hidden').length,
    }; }""".replace("FOOT", str(FOOT))


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    target = tmp_path_factory.mktemp("slides")
    slides.write_decks(notebook_files.find(), target)
    return target


@pytest.fixture
def page(browser):
    with watched(browser, viewport={"width": WIDTH, "height": HEIGHT}) as page:
        yield page


def opened(page, address):
    page.goto(address)
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    return page.evaluate("Reveal.getTotalSlides()")


def each_slide(page, total):
    """Go through a deck, fragments shown, and yield the number of each slide."""
    for i in range(total):
        page.evaluate(f"Reveal.slide({i}, 0, 99)")
        page.wait_for_function(f"Reveal.getIndices().h === {i}")
        yield i + 1


def faults(look):
    """What is wrong with a slide."""
    if look["over"]:
        yield f"over the edge: {'; '.join(look['over'])}"
    if look["scrolls"]:
        yield f"scrolls: {look['scrolls']}"
    for name, least in (("font", LEAST_FONT), ("code", LEAST_CODE), ("note", LEAST_NOTE)):
        if look[name] is not None and look[name] < least - 0.1:
            yield f"{name}: words of {look[name]} px"
    if look["hidden"]:
        yield "a fragment stays hidden"
    for picture in look["pictures"]:
        if not picture["natural"] or picture["high"] < 250:
            yield f"a picture {picture['natural']} px wide, shown {picture['high']:.0f} px high"
        if max(picture["wide"] / WIDTH, picture["high"] / HEIGHT) < 0.5:
            yield f"a picture shown {picture['wide']:.0f} x {picture['high']:.0f} px small"
        if not picture["alt"]:
            yield "a picture without words"
    for width, height in look["formulas"]:
        if width < 3 or height < 8:
            yield f"a formula of {width:.0f} x {height:.0f} px"


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_fits(page, decks, screenshots, name):
    total = opened(page, (decks / f"{name}.html").as_uri())
    looks = [(number, page.evaluate(LOOK)) for number in each_slide(page, total)]
    assert [(number, look["title"], fault) for number, look in looks for fault in faults(look)] == []
    assert len(looks) >= 10
    assert any(look["pictures"] for _, look in looks)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    page.evaluate("Reveal.slide(2, 0, 99)")
    page.screenshot(path=screenshots / f"slides_{name}.png")


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_can_be_read_by_all(page, decks, name):
    total = opened(page, (decks / f"{name}.html").as_uri())
    for number in each_slide(page, total):
        where = "document" if number == 1 else "Reveal.getCurrentSlide()"  # what all slides share, once
        assert violations(page, where) == [], number


@pytest.mark.parametrize("query", ["?print-pdf", ""])
@pytest.mark.parametrize("name", ["03_masked_bce", "06_exploration"])
def test_paper_has_one_sheet_for_a_slide(page, decks, tmp_path, name, query):
    pypdf = pytest.importorskip("pypdf")
    address = (decks / f"{name}.html").as_uri()
    total = opened(page, address)
    page.goto("about:blank")
    page.goto(address + query)
    page.wait_for_selector(".pdf-page" if query else ".slides > section.present")
    if query:
        page.wait_for_function("n => document.querySelectorAll('.pdf-page').length === n", arg=total)
    page.emulate_media(media="print")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.page')].map(p => { const own = p.getBoundingClientRect(),
            first = p.firstElementChild.getBoundingClientRect();
            return [own.width, own.height, first.left - own.left]; })"""
    )
    assert [tuple(map(round, box)) for box in boxes] == [(WIDTH, HEIGHT, 40)] * total
    hidden = "e => ['hidden', 'collapse'].includes(getComputedStyle(e).visibility) || getComputedStyle(e).opacity < 1"
    assert page.evaluate(f"[...document.querySelectorAll('.fragment')].filter({hidden}).length") == 0
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    sheets = pypdf.PdfReader(tmp_path / "deck.pdf").pages
    assert len(sheets) == total
    assert {(round(s.mediabox.width * 4 / 3), round(s.mediabox.height * 4 / 3)) for s in sheets} == {(WIDTH, HEIGHT)}
    assert "Recap" in "".join(sheet.extract_text() for sheet in sheets)


def contrast(one, other):
    """The ratio of two colours by WCAG, from ``rgb(...)``."""

    def light(color):
        shares = [int(x) / 255 for x in color[color.index("(") + 1 : -1].split(",")[:3]]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_one_sees_how_far_one_is(page, decks):
    total = opened(page, (decks / "01_embeddings.html").as_uri())
    page.evaluate("Reveal.slide(5)")
    bar, track, back, box = page.evaluate(
        """() => { const bar = document.querySelector('.progress span'), of = e => getComputedStyle(e);
            return [of(bar).backgroundColor, of(bar.parentElement).backgroundColor,
                of(document.querySelector('.reveal')).backgroundColor, bar.getBoundingClientRect().toJSON()]; }"""
    )
    assert min(contrast(bar, track), contrast(bar, back)) >= LEAST_CONTRAST
    assert box["height"] >= 5 and box["width"] == pytest.approx(WIDTH * 5 / (total - 1), abs=WIDTH / total)
    assert page.locator(".slide-number").inner_text().split() == ["6", "/", str(total)]


def test_the_keyboard_moves_and_is_seen(page, decks):
    opened(page, (decks / "01_embeddings.html").as_uri())
    page.keyboard.press("Space")
    assert page.evaluate("Reveal.getIndices().h") == 1
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(8):
        outline = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                return e === document.body ? null
                    : [e.className, s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor]; }"""
        )
        if outline:
            reached.add(outline[0])
            assert outline[1] == "solid" and outline[2] >= 3, outline
            assert contrast(outline[3], "rgb(255, 255, 255)") >= LEAST_CONTRAST
        page.keyboard.press("Tab")
    assert any("navigate-right" in name for name in reached)


def test_an_answer_comes_on_the_next_key(page, decks):
    opened(page, (decks / "05_training.html").as_uri())
    at = page.evaluate(
        """() => [...document.querySelectorAll('.slides > section')]
            .findIndex(s => s.querySelector('.guess') && s.querySelector('.fragment.printed'))"""
    )
    assert at > 0
    page.evaluate(f"Reveal.slide({at}, 0, -1)")
    shown = "getComputedStyle(Reveal.getCurrentSlide().querySelector('.fragment.printed')).visibility"
    assert page.evaluate(shown) == "hidden"
    for _ in range(2):  # the result, perhaps after the place of its code
        page.keyboard.press("ArrowRight")
    assert page.evaluate(shown) == "visible" and page.evaluate("Reveal.getIndices().h") == at


def test_formulas_are_drawn_in_the_deck_s_own_font(page, decks):
    total = opened(page, (decks / "09_why_it_works.html").as_uri())
    assert sum(len(page.evaluate(LOOK)["formulas"]) for _ in each_slide(page, total)) > 10
    page.evaluate("document.fonts.ready")
    fonts = page.evaluate("[...document.fonts].map(f => [f.family.replaceAll('\"', ''), f.status])")
    assert sorted(fonts) == [["Iosevka", "loaded"], ["STIX Two Math", "loaded"]]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<p>" + "word " * 2000 + "</p>", "over the edge"),
        ('<div style="width: 1500px; height: 9px">wide</div>', "over the edge"),
        ("<math display='block'>" + "<mi>x</mi><mo>+</mo>" * 80 + "</math>", "over the edge"),
        ('<pre style="overflow-x: auto; white-space: pre; width: 300px">' + "x" * 200 + "</pre>", "scrolls"),
        ('<p style="font-size: 27px">small</p>', "font: words of 27 px"),
        ('<pre class="printed" style="font-size: 26px">1</pre>', "font: words of 26 px"),
        ('<pre class="code" style="font-size: 23px">x = 1</pre>', "code: words of 23 px"),
        ('<img src="data:image/png;base64,AAAA" style="height: 200px" alt="x">', "a picture 0 px wide"),
        ('<img src="data:image/png;base64,AAAA" style="height: 200px">', "a picture without words"),
        ("<math><mi></mi></math>", "a formula"),
        ('<p class="fragment" data-fragment-index="0" style="visibility: hidden !important">x</p>', "stays hidden"),
    ],
)
def test_the_test_of_a_deck_finds_what_is_wrong(page, decks, content, fault):
    opened(page, (decks / "01_embeddings.html").as_uri())
    page.evaluate(
        """html => { Reveal.slide(1);
            Reveal.getCurrentSlide().innerHTML = `<div class="page"><h2>T</h2>${html}</div>`; }""",
        content,
    )
    assert any(fault in line for line in faults(page.evaluate(LOOK)))
