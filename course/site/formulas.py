# Run by make run, make book, make slides · tests/course/test_site.py
"""Formulas as MathML, which browsers draw by themselves: set here, by temml, a page needs no script for them."""

from __future__ import annotations

import atexit
import re
from functools import cache
from pathlib import Path

TEMML = Path(__file__).with_name("temml") / "temml.min.js"  # temml 0.13.5, MIT license, as published


class FormulaError(ValueError):
    """A formula that could not be written as MathML."""


@cache
def _temml():
    """JavaScript with temml in it; V8 comes as a wheel."""
    from py_mini_racer import MiniRacer

    context = MiniRacer()
    atexit.register(context.close)  # left to the end of the interpreter, it would wait there for a thread that is gone
    context.eval(TEMML.read_text(encoding="utf-8") + "; 0")
    return context


def mathml(latex: str, *, block: bool = False) -> str:
    """A LaTeX formula as MathML.

    Raises
    ------
    FormulaError
        If a command is not known, or a brace is missing.

    Examples
    --------
    >>> mathml("2x")
    '<math><mrow><mn>2</mn><mi>x</mi></mrow></math>'
    """
    from py_mini_racer import JSEvalException

    try:
        options = {"displayMode": block, "throwOnError": True}
        return _temml().call("temml.renderToString", latex.strip(), options)
    except JSEvalException as error:
        said = re.search(r"ParseError: +(.*)", str(error))
        raise FormulaError(f"{latex.strip()!r}: {said[1] if said else error}") from None


def markdown(source: str) -> str:
    """Markdown as HTML, formulas as MathML.

    Raises
    ------
    FormulaError
        If a formula has a command that is not known.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body):
            return mathml(body, block=True)

        def inline_math(self, body):
            return mathml(body)

        def latex_environment(self, name, body):
            return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)
