"""The timeline pane: notes of one's own edited, deleted and brought back; what is known of an item; daily series."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from crashdesk.desk.ports import OwnFiles
from crashdesk.desk.timeline.items import text_of
from crashdesk.desk.timeline.notes import NoteKeeper, NotePorts
from crashdesk.model.records import EventKind, Note, Precision
from crashdesk.model.series import DailySeries
from crashdesk.session.views import Mode, SeriesRow, TimelineItem
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import MIDNIGHT_MS, NOW_MS
from tests.desk.sample_views import desk_view

NOTE = Note("n1", NOW_MS, Precision.MINUTE, "mine", "watch this", "", None)
HACK = TimelineItem(
    "h", MIDNIGHT_MS, Precision.DAY, "hack", "Balancer exploited", "report", "https://example.org/b", False
)
FLOWS = SeriesRow("etf", "ETF flows", "M$", -946.0, MIDNIGHT_MS, -1700.0, None, (5.0, 3.0, -946.0))


def _item(note: Note) -> TimelineItem:
    return TimelineItem(note.id, note.ts_ms, note.precision, note.kind, note.text, note.source, note.url, True)


def _screen(app: Any) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in app.desk.panes["timeline"]._lines)


async def _until_read(app: Any, pilot: Pilot[None]) -> None:
    await app._errands.flush()
    await pilot.pause()


def _keeper(told: list[tuple[str, Any]]) -> NoteKeeper:
    return NoteKeeper(
        NotePorts(
            shown=lambda notes: told.append(("shown", notes)),
            save=lambda note: told.append(("save", note)),
            remove=lambda note_id: told.append(("remove", note_id)),
        )
    )


def test_a_change_is_undone_by_its_opposite_and_what_others_wrote_stays() -> None:
    told: list[tuple[str, Any]] = []
    keeper = _keeper(told)
    keeper.put(NOTE)
    other = NOTE._replace(id="n2", text="from outside")
    keeper.take((NOTE, other))
    keeper.put(NOTE._replace(text="changed"))
    assert keeper.undo() == "note: watch this"
    assert keeper.notes == (NOTE, other)
    assert keeper.undo() == "note removed: watch this"
    assert keeper.notes == (other,)
    assert keeper.undo() is None
    assert keeper.redo() == "note: watch this"
    assert keeper.redo() == "note: changed"
    assert keeper.redo() is None
    assert {note.text for note in keeper.notes} == {"changed", "from outside"}
    assert [what for what in told if what[0] == "remove"] == [("remove", "n1")]
    assert not keeper.delete("nothing")


async def test_own_notes_are_edited_deleted_and_brought_back() -> None:
    memory = Memory()
    memory.own = OwnFiles(notes=(NOTE,))
    memory.notes = (NOTE,)
    view = desk_view(mode=Mode.REPLAY)._replace(timeline=(HACK, _item(NOTE)))
    app = make_desk(view, memory=memory)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until_read(app, pilot)
        await pilot.press("6", "e", *["backspace"] * 4, *"that", "enter")
        await _until_read(app, pilot)
        assert memory.notes == (NOTE._replace(text="watch that"),)
        await pilot.press("e", "home", *"hack: ", "enter")
        await _until_read(app, pilot)
        assert [(note.kind, note.text) for note in memory.notes] == [("hack", "watch that")]
        await pilot.press("d")
        await _until_read(app, pilot)
        assert memory.notes == ()
        await pilot.press("u", "u")
        await _until_read(app, pilot)
        assert [(note.kind, note.text) for note in memory.notes] == [("mine", "watch that")]
        await pilot.press("ctrl+r")
        await _until_read(app, pilot)
        assert [(note.kind, note.text) for note in memory.notes] == [("hack", "watch that")]
        await pilot.press("up", "d", "e")
        await _until_read(app, pilot)
        assert len(memory.notes) == 1  # the other one is the recording's


async def test_a_note_takes_its_kind_from_its_first_word() -> None:
    memory = Memory()
    app = make_desk(memory=memory)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n", *"macro: no cut", "enter")
        await _until_read(app, pilot)
        assert [(note.kind, note.text) for note in memory.notes] == [("macro", "no cut")]


async def test_notes_and_series_that_change_outside_are_shown() -> None:
    series = DailySeries("etf", "ETF flows", "M$", 0, (MIDNIGHT_MS,), (-946.0,))
    memory, link = Memory(), FakeLink(desk_view(mode=Mode.REPLAY))
    app = make_desk(memory=memory, link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until_read(app, pilot)
        memory.own = OwnFiles((NOTE,), (series,), ("flows.csv: line 7: not a date",))
        app._errands.look_at_own()
        await _until_read(app, pilot)
        assert ("set_notes", (NOTE,)) in link.calls
        assert ("set_series", (series,)) in link.calls
        assert "flows.csv: line 7: not a date" in [note.message for note in app._notifications]


async def test_a_note_put_while_the_file_waits_to_be_read_stays() -> None:
    memory, link = Memory(), FakeLink(desk_view(mode=Mode.REPLAY))
    app = make_desk(memory=memory, link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until_read(app, pilot)
        memory.own = OwnFiles((NOTE,), None, ())  # as it was before the note that comes now is saved
        app._errands.look_at_own()
        app._errands.keep_note(MIDNIGHT_MS, "first $105k fill")
        await _until_read(app, pilot)
        shown = [argument for name, argument in link.calls if name == "set_notes"]
        assert [[note.text for note in notes] for notes in shown[-1:]] == [["first $105k fill"]]


async def test_enter_goes_to_an_item_then_shows_all_of_it() -> None:
    view = desk_view(mode=Mode.REPLAY)
    item = HACK._replace(ts_ms=view.transport.start_ms + 60_000)
    link = FakeLink(view._replace(timeline=(item,)))
    app = make_desk(link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("6", "enter")
        await pilot.pause()
        assert ("seek", item.ts_ms) in link.calls
        assert app.desk.reader is None
        await pilot.press("enter")
        await pilot.pause()
        assert app.desk.reader is not None
        shown = "\n".join("".join(text for text, _ in line) for line in app.desk.reader._page)
        assert "https://example.org/b" in shown
        assert "no hour is known" in shown


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.REPLAY])
async def test_what_is_not_in_a_replay_is_shown_at_once(mode: Mode) -> None:
    link = FakeLink(desk_view(mode=mode)._replace(timeline=(HACK._replace(ts_ms=0),)))
    app = make_desk(link=link, mode=mode)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("6", "enter")
        await pilot.pause()
        assert app.desk.reader is not None
        assert not [call for call in link.calls if call[0] == "seek"]


async def test_kinds_dates_and_series_are_in_the_list() -> None:
    app = make_desk(desk_view(mode=Mode.REPLAY)._replace(timeline=(HACK, _item(NOTE)), series=(FLOWS,)))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        await pilot.press("6", "z")
        await pilot.pause()
        shown = _screen(app)
        assert "ETF flows" in shown
        assert "−946 M$" in shown
        assert "sum 5 −1,700" in shown
        assert "sum 21 ·" in shown
        hack = next(line for line in shown.splitlines() if "Balancer" in line)
        assert "hack" in hack
        assert ":" not in hack  # a date, no hour
        assert "watch this" in shown


async def test_without_room_the_first_series_stands_in_the_frame() -> None:
    app = make_desk(desk_view(mode=Mode.REPLAY)._replace(timeline=(HACK,), series=(FLOWS,)))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        top = _screen(app).splitlines()[0]
        assert "ETF flows" in top
        assert "−946 M$" in top


def test_figures_of_a_recorder_have_the_minus_sign_of_the_desk() -> None:
    look = sample_look()
    words = "BTC -1.2%, 10-12, a-b, 1e-5, -.5"
    event = TimelineItem("c", 0, Precision.MINUTE, EventKind.CASCADE.value, words, "", None, mine=False)
    assert text_of(event, look) == "BTC −1.2%, 10-12, a-b, 1e-5, −.5"
    assert text_of(event._replace(kind="mine"), look) == event.text
