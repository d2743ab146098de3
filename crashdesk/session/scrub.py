"""The whole recording at a glance: liquidated money by minute, and the times worth jumping to."""

from __future__ import annotations

from crashdesk.model.note import NoteKind
from crashdesk.model.ports import Source
from crashdesk.model.records import Event, EventKind, Gap, Note
from crashdesk.session.views import Mode, ScrubberView, TransportView


class Scrubber:
    """Keeps the overview of a replay. The first picture does not wait for it: it comes with the second."""

    def __init__(self) -> None:
        self._view: ScrubberView | None = None
        self._asked = False
        self._notes: tuple[Note, ...] = ()

    def view(self, source: Source, transport: TransportView, own: tuple[Note, ...] = ()) -> ScrubberView:
        """The overview with the bookmarks among the trader's `own` notes, empty at the first call and in a live one."""
        if self._view is None:
            if transport.mode is Mode.LIVE or not self._asked:
                self._asked = True
                return ScrubberView(transport.start_ms, transport.end_ms, (), (), (), ())
            self._view, self._notes = overview(source, transport.end_ms), ()
        if own is not self._notes:
            self._notes = own
            marks = sorted((note.ts_ms, note.text) for note in own if note.kind == NoteKind.BOOKMARK)
            self._view = self._view._replace(bookmarks=tuple(marks))
        return self._view


def overview(source: Source, end_ms: int) -> ScrubberView:
    """Sums by minute and marks of a whole recording, up to `end_ms`."""
    marks = source.marks()
    events = [mark for mark in marks if isinstance(mark, Event)]
    totals = source.minute_totals()
    return ScrubberView(
        start_ms=source.start_ms,
        end_ms=end_ms,
        minutes=tuple((minute, long + short) for minute, (long, short, _) in sorted(totals.items())),
        events_ms=tuple(sorted(m.start_ms for m in events if m.kind is not EventKind.CASCADE)),
        notes_ms=tuple(sorted(m.ts_ms for m in marks if isinstance(m, Note) and m.kind != NoteKind.NEWS)),
        gaps=tuple(sorted((m.start_ms, m.end_ms) for m in marks if isinstance(m, Gap))),
        cascades=tuple(sorted((m.start_ms, m.end_ms) for m in events if m.kind is EventKind.CASCADE)),
    )
