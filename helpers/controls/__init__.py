# Used from 03 · tests/helpers/controls/test_controls.py
"""Controls that move while a kernel runs, and show their idea as a picture or a table where none does.

``controls.logit()`` as a cell's last line gives sliders in JupyterLab, and in a stored page or under a test the same
figure at a few settings.
"""

from helpers.controls.boxes import analogy_box, neighbour_box
from helpers.controls.sliders import context_shares, logit, perplexity, sampling

__all__ = ["analogy_box", "context_shares", "logit", "neighbour_box", "perplexity", "sampling"]
