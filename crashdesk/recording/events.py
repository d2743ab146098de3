"""Events that are told again."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.model.records import Event


def newest_events(events: Iterable[Event]) -> list[Event]:
    """Each event once, in the place where it was first told, as it was last told.

    One is told again by another with its kind, `start_ms`, venue and symbol.
    """
    return list({(event.kind, event.start_ms, event.venue, event.symbol): event for event in events}.values())
