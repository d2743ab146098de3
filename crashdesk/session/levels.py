"""Where the market stands to a level.

A level is breached by the first close of its timeframe beyond it, seen from the side on which the price was when the
level was made, and reclaimed by the next close back. A level that is not breached is tested while the price is within
half an ATR of it; one that no close ever crossed is untouched otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.level import Level, LevelKind, LevelState
from crashdesk.model.records import PublishedLevel
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.candles import CandleSeries
from crashdesk.session.prices import PastPrices
from crashdesk.session.trend import Trend
from crashdesk.session.views import LevelRow

BAND_ATR = 0.5


class Closes(NamedTuple):
    """Closed candles of a timeframe: close times (ms) and closing prices, oldest first."""

    end_ms: Sequence[int]
    close: Sequence[float]


class Market(NamedTuple):
    """What a level is held against: the symbol's price venue, last price, trend and past prices."""

    key: InstrumentKey
    last: float
    now_ms: int
    trend: Trend | None
    past: PastPrices


def closes_of(series: CandleSeries | None, timeframe: Timeframe) -> Closes:
    """The closed candles of a series; daily ones only when they open at 00:00 UTC."""
    if series is None:
        return Closes((), ())
    daily = timeframe is Timeframe.D1
    keep = [i for i, at in enumerate(series.open_ms) if series.closed[i] and not (daily and at % DAY_MS)]
    return Closes([series.open_ms[i] + timeframe.ms for i in keep], [series.close[i] for i in keep])


def crossing(price: float, created_ms: int, closes: Closes) -> tuple[LevelState, int] | None:
    """(breached or reclaimed, close time of the last crossing) of closes after `created_ms`; None without a crossing.

    The first side is that of the last close before the level was made, or of the first after it.
    """
    above: bool | None = None
    first: bool | None = None
    crossed_ms = 0
    for end, close in zip(closes.end_ms, closes.close, strict=True):
        side = close >= price
        if end <= created_ms:
            above = first = side
            continue
        if above is None:
            above = first = side
        elif side != above:
            above, crossed_ms = side, end
    if not crossed_ms:
        return None
    return (LevelState.RECLAIMED if above == first else LevelState.BREACHED), crossed_ms


def level_state(price: float, created_ms: int, closes: Closes, market: Market) -> tuple[LevelState | None, int | None]:
    """(state, since when); (None, None) when there is no ATR to measure nearness by and no close has crossed it."""
    crossed = crossing(price, created_ms, closes)
    if crossed is not None and crossed[0] is LevelState.BREACHED:
        return crossed
    return _unbreached(price, created_ms, crossed, market)


def _unbreached(
    price: float, since_ms: int, reclaimed: tuple[LevelState, int] | None, market: Market
) -> tuple[LevelState | None, int | None]:
    """Tested when the price is near, else reclaimed if it was, else untouched."""
    atr = market.trend.atr if market.trend else None
    near = _nearness(price, since_ms, atr, market) if atr is not None else (None, None)
    return reclaimed if reclaimed is not None and near[0] is not LevelState.TESTING else near


def _nearness(price: float, since_ms: int, atr: float, market: Market) -> tuple[LevelState, int | None]:
    band = BAND_ATR * atr
    if abs(market.last - price) > band:
        return LevelState.UNTOUCHED, None
    since = market.past.band_since(market.key, price - band, price + band, since_ms, market.now_ms)
    return LevelState.TESTING, since


def _row(
    symbol: str,
    level: tuple[str | None, float, LevelKind, str, str],
    state: tuple[LevelState | None, int | None],
    market: Market | None,
) -> LevelRow:
    level_id, price, kind, label, source = level
    atr = market.trend.atr if market and market.trend else None
    return LevelRow(
        id=level_id,
        symbol=symbol,
        price=price,
        kind=kind,
        label=label,
        source=source,
        state=state[0],
        state_since_ms=state[1],
        distance_pct=(price / market.last - 1.0) * 100.0 if market and market.last else None,
        distance_atr=abs(price - market.last) / atr if market and atr else None,
    )


def _published_kind(kind: str) -> LevelKind:
    try:
        return LevelKind(kind)
    except ValueError:
        return LevelKind.LINE


def sma200_row(symbol: str, market: Market) -> LevelRow | None:
    """SMA200 as a moving level: breached by a close under the average of that day, reclaimed by the next close back."""
    trend = market.trend
    if trend is None or trend.sma200 is None:
        return None
    state: tuple[LevelState | None, int | None]
    if trend.breached:
        state = (LevelState.BREACHED, trend.side_since_ms)
    else:
        crossed = (LevelState.RECLAIMED, trend.side_since_ms) if trend.side_since_ms is not None else None
        state = _unbreached(trend.sma200, trend.side_since_ms or 0, crossed, market)
    return _row(symbol, (None, trend.sma200, LevelKind.AVERAGE, "SMA200", "SMA200"), state, market)


def level_rows(
    symbol: str,
    published: Iterable[PublishedLevel],
    own: Iterable[Level],
    market: Market | None,
    closes: dict[Timeframe, Closes],
) -> tuple[LevelRow, ...]:
    """All levels of a symbol, highest price first. Without a market there are no states and no distances."""
    rows = []
    for level in published:
        state = level_state(level.price, level.created_ms, closes[Timeframe.D1], market) if market else (None, None)
        made = (None, level.price, _published_kind(level.kind), level.label, level.source)
        rows.append(_row(symbol, made, state, market))
    for mine in own:
        state = level_state(mine.price, mine.created_ms, closes[mine.timeframe], market) if market else (None, None)
        rows.append(_row(symbol, (mine.id, mine.price, mine.kind, mine.label, "mine"), state, market))
    average = sma200_row(symbol, market) if market else None
    if average is not None:
        rows.append(average)
    return tuple(sorted(rows, key=lambda r: (-r.price, r.source, r.label, r.id or "")))
