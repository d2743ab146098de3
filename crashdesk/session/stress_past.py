"""Where the parts of the stress gauge stand among those of the past: dear, so only made when somebody asks.

The past is what a state holds after a seek as well: five-minute closes of every instrument and liquidations by minute,
25 and 24 hours at most. Of funding only the newest rates are held: it has no percentile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from statistics import median
from typing import TYPE_CHECKING

from crashdesk.model.columns import CHUNK_MS, InstrumentKey
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import LiquidationsView
from crashdesk.session.liquidations.totals import liquidations_view
from crashdesk.session.picture import headline
from crashdesk.session.sectors import speaking_rows
from crashdesk.session.spreads import venue_spreads
from crashdesk.session.stress import (
    SIDE_MINUTES,
    STEP,
    Minutes,
    StressGauge,
    heard_minutes,
    past_sums,
    price_then,
    side_share,
)
from crashdesk.session.stress_views import FALL_PCT, FEWEST_SPANS, MOVE_MS, PartKind, StressView
from crashdesk.session.views import TickerRow

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState

_HOUR, _MOVE = HOUR_MS // CHUNK_MS, MOVE_MS // CHUNK_MS
_DAY = DAY_MS // CHUNK_MS


def with_past(
    view: StressView,
    state: MarketState,
    rows: tuple[TickerRow, ...],
    first: TickerRow | None,
    liquidations: LiquidationsView,
) -> StressView:
    """The gauge with the percentile of each part, over as much of the last 24 hours as is known of it."""
    now, minutes = state.now_ms // MINUTE_MS, heard_minutes(liquidations)
    pasts: dict[PartKind, Sequence[float]] = {
        PartKind.BREADTH: _breadths(state, rows),
        PartKind.RATE: past_sums(minutes, now),
        PartKind.SIDE: _sides(minutes, now),
    }
    if first is not None:
        pasts[PartKind.MOVE] = _moves(state, first)
        pasts[PartKind.DISLOCATION] = _spreads(state, first.symbol)
    parts = []
    for part in view.parts:
        past, value = pasts.get(part.kind, ()), part.value
        if part.kind is PartKind.RATE and value is not None:
            value *= median(past)  # as dollars, like those of the past
        elif part.kind is PartKind.MOVE and value is not None and first is not None:
            base = price_then(state, first)  # as percent: the ATR of the past may have been another
            value = abs(first.last / base - 1.0) * 100.0 if base else None
        percentile = None if value is None or len(past) < FEWEST_SPANS else rank(value, past)
        parts.append(part._replace(percentile=percentile, spans=len(past)))
    return view._replace(parts=tuple(parts))


def stress_of(state: MarketState) -> StressView:
    """The gauge of a state with its percentiles."""
    rows = state.rows()
    first, liquidations = headline(rows), liquidations_view(state)
    spread = venue_spreads(state).get(first.symbol) if first is not None else None
    view = StressGauge().view(state, rows, first, liquidations, spread[0] if spread is not None else None)
    return with_past(view, state, rows, first, liquidations)


def rank(value: float, past: Iterable[float]) -> float:
    """The share of the past that is lower, in percent; what is equal counts half."""
    known = list(past)
    return 100.0 * sum(1.0 if one < value else 0.5 for one in known if one <= value) / len(known)


def _closes(state: MarketState, key: InstrumentKey) -> Sequence[float]:
    """The closes of the five minutes that ended in the last 25 hours, oldest first; NaN where none was seen."""
    last = state.now_ms // CHUNK_MS
    return state.bars.chunk_closes(key, range(last - _DAY - _HOUR + 1, last))


def _changes(closes: Sequence[float], back: int) -> list[float]:
    """Percent, NaN where either close is."""
    return [(close / base - 1.0) * 100.0 for base, close in zip(closes, closes[back:], strict=False)]


def _moves(state: MarketState, first: TickerRow) -> list[float]:
    return [abs(change) for change in _changes(_closes(state, (first.venue, first.symbol)), _MOVE) if not isnan(change)]


def _breadths(state: MarketState, rows: tuple[TickerRow, ...]) -> list[float]:
    speaking = speaking_rows(state.baskets, rows, state.now_ms)
    members = [_changes(_closes(state, (row.venue, row.symbol)), _HOUR) for row in speaking]
    found = []
    for changes in zip(*members, strict=True):
        known = [change for change in changes if not isnan(change)]
        if known:
            found.append(sum(change <= -FALL_PCT for change in known) / len(known))
    return found


def _spreads(state: MarketState, symbol: str) -> list[float]:
    venues = [_closes(state, key)[_HOUR:] for key in state.quotes if key[1] == symbol]
    found = []
    for prices in zip(*venues, strict=True):
        known = [price for price in prices if not isnan(price)]
        if len(known) > 1:
            found.append((max(known) - min(known)) / median(known) * 100.0)
    return found


def _sides(minutes: Minutes, now: int) -> list[float]:
    """The larger side's share in each hour, by steps of five minutes."""
    if not minutes:
        return []
    sums: dict[int, list[int]] = {}
    for minute, long, short in minutes:
        entry = sums.setdefault(minute // STEP, [0, 0])
        entry[0] += long
        entry[1] += short
    wide = SIDE_MINUTES // STEP
    found = []
    for step in range(min(sums) + wide - 1, now // STEP):
        hour = [sums[at] for at in range(step - wide + 1, step + 1) if at in sums]
        if hour:
            found.append(side_share(sum(entry[0] for entry in hour), sum(entry[1] for entry in hour)))
    return found
