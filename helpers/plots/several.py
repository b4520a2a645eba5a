# Used from 11 · notebooks/11_several_machines.ipynb
"""Pictures of notebook 11: rounds and messages, and what each rule comes to with more processes."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from helpers.arguments import checked, many, mapping, whole
from helpers.plots.showing import show
from helpers.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from helpers.plots.words import counted, decimal, listed

COLORS = {"mean": ORANGE, "touching": PURPLE, "root": SKY, "sum": VERMILION}
COLORS |= {"times": "0.4", "scaled": GREEN, "tiers": BLUE}


@checked(ranks=whole(2, 8), rounds=whole(1, 6))
def rounds(ranks: int = 3, rounds: int = 2) -> None:
    """Processes that train by themselves, and meet after each part of the text; time runs to the right."""
    _, axes = plt.subplots(figsize=(8, 0.9 + 0.62 * ranks))
    for r in range(rounds):
        left = 2.0 * r
        for k in range(ranks):
            width = 1.25 - 0.12 * ((k + r) % 2)
            axes.barh(k, width, 0.5, left, color=BLUE, alpha=0.75)
            axes.text(left + width / 2, k, f"shard {k}, part {r}", ha="center", va="center", color="white", size=9)
            for other in range(ranks):
                start, end = (left + width, k), (left + 1.6, (ranks - 1) / 2)
                if not other:
                    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": VERMILION, "lw": 1.2})
            axes.annotate(
                "", (left + 2.0, k), (left + 1.72, (ranks - 1) / 2), arrowprops={"arrowstyle": "->", "color": GREEN}
            )
        axes.text(left + 1.66, (ranks - 1) / 2, "+", ha="center", va="center", size=16, weight="bold")
    axes.plot([], [], color=VERMILION, label="changes of the rows touched")
    axes.plot([], [], color=GREEN, label="what the rule makes of their sum")
    axes.set_yticks(range(ranks), [f"process {k}" for k in range(ranks)])
    axes.set(xlabel="time", xlim=(0, 2.05 * rounds), ylim=(ranks - 0.5, -0.5))
    axes.set_xticks([])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    show(_alt_rounds(ranks, rounds))


def _alt_rounds(ranks, rounds) -> str:
    """The figure in words."""
    return (
        f"Drawing of {ranks} processes, one below the other, over {counted(rounds, 'round')}; time runs to the right. "
        "In each round every process trains on a part of its own shard, as a bar of its own length; then arrows lead "
        "from all processes to a plus sign, the changes of the rows touched, and from there arrows lead back to all of "
        "them, what the rule makes of their sum."
    )


@checked(rows=many(mapping()))
def rules(rows) -> None:
    """Held-out loss against the number of processes, a line a rule, a dot a seed; what diverged is above the frame.

    Parameters
    ----------
    rows : list of dict
        With ``rule``, ``ranks``, ``seed`` and ``heldout`` (None where it diverged), all of one number of combinings.
    """
    _, axes = plt.subplots(figsize=(7, 3.8))
    alone = np.array([row["heldout"] for row in rows if row["ranks"] == 1])
    axes.axhspan(alone.min(), alone.max(), color="0.8", label="one process, all seeds")
    top = max(row["heldout"] for row in rows if row["rule"] == "mean" and row["heldout"]) + 0.004
    for i, (rule, color) in enumerate(COLORS.items()):
        found = [row for row in rows if row["rule"] == rule and row["ranks"] > 1]
        at = np.array([np.log2(row["ranks"]) + 0.06 * (i - 3) for row in found])
        loss = np.array([np.nan if row["heldout"] is None else row["heldout"] for row in found])
        good = loss < top  # False for NaN
        axes.plot(at[good], loss[good], "o", ms=5, color=color, label=rule)
        axes.plot(at[~good], np.full((~good).sum(), top), "^", ms=7, color=color, clip_on=False)
    ranks = sorted({row["ranks"] for row in rows if row["ranks"] > 1})
    axes.set_xticks(np.log2(ranks), [str(n) for n in ranks])
    axes.set(xlabel="processes", ylabel="held-out loss", ylim=(None, top))
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), title="(a triangle: diverged)")
    axes.grid(axis="y", alpha=0.3)
    show(_alt_rules(rows, alone, top))


def _alt_rules(rows, alone, top) -> str:
    """The figure in words: the means of the seeds, by rule and number of processes."""
    ranks = sorted({row["ranks"] for row in rows if row["ranks"] > 1})
    lines = []
    for rule in COLORS:
        means = []
        for n in ranks:
            found = [row["heldout"] for row in rows if row["rule"] == rule and row["ranks"] == n]
            good = [loss for loss in found if loss is not None and loss < top]
            lost = f"{len(found) - len(good)} of {len(found)} diverged" if len(good) < len(found) else ""
            means.append(" with ".join(filter(None, [decimal(np.mean(good), 3) if good else "", lost])) or "not run")
        if any(mean != "not run" for mean in means):
            lines.append(f"{rule}: {', '.join(means)}")
    return (
        f"Dots, one a seed: held-out loss with {listed(map(str, ranks))} processes, by rule. A band for one process, "
        f"{decimal(alone.min(), 3)} to {decimal(alone.max(), 3)}. Means of the seeds in that order: {'; '.join(lines)}."
    )
