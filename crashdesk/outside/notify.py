"""Alerts on their way out of the program: what a terminal is sent, and the user's own command. Needs no screen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.config.alert_settings import AlertSettings, Notify
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc

if TYPE_CHECKING:
    import subprocess

BELL = "\a"
COMMAND_LIMIT_S = 60.0
_KILL_S = 5.0
_LONGEST = 200
_ESC, _END = "\x1b", "\x1b\\"


class AlertCall(NamedTuple):
    """An alert that goes out: its rule, when (UTC ms), and its sentence."""

    rule: AlertSettings
    ts_ms: int
    text: str


def notification(how: Notify, title: str, text: str, environment: Mapping[str, str]) -> str:
    """The escape sequence that asks a terminal for a desktop notification, empty when it is not to be asked.

    OSC 9 (iTerm2, WezTerm, kitty, Ghostty, foot) holds one text, OSC 777 (urxvt, VTE, foot, Ghostty) title and body.
    `Notify.AUTO` goes by `environment`; the Linux console would print either. Inside tmux the sequence is handed on to
    the outer terminal, which tmux does where `allow-passthrough` is on.
    """
    how = _known(environment) if how is Notify.AUTO else how
    if how is Notify.OFF:
        return ""
    # a semicolon ends a field; what begins with a digit and one is a progress bar to some terminals
    head, body = (clean(part, _LONGEST).replace(";", ",") for part in (title, text))
    inner = f"9;{head}: {body}" if how is Notify.OSC9 else f"777;notify;{head};{body}"
    sequence = f"{_ESC}]{inner}{BELL}"
    if environment.get("TMUX"):
        return f"{_ESC}Ptmux;{sequence.replace(_ESC, _ESC + _ESC)}{_END}"
    return sequence


def _known(environment: Mapping[str, str]) -> Notify:
    term = environment.get("TERM", "")
    if term in {"", "dumb", "linux"}:
        return Notify.OFF
    return Notify.OSC777 if term.startswith("rxvt") or environment.get("VTE_VERSION") else Notify.OSC9


class CommandRunner:
    """Runs the commands of rules, each as a child of its own without a shell, its output thrown away.

    A rule's command that still runs is not started a second time; one that takes longer than `limit_s` is ended with
    everything that it started. `failed` gets one sentence the first time that a rule's command fails (on a thread of
    this class) and is silent until it has worked again. What runs when the program ends goes on.
    """

    def __init__(
        self, environment: Mapping[str, str], failed: Callable[[str], None], limit_s: float = COMMAND_LIMIT_S
    ) -> None:
        self._environment = dict(environment)
        self._failed = failed
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._told: set[str] = set()

    def run(self, call: AlertCall) -> None:
        """Start the command of the alert's rule, if it has one; returns at once."""
        name = call.rule.name
        if not call.rule.run:
            return
        with self._lock:
            busy = name in self._running
            self._running.add(name)
        if busy:
            self._trouble(name, "the command of the alert before still runs, it was not started again")
            return
        threading.Thread(target=self._work, args=(call,), name=f"alert {name}", daemon=True).start()

    def _work(self, call: AlertCall) -> None:
        name = call.rule.name
        try:
            reason = self._run_once(call)
        finally:
            with self._lock:
                self._running.discard(name)
        if reason:
            self._trouble(name, reason)
        else:
            with self._lock:
                self._told.discard(name)

    def _run_once(self, call: AlertCall) -> str:
        """Run it to its end; why it failed, empty when it did not."""
        import subprocess

        try:
            child = subprocess.Popen(  # noqa: S603 - an argument list of the user's own, never a shell
                list(call.rule.run),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=self._environment | _told_to_child(call),
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            return f"its command was not started: {reason or error}"
        try:
            code = child.wait(timeout=self._limit_s)
        except subprocess.TimeoutExpired:
            _end(child)
            return f"its command was ended after {self._limit_s:g} s"
        return f"its command ended with code {code}" if code else ""

    def _trouble(self, name: str, reason: str) -> None:
        with self._lock:
            known = name in self._told
            self._told.add(name)
        if not known:
            self._failed(f"alert {name}: {reason}")


def _told_to_child(call: AlertCall) -> dict[str, str]:
    return {
        "CRASHDESK_ALERT": call.rule.name,
        "CRASHDESK_ALERT_KIND": call.rule.kind.value,
        "CRASHDESK_ALERT_TEXT": clean(call.text),
        "CRASHDESK_ALERT_TIME": format_utc(call.ts_ms),
        "CRASHDESK_ALERT_MS": str(call.ts_ms),
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child and what it started: politely, then at once."""
    import os
    import signal
    import subprocess

    for number in (signal.SIGTERM, signal.SIGKILL):
        # the child leads a session, and so a group, of its own
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_KILL_S)  # what it started may be left even so
