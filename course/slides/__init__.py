# Run by make slides · tests/course/test_slides.py
"""Slide decks of the notebooks: one HTML file each, which needs no network.

``python -m course.slides`` writes them from the stored notebooks. What is shown stands in the cells' metadata,
``slideshow``: ``slide_type``, as Jupyter's own slides have it, and where the short form of the prose does not serve

- ``text`` of a cell of prose and ``reading`` of a cell of code, the words on the slide and those after the output;
- ``code``, whether a cell's code is shown, and ``lines``, which of its printed lines are: ``"1-4, 9"``.

What is marked is laid out on as many slides as it takes at 28 px of 720 or more (24 px for code).
"""

from course.slides.deck import deck, write_decks
from course.slides.outline import Slide, outline

__all__ = ["Slide", "deck", "outline", "write_decks"]
