"""The cascades of a brief: what they are, once, and what was found."""

from __future__ import annotations

from datetime import tzinfo

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.model.cascade import CascadeSettings, cascade_definition
from crashdesk.model.records import Event

HEAD = ("from", "to", "total", "long", "long %", "orders", "move", "venues, the most first")
_USUAL = "These are the usual figures; [cascades] of whoever recorded may set others."
DEFINITION = f"{cascade_definition(CascadeSettings())} {_USUAL}"


def sentences(brief: Brief) -> tuple[str, ...]:
    """Whether there were any, and the definition."""
    found = len(brief.cascades)
    if not found:
        seen = any(row.connected_share > 0 for row in brief.liquidations.coverage)
        first = (
            "None was found in the last two days." if seen else "No liquidation feed was connected: none can be known."
        )
    else:
        first = f"{found} in the last two days." if found > 1 else "One in the last two days."
    return first, DEFINITION


def rows(brief: Brief, zone: tzinfo) -> tuple[tuple[str, ...], ...]:
    """A row for each, oldest first."""
    return tuple(_row(event, zone) for event in brief.cascades)


def _row(event: Event, zone: tzinfo) -> tuple[str, ...]:
    total, long = event.usd_micro, event.long_usd_micro
    return (
        words.moment(event.start_ms, zone),
        words.moment(event.end_ms, zone),
        words.UNKNOWN if total is None else words.usd(total),
        words.UNKNOWN if long is None else words.usd(long),
        words.UNKNOWN if total is None or long is None else words.share(long, total),
        words.UNKNOWN if event.orders is None else f"{event.orders:,}",
        f"{(event.symbol or '').partition('/')[0]} {words.percent(event.move_pct)}".strip(),
        " ".join(event.venues) or words.UNKNOWN,
    )
