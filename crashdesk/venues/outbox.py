"""Where the worker's records go: straight to the sink, or into a bounded backlog while the disk refuses.

Liquidations in quick succession are gathered: a frame costs more than a row, and a frame of many packs better.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, EventKind, Liquidation, Record
from crashdesk.recording.disk import refusal_words
from crashdesk.venues.waiting import Part, Waiting

_MOST_AT_ONCE = 20_000
"""So many records in one append are written whole or not at all."""
_GATHER_S = 0.15
"""No row waits longer than that."""


class WorkerSink(Protocol):
    """What the worker writes to; `append` and `tick` may raise OSError and are then tried again."""

    def append(self, records: Sequence[Record]) -> None:
        """Commit records of one kind that came together."""
        ...

    def tick(self) -> None:
        """Commit that time has passed."""
        ...

    def sync(self) -> None:
        """Make what was committed safe on the disk."""
        ...


class Outbox:
    """Passes records on in order. While the sink raises OSError they wait, and polls pause (`ready`).

    `on_trouble` gets each error of the sink, and None when it takes records again.
    """

    def __init__(
        self, sink: WorkerSink, clock: Clock, on_trouble: Callable[[OSError | None], None] | None = None
    ) -> None:
        self._sink = sink
        self._clock = clock
        self._on_trouble = on_trouble
        self._waiting = Waiting()
        self._told: deque[Part] = deque()
        self._unfit = 0
        self._refused_ms: int | None = None
        self._why = ""
        self._ready = asyncio.Event()
        self._ready.set()
        self._gathered: list[Liquidation] = []
        self._some = asyncio.Event()

    @property
    def blocked(self) -> bool:
        """Whether the disk refuses at present."""
        return self._refused_ms is not None

    async def ready(self) -> None:
        """Returns when the sink takes records."""
        await self._ready.wait()

    def put(self, records: Sequence[Record]) -> None:
        """Commit records of one kind that came together, now or as soon as the disk takes them."""
        parts = self._parts(records)
        if not self.blocked:
            try:
                self._append_all(parts)
            except OSError as error:
                self._refused(error)
        for part in parts:
            self._waiting.put(part)

    def _parts(self, records: Sequence[Record]) -> deque[Part]:
        now, starts = self._clock.now_ms(), range(0, len(records), _MOST_AT_ONCE)
        return deque(Part(now, tuple(records[start : start + _MOST_AT_ONCE])) for start in starts)

    def put_soon(self, rows: Sequence[Liquidation]) -> None:
        """Commit liquidations in the order in which they came, with others that come within a tenth of a second."""
        if rows:
            self._gathered += rows
            self._some.set()

    async def run(self) -> None:
        """Commit what is gathered, the first rows at once, until cancelled."""
        while True:
            await self._some.wait()
            self._put_gathered()
            await asyncio.sleep(_GATHER_S)

    def _put_gathered(self) -> None:
        rows, self._gathered = self._gathered, []
        self._some.clear()
        self.put(rows)

    def tick(self) -> None:
        """A second has passed: tell the sink, and try again what waits."""
        self._put_gathered()
        try:
            self._flush()
            self._sink.tick()
        except OSError as error:
            self._refused(error)

    def sync(self) -> None:
        """Make what was committed safe on the disk."""
        if self.blocked:
            return
        try:
            self._sink.sync()
        except OSError as error:
            self._refused(error)

    def _append_all(self, parts: deque[Part]) -> None:
        """To the sink, in order; what it has is taken off, so that it is never written twice.

        Records with a number that its format cannot hold are found by halves and left out, which is told.
        """
        while parts or self._unfit:
            if not parts:
                parts += self._parts([self._left_out()])
            at_ms, records = parts[0]
            try:
                self._sink.append(records)
            except OverflowError:
                parts.popleft()
                middle = len(records) // 2
                if middle:
                    parts.extendleft((Part(at_ms, records[middle:]), Part(at_ms, records[:middle])))
                else:
                    self._unfit += 1
            else:
                parts.popleft()

    def _left_out(self) -> Event:
        count, self._unfit = self._unfit, 0
        now = self._clock.now_ms()
        text = f"{count} records left out: they cannot be recorded (a number out of range)"
        return Event(EventKind.WORKER, now, now, text)

    def _flush(self) -> None:
        if self._refused_ms is None:
            return
        waiting = self._waiting
        try:
            self._append_all(waiting.parts)
        finally:
            waiting.count()
        if not self._told:
            self._told = self._parts(waiting.gaps()) + self._parts([self._pause(self._refused_ms)])
        self._append_all(self._told)
        self._waiting, self._refused_ms = Waiting(), None
        self._ready.set()
        if self._on_trouble is not None:
            self._on_trouble(None)

    def _pause(self, since_ms: int) -> Event:
        now, lost = self._clock.now_ms(), self._waiting.lost
        text = f"recording paused for {max(0, now - since_ms) / 1000:.0f} s: {self._why}"
        return Event(EventKind.WORKER, since_ms, now, f"{text}; {lost:,} records set aside" if lost else text)

    def _refused(self, error: OSError) -> None:
        if self._refused_ms is None:
            self._refused_ms = self._clock.now_ms()
            self._ready.clear()
        self._why = refusal_words(error)
        if self._on_trouble is not None:
            self._on_trouble(error)
