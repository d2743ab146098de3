"""News in a recording: those of the last day are shown, and none is a stop on the way through it."""

from __future__ import annotations

from crashdesk.model.basket import Baskets
from crashdesk.model.records import Batch, Note, Precision
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.state import MarketState

NOW = 1_762_225_964_000


def _note(name: str, kind: str, ts_ms: int) -> Note:
    return Note(name, ts_ms, Precision.MINUTE, kind, name, "", None)


def test_news_is_shown_for_a_day_and_other_notes_stay() -> None:
    state = MarketState(Baskets("", "", "", ()), NOW - 5 * DAY_MS)
    notes = (_note("old", "news", NOW - DAY_MS), _note("new", "news", NOW - DAY_MS + 1), _note("cause", "hack", 0))
    state.apply(Batch(1, NOW, notes))
    assert [note.id for note in state.recorded_notes()] == ["new", "cause"]
    state.tick(NOW + 1)
    assert [note.id for note in state.recorded_notes()] == ["cause"]
