"""The tickers: columns, groups, removed symbols, flashing digits, the mark of venues that are apart."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import pytest

from crashdesk.config.ticker_settings import TICKER_COLUMNS, USUAL_COLUMNS, TickerGroup
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.line import Line
from crashdesk.desk.suggestions import Choice
from crashdesk.desk.tickers.chooser import ColumnChooser
from crashdesk.desk.tickers.columns import COLUMNS, fitting, gaps
from crashdesk.desk.tickers.commands import add_choices, group_choices, remove_choices
from crashdesk.desk.tickers.flash import FLASH_SECONDS, Flash, changed_digits
from crashdesk.desk.tickers.groups import Groups
from crashdesk.desk.tickers.order import TickerOrder
from crashdesk.desk.tickers.removed import ON_THE_WAY_MS, Removed
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol
from crashdesk.session.ticker_views import TickerMore
from crashdesk.session.views import Mode, TickerRow
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS, ticker_rows
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

LISTED = {
    "HYPE/USDT": ("okx", "bybit"),
    "HYPE/USDT:USDT": ("bybit",),
    "HYPER/USDT": ("htx",),
    "OHYPE/EUR": ("kraken",),
    "MNT/USDC": ("okx",),
}


def text_of(app: CrashDesk) -> list[str]:
    return [strip.text for strip in app.desk.tickers._lines]


# columns


@pytest.mark.parametrize("width", range(8, 240, 9))
def test_columns_of_ones_own_go_from_the_right(width: int) -> None:
    names = ("last", "age", "next_level", "symbol", "5m", "spread", "range", "oi")
    placed = fitting(width, 6, 10, names)
    assert sum(size for _, size in placed) + sum(gaps(placed, width)) <= width
    assert all(size >= column.least for column, size in placed)
    shown = [column.id for column, _ in placed]
    wanted = ["symbol", *(name for name in names if name != "symbol")]
    assert sorted(shown, key=wanted.index) == wanted[: len(shown)]
    assert shown == [name for name in names if name in shown]


def test_every_column_fits_alone_and_is_drawn_into_its_cells() -> None:
    more = TickerMore(0.1, -2.5, 13.0, 105_000.0, -1.1, 0.02, 1.2, 3, dislocated=True, liquidated_1h=7_000_000)
    rows = (*ticker_rows(), ticker_rows()[0]._replace(more=more))
    for column in COLUMNS.values():
        for size in {column.least, column.most}:
            for row in rows:
                line = Line(200)
                column.draw(line, row, size, sample_look(), NOW_MS)
                assert line.used == size, column.id


def test_the_chooser_turns_moves_and_begins_anew() -> None:
    chooser = ColumnChooser(("symbol", "last", "24h"))
    assert list(chooser.columns) == ["symbol", "last", "24h"]
    assert chooser.key("J")
    assert list(chooser.columns) == ["symbol", "24h", "last"]
    assert chooser.key("space")
    assert list(chooser.columns) == ["symbol", "24h"]
    assert chooser.key("up")
    assert chooser.key("up")  # past the first one to the last of all
    assert chooser.key("space")
    assert list(chooser.columns) == ["symbol", "24h", list(TICKER_COLUMNS)[-1]]
    assert chooser.key("0")
    assert chooser.columns == USUAL_COLUMNS
    assert not chooser.key("q")
    assert chooser.before == ("symbol", "last", "24h")


# order


def test_an_order_holds_through_a_group_and_ends_with_its_column() -> None:
    rows = ticker_rows()
    order = TickerOrder()
    assert order.sort_by("2")
    first = [row.symbol for row in order.rows(rows)]
    some = {row.symbol for row in rows[3:9]}
    assert [row.symbol for row in order.rows(rows, 0, some)] == [symbol for symbol in first if symbol in some]
    assert [row.symbol for row in order.rows(rows)] == first
    assert not order.sort_by("n")
    assert order.sort_by("n", ("symbol", "next_level"))
    order.keep_columns(("symbol", "last"))
    assert order.sorting is None


# flashes


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("105,120", "105,320", (("105,", False), ("3", True), ("20", False))),
        ("0.1999", "0.2000", (("0.", False), ("2000", True))),
        ("999.5", "1,000", (("1,000", True),)),
    ],
)
def test_only_digits_that_changed_flash(old: str, new: str, pieces: tuple[tuple[str, bool], ...]) -> None:
    assert changed_digits(old, new) == pieces


def _row(last: float) -> TickerRow:
    return ticker_rows()[0]._replace(last=last)


def test_a_flash_ends_by_itself_and_a_jump_in_time_flashes_nothing() -> None:
    flash = Flash()
    assert not flash.update((_row(100.0),), NOW_MS, 0.0)
    assert flash.update((_row(101.0),), NOW_MS + 2_000, 1.0)
    assert not flash.update((_row(101.0),), NOW_MS + 2_300, 1.3)
    assert flash.of("BTC/USDT") is not None  # another picture does not end it
    assert flash.next_end_s == 1.0 + FLASH_SECONDS
    assert not flash.expire(1.0 + FLASH_SECONDS - 0.01)
    assert flash.expire(1.0 + FLASH_SECONDS)
    assert flash.of("BTC/USDT") is None
    for step in (61_000, -5_000, 0):  # on too far, back, the same moment
        assert not flash.update((_row(102.0 + step),), NOW_MS + 2_300 + step, 2.0)
        flash.update((_row(101.0),), NOW_MS + 2_300, 2.0)


# groups


def _groups(*groups: TickerGroup, group: str = "all", sectors: Mapping[str, tuple[str, ...]] | None = None) -> Groups:
    return Groups(TickerStart(groups=groups, group=group, sectors=lambda: sectors or {}))


def test_groups_by_coin_symbol_sector_and_volume() -> None:
    rows = ticker_rows()
    mine = TickerGroup("mine", ("BTC", "ETH/USDT", "sector:defi", "top 3 by volume", "NOTHERE"))
    groups = _groups(mine, group="MINE", sectors={"DeFi": ("UNI", "AAVE")})
    by_volume = sorted(rows, key=lambda row: row.volume_24h_usd or 0.0, reverse=True)[:3]
    wanted = {"BTC/USDT", "ETH/USDT", "UNI/USDT", "AAVE/USDT", *(row.symbol for row in by_volume)}
    assert groups.members(rows) == frozenset(wanted)


def test_groups_without_a_symbol_are_passed_over() -> None:
    rows = ticker_rows()
    empty = TickerGroup("empty", ("NOTHERE",))
    groups = _groups(empty, sectors={"Stocks": ("COINX",)})
    seen = []
    for _ in range(3):
        groups.step(1, rows)
        seen.append(groups.shown.name)
    assert seen == ["top 20", "all", "top 20"]
    perps = rows[5]._replace(symbol="XYZ/USDT:USDT", base="XYZ")
    stock = rows[6]._replace(symbol="COINX/USDT", base="COINX")
    seen = []
    for _ in range(4):
        groups.step(-1, (*rows, perps, stock))
        seen.append(groups.shown.name)
    assert seen == ["all", "stocks", "perps", "top 20"]
    assert groups.choose("perps")
    assert groups.members((*rows, perps)) == frozenset({"XYZ/USDT:USDT"})
    assert groups.members(rows) == frozenset()
    assert not groups.choose("nothing")


async def test_a_group_is_shown_in_the_frame_and_the_filter_works_inside() -> None:
    start = TickerStart(groups=(TickerGroup("two", ("BTC", "ETH")),), group="two")
    app = make_desk(tickers=start)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        assert "two · 2 of 64 symbols" in text_of(app)[0]
        app.desk.tickers.find("eth")
        assert [row.symbol for row in app.desk.tickers.listing.rows] == ["ETH/USDT"]
        app.desk.tickers.find("sol")
        assert "no symbol matches 'sol' in the group two" in text_of(app)[1]


@pytest.mark.parametrize("size", [(160, 48), (120, 36), (80, 24), (60, 20)])
async def test_the_sort_key_says_what_is_waited_for_whatever_the_frame_tells(size: tuple[int, int]) -> None:
    start = TickerStart(groups=(TickerGroup("a name of twenty odd", ("BTC", "ETH")),), group="a name of twenty odd")
    app = make_desk(tickers=start)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert "press a letter of the head" in text_of(app)[0]
        await pilot.press("1")
        await settled(pilot)
        assert "press a letter" not in text_of(app)[0]
        assert "a name of twenty odd · 2 of 64" in text_of(app)[0]


# removed symbols


def test_a_removed_symbol_is_hidden_until_its_prices_come_again() -> None:
    rows = ticker_rows()
    removed = Removed()
    removed.remove("ETH/USDT", NOW_MS)
    late = [row._replace(recv_ms=NOW_MS + ON_THE_WAY_MS) for row in rows]
    assert "ETH/USDT" not in {row.symbol for row in removed.kept(late)}
    again = [row._replace(recv_ms=NOW_MS + ON_THE_WAY_MS + 1) for row in rows]
    assert len(removed.kept(again)) == len(rows)
    assert len(removed.kept(rows)) == len(rows)
    removed.remove("ETH/USDT", NOW_MS)
    removed.add("ETH/USDT")
    assert len(removed.kept(rows)) == len(rows)


async def test_remove_by_key_asks_once_and_the_row_is_gone() -> None:
    memory, view = Memory(), desk_view(mode=Mode.LIVE)
    app = make_desk(view, mode=Mode.LIVE, memory=memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("down", "X")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await app._errands.flush()
        assert RemoveSymbol("ETH/USDT") in memory.commands
        assert "ETH/USDT" not in {row.symbol for row in app.desk.tickers.listing.rows}
        assert "63 symbols" in text_of(app)[0]
        await pilot.press(*":add", "space", *"eth", "enter")
        await settled(pilot)
        await app._errands.flush()
        assert AddSymbol("ETH/USDT") in memory.commands
        app.desk.tickers.find("")
        assert "64 symbols" in text_of(app)[0]


# commands


def _names(choices: list[Choice]) -> list[str]:
    return [choice.title for choice in choices]


def test_a_symbol_to_add_is_completed_from_what_venues_list() -> None:
    sent: list[Command] = []
    choices = add_choices("hype", sent.append, LISTED)
    assert _names(choices) == ["add HYPE/USDT", "add HYPE/USDT:USDT", "add HYPER/USDT", "add OHYPE/EUR"]
    assert choices[0].detail == "poll it too: okx, bybit"
    assert [choice.named for choice in choices] == [True, False, False, False]
    assert choices[1].run is not None
    choices[1].run()
    assert sent == [AddSymbol("HYPE/USDT:USDT")]
    assert _names(add_choices("mnt", sent.append, LISTED))[0] == "add MNT/USDC"
    assert _names(add_choices("new", sent.append, {})) == ["add NEW/USDT"]
    refusal = "only a live desk can add or remove symbols, and none that is read-only"
    assert add_choices("sol", None, LISTED)[0].detail == refusal


def test_the_desk_symbol_cannot_be_removed() -> None:
    sent: list[Command] = []
    choices = remove_choices("btc", desk_view(), sent.append)
    assert choices[0].run is None
    assert "choose another one first" in choices[0].detail
    assert _names(remove_choices("link", desk_view(), sent.append))[0] == "remove LINK/USDT"


def test_a_group_is_named_by_its_beginning() -> None:
    chosen: list[str] = []
    choices = group_choices("to", ("all", "top 20", "stocks"), chosen.append)
    assert (choices[0].title, choices[0].named) == ("group top 20", True)
    assert choices[0].run is not None
    choices[0].run()
    assert chosen == ["top 20"]
    assert group_choices("zzz", ("all", "top 20"), chosen.append)[0].run is None


# what the desk is given and keeps


async def test_columns_and_group_are_kept_for_the_next_time() -> None:
    kept: list[tuple[str, str]] = []

    def keep(name: str, value: str) -> str:
        kept.append((name, value))
        return ""

    link = FakeLink(desk_view())
    app = make_desk(link=link, remember=keep)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("K", "space", "enter", "}")
        await settled(pilot)
        await app._errands.flush()
    assert kept == [("columns", " ".join(("symbol", *USUAL_COLUMNS[2:]))), ("group", "top 20")]
    assert ("select_columns", ("symbol", *USUAL_COLUMNS[2:])) in link.calls


async def test_a_row_whose_venues_are_apart_is_marked() -> None:
    view = desk_view()
    apart = view.tickers[1]._replace(more=TickerMore(spread_pct=1.7, venues=3, dislocated=True))
    app = make_desk(
        view._replace(tickers=(view.tickers[0], apart, *view.tickers[2:])),
        tickers=TickerStart(("symbol", "last", "spread")),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "≠" in text_of(app)[3][:4]
        assert "1.70%" in text_of(app)[3]
        assert "≠" not in text_of(app)[2]
        app.desk.tickers._unflash(inf)
