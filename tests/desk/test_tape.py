"""The tape: its filter, where the reader stands, what is drawn."""

from __future__ import annotations

import pytest

from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.filters import passes
from crashdesk.desk.liquidations.rows import row_line
from crashdesk.desk.liquidations.tape import Tape
from crashdesk.desk.look import Look
from crashdesk.model.money import MICRO
from crashdesk.model.records import Side
from crashdesk.session.liquidation_views import FeedFilter, FeedRow, FeedView
from tests.desk.sample_events import cascades
from tests.desk.sample_liquidations import feed_rows
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS

OKX_BTC = FeedFilter(10_000, Side.LONG, "okx", "BTC")


def text_of(tape: Tape, height: int, width: int = 80) -> list[str]:
    return [strip.text for strip in tape.lines(width, height, (), sample_look(), focus=True)]


def newest(rows: tuple[FeedRow, ...], count: int = 2_000) -> FeedView:
    return FeedView(rows[-count:], len(rows))


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (FeedFilter(), True),
        (FeedFilter(least_usd=20_000), True),
        (FeedFilter(least_usd=20_001), False),
        (FeedFilter(side=Side.SHORT), False),
        (FeedFilter(venue="OKX"), True),
        (FeedFilter(venue="bybit"), False),
        (FeedFilter(coin="btc"), True),
        (FeedFilter(coin="BT"), False),
        (OKX_BTC, True),
    ],
)
def test_what_passes(wanted: FeedFilter, shown: bool) -> None:
    row = FeedRow(7, NOW_MS, "okx", "BTC/USDT:USDT", Side.LONG, 105_000.0, 20_000 * MICRO)
    assert passes(row, wanted) is shown


def test_rows_at_hand_are_filtered_until_the_session_has_looked() -> None:
    tape, rows = Tape(), feed_rows(500, 0)
    tape.take(FeedView(rows, 500))
    tape.want(OKX_BTC)
    assert tape.pending
    assert len(text_of(tape, 500)) == sum(passes(row, OKX_BTC) for row in rows)
    older = tuple(row._replace(number=place) for place, row in enumerate(rows) if passes(row, OKX_BTC))
    tape.take(FeedView(older, 500, OKX_BTC))
    assert tape._rows is older  # taken as it is, not gone through again


def test_why_nothing_is_shown() -> None:
    tape = Tape()
    assert tape.why_empty() == "waiting for liquidations"
    tape.take(FeedView(feed_rows(50, 0), 50))
    tape.want(FeedFilter(least_usd=10_000_000))
    assert text_of(tape, 5) == []
    assert tape.why_empty() == "none of the 50 rows at hand; looking back 24 h"
    tape.take(FeedView((), 50, tape.wanted))
    assert tape.why_empty() == "none in the last 24 h passes: >10M"


def test_the_reader_stands_still_while_his_rows_leave_the_newest() -> None:
    tape, rows = Tape(), feed_rows(9_000, 0)
    tape.take(newest(rows[:3_000]))
    for _ in range(1_900):
        tape.act("move_down", 10)
    stood, chosen = text_of(tape, 10), tape.chosen
    for count in range(3_100, 9_100, 100):
        tape.take(newest(rows[:count]))
        assert text_of(tape, 10) == stood
    assert tape.chosen is chosen
    assert tape.newer == 6_000


def test_going_up_past_what_is_held_takes_in_what_came() -> None:
    tape, rows = Tape(), feed_rows(400, 0)
    tape.take(newest(rows[:300]))
    tape.act("move_down", 10)
    tape.take(newest(rows))
    tape.act("move_up", 10)
    assert tape.chosen is rows[299]
    tape.act("move_up", 10)
    assert tape.chosen is rows[300]
    tape.act("page_up", 10)
    assert tape.chosen is rows[310]
    tape.act("move_first", 10)
    assert tape.following
    assert tape.chosen is rows[-1]
    assert tape.newer == 0


def test_newer_rows_are_counted_as_far_as_they_are_known() -> None:
    tape, rows = Tape(), feed_rows(400, 0)
    only = FeedFilter(side=Side.LONG)
    kept = tuple(row for row in rows if row.side is Side.LONG)
    tape.want(only)
    tape.take(FeedView(kept[:100], kept[99].number + 1, only))
    tape.act("move_down", 10)
    tape.take(FeedView(kept[50:140], kept[139].number + 1, only))
    assert (tape.newer, tape.newer_is_floor) == (40, False)
    tape.take(FeedView(kept[200:250], kept[249].number + 1, only))
    assert (tape.newer, tape.newer_is_floor) == (50, True)


def test_another_filter_keeps_the_place() -> None:
    tape, rows = Tape(), feed_rows(400, 0)
    tape.take(newest(rows))
    for _ in range(200):
        tape.act("move_down", 10)
    tape.want(FeedFilter(side=Side.LONG))
    expected = next(row for row in reversed(rows[:200]) if row.side is Side.LONG)
    assert tape.chosen == expected
    tape.want(FeedFilter())
    assert tape.chosen is rows[199]


def test_back_in_time_the_newest_row_is_followed() -> None:
    tape, rows = Tape(), feed_rows(400, 0)
    tape.take(newest(rows))
    tape.act("page_down", 50)
    tape.take(newest(rows[:100]))
    assert tape.following
    assert tape.chosen is rows[99]


def test_only_rows_in_sight_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def watched(row: FeedRow, width: int, look: Look) -> Line:
        drawn.append(row.number)
        return row_line(row, width, look)

    monkeypatch.setattr("crashdesk.desk.liquidations.tape.row_line", watched)
    tape, rows = Tape(), feed_rows(2_100, 0)
    for count in range(2_000, 2_100, 5):
        tape.take(newest(rows[:count]))
        assert len(text_of(tape, 15)) == 15
    assert len(drawn) == 15 + 5 * 19
    assert sorted(drawn) == list(range(1_985, 2_095))


def test_the_cursor_stays_in_sight_below_a_cascade() -> None:
    tape, rows = Tape(), feed_rows(600, 0)
    tape.take(newest(rows))
    at = next(place for place, row in enumerate(reversed(rows)) if row.ts_ms < cascades()[0].end_ms)
    for _ in range(at + 6):
        tape.act("move_down", 10)
    look = sample_look()
    lines = tape.lines(80, 10, cascades(), look, focus=True)
    under = look.palette.cursor.bgcolor
    assert any("CASCADE" in strip.text for strip in lines)
    assert [any(style and style.bgcolor == under for _, style, _ in strip) for strip in lines] == [False] * 9 + [True]


@pytest.mark.parametrize("width", [42, 51, 69, 78, 105, 236])
def test_no_amount_is_left_out_at_any_width(width: int) -> None:
    row = FeedRow(1, NOW_MS, "binanceusdm", "1000PEPE/USDT:USDT", Side.SHORT, 0.0062, 33_958_700 * MICRO)
    tape = Tape()
    tape.take(FeedView((row,), 2))
    (line,) = text_of(tape, 3, width)
    assert len(line) == width
    assert ("$33,958,700" if width >= 49 else "$33.96M") in line
    assert "short" in line
    assert "bin-usdm" in line
    assert "1000PEPE" in line
