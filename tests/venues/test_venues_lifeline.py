"""Which silence of a connection is a failure."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from crashdesk.venues.errors import SilenceError
from crashdesk.venues.lifeline import Lifeline


@dataclass
class Client:
    last_message_at: int | None = None


def live(life: Lifeline, seconds: range, silent: Client, speaking: Client | None = None) -> None:
    """A look each second; `speaking` has a frame before each of them."""
    for second in seconds:
        clients = {"a": silent}
        if speaking is not None:
            speaking.last_message_at = second
            clients["b"] = speaking
        life.look(float(second), clients, {})


def test_a_connection_without_frames_is_dead_after_the_patience() -> None:
    life, client = Lifeline(10.0, 3.0), Client()
    life.begin()
    for second in range(10):
        assert not life.look(float(second), {"a": client}, {})
    client.last_message_at = 5
    assert life.look(10.0, {"a": client}, {})
    assert not life.look(11.0, {"a": client}, {}), "not again before another frame"
    with pytest.raises(SilenceError, match="not even a ping"):
        live(life, range(12, 30), client)


def test_quiet_is_not_frozen_before_data_was_ever_heard() -> None:
    life, client = Lifeline(10.0, 3.0), Client(1)
    life.begin()
    for second in range(100):
        client.last_message_at = second
        life.look(float(second), {"a": client}, {})
    assert not life.spoke


def test_answered_pings_without_data_are_frozen_where_data_was_heard_also_on_an_earlier_connection() -> None:
    life, client = Lifeline(10.0, 3.0), Client(1)
    life.begin()
    life.look(0.0, {"a": client}, {"a": 1})
    assert life.spoke
    life.begin()
    for second in range(1, 12):
        client.last_message_at = second
        life.look(float(second), {"a": client}, {})
    client.last_message_at = 12
    with pytest.raises(SilenceError, match="no data comes"):
        life.look(12.0, {"a": client}, {})


def test_each_connection_must_live() -> None:
    life, one, two = Lifeline(10.0, 3.0), Client(), Client()
    life.begin()
    with pytest.raises(SilenceError, match="not even a ping"):
        live(life, range(1, 30), two, one)


def test_time_in_which_the_program_stood_still_is_no_silence() -> None:
    life, client = Lifeline(10.0, 3.0), Client()
    life.begin()
    life.look(0.0, {"a": client}, {})
    life.look(60.0, {"a": client}, {})
    client.last_message_at = 61
    assert life.look(61.0, {"a": client}, {})
