"""Taking up a recording again: what its last writer knew, from the last checkpoint and the frames behind it."""

from __future__ import annotations

from typing import NamedTuple, cast

from crashdesk.model.records import Quote
from crashdesk.recording.candles import decode_columns, spans_of
from crashdesk.recording.codec import PAYLOAD_ERRORS, Lost
from crashdesk.recording.format import DIGEST, FIRST_OFFSET, UNPLAYED, Kind
from crashdesk.recording.frames import Found, FrameFile
from crashdesk.recording.ledger import Ledger, Ref
from crashdesk.recording.play import decoder_of, find_key
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.restore import Restorer

_KNOWN = frozenset(Kind)


class Resumed(NamedTuple):
    """Where a writer goes on: the state, the last frame's seq and recv_ms, the last KEY's offset."""

    ledger: Ledger
    seq: int
    recv_ms: int
    key_offset: int | None


def resume(reader: RecordingReader, file: FrameFile) -> Resumed:
    """The state behind the last whole frame. Frames that do not hold are left out."""
    key = find_key(file, reader.last_header)
    if key is None:
        ledger, offset, key_offset = Ledger(reader.session), FIRST_OFFSET, None
    else:
        ledger, offset, key_offset = key[1], key[0].header.end, key[0].header.offset
        _measure_candles(ledger, file)
    seq, recv_ms = 0, ledger.recv_ms
    if reader.last_header is not None:
        seq, recv_ms = reader.last_header.seq, reader.end_ms
    decoder = decoder_of(ledger)
    hours = Restorer(file, lambda _: None)
    before = key[0].header.seq if key else 0
    while True:
        file.ahead(offset)
        found = file.frame(offset) or file.next_frame(offset + 1, reader.end_offset)
        if found is None or found.header.offset >= reader.end_offset:
            break
        offset = found.header.end
        if found.header.seq != before + 1:
            decoder.lost = True
        before = found.header.seq
        try:
            _fold(ledger, hours, found, decoder.records(found.header, found.payload))
        except (Lost, *PAYLOAD_ERRORS):
            continue  # the reader reports them
    file.forget()
    ledger.session = reader.session
    return Resumed(ledger, seq, recv_ms, key_offset)


def _fold(ledger: Ledger, hours: Restorer, found: Found, records: tuple[object, ...]) -> None:
    header = found.header
    if header.kind not in _KNOWN or header.flags & DIGEST:
        return
    kind = Kind(header.kind)
    ref = Ref(header.offset, header.recv_ms, len(records))
    if kind is Kind.ROLLUP:
        # A checkpoint writes the roll-ups of all that came before it.
        ledger.refs[kind].append(ref)
        ledger.tallies.clear()
    elif kind is Kind.HOUR:
        ledger.close_hour(ref, hours.hour_frames(ref, ledger.names))
    elif kind not in UNPLAYED:
        ledger.note(kind, ref, cast("tuple[Quote, ...]", records))


def _measure_candles(ledger: Ledger, file: FrameFile) -> None:
    for ref in ledger.refs[Kind.CANDLES]:
        found = file.frame(ref.offset)
        try:
            runs = decode_columns(found.payload, ledger.names) if found else []
        except PAYLOAD_ERRORS:
            runs = []
        ledger.spans[ref.offset] = spans_of(runs)
