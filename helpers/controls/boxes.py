# Used from 03 · tests/helpers/controls/test_controls.py
"""Boxes that take words: nearest neighbours of one, and the analogy of three."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import torch

from helpers.arguments import checked, many, sized, text, whole, words
from helpers.controls.control import Control
from helpers.corpus import UnknownWord, Vocab
from helpers.shapes import tensor
from helpers.vectors import analogy, neighbours


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cell = "<{0} style='text-align: left; padding: .15em .9em .15em 0'>{1}</{0}>"
    lines = ["".join(cell.format("th", escape(head)) for head in heads)] if heads else []
    lines += ["".join(cell.format("td", escape(text)) for text in row) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _answer(ask: Callable[[], Sequence[tuple[str, float]]], vocab: Vocab) -> str:
    """The words that were found, with cosines and counts; or why there is no answer."""
    try:
        found = ask()
    except UnknownWord as error:
        return f"<p>{escape(str(error.args[0]))}</p>"
    rows = [(word, f"{score:.3f}", f"{int(vocab.counts[vocab[word]]):,}") for word, score in found]
    return _table(("word", "cosine", "times seen"), rows)


def _one_line(ask: Callable[[], Sequence[tuple[str, float]]]) -> str:
    try:
        return ", ".join(f"{word} {score:.2f}" for word, score in ask())
    except UnknownWord as error:
        return str(error.args[0])


def _first(line: str) -> str:
    return line.partition(", ")[0].rstrip(".")


def _field(vocab: Vocab, value: str, label: str):
    """A field that completes the vocabulary's words."""
    import ipywidgets

    return ipywidgets.Combobox(
        options=tuple(sorted(vocab.words[1:])), value=value, placeholder="a word", description=label,
        continuous_update=False, layout={"width": "20em"},
    )  # fmt: skip


@checked(
    W=tensor("V D"), vocab=sized(Vocab, "V"), k=whole(1),
    words=words(least=1),
)  # fmt: skip
def neighbour_box(W: torch.Tensor, vocab: Vocab, words: Sequence[str], k: int = 10) -> Control:
    """A field that completes the vocabulary's words and answers with the nearest ones by cosine.

    A word that is not in the vocabulary is answered by the nearest spellings.

    Parameters
    ----------
    W : torch.Tensor, shape (V, D)
    vocab : corpus.Vocab
    words : sequence of str
        The first stands in the field; all stand in the table that a stored page keeps.
    k : int
    """

    def build():
        import ipywidgets

        field, answer = _field(vocab, words[0], "near to"), ipywidgets.HTML()

        def again(_=None):
            word = field.value.strip()
            answer.value = _answer(lambda: neighbours(word, k, W, vocab), vocab) if word else ""

        field.observe(again, names="value")
        again()
        return ipywidgets.VBox([field, answer])

    rows = [(word, _one_line(lambda word=word: neighbours(word, 5, W, vocab))) for word in words]
    alt = "Nearest by cosine. " + "; ".join(f"{word}: {_first(found)}" for word, found in rows) + "."
    return Control(alt, build, _table(("word", "nearest by cosine"), rows))


@checked(
    W=tensor("V D"), vocab=sized(Vocab, "V"), k=whole(1),
    questions=many(many(text("a word"), length=3, wanted="three words"), least=1, wanted="a list of three words each"),
)  # fmt: skip
def analogy_box(W: torch.Tensor, vocab: Vocab, questions: Sequence[tuple[str, str, str]], k: int = 5) -> Control:
    """Three fields, a is to b as c is to ..., answered by 3CosAdd, with or without the query words.

    Parameters
    ----------
    W, vocab, k : as in `neighbour_box`
    questions : sequence of (a, b, c)
        The first stands in the fields; all stand in the table that a stored page keeps.
    """

    def build():
        import ipywidgets

        fields = [_field(vocab, word, label) for word, label in zip(questions[0], ("a", "is to b", "as c is to"))]
        keep = ipywidgets.Checkbox(description="query words may answer", indent=False)
        answer = ipywidgets.HTML()

        def again(_=None):
            a, b, c = (field.value.strip() for field in fields)
            asked = a and b and c
            answer.value = _answer(lambda: analogy(a, b, c, k, W, vocab, not keep.value), vocab) if asked else ""

        for widget in (*fields, keep):
            widget.observe(again, names="value")
        again()
        return ipywidgets.VBox([*fields, keep, answer])

    def row(a, b, c):
        with_and_without = (lambda x=x: analogy(a, b, c, 3, W, vocab, x) for x in (True, False))
        return (f"{b} - {a} + {c}", *map(_one_line, with_and_without))

    rows = [row(*question) for question in questions]
    heads = ("question", "without the query words", "query words may answer")
    alt = "The first answers to analogies, without the query words and where these may answer. " + " ".join(
        f"{question}: {_first(without)}; {_first(may)}." for question, without, may in rows
    )
    return Control(alt, build, _table(heads, rows))
