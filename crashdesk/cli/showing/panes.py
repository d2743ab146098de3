"""The panes of the desk as rows: the same views as on the screen, the same rows as in the brief where it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import NamedTuple

from crashdesk.brief.coverage import VenueRow, seen_by_window, venue_rows
from crashdesk.brief.json_rows import (
    Json,
    coverage_row,
    figure,
    level_row,
    market_row,
    order_row,
    pct,
    sector_row,
    totals_row,
    window_row,
)
from crashdesk.brief.tables import Table, coins_table, market_table, sectors_table, venues_table, windows_table
from crashdesk.cli.showing import text_tables
from crashdesk.cli.showing.asked import Asked
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.money import exact_usd
from crashdesk.model.records import Liquidation
from crashdesk.model.words import coin_of
from crashdesk.session.level_sums import with_sums
from crashdesk.session.level_views import LevelRow
from crashdesk.session.liquidation_views import FeedRow, LiquidationsView
from crashdesk.session.liquidations.totals import liquidations_view
from crashdesk.session.picture import headline
from crashdesk.session.sectors import sectors_view
from crashdesk.session.state import MarketState
from crashdesk.session.ticker_more import MORE_COLUMNS, MoreBook
from crashdesk.session.views import SectorTile, TickerRow, WeightMode


class Shown(NamedTuple):
    """A pane at a moment: what it is about beside its rows, the rows, and the same as a table of text."""

    about: Json
    rows: tuple[Json, ...]
    table: Callable[[tzinfo], Table]


class PaneMaker:
    """Makes one pane of a state, again and again."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._more: MoreBook | None = None

    def shown(self, state: MarketState) -> Shown:
        """The pane of the state as it is."""
        asked = self._asked
        if asked.pane == "tickers":
            return self._tickers(state)
        if asked.pane == "sectors":
            return _sectors(state, asked.weights)
        if asked.pane == "levels":
            return _levels(state, level_ticker(state, asked.symbol), asked.symbol)
        return _liquidations(state, asked)

    def _tickers(self, state: MarketState) -> Shown:
        if self._more is None or self._more.state is not state:
            self._more = MoreBook(state)
        rows = self._more.rows(state.rows(), MORE_COLUMNS, self._asked.dislocation_pct)
        return Shown({}, tuple(map(_ticker, rows)), lambda _: market_table(rows))


def _ticker(row: TickerRow) -> Json:
    more = row.more
    return {
        **market_row(row),
        "stale": row.stale,
        "sma200_breached_since_ms": row.breached_since_ms,
        "change_5m_pct": pct(more.change_5m_pct),
        "change_4h_pct": pct(more.change_4h_pct),
        "change_7d_pct": pct(more.change_7d_pct),
        "next_level": figure(more.level),
        "next_level_distance_pct": pct(more.level_pct),
        "open_interest_change_1h_pct": pct(more.interest_1h_pct),
        "open_interest_change_24h_pct": pct(more.interest_24h_pct),
        "basis_pct": pct(more.basis_pct),
        "spread_pct": pct(more.spread_pct),
        "spread_venues": more.venues or None,
        "dislocated": more.dislocated,
        "liquidated_1h_usd": None if more.liquidated_1h is None else exact_usd(more.liquidated_1h),
    }


def _sectors(state: MarketState, weights: WeightMode) -> Shown:
    view = sectors_view(state.baskets, state.rows(), weights, state.now_ms)
    rows = [_sector(tile, weights, group=False) for tile in view.tiles]
    rows += [_sector(tile, WeightMode.EQUAL, group=True) for tile in view.groups]
    about: Json = {"baskets": view.title, "weight_mode": weights.value}
    return Shown(about, tuple(rows), lambda _: sectors_table(view))


def _sector(tile: SectorTile, weights: WeightMode, *, group: bool) -> Json:
    moves = [{"coin": m.coin, "symbol": m.symbol, "change_24h_pct": pct(m.change_24h_pct)} for m in tile.moves]
    return {
        **sector_row(tile, weights.value),
        "group": group,
        "area_share": round(tile.share, 6),
        "moves": moves,
        "unused": [member.coin for member in tile.unused],
    }


def level_ticker(state: MarketState, symbol: str) -> TickerRow | None:
    """The ticker whose levels are meant: that of a symbol, or of a coin; for no symbol the first of the market."""
    rows = state.rows()
    if not symbol:
        return headline(rows)
    wanted = symbol.upper()
    by_symbol = next((row for row in rows if row.symbol.upper() == wanted), None)
    return by_symbol or next((row for row in rows if row.base.upper() == wanted), None)


def _levels(state: MarketState, row: TickerRow | None, symbol: str) -> Shown:
    named = row.symbol if row is not None else symbol
    profile = state.liquidations.profile(coin_of(named))
    ladder = with_sums(state.ladder(row, named), liquidations_view(state), profile)
    about: Json = {
        "symbol": named,
        "venue": row.venue if row is not None else None,
        "last": ladder.last,
        "atr": figure(ladder.atr),
    }
    return Shown(about, tuple(map(_level, ladder.rows)), lambda zone: text_tables.levels_table(ladder, zone))


def _level(row: LevelRow) -> Json:
    long, short = row.liquidated if row.liquidated is not None else (None, None)
    return {
        **level_row(row),
        "liquidated_long_24h_usd": None if long is None else exact_usd(long),
        "liquidated_short_24h_usd": None if short is None else exact_usd(short),
    }


def _liquidations(state: MarketState, asked: Asked) -> Shown:
    view, recorded_ms = liquidations_view(state, asked.window, asked.free_ms), state.now_ms - state.start_ms
    about: Json = {"tab": asked.tab}
    if asked.tab not in ("windows", "tape"):
        about["window"] = view.shown
    if asked.tab == "tape":
        orders = _tape(state)
        return Shown(about, tuple(map(tape_row, orders)), lambda zone: text_tables.orders_table(orders, zone))
    if asked.tab == "largest":
        return Shown(
            about, tuple(map(order_row, view.largest)), lambda zone: text_tables.orders_table(view.largest, zone)
        )
    rows = tuple(_sums(view, asked.tab, state.now_ms))
    return Shown(about, rows, lambda _: _sums_table(view, asked.tab, recorded_ms))


def _sums(view: LiquidationsView, tab: str, now_ms: int) -> Iterable[Json]:
    """Rows of sums: by window, or those of the window that is shown by venue, coin or size."""
    if tab == "windows":
        windows = zip(view.windows, seen_by_window(view), strict=True)
        return [{"window": window.name, **window_row(window, seen)} for window, seen in windows]
    if tab == "venues":
        return [_venue(row, view, now_ms) for row in venue_rows(view)]
    if tab == "coins":
        return [{"coin": row.name, "window": view.shown, **totals_row(row.totals)} for row in view.by_coin]
    known = any(row.known for row in venue_rows(view))
    return [
        {"least_usd": row.least_usd, "window": view.shown, **_known(totals_row(row.totals), known)}
        for row in view.by_size
    ]


def _known(sums: Json, known: bool) -> Json:
    return sums if known else dict.fromkeys(sums)


def _sums_table(view: LiquidationsView, tab: str, recorded_ms: int) -> Table:
    if tab == "windows":
        return windows_table(view, recorded_ms)
    if tab == "venues":
        return venues_table(view, venue_rows(view), recorded_ms)
    if tab == "coins":
        return coins_table(view, view.by_coin, recorded_ms)
    return text_tables.sizes_table(view, recorded_ms)


def _venue(row: VenueRow, view: LiquidationsView, now_ms: int) -> Json:
    """A venue's sums and what is seen of it; `connected_share` is that of the window."""
    seen = coverage_row(row.coverage, [w.name for w in view.windows], now_ms) if row.coverage is not None else {}
    about: Json = {name: seen.get(name) for name in _SEEN}
    return {
        "venue": row.name,
        "window": view.shown,
        **_known(totals_row(row.totals), row.known),
        "connected_share": round(row.connected, 6) if row.coverage is not None else None,
        **about,
    }


_SEEN = ("method", "state", "detail", "gaps", "last_message_ms", "set_aside", "set_aside_reasons")


def _tape(state: MarketState) -> tuple[FeedRow, ...]:
    """The newest orders, as many as a tape holds."""
    view = state.tape.view(state.liquidations)
    while state.tape.unfinished:
        view = state.tape.view(state.liquidations)
    return view.rows


def tape_row(row: FeedRow | Liquidation) -> Json:
    """An order of the tape, as it is shown or as it came."""
    return order_row(LargestLiquidation(row.venue, row.symbol, row.side, row.price, row.usd_micro, row.ts_ms))
