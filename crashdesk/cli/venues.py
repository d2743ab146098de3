"""`crashdesk venues`: what each venue can do, and how much of its liquidations the public sees."""

from __future__ import annotations

import argparse
import textwrap

from crashdesk.cli.command import Command, no_arguments
from crashdesk.cli.context import Context

_HEAD = ("venue", "used", "markets", "24h figures", "funding", "open interest", "liquidations", "how complete")
_WIDTH = 110


def run(_: argparse.Namespace, context: Context) -> int:
    """Print the capability table; `used` tells which venues the settings have."""
    from crashdesk.venues.capabilities import Capability, capability_rows

    configured = {venue.exchange for venue in context.settings.venues if venue.enabled}

    def row(venue: Capability) -> tuple[str, ...]:
        used = "yes" if venue.exchange in configured else "no" if venue.wired else "not yet"
        own = "24 hours" if set(venue.true_24h) == set(venue.kinds) else "counted here"
        asked = (str(venue.funding), str(venue.open_interest), str(venue.liquidations), str(venue.method))
        return (venue.exchange, used, ", ".join(venue.kinds), own, *asked)

    venues = capability_rows()
    rows = [_HEAD, *(row(venue) for venue in venues)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(_HEAD))]
    for line in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        context.stdout.write("  ".join(cells).rstrip() + "\n")
    context.stdout.write("\n")
    for venue in venues:
        context.stdout.write(textwrap.fill(f"{venue.title}: {venue.note}", _WIDTH, subsequent_indent="  ") + "\n")
    return 0


COMMAND = Command(
    name="venues",
    summary="what each venue can do, and how complete its liquidations are",
    configure=no_arguments,
    run=run,
    examples=("crashdesk venues",),
)
