"""From a checkpoint to a moment in one go: the quotes skimmed, the liquidations in columns, only the rest played.

It does not go beyond the chunk that the first frame behind the checkpoint opens, and gives up where anything does not
hold: playing then tells what is lost, frame by frame.
"""

from __future__ import annotations

from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, LiquidationColumns, Since
from crashdesk.model.records import Batch, Quote
from crashdesk.recording.codec import PAYLOAD_ERRORS, Decoder
from crashdesk.recording.figures import check_figures
from crashdesk.recording.format import DIGEST, UNPLAYED, Codec, Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import Ledger
from crashdesk.recording.liquidations import columns_of, decode_figures
from crashdesk.recording.play import decoder_of
from crashdesk.recording.skim import QuoteSkim

_KNOWN = frozenset(kind.value for kind in Kind)
_PLAYED = _KNOWN - {kind.value for kind in UNPLAYED}
_END = frozenset({Kind.KEY, Kind.CLOSE})


class CaughtUp(NamedTuple):
    """Where it went: `decoder` and `last` are those of a player behind the last frame; the quotes that changed."""

    since: Since
    quotes: list[tuple[int, int, Quote]]
    """(instrument, when it came, quote)."""
    decoder: Decoder
    last: Header


class _Stopped(Exception):  # noqa: N818 - not an error: playing goes on from the checkpoint
    """Something does not hold."""


class _Walk:
    """Takes frames one after the other."""

    def __init__(self, ledger: Ledger) -> None:
        self.decoder = decoder_of(ledger)
        self.skim = QuoteSkim(self.decoder.cells, len(self.decoder.names))
        self.batches: list[Batch] = []
        self.figures: list[tuple[int, bytes]] = []
        self.played: Header | None = None

    def take(self, header: Header, payload: bytes) -> None:
        kind = header.kind
        if kind in _PLAYED and not header.flags & DIGEST:
            self.played = header
        if kind == Kind.LIQUIDATIONS and header.codec == Codec.PARTS:
            self.figures.append((header.recv_ms, payload))
        elif kind == Kind.QUOTES:
            self.skim.add(header.recv_ms, payload)
        elif kind == Kind.LIQUIDATIONS:
            raise _Stopped  # of version 1: played
        elif kind != Kind.TICK and kind in _KNOWN and not header.flags & DIGEST:
            records = self.decoder.records(header, payload)
            self.skim.name(len(self.decoder.names))
            if kind not in UNPLAYED:
                self.batches.append(Batch(header.seq, header.recv_ms, records))

    def liquidations(self) -> LiquidationColumns:
        names = self.decoder.names
        return columns_of(check_figures(decode_figures(self.figures), len(names)), names)


def catch_up(file: FrameFile, key: Header, ledger: Ledger, at_ms: int, end: int) -> CaughtUp | None:
    """What came behind the checkpoint `key` up to `at_ms`, before the offset `end`. `ledger` is the caller's no more.

    None when there is nothing, or something does not hold.
    """
    walk = _Walk(ledger)
    try:
        last = _through(walk, file, key, at_ms, end)
        if walk.played is None:
            return None
        quotes = walk.skim.finish(walk.decoder.names)
        liquidations = walk.liquidations()
        bars, minutes = walk.skim.bars(walk.decoder.names), walk.skim.closes(walk.decoder.names)
    except (_Stopped, *PAYLOAD_ERRORS):
        return None
    finally:
        file.forget()
    since = Since(walk.played.recv_ms, walk.played.seq, liquidations, bars, minutes, tuple(walk.batches))
    return CaughtUp(since, quotes, walk.decoder, last)


def _through(walk: _Walk, file: FrameFile, key: Header, at_ms: int, end: int) -> Header:
    last, chunk = key, None
    while last.end < end:
        file.ahead(last.end)
        header = file.header(last.end)
        if header is None or header.seq != last.seq + 1 or header.recv_ms <= last.recv_ms:
            raise _Stopped
        if header.kind in _END:
            break
        chunk = header.recv_ms // CHUNK_MS if chunk is None else chunk
        if header.recv_ms > at_ms or header.recv_ms // CHUNK_MS != chunk:
            break
        found = file.frame(last.end)
        if found is None:
            raise _Stopped
        walk.take(*found)
        last = header
    return last
