"""A trend line on its way: two points, one after the other."""

from __future__ import annotations

from typing import NamedTuple

from crashdesk.desk.chart.place_mode import MOVES, moved_line
from crashdesk.desk.chart.request import TrendMark
from crashdesk.desk.chart.sight import BARS, Sight, Step, line_words
from crashdesk.desk.chart.spot import Spot
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.levels.label import LabelWords
from crashdesk.model.level import Level, TrendLine


class TrendDraft(NamedTuple):
    """Two points in any order; `editing` is the line that they move."""

    symbol: str
    first: Spot
    second: Spot
    editing: Level | None

    @property
    def price(self) -> float:
        """The price of the later point."""
        return max(self.first.point, self.second.point).price

    def problem(self) -> str | None:
        """Why there can't be a line, in one sentence."""
        problem = self.first.line.problem() or self.second.line.problem()
        if problem is None and self.first.ts_ms == self.second.ts_ms:
            return "a trend line needs two points at different times: left and right move this one"
        return problem

    def level(self, new_id: str, words: LabelWords, now_ms: int) -> Level:
        """The finished line; one that is being edited keeps its id, its creation time and its timeframe."""
        start, end = sorted((self.first.point, self.second.point))
        old = self.editing or Level(new_id, self.symbol, end.price, words.kind, words.label, now_ms, now_ms)
        return old._replace(
            price=end.price,
            kind=words.kind,
            label=words.label,
            alert=words.alert,
            trend=TrendLine(start, end),
            updated_ms=now_ms,
        )


class TrendMode:
    """Which of the two points is moved, and where they are. The second one begins where the first one was set."""

    name = "trend"

    def __init__(self, symbol: str, first: Spot, second: Spot | None = None, editing: Level | None = None) -> None:
        self._symbol, self._editing = symbol, editing
        self._first, self._second = first, second
        self._on_second = False

    @property
    def words(self) -> str:
        """What is being done."""
        return f"trend line: {'second' if self._on_second else 'first'} point"

    @property
    def spot(self) -> Spot:
        """The point that is moved."""
        return self._second if self._on_second and self._second is not None else self._first

    @property
    def draft(self) -> TrendDraft:
        """What a level is made of when both points are set."""
        return TrendDraft(self._symbol, self._first, self._second or self._first, self._editing)

    def act(self, action_id: str, character: str | None, sight: Sight) -> Step:
        """An action of the place mode; `character` is what was typed."""
        name = action_id.removeprefix("place_")
        if name == "set":
            return self._set()
        if name == "cancel":
            left, self._on_second = not self._on_second, False
            return Step.LEAVE if left else Step.DONE
        if name not in MOVES:
            return Step.OTHER
        self._put(self._moved(name, character, sight))
        return Step.DONE

    def point_at(self, price: float, ts_ms: int, sight: Sight) -> None:
        """The mouse chose a place."""
        if sight.plot is not None:
            line = self.spot.line._replace(base=price, typed="").nudged(sight.plot.scale, 0)
            self._put(Spot(ts_ms, line))

    def mark(self, last: float | None, glyphs: Glyphs) -> TrendMark:
        """Both points for the chart, the words at the one that is moved."""
        moved, draft = self.spot, self.draft
        other = draft.first if self._on_second else draft.second
        return TrendMark(other.point, moved.point, line_words(moved.line, last, glyphs))

    def _set(self) -> Step:
        line = self._first.line
        if self._on_second or line.problem() is not None:
            return Step.SET
        self._first = self._first._replace(line=line._replace(base=line.price, typed=""))
        self._second = self._second or self._first
        self._on_second = True
        return Step.DONE

    def _moved(self, name: str, character: str | None, sight: Sight) -> Spot:
        spot, plot = self.spot, sight.plot
        line = moved_line(spot.line, name, character, sight)
        if line is not None:
            return spot._replace(line=line)
        if plot is None or not sight.view.open_ms:
            return spot
        if name in BARS:
            return spot.stepped(plot, sight.view, BARS[name])
        return spot.snapped(plot) if name == "snap" else spot

    def _put(self, spot: Spot) -> None:
        if self._on_second:
            self._second = spot
        else:
            self._first = spot
