"""Pane 3 on the whole desk: tabs, windows, choosing, coverage, at every size."""

from __future__ import annotations

import re

import pytest

from crashdesk.config.settings import DeskSettings
from crashdesk.desk.liquidations.tables import Tab
from crashdesk.desk.liquidations.totals import coverage_forms, minutes_line
from crashdesk.model.money import MICRO
from crashdesk.model.records import HealthState, Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.liquidation_views import FeedFilter, WindowTotals
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_liquidations import liquidations_view
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled

SIZES = [(80, 24), (100, 31), (120, 36), (160, 48), (240, 67)]


def pane_text(app: object) -> list[str]:
    return [strip.text for strip in app.desk.liquidations._lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_no_number_is_cut_in_any_tab(size: tuple[int, int]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        for _ in Tab:
            await settled(pilot)
            text = "\n".join(pane_text(app))
            assert re.search(r"4 of 5( venues)?, 1 lost", text)
            for whole in ("$118.2M", "$402.9M", "$811.4M", "$1.279bn"):
                assert whole in text
            assert not re.search(r"\d…", text)
            await pilot.press("h")


async def test_each_tab_shows_its_list() -> None:
    app = make_desk()
    seen = {}
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3")
        for tab in Tab:
            await settled(pilot)
            assert app.desk.liquidations.tab is tab
            seen[tab] = "\n".join(pane_text(app))
            await pilot.press("h")
    assert re.search(r"htx +\$362.0M +90% +partial +99.8% +· +2.0s +3", seen[Tab.VENUES])
    assert re.search(r"binance +\$178.0M +88% +sampled +31% +1 +4h", seen[Tab.VENUES])
    assert "hyperliquid none: no public market-wide feed" in seen[Tab.VENUES]
    assert re.search(r"HYPE +\$18.00M +77% +8,000 +█", seen[Tab.COINS])
    assert re.search(r"\$50k–\$100k +\$172.0M +91% +5,100 +█+░", seen[Tab.SIZES])
    assert "the 20 largest of 24h" in seen[Tab.LARGEST]
    assert "$33,958,700" in seen[Tab.LARGEST]


async def test_the_help_has_all_keys_of_the_pane_and_its_definition_uncut_on_a_small_screen() -> None:
    app = make_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "?")
        await settled(pilot)
        own = rows_of(app)
        assert any("only the row's coin" in row for row in own)
        assert any("only the row's venue" in row for row in own)
        for _ in range(10):
            shown = rows_of(app)
            first = next((at for at, row in enumerate(shown) if "A cascade (" in row), None)
            if first is not None and first + 6 < len(shown):
                break
            await pilot.press("pagedown" if first is None else "down")
            await settled(pilot)
        assert first is not None
        assert not any("…" in row for row in shown[first : first + 6])


async def test_an_address_longer_than_the_pane_is_broken_not_dropped() -> None:
    view = desk_view()
    totals = view.liquidations
    address = f"https://api.example/{'orders/' * 9}last"
    coverage = tuple(
        row._replace(detail=f"no connection ({address})") if row.venue == "htx" else row for row in totals.coverage
    )
    app = make_desk(view._replace(liquidations=totals._replace(coverage=coverage)))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "h", "down")
        await settled(pilot)
        assert f"({address})" in "".join("".join(pane_text(app)).replace("│", "").split())


async def test_a_share_of_a_young_recording_is_no_share_of_the_window() -> None:
    view = desk_view()
    app = make_desk(view._replace(transport=view.transport._replace(start_ms=view.now_ms - 47_900)))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "h", "down")
        await settled(pilot)
        text = " ".join(" ".join(pane_text(app)).replace("│", "").split())
        assert "connected 99.8% of the 47 s recorded" in text
        assert "* seen 47 s" in "\n".join(rows_of(app))


async def test_the_chosen_venue_is_told_of_in_words() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "h", "down")
        await settled(pilot)
        text = " ".join(" ".join(pane_text(app)).replace("│", "").split())
        assert "htx: partial, a part of its liquidations is seen, connected 99.8% of 24h" in text
        assert "3 rows set aside (no price 2, time in the future 1)" in text
        await pilot.press("down", "down")
        await settled(pilot)
        assert "gap 22:12:44–22:15:54 socket closed" in " ".join(" ".join(pane_text(app)).replace("│", "").split())


@pytest.mark.parametrize(
    ("keys", "call"),
    [
        (("h", "down", "enter"), ("select_feed", FeedFilter(venue="htx"))),
        (("h", "h", "down", "down", "enter"), ("select_symbol", "SOL/USDT")),
        (("h", "h", "h", "down", "enter"), ("select_feed", FeedFilter(10_000))),
        (("h", "h", "h", "h", "enter"), ("select_symbol", "ETH/USDT")),
        (("h", "h", "down", "C"), ("select_feed", FeedFilter(coin="ETH"))),
        (("h", "V"), ("select_feed", FeedFilter(venue="bybit"))),
        (("W", "W"), ("select_window", "4h")),
        (("l", "l"), ("select_feed", FeedFilter(side=Side.SHORT))),
        (("m", "m", "m", "m", "m"), ("select_feed", FeedFilter())),
    ],
)
async def test_rows_are_chosen(keys: tuple[str, ...], call: tuple[str, object]) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", *keys)
        await settled(pilot)
        asked = [made for made in link.calls if made[0] == call[0]]
        assert asked[-1] == call


async def test_a_filter_is_typed_seen_and_cleared() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "slash", *"okx long")
        await settled(pilot)
        assert app.desk.liquidations.tape.wanted == FeedFilter(side=Side.LONG, venue="okx")
        assert not [made for made in link.calls if made[0] == "select_feed"]
        await pilot.press("enter", "slash", *">1m", "enter")
        await settled(pilot)
        wanted = FeedFilter(1_000_000, Side.LONG, "okx")
        assert [made for made in link.calls if made[0] == "select_feed"][-1] == ("select_feed", wanted)
        assert any("okx long >1M" in line for line in pane_text(app))
        await pilot.press("slash", *" short", "enter")
        await settled(pilot)
        assert app.desk.liquidations.tape.wanted == wanted
        assert "short is a second side" in [note.message for note in app._notifications][-1]
        await pilot.press("escape")
        await settled(pilot)
        assert link.calls[-1] == ("select_feed", FeedFilter())
        await type_line(pilot, "min 250k")
        assert link.calls[-1] == ("select_feed", FeedFilter(250_000))


async def test_typing_that_is_left_changes_nothing() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "slash", *"gate", "escape")
        await settled(pilot)
        assert app.desk.liquidations.tape.wanted == FeedFilter()
        assert not [made for made in link.calls if made[0] == "select_feed"]


async def test_the_mouse_chooses_windows_tabs_and_rows() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.click("#liquidations", offset=(10, 3))
        await settled(pilot)
        assert link.calls[-1] == ("select_window", "4h")
        tabs = next(place for place, line in enumerate(pane_text(app)) if " coins " in line)
        await pilot.click("#liquidations", offset=(pane_text(app)[tabs].index("coins"), tabs))
        await settled(pilot)
        assert app.desk.liquidations.tab is Tab.COINS
        row = next(place for place, line in enumerate(pane_text(app)) if " XRP " in line)
        await pilot.click("#liquidations", offset=(5, row), times=2)
        await settled(pilot)
        assert ("select_symbol", "XRP/USDT") in link.calls


async def test_the_free_window_is_the_last_and_the_one_shown_is_marked() -> None:
    view = desk_view()
    totals = view.liquidations
    free = WindowTotals("15m", 15 * MINUTE_MS, totals.windows[0].totals, None)
    coverage = tuple(row._replace(connected=(*(row.connected or (1.0,) * 4), 0.5)) for row in totals.coverage)
    shown = totals._replace(windows=(*totals.windows, free), shown="15m", coverage=coverage)
    app = make_desk(view._replace(liquidations=shown))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "h")
        await settled(pilot)
        marked = [line for line in pane_text(app)[2:8] if "▶" in line]
        assert len(marked) == 1
        assert "15m" in marked[0]
        assert any(re.search(r"bybit .* 50% ", line) for line in pane_text(app))


async def test_long_and_short_are_told_apart_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_desk(settings=DeskSettings(ascii=True))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "h", "h")
        await settled(pilot)
        assert any(re.search(r"BTC .* #+=+ ", row) for row in rows_of(app))
        assert all(row.isascii() for row in rows_of(app))


def test_coverage_counts_the_window_that_is_shown() -> None:
    totals = liquidations_view()
    assert coverage_forms(totals)[:2] == (
        "observed, a floor: 4 of 5 venues, 1 lost, without hyperliquid",
        "observed, a floor: 4 of 5 venues, 1 lost",
    )
    assert coverage_forms(totals._replace(shown="1h"))[0] == (
        "observed, a floor: 3 of 5 venues, without binance, hyperliquid"
    )


def test_feeds_lost_now_stand_beside_totals_that_they_still_count_in() -> None:
    totals = liquidations_view()
    states = (HealthState.RETRYING, HealthState.RATE_LIMITED, HealthState.STARTING, HealthState.STOPPED)
    rows = tuple(row._replace(state=state) for row, state in zip(totals.coverage, states, strict=False))
    assert coverage_forms(totals._replace(coverage=rows))[-2:] == ("4 of 4 venues, 2 lost", "4 of 4, 2 lost")
    well = tuple(row._replace(state=HealthState.OK) for row in totals.coverage)
    assert "lost" not in coverage_forms(totals._replace(coverage=well))[0]


def test_minutes_without_liquidations_are_empty_not_left_out() -> None:
    minute = NOW_MS // MINUTE_MS
    view = liquidations_view()._replace(minutes=((minute - 9, 8 * MICRO, 0), (minute - 2, 0, 4 * MICRO)))
    text = minutes_line(view, NOW_MS, 60, sample_look()).text
    assert text.split() == ["per", "minute", "█▁▁▁▁▁▁▅▁▁", "10", "min"]
