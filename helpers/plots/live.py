# Used from 05 · tests/helpers/plots/test_live.py
"""A loss curve that moves while a model trains."""

from __future__ import annotations

import time

from matplotlib.figure import Figure

from helpers.engines.history import History
from helpers.plots import showing
from helpers.plots.style import BLUE, SKY, VERMILION
from helpers.plots.words import decimal, series


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
        Seconds between two drawings, at least; more where drawing itself would take over a fifth of the time. 0: at
        each update.

    Attributes
    ----------
    drawings : int
        How often it was drawn.
    """

    def __init__(
        self, epochs: int, *, reference: float | None = None, reference_label: str = "", interval: float = 0.4
    ):
        self.epochs, self.interval = epochs, interval
        self.reference, self.reference_label = reference, reference_label
        self.drawings, self._next, self._handle = 0, float("-inf"), None
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
        if now >= self._next:
            self._draw(history)
            self._next = now + (self.interval and max(self.interval, 5 * (time.perf_counter() - now)))

    def close(self, history: History) -> None:
        """Draw the final state."""
        self._draw(history)

    def png(self) -> bytes:
        """The picture as it stands."""
        return showing.png(self.figure, tight=False)

    def alt(self, history: History) -> str:
        """What is to be seen once a record is drawn."""
        running = [(f"epoch {x:.2f}", loss) for x, loss in history.running]
        means = [(f"epoch {i}", loss) for i, loss in enumerate(history.epoch_losses, 1)]
        heldout = [("the start" if not x else f"epoch {x:g}", loss) for x, loss in history.heldout]
        lines = [
            f"{name}: {series(*zip(*points), digits=3) if points else 'none yet'}."
            for name, points in (
                ("Training, mean since the point before", running),
                ("Training, mean of each epoch", means),
                ("Held-out text, at the start and after each epoch", heldout),
            )
        ]
        if self.reference is not None:
            lines.append(f"Dashed line, {self.reference_label or 'to compare with'}: {decimal(self.reference, 3)}.")
        return f"Lines of the loss per center word over {self.epochs} epochs. {' '.join(lines)}"

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
        if showing.in_notebook():
            from IPython.display import display

            data, metadata = showing.bundle(self.png(), self.alt(history))
            if self._handle is None:
                self._handle = display(data, metadata=metadata, raw=True, display_id=True)
            else:
                self._handle.update(data, metadata=metadata, raw=True)


def _bar(epoch: int, loss: float) -> list[tuple[float, float]]:
    """A level line over one epoch, cut off from the next."""
    return [(epoch, loss), (epoch + 1, loss), (float("nan"), float("nan"))]
