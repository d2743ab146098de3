"""The stress gauge as it is shown: one number from parts, each with its weight, its definition and its scale.

It tells how the present compares with fixed scales of our own. There is no standard, and it forecasts nothing.
"""

from enum import StrEnum
from math import log
from typing import NamedTuple

from crashdesk.model.timeframe import CHUNK_MS, HOUR_MS, MINUTE_MS

FALL_PCT = 1.0
MOVE_MS = 4 * HOUR_MS
RATE_MS = 15 * MINUTE_MS
SIDE_MS = HOUR_MS
SIDE_LEAST_USD = 1_000_000
STEP_MS = CHUNK_MS
"""From one span of the past to the next."""
USUAL_FUNDING = 0.0001
RAISED, HIGH = 30, 60
"""From which numbers on it is shown in other colours."""
FEWEST_PARTS = 3
"""With fewer parts known there is no number."""
FEWEST_SPANS = 12
"""With fewer spans in the past nothing is compared with it."""


class PartKind(StrEnum):
    """What the gauge is made of."""

    BREADTH = "breadth"
    MOVE = "BTC move"
    RATE = "liquidation rate"
    SIDE = "one side"
    FUNDING = "funding"
    DISLOCATION = "dislocation"


class Scale(NamedTuple):
    """A part's weight, the values at which its score is 0 and 100, and what it is. `log` scales go by its logarithm."""

    weight: int
    calm: float
    full: float
    definition: str
    log: bool = False

    def score(self, value: float) -> float:
        """0 to 100."""
        if self.log:
            way = log(max(value, self.calm) / self.calm) / log(self.full / self.calm)
        else:
            way = (value - self.calm) / (self.full - self.calm)
        return 100.0 * max(0.0, min(1.0, way))


SCALES: dict[PartKind, Scale] = {
    PartKind.BREADTH: Scale(
        20, 0.0, 0.8, "sector members that fell by 1 % or more within the last hour, of those with a price"
    ),
    PartKind.MOVE: Scale(
        20, 0.1, 1.0, "how far BTC is from its price 4 h ago, up or down, in ATRs (Wilder, 14 closed days)"
    ),
    PartKind.RATE: Scale(
        25,
        1.0,
        20.0,
        "liquidated in the last 15 minutes, over the median of such spans of the 24 h before (those with any)",
        log=True,
    ),
    PartKind.SIDE: Scale(
        10, 0.6, 0.95, "share of the larger side of what was liquidated in 1 h; under $1M it scores 0"
    ),
    PartKind.FUNDING: Scale(
        10, 0.0, 0.0005, "how far the median funding rate of the coins is from the usual 0.01 %, either way"
    ),
    PartKind.DISLOCATION: Scale(
        15, 0.05, 0.5, "(highest - lowest) / median of BTC's last prices on the venues that are not silent, in percent"
    ),
}
"""The weights sum to 100; a part that is not known is left out with its weight."""


class StressPart(NamedTuple):
    """A part: its value (None: not known), its score from 0 to 100.

    `percentile` is the share of the past `spans` (each 5 minutes) whose value was lower, in percent, equal ones count
    half; None where it was not asked for or too little is known.
    """

    kind: PartKind
    value: float | None
    score: float | None
    percentile: float | None = None
    spans: int = 0


class StressView(NamedTuple):
    """`value` is 0 to 100, None while fewer than `FEWEST_PARTS` parts are known."""

    value: int | None
    parts: tuple[StressPart, ...]

    @property
    def known(self) -> int:
        """How many parts are known."""
        return sum(part.score is not None for part in self.parts)


NO_STRESS = StressView(None, tuple(StressPart(kind, None, None) for kind in PartKind))


def made_of(values: dict[PartKind, float | None]) -> StressView:
    """The gauge: the mean of the known parts' scores by their weights."""
    parts, total, weights = [], 0.0, 0
    for kind, scale in SCALES.items():
        value = values.get(kind)
        score = None if value is None else scale.score(value)
        parts.append(StressPart(kind, value, score))
        if score is not None:
            total += scale.weight * score
            weights += scale.weight
    known = sum(part.score is not None for part in parts)
    return StressView(round(total / weights) if known >= FEWEST_PARTS else None, tuple(parts))
