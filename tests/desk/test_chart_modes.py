"""Placing, trend lines and crosshair without a screen: keys in, levels out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from crashdesk.config.actions import KeyMode
from crashdesk.desk.chart.modes import ChartModes
from crashdesk.desk.chart.mouse import ChartMouse
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.places import cell_of
from crashdesk.desk.chart.render import draw_plot
from crashdesk.desk.chart.request import ChartRequest, CrossMark, Plot, TrendMark
from crashdesk.desk.chart.sight import Sight
from crashdesk.desk.glyphs import UNICODE
from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.desk.messages import AskLine
from crashdesk.model.level import Level, LevelKind, Point, TrendLine
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.level_views import LevelRow
from tests.desk.chart_data import FIRST_MS, chart_of, level

DAYS = 60
SLOPE = [(100.0 + day, 101.5 + day, 99.25 + day, 100.5 + day) for day in range(DAYS)]
LAST_DAY = FIRST_MS + (DAYS - 1) * DAY_MS
MINE = Level("mine", "BTC/USDT", 120.0, LevelKind.STOP, "exit", 1, 1, alert="loud")
NOW_MS = LAST_DAY + 5_000
"""The time shown: a replay's."""


@dataclass
class Host:
    """A desk that remembers what the modes asked of it."""

    sight: Sight | None
    now_ms: int = NOW_MS
    alert_names: tuple[str, ...] = ("loud",)
    asked: AskLine | None = None
    said: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    panned: list[int] = field(default_factory=list)

    def pan_by(self, candles: int) -> None:
        self.panned.append(candles)

    def ask(self, asked: AskLine) -> None:
        self.asked = asked

    def tell(self, text: str) -> None:
        self.said.append(text)

    def mode_changed(self) -> None:
        pass

    def level_kept(self, level_id: str) -> None:
        self.kept.append(level_id)


class Rig:
    """The modes on a chart of 60 rising days."""

    def __init__(self, *rows: LevelRow, own: tuple[Level, ...] = (), pan: int = 0, zoom: int | None = None) -> None:
        view = chart_of(SLOPE, last=159.5)
        request = ChartRequest(view, rows, 100, 30, ChartOptions(pan=pan, zoom=zoom))
        plot = draw_plot(request)
        assert plot is not None
        self.plot: Plot = plot
        self.host = Host(Sight(view, plot, rows))
        self.keeper = LevelKeeper(LevelBook(own), lambda _edit, _levels: None, lambda: 7, lambda: "new")
        self.modes = ChartModes(self.host, self.keeper)

    def press(self, *names: str) -> None:
        prefix = "crosshair_" if self.modes.key_mode is KeyMode.CROSSHAIR else "place_"
        for name in names:
            assert self.modes.key(prefix + name)

    def type(self, text: str) -> None:
        for char in text:
            assert self.modes.key("place_type", char)

    def label(self, text: str) -> None:
        assert self.host.asked is not None
        self.host.asked.done(text)

    @property
    def level(self) -> Level:
        (level,) = self.keeper.book.levels
        return level

    @property
    def price(self) -> float:
        mark = self.modes.marks(None, UNICODE).place
        assert mark is not None
        return mark.price

    @property
    def cross(self) -> CrossMark:
        mark = self.modes.marks(None, UNICODE).cross
        assert mark is not None
        return mark

    @property
    def line(self) -> TrendMark:
        mark = self.modes.marks(None, UNICODE).trend
        assert mark is not None
        return mark


def test_a_level_is_placed_named_and_counts_from_the_time_shown() -> None:
    rig = Rig()
    assert rig.modes.key_mode is KeyMode.NORMAL
    assert rig.modes.place()
    assert rig.modes.key_mode is KeyMode.PLACE
    for name, rows in (("up", 1), ("down", -1), ("up_far", 10), ("down_far", -10)):
        before = rig.plot.scale.row(rig.price)
        rig.press(name)
        assert rig.plot.scale.row(rig.price) == before - rows
    before_price = rig.price
    rig.press("up_percent")
    assert rig.price == pytest.approx(before_price * 1.01, abs=0.005)
    rig.press("down_percent")
    rig.type("141.257")
    mark = rig.modes.marks(159.5, UNICODE).place
    assert mark is not None
    assert (mark.price, mark.text) == (141.257, "▶141.257_ −11.4%")
    rig.press("erase", "set")
    assert rig.price == 141.25  # still drawn while its label is typed
    rig.label("target half alert=loud")
    expected = Level("new", "BTC/USDT", 141.25, LevelKind.TARGET, "half", NOW_MS, 7, alert="loud")
    assert rig.level == expected
    assert rig.host.kept == ["new"]
    assert rig.modes.now is None


@pytest.mark.parametrize("way", ["cancel", "label"])
def test_leaving_changes_nothing(way: str) -> None:
    rig = Rig(own=(MINE,))
    assert rig.modes.edit("mine")
    rig.press("up_far", "up_percent")
    if way == "cancel":
        rig.press("cancel")
    else:
        rig.press("set")
        assert rig.host.asked is not None
        assert rig.host.asked.left is not None
        rig.host.asked.left()
    assert rig.modes.now is None
    assert rig.keeper.book.levels == (MINE,)


def test_an_edited_level_keeps_who_it_is() -> None:
    rig = Rig(own=(MINE,))
    rig.modes.edit("mine")
    rig.type("118")
    rig.press("set")
    assert rig.host.asked is not None
    assert rig.host.asked.text == "stop exit alert=loud"
    rig.label("stop lower")
    assert rig.level == MINE._replace(price=118.0, label="lower", alert="", updated_ms=7)
    assert not rig.modes.edit("gone")


def test_a_new_level_on_one_that_is_there_edits_that_one() -> None:
    rig = Rig(own=(MINE,))
    rig.modes.place()
    rig.type("120")
    rig.press("set")
    rig.label("resistance now")
    assert rig.level == MINE._replace(kind=LevelKind.RESISTANCE, label="now", alert="", updated_ms=7)


def test_an_unknown_alert_is_refused_and_may_be_typed_again() -> None:
    rig = Rig()
    rig.modes.place()
    rig.press("set")
    rig.label("stop alert=lout")
    assert rig.keeper.book.levels == ()
    assert rig.host.said == ["no alert in config.toml is called 'lout', did you mean 'loud'?"]
    assert rig.host.asked is not None
    assert rig.host.asked.text == "stop alert=lout"
    rig.label("stop alert=loud")
    assert rig.level.alert == "loud"


@pytest.mark.parametrize(
    ("typed", "said"), [("0", "a level needs a price above 0, not 0"), ("9" * 17, "a level can't be above")]
)
def test_a_price_that_can_not_be_is_refused(typed: str, said: str) -> None:
    rig = Rig()
    rig.modes.place()
    rig.type(typed)
    rig.press("set")
    assert rig.host.asked is None
    assert rig.host.said[0].startswith(said)
    assert rig.modes.key_mode is KeyMode.PLACE


def test_a_line_snaps_to_levels_that_were_found_and_not_to_itself() -> None:
    rig = Rig(level(133.37), level(133.3, level_id="mine"))
    rig.modes.place()
    rig.type("133.31")
    rig.press("snap")
    assert rig.price == 133.37


def test_a_trend_line_through_two_points_of_the_candles() -> None:
    rig = Rig()
    assert rig.modes.trend()
    assert rig.modes.key_mode is KeyMode.PLACE
    assert rig.line.second == Point(LAST_DAY, 159.5)
    rig.press("left_far", "left", "right", "left")
    rig.press("up_far", "snap")  # from far above: to the candle's high
    first = Point(LAST_DAY - 11 * DAY_MS, SLOPE[-12][1])
    assert rig.line.second == first
    rig.press("set")
    assert (rig.line.first, rig.line.second) == (first, first)
    rig.press("set")
    assert "different times" in rig.host.said[0]
    rig.press("left_far")
    rig.type("120.5")
    rig.press("set")
    rig.label("support base")
    second = Point(LAST_DAY - 21 * DAY_MS, 120.5)
    assert rig.level.trend == TrendLine(second, first)  # the earlier one comes first
    assert (rig.level.price, rig.level.kind, rig.level.label) == (first.price, LevelKind.SUPPORT, "base")
    assert (rig.level.created_ms, rig.level.id) == (NOW_MS, "new")


def test_escape_goes_back_one_step() -> None:
    rig = Rig()
    rig.modes.trend()
    rig.press("left", "set", "left", "set")
    assert rig.host.asked is not None
    assert rig.host.asked.left is not None
    rig.host.asked.left()  # no label: the second point again
    before = rig.line
    rig.press("left")
    assert (rig.line.first, rig.line.second.ts_ms) == (before.first, before.second.ts_ms - DAY_MS)
    rig.press("cancel", "right")  # the first point again
    assert (rig.line.first, rig.line.second) == (Point(before.second.ts_ms - DAY_MS, 159.5), Point(LAST_DAY, 159.5))
    rig.press("cancel")
    assert rig.modes.now is None
    assert rig.keeper.book.levels == ()


def test_editing_a_trend_line_moves_its_points() -> None:
    old = TrendLine(Point(FIRST_MS + 10 * DAY_MS, 110.0), Point(FIRST_MS + 40 * DAY_MS, 130.0))
    rig = Rig(own=(MINE._replace(price=130.0, trend=old),))
    assert rig.modes.edit("mine")
    rig.press("right", "set")
    rig.type("131")
    rig.press("set")
    rig.label("line base")
    moved = TrendLine(Point(FIRST_MS + 11 * DAY_MS, 110.0), Point(FIRST_MS + 40 * DAY_MS, 131.0))
    assert (rig.level.trend, rig.level.price, rig.level.id) == (moved, 131.0, "mine")


def test_the_crosshair_walks_over_candles_and_prices() -> None:
    rig = Rig()
    assert rig.modes.cross()
    assert rig.modes.key_mode is KeyMode.CROSSHAIR
    assert rig.cross == CrossMark(LAST_DAY, 159.5)
    rig.press("left_far", "right_far", "left", "right", "left")
    assert rig.cross.ts_ms == LAST_DAY - DAY_MS
    assert rig.modes.time_ms == rig.cross.ts_ms
    for _ in range(9):
        rig.press("right_far", "up_far")
    assert rig.cross.ts_ms == LAST_DAY
    assert rig.plot.scale.row(rig.cross.price) == 0  # never off the chart
    for _ in range(9):
        rig.press("left_far", "down_far")
    assert rig.cross.ts_ms == FIRST_MS
    assert rig.plot.scale.row(rig.cross.price) == rig.plot.scale.rows - 1
    rig.press("snap")
    assert rig.cross.price == SLOPE[0][2]
    assert not rig.modes.key("crosshair_note")
    rig.press("place")
    rig.label("low")
    assert (rig.level.price, rig.level.label) == (SLOPE[0][2], "low")
    assert rig.modes.now is None


def test_the_crosshair_is_left() -> None:
    rig = Rig()
    rig.modes.cross()
    rig.press("leave")
    assert rig.modes.now is None


def test_the_chart_follows_a_point_that_leaves_it() -> None:
    rig = Rig(zoom=15, pan=10)
    rig.modes.cross()
    shown = rig.plot.bars
    assert rig.cross.ts_ms == shown.origin_ms + (len(shown) - 1) * DAY_MS
    rig.press("right")
    assert rig.host.panned == [-1]
    rig.host.panned.clear()
    rig.press("left_far", "left_far")
    assert rig.host.panned[-1] == (shown.origin_ms - rig.cross.ts_ms) // DAY_MS > 0


def test_without_candles_there_is_nothing_to_point_at() -> None:
    rig = Rig()
    rig.host.sight = Sight(chart_of([], last=100.0), None, ())
    assert not rig.modes.cross()
    assert not rig.modes.trend()
    assert rig.modes.place()
    rig.press("up", "snap")
    rig.type("99")
    rig.press("set")
    rig.label("")
    assert rig.level.price == 99.0
    rig.host.sight = None
    assert not rig.modes.place()
    assert not rig.modes.edit("new")
    assert not rig.modes.key("place_up")


class Mouse(Rig):
    """The same with a mouse. Columns and rows are the picture's."""

    def __init__(self, *rows: LevelRow, own: tuple[Level, ...] = ()) -> None:
        super().__init__(*rows, own=own)
        self.mouse = ChartMouse(self.modes)

    def at(self, x: int, row: int, *rows: int, double: bool = False) -> None:
        """Pressed at a row, moved over others, released."""
        assert self.host.sight is not None
        self.mouse.down(self.host.sight, x, row)
        for other in rows:
            self.mouse.move(self.host.sight, other)
        self.mouse.up()
        self.mouse.click(self.host.sight, x, rows[-1] if rows else row, double=double)


def test_a_click_on_the_price_axis_places_a_level_there() -> None:
    rig = Mouse()
    rig.at(2, 7)
    assert rig.host.asked is not None
    rig.label("stop")
    assert rig.plot.scale.row(rig.level.price) == 7
    rig.at(30, 9)
    assert rig.modes.now is None


def test_an_own_line_is_dragged() -> None:
    rig = Mouse(level(120.0, LevelKind.STOP, "exit", "mine"), level(140.0), own=(MINE,))
    start = rig.plot.scale.row(120.0)
    rig.at(40, start)
    assert rig.keeper.book.levels == (MINE,)
    rig.at(40, start, start - 1, start - 4)
    assert rig.plot.scale.row(rig.level.price) == start - 4
    assert rig.level._replace(price=120.0, updated_ms=1) == MINE
    assert rig.modes.now is None
    rig.at(40, rig.plot.scale.row(140.0), 3)  # nobody's: stays
    assert rig.modes.now is None


def test_a_double_click_edits_an_own_level_and_begins_one_elsewhere() -> None:
    trend = TrendLine(Point(FIRST_MS, 110.0), Point(LAST_DAY, 125.0))
    sloped = level(125.0, LevelKind.LINE, "", "slope")._replace(trend=trend)
    rig = Mouse(
        level(120.0, LevelKind.STOP, "exit", "mine"), sloped, own=(MINE, MINE._replace(id="slope", trend=trend))
    )
    gutter = rig.plot.left + rig.plot.columns + 2
    rig.at(gutter, rig.plot.scale.row(120.0), double=True)
    assert rig.price == 120.0
    rig.press("cancel")
    rig.at(gutter, rig.plot.scale.row(125.2), double=True)
    assert rig.modes.marks(None, UNICODE).trend is not None
    rig.press("cancel")
    rig.at(40, 2, double=True)
    assert rig.plot.scale.row(rig.price) == 2
    rig.at(50, 5)
    assert rig.plot.scale.row(rig.price) == 5


def test_a_click_moves_point_and_crosshair() -> None:
    rig = Mouse()
    rig.modes.cross()
    x, row = cell_of(rig.plot, Point(FIRST_MS + 20 * DAY_MS, 120.0)) or (0, 0)
    rig.at(x, row)
    assert (rig.cross.ts_ms, rig.plot.scale.row(rig.cross.price)) == (FIRST_MS + 20 * DAY_MS, row)
    rig.press("leave")
    rig.modes.trend()
    rig.at(x, row)
    assert rig.line.second.ts_ms == FIRST_MS + 20 * DAY_MS
