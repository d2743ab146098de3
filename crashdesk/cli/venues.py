"""`crashdesk venues`: what each venue can do, and what of its liquidations is seen."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context

if TYPE_CHECKING:
    from crashdesk.venues.capabilities import Capability

_WIDTH = 118
_PRICES = ("venue", "used", "markets", "24h figures", "funding", "open interest")
_LIQUIDATIONS = ("liquidations", "through", "shows", "valued at", "what is seen and what is not")


def configure(parser: Parser) -> None:
    """Arguments of `venues`."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the capability table; `used` tells which venues the settings have."""
    from crashdesk.venues.capabilities import capability_rows

    configured = {venue.exchange for venue in context.settings.venues if venue.enabled}
    venues = capability_rows()
    if arguments.format == "json":
        told = [_as_json(venue, used=venue.exchange in configured) for venue in venues]
        context.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return 0
    prices = [_PRICES, *(_price_row(venue, _used(venue, configured)) for venue in venues)]
    liquidations = [_LIQUIDATIONS, *(_liquidation_row(venue) for venue in venues)]
    context.stdout.write("\n".join([*_table(prices), "", *_table(liquidations)]) + "\n")
    return 0


def liquidations_markdown() -> str:
    """A Markdown table of what is seen of each venue's liquidations, ending in a line end."""
    from crashdesk.venues.capabilities import capability_rows

    lines = ["| venue | its public feed shows | valued at | what is seen and what is not |", "|---|---|---|---|"]
    rows = (_liquidation_row(venue) for venue in capability_rows() if venue.basis is not None or not venue.wired)
    lines += [f"| `{name}` | {shows} | {basis} | {words} |" for name, _, shows, basis, words in rows]
    return "\n".join(lines) + "\n"


def _used(venue: Capability, configured: set[str]) -> str:
    """Whether the settings have it; `missing`: nobody can ask it."""
    return "yes" if venue.exchange in configured else "no" if venue.wired else "missing"


def _priced(venue: Capability) -> bool:
    """Whether it is a source of prices, not of liquidations alone."""
    from crashdesk.venues.dialects import is_priced

    return venue.wired and is_priced(venue.exchange)


def _price_row(venue: Capability, used: str) -> tuple[str, ...]:
    own = "24 hours" if set(venue.true_24h) == set(venue.kinds) else "counted here"
    if not _priced(venue):
        own = "no prices"
    return venue.exchange, used, ", ".join(venue.kinds), own, str(venue.funding), str(venue.open_interest)


def _liquidation_row(venue: Capability) -> tuple[str, ...]:
    basis = f"{venue.basis} price" if venue.basis is not None else "-"
    missing = "" if venue.wired else " Missing from every total."
    return venue.exchange, str(venue.liquidations), str(venue.method), basis, venue.note + missing


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows in columns, the last one wrapped under itself."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for *cells, last in rows:
        head = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + "  "
        lines += textwrap.wrap(last, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    return lines


def _as_json(venue: Capability, *, used: bool) -> dict[str, object]:
    return {
        "venue": venue.exchange,
        "title": venue.title,
        "used": used,
        "can_be_used": venue.wired,
        "prices": _priced(venue),
        "markets": [str(kind) for kind in venue.kinds],
        "own_24h_figures": [str(kind) for kind in venue.true_24h],
        "utc_days": venue.utc_days,
        "funding": str(venue.funding),
        "open_interest": str(venue.open_interest),
        "liquidations": {
            "way": str(venue.liquidations),
            "method": str(venue.method),
            "basis": None if venue.basis is None else str(venue.basis),
            "note": venue.note,
        },
    }


COMMAND = Command(
    name="venues",
    summary="what each venue can do, and what of its liquidations is seen",
    configure=configure,
    run=run,
    examples=("crashdesk venues", "crashdesk venues --format json"),
)
