"""The one reducer: records in, the state of the market out. Live or replayed is all the same to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from crashdesk.model.basket import Baskets
from crashdesk.model.columns import InstrumentKey, Landing, Restore, Since
from crashdesk.model.level import Level
from crashdesk.model.note import NoteKind
from crashdesk.model.records import (
    Batch,
    Candle,
    Event,
    Gap,
    Instrument,
    Liquidation,
    Note,
    PerpStats,
    PriceSource,
    PublishedLevel,
    Quote,
    Record,
    RowsSetAside,
    Session,
    VenueHealth,
)
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.session.bars import ObservedBars
from crashdesk.session.candles import CandleBook
from crashdesk.session.chart import ChartBook
from crashdesk.session.events import EventKey, event_key
from crashdesk.session.health import HealthBook
from crashdesk.session.known import Known
from crashdesk.session.level_book import LevelBook
from crashdesk.session.level_items import level_items
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.levels import Stood
from crashdesk.session.liquidations.book import LiquidationBook
from crashdesk.session.liquidations.letting_go import ChunkRows
from crashdesk.session.past_perps import PastPerps, PerpsAt
from crashdesk.session.perps import PerpBook
from crashdesk.session.price_rows import PriceRows, price_key, row
from crashdesk.session.prices import PastPrices
from crashdesk.session.tape import Tape
from crashdesk.session.tickers import TickerBook
from crashdesk.session.views import TickerRow, TimelineItem

_USUAL_POLL_MS = 5_000
EVENTS_SHOWN_MS = 2 * DAY_MS
_EVENTS_KEPT_MS = 3 * DAY_MS


class MarketState:
    """All that is known of the market at `now_ms`, the time of the newest frame or of the clock."""

    def __init__(
        self,
        baskets: Baskets,
        start_ms: int,
        poll_ms: Mapping[str, int] | None = None,
        chunk_rows: ChunkRows | None = None,
        known: Known | None = None,
        perps_at: PerpsAt | None = None,
    ) -> None:
        """`poll_ms` is how often each venue is polled, where that is known.

        `chunk_rows` and `perps_at` are those of the recording.

        `known` is that of an earlier state of the same recording. `moved` changes with every frame but those of
        liquidations; `listed` when symbols, instruments, price sources or the order of venues are others.
        """
        known = known or Known()
        self.baskets = baskets
        self._poll_ms = poll_ms or {}
        self.start_ms = start_ms
        self.now_ms = 0
        self.seq = 0
        self.moved = 0
        self.listed = 0
        self.session: Session | None = None
        self.instruments: dict[InstrumentKey, Instrument] = {}
        self.quotes: dict[InstrumentKey, tuple[int, Quote]] = {}
        self.perps = PerpBook()
        self.past_perps = PastPerps(perps_at, known.perps)
        self.sources: dict[str, str] = {}
        self.venue_recv_ms: dict[str, int] = {}
        self.candles = CandleBook()
        self.bars = ObservedBars(known.bars)
        self.past = PastPrices(self.candles, self.bars)
        self.tickers_book = TickerBook(self.candles, self.past, known.days)
        self._rows = PriceRows()
        self.chart = ChartBook(self.candles)
        self.levels = LevelBook(self.candles, self.past, known.days)
        self.liquidations = LiquidationBook(chunk_rows, known.liquidations)
        self.tape = Tape()
        self.health = HealthBook()
        self.notes: dict[str, Note] = {}
        self.events: dict[EventKey, Event] = {}
        self._tidied = 0
        self.published: dict[tuple[str, float, str], PublishedLevel] = {}
        self.own_levels: tuple[Level, ...] = ()
        self.own_notes: tuple[Note, ...] = ()
        self.own_series: tuple[DailySeries, ...] = ()

    def restore(self, point: Restore) -> None:
        """Take a checkpoint; only for a state that has folded nothing yet."""
        self.now_ms, self.session = point.recv_ms, point.session
        self.bars.restore(point.chunks, point.hours)
        self.bars.advance(point.recv_ms)
        now_ms = point.since.recv_ms if point.since is not None else point.recv_ms
        # at once where the clock is going to stand: an edge that moves on cuts other chunks, and their rows are read
        self.liquidations.restore(point.chunks, now_ms, point.liquidations_before, point.hours)
        for columns in point.candles:
            self.candles.load(columns)
        self._take_quotes(point.quotes)
        small: tuple[Iterable[Record], ...] = (
            point.instruments,
            point.perps,
            point.sources,
            point.notes,
            point.levels,
            point.events,
            point.gaps,
            point.health,
            point.set_aside,
        )
        for records in small:
            for record in records:
                self._fold(record)
        self.health.begin(point.session)
        if point.since is not None:
            self._catch_up(point.since)

    def _catch_up(self, since: Since) -> None:
        for batch in since.batches:
            self.apply(batch)
        self.tick(since.recv_ms)
        self.seq = since.seq
        self.bars.see_all(since.bars, since.minutes)
        self.liquidations.add_columns(since.liquidations)

    def apply(self, batch: Batch) -> None:
        """Fold one frame: the clock moves to its `recv_ms`, then its records count."""
        self.tick(batch.recv_ms)
        self.seq = batch.seq
        if batch.records and isinstance(batch.records[0], Liquidation):
            # a frame holds records of one kind
            self.liquidations.add_many(cast("tuple[Liquidation, ...]", batch.records))
            return
        self.moved += 1
        for record in batch.records:
            self._fold(record)

    def land(self, point: Landing) -> None:
        """Take the quotes that came up to now, after frames that lacked them."""
        self.bars.restore(point.chunks, point.hours)
        self.bars.advance(self.now_ms)
        self.bars.see_all(point.bars, point.minutes)
        self._take_quotes(point.quotes)

    def _take_quotes(self, quotes: Iterable[tuple[int, Quote]]) -> None:
        self.moved += 1
        self.listed += 1
        for recv_ms, quote in quotes:
            self.quotes[(quote.venue, quote.symbol)] = (recv_ms, quote)
            self.venue_recv_ms[quote.venue] = max(self.venue_recv_ms.get(quote.venue, 0), recv_ms)

    def tick(self, now_ms: int) -> None:
        """Move the clock on without records; windows expire by it."""
        if now_ms <= self.now_ms:
            return
        self.now_ms = now_ms
        self.bars.advance(now_ms)
        self.liquidations.advance(now_ms)
        if now_ms // HOUR_MS != self._tidied:
            self._tidied = now_ms // HOUR_MS
            self.health.advance(now_ms)
            kept = now_ms - _EVENTS_KEPT_MS
            self.events = {key: event for key, event in self.events.items() if event.end_ms >= kept}

    def stale_ms(self, venue: str) -> int:
        """How old a venue's newest data may be: three polls."""
        return 3 * self._poll_ms.get(venue, _USUAL_POLL_MS)

    def recorded_notes(self) -> tuple[Note, ...]:
        """The notes of the recording; of news those of the last day."""
        news, since = NoteKind.NEWS.value, self.now_ms - DAY_MS
        return tuple(note for note in self.notes.values() if note.kind != news or note.ts_ms > since)

    def shown_notes(self) -> tuple[Note, ...]:
        """The trader's own notes that are not later than the clock."""
        return tuple(note for note in self.own_notes if note.ts_ms <= self.now_ms)

    def recent_events(self) -> tuple[Event, ...]:
        """Events that ended in the last two days, each as it was told last, by their start."""
        recent = [item for item in self.events.items() if item[1].end_ms >= self.now_ms - EVENTS_SHOWN_MS]
        return tuple(event for _, event in sorted(recent))

    def _fold(self, record: Record) -> None:
        if isinstance(record, Quote):
            self._quote(record)
        elif isinstance(record, Liquidation):
            self.liquidations.add_many((record,))
        elif isinstance(record, Candle):
            self.candles.revise(record)
        elif isinstance(record, PerpStats):
            self.perps.fold(record)
        else:
            self._fold_rare(record)

    def _fold_rare(self, record: Record) -> None:
        match record:
            case Instrument():
                self.instruments[(record.venue, record.symbol)] = record
                self.listed += 1
            case PriceSource():
                self.sources[record.symbol] = record.venue
                self.listed += 1
            case Note():
                self.notes[record.id] = record
            case PublishedLevel():
                self.published[(record.symbol, record.price, record.source)] = record
            case Event():
                self.events[event_key(record)] = record
            case VenueHealth():
                self.health.health(record)
            case Gap():
                self.health.gap(record)
            case RowsSetAside():
                self.health.set_aside(record)
            case Session():
                self.session = record
                self.listed += 1
                self.health.begin(record)

    def _quote(self, quote: Quote) -> None:
        key = (quote.venue, quote.symbol)
        known = self.quotes.get(key)
        if known is None or self.now_ms - known[0] > DAY_MS:
            self.listed += 1
        self.quotes[key] = (self.now_ms, quote)
        self.venue_recv_ms[quote.venue] = self.now_ms
        self.bars.see(key, quote.last, self.now_ms)

    def venue_order(self) -> tuple[str, ...]:
        """Venues in the order of preference for prices."""
        return self.session.venue_order if self.session else ()

    def price_key(self, symbol: str) -> InstrumentKey | None:
        """The instrument that speaks for a symbol: at its price venue; None when it was not quoted in the last 24 h."""
        return price_key(self, symbol)

    def row(self, key: InstrumentKey) -> TickerRow:
        """The row of an instrument that was quoted."""
        return row(self, key)

    def rows(self) -> tuple[TickerRow, ...]:
        """One row a symbol at its price venue, if it was quoted in the last 24 h, the largest coins first.

        The very same object while nothing in it changed.
        """
        return self._rows.of(self)

    def symbols_with_levels(self) -> tuple[str, ...]:
        """Symbols that have a published level or one of the trader's own, by name."""
        symbols = {level.symbol for level in self.published.values()}
        return tuple(sorted(symbols.union(level.symbol for level in self.own_levels)))

    def levels_of(self, row: TickerRow | None, symbol: str, *, found: bool = True) -> tuple[Stood, ...]:
        """All levels of a symbol with their states, highest price first. `row` is its ticker, if there is one.

        `found` tells whether the levels that candles show are among them.
        """
        published = [level for level in self.published.values() if level.symbol == symbol]
        own = [level for level in self.own_levels if level.symbol == symbol]
        return self.levels.rows(row, symbol, self.now_ms, published, own, found=found)

    def level_rows(self, row: TickerRow | None, symbol: str, *, found: bool = True) -> tuple[LevelRow, ...]:
        """The same without the timeframes whose closes breach them."""
        return tuple(stood.row for stood in self.levels_of(row, symbol, found=found))

    def level_items(self, row: TickerRow, stood: Sequence[Stood] | None = None) -> tuple[TimelineItem, ...]:
        """What happened at the levels of a ticker's symbol, for the timeline; `stood` where they are known."""
        daily = self.levels.daily((row.venue, row.symbol))
        return level_items(row, self.levels_of(row, row.symbol) if stood is None else stood, daily, self.now_ms)

    def ladder(self, row: TickerRow | None, symbol: str, stood: Sequence[Stood] | None = None) -> LadderView:
        """The level ladder of a symbol; `stood` where its levels are known."""
        daily = self.levels.daily((row.venue, row.symbol)) if row else None
        return LadderView(
            symbol=symbol,
            price_decimals=row.price_decimals if row else 2,
            last=row.last if row else None,
            atr=daily.atr if daily else None,
            rows=tuple(one.row for one in (self.levels_of(row, symbol) if stood is None else stood)),
        )
