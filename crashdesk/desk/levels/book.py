"""The trader's own levels with undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import uuid4

from crashdesk.model.level import Level

DEPTH = 200
"""Changes that can be taken back."""

Levels = tuple[Level, ...]


class LevelBook:
    """All of the trader's levels, every symbol's. Changes are whole pictures, so undo restores exactly what was."""

    def __init__(self, levels: Iterable[Level] = ()) -> None:
        self._now: Levels = tuple(levels)
        self._past: list[Levels] = []
        self._future: list[Levels] = []

    @property
    def levels(self) -> Levels:
        """In the order in which they were set."""
        return self._now

    def get(self, level_id: str) -> Level | None:
        """The level of that id."""
        return next((level for level in self._now if level.id == level_id), None)

    def find(self, symbol: str, price: float) -> Level | None:
        """The first level of that symbol at exactly that price."""
        return next((level for level in self._now if level.symbol == symbol and level.price == price), None)

    def put(self, level: Level) -> None:
        """Add a level, or replace the one of the same id in its place."""
        if self.get(level.id) is None:
            self._change((*self._now, level))
        else:
            self._change(tuple(level if old.id == level.id else old for old in self._now))

    def delete(self, level_id: str) -> bool:
        """Remove a level; False when there is none of that id."""
        if self.get(level_id) is None:
            return False
        self._change(tuple(level for level in self._now if level.id != level_id))
        return True

    def undo(self) -> bool:
        """Take the last change back; False when there is none."""
        if not self._past:
            return False
        self._future.append(self._now)
        self._now = self._past.pop()
        return True

    def redo(self) -> bool:
        """Make the change that was taken back again; False when there is none."""
        if not self._future:
            return False
        self._past.append(self._now)
        self._now = self._future.pop()
        return True

    def _change(self, levels: Levels) -> None:
        if levels == self._now:
            return
        self._past.append(self._now)
        del self._past[:-DEPTH]
        self._future.clear()
        self._now = levels


class LevelKeeper:
    """A book whose every change is told to `changed` (save it, send it to the folding thread)."""

    def __init__(
        self, book: LevelBook, changed: Callable[[Levels], None], new_id: Callable[[], str] | None = None
    ) -> None:
        self.book = book
        self._changed = changed
        self.new_id = new_id or short_id

    def put(self, level: Level) -> None:
        """Add or replace a level."""
        self._tell(self.book.put, level)

    def delete(self, level_id: str) -> bool:
        """Remove a level; False when it is not the trader's own."""
        return self._tell(self.book.delete, level_id)

    def undo(self) -> bool:
        """Take the last change back; False when there is none."""
        return self._tell(self.book.undo)

    def redo(self) -> bool:
        """Make it again; False when there is none."""
        return self._tell(self.book.redo)

    def _tell(self, change: Callable[..., object], *arguments: object) -> bool:
        before = self.book.levels
        change(*arguments)
        if self.book.levels is before:
            return False
        self._changed(self.book.levels)
        return True


def short_id() -> str:
    """A new level's id: eight hexadecimal digits."""
    return uuid4().hex[:8]
