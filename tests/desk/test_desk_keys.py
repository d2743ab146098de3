"""Every action of the keymap, pressed on the whole desk by its keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot

from crashdesk.config.actions import ACTIONS, Action, KeyMode
from crashdesk.config.ticker_settings import USUAL_COLUMNS
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.chart.cross_mode import CrossMode
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.spot import Spot
from crashdesk.desk.chart.trend_mode import TrendMode
from crashdesk.desk.liquidations.tables import Tab
from crashdesk.model.records import Side
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.stops import Stop, StopKind
from crashdesk.session.stress_views import PartKind, StressView, made_of
from crashdesk.session.views import WeightMode
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_views import NOW_MS, desk_view

SIZE = (160, 48)


@dataclass
class Stand:
    """A running desk and what it told the outside."""

    app: CrashDesk
    pilot: Pilot[None]
    link: FakeLink
    memory: Memory
    key: str

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        for _ in range(3):  # from the pane to the screen, to the app, and back
            await self.pilot.pause()
        await self.app._errands.flush()

    async def act(self) -> None:
        await self.press(self.key)

    def asked(self, name: str) -> list[object]:
        return [argument for call, argument in self.link.calls if call == name]


Check = Callable[[Stand], Awaitable[None]]


def groups(name: str) -> Check:
    """The sample has no perpetuals and no stocks."""

    async def check(stand: Stand) -> None:
        await stand.act()
        pane = stand.app.desk.tickers
        assert pane.listing.group == name
        assert len(pane.listing.rows) == 20
        await stand.act()
        assert pane.listing.group == ""

    return check


def opens_command(text: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.act()
        prompt = stand.app.desk.bottom.prompt
        assert prompt is not None
        assert prompt.text == text

    return check


async def chooses_columns(stand: Stand) -> None:
    await stand.press("4")
    await stand.act()
    pane = stand.app.desk.tickers
    assert stand.app.desk.arrangement.focus == "tickers"
    await stand.press("space", "J", "enter")
    assert pane.columns == ("symbol", *USUAL_COLUMNS[2:])
    assert stand.asked("select_columns")[-1] == pane.columns
    await stand.act()
    await stand.press("space", "escape")
    assert pane.columns == ("symbol", *USUAL_COLUMNS[2:])


def focuses(name: str) -> Check:
    async def check(stand: Stand) -> None:
        if name == "tickers":
            await stand.press("4")
        await stand.act()
        assert stand.app.desk.arrangement.focus == name
        assert stand.app.focused is stand.app.desk.panes[name]

    return check


def asks(name: str, argument: object = None, *, before: tuple[str, ...] = ()) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(*before)
        await stand.act()
        assert stand.asked(name)[-1:] == [argument]

    return check


def moves_tickers(before: tuple[str, ...], row: int) -> Check:
    async def check(stand: Stand) -> None:
        rows = [view.symbol for view in stand.app.view.tickers]  # type: ignore[union-attr]
        await stand.press(*before)
        await stand.act()
        await stand.press("enter")
        assert stand.asked("select_symbol") == [rows[row]]

    return check


async def next_pane(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.arrangement.focus == "sectors"


async def previous_pane(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.arrangement.focus == "timeline"


async def zooms(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.tickers.size.width == SIZE[0]
    await stand.act()
    assert stand.app.desk.tickers.size.width < SIZE[0]


async def _sector(stand: Stand) -> str:
    """The sector that Enter opens; closed again."""
    await stand.press("enter")
    caption = "".join(text for text, _ in stand.app.desk.panes["sectors"].caption())
    await stand.press("escape")
    return caption.split()[0]


async def next_layout(stand: Stand) -> None:
    before = stand.app.desk.arrangement.layout
    await stand.act()
    assert stand.app.desk.arrangement.layout != before


async def left(stand: Stand) -> None:
    await stand.press("2")
    first = await _sector(stand)
    await stand.act()
    assert await _sector(stand) != first


async def right(stand: Stand) -> None:
    await stand.press("2", "left")
    first = await _sector(stand)
    await stand.act()
    assert await _sector(stand) != first


async def sorts(stand: Stand) -> None:
    await stand.act()
    await stand.press("2", "g", "enter")
    assert stand.asked("select_symbol") == ["SOL/USDT"]


async def reverses(stand: Stand) -> None:
    await stand.press("s", "2")
    await stand.act()
    await stand.press("g", "enter")
    assert stand.asked("select_symbol") == ["DASH/USDT"]


async def filters(stand: Stand) -> None:
    await stand.act()
    await stand.press("d", "o", "g", "e", "enter", "enter")
    assert stand.app.desk.tickers.order.query == "doge"
    assert stand.asked("select_symbol") == ["DOGE/USDT"]


async def clears(stand: Stand) -> None:
    await stand.press("slash", "x", "r", "p", "enter")
    await stand.act()
    assert stand.app.desk.tickers.order.query == ""


async def changes_chart(stand: Stand) -> None:
    before = stand.app.desk.chart.options
    await stand.press("o")
    middle = stand.app.desk.chart.options
    await stand.act()
    assert stand.app.desk.chart.options not in (before if stand.key not in {"o", "O"} else middle, middle)


async def toggles_volume(stand: Stand) -> None:
    await stand.press("4", "z")  # there is room for it in the whole screen
    before = stand.app.desk.chart.options.volume
    await stand.act()
    assert stand.app.desk.chart.options.volume is not before


async def seconds(stand: Stand) -> None:
    await stand.act()
    assert stand.asked("select_second") == [("BTC/USDT", Timeframe.W1)]


async def sizes(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.liquidations.tape.wanted == FeedFilter(least_usd=10_000)
    assert stand.asked("select_feed") == [FeedFilter(least_usd=10_000)]


async def filters_by_row(stand: Stand) -> None:
    newest = stand.app.view.feed.rows[-1]  # type: ignore[union-attr]
    only = FeedFilter(coin=newest.symbol.partition("/")[0]) if stand.key == "C" else FeedFilter(venue=newest.venue)
    await stand.act()
    await stand.act()
    assert stand.asked("select_feed") == [only, FeedFilter()]


async def tabs(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.liquidations.tab is Tab.VENUES


async def places(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.mode is KeyMode.PLACE
    await stand.press("1", "0", "4", "0", "0", "0", "enter", "s", "t", "o", "p", "space", "h", "i", "enter")
    assert [(level.price, level.kind, level.label) for level in stand.memory.levels] == [(104_000.0, "stop", "hi")]
    assert stand.asked("set_levels")[-1] == stand.memory.levels
    assert stand.app.desk.mode is KeyMode.NORMAL


async def with_level(stand: Stand) -> None:
    await stand.press("colon", *"LV", "space", *"105000", "enter")


async def undoes(stand: Stand) -> None:
    await with_level(stand)
    assert len(stand.memory.levels) == 1
    await stand.act()
    assert stand.memory.levels == ()


async def redoes(stand: Stand) -> None:
    await with_level(stand)
    await stand.press("u")
    await stand.act()
    assert len(stand.memory.levels) == 1


async def edits(stand: Stand) -> None:
    await stand.press("5", "down")
    await stand.act()
    assert stand.app.desk.chart.mode is None  # the sample's own level is not in the book: nothing to move


async def notes(stand: Stand) -> None:
    await stand.act()
    await stand.press(*"low", "space", *"in", "enter")
    assert [(note.text, note.kind, note.ts_ms) for note in stand.memory.notes] == [
        ("low in", "mine", stand.app.view.now_ms)  # type: ignore[union-attr]
    ]
    assert stand.asked("set_notes")[-1] == stand.memory.notes


async def opens_commands(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.mode is KeyMode.INPUT
    await stand.press(*"eth", "enter")
    assert stand.asked("select_symbol") == ["ETH/USDT"]
    assert stand.app.desk.mode is KeyMode.NORMAL


async def shows_themes(stand: Stand) -> None:
    await stand.act()
    await stand.press("down")
    assert stand.app.theme == "amber"
    await stand.press("escape")
    assert stand.app.theme == "midnight"
    assert stand.app.desk.mode is KeyMode.NORMAL


async def opens_stress(stand: Stand) -> None:
    view = made_of({PartKind.BREADTH: 0.4, PartKind.MOVE: 0.55, PartKind.RATE: 20.0})
    answer: Future[StressView] = Future()
    answer.set_result(view)
    stand.link.ask = lambda _question: answer  # type: ignore[assignment,method-assign,return-value]
    await stand.act()
    await stand.pilot.pause()
    reader = stand.app.desk.reader
    assert reader is not None
    shown = "\n".join(strip.text for strip in reader.lines(*reader.size))
    assert "Stress 69 of 100, from 3 of 6 parts." in shown
    assert ["breadth", "20", "50", "40", "%"] in [line.split()[1:6] for line in shown.splitlines()]
    assert ["funding", "10", "—", "—"] in [line.split()[1:5] for line in shown.splitlines()]


async def briefs(stand: Stand) -> None:
    await stand.act()
    await stand.app.workers.wait_for_complete()
    await stand.pilot.pause()
    assert len(stand.memory.briefs) == 1
    assert stand.app.desk.reader is not None
    await stand.press("escape")
    assert stand.app.desk.reader is None


async def pictures(stand: Stand) -> None:
    await stand.act()
    await stand.app.workers.wait_for_complete()
    assert stand.memory.pictures[0].lstrip().startswith("<svg")


async def helps(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.reader is not None
    await stand.act()
    assert stand.app.desk.reader is None


async def quits(stand: Stand) -> None:
    await stand.pilot.press(stand.key)


async def interrupts(stand: Stand) -> None:
    await stand.act()
    assert stand.asked("stop") == []
    await stand.pilot.press(stand.key)


async def suspends(stand: Stand) -> None:
    await stand.act()  # the test driver can't suspend: nothing happens


async def in_place(stand: Stand, *keys: str) -> float:
    await stand.press("a", *keys)
    return placed_at(stand)


def placed_at(stand: Stand) -> float:
    mode = stand.app.desk.chart.mode
    assert isinstance(mode, PlaceMode)
    return mode.line.price


async def place_moves(stand: Stand) -> None:
    before = await in_place(stand)
    await stand.act()
    assert placed_at(stand) != before


async def place_types(stand: Stand) -> None:
    await in_place(stand, "9")
    await stand.act()
    assert placed_at(stand) == 90


async def place_erases(stand: Stand) -> None:
    await in_place(stand, "1", "0", "5", "9", "9", "9", "9")
    await stand.act()
    assert placed_at(stand) == 105_999


async def place_sets(stand: Stand) -> None:
    await in_place(stand)
    await stand.act()
    await stand.press("enter")
    assert [level.price for level in stand.memory.levels] == [106_200.0]


async def place_leaves(stand: Stand) -> None:
    await in_place(stand, "down")
    await stand.act()
    assert stand.app.desk.mode is KeyMode.NORMAL
    assert stand.memory.levels == ()


async def accepts(stand: Stand) -> None:
    await stand.press("n", "x")
    await stand.act()
    assert len(stand.memory.notes) == 1


async def cancels(stand: Stand) -> None:
    await stand.press("n", "x")
    await stand.act()
    assert stand.memory.notes == ()
    assert stand.app.desk.mode is KeyMode.NORMAL


async def trends(stand: Stand) -> None:
    await stand.act()
    await stand.press("enter", "left", "enter", *"base", "enter")
    (level,) = stand.memory.levels
    assert level.trend is not None
    assert level.trend.end.ts_ms - level.trend.start.ts_ms == DAY_MS
    assert level.label == "base"


async def crosses(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.mode is KeyMode.CROSSHAIR


def spot_of(stand: Stand) -> Spot:
    mode = stand.app.desk.chart.mode
    assert isinstance(mode, TrendMode | CrossMode)
    return mode.spot


def moves_point(key: str, *before: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(key, *before)
        old = spot_of(stand)
        await stand.act()
        assert spot_of(stand) != old

    return check


def helps_in(key: str, words: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(key)
        await stand.act()
        reader = stand.app.desk.reader
        assert reader is not None
        assert words in "\n".join(strip.text for strip in reader.lines(*reader.size))
        await stand.press("escape")
        assert stand.app.desk.chart.mode is not None

    return check


async def cross_places(stand: Stand) -> None:
    await stand.press("x", "up")
    price = spot_of(stand).line.price
    await stand.act()
    await stand.press("enter")
    assert [level.price for level in stand.memory.levels] == [price]


async def cross_notes(stand: Stand) -> None:
    await stand.press("x", "left")
    at_ms = spot_of(stand).ts_ms
    await stand.act()
    await stand.press(*"low", "enter")
    assert [(note.text, note.ts_ms) for note in stand.memory.notes] == [("low", at_ms)]
    assert stand.app.desk.mode is KeyMode.CROSSHAIR


async def cross_leaves(stand: Stand) -> None:
    await stand.press("x")
    await stand.act()
    assert stand.app.desk.mode is KeyMode.NORMAL


async def bookmarks(stand: Stand) -> None:
    await stand.act()
    await stand.act()
    kept = [(note.kind, note.text, note.ts_ms) for note in stand.memory.notes]
    assert kept == [("bookmark", "A", NOW_MS), ("bookmark", "B", NOW_MS)]
    assert stand.asked("set_notes")[-1] == stand.memory.notes


async def loops(stand: Stand) -> None:
    await stand.press("B", "B")
    await stand.act()
    assert not stand.asked("toggle_loop")  # both at the same time: no range
    stand.link.publish(desk_view()._replace(now_ms=NOW_MS + 1))
    await stand.press("B")
    await stand.act()
    assert stand.asked("toggle_loop") == [None]


CHECKS: dict[str, Check] = {
    **{
        f"focus_{name}": focuses(name) for name in ("tickers", "sectors", "liquidations", "chart", "levels", "timeline")
    },
    "focus_next": next_pane,
    "focus_previous": previous_pane,
    "zoom": zooms,
    "layout_next": next_layout,
    "move_up": moves_tickers(("down", "down"), 1),
    "move_down": moves_tickers((), 1),
    "move_left": left,
    "move_right": right,
    "half_page_up": moves_tickers(("pagedown",), 6),
    "half_page_down": moves_tickers((), 5),
    "page_up": moves_tickers(("pagedown", "pagedown", "pageup"), 0),
    "page_down": moves_tickers((), 11),
    "move_first": moves_tickers(("down", "down"), 0),
    "move_last": moves_tickers((), -1),
    "sort": sorts,
    "sort_reverse": reverses,
    "group_previous": groups("top 20"),
    "group_next": groups("top 20"),
    "columns": chooses_columns,
    "symbol_add": opens_command("ADD "),
    "symbol_remove": opens_command("RM BTC/USDT"),
    "filter": filters,
    "clear": clears,
    "choose": asks("select_symbol", "ETH/USDT", before=("down",)),
    "timeframe_next": asks("select_timeframe", Timeframe.W1),
    "timeframe_previous": asks("select_timeframe", Timeframe.H4),
    **dict.fromkeys(
        (
            "chart_kind",
            "chart_log",
            "chart_averages",
            "chart_zoom_in",
            "chart_zoom_out",
            "chart_profile",
        ),
        changes_chart,
    ),
    "chart_volume": toggles_volume,
    "chart_second": seconds,
    "weights": asks("select_weights", WeightMode.VOLUME),
    "minimum_size": sizes,
    "feed_side": asks("select_feed", FeedFilter(side=Side.LONG)),
    "feed_coin": filters_by_row,
    "feed_venue": filters_by_row,
    "feed_window": asks("select_window", "1h"),
    "feed_tabs": tabs,
    "level_place": places,
    "level_trend": trends,
    "crosshair": crosses,
    **{f"place_{way}": moves_point("A", "left", "left") for way in ("left", "right", "left_far", "right_far")},
    **{
        f"crosshair_{way}{far}": moves_point("x", "left", "left", "up", "up")
        for way in ("up", "down", "left", "right")
        for far in ("", "_far")
    },
    "crosshair_snap": moves_point("x", "up"),
    "crosshair_place": cross_places,
    "crosshair_note": cross_notes,
    "crosshair_leave": cross_leaves,
    "place_help": helps_in("a", "one chart row up"),
    "crosshair_help": helps_in("x", "pin a note at that candle"),
    "level_edit": edits,
    "level_delete": edits,
    "undo": undoes,
    "redo": redoes,
    "note": notes,
    "pause": asks("toggle_play"),
    "step_back": asks("step_frames", -1),
    "step_on": asks("step_frames", 1),
    "minute_back": asks("move", -60_000),
    "minute_on": asks("move", 60_000),
    "hour_back": asks("move", -3_600_000),
    "hour_on": asks("move", 3_600_000),
    "part_back": asks("move", -864_000),
    "part_on": asks("move", 864_000),
    "bookmark": bookmarks,
    "bookmark_previous": asks("step_event", (-1, Stop(StopKind.BOOKMARK))),
    "bookmark_next": asks("step_event", (1, Stop(StopKind.BOOKMARK))),
    "loop": loops,
    "event_previous": asks("step_event", -1),
    "event_next": asks("step_event", 1),
    "slower": asks("change_speed", -1),
    "faster": asks("change_speed", 1),
    "live_edge": asks("to_end"),
    "palette": opens_commands,
    "themes": shows_themes,
    "brief": briefs,
    "stress": opens_stress,
    "picture": pictures,
    "help": helps,
    "quit": quits,
    "interrupt": interrupts,
    "suspend": suspends,
    **dict.fromkeys(
        (
            "place_up",
            "place_down",
            "place_up_far",
            "place_down_far",
            "place_up_percent",
            "place_down_percent",
            "place_snap",
        ),
        place_moves,
    ),
    "place_type": place_types,
    "place_erase": place_erases,
    "place_set": place_sets,
    "place_cancel": place_leaves,
    "input_accept": accepts,
    "input_cancel": cancels,
}


def test_every_action_has_a_check() -> None:
    assert set(CHECKS) == {action.id for action in ACTIONS}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
async def test_key_does_what_the_table_says(action: Action) -> None:
    link, memory = FakeLink(desk_view()), Memory()
    app = make_desk(link=link, memory=memory)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.desk._first_chart()
        await pilot.pause()
        await CHECKS[action.id](Stand(app, pilot, link, memory, action.keys[0]))
    if action.id in {"quit", "interrupt"}:
        assert ("stop", None) in link.calls
