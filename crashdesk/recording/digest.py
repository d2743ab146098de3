"""Digests: many small frames of one kind gathered into one, so that a checkpoint lists few.

A run of frames in a checkpoint's list is gathered when it is long for frames of its size (tier t holds up to
16 ** (t + 1) rows; a run of tiers 0 to t counts as long from 16 * (t + 1) frames on), so each record is written again
a few times at most, however long the recording grows. Candles become one digest for each timeframe: days that are told
again each hour make those of the hour before superfluous, and would not if minutes lay among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crashdesk.model.columns import CandleColumns
from crashdesk.model.records import Event, Instrument, VenueHealth
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.candles import CandleBook, Span, decode_columns, encode_columns, in_order, spans_of
from crashdesk.recording.codec import PAYLOAD_ERRORS, SMALL, Names
from crashdesk.recording.events import newest_events
from crashdesk.recording.format import MAX_PLAIN, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import RECENT, Ref
from crashdesk.recording.small import Small, decode_small, encode_small

_FAN = 16
_TIERS = 4
_MOST_ROWS = 500_000


class Digest(NamedTuple):
    """The payload of a digest, its number of records, and what it holds if these are candles."""

    payload: bytes
    rows: int
    spans: tuple[Span, ...] = ()


def long_run(kind: Kind, refs: list[Ref]) -> slice | None:
    """The frames of a checkpoint's list that should become one; None when the list is short enough."""
    if kind in RECENT:
        return None
    for tier in range(_TIERS):
        for run in _runs(refs, tier):
            many = run.stop - run.start >= _FAN * (tier + 1)
            if many and sum(ref.rows for ref in refs[run]) <= _MOST_ROWS:
                return run
    return None


def _runs(refs: list[Ref], tier: int) -> Iterator[slice]:
    start = 0
    for place, ref in enumerate([*refs, Ref(0, 0, 1 << 62)]):
        if _tier(ref.rows) > tier:
            yield slice(start, place)
            start = place + 1


def _tier(rows: int) -> int:
    return (max(rows, 1).bit_length() - 1) // 4


def health_rows(ref: Ref, file: FrameFile | None) -> tuple[VenueHealth, ...]:
    """The rows of a HEALTH frame; none when it does not hold."""
    found = file.frame(ref.offset) if file is not None else None
    try:
        return decode_small(VenueHealth, found.payload) if found is not None else ()
    except PAYLOAD_ERRORS:
        return ()


def gather(kind: Kind, refs: list[Ref], file: FrameFile, names: Names) -> list[Digest]:
    """The records of these frames; nothing when one of them does not hold, or they are too much for a digest."""
    payloads = []
    for ref in refs:
        found = file.frame(ref.offset)
        if found is None:
            return []
        payloads.append(found.payload)
    try:
        digests = _candles(payloads, names) if kind is Kind.CANDLES else [_small(kind, payloads)]
    except PAYLOAD_ERRORS:
        return []
    return digests if all(len(digest.payload) <= MAX_PLAIN for digest in digests) else []


def _candles(payloads: list[bytes], names: Names) -> list[Digest]:
    book = CandleBook()
    for payload in payloads:
        book.add(in_order(decode_columns(payload, names)))
    by_timeframe: dict[Timeframe, list[CandleColumns]] = {}
    for run in book.columns():
        by_timeframe.setdefault(run.timeframe, []).append(run)
    return [_digest_of(runs, names) for runs in by_timeframe.values()]


def _digest_of(runs: list[CandleColumns], names: Names) -> Digest:
    payload = encode_columns([(names.number(run.venue, run.symbol), run) for run in runs])
    return Digest(payload, sum(len(run.open_ms) for run in runs), spans_of(runs))


def _small(kind: Kind, payloads: list[bytes]) -> Digest:
    rows: list[Small] = [row for payload in payloads for row in decode_small(SMALL[kind], payload)]
    if kind is Kind.INSTRUMENTS:
        rows = list({(row.venue, row.symbol): row for row in rows if isinstance(row, Instrument)}.values())
    elif kind is Kind.EVENTS:
        rows = list(newest_events(row for row in rows if isinstance(row, Event)))
    return Digest(encode_small(rows), len(rows))
