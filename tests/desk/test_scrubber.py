from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from crashdesk.desk.messages import SeekTo
from crashdesk.desk.scrubber import Scrubber, column_of, heights, slices_of, time_of
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.session.views import ScrubberView
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view

START = 1_762_139_564_000 // MINUTE_MS * MINUTE_MS


def outline(minutes: dict[int, int], span: int = 100) -> ScrubberView:
    first = START // MINUTE_MS
    rows = tuple((first + minute, micro) for minute, micro in sorted(minutes.items()))
    end = START + span * MINUTE_MS
    return ScrubberView(START, end, rows, (START + 50 * MINUTE_MS,), (START,), ((START, START + 10 * MINUTE_MS),))


def test_a_minute_falls_into_its_slice() -> None:
    slices = slices_of(outline({0: 1, 9: 2, 10: 4, 99: 8}), 10)
    assert slices.sums == (3, 4, 0, 0, 0, 0, 0, 0, 0, 8)
    assert slices.events == {5}
    assert slices.notes == {0}
    assert slices.gaps == {0, 1}


def test_cascades_are_told_from_other_events() -> None:
    view = outline({0: 10, 71: 5})._replace(cascades=((START + 31 * MINUTE_MS, START + 44 * MINUTE_MS),))
    slices = slices_of(view, 10)
    assert (slices.cascades, slices.begun, slices.events) == ({3, 4}, {3}, {5})
    scrubber = Scrubber(sample_look())
    scrubber.show(desk_view()._replace(scrubber=view))
    bars, marks = (strip.text for strip in scrubber.lines(10, 2))
    assert marks[3:6] == "↯↯◆"
    one = scrubber.lines(10, 1)[0].text
    assert one[3] == "↯"
    assert one[0] == bars[0]


def test_a_cascade_is_seen_over_the_bar_where_it_begins() -> None:
    view = outline({50: 5})._replace(cascades=((START + 50 * MINUTE_MS, START + 99 * MINUTE_MS),), events_ms=())
    scrubber = Scrubber(sample_look())
    scrubber.show(desk_view()._replace(scrubber=view))
    assert scrubber.lines(10, 1)[0].text[5] == "↯"


@given(
    minutes=st.dictionaries(st.integers(0, 99), st.integers(0, 10**15)),
    width=st.integers(1, 300),
)
def test_no_money_is_lost_between_slices(minutes: dict[int, int], width: int) -> None:
    assert sum(slices_of(outline(minutes), width).sums) == sum(minutes.values())


@given(column=st.integers(0, 199), width=st.integers(1, 200))
def test_a_click_seeks_into_its_own_column(column: int, width: int) -> None:
    column = min(column, width - 1)
    view = outline({}, 1440)
    at = time_of(column, view, width)
    assert view.start_ms <= at <= view.end_ms
    assert column_of(at, view, width) == column


def test_heights_grow_with_the_money() -> None:
    assert heights((0, 1, 25, 100), 8) == [0, 1, 4, 8]
    assert heights((), 8) == []
    assert heights((0, 0), 8) == [0, 0]


class ScrubberApp(App[None]):
    CSS = "Scrubber { height: 2; }"

    def __init__(self, height: int) -> None:
        super().__init__()
        self.height = height
        self.asked: list[int] = []

    def compose(self) -> ComposeResult:
        yield Scrubber(sample_look())

    def on_seek_to(self, message: SeekTo) -> None:
        self.asked.append(message.at_ms)


@pytest.mark.parametrize("width", [20, 80, 200])
async def test_the_widget_draws_and_seeks(width: int) -> None:
    app = ScrubberApp(2)
    view = desk_view()
    async with app.run_test(size=(width, 4)) as pilot:
        scrubber = app.query_one(Scrubber)
        scrubber.show(view)
        await pilot.pause()
        lines = [strip.text for strip in scrubber.lines(width, 2)]
        assert [len(line) for line in lines] == [width, width]
        assert "█" in lines[0]
        assert "●" in lines[1]
        await pilot.click(Scrubber, offset=(width // 2, 0))
        await pilot.pause()
        assert len(app.asked) == 1
        assert abs(app.asked[0] - (view.scrubber.start_ms + DAY_MS // 2)) <= DAY_MS / width


def test_one_line_shows_the_loop_and_the_bookmark_under_the_position() -> None:
    view = outline({0: 10})._replace(
        events_ms=(), notes_ms=(), gaps=(), bookmarks=((START + 31 * MINUTE_MS, "A"), (START + 71 * MINUTE_MS, "B"))
    )
    loop = (START + 31 * MINUTE_MS, START + 71 * MINUTE_MS)
    shown = desk_view()._replace(scrubber=view)
    shown = shown._replace(transport=shown.transport._replace(position_ms=loop[0], loop=loop))
    scrubber = Scrubber(sample_look())
    scrubber.show(shown)
    glyphs, key = scrubber.look.glyphs, scrubber.look.palette.bar_key
    one = scrubber.lines(10, 1)[0]
    assert one.text[3:8] == glyphs.bookmark + glyphs.track * 3 + glyphs.bookmark
    assert one.text[2] == one.text[8] == " "
    assert [segment.style for segment in one.crop(4, 7)] == [key]
    marks = scrubber.lines(10, 2)[1]
    assert marks.text[3] == glyphs.bookmark
    [at] = marks.crop(3, 4)
    assert at.style is not None
    assert at.style.reverse
