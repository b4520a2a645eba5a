"""The page that trains: every partial result beside helpers', its settings, what it refuses, and no network."""

import numpy as np
import pytest
import torch

from helpers.files import ROOT
from helpers.model import gradients, slot_weights
from helpers.sampling import noise_distribution

PAGE = ROOT / "notebooks" / "live" / "training.html"
STEPS = """number => {
    const tables = () => structuredClone([model.v, model.u]), before = tables(), steps = [];
    for (let i = 0; i < number; i++) steps.push({...model.step(), after: tables()});
    return {before, steps, words: model.vocab.words, counts: model.vocab.counts, noise: model.noise,
        sentences: model.vocab.sentences, epochs: model.epochs}; }"""


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(PAGE.as_uri())
    yield page
    page.close()


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
        losses.append([one["loss"] for one in page.evaluate(STEPS, 1500)["steps"]])
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
def test_nothing_leaves_or_is_cut(page, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.click("#epoch")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [url for url in page.asked if not url.startswith("file:")] == [] and page.said == []


def test_the_page_is_small():
    assert PAGE.stat().st_size < 60_000
