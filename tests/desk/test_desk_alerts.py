"""Alerts on the desk: shown without covering a figure, sounded once and only live, listed, muted."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from crashdesk.config.alert_settings import DEFAULT_ALERTS, AlertKind, AlertSettings, Notify, usual
from crashdesk.config.keymap import build_keymap
from crashdesk.config.settings import DeskSettings
from crashdesk.desk import herald
from crashdesk.desk.alert_page import alert_page
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.ports import AlertPorts, DeskStart
from crashdesk.model.control import WantCandles
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.alerts import Raised
from crashdesk.session.views import AlertView, DeskView, Mode
from tests.conftest import FixedClock
from tests.desk.fake_link import FakeLink, Memory, themes
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled

TEXT = "$33.96M long liquidated: BTC-USDT on htx at 105,120"
RULE = usual(AlertKind.LIQUIDATION)._replace(name="big", notify=Notify.OSC9, run=("tell",))


def raised(text: str = TEXT, **changes: object) -> Raised:
    made = Raised(RULE, NOW_MS - 500, text, replayed=False, calm=False)
    return made._replace(**changes)  # type: ignore[arg-type]


class Sent(NamedTuple):
    """What left the desk."""

    bells: list[int]
    written: list[str]
    run: list[tuple[str, int, str]]

    @property
    def nothing(self) -> bool:
        return not (self.bells or self.written or self.run)


class Stage(NamedTuple):
    app: CrashDesk
    sent: Sent


def make(monkeypatch: pytest.MonkeyPatch, *, live: bool = True, view: DeskView | None = None) -> Stage:
    sent = Sent([], [], [])

    def notification(rule: AlertSettings, text: str) -> str:
        return f"<{rule.notify.value} {text}>"

    ports = (
        Memory()
        .ports(live=live)
        ._replace(
            alerts=AlertPorts(notification, lambda rule, ts, text: sent.run.append((rule.name, ts, text)))
            if live
            else None
        )
    )
    mode = Mode.LIVE if live else Mode.REPLAY
    app = CrashDesk(
        FakeLink(view or desk_view(mode=mode)),
        ports,
        settings=DeskSettings(),
        themes=themes(),
        keymap=build_keymap(())[0],
        clock=FixedClock(NOW_MS),
        start=DeskStart(replay=not live, alerts=(*DEFAULT_ALERTS, RULE)),
    )
    monkeypatch.setattr(app, "bell", lambda: sent.bells.append(1))
    return Stage(app, sent)


def hear(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what is written to the terminal for alerts is kept."""
    driver = stage.app._driver
    assert driver is not None
    write = driver.write

    def kept(data: str) -> None:
        if data.startswith("<"):
            stage.sent.written.append(data)
        else:
            write(data)

    monkeypatch.setattr(driver, "write", kept)


async def test_an_alert_is_shown_sounded_sent_and_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch)
    app = stage.app
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        hear(stage, monkeypatch)
        before = rows_of(app)
        app.herald.announce(raised())
        await settled(pilot)
        app.publish(desk_view(mode=Mode.LIVE)._replace(seq=99))
        app.publish(desk_view(mode=Mode.LIVE)._replace(seq=100))
        await settled(pilot)
        after = rows_of(app)
        assert after[-1].startswith(f" ALERT  {TEXT}")
        assert after[1:-1] == before[1:-1]
        assert stage.sent == Sent([1], [f"<osc9 {TEXT}>"], [("big", NOW_MS - 500, TEXT)])


async def test_the_line_gives_the_hints_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(herald, "SHOWN_S", 0.01)
    stage = make(monkeypatch)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        hints = rows_of(stage.app)[-1]
        stage.app.herald.announce(raised())
        await settled(pilot)
        while rows_of(stage.app)[-1] != hints:
            await pilot.pause()


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (30, 8)])
async def test_many_alerts_are_one_line(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    stage = make(monkeypatch)
    async with stage.app.run_test(size=size) as pilot:
        await settled(pilot)
        for place in range(5):
            stage.app.herald.announce(raised(f"{place} $33.96M long liquidated: BTC-USDT on htx at 105,120"))
        await settled(pilot)
        line = rows_of(stage.app)[-1]
        assert line.startswith(" ALERT  4 $33.96M")
        assert size[0] < 80 or "+4 more, :alerts" in line
        assert "105,1 " not in line


async def test_what_is_typed_keeps_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", "g", "o")
        stage.app.herald.announce(raised())
        await settled(pilot)
        assert "go" in rows_of(stage.app)[-1]
        assert "ALERT" not in rows_of(stage.app)[-1]
        await pilot.press("escape")
        await settled(pilot)
        assert "ALERT" in rows_of(stage.app)[-1]


@pytest.mark.parametrize(
    "changes", [{"replayed": True}, {"calm": True}, {"ts_ms": NOW_MS - 121_000}], ids=["replayed", "calm", "late"]
)
async def test_some_alerts_are_only_shown(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    stage = make(monkeypatch)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        hear(stage, monkeypatch)
        stage.app.herald.announce(raised(**changes))
        await settled(pilot)
        line = rows_of(stage.app)[-1]
        assert TEXT in line
        assert ("replayed alert" in line) == ("replayed" in changes)
        assert stage.sent.nothing


async def test_a_replay_has_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch, live=False)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        hear(stage, monkeypatch)
        stage.app.herald.announce(raised())
        await settled(pilot)
        assert TEXT in rows_of(stage.app)[-1]
        assert stage.sent.nothing


async def test_a_rule_tells_only_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch)
    monkeypatch.setattr(stage.app.herald, "_outside", stage.app.herald._outside._replace(notification=lambda *_: ""))
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        hear(stage, monkeypatch)
        stage.app.herald.announce(raised(rule=RULE._replace(bell=False)))
        await settled(pilot)
        assert stage.sent == Sent([], [], [("big", NOW_MS - 500, TEXT)])


async def test_muting_and_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = (AlertView("big", NOW_MS - 60_000, TEXT, replayed=False),) * 2
    stage = make(monkeypatch, view=desk_view(mode=Mode.LIVE)._replace(alerts=alerts))
    app = stage.app
    async with app.run_test(size=(200, 48)) as pilot:
        await settled(pilot)
        hear(stage, monkeypatch)
        assert "alerts 2" in rows_of(app)[0]
        await type_line(pilot, "alerts mute")
        await settled(pilot)
        app.herald.announce(raised())
        await settled(pilot)
        assert "alerts 2 muted" in rows_of(app)[0]
        assert "ALERT" not in rows_of(app)[-1]
        assert stage.sent.nothing
        await type_line(pilot, "alerts unmute")
        app.herald.announce(raised())
        await settled(pilot)
        assert "muted" not in rows_of(app)[0]
        assert stage.sent.bells == [1]


async def test_the_page_lists_rules_and_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = (AlertView("big", NOW_MS - 60_000, TEXT, replayed=False),)
    stage = make(monkeypatch, view=desk_view(mode=Mode.LIVE)._replace(alerts=alerts))
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await type_line(pilot, "alerts")
        await settled(pilot)
        shown = "\n".join(rows_of(stage.app))
        assert "RULES" in shown
        assert re.search(r"day_total +\$1bn liquidated in 24h", shown)
        assert "runs tell; then quiet for 10 s, last 03:11:44" in shown
        assert f"11-04 03:11:44  big: {TEXT}" in shown


def test_the_page_says_what_is_off_muted_and_replayed() -> None:
    rules = (DEFAULT_ALERTS[0]._replace(enabled=False),)
    text = alert_page(rules, (AlertView("x", NOW_MS, "what", replayed=True),), sample_look(), muted=True)
    lines = [line.strip() for line in text.splitlines()]
    assert "off" in lines
    assert any(line.startswith("Muted") for line in lines)
    assert "11-04 03:12:44  x: replayed: what" in lines
    assert any("jumped over" in line for line in lines)
    assert "none" in alert_page((), (), sample_look(), muted=False).splitlines()


def test_the_page_lists_the_levels_that_name_an_alert() -> None:
    made = Level("a", "BTC/USDT", 94_200.0, LevelKind.SUPPORT, "the floor", 0, 0, alert="level")
    levels = (made, made._replace(id="b", price=105_000.0, label="", alert="gone"), made._replace(id="c", alert=""))
    lines = alert_page(DEFAULT_ALERTS, (), sample_look(), muted=False, levels=levels).splitlines()
    at = lines.index("LEVELS WITH AN ALERT")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["gone", "BTC/USDT", "105,000", "support", "(no", "alert", "of", "levels", "is", "on", "by", "that", "name)"],
        ["level", "BTC/USDT", "94,200", "support", "the", "floor"],
        [],
    ]


async def test_closes_of_levels_with_an_alert_are_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch)
    sent: list[object] = []
    stage.app._errands._ports = stage.app._errands._ports._replace(send_command=sent.append)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        keeper = stage.app.keeper
        keeper.put(Level("a", "BTC/USDT", 94_200.0, LevelKind.SUPPORT, "", 0, 0, Timeframe.H4, alert="level"))
        keeper.put(Level("b", "BTC/USDT", 95_200.0, LevelKind.SUPPORT, "", 0, 0, Timeframe.M15))
        stage.app.wishes.candles(DEFAULT_ALERTS)
        stage.app.wishes.candles(DEFAULT_ALERTS)
        await stage.app._errands.flush()
        assert sent == [WantCandles("BTC/USDT", Timeframe.H4)]


async def test_the_bottom_line_has_the_minus_sign_of_the_timeline(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(monkeypatch)
    async with stage.app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        stage.app.herald.announce(raised("cascade $10.89M, 99% long, BTC -0.6%, 5-10 k, bin-usdm"))
        await settled(pilot)
        assert "cascade $10.89M, 99% long, BTC −0.6%, 5-10 k, bin-usdm" in rows_of(stage.app)[-1]
