"""The crosshair: a time and a price to read values off the chart."""

from __future__ import annotations

from crashdesk.desk.chart.request import CrossMark
from crashdesk.desk.chart.sight import BARS, ROWS, Sight, Step
from crashdesk.desk.chart.spot import Spot
from crashdesk.desk.levels.place import Placing


class CrossMode:
    """Where the crosshair is."""

    name = "crosshair"
    words = "crosshair"

    def __init__(self, spot: Spot) -> None:
        self.spot = spot

    @property
    def draft(self) -> Placing:
        """What a level at its price is made of."""
        return self.spot.line

    @property
    def mark(self) -> CrossMark:
        """Its lines for the chart."""
        return CrossMark(self.spot.ts_ms, self.spot.line.price)

    def act(self, action_id: str, _character: str | None, sight: Sight) -> Step:
        """An action of the crosshair mode."""
        name = action_id.removeprefix("crosshair_")
        if name in ("place", "leave"):
            return Step.SET if name == "place" else Step.LEAVE
        if name not in (*ROWS, *BARS, "snap"):
            return Step.OTHER
        spot, plot = self.spot, sight.plot
        if plot is None or not sight.view.open_ms:
            return Step.DONE
        if name in ROWS:
            spot = spot._replace(line=spot.line.nudged(plot.scale, ROWS[name]))
        else:
            spot = spot.stepped(plot, sight.view, BARS[name]) if name in BARS else spot.snapped(plot)
        self.spot = spot.within(plot)
        return Step.DONE

    def point_at(self, price: float, ts_ms: int, sight: Sight) -> None:
        """The mouse chose a place."""
        if sight.plot is not None:
            line = self.spot.line._replace(base=price).nudged(sight.plot.scale, 0)
            self.spot = Spot(ts_ms, line)
