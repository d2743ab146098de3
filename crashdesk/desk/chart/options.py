"""How the trader wants the chart."""

from datetime import UTC, tzinfo
from typing import NamedTuple, Self

from crashdesk.desk.chart.cells import Part

AVERAGE_SETS: tuple[tuple[Part, ...], ...] = (
    (Part.SMA200,),
    (Part.SMA200, Part.SMA50),
    (Part.SMA200, Part.SMA50, Part.EMA200),
    (),
)
"""What the averages key goes through."""


class ChartOptions(NamedTuple):
    """Candles or a line, scale, averages, zoom and pan.

    `zoom` is the number of candles shown (None: one to a column), `pan` how many are hidden at the right. `ascii` draws
    with plain characters, `mono` tells rising from falling candles by shape, `zone` is where the times of candles
    under a day are read, `profile` shows what was liquidated by price beside the axis, `volume` that of each candle.
    """

    candles: bool = True
    log: bool = False
    averages: tuple[Part, ...] = AVERAGE_SETS[0]
    zoom: int | None = None
    pan: int = 0
    ascii: bool = False
    mono: bool = False
    zone: tzinfo = UTC
    profile: bool = True
    volume: bool = True

    def next_averages(self) -> Self:
        """The next set of averages."""
        place = AVERAGE_SETS.index(self.averages) if self.averages in AVERAGE_SETS else -1
        return self._replace(averages=AVERAGE_SETS[(place + 1) % len(AVERAGE_SETS)])
