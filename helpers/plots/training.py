# Used from 05 · notebooks/05_training.ipynb
"""Pictures of notebook 05: runs beside each other."""

from __future__ import annotations

import matplotlib.pyplot as plt

from helpers.arguments import checked, mapping
from helpers.plots.fonts import plain
from helpers.plots.showing import show
from helpers.plots.style import BLUE, ORANGE
from helpers.plots.words import series


@checked(runs=mapping())
def histories(runs) -> None:
    """Training and held-out loss of several runs, one panel for each kind of loss.

    Parameters
    ----------
    runs : dict of str to history.History
        Two runs, by name.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True)
    for (name, history), color, marker in zip(runs.items(), (BLUE, ORANGE), ("o", "s")):
        epochs = range(1, len(history.epoch_losses) + 1)
        left.plot(epochs, history.epoch_losses, marker=marker, ms=5, color=color, label=plain(name))
        points = [(x, y) for x, y in history.heldout if x >= 1]
        right.plot(*zip(*points), marker=marker, ms=5, color=color, label=plain(name))
    left.set(title="training: mean of each epoch", xlabel="epoch", ylabel="loss per center word")
    right.set(title="held-out text, after each epoch", xlabel="epoch")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.set_xticks(list(epochs))
        axes.legend()
    show(_alt_histories(runs))


def _alt_histories(runs) -> str:
    """The figure in words."""
    lines = []
    for name, history in list(runs.items())[:2]:
        epochs = (f"epoch {epoch}" for epoch in range(1, len(history.epoch_losses) + 1))
        heldout = [(f"epoch {x:g}", loss) for x, loss in history.heldout if x >= 1]
        lines.append(
            f"{name}: training {series(epochs, history.epoch_losses, 3)}; "
            f"held out {series([x for x, _ in heldout], [loss for _, loss in heldout], 3)}."
        )
    return (
        "Two panels, loss per center word by epoch: left in training, the mean of each epoch; right on held-out text. "
        + " ".join(lines)
    )
