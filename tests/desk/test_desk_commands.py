"""The command line: times in the desk's zone, and nothing runs that was not named."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crashdesk.config.settings import DeskSettings
from crashdesk.desk.go import read_go
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import Mode, TransportView
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_views import desk_view, empty_view
from tests.desk.test_desk_app import type_line
from tests.desk.waiting import settled

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str) -> int:
    """UTC ms of an ISO time with an offset."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def recording(start: str, end: str) -> TransportView:
    return TransportView(Mode.REPLAY, False, False, 1.0, ms(start), ms(end), ms(start))


SPAN = recording("2025-11-03T04:00:00+00:00", "2025-11-04T04:00:00+00:00")


@pytest.mark.parametrize(
    ("typed", "now", "expected"),
    [
        ("03:05", "2025-11-03T05:00:00+00:00", "2025-11-04T03:05:00+00:00"),
        ("05:05", "2025-11-04T03:00:00+00:00", "2025-11-03T05:05:00+00:00"),
        ("23:59:30", "2025-11-04T03:00:00+00:00", "2025-11-03T23:59:30+00:00"),
        ("-30m", "2025-11-04T03:00:00+00:00", "2025-11-04T02:30:00+00:00"),
        ("nov 4 02:00", "2025-11-03T05:00:00+00:00", "2025-11-04T02:00:00+00:00"),
    ],
)
def test_go_stays_inside_of_the_recording(typed: str, now: str, expected: str) -> None:
    assert read_go(typed, ms(now), SPAN, UTC, "UTC") == ms(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("04:30", "2025-11-04T04:30:00+01:00"),
        ("05:30", "2025-11-03T05:30:00+01:00"),
        ("2025-11-04 01:00", "2025-11-04T01:00:00+01:00"),
        ("nov 4 01:00", "2025-11-04T01:00:00+01:00"),
        ("nov 4 01:00 utc", "2025-11-04T01:00:00+00:00"),
        ("2025-11-04T01:00:00-05:00", None),
        ("2025-11-03T20:00:00-05:00", "2025-11-03T20:00:00-05:00"),
        ("2025-11-04T01:00z", "2025-11-04T01:00:00+00:00"),
        ("+10m", "2025-11-04T03:00:00+00:00"),
    ],
)
def test_times_are_read_in_the_zone_of_the_desk(typed: str, expected: str | None) -> None:
    now_ms = ms("2025-11-04T02:50:00+00:00")
    if expected is None:
        with pytest.raises(ValueError, match="2025-11-04 07:00 Europe/Berlin lies outside"):
            read_go(typed, now_ms, SPAN, BERLIN, "Europe/Berlin")
    else:
        assert read_go(typed, now_ms, SPAN, BERLIN, "Europe/Berlin") == ms(expected)


@pytest.mark.parametrize("typed", ["05:00", "-3d", "2025-11-01", "nov 9"])
def test_what_is_not_in_the_recording_is_refused(typed: str) -> None:
    short = recording("2025-11-04T02:00:00+00:00", "2025-11-04T03:00:00+00:00")
    with pytest.raises(ValueError, match="the recording is 11-04 02:00 to 11-04 03:00 UTC"):
        read_go(typed, ms("2025-11-04T02:30:00+00:00"), short, UTC, "UTC")


async def test_the_offer_shows_the_zone_of_the_desk() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link, settings=DeskSettings(timezone="Europe/Berlin"))
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"go", "space", *"03", "colon", *"05")
        await settled(pilot)
        offered = app.desk.suggestions
        assert offered is not None
        assert offered.choices[0].detail == "to 2025-11-04 03:05:00 Europe/Berlin"
        await pilot.press("enter")
        await settled(pilot)
        assert ("seek", ms("2025-11-04T02:05:00+00:00")) in link.calls


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("NOPE", "note"),
        ("quit now", "quit"),
        ("btcx", "BTC"),
        ("d6", ""),
        ("LQ 1h", "LIQ"),
        ("TL now", "TL"),
        ("zom", "zoom"),
        ("timefram next", "timeframe next"),
    ],
)
async def test_what_is_not_named_does_not_run(typed: str, near: str) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        before = list(link.calls)
        await type_line(pilot, typed)
        assert link.calls == before
        assert not app.desk.tickers.sorting_next
        assert app.desk.liquidations.tape.wanted == FeedFilter()
        hint = f" (did you mean {near}?)" if near else ""
        assert [note.message for note in app._notifications] == [f"no such command or symbol: {typed}{hint}"]


@pytest.mark.parametrize(("typed", "known"), [("LAY nope", "heatmap"), ("theme nope", "paper")])
async def test_a_name_that_no_theme_or_layout_has_is_answered_by_those_there_are(typed: str, known: str) -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, typed)
        (note,) = app._notifications
        assert note.message.startswith(f"{typed}: write one of ")
        assert known in note.message


async def test_the_arrows_choose_what_only_looks_alike() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"dge", "down", "up", "enter")
        await settled(pilot)
        assert ("select_symbol", "DOGE/USDT") in link.calls


@pytest.mark.parametrize(("typed", "symbol"), [("bt", "BTC/USDT"), ("SOL/USDT", "SOL/USDT"), ("op", "OP/USDT")])
async def test_a_name_or_its_beginning_is_enough(typed: str, symbol: str) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, typed)
        assert ("select_symbol", symbol) in link.calls


async def test_enter_on_nothing_closes() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        before = list(link.calls)
        await pilot.press("colon", "enter")
        await settled(pilot)
        assert link.calls == before
        assert app.desk.bottom.prompt is None
        assert not app._notifications


async def test_a_symbol_before_there_are_prices_is_explained() -> None:
    app = make_desk(empty_view(), mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, "SOL")
        assert [note.message for note in app._notifications] == [
            "no such command: SOL (a symbol can be chosen once there are prices)"
        ]


async def test_a_command_without_its_word_tells_what_to_write() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        for typed in ("go", "theme"):
            await type_line(pilot, typed)
        assert [note.message.partition(":")[0] for note in app._notifications] == ["go", "theme"]
        assert app.theme == "midnight"
