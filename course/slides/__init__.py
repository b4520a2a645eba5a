# Run by make slides · tests/course/test_slides.py
"""Slide decks of the notebooks: one HTML file each, which needs no network.

``python -m course.slides`` writes them from the stored notebooks. Which cells are shown stands in the cells' metadata,
``slideshow.slide_type``, as Jupyter's own slides have it; what a slide says is taken from the prose.
"""

from course.slides.deck import deck, write_decks
from course.slides.outline import Slide, outline

__all__ = ["Slide", "deck", "outline", "write_decks"]
