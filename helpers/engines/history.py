# Taught in 05 · exercised in 5.2 · tests/helpers/engines/test_history.py
"""What fixes a training run, and what it has recorded so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from helpers.arguments import ArgumentError, check, flag, number, one_of, optional, shown, whole
from helpers.sampling import DRAWING

# The learning rate where none is given, by what the objective averages over: the book's for Adam, and what plain
# gradient descent needs in its place (notebook 10).
ADAM_RATES = {"row": 0.002, "pairs": 0.002}
DESCENT_RATES = {"row": 1.5, "pairs": 0.06}


RULES = {
    "lr": optional(number(above=0, most=1e38)),
    "batch_size": whole(1, 1_000_000),
    **DRAWING,
    "seed": whole(0),
    "average": one_of("row", "pairs"),
    "frozen": flag(),
}


@dataclass(frozen=True)
class Settings:
    """What fixes a run, beside the corpus. The defaults are the book's, but for the redrawing.

    ``lr=None`` is the engine's own rate: `ADAM_RATES` or `DESCENT_RATES`.

    Raises
    ------
    ArgumentError
        For a field out of range; what can be converted is (5.0 to 5).
    """

    lr: float | None = None
    batch_size: int = 512
    max_window: int = 5
    K: int = 5
    t: float | None = 1e-4
    seed: int = 0
    average: str = "row"
    frozen: bool = False

    def __post_init__(self):
        for name, value in check(RULES, vars(self)).items():
            object.__setattr__(self, name, value)  # the one time that a frozen object is written to

    @classmethod
    def given(cls, settings: Settings | None, fields_: dict, rates: dict[str, float] | None = None) -> Settings:
        """What a caller of `train` gave: settings, single fields beside them, and the engine's rate if there is none.

        Raises
        ------
        ArgumentError
            For no settings, a field that there is not, or one out of range.
        """
        if settings is not None and not isinstance(settings, cls):
            raise ArgumentError(f"settings is {shown(settings)}; give a Settings, or single fields by their names")
        unknown = sorted(set(fields_) - set(RULES))
        if unknown:
            raise ArgumentError(f"{', '.join(unknown)}: there is no such argument; the settings are {', '.join(RULES)}")
        return replace(settings or cls(), **fields_).resolved(rates or ADAM_RATES)

    def resolved(self, rates: dict[str, float] = ADAM_RATES) -> Settings:
        """These settings with a learning rate: their own, or that of ``rates`` for their ``average``."""
        return self if self.lr is not None else replace(self, lr=rates[self.average])

    def drawing(self) -> dict:
        """What `sampling.draw_examples` needs of these."""
        return {"max_window": self.max_window, "K": self.K, "t": self.t}


@dataclass
class History:
    """What a run has done so far.

    Attributes
    ----------
    running : list of (float, float)
        (epochs done, mean loss over the steps since the point before).
    epoch_losses : list of float
        The mean loss of each finished epoch, over that epoch alone (trap T2).
    heldout : list of (float, float)
        (epochs done, loss on the held-out text with fixed windows and noise words).
    centers : int
        Center words trained on.
    seconds : float
        Wall-clock time of it all: drawing examples, steps, held-out loss, the curve.
    loss_sum : float
        Sum of the loss over all center words.
    weight_sum : float
        What `loss_sum` is divided by: center words, or pairs where the objective counts pairs.
    pending : list of float
        Loss and weight of the steps since the last recorded point.
    interrupted : bool
        Whether the run ended on an interrupt.
    """

    running: list[tuple[float, float]] = field(default_factory=list)
    epoch_losses: list[float] = field(default_factory=list)
    heldout: list[tuple[float, float]] = field(default_factory=list)
    centers: int = 0
    seconds: float = 0.0
    loss_sum: float = 0.0
    weight_sum: float = 0.0
    pending: list[float] = field(default_factory=lambda: [0.0, 0.0])
    epoch_start: list[float] = field(default_factory=lambda: [0.0, 0.0])
    interrupted: bool = False

    def record(self, epochs_done: float) -> None:
        """Add the pending loss to the record."""
        loss, weight = self.pending
        self.running.append((epochs_done, loss / weight))
        self.loss_sum, self.weight_sum, self.pending = self.loss_sum + loss, self.weight_sum + weight, [0.0, 0.0]

    def end_epoch(self) -> None:
        """Close an epoch: its mean loss is that of its own steps alone."""
        loss, weight = self.epoch_start
        self.epoch_losses.append((self.loss_sum - loss) / (self.weight_sum - weight))
        self.epoch_start = [self.loss_sum, self.weight_sum]

    def fault(self, epochs: int) -> str:
        """What is wrong with a record that was read from a file and ought to be of so many epochs; "" if nothing is."""
        numbers = [self.seconds, self.loss_sum, self.weight_sum, *self.epoch_losses]
        pairs = [self.pending, self.epoch_start, *self.running, *self.heldout]
        if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
            return "a record of other pairs"
        numbers += [x for pair in pairs for x in pair]
        if not all(isinstance(x, float) and math.isfinite(x) for x in numbers):
            return "a record that is not of finite numbers"
        if type(self.centers) is not int or self.centers < 0 or type(self.interrupted) is not bool:
            return "a record that counts no center words"
        done = len(self.epoch_losses)
        return "" if done == epochs else f"losses of {done:,} epochs where {epochs:,} are said to be done"

    @property
    def words_per_second(self) -> float:
        """Center words by the time that they took: all words over all seconds (trap T1)."""
        return self.centers / self.seconds if self.seconds else 0.0

    @property
    def mean_since_start(self) -> float:
        """The mean loss over every step of the run: what the book prints (trap T2)."""
        return self.loss_sum / self.weight_sum if self.weight_sum else float("nan")

    def __str__(self) -> str:
        held = f", held out {self.heldout[-1][1]:.3f}" if self.heldout else ""
        last = f"last epoch {self.epoch_losses[-1]:.3f}, " if self.epoch_losses else ""
        return (
            f"{'interrupted after ' if self.interrupted else ''}{self.centers:,} center words in {self.seconds:.1f} s "
            f"({self.words_per_second:,.0f}/s); loss: {last}mean since the start {self.mean_since_start:.3f}{held}"
        )
