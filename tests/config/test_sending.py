"""The `[notify]` table: addresses whose secrets are never written out, and which alerts are sent."""

from __future__ import annotations

import os
import pprint
from pathlib import Path

import pytest
from rich.pretty import pretty_repr

from crashdesk.config.address import Address
from crashdesk.config.alert_settings import DEFAULT_ALERTS
from crashdesk.config.load import load_settings
from crashdesk.config.settings import Problem, SendSettings, Settings

SECRET = "tgram://123456789:abcdefg_hijklmnop/12315544/"


def load(tmp_path: Path, text: str, mode: int = 0o600) -> tuple[Settings, tuple[Problem, ...]]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return load_settings(file, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})


def test_addresses_and_pace(tmp_path: Path) -> None:
    text = f'[notify]\nurls = ["{SECRET}", " json://localhost:1/x ", "{SECRET}"]\nevery_seconds = 60\n'
    settings, problems = load(tmp_path, text)
    assert problems == ()
    assert settings.sending == SendSettings((Address(SECRET), Address("json://localhost:1/x")), 60)
    assert [url.secret for url in settings.sending.urls] == [SECRET, "json://localhost:1/x"]


@pytest.mark.parametrize("written", [str, repr, pretty_repr, pprint.pformat, "{}".format, "{!r:>9}".format])
def test_a_secret_is_never_written_out(tmp_path: Path, written: object) -> None:
    settings, _ = load(tmp_path, f'[notify]\nurls = ["{SECRET}"]\n')
    for value in (settings, settings.sending, settings.sending.urls, settings.sending.urls[0]):
        text = written(value)  # type: ignore[operator]
        assert "tgram://****" in text
        assert "12345" not in text
        assert "abcdef" not in text


@pytest.mark.parametrize(
    "value", ['["hunter2"]', '["://hunter2"]', '"tgram://hunter2"', '[["tgram://hunter2"]]', '["a://hunter2\\n"," x"]']
)
def test_what_is_wrong_is_told_without_the_address(tmp_path: Path, value: str) -> None:
    settings, problems = load(tmp_path, f"[notify]\nurls = {value}\n")
    assert settings.sending == SendSettings()
    assert [problem.key for problem in problems] == ["notify.urls"]
    assert "hunter2" not in str(problems)


def test_others_who_may_read_the_file_are_told_of(tmp_path: Path) -> None:
    settings, problems = load(tmp_path, f'[notify]\nurls = ["{SECRET}"]\n', mode=0o644)
    assert len(settings.sending.urls) == 1
    file = tmp_path / "config.toml"
    assert [str(problem) for problem in problems] == [
        f"{file}: notify.urls: others on this machine can read them (chmod 600 {file})"
    ]
    assert load(tmp_path, "[notify]\nevery_seconds = 5\n", mode=0o644)[1] == ()


def test_with_addresses_what_rings_is_sent_and_a_table_says_otherwise(tmp_path: Path) -> None:
    assert not any(rule.send for rule in DEFAULT_ALERTS)
    rules = """
[alerts.cascade]
send = false
[alerts.day_total]
bell = false
[alerts.mine]
kind = "rate"
[alerts.lost]
kind = "feed_lost"
send = true
"""
    settings, problems = load(tmp_path, f'[notify]\nurls = ["{SECRET}"]\n{rules}')
    assert problems == ()
    assert {rule.name for rule in settings.alerts if rule.send} == {
        *("large_liquidation", "day_total", "level", "sma200", "mine", "lost")
    }
    assert not any(rule.send for rule in load(tmp_path, rules)[0].alerts)
