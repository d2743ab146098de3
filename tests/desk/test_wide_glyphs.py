"""Names and notes in wide East Asian characters: measured in cells, never pushing a frame out of its place."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from crashdesk.model.level import Level, LevelKind
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

WIDE = "ビットコイン支持線と한국어와中文字"
COMBINED = "Zu\u0308rich cafe\u0301 नमस्ते ไทยำ"
"""Marks that take no cell of their own."""


@pytest.mark.parametrize("size", [(80, 24), (81, 48), (160, 48), (161, 47)])
async def test_lines_are_as_wide_as_their_panes(size: tuple[int, int]) -> None:
    view = desk_view()
    rows = tuple(one._replace(label=WIDE) for one in view.ladder.rows)
    items = tuple(item._replace(text=f"{WIDE} {item.text}", source=WIDE) for item in view.timeline)
    view = view._replace(ladder=view.ladder._replace(rows=rows), timeline=items)
    app = make_desk(link=FakeLink(view))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        app.keeper.put(Level("w", view.symbol, 105_123.0, LevelKind.TARGET, WIDE, NOW_MS, NOW_MS))
        for name in ("levels", "timeline", "chart"):
            app.desk.focus_pane(name)
            await settled(pilot)
            pane = app.desk.panes[name]
            assert pane._lines
            assert {cell_len(strip.text) for strip in pane._lines} == {pane.size.width}
            assert {strip.cell_length for strip in pane._lines} == {pane.size.width}
        for name in ("levels", "timeline"):
            app.desk.focus_pane(name)
            await settled(pilot)
            assert any("ビッ" in strip.text for strip in app.desk.panes[name]._lines)


@pytest.mark.parametrize("coin", ["中文币", "ビット", "E\u0301TE"])
@pytest.mark.parametrize("size", [(80, 24), (121, 37), (160, 48)])
async def test_names_of_coins(coin: str, size: tuple[int, int]) -> None:
    view = desk_view()
    rows = tuple(row._replace(base=coin, symbol=f"{coin}/USDT") for row in view.tickers[:1])
    tape = tuple(row._replace(symbol=f"{coin}/USDT:USDT") for row in view.feed.rows[-9:])
    view = view._replace(tickers=(*rows, *view.tickers[1:]), feed=view.feed._replace(rows=tape), symbol=f"{coin}/USDT")
    items = tuple(item._replace(text=f"{COMBINED} {item.text}") for item in view.timeline)
    app = make_desk(link=FakeLink(view._replace(timeline=items)))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for name, words in (("tickers", coin), ("liquidations", coin), ("timeline", COMBINED[:6])):
            app.desk.focus_pane(name)
            await settled(pilot)
            pane = app.desk.panes[name]
            assert any(words in strip.text for strip in pane._lines), name
            assert {cell_len(strip.text) for strip in pane._lines} == {pane.size.width}, name
            assert {strip.cell_length for strip in pane._lines} == {pane.size.width}, name
