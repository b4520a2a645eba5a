"""JupyterLab as a reader has it: the curve moves while training runs, the boxes answer, nothing is broken."""

import pytest

RUN_SECONDS = 480  # of notebook 05 or 06 on a machine that is busy
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def open_notebook(page, lab, name):
    """Open a notebook alone, wait until its kernel is there, and take the stored outputs away."""
    page.goto(f"{lab.url}/lab/tree/notebooks/{name}?token={lab.token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
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
    """Wait until a cell shows another picture; the element itself may be replaced."""
    changed = (
        "([cell, src]) => { const img = cell.querySelector('.jp-OutputArea img'); return img && img.src !== src; }"
    )
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
    picture = slider.locator("img")
    before = picture.get_attribute("src")
    handle = slider.locator(".noUi-handle, .ui-slider-handle").first
    handle.focus()
    handle.press("ArrowRight")
    another_picture(page, slider, before)
    page.screenshot(path=screenshots / "06_perplexity.png")


def test_an_exercise_is_answered_in_its_form(page, lab, screenshots):
    open_notebook(page, lab, "04_minibatches.ipynb")
    run_all(page)
    wait_until_run(page)
    nothing_broken(page)
    question = of_cell(page, "checks.discard(")
    question.scroll_into_view_if_needed()
    question.locator("input").fill("0.2")
    question.get_by_role("button", name="Check").click()
    question.get_by_text("Hint", exact=True).click(timeout=10_000)  # folded until it is asked for
    question.get_by_text("That is the probability of keeping the word").wait_for(timeout=10_000)
    page.screenshot(path=screenshots / "04_hint.png")
    question.locator("input").fill("0.8")
    question.get_by_role("button", name="Check").click()
    question.get_by_text("discard: correct").wait_for(timeout=10_000)
