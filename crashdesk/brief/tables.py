"""The tables of the brief, which `crashdesk show` writes too: heads and rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.brief import words
from crashdesk.brief.coverage import VenueRow, seen_by_window, shown_name, window_name
from crashdesk.session.liquidation_views import LiquidationsView, NamedTotals, Totals
from crashdesk.session.views import SectorsView, TickerRow

_MARKET_HEAD = ("symbol", "venue", "last", "1h", "24h", "low 24h", "high 24h", "from high", "vs SMA200", "funding")
SUMS_HEAD = ("total", "long", "short", "long %", "orders")


class Table(NamedTuple):
    """A head and rows of text; the first `left` columns are set to the left, figures to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


def market_table(rows: Sequence[TickerRow]) -> Table:
    """Tickers."""
    return Table(_MARKET_HEAD, tuple(map(_market_row, rows)), left=2)


def _market_row(row: TickerRow) -> tuple[str, ...]:
    d = row.price_decimals
    high = f"{words.percent(row.drawdown_pct)} {words.day(row.high_ms)}" if row.high is not None else words.UNKNOWN
    trend = words.percent(row.sma200_distance_pct) + (" breached" if row.sma200_breached else "")
    funding = words.UNKNOWN if row.funding_rate is None else words.percent(row.funding_rate * 100, 4)
    return (
        row.symbol,
        row.venue,
        words.price(row.last, d),
        words.percent(row.change_1h_pct),
        words.percent(row.change_24h_pct, 2),
        words.price(row.low_24h, d),
        words.price(row.high_24h, d),
        high,
        trend,
        funding,
    )


def sectors_table(view: SectorsView) -> Table:
    """Sectors, worst first, then the groups beside them."""
    rows = []
    for tile in (*view.tiles, *view.groups):
        worst = tile.moves[0] if tile.moves else None
        name = f"{worst.coin} {words.percent(worst.change_24h_pct, 2)}" if worst else words.UNKNOWN
        used = f"{tile.members_used}/{tile.members}"
        rows.append((tile.name, words.percent(tile.change_24h_pct, 2), used, name))
    return Table(("sector", "24h", "members", "worst"), tuple(rows))


def windows_table(view: LiquidationsView, recorded_ms: int) -> Table:
    """Totals by window, those longer than what is recorded marked; beside each what it rests on."""
    venues = len(view.coverage)
    windows = zip(view.windows, seen_by_window(view), strict=True)
    rows = [
        (*sums_cells(window_name(w, recorded_ms), w.totals), f"{len(seen.venues)} of {venues}") for w, seen in windows
    ]
    return Table(("window", *SUMS_HEAD, "venues seen"), tuple(rows))


def venues_table(view: LiquidationsView, rows: Sequence[VenueRow], recorded_ms: int) -> Table:
    """Venues, in the window that is shown."""
    head = (f"venue, {shown_name(view, recorded_ms)}", *SUMS_HEAD, "shows", "connected")
    return Table(head, tuple((*_venue_sums(row), *_shown(row)) for row in rows))


def _venue_sums(row: VenueRow) -> tuple[str, ...]:
    return sums_cells(row.name, row.totals) if row.known else (row.name, *[words.UNKNOWN] * len(SUMS_HEAD))


def coins_table(view: LiquidationsView, rows: Sequence[NamedTotals], recorded_ms: int) -> Table:
    """Coins, in the window that is shown."""
    head = (f"coin, {shown_name(view, recorded_ms)}", *SUMS_HEAD)
    return Table(head, tuple(sums_cells(row.name, row.totals) for row in rows))


def sums_cells(name: str, t: Totals) -> tuple[str, ...]:
    """A name and its sums in words."""
    return (
        name,
        words.usd(t.total),
        words.usd(t.long),
        words.usd(t.short),
        words.share(t.long, t.total),
        f"{t.orders:,}",
    )


def _shown(row: VenueRow) -> tuple[str, str]:
    seen = row.coverage
    return (words.UNKNOWN, words.UNKNOWN) if seen is None else (seen.method.value, share_percent(row.connected))


def share_percent(share: float) -> str:
    """A share as whole percent; one that is not quite whole is never called 100 %."""
    return f"{min(99, round(share * 100)) if share < 1 else 100} %"


def age(now_ms: int, recv_ms: int | None) -> str:
    """How old a sign of life is."""
    return "none" if recv_ms is None else f"{max(0, now_ms - recv_ms) / 1000:.1f} s old"
