"""A level on its way: keys to a line."""

from __future__ import annotations

from crashdesk.desk.chart.request import PlaceMark
from crashdesk.desk.chart.sight import BARS, ROWS, Sight, Step, line_words
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.levels.place import Placing, snap_prices

PERCENTS = {"up_percent": 1.0, "down_percent": -1.0}
MOVES = frozenset({*ROWS, *BARS, *PERCENTS, "type", "erase", "snap"})
"""What moves the line or, of a trend line, the point."""


class PlaceMode:
    """A horizontal line that is being placed."""

    name = "place"
    words = "placing a level"

    def __init__(self, line: Placing) -> None:
        self.line = line

    @property
    def draft(self) -> Placing:
        """What a level is made of when the line is set."""
        return self.line

    def act(self, action_id: str, character: str | None, sight: Sight) -> Step:
        """An action of the place mode; `character` is what was typed."""
        name = action_id.removeprefix("place_")
        if name in ("set", "cancel"):
            return Step.SET if name == "set" else Step.LEAVE
        if name not in MOVES:
            return Step.OTHER
        moved = moved_line(self.line, name, character, sight)
        if moved is None and name == "snap" and sight.plot is not None:
            moved = self.line.snapped(snap_prices(sight.plot.bars, sight.plot.scale, not_own_prices(sight)))
        self.line = moved or self.line
        return Step.DONE

    def point_at(self, price: float, _ts_ms: int, sight: Sight) -> None:
        """The mouse chose a place."""
        if sight.plot is not None:
            self.line = self.line._replace(base=price, typed="").nudged(sight.plot.scale, 0)

    def mark(self, last: float | None, glyphs: Glyphs) -> PlaceMark:
        """The line for the chart."""
        return PlaceMark(self.line.price, line_words(self.line, last, glyphs))


def moved_line(line: Placing, name: str, character: str | None, sight: Sight) -> Placing | None:
    """The line after what moves a price by rows or per cent, or types it; None when it is none of these."""
    if name in ROWS:
        return line.nudged(sight.plot.scale, ROWS[name]) if sight.plot is not None else line
    if name in PERCENTS:
        return line.moved(PERCENTS[name])
    if name == "type":
        return line.type(character or "")
    return line.erased() if name == "erase" else None


def not_own_prices(sight: Sight) -> list[float]:
    """The average, levels that were found or published: what a line snaps to besides the candles."""
    prices = [row.price for row in sight.levels if row.id is None]
    average = sight.view.sma200_daily
    return prices if average is None else [*prices, average]
