"""Choosing and ordering the columns, in the place of the rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.strip import Strip

from crashdesk.config.ticker_settings import TICKER_COLUMNS, USUAL_COLUMNS
from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.desk.scroll import Scroll

NAME = 15
HINT = "up, down; Space on, off; J K move; 0 the usual ones; Enter keeps, Esc leaves"
SHORT_HINT = "Space on, off  J K move  Enter  Esc"
_STEPS = {"up": -1, "k": -1, "down": 1, "j": 1}
_MOVES = {"K": -1, "shift+up": -1, "J": 1, "shift+down": 1}


class ColumnChooser:
    """All columns: those that are on in their order, then the others. The symbol is always on and stands first."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.before = columns
        self._scroll = Scroll()
        self._take(columns)

    def _take(self, columns: tuple[str, ...]) -> None:
        chosen = [name for name in columns if name != "symbol"]
        self._on = set(chosen)
        self._names = chosen + [name for name in TICKER_COLUMNS if name not in {*chosen, "symbol"}]

    @property
    def columns(self) -> tuple[str, ...]:
        """What is chosen by now."""
        return ("symbol", *(name for name in self._names if name in self._on))

    def key(self, key: str) -> bool:
        """Take a key; False when it is none of these."""
        count, at = len(self._names), self._scroll.at
        if key in _STEPS:
            self._scroll.at = (at + _STEPS[key]) % count
        elif key in _MOVES:
            to = at + _MOVES[key]
            if 0 <= to < count:
                self._names[at], self._names[to] = self._names[to], self._names[at]
                self._scroll.at = to
        elif key == "space":
            self._on ^= {self._names[at]}
        elif key == "0":
            self._take(USUAL_COLUMNS)
        else:
            return False
        return True

    def click(self, y: int) -> None:
        """Turn the one in that line on or off."""
        at = self._scroll.top + y
        if at < len(self._names):
            self._scroll.at = at
            self._on ^= {self._names[at]}

    def lines(self, width: int, height: int, look: Look, placed: Collection[str]) -> Sequence[Strip]:
        """The list; what is on and not among the `placed` ones has no room."""
        return [
            self._line(self._names[at], width, look, placed, here=at == self._scroll.at)
            for at in self._scroll.fit(len(self._names), height)
        ]

    def _line(self, name: str, width: int, look: Look, placed: Collection[str], *, here: bool) -> Strip:
        palette, line, chosen = look.palette, Line(width), name in self._on
        line.put(f"{look.glyphs.cursor} " if here else "  ", palette.accent)
        line.put("[x] " if chosen else "[ ] ", palette.key if chosen else palette.muted)
        line.left(name, NAME, palette.strong if chosen else palette.text)
        if chosen and name not in placed:
            line.put("no room here: ", palette.warning)
        line.left(TICKER_COLUMNS[name], line.room, palette.muted, look.glyphs.ellipsis)
        return line.strip(palette.blank, palette.cursor if here else None)
