"""Causes and events in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crashdesk.model.records import Event, EventKind, Note, Precision
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.views import AlertView, TimelineItem


def _note(note: Note, *, mine: bool) -> TimelineItem:
    return TimelineItem(note.id, note.ts_ms, note.precision, note.kind, note.text, note.source, note.url, mine=mine)


def _event(event: Event) -> TimelineItem:
    name = f"{event.kind.value}:{event.start_ms}:{event.venue or ''}:{event.symbol or ''}"
    return TimelineItem(
        name, event.start_ms, Precision.MINUTE, event.kind.value, event.text, event.venue or "", None, mine=False
    )


_FEEDS = (EventKind.FEED_LOST, EventKind.FEED_BACK)
_TOGETHER_MS = MINUTE_MS


def _events(events: Iterable[Event]) -> Iterator[TimelineItem]:
    """Feeds that are lost (or back) within a minute are one item: an outage must not hide all else."""
    runs: dict[EventKind, list[Event]] = {}
    for event in events:
        run = runs.get(event.kind, [])
        if event.kind not in _FEEDS:
            yield _event(event)
        elif run and event.start_ms - run[0].start_ms <= _TOGETHER_MS:
            run.append(event)
        else:
            if run:
                yield _feeds(run)
            runs[event.kind] = [event]
    yield from map(_feeds, runs.values())


def _feeds(run: list[Event]) -> TimelineItem:
    first = run[0]
    # what stands in brackets, the address that was asked, is for the log
    item = _event(first._replace(text=first.text.partition(" (")[0]))
    if len(run) == 1:
        return item
    names = ", ".join(dict.fromkeys(event.text.partition(":")[0] for event in run))
    what = "lost" if first.kind is EventKind.FEED_LOST else "back"
    return item._replace(text=f"{len(run)} feeds {what}: {names}", source="")


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
    items += _events(events)
    items += levels
    items += [_alert(a) for a in alerts]
    return tuple(sorted(items, key=lambda i: (i.ts_ms, i.id)))
