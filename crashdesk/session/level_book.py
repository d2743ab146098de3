"""Levels of symbols and what became of them; what closed candles and bars say is kept until there are new ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, InstrumentKey
from crashdesk.model.level import FoundLevel, Level
from crashdesk.model.records import PublishedLevel
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.candles import CandleBook, CandleSeries
from crashdesk.session.chart import BUILT_FROM, series_of
from crashdesk.session.daily import Daily
from crashdesk.session.found import FoundBook
from crashdesk.session.known_days import KnownDays
from crashdesk.session.level_past import BAND_ATR, Bar, Closes, Course, Past, past_of
from crashdesk.session.levels import Market, Stood, level_rows
from crashdesk.session.prices import PastPrices
from crashdesk.session.views import TickerRow

_MOST_KEPT = 400
Stamp = tuple[object, ...]


class _Kept(NamedTuple):
    """`held` are the objects whose identity the stamp tells: they must not go while it is compared."""

    stamp: Stamp
    held: object
    past: Past


class LevelBook:
    """Makes the rows of ladders for one state. `found` may be shared with states of other times."""

    def __init__(self, candles: CandleBook, prices: PastPrices, known: KnownDays) -> None:
        self.found = FoundBook()
        self._candles = candles
        self._prices = prices
        self._known = known
        self._daily: dict[InstrumentKey, tuple[int, Daily | None]] = {}
        self._closes: dict[tuple[InstrumentKey, Timeframe], tuple[int, Closes]] = {}
        self._bars: dict[InstrumentKey, tuple[Stamp, tuple[Bar, ...]]] = {}
        self._pasts: dict[object, _Kept] = {}

    def rows(
        self,
        row: TickerRow | None,
        symbol: str,
        now_ms: int,
        published: Iterable[PublishedLevel],
        own: Iterable[Level],
        *,
        found: bool,
    ) -> tuple[Stood, ...]:
        """All levels of a symbol with their states, highest price first. `row` is its ticker, if there is one."""
        if row is None:
            return level_rows(symbol, published, own, (), None)
        market = self._market(row, now_ms)
        return level_rows(symbol, published, own, self._found(market) if found else (), market)

    def daily(self, key: InstrumentKey) -> Daily | None:
        """The closed days of an instrument."""
        series = self._candles.get(*key, Timeframe.D1)
        revision = series.closed_revision if series is not None else 0
        known = self._daily.get(key)
        if known is None or known[0] != revision:
            known = self._daily[key] = (revision, self._known.of(key, series).daily if series is not None else None)
        return known[1]

    def _found(self, market: Market) -> tuple[FoundLevel, ...]:
        if market.daily is None:
            return ()
        seen = self._prices.last_bar_close(market.key, market.now_ms)
        return self.found.levels(market.key, market.daily.days, market.atr, seen or market.last)

    def _market(self, row: TickerRow, now_ms: int) -> Market:
        key = (row.venue, row.symbol)
        daily = self.daily(key)
        bars = self._bars_of(key, daily, now_ms)

        def past(name: object, course: Course, timeframe: Timeframe) -> Past:
            return self._past(name, course, timeframe, key, bars, now_ms)

        def near_since(course: Course) -> int | None:
            """The price came near in the present five minutes; not known when nothing was seen before them, nor of a
            level that is made later than the time shown."""
            open_ms = now_ms // CHUNK_MS * CHUNK_MS
            if course.since_ms > now_ms:
                return None
            if not (bars and bars[-1].end_ms == open_ms) and course.since_ms < open_ms:
                return None
            bar = Bar(open_ms, open_ms + CHUNK_MS, row.last, row.last, _band(daily, now_ms))
            return max(self._minute_of(key, bar, course.price_at(now_ms)), course.since_ms)

        return Market(key, row.last, now_ms, daily, past, near_since)

    def _past(
        self,
        name: object,
        course: Course,
        timeframe: Timeframe,
        key: InstrumentKey,
        bars: tuple[Bar, ...],
        now_ms: int,
    ) -> Past:
        closes = self.closes(key, timeframe)
        ends = closes.end_ms
        # two prices of its course tell a level that was moved, or a line that was turned
        where = (course.since_ms, course.price_at(course.since_ms), course.price_at(now_ms // DAY_MS * DAY_MS))
        stamp = (key, timeframe, len(ends), id(ends), len(bars), id(bars), *(None if p != p else p for p in where))
        known = self._pasts.pop(name, None)
        if known is None or known.stamp != stamp:
            made = past_of(course, closes, bars, lambda bar, price: self._minute_of(key, bar, price))
            known = _Kept(stamp, (closes, bars), made)
        self._pasts[name] = known
        if len(self._pasts) > _MOST_KEPT:
            del self._pasts[next(iter(self._pasts))]
        return known.past

    def _minute_of(self, key: InstrumentKey, bar: Bar, price: float) -> int:
        low, high = price - bar.band, price + bar.band
        closes = self._prices.minute_closes(key, bar.start_ms)
        return next((at_ms for at_ms, close in closes if low <= close <= high), bar.start_ms)

    def closes(self, key: InstrumentKey, timeframe: Timeframe) -> Closes:
        """The closed candles of an instrument; the very same object while there are no others."""
        behind = (self._candles.get(*key, t) for t in (timeframe, BUILT_FROM.get(timeframe)) if t is not None)
        revision = sum(series.closed_revision for series in behind if series is not None)
        known = self._closes.get((key, timeframe))
        if known is None or known[0] != revision:
            closes = closes_of(series_of(self._candles, *key, timeframe), timeframe)
            known = self._closes[(key, timeframe)] = (revision, closes)
        return known[1]

    def _bars_of(self, key: InstrumentKey, daily: Daily | None, now_ms: int) -> tuple[Bar, ...]:
        """The closed bars of the last two days; none without an ATR to measure nearness by."""
        fine = self._candles.get(*key, Timeframe.M5)
        stamp = (now_ms // CHUNK_MS, fine.closed_revision if fine is not None else 0, id(daily))
        known = self._bars.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        seen = self._prices.bars_before(key, now_ms) if daily is not None and daily.atrs else ()
        bands = {day: _band(daily, day * DAY_MS) for day in {at // DAY_MS for at, _, _ in seen}}
        bars = tuple([Bar(at, at + CHUNK_MS, low, high, bands[at // DAY_MS]) for at, low, high in seen])
        self._bars[key] = (stamp, bars)
        return bars


def _band(daily: Daily | None, ts_ms: int) -> float:
    atr = daily.atr_at(ts_ms) if daily is not None else None
    return BAND_ATR * (atr or 0.0)


def closes_of(series: CandleSeries | None, timeframe: Timeframe) -> Closes:
    """The closed candles of a series; daily ones only when they open at 00:00 UTC."""
    if series is None:
        return Closes((), ())
    daily = timeframe is Timeframe.D1
    keep = [i for i, at in enumerate(series.open_ms) if series.closed[i] and not (daily and at % DAY_MS)]
    return Closes([series.open_ms[i] + timeframe.ms for i in keep], [series.close[i] for i in keep])
