"""Moves a state along a recording: seek, play on, follow. No threads, no clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from crashdesk.model.basket import Baskets
from crashdesk.model.collecting import without_collecting
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.level import Level
from crashdesk.model.ports import Source
from crashdesk.model.records import Batch, Gap, Note, Quote, RowsSetAside, Session, VenueHealth
from crashdesk.model.series import DailySeries
from crashdesk.session.focus import Own
from crashdesk.session.found import FoundBook
from crashdesk.session.known import Known
from crashdesk.session.state import MarketState

Watcher = Callable[[MarketState, Batch], None]
"""Is shown every frame that is played, when the state holds it."""
_OF_THE_RECORDER = (VenueHealth, Gap, RowsSetAside, Session)
_NEVER = 1 << 62


class Player:
    """One state at one place of one recording. `state` is replaced by a seek; what `found` holds stays."""

    def __init__(
        self,
        source: Source,
        baskets: Baskets,
        poll_ms: Mapping[str, int] | None = None,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.source = source
        self._baskets = baskets
        self._poll_ms = poll_ms
        self._stopwatch = stopwatch
        self._own = Own()
        self.found = FoundBook()
        self._known = Known()
        self.state = self._fresh()
        self._offset = 0
        self._batches: Iterator[tuple[int, Batch]] = iter(())
        self._pending: tuple[int, Batch] | None = None
        self._told_ms: int | None = None

    def _fresh(self) -> MarketState:
        source = self.source
        state = MarketState(
            self._baskets, source.start_ms, self._poll_ms, source.chunk_rows, self._known, source.perps_at
        )
        state.own_levels, state.own_notes, state.own_series = self._own
        state.levels.found = self.found
        return state

    def set_own(self, own: Own) -> None:
        """The trader's own things, all of them; they survive a seek."""
        self._own = own
        self.state.own_levels, self.state.own_notes, self.state.own_series = own

    @property
    def own(self) -> Own:
        """The trader's own things."""
        return self._own

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """Other levels of the trader's own."""
        self.set_own(self._own._replace(levels=levels))

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """Other notes of the trader's own."""
        self.set_own(self._own._replace(notes=notes))

    def set_series(self, series: tuple[DailySeries, ...]) -> None:
        """Other daily series of the trader's own."""
        self.set_own(self._own._replace(series=series))

    def seek(self, at_ms: int) -> None:
        """Put the state at `at_ms`: everything received up to then, and the clock there. Raises RecordingError."""
        self._batches = iter(())  # given up before the source makes ready for others
        with without_collecting():
            point = self.source.state_at(at_ms)
            self.state = self._fresh()
            self.state.restore(point)
            self._offset, self._pending, self._told_ms = point.offset, None, None
            self._batches = self.source.batches(self._offset)
            self.play_to(at_ms)

    def _next(self) -> Batch | None:
        if self._pending is None:
            self._pending = next(self._batches, None)
        return self._pending[1] if self._pending is not None else None

    def _take(self, watcher: Watcher | None) -> None:
        if self._pending is not None:
            self._offset, batch = self._pending
            self._pending = None
            self.state.apply(batch)
            if watcher is not None:
                watcher(self.state, batch)

    def play_to(self, at_ms: int, budget_s: float | None = None, watcher: Watcher | None = None) -> bool:
        """Fold everything received up to `at_ms` and move the clock there; False when the time for it ran out.

        Out of time, the state stands at the last frame that was folded.
        """
        start = self._stopwatch()
        folded = 0
        while (batch := self._next()) is not None and batch.recv_ms <= at_ms:
            self._take(watcher)
            folded += 1
            if budget_s is not None and folded % 16 == 0 and self._stopwatch() - start > budget_s:
                return False
        self.state.tick(at_ms)
        return True

    def rush_to(self, at_ms: int, budget_s: float | None = None, watcher: Watcher | None = None) -> bool:
        """The same as `play_to`, but that of quotes only the newest are folded, at the end.

        `watcher` is not to ask for prices: they are old until then.
        """
        start = self._stopwatch()
        self._batches, self._pending, self._told_ms = iter(()), None, None  # given up before the source goes on
        folded, in_time, whole = 0, True, True
        for offset, batch in self.source.rush(self._offset, at_ms):
            if batch is None:
                whole = False
                break
            self._offset = offset
            self.state.apply(batch)
            if watcher is not None:
                watcher(self.state, batch)
            folded += 1
            if budget_s is not None and folded % 64 == 0 and self._stopwatch() - start > budget_s:
                in_time = False
                break
        if folded:
            self._land()
        else:
            self._batches = self.source.batches(self._offset)
        if not whole:
            return self.play_to(at_ms, budget_s, watcher)
        if in_time:
            self.state.tick(at_ms)
        return in_time

    def _land(self) -> None:
        """Take the quotes that were passed."""
        with without_collecting():
            point = self.source.land(self.state.now_ms)
            if point is not None:
                self.state.land(point)
                self._batches = self.source.batches(self._offset)
        if point is None:
            self.seek(self.state.now_ms)

    def follow(self, budget_s: float, watcher: Watcher | None = None) -> bool:
        """Fold frames appended since, for at most `budget_s`; False when there are more.

        Where the recording was closed and goes on in another one, `source` becomes that one, and the state the same.
        """
        start = self._stopwatch()
        for _ in range(2):
            folded = 0
            while self._next() is not None:
                self._take(watcher)
                folded += 1
                if folded % 16 == 0 and self._stopwatch() - start > budget_s:
                    return False
            if not self.source.refresh():
                return not self._go_on()
            self._batches = self.source.batches(self._offset)
        return False

    def _go_on(self) -> bool:
        """Whether the recording goes on in another one, which is then followed from the same moment on."""
        after = self.source.successor()
        if after is None:
            return False
        self.source.close()
        self.source, self._known = after, Known()
        self.seek(self.state.now_ms)
        return True

    def next_told_ms(self) -> int | None:
        """When the market was heard of next: ticks of the clock and the health of feeds go on while nothing comes.

        None behind the last frame that tells of it.
        """
        batch = self._next()
        if batch is None or _tells(batch):
            return batch.recv_ms if batch is not None else None
        if self._told_ms is None or self._told_ms <= self.state.now_ms:
            later = (batch.recv_ms for _, batch in self.source.batches(self._offset) if _tells(batch))
            self._told_ms = next(later, _NEVER)
        return self._told_ms if self._told_ms != _NEVER else None

    def level_times(self, symbol: str, at_ms: int) -> list[int]:
        """When something happened at the levels of a symbol, as far as a state at the checkpoint before `at_ms` knows.

        The levels are those that are known now.
        """
        state = self._fresh()
        state.levels.found = self.found.frozen()
        state.restore(self.source.restore(at_ms))
        state.tick(state.now_ms)
        row = next((row for row in state.rows() if row.symbol == symbol), None)
        return [item.ts_ms for item in state.level_items(row)] if row is not None else []

    def quote_time_after(self) -> int | None:
        """When the next quotes come."""
        batches = self.source.batches(self._offset)
        times = (batch.recv_ms for _, batch in batches if _has_quotes(batch) and batch.recv_ms > self.state.now_ms)
        return next(times, None)

    def quote_time_before(self) -> int | None:
        """When the quotes before the present ones came: the newest moment before the one that is shown."""
        now, at_ms = self.state.now_ms, self.state.now_ms - 1
        while at_ms >= self.source.start_ms:
            point = self.source.restore(at_ms)
            found = None
            for _, batch in self.source.batches(point.offset):
                if batch.recv_ms >= now:
                    break
                if _has_quotes(batch):
                    found = batch.recv_ms
            if found is not None:
                return found
            at_ms = min(point.recv_ms, at_ms - CHUNK_MS)
        return None


def _tells(batch: Batch) -> bool:
    """Whether a frame tells of the market, and not of the recorder alone."""
    return bool(batch.records) and not isinstance(batch.records[0], _OF_THE_RECORDER)


def _has_quotes(batch: Batch) -> bool:
    return bool(batch.records) and isinstance(batch.records[0], Quote)
