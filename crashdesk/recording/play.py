"""Playing a recording: frames in their order as batches, and what is lost said in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from crashdesk.model.records import Batch, Feed, Gap
from crashdesk.recording.codec import PAYLOAD_ERRORS, Decoder, Lost
from crashdesk.recording.format import DIGEST, FIRST_OFFSET, UNPLAYED, Header, Kind
from crashdesk.recording.frames import Found, FrameFile
from crashdesk.recording.key_codec import decode_key
from crashdesk.recording.ledger import Ledger

LOST_REASON = "damaged data"
_KNOWN = frozenset(kind.value for kind in Kind)
_BEFORE_TIME = -(1 << 62)


class Damage(NamedTuple):
    """Bytes of a recording that are lost: `start_offset` <= offset < `end_offset`, and why in a few words.

    `from_ms` and `to_ms` are the recv_ms of the frames around them (UTC ms) where these are known.
    """

    start_offset: int
    end_offset: int
    reason: str
    from_ms: int | None = None
    to_ms: int | None = None


class Player:
    """Reads on from a frame border. `decoder` knows the state there, `seq` and `recv_ms` are of the frame before it.

    `told` is behind the newest frame whose records were given: those from there to `offset` hold none.

    `only` one kind (not QUOTES) may be decoded; frames of others are passed over.
    """

    def __init__(
        self,
        file: FrameFile,
        report: Callable[[Damage], None],
        decoder: Decoder,
        offset: int,
        seq: int,
        recv_ms: int,
        only: Kind | None = None,
    ) -> None:
        self.offset = offset
        self.told = offset
        self.decoder = decoder
        self._file = file
        self._report = report
        self.seq = seq
        self.recv_ms = recv_ms
        self._only = only

    @classmethod
    def at_start(cls, file: FrameFile, report: Callable[[Damage], None], only: Kind | None = None) -> Player:
        """From the first frame on."""
        return cls(file, report, Decoder(), FIRST_OFFSET, 0, _BEFORE_TIME, only)

    @classmethod
    def behind(
        cls, file: FrameFile, report: Callable[[Damage], None], key: Header, ledger: Ledger, only: Kind | None = None
    ) -> Player:
        """From a checkpoint on."""
        return cls(file, report, decoder_of(ledger), key.end, key.seq, key.recv_ms, only)

    def run(self, end: int) -> Iterator[tuple[int, Batch]]:
        """(offset behind the frame, batch) of the frames that start before `end`. `offset` follows."""
        file = self._file
        while self.offset < end:
            file.ahead(self.offset)
            found = file.frame(self.offset) or file.next_frame(self.offset + 1, end)
            if found is None:
                return
            header = found.header
            if header.seq <= self.seq or header.recv_ms <= self.recv_ms:
                self._tell(self.offset, header.end, "a frame out of order", header.recv_ms)
                self.decoder.lost = True
                self.offset = header.end
                continue
            if header.seq != self.seq + 1:
                gap = self._lose(header)
                if gap is not None:
                    self.told = self.offset
                    yield self.offset, gap
                continue
            self.offset, self.seq = header.end, header.seq
            batch = self._batch(found)
            self.recv_ms = header.recv_ms
            if batch is not None:
                self.told = self.offset
                yield self.offset, batch

    def _tell(self, start: int, end: int, reason: str, until_ms: int) -> None:
        since = self.recv_ms
        known = 0 <= since <= until_ms
        self._report(Damage(start, end, reason, since if known else None, until_ms))

    def _lose(self, header: Header) -> Batch | None:
        """Frames before `header` are lost."""
        start, before = self.offset, self.recv_ms
        if not self._spares_quotes(start, header):
            self.decoder.lost = True
        self.offset, self.seq = header.offset, header.seq - 1
        self._tell(start, header.offset, LOST_REASON, header.recv_ms)
        if header.recv_ms - 1 <= before:
            return None
        since = header.recv_ms - 1 if before == _BEFORE_TIME else before
        self.recv_ms = since if before == _BEFORE_TIME else before + 1
        return Batch(self.seq, self.recv_ms, (_gap(since, header.recv_ms),))

    def _spares_quotes(self, start: int, header: Header) -> bool:
        lost = self._file.header(start)
        one = lost is not None and lost.end == header.offset
        return one and lost is not None and lost.kind in _KNOWN - {Kind.QUOTES, Kind.NAMES, Kind.KEY}

    def _batch(self, found: Found) -> Batch | None:
        header, payload = found
        if self._only is not None and header.kind not in (self._only, Kind.NAMES):
            if header.kind == Kind.KEY and self.decoder.lost:
                self._take_key(header, payload)  # names may have been among what is lost
            return None
        if header.kind == Kind.KEY:
            return self._take_key(header, payload)
        if header.flags & DIGEST or header.kind not in _KNOWN:
            return None
        try:
            records = self.decoder.records(header, payload)
        except Lost:
            records = ()
        except PAYLOAD_ERRORS:
            self._tell(header.offset, header.end, LOST_REASON, header.recv_ms)
            if header.kind == Kind.NAMES:
                self.decoder.lost = True
            records = (_gap(max(self.recv_ms, 0), header.recv_ms),)
        return None if header.kind in UNPLAYED else Batch(header.seq, header.recv_ms, records)

    def _take_key(self, header: Header, payload: bytes) -> Batch | None:
        """A checkpoint starts the decoder afresh; after a loss its quotes are played, so that all are known again."""
        try:
            ledger = decode_key(payload, header.recv_ms)
        except PAYLOAD_ERRORS:
            self._tell(header.offset, header.end, LOST_REASON, header.recv_ms)
            self.decoder.lost = True
            return None
        was_lost = self.decoder.lost
        self.decoder = decoder_of(ledger)
        if not was_lost or not ledger.quotes:
            return None
        return Batch(header.seq, header.recv_ms, tuple(quote for _, quote in ledger.quotes.values()))


def decoder_of(ledger: Ledger) -> Decoder:
    """A decoder for the frames behind a checkpoint."""
    decoder = Decoder()
    decoder.names, decoder.cells = ledger.names, ledger.cells
    return decoder


def _gap(start_ms: int, end_ms: int) -> Gap:
    return Gap("", Feed.TICKERS, start_ms, end_ms, LOST_REASON)


def find_key(file: FrameFile, header: Header | None) -> tuple[Found, Ledger] | None:
    """The last KEY that holds, at or before the frame of `header`; None when there is none before it."""
    while header is not None:
        offset = header.offset if header.kind == Kind.KEY else header.key_offset
        if offset is None or offset < FIRST_OFFSET:
            return None
        found = file.frame(offset)
        if found is not None and found.header.kind == Kind.KEY:
            try:
                ledger = decode_key(found.payload, found.header.recv_ms)
            except PAYLOAD_ERRORS:
                pass  # the one before it, then
            else:
                # one that lists frames behind itself was written elsewhere: those would be listed twice
                if all(ref.offset < offset for refs in ledger.refs.values() for ref in refs):
                    return found, ledger
        before = file.last_frame(offset)
        header = before.header if before is not None else None
    return None
