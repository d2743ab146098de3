"""One row a symbol: its newest quote at its price venue beside what the past of that venue says."""

from __future__ import annotations

from typing import NamedTuple

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.records import Instrument, MarketKind, PerpStats, Quote
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.model.words import coin_of
from crashdesk.session.candles import CandleBook, CandleSeries
from crashdesk.session.known_days import KnownDays
from crashdesk.session.prices import PastPrices
from crashdesk.session.trend import Trend
from crashdesk.session.views import TickerRow

FORGOTTEN_MS = 10 * MINUTE_MS
"""A price that did not change for so long is stale, whatever its venue says of others."""
Stamp = tuple[int, int, int, bool]


class _Past(NamedTuple):
    """What only changes with the minute, with the candles, or with whether the venue tells the day's range itself."""

    stamp: Stamp
    base_1h: float | None
    base_24h: float | None
    range_24h: tuple[float, float] | None
    spark: tuple[float, ...]


class _Days(NamedTuple):
    """What only changes with the daily candles."""

    revision: int
    trend: Trend | None
    high: tuple[float, int] | None


class Market(NamedTuple):
    """Where a row's figures come from."""

    instrument: Instrument | None
    quote: Quote
    recv_ms: int
    venue_recv_ms: int
    stale_ms: int
    perp: PerpStats | None


class TickerBook:
    """Makes rows and keeps what is dear to calculate until it changes."""

    def __init__(self, candles: CandleBook, past: PastPrices, known: KnownDays) -> None:
        self._candles = candles
        self._known = known
        self._prices = past
        self._past: dict[InstrumentKey, _Past] = {}
        self._days: dict[InstrumentKey, _Days] = {}
        self._rows: dict[InstrumentKey, tuple[object, TickerRow]] = {}

    def days(self, key: InstrumentKey) -> _Days:
        """Trend and high of an instrument's daily candles."""
        series = self._candles.get(*key, Timeframe.D1)
        revision = series.revision if series is not None else 0
        known = self._days.get(key)
        if known is not None and known.revision == revision:
            return known
        made = _Days(revision, None, None)
        if series is not None:
            known_days = self._known.of(key, series)
            made = _Days(revision, known_days.trend, _highest(known_days.high, series))
        self._days[key] = made
        return made

    def _stamp(self, key: InstrumentKey, quote: Quote, now_ms: int) -> Stamp:
        fine = (self._candles.get(*key, Timeframe.M5), self._candles.get(*key, Timeframe.H1))
        five, hour = (series.revision if series is not None else 0 for series in fine)
        return (now_ms // MINUTE_MS, five, hour, quote.low_24h is None or quote.high_24h is None)

    def _past_of(self, key: InstrumentKey, quote: Quote, now_ms: int) -> _Past:
        stamp = self._stamp(key, quote, now_ms)
        known = self._past.get(key)
        if known is not None and known.stamp == stamp:
            return known
        minute = now_ms // MINUTE_MS * MINUTE_MS
        made = _Past(
            stamp=stamp,
            base_1h=self._prices.price_at(key, minute - HOUR_MS),
            base_24h=self._prices.price_at(key, minute - DAY_MS),
            range_24h=self._prices.range_24h(key, minute) if stamp[-1] else None,
            spark=self._prices.spark(key, minute),
        )
        self._past[key] = made
        return made

    def _range(self, key: InstrumentKey, quote: Quote, past: _Past, now_ms: int) -> tuple[float, float] | None:
        if quote.low_24h is not None and quote.high_24h is not None:
            return min(quote.low_24h, quote.last), max(quote.high_24h, quote.last)
        if past.range_24h is None:
            return None
        low, high = self._prices.with_seen(key, past.range_24h, now_ms)
        return min(low, quote.last), max(high, quote.last)

    def row(self, market: Market, now_ms: int) -> TickerRow:
        """The row of one symbol; the very same object while nothing in it changed."""
        quote, instrument = market.quote, market.instrument
        key = (quote.venue, quote.symbol)
        past, days = self._past_of(key, quote, now_ms), self.days(key)
        span = self._range(key, quote, past, now_ms)
        stale = now_ms - market.venue_recv_ms > market.stale_ms or now_ms - market.recv_ms > FORGOTTEN_MS
        made_of = (quote, market.recv_ms, stale, past, days, span, now_ms // DAY_MS, instrument, market.perp)
        known = self._rows.get(key)
        if known is not None and known[0] == made_of:
            return known[1]
        trend = days.trend
        high, high_ms = _top(days, span, quote)
        made = TickerRow(
            symbol=quote.symbol,
            base=instrument.base if instrument else coin_of(quote.symbol),
            venue=quote.venue,
            price_decimals=instrument.price_decimals if instrument else 2,
            last=quote.last,
            ts_ms=quote.ts_ms,
            recv_ms=market.recv_ms,
            stale=stale,
            change_1h_pct=_change(quote.last, past.base_1h),
            change_24h_pct=_change_24h(quote, past),
            low_24h=span[0] if span else None,
            high_24h=span[1] if span else None,
            volume_24h_usd=quote.volume_24h_usd,
            spark=past.spark,
            lowest_since_ms=trend.lower.last(span[0], now_ms - DAY_MS) if trend and span else None,
            high=high,
            high_ms=high_ms,
            drawdown_pct=_change(quote.last, high),
            sma200=trend.sma200 if trend else None,
            sma200_distance_pct=_change(quote.last, trend.sma200) if trend else None,
            sma200_breached=trend.breached if trend else None,
            breached_since_ms=trend.side_since_ms if trend and trend.breached else None,
            funding_rate=market.perp.funding_rate if market.perp else None,
            open_interest_usd=market.perp.open_interest_usd if market.perp else None,
        )
        if known is not None and known[1] == made:
            made = known[1]
        self._rows[key] = made_of, made
        return made


def _highest(closed: tuple[float, int] | None, series: CandleSeries) -> tuple[float, int] | None:
    """The highest high of a series whose highest up to its last closed candle is known."""
    best = closed
    for at in range(series.closed.rfind(1) + 1, len(series)):
        if best is None or series.high[at] > best[0]:
            best = series.high[at], series.open_ms[at]
    return best


def _top(days: _Days, span: tuple[float, float] | None, quote: Quote) -> tuple[float | None, int | None]:
    if days.high is None:
        return None, None
    if span is not None and span[1] > days.high[0]:
        return span[1], quote.ts_ms // DAY_MS * DAY_MS
    return days.high


def _change_24h(quote: Quote, past: _Past) -> float | None:
    """The venue's own figure, else that against the price 24 h ago."""
    return quote.change_24h_pct if quote.change_24h_pct is not None else _change(quote.last, past.base_24h)


def _change(last: float, base: float | None) -> float | None:
    return (last / base - 1.0) * 100.0 if base else None


def is_perpetual(instrument: Instrument | None) -> bool:
    """Whether the instrument is a derivative: shown as a row only where there is no spot market of its coin."""
    return instrument is not None and instrument.kind is not MarketKind.SPOT
