"""Which event is which: one of the same name takes the place of the earlier one."""

from __future__ import annotations

from crashdesk.model.records import Event

EventKey = tuple[int, str, str, str]
"""(start_ms, kind, venue, symbol), the last two empty where there is none: it also gives events their order."""


def event_key(event: Event) -> EventKey:
    """The name of an event."""
    return event.start_ms, event.kind.value, event.venue or "", event.symbol or ""
