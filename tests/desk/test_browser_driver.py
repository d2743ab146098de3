"""The driver of a desk in a browser: what is typed is keys, mouse and pastes, and never the size of the desk."""

from __future__ import annotations

import pytest
from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message

from crashdesk.desk.browser_driver import BrowserDriver


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What the desk gets."""
    got: list[Message] = []
    monkeypatch.setattr("textual.drivers.web_driver.InputReader", lambda *_, **__: None)
    monkeypatch.setattr(Driver, "send_message", lambda _, message: got.append(message))
    return got


def typed(text: str) -> None:
    driver = BrowserDriver(App())
    parser = XTermParser()
    for message in parser.feed(text):
        driver.process_message(message)


@pytest.mark.parametrize("told", ["\x1b[48;99999;99999;1;1t", "\x1b[48;24;80;480;800t", "\x1b[?2048;1$y"])
async def test_a_size_that_is_typed_is_none(told: str, sent: list[Message]) -> None:
    typed(f"{told}z")
    assert [type(message) for message in sent] == [events.Key]


async def test_keys_mouse_and_pastes_arrive(sent: list[Message]) -> None:
    typed("z\x1b[<0;3;4M\x1b[<0;3;4m\x1b[200~105000\x1b[201~")
    kinds = [type(message) for message in sent if not isinstance(message, messages.TerminalSupportsSynchronizedOutput)]
    assert kinds == [events.Key, events.MouseDown, events.MouseUp, events.Paste]
