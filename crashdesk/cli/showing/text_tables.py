"""Tables that a terminal reads and the brief does not have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from crashdesk.brief import words
from crashdesk.brief.as_text import plain_table
from crashdesk.brief.coverage import shown_name
from crashdesk.brief.tables import SUMS_HEAD, Table, sums_cells
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.money import MICRO
from crashdesk.model.words import exact_price
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.liquidation_views import FeedRow, LiquidationsView

_LEVEL_HEAD = ("price", "kind", "label", "source", "state", "since", "from price", "ATR", "long 24h", "short 24h")
_ORDER_HEAD = ("time", "venue", "symbol", "side", "price", "USD")
_MOST_DECIMALS = 8


def levels_table(ladder: LadderView, zone: tzinfo) -> Table:
    """Levels from the highest price to the lowest."""
    return Table(_LEVEL_HEAD, tuple(_level(row, ladder.price_decimals, zone) for row in ladder.rows), left=6)


def _level(row: LevelRow, decimals: int, zone: tzinfo) -> tuple[str, ...]:
    long, short = (words.UNKNOWN, words.UNKNOWN) if row.liquidated is None else map(words.usd, row.liquidated)
    return (
        words.price(row.price, decimals),
        row.kind.value,
        row.label or "; ".join(row.why),
        row.source,
        row.state.value if row.state is not None else words.UNKNOWN,
        words.UNKNOWN if row.state_since_ms is None else words.moment(row.state_since_ms, zone),
        words.percent(row.distance_pct),
        words.UNKNOWN if row.distance_atr is None else f"{row.distance_atr:.1f}",
        long,
        short,
    )


def orders_table(rows: Sequence[FeedRow | LargestLiquidation], zone: tzinfo) -> Table:
    """Single orders."""
    return Table(_ORDER_HEAD, tuple(_order(row, zone) for row in rows), left=4)


def _order(row: FeedRow | LargestLiquidation, zone: tzinfo) -> tuple[str, ...]:
    when, side, usd = words.moment(row.ts_ms, zone), row.side.value, words.usd(row.usd_micro)
    return (when, row.venue, row.symbol, side, _price(row.price), usd)


def _price(price: float) -> str:
    """A price whose decimals nobody told: those it has."""
    return exact_price(price, min(_MOST_DECIMALS, len(f"{price:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])))


def sizes_table(view: LiquidationsView, recorded_ms: int) -> Table:
    """Sums by the size of the orders."""
    rows = [sums_cells(f"from {words.usd(row.least_usd * MICRO)}", row.totals) for row in view.by_size]
    return Table((f"orders, {shown_name(view, recorded_ms)}", *SUMS_HEAD), tuple(rows))


def page(name: str, now_ms: int, table: Table, zone: tzinfo) -> str:
    """A table under what it is and when."""
    head = f"{name}, {words.moment(now_ms, zone)}\n"
    return f"{head}{plain_table(table)}\n" if table.rows else f"{head}  nothing is known yet\n"
