"""Alerts to chat services: gathered, not too often, tried again, and never waited for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from crashdesk.config.address import Address
from crashdesk.config.settings import SendSettings
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc
from crashdesk.outside.notify import AlertCall
from crashdesk.outside.own_module import own_module

MOST_WAITING = 200
MOST_LINES = 20
CHILD_S = 30.0
_LONGEST = 300
_TAME = str.maketrans({"@": "(at)", "<": "‹", ">": "›", "`": "'"})
"""Signs by which a text could call everybody in a channel, or be markup there."""


class Job(NamedTuple):
    """One message for one address."""

    address: Address
    title: str
    body: str


class Pace(NamedTuple):
    """Seconds: what comes within `gather_s` of the first alert is one message; the next one goes `every_s` after it at
    the earliest. One that fails is tried again after each of `again_s`, and then given up."""

    gather_s: float = 3.0
    every_s: float = 30.0
    again_s: tuple[float, ...] = (10.0, 60.0)


Deliver = Callable[[Sequence[Job]], Sequence[str]]
"""Delivers messages: for each why it failed, empty when it did not. Runs on the messenger's thread."""


def can_send() -> bool:
    """Whether the extra is installed."""
    from importlib.util import find_spec

    return find_spec("apprise") is not None


def deliver(jobs: Sequence[Job], limit_s: float = CHILD_S, command: Sequence[str] | None = None) -> list[str]:
    """Send by a short-lived process, which gets the addresses through its standard input."""
    import subprocess

    text = json.dumps({"jobs": [(job.address.secret, job.title, job.body) for job in jobs]})
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            list(command) if command else own_module("crashdesk.outside.apprise_child"),
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=limit_s,
            start_new_session=True,
            check=False,
        )
        answer = json.loads(done.stdout.strip().rpartition("\n")[2])
        reasons = [answer["error"]] * len(jobs) if "error" in answer else answer["reasons"]
        if len(reasons) == len(jobs):
            return [clean(str(reason), _LONGEST) for reason in reasons]
        reason = "what sends them answered something else"
    except subprocess.TimeoutExpired:
        reason = "does not answer in time"
    except OSError as error:
        reason = f"what sends them was not started: {error.strerror or error}"
    except (ValueError, TypeError, KeyError):
        reason = "what sends them ended without an answer"
    return [reason] * len(jobs)


class _Target:
    """One address, and what waits to be sent to it. Times are those of a steady clock, in seconds."""

    def __init__(self, address: Address, name: str) -> None:
        self.address, self.name = address, name
        self.lines: list[str] = []
        self.left_out = 0
        self.next_s = 0.0
        self.failed = 0
        self.told = False
        self.reason = ""
        """Why the last message was not taken; empty when it was."""
        self.on_way = 0

    def add(self, lines: Sequence[str], *, before: bool = False) -> None:
        """Lines that wait; of too many the newest."""
        self.lines = [*lines, *self.lines] if before else [*self.lines, *lines]
        self.left_out += max(0, len(self.lines) - MOST_WAITING)
        self.lines = self.lines[-MOST_WAITING:]

    def unsent(self) -> str:
        """What is not sent, as a sentence; empty when nothing is."""
        count = self.on_way + len(self.lines) + self.left_out
        if self.on_way:
            return f"{_alerts(count)} may not have reached {self.name}: it did not answer in time"
        were = "was" if count == 1 else "were"
        reason = self.reason or "what was sent before did not end in time"
        return f"{_alerts(count)} {were} not sent to {self.name}: {reason}" if count else ""


class Messenger:
    """Sends alerts whose rule says so to every address, on a thread of its own that begins with the first one.

    `failed` gets a sentence when an address begins to fail (on that thread), and again only after it has worked.
    """

    def __init__(
        self,
        settings: SendSettings,
        failed: Callable[[str], None],
        deliver: Deliver = deliver,
        pace: Pace | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pace = pace or Pace(every_s=settings.every_seconds)
        self._failed, self._deliver, self._now_s = failed, deliver, now_s
        self._targets = [_Target(url, f"{url} (address {place})") for place, url in enumerate(settings.urls, 1)]
        self._news = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    def send(self, call: AlertCall) -> None:
        """Take an alert; returns at once."""
        if not call.rule.send or not self._targets:
            return
        line = clean(f"{format_utc(call.ts_ms)}  {call.rule.name}: {call.text}", _LONGEST).translate(_TAME)
        with self._news:
            soonest = self._now_s() + self._pace.gather_s
            for target in self._targets:
                if not target.lines:
                    target.next_s = max(target.next_s, soonest)
                target.add([line])
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="messenger", daemon=True)
                self._thread.start()
            self._news.notify()

    def close(self, limit_s: float = CHILD_S) -> list[str]:
        """Send what waits now, once, and end; a sentence for each address that was not reached within `limit_s`."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(limit_s)
        with self._news:
            return [said for said in map(_Target.unsent, self._targets) if said]

    def _run(self) -> None:
        while True:
            with self._news:
                while not (due := self._due()):
                    if self._closing:
                        return
                    self._news.wait(self._pause_s())
                taken = [(target, target.lines, target.left_out) for target in due]
                for target in due:
                    target.on_way = len(target.lines) + target.left_out
                    target.lines, target.left_out = [], 0
                last = self._closing
            reasons = self._try([_job(*one) for one in taken])
            with self._news:
                said = [self._settle(*one, reason) for one, reason in zip(taken, reasons, strict=True)]
                told_at_the_end = self._closing
            for sentence in filter(None, said if not told_at_the_end else ()):
                self._failed(sentence)
            if last:
                return

    def _try(self, jobs: Sequence[Job]) -> Sequence[str]:
        try:
            return self._deliver(jobs)
        except Exception as error:  # noqa: BLE001 - the supervised border: alerts to come must find a messenger
            return [f"an error of the program: {type(error).__name__}"] * len(jobs)

    def _due(self) -> list[_Target]:
        now_s = self._now_s()
        return [target for target in self._targets if target.lines and (self._closing or target.next_s <= now_s)]

    def _pause_s(self) -> float | None:
        """How long until the next is due; None when nothing waits."""
        waiting = [target.next_s for target in self._targets if target.lines]
        return max(0.0, min(waiting) - self._now_s()) if waiting else None

    def _settle(self, target: _Target, lines: list[str], left_out: int, reason: str) -> str:
        """What became of a message; the sentence to say, if any."""
        target.on_way, target.reason = 0, reason
        if not reason:
            target.failed, target.told = 0, False
            target.next_s = self._now_s() + self._pace.every_s
            return ""
        if target.failed < len(self._pace.again_s):
            target.next_s = self._now_s() + self._pace.again_s[target.failed]
            target.failed += 1
            target.left_out += left_out
            target.add(lines, before=True)
        else:
            target.failed = 0
            target.left_out += left_out + len(lines)
        known, target.told = target.told, True
        return "" if known else f"alerts are not sent to {target.name}: {reason}"


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count:,} alerts"


def _job(target: _Target, lines: Sequence[str], left_out: int) -> Job:
    count = len(lines) + left_out
    earlier = count - min(len(lines), MOST_LINES)
    body = [f"{earlier:,} more before these"] if earlier else []
    title = "crashdesk: an alert" if count == 1 else f"crashdesk: {_alerts(count)}"
    return Job(target.address, title, "\n".join([*body, *lines[-MOST_LINES:]]))
