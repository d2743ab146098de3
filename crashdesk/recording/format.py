"""The file format of a recording (`*.crash`), version 3: preface and frames. All integers are little-endian.

A recording starts with a **preface** of 16 bytes: the magic `89 "crashdesk" 0D 0A 1A 0A` and the format version (u16).
A reader refuses a file with another magic (foreign) or a higher version (newer). Behind it **frames** follow one
another to the end of the file; nothing that was written is ever changed.

A frame is a header of 40 bytes and its payload:

======  =========  =========================================================================================
bytes   field      meaning
======  =========  =========================================================================================
0-3     sync       F7 C3 D5 9A, to find the next frame behind damaged bytes
4       version    of the frame, 1
5       kind       what the payload is, see `Kind`; readers skip kinds they do not know
6       codec      0 the payload is stored as it is, 1 zlib, 2 zlib with the preset dictionary `DICTIONARY` (version 1),
                   3 stored as it is, and compressed in parts (LIQUIDATIONS and ROLLUP since version 2,
                   QUOTES since version 3)
7       flags      bit 0 (`DIGEST`): repeats records of earlier frames for a quick restore, is not played
8-15    seq        u64, 1 for the first frame, one more for each frame
16-23   recv_ms    i64, when the writer had the records (UTC ms); strictly increasing from frame to frame
24-27   key_back   u32, distance from the start of this frame back to the start of the last KEY frame, 0: none
28-31   length     u32, bytes of payload as stored, at most `MAX_STORED`
32-35   crc        CRC-32 of the stored payload
36-39   crc        CRC-32 of bytes 0-35
======  =========  =========================================================================================

**Playing** takes the frames in order and skips NAMES, ROLLUP, KEY, CLOSE and digests: they add no record. A TICK
has no payload, it moves the clock. **Instruments** are small integers inside the file: a NAMES frame (JSON
`[first id, [venue, symbol], ...]`) introduces them before their first use.

**Small kinds** (SESSION, INSTRUMENTS, NOTES, LEVELS, EVENTS, HEALTH, GAPS, SET_ASIDE, SOURCES) are JSON: one array a
record, the fields in the order of `crashdesk.model.records`. QUOTES are deltas against the newest quotes (module
`quotes`), LIQUIDATIONS figures and raw payloads apart (`liquidations`, `figures`), PERPS varint columns (`tables`),
CANDLES arrays (`candles`), ROLLUPs sums, and details in sections of their own (`rollup_codec`).

**Checkpoints.** When the first frame of a new chunk (`recv_ms // CHUNK_MS`) is about to be written, the roll-up of the
ended chunk and a KEY frame go before it (also when much was written since the last KEY, and at a clean close, so two
ROLLUPs may share a chunk: they add up). A KEY (module `key_codec`) holds the state: names, newest quotes, perps,
sources, health now and before the changes that are listed, totals of rows set aside, and the offsets of all earlier
frames that still matter. Many small frames of one kind are gathered into a digest before a KEY, so that the number of
offsets grows with the logarithm of the file. Reading at a time is a bisection over the sync markers by `recv_ms`, then
the KEY through `key_back`.

**Versions.** Version 2 changed the payloads of LIQUIDATIONS and ROLLUP, version 3 those of QUOTES; they are told apart
by the frame's codec. A recording of an older version is read, and continued with frames of version 3 behind its old
preface: an older program takes these kinds for damage and says so, it never misreads them. Rows of small kinds may lack
the fields that were added later, which then have their default.

**Damage.** A frame counts when both checksums hold. Otherwise the reader goes to the next sync marker whose frame
holds. If `seq` goes on without a jump nothing was lost (the tail of a writer that was killed, a write that the disk
refused); else the extent is damage. QUOTES behind lost frames are not decoded until the next KEY.
"""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

from crashdesk.model.times import LAST_MS
from crashdesk.recording.version import FORMAT_VERSION as FORMAT_VERSION

MAGIC = b"\x89crashdesk\r\n\x1a\n"
PREFACE = struct.Struct("<14sH")
FIRST_OFFSET = PREFACE.size
SYNC = b"\xf7\xc3\xd5\x9a"
FRAME_VERSION = 1
FIRST_WITH_HOURS = 3
"""A recording of an earlier version goes on without HOUR frames: an older program would miss what they replace."""
DIGEST = 1
MAX_STORED = 64 << 20
MAX_PLAIN = 64 << 20
FREELY = 256 << 10
MOST_RATIO = 200
"""A stream of more than `FREELY` bytes is at most so many times as long as it is stored: a small file stays small."""
_FIELDS = struct.Struct("<4sBBBBQqIII")
_CRC = struct.Struct("<I")
HEADER_SIZE = _FIELDS.size + _CRC.size

DICTIONARY = (
    b'{"symbol":"BTCUSDT","side":"SELL","order_type":"LIMIT","contract_code":"BTC-USDT","direction":"sell",'
    b'"offset":"close","volume":,"price":,"created_at":17622,"amount":,"trade_turnover":,"pair":"BTC-USDT",'
    b'"bkLoss":"0","bkPx":"","ccy":"","posSide":"long","side":"sell","sz":"","ts":"17622","instId":"-USDT-SWAP",'
    b'"instFamily":"","instType":"SWAP","uly":"","details":[{"T":17622,"s":"USDT","S":"Buy","v":"","p":"",'
    b'{"e":"forceOrder","E":17622,"o":{"s":"USDT","S":"SELL","o":"LIMIT","f":"IOC","q":"","p":"","ap":"",'
    b'"X":"FILLED","l":"","z":"","T":17622'
)
"""Preset for codec 2: keys and words of venues' liquidation rows, the commonest last; see `raw_words` for codec 3."""


class Kind(IntEnum):
    """What a frame's payload is."""

    SESSION = 1
    NAMES = 2
    INSTRUMENTS = 3
    QUOTES = 4
    PERPS = 5
    CANDLES = 6
    LIQUIDATIONS = 7
    NOTES = 8
    LEVELS = 9
    EVENTS = 10
    HEALTH = 11
    GAPS = 12
    SET_ASIDE = 13
    SOURCES = 14
    TICK = 15
    ROLLUP = 16
    KEY = 17
    CLOSE = 18
    HOUR = 19
    STEP = 20


UNPLAYED = frozenset({Kind.NAMES, Kind.ROLLUP, Kind.KEY, Kind.CLOSE, Kind.HOUR, Kind.STEP})
"""Kinds without records."""


_LIQUIDATIONS = Kind.LIQUIDATIONS.value
IN_PARTS = frozenset({Kind.QUOTES, Kind.LIQUIDATIONS, Kind.ROLLUP, Kind.HOUR, Kind.STEP})
"""Kinds whose payload compresses its own parts."""


class Codec(IntEnum):
    """How a payload is stored."""

    RAW = 0
    ZLIB = 1
    ZLIB_DICTIONARY = 2
    PARTS = 3


class Header(NamedTuple):
    """A frame's header, and where the frame starts in the file. `kind` may be one that this version does not know."""

    offset: int
    kind: int
    codec: int
    flags: int
    seq: int
    recv_ms: int
    key_back: int
    length: int
    crc: int

    @property
    def start(self) -> int:
        """Where the payload starts."""
        return self.offset + HEADER_SIZE

    @property
    def end(self) -> int:
        """Where the next frame starts."""
        return self.offset + HEADER_SIZE + self.length

    @property
    def key_offset(self) -> int | None:
        """Where the last KEY frame before this one starts."""
        return self.offset - self.key_back if self.key_back else None


def pack_preface() -> bytes:
    """The first bytes of a recording."""
    return PREFACE.pack(MAGIC, FORMAT_VERSION)


def pack_frame(kind: Kind, seq: int, recv_ms: int, key_back: int, plain: bytes, flags: int = 0) -> bytes:
    """A whole frame, the payload compressed where that makes it smaller.

    Raises OverflowError when it is too large or `recv_ms` is not in the years 1970 to 9999.
    """
    if not 0 <= recv_ms <= LAST_MS:
        raise OverflowError(f"a frame at {recv_ms} ms cannot be recorded: that is no date")
    codec, stored = _compress(kind, plain)
    if len(stored) > MAX_STORED or len(plain) > MAX_PLAIN:
        raise OverflowError(f"a frame of {len(plain):,} bytes is too large for a recording")
    fields = _FIELDS.pack(
        SYNC, FRAME_VERSION, kind, codec, flags, seq, recv_ms, key_back, len(stored), zlib.crc32(stored)
    )
    return b"".join((fields, _CRC.pack(zlib.crc32(fields)), stored))


def _compress(kind: Kind, plain: bytes) -> tuple[Codec, bytes]:
    if kind in IN_PARTS:
        return Codec.PARTS, plain
    if len(plain) < 32:
        return Codec.RAW, plain
    stored = deflate(plain)
    return (Codec.ZLIB, stored) if len(stored) < len(plain) else (Codec.RAW, plain)


def parse_header(data: bytes, at: int, offset: int) -> Header | None:
    """The header in `data[at:]`, which stands at `offset` in the file. None when it is cut off or does not hold."""
    if len(data) - at < HEADER_SIZE or not data.startswith(SYNC, at):
        return None
    if zlib.crc32(data[at : at + _FIELDS.size]) != _CRC.unpack_from(data, at + _FIELDS.size)[0]:
        return None
    _, version, kind, codec, flags, seq, recv_ms, key_back, length, crc = _FIELDS.unpack_from(data, at)
    if version != FRAME_VERSION or length > MAX_STORED or key_back > offset or not 0 <= recv_ms <= LAST_MS:
        return None
    return Header(offset, kind, codec, flags, seq, recv_ms, key_back, length, crc)


def liquidations_at(data: bytes, at: int) -> tuple[int, int, bytes] | None:
    """(codec, recv_ms, stored payload) of the LIQUIDATIONS frame in `data[at:]`.

    The short way for those who read thousands of them. None when it is cut off, another one or does not hold.
    """
    if at < 0 or len(data) - at < HEADER_SIZE:
        return None
    sync, version, kind, codec, _, _, recv_ms, _, length, crc = _FIELDS.unpack_from(data, at)
    start = at + HEADER_SIZE
    stored = data[start : start + length]
    if (
        (sync, version, kind, len(stored)) != (SYNC, FRAME_VERSION, _LIQUIDATIONS, length)
        or zlib.crc32(data[at : at + _FIELDS.size]) != _CRC.unpack_from(data, at + _FIELDS.size)[0]
        or zlib.crc32(stored) != crc
    ):
        return None
    return codec, recv_ms, stored


def unpack_payload(header: Header, stored: bytes) -> bytes | None:
    """The payload as it was before it was stored. None when it does not hold."""
    if len(stored) != header.length or zlib.crc32(stored) != header.crc:
        return None
    if header.codec in (Codec.RAW, Codec.PARTS):
        return stored
    if header.codec == Codec.ZLIB:
        return inflate(stored)
    return inflate(stored, DICTIONARY) if header.codec == Codec.ZLIB_DICTIONARY else None


def deflate(plain: bytes, dictionary: bytes = b"", *, bare: bool = False) -> bytes:
    """A zlib stream (`bare`: one without head and checksum) that `inflate` takes back.

    What would shrink beyond all measure stays as long as it is.
    """
    bits = -zlib.MAX_WBITS if bare else zlib.MAX_WBITS
    machine = zlib.compressobj(6, zlib.DEFLATED, bits, zdict=dictionary)
    stored = machine.compress(plain) + machine.flush()
    if len(plain) <= most_plain(len(stored)):
        return stored
    machine = zlib.compressobj(0, zlib.DEFLATED, bits)
    return machine.compress(plain) + machine.flush()


def most_plain(stored: int) -> int:
    """How many bytes a stream of `stored` bytes may hold."""
    return min(MAX_PLAIN, max(FREELY, stored * MOST_RATIO))


def inflate(stored: bytes, dictionary: bytes = b"", *, bare: bool = False) -> bytes | None:
    """A zlib stream's content (`bare`: of one without head and checksum); None: broken, cut off, beyond all measure.

    None also when bytes follow the stream.
    """
    limit = most_plain(len(stored))
    machine = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS, zdict=dictionary)
    try:
        plain = machine.decompress(stored, limit)
    except zlib.error:
        return None
    return plain if machine.eof and not machine.unused_data else None
