"""What the desk says and keeps still: orders, repeated events, the end of a replay, coming back from the shell."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from crashdesk.config.level_store import LevelNews
from crashdesk.desk import figures
from crashdesk.desk.errands import _folder
from crashdesk.desk.sectors.tile import sector_tile, tile_words
from crashdesk.desk.timeline.items import folded
from crashdesk.model.control import WantCandles
from crashdesk.model.level_edits import LevelEdit, Put
from crashdesk.model.records import HealthState, Precision
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import LiquidationsView, Totals
from crashdesk.session.views import Mode, TimelineItem, VenueLine
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import MIDNIGHT_MS, sectors_view, ticker_rows
from tests.desk.sample_views import desk_view, empty_view
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled


def event(place: int, kind: str, text: str) -> TimelineItem:
    return TimelineItem(f"e{place}", MIDNIGHT_MS + place * 1_000, Precision.MINUTE, kind, text, "okx", None, False)


def test_equal_events_are_one_with_a_count() -> None:
    items = [event(i, "feed_lost", "okx quotes: no network") for i in range(48)]
    items += [event(48, "feed_lost", "bybit quotes: no network"), event(49, "mine", "x"), event(50, "mine", "x")]
    kept = folded(items, "×")
    assert [(item.id, item.text) for item in kept] == [
        ("e47", "okx quotes: no network ×48"),
        ("e48", "bybit quotes: no network"),
        ("e49", "x"),
        ("e50", "x"),
    ]


async def test_waiting_words_follow_the_status() -> None:
    view = empty_view("waiting for the first prices")
    app = make_desk(view, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.publish(view._replace(status=view.status._replace(waiting="no network: okx, bybit")))
        await settled(pilot)
        for pane in (app.desk.tickers, app.desk.liquidations):
            assert any("no network: okx, bybit" in strip.text for strip in pane._lines)


async def test_an_order_that_no_longer_holds_says_so() -> None:
    view = desk_view()
    app = make_desk(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("G", "s", "2")
        await settled(pilot)
        pane = app.desk.tickers
        assert "by 24h▲ " in pane._lines[0].text
        assert pane.listing.scroll.top == 0
        assert "24h▲" in pane._lines[1].text
        first = pane.listing.rows[0]
        rows = tuple(row._replace(change_24h_pct=9.0) if row.symbol == first.symbol else row for row in view.tickers)
        app.publish(view._replace(tickers=rows))
        await settled(pilot)
        assert "by 24h▲ at 03:12, s 2 keeps it live" in pane._lines[0].text
        assert "24h▲" not in pane._lines[1].text
        await pilot.press("s", "2")
        await settled(pilot)
        assert "by 24h▲, live" in pane._lines[0].text
        assert pane.listing.rows[0].symbol != first.symbol


async def test_space_at_the_end_does_not_start_over() -> None:
    view = desk_view()
    link = FakeLink(view._replace(transport=view.transport._replace(ended=True, playing=False)))
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        assert ("toggle_play", None) not in link.calls
        assert [note.message for note in app._notifications] == [
            "the end of the recording: [ or < go back, :go 0% starts over"
        ]


async def test_undo_and_a_twin_say_what_they_did() -> None:
    memory = Memory()
    app = make_desk(memory=memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        for typed in ("LV 105000", "LV 105,000.0"):
            await type_line(pilot, typed)
        await pilot.press("u", "ctrl+r")
        await settled(pilot)
        assert [note.message for note in app._notifications] == [
            "level 105,000 is there already",
            "undone: level 105,000 removed",
            "done again: level 105,000 is back",
        ]
        assert [level.price for level in app.keeper.book.levels] == [105_000.0]


async def test_coming_back_from_the_shell_paints_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        painted: list[object] = []
        full = app.screen._compositor.render_full_update

        def watched(simplify: bool = False) -> object:
            painted.append(simplify)
            return full(simplify)

        monkeypatch.setattr(app.screen._compositor, "render_full_update", watched)
        app.app_resume_signal.publish(app)
        await settled(pilot)
        assert painted
        assert "Tickers" in "\n".join(rows_of(app))


async def test_a_slow_disk_or_worker_does_not_hold_up_the_keys() -> None:
    gate, done = threading.Event(), []

    def slow(what: object) -> None:
        gate.wait(10)
        done.append(what)

    app = make_desk(mode=Mode.LIVE)
    keep = app._errands._ports.save_levels

    def slow_levels(edits: tuple[LevelEdit, ...]) -> LevelNews:
        slow(edits)
        return keep(edits)

    app._errands._ports = app._errands._ports._replace(save_levels=slow_levels, send_command=slow)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        await pilot.press("colon", *"LV", "space", *"105000", "enter", "down", "enter", "t")
        for _ in range(3):
            await pilot.pause()
        assert app.keeper.book.levels[0].price == 105_000.0
        assert done == []
        gate.set()
    assert done == [
        (Put(app.keeper.book.levels[0]),),
        WantCandles("ETH/USDT", Timeframe.D1),
        WantCandles("BTC/USDT", Timeframe.W1),
    ]


def unseen(view: LiquidationsView) -> LiquidationsView:
    rows = tuple(row._replace(connected_share=0.0) for row in view.coverage)
    windows = tuple(window._replace(totals=Totals(0, 0, 0, 0), largest=None) for window in view.windows)
    return view._replace(coverage=rows, windows=windows)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)])
async def test_what_no_feed_has_seen_is_not_zero(size: tuple[int, int]) -> None:
    view = desk_view()
    app = make_desk(view._replace(liquidations=unseen(view.liquidations)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await settled(pilot)
        shown = rows_of(app)
        assert "liq 24h ·" in shown[0]
        assert "$0" not in "\n".join([shown[0], *shown[2:7], *shown[-5:]])


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_window_longer_than_the_recording_is_marked(size: tuple[int, int]) -> None:
    view = desk_view()
    transport = view.transport._replace(start_ms=view.now_ms - 47 * 60_000 - 9)
    app = make_desk(view._replace(transport=transport))
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await settled(pilot)
        shown = "\n".join(rows_of(app))
        assert "24h*" in shown
        assert "* seen 47 min" in shown


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_help_and_quit_are_always_in_the_bottom_line(size: tuple[int, int]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        for pane in "123456":
            await pilot.press(pane)
            await settled(pilot)
            assert "? help" in rows_of(app)[-1]
            assert "q quit" in rows_of(app)[-1]


async def test_venues_without_a_feed_are_not_down() -> None:
    view = desk_view(mode=Mode.LIVE)
    silent = VenueLine("hyperliquid", None, 15_000, HealthState.STOPPED, "no public market-wide feed")
    status = view.status._replace(venues=(*view.status.venues, silent))
    app = make_desk(view._replace(status=status), mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        line = rows_of(app)[0]
        assert "hyperliquid" not in line
        assert "okx 0.8s bybit 1.1s htx 2.0s binance ✗" in line


async def test_a_table_is_read_sideways_and_never_folded() -> None:
    app = make_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        table = "sym  " + "  ".join(f"{place:,}" for place in range(1_000, 1_030))
        app.pages.open("Brief", f"{table}\n{'word ' * 40}")
        await settled(pilot)
        reader = app.desk.reader
        assert reader is not None
        first = reader._lines[1].text
        assert "1,000" in first
        assert "word word" in reader._lines[2].text
        await pilot.press(*["right"] * 40)
        await settled(pilot)
        last = reader._lines[1].text
        assert "1,029" in last
        shown = [part for part in (first + last).split() if part[0].isdigit()]
        assert all(part.rstrip("…") in table.split() for part in shown)


def test_a_long_folder_is_shortened_by_whole_names() -> None:
    assert _folder(Path("briefs/brief.md")) == "briefs"
    long = Path("/srv") / ("a" * 30) / "crashdesk" / "briefs" / "x.md"
    assert _folder(long) == "…/crashdesk/briefs"


@pytest.mark.parametrize("width", range(3, 40))
@pytest.mark.parametrize("height", [1, 2, 6, 14])
def test_words_of_a_tile_are_whole(width: int, height: int) -> None:
    tile = sectors_view(ticker_rows()).tiles[3]
    words = tile_words(sector_tile(tile), width, height, sample_look())
    change = figures.percent(tile.change_24h_pct, sample_look().glyphs)
    assert len(words) <= height
    assert all(len(line) <= width for line in words)
    known = {tile.name, f"{tile.members_used}/{tile.members}", change}
    for move in tile.moves:
        known |= {move.coin, figures.percent(move.change_24h_pct, sample_look().glyphs)}
    assert {part for line in words for part in line.split()} <= known
    if width > 24 and height == 14:
        assert all(any(line.startswith(f"{move.coin} ") for line in words) for move in tile.moves)


@pytest.mark.parametrize(("session", "wiped"), [("", False), ("4711.edge", True)])
async def test_gnu_screen_is_left_empty(monkeypatch: pytest.MonkeyPatch, session: str, wiped: bool) -> None:
    monkeypatch.delenv("STY", raising=False)
    if session:
        monkeypatch.setenv("STY", session)
    app, written = make_desk(), list[str]()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
    assert any("\x1b[2J\x1b[H" in text for text in written) is wiped
