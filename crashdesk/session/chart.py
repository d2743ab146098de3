"""The chart's candles and averages."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable
from math import nan
from typing import NamedTuple

from crashdesk.analytics.averages import ema_series, sma_series
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.candles import CandleBook, CandleSeries
from crashdesk.session.views import ChartView, TickerRow

BUILT_FROM: dict[Timeframe, Timeframe] = {
    Timeframe.M15: Timeframe.M5,
    Timeframe.H4: Timeframe.H1,
    Timeframe.W1: Timeframe.D1,
}
CHARTS = 2
"""Charts that a desk shows at once."""
_MONDAY_MS = 4 * 86_400_000  # 1970-01-05 was a Monday: weeks open at 00:00 UTC on Mondays


class _Kept(NamedTuple):
    stamp: tuple[str, str | None, Timeframe, int, int]
    view: ChartView


def resample(series: CandleSeries, timeframe: Timeframe, part_ms: int) -> CandleSeries:
    """A coarser series from a finer one. A candle is closed when its last part is there and closed."""
    out = CandleSeries()
    shift = _MONDAY_MS if timeframe is Timeframe.W1 else 0
    for i, at in enumerate(series.open_ms):
        open_ms = (at - shift) // timeframe.ms * timeframe.ms + shift
        done = bool(series.closed[i]) and at + part_ms == open_ms + timeframe.ms
        if len(out) and out.open_ms[-1] == open_ms:
            out.high[-1] = max(out.high[-1], series.high[i])
            out.low[-1] = min(out.low[-1], series.low[i])
            out.close[-1] = series.close[i]
            out.volume[-1] += series.volume[i]
            out.closed[-1] = done
            continue
        out.open_ms.append(open_ms)
        out.open.append(series.open[i])
        out.high.append(series.high[i])
        out.low.append(series.low[i])
        out.close.append(series.close[i])
        out.volume.append(series.volume[i])
        out.closed.append(done)
    return out


def series_of(candles: CandleBook, venue: str, symbol: str, timeframe: Timeframe) -> CandleSeries | None:
    """The candles of a timeframe, made from a finer one where the recording holds only that, or goes on with it."""
    own, finer = candles.get(venue, symbol, timeframe), BUILT_FROM.get(timeframe)
    source = candles.get(venue, symbol, finer) if finer else None
    if source is None or finer is None or not len(source):
        return own
    if own is None or not len(own):
        return resample(source, timeframe, finer.ms)
    newer = source.open_ms[-1] >= own.open_ms[-1] + timeframe.ms
    return _gone_on(own, resample(source, timeframe, finer.ms)) if newer else own


def _gone_on(own: CandleSeries, built: CandleSeries) -> CandleSeries:
    """A series that is no longer asked for, and what finer candles tell from its last, perhaps unfinished one on.

    The first candle that was built may lack its beginning: it takes no other's place.
    """
    last_ms = own.open_ms[-1]
    from_ms = last_ms if not own.closed[-1] and last_ms in built.open_ms[1:] else last_ms + 1
    kept = bisect_left(own.open_ms, from_ms)
    new = bisect_left(built.open_ms, from_ms)
    return CandleSeries(
        own.open_ms[:kept] + built.open_ms[new:],
        own.open[:kept] + built.open[new:],
        own.high[:kept] + built.high[new:],
        own.low[:kept] + built.low[new:],
        own.close[:kept] + built.close[new:],
        own.volume[:kept] + built.volume[new:],
        own.closed[:kept] + built.closed[new:],
    )


class ChartBook:
    """Builds `ChartView`s and keeps the newest of each of a desk's charts until something in it changes."""

    def __init__(self, candles: CandleBook) -> None:
        self._candles = candles
        self._kept: dict[tuple[str, Timeframe], _Kept] = {}
        self._revision = 0

    def view(self, symbol: str, row: TickerRow | None, timeframe: Timeframe) -> ChartView:
        """The chart of a symbol; the very same object while nothing in it changed."""
        venue = row.venue if row else None
        stamp = (symbol, venue, timeframe, self._revisions(venue, symbol, timeframe), row.price_decimals if row else 2)
        facts = (row.sma200, row.sma200_breached, row.breached_since_ms) if row else (None, None, None)
        last = row.last if row else None
        known = self._kept.pop((symbol, timeframe), None)
        if known is not None and known.stamp == stamp:
            view = known.view
            if view.last == last and (view.sma200_daily, view.sma200_breached, view.breached_since_ms) == facts:
                self._keep(known)
                return view
        else:
            self._revision += 1
            series = series_of(self._candles, venue, symbol, timeframe) if venue else None
            view = _drawn(symbol, venue, timeframe, stamp[-1], self._revision, series or CandleSeries())
        made = _with_last(view, last, facts)
        self._keep(_Kept(stamp, made))
        return made

    def _keep(self, kept: _Kept) -> None:
        """The newest last; the oldest goes when there are more than a desk shows."""
        self._kept[(kept.view.symbol, kept.view.timeframe)] = kept
        while len(self._kept) > CHARTS:
            del self._kept[next(iter(self._kept))]

    def _revisions(self, venue: str | None, symbol: str, timeframe: Timeframe) -> int:
        wanted = (timeframe, BUILT_FROM.get(timeframe))
        series = [self._candles.get(venue, symbol, t) for t in wanted if t is not None and venue is not None]
        return sum(s.revision for s in series if s is not None)


def _drawn(
    symbol: str, venue: str | None, timeframe: Timeframe, decimals: int, revision: int, series: CandleSeries
) -> ChartView:
    return ChartView(
        symbol=symbol,
        venue=venue,
        timeframe=timeframe,
        price_decimals=decimals,
        revision=revision,
        open_ms=array("q", series.open_ms),
        open=array("d", series.open),
        high=array("d", series.high),
        low=array("d", series.low),
        close=array("d", series.close),
        volume=array("d", series.volume),
        open_last=bool(len(series)) and not series.closed[-1],
        sma200=_over_closed(series, lambda closes: sma_series(closes, 200)),
        sma50=_over_closed(series, lambda closes: sma_series(closes, 50)),
        ema200=_over_closed(series, lambda closes: ema_series(closes, 200)),
        last=None,
        sma200_daily=None,
        sma200_breached=None,
        breached_since_ms=None,
    )


def _over_closed(series: CandleSeries, average: Callable[[array[float]], array[float]]) -> array[float]:
    """An average at each candle; one that is not closed never counts and has none."""
    if all(series.closed):
        return average(series.close)
    values = iter(average(array("d", (c for c, closed in zip(series.close, series.closed, strict=True) if closed))))
    return array("d", (next(values) if closed else nan for closed in series.closed))


def _with_last(view: ChartView, last: float | None, facts: tuple[float | None, bool | None, int | None]) -> ChartView:
    return view._replace(last=last, sma200_daily=facts[0], sma200_breached=facts[1], breached_since_ms=facts[2])
