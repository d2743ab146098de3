"""Playing in a hurry: every frame but the quotes, of which only the newest count for who does not look in between.

The frames are read some hundred at a time, so that the many small ones of liquidations are decoded as one. Where
anything does not hold it stops: playing tells what is lost, frame by frame.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from crashdesk.model.records import Batch, Record
from crashdesk.recording.codec import PAYLOAD_ERRORS, Decoder, decode_names
from crashdesk.recording.format import DIGEST, UNPLAYED, Codec, Header, Kind, unpack_payload
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.liquidations import decode_each
from crashdesk.recording.play import Player

_AT_ONCE = 256
_AT_ONCE_BYTES = 256 << 10
_PLAYED = frozenset(kind.value for kind in Kind) - {kind.value for kind in UNPLAYED}
Frames = list[tuple[Header, bytes]]


class Rush:
    """Goes on where a player stands, of which only the names that it knows are used."""

    def __init__(self, file: FrameFile, player: Player) -> None:
        self._file = file
        self._decoder = Decoder()
        self._decoder.names = player.decoder.names
        self._lost = player.decoder.lost
        self._at, self._seq, self._recv_ms = player.offset, player.seq, player.recv_ms

    def run(self, at_ms: int, end: int) -> Iterator[tuple[int, Batch | None]]:
        """(offset behind the frame, batch) of every frame with records before `end`, up to `at_ms`.

        Quotes come as a batch without records, liquidations without raw payloads; None for a batch: here it stopped.
        """
        more = True
        while more and not self._lost:
            frames, more = self._gather(at_ms, end)
            yield from self._tell(frames)
        if self._lost:
            yield self._at, None

    def _gather(self, at_ms: int, end: int) -> tuple[Frames, bool]:
        """The next frames, and whether there may be more."""
        file, size = self._file, 0
        frames: Frames = []
        while self._at < end and len(frames) < _AT_ONCE and size < _AT_ONCE_BYTES:
            file.ahead(self._at)
            header = file.header(self._at)
            if header is None or header.seq != self._seq + 1 or header.recv_ms <= self._recv_ms:
                self._lost = True
                return frames, False
            if header.recv_ms > at_ms:
                return frames, False
            stored = file.read(header.start, header.length)
            if len(stored) != header.length or zlib.crc32(stored) != header.crc:
                self._lost = True
                return frames, False
            frames.append((header, stored))
            size += header.length
            self._at, self._seq, self._recv_ms = header.end, header.seq, header.recv_ms
        return frames, self._at < end

    def _tell(self, frames: Frames) -> Iterator[tuple[int, Batch | None]]:
        try:
            told = self._decoded(frames)
        except PAYLOAD_ERRORS:
            self._lost, self._at = True, frames[0][0].offset
            return
        yield from told

    def _decoded(self, frames: Frames) -> list[tuple[int, Batch]]:
        decoder = self._decoder
        for header, stored in frames:
            if header.kind == Kind.NAMES:
                decoder.names.put(*decode_names(_plain(header, stored)))
        forced = [(h.recv_ms, stored) for h, stored in frames if h.kind == Kind.LIQUIDATIONS and _is_in_parts(h)]
        rows = iter(decode_each(forced, decoder.names))
        told = []
        for header, stored in frames:
            if header.kind not in _PLAYED or header.flags & DIGEST:
                continue
            records: tuple[Record, ...] = ()
            if header.kind == Kind.LIQUIDATIONS and _is_in_parts(header):
                records = next(rows)
            elif header.kind != Kind.QUOTES:
                records = decoder.records(header, _plain(header, stored))
            told.append((header.end, Batch(header.seq, header.recv_ms, records)))
        return told


def _is_in_parts(header: Header) -> bool:
    return header.codec == Codec.PARTS and not header.flags & DIGEST


def _plain(header: Header, stored: bytes) -> bytes:
    payload = unpack_payload(header, stored)
    if payload is None:
        raise ValueError("a payload that does not unpack")
    return payload
