"""Alerts on their way to chat services: gathered, bounded, tried again, told of once; and the process that sends."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Sequence

import pytest

from crashdesk.config.address import Address
from crashdesk.config.alert_settings import AlertKind, usual
from crashdesk.config.settings import SendSettings
from crashdesk.outside.messenger import MOST_LINES, MOST_WAITING, Job, Messenger, Pace, deliver
from crashdesk.outside.notify import AlertCall

NOW_MS = 1_762_225_964_000
LIMIT_S = 20
ONE, TWO = Address("json://one.example/token1"), Address("json://two.example/token2")


def alert(text: str, *, send: bool = True) -> AlertCall:
    return AlertCall(usual(AlertKind.CASCADE)._replace(name="cascade", send=send), NOW_MS, text)


class Post:
    """Where messages are taken, or not: `answers` says it for each round, by address."""

    def __init__(self, answers: Callable[[Address], str] = lambda _address: "") -> None:
        self.answers = answers
        self.rounds: queue.SimpleQueue[list[Job]] = queue.SimpleQueue()
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.open = threading.Event()
        self.open.set()

    def __call__(self, jobs: Sequence[Job]) -> list[str]:
        self.rounds.put(list(jobs))
        assert self.open.wait(LIMIT_S)
        return [self.answers(job.address) for job in jobs]

    def next(self) -> list[Job]:
        return self.rounds.get(timeout=LIMIT_S)

    def messenger(self, *urls: Address, pace: Pace | None = None) -> Messenger:
        return Messenger(SendSettings(urls), self.said.put, self, pace or Pace(0.0, 0.0, (0.0, 0.0)))


def test_one_alert_is_one_message_to_each_address() -> None:
    post = Post()
    post.messenger(ONE, TWO).send(alert("$12.16M, 99% long"))
    line = "2025-11-04 03:12:44 UTC cascade: $12.16M, 99% long"
    assert post.next() == [Job(ONE, "crashdesk: an alert", line), Job(TWO, "crashdesk: an alert", line)]


def test_a_rule_that_is_not_sent_and_no_address_start_nothing() -> None:
    post = Post()
    quiet, nowhere = post.messenger(ONE), post.messenger()
    quiet.send(alert("x", send=False))
    nowhere.send(alert("x"))
    assert quiet._thread is None
    assert nowhere._thread is None
    assert quiet.close() == nowhere.close() == []


def test_a_flood_is_one_message_and_keeps_its_newest_lines() -> None:
    post = Post()
    messenger = post.messenger(ONE, pace=Pace(gather_s=60.0))
    for number in range(500):
        messenger.send(alert(f"number {number}"))
    assert len(messenger._targets[0].lines) == MOST_WAITING
    messenger.close(LIMIT_S)
    [job] = post.next()
    lines = job.body.splitlines()
    assert job.title == "crashdesk: 500 alerts"
    assert lines[0] == f"{500 - MOST_LINES} more before these"
    assert len(lines) == MOST_LINES + 1
    assert lines[-1].endswith("number 499")
    assert post.rounds.empty()


def test_while_one_message_is_on_its_way_the_others_gather() -> None:
    post = Post()
    post.open.clear()
    messenger = post.messenger(ONE)
    messenger.send(alert("first"))
    assert post.next()[0].title == "crashdesk: an alert"
    for number in range(10):
        messenger.send(alert(f"number {number}"))
    post.open.set()
    [job] = post.next()
    assert job.title == "crashdesk: 10 alerts"
    assert len(job.body.splitlines()) == 10


def test_a_message_follows_another_no_sooner_than_wanted() -> None:
    now_s = [1_000.0]
    post = Post()
    messenger = Messenger(SendSettings((ONE,)), post.said.put, post, Pace(3.0, 30.0), lambda: now_s[0])
    target = messenger._targets[0]
    messenger.send(alert("first"))
    assert target.next_s == 1_003.0
    assert messenger._due() == []
    now_s[0] = 1_003.0
    with messenger._news:
        messenger._news.notify()
    assert post.next()[0].title == "crashdesk: an alert"
    while target.next_s != 1_033.0:
        pass  # the thread is about to take the answer
    now_s[0] = 1_010.0
    messenger.send(alert("second"))
    assert target.next_s == 1_033.0
    messenger.close(LIMIT_S)
    assert post.next()[0].body.endswith("second")


def test_a_failure_is_told_once_without_the_address_and_tried_again_three_times_in_all() -> None:
    post = Post(lambda address: "was refused" if address == ONE else "")
    messenger = post.messenger(ONE, TWO)
    messenger.send(alert("x"))
    assert [job.address for job in post.next()] == [ONE, TWO]
    for _ in range(2):
        assert [(job.address, job.title) for job in post.next()] == [(ONE, "crashdesk: an alert")]
    assert post.said.get(timeout=LIMIT_S) == "alerts are not sent to json://**** (address 1): was refused"
    messenger.close(LIMIT_S)
    assert post.rounds.empty()
    assert post.said.empty()


def test_what_waits_at_the_end_is_sent_and_what_cannot_be_is_said() -> None:
    post = Post(lambda address: "was refused" if address == ONE else "")
    messenger = post.messenger(ONE, TWO, pace=Pace(gather_s=60.0))
    for number in range(3):
        messenger.send(alert(f"number {number}"))
    assert messenger.close(LIMIT_S) == ["3 alerts were not sent to json://**** (address 1): was refused"]
    assert [job.title for job in post.next()] == ["crashdesk: 3 alerts"] * 2


def test_what_is_on_its_way_at_the_end_is_not_waited_for_longer_than_the_limit() -> None:
    post = Post()
    post.open.clear()
    messenger = post.messenger(ONE)
    messenger.send(alert("x"))
    post.next()
    said = messenger.close(0.01)
    post.open.set()
    assert said == ["1 alert may not have reached json://**** (address 1): it did not answer in time"]


def test_what_waits_behind_an_address_that_hangs_has_a_reason() -> None:
    again = threading.Event()

    def answers(address: Address) -> str:
        if address == TWO and not again.is_set():
            again.set()
            post.open.clear()  # the next try of the second address hangs
            return "was refused"
        return ""

    post = Post(answers)
    messenger = post.messenger(ONE, TWO)
    messenger.send(alert("first"))
    post.next()
    assert [job.address for job in post.next()] == [TWO]
    messenger.send(alert("later"))
    said = messenger.close(0.01)
    post.open.set()
    assert said[0] == "1 alert was not sent to json://**** (address 1): what was sent before did not end in time"
    assert said[1] == "2 alerts may not have reached json://**** (address 2): it did not answer in time"


def test_a_failure_on_leaving_is_said_once() -> None:
    post = Post(lambda _address: "no route")
    messenger = post.messenger(ONE, pace=Pace(gather_s=60.0))
    messenger.send(alert("x"))
    assert messenger.close(LIMIT_S) == ["1 alert was not sent to json://**** (address 1): no route"]
    assert post.said.empty()


def test_what_was_given_up_is_counted_in_the_next_message() -> None:
    well = threading.Event()
    post = Post(lambda _address: "" if well.is_set() else "was refused")
    messenger = post.messenger(ONE)
    messenger.send(alert("lost"))
    for _ in range(3):
        post.next()
    while messenger._targets[0].left_out != 1:
        pass  # the thread is about to give it up
    well.set()
    messenger.send(alert("told"))
    [job] = post.next()
    assert (job.title, job.body.splitlines()[0]) == ("crashdesk: 2 alerts", "1 more before these")
    assert job.body.endswith("told")


def test_an_error_of_the_program_ends_no_messenger() -> None:
    post = Post()

    def broken(jobs: Sequence[Job]) -> list[str]:
        post.rounds.put(list(jobs))
        raise ZeroDivisionError("token1")

    messenger = Messenger(SendSettings((ONE,)), post.said.put, broken, Pace(0.0, 0.0, ()))
    messenger.send(alert("x"))
    assert post.said.get(timeout=LIMIT_S).endswith("an error of the program: ZeroDivisionError")
    messenger.send(alert("y"))
    assert post.next()
    assert post.next()


def test_text_cannot_call_or_mark_up_anything() -> None:
    post = Post()
    post.messenger(ONE).send(alert("@everyone <!channel> `x`\x1b[31m\n\u202eCOIN"))
    [job] = post.next()
    assert job.body.endswith("cascade: (at)everyone ‹!channel› 'x'[31m COIN")
    assert "\n" not in job.body


def _program(body: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, json\njobs = json.load(sys.stdin)['jobs']\n{body}"]


def test_the_process_gets_addresses_on_its_standard_input_and_gives_reasons() -> None:
    body = "print('noise'); print(json.dumps({'reasons': [' '.join(job) for job in jobs]}))"
    jobs = [Job(ONE, "t", "b"), Job(TWO, "u", "c")]
    assert deliver(jobs, command=_program(body)) == ["json://one.example/token1 t b", "json://two.example/token2 u c"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit(3)", "what sends them ended without an answer"),
        ("print('[1')", "what sends them ended without an answer"),
        ("print('null')", "what sends them ended without an answer"),
        ("print(json.dumps({'reasons': []}))", "what sends them answered something else"),
        ("print(json.dumps({'error': 'no ' + 'x' * 1000}))", "no x"),
        ("import time; time.sleep(60)", "does not answer in time"),
    ],
)
def test_a_process_that_fails_is_told_of(body: str, reason: str) -> None:
    [told] = deliver([Job(ONE, "t", "b")], limit_s=2.0, command=_program(body))
    assert told.startswith(reason)
    assert len(told) <= 300


def test_a_process_that_cannot_start_is_told_of() -> None:
    [told] = deliver([Job(ONE, "t", "b")], command=["/nowhere/at/all"])
    assert told == "what sends them was not started: No such file or directory"


def test_without_the_extra_it_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['apprise'] = None; from crashdesk.outside.apprise_child import main; main()"
    [told] = deliver([Job(ONE, "t", "b")], command=[sys.executable, "-c", code])
    assert told == "apprise is not installed: pip install 'crashdesk[notify]'"


def test_json_has_the_secrets_and_nothing_else_does() -> None:
    assert "token1" in json.dumps(ONE.secret)
    assert "token1" not in repr(Job(ONE, "t", "b"))
