"""Open interest of the past, from the checkpoints of the recording: a window back from the present 5 minutes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from crashdesk.model.columns import CHUNK_MS, InstrumentKey
from crashdesk.model.records import PerpStats
from crashdesk.session.perps import PerpBook

_MOST_KEPT = 16
PerpsAt = Callable[[int], tuple[PerpStats, ...]]
"""See `Source.perps_at`."""


class KnownPerps:
    """What the last checkpoints that were asked for said: it is found out once for all seeks."""

    def __init__(self) -> None:
        self._books: OrderedDict[int, PerpBook] = OrderedDict()

    def of(self, at_ms: int, load: PerpsAt) -> PerpBook:
        """The figures known at a time."""
        book = self._books.pop(at_ms, None)
        if book is None:
            book = PerpBook()
            for record in load(at_ms):
                book.fold(record)
        self._books[at_ms] = book
        if len(self._books) > _MOST_KEPT:
            self._books.popitem(last=False)
        return book


class PastPerps:
    """Answers of one recording; without one (`load` is None) nothing is known of the past."""

    def __init__(self, load: PerpsAt | None, known: KnownPerps) -> None:
        self._load = load
        self._known = known

    def interest(self, key: InstrumentKey, now_ms: int, back_ms: int) -> float | None:
        """Open interest in USD so long before the present 5 minutes began; None where none was half an hour old."""
        if self._load is None:
            return None
        at_ms = now_ms // CHUNK_MS * CHUNK_MS - back_ms
        return self._known.of(at_ms, self._load).interest(key, at_ms)
