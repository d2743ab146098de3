"""What the desk says and keeps still: orders, repeated events, the end of a replay, coming back from the shell."""

from __future__ import annotations

import pytest

from crashdesk.desk.timeline import folded
from crashdesk.model.records import Precision
from crashdesk.session.views import Mode, TimelineItem
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_views import MIDNIGHT_MS, desk_view, empty_view
from tests.desk.test_desk_app import rows_of, settled, type_line


def event(place: int, kind: str, text: str) -> TimelineItem:
    return TimelineItem(f"e{place}", MIDNIGHT_MS + place * 1_000, Precision.MINUTE, kind, text, "okx", None, False)


def test_equal_events_are_one_with_a_count() -> None:
    items = [event(i, "feed_lost", "okx quotes: no network") for i in range(48)]
    items += [event(48, "feed_lost", "bybit quotes: no network"), event(49, "mine", "x"), event(50, "mine", "x")]
    kept = folded(items, "×")
    assert [(item.id, item.text) for item in kept] == [
        ("e47", "okx quotes: no network ×48"),
        ("e48", "bybit quotes: no network"),
        ("e49", "x"),
        ("e50", "x"),
    ]


async def test_waiting_words_follow_the_status() -> None:
    view = empty_view("waiting for the first prices")
    app = make_desk(view, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.publish(view._replace(status=view.status._replace(waiting="no network: okx, bybit")))
        await settled(pilot)
        for pane in (app.desk.tickers, app.desk.liquidations):
            assert any("no network: okx, bybit" in strip.text for strip in pane._lines)


async def test_an_order_that_no_longer_holds_says_so() -> None:
    view = desk_view()
    app = make_desk(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("G", "s", "2")
        await settled(pilot)
        pane = app.desk.tickers
        assert "by 24h▲ " in pane._lines[0].text
        assert pane._scroll.top == 0
        assert "24h▲" in pane._lines[1].text
        first = pane._rows[0]
        rows = tuple(row._replace(change_24h_pct=9.0) if row.symbol == first.symbol else row for row in view.tickers)
        app.publish(view._replace(tickers=rows))
        await settled(pilot)
        assert "by 24h▲ at 03:12, s 2 keeps it live" in pane._lines[0].text
        assert "24h▲" not in pane._lines[1].text
        await pilot.press("s", "2")
        await settled(pilot)
        assert "by 24h▲, live" in pane._lines[0].text
        assert pane._rows[0].symbol != first.symbol


async def test_space_at_the_end_does_not_start_over() -> None:
    view = desk_view()
    link = FakeLink(view._replace(transport=view.transport._replace(ended=True, playing=False)))
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        assert ("toggle_play", None) not in link.calls
        assert [note.message for note in app._notifications] == [
            "the end of the recording: [ or < go back, :go 0% starts over"
        ]


async def test_undo_and_a_twin_say_what_they_did() -> None:
    memory = Memory()
    app = make_desk(memory=memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        for typed in ("LV 105000", "LV 105,000.0"):
            await type_line(pilot, typed)
        await pilot.press("u", "ctrl+r")
        await settled(pilot)
        assert [note.message for note in app._notifications] == [
            "level 105,000 is there already",
            "undone: level 105,000 removed",
            "done again: level 105,000 is back",
        ]
        assert [level.price for level in app.keeper.book.levels] == [105_000.0]


async def test_coming_back_from_the_shell_paints_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.desk._first_chart()
        await settled(pilot)
        painted: list[object] = []
        full = app.screen._compositor.render_full_update
        monkeypatch.setattr(app.screen._compositor, "render_full_update", lambda **kw: painted.append(kw) or full(**kw))
        app.app_resume_signal.publish(app)
        await settled(pilot)
        assert painted
        assert "Tickers" in "\n".join(rows_of(app))
