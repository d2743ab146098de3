"""Edits of the trader's levels: what several desks may do at once, each applied to what is there by then."""

from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.model.level import Level
from crashdesk.model.timeframe import DAY_MS

KEPT_MS = 30 * DAY_MS
"""How long a deletion is remembered."""


class Put(NamedTuple):
    """Add this level, or put it in the place of the one with the same id; made at its `updated_ms`."""

    level: Level

    @property
    def id(self) -> str:
        """The level's id."""
        return self.level.id

    @property
    def at_ms(self) -> int:
        """When the edit was made, UTC ms."""
        return self.level.updated_ms


class Delete(NamedTuple):
    """Remove the level of that id; made at `at_ms` (UTC ms)."""

    id: str
    at_ms: int


LevelEdit = Put | Delete


class LevelLedger(NamedTuple):
    """All levels, and what was deleted in the last `KEPT_MS`. No id is in both once edits were `applied`."""

    levels: tuple[Level, ...] = ()
    deleted: tuple[Delete, ...] = ()


def applied(ledger: LevelLedger, edits: Iterable[LevelEdit], now_ms: int) -> LevelLedger:
    """The ledger after the edits; one that is older than what is known of its id changes nothing.

    New levels come last, others keep their place. Deletions from before `now_ms` - `KEPT_MS` are forgotten.
    """
    levels = {level.id: level for level in ledger.levels}
    deleted = {gone.id: gone for gone in ledger.deleted}
    for gone in ledger.deleted:
        level = levels.get(gone.id)
        if level is not None and level.updated_ms > gone.at_ms:
            del deleted[gone.id]
        elif level is not None:
            del levels[gone.id]
    for edit in edits:
        there, gone_already = levels.get(edit.id), deleted.get(edit.id)
        newest = max(there.updated_ms if there else 0, gone_already.at_ms if gone_already else 0)
        if edit.at_ms < newest:
            continue
        if isinstance(edit, Put):
            levels[edit.id] = edit.level
            deleted.pop(edit.id, None)
        else:
            levels.pop(edit.id, None)
            deleted[edit.id] = edit
    kept = tuple(gone for gone in deleted.values() if gone.at_ms > now_ms - KEPT_MS)
    return LevelLedger(tuple(levels.values()), kept)
