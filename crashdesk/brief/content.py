"""What a brief says: one frozen value made from the state, from which every format is written."""

from __future__ import annotations

from typing import NamedTuple

from crashdesk.model.note import NoteKind
from crashdesk.model.records import Event, EventKind, Session
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.chart import ChartBook
from crashdesk.session.level_views import LevelRow
from crashdesk.session.liquidation_views import LiquidationsView
from crashdesk.session.liquidations.totals import liquidations_view
from crashdesk.session.picture import headline
from crashdesk.session.sectors import breadth, sectors_view
from crashdesk.session.series import series_rows
from crashdesk.session.state import MarketState
from crashdesk.session.stress_past import stress_of
from crashdesk.session.stress_views import NO_STRESS, StressView
from crashdesk.session.timeline import timeline
from crashdesk.session.views import (
    Breadth,
    ChartView,
    SectorsView,
    SeriesRow,
    TickerRow,
    TimelineItem,
    VenueLine,
    WeightMode,
)


class Brief(NamedTuple):
    """The report of one moment. `levels` are those of every symbol that has any, and of the headline's symbol.

    `at_levels` is the part of the timeline that happened at the headline's levels, `chart` its daily candles.
    """

    as_of_ms: int
    start_ms: int
    session: Session | None
    headline: TickerRow | None
    market: tuple[TickerRow, ...]
    sectors: SectorsView
    breadth: Breadth
    liquidations: LiquidationsView
    cascades: tuple[Event, ...]
    venues: tuple[VenueLine, ...]
    levels: tuple[LevelRow, ...]
    atr: float | None
    timeline: tuple[TimelineItem, ...]
    at_levels: tuple[TimelineItem, ...]
    notes: tuple[TimelineItem, ...]
    series: tuple[SeriesRow, ...] = ()
    stress: StressView = NO_STRESS
    chart: ChartView | None = None


def make_brief(state: MarketState, weights: WeightMode) -> Brief:
    """The brief of the state as it is."""
    rows = state.rows()
    first = headline(rows)
    by_symbol = {row.symbol: row for row in rows}
    symbols = sorted({*state.symbols_with_levels(), *([first.symbol] if first else [])})
    ladder = state.ladder(first, first.symbol) if first else None
    levels = {symbol: state.level_rows(by_symbol.get(symbol), symbol, found=False) for symbol in symbols}
    if ladder:
        levels[ladder.symbol] = ladder.rows
    at_levels = state.level_items(first) if first else ()
    own = tuple(note for note in state.shown_notes() if note.kind != NoteKind.BOOKMARK)  # no cause of anything
    return Brief(
        as_of_ms=state.now_ms,
        start_ms=state.start_ms,
        session=state.session,
        headline=first,
        market=rows,
        sectors=sectors_view(state.baskets, rows, weights, state.now_ms),
        breadth=breadth(state.baskets, rows, state.now_ms),
        liquidations=liquidations_view(state),
        cascades=tuple(e for e in state.recent_events() if e.kind is EventKind.CASCADE),
        venues=state.health.venues(state.venue_recv_ms, state.venue_order(), state.stale_ms),
        levels=tuple(row for symbol in symbols for row in levels[symbol]),
        atr=ladder.atr if ladder else None,
        timeline=timeline(state.recorded_notes(), own, state.recent_events(), at_levels),
        at_levels=at_levels,
        notes=timeline(state.recorded_notes(), own, (), ()),
        series=series_rows(state.own_series, state.now_ms),
        stress=stress_of(state),
        # of a book of its own: a desk's book keeps the charts that the desk shows
        chart=ChartBook(state.candles).view(first.symbol, first, Timeframe.D1) if first else None,
    )
