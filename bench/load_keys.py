"""Keys pressed while a desk is watched: letters in its command line, and the zoom of a pane."""

from __future__ import annotations

from bench.terminal import Program
from bench.watched import Chunk, Key, Look

_PROMPT, _ESCAPE, _PANE = b":", b"\x1b", b"3"
_SETTLE_S = 0.4


class Keyboard:
    """Presses keys and knows how their answers look; what the desk writes meanwhile goes to `chunks`."""

    def __init__(self, desk: Program) -> None:
        self.chunks: list[Chunk] = []
        self.letters: list[Key] = []
        self.zooms: list[Key] = []
        self._desk = desk
        self._typed: int | None = None
        self._whole = True

    def choose_pane(self) -> None:
        """The liquidations, so that they are what is zoomed."""
        self._press(_PANE)

    def letter(self, wait_s: float) -> None:
        """One more letter in the command line, and a pause."""
        if self._typed is None:
            self._press(_PROMPT)
            self._typed = 0
        self._typed += 1
        many = self._typed
        self.letters.append(Key(self._desk.now, lambda look: _letters(look) >= many))
        self._desk.type(b"x")
        self.chunks += self._desk.collect(wait_s)

    def zoom(self, wait_s: float) -> None:
        """The pane alone, or all of them again, and a pause."""
        self.leave_line()
        self._whole = not self._whole
        whole = self._whole
        self.zooms.append(Key(self._desk.now, lambda look: look.whole is whole))
        self._desk.type(b"z")
        self.chunks += self._desk.collect(wait_s)

    def leave_line(self) -> None:
        """Back to the panes."""
        if self._typed is not None:
            self._press(_ESCAPE)
            self._typed = None

    def rest(self) -> None:
        """All panes, no command line."""
        self.leave_line()
        if not self._whole:
            self.zoom(_SETTLE_S)

    def _press(self, key: bytes) -> None:
        self._desk.type(key)
        self.chunks += self._desk.collect(_SETTLE_S)


def _letters(look: Look) -> int:
    return look.last_line.count("x") if look.last_line.startswith(_PROMPT.decode()) else 0
