"""Tokens of stocks: polled by default where a venue lists them, and not counted among the coins that fall."""

from __future__ import annotations

from pathlib import Path

from crashdesk.config.baskets import load_baskets
from crashdesk.model.records import Batch, Instrument, Quote
from crashdesk.session.sectors import breadth, sectors_view
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode
from tests.loopback import LoopbackVenues
from tests.loopback.coins import COINS, Coin
from tests.loopback.market import Market
from tests.venues.rig import venue, working

COINX = Coin("COINX", 330.5, 2, 10_000.0, stock=True)


async def test_a_listed_stock_is_polled_and_shown_beside_the_sectors(tmp_path: Path) -> None:
    baskets, problems = load_baskets(None)
    assert problems == ()
    assert "COINX" in baskets.coins
    async with LoopbackVenues(Market([*COINS[:2], COINX]), ["bybit", "okx"]) as server:
        venues = venue(server, "okx"), venue(server, "bybit")
        async with working(tmp_path, *venues, coins=baskets.coins) as (_, sink):
            await sink.until(lambda: sink.of(Quote, symbol="COINX/USDT") and sink.of(Quote, venue="okx"))
    assert {quote.venue for quote in sink.of(Quote, symbol="COINX/USDT")} == {"bybit"}
    assert {row.symbol for row in sink.of(Instrument, base="COINX")} == {"COINX/USDT"}

    state = MarketState(baskets, 0)
    for seq, batch in enumerate(sink.batches):
        state.apply(Batch(seq, batch[0].ts_ms if isinstance(batch[0], Quote) else state.now_ms, tuple(batch)))
    rows = state.rows()
    view = sectors_view(baskets, rows, WeightMode.CAP, state.now_ms)
    assert [(tile.name, tile.members_used, tile.members) for tile in view.groups] == [("Stocks", 1, 8)]
    assert view.groups[0].moves[0].coin == "COINX"
    assert "Stocks" not in [tile.name for tile in view.tiles]
    counted = breadth(baskets, rows, state.now_ms)
    assert counted.members == view.members == sum(len(sector.members) for sector in baskets.sectors)
    assert counted.members_used == view.members_used == 2
