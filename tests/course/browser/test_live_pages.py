"""The pages that compute: what they show beside helpers', what they refuse, the keyboard, axe-core, and no network."""

import numpy as np
import pytest
import torch
from watching import axe

from experiments.answers import data_of, vectors
from helpers.corpus import UnknownWord
from helpers.files import ROOT
from helpers.model import gradients, slot_weights
from helpers.plots.maps import OTHER, theme_colors
from helpers.sampling import noise_distribution
from helpers.texts.showcase import WIKI
from helpers.vectors import analogy, neighbours

LIVE = ROOT / "notebooks" / "live"
STEPS = """number => {
    const tables = () => structuredClone([model.v, model.u]), before = tables(), steps = [];
    for (let i = 0; i < number; i++) steps.push({...model.step(), after: tables()});
    return {before, steps, words: model.vocab.words, counts: model.vocab.counts, noise: model.noise,
        sentences: model.vocab.sentences, epochs: model.epochs}; }"""


@pytest.fixture
def tab(browser):
    """An empty page that keeps what is said on its console and what it asks for."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: page.said.append(dialog.message) or dialog.dismiss())
    yield page
    page.close()


@pytest.fixture
def page(tab):
    """The page that trains."""
    tab.goto((LIVE / "training.html").as_uri())
    return tab


@pytest.fixture
def answers(tab):
    """The page that answers."""
    tab.goto((LIVE / "answers.html").as_uri())
    return tab


@pytest.fixture(scope="module")
def held():
    """The table that the page that answers computes with, in double precision, and its words."""
    W, vocab = vectors(data_of((LIVE / "answers.html").read_text(encoding="utf-8")))
    return W.double(), vocab


def begin(page, **settings):
    for name, value in settings.items():
        page.fill(f"#{name}", str(value))
    page.click("text=Begin anew")


@pytest.mark.parametrize(
    "settings",
    [{}, {"window": 4, "K": 5, "rate": 2, "power": 0, "seed": 7}, {"text": "a b a\nb c a c\nd a", "window": 1, "K": 1}],
)
def test_every_partial_result_is_that_of_helpers(page, settings):
    begin(page, **settings)
    found = page.evaluate(STEPS, 10)
    rate = float(page.input_value("#rate"))
    v, u = (torch.tensor(rows, dtype=torch.float64) for rows in found["before"])
    assert v.shape == u.shape == (len(found["words"]), 8)
    assert abs(v).max() <= (6 / sum(v.shape)) ** 0.5 and v.std() > 0.05  # Xavier's, uniform
    for one in found["steps"]:
        slots, label = torch.tensor(one["slots"]), torch.tensor([one["y"]], dtype=torch.float64)
        assert one["slots"] == one["contexts"] + one["noise"] and one["y"] == [1] * len(one["contexts"]) + [0] * len(
            one["noise"]
        )
        weight = slot_weights(torch.ones_like(label))
        loss, grad_v, grad_u = gradients(v[[one["center"]]], u[slots][None], label, weight)
        score = u[slots] @ v[one["center"]]
        parts = {"v": v[one["center"]].clone(), "u": u[slots], "score": score, "error": torch.sigmoid(score) - label[0]}
        parts |= {"loss": loss[0], "gradV": grad_v[0], "gradU": grad_u[0], "alpha": weight[0, 0]}
        v[one["center"]] -= rate * grad_v[0]
        u.index_add_(0, slots, -rate * grad_u[0])
        for name, wanted in (*parts.items(), ("after", torch.stack([v, u]))):
            assert np.allclose(one[name], wanted, rtol=0, atol=1e-6), name


def test_what_is_drawn_is_what_the_settings_say(page):
    begin(page, window=3, K=4, power=0.5, seed=3)
    found = page.evaluate(STEPS, 400)
    counts = np.array([0, *found["counts"]])
    assert np.allclose(found["noise"], noise_distribution(counts, power=0.5)[1:], atol=1e-9)
    drawn, reaches, centers = np.zeros(len(found["words"])), set(), []
    for one in found["steps"]:
        line = found["sentences"][one["s"]]
        assert line[one["at"]] == one["center"] and [line[i] for i in one["places"]] == one["contexts"]
        reach = max(abs(i - one["at"]) for i in one["places"])
        inside = [i for i in range(len(line)) if i != one["at"] and abs(i - one["at"]) <= reach]
        assert one["places"] == inside and reach <= 3
        assert len(one["noise"]) == 4 * len(one["contexts"]) and not {*one["noise"]} & {*one["contexts"]}
        reaches.add(reach)
        centers.append((one["s"], one["at"]))
        drawn += np.bincount(one["noise"], minlength=len(drawn))
    assert reaches == {1, 2, 3}
    tokens = sum(map(len, found["sentences"]))
    assert len({*centers[:tokens]}) == tokens and found["epochs"] == 400 // tokens  # each place once an epoch
    frequent, rare = np.argmax(found["counts"]), np.argmin(found["counts"])
    assert drawn[frequent] > drawn[rare] > 0


def test_training_lowers_the_loss_and_a_seed_repeats_it(page):
    losses = []
    for seed in (1, 1, 2):
        begin(page, seed=seed)
        losses.append(page.evaluate("Array.from({length: 1500}, () => model.step().loss)"))
    assert losses[0] == losses[1] != losses[2]
    assert np.mean(losses[0][-200:]) < 0.75 * np.mean(losses[0][:100])


def test_it_is_worked_by_the_keyboard_and_shows_what_was_drawn(page, screenshots):
    page.focus("#step")
    page.keyboard.press("Enter")
    assert "step 1, epoch 0" in page.inner_text("#count")
    step = page.evaluate("last")
    words = page.evaluate("model.vocab.words")
    assert page.locator("#v tr.center th").inner_text() == words[step["center"]]
    lit = {
        page.locator("#u tr.context th").nth(i).inner_text() for i in range(page.locator("#u tr.context th").count())
    }
    assert lit == {words[i] for i in step["contexts"]}
    assert page.locator("#slots tbody tr").count() == len(step["slots"]) + 1
    assert f"{step['loss']:.4f}" in page.inner_text("#slots")
    page.focus("#epoch")
    page.keyboard.press("Space")
    assert "epoch 1" in page.inner_text("#count") and "from" in page.locator("#curve svg").get_attribute("aria-label")
    page.click("#play")
    page.wait_for_function("model.steps > 48")
    page.click("#play")
    stopped = page.evaluate("model.steps")
    page.wait_for_timeout(600)
    assert page.evaluate("model.steps") == stopped and page.inner_text("#play") == "Play"
    near = page.evaluate("model.neighbours(3)")
    page.select_option("#word", "3")
    assert page.locator("#near li").first.inner_text().startswith(words[near[0][0]])
    page.screenshot(path=screenshots / "live_training.png", full_page=True)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"window": 0}, "Largest window: give a whole number from 1 to 10."),
        ({"window": 1.5}, "Largest window: give a whole number"),
        ({"K": 21}, "Noise words"),
        ({"rate": 0}, "Learning rate"),
        ({"power": ""}, "Exponent"),
        ({"seed": -1}, "Seed"),
        ({"text": ""}, "Sentences: there is none"),
        ({"text": "one\ntwo\nthree"}, "Sentences: there is none"),
        ({"text": "one two one two"}, "fewer than three"),
    ],
)
def test_what_it_refuses_is_named_and_nothing_is_lost(page, settings, says):
    page.click("#step")
    begin(page, **settings)
    assert says in page.inner_text("#error") and page.evaluate("model.steps") == 1
    assert page.said == []


def test_a_window_over_all_words_ends_with_a_reason(page):
    begin(page, text="a b c a b c", window=5)
    page.click("#epoch")
    assert "Window: it covers all the words" in page.inner_text("#error") and page.said == []


def test_other_scripts_and_markup_are_words(page):
    begin(page, text="кошка сидит дома\n猫 在 家 里\n<b>bold</b> & co\ncafé l'été naïve")
    words = page.evaluate("model.vocab.words")
    assert {"кошка", "猫", "l'été", "naïve", "b", "bold", "co"} <= {*words} and len(words) <= 20
    page.click("#step")
    assert page.locator("#v b").count() == 0 and page.said == []


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "press"), [("training", "#epoch"), ("answers", "#allow")])
def test_nothing_leaves_or_is_cut_and_axe_finds_nothing(tab, name, press, width, scheme, screenshots):
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto((LIVE / f"{name}.html").as_uri())
    tab.click(press)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    assert dark == (scheme == "dark")
    tab.screenshot(path=screenshots / f"live_{name}_{scheme}_{width}.png", full_page=True)
    found = axe(tab)
    assert found["violations"] == []
    assert {"color-contrast", "label"} <= {rule["id"] for rule in found["passes"]}
    assert [url for url in tab.asked if not url.startswith("file:")] == [] and tab.said == []


@pytest.mark.parametrize(("name", "most"), [("training", 60_000), ("answers", 800_000)])
def test_the_pages_are_small(name, most):
    assert (LIVE / f"{name}.html").stat().st_size < most


ASKED = (
    "the of king queen atom war paris music blue water church january he two new algebraic curaçao minsky mifepristone "
    "brønsted mother moon 1 europe"
).split()


def test_every_cosine_and_neighbour_is_numpys(answers, held):
    W, vocab = held
    asked = [word for word in ASKED if word in vocab]
    assert len(asked) >= 20 and answers.evaluate("words") == vocab.words[1:]
    assert answers.evaluate("counts") == vocab.counts[1:].tolist()
    W = W.numpy()
    unit = W[1:] / np.linalg.norm(W[1:], axis=1, keepdims=True)
    for word in asked:
        i = vocab[word]
        found = answers.evaluate("i => ({all: [...cosines(unit(i))], near: neighbours(i, 10), long: length(i)})", i - 1)
        wanted = unit @ unit[i - 1]
        assert np.abs(found["all"] - wanted).max() < 1e-5
        assert abs(found["long"] - np.linalg.norm(W[i])) < 1e-5
        order = [j for j in np.argsort(-wanted, kind="stable") if j != i - 1][:10]
        assert [j for j, _ in found["near"]] == order
        assert np.allclose([cosine for _, cosine in found["near"]], wanted[order], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "asked",
    [
        "man king woman",
        "france paris germany",
        "he his she",
        "catholic church orthodox",
        "king king queen",
        "he she he",
    ],
)
def test_analogies_are_those_of_helpers(answers, held, asked):
    W, vocab = held
    a, b, c = asked.split()
    for exclude in (True, False):
        wanted = analogy(a, b, c, 10, W, vocab, exclude)
        ids = [vocab[word] - 1 for word in (a, b, c)]
        found = answers.evaluate("([ids, exclude]) => analogy(...ids, 10, exclude)", [ids, exclude])
        assert [vocab.words[i + 1] for i, _ in found] == [word for word, _ in wanted]
        assert np.allclose([x for _, x in found], [x for _, x in wanted], rtol=0, atol=1e-5)
    for name, word in zip("abc", (a, b, c)):
        answers.fill(f"#{name}", word)
    answers.press("#c", "Enter")
    assert answers.locator("#answers h3").all_inner_texts() == ["Without the question's words"]  # by default
    answers.check("#allow")
    shown = [answers.locator("#answers table").nth(i).locator("button").all_inner_texts() for i in (0, 1)]
    assert shown == [[w for w, _ in analogy(a, b, c, 10, W, vocab, exclude)] for exclude in (True, False)]
    given = [words.split()[0] for words in answers.locator("#answers th:has-text('(given)')").all_inner_texts()]
    assert {*given} == {a, b, c} & {*shown[1]} and not {a, b, c} & {*shown[0]}
    assert f"without the question's words, {shown[0][0]}; with them, {shown[1][0]}" in answers.inner_text("#answered")


@pytest.mark.parametrize(("one", "other"), [("king", "queen"), ("the", "minsky"), ("atom", "atom")])
def test_two_words_and_their_places(answers, held, one, other):
    W, vocab = held
    answers.fill("#one", one)
    answers.fill("#other", other)
    answers.press("#other", "Enter")
    said = answers.inner_text("#compared")
    i, j = vocab[one], vocab[other]
    wanted = float(torch.nn.functional.cosine_similarity(W[i], W[j], dim=0))
    assert f"{abs(wanted):.3f}" in said
    if one == other:
        assert "it is the same word" in said
        return
    for word, of in ((one, other), (other, one)):
        place = 1 + [w for w, _ in neighbours(of, len(vocab), W, vocab)].index(word)
        assert f"{word} is number {place:,} among the {len(vocab) - 2:,} neighbours of {of}" in said


def test_what_is_shown_is_what_was_computed(answers, held):
    W, vocab = held
    for word in ("king", "minsky"):
        answers.fill("#word", word)
        answers.press("#word", "Enter")
        wanted = neighbours(word, 10, W, vocab)
        rows = answers.locator("#near tbody tr")
        assert rows.locator("button").all_inner_texts() == [near for near, _ in wanted]
        assert rows.locator("td:nth-child(2)").all_inner_texts() == [f"{cosine:.3f}" for _, cosine in wanted]
        seen = [f"{vocab.counts[vocab[near]]:,}" for near, _ in wanted]
        assert rows.locator("td:nth-child(3)").all_inner_texts() == seen
        wide = rows.locator(".bar span").evaluate_all("all => all.map(bar => bar.style.width)")
        assert [float(width.rstrip("%")) for width in wide] == [round(100 * cosine, 1) for _, cosine in wanted]
        said = answers.inner_text("#said")
        assert f"{word}: seen {vocab.counts[vocab[word]]:,} times" in said and wanted[0][0] in said
    assert answers.get_attribute("#said", "role") == "status" and answers.said == []


@pytest.mark.parametrize("typed", ["kingg", "Physicss", "electrn", "xqzvwk", "wa", "новое", "zzz" * 40, "new york"])
def test_an_unknown_word_gets_the_spellings_of_helpers(answers, held, typed):
    _, vocab = held
    with pytest.raises(UnknownWord) as error:
        vocab[typed.lower()]
    wanted = str(error.value).partition("the nearest spellings: ")[2]
    answers.fill("#word", typed)
    answers.click("text=Find")
    near = answers.locator("#said button").all_inner_texts()
    assert near == (wanted.split(", ") if wanted else [])
    assert answers.get_attribute("#word", "aria-invalid") == "true" and answers.inner_text("#near") == ""
    assert ("no spelling is near" in answers.inner_text("#said")) == (not wanted)
    if near:
        answers.click("#said button >> nth=0")
        assert answers.input_value("#word") == near[0] and near[0] in answers.inner_text("#near h3")
        assert answers.get_attribute("#word", "aria-invalid") == "false"
    answers.fill("#b", typed)
    answers.press("#b", "Enter")
    assert "is not among the" in answers.inner_text("#answered") and answers.inner_text("#answers") == ""
    assert [answers.get_attribute(f"#{x}", "aria-invalid") for x in "abc"] == ["false", "true", "false"]
    if near:
        answers.click("#answered button >> nth=0")
        assert answers.input_value("#b") == near[0] and answers.locator("#answers table").count() == 1
    assert answers.said == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("  KING\t", "king: seen"),
        ("Curac\u0327ao", "curaçao: seen"),
        ("", "Type a word."),
        (" \u00a0 ", "Type a word."),
        ("<img src=x onerror=alert(1)>", "“<img src=x onerror=alert(1)>” is not among"),
        ("</script><b>bold", "is not among"),
        ('"><i>', "is not among"),
        ("__proto__", "is not among"),
        ("constructor", "is not among"),
        ("\U0001f451", "is not among"),
        pytest.param("x" * 5000, "xxx…” is not among", id="long"),
    ],
)
def test_odd_input_is_a_word_or_is_named(answers, typed, says):
    for name, into, button in (("word", "said", "Find"), ("other", "compared", "Compare"), ("a", "answered", "is to?")):
        answers.fill(f"#{name}", typed)
        answers.click(f"button:text-is('{button}')")
        expected = says.partition(":")[0]
        assert expected in answers.inner_text(f"#{into}")
    assert says in answers.inner_text("#said")
    assert answers.locator("main img, main i:not(#key i), main b, main script").count() == 0
    assert answers.said == [] and answers.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_is_worked_by_the_keyboard_alone(answers, held):
    W, vocab = held
    keys, focus = answers.keyboard, "document.activeElement.id || document.activeElement.textContent"

    def tab_to(name):
        for _ in range(60):
            keys.press("Tab")
            if answers.evaluate(focus) == name:
                return
        raise AssertionError(f"Tab does not reach {name}")

    tab_to("word")
    keys.type("war")  # over what stood there, for Tab selects it
    keys.press("Enter")
    first = neighbours("war", 2, W, vocab)[1][0]
    tab_to(first)
    keys.press("Enter")
    assert answers.input_value("#word") == first and answers.evaluate(focus) == f"Nearest to {first}"
    keys.press("Tab")
    assert answers.evaluate(focus) == neighbours(first, 1, W, vocab)[0][0]
    tab_to("other")
    keys.type("moon")
    keys.press("Enter")
    assert "moon" in answers.inner_text("#compared")
    tab_to("allow")
    keys.press("Space")
    assert answers.locator("#answers table").count() == 2
    tab_to("map")
    keys.press("Escape")
    names = answers.evaluate("dots.map(dot => words[dot.id])")
    start = names.index(first) if first in names else -1
    for step, key in ((1, "ArrowRight"), (2, "ArrowDown"), (1, "ArrowLeft")):
        keys.press(key)
        word = names[start + step]
        assert answers.text_content("#map .on") == word and answers.inner_text("#shown").startswith(word)
    assert answers.get_attribute("#shown", "aria-live") == "polite"
    keys.press("Enter")
    assert answers.inner_text("#near h3") == f"Nearest to {word}"


def test_the_map_has_the_themes_colours_and_lines_to_the_nearest(answers, held):
    W, vocab = held
    names = answers.evaluate("dots.map(dot => words[dot.id])")
    fills = answers.locator("#map g:first-child circle").evaluate_all("all => all.map(c => c.getAttribute('fill'))")
    color = theme_colors(names, WIKI.themes)
    assert len(names) == len({*names}) == 300 and fills == [color.get(word, OTHER) for word in names]
    assert answers.get_attribute("#map", "aria-label").startswith(f"Map of {len(names)} words. The arrow keys")
    keys = answers.locator("#key li").all_inner_texts()
    assert keys == [
        *[f"{t}, {sum(w in vocab for w in group)} words" for t, group in WIKI.themes.items()],
        "other frequent words",
    ]
    x, y = answers.evaluate("spot(dots[dotOf.get(ids.get('germany'))])")
    answers.locator("#map").scroll_into_view_if_needed()
    box = answers.locator("#map").bounding_box()
    answers.mouse.move(box["x"] + x, box["y"] + y)
    rest = torch.stack([W[vocab[name]] for name in names if name != "germany"])
    cosine = torch.nn.functional.cosine_similarity(rest, W[vocab["germany"]][None])
    near = [[name for name in names if name != "germany"][i] for i in cosine.topk(5).indices]
    assert answers.inner_text("#shown") == f"germany (countries): nearest on it {', '.join(near)}."
    ends = answers.evaluate("[...document.querySelectorAll('#map path')].map(p => p.getAttribute('d').split('L')[1])")
    assert ends == answers.evaluate("near => near.map(w => spot(dots[dotOf.get(ids.get(w))]).join(' '))", near)
    assert answers.locator("#map .front text").all_text_contents() == ["germany", *near]
    answers.mouse.click(box["x"] + x, box["y"] + y)
    assert answers.input_value("#word") == "germany"
    answers.mouse.move(5, 5)
    assert answers.text_content("#map .on") == "germany"  # what was asked for stays lit
    answers.fill("#word", "minsky")
    answers.press("#word", "Enter")
    assert answers.inner_text("#shown").startswith("minsky is not on the map: nearest on it ")
    assert answers.locator("#map path").count() == 0 and answers.locator("#map .front circle").count() == 5


def test_the_address_asks_and_the_way_back_leads_to_the_word_before(answers):
    url = (LIVE / "answers.html").as_uri()
    answers.goto(f"{url}#moon")
    assert answers.inner_text("#near h3") == "Nearest to moon"
    first = answers.locator("#near button").first.inner_text()
    answers.locator("#near button").first.click()
    assert answers.url == f"{url}#{first}"
    answers.go_back()
    answers.wait_for_function("document.querySelector('#near h3').textContent === 'Nearest to moon'")
    for broken in ("%E0%A4%A", "<b>x</b>", "kingg"):
        answers.goto(f"{url}#{broken}")
        answers.wait_for_function("document.getElementById('said').textContent.includes('is not among')")
    assert answers.said == [] and answers.locator("main b").count() == 0


def test_it_leads_back_to_the_notebook_and_names_its_source(answers):
    for link in answers.locator("a").all():
        target = link.get_attribute("href")
        assert target.startswith("https://en.wikipedia.org/") or (LIVE / target).resolve().is_file()
    assert "CC BY-SA" in answers.inner_text("main") and answers.locator("h1").count() == 1
