"""The liquidations of one chunk, found without restoring the state around it."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, LiquidationColumns
from crashdesk.recording.chunks import RollupPart
from crashdesk.recording.codec import PAYLOAD_ERRORS, Names
from crashdesk.recording.format import Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.hour_codec import CHUNKS
from crashdesk.recording.ledger import SPAN_MS, Ref
from crashdesk.recording.play import find_key
from crashdesk.recording.restore import Restorer

_LISTS_KEPT = 4


class _Listed(NamedTuple):
    """What a checkpoint says of roll-ups: the recording's time before it, where it ends, the frames, oldest first."""

    recv_ms: int
    end: int
    names: Names
    refs: list[Ref]
    hours: list[Ref]


class ChunkFinder:
    """Finds chunks by bisection in a checkpoint's list of roll-ups; lists and sums that were read are kept."""

    def __init__(self, file: FrameFile, restorer: Restorer) -> None:
        self._file = file
        self._restorer = restorer
        self._lists: OrderedDict[int, _Listed] = OrderedDict()

    def rows(self, number: int, last: Header | None, end: int) -> LiquidationColumns | None:
        """The rows of a chunk in the part of the file before `end`, whose last frame is `last`.

        None when it is not rolled up (yet), has no liquidations on record, or is damaged.
        """
        for listed in list(self._lists.values()):
            if parts := self._parts(number, listed):
                return self._load(parts, listed.names)
        for header in (last, self._file.last_until((number + 1) * CHUNK_MS + SPAN_MS // 2, end)):
            listed_now = self._list(header)
            if listed_now is not None and (parts := self._parts(number, listed_now)):
                return self._load(parts, listed_now.names)
        return None

    def _list(self, header: Header | None) -> _Listed | None:
        if header is None:
            return None
        offset = header.offset if header.kind == Kind.KEY else header.key_offset
        if offset is not None and offset in self._lists:
            return self._lists[offset]
        key = find_key(self._file, header)
        if key is None:
            return None
        listed = _Listed(
            key[1].recv_ms, key[0].header.end, key[1].names, key[1].refs[Kind.ROLLUP], key[1].refs[Kind.HOUR]
        )
        self._lists[key[0].header.offset] = listed
        if len(self._lists) > _LISTS_KEPT:
            self._lists.popitem(last=False)
        return listed

    def _parts(self, number: int, listed: _Listed) -> list[RollupPart]:
        """The roll-ups of a chunk that is over; none when they are not in this list."""
        hour = number // CHUNKS
        for ref in listed.hours:
            known = self._restorer.hour(ref, listed.names)
            if known is not None and known.number == hour:
                return [part for part in self._restorer.hour_parts(ref, listed.names) if part.summary.chunk == number]
        if not listed.refs or not self._is_over(number, listed):
            return []
        first = self._first(number, listed)
        found = []
        # The one before is looked at because it may be a damaged one of this chunk.
        for place in range(max(first - 1, 0), len(listed.refs)):
            part = self._part(listed, place)
            if part is None and listed.refs[place].recv_ms // CHUNK_MS >= number:
                return []
            if part is not None and part.summary.chunk == number:
                found.append(part)
            elif place >= first:
                break
        return found

    def _is_over(self, number: int, listed: _Listed) -> bool:
        """Whether no frame of a chunk comes behind the checkpoint."""
        if number < listed.recv_ms // CHUNK_MS:
            return True
        behind = self._file.header(listed.end)
        return behind is not None and number < behind.recv_ms // CHUNK_MS

    def _first(self, number: int, listed: _Listed) -> int:
        """The place of the first roll-up of a chunk, or of a later one."""
        low, high = 0, len(listed.refs)
        while low < high:
            middle = (low + high) // 2
            part = self._part(listed, middle)
            # Where one is damaged, its time tells: it was written when its chunk was over, or later.
            chunk = part.summary.chunk if part is not None else listed.refs[middle].recv_ms // CHUNK_MS
            if chunk < number:
                low = middle + 1
            else:
                high = middle
        return low

    def _part(self, listed: _Listed, place: int) -> RollupPart | None:
        try:
            return self._restorer.rollup(listed.refs[place], listed.names)
        except PAYLOAD_ERRORS:
            return None

    def _load(self, parts: list[RollupPart], names: Names) -> LiquidationColumns | None:
        rows = self._restorer.maker.rows(parts, names)
        return rows if len(rows.key) == sum(part.orders for part in parts) else None
