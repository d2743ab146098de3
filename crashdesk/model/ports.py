"""Ports: what the rooms ask of each other without knowing each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from crashdesk.model.level import FoundLevel, LevelAsk
from crashdesk.model.marks import Event, Gap, Note

if TYPE_CHECKING:
    from crashdesk.model.columns import Landing, LiquidationColumns, Restore
    from crashdesk.model.records import Batch, PerpStats, Session


class Clock(Protocol):
    """Where the time comes from."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        ...


class Source(Protocol):
    """A recording that is read, finished or growing."""

    @property
    def session(self) -> Session:
        """The newest session header."""
        ...

    @property
    def start_ms(self) -> int:
        """`recv_ms` of the first frame."""
        ...

    @property
    def end_ms(self) -> int:
        """`recv_ms` of the last whole frame seen so far."""
        ...

    def close(self) -> None:
        """Let go of it; doing it twice is harmless."""
        ...

    def refresh(self) -> bool:
        """Look for frames appended since; True if there are any."""
        ...

    def successor(self) -> Source | None:
        """The recording in which this one goes on since it was closed, opened; None: there is none (yet)."""
        ...

    def restore(self, at_ms: int) -> Restore:
        """The last checkpoint at or before `at_ms`."""
        ...

    def state_at(self, at_ms: int) -> Restore:
        """The same with what came since the checkpoint, as far as it is not later than `at_ms` and can be had at once.

        `batches` goes on behind it: some frames of that time may be left.
        """
        ...

    def batches(self, offset: int) -> Iterator[tuple[int, Batch]]:
        """(offset behind the frame, batch) of every whole frame from `offset` to the present end."""
        ...

    def rush(self, offset: int, at_ms: int) -> Iterator[tuple[int, Batch | None]]:
        """The same up to `at_ms`, for those who hurry: of quotes only that they came (a batch without records).

        Liquidations have no raw payload. None for a batch: from here on it must be played.
        """
        ...

    def land(self, at_ms: int) -> Landing | None:
        """The quotes that a `rush` to its batch of `at_ms` left out; `batches` goes on behind it.

        None when they cannot be had without playing.
        """
        ...

    def perps_at(self, at_ms: int) -> tuple[PerpStats, ...]:
        """Funding and open interest as of the last checkpoint at or before `at_ms`; nothing before the first one."""
        ...

    def chunk_rows(self, number: int) -> LiquidationColumns | None:
        """The liquidations received in a chunk, in the order they came; None while it is not rolled up or damaged."""
        ...

    def minute_totals(self) -> dict[int, tuple[int, int, int]]:
        """Minute of the rows' own time to (long, short in micro-dollars, orders), over the whole recording."""
        ...

    def marks(self) -> tuple[Event | Note | Gap, ...]:
        """Events, notes and gaps of the whole recording, in the order they came."""
        ...


class LevelFinder(Protocol):
    """Finds key levels, somewhere where it is in nobody's way."""

    def find(
        self, asks: Sequence[LevelAsk], answer: Callable[[Sequence[tuple[LevelAsk, tuple[FoundLevel, ...]]]], None]
    ) -> None:
        """Returns at once. `answer` gets what was found, on another thread, in one or several calls.

        What could not be found out is not answered.
        """
        ...
