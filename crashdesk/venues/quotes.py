"""From ccxt's tickers to `Quote` records: only what can be trusted, only what changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from crashdesk.model.records import Instrument, MarketKind, Quote
from crashdesk.venues.markets import USD_QUOTES
from crashdesk.venues.normalise.rows import EARLIEST_MS, FUTURE_MS

_ABSURD_PRICE = 1e9
_ABSURD_VOLUME = 1e13
_ABSURD_CHANGE = 100_000.0

SetAside = Callable[[str], None]


def quote_of(
    ticker: Mapping[str, Any],
    instrument: Instrument,
    now_ms: int,
    *,
    true_24h: bool,
    coin_volume_field: str | None,
    set_aside: SetAside,
) -> Quote | None:
    """The quote in one of ccxt's tickers; None, and a reason to `set_aside`, when its price cannot be trusted.

    Change, high and low are kept only where the venue measures them against 24 hours ago (`true_24h`).
    `coin_volume_field` is the raw field with the 24h volume in coins, where ccxt's `quoteVolume` is not dollars.
    """
    last = _price(ticker.get("last"))
    if last is None:
        set_aside("no price" if ticker.get("last") is None else "price is not a number above zero")
        return None
    if last > _ABSURD_PRICE:
        set_aside("absurd price")
        return None
    bid, ask = _price(ticker.get("bid")), _price(ticker.get("ask"))
    if bid is not None and ask is not None and bid > ask:
        bid = ask = None
    high, low = _extremes(ticker, last) if true_24h else (None, None)
    return Quote(
        venue=instrument.venue,
        symbol=instrument.symbol,
        ts_ms=_time(ticker.get("timestamp"), now_ms, set_aside),
        last=last,
        bid=bid,
        ask=ask,
        high_24h=high,
        low_24h=low,
        volume_24h_usd=_volume(ticker, instrument, last, coin_volume_field),
        change_24h_pct=_change(ticker.get("percentage")) if true_24h else None,
    )


def number(value: object) -> float | None:
    """A finite number from a JSON number or string, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _price(value: object) -> float | None:
    price = number(value)
    return price if price is not None and price > 0 else None


def _extremes(ticker: Mapping[str, Any], last: float) -> tuple[float | None, float | None]:
    high, low = _price(ticker.get("high")), _price(ticker.get("low"))
    if high is None or low is None or high < low:
        return None, None
    return max(high, last), min(low, last)


def _time(value: object, now_ms: int, set_aside: SetAside) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < EARLIEST_MS:
        return now_ms
    if value > now_ms + FUTURE_MS:
        set_aside("time in the future, taken as now")
        return now_ms
    return value


def _change(value: object) -> float | None:
    change = number(value)
    return change if change is not None and -100 < change < _ABSURD_CHANGE else None


def _volume(ticker: Mapping[str, Any], instrument: Instrument, last: float, field: str | None) -> float | None:
    """24h volume in USD; None when the quote currency is not a dollar."""
    if instrument.quote not in USD_QUOTES:
        return None
    if field is None:
        volume = number(ticker.get("quoteVolume"))
    else:
        info = ticker.get("info")
        coins = number(info.get(field)) if isinstance(info, dict) else None
        volume = coins * last if coins is not None else None
    return volume if volume is not None and 0 <= volume < _ABSURD_VOLUME else None


def wanted_symbols(
    instruments: Mapping[str, Instrument], symbols: tuple[str, ...], coins: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """(listed, not listed) of a venue's symbols; with none given, its USDT markets of the coins, spot first."""
    if symbols:
        unique = list(dict.fromkeys(symbols))
        return [s for s in unique if s in instruments], [s for s in unique if s not in instruments]
    guesses = [f"{coin}/USDT" for coin in coins] + [perpetual_of(coin) for coin in coins]
    return [s for s in dict.fromkeys(guesses) if s in instruments], []


def perpetual_of(coin: str) -> str:
    """The unified symbol of a coin's USDT perpetual."""
    return f"{coin}/USDT:USDT"


def largest(quotes: list[Quote], instruments: Mapping[str, Instrument], count: int) -> list[str]:
    """The symbols with the most 24h volume in USD, USDT-quoted, spot or linear."""
    ranked = [
        (quote.volume_24h_usd, quote.symbol)
        for quote in quotes
        if quote.volume_24h_usd is not None
        and instruments[quote.symbol].quote == "USDT"
        and instruments[quote.symbol].kind is not MarketKind.INVERSE
    ]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    return [symbol for _, symbol in ranked[:count]]
