"""A recording as a list of frames that can be changed at will and put together again, with right checksums or wrong."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace

from crashdesk.recording.format import FIRST_OFFSET, FRAME_VERSION, HEADER_SIZE, SYNC, Codec, Kind, parse_header

FIELDS = struct.Struct("<4sBBBBQqIII")
"""A header but for its own checksum, written down here once more: what the program packs is not its own witness."""
_CRC = struct.Struct("<I")
_MASKS = {"version": 0xFF, "kind": 0xFF, "codec": 0xFF, "flags": 0xFF, "seq": 2**64 - 1, "key_back": 2**32 - 1}


@dataclass(frozen=True)
class Piece:
    """A frame. `length` and `crc` None: those of the payload as it is."""

    kind: int
    codec: int
    flags: int
    seq: int
    recv_ms: int
    key_back: int
    payload: bytes
    version: int = FRAME_VERSION
    length: int | None = None
    crc: int | None = None

    def with_(self, **changes: object) -> Piece:
        """A copy with other fields; numbers are cut to what their field holds."""
        for name, mask in _MASKS.items():
            if name in changes:
                changes[name] = int(changes[name]) & mask  # type: ignore[call-overload]
        return replace(self, **changes)  # type: ignore[arg-type]

    def pack(self) -> bytes:
        """Its bytes, the header's checksum right."""
        length = len(self.payload) if self.length is None else self.length & 0xFFFFFFFF
        crc = zlib.crc32(self.payload) if self.crc is None else self.crc & 0xFFFFFFFF
        recv_ms = (self.recv_ms + 2**63) % 2**64 - 2**63
        head = FIELDS.pack(
            SYNC, self.version, self.kind, self.codec, self.flags, self.seq, recv_ms, self.key_back, length, crc
        )
        return head + _CRC.pack(zlib.crc32(head)) + self.payload


def split(data: bytes) -> tuple[bytes, list[Piece]]:
    """(preface, frames) of a recording without damage."""
    pieces = []
    at = FIRST_OFFSET
    while at < len(data):
        header = parse_header(data, at, at)
        assert header is not None, "the recordings that are spoiled must be whole before"
        payload = data[at + HEADER_SIZE : header.end]
        pieces.append(
            Piece(header.kind, header.codec, header.flags, header.seq, header.recv_ms, header.key_back, payload)
        )
        at = header.end
    return data[:FIRST_OFFSET], pieces


def join(preface: bytes, pieces: list[Piece]) -> bytes:
    """The file of these frames."""
    return preface + b"".join(piece.pack() for piece in pieces)


def settle(pieces: list[Piece]) -> list[Piece]:
    """The frames with seq, recv_ms and key_back as if they had been written so: a reader misses nothing."""
    settled: list[Piece] = []
    at, key_at, recv_ms = FIRST_OFFSET, None, -1
    for seq, piece in enumerate(pieces, 1):
        recv_ms = max(piece.recv_ms, recv_ms + 1)
        back = 0 if key_at is None else min(at - key_at, 2**32 - 1)
        settled.append(piece.with_(seq=seq, recv_ms=recv_ms, key_back=back))
        if piece.kind == Kind.KEY:
            key_at = at
        at += HEADER_SIZE + len(piece.payload)
    return settled


def is_deflated(piece: Piece) -> bool:
    """Whether the payload as a whole is a zlib stream."""
    return piece.codec in (Codec.ZLIB, Codec.ZLIB_DICTIONARY)
