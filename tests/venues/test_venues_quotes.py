"""Quotes that come of tickers, and which symbols are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from crashdesk.model.records import (
    Instrument,
    MarketKind,
    Quote,
)
from crashdesk.venues.quotes import largest, quote_of, wanted_symbols

BTC = Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)


def quote(ticker: dict[str, Any], instrument: Instrument = BTC, **more: Any) -> tuple[Quote | None, list[str]]:
    reasons: list[str] = []
    options = {"true_24h": True, "coin_volume_field": None} | more
    made = quote_of(ticker, instrument, 1_762_225_964_000, set_aside=reasons.append, **options)
    return made, reasons


TICKER = {
    "timestamp": 1_762_225_963_000,
    "last": 106_200.0,
    "bid": 106_199.9,
    "ask": 106_200.1,
    "high": 110_800.0,
    "low": 104_900.0,
    "quoteVolume": 5e9,
    "percentage": -3.4,
}


def test_a_good_ticker() -> None:
    made, reasons = quote(TICKER)
    assert made == Quote(
        "okx", "BTC/USDT", 1_762_225_963_000, 106_200.0, 106_199.9, 106_200.1, 110_800.0, 104_900.0, 5e9, -3.4
    )
    assert reasons == []


@pytest.mark.parametrize("last", [None, 0, -5.0, float("nan"), float("inf"), "about 5", 1e12, True])
def test_a_price_that_cannot_be_trusted_is_no_quote(last: Any) -> None:
    made, reasons = quote(TICKER | {"last": last})
    assert made is None
    assert len(reasons) == 1


def test_unknown_stays_unknown() -> None:
    made, _ = quote({"last": 5.0})
    assert made is not None
    assert (made.bid, made.ask, made.high_24h, made.volume_24h_usd, made.change_24h_pct) == (None,) * 5
    assert made.ts_ms == 1_762_225_964_000


@pytest.mark.parametrize("change", [{"bid": 106_300.0}, {"bid": float("nan")}, {"bid": -1, "ask": 0}])
def test_a_crossed_or_broken_book_is_unknown(change: dict[str, Any]) -> None:
    made, _ = quote(TICKER | change)
    assert made is not None
    assert made.bid is None


def test_change_and_range_only_where_they_are_of_24_hours() -> None:
    made, _ = quote(TICKER, true_24h=False)
    assert made is not None
    assert (made.change_24h_pct, made.high_24h, made.low_24h) == (None, None, None)


def test_volume_in_coins_is_turned_into_dollars_and_other_currencies_are_unknown() -> None:
    made, _ = quote(TICKER | {"info": {"volCcy24h": "1000"}}, coin_volume_field="volCcy24h")
    assert made is not None
    assert made.volume_24h_usd == pytest.approx(106_200_000)
    other, _ = quote(TICKER, Instrument("okx", "ETH/BTC", "ETH", "BTC", MarketKind.SPOT, None, 5))
    assert other is not None
    assert other.volume_24h_usd is None


def test_a_time_in_the_future_is_taken_as_now_and_counted() -> None:
    made, reasons = quote(TICKER | {"timestamp": 1_762_225_964_000 + 60_001})
    assert made is not None
    assert made.ts_ms == 1_762_225_964_000
    assert len(reasons) == 1


def test_which_symbols_are_wanted() -> None:
    names = ("BTC/USDT", "BTC/USDT:USDT", "ETH/USDT", "SOL/USD")
    instruments = dict.fromkeys(names, BTC)
    assert wanted_symbols(instruments, ("ETH/USDT", "FOO/USDT", "ETH/USDT"), ()) == (["ETH/USDT"], ["FOO/USDT"])
    assert wanted_symbols(instruments, (), ("BTC", "ETH", "SOL")) == (["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT"], [])


def test_the_largest_by_volume() -> None:
    def q(symbol: str, volume: float | None) -> Quote:
        return Quote("okx", symbol, 1, 1.0, None, None, None, None, volume, None)

    instruments = dict.fromkeys("abcd", BTC)
    assert largest([q("a", 5.0), q("b", None), q("c", 9.0), q("d", 7.0)], instruments, 2) == ["c", "d"]
