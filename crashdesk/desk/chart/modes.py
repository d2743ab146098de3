"""The modes of the chart: a level, a trend line or the crosshair has the keys until it is set or left."""

from __future__ import annotations

import math
from typing import Protocol

from crashdesk.config.actions import KeyMode
from crashdesk.desk.chart.cross_mode import CrossMode
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.request import Marks
from crashdesk.desk.chart.sight import Sight, Step
from crashdesk.desk.chart.spot import Spot, hidden_bars
from crashdesk.desk.chart.trend_mode import TrendDraft, TrendMode
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.label import label_line, read_label
from crashdesk.desk.levels.place import Placing
from crashdesk.desk.messages import AskLine
from crashdesk.desk.prices import exact_price
from crashdesk.model.level import Level

Draft = Placing | TrendDraft


class ModeHost(Protocol):
    """What the modes ask of the desk around them."""

    @property
    def sight(self) -> Sight | None:
        """The chart as it is shown; None before there is a picture."""
        ...

    @property
    def now_ms(self) -> int:
        """The time shown, UTC ms: a level counts from there."""
        ...

    @property
    def alert_names(self) -> tuple[str, ...]:
        """The alerts of config.toml."""
        ...

    def pan_by(self, candles: int) -> None:
        """Show so many candles further back (on when negative)."""
        ...

    def ask(self, asked: AskLine) -> None:
        """Type a line, from the next key on."""
        ...

    def tell(self, text: str) -> None:
        """Say why something is not done."""
        ...

    def mode_changed(self) -> None:
        """Keys belong to another mode."""
        ...

    def level_kept(self, level_id: str) -> None:
        """A level was added or changed."""
        ...


class ChartModes:
    """At most one of them at a time. `keeper` gets the levels."""

    def __init__(self, host: ModeHost, keeper: LevelKeeper) -> None:
        self.now: PlaceMode | TrendMode | CrossMode | None = None
        self._host = host
        self._keeper = keeper
        self._labelling = False

    @property
    def key_mode(self) -> KeyMode:
        """Whom the chart's keys belong to."""
        if self.now is None:
            return KeyMode.NORMAL
        return KeyMode.CROSSHAIR if isinstance(self.now, CrossMode) else KeyMode.PLACE

    @property
    def time_ms(self) -> int | None:
        """The beginning of the candle under the crosshair, UTC ms."""
        return self.now.spot.ts_ms if isinstance(self.now, CrossMode) else None

    def place(self, price: float | None = None) -> bool:
        """Place a level from `price` (the last one when None); False without a price."""
        sight = self._host.sight
        start = price if price is not None else sight.view.last if sight is not None else None
        if sight is None or start is None:
            return False
        line = Placing(sight.view.symbol, sight.view.price_decimals, start)
        return self._begin(PlaceMode(line if price is None or sight.plot is None else line.nudged(sight.plot.scale, 0)))

    def place_at_once(self, price: float) -> None:
        """A level at `price`, which only wants its label."""
        if self.place(price):
            self.key("place_set")

    def edit(self, level_id: str) -> bool:
        """Move one of the trader's own levels on the chart; False when it is not there."""
        level, sight = self._keeper.book.get(level_id), self._host.sight
        if level is None or sight is None or level.symbol != sight.view.symbol:
            return False
        line = Placing(level.symbol, sight.view.price_decimals, level.price, editing=level)
        if level.trend is None:
            return self._begin(PlaceMode(line))
        first, second = (Spot(at, line._replace(base=price, editing=None)) for at, price in level.trend)
        return self._begin(TrendMode(level.symbol, first, second, level))

    def trend(self) -> bool:
        """Place a trend line from the newest candle shown; False without candles."""
        spot = self._newest()
        return spot is not None and self._begin(TrendMode(spot.line.symbol, spot))

    def cross(self) -> bool:
        """Read values off the chart; False without candles."""
        spot = self._newest()
        return spot is not None and self._begin(CrossMode(spot))

    def marks(self, last: float | None, glyphs: Glyphs) -> Marks:
        """What is laid over the chart; `last` is the last price."""
        match self.now:
            case PlaceMode():
                return Marks(place=self.now.mark(last, glyphs))
            case TrendMode():
                return Marks(trend=self.now.mark(last, glyphs))
            case CrossMode():
                return Marks(cross=self.now.mark)
        return Marks()

    def leave(self) -> None:
        """Keys go to the panes again; nothing is changed."""
        self.now, self._labelling = None, False
        self._host.mode_changed()

    def key(self, action_id: str, character: str | None = None) -> bool:
        """An action of the mode; False when it means nothing here. `character` is what was typed."""
        mode, sight = self.now, self._host.sight
        if mode is None or sight is None:
            return False
        step = mode.act(action_id, character, sight)
        if step is Step.OTHER:
            return False
        if step is Step.LEAVE:
            self.leave()
        elif step is Step.SET:
            self._set(mode.draft)
        self._follow(sight)
        return True

    def point_at(self, price: float, ts_ms: int) -> None:
        """The mouse chose a place while a mode has the keys."""
        sight = self._host.sight
        if self.now is not None and sight is not None and not self._labelling:
            self.now.point_at(price, ts_ms, sight)

    def drag(self, level_id: str, price: float) -> None:
        """An own level's line follows the mouse."""
        if self.now is None:
            self.edit(level_id)
        self.point_at(price, 0)

    def drop(self) -> None:
        """The line that was dragged stays where it is, under its old label."""
        if isinstance(self.now, PlaceMode) and (old := self.now.line.editing) is not None and not self._labelling:
            self._put(old._replace(price=self.now.line.price))

    def _begin(self, mode: PlaceMode | TrendMode | CrossMode) -> bool:
        self.now, self._labelling = mode, False
        self._host.mode_changed()
        sight = self._host.sight
        if sight is not None:
            self._follow(sight)
        return True

    def _newest(self) -> Spot | None:
        """The newest candle that is shown, at its close."""
        sight = self._host.sight
        if sight is None or not sight.view.open_ms:
            return None
        view, plot = sight.view, sight.plot
        shown = plot is not None and plot.bars.end_ms <= view.open_ms[-1]
        at_ms = plot.bars.origin_ms + (len(plot.bars) - 1) * plot.bars.step_ms if plot is not None else view.open_ms[-1]
        close = plot.bars.close[-1] if plot is not None and shown else view.last or view.close[-1]
        if not (math.isfinite(close) and close > 0):
            return None
        return Spot(at_ms, Placing(view.symbol, view.price_decimals, close))

    def _follow(self, sight: Sight) -> None:
        """Keep the point that is moved on the chart."""
        if isinstance(self.now, TrendMode | CrossMode) and sight.plot is not None:
            hidden = hidden_bars(self.now.spot, sight.plot, sight.view)
            if hidden:
                self._host.pan_by(hidden)

    def _set(self, draft: Draft) -> None:
        problem = draft.problem()
        if problem is not None:
            self._host.tell(problem)
            return
        if isinstance(draft, Placing):
            draft = draft._replace(base=draft.price, typed="", editing=draft.editing or self._twin(draft))
            self.now = PlaceMode(draft)
        self._ask(draft, label_line(draft.editing))

    def _twin(self, line: Placing) -> Level | None:
        """The level that is there already: it is edited, so that there never are two."""
        there = (level for level in self._keeper.book.levels if level.trend is None)
        return next((level for level in there if (level.symbol, level.price) == (line.symbol, line.price)), None)

    def _ask(self, draft: Draft, text: str) -> None:
        self._labelling = True
        what = "the line" if isinstance(draft, TrendDraft) else exact_price(draft.price, draft.decimals)
        label = f"label of {what} (support, resistance, target, stop or line first, alert=NAME last):"
        self._host.ask(AskLine(label, lambda typed: self._keep(draft, typed), text=text, left=self._unlabelled))

    def _keep(self, draft: Draft, text: str) -> None:
        try:
            words = read_label(text, self._host.alert_names)
        except ValueError as error:
            self._host.tell(str(error))
            self._ask(draft, text)
            return
        self._put(draft.level(self._keeper.new_id(), words, self._host.now_ms))

    def _put(self, level: Level) -> None:
        self._keeper.put(level)
        self.leave()
        self._host.level_kept(level.id)

    def _unlabelled(self) -> None:
        """No label: a trend line's second point may be moved again, anything else is left as it was."""
        self._labelling = False
        if not isinstance(self.now, TrendMode):
            self.leave()
