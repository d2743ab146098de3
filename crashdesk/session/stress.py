"""How stressed the market is now: calculated from what the state holds, so a seek gives what playing gives."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.money import MICRO
from crashdesk.model.records import HealthState, Method
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.liquidation_views import LiquidationsView
from crashdesk.session.sectors import fallen, fresh_until_ms
from crashdesk.session.stress_views import (
    FALL_PCT,
    FEWEST_SPANS,
    MOVE_MS,
    RATE_MS,
    SIDE_LEAST_USD,
    SIDE_MS,
    STEP_MS,
    USUAL_FUNDING,
    PartKind,
    StressView,
    made_of,
)
from crashdesk.session.views import TickerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crashdesk.session.state import MarketState

Minutes = tuple[tuple[int, int, int], ...]
"""(minute, long, short in micro-dollars), oldest first."""
STEP = STEP_MS // MINUTE_MS
"""Minutes from one span of the past to the next."""
RATE_MINUTES, SIDE_MINUTES = RATE_MS // MINUTE_MS, SIDE_MS // MINUTE_MS
"""Fifteen are three steps."""


class _Quoted(NamedTuple):
    """What rows tell of breadth and funding; it holds from `from_ms` on, before `until_ms`."""

    rows: tuple[TickerRow, ...]
    from_ms: int
    until_ms: int
    breadth: float | None
    funding: float | None


class StressGauge:
    """Makes the gauge of a state; liquidations and rows are gone through only when there are others."""

    def __init__(self) -> None:
        self._minutes: Minutes | None = None
        self._minute = 0
        self._liquidated: tuple[float | None, float | None] = (None, None)
        self._quoted: _Quoted | None = None

    def view(
        self,
        state: MarketState,
        rows: tuple[TickerRow, ...],
        first: TickerRow | None,
        liquidations: LiquidationsView,
        spread_pct: float | None,
    ) -> StressView:
        """The gauge without percentiles. `first` is BTC's row, `spread_pct` its spread between venues."""
        now, minutes = state.now_ms // MINUTE_MS, heard_minutes(liquidations)
        if minutes is not self._minutes or now != self._minute:
            self._minutes, self._minute = minutes, now
            self._liquidated = rate(minutes, now), one_side(minutes, now)
        quoted = self._quoted_of(state, rows)
        return made_of(
            {
                PartKind.BREADTH: quoted.breadth,
                PartKind.MOVE: _move(state, first),
                PartKind.RATE: self._liquidated[0],
                PartKind.SIDE: self._liquidated[1],
                PartKind.FUNDING: quoted.funding,
                PartKind.DISLOCATION: None if first is None or first.stale else spread_pct,
            }
        )

    def _quoted_of(self, state: MarketState, rows: tuple[TickerRow, ...]) -> _Quoted:
        known, now_ms = self._quoted, state.now_ms
        if known is None or known.rows is not rows or not known.from_ms <= now_ms < known.until_ms:
            down, count = fallen(state.baskets, rows, now_ms, FALL_PCT)
            breadth = down / count if count else None
            known = self._quoted = _Quoted(rows, now_ms, fresh_until_ms(rows, now_ms), breadth, _funding(rows))
        return known


def heard_minutes(view: LiquidationsView) -> Minutes:
    """The liquidations of the last 24 h by minute; none while no feed is connected: silence is then no calm."""
    feeds = [row.state for row in view.coverage if row.method is not Method.NONE]
    return view.minutes if HealthState.OK in feeds or not view.coverage else ()


def past_sums(minutes: Minutes, now: int) -> list[int]:
    """Micro-dollars of each 15-minute span that ended before the present one began; those without any are left out.

    They begin and end at whole five minutes. The first ones are in no whole span: what was before is not known.
    """
    first, end = (minutes[0][0] // STEP, (now - RATE_MINUTES + 1) // STEP) if minutes else (0, 0)
    if end <= first:
        return []
    sums = [0] * (end - first)
    for minute, long, short in minutes:
        step = minute // STEP
        if step >= end:
            break
        sums[step - first] += long + short
    return [span for three in zip(sums, sums[1:], sums[2:], strict=False) if (span := sum(three))]


def rate(minutes: Minutes, now: int) -> float | None:
    """What was liquidated in the 15 minutes to the present one, over the median of the past spans."""
    past = past_sums(minutes, now)
    if len(past) < FEWEST_SPANS:
        return None
    return _sum(minutes, now - RATE_MINUTES) / median(past)


def one_side(minutes: Minutes, now: int) -> float | None:
    """Share of the larger side in the hour to the present minute; 0.5 while too little for a side; None without any."""
    if not minutes:
        return None
    long = short = 0
    for minute, one, other in reversed(minutes):
        if minute <= now - SIDE_MINUTES:
            break
        long, short = long + one, short + other
    return side_share(long, short)


def side_share(long: int, short: int) -> float:
    """The larger side's share, 0.5 when both together are too little to speak of a side."""
    return max(long, short) / (long + short) if long + short >= SIDE_LEAST_USD * MICRO else 0.5


def _sum(minutes: Minutes, after: int) -> int:
    return sum(long + short for minute, long, short in minutes[-RATE_MINUTES:] if minute > after)


def price_then(state: MarketState, first: TickerRow) -> float | None:
    """The price from which the move is measured: the last one of the five minutes that ended 4 h ago."""
    key, at_ms = (first.venue, first.symbol), state.now_ms - MOVE_MS
    return state.bars.chunk_close(key, at_ms // CHUNK_MS - 1) or state.past.price_at(key, at_ms)


def _move(state: MarketState, first: TickerRow | None) -> float | None:
    if first is None or first.stale:
        return None
    daily, base = state.levels.daily((first.venue, first.symbol)), price_then(state, first)
    return abs(first.last - base) / daily.atr if base is not None and daily is not None and daily.atr else None


def _funding(rows: Sequence[TickerRow]) -> float | None:
    rates = {row.base: row.funding_rate for row in rows if row.funding_rate is not None}
    return abs(median(rates.values()) - USUAL_FUNDING) if rates else None
