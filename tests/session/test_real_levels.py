"""Trend and levels of the real dailies, from the state as a desk, a brief and JSON read it."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from crashdesk.analytics.key_levels import key_levels
from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.model.basket import Baskets
from crashdesk.model.level import LevelState
from crashdesk.model.records import Batch, Candle, Instrument, MarketKind, Quote, Session
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.session.found import FOUND
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode

COINS = ("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE", "ADA")
BASKETS = Baskets("none", "2025-11", "test", ())
CROSSINGS = {
    "2025-10-17": False,
    "2025-10-19": True,
    "2025-10-22": False,
    "2025-10-23": True,
    "2025-10-30": False,
    "2025-10-31": True,
    "2025-11-03": False,
}
"""Daily closes of BTC/USDT on Binance across its SMA200 in these weeks: over it, or not."""


def day_ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def frame_of(realdata: Path, coin: str) -> pd.DataFrame:
    return pd.read_csv(realdata / "daily" / f"binance_{coin}USDT_1d.csv", index_col="timestamp")


def state_at(realdata: Path, at_ms: int, coins: tuple[str, ...] = ("BTC",)) -> MarketState:
    """What a recorder of these candles would know at a time: days are closed when they are over."""
    state = MarketState(BASKETS, at_ms - DAY_MS)
    records: list[Instrument | Candle | Quote] = []
    for coin in coins:
        symbol = f"{coin}/USDT"
        records.append(Instrument("binance", symbol, coin, "USDT", MarketKind.SPOT, None, 2))
        with (realdata / "daily" / f"binance_{coin}USDT_1d.csv").open() as file:
            for row in csv.DictReader(file):
                open_ms = day_ms(row["timestamp"])
                if open_ms + DAY_MS > at_ms:
                    break
                first, high, low, last, volume = (float(row[n]) for n in ("open", "high", "low", "close", "volume"))
                day = Candle("binance", symbol, Timeframe.D1, open_ms, first, high, low, last, volume, closed=True)
                records.append(day)
        records.append(Quote("binance", symbol, at_ms, last, None, None, None, None, None, None))
    state.apply(Batch(1, at_ms, (Session("r", at_ms, "t", "", "", (), ("binance",)),)))
    state.apply(Batch(2, at_ms, tuple(records)))
    return state


def test_closes_across_the_average_come_out_on_their_days(realdata: Path) -> None:
    state = state_at(realdata, day_ms("2025-11-04") + HOUR_MS)
    document = json.loads(brief_json(make_brief(state, WeightMode.EQUAL)))
    (average,) = [level for level in document["levels"] if level["source"] == "SMA200"]
    assert average["price"] == pytest.approx(109_834.15, abs=0.005)
    assert (average["state"], average["state_since_ms"]) == ("breached", day_ms("2025-11-04"))
    closes = {change["since_ms"]: change["state"] for change in average["history"]}
    wanted = {day_ms(day) + DAY_MS: "reclaimed" if over else "breached" for day, over in CROSSINGS.items()}
    assert {at_ms: said for at_ms, said in closes.items() if at_ms > day_ms("2025-10-10")} == wanted
    told = {item["ts_ms"]: item["text"] for item in document["level_events"]}
    assert told == {
        at_ms: "BTC daily close under SMA200" if said == "breached" else "BTC daily close back over SMA200"
        for at_ms, said in wanted.items()
    }
    assert told == {item.ts_ms: item.text for item in state.level_items(state.rows()[0])}


@pytest.mark.parametrize("day", list(CROSSINGS))
def test_each_close_is_known_at_midnight_and_not_before(realdata: Path, day: str) -> None:
    close_ms = day_ms(day) + DAY_MS
    for at_ms, known in ((close_ms - 1, False), (close_ms, True)):
        state = state_at(realdata, at_ms)
        row = state.rows()[0]
        (average,) = [level for level in state.level_rows(row, row.symbol) if level.source == "SMA200"]
        assert (average.history[-1].since_ms == close_ms) is known
        if known and not CROSSINGS[day]:
            assert (average.state, average.state_since_ms) == (LevelState.BREACHED, close_ms)


def test_the_averages_cross_on_the_16th(realdata: Path) -> None:
    cross = day_ms("2025-11-17")
    for at_ms, known in ((cross - 1, False), (cross, True)):
        state = state_at(realdata, at_ms)
        told = {item.text: item.ts_ms for item in state.level_items(state.rows()[0])}
        assert told.get("BTC SMA50 under SMA200 (death cross)") == (cross if known else None)
    close = frame_of(realdata, "BTC")["close"]
    under = close.rolling(50).mean() < close.rolling(200).mean()
    assert under.index[under & ~under.shift(1, fill_value=True)][-1] == "2025-11-16"


def independent(frame: pd.DataFrame, until: str) -> tuple[float, float, float]:
    """SMA200, ATR and the drawdown from the highest high, by pandas."""
    days = frame.loc[:until]
    before = days["close"].shift(1)
    ranges = pd.concat(
        [days["high"] - days["low"], (days["high"] - before).abs(), (days["low"] - before).abs()], axis=1
    )
    true = ranges.max(axis=1)[1:]
    seeded = pd.concat([pd.Series([true[:14].mean()]), true[14:]])
    atr = seeded.ewm(alpha=1 / 14, adjust=False).mean().iloc[-1]
    top = days["high"].max()
    return days["close"].tail(200).mean(), atr, (days["close"].iloc[-1] / top - 1) * 100


@pytest.mark.parametrize("until", ["2025-06-30", "2025-11-03", "2026-01-05"])
def test_average_range_and_drawdown_of_all_coins(realdata: Path, until: str) -> None:
    state = state_at(realdata, day_ms(until) + DAY_MS, COINS)
    rows = {row.base: row for row in state.rows()}
    assert set(rows) == set(COINS)
    for coin in COINS:
        average, atr, drawdown = independent(frame_of(realdata, coin), until)
        row = rows[coin]
        assert row.sma200 == pytest.approx(average, rel=1e-12)
        assert state.ladder(row, row.symbol).atr == pytest.approx(atr, rel=1e-9)
        assert row.drawdown_pct == pytest.approx(drawdown, rel=1e-9)


def test_found_levels_of_november_stand_in_the_ladder_with_their_reasons(realdata: Path) -> None:
    state = state_at(realdata, day_ms("2025-11-04") + HOUR_MS)
    row = state.rows()[0]
    state.level_rows(row, row.symbol)
    state.levels.found.answer([(ask, key_levels(ask.days, ask.last)) for ask in state.levels.found.wishes()])
    levels = state.level_rows(row, row.symbol)
    assert sum(level.source == FOUND for level in levels) <= 8
    for price, reason in (
        (100_000.0, "round number"),
        (102_000.0, "swing low 2025-10-10"),
        (103_528.23, "swing low 2025-10-17"),
    ):
        (near,) = [level for level in levels if abs(level.price / price - 1) <= 0.005]
        assert any(why.startswith(reason) for why in near.why), near
        assert near.state is not None
    assert len([level for level in levels if level.label == "SMA200"]) == 1
