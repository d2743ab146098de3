"""From a checkpoint to a moment in one go: the quotes skimmed, the liquidations in columns, only the rest played.

It does not go beyond the chunk that the first frame behind the checkpoint opens, and gives up where anything does not
hold: playing then tells what is lost, frame by frame.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, LiquidationColumns, Since
from crashdesk.model.records import Batch, Quote
from crashdesk.recording.codec import PAYLOAD_ERRORS, Decoder
from crashdesk.recording.figures import check_figures
from crashdesk.recording.format import DIGEST, UNPLAYED, Codec, Header, Kind, unpack_payload
from crashdesk.recording.frames import Found, FrameFile
from crashdesk.recording.ledger import Ledger
from crashdesk.recording.liquidations import columns_of, decode_figures
from crashdesk.recording.play import decoder_of
from crashdesk.recording.skim import QuoteSkim
from crashdesk.recording.step import split_step

_KNOWN = frozenset(kind.value for kind in Kind)
_PLAYED = _KNOWN - {kind.value for kind in UNPLAYED}
_OF_QUOTES = frozenset({Kind.QUOTES, Kind.STEP, Kind.NAMES})
_END = frozenset({Kind.KEY, Kind.CLOSE})


class CaughtUp(NamedTuple):
    """Where it went: `decoder` and `last` are those of a player behind the last frame; the quotes that changed."""

    since: Since
    quotes: list[tuple[int, int, Quote]]
    """(instrument, when it came, quote)."""
    decoder: Decoder
    last: Header


class Stopped(Exception):  # noqa: N818 - not an error: playing goes on from the checkpoint
    """Something does not hold, or is of an older version."""


class _Walk:
    """Takes frames one after the other; of those with anything but quotes only the time, when these are all that is
    wanted.
    """

    def __init__(self, ledger: Ledger, *, quotes_only: bool) -> None:
        self._quotes_only = quotes_only
        self.decoder = decoder_of(ledger)
        self.batches: list[Batch] = []
        self.figures: list[tuple[int, bytes]] = []
        self.quotes: list[tuple[Header, bytes]] = []
        self.step: Found | None = None
        self.played: Header | None = None

    def take(self, header: Header, stored: bytes) -> None:
        kind = header.kind
        if kind in _PLAYED and not header.flags & DIGEST:
            self.played = header
        if self._quotes_only and kind not in _OF_QUOTES:
            return
        if kind == Kind.LIQUIDATIONS and header.codec == Codec.PARTS:
            self.figures.append((header.recv_ms, stored))
        elif kind == Kind.QUOTES and header.codec == Codec.PARTS:
            self.quotes.append((header, stored))
        elif kind == Kind.STEP and header.codec == Codec.PARTS:
            self.step = Found(header, _plain(header, stored))
            self.quotes.clear()
        elif kind in (Kind.LIQUIDATIONS, Kind.QUOTES):
            raise Stopped
        elif kind != Kind.TICK and kind in _KNOWN and not header.flags & DIGEST:
            records = self.decoder.records(header, _plain(header, stored))
            if kind not in UNPLAYED:
                self.batches.append(Batch(header.seq, header.recv_ms, records))

    def skimmed(self) -> QuoteSkim:
        """The quotes: those of the last step, and the frames behind it."""
        skim = QuoteSkim(self.decoder.cells, len(self.decoder.names))
        if self.step is not None:
            skim.start(split_step(self.step.header.recv_ms, self.step.payload))
        for header, stored in self.quotes:
            skim.add(header.recv_ms, _plain(header, stored))
        return skim

    def liquidations(self) -> LiquidationColumns:
        names = self.decoder.names
        return columns_of(check_figures(decode_figures(self.figures), len(names)), names)


def _plain(header: Header, stored: bytes) -> bytes:
    payload = unpack_payload(header, stored)
    if payload is None:
        raise Stopped
    return payload


def catch_up(
    file: FrameFile, key: Header, ledger: Ledger, at_ms: int, end: int, *, quotes_only: bool = False
) -> CaughtUp | None:
    """What came behind the checkpoint `key` up to `at_ms`, before the offset `end`. `ledger` is the caller's no more.

    `quotes_only`: everything else is left out. None when nothing came. Raises Stopped, and then the ledger is of no use
    any more.
    """
    walk = _Walk(ledger, quotes_only=quotes_only)
    try:
        last = _through(walk, file, key, at_ms, end)
        if walk.played is None:
            return None
        names, skim, liquidations = walk.decoder.names, walk.skimmed(), walk.liquidations()
        quotes = skim.finish(names)
    except PAYLOAD_ERRORS:
        raise Stopped from None
    finally:
        file.forget()
    since = Since(
        walk.played.recv_ms, walk.played.seq, liquidations, skim.bars(names), skim.closes(names), tuple(walk.batches)
    )
    return CaughtUp(since, quotes, walk.decoder, last)


def _through(walk: _Walk, file: FrameFile, key: Header, at_ms: int, end: int) -> Header:
    last, chunk = key, None
    while last.end < end:
        file.ahead(last.end)
        header = file.header(last.end)
        if header is None or header.seq != last.seq + 1 or header.recv_ms <= last.recv_ms:
            raise Stopped
        if header.kind in _END:
            break
        chunk = header.recv_ms // CHUNK_MS if chunk is None else chunk
        if header.recv_ms > at_ms or header.recv_ms // CHUNK_MS != chunk:
            break
        stored = file.read(header.start, header.length)
        if len(stored) != header.length or zlib.crc32(stored) != header.crc:
            raise Stopped
        walk.take(header, stored)
        last = header
    return last
