# Run by make pdf · tests/course/test_site.py
"""The book on paper: one page of HTML, printed by Chromium, with page numbers and contents."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course import notebook_files
from course.site.browsing import chromium
from course.site.build import write_book

MARGIN = {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
SCALE = 0.8  # of the screen's sizes
FOOT = (
    '<div style="font: 8pt sans-serif; width: 100%; text-align: center; color: #555">'
    '<span class="pageNumber"></span></div>'
)
# The contents stand before the first chapter, each with its page, which the second printing knows.
CONTENTS = """pages => {
    document.querySelector("#paper-contents")?.remove();
    const list = document.createElement("nav");
    list.id = "paper-contents";
    list.innerHTML = "<h2>Contents</h2><ol></ol>";
    for (const heading of document.querySelectorAll("article h2, article h3")) {
        heading.id ||= `paper-${document.querySelectorAll("[id^=paper-]").length}`;  // chapters share ids: "recap"
        const title = heading.cloneNode(true);
        title.querySelectorAll(".headerlink").forEach(link => link.remove());
        const [item, link, number] = ["li", "a", "span"].map(name => document.createElement(name));
        item.className = heading.tagName === "H2" ? "chapter" : "part";
        link.href = "#" + heading.id;
        link.textContent = title.textContent;
        number.textContent = pages[heading.id] ?? "";
        item.append(link, number);
        list.querySelector("ol").append(item);
    }
    document.querySelector("article section, article").prepend(list);
    document.querySelectorAll("details").forEach(box => (box.open = true)); }"""


def write_pdf(paths: Sequence[Path], target: Path, source: Path) -> int:
    """Print the book.

    Parameters
    ----------
    paths : sequence of Path
        Executed notebooks, in order.
    target : Path
        The PDF.
    source : Path
        The folder that the notebooks come from.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    NoBrowser
        If there is no Chromium.
    SiteFailed
        If Sphinx ends with an error.
    """
    from pypdf import PdfReader

    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        write_book(paths, Path(folder), source, builder="singlehtml")
        page = browser.new_page()
        page.goto((Path(folder) / "index.html").as_uri())
        page.emulate_media(media="print", color_scheme="light")
        known: dict[str, int] = {}
        for _ in range(2):
            page.evaluate(CONTENTS, known)
            data = page.pdf(
                format="A4", scale=SCALE, margin=MARGIN, display_header_footer=True, header_template="<span></span>",
                footer_template=FOOT, outline=True, tagged=True,
            )  # fmt: skip
            reader = PdfReader(io.BytesIO(data))
            places = reader.named_destinations  # of what is linked to, by its id
            known = {name.lstrip("/"): reader.get_destination_page_number(at) + 1 for name, at in places.items()}
    notebook_files.replace(target, data)
    return len(reader.pages)
