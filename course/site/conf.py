# Run by Sphinx · tests/course/test_site.py
"""Sphinx's configuration of the book; what differs between its forms comes from `build`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from course.site import TITLE  # noqa: E402  after the root is on the path
from course.site.formulas import mathml  # noqa: E402

project = TITLE
author = "The Two Vectors per Word authors"
project_copyright = "the authors of Two Vectors per Word; MIT license, the Wikipedia sample CC BY-SA"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_heading_slug_func = "course.site.anchor"
# Files that are copied as they are: [text](site:live/training.html)
myst_url_schemes = {
    "http": None,
    "https": None,
    "mailto": None,
    "site": {"url": "{{path}}"},
}

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # a type that two modules have: no link
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = "div.highlight:not(.output *) > pre"

html_theme = "pydata_sphinx_theme"
html_title = TITLE
html_math_renderer = "temml"
html_static_path = [str(HERE / "static")]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = str(HERE / "static" / "icon.svg")
templates_path = [str(HERE / "templates")]
html_copy_source = html_show_sourcelink = False
html_show_search_summary = False  # the theme would fetch pages for it, which browsers refuse from the disk
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["contents.html"]}
html_theme_options = {
    "navbar_start": ["navbar-logo"],
    "navbar_center": [],
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_center": [],
    "footer_end": [],
    "search_bar_text": "Search the book",
    "back_to_top_button": False,
    "navigation_with_keys": False,
    "show_toc_level": 2,
}


def _inline(translator, node):
    from docutils.nodes import SkipNode

    translator.body.append(mathml(node.astext()))
    raise SkipNode


def _block(translator, node):
    from docutils.nodes import SkipNode

    translator.body.append(f'<div class="math">{mathml(node.astext(), block=True)}</div>')
    raise SkipNode


def setup(app):
    """Register the formulas' renderer."""
    app.add_html_math_renderer("temml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
