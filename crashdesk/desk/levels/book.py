"""The trader's own levels with undo and redo. Every change is an edit of one level: others may change theirs too."""

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import uuid4

from crashdesk.model.level import Level
from crashdesk.model.level_edits import Delete, LevelEdit, LevelLedger, Put, applied
from crashdesk.model.times import LAST_MS

DEPTH = 200
"""Changes that can be taken back."""

Levels = tuple[Level, ...]


class _Was(NamedTuple):
    """What a level was before a change of this desk's; None when there was none of that id."""

    id: str
    level: Level | None


class LevelBook:
    """All of the trader's levels, every symbol's. What changes them gives the edit, None when nothing changed.

    Undo makes an edit too: the level as it was before this desk's last change. `now_ms` is the time of a change (UTC ms
    of the wall clock, in a replay too: it decides between two desks); a later change of a level has a later one.
    """

    def __init__(self, levels: Iterable[Level] = ()) -> None:
        self._levels = {level.id: level for level in levels}
        self._past: list[_Was] = []
        self._future: list[_Was] = []
        self._made_ms: dict[str, int] = {}

    @property
    def levels(self) -> Levels:
        """In the order in which they were set."""
        return tuple(self._levels.values())

    def get(self, level_id: str) -> Level | None:
        """The level of that id."""
        return self._levels.get(level_id)

    def find(self, symbol: str, price: float) -> Level | None:
        """The first level of that symbol at exactly that price."""
        found = self._levels.values()
        return next((level for level in found if level.symbol == symbol and level.price == price), None)

    def put(self, level: Level, now_ms: int) -> LevelEdit | None:
        """Add a level, or replace the one of the same id in its place."""
        return self._new_change(_Was(level.id, level), now_ms)

    def delete(self, level_id: str, now_ms: int) -> LevelEdit | None:
        """Remove a level; None when there is none of that id."""
        return self._new_change(_Was(level_id, None), now_ms)

    def undo(self, now_ms: int) -> LevelEdit | None:
        """Take the last change of this desk back; None when there is none."""
        return self._back(self._past, self._future, now_ms)

    def redo(self, now_ms: int) -> LevelEdit | None:
        """Make the change that was taken back again; None when there is none."""
        return self._back(self._future, self._past, now_ms)

    def settle(self, levels: Levels, waiting: Iterable[LevelEdit]) -> bool:
        """Take what the file holds, and on top the edits that it does not hold yet; whether that changed anything."""
        before = self.levels
        ledger = applied(LevelLedger(levels), waiting, now_ms=0)
        self._levels = {level.id: level for level in ledger.levels}
        return self.levels != before

    def _new_change(self, to: _Was, now_ms: int) -> LevelEdit | None:
        was = _Was(to.id, self.get(to.id))
        edit = self._change(to, now_ms)
        if edit is not None:
            self._past = [*self._past, was][-DEPTH:]
            self._future.clear()
        return edit

    def _back(self, changes: list[_Was], other_way: list[_Was], now_ms: int) -> LevelEdit | None:
        while changes:
            to = changes.pop()
            was = _Was(to.id, self.get(to.id))
            edit = self._change(to, now_ms)
            # nothing to do where another desk has taken it back already
            if edit is not None:
                other_way.append(was)
                return edit
        return None

    def _change(self, to: _Was, now_ms: int) -> LevelEdit | None:
        now = self.get(to.id)
        if _same(now, to.level):
            return None
        newest = max(self._made_ms.get(to.id, -1), now.updated_ms if now else -1)
        made_ms = self._made_ms[to.id] = min(max(now_ms, newest + 1), LAST_MS)
        if to.level is None:
            del self._levels[to.id]
            return Delete(to.id, made_ms)
        level = self._levels[to.id] = to.level._replace(updated_ms=made_ms)
        return Put(level)


class LevelKeeper:
    """A book whose every edit is told to `changed`, with all levels after it (show and save them).

    `now_ms` is the wall clock.
    """

    def __init__(
        self,
        book: LevelBook,
        changed: Callable[[LevelEdit, Levels], None],
        now_ms: Callable[[], int],
        new_id: Callable[[], str] | None = None,
        refuse: Callable[[], None] | None = None,
    ) -> None:
        """With `refuse` nothing changes: it is called instead."""
        self._refuse = refuse
        self.book = book
        self._changed = changed
        self._now_ms = now_ms
        self.new_id = new_id or short_id
        self._waiting: list[LevelEdit] = []

    def refused(self) -> bool:
        """Whether nothing changes; then that is said."""
        if self._refuse is not None:
            self._refuse()
        return self._refuse is not None

    def put(self, level: Level) -> None:
        """Add or replace a level."""
        if not self.refused():
            self._tell(self.book.put(level, self._now_ms()))

    def delete(self, level_id: str) -> bool:
        """Remove a level; False when it is not the trader's own."""
        return not self.refused() and self._tell(self.book.delete(level_id, self._now_ms()))

    def undo(self) -> bool:
        """Take the last change back; False when there is none."""
        return not self.refused() and self._tell(self.book.undo(self._now_ms()))

    def redo(self) -> bool:
        """Make it again; False when there is none."""
        return not self.refused() and self._tell(self.book.redo(self._now_ms()))

    def settle(self, levels: Levels, kept: Iterable[LevelEdit] = ()) -> bool:
        """What the store has now, the edits `kept` among it; whether the book shows anything else by that."""
        for edit in kept:
            self._waiting.remove(edit)
        return self.book.settle(levels, self._waiting)

    def _tell(self, edit: LevelEdit | None) -> bool:
        if edit is None:
            return False
        self._waiting.append(edit)
        self._changed(edit, self.book.levels)
        return True


def short_id() -> str:
    """A new level's id: eight hexadecimal digits."""
    return uuid4().hex[:8]


def _same(one: Level | None, other: Level | None) -> bool:
    """Whether two levels differ in nothing but when they were changed."""
    if one is None or other is None:
        return one is other
    return one == other._replace(updated_ms=one.updated_ms)
