# Used from 05 · tests/helpers/plots/test_live.py
"""A loss curve that moves while a model trains."""

from __future__ import annotations

import io
import time

from matplotlib.figure import Figure

from helpers.engines.history import History
from helpers.plots.style import BLUE, SKY, VERMILION


class LiveCurve:
    """The running and the held-out loss of a run, drawn again in place a few times a second.

    In a notebook it is one picture that is replaced, through IPython's display id, as JupyterLab, VS Code and Colab all
    support: nothing is cleared, so nothing flickers. Elsewhere it draws nothing until it is saved.

    Parameters
    ----------
    epochs : int
        The width of the picture.
    reference : float, optional
        A loss to compare with, drawn as a dashed line.
    reference_label : str
    interval : float
        Seconds between two drawings, at least.

    Attributes
    ----------
    drawings : int
        How often it was drawn.
    """

    def __init__(
        self, epochs: int, *, reference: float | None = None, reference_label: str = "", interval: float = 0.4
    ):
        self.epochs, self.interval = epochs, interval
        self.drawings, self._last, self._handle = 0, float("-inf"), None
        self.figure = Figure(figsize=(6.4, 3.4), dpi=100, layout="constrained")
        axes = self.figure.add_subplot()
        (self._running,) = axes.plot([], [], color=BLUE, lw=1.5, label="training: mean since the point before")
        (self._epochs,) = axes.plot([], [], color=SKY, lw=3, zorder=1.5, label="training: mean of the epoch")
        dots = {"color": VERMILION, "ms": 6, "clip_on": False}  # whole at the right edge too
        (self._heldout,) = axes.plot([], [], "o", label="held-out text, after each epoch", **dots)
        if reference is not None:
            axes.axhline(reference, color="0.3", ls="--", lw=1, label=reference_label)
        axes.set(xlabel="epoch", ylabel="loss per center word", xlim=(0, epochs), ylim=(0.3, 0.72))
        axes.grid(alpha=0.3)
        axes.legend(loc="upper right", frameon=False, fontsize=9)

    def update(self, history: History) -> None:
        """Take a run's record; draw it if the last drawing is old enough."""
        now = time.perf_counter()
        if now - self._last >= self.interval:
            self._draw(history)
            self._last = now

    def close(self, history: History) -> None:
        """Draw the final state."""
        self._draw(history)

    def png(self) -> bytes:
        """The picture as it stands."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png")
        return buffer.getvalue()

    def _draw(self, history: History) -> None:
        losses = [loss for _, loss in history.running + history.heldout]
        for line, points in (
            (self._running, history.running),
            (self._epochs, [p for e, loss in enumerate(history.epoch_losses) for p in _bar(e, loss)]),
            (self._heldout, history.heldout),
        ):
            line.set_data([x for x, _ in points], [y for _, y in points])
        if losses:
            axes = self.figure.axes[0]
            axes.set_ylim(min(0.3, min(losses) - 0.02), max(0.72, max(losses) + 0.02))
        self.drawings += 1
        if _in_notebook():
            from IPython.display import Image, display

            picture = Image(data=self.png(), alt="running and held-out loss by epoch")
            if self._handle is None:
                self._handle = display(picture, display_id=True)
            else:
                self._handle.update(picture)


def _bar(epoch: int, loss: float) -> list[tuple[float, float]]:
    """A level line over one epoch, cut off from the next."""
    return [(epoch, loss), (epoch + 1, loss), (float("nan"), float("nan"))]


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
