"""What the keys of the panes and of the whole desk must do."""

from __future__ import annotations

from concurrent.futures import Future

from crashdesk.config.actions import KeyMode
from crashdesk.desk.liquidations.tables import Tab
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.stress_views import PartKind, StressView, made_of
from tests.desk.key_stand import SIZE, Stand
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view


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
