"""JupyterLab as a reader has it: the curve moves while training runs, the boxes answer, nothing is broken or barred."""

import json
import urllib.request

import pytest
from watching import violations

# What the course gives to JupyterLab: outputs and Markdown, all of it in the page (windowingMode in conftest.py).
# JupyterLab's own is left out: its menus and bars, editors without a name (aria-input-field-name), the feed of cells
# with children of another kind (aria-required-children), a button that is pressed (aria-allowed-attr).
OURS = "{include: [['.jp-OutputArea'], ['.jp-MarkdownOutput']]}"
RUN_SECONDS = 480  # of notebook 05 or 06 on a machine that is busy
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def go_to(page, lab, name):
    """Open a notebook alone, as it is."""
    page.goto(f"{lab.url}/lab/tree/notebooks/{name}?token={lab.token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)


def open_notebook(page, lab, name):
    """Open a notebook alone, wait until its kernel is there, and take the stored outputs away."""
    go_to(page, lab, name)
    page.wait_for_function(f"{NOTEBOOK}?.sessionContext?.session?.kernel?.status === 'idle'", timeout=90_000)
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")


def run_all(page):
    """Start all cells, as the menu does; the end of the run is not waited for."""
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")


# For each code cell its first line, its count and its errors; from the model, whatever the page shows.
CELLS = f"""{NOTEBOOK}.content.widgets.map(w => w.model).filter(m => m.type === 'code').map(m => ({{
    source: m.sharedModel.source.split('\\n')[0], count: m.executionCount,
    errors: m.outputs.toJSON().filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue)}}))"""


def wait_until_run(page, seconds=RUN_SECONDS):
    """Until the last code cell has a count and the kernel is idle, or an error has stopped the run."""
    page.wait_for_function(
        f"""() => {{ const cells = {CELLS};
            const idle = {NOTEBOOK}.sessionContext.session.kernel.status === 'idle';
            return idle && (cells[cells.length - 1].count || cells.some(c => c.errors.length)); }}""",
        timeout=seconds * 1000,
        polling=500,
    )


def of_cell(page, first_line):
    """The cell in the page whose source begins with a line."""
    index = page.evaluate(
        f"""line => {NOTEBOOK}.content.widgets.findIndex(
            w => w.model.type === 'code' && w.model.sharedModel.source.startsWith(line))""",
        first_line,
    )
    assert index >= 0, f"no cell begins with {first_line!r}"
    return page.locator(".jp-Notebook .jp-Cell").nth(index)


def another_picture(page, cell, before):
    """Wait until a cell's last picture is another; the element itself may be replaced."""
    changed = """([cell, src]) => { const img = [...cell.querySelectorAll('.jp-OutputArea img')].pop();
        return img && img.src !== src; }"""
    page.wait_for_function(changed, arg=[cell.element_handle(), before])


def nothing_broken(page):
    """No cell raised, every cell ran, and no widget stands as a placeholder."""
    found = page.evaluate(CELLS)
    assert [(c["source"], c["errors"]) for c in found if c["errors"]] == []
    counts = [c["count"] for c in found]
    assert None not in counts and counts == sorted(counts), counts
    text = page.locator(".jp-Notebook").inner_text()
    for placeholder in (
        "Loading widget",
        "Error displaying widget",
        "model not found",
        "HBox(children=",
        "VBox(children=",
    ):
        assert placeholder not in text, placeholder
    assert page.locator(".jp-Notebook [data-mime-type='application/vnd.jupyter.error']").count() == 0


def test_the_curve_moves_while_training_runs(page, lab, screenshots):
    open_notebook(page, lab, "05_training.ipynb")
    run_all(page)
    training = of_cell(page, "model = make_model(V, D, seed=0)\ncurve")
    figure = training.locator(".jp-OutputArea img")
    figure.first.wait_for(state="visible", timeout=RUN_SECONDS * 1000)
    figure.first.scroll_into_view_if_needed()
    seen = [figure.first.get_attribute("src")]
    page.screenshot(path=screenshots / "05_early.png")
    another_picture(page, training, seen[0])
    seen.append(figure.first.get_attribute("src"))
    page.screenshot(path=screenshots / "05_later.png")
    busy = page.evaluate(f"{NOTEBOOK}.sessionContext.session.kernel.status")
    assert seen[0] != seen[1] and all(src.startswith("data:image/png") for src in seen)
    assert busy == "busy", "the second picture was taken after training"
    assert figure.count() == 1, "one curve, updated in place"
    wait_until_run(page)
    figure.first.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "05_end.png")
    nothing_broken(page)


def test_the_boxes_of_06_answer(page, lab, screenshots):
    open_notebook(page, lab, "06_exploration.ipynb")
    run_all(page)
    wait_until_run(page)
    nothing_broken(page)

    box = of_cell(page, "asked = (show.query")
    box.scroll_into_view_if_needed()
    field = box.locator("input")
    before = box.inner_text()
    field.fill("war")
    field.press("Enter")
    page.wait_for_function("([cell, old]) => cell.innerText !== old", arg=[box.element_handle(), before])
    rows = box.locator(".widget-html-content tr")
    assert rows.count() == 11, box.inner_text()  # a head and ten words
    page.screenshot(path=screenshots / "06_neighbours.png")
    field.fill("flurble")
    field.press("Enter")
    box.get_by_text("not in the vocabulary").wait_for(timeout=10_000)
    assert box.locator("datalist option").count() > 1000  # the words that the field completes

    analogy = of_cell(page, 'questions = [("man", "king", "woman")')
    analogy.scroll_into_view_if_needed()
    first = analogy.locator("input[type=text]").first
    first.fill("king")  # is to king as woman is to ...: to woman, if query words may answer, whatever was trained
    first.press("Enter")
    table = analogy.locator(".widget-html-content").first
    page.wait_for_timeout(500)
    assert "woman" not in table.inner_text()
    analogy.locator("input[type=checkbox]").check()
    page.wait_for_function(
        "cell => cell.querySelector('.widget-html-content').innerText.includes('woman')",
        arg=analogy.element_handle(),
    )
    page.screenshot(path=screenshots / "06_analogy.png")

    slider = of_cell(page, "controls.perplexity(")
    slider.scroll_into_view_if_needed()
    picture = slider.locator(".jupyter-widgets img")
    before = picture.get_attribute("src")
    handle = slider.locator(".noUi-handle, .ui-slider-handle").first
    handle.focus()
    handle.press("ArrowRight")
    another_picture(page, slider, before)
    page.screenshot(path=screenshots / "06_perplexity.png")
    assert violations(page, OURS) == []


def test_an_exercise_is_answered_in_its_form(page, lab, screenshots):
    open_notebook(page, lab, "04_minibatches.ipynb")
    run_all(page)
    wait_until_run(page)
    nothing_broken(page)
    question = of_cell(page, "checks.discard(")
    question.scroll_into_view_if_needed()
    form = question.locator(".jupyter-widgets.widget-vbox")
    form.get_by_label("Your number").fill("0.2")
    form.get_by_role("button", name="Check").click()
    form.get_by_text("above the right one").or_(form.get_by_text("below the right one")).wait_for(timeout=10_000)
    form.get_by_text("Hint 1 of 3", exact=True).click()  # folded until it is asked for
    form.get_by_text("That is the probability of keeping the word").wait_for(timeout=10_000)
    page.screenshot(path=screenshots / "04_hint.png")
    form.get_by_label("Your number").fill("0.8")
    form.get_by_role("button", name="Check").click()
    form.get_by_text("discard: correct").wait_for(timeout=10_000)


# -- with a screen reader


def test_a_screen_reader_has_names_values_and_news_of_a_control(page, lab):
    open_notebook(page, lab, "03_masked_bce.ipynb")
    run_all(page)
    wait_until_run(page)
    nothing_broken(page)
    cell = of_cell(page, "controls.logit()")
    slider = cell.get_by_role("slider", name="logit", exact=True)
    slider.wait_for()
    assert violations(page, OURS) == []
    slider.evaluate("handle => handle.removeAttribute('aria-label')")
    assert {rule for rule, *_ in violations(page, OURS)} == {"aria-input-field-name"}, "axe looks at the sliders"
    picture = cell.get_by_role("img")  # one: the still form is hidden from all
    assert "s = 0.0, loss 0.693, slope −0.500" in picture.get_attribute("alt")
    cell.get_by_role("slider").press("ArrowRight")  # which names it again
    cell.get_by_role("img", name="s = 0.1, loss 0.644").wait_for()
    assert slider.get_attribute("aria-valuetext") == "0.10"
    cell.get_by_role("radiogroup").get_by_role("radio", name="noise word, label 0").check()
    cell.get_by_role("img", name="the noise word at s = 0.1").wait_for()
    assert cell.locator("[aria-live=polite]").get_by_role("img").count() == 1
    number = cell.get_by_role("textbox", name="logit, as a number")
    number.fill("-2")
    number.press("Enter")
    cell.get_by_role("img", name="the noise word at s = −2.0").wait_for()


# -- without a kernel


def end_kernels(lab):
    """End all sessions of the server, and their kernels with them."""

    def ask(method, path):
        headers = {"Authorization": f"token {lab.token}"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{lab.url}/api/{path}", method=method, headers=headers)
        ) as got:
            return got.read()

    for session in json.loads(ask("GET", "sessions")):
        ask("DELETE", f"sessions/{session['id']}")


def lost_and_found(page, screenshot):
    """A notebook opened without the kernel that it ran in: still forms and the verdict, and no word on lost widgets."""
    text = page.locator(".jp-Notebook").inner_text()
    assert "Error displaying widget" not in text and "Loading widget" not in text
    picture = of_cell(page, "controls.logit()").get_by_role("img")
    assert picture.is_visible() and picture.get_attribute("alt").startswith("Three panels: the loss")
    assert picture.evaluate("image => image.naturalWidth") == 2000
    question = of_cell(page, "checks.blind_loss(").locator(".jp-OutputArea")
    question.scroll_into_view_if_needed()
    assert "Answered in the form: 1234" in question.inner_text()
    assert (
        "blind_loss: not yet. Your answer was read as 1,234. Your number is above the right one."
        in question.inner_text()
    )
    assert "near_and_far: not attempted" in of_cell(page, "checks.near_and_far(").inner_text()
    page.screenshot(path=screenshot)
    assert violations(page, OURS) == []


def test_what_was_seen_and_said_stays_without_the_kernel(page, lab, screenshots):
    name = "03_masked_bce.ipynb"
    open_notebook(page, lab, name)
    run_all(page)
    wait_until_run(page)
    question = of_cell(page, "checks.blind_loss(").locator(".jp-OutputArea")
    assert "not attempted" not in question.inner_text(), "the still form is hidden while the widget lives"
    question.get_by_label("Your number").fill("1234")
    question.get_by_role("button", name="Check").click()
    question.locator(".jupyter-widgets.widget-vbox").get_by_text("blind_loss: not yet").wait_for()
    page.wait_for_function(
        f"JSON.stringify({NOTEBOOK}.content.model.toJSON()).includes('Answered in the form: 1234')",
    )
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(f"!{NOTEBOOK}.content.model.dirty")
    page.goto("about:blank")
    end_kernels(lab)

    go_to(page, lab, name)  # with a new kernel, which knows nothing of the widgets
    page.wait_for_function("document.body.textContent.includes('Error displaying widget: model not found')")
    lost_and_found(page, screenshots / "03_another_kernel.png")
    page.goto("about:blank")
    end_kernels(lab)

    none = {"default": "", "kernelspecs": {}}
    page.route("**/api/kernelspecs*", lambda route: route.fulfill(json=none))
    go_to(page, lab, name)
    page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
    page.wait_for_function("document.body.textContent.includes('Loading widget')")
    lost_and_found(page, screenshots / "03_no_kernel.png")
