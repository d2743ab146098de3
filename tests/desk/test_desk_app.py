"""The whole desk: sizes, pictures, typing, what is said, what stays quiet."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from crashdesk.config.settings import DeskSettings
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.layout import PANES
from crashdesk.model.control import AddSymbol, WantCandles
from crashdesk.model.recorder import RecorderState
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import Mode
from tests.conftest import FixedClock
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view, empty_view, moved
from tests.desk.waiting import settled

SIZES = [(80, 24), (80, 48), (99, 30), (100, 31), (120, 36), (160, 28), (160, 48), (240, 67)]


def rows_of(app: CrashDesk) -> list[str]:
    """What the terminal shows, line by line."""
    width, height = app.size
    return [
        "".join(segment.text for segment in strip)
        for strip in app.screen._compositor.render_strips(None)[:height]
        if width
    ]


def at(app: CrashDesk, now_ms: int) -> None:
    """A later time, for the desk's own clock too."""
    app._clock = FixedClock(now_ms)
    app.desk.tick(now_ms)


async def type_line(pilot: Pilot[None], text: str) -> None:
    """Give a command; pasted, for a key at a time takes long and is tested with the prompt."""
    await pilot.press("colon")
    pilot.app.post_message(events.Paste(text))
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


@pytest.mark.parametrize(
    ("size", "mode"), [*((size, Mode.REPLAY) for size in SIZES), ((80, 24), Mode.LIVE), ((160, 48), Mode.LIVE)]
)
async def test_every_size_fills_the_terminal_exactly(size: tuple[int, int], mode: Mode) -> None:
    app = make_desk(mode=mode)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for name in PANES:
            app.desk.focus_pane(name)
            await pilot.pause()
            shown = rows_of(app)
            assert len(shown) == size[1]
            assert any(app.desk.panes[name].name_shown in row for row in shown)
            for pane in app.desk.panes.values():
                if pane.shown:
                    assert {strip.cell_length for strip in pane._lines} == {pane.size.width}


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 5), (40, 10), (79, 23)])
async def test_too_small_a_terminal_is_no_error(size: tuple[int, int]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("question_mark", "escape", "colon", "x", "escape", "tab")
        assert len(rows_of(app)) == size[1]


async def test_a_resize_moves_everything() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        shown = "\n".join(rows_of(app))
        assert "Sectors" not in shown
        assert "▲ 109,800 SMA200" in shown
        assert "$1.279bn" in shown
        await pilot.press("2")
        await settled(pilot)
        assert "Sectors" in "\n".join(rows_of(app))


async def test_first_start_says_what_it_waits_for() -> None:
    app = make_desk(empty_view(), mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        assert sum("waiting for the first prices: okx, bybit, htx" in row for row in rows_of(app)) >= 2


async def test_without_any_picture_it_stands() -> None:
    app = make_desk(empty=True, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("down", "enter", "a", "n", "slash", "escape", "s", "2", "2", "right", "5", "d")
        await settled(pilot)
        assert "starting" in rows_of(app)[0]


async def test_an_unchanged_picture_repaints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        painted: list[object] = []
        monkeypatch.setattr(type(app), "_display", lambda *arguments: painted.append(arguments))
        view = app.view
        assert view is not None
        app.publish(view._replace(seq=view.seq + 1))
        await settled(pilot)
        assert painted == []


async def test_of_pictures_in_the_queue_only_the_newest_is_drawn() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        drawn: list[int] = []
        app.desk.show = lambda view: drawn.append(view.seq)  # type: ignore[method-assign]
        view = desk_view()
        for seq in range(50):
            app.publish(view._replace(seq=seq))
        await settled(pilot)
        assert drawn[-1] == 49
        assert len(drawn) < 5


async def test_a_changed_price_flashes_once() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        view = desk_view()
        btc = view.tickers[0]._replace(last=106_250.0)
        app.publish(view._replace(now_ms=view.now_ms + 2_000, tickers=(btc, *view.tickers[1:])))
        await settled(pilot)
        changed = app.desk.tickers._flash.of("BTC/USDT")
        assert changed is not None
        assert (changed.pieces, changed.rising) == ((("106,2", False), ("5", True), ("0", False)), True)
        app.desk.tickers._unflash(inf)
        assert app.desk.tickers._flash.of("BTC/USDT") is None
        assert app.desk.tickers._flash.next_end_s is None


@pytest.mark.parametrize(
    ("typed", "call"),
    [
        ("go 50%", ("seek", NOW_MS - 12 * 3_600_000)),
        ("go -30m", ("seek", NOW_MS - 1_800_000)),
        ("go 02:05", ("seek", 1_762_221_900_000)),
        ("speed 600", ("set_speed", 600.0)),
        ("speed max", ("set_speed", float("inf"))),
        ("sol", ("select_symbol", "SOL/USDT")),
    ],
)
async def test_command_line(typed: str, call: tuple[str, object]) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, typed)
        assert call in link.calls


@pytest.mark.parametrize("typed", ["go never", "go 300%", "speed fast", "LV x", "theme zzz", "qqqqzzzz"])
async def test_a_wrong_command_changes_nothing(typed: str) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        before = list(link.calls)
        await type_line(pilot, typed)
        assert link.calls == before


async def test_theme_is_previewed_and_given_back() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"theme", "space", *"p", "down", "up")
        await settled(pilot)
        assert app.theme == "paper"
        await pilot.press("escape")
        await settled(pilot)
        assert app.theme == "midnight"
        await type_line(pilot, "theme amber")
        assert app.theme == "amber"


async def test_live_choices_reach_the_worker() -> None:
    memory = Memory()
    app = make_desk(memory=memory, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("down", "enter", "t")
        await settled(pilot)
        await type_line(pilot, "add hype")
        assert memory.commands == [
            WantCandles("ETH/USDT", Timeframe.D1),
            WantCandles("BTC/USDT", Timeframe.W1),
            AddSymbol("HYPE/USDT"),
        ]


async def test_replay_keys_do_nothing_live() -> None:
    link = FakeLink(desk_view(mode=Mode.LIVE))
    app = make_desk(link=link, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        before = list(link.calls)
        await pilot.press("space", "comma", "left_square_bracket", "equals_sign")
        await settled(pilot)
        assert link.calls == before


async def test_what_fails_outside_is_said_and_survived() -> None:
    memory = Memory()
    ports = memory.ports()

    def refuse(*_arguments: object) -> Path:
        raise OSError("disk full [bold]")

    app = make_desk(memory=memory)
    app._errands._ports = ports._replace(add_note=refuse, save_brief=refuse)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("n", "x", "enter", "b")
        await app.workers.wait_for_complete()
        await settled(pilot)
        assert sorted(note.message for note in app._notifications) == [
            "the brief was not written: disk full [bold]",
            "the note was not saved: disk full [bold]",
        ]


async def test_worker_line_and_ages_follow_the_clock() -> None:
    app = make_desk(mode=Mode.LIVE)
    async with app.run_test(size=(240, 48)) as pilot:
        await settled(pilot)
        app.set_worker_line(RecorderState("restarting in 4 s\x1b[31m", well=False))
        await settled(pilot)
        assert "worker restarting in 4 s" in rows_of(app)[0]
        assert "okx 0.8s" in rows_of(app)[0]
        at(app, NOW_MS + 30_000)
        await settled(pilot)
        assert "okx 30s" in rows_of(app)[0]
        assert "03:13:14 UTC" in rows_of(app)[0]


async def test_the_first_picture_is_shown_with_its_age_and_not_as_if_it_were_new() -> None:
    view = desk_view(mode=Mode.LIVE, now_ms=NOW_MS - 7_200_000)
    kept = view._replace(status=view.status._replace(waiting="waiting for the recorder", kept=True))
    app = make_desk(kept, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        assert "picture 2h old, waiting for the recorder" in rows_of(app)[0]
        assert "03:12:44 UTC" in rows_of(app)[0]


async def test_a_kept_picture_says_how_old_it_is_and_the_age_grows() -> None:
    view = desk_view(mode=Mode.LIVE)
    kept = view._replace(status=view.status._replace(waiting="waiting for the recorder", kept=True))
    app = make_desk(mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.publish(kept)
        at(app, NOW_MS + 3 * 3_600_000)
        await settled(pilot)
        assert "picture 3h old, waiting for the recorder" in rows_of(app)[0]
        at(app, NOW_MS + 4 * 3_600_000)
        await settled(pilot)
        assert "picture 4h old" in rows_of(app)[0]
        app.publish(view)
        await settled(pilot)
        assert "picture" not in rows_of(app)[0]


async def test_a_paused_recorder_keeps_its_place_in_a_narrow_status_line() -> None:
    app = make_desk(mode=Mode.LIVE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.set_worker_line(RecorderState("ok", well=True))
        await settled(pilot)
        assert "worker" not in rows_of(app)[0]
        app.set_worker_line(RecorderState("REC paused: disk full, 0.0 GB free in /data", well=False))
        await settled(pilot)
        assert "REC paused: disk full" in rows_of(app)[0]
        assert "worker" not in rows_of(app)[0]


async def test_ascii_and_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_desk(settings=DeskSettings(ascii=True))
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await settled(pilot)
        app.desk.focus_pane("levels")
        await settled(pilot)
        app.say("−1.6 % to the level")
        app.warn("a level can’t be there")
        await pilot.pause()
        await settled(pilot)
        shown = rows_of(app)
        assert "-1.6 % to the level" in "\n".join(shown)
        for row in shown:
            assert row.isascii(), row
            assert len(row) == 160
        for strip in app.desk.tickers._lines:
            assert all(style is None or style.color is None for _, style, _ in strip)


async def test_the_tape_stands_still_while_it_is_read() -> None:
    view = desk_view()
    app = make_desk(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("3", *["down"] * 30)
        await settled(pilot)
        pane = app.desk.liquidations
        before = [strip.text for strip in pane._lines[8:-1]]
        app.publish(moved(view))
        await settled(pilot)
        assert [strip.text for strip in pane._lines[8:-1]] == before
        assert "+40 new" in pane._lines[-1].text
        await pilot.press("g")
        await settled(pilot)
        assert "new" not in pane._lines[-1].text


async def test_mouse_focuses_and_chooses() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.click("#liquidations", offset=(10, 12))
        await settled(pilot)
        assert app.desk.arrangement.focus == "liquidations"
        await pilot.click("#tickers", offset=(10, 4), times=2)
        await settled(pilot)
        assert ("select_symbol", "SOL/USDT") in link.calls


async def test_the_end_of_a_replay_says_how_to_go_on() -> None:
    view = desk_view()
    link = FakeLink(view)
    app = make_desk(link=link)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        over = view._replace(transport=view.transport._replace(playing=False, ended=True))
        for _ in range(2):
            link.publish(over)
            await settled(pilot)
        said = [note.message for note in app._notifications]
        assert said == ["the end of the recording: [ or < go back, :go 0% starts over"]
