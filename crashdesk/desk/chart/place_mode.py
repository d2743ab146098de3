"""The place mode of the chart: keys to a line, a line to one of the trader's own levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crashdesk.desk import figures
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.levels.place import Placing, snap_prices
from crashdesk.desk.prices import exact_price
from crashdesk.model.level import Level

if TYPE_CHECKING:
    from crashdesk.desk.chart.request import PlaceMark, Plot

FAR_ROWS = 10
PERCENT = 1.0

_NUDGES = {"place_up": 1, "place_down": -1, "place_up_far": FAR_ROWS, "place_down_far": -FAR_ROWS}
_PERCENTS = {"place_up_percent": PERCENT, "place_down_percent": -PERCENT}


@dataclass(slots=True)
class PlaceMode:
    """Whether a line is being placed, and where it is. `done` gets the line when it is set."""

    done: Callable[[Placing], None]
    line: Placing | None = None

    def begin(self, symbol: str, decimals: int, price: float, editing: Level | None = None) -> None:
        """Start at `price`, or at the level that is edited."""
        self.line = Placing(symbol, decimals, editing.price if editing else price, editing=editing)

    def act(self, action_id: str, key: str | None, plot: Plot | None, sma200: float | None) -> bool:
        """Do what an action of the place mode means; False when it means nothing. `key` is the character typed."""
        line = self.line
        if line is None:
            return False
        if action_id in _NUDGES and plot is not None:
            self.line = line.nudged(plot.scale, _NUDGES[action_id])
        elif action_id in _PERCENTS:
            self.line = line.moved(_PERCENTS[action_id])
        elif action_id == "place_snap" and plot is not None:
            self.line = line.snapped(snap_prices(plot.bars, plot.scale, sma200))
        elif action_id == "place_type" and key is not None:
            self.line = line.type(key)
        elif action_id == "place_erase":
            self.line = line.erased()
        elif action_id == "place_cancel":
            self.line = None
        elif action_id == "place_set":
            self.line = None
            self.done(line._replace(base=line.price, typed=""))
        else:
            return False
        return True

    def mark(self, last: float | None, glyphs: Glyphs) -> PlaceMark | None:
        """The line for the chart: its price and how far it is from the last one."""
        line = self.line
        if line is None:
            return None
        from crashdesk.desk.chart.request import PlaceMark

        price = line.typed + "_" if line.typed else exact_price(line.price, line.decimals)
        far = f" {figures.percent((line.price / last - 1) * 100, glyphs)}" if last else ""
        return PlaceMark(line.price, f"{glyphs.cursor}{price}{far}")
