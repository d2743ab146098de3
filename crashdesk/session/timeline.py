"""Causes and events in order of time."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.model.records import Event, EventKind, Note, Precision
from crashdesk.session.views import AlertView, TimelineItem


def _note(note: Note, *, mine: bool) -> TimelineItem:
    return TimelineItem(note.id, note.ts_ms, note.precision, note.kind, note.text, note.source, note.url, mine=mine)


def _event(event: Event) -> TimelineItem:
    name = f"{event.kind.value}:{event.start_ms}:{event.venue or ''}:{event.symbol or ''}"
    return TimelineItem(
        name, event.start_ms, Precision.MINUTE, event.kind.value, event.text, event.venue or "", None, mine=False
    )


def _alert(alert: AlertView) -> TimelineItem:
    text = f"replayed: {alert.text}" if alert.replayed else alert.text
    name = f"alert:{alert.ts_ms}:{alert.name}"
    kind, source = EventKind.ALERT.value, f"alert {alert.name}"
    return TimelineItem(name, alert.ts_ms, Precision.MINUTE, kind, text, source, None, mine=False)


def timeline(
    notes: Iterable[Note],
    own: Iterable[Note],
    events: Iterable[Event],
    levels: Iterable[TimelineItem],
    alerts: Iterable[AlertView] = (),
) -> tuple[TimelineItem, ...]:
    """Recorded and own notes, recorded events, what happened at levels, and alerts, oldest first."""
    items = [_note(n, mine=False) for n in notes]
    items += [_note(n, mine=True) for n in own]
    items += [_event(e) for e in events]
    items += levels
    items += [_alert(a) for a in alerts]
    return tuple(sorted(items, key=lambda i: (i.ts_ms, i.id)))
