"""The replay by commands, mouse and marks: what is typed, clicked and shown."""

from __future__ import annotations

import pytest

from crashdesk.desk.replay_commands import replay_choice
from crashdesk.desk.scrubber import Scrubber, time_of
from crashdesk.desk.suggestions import Choice
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.session.stops import Stop, StopKind
from crashdesk.session.views import DeskView, Mode
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import type_line
from tests.desk.test_scrubber import START, outline
from tests.desk.waiting import settled


@pytest.mark.parametrize(
    ("typed", "call"),
    [
        ("next cascade", ("step_event", (1, Stop(StopKind.CASCADE)))),
        ("next liquidation 1M", ("step_event", (1, Stop(StopKind.LIQUIDATION, 1_000_000)))),
        ("previous liquidation 250k", ("step_event", (-1, Stop(StopKind.LIQUIDATION, 250_000)))),
        ("next level", ("step_event", (1, Stop(StopKind.LEVEL)))),
        ("previous Note", ("step_event", (-1, Stop(StopKind.NOTE)))),
        ("next gap", ("step_event", (1, Stop(StopKind.GAP)))),
        ("next alert", ("step_event", (1, Stop(StopKind.ALERT)))),
        ("skip on", ("set_skip", 5 * MINUTE_MS)),
        ("skip 10m", ("set_skip", 10 * MINUTE_MS)),
        ("skip off", ("set_skip", None)),
        ("speed 36000", ("set_speed", 36_000.0)),
        ("go 50%", ("seek", NOW_MS - DAY_MS // 2)),
    ],
)
async def test_what_is_typed_is_asked(typed: str, call: tuple[str, object]) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, typed)
        assert link.calls[-1] == call or call in link.calls


def offered(typed: str, view: DeskView) -> Choice:
    def no(_: object) -> None:
        raise AssertionError("nothing is done while one types")

    word, _, rest = typed.partition(" ")
    return replay_choice(word, rest, view, no)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("next crash", "write one of event, cascade, liquidation, level, note, gap, alert, bookmark"),
        ("next cascade 1M", "only liquidations have a size: liquidation 1M"),
        ("next liquidation lots", "lots is no amount; write one such as 250k"),
        ("skip 5s", "stretches of a minute or more can be skipped"),
        ("skip soon", "not a duration: 'soon' (write 20s, 5m, 1h30m or 2d)"),
    ],
)
def test_what_cannot_be_done_says_why(typed: str, why: str) -> None:
    choice = offered(typed, desk_view())
    assert (choice.run, choice.detail) == (None, why)


def test_live_has_no_other_time() -> None:
    assert offered("next cascade", desk_view(mode=Mode.LIVE)).run is None


async def test_a_named_bookmark_is_kept() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, "bookmark first dump")
        await settled(pilot)
        (note,) = app._errands.notes.notes
        assert (note.kind, note.text, note.ts_ms) == ("bookmark", "first dump", NOW_MS)


async def test_loop_skip_and_what_was_skipped_are_told() -> None:
    view = desk_view()
    link = FakeLink(view)
    app = make_desk(link=link)
    async with app.run_test(size=(240, 48)) as pilot:
        await settled(pilot)
        day = NOW_MS // DAY_MS * DAY_MS
        loop = (day + HOUR_MS, day + 2 * HOUR_MS)
        moved = view.transport._replace(loop=loop, skip_ms=MINUTE_MS, skipped=loop)
        link.publish(view._replace(transport=moved))
        await settled(pilot)
        line = app.desk.status.lines(240, 1)[0].text
        assert "loop 01:00-02:00" in line
        assert "skip on" in line
        (note,) = app._notifications
        assert note.message.startswith("skipped 60m without data: ")


async def test_a_step_that_found_nothing_is_told_each_time() -> None:
    view = desk_view()
    link = FakeLink(view)
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        told = []
        for count in (1, 1, 2):
            link.publish(view._replace(transport=view.transport._replace(missed=(count, "no later gap"))))
            await settled(pilot)
            (note,) = app._notifications
            assert note.message == "no later gap"
            told.append(note.identity)
        assert told[0] == told[1] != told[2], "the same words are one toast, renewed"


async def test_the_scrubber_is_dragged() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        scrubber = app.desk.scrubber
        await pilot.mouse_down(Scrubber, offset=(40, 0))
        for x in (60, 60, 80):
            await pilot.hover(Scrubber, offset=(x, 0))
        await pilot.mouse_up(Scrubber, offset=(80, 0))
        await pilot.hover(Scrubber, offset=(20, 0))
        await settled(pilot)
        outlined, width = desk_view().scrubber, scrubber.size.width
        sought = [argument for name, argument in link.calls if name == "seek"]
        assert sought == [time_of(x, outlined, width) for x in (40, 60, 80)]


def test_bookmarks_have_their_names_on_the_scrubber() -> None:
    marks = ((START + 20 * MINUTE_MS, "A"), (START + 60 * MINUTE_MS, "lunch"), (START + 99 * MINUTE_MS, "Z"))
    view = outline({})._replace(bookmarks=marks, events_ms=(), notes_ms=(), gaps=())
    scrubber = Scrubber(sample_look())
    scrubber.show(desk_view()._replace(scrubber=view))
    marked = scrubber.lines(50, 2)[1].text
    assert marked[10:12] == "⚑A"
    assert marked[30:36] == "⚑lunch"
    assert marked[49] in "⚑●"
    assert scrubber.lines(50, 1)[0].text[30] == "⚑"
