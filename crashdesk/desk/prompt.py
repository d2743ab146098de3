"""One line of text being typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events

from crashdesk.desk.messages import AskLine
from crashdesk.model.text import clean

LIMIT = 300


class Prompt:
    """Text and cursor, and who asked for it."""

    def __init__(self, asked: AskLine) -> None:
        self.asked = asked
        self.text = asked.text
        self.at = len(asked.text)

    def key(self, event: events.Key) -> bool:
        """Take an editing key or a character; False when it means nothing here."""
        if event.key in _MOVES:
            self.at = _MOVES[event.key](self)
            return True
        if event.key in _CUTS:
            start, end = _CUTS[event.key](self)
            self._replace(start, end, "")
            return True
        if event.character and event.is_printable:
            self.insert(event.character)
            return True
        return False

    def insert(self, text: str) -> None:
        """Put text at the cursor, without control characters."""
        fresh = text if text == " " else clean(text, LIMIT)
        if fresh and len(self.text) + len(fresh) <= LIMIT:
            self._replace(self.at, self.at, fresh)

    def put(self, text: str) -> None:
        """Another text in its place."""
        self._replace(0, len(self.text), text)

    def word_start(self) -> int:
        """Where the word before the cursor begins."""
        head = self.text[: self.at].rstrip()
        return head.rfind(" ") + 1

    def _replace(self, start: int, end: int, text: str) -> None:
        before = self.text
        self.text = self.text[:start] + text + self.text[end:]
        self.at = start + len(text)
        if self.asked.changed is not None and self.text != before:
            self.asked.changed(self.text)


_MOVES: Mapping[str, Callable[[Prompt], int]] = {
    "left": lambda prompt: max(0, prompt.at - 1),
    "right": lambda prompt: min(len(prompt.text), prompt.at + 1),
    "home": lambda prompt: 0,
    "ctrl+a": lambda prompt: 0,
    "end": lambda prompt: len(prompt.text),
    "ctrl+e": lambda prompt: len(prompt.text),
}
_CUTS: Mapping[str, Callable[[Prompt], tuple[int, int]]] = {
    "backspace": lambda prompt: (max(0, prompt.at - 1), prompt.at),
    "delete": lambda prompt: (prompt.at, min(len(prompt.text), prompt.at + 1)),
    "ctrl+w": lambda prompt: (prompt.word_start(), prompt.at),
    "ctrl+u": lambda prompt: (0, prompt.at),
    "ctrl+k": lambda prompt: (prompt.at, len(prompt.text)),
}
