"""The `[alerts.NAME]` tables: defaults, changes to them, rules of one's own, every kind of mistake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crashdesk.config.alert_settings import (
    ALERT_WINDOWS,
    AT_A_LEVEL,
    DEFAULT_ALERTS,
    OWN_KEYS,
    AlertKind,
    AlertSettings,
    LevelEvent,
    Notify,
)
from crashdesk.config.load import load_settings
from crashdesk.config.settings import Problem
from crashdesk.model.records import Feed, Side
from crashdesk.session.liquidations.book import WINDOWS


def load(tmp_path: Path, text: str) -> tuple[dict[str, AlertSettings], tuple[Problem, ...]]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    settings, problems = load_settings(file, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})
    return {rule.name: rule for rule in settings.alerts}, problems


def test_a_few_rules_are_on_without_a_file() -> None:
    settings, _ = load_settings(None, {})
    assert settings.alerts == DEFAULT_ALERTS
    kinds = {rule.name: (rule.kind, rule.min_usd, rule.enabled) for rule in DEFAULT_ALERTS}
    assert kinds["large_liquidation"] == (AlertKind.LIQUIDATION, 10_000_000, True)
    assert kinds["day_total"] == (AlertKind.TOTAL, 1_000_000_000, True)
    assert {AlertKind.CASCADE, AlertKind.FEED_LOST} <= {rule.kind for rule in DEFAULT_ALERTS}
    assert all(rule.notify is Notify.OFF and not rule.run for rule in DEFAULT_ALERTS)


def test_a_default_is_changed_or_switched_off_by_its_name(tmp_path: Path) -> None:
    rules, problems = load(
        tmp_path, "[alerts.day_total]\nenabled = false\n[alerts.large_liquidation]\nmin_usd = 2_500_000\nbell = false\n"
    )
    assert problems == ()
    assert list(rules) == [rule.name for rule in DEFAULT_ALERTS]
    assert not rules["day_total"].enabled
    assert rules["large_liquidation"] == DEFAULT_ALERTS[0]._replace(min_usd=2_500_000.0, bell=False)


def test_every_key_of_a_rule_of_ones_own(tmp_path: Path) -> None:
    program = tmp_path / "tell.sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    rules, problems = load(
        tmp_path,
        """
[alerts.mine]
kind = "one_sided"
min_usd = 5e6
share = 95
window = "4h"
side = "short"
venues = ["okx", "bybit"]
coins = ["btc", "ETH"]
repeat_seconds = 900
bell = false
notify = "osc777"
run = ["./tell.sh", "two  blanks", "a\\nline"]

[alerts.lost]
kind = "feed_lost"
after_seconds = 5
feeds = ["candles"]
venues = ["okx"]
""",
    )
    assert problems == ()
    assert rules["mine"] == AlertSettings(
        name="mine",
        kind=AlertKind.ONE_SIDED,
        min_usd=5e6,
        share=95.0,
        window="4h",
        side=Side.SHORT,
        venues=("okx", "bybit"),
        coins=("BTC", "ETH"),
        repeat_seconds=900.0,
        bell=False,
        notify=Notify.OSC777,
        run=(str(tmp_path / "./tell.sh"), "two  blanks", "a\nline"),
    )
    assert (rules["lost"].after_seconds, rules["lost"].feeds) == (5.0, (Feed.CANDLES,))


def test_the_keys_of_rules_on_prices(tmp_path: Path) -> None:
    rules, problems = load(
        tmp_path,
        """
[alerts.level]
on = ["breach"]

[alerts.loud]
kind = "level"
run = ["echo"]

[alerts.trend]
kind = "sma200"
on = ["touch", "cross"]
symbols = ["BTC/USDT", "ETH/USDT"]

[alerts.deep]
kind = "drawdown"
percent = 30
symbols = ["BTC/USDT:USDT"]
""",
    )
    assert problems == ()
    assert rules["level"].on == (LevelEvent.BREACH,)
    assert (rules["loud"].on, rules["loud"].run) == (AT_A_LEVEL, ("echo",))
    assert (rules["trend"].on, rules["trend"].symbols) == (
        (LevelEvent.TOUCH, LevelEvent.CROSS),
        ("BTC/USDT", "ETH/USDT"),
    )
    assert (rules["deep"].percent, rules["deep"].symbols) == (30.0, ("BTC/USDT:USDT",))


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        ('[alerts.x]\nkind = "liquidations"', "alerts.x.kind", "did you mean 'liquidation'?"),
        ("[alerts.x]\nmin_usd = 5", "alerts.x.kind", "is missing"),
        ('[alerts.x]\nkind = "total"\nminusd = 5', "alerts.x.minusd", "did you mean 'min_usd'?"),
        ('[alerts.x]\nkind = "total"\nshare = 90', "alerts.x.share", "unknown key"),
        ('[alerts.x]\nkind = "total"\nwindow = "2h"', "alerts.x.window", "unknown window"),
        ('[alerts.x]\nkind = "total"\nmin_usd = -1', "alerts.x.min_usd", "must be 1 to"),
        ('[alerts.x]\nkind = "total"\nmin_usd = inf', "alerts.x.min_usd", "must be 1 to"),
        ('[alerts.x]\nkind = "total"\nmin_usd = nan', "alerts.x.min_usd", "must be 1 to"),
        ('[alerts.x]\nkind = "rate"\nside = "longs"', "alerts.x.side", "did you mean 'long'?"),
        ('[alerts.x]\nkind = "rate"\nvenues = ["okkx"]', "alerts.x.venues", "did you mean 'okx'?"),
        ('[alerts.x]\nkind = "rate"\ncoins = ["BTC/USDT"]', "alerts.x.coins", "write the coin alone: BTC"),
        ('[alerts.x]\nkind = "rate"\nrun = "ls -l"', "alerts.x.run", "must be a list"),
        ('[alerts.x]\nkind = "rate"\nrun = ["no-such-program-anywhere"]', "alerts.x.run", "no such program"),
        ('[alerts.x]\nkind = "rate"\nrun = [""]', "alerts.x.run", "no such program"),
        ('[alerts.x]\nkind = "rate"\nnotify = "osc8"', "alerts.x.notify", "unknown notify"),
        ('[alerts.x]\nkind = "level"\non = ["cross"]', "alerts.x.on", "unknown event 'cross'"),
        ('[alerts.x]\nkind = "level"\non = ["breached"]', "alerts.x.on", "did you mean 'breach'?"),
        ('[alerts.x]\nkind = "level"\nsymbols = ["BTC/USDT"]', "alerts.x.symbols", "unknown key"),
        ('[alerts.x]\nkind = "sma200"\nsymbols = ["BTC"]', "alerts.x.symbols", "write BTC/USDT"),
        ('[alerts.x]\nkind = "drawdown"\npercent = 100', "alerts.x.percent", "must be 1 to 99"),
        ('[alerts.x]\nkind = "rate"\nrepeat_seconds = 0', "alerts.x.repeat_seconds", "must be 1 to"),
        ('[alerts."B A D"]\nkind = "rate"', 'alerts."B A D"', "rename the table"),
        ("[alerts]\nbell = true", "alerts.bell", "must be a table"),
        ("alerts = 5", "alerts", "must be a table"),
    ],
)
def test_a_mistake_is_named_and_the_rest_is_used(tmp_path: Path, text: str, key: str, what: str) -> None:
    rules, problems = load(tmp_path, text)
    assert [problem.key for problem in problems] == [key]
    assert what in str(problems[0])
    assert rules["day_total"] == DEFAULT_ALERTS[1]


def test_many_tables_are_refused_one_by_one(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, "".join(f'[alerts.a{i}]\nkind = "rate"\n' for i in range(102)))
    assert len(rules) == 100 + len(DEFAULT_ALERTS)
    assert [problem.key for problem in problems] == ["alerts.a100", "alerts.a101"]


def test_the_words_of_the_settings_are_those_of_the_program() -> None:
    assert tuple(name for name, _ in WINDOWS) == ALERT_WINDOWS
    assert set(OWN_KEYS) == set(AlertKind)
