"""From loopback exchanges to a recording and its brief, through the very commands that users run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.model.clock import OFFSET_VARIABLE, SystemClock
from crashdesk.model.records import Side
from crashdesk.model.timeframe import Timeframe
from crashdesk.outside.level_finder import find_now
from crashdesk.session.liquidations.book import WINDOWS
from crashdesk.session.picture import headline
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode
from tests.e2e.recorder import command, recording, until
from tests.loopback import Forced, LoopbackVenues, Market
from tests.loopback.server import PRICED

SYMBOLS = ["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT", "ETH/USDT:USDT"]
LIQUIDATED = ("okx", "binanceusdm", "bybit", "htx")
ORDERS = (
    Forced("BTC", "long", 105_000.0, 0.5),
    Forced("BTC", "short", 105_100.0, 0.2),
    Forced("ETH", "long", 3_590.0, 12.0),
)


def _sums(state: MarketState) -> dict[tuple[str, str], tuple[float, int]]:
    found: dict[tuple[str, str], tuple[float, int]] = {}
    for (venue, _, side), (usd, orders) in state.liquidations.sums(len(WINDOWS) - 1).items():
        total, count = found.get((venue, side.value), (0.0, 0))
        found[(venue, side.value)] = (total + usd / 1e6, count + orders)
    return found


async def test_record_writes_prices_candles_and_true_liquidations_and_brief_reads_them(tmp_path: Path) -> None:
    async with LoopbackVenues() as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=SYMBOLS), encoding="utf-8")
        out = tmp_path / "x.crash"
        async with recording(config, out) as player:
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await server.wait_topic("binanceusdm", "!forceOrder@arr", 60)
            for coin in ("BTC", "ETH"):
                await server.wait_topic("bybit", f"allLiquidation.{coin}USDT", 60)
            for venue in LIQUIDATED:
                await server.liquidate(venue, *ORDERS)
            wanted = {
                (venue, side): (
                    pytest.approx(sum(o.usd for o in ORDERS if o.side == side), rel=1e-6),
                    sum(1 for o in ORDERS if o.side == side),
                )
                for venue in LIQUIDATED
                for side in ("long", "short")
            }
            await until(player, lambda state: _sums(state) == wanted)
            await until(player, _has_history)
            await until(player, lambda state: set(PRICED) <= {venue for venue, _ in state.quotes})
        state = player.state
        assert _sums(state) == wanted
        assert all(side in (Side.LONG, Side.SHORT) for _, _, side in state.liquidations.sums(3))
        first = headline(state.rows())
        assert first is not None
        state.level_rows(first, first.symbol)
        player.found.answer(find_now(player.found.wishes(), tmp_path / "levels.json").items())
        live = brief_json(make_brief(state, WeightMode.EQUAL))
        code, written, errors = await command(
            ["brief", str(out), "--at", str(state.now_ms), "--format", "json", "--config", str(config)]
        )
        assert (code, errors) == (0, "")
        assert written == live
        rows = {row["symbol"]: row for row in json.loads(written)["market"]}
        assert rows["BTC/USDT"]["sma200"] is not None
        assert {row["venue"] for row in json.loads(written)["coverage"]} >= set(LIQUIDATED)


def _has_history(state: MarketState) -> bool:
    counts = []
    for symbol in ("BTC/USDT", "ETH/USDT"):
        days = state.candles.get(state.sources.get(symbol, ""), symbol, Timeframe.D1)
        counts.append(sum(days.closed) if days is not None else 0)
    return min(counts) >= 400


async def test_sma200_of_the_real_dailies_over_loopback(tmp_path: Path, realdata: Path) -> None:
    """The clock stands at 2025-11-04 00:05 UTC: the last 200 closed days end with 11-03."""
    offset = 1_762_214_700_000 - time.time_ns() // 1_000_000
    async with LoopbackVenues(Market(clock=SystemClock(offset), realdata=realdata), ["binance"]) as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=["BTC/USDT"]), encoding="utf-8")
        out = tmp_path / "real.crash"
        environment = {OFFSET_VARIABLE: str(offset)}
        async with recording(config, out, environment) as player:
            await until(player, lambda state: bool(state.rows()) and state.rows()[0].sma200 is not None)
        (row,) = player.state.rows()
        assert row.sma200 == pytest.approx(109_834.15, abs=0.005)
        assert row.sma200_breached is True
        code, text, _ = await command(["brief", str(out), "--config", str(config)], environment)
        assert code == 0
        assert "SMA200 109,834.15" in text
