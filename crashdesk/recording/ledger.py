"""What a writer knows of its recording: everything that the next checkpoint must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, cast

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import (
    Candle,
    Feed,
    Liquidation,
    PerpStats,
    PriceSource,
    Quote,
    Record,
    RowsSetAside,
    Session,
    VenueHealth,
)
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.candles import SeriesKey, Span
from crashdesk.recording.cells import Cells
from crashdesk.recording.codec import Names
from crashdesk.recording.format import Kind
from crashdesk.recording.rollup import LiquidationRows, LiquidationSums, MinuteBars

SPAN_MS = 25 * HOUR_MS
"""How far back roll-ups and changes of health are listed in a checkpoint."""
LISTED = (
    Kind.INSTRUMENTS,
    Kind.CANDLES,
    Kind.NOTES,
    Kind.LEVELS,
    Kind.EVENTS,
    Kind.GAPS,
    Kind.HEALTH,
    Kind.ROLLUP,
    Kind.HOUR,
)
"""Kinds whose frames a checkpoint points to."""
RECENT = frozenset({Kind.HEALTH, Kind.ROLLUP, Kind.HOUR})
"""Those of them that are listed for `SPAN_MS` only."""


class Ref(NamedTuple):
    """Where a frame is that still matters."""

    offset: int
    recv_ms: int
    rows: int


class Tally:
    """The roll-up of a chunk that still runs."""

    def __init__(self) -> None:
        self.bars = MinuteBars()
        self.sums = LiquidationSums()
        self.rows = LiquidationRows()
        self.frames: list[int] = []
        """Where the frames of these rows start."""

    def add_quotes(self, recv_ms: int, quotes: Sequence[Quote]) -> None:
        """Fold quotes that came at `recv_ms`."""
        self.bars.add(recv_ms, quotes)

    def add_liquidations(self, offset: int, rows: Sequence[Liquidation]) -> None:
        """Fold the liquidations of the frame at `offset`."""
        self.frames.append(offset)
        self.sums.add(rows)
        self.rows.add(rows)


class Ledger:
    """The state of a recording behind its last frame. `note` it every frame that was written, in order."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.recv_ms = 0
        self.liquidations = 0
        self.names = Names()
        self.cells = Cells()
        self.quotes: dict[int, tuple[int, Quote]] = {}
        self.perps: dict[tuple[str, str, int], PerpStats] = {}
        self.sources: dict[str, PriceSource] = {}
        self.health: dict[tuple[str, Feed], VenueHealth] = {}
        self.health_before: dict[tuple[str, Feed], VenueHealth] = {}
        """The newest row of each feed in the HEALTH frames that are not listed any more."""
        self.set_aside: dict[tuple[str, Feed, str], RowsSetAside] = {}
        self.refs: dict[Kind, list[Ref]] = {kind: [] for kind in LISTED}
        self.spans: dict[int, tuple[Span, ...]] = {}
        self.tallies: dict[int, Tally] = {}

    def note(self, kind: Kind, ref: Ref, records: Sequence[Record]) -> None:
        """Take in a frame with its records (for QUOTES those that it holds, `cells` is the caller's)."""
        self.recv_ms = ref.recv_ms
        if kind is Kind.QUOTES:
            self._note_quotes(ref.recv_ms, cast("Sequence[Quote]", records))
        elif kind is Kind.LIQUIDATIONS:
            self.liquidations += len(records)
            self._tally(ref.recv_ms).add_liquidations(ref.offset, cast("Sequence[Liquidation]", records))
        elif kind is Kind.PERPS:
            for row in cast("Sequence[PerpStats]", records):
                self._note_perp(row)
        elif kind is Kind.HEALTH:
            if self._note_health(cast("Sequence[VenueHealth]", records)):
                self.refs[kind].append(ref)
        elif kind is Kind.CANDLES:
            self.list_candles(ref, spans_of_records(cast("Sequence[Candle]", records)))
        elif kind in self.refs:
            self.refs[kind].append(ref)
        else:
            self._note_newest(records)

    def _tally(self, recv_ms: int) -> Tally:
        return self.tallies.setdefault(recv_ms // CHUNK_MS, Tally())

    def _note_quotes(self, recv_ms: int, quotes: Sequence[Quote]) -> None:
        number = self.names.number
        for quote in quotes:
            self.quotes[number(quote.venue, quote.symbol)] = (recv_ms, quote)
        self._tally(recv_ms).add_quotes(recv_ms, quotes)

    def _note_perp(self, row: PerpStats) -> None:
        # Funding and open interest may come in rows of their own: the newest of each is kept.
        for part, value in enumerate((row.funding_rate, row.open_interest_usd)):
            if value is not None:
                self.perps.pop((row.venue, row.symbol, part), None)
                self.perps[row.venue, row.symbol, part] = row

    def _note_health(self, rows: Sequence[VenueHealth]) -> bool:
        changed = False
        for row in rows:
            before = self.health.pop((row.venue, row.feed), None)
            self.health[row.venue, row.feed] = row
            changed = changed or is_change(before, row)
        return changed

    def _note_newest(self, records: Sequence[Record]) -> None:
        for row in records:
            if isinstance(row, Session):
                self.session = row
            elif isinstance(row, PriceSource):
                self.sources.pop(row.symbol, None)
                self.sources[row.symbol] = row
            elif isinstance(row, RowsSetAside):
                self.set_aside[row.venue, row.feed, row.reason] = row

    def list_candles(self, ref: Ref, spans: tuple[Span, ...]) -> None:
        """List a CANDLES frame; those that it makes superfluous are dropped."""
        kept = []
        for old in self.refs[Kind.CANDLES]:
            if all(any(new.covers(span) for new in spans) for span in self.spans.get(old.offset, ())):
                self.spans.pop(old.offset, None)
            else:
                kept.append(old)
        self.refs[Kind.CANDLES] = [*kept, ref]
        self.spans[ref.offset] = spans

    def replace_run(self, kind: Kind, run: slice, digests: Sequence[tuple[Ref, tuple[Span, ...]]]) -> None:
        """List digests, and what candles they hold, in the place of the frames that they gathered."""
        refs = self.refs[kind]
        gone, refs[run] = refs[run], [ref for ref, _ in digests]
        if kind is Kind.CANDLES:
            for ref in gone:
                self.spans.pop(ref.offset, None)
            self.spans.update((ref.offset, spans) for ref, spans in digests)
            self._drop_covered()

    def _drop_covered(self) -> None:
        """Drop the CANDLES frames of which the later ones tell every candle again."""
        later: dict[SeriesKey, list[Span]] = {}
        kept = []
        for ref in reversed(self.refs[Kind.CANDLES]):
            spans = self.spans.get(ref.offset, ())
            if all(any(new.covers(span) for new in later.get(span.series, ())) for span in spans):
                self.spans.pop(ref.offset, None)
                continue
            kept.append(ref)
            for span in spans:
                later.setdefault(span.series, []).append(span)
        self.refs[Kind.CANDLES] = kept[::-1]

    def close_hour(self, ref: Ref, gone: Iterable[Ref]) -> None:
        """List an HOUR in the place of its ROLLUPs."""
        offsets = {rollup.offset for rollup in gone}
        self.refs[Kind.ROLLUP] = [rollup for rollup in self.refs[Kind.ROLLUP] if rollup.offset not in offsets]
        self.refs[Kind.HOUR].append(ref)

    def expire(self, read_health: Callable[[Ref], Iterable[VenueHealth]]) -> None:
        """Drop what lies further back than a checkpoint reaches, but for what each feed was at that time.

        `read_health` gives the rows of a HEALTH frame.
        """
        edge = self.recv_ms - SPAN_MS
        for ref in self.refs[Kind.HEALTH]:
            if ref.recv_ms < edge:
                self.health_before.update(((row.venue, row.feed), row) for row in read_health(ref))
        for kind in RECENT:
            self.refs[kind] = [ref for ref in self.refs[kind] if ref.recv_ms >= edge]


def is_change(before: VenueHealth | None, row: VenueHealth) -> bool:
    """Whether a row of health tells more than that a feed still lives."""
    return before is None or (before.state, before.method, before.since_ms) != (row.state, row.method, row.since_ms)


def spans_of_records(candles: Sequence[Candle]) -> tuple[Span, ...]:
    """What a frame with these candles holds of each series."""
    times: dict[tuple[str, str, object], tuple[Candle, set[int]]] = {}
    for row in candles:
        times.setdefault((row.venue, row.symbol, row.timeframe), (row, set()))[1].add(row.open_ms)
    spans = []
    for row, found in times.values():
        first, last = min(found), max(found)
        whole = len(found) == (last - first) // row.timeframe.ms + 1
        spans.append(Span((row.venue, row.symbol, row.timeframe), first, last, whole))
    return tuple(spans)
