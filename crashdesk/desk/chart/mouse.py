"""The mouse on the chart: the price axis places a level, an own level's line is dragged, its label is edited."""

from __future__ import annotations

from crashdesk.desk.chart.modes import ChartModes
from crashdesk.desk.chart.places import time_at
from crashdesk.desk.chart.request import Plot
from crashdesk.desk.chart.sight import Sight
from crashdesk.desk.chart.trends import edge_price
from crashdesk.session.level_views import LevelRow


class ChartMouse:
    """Columns and rows are those of the chart's picture."""

    def __init__(self, modes: ChartModes) -> None:
        self._modes = modes
        self._held: str | None = None
        self._dragged = False

    def down(self, sight: Sight, x: int, row: int) -> None:
        """The button is pressed: on an own level's line it takes hold of it."""
        self._dragged = False
        level = _own_level(sight, x, row) if self._modes.now is None else None
        self._held = level.id if level is not None and level.trend is None else None

    def move(self, sight: Sight, row: int) -> bool:
        """The mouse moved with the button pressed; whether it drags a level."""
        plot = sight.plot
        if self._held is None or plot is None or not 0 <= row < plot.scale.rows:
            return False
        self._dragged = True
        self._modes.drag(self._held, plot.scale.price(row + 0.5))
        return True

    def up(self) -> None:
        """The button is released."""
        if self._held is not None and self._dragged:
            self._modes.drop()
        self._held = None

    def click(self, sight: Sight, x: int, row: int, *, double: bool) -> None:
        """A click that was no drag."""
        plot, modes = sight.plot, self._modes
        if self._dragged or plot is None or not 0 <= row < plot.scale.rows:
            return
        price = plot.scale.price(row + 0.5)
        if modes.now is not None:
            if plot.left <= x < plot.left + plot.columns:
                modes.point_at(price, _time_of(plot, sight, x))
        elif x < plot.left:
            modes.place_at_once(price)
        elif double:
            level = _own_level(sight, x, row)
            if level is None or level.id is None or not modes.edit(level.id):
                modes.place(price)


def _time_of(plot: Plot, sight: Sight, x: int) -> int:
    """The time of a column, of the newest candle behind it."""
    opened = sight.view.open_ms
    return min(time_at(plot, x), opened[-1]) if opened else time_at(plot, x)


def _own_level(sight: Sight, x: int, row: int) -> LevelRow | None:
    """The trader's own level whose line or label is on a row; of a trend line only the label."""
    plot = sight.plot
    if plot is None or x < plot.left:
        return None
    for level in sight.levels:
        if level.id is None:
            continue
        if level.trend is None and plot.scale.row(level.price) == row:
            return level
        if level.trend is not None and x >= plot.left + plot.columns:
            price = edge_price(plot, level.trend)
            if price > 0 and plot.scale.row(price) == row:
                return level
    return None
