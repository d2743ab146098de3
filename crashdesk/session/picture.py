"""Makes the finished picture of a moment from the state; parts that did not change stay the very same objects."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from crashdesk.model.basket import Baskets
from crashdesk.model.records import EventKind, Feed
from crashdesk.model.times import SECOND_MS
from crashdesk.model.words import coin_of
from crashdesk.session.focus import Focus
from crashdesk.session.level_sums import with_sums
from crashdesk.session.liquidation_views import LiquidationsView
from crashdesk.session.liquidations.totals import liquidations_view
from crashdesk.session.sectors import breadth, fresh_until_ms, sectors_view
from crashdesk.session.series import series_rows
from crashdesk.session.state import MarketState
from crashdesk.session.stress import StressGauge
from crashdesk.session.ticker_more import MoreBook
from crashdesk.session.timeline import timeline
from crashdesk.session.troubles import feed_troubles
from crashdesk.session.views import (
    AlertView,
    Breadth,
    ChartView,
    DeskView,
    ScrubberView,
    SectorsView,
    StatusView,
    TickerRow,
    TransportView,
    WeightMode,
)

HEADLINE_COIN = "BTC"
T = TypeVar("T")


def headline(rows: tuple[TickerRow, ...]) -> TickerRow | None:
    """Bitcoin's row, else the first."""
    return next((r for r in rows if r.base == HEADLINE_COIN), rows[0] if rows else None)


class _Counted(NamedTuple):
    """What is made of rows by sector; it holds from `from_ms` on, before `until_ms`."""

    rows: tuple[TickerRow, ...]
    made_of: tuple[Baskets, WeightMode]
    from_ms: int
    until_ms: int
    sectors: SectorsView
    breadth: Breadth


class PictureMaker:
    """Builds `DeskView`s from one state."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}
        self._stress = StressGauge()
        self._more: MoreBook | None = None
        self._liquidations: tuple[tuple[object, ...], LiquidationsView] | None = None
        self._counted: _Counted | None = None
        self._status: tuple[tuple[object, ...], StatusView] | None = None

    def _same(self, name: str, made: T) -> T:
        """The earlier value if it is equal, so that panes can compare by identity."""
        known = self._kept.get(name)
        if type(known) is type(made) and known == made:
            return known
        self._kept[name] = made
        return made

    def _liquidations_of(self, state: MarketState, focus: Focus) -> LiquidationsView:
        # shares of the connected time creep on with every tick: once a second is enough for the eye
        book, health = state.liquidations, state.health
        if focus.free_ms is None:
            book.set_free(None)
        # the book itself, because a seek makes another one, which counts its generations anew
        stamp = (book, book.generation, health.generation, state.now_ms // SECOND_MS, focus.window, focus.free_ms)
        if self._liquidations is not None and self._liquidations[0] == stamp:
            return self._liquidations[1]
        made = self._same("liquidations", liquidations_view(state, focus.window, focus.free_ms))
        self._liquidations = (stamp, made)
        return made

    def _tickers(self, state: MarketState, rows: tuple[TickerRow, ...], focus: Focus) -> tuple[TickerRow, ...]:
        """The rows with what the desk's columns ask for."""
        if self._more is None or self._more.state is not state:
            self._more = MoreBook(state)
        return self._same("tickers", self._more.rows(rows, focus.columns, focus.dislocation_pct))

    def view(
        self,
        state: MarketState,
        focus: Focus,
        transport: TransportView,
        scrubber: ScrubberView,
        alerts: tuple[AlertView, ...] = (),
    ) -> DeskView:
        """The picture of the state as it is."""
        rows = self._same("rows", state.rows())
        chosen = next((r for r in rows if r.symbol == focus.symbol), None)
        first = headline(rows)
        marked = tuple({r.symbol: r for r in (first, chosen) if r is not None}.values())
        stood = {row.symbol: state.levels_of(row, row.symbol) for row in marked}
        at_levels = [item for row in marked for item in state.level_items(row, stood[row.symbol])]
        items = timeline(state.recorded_notes(), state.shown_notes(), state.recent_events(), at_levels, alerts)
        cascades = tuple(e for e in state.recent_events() if e.kind is EventKind.CASCADE)
        liquidations = self._liquidations_of(state, focus)
        profile = self._same("profile", state.liquidations.profile(coin_of(focus.symbol)))
        ladder = with_sums(state.ladder(chosen, focus.symbol, stood.get(focus.symbol)), liquidations, profile)
        tickers = self._tickers(state, rows, focus)
        counted = self._counted_of(state, rows, focus)
        spread = next((row.more.spread_pct for row in tickers if first and row.symbol == first.symbol), None)
        return DeskView(
            now_ms=state.now_ms,
            seq=state.seq,
            symbol=focus.symbol,
            timeframe=focus.timeframe,
            transport=transport,
            status=self._status_of(state, counted.breadth, first),
            tickers=tickers,
            sectors=counted.sectors,
            liquidations=liquidations,
            feed=state.tape.view(state.liquidations, focus.feed),
            chart=state.chart.view(focus.symbol, chosen, focus.timeframe),
            ladder=self._same("ladder", ladder),
            timeline=self._same("timeline", items),
            cascades=self._same("cascades", cascades),
            scrubber=self._same("scrubber", scrubber),
            profile=profile,
            alerts=alerts,
            second=second_chart(state, focus, rows),
            series=self._same("series", series_rows(state.own_series, state.now_ms)),
            stress=self._same("stress", self._stress.view(state, rows, first, liquidations, spread)),
        )

    def _counted_of(self, state: MarketState, rows: tuple[TickerRow, ...], focus: Focus) -> _Counted:
        known, now_ms = self._counted, state.now_ms
        made_of = (state.baskets, focus.weights)
        if (
            known is None
            or known.rows is not rows
            or known.made_of != made_of
            or not known.from_ms <= now_ms < known.until_ms
        ):
            sectors = self._same("sectors", sectors_view(state.baskets, rows, focus.weights, now_ms))
            counted = self._same("breadth", breadth(state.baskets, rows, now_ms))
            known = self._counted = _Counted(rows, made_of, now_ms, fresh_until_ms(rows, now_ms), sectors, counted)
        return known

    def _status_of(self, state: MarketState, counted: Breadth, first: TickerRow | None) -> StatusView:
        # the book of health itself, because a seek makes another one, which counts its generations anew
        stamp = (state.health, state.moved, counted, first)
        if self._status is None or self._status[0] != stamp:
            self._status = (stamp, self._same("status", status_view(state, counted, first)))
        return self._status[1]


def status_view(state: MarketState, counted: Breadth, first: TickerRow | None) -> StatusView:
    """The head of the desk; it changes with the frames, and not with the clock alone."""
    session = state.session
    return StatusView(
        label=session.label if session else "",
        title=session.title if session else "",
        sources=session.sources if session else (),
        venues=state.health.venues(state.venue_recv_ms, state.venue_order(), state.stale_ms),
        feeds=state.health.feeds(),
        breadth=counted,
        headline=first,
        waiting=waiting(state),
    )


def second_chart(state: MarketState, focus: Focus, rows: tuple[TickerRow, ...]) -> ChartView | None:
    """The chart beside the first one, when the desk asked for one."""
    if focus.second is None:
        return None
    symbol, timeframe = focus.second
    return state.chart.view(symbol, next((r for r in rows if r.symbol == symbol), None), timeframe)


def waiting(state: MarketState) -> str:
    """What is missing yet, in words; empty when prices are there."""
    if state.quotes:
        return ""
    if state.session is None:
        return "waiting for the recorder"
    troubles = feed_troubles(state.health.feeds(), Feed.TICKERS)
    return "waiting for the first prices" + (f": {troubles}" if troubles else "")
