"""A new file for every UTC day, while the recorder goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import CrashdeskError
from crashdesk.model.records import Event, EventKind
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.recording.roll import NextFile, day_of
from crashdesk.recording.writer import RecordingWriter

_AGAIN_MS = 10 * MINUTE_MS


class Turn(NamedTuple):
    """The writer to go on with, and what is to be told."""

    writer: RecordingWriter
    events: tuple[Event, ...] = ()


class DayRoller:
    """Makes the next file on a thread of its own and goes over to it. What goes wrong is told; recording goes on."""

    def __init__(self, path: Path, day: int, rolled: Callable[[int], tuple[Event, ...]] | None = None) -> None:
        """`day` is the one that the recording at `path` holds; `rolled` is asked after each change of files (now)."""
        self._path = path.resolve()
        self._day = day
        self._rolled = rolled
        self._again_ms = 0
        self._next: NextFile | None = None
        self._thread: threading.Thread | None = None
        self._error = ""

    def turn(self, writer: RecordingWriter, now_ms: int) -> Turn:
        """To be called before each write."""
        if self._next is not None and self._thread is not None:
            return Turn(writer) if self._thread.is_alive() else self._finish(self._next, writer, now_ms)
        if day_of(now_ms) > self._day and now_ms >= self._again_ms:
            self._begin(now_ms)
        return Turn(writer)

    def _begin(self, now_ms: int) -> None:
        self._error = "it was not finished"
        new = self._next = NextFile(self._path, day_of(now_ms) * DAY_MS)
        self._thread = threading.Thread(target=self._prepare, args=(new,), name="next-file", daemon=True)
        self._thread.start()

    def _prepare(self, new: NextFile) -> None:
        try:
            new.prepare()
            self._error = ""
        except Exception as error:  # noqa: BLE001 - whatever it is, recording goes on in the old file
            self._error = _words(error)

    def _finish(self, new: NextFile, writer: RecordingWriter, now_ms: int) -> Turn:
        self._next = None
        try:
            if not self._error:
                after = new.take_over(writer, self._day, now_ms)
                self._day = day_of(now_ms)
                return Turn(after, self._rolled(now_ms) if self._rolled is not None else ())
        except Exception as error:  # noqa: BLE001 - as above
            self._error = _words(error)
        new.give_up()
        self._again_ms = now_ms + _AGAIN_MS
        text = f"no new file for the day, tried again in {_AGAIN_MS // MINUTE_MS} min: {self._error}"
        return Turn(writer, (Event(EventKind.WORKER, now_ms, now_ms, text),))

    def stop(self) -> None:
        """Recording ends: what is not finished is given up."""
        if self._next is None or self._thread is None:
            return
        self._next.stop()
        self._thread.join()
        self._next.give_up()
        self._next = None


def _words(error: Exception) -> str:
    known = isinstance(error, (CrashdeskError, OSError))
    return str(error) if known else f"an error of the program: {type(error).__name__}: {error}"
