"""Textual's driver for browsers, for a desk that leaves when its browser does."""

from __future__ import annotations

from contextlib import suppress

from textual import events, messages
from textual.drivers.web_driver import WebDriver
from textual.message import Message


class BrowserDriver(WebDriver):
    """The desk ends when nothing can be read any more, or nothing written: whoever served it is gone."""

    def process_message(self, message: Message) -> None:
        """What was typed. A size is none of it: the server tells that, within reason, and a typed one takes any memory.

        (Terminals may report sizes among the keys: CSI 48 ; rows ; columns t.)
        """
        if not isinstance(message, events.Resize | messages.InBandWindowResize):
            super().process_message(message)

    def run_input_thread(self) -> None:
        """Read until the end."""
        super().run_input_thread()
        self._leave()

    def write(self, data: str) -> None:
        """Draw."""
        try:
            super().write(data)
        except OSError:
            self._leave()

    def write_meta(self, data: dict[str, object]) -> None:
        """Tell the server something."""
        try:
            super().write_meta(data)
        except OSError:
            self._leave()

    def _leave(self) -> None:
        with suppress(RuntimeError):  # the desk has ended by now
            self._app.post_message(messages.ExitApp())
