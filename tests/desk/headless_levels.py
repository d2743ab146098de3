"""A desk's keeper and store of levels without a screen: `python -m tests.desk.headless_levels FILE NAME EDITS`.

It waits for a line on its standard input, makes random edits, some of them on levels that other desks made, and prints
each as JSON: what, id, when, price.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from crashdesk.config.level_store import LevelStore
from crashdesk.desk.levels.book import LevelBook, LevelKeeper, Levels
from crashdesk.model.clock import SystemClock
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import LevelEdit, Put

MOST_LEVELS = 12
PATIENCE_S = 60.0


class HeadlessDesk:
    """What `CrashDesk` and its errands do with edits, one after the other."""

    def __init__(self, file: Path, name: str) -> None:
        self._clock = SystemClock()
        self.store = LevelStore(file, self._clock.now_ms)
        self._name = name
        self._made = 0
        self._chance = random.Random(name)
        self.edits: list[LevelEdit] = []
        self._unsaved = ""
        self.keeper = LevelKeeper(LevelBook(self.store.load()[0]), self._changed, self._clock.now_ms)

    def _changed(self, edit: LevelEdit, _levels: Levels) -> None:
        self.edits.append(edit)
        news = self.store.save((edit,))
        self._unsaved = news.unsaved
        self.keeper.settle(news.levels, (edit,))

    def look(self) -> None:
        news = self.store.look()
        if news is not None:
            self._unsaved = news.unsaved
            self.keeper.settle(news.levels)

    def step(self) -> None:
        """One key of the trader's: an undo, a redo, a new level, another price or a deletion."""
        chance, levels = self._chance, self.keeper.book.levels
        draw = chance.random()
        if draw < 0.2:
            self.keeper.undo()
        elif draw < 0.25:
            self.keeper.redo()
        elif draw < 0.4 and len(levels) < MOST_LEVELS:
            self._made += 1
            now_ms = self._clock.now_ms()
            price = float(chance.randrange(1, 10**6))
            self.keeper.put(
                Level(f"{self._name}{self._made}", "BTC/USDT", price, LevelKind.LINE, self._name, now_ms, now_ms)
            )
        elif levels and draw < 0.85:
            self.keeper.put(chance.choice(levels)._replace(price=float(chance.randrange(1, 10**6))))
        elif levels:
            self.keeper.delete(chance.choice(levels).id)

    def run(self, count: int) -> None:
        while len(self.edits) < count:
            self.step()
            if self._chance.random() < 0.2:
                self.look()
        give_up = time.monotonic() + PATIENCE_S
        while self._unsaved and time.monotonic() < give_up:
            self.look()


def main() -> None:
    file, name, count = sys.argv[1:]
    desk = HeadlessDesk(Path(file), name)
    print("ready", flush=True)
    sys.stdin.readline()
    desk.run(int(count))
    for edit in desk.edits:
        price = edit.level.price if isinstance(edit, Put) else None
        print(json.dumps([type(edit).__name__, edit.id, edit.at_ms, price]))


if __name__ == "__main__":
    main()
