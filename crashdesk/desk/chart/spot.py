"""A point on the chart that keys move in time and price. Pure values."""

from __future__ import annotations

import math
from typing import NamedTuple

from crashdesk.desk.chart.places import bar_of
from crashdesk.desk.chart.request import Plot
from crashdesk.desk.levels.place import Placing
from crashdesk.model.level import Point
from crashdesk.session.views import ChartView


class Spot(NamedTuple):
    """The beginning of a bar (UTC ms) and a line that carries the price."""

    ts_ms: int
    line: Placing

    @property
    def point(self) -> Point:
        """Time and price."""
        return Point(self.ts_ms, self.line.price)

    def stepped(self, plot: Plot, view: ChartView, bars: int) -> Spot:
        """`bars` later (earlier when negative), within the candles that there are."""
        grid = plot.bars
        number = (self.ts_ms - grid.origin_ms) // grid.step_ms + bars
        first = (view.open_ms[0] - grid.origin_ms) // grid.step_ms
        last = (view.open_ms[-1] - grid.origin_ms) // grid.step_ms
        return self._replace(ts_ms=grid.origin_ms + max(first, min(number, last)) * grid.step_ms)

    def snapped(self, plot: Plot) -> Spot:
        """On the nearest of the bar's open, high, low and close; where it was when it has none."""
        index = bar_of(plot, self.ts_ms)
        if index is None:
            return self
        bars = plot.bars
        prices = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
        return self._replace(line=self.line.snapped(prices))

    def within(self, plot: Plot) -> Spot:
        """Inside of the prices that are shown."""
        half = 0.5
        if plot.scale.holds(self.line.price):
            return self
        depth = half if self.line.price > plot.scale.high else plot.scale.rows - half
        return self._replace(line=self.line._replace(base=plot.scale.price(depth), typed="").nudged(plot.scale, 0))


def hidden_bars(spot: Spot, plot: Plot, view: ChartView) -> int:
    """By how many candles the chart must go back (on when negative) so that the spot is shown; 0 when it is."""
    bars = plot.bars
    if spot.ts_ms < bars.origin_ms:
        return math.ceil((bars.origin_ms - spot.ts_ms) / view.timeframe.ms)
    if spot.ts_ms >= bars.end_ms:
        return -math.ceil((spot.ts_ms + bars.step_ms - bars.end_ms) / view.timeframe.ms)
    return 0
