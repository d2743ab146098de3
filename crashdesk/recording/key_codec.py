"""KEY frames: a `Ledger` as bytes.

The payload is sections, each a byte (the kind of its records, or one of the numbers below), a varint (its length) and
its bytes: NAMES, SESSION, PERPS, SOURCES, HEALTH and SET_ASIDE as in frames of their own; the newest quotes (module
`quotes_2`); 101 when each of these quotes came (deltas against the frame's recv_ms); 102 for each kind the frames that
still matter (kind, count, then offsets, times as deltas, and rows); 103 the recv_ms of the last frame with records or
tick (against the KEY's own) and the number of liquidations so far; 104 HEALTH rows, of each feed the newest one in the
frames that are too old to be listed (files of an early writer lack it). Unknown sections are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

from crashdesk.model.records import PriceSource, RowsSetAside, Session, VenueHealth
from crashdesk.recording.cells import Cells
from crashdesk.recording.codec import Names, decode_names, encode_names
from crashdesk.recording.format import FIRST_OFFSET, Kind
from crashdesk.recording.ledger import Ledger, Ref
from crashdesk.recording.numbers import (
    deltas,
    pack_varints,
    take,
    take_deltas,
    take_varint,
    unpack_varints,
)
from crashdesk.recording.quotes_2 import decode_quotes_2, encode_newest
from crashdesk.recording.small import decode_small, encode_small
from crashdesk.recording.sound import check_times
from crashdesk.recording.tables import decode_perps, encode_perps

_TIMES = 101
_REFS = 102
_CLOCK = 103
_HEALTH_BEFORE = 104
_FAR = 1 << 62


def encode_key(ledger: Ledger, recv_ms: int) -> tuple[bytes, Cells]:
    """(payload of a KEY frame at `recv_ms`, the cells that QUOTES behind it build upon)."""
    rows = [(number, quote) for number, (_, quote) in ledger.quotes.items()]
    quotes, cells = encode_newest(recv_ms, rows)
    number = ledger.names.number
    perps = [(number(row.venue, row.symbol), row) for row in dict.fromkeys(ledger.perps.values())]
    sections = {
        Kind.NAMES.value: encode_names(0, ledger.names),
        Kind.SESSION.value: encode_small([ledger.session]),
        Kind.QUOTES.value: quotes,
        _TIMES: pack_varints(deltas((came for came, _ in ledger.quotes.values()), recv_ms)),
        Kind.PERPS.value: encode_perps(recv_ms, perps),
        Kind.SOURCES.value: encode_small(list(ledger.sources.values())),
        Kind.HEALTH.value: encode_small(list(ledger.health.values())),
        Kind.SET_ASIDE.value: encode_small(list(ledger.set_aside.values())),
        _REFS: pack_varints(_refs(ledger, recv_ms)),
        _CLOCK: pack_varints((*deltas((ledger.recv_ms,), recv_ms), ledger.liquidations)),
        _HEALTH_BEFORE: encode_small(list(ledger.health_before.values())),
    }
    parts = [pack_varints((number, len(section))) + section for number, section in sections.items()]
    return b"".join(parts), cells


def _refs(ledger: Ledger, recv_ms: int) -> Iterator[int]:
    for kind, refs in ledger.refs.items():
        yield from (kind, len(refs))
        yield from deltas(ref.offset for ref in refs)
        yield from deltas((ref.recv_ms for ref in refs), recv_ms)
        yield from (ref.rows for ref in refs)


def decode_key(payload: bytes, recv_ms: int) -> Ledger:
    """The state that a KEY frame holds, but for the spans of candles. Raises `PAYLOAD_ERRORS` when it does not hold."""
    sections = _sections(payload)
    ledger = Ledger(decode_small(Session, sections[Kind.SESSION])[0])
    ledger.names = Names()
    ledger.names.put(*decode_names(sections[Kind.NAMES]))
    rows = decode_quotes_2(ledger.cells, recv_ms, sections[Kind.QUOTES], ledger.names)
    times = take_deltas(iter(unpack_varints(sections[_TIMES])), len(rows), recv_ms)
    check_times(times)
    ledger.quotes = {number: (came, quote) for (number, quote), came in zip(rows, times, strict=True)}
    for perp in decode_perps(recv_ms, sections[Kind.PERPS], ledger.names):
        ledger.note(Kind.PERPS, Ref(0, recv_ms, 1), [perp])
    ledger.sources = {row.symbol: row for row in decode_small(PriceSource, sections[Kind.SOURCES])}
    ledger.health = {(row.venue, row.feed): row for row in decode_small(VenueHealth, sections[Kind.HEALTH])}
    before = decode_small(VenueHealth, sections.get(_HEALTH_BEFORE, b"[]"))
    ledger.health_before = {(row.venue, row.feed): row for row in before}
    for row in decode_small(RowsSetAside, sections[Kind.SET_ASIDE]):
        ledger.set_aside[row.venue, row.feed, row.reason] = row
    _take_refs(iter(unpack_varints(sections[_REFS])), ledger, recv_ms)
    clock = iter(unpack_varints(sections[_CLOCK]))
    ledger.recv_ms = take_deltas(clock, 1, recv_ms)[0]
    check_times([ledger.recv_ms])
    ledger.liquidations = take(clock, 1)[0]
    return ledger


def _sections(payload: bytes) -> dict[int, bytes]:
    sections: dict[int, bytes] = {}
    at = 0
    while at < len(payload):
        number, at = take_varint(payload, at)
        length, at = take_varint(payload, at)
        if at + length > len(payload):
            raise ValueError("a section is cut off")
        if number in sections:
            raise ValueError("a section that is there twice")
        sections[number] = payload[at : at + length]
        at += length
    return sections


def _take_refs(stream: Iterator[int], ledger: Ledger, recv_ms: int) -> None:
    for number in stream:
        count = take(stream, 1)[0]
        offsets = take_deltas(stream, count)
        if len(set(offsets)) < count or not min(offsets, default=FIRST_OFFSET) >= FIRST_OFFSET:
            raise ValueError("frames that are listed twice or lie before the first one")
        if max(offsets, default=0) > _FAR:
            raise ValueError("a frame that lies beyond all files")
        times = take_deltas(stream, count, recv_ms)
        refs = [Ref(*parts) for parts in zip(offsets, times, take(stream, count), strict=True)]
        if number in set(Kind):
            ledger.refs[Kind(number)] = refs
