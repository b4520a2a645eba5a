# Used from 03 · tests/helpers/controls/test_controls.py
"""Controls that move while a kernel runs, and show their idea as a picture or a table where none does.

``controls.logit()`` as a cell's last line gives sliders in JupyterLab, and in a stored page or under a test the same
figure at a few settings, with an alternative text.
"""

from helpers.controls.boxes import analogy_box, neighbour_box
from helpers.controls.sentence import context_shares, sampling
from helpers.controls.sliders import logit, perplexity

__all__ = ["analogy_box", "context_shares", "logit", "neighbour_box", "perplexity", "sampling"]
