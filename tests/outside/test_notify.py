"""What a terminal is sent for an alert, and a user's command really run."""

from __future__ import annotations

import os
import queue
import select
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.config.alert_settings import AlertKind, AlertSettings, Notify, usual
from crashdesk.outside.notify import AlertCall, CommandRunner, notification

XTERM = {"TERM": "xterm-256color"}
NASTY = "a\x07b\x1b]0;x\x1b\\; \u202e$5M\n2"


@pytest.mark.parametrize(
    ("how", "environment", "sequence"),
    [
        (Notify.OFF, XTERM, ""),
        (Notify.OSC9, XTERM, "\x1b]9;crashdesk: ab]0,x\\, $5M 2\x07"),
        (Notify.OSC777, XTERM, "\x1b]777;notify;crashdesk;ab]0,x\\, $5M 2\x07"),
        (Notify.AUTO, XTERM, "\x1b]9;crashdesk: ab]0,x\\, $5M 2\x07"),
        (Notify.AUTO, {"TERM": "rxvt-unicode"}, "\x1b]777;notify;crashdesk;ab]0,x\\, $5M 2\x07"),
        (Notify.AUTO, XTERM | {"VTE_VERSION": "7006"}, "\x1b]777;notify;crashdesk;ab]0,x\\, $5M 2\x07"),
        (Notify.AUTO, {"TERM": "linux"}, ""),
        (Notify.AUTO, {}, ""),
        (Notify.OSC9, XTERM | {"TMUX": "/t"}, "\x1bPtmux;\x1b\x1b]9;crashdesk: ab]0,x\\, $5M 2\x07\x1b\\"),
    ],
)
def test_a_notification_is_one_clean_sequence(how: Notify, environment: dict[str, str], sequence: str) -> None:
    assert notification(how, "crashdesk", NASTY, environment) == sequence


def test_a_long_text_is_cut() -> None:
    assert len(notification(Notify.OSC9, "crashdesk", "x" * 10_000, XTERM)) < 300


def _rule(*run: str, name: str = "big") -> AlertSettings:
    return usual(AlertKind.LIQUIDATION)._replace(name=name, run=run)


def _script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _in_fifo(path: Path) -> Callable[[], str]:
    """Waits for what is written into a named pipe."""
    os.mkfifo(path)
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=lambda: said.put(path.read_text()), daemon=True).start()
    return lambda: said.get(timeout=20)


class Failures:
    """What the runner could not do."""

    def __init__(self) -> None:
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def next(self) -> str:
        return self.said.get(timeout=20)


def test_a_command_gets_its_arguments_and_the_alert_without_a_shell(tmp_path: Path) -> None:
    wait = _in_fifo(tmp_path / "out")
    body = 'printf "%s|" "$@" "$CRASHDESK_ALERT" "$CRASHDESK_ALERT_KIND" "$CRASHDESK_ALERT_TEXT" '
    body += f'"$CRASHDESK_ALERT_TIME" "$CRASHDESK_ALERT_MS" "$MINE" > "{tmp_path / "out"}"'
    failures = Failures()
    runner = CommandRunner({"PATH": os.environ["PATH"], "MINE": "kept"}, failures.said.put)
    rule = _rule(_script(tmp_path / "tell.sh", body), "$HOME; rm -rf x", "two  blanks")
    runner.run(AlertCall(rule, 1_762_225_964_000, "$5M `id`\x1b[31m"))
    assert wait() == (
        "$HOME; rm -rf x|two  blanks|big|liquidation|$5M `id`[31m|2025-11-04 03:12:44 UTC|1762225964000|kept|"
    )
    assert failures.said.empty()


def test_a_rule_without_a_command_runs_nothing() -> None:
    failures = Failures()
    CommandRunner({}, failures.said.put).run(AlertCall(_rule(), 0, "x"))
    assert failures.said.empty()


def test_a_failure_is_told_once(tmp_path: Path) -> None:
    failures = Failures()
    runner = CommandRunner(os.environ, failures.said.put)
    runner.run(AlertCall(_rule(str(tmp_path / "nothing")), 0, "x"))
    assert failures.next() == "alert big: its command was not started: No such file or directory"
    runner.run(AlertCall(_rule(_script(tmp_path / "no.sh", "exit 3"), name="other"), 0, "x"))
    assert failures.next() == "alert other: its command ended with code 3"
    wait = _in_fifo(tmp_path / "out")
    runner.run(
        AlertCall(_rule(_script(tmp_path / "again.sh", f"echo again > {tmp_path}/out; exit 3"), name="other"), 0, "x")
    )
    assert wait() == "again\n"
    runner.run(AlertCall(_rule(str(tmp_path / "nothing"), name="third"), 0, "x"))
    assert failures.next() == "alert third: its command was not started: No such file or directory"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="no way to wait for another's child here")
def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never")
    wait = _in_fifo(tmp_path / "pids")
    body = f"(trap '' TERM; read x < {tmp_path}/never) & echo $! > {tmp_path}/pids; cat {tmp_path}/never"
    failures = Failures()
    runner = CommandRunner(os.environ, failures.said.put, limit_s=0.5)
    rule = _rule(_script(tmp_path / "hang.sh", body))
    runner.run(AlertCall(rule, 0, "x"))
    grandchild = os.pidfd_open(int(wait()))
    assert failures.next() == "alert big: its command was ended after 0.5 s"
    assert select.select([grandchild], [], [], 10)[0] == [grandchild]
    os.close(grandchild)


def test_a_command_that_still_runs_is_not_started_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    wait = _in_fifo(tmp_path / "out")
    failures = Failures()
    runner = CommandRunner(os.environ, failures.said.put)
    body = f'read line < {tmp_path}/go; printf "%s" "$CRASHDESK_ALERT_TEXT" > {tmp_path}/out'
    rule = _rule(_script(tmp_path / "slow.sh", body))
    runner.run(AlertCall(rule, 0, "first"))
    runner.run(AlertCall(rule, 0, "second"))
    assert "still runs" in failures.next()
    (tmp_path / "go").write_text("go\n")
    assert wait() == "first"
