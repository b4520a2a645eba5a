"""A page that is watched, and what axe-core finds on it."""

from contextlib import contextmanager
from pathlib import Path

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@contextmanager
def watched(browser, **options):
    """A page without a network that keeps the errors of its console, ``said``, and what it asks for, ``asked``."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def axe(page, where="document", *, preload=True):
    """All that axe-core says of a part of a page; ``preload`` fetches style sheets, which the disk refuses."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(f"axe.run({where}, {{resultTypes: ['violations'], preload: {str(preload).lower()}}})")


def violations(page, where="document", *, preload=True):
    """What is wrong, whatever its impact: the rule, where, and why."""
    found = axe(page, where, preload=preload)["violations"]
    return [(rule["id"], node["html"][:200], node["failureSummary"]) for rule in found for node in rule["nodes"]]
