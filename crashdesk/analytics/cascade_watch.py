"""The records of a recording, in the order of their coming, through the detector of cascades.

Whoever writes a recording (the recorder, a scenario, a copy that recomputes) folds what it writes and appends what
comes out. The same records give the same cascades.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crashdesk.analytics.cascade_flow import SECOND_MS
from crashdesk.analytics.cascade_prices import PriceTracks
from crashdesk.analytics.cascades import CascadeDetector
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.columns import Restore
from crashdesk.model.records import Batch, Event, Liquidation, PriceSource, Quote, Record
from crashdesk.model.timeframe import MINUTE_MS


class CascadeWatch:
    """Folds records as they come and says when a cascade begins, goes on and has ended."""

    def __init__(self, settings: CascadeSettings) -> None:
        self._prices = PriceTracks()
        self._detector = CascadeDetector(settings, self._prices)
        self._second = 0

    def restore(self, point: Restore) -> None:
        """Take a checkpoint; only for a watch that has folded nothing yet. Loads the minute bars of its chunks."""
        for source in point.sources:
            self._prices.source(source.symbol, source.venue)
        for chunk in (*(chunk for hour in point.hours for chunk in hour.load_chunks()), *point.chunks):
            watched: set[int] = set()
            for (venue, symbol), bars in chunk.load_bars().items():
                for bar in bars:
                    self._prices.see(venue, symbol, (bar.minute + 1) * MINUTE_MS - 1, bar.close)
                    watched.add(bar.minute)
            sums = chunk.liquidations.minutes.items() if chunk.liquidations is not None else ()
            self._detector.flow.load(((minute, long + short) for minute, (long, short, _) in sums), watched)

    def fold(self, now_ms: int, records: Sequence[Record]) -> tuple[Event, ...]:
        """Records that came at `now_ms` (never earlier than before). Cascades in them are left out.

        Gives the events that are to be written at `now_ms`; one replaces the earlier one of the same start and symbol.
        """
        told: Event | None = None
        second = now_ms // SECOND_MS
        if second > self._second:
            # the orders of this very second may still be coming: it is judged when it is over
            self._second = second
            self._detector.flow.watch(now_ms)
            told = self._detector.advance(second * SECOND_MS)
        liquidations: list[Liquidation] = []
        see = self._prices.see
        for record in records:
            if isinstance(record, Quote):
                see(record.venue, record.symbol, now_ms, record.last)
            elif isinstance(record, Liquidation):
                liquidations.append(record)
            elif isinstance(record, PriceSource):
                self._prices.source(record.symbol, record.venue)
        if liquidations:
            self._detector.add(liquidations)
        return () if told is None else (told,)


def cascades_of(batches: Iterable[Batch], settings: CascadeSettings) -> tuple[Event, ...]:
    """The cascades of a whole recording, each as it was told last, by their start. `batches` are all its frames.

    A recording that ends in a cascade holds it as far as it went.
    """
    watch = CascadeWatch(settings)
    found: dict[tuple[int, str | None], Event] = {}
    for batch in batches:
        for event in watch.fold(batch.recv_ms, batch.records):
            found[event.start_ms, event.symbol] = event
    return tuple(sorted(found.values(), key=lambda event: event.start_ms))
