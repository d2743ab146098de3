"""What a terminal would show: as much of one as is needed to read the text that a full-screen program painted."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"\x1b\[([0-9;:?<>=]*)[ -/]*([@-~])"  # control sequence: parameters and the final letter
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system command
    rb"|\x1b[PX^_][^\x1b]*\x1b\\"  # device control string and its relatives
    rb"|\x1b[ -/]*[0-~]"
    rb"|[\x00-\x1f\x7f]"
    rb"|[^\x00-\x1f\x7f]+"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:?<>= -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)?\Z")


class Screen:
    """A grid of characters fed with bytes. Colours are dropped; every character counts as one cell wide."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._grid = [[" "] * columns for _ in range(rows)]
        self._x = self._y = 0
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what the program wrote; a sequence that is cut off waits for its end."""
        data = self._rest + data
        cut = _UNFINISHED.search(data)
        end = cut.start() if cut else _whole_characters(data)
        self._rest = data[end:]
        for token in _TOKEN.finditer(data, 0, end):
            text = token.group()
            if text[0] >= 0x20 and text[0] != 0x7F:
                self._write(text.decode("utf-8", "replace"))
            elif token.group(2):
                self._control(token.group(1), token.group(2))
            elif text in {b"\r", b"\n", b"\x08"}:
                self._move_by(text)

    def lines(self) -> list[str]:
        """The rows as text."""
        return ["".join(cells) for cells in self._grid]

    def text(self) -> str:
        """All rows, one a line."""
        return "\n".join(self.lines())

    def _write(self, text: str) -> None:
        for character in text:
            if self._x < self.columns and self._y < self.rows:
                self._grid[self._y][self._x] = character
            self._x += 1

    def _move_by(self, control: bytes) -> None:
        if control == b"\r":
            self._x = 0
        elif control == b"\n":
            self._y = min(self._y + 1, self.rows - 1)
        else:
            self._x = max(0, self._x - 1)

    def _control(self, parameters: bytes, final: bytes) -> None:
        if parameters[:1] in {b"?", b"<", b">", b"="}:
            if final == b"h" and parameters == b"?1049":
                self._clear(0, self.columns * self.rows)
            return
        numbers = [int(part) if part.isdigit() else 0 for part in parameters.split(b";")]
        first = numbers[0]
        if final in b"Hf":
            self._y = min(max(first, 1), self.rows) - 1
            self._x = min(max(numbers[1] if len(numbers) > 1 else 1, 1), self.columns) - 1
        elif final == b"G":
            self._x = max(first, 1) - 1
        elif final in b"ABCD":
            self._step(final, max(first, 1))
        elif final in b"JK":
            self._erase(final, first)

    def _step(self, final: bytes, count: int) -> None:
        if final in b"AB":
            self._y = min(max(self._y + (count if final == b"B" else -count), 0), self.rows - 1)
        else:
            self._x = max(self._x + (count if final == b"C" else -count), 0)

    def _erase(self, final: bytes, mode: int) -> None:
        here = self._y * self.columns + min(self._x, self.columns - 1)
        first, last = (self._y, self._y + 1) if final == b"K" else (0, self.rows)
        start, end = first * self.columns, last * self.columns
        self._clear(start if mode else here, here + 1 if mode == 1 else end)

    def _clear(self, start: int, end: int) -> None:
        for cell in range(start, end):
            self._grid[cell // self.columns][cell % self.columns] = " "


def _whole_characters(data: bytes) -> int:
    """How many bytes of `data` end with a whole UTF-8 character."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if back < width else len(data)
    return len(data)
