"""`crashdesk show --watch`: a line for each row that changes while a recording grows."""

from __future__ import annotations

import io
import select
import stat
import threading
import time
from collections.abc import Iterable
from os import fstat
from pathlib import Path
from typing import TextIO

from crashdesk.brief.json_rows import Json
from crashdesk.cli.context import Context
from crashdesk.cli.showing.asked import Asked
from crashdesk.cli.showing.command import find_more
from crashdesk.cli.showing.panes import PaneMaker, tape_row
from crashdesk.cli.showing.writing import exact_json, line
from crashdesk.config.level_store import LevelStore
from crashdesk.model.records import Batch, Liquidation
from crashdesk.model.timeframe import DAY_MS
from crashdesk.recording.lock import is_held
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState

_SLICE_S = 0.05
_PAUSE_S = 0.25
_PICTURE_S = 1.0
_QUIET = frozenset(("quote_ts_ms", "last_message_ms", "connected_share"))
"""What changes with every sign of life: alone it makes no row another one."""


class Watch:
    """Writes the rows of one pane, then those that change.

    `path` is a recording that was named: the watch ends when nobody writes it any more. Without one it is the live
    recording, whose next recorder is waited for.
    """

    def __init__(self, context: Context, player: Player, maker: PaneMaker, asked: Asked, path: Path | None) -> None:
        self._context = context
        self._player = player
        self._maker = maker
        self._asked = asked
        self._path = path
        self._told: frozenset[str] = frozenset()
        self._shown: tuple[int, int] | None = None
        self._store = LevelStore(context.paths.levels_file, context.clock.now_ms)
        player.set_levels(self._store.load()[0])

    def run(self) -> int:
        """Watch to the end. Raises BrokenPipeError when the reader has left, RecordingError, KeyboardInterrupt."""
        reader = Reader(self._context.stdout)
        self._show()
        written = self._is_written()
        if not written:
            self._say_at_rest()
            if self._path is not None:
                return 0
        tape = self._asked.part == "tape"
        shown_at = looked_at = time.monotonic()
        while written or self._path is None:
            done = self._player.follow(_SLICE_S, self._orders if tape else None)
            now = time.monotonic()
            if not tape and now - shown_at >= _PICTURE_S:
                shown_at = now
                self._show()
            if done and now - looked_at >= _PICTURE_S:
                looked_at, before, written = now, written, self._is_written()
                if before and not written and self._path is None:
                    self._say_at_rest()
                self._look_at_levels()
            reader.wait(_PAUSE_S if done else 0.0)
        while not self._player.follow(_SLICE_S, self._orders if tape else None):
            reader.wait(0.0)
        if not tape:
            self._show()
        return 0

    def _is_written(self) -> bool:
        path = self._path if self._path is not None else self._context.paths.live_recording
        return is_held(path, self._context.paths.runtime_dir) is not None

    def _say_at_rest(self) -> None:
        if self._path is None:
            self._context.say("nobody records now: this is the last picture, the next recorder is waited for")
        else:
            self._context.say(f"{self._path} is not being written: this is how it ended, there is nothing to watch")

    def _show(self) -> None:
        """Write the rows that are not as they were; nothing when no frame came."""
        state = self._player.state
        stamp = (id(state), state.seq)
        if stamp == self._shown:
            return
        find_more(self._player, self._asked, self._context)
        self._shown = stamp
        rows = self._maker.shown(state).rows
        marks = [exact_json({name: value for name, value in row.items() if name not in _QUIET}) for row in rows]
        self._write(state.now_ms, (row for row, mark in zip(rows, marks, strict=True) if mark not in self._told))
        self._told = frozenset(marks)

    def _orders(self, state: MarketState, batch: Batch) -> None:
        """Write the orders of a frame, those of the last 24 h."""
        records = batch.records
        if records and isinstance(records[0], Liquidation):
            edge = state.now_ms - DAY_MS
            orders = (one for one in records if isinstance(one, Liquidation) and one.ts_ms > edge)
            self._write(state.now_ms, map(tape_row, orders))

    def _write(self, now_ms: int, rows: Iterable[Json]) -> None:
        out = self._context.stdout
        for row in rows:
            out.write(line(now_ms, row))
            out.flush()

    def _look_at_levels(self) -> None:
        """The trader's own levels, when they are others."""
        news = self._store.look()
        if news is None:
            return
        for warning in news.warnings:
            self._context.say(warning)
        self._player.set_levels(news.levels)
        self._shown = None


class Reader:
    """Whoever reads standard output. One that leaves is noticed while there is nothing to write, too."""

    def __init__(self, out: TextIO) -> None:
        self._poll: select.poll | None = None
        self._pause = threading.Event()
        try:
            mode = fstat(out.fileno()).st_mode
        except (OSError, io.UnsupportedOperation):
            return
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
            self._poll = select.poll()
            self._poll.register(out.fileno(), 0)

    def wait(self, seconds: float) -> None:
        """Wait. Raises BrokenPipeError when the reader has left."""
        if self._poll is None:
            self._pause.wait(seconds)
        elif self._poll.poll(seconds * 1000):
            raise BrokenPipeError
