"""From frames to records and back: which record is of which kind, and what a decoder must remember between frames."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import cast

from crashdesk.model.records import (
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
from crashdesk.recording.candles import candles_of, decode_columns, encode_candles
from crashdesk.recording.cells import Cells
from crashdesk.recording.format import Codec, Header, Kind
from crashdesk.recording.liquidations import decode_liquidations, encode_liquidations
from crashdesk.recording.migrations import v1_to_v2
from crashdesk.recording.quotes import decode_quotes
from crashdesk.recording.quotes_2 import decode_quotes_2
from crashdesk.recording.small import Small, decode_small, encode_small
from crashdesk.recording.sound import safe_name
from crashdesk.recording.tables import decode_perps, encode_perps

KIND_OF: dict[type[Record], Kind] = {
    Session: Kind.SESSION,
    Instrument: Kind.INSTRUMENTS,
    Quote: Kind.QUOTES,
    PerpStats: Kind.PERPS,
    Candle: Kind.CANDLES,
    Liquidation: Kind.LIQUIDATIONS,
    Note: Kind.NOTES,
    PublishedLevel: Kind.LEVELS,
    Event: Kind.EVENTS,
    VenueHealth: Kind.HEALTH,
    Gap: Kind.GAPS,
    RowsSetAside: Kind.SET_ASIDE,
    PriceSource: Kind.SOURCES,
}
SMALL: dict[int, type[Small]] = {
    Kind.SESSION: Session,
    Kind.INSTRUMENTS: Instrument,
    Kind.NOTES: Note,
    Kind.LEVELS: PublishedLevel,
    Kind.EVENTS: Event,
    Kind.HEALTH: VenueHealth,
    Kind.GAPS: Gap,
    Kind.SET_ASIDE: RowsSetAside,
    Kind.SOURCES: PriceSource,
}
NAMED = frozenset({Kind.INSTRUMENTS, Kind.QUOTES, Kind.PERPS, Kind.CANDLES, Kind.LIQUIDATIONS})
"""Kinds whose records name an instrument by its id in the file (INSTRUMENTS: so that their order is the ids')."""

PAYLOAD_ERRORS = (ValueError, IndexError, KeyError, OverflowError, TypeError, struct.error)
"""What a payload raises that does not hold though its checksum does: not ours, or written behind lost frames."""

Number = Callable[[str, str], int]


class Lost(Exception):  # noqa: N818 - not an error: these quotes wait for the next KEY
    """Quotes that cannot be told because frames before them are lost."""


class Names(list[tuple[str, str]]):
    """Venue and symbol by the instrument's id in the file, and back."""

    __slots__ = ("_numbers",)

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(pairs)
        self._numbers = {pair: number for number, pair in enumerate(self)}

    def number(self, venue: str, symbol: str) -> int:
        """The id of an instrument. Raises KeyError when it has none."""
        return self._numbers[venue, symbol]

    def missing(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """Names in the records without an id, in order."""
        known = self._numbers
        pairs = ((record.venue, record.symbol) for record in cast("Sequence[Quote]", records))
        return list(dict.fromkeys(pair for pair in pairs if pair not in known))

    def put(self, first: int, pairs: Sequence[tuple[str, str]]) -> None:
        """Take names from id `first` on. Raises ValueError when names before them are not known."""
        if first > len(self):
            raise ValueError("names before these are lost")
        for number, pair in enumerate(pairs, first):
            if number < len(self):
                self[number] = pair
            else:
                self.append(pair)
            self._numbers[pair] = number


def encode_names(first: int, pairs: Sequence[tuple[str, str]]) -> bytes:
    """A NAMES payload."""
    return json.dumps([first, *pairs], separators=(",", ":")).encode("ascii")


def decode_names(payload: bytes) -> tuple[int, list[tuple[str, str]]]:
    """(first id, names that are safe to show). Raises ValueError or TypeError when it does not hold."""
    try:
        first, *pairs = json.loads(payload)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(first, int) or first < 0:
        raise ValueError("no first id")
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise ValueError("not names")
    return first, [(safe_name(venue), safe_name(symbol)) for venue, symbol in pairs]


def encode_records(kind: Kind, recv_ms: int, records: Sequence[Record], number: Number) -> bytes:
    """The payload of records of one kind, all but QUOTES. Raises OverflowError when a number does not fit."""
    if kind in SMALL:
        return encode_small(cast("Sequence[Small]", records))
    if kind is Kind.CANDLES:
        candles = cast("Sequence[Candle]", records)
        return encode_candles([(number(row.venue, row.symbol), row) for row in candles])
    if kind is Kind.PERPS:
        perps = cast("Sequence[PerpStats]", records)
        return encode_perps(recv_ms, [(number(row.venue, row.symbol), row) for row in perps])
    liquidations = cast("Sequence[Liquidation]", records)
    return encode_liquidations(recv_ms, [(number(row.venue, row.symbol), row) for row in liquidations])


class Decoder:
    """Reads frames in the order of the file; remembers names and the newest quotes.

    `lost` is set while frames are missing that later QUOTES build upon.
    """

    def __init__(self) -> None:
        self.names = Names()
        self.cells = Cells()
        self.lost = False

    def records(self, header: Header, payload: bytes) -> tuple[Record, ...]:
        """The records of a frame; none for a TICK, a kind without records or an unknown one.

        Raises Lost for quotes behind lost frames, and one of `PAYLOAD_ERRORS` when the payload does not hold.
        """
        kind, recv_ms = header.kind, header.recv_ms
        if kind == Kind.QUOTES:
            if self.lost:
                raise Lost
            self.lost = True  # until the payload is seen to hold
            decode = decode_quotes if header.codec == Codec.PARTS else decode_quotes_2
            rows = decode(self.cells, recv_ms, payload, self.names)
            self.lost = False
            return tuple(quote for _, quote in rows)
        if kind in SMALL:
            return decode_small(SMALL[kind], payload)
        if kind == Kind.LIQUIDATIONS:
            decode_rows = decode_liquidations if header.codec == Codec.PARTS else v1_to_v2.liquidations
            return tuple(decode_rows(recv_ms, payload, self.names))
        if kind == Kind.CANDLES:
            return tuple(candles_of(decode_columns(payload, self.names)))
        if kind == Kind.PERPS:
            return tuple(decode_perps(recv_ms, payload, self.names))
        if kind == Kind.NAMES:
            self.names.put(*decode_names(payload))
        return ()
